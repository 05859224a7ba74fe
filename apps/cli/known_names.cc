#include "known_names.h"

#include <algorithm>

#include "cowork/base/text.h"
#include "json_fields.h"

namespace cowork::cli {

std::vector<std::string> pack_ids(Session& session) {
  std::vector<std::string> ids;
  const Result<json::Value> packs = session.call("pluginPack:list");
  if (!packs || !packs->as_array()) return ids;
  for (const json::Value& pack : *packs->as_array()) {
    ids.push_back(text_of(pack, "name"));
    const std::string alias = text_of(pack, "alias");
    if (!alias.empty() && alias != ids.back()) ids.push_back(alias);
  }
  return ids;
}

namespace {

/// What discovery said about a directory of that name; null when it said nothing.
const json::Value* refusal_of(const json::Value& status, std::string_view name) {
  const std::string within = "/" + std::string(name) + "/";
  for (const json::Value& diagnostic : array_of(status, "diagnostics"))
    if ((text_of(diagnostic, "path") + "/").find(within) != std::string::npos) return &diagnostic;
  return nullptr;
}

}  // namespace

Error unknown_pack(Session& session, std::string_view name, std::string_view command) {
  Error error = Error::not_found("no pack is named " + cowork::quoted(name))
                    .with_why("none of the tiers (builtin, organization, user) holds a usable pack of that name");
  const Result<json::Value> status = session.call("host:status");
  const json::Value* refusal = status ? refusal_of(*status, name) : nullptr;
  if (!refusal) return with_pack_suggestion(session, std::move(error), name, command);
  return error.with_why("it was refused: " + shown_place(*refusal) + ": " + text_of(*refusal, "message"))
      .with_remedy("cowork doctor");
}

Error with_pack_suggestion(Session& session, Error error, std::string_view name, std::string_view command) {
  // The host's own next step for an unknown pack is the list; a name is a better one.
  const bool open = error.remedy().empty() || error.remedy() == "cowork pack list";
  if (error.code() != ErrorCode::not_found || !open) return error;
  const std::vector<std::string> known = pack_ids(session);
  // What was not found then is something else: a lock record, a source.
  if (std::find(known.begin(), known.end(), name) != known.end()) return error;
  const std::vector<std::string> found = nearest(name, known);
  if (!found.empty())
    error.with_remedy("did you mean " + cowork::quoted(found.front()) + "? " + std::string(command) + " " +
                      found.front());
  return error;
}

}  // namespace cowork::cli
