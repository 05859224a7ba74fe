// Packs for the tests of staging.
#pragma once

#include <string>

#include "support/temporary_directory.h"

namespace cowork::test {

inline std::string manifest(const std::string& name, const std::string& version = "1.0.0") {
  return R"({"name": ")" + name + R"(", "displayName": "D", "version": ")" + version +
         R"(", "description": "", "type": "pack", "skills": [{"id": "s", "name": "S", "description": "d", "prompt": "p"}],
 "skillDirectories": [{"id": "t", "path": "skills/t"}]})";
}

inline void write_pack(const TemporaryDirectory& temporary, const std::string& directory, const std::string& name,
                       const std::string& version = "1.0.0") {
  temporary.write(directory + "/cowork.plugin.json", manifest(name, version));
  temporary.write(directory + "/skills/t/SKILL.md", "---\nname: T\ndescription: Does t\n---\nDo t.\n");
  temporary.write(directory + "/docs/readme.txt", "text");
  temporary.write(directory + "/run.sh", "#!/bin/sh\n");
  std::filesystem::permissions(temporary.path(directory + "/run.sh"), std::filesystem::perms::owner_all);
}

}  // namespace cowork::test
