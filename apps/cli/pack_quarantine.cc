// `cowork pack quarantine list|release|remove`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "known_names.h"
#include "pack_state.h"
#include "scan_view.h"

namespace cowork::cli {
namespace {

/// Where the gravest finding stands, and what it is.
std::string first_finding(const json::Value& report) {
  for (const json::Value& finding : array_of(report, "findings")) {
    if (text_of(finding, "severity") == "quarantined") return shown_place(finding) + ": " + shown(finding, "message");
  }
  return {};
}

Result<int> list(Session& session) {
  COWORK_ASSIGN(const json::Value held, session.call("quarantine:list"));
  if (session.json()) {
    session.document({{"quarantine", held}});
    return 0;
  }
  Table table({{"PACK"}, {"FINDINGS", false, true}, {"FIRST", true}});
  const json::Array* entries = held.as_array();
  for (const json::Value& entry : entries ? *entries : json::Array()) {
    const json::Value& report = member_of(entry, "report");
    const auto findings = static_cast<std::int64_t>(array_of(report, "findings").size());
    table.add({{shown(entry, "name"), Style::red},
               std::to_string(findings + number_of(report, "omitted")),
               first_finding(report)});
  }
  if (table.empty())
    session.say("no pack is quarantined");
  else
    session.print(table);
  return 0;
}

/// One pack, by an operation that answers with its name.
Result<json::Value> change(Session& session, const std::string& operation, const std::string& verb,
                           const std::string& name) {
  Result<json::Value> reply = session.call(operation, json::Value::array({name}));
  if (!reply) return fail(with_pack_suggestion(session, reply.error(), name, "cowork pack quarantine " + verb));
  return reply;
}

Result<int> release(Session& session, const std::string& name) {
  if (!session.confirmed("Release pack " + cowork::quoted(name) + ", so that it may be used?"))
    return fail(Error(ErrorCode::cancelled, "nothing was released")
                    .with_why("the question was not answered with yes")
                    .with_remedy("look at it first: cowork pack info " + shell_word(printable(name))));
  COWORK_ASSIGN(const json::Value reply, change(session, "quarantine:release", "release", name));
  if (session.json()) {
    session.document({{"release", reply}});
    return 0;
  }
  session.announce("released", "release", shown(reply, "packName"));
  tell_if_not_active(session, text_of(reply, "packName"));
  return 0;
}

Result<int> remove(Session& session, const std::string& name) {
  if (!session.confirmed("Remove quarantined pack " + cowork::quoted(name) + " and its files?"))
    return fail(Error(ErrorCode::cancelled, "nothing was removed")
                    .with_why("the question was not answered with yes")
                    .with_remedy("cowork pack quarantine remove --yes " + shell_word(printable(name))));
  COWORK_ASSIGN(const json::Value reply, change(session, "quarantine:remove", "remove", name));
  if (session.json())
    session.document({{"remove", reply}});
  else
    session.announce("removed", "remove", shown(reply, "packName"));
  return 0;
}

}  // namespace

void add_pack_quarantine(CommandTree& tree, CLI::App& pack) {
  CLI::App& quarantine =
      *tree.group(pack, "quarantine", "Packs that the content scan holds back: look, release, remove.",
                  {{"cowork pack quarantine list", "which ones, and why"},
                   {"cowork pack quarantine release crm", "it may be used"},
                   {"cowork pack quarantine remove crm", "it goes"}})
           .app;
  tree.verb(quarantine, "list", "List the quarantined packs, each with its gravest finding.",
            {{"cowork pack quarantine list", "which ones, and why"},
             {"cowork pack quarantine list --json", "with the whole reports"}},
            [](Session& session) { return list(session); });
  auto released = std::make_shared<std::string>();
  Verb& release_verb =
      tree.verb(quarantine, "release", "Let a quarantined pack be used, as long as its files stay what they are.",
                {{"cowork pack quarantine release crm", "asks first, on a terminal"},
                 {"cowork pack quarantine release crm --yes", "does not ask"}},
                [released](Session& session) { return release(session, *released); });
  release_verb.app->add_option("PACK", *released, "Name of the pack")->required();
  auto removed = std::make_shared<std::string>();
  Verb& remove_verb = tree.verb(quarantine, "remove", "Remove a quarantined pack with its files and lock record.",
                                {{"cowork pack quarantine remove crm", "asks first, on a terminal"},
                                 {"cowork pack quarantine remove crm --yes", "does not ask"}},
                                [removed](Session& session) { return remove(session, *removed); });
  remove_verb.app->add_option("PACK", *removed, "Name of the pack")->required();
}

}  // namespace cowork::cli
