// What the connectors of a manifest run.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json_reader.h"

namespace cowork::content_scan {

/// One connector's section `shell` or `script`.
struct ConnectorCommand {
  std::string connector;
  unsigned line = 0;               ///< of the section, in the manifest
  std::vector<std::string> texts;  ///< every string in it, and all of them as one line
};

/// Of a manifest's document, which has been checked.
std::vector<ConnectorCommand> connector_commands(const json::Document& manifest);

/// Which of `paths` (files of the pack) the commands name: all those whose base name is that of one of the words.
std::set<std::string, std::less<>> named_files(const std::vector<ConnectorCommand>& commands,
                                               const std::set<std::string, std::less<>>& paths);

}  // namespace cowork::content_scan
