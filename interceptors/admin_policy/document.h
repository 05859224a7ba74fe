// PolicyDocument: what one policies.json says, after the strict parser (parser.h) accepted it. Data only.
//
// Threads: immutable once shared. Ownership: everything is owned by the document; it can be moved, not copied.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/flat_index.h"
#include "cowork/base/json.h"
#include "cowork/base/line_index.h"

namespace cowork::admin_policy {

/// The lists of a policy, in the order in which the document has them.
enum class List : std::uint8_t { allowed, blocked, required, blocked_connectors };
inline constexpr std::array all_lists{List::allowed, List::blocked, List::required, List::blocked_connectors};
/// "packs.allowed"
std::string_view rule_name(List list) noexcept;
/// "/packs/allowed"
std::string_view pointer_of(List list) noexcept;

/// What users may do to bring packs in.
enum class Switch : std::uint8_t { custom_packs, git_install, url_install };
inline constexpr std::array all_switches{Switch::custom_packs, Switch::git_install, Switch::url_install};
/// "general.allowCustomPacks"
std::string_view rule_name(Switch which) noexcept;
std::string_view pointer_of(Switch which) noexcept;

inline constexpr std::string_view heartbeat_rule = "agents.maxHeartbeatFrequencySec";
inline constexpr std::string_view concurrency_rule = "agents.maxConcurrentAgents";
inline constexpr std::string_view organization_name_rule = "general.orgName";
inline constexpr std::string_view organization_directory_rule = "general.orgPluginDir";

/// The defaults of the seed.
inline constexpr double default_heartbeat_sec = 60;
inline constexpr std::int64_t default_concurrent_agents = 10;

using Position = TextPosition;

template <class T>
struct Stated {
  T value{};
  Position at;
};

/// An id of a list, by reference to its document.
struct Entry {
  std::string_view value;
  std::uint32_t offset = 0;  ///< in the text
};

/// Ids stay where they stand in the text: a list of 100,000 costs neither copies nor allocations of its own for each.
struct PolicyDocument {
  class Ids {
   public:
    bool stated = false;
    Position at;  ///< of the array
    std::vector<Entry> entries;

    /// Once all entries are there.
    void make_index();
    /// After make_index(). The first entry with this id; null when there is none.
    const Entry* find(const HashedText& id) const noexcept;

   private:
    FlatIndex index_;
  };

  PolicyDocument() = default;
  PolicyDocument(PolicyDocument&&) = default;
  PolicyDocument& operator=(PolicyDocument&&) = default;

  std::string file;  ///< what places name
  int version = 1;
  std::string updated_at;  ///< as written; empty when absent
  std::array<Ids, all_lists.size()> lists;
  std::array<std::optional<Stated<bool>>, all_switches.size()> switches;
  std::optional<Stated<double>> heartbeat_sec;
  std::optional<Stated<std::int64_t>> concurrent_agents;
  std::optional<Stated<std::string>> organization_name;
  std::optional<Stated<std::string>> organization_directory;
  /// Sections of version 2 that are kept and not enforced: `everydayAgent`, `runtime`.
  std::vector<std::string> kept_sections;
  /// Members of sections that are stated: `packs.allowed`.
  std::vector<std::string> stated;
  std::string heartbeat_spelling;    ///< of the number
  std::string concurrency_spelling;  ///< of the number

  std::unique_ptr<const std::string> text;  ///< as it was read; ids refer to it
  std::deque<std::string> decoded;          ///< ids that are spelt with escapes
  LineIndex lines;                          ///< of the text

  Position position(const Entry& entry) const noexcept { return lines.position(*text, entry.offset); }

  /// The whole document as written: number spellings, order of members, version-2 sections. Read anew: for what happens
  /// now and then.
  json::Value json() const;
  bool states(std::string_view rule) const noexcept;
  const Ids& list(List which) const noexcept { return lists[static_cast<std::size_t>(which)]; }
  const std::optional<Stated<bool>>& allows(Switch which) const noexcept {
    return switches[static_cast<std::size_t>(which)];
  }
};

}  // namespace cowork::admin_policy
