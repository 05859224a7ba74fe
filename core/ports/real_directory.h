// A directory of the process's file system.
#pragma once

#include "beneath.h"

namespace cowork::ports {

/// Threads: any; the descriptor never changes and every call works beneath it.
class RealDirectory final : public Directory {
 public:
  RealDirectory(Descriptor descriptor, std::string path, Resolver resolver)
      : descriptor_(std::move(descriptor)), beneath_(descriptor_.get(), std::move(path), resolver) {}

  const std::string& path() const noexcept override { return beneath_.path(); }
  Result<std::vector<DirectoryEntry>> entries() const override;
  Result<FileStatus> status(std::string_view relative) const override;
  Result<std::string> read(std::string_view relative, std::size_t max_bytes, FileStatus* status_out) const override;
  Result<FileStatus> identity(std::string_view relative) const override;
  Result<std::string_view> read_into(FileBuffer& buffer, std::string_view relative, std::size_t max_bytes,
                                     FileStatus* status_out) const override;
  Result<std::shared_ptr<Directory>> directory(std::string_view relative) const override;
  Result<void> make_directory(std::string_view relative, std::uint32_t mode) override;
  Result<void> write_new(std::string_view relative, std::string_view bytes, std::uint32_t mode) override;
  Result<void> replace(std::string_view name, std::string_view bytes, std::uint32_t mode) override;
  Result<void> append(std::string_view name, std::string_view bytes, std::uint32_t mode) override;
  Result<void> truncate(std::string_view name, std::uint64_t size) override;
  Result<void> rename(std::string_view from, Directory& target, std::string_view to, RenameMode mode) override;
  Result<void> remove(std::string_view relative) override;
  Result<void> sync() override;
  Result<std::unique_ptr<FileLock>> lock(std::string_view name, std::chrono::milliseconds wait) override;

 private:
  Descriptor descriptor_;
  Beneath beneath_;
};

}  // namespace cowork::ports
