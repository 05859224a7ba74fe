// The layers of the admin policy, as the host tells of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/base/result.h"
#include "session.h"

namespace cowork::cli {

/// The names that `--layer` takes.
inline const std::vector<std::string>& layer_names() {
  static const std::vector<std::string> names{"effective", "user", "machine"};
  return names;
}

/// What one layer's file says, and the revision that it was read at.
struct LayerDocument {
  json::Value document;
  std::string revision;
  std::string path;
};

/// `layer` is `user` or `machine`. The revision is asked first: a change between the two questions becomes a conflict,
/// never a lost update. Errors: those of the operations.
Result<LayerDocument> read_layer(Session& session, const std::string& layer);

/// `admin:policiesGet` of a layer; empty is the effective document.
Result<json::Value> get_policy(Session& session, const std::string& layer);

/// The element of `admin:policiesStatus`' layers that is called `layer`; null when there is none.
const json::Value* layer_status(const json::Value& status, std::string_view layer);

/// True when a layer's file is not what is in force: last-good or broken.
bool is_invalid(const json::Value& layer);

/// What would become of one layer if `words` (assignments, or the name of one JSON file) were set, and the partial
/// document itself. Errors: invalid-argument, not-found, invalid-policy for a file that is no JSON.
Result<json::Value> read_changes(Session& session, const std::vector<std::string>& words, const json::Value& current);

}  // namespace cowork::cli
