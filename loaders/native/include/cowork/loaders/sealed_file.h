// Bytes as a file that nobody can change any more: what was checked and what is loaded are the same.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/result.h"

namespace cowork::loaders {

/// A sealed file in memory. Closed by its destructor. Threads: const use by many.
class SealedFile {
 public:
  /// `name` shows in the process's memory map. Errors: io.
  static Result<SealedFile> make(const std::string& name, std::string_view bytes);
  /// Owns a descriptor of such a file that another process handed over.
  static SealedFile adopt(int descriptor) noexcept { return SealedFile(descriptor); }
  SealedFile(SealedFile&& other) noexcept;
  SealedFile& operator=(SealedFile&&) = delete;
  ~SealedFile();

  /// For handing it to another process.
  int descriptor() const noexcept { return descriptor_; }
  /// Opens these bytes for as long as this object lives; afterwards the same path may mean another file.
  std::string path() const;

 private:
  explicit SealedFile(int descriptor) noexcept : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace cowork::loaders
