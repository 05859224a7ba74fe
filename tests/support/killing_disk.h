// The process's disk, on which the process dies: just before the step of a given number that would change something.
#pragma once

#include <csignal>
#include <memory>

#include "cowork/ports/disk.h"

namespace cowork::test {

class KillingDisk final : public Disk {
 public:
  /// Steps count from 1; 0 only counts them.
  KillingDisk(std::shared_ptr<Disk> disk, int dies_before)
      : disk_(std::move(disk)), count_(new Count{dies_before, 0}) {}

  Result<std::shared_ptr<Directory>> open(std::string_view path) const override {
    COWORK_ASSIGN(auto opened, disk_->open(path));
    return std::make_shared<KillingDirectory>(std::move(opened), count_);
  }
  Result<std::shared_ptr<Directory>> open_or_make(std::string_view path, std::uint32_t mode) override {
    count_->step();
    COWORK_ASSIGN(auto opened, disk_->open_or_make(path, mode));
    return std::make_shared<KillingDirectory>(std::move(opened), count_);
  }
  Trust trust_of_directory(std::string_view path) const override { return disk_->trust_of_directory(path); }

  int steps() const noexcept { return count_->steps; }

 private:
  struct Count {
    int dies_before;
    int steps;
    void step() {
      if (++steps == dies_before) std::raise(SIGKILL);
    }
  };

  class KillingDirectory final : public Directory {
   public:
    KillingDirectory(std::shared_ptr<Directory> inner, std::shared_ptr<Count> count)
        : inner_(std::move(inner)), count_(std::move(count)) {}
    const std::string& path() const noexcept override { return inner_->path(); }
    Result<std::vector<DirectoryEntry>> entries() const override { return inner_->entries(); }
    Result<FileStatus> status(std::string_view relative) const override { return inner_->status(relative); }
    Result<std::string> read(std::string_view relative, std::size_t max_bytes, FileStatus* out) const override {
      return inner_->read(relative, max_bytes, out);
    }
    Result<std::shared_ptr<Directory>> directory(std::string_view relative) const override {
      COWORK_ASSIGN(auto opened, inner_->directory(relative));
      return std::make_shared<KillingDirectory>(std::move(opened), count_);
    }
    Result<void> make_directory(std::string_view relative, std::uint32_t mode) override {
      count_->step();
      return inner_->make_directory(relative, mode);
    }
    Result<void> write_new(std::string_view relative, std::string_view bytes, std::uint32_t mode) override {
      count_->step();
      return inner_->write_new(relative, bytes, mode);
    }
    Result<void> replace(std::string_view name, std::string_view bytes, std::uint32_t mode) override {
      count_->step();
      return inner_->replace(name, bytes, mode);
    }
    Result<void> append(std::string_view name, std::string_view bytes, std::uint32_t mode) override {
      count_->step();
      return inner_->append(name, bytes, mode);
    }
    Result<void> truncate(std::string_view name, std::uint64_t size) override {
      count_->step();
      return inner_->truncate(name, size);
    }
    Result<void> rename(std::string_view from, Directory& target, std::string_view to, RenameMode mode) override {
      count_->step();
      return inner_->rename(from, *static_cast<KillingDirectory&>(target).inner_, to, mode);
    }
    Result<void> remove(std::string_view relative) override {
      count_->step();
      return inner_->remove(relative);
    }
    Result<void> sync() override {
      count_->step();
      return inner_->sync();
    }
    Result<std::unique_ptr<FileLock>> lock(std::string_view name, std::chrono::milliseconds wait) override {
      count_->step();
      return inner_->lock(name, wait);
    }

   private:
    std::shared_ptr<Directory> inner_;
    std::shared_ptr<Count> count_;
  };

  std::shared_ptr<Disk> disk_;
  std::shared_ptr<Count> count_;
};

}  // namespace cowork::test
