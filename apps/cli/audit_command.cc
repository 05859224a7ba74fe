// `cowork audit`.
#include <chrono>
#include <cstdlib>
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "since_time.h"

namespace cowork::cli {
namespace {

constexpr std::size_t narrow_below = 140;

struct Options {
  bool verify = false;
  std::string since, operation, subject, verdict;
  std::int64_t limit = 50;

  /// Verifying reads the whole trail: not done for a list that does not show the answer.
  json::Value query(const std::string& since_time, bool shows_verified) const {
    json::Value result = json::Value::object({{"limit", verify ? std::int64_t{1} : limit}, {"verify", shows_verified}});
    const auto optional = [&](std::string_view key, const std::string& value) {
      if (!value.empty()) result.set(key, value);
    };
    optional("since", since_time);
    optional("operation", operation);
    optional("subject", subject);
    optional("verdict", verdict);
    return result;
  }
};

std::int64_t now_ms() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

Style verdict_style(const std::string& verdict) {
  if (verdict == "allowed") return Style::green;
  return verdict == "denied" ? Style::red : Style::yellow;
}

std::string rule_words(const json::Value& rule) {
  const std::string layer = shown(rule, "layer");
  return layer.empty() ? layer : layer + " " + shown(rule, "pointer");
}

Table audit_table(const json::Value& reply) {
  Table table({{"SEQ", false, true},
               {"TIME"},
               {"ENTRY"},
               {"ACTOR"},
               {"OPERATION"},
               {"VERDICT"},
               {"CODE"},
               {"RULE"},
               {"SUBJECT", true}});
  for (const json::Value& line : array_of(reply, "lines")) {
    const std::string verdict = shown(line, "verdict");
    table.add({shown_value(member_of(line, "seq")),
               shown(line, "time"),
               shown(line, "entry"),
               shown(line, "actor"),
               shown(line, "operation"),
               {verdict, verdict_style(verdict)},
               shown(line, "code"),
               rule_words(member_of(line, "rule")),
               shown(line, "subject")});
  }
  return table;
}

/// What fits in 80 columns: time to the second, and of the rule only its layer and line.
Table narrow_audit_table(const json::Value& reply) {
  Table table({{"SEQ", false, true}, {"TIME"}, {"OPERATION"}, {"VERDICT"}, {"RULE"}, {"SUBJECT", true}});
  for (const json::Value& line : array_of(reply, "lines")) {
    const std::string verdict = shown(line, "verdict");
    const std::string time = shown(line, "time");
    const json::Value& rule = member_of(line, "rule");
    const std::int64_t rule_line = number_of(rule, "line");
    table.add({shown_value(member_of(line, "seq")),
               time.substr(0, time.find('.')),
               shown(line, "operation"),
               {verdict, verdict_style(verdict)},
               shown(rule, "layer") + (rule_line > 0 ? ":" + std::to_string(rule_line) : ""),
               shown(line, "subject")});
  }
  return table;
}

Error broken_trail(const json::Value& reply) {
  const json::Value& bad = member_of(reply, "firstBad");
  const std::string place = shown_place(bad);
  const std::string reason = shown(bad, "reason");
  return Error(ErrorCode::integrity, "the audit trail is not as it was written")
      .with_why((place.empty() ? std::string("the trail's head") : place) + (reason.empty() ? "" : ": " + reason))
      .with_remedy("compare the trail with a copy, then move it aside")
      .with_data("firstBad", bad);
}

Result<int> verify(Session& session, const json::Value& reply) {
  const bool verified = flag_of(reply, "verified");
  if (session.json()) {
    session.document({{"audit", reply}});
    return verified ? 0 : exit_status(ErrorCode::integrity);
  }
  if (!verified) return fail(broken_trail(reply));
  const json::Array& lines = array_of(reply, "lines");
  const std::string last = lines.empty() ? "no lines" : "up to line " + shown_value(member_of(lines.back(), "seq"));
  session.print_line(session.styled()(Style::green, "verified") + "  " + last);
  return 0;
}

Result<int> audit(Session& session, const Options& options) {
  COWORK_ASSIGN(const std::string since, since_time(options.since, now_ms()));
  COWORK_ASSIGN(
      const json::Value reply,
      session.call("audit:query",
                   json::Value::object({{"options", options.query(since, options.verify || session.json())}})));
  if (options.verify) return verify(session, reply);
  if (session.json()) {
    session.document({{"audit", reply}});
    return 0;
  }
  const bool narrow = session.terminal().out_is_terminal && session.terminal().width < narrow_below;
  const Table table = narrow ? narrow_audit_table(reply) : audit_table(reply);
  if (table.empty()) session.say("no line of the audit trail fits");
  session.print(table);
  return 0;
}

}  // namespace

void add_audit_command(CommandTree& tree) {
  auto options = std::make_shared<Options>();
  Verb& verb = tree.verb(tree.root(), "audit", "Show the newest lines of the audit trail, or verify all of it.",
                         {{"cowork audit", "what was changed or denied lately"},
                          {"cowork audit --verdict denied --since 2h", "denied in the last two hours"},
                          {"cowork audit --verify", "exit status 5 when a line was changed or taken out"}},
                         [options](Session& session) { return audit(session, *options); });
  verb.note = "Whoever can write both the trail and its lock file can forge both.";
  CLI::App& app = *verb.app;
  app.add_flag("--verify", options->verify, "Check every line's hash and the trail's head");
  app.add_option("--since", options->since, "A UTC time, a day, or an age: 90s, 30m, 2h, 7d")->type_name("TIME");
  app.add_option("--operation", options->operation, "Only this operation")->type_name("OPERATION");
  app.add_option("--subject", options->subject, "Only about this pack, connector, address")->type_name("ID");
  app.add_option("--verdict", options->verdict, "Only allowed, denied, failed or error")->type_name("VERDICT");
  app.add_option("--limit", options->limit, "At most so many lines (default 50)")->type_name("N");
}

}  // namespace cowork::cli
