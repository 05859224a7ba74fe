#include "operations.h"

#include <algorithm>
#include <set>

#include "cowork/base/text.h"
#include "json_fields.h"

namespace cowork::cli {

std::vector<std::string> operation_names(Session& session) {
  const Result<json::Value> chain = session.call("host:chain");
  std::set<std::string> names;
  if (chain && chain->as_array())
    for (const json::Value& member : *chain->as_array())
      for (std::string& name : strings_of(member_of(member, "operations")))
        // Nested operations run inside others and can't be asked for.
        if (!name.starts_with("pack:")) names.insert(std::move(name));
  return {names.begin(), names.end()};
}

Error with_operation_suggestion(Session& session, Error error, const std::string& operation) {
  const bool may_be_unknown = error.code() == ErrorCode::invalid_argument || error.code() == ErrorCode::not_found;
  if (!may_be_unknown || !error.remedy().empty()) return error;
  const std::vector<std::string> names = operation_names(session);
  if (std::find(names.begin(), names.end(), operation) != names.end()) return error;
  const std::vector<std::string> found = nearest(operation, names);
  if (!found.empty()) error.with_remedy("did you mean " + found.front() + "? cowork call " + found.front());
  return error;
}

}  // namespace cowork::cli
