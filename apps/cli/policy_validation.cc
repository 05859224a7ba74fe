#include "policy_validation.h"

#include <algorithm>
#include <cstdlib>

#include "cowork/base/text.h"
#include "diagnostic_view.h"
#include "error_report.h"
#include "json_fields.h"
#include "local_path.h"
#include "policy_assignment.h"
#include "policy_layer.h"
#include "policy_view.h"

namespace cowork::cli {
namespace {

std::size_t out_width(Session& session) {
  return session.terminal().out_is_terminal ? session.terminal().width : 0;
}

void print_layer_errors(Session& session, const json::Value& layer) {
  for (const json::Value& fault : array_of(layer, "errors")) {
    json::Value diagnostic = fault;
    if (!diagnostic.is_object()) continue;
    diagnostic.set("severity", "error");
    diagnostic.set("code", "invalid-policy");
    session.print(diagnostic_text(diagnostic, session.styled(), out_width(session)));
  }
}

void tell_placed(Session& session, const json::Value& place, const std::string& message) {
  const std::string where = shown_place(place);
  session.warn((where.empty() ? "" : where + ": ") + message);
}

void tell_findings(Session& session, const json::Value& status) {
  for (const json::Value& entry : array_of(status, "unmatched")) tell_placed(session, entry, unmatched_words(entry));
  for (const json::Value& conflict : array_of(status, "conflicts"))
    tell_placed(session, member_of(conflict, "against"), text_of(conflict, "message"));
  for (const json::Value& remark : array_of(status, "warnings"))
    tell_placed(session, remark, text_of(remark, "message"));
}

Result<int> validate_layers(Session& session) {
  COWORK_ASSIGN(const json::Value status, session.call("admin:policiesStatus"));
  const json::Array& layers = array_of(status, "layers");
  const bool valid = std::none_of(layers.begin(), layers.end(), is_invalid);
  const int exit = valid ? 0 : exit_status(ErrorCode::invalid_policy);
  if (session.json()) {
    session.document({{"status", status}});
    return exit;
  }
  session.print(layer_table(status));
  for (const json::Value& layer : layers) print_layer_errors(session, layer);
  tell_findings(session, status);
  if (!valid) session.say("repair the file, or: cowork policy set --start-from last-good|defaults ASSIGNMENT...");
  return exit;
}

/// The fault of a policy file, with its place in that file; none when it is valid.
Result<std::optional<Error>> fault_of(Session& session, const std::string& file, const std::string& text) {
  const Result<json::Document> document = json::parse(text, file, json::policy_limits, ErrorCode::invalid_policy);
  if (!document) return std::optional<Error>(document.error());
  const Result<json::Value> reply =
      session.call("admin:simulate", json::Value::object({{"candidate", document->root}}));
  if (reply) return std::optional<Error>();
  Error error = reply.error();
  if (error.code() != ErrorCode::invalid_policy && error.code() != ErrorCode::invalid_argument) return fail(error);
  const std::string pointer = error.place() ? error.place()->pointer : std::string();
  return std::optional<Error>(Error::invalid_policy(error.message(), locate(*document, pointer)));
}

Result<int> validate_file(Session& session, const std::string& file) {
  COWORK_ASSIGN(const std::string text, read_input(file, session.terminal().in, json::policy_limits.max_bytes));
  const std::string shown_name = file == "-" ? "<standard input>" : file;
  COWORK_ASSIGN(const std::optional<Error> fault, fault_of(session, shown_name, text));
  json::Value diagnostics = json::Value::array();
  if (fault)
    diagnostics.push_back(diagnostic_json({Severity::error, "invalid-policy", fault->message(),
                                           fault->place().value_or(SourcePlace{shown_name, 0, 0, {}})}));
  const int exit = fault ? exit_status(ErrorCode::invalid_policy) : 0;
  if (session.json()) {
    session.document(
        {{"validation",
          json::Value::object({{"path", shown_name}, {"valid", !fault}, {"diagnostics", std::move(diagnostics)}})}});
    return exit;
  }
  for (const json::Value& diagnostic : *diagnostics.as_array())
    session.print(diagnostic_text(diagnostic, session.styled(), out_width(session)));
  session.print_line(session.styled()(fault ? Style::red : Style::green, fault ? "invalid" : "valid") + "  " +
                     printable(shown_name));
  return exit;
}

std::string decoded_step(std::string_view step) {
  std::string key;
  for (std::size_t index = 0; index < step.size(); ++index) {
    const bool escape = step[index] == '~' && index + 1 < step.size();
    key += escape ? (step[++index] == '1' ? '/' : '~') : step[index];
  }
  return key;
}

const json::Value* child_of(const json::Value& value, const std::string& key) {
  if (value.is_object()) return value.find(key);
  const json::Array* items = value.as_array();
  if (!items || key.empty() || key.find_first_not_of("0123456789") != std::string::npos) return nullptr;
  const std::size_t index = std::strtoull(key.c_str(), nullptr, 10);
  return index < items->size() ? &(*items)[index] : nullptr;
}

}  // namespace

SourcePlace locate(const json::Document& document, const std::string& pointer) {
  const json::Value* value = &document.root;
  for (std::size_t start = pointer.empty() ? std::string::npos : 1;
       start != std::string::npos && start <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', start), pointer.size());
    const json::Value* child = child_of(*value, decoded_step(std::string_view(pointer).substr(start, end - start)));
    if (!child) break;
    value = child;
    start = end + 1;
  }
  return document.place(*value, pointer);
}

Result<json::Value> read_candidate(Session& session, const std::vector<std::string>& words) {
  if (words.size() == 1 && !looks_like_assignment(words.front())) return read_changes(session, words, {});
  COWORK_ASSIGN(LayerDocument layer, read_layer(session, "user"));
  COWORK_ASSIGN(const json::Value patch, read_changes(session, words, layer.document));
  return json::merge_patch(std::move(layer.document), patch);
}

Result<int> validate_policy(Session& session, const std::string& file) {
  return file.empty() ? validate_layers(session) : validate_file(session, file);
}

}  // namespace cowork::cli
