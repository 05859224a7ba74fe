// From manifests on the disk to a catalog, and again after a while.
//
// The baseline is what nobody can do without who reads these manifests: open, fstat, read into one buffer that is used
// again, close; each beneath the tier's descriptor, which is cheaper than full paths; on one thread, and looking at
// nothing. A rescan can't do without one fstatat of each; packs that earlier rounds changed within the last two seconds
// are read again too.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "cowork/host/host_operations.h"
#include "cowork/loaders/pack_source.h"
#include "hosts.h"
#include "scratch.h"
#include "sides.h"

namespace cowork::bench {
namespace {

/// Files beneath one descriptor.
class Files {
 public:
  Files(const std::string& tier, std::size_t count)
      : tier_(::open(tier.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), paths_(manifest_paths(count)) {
    if (tier_ < 0) throw std::runtime_error("cannot open " + tier);
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() { ::close(tier_); }

  std::size_t read_all() {
    std::size_t total = 0;
    for (const std::string& path : paths_) {
      const int file = ::openat(tier_, path.c_str(), O_RDONLY | O_CLOEXEC);
      struct stat status {};
      if (file < 0 || ::fstat(file, &status) != 0) throw std::runtime_error("cannot open " + path);
      const auto size = static_cast<std::size_t>(status.st_size);
      if (buffer_.size() < size) buffer_.resize(size);
      if (::read(file, buffer_.data(), size) != status.st_size) throw std::runtime_error("cannot read " + path);
      ::close(file);
      benchmark::DoNotOptimize(buffer_.data());
      total += size;
    }
    return total;
  }

  std::int64_t look_at_all() const {
    std::int64_t newest = 0;
    for (const std::string& path : paths_) {
      struct stat status {};
      if (::fstatat(tier_, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        throw std::runtime_error("cannot look at " + path);
      newest = std::max<std::int64_t>(newest, status.st_mtim.tv_sec);
    }
    return newest;
  }

 private:
  int tier_;
  std::vector<std::string> paths_;
  std::string buffer_;
};

Measure reading(const std::string& tier, std::size_t packs) {
  const auto files = std::make_shared<Files>(tier, packs);
  return [files](const Stopwatch& stopwatch) { return stopwatch.time([&] { return files->read_all(); }); };
}

/// A new source each time: what one remembers is the rescan's matter.
Measure discovering(const std::string& tier, std::size_t packs) {
  return [tier, packs](const Stopwatch& stopwatch) {
    return stopwatch.time([&] {
      const auto source = loaders::make_directory_pack_source(make_real_disk());
      const auto catalog = discovered(*source, tier);
      if (catalog->size() != packs) throw std::runtime_error("not all packs were found");
      return catalog->size();
    });
  };
}

/// Changes manifests behind the host's back, each time other ones.
class Changes {
 public:
  Changes(std::string tier, std::size_t packs, std::size_t each_time)
      : tier_(std::move(tier)), packs_(packs), each_time_(each_time) {}

  void make() {
    for (std::size_t i = 0; i < each_time_; ++i) {
      next_ = (next_ + 7) % packs_;
      std::fstream file(tier_ + "/" + manifest_paths_of(next_), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>(version_at(next_)));
      file.put(static_cast<char>('2' + made_++ % 8));  // they begin with 1
      if (!file.flush()) throw std::runtime_error("cannot change a manifest");
    }
  }

 private:
  static std::string manifest_paths_of(std::size_t number) {
    return pack_name(number) + "/" + std::string(manifest_file_name);
  }
  static std::size_t version_at(std::size_t number) {
    constexpr std::string_view member = "\"version\": \"";
    return manifest_text(number, PackSize::small).find(member) + member.size();
  }

  std::string tier_;
  std::size_t packs_, each_time_, next_ = 0, made_ = 0;
};

}  // namespace

Sides discovery(std::size_t packs, PackSize size) {
  const std::string& tier = tier_of(packs, size);
  return {discovering(tier, packs), reading(tier, packs)};
}

Sides more_discovery(std::size_t packs, std::size_t fewer) {
  return {discovering(tier_of(packs, PackSize::small), packs), discovering(tier_of(fewer, PackSize::small), fewer)};
}

Sides opening(std::size_t packs, PackSize size) {
  const std::string& tier = tier_of(packs, size);
  return {[tier](const Stopwatch& stopwatch) {
            return stopwatch.time([&] { return standard_host(tier)->list()->size(); });
          },
          reading(tier, packs)};
}

Sides rescan(std::size_t packs, std::size_t changed) {
  const std::string& tier = tier_of(packs, PackSize::small);
  const auto host = standard_host(tier);
  const auto changes = std::make_shared<Changes>(tier, packs, changed);
  const auto files = std::make_shared<Files>(tier, packs);
  const auto scan = [host, changed] {
    if (value_of(host->call(Rescan{})).changed.size() != changed) throw std::runtime_error("the rescan is wrong");
  };
  return {[changes, scan](const Stopwatch& stopwatch) {
            return stopwatch.time_by_itself([&] {
              changes->make();
              return seconds_of(scan);
            });
          },
          [files](const Stopwatch& stopwatch) { return stopwatch.time([&] { return files->look_at_all(); }); }};
}

}  // namespace cowork::bench
