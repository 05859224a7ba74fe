// `cowork doctor`: what is wrong with this host, and what its policy does not enforce.
#include <algorithm>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "diagnostic_view.h"
#include "json_fields.h"
#include "pack_view.h"
#include "policy_view.h"

namespace cowork::cli {
namespace {

json::Value finding(std::string_view severity, std::string code, std::string message, const json::Value& place) {
  json::Value result =
      json::Value::object({{"severity", severity}, {"code", std::move(code)}, {"path", text_of(place, "file")}});
  if (number_of(place, "line") > 0) result.set("line", number_of(place, "line"));
  if (const std::string pointer = text_of(place, "pointer"); !pointer.empty()) result.set("pointer", pointer);
  result.set("message", std::move(message));
  return result;
}

bool says(const json::Array& findings, const std::string& message) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const json::Value& known) { return text_of(known, "message") == message; });
}

/// What the policy's own status adds to the host's diagnostics: it knows which packs its ids mean.
void add_policy_findings(const json::Value& policy, json::Array& findings) {
  for (const json::Value& entry : array_of(policy, "unmatched"))
    findings.push_back(finding("warning", "policy-unmatched", unmatched_words(entry), entry));
  for (const json::Value& conflict : array_of(policy, "conflicts"))
    if (const std::string message = text_of(conflict, "message"); !says(findings, message))
      findings.push_back(finding("warning", "policy-conflict", message, member_of(conflict, "against")));
  for (const json::Value& remark : array_of(policy, "warnings"))
    if (const std::string message = text_of(remark, "message"); !says(findings, message))
      findings.push_back(finding(text_of(remark, "code") == "not-enforced" ? "info" : "warning",
                                 "policy-" + text_of(remark, "code"), message, remark));
}

std::size_t count_of(const json::Array& findings, std::string_view severity) {
  std::size_t count = 0;
  for (const json::Value& known : findings)
    if (text_of(known, "severity") == severity) ++count;
  return count;
}

Table tier_table(const json::Value& status) {
  Table table({{"TIER"}, {"PACKS", false, true}, {"TRUSTED"}, {"DIRECTORY"}});
  for (const json::Value& tier : array_of(status, "tiers")) {
    const std::string scope = shown(tier, "scope");
    const bool trusted = flag_of(tier, "trusted");
    // A user's own directory is nobody else's to trust, so "no" would look like a fault.
    const bool judged = scope != "user";
    table.add({{scope, scope_style(scope)},
               shown_value(member_of(tier, "packs")),
               {judged ? (trusted ? "yes" : "no") : "-", judged && trusted ? Style::green : Style::dim},
               shown(tier, "path")});
  }
  return table;
}

void print_report(Session& session, const json::Value& status, const json::Value& policy, const json::Array& findings) {
  const std::size_t width = session.terminal().out_is_terminal ? session.terminal().width : 0;
  session.print_line("cowork " + shown(status, "version") + "  home " + shown(status, "home"));
  session.print_line("");
  session.print(tier_table(status));
  session.print_line("");
  session.print(layer_table(policy));
  session.print_line("");
  for (const json::Value& known : findings) session.print(diagnostic_text(known, session.styled(), width));
  const std::size_t errors = count_of(findings, "error");
  const std::size_t warnings = count_of(findings, "warning");
  if (errors + warnings == 0)
    session.print_line(session.styled()(Style::green, "all is well"));
  else
    session.print_line(session.styled()(errors > 0 ? Style::red : Style::yellow,
                                        counted(errors, "error") + ", " + counted(warnings, "warning")));
}

Result<int> doctor(Session& session) {
  COWORK_ASSIGN(const json::Value status, session.call("host:status"));
  COWORK_ASSIGN(const json::Value policy, session.call("admin:policiesStatus"));
  json::Array findings = array_of(status, "diagnostics");
  add_policy_findings(policy, findings);
  const bool healthy = count_of(findings, "error") == 0;
  if (session.json())
    session.document(
        {{"doctor", json::Value::object(
                        {{"healthy", healthy}, {"diagnostics", findings}, {"status", status}, {"policy", policy}})}});
  else
    print_report(session, status, policy, findings);
  return healthy ? 0 : 1;
}

}  // namespace

void add_doctor_command(CommandTree& tree) {
  Verb& verb = tree.verb(tree.root(), "doctor", "Look for what is wrong: packs that were refused, policy files, tiers.",
                         {{"cowork doctor", "everything worth knowing"}, {"cowork doctor --json", "for a program"}},
                         [](Session& session) { return doctor(session); });
  verb.note = "Exit status 1 when there is an error, 0 when there are warnings at most.";
  verb.tells_policy = false;
}

}  // namespace cowork::cli
