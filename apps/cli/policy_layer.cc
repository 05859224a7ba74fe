#include "policy_layer.h"

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "local_path.h"
#include "policy_assignment.h"

namespace cowork::cli {
namespace {

Result<json::Value> read_file(Session& session, const std::string& path) {
  COWORK_ASSIGN(const std::string text, read_input(path, session.terminal().in, json::policy_limits.max_bytes));
  const std::string shown_name = path == "-" ? "<standard input>" : path;
  COWORK_ASSIGN(json::Document document, json::parse(text, shown_name, json::policy_limits, ErrorCode::invalid_policy));
  return std::move(document.root);
}

Error mixed_words(const std::string& word) {
  return Error::invalid_argument(cowork::quoted(word) + " is no assignment")
      .with_why("either assignments or the name of one JSON file is taken")
      .with_remedy("cowork policy set --help");
}

}  // namespace

const json::Value* layer_status(const json::Value& status, std::string_view layer) {
  for (const json::Value& candidate : array_of(status, "layers"))
    if (text_of(candidate, "layer") == layer) return &candidate;
  return nullptr;
}

bool is_invalid(const json::Value& layer) {
  const std::string state = text_of(layer, "state");
  return state == "last-good" || state == "broken";
}

Result<json::Value> get_policy(Session& session, const std::string& layer) {
  if (layer.empty() || layer == "effective") return session.call("admin:policiesGet");
  return session.call("admin:policiesGet", json::Value::object({{"options", json::Value::object({{"layer", layer}})}}));
}

Result<LayerDocument> read_layer(Session& session, const std::string& layer) {
  COWORK_ASSIGN(const json::Value status, session.call("admin:policiesStatus"));
  LayerDocument result;
  if (const json::Value* found = layer_status(status, layer)) {
    result.revision = text_of(*found, "revision");
    result.path = text_of(*found, "path");
  }
  COWORK_ASSIGN(result.document, get_policy(session, layer));
  return result;
}

Result<json::Value> read_changes(Session& session, const std::vector<std::string>& words, const json::Value& current) {
  if (words.size() == 1 && !looks_like_assignment(words.front())) return read_file(session, words.front());
  std::vector<Assignment> assignments;
  for (const std::string& word : words) {
    if (!looks_like_assignment(word)) return fail(mixed_words(word));
    COWORK_ASSIGN(Assignment assignment, parse_assignment(word));
    assignments.push_back(std::move(assignment));
  }
  return to_patch(assignments, current);
}

}  // namespace cowork::cli
