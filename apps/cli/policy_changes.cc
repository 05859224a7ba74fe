// `cowork policy set|reset`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "policy_assignment.h"
#include "policy_layer.h"
#include "policy_view.h"

namespace cowork::cli {
namespace {

/// How often an assignment that depends on the current list is made again after somebody else's change came between.
constexpr int most_attempts = 5;

struct Options {
  std::string layer = "user";
  std::string if_revision;
  std::string start_from;

  json::Value to_json(const std::string& revision) const {
    json::Value result = json::Value::object();
    if (layer != "user") result.set("layer", layer);
    if (!revision.empty()) result.set("ifRevision", revision);
    if (!start_from.empty()) result.set("startFrom", start_from);
    return result;
  }
};

Result<json::Value> update(Session& session, json::Value updates, json::Value options) {
  return session.call("admin:policiesUpdate",
                      json::Value::object({{"updates", std::move(updates)}, {"options", std::move(options)}}));
}

bool depends_on_current(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const Result<Assignment> assignment = parse_assignment(word);
    if (assignment && assignment->kind != AssignmentKind::set) return true;
  }
  return false;
}

/// What += and -= start from: the layer's own document, but with the lists that unite over the layers as they are in
/// force. What a higher layer imposes has to be in such a list, or the update would read as taking it out.
Result<LayerDocument> read_base(Session& session, const std::string& layer_name) {
  COWORK_ASSIGN(LayerDocument layer, read_layer(session, layer_name));
  if (layer_name != "user") return layer;
  COWORK_ASSIGN(const json::Value effective, get_policy(session, ""));
  for (const auto& [section, member] :
       {std::pair("packs", "blocked"), {"packs", "required"}, {"connectors", "blocked"}}) {
    const json::Value* in_force = effective.find(section);
    const json::Value* list = in_force ? in_force->find(member) : nullptr;
    if (!list) continue;
    if (!layer.document.find(section)) layer.document.set(section, json::Value::object());
    layer.document.find(section)->set(member, *list);
  }
  return layer;
}

Result<json::Value> apply_once(Session& session, const Options& options, const std::vector<std::string>& words) {
  std::string revision = options.if_revision;
  json::Value current;
  if (depends_on_current(words) && options.start_from != "defaults") {
    COWORK_ASSIGN(LayerDocument layer, read_base(session, options.layer));
    current = std::move(layer.document);
    if (revision.empty()) revision = layer.revision;
  }
  COWORK_ASSIGN(json::Value patch, read_changes(session, words, current));
  return update(session, std::move(patch), options.to_json(revision));
}

Result<json::Value> apply(Session& session, const Options& options, const std::vector<std::string>& words) {
  // Standard input can be read only once, and a revision that the user named is the user's to deal with.
  const bool repeatable = options.if_revision.empty() && depends_on_current(words);
  for (int attempt = 1;; ++attempt) {
    Result<json::Value> merged = apply_once(session, options, words);
    const bool lost_race = !merged && merged.error().code() == ErrorCode::conflict;
    if (!lost_race || !repeatable || attempt == most_attempts) return merged;
    session.detail("the policy changed meanwhile: trying again");
  }
}

void tell_changes(Session& session, const Result<json::Value>& before, const json::Value& after) {
  if (!before) return;
  const std::vector<std::string> changes = changes_between(*before, after);
  if (changes.empty()) session.say("nothing in force changes");
  for (const std::string& change : changes)
    session.say((session.options().dry_run ? "would change " : "changed ") + change);
}

/// The host names an operation as the next step over an invalid file; here an option is nearer.
Error with_start(Error error) {
  if (error.code() != ErrorCode::policy_unavailable || error.remedy().find("startFrom") == std::string::npos)
    return error;
  const bool from_last_good = error.remedy().find("last-good") != std::string::npos;
  return error.with_remedy(std::string("repeat the command with --start-from ") +
                           (from_last_good ? "last-good" : "defaults"));
}

Result<int> finish(Session& session, const Result<json::Value>& before, const Result<json::Value>& merged) {
  if (!merged) return fail(with_start(merged.error()));
  if (session.json())
    session.document({{"policy", *merged}});
  else
    tell_changes(session, before, *merged);
  return 0;
}

Result<int> set(Session& session, const Options& options, const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (looks_like_assignment(word)) COWORK_TRY(parse_assignment(word));
  const Result<json::Value> before = get_policy(session, "");
  return finish(session, before, apply(session, options, words));
}

Result<int> reset(Session& session, const Options& options) {
  if (!session.options().yes && !session.options().dry_run && !session.can_ask())
    return fail(Error::invalid_argument("a reset has to be confirmed")
                    .with_why("there is no terminal to ask on")
                    .with_remedy("cowork policy reset --yes"));
  if (!session.confirmed("Take everything out of the " + options.layer + " layer's policy?"))
    return fail(Error(ErrorCode::cancelled, "nothing was reset")
                    .with_why("the question was not answered with yes")
                    .with_remedy("cowork policy reset --yes"));
  const json::Value cleared =
      json::Value::object({{"packs", nullptr}, {"connectors", nullptr}, {"agents", nullptr}, {"general", nullptr}});
  const Result<json::Value> before = get_policy(session, "");
  return finish(session, before, update(session, cleared, options.to_json(options.if_revision)));
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--layer", options.layer, "user (default), or machine for root")
      ->type_name("LAYER")
      ->check(CLI::IsMember({"user", "machine"}));
  app.add_option("--if-revision", options.if_revision, "Only if the file still has this revision")->type_name("REV");
  app.add_option("--start-from", options.start_from, "Repair an invalid file: last-good or defaults")
      ->type_name("BASE")
      ->check(CLI::IsMember({"last-good", "defaults"}));
}

}  // namespace

void add_policy_changes(CommandTree& tree, CLI::App& policy) {
  auto options = std::make_shared<Options>();
  Verb& set_verb = tree.verb(policy, "set", "Change the policy; in force at once in every running host.",
                             {{"cowork policy set packs.blocked+=sales-crm", "add to a list"},
                              {"cowork policy set packs.blocked-=sales-crm", "take out of a list"},
                              {"cowork policy set packs.required=devops,qa-testing", "a whole list"},
                              {"cowork policy set general.allowGitInstall=false", "a switch"},
                              {"cowork policy set general.orgName=", "take a value out"},
                              {"cowork policy set changes.json", "a partial document"}},
                             {});
  add_options(*set_verb.app, *options);
  const auto words = tree.take_words(set_verb, "ASSIGNMENT...|FILE",
                                     "MEMBER=VALUE, MEMBER+=ITEM, MEMBER-=ITEM, or a JSON file (- is stdin)", 1);
  set_verb.action = [options, words](Session& session) { return set(session, *options, *words); };

  Verb& reset_verb = tree.verb(policy, "reset", "Take everything out of a layer's policy, so that the defaults hold.",
                               {{"cowork policy reset", "asks first"},
                                {"cowork policy reset --yes", "does not ask"},
                                {"cowork policy reset --start-from defaults -y", "over an invalid file"}},
                               [options](Session& session) { return reset(session, *options); });
  add_options(*reset_verb.app, *options);
}

}  // namespace cowork::cli
