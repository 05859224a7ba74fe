// `cowork call|chain`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "known_names.h"
#include "local_path.h"
#include "operations.h"
#include "request_parameters.h"
#include "trace_view.h"

namespace cowork::cli {
namespace {

Result<json::Value> params_from(Session& session, const std::vector<std::string>& words) {
  if (words.size() != 1 || words.front() != "-") return read_parameters(words);
  COWORK_ASSIGN(const std::string text, read_input("-", session.terminal().in, json::request_limits.max_bytes));
  return read_json(text, "<standard input>");
}

struct CallArguments {
  std::string operation;
  bool list = false;
};

Error no_operation() {
  return Error::invalid_argument("OPERATION is missing")
      .with_why("call runs an operation of the host")
      .with_remedy("cowork call --list");
}

Result<int> call(Session& session, const CallArguments& options, const std::vector<std::string>& words) {
  const std::string& operation = options.operation;
  if (options.list) return list_operations(session, operation);
  if (operation.empty()) return fail(no_operation());
  COWORK_ASSIGN(const json::Value params, params_from(session, words));
  Result<json::Value> reply = session.call(operation, params);
  if (!reply) return fail(with_operation_suggestion(session, reply.error(), operation));
  if (session.json())
    session.document({{"result", *reply}});
  else
    session.print(json_for_terminal(json::to_pretty_text(*reply)));
  return 0;
}

std::string operations_of(const json::Value& member) {
  std::string words;
  for (const std::string& name : strings_of(member_of(member, "operations")))
    words += (words.empty() ? "" : " ") + printable(name);
  return words;
}

/// A table for pipes; on a terminal, where the operations need many lines, each member with its operations below it.
void print_chain(Session& session, const json::Value& chain) {
  const json::Array empty;
  const json::Array& members = chain.as_array() ? *chain.as_array() : empty;
  const Styler& styler = session.styled();
  const bool screen = session.terminal().out_is_terminal;
  Table table({{"#", false, true}, {"INTERCEPTOR"}, {"PHASE"}, {"SOURCE"}, {"OPERATIONS"}});
  for (std::size_t index = 0; index < members.size(); ++index) {
    const json::Value& member = members[index];
    const std::string place = std::to_string(index + 1);
    table.add({place, shown(member, "name"), shown(member, "phase"), shown(member, "source"), operations_of(member)});
    if (!screen) continue;
    session.print_line(place + "  " + styler(Style::bold, shown(member, "name")) + "  " +
                       styler(Style::cyan, shown(member, "phase")) + "  " + shown(member, "source"));
    session.print_line("   " + styler(Style::dim, wrapped(operations_of(member), session.terminal().width, 3)));
  }
  if (!screen) session.print(table);
}

struct ChainArguments {
  std::string operation;
  std::string trace;
};

/// With `--trace` switched first; else only asked for.
Result<json::Value> trace_of(Session& session, const ChainArguments& options) {
  json::Value asked = json::Value::object();
  if (!options.trace.empty()) asked.set("enabled", options.trace == "on");
  if (!options.operation.empty()) asked.set("operation", options.operation);
  return session.call("host:trace", json::Value::object({{"options", std::move(asked)}}));
}

Error nothing_to_trace() {
  return Error::invalid_argument("only the calls of a running server can be traced")
      .with_why("the host of this command ends with it")
      .with_remedy("cowork serve, then cowork chain --trace on --connect SOCKET");
}

void tell_trace(Session& session, const ChainArguments& options, const json::Value& trace) {
  if (!options.trace.empty()) session.announce("switched tracing", "switch tracing", options.trace);
  print_trace(session, trace);
}

Result<int> chain(Session& session, const ChainArguments& options) {
  if (!options.trace.empty() && !session.connected()) return fail(nothing_to_trace());
  const json::Value params = options.operation.empty() ? json::Value() : json::Value::array({options.operation});
  Result<json::Value> reply = session.call("host:chain", params);
  if (!reply) return fail(with_operation_suggestion(session, reply.error(), options.operation));
  COWORK_ASSIGN(const json::Value trace, trace_of(session, options));
  if (session.json()) {
    session.document({{"chain", *reply}, {"trace", trace}});
    return 0;
  }
  print_chain(session, *reply);
  tell_trace(session, options, trace);
  return 0;
}

void add_call(CommandTree& tree) {
  auto options = std::make_shared<CallArguments>();
  Verb& verb =
      tree.verb(tree.root(), "call", "Run any public operation through the chain and print its result as JSON.",
                {{"cowork call host:status", "no parameters"},
                 {"cowork call pluginPack:toggle '[\"devops\", false]'", "as JSON"},
                 {"cowork call pluginPack:toggle devops false", "by position"},
                 {"cowork call agent:start - < options.json", "from standard input"},
                 {"cowork call --list", "what there is to call"}},
                {});
  verb.app->add_option("OPERATION", options->operation, "Such as pluginPack:list");
  verb.app->add_flag("--list", options->list, "List the operations with their parameters, or explain OPERATION");
  const auto words = tree.take_words(verb, "PARAMS...", "JSON (- is stdin), key=value, or values by position", 0);
  verb.action = [options, words](Session& session) { return call(session, *options, *words); };
}

void add_chain(CommandTree& tree) {
  auto options = std::make_shared<ChainArguments>();
  Verb& verb = tree.verb(tree.root(), "chain", "Show the interceptors in the order in which a call passes them.",
                         {{"cowork chain", "all of them"},
                          {"cowork chain pluginPack:toggle", "what one operation passes"},
                          {"cowork chain --trace on --connect /run/cowork.sock", "measure the calls of a server"}},
                         [options](Session& session) { return chain(session, *options); });
  verb.note =
      "Of a server that traces its calls (--connect), the times of the last one are shown too: each step's own, "
      "without what it passed the call on to.";
  verb.app->add_option("OPERATION", options->operation, "Only what this operation passes");
  verb.app->add_option("--trace", options->trace, "on or off: have a server measure its calls, or no longer")
      ->type_name("SWITCH")
      ->check(CLI::IsMember({"on", "off"}));
}

}  // namespace

void add_host_commands(CommandTree& tree) {
  add_call(tree);
  add_chain(tree);
}

}  // namespace cowork::cli
