#include "operations.h"

#include <algorithm>

#include "cowork/base/text.h"
#include "json_fields.h"
#include "pack_view.h"

namespace cowork::cli {
namespace {

constexpr std::size_t narrow_below = 120;

std::vector<std::string> names_of(const json::Array& operations) {
  std::vector<std::string> names;
  for (const json::Value& operation : operations) names.push_back(text_of(operation, "name"));
  return names;
}

/// "name, [options]".
std::string parameter_words(const json::Value& operation) {
  std::string words;
  for (const json::Value& parameter : array_of(operation, "parameters")) {
    const std::string name = shown(parameter, "name");
    words += (words.empty() ? "" : ", ") + (flag_of(parameter, "required") ? name : "[" + name + "]");
  }
  return words;
}

void print_operations(Session& session, const json::Array& operations) {
  const bool narrow = session.terminal().out_is_terminal && session.terminal().width < narrow_below;
  Table table = narrow ? Table({{"OPERATION"}, {"PARAMETERS", true}})
                       : Table({{"OPERATION"}, {"EFFECT"}, {"PARAMETERS"}, {"SUMMARY", true}});
  for (const json::Value& operation : operations) {
    const Cell name(shown(operation, "name"), Style::bold);
    if (narrow)
      table.add({name, parameter_words(operation)});
    else
      table.add({name, shown(operation, "effect"), parameter_words(operation), shown(operation, "summary")});
  }
  session.print(table);
}

void print_operation(Session& session, const json::Value& operation) {
  const Styler& styler = session.styled();
  const std::size_t width = session.terminal().out_is_terminal ? session.terminal().width : 0;
  session.print_line(styler(Style::bold, shown(operation, "name")) + "  " + shown(operation, "summary"));
  session.print(detail_line("effect", shown(operation, "effect"), styler, width) +
                detail_line("result", shown(operation, "result"), styler, width));
  Table table({{"PARAMETER"}, {"REQUIRED"}, {"TYPE"}, {"MEANING", true}});
  for (const json::Value& parameter : array_of(operation, "parameters"))
    table.add({shown(parameter, "name"), flag_of(parameter, "required") ? "yes" : "no", shown(parameter, "type"),
               shown(parameter, "meaning")});
  if (table.empty()) return;
  session.print_line("");
  session.print(table);
}

Error unknown_operation(const std::string& operation, const json::Array& known) {
  const std::vector<std::string> found = nearest(operation, names_of(known));
  return Error::not_found("no operation is called " + cowork::quoted(operation))
      .with_why("the host offers " + counted(known.size(), "operation"))
      .with_remedy("cowork call --list" + (found.empty() ? "" : " " + found.front()));
}

}  // namespace

json::Array known_operations(Session& session) {
  Result<json::Value> reply = session.call("host:operations");
  json::Array* operations = reply ? reply->as_array() : nullptr;
  return operations ? std::move(*operations) : json::Array();
}

Error with_operation_suggestion(Session& session, Error error, const std::string& operation) {
  const bool may_be_unknown = error.code() == ErrorCode::invalid_argument || error.code() == ErrorCode::not_found;
  if (!may_be_unknown || !error.remedy().empty()) return error;
  const std::vector<std::string> names = names_of(known_operations(session));
  if (std::find(names.begin(), names.end(), operation) != names.end()) return error;
  const std::vector<std::string> found = nearest(operation, names);
  if (!found.empty()) error.with_remedy("did you mean " + found.front() + "? cowork call " + found.front());
  return error;
}

Result<int> list_operations(Session& session, const std::string& operation) {
  COWORK_ASSIGN(const json::Value reply, session.call("host:operations"));
  const json::Array known = reply.as_array() ? *reply.as_array() : json::Array();
  json::Array wanted;
  for (const json::Value& candidate : known)
    if (operation.empty() || text_of(candidate, "name") == operation) wanted.push_back(candidate);
  if (wanted.empty() && !operation.empty()) return fail(unknown_operation(operation, known));
  if (session.json())
    session.document({{"operations", std::move(wanted)}});
  else if (operation.empty())
    print_operations(session, wanted);
  else
    print_operation(session, wanted.front());
  return 0;
}

}  // namespace cowork::cli
