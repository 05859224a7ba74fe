// The operations of the admin policy on itself (SPEC §7, `admin:*`). How they look in JSON is written in operations/.
#pragma once

#include <optional>
#include <string>

#include "cowork/base/json.h"
#include "cowork/operation/operation.h"
#include "cowork/operation/verdict.h"

namespace cowork::admin_policy {

/// The policy in force as a document of the seed's shape, or one layer's own document.
struct GetPolicies {
  std::string layer = "effective";  ///< `effective`, `user`, `machine`
  struct Reply {
    /// `user`, `machine`: the document in force from that layer, as it stands in its file; `{}` where it has none.
    json::Value policy;
  };
  static constexpr OperationInfo info{.name = "admin:policiesGet", .pace = Pace::memory};
  Result<void> validate() const;
  Subject subject() const { return {"policy", layer}; }
};

/// A partial document by the rules of RFC 7396 onto the user layer, or (as root) the machine layer (SPEC §6,
/// "Updates"). Errors: policy-denied where the patch would loosen a higher layer, policy-unavailable on top of an
/// invalid file without `start_from`, invalid-policy with the place in the document that would be written, conflict,
/// io.
struct UpdatePolicies {
  json::Value updates;      ///< an object
  std::string if_revision;  ///< of the layer, as `admin:policiesStatus` tells it; empty: any
  /// `last-good` or `defaults`: what to start from instead of the file. Needed where the file is invalid; on a valid
  /// file `last-good` is its content, and `defaults` resets the layer.
  std::string start_from;
  std::string layer = "user";  ///< `user`, `machine`
  struct Reply {
    json::Value policy;  ///< the whole effective document
  };
  static constexpr OperationInfo info{.name = "admin:policiesUpdate", .effect = Effect::mutate, .repairs_policy = true};
  Result<void> validate() const;
  Subject subject() const { return {"policy", layer}; }
};

/// How a pack stands. An id that no known pack has is judged by itself.
struct CheckPack {
  std::string pack_id;
  struct Reply {
    std::string pack_id;  ///< as asked
    bool allowed = false;
    bool required = false;
  };
  static constexpr OperationInfo info{.name = "admin:checkPack", .pace = Pace::memory};
  Result<void> validate() const;
  Subject subject() const { return {"pack", pack_id}; }
};

/// Layers with state, revision, path, errors; the origin of every value; what matches nothing, conflicts, warnings.
struct GetPoliciesStatus {
  struct Reply {
    json::Value status;
  };
  static constexpr OperationInfo info{.name = "admin:policiesStatus", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"policy", {}}; }
};

/// The verdict on a public operation, without side effects. What is counted only while it happens (agents, the id of a
/// pack that is still to be fetched) is not part of it.
struct Explain {
  std::string operation;
  json::Value params;
  struct Reply {
    std::string operation;
    Verdict verdict = Verdict::no_opinion();
  };
  static constexpr OperationInfo info{.name = "admin:explain", .pace = Pace::memory};
  Result<void> validate() const;
  Subject subject() const { return {"policy", operation}; }
};

/// What would change if `candidate` (a whole policy document) were the user layer. Errors: invalid-policy.
struct Simulate {
  json::Value candidate;
  struct Reply {
    json::Value report;
  };
  static constexpr OperationInfo info{.name = "admin:simulate"};
  Result<void> validate() const;
  Subject subject() const { return {"policy", "user"}; }
};

}  // namespace cowork::admin_policy
