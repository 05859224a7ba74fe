// The fuzz targets: each takes one input, whatever it holds, and ends the process when something that must be true of
// it is not. An input is read by the code of the product as it stands; nothing is simulated.
//
// Threads: one at a time. No state is kept from one input to the next.
#pragma once

#include <array>
#include <string_view>

namespace cowork::fuzz {

/// The strict JSON reader, against nlohmann-json.
void json_target(std::string_view input);
/// A `cowork.plugin.json`.
void manifest_target(std::string_view input);
/// Two layers of the policy, the machine's before the first NUL, the user's behind it.
void policy_target(std::string_view input);
/// An archive (tar, tar.gz, zip) or a manifest that came alone, as `cowork-fetch` unpacks them.
void archive_target(std::string_view input);
/// What `pack install` is given: the source, then behind a line feed the ref.
void source_target(std::string_view input);
/// A SKILL.md.
void skill_target(std::string_view input);
/// `pack-states.json` and `pack-lock.json`.
void toggles_target(std::string_view input);

struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
};
inline constexpr std::array targets{Target{"json", json_target},      Target{"manifest", manifest_target},
                                    Target{"policy", policy_target},  Target{"archive", archive_target},
                                    Target{"source", source_target},  Target{"skill", skill_target},
                                    Target{"toggles", toggles_target}};

}  // namespace cowork::fuzz
