#include <fmt/format.h>

#include "kinds.h"

namespace cowork::loaders {
namespace {

/// Holds nothing of the options but the id, whose characters mean nothing in YAML.
std::string skill_text(const std::string& id) {
  return fmt::format(R"(---
name: "{}"
description: Use when somebody asks for a summary of a topic.
---

# Summarize a topic

Sum the topic up for somebody who has five minutes.

1. Say in one sentence what it is about.
2. Give the three facts that matter most, each with where it comes from.
3. Name what is still open, and who could answer it.

Do not guess: say so where something is missing.
)",
                     id);
}

std::string skill_explanation(const std::string& id) {
  return fmt::format(R"(## What is in it
- `cowork.plugin.json` describes the pack. Change it with any editor.
- `skills/{0}/SKILL.md` is the skill: its name and when to use it stand between the two lines `---`, the prompt below them.

## Next steps
```
cowork pack validate .
cowork skill show {0}
```
)",
                     id);
}

}  // namespace

std::vector<FileToWrite> pack_with_skill_file(const ScaffoldPack& options) {
  const std::string id = options.name + "-summary";
  const std::string directory = "skills/" + id;
  json::Value entry =
      json::Value::object({{"id", id}, {"path", directory}, {"name", "Summarize a topic"}, {"icon", "📝"}});
  json::Value manifest = manifest_head(options);
  manifest.set("skillDirectories", json::Value::array({std::move(entry)}));
  return {{std::string(manifest_file_name), json::to_pretty_text(manifest)},
          readme(options, skill_explanation(id)),
          {directory + "/SKILL.md", skill_text(id)}};
}

}  // namespace cowork::loaders
