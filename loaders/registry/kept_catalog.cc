#include "kept_catalog.h"

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

constexpr std::string_view kept_file = "registry.json";
// Around the catalog.
constexpr json::Limits kept_limits{catalog_limits.max_bytes + (64u << 10), catalog_limits.max_values + 16,
                                   catalog_limits.max_depth + 1};
constexpr std::uint32_t owner_only = 0600;

Result<std::optional<KeptCatalog>> read_document(const json::Document& document, const std::string& address) {
  const json::Value* from = document.root.find("address");
  const json::Value* fetched = document.root.find("fetchedAt");
  const json::Value* catalog = document.root.find("catalog");
  const auto fetched_at_ms = fetched ? fetched->as_int64() : std::nullopt;
  if (!from || !from->is_string() || !fetched_at_ms || !catalog)
    return fail(Error::invalid_argument(quoted(document.file()) + " is no copy of a registry's catalog"));
  if (*from->as_string() != address) return std::nullopt;
  COWORK_ASSIGN(auto read, read_catalog(document, *catalog, "/catalog"));
  return KeptCatalog{std::move(read), *fetched_at_ms};
}

}  // namespace

Result<std::optional<KeptCatalog>> read_kept(const Disk& disk, const std::string& home, const std::string& address) {
  const auto directory = disk.open(home);
  const auto text = directory ? (*directory)->read(kept_file, kept_limits.max_bytes) : fail(directory.error());
  if (!text && text.error().code() == ErrorCode::not_found) return std::nullopt;
  COWORK_TRY(text);
  const std::string path = home + "/" + std::string(kept_file);
  COWORK_ASSIGN(const json::Document document, json::parse(*text, path, kept_limits, ErrorCode::invalid_argument));
  return read_document(document, address);
}

Result<void> keep(Disk& disk, const std::string& home, const std::string& address, std::int64_t fetched_at_ms,
                  json::Value catalog) {
  json::Value kept = json::Value::object({{"address", address}, {"fetchedAt", fetched_at_ms}});
  kept.set("catalog", std::move(catalog));
  COWORK_ASSIGN(const auto directory, disk.open_or_make(home, 0700));
  return directory->replace(kept_file, json::to_text(kept), owner_only);
}

}  // namespace cowork::loaders
