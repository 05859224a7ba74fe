#include "parser.h"

#include <algorithm>
#include <functional>
#include <unordered_set>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"

namespace cowork::admin_policy {
namespace {

using Visit = std::function<void(const json::Value&)>;
struct Known {
  std::string_view key;
  Visit visit;
};

bool has_parent_step(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..") return true;
    begin = end + 1;
  }
  return false;
}

/// A value as messages show it: numbers and strings to the letter, the rest by kind.
std::string shown(const json::Value& value) {
  if (const std::string* lexeme = value.number_lexeme()) return printable(lexeme->substr(0, 40));
  if (const std::string* text = value.as_string()) return "the string " + quoted(*text);
  if (const bool* boolean = value.as_bool()) return *boolean ? "true" : "false";
  return std::string(json::describe(value.kind()));
}

class PolicyReader {
 public:
  PolicyReader(const json::Document& source, PolicyDocument& out) : source_(source), out_(out) {}

  std::vector<Error> read() {
    members(source_.root, "", "the policy",
            {{"version", [this](const json::Value& v) { version(v); }},
             {"updatedAt", [this](const json::Value& v) { text(v, "updatedAt", "/updatedAt", &out_.updated_at); }},
             {"packs", [this](const json::Value& v) { packs(v); }},
             {"connectors", [this](const json::Value& v) { connectors(v); }},
             {"agents", [this](const json::Value& v) { agents(v); }},
             {"general", [this](const json::Value& v) { general(v); }},
             {"everydayAgent", [this](const json::Value&) { out_.kept_sections.emplace_back("everydayAgent"); }},
             {"runtime", [this](const json::Value&) { out_.kept_sections.emplace_back("runtime"); }}});
    check_kept_sections();
    check_contradictions();
    return take_errors();
  }

 private:
  void wrong(std::uint32_t offset, std::string pointer, std::string message) {
    if (errors_.size() < most_parse_errors)
      errors_.emplace_back(offset,
                           Error::invalid_policy(std::move(message), source_.place(offset, std::move(pointer))));
  }
  void wrong(const json::Value& value, std::string_view pointer, std::string_view rule, std::string_view expected) {
    wrong(value.offset(), std::string(pointer),
          std::string(rule).append(" must be ").append(expected).append(", not ").append(shown(value)));
  }
  Position position(const json::Value& value) const {
    const SourcePlace place = source_.place(value);
    return {place.line, place.column};
  }

  /// Visits the known members of an object, in the order of the text; anything else is an error.
  void members(const json::Value& value, std::string_view pointer, std::string_view name,
               const std::vector<Known>& known) {
    const json::Object* object = value.as_object();
    if (!object) return wrong(value, pointer, name, "an object");
    for (const json::Member& member : *object) {
      const auto found = std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.key == member.key; });
      if (found != known.end())
        found->visit(member.value);
      else
        unknown(member, pointer, known);
    }
  }

  void unknown(const json::Member& member, std::string_view pointer, const std::vector<Known>& known) {
    std::vector<std::string> keys;
    for (const Known& k : known) keys.emplace_back(k.key);
    std::string message = "unknown member " + quoted(member.key);
    if (const auto close = nearest(member.key, keys); !close.empty()) {
      message += ", did you mean \"" + close.front() + "\"?";
    } else {
      message += "; known are";
      for (const std::string& key : keys) message += (key == keys.front() ? " " : ", ") + key;
    }
    wrong(member.key_offset, std::string(pointer) + json::pointer_step(member.key), std::move(message));
  }

  void version(const json::Value& value) {
    const auto number = value.as_int64();
    if (number != 1 && number != 2) return wrong(value, "/version", "version", "1 or 2");
    out_.version = static_cast<int>(*number);
  }

  void packs(const json::Value& value) {
    members(value, "/packs", "packs",
            {{"allowed", [this](const json::Value& v) { ids(v, List::allowed); }},
             {"blocked", [this](const json::Value& v) { ids(v, List::blocked); }},
             {"required", [this](const json::Value& v) { ids(v, List::required); }}});
  }

  void connectors(const json::Value& value) {
    members(value, "/connectors", "connectors",
            {{"blocked", [this](const json::Value& v) { ids(v, List::blocked_connectors); }}});
  }

  void agents(const json::Value& value) {
    members(value, "/agents", "agents",
            {{"maxHeartbeatFrequencySec", [this](const json::Value& v) { heartbeat(v); }},
             {"maxConcurrentAgents", [this](const json::Value& v) { concurrency(v); }}});
  }

  void general(const json::Value& value) {
    members(value, "/general", "general",
            {{"allowCustomPacks", [this](const json::Value& v) { allow(v, Switch::custom_packs); }},
             {"allowGitInstall", [this](const json::Value& v) { allow(v, Switch::git_install); }},
             {"allowUrlInstall", [this](const json::Value& v) { allow(v, Switch::url_install); }},
             {"orgName", [this](const json::Value& v) { organization_name(v); }},
             {"orgPluginDir", [this](const json::Value& v) { organization_directory(v); }}});
  }

  void ids(const json::Value& value, List list) {
    const json::Array* items = value.as_array();
    if (!items) return wrong(value, pointer_of(list), rule_name(list), "an array of strings");
    PolicyDocument::Ids& ids = out_.lists[static_cast<std::size_t>(list)];
    ids.stated = true;
    ids.at = position(value);
    ids.entries.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
      const json::Value& item = (*items)[i];
      const std::string* id = item.as_string();
      if (id && !id->empty())
        ids.entries.push_back({*id, position(item)});
      else
        wrong(item, std::string(pointer_of(list)) + '/' + std::to_string(i),
              std::string("each entry of ").append(rule_name(list)), "a non-empty string");
    }
  }

  void heartbeat(const json::Value& value) {
    const auto number = value.as_double();
    if (!number || *number < 60)
      return wrong(value, "/agents/maxHeartbeatFrequencySec", heartbeat_rule, "a number of at least 60");
    out_.heartbeat_sec = Stated<double>{*number, position(value)};
  }

  void concurrency(const json::Value& value) {
    const auto number = value.as_int64();
    if (!number || *number < 1)
      return wrong(value, "/agents/maxConcurrentAgents", concurrency_rule, "an integer of at least 1");
    out_.concurrent_agents = Stated<std::int64_t>{*number, position(value)};
  }

  void allow(const json::Value& value, Switch which) {
    const bool* boolean = value.as_bool();
    if (!boolean) return wrong(value, pointer_of(which), rule_name(which), "true or false");
    out_.switches[static_cast<std::size_t>(which)] = Stated<bool>{*boolean, position(value)};
  }

  bool text(const json::Value& value, std::string_view rule, std::string_view pointer, std::string* out) {
    const std::string* found = value.as_string();
    if (found)
      *out = *found;
    else
      wrong(value, pointer, rule, "a string");
    return found != nullptr;
  }

  void organization_name(const json::Value& value) {
    std::string name;
    if (!text(value, organization_name_rule, "/general/orgName", &name) || name.empty()) return;
    out_.organization_name = Stated<std::string>{std::move(name), position(value)};
  }

  void organization_directory(const json::Value& value) {
    constexpr std::string_view pointer = "/general/orgPluginDir";
    std::string path;
    if (!text(value, organization_directory_rule, pointer, &path)) return;
    if (!path.starts_with('/')) return wrong(value, pointer, organization_directory_rule, "an absolute path");
    if (has_parent_step(path)) return wrong(value, pointer, organization_directory_rule, "a path without \"..\"");
    out_.organization_directory = Stated<std::string>{std::move(path), position(value)};
  }

  void check_kept_sections() {
    if (out_.version == 2 || !source_.root.is_object()) return;
    for (const json::Member& member : *source_.root.as_object())
      if (member.key == "everydayAgent" || member.key == "runtime")
        wrong(member.key_offset, json::pointer_step(member.key), member.key + " needs \"version\": 2");
  }

  static std::unordered_set<std::string_view> set_of(const PolicyDocument::Ids& ids) {
    std::unordered_set<std::string_view> set;
    for (const auto& entry : ids.entries) set.insert(entry.value);
    return set;
  }

  void check_contradictions() {
    // Lists with entries that are no strings have lost some: what is missing from them would be told wrongly.
    if (!errors_.empty()) return;
    const auto blocked = set_of(out_.list(List::blocked));
    const auto allowed = set_of(out_.list(List::allowed));
    const auto& required = out_.list(List::required).entries;
    for (std::size_t i = 0; i < required.size(); ++i) {
      const std::string& id = required[i].value;
      if (blocked.contains(id)) contradiction(i, "packs.required has " + quoted(id) + ", which packs.blocked has too");
      if (!allowed.empty() && !allowed.contains(id))
        contradiction(i, "packs.required has " + quoted(id) + ", which packs.allowed does not have");
    }
  }

  void contradiction(std::size_t index, std::string message) {
    const json::Value& item = (*source_.root.find("packs")->find("required")->as_array())[index];
    wrong(item.offset(), "/packs/required/" + std::to_string(index), std::move(message));
  }

  std::vector<Error> take_errors() {
    std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Error> errors;
    for (auto& [offset, error] : errors_) errors.push_back(std::move(error));
    return errors;
  }

  const json::Document& source_;
  PolicyDocument& out_;
  std::vector<std::pair<std::uint32_t, Error>> errors_;
};

}  // namespace

tl::expected<PolicyDocument, std::vector<Error>> parse_policy(std::string_view text, std::string_view file) {
  auto source = json::parse(text, file, json::policy_limits, ErrorCode::invalid_policy);
  if (!source) return tl::unexpected(std::vector<Error>{std::move(source).error()});
  PolicyDocument document;
  document.file = file;
  std::vector<Error> errors = PolicyReader(*source, document).read();
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  document.json = std::move(source->root);
  return document;
}

}  // namespace cowork::admin_policy
