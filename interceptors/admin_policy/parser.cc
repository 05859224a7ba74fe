#include "parser.h"

#include <algorithm>
#include <functional>

#include "cowork/base/json_tape.h"
#include "cowork/base/text.h"

namespace cowork::admin_policy {
namespace {

using Visit = std::function<void(const json::Element&)>;
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
std::string shown(const json::Element& value) {
  if (const auto lexeme = value.number_lexeme()) return printable(lexeme->substr(0, 40));
  if (const auto text = value.as_string()) return "the string " + quoted(*text);
  if (const auto boolean = value.as_bool()) return *boolean ? "true" : "false";
  return std::string(json::describe(value.kind()));
}

std::optional<std::int64_t> integer_in(const json::Element& value) {
  if (value.kind() != json::Kind::number) return std::nullopt;
  return value.to_value().as_int64();
}

std::optional<double> number_in(const json::Element& value) {
  if (value.kind() != json::Kind::number) return std::nullopt;
  return value.to_value().as_double();
}

class PolicyReader {
 public:
  PolicyReader(const json::Tape& source, PolicyDocument& out) : source_(source), out_(out) {}

  std::vector<Error> read() {
    members(source_.root(), "", "the policy",
            {{"version", [this](const json::Element& v) { version(v); }},
             {"updatedAt", [this](const json::Element& v) { text(v, "updatedAt", "/updatedAt", &out_.updated_at); }},
             {"packs", [this](const json::Element& v) { packs(v); }},
             {"connectors", [this](const json::Element& v) { connectors(v); }},
             {"agents", [this](const json::Element& v) { agents(v); }},
             {"general", [this](const json::Element& v) { general(v); }},
             {"everydayAgent", [this](const json::Element&) { out_.kept_sections.emplace_back("everydayAgent"); }},
             {"runtime", [this](const json::Element&) { out_.kept_sections.emplace_back("runtime"); }}});
    check_kept_sections();
    check_contradictions();
    return take_errors();
  }

 private:
  void wrong(std::uint32_t offset, std::string pointer, std::string message) {
    if (!is_full())
      errors_.emplace_back(offset,
                           Error::invalid_policy(std::move(message), source_.place(offset, std::move(pointer))));
  }
  void wrong(const json::Element& value, std::string_view pointer, std::string_view rule, std::string_view expected) {
    wrong(value.offset(), std::string(pointer),
          std::string(rule).append(" must be ").append(expected).append(", not ").append(shown(value)));
  }
  bool is_full() const noexcept { return errors_.size() >= most_parse_errors; }
  Position position(const json::Element& value) const { return out_.lines.position(source_.text(), value.offset()); }

  /// Visits the known members of an object, in the order of the text; anything else is an error.
  void members(const json::Element& value, std::string_view pointer, std::string_view name,
               const std::vector<Known>& known) {
    if (!value.is_object()) return wrong(value, pointer, name, "an object");
    for (const json::TapeMember& member : value.members()) {
      const std::string_view key = *member.key.as_string();
      const auto found = std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.key == key; });
      if (found == known.end()) {
        unknown(member.key, pointer, known);
      } else {
        if (!pointer.empty()) out_.stated.push_back(std::string(name).append(".").append(key));
        found->visit(member.value);
      }
    }
  }

  void unknown(const json::Element& key_element, std::string_view pointer, const std::vector<Known>& known) {
    if (is_full()) return;
    const std::string unknown_key(*key_element.as_string());
    std::vector<std::string> keys;
    for (const Known& k : known) keys.emplace_back(k.key);
    std::string message = "unknown member " + quoted(unknown_key);
    if (const auto close = nearest(unknown_key, keys); !close.empty()) {
      message += ", did you mean \"" + close.front() + "\"?";
    } else {
      message += "; known are";
      for (const std::string& key : keys) message += (key == keys.front() ? " " : ", ") + key;
    }
    wrong(key_element.offset(), std::string(pointer) + json::pointer_step(unknown_key), std::move(message));
  }

  void version(const json::Element& value) {
    const auto number = integer_in(value);
    if (number != 1 && number != 2) return wrong(value, "/version", "version", "1 or 2");
    out_.version = static_cast<int>(*number);
  }

  void packs(const json::Element& value) {
    members(value, "/packs", "packs",
            {{"allowed", [this](const json::Element& v) { ids(v, List::allowed); }},
             {"blocked", [this](const json::Element& v) { ids(v, List::blocked); }},
             {"required", [this](const json::Element& v) { ids(v, List::required); }}});
  }

  void connectors(const json::Element& value) {
    members(value, "/connectors", "connectors",
            {{"blocked", [this](const json::Element& v) { ids(v, List::blocked_connectors); }}});
  }

  void agents(const json::Element& value) {
    members(value, "/agents", "agents",
            {{"maxHeartbeatFrequencySec", [this](const json::Element& v) { heartbeat(v); }},
             {"maxConcurrentAgents", [this](const json::Element& v) { concurrency(v); }}});
  }

  void general(const json::Element& value) {
    members(value, "/general", "general",
            {{"allowCustomPacks", [this](const json::Element& v) { allow(v, Switch::custom_packs); }},
             {"allowGitInstall", [this](const json::Element& v) { allow(v, Switch::git_install); }},
             {"allowUrlInstall", [this](const json::Element& v) { allow(v, Switch::url_install); }},
             {"orgName", [this](const json::Element& v) { organization_name(v); }},
             {"orgPluginDir", [this](const json::Element& v) { organization_directory(v); }}});
  }

  void ids(const json::Element& value, List list) {
    if (!value.is_array()) return wrong(value, pointer_of(list), rule_name(list), "an array of strings");
    PolicyDocument::Ids& ids = out_.lists[static_cast<std::size_t>(list)];
    ids.stated = true;
    ids.at = position(value);
    ids.entries.reserve(value.size());
    std::size_t index = 0;
    for (const json::Element& item : value.items()) {
      const auto id = item.as_string();
      if (id && !id->empty()) {
        ids.entries.push_back({kept(*id), item.offset()});
      } else if (!is_full()) {
        wrong(item, std::string(pointer_of(list)) + '/' + std::to_string(index),
              std::string("each entry of ").append(rule_name(list)), "a non-empty string");
      }
      ++index;
    }
    ids.make_index();
  }

  /// The id as it lies in the document: what is spelt without escapes stays where it stands.
  std::string_view kept(std::string_view id) {
    const std::string_view all = *out_.text;
    const std::less<> before;
    const bool in_text = !before(id.data(), all.data()) && before(id.data(), all.data() + all.size());
    return in_text ? id : out_.decoded.emplace_back(id);
  }

  void heartbeat(const json::Element& value) {
    const auto number = number_in(value);
    if (!number || *number < 60)
      return wrong(value, "/agents/maxHeartbeatFrequencySec", heartbeat_rule, "a number of at least 60");
    out_.heartbeat_sec = Stated<double>{*number, position(value)};
    out_.heartbeat_spelling = *value.number_lexeme();
  }

  void concurrency(const json::Element& value) {
    const auto number = integer_in(value);
    if (!number || *number < 1)
      return wrong(value, "/agents/maxConcurrentAgents", concurrency_rule, "an integer of at least 1");
    out_.concurrent_agents = Stated<std::int64_t>{*number, position(value)};
    out_.concurrency_spelling = *value.number_lexeme();
  }

  void allow(const json::Element& value, Switch which) {
    const auto boolean = value.as_bool();
    if (!boolean) return wrong(value, pointer_of(which), rule_name(which), "true or false");
    out_.switches[static_cast<std::size_t>(which)] = Stated<bool>{*boolean, position(value)};
  }

  bool text(const json::Element& value, std::string_view rule, std::string_view pointer, std::string* out) {
    const auto found = value.as_string();
    if (found)
      *out = *found;
    else
      wrong(value, pointer, rule, "a string");
    return found.has_value();
  }

  void organization_name(const json::Element& value) {
    std::string name;
    if (!text(value, organization_name_rule, "/general/orgName", &name) || name.empty()) return;
    out_.organization_name = Stated<std::string>{std::move(name), position(value)};
  }

  void organization_directory(const json::Element& value) {
    constexpr std::string_view pointer = "/general/orgPluginDir";
    std::string path;
    if (!text(value, organization_directory_rule, pointer, &path)) return;
    if (!path.starts_with('/')) return wrong(value, pointer, organization_directory_rule, "an absolute path");
    if (has_parent_step(path)) return wrong(value, pointer, organization_directory_rule, "a path without \"..\"");
    out_.organization_directory = Stated<std::string>{std::move(path), position(value)};
  }

  void check_kept_sections() {
    if (out_.version == 2) return;
    for (const json::TapeMember& member : source_.root().members()) {
      const std::string key(*member.key.as_string());
      if (key == "everydayAgent" || key == "runtime")
        wrong(member.key.offset(), json::pointer_step(key), key + " needs \"version\": 2");
    }
  }

  void check_contradictions() {
    // Lists with entries that are no strings have lost some: what is missing from them would be told wrongly.
    if (!errors_.empty()) return;
    const auto& required = out_.list(List::required).entries;
    const bool restricts = !out_.list(List::allowed).entries.empty();
    for (std::size_t i = 0; i < required.size() && !is_full(); ++i) {
      const HashedText id(required[i].value);
      if (out_.list(List::blocked).find(id))
        contradiction(i, "packs.required has " + quoted(id.text) + ", which packs.blocked has too");
      if (restricts && !out_.list(List::allowed).find(id))
        contradiction(i, "packs.required has " + quoted(id.text) + ", which packs.allowed does not have");
    }
  }

  /// Of an entry of packs.required.
  void contradiction(std::size_t index, std::string message) {
    if (is_full()) return;
    const Position at = out_.position(out_.list(List::required).entries[index]);
    std::string pointer = std::string(pointer_of(List::required)) + '/' + std::to_string(index);
    const auto order = static_cast<std::uint32_t>(index);
    errors_.emplace_back(order, Error::invalid_policy(std::move(message), SourcePlace{source_.file(), at.line,
                                                                                      at.column, std::move(pointer)}));
  }

  std::vector<Error> take_errors() {
    std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Error> errors;
    for (auto& [offset, error] : errors_) errors.push_back(std::move(error));
    return errors;
  }

  const json::Tape& source_;
  PolicyDocument& out_;
  std::vector<std::pair<std::uint32_t, Error>> errors_;
};

}  // namespace

tl::expected<PolicyDocument, std::vector<Error>> parse_policy(std::string text, std::string_view file) {
  PolicyDocument document;
  document.file = file;
  document.text = std::make_unique<const std::string>(std::move(text));
  json::Tape source;
  auto read = source.read(*document.text, file, json::policy_limits, ErrorCode::invalid_policy);
  if (!read) return tl::unexpected(std::vector<Error>{std::move(read).error()});
  document.lines = LineIndex(*document.text);
  std::vector<Error> errors = PolicyReader(source, document).read();
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return document;
}

}  // namespace cowork::admin_policy
