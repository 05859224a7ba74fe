#include <algorithm>
#include <set>
#include <unordered_map>

#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {
namespace {

using Catalog = std::shared_ptr<const RegistryCatalog>;

Result<Catalog> catalog_of(HostImpl& host, AdmittedBase& admitted) {
  const CallOptions& options = admitted.call().options();
  return host.registry().catalog({options.stop, options.deadline});
}

/// Letters beyond ASCII are compared as they stand.
bool same_letter(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

bool equal(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_letter);
}

bool begins(std::string_view text, std::string_view start) {
  return equal(text.substr(0, start.size()), start);
}

bool holds(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same_letter) != text.end() || part.empty();
}

/// How well an entry answers: smaller is better, none is no match.
std::optional<int> rank_of(const RegistryEntry& entry, std::string_view query) {
  if (query.empty()) return 0;
  if (equal(entry.id, query) || equal(entry.name, query)) return 0;
  if (begins(entry.id, query) || begins(entry.name, query)) return 1;
  const auto in = [&](std::string_view text) { return holds(text, query); };
  const bool found = in(entry.id) || in(entry.name) || in(entry.display_name) || in(entry.description) ||
                     in(entry.category) || std::any_of(entry.tags.begin(), entry.tags.end(), in);
  return found ? std::optional<int>(2) : std::nullopt;
}

/// Best match first; equally good ones in the catalog's order.
std::vector<const RegistryEntry*> matches_of(const RegistryCatalog& catalog, const SearchRegistry& request) {
  std::vector<std::pair<int, const RegistryEntry*>> ranked;
  for (const RegistryEntry& entry : catalog.entries) {
    if (!request.category.empty() && !equal(entry.category, request.category)) continue;
    if (const auto rank = rank_of(entry, request.query)) ranked.emplace_back(*rank, &entry);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const RegistryEntry*> matches;
  matches.reserve(ranked.size());
  for (const auto& match : ranked) matches.push_back(match.second);
  return matches;
}

}  // namespace

Result<SearchRegistry::Reply> search_registry(HostImpl& host, Admitted<SearchRegistry>& admitted) {
  const SearchRegistry& request = admitted.request();
  COWORK_ASSIGN(const Catalog catalog, catalog_of(host, admitted));
  const std::vector<const RegistryEntry*> matches = matches_of(*catalog, request);
  SearchRegistry::Reply reply{request.query, matches.size(), request.page, request.page_size, {}};
  const auto size = static_cast<std::uint64_t>(request.page_size);
  const auto pages_before = static_cast<std::uint64_t>(request.page - 1);
  if (pages_before > matches.size() / size) return reply;  // a page number may be too large to be multiplied
  const std::uint64_t end = std::min<std::uint64_t>(matches.size(), (pages_before + 1) * size);
  for (std::uint64_t i = pages_before * size; i < end; ++i) reply.results.push_back(*matches[i]);
  return reply;
}

Result<GetRegistryDetails::Reply> get_registry_details(HostImpl& host, Admitted<GetRegistryDetails>& admitted) {
  COWORK_ASSIGN(const Catalog catalog, catalog_of(host, admitted));
  const RegistryEntry* entry = catalog->find(admitted.request().pack_id);
  return entry ? GetRegistryDetails::Reply(*entry) : std::nullopt;
}

Result<GetRegistryCategories::Reply> get_registry_categories(HostImpl& host,
                                                             Admitted<GetRegistryCategories>& admitted) {
  COWORK_ASSIGN(const Catalog catalog, catalog_of(host, admitted));
  std::set<std::string> categories;
  for (const RegistryEntry& entry : catalog->entries)
    if (!entry.category.empty()) categories.insert(entry.category);
  return GetRegistryCategories::Reply(categories.begin(), categories.end());
}

Result<CheckUpdates::Reply> check_updates(HostImpl& host, Admitted<CheckUpdates>& admitted) {
  const Result<Catalog> catalog = catalog_of(host, admitted);
  // Asked in passing by whoever shows packs: without a registry there is no news, and that is no error.
  if (!catalog && catalog.error().code() == ErrorCode::not_found) return CheckUpdates::Reply{};
  COWORK_TRY(catalog);
  std::unordered_map<std::string_view, const RegistryEntry*> by_name;  // of several, the first
  for (const RegistryEntry& entry : (*catalog)->entries) by_name.emplace(entry.name, &entry);
  CheckUpdates::Reply updates;
  for (const PackRecord& pack : admitted.snapshot().catalog().packs()) {
    const auto found = by_name.find(pack.name());
    if (pack.scope != Scope::user || found == by_name.end()) continue;
    const std::string& latest = found->second->version;
    if (compare_versions(latest, pack.manifest.version) > 0)
      updates.push_back({std::string(pack.name()), pack.manifest.version.str(), latest});
  }
  return updates;
}

}  // namespace cowork::handlers
