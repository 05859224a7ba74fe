// Operations that run inside others, and the questions that judges are asked about a pack. They can't be called from
// outside.
#pragma once

#include <memory>
#include <string>

#include "cowork/catalog/catalog.h"
#include "cowork/operation/operation.h"
#include "cowork/ports/disk.h"
#include "cowork/state/scan_report.h"

namespace cowork {

/// What interceptors of `pack:admit` found out, for the record of the pack. Written inside intercept(), by the thread
/// of the call. Comes in with the report that a pack of the very same tree was released from; else empty.
struct AdmissionNotes {
  std::shared_ptr<const ScanReport> scan;
};

/// Nested: may this pack become visible? Asked between staging and publishing.
struct AdmitPack {
  std::string name;
  std::string alias = {};
  Scope scope = Scope::user;
  std::string source_kind = {};            ///< as LockRecord::source_kind, or `scaffold`
  const PackManifest* manifest = nullptr;  ///< borrowed for the time of the call; may be null when only the id is known
  const Directory* files = nullptr;  ///< borrowed likewise: the pack's own, in staging; null when there are none yet
  AdmissionNotes* notes = nullptr;   ///< borrowed likewise; null where nobody keeps them
  struct Reply {};
  static constexpr OperationInfo info{.name = "pack:admit", .nested = true};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", name}; }
};

/// Nested, and the question behind every list and `explain`: may this pack of the catalog contribute? When a host
/// starts, declarative packs are judged by this question only; it runs as an operation when a pack becomes active in a
/// running host. A refusal inside intercept() puts the pack into state `error` for as long as this host runs; refuse in
/// judge() to hold.
struct ActivatePack {
  std::string name;
  struct Reply {};
  static constexpr OperationInfo info{.name = "pack:activate", .nested = true, .acts = true};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", name}; }
};

struct DeactivatePack {
  std::string name;
  struct Reply {};
  static constexpr OperationInfo info{.name = "pack:deactivate", .nested = true, .refusable = false, .acts = true};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", name}; }
};

}  // namespace cowork
