// The text of pack-catalog.json → a catalog. Private to loaders/registry.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cowork/base/json_reader.h"
#include "cowork/host/registry.h"

namespace cowork::loaders {

inline constexpr std::string_view catalog_file = "pack-catalog.json";
inline constexpr json::Limits catalog_limits = json::policy_limits;

struct CatalogDocument {
  std::shared_ptr<const RegistryCatalog> catalog;
  /// `invalid-registry`: entries that were left out, the first hundred by name and a line for the rest.
  std::vector<Diagnostic> left_out;
};

/// Reads `value` of `document`, which stands there at `pointer`. Errors: invalid-argument (no catalog of version 1).
Result<CatalogDocument> read_catalog(const json::Document& document, const json::Value& value,
                                     const std::string& pointer);

/// The entry `value`, which stands at `pointer`, or what is wrong with it and where.
std::variant<RegistryEntry, Diagnostic> read_entry(const json::Document& document, const json::Value& value,
                                                   const std::string& pointer);

/// What is told of an entry that is left out.
Diagnostic left_out_entry(std::string fault, SourcePlace place);

}  // namespace cowork::loaders
