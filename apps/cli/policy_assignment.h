// `packs.blocked+=x`, `general.allowGitInstall=false`: changes of the policy as they are written on a command line,
// turned into the partial document that `admin:policiesUpdate` takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/base/result.h"

namespace cowork::cli {

enum class AssignmentKind { set, add, remove };

struct Assignment {
  std::string path;  ///< a member of the policy, such as `packs.blocked`
  AssignmentKind kind = AssignmentKind::set;
  std::string value;  ///< as written
};

/// Whether `word` has the form of an assignment; what has not is the name of a file.
bool looks_like_assignment(std::string_view word);

/// Errors: invalid-argument for an unknown path (with the nearest), and for += and -= on what is no list.
Result<Assignment> parse_assignment(std::string_view word);

/// Whether any of them needs to know the list that it adds to or takes from.
bool needs_current(const std::vector<Assignment>& assignments);

/// The partial document that makes `assignments`, in order, of a layer that says `current`. An empty text clears an
/// optional string. Errors: invalid-argument for a value of the wrong type.
Result<json::Value> to_patch(const std::vector<Assignment>& assignments, const json::Value& current);

/// Every path of the policy that can be assigned.
std::vector<std::string> policy_paths();

/// The value at a dotted path; null when there is none.
const json::Value* at_path(const json::Value& document, std::string_view path);

}  // namespace cowork::cli
