// Two layers of the policy: what the parser accepts is what the text says, and what is in force is never more
// permissive than what each layer says by itself. The rules of SPEC §6 stand here once more, in their shortest form.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cowork/base/json_reader.h"
#include "expectations.h"
#include "layers.h"
#include "parser.h"
#include "rules.h"
#include "targets.h"

namespace cowork::fuzz {
namespace {

using namespace admin_policy;
using Theirs = nlohmann::json;
using Ids = std::set<std::string>;

constexpr std::string_view file = "policies.json";

/// What one layer says, by nlohmann's reading.
struct Said {
  bool broken = false;
  Ids allowed, blocked, required, connectors;
  bool custom = true, git = true, url = true;
  double heartbeat = 60;
  double agents = 10;
  bool states_agents = false;

  bool lets_in(const std::string& id) const {
    return !blocked.contains(id) && (allowed.empty() || allowed.contains(id));
  }
};

Ids ids_of(const Theirs& document, const char* section, const char* list) {
  Ids ids;
  const Theirs none = Theirs::object();
  for (const Theirs& id : document.value(section, none).value(list, Theirs::array())) ids.insert(id.get<std::string>());
  return ids;
}

Said said_by(std::string_view text) {
  const Theirs document = Theirs::parse(text);
  const Theirs general = document.value("general", Theirs::object());
  const Theirs agents = document.value("agents", Theirs::object());
  Said said;
  said.allowed = ids_of(document, "packs", "allowed");
  said.blocked = ids_of(document, "packs", "blocked");
  said.required = ids_of(document, "packs", "required");
  said.connectors = ids_of(document, "connectors", "blocked");
  said.custom = general.value("allowCustomPacks", true);
  said.git = general.value("allowGitInstall", true);
  said.url = general.value("allowUrlInstall", true);
  said.heartbeat = agents.value("maxHeartbeatFrequencySec", 60.0);
  said.agents = agents.value("maxConcurrentAgents", 10.0);
  said.states_agents = agents.contains("maxConcurrentAgents");
  return said;
}

void expect_valid(const Said& said) {
  for (const Ids* ids : {&said.allowed, &said.blocked, &said.required, &said.connectors})
    expect(!ids->contains(""), "an id is not empty");
  for (const std::string& id : said.required) expect(said.lets_in(id), "what is required is allowed and not blocked");
  expect(said.heartbeat >= 60, "the heartbeat's interval is at least 60 s");
  expect(said.agents >= 1, "there is at least one agent");
}

void expect_same_when_written(const PolicyDocument& document) {
  const auto again = parse_policy(json::to_pretty_text(document.json()), file);
  expect(again.has_value(), "a policy that was written can be read");
  expect(again->json() == document.json(), "a policy is kept equal in value");
  expect(again->version == document.version && again->kept_sections == document.kept_sections, "its sections are kept");
  for (const List list : all_lists) {
    const auto& ours = document.list(list).entries;
    const auto& theirs = again->list(list).entries;
    const bool same = std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                                 [](const auto& a, const auto& b) { return a.value == b.value; });
    expect(same && document.list(list).stated == again->list(list).stated, "its lists are kept");
  }
}

void expect_errors(const std::vector<Error>& errors, std::string_view text) {
  expect(!errors.empty() && errors.size() <= most_parse_errors, "an invalid policy says why, and not for ever");
  for (const Error& error : errors) expect_placed(error, ErrorCode::invalid_policy, text, file);
}

struct Read {
  std::shared_ptr<const Layer> layer;
  Said said;
};

/// `text` as the file of a layer without a last good content; a file without a byte is one that is not there.
Read read_layer(LayerKind kind, std::string_view text) {
  if (text.empty()) return {Layer::absent(kind, std::string(file)), {}};
  const ExactBytes bytes(text);
  auto document = parse_policy(std::string(bytes.view()), file);
  Read read;
  if (!document) {
    expect_errors(document.error(), bytes.view());
    read.said.broken = true;
    read.layer = Layer::invalid(kind, std::string(file), "r", std::move(document).error(), nullptr);
    return read;
  }
  read.said = said_by(bytes.view());
  expect_valid(read.said);
  expect_same_when_written(*document);
  read.layer = Layer::valid(kind, std::string(file), "r", std::make_shared<const PolicyDocument>(*std::move(document)));
  return read;
}

struct Expected {
  bool permitted = true;
  bool required = false;
};

/// A higher layer's requirement holds against whatever the lower one says.
Expected expected_of(const Said& machine, const Said& user, const std::string& id) {
  if (machine.broken || !machine.lets_in(id)) return {false, false};
  if (machine.required.contains(id)) return {true, true};
  if (user.broken || !user.lets_in(id)) return {false, false};
  return {true, user.required.contains(id)};
}

void expect_packs(const EffectivePolicy& policy, const Said& machine, const Said& user) {
  Ids ids{"a", "engineering", "-"};
  for (const Said* said : {&machine, &user})
    for (const Ids* more : {&said->allowed, &said->blocked, &said->required}) ids.insert(more->begin(), more->end());
  for (const std::string& id : ids) {
    PackFacts pack;
    pack.name = id;
    const PackStanding standing = standing_of(policy, pack);
    const Expected expected = expected_of(machine, user, id);
    expect(standing.permitted() == expected.permitted, "a pack is permitted exactly when both layers permit it");
    expect(!expected.permitted || standing.required() == expected.required, "a pack is required when a layer says so");
    expect(reason_of(standing.standing).empty() == expected.permitted, "what is not permitted has a reason");
    expect(judge_activation(policy, pack).denied() != expected.permitted, "what is not permitted is not activated");
    expect(judge_toggle(policy, pack, true).denied() != expected.permitted, "what is not permitted is not enabled");
    expect(!expected.permitted || judge_toggle(policy, pack, false).denied() == expected.required,
           "what is required is not disabled");
  }
}

void expect_switches(const EffectivePolicy& policy, const Said& machine, const Said& user) {
  expect(policy.allows(Switch::custom_packs).value == (machine.custom && user.custom), "custom packs: AND");
  expect(policy.allows(Switch::git_install).value == (machine.git && user.git), "git: AND");
  expect(policy.allows(Switch::url_install).value == (machine.url && user.url), "addresses: AND");
  expect(policy.heartbeat_sec.value == std::max(machine.heartbeat, user.heartbeat), "the slowest heartbeat");
  // The default is not a bound: one layer may state more.
  const double stated = !user.states_agents      ? machine.agents
                        : !machine.states_agents ? user.agents
                                                 : std::min(machine.agents, user.agents);
  expect(static_cast<double>(policy.concurrent_agents.value) == stated, "the fewest agents");
  const bool broken = machine.broken || user.broken;
  expect((policy.broken() != nullptr) == broken, "a broken layer is known");
  expect(judge_mutation(policy).denied() == broken, "nothing changes while a layer is broken");
  for (const Said* said : {&machine, &user})
    for (const std::string& id : said->connectors)
      expect(judge_connector(policy, id).denied(), "what one layer blocks is blocked");
}

}  // namespace

void policy_target(std::string_view input) {
  const std::size_t mark = input.find('\0');
  const bool both = mark != std::string_view::npos;
  const Read machine = read_layer(LayerKind::machine, both ? input.substr(0, mark) : std::string_view());
  const Read user = read_layer(LayerKind::user, both ? input.substr(mark + 1) : input);
  const auto policy = merge({machine.layer, user.layer});
  expect_packs(*policy, machine.said, user.said);
  expect_switches(*policy, machine.said, user.said);
}

}  // namespace cowork::fuzz
