#include "losing_disk.h"

#include "disk_model.h"
#include "survivor.h"

namespace cowork::test {
namespace {

constexpr std::size_t any_size = 1 << 30;

class LosingLock final : public FileLock {
 public:
  LosingLock(std::unique_ptr<FileLock> held, std::shared_ptr<DiskModel> model, std::string path)
      : held_(std::move(held)), model_(std::move(model)), path_(std::move(path)) {}
  Result<std::string> read() const override { return held_->read(); }
  Result<void> write(std::string_view bytes) override {
    COWORK_TRY(held_->write(bytes));
    model_->write(model_->at(path_), std::string(bytes));
    return {};
  }

 private:
  std::unique_ptr<FileLock> held_;
  std::shared_ptr<DiskModel> model_;
  std::string path_;
};

class LosingDirectory final : public Directory {
 public:
  LosingDirectory(std::shared_ptr<Directory> inner, std::shared_ptr<DiskModel> model)
      : inner_(std::move(inner)), model_(std::move(model)) {}

  const std::string& path() const noexcept override { return inner_->path(); }
  Result<std::vector<DirectoryEntry>> entries() const override { return inner_->entries(); }
  Result<FileStatus> status(std::string_view relative) const override { return inner_->status(relative); }
  Result<std::string> read(std::string_view relative, std::size_t max_bytes, FileStatus* out) const override {
    return inner_->read(relative, max_bytes, out);
  }
  Result<std::shared_ptr<Directory>> directory(std::string_view relative) const override {
    COWORK_ASSIGN(auto opened, inner_->directory(relative));
    return std::make_shared<LosingDirectory>(std::move(opened), model_);
  }

  Result<void> make_directory(std::string_view relative, std::uint32_t mode) override {
    COWORK_TRY(inner_->make_directory(relative, mode));
    model_->make(full(relative), FileKind::directory, mode);
    return {};
  }
  Result<void> write_new(std::string_view relative, std::string_view bytes, std::uint32_t mode) override {
    COWORK_TRY(inner_->write_new(relative, bytes, mode));
    const NodeId made = model_->make(full(relative), FileKind::regular, mode);
    model_->write(made, std::string(bytes));
    model_->sync_file(made);
    return {};
  }
  Result<void> replace(std::string_view name, std::string_view bytes, std::uint32_t mode) override {
    COWORK_TRY(inner_->replace(name, bytes, mode));
    model_->replace(full(name), std::string(bytes), mode);
    return {};
  }
  Result<void> append(std::string_view name, std::string_view bytes, std::uint32_t mode) override {
    COWORK_TRY(inner_->append(name, bytes, mode));
    const auto present = model_->find(full(name));
    const NodeId file = present ? *present : model_->make(full(name), FileKind::regular, mode);
    model_->write(file, model_->node(file).bytes + std::string(bytes));
    model_->sync_file(file);
    if (!present) model_->sync_directory(model_->at(path()));
    return {};
  }
  Result<void> truncate(std::string_view name, std::uint64_t size) override {
    COWORK_TRY(inner_->truncate(name, size));
    const NodeId file = model_->at(full(name));
    model_->write(file, model_->node(file).bytes.substr(0, size));
    model_->sync_file(file);
    return {};
  }
  Result<void> rename(std::string_view from, Directory& target, std::string_view to, RenameMode mode) override {
    auto& there = static_cast<LosingDirectory&>(target);
    COWORK_TRY(inner_->rename(from, *there.inner_, to, mode));
    const auto [above, name] = split_path(full(from));
    const auto [new_above, new_name] = split_path(there.full(to));
    const NodeId source = model_->at(above), destination = model_->at(new_above);
    const std::optional<NodeId> displaced = model_->find(there.full(to));
    model_->change_names({{{source, name, displaced}, {destination, new_name, model_->at(full(from))}}});
    model_->sync_directory(source);
    if (source != destination) model_->sync_directory(destination);
    return {};
  }
  Result<void> remove(std::string_view relative) override {
    COWORK_TRY(inner_->remove(relative));
    model_->remove(full(relative));
    return {};
  }
  Result<void> sync() override {
    COWORK_TRY(inner_->sync());
    model_->sync_directory(model_->at(path()));
    return {};
  }
  Result<std::unique_ptr<FileLock>> lock(std::string_view name, std::chrono::milliseconds wait) override {
    COWORK_ASSIGN(auto held, inner_->lock(name, wait));
    if (!model_->find(full(name))) model_->make(full(name), FileKind::regular, 0600);
    return std::make_unique<LosingLock>(std::move(held), model_, full(name));
  }

 private:
  std::string full(std::string_view relative) const {
    return (path() == "/" ? "" : path()) + "/" + std::string(relative);
  }

  std::shared_ptr<Directory> inner_;
  std::shared_ptr<DiskModel> model_;
};

/// All that stands in the memory.
void take_in(DiskModel& model, const Directory& directory) {
  const auto entries = directory.entries().value();
  for (const DirectoryEntry& entry : entries) {
    const std::string path = (directory.path() == "/" ? "" : directory.path()) + "/" + entry.name;
    const NodeId made = model.make(path, entry.kind, directory.status(entry.name).value().mode);
    if (entry.kind == FileKind::directory) take_in(model, *directory.directory(entry.name).value());
    if (entry.kind == FileKind::regular) model.write(made, directory.read(entry.name, any_size).value());
  }
}

}  // namespace

LosingDisk::LosingDisk(std::shared_ptr<MemoryDisk> memory, LeftOut left_out)
    : memory_(std::move(memory)), model_(std::make_shared<DiskModel>(left_out)) {
  take_in(*model_, *memory_->open("/").value());
  model_->settle();
}

LosingDisk::~LosingDisk() = default;

Result<std::shared_ptr<Directory>> LosingDisk::open(std::string_view path) const {
  COWORK_ASSIGN(auto opened, memory_->open(path));
  return std::make_shared<LosingDirectory>(std::move(opened), model_);
}

Result<std::shared_ptr<Directory>> LosingDisk::open_or_make(std::string_view path, std::uint32_t mode) {
  COWORK_ASSIGN(auto opened, memory_->open_or_make(path, mode));
  model_->make_directories(opened->path(), mode & 0700U);
  return std::make_shared<LosingDirectory>(std::move(opened), model_);
}

Trust LosingDisk::trust_of_directory(std::string_view path) const {
  return memory_->trust_of_directory(path);
}

std::size_t LosingDisk::steps() const noexcept {
  return model_->moments().size() - 1;
}

std::shared_ptr<MemoryDisk> LosingDisk::survivor(std::size_t step, Survives survives, std::mt19937& random) const {
  return survivor_of(model_->moments().at(step), survives, random);
}

}  // namespace cowork::test
