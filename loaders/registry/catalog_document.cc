#include "catalog_document.h"

#include <fmt/format.h>

#include <unordered_set>

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

constexpr std::size_t most_named = 100;

/// Diagnostics of entries that are left out; a hostile catalog has more of them than anybody wants to see.
class LeftOut {
 public:
  explicit LeftOut(SourcePlace place) : place_(std::move(place)) {}
  void add(Diagnostic diagnostic) {
    if (named_.size() < most_named)
      named_.push_back(std::move(diagnostic));
    else
      ++more_;
  }
  std::vector<Diagnostic> take() {
    if (more_ > 0)
      named_.push_back(
          {Severity::warning, "invalid-registry", fmt::format("{} more entries are left out", more_), place_});
    return std::move(named_);
  }

 private:
  SourcePlace place_;  // of all entries
  std::vector<Diagnostic> named_;
  std::size_t more_ = 0;
};

class CatalogReader {
 public:
  CatalogReader(const json::Document& document, const json::Value& value, const std::string& pointer)
      : document_(document), value_(value), pointer_(pointer) {}

  Result<CatalogDocument> read() const {
    if (!value_.is_object()) return fail(wrong(value_, pointer_, "an object"));
    const json::Value* version = value_.find("version");
    if (!version) return fail(missing("version"));
    if (version->as_int64() != 1) return fail(wrong(*version, pointer_ + "/version", "version 1 of the catalog"));
    const json::Value* updated = value_.find("updatedAt");
    if (updated && !updated->is_string()) return fail(wrong(*updated, pointer_ + "/updatedAt", "a string"));
    const json::Value* packs = value_.find("packs");
    if (!packs) return fail(missing("packs"));
    if (!packs->is_array()) return fail(wrong(*packs, pointer_ + "/packs", "an array"));
    return read_entries(*packs, updated ? *updated->as_string() : std::string());
  }

 private:
  CatalogDocument read_entries(const json::Value& packs, std::string updated_at) const {
    const std::string pointer = pointer_ + "/packs";
    auto catalog = std::make_shared<RegistryCatalog>();
    catalog->updated_at = std::move(updated_at);
    LeftOut left_out(document_.place(packs, pointer));
    std::unordered_set<std::string> ids;
    const json::Array& values = *packs.as_array();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string here = pointer + "/" + std::to_string(i);
      auto entry = read_entry(document_, values[i], here);
      if (auto* fault = std::get_if<Diagnostic>(&entry)) {
        left_out.add(std::move(*fault));
        continue;
      }
      auto& read = std::get<RegistryEntry>(entry);
      if (ids.insert(read.id).second)
        catalog->entries.push_back(std::move(read));
      else
        left_out.add(left_out_entry("an entry before it has the id " + quoted(read.id),
                                    document_.place(*values[i].find("id"), here + "/id")));
    }
    return {std::move(catalog), left_out.take()};
  }

  Error wrong(const json::Value& value, std::string pointer, std::string_view expected) const {
    const std::string found = value.number_lexeme() ? *value.number_lexeme() : std::string(describe(value.kind()));
    return not_a_catalog(fmt::format("expected {}, found {}", expected, found),
                         document_.place(value, std::move(pointer)));
  }
  Error missing(std::string_view member) const {
    return not_a_catalog(fmt::format("it has no member {}", quoted(member)), document_.place(value_, pointer_));
  }
  Error not_a_catalog(std::string fault, SourcePlace place) const {
    const std::string where = place.to_string();
    return Error::invalid_argument(quoted(document_.file()) + " is no catalog of packs")
        .with_why(where + ": " + std::move(fault))
        .with_place(std::move(place));
  }

  const json::Document& document_;
  const json::Value& value_;
  const std::string& pointer_;
};

}  // namespace

Diagnostic left_out_entry(std::string fault, SourcePlace place) {
  return {Severity::warning, "invalid-registry", "an entry is left out: " + std::move(fault), std::move(place)};
}

Result<CatalogDocument> read_catalog(const json::Document& document, const json::Value& value,
                                     const std::string& pointer) {
  return CatalogReader(document, value, pointer).read();
}

}  // namespace cowork::loaders
