// Changes that are on the disk when they are done.
//
// The baseline of a toggle is what a durable write consists of, with as many bytes: a new file, fsync, rename, fsync of
// the directory. That of a line of the audit trail is an append and its sync.
#include <fcntl.h>
#include <unistd.h>

#include "hosts.h"
#include "raw_pack.h"
#include "scratch.h"
#include "sides.h"
#include "trail.h"

namespace cowork::bench {
namespace {

constexpr std::size_t packs = 10;

class DurableFile {
 public:
  explicit DurableFile(std::string bytes)
      : path_(new_directory("durable")), directory_(path_), bytes_(std::move(bytes)) {}

  void replace() const {
    {
      const Descriptor file(::openat(directory_.number(), "new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
      if (::write(file.number(), bytes_.data(), bytes_.size()) != static_cast<ssize_t>(bytes_.size()) ||
          ::fsync(file.number()) != 0)
        throw std::runtime_error("cannot write");
    }
    if (::renameat(directory_.number(), "new", directory_.number(), "file") != 0 || ::fsync(directory_.number()) != 0)
      throw std::runtime_error("cannot rename");
  }

 private:
  std::string path_;
  Descriptor directory_;
  std::string bytes_;
};

}  // namespace

Sides durable_toggle() {
  const auto host = standard_host(tier_of(packs, PackSize::small));
  value_of(host->toggle(pack_name(3), false));
  const auto file = std::make_shared<DurableFile>(file_bytes(host->services().home() + "/pack-states.json"));
  return {[host, enabled = false](const Stopwatch& stopwatch) mutable {
            return stopwatch.time([&] {
              enabled = !enabled;
              return value_of(host->toggle(pack_name(3), enabled)).enabled;
            });
          },
          [file](const Stopwatch& stopwatch) { return stopwatch.time([&] { file->replace(); }); }};
}

Sides audit_line() {
  const std::string directory = new_directory("trail");
  const auto trail =
      std::make_shared<audit::Trail>(audit::TrailOptions{make_real_disk(), directory + "/audit.jsonl", 64u << 20, 2});
  audit::Record record;
  record.time = "2025-01-15T12:00:00.000Z";
  record.operation = "pluginPack:toggle";
  record.subject = pack_name(1);
  record.verdict = "allowed";
  const auto plain = std::make_shared<Descriptor>(
      ::open((directory + "/plain.txt").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  return {[trail, record](const Stopwatch& stopwatch) {
            return stopwatch.time([&] { return value_of(trail->append(record)).size(); });
          },
          [plain, line = std::string(400, 'x')](const Stopwatch& stopwatch) {
            return stopwatch.time([&] {
              const bool written =
                  ::write(plain->number(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
              if (!written || ::fdatasync(plain->number()) != 0) throw std::runtime_error("cannot append");
            });
          }};
}

}  // namespace cowork::bench
