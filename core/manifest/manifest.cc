#include "cowork/manifest/manifest.h"

#include <algorithm>

namespace cowork {

std::string_view to_string(PackType type) noexcept {
  switch (type) {
    case PackType::pack:
      return "pack";
    case PackType::tool:
      return "tool";
    case PackType::channel:
      return "channel";
    case PackType::provider:
      return "provider";
    case PackType::integration:
      return "integration";
  }
  return "pack";
}

std::string_view to_string(ConnectorType type) noexcept {
  switch (type) {
    case ConnectorType::http:
      return "http";
    case ConnectorType::shell:
      return "shell";
    case ConnectorType::script:
      return "script";
  }
  return "http";
}

const Skill* PackManifest::find_skill(std::string_view id) const noexcept {
  const auto found = std::find_if(skills.begin(), skills.end(), [&](const Skill& skill) { return skill.id == id; });
  return found == skills.end() ? nullptr : &*found;
}

bool PackManifest::has_shell_connector() const noexcept {
  return std::any_of(connectors.begin(), connectors.end(),
                     [](const Connector& connector) { return connector.type == ConnectorType::shell; });
}

void PackManifest::drop_long_text() {
  // An assignment would keep the memory, which is what this is about.
  for (Skill& skill : skills) std::string().swap(skill.prompt);
  for (AgentRole& role : agent_roles) std::string().swap(role.system_prompt);
}

bool is_path_inside_pack(std::string_view path) noexcept {
  if (path.empty() || path.find('\0') != std::string_view::npos || path.find('\\') != std::string_view::npos) {
    return false;
  }
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view step = path.substr(begin, end - begin);
    if (step.empty() || step == "." || step == "..") return false;
    begin = end + 1;
  }
  return true;
}

std::string_view host_platform() noexcept {
#if defined(_WIN32)
  return "win32";
#elif defined(__APPLE__)
  return "darwin";
#else
  return "linux";
#endif
}

}  // namespace cowork
