// Bytes that were fetched, in a file of the scratch directory, hashed while they come.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cowork/base/result.h"
#include "cowork/base/sha256.h"
#include "cowork/loaders/descriptor.h"

namespace cowork::fetch {

/// Threads: one owner.
class FetchedFile {
 public:
  /// A new file without a name in `directory`. Errors: io.
  static Result<FetchedFile> make(const std::string& directory, std::uint64_t most_bytes);
  FetchedFile(FetchedFile&& other) noexcept;
  FetchedFile& operator=(FetchedFile&&) = delete;
  ~FetchedFile();

  /// Errors: invalid-argument (more than most_bytes), io.
  Result<void> append(std::string_view bytes);
  std::uint64_t size() const noexcept { return size_; }
  /// Lower-case hex of all of it; nothing may be appended after it.
  std::string sha256() { return hash_.hex(); }
  /// All of it, as long as this lives and nothing is appended. Errors: io.
  Result<std::string_view> bytes();

 private:
  FetchedFile(loaders::Descriptor file, std::uint64_t most_bytes);
  loaders::Descriptor file_;
  std::uint64_t most_bytes_;
  std::uint64_t size_ = 0;
  Sha256 hash_;
  void* mapped_ = nullptr;
};

}  // namespace cowork::fetch
