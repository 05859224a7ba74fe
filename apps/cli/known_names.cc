#include "known_names.h"

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

Error unknown_pack(Session& session, std::string_view name, std::string_view command) {
  Error error = Error::not_found("no pack is called " + cowork::quoted(name)).with_why("no tier of this host has it");
  return with_pack_suggestion(session, std::move(error), name, command);
}

Error with_pack_suggestion(Session& session, Error error, std::string_view name, std::string_view command) {
  if (error.code() != ErrorCode::not_found || !error.remedy().empty()) return error;
  const std::vector<std::string> found = nearest(name, pack_ids(session));
  if (!found.empty())
    error.with_remedy("did you mean " + cowork::quoted(found.front()) + "? " + std::string(command) + " " +
                      found.front());
  return error;
}

}  // namespace cowork::cli
