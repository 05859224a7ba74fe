#include <cstddef>
#include <cstring>

#include "cowork/catalog/catalog.h"

namespace cowork {

PackStorage::PackStorage(Scope scope, std::string_view tier_path) : scope_(scope) {
  block_.text(block_.reserve<CompactText>(), tier_path);
  tier_path_ = block_.finish<CompactText>(arena_);
}

const PackRecord& PackStorage::add(const FoundPack& found) {
  const std::string outcome_examples =
      found.manifest.outcome_examples.is_array() ? json::to_text(found.manifest.outcome_examples) : std::string();
  block_.clear();
  const auto record = block_.reserve<PackRecord>();
  block_.text(record, &PackRecord::alias, found.alias);
  PackRecord& root = block_.at(record);
  root.scope = scope_;
  root.manifest_hash = found.manifest_hash;
  root.tier_path = tier_path_;
  write_summary(block_, block_.member(record, &PackRecord::manifest), found.manifest, outcome_examples);
  std::size_t bytes = 0;
  PackRecord& made = *block_.finish<PackRecord>(arena_, &bytes);
  made.block_bytes = static_cast<std::uint32_t>(bytes);
  return made;
}

const PackRecord& PackStorage::add(const PackRecord& record) {
  std::byte* const block = arena_.allocate(record.block_bytes);
  std::memcpy(block, &record, record.block_bytes);
  auto& copy = *std::launder(reinterpret_cast<PackRecord*>(block));
  copy.tier_path = tier_path_;
  return copy;
}

bool PackRecord::same_as(const PackRecord& other) const noexcept {
  if (this == &other) return true;
  // Blocks hold no pointer but this one, so equal content is equal bytes.
  constexpr std::size_t rest = offsetof(PackRecord, block_bytes);
  static_assert(offsetof(PackRecord, tier_path) == 0);
  const auto bytes = [](const PackRecord& record) { return reinterpret_cast<const std::byte*>(&record) + rest; };
  return block_bytes == other.block_bytes && *tier_path == *other.tier_path &&
         std::memcmp(bytes(*this), bytes(other), block_bytes - rest) == 0;
}

void TierFindings::add(FoundPack found) {
  if (!own_storage_) {
    own_storage_ = std::make_shared<PackStorage>(root.scope, root.path);
    storage.push_back(own_storage_);
  }
  auto fault = found.fault ? std::make_shared<const Error>(*std::move(found.fault)) : nullptr;
  packs.push_back({&own_storage_->add(found), std::move(fault), nullptr, 0});
}

}  // namespace cowork
