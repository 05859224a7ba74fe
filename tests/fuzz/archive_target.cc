// Archives: what `cowork-fetch` lets through keeps the rules of paths and the bounds, checked here by other means; it
// is what the host, which checks it again, would take; and what is refused has sent nothing.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "cowork/base/json_reader.h"
#include "expectations.h"
#include "frame_reader.h"
#include "targets.h"
#include "tree_frames.h"
#include "unpack.h"

namespace cowork::fuzz {
namespace {

// Small, so that inputs meet them.
constexpr std::uint64_t most_entries = 40;
constexpr std::uint64_t most_bytes = 256 * 1024;
constexpr std::uint64_t ratio = 8;

/// Frames are written here.
class FrameFile {
 public:
  FrameFile() : descriptor_(::memfd_create("frames", MFD_CLOEXEC)) { expect(descriptor_ >= 0, "there is memory"); }
  FrameFile(const FrameFile&) = delete;
  FrameFile& operator=(const FrameFile&) = delete;
  ~FrameFile() { ::close(descriptor_); }

  int descriptor() const noexcept { return descriptor_; }
  std::string bytes() const {
    std::string all(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_END)), '\0');
    const ssize_t got = ::pread(descriptor_, all.data(), all.size(), 0);
    expect(got == static_cast<ssize_t>(all.size()), "frames can be read back");
    return all;
  }

 private:
  int descriptor_;
};

/// Where gzip is unpacked to; goes with the process.
class Scratch {
 public:
  Scratch() {
    const char* parent = std::getenv("TMPDIR");
    path_ = std::string(parent ? parent : "/tmp") + "/cowork-fuzz-XXXXXX";
    expect(::mkdtemp(path_.data()) != nullptr, "there is a scratch directory");
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { ::rmdir(path_.c_str()); }
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// The rules of paths once more, without the code that is under test.
void expect_path(const std::string& path) {
  expect(!path.empty() && path.size() <= 512, "a path has 1 to 512 bytes");
  expect(json::is_valid_utf8(path), "a path is UTF-8");
  const std::string framed = "/" + path + "/";
  std::string lower = framed;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  for (const char* step : {"//", "/./", "/../", "/.git/", "\\"})
    expect(lower.find(step) == std::string::npos, "a path stays within its pack, and out of git's directory");
  const bool plain = std::none_of(path.begin(), path.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
  expect(plain, "a path holds no control characters");
  expect(std::count(path.begin(), path.end(), '/') < 32, "a path has at most 32 steps");
}

/// The tree as it would come to lie on the disk.
class Tree final : public TreeWriter {
 public:
  Result<void> add_directory(const std::string& path) override {
    add(path);
    directories_.insert(path);
    return {};
  }
  Result<void> add_file(const std::string& path, std::string_view bytes, bool) override {
    add(path);
    bytes_ += bytes.size();
    has_manifest_ = has_manifest_ || path == "cowork.plugin.json";
    return {};
  }

  void expect_bounds(std::uint64_t archive_bytes) const {
    constexpr std::uint64_t free_of_ratio = 1U << 20U;
    expect(folded_.size() <= most_entries, "no more entries than the bound");
    expect(bytes_ <= most_bytes, "no more bytes than the bound");
    expect(bytes_ <= std::max(free_of_ratio, archive_bytes * ratio), "no more bytes than the ratio");
    expect(has_manifest_, "a pack has a manifest");
  }

 private:
  void add(const std::string& path) {
    expect_path(path);
    std::string folded = path;
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    expect(folded_.insert(folded).second, "no two paths are the same to a file system that folds case");
    const std::size_t slash = path.rfind('/');
    expect(slash == std::string::npos || directories_.contains(path.substr(0, slash)),
           "a directory comes before what lies in it");
  }

  std::set<std::string> folded_;
  std::set<std::string> directories_;
  std::uint64_t bytes_ = 0;
  bool has_manifest_ = false;
};

/// What the frames say to the host.
void read_frames(const std::string& frames, const fetch::Request& request, Tree& tree) {
  FetchControl control;
  loaders::TreeFrames handler(request.what, request.limits, tree, control);
  loaders::FrameReader reader(handler);
  // In pieces, as a pipe brings them.
  for (std::size_t at = 0; at < frames.size(); at += 1000) {
    const auto fed = reader.feed(std::string_view(frames).substr(at, 1000));
    expect(fed.has_value(), fed ? "" : "the host takes what it is sent: " + fed.error().message());
  }
}

}  // namespace

void archive_target(std::string_view input) {
  static const Scratch scratch;
  const ExactBytes bytes(input);
  fetch::Request request;
  request.what.kind = FetchRequest::Kind::url;
  request.scratch = scratch.path();
  request.limits.entries = most_entries;
  request.limits.unpacked_bytes = most_bytes;
  request.limits.ratio = ratio;
  const FrameFile file;
  fetch::FrameWriter frames(file.descriptor());
  const auto unpacked = fetch::unpack(bytes.view(), request, frames);
  const std::string sent = file.bytes();
  if (!unpacked) {
    expect(unpacked.error().code() == ErrorCode::invalid_argument, "what is refused is the archive's fault");
    expect_readable(unpacked.error().message());
    expect(sent.find("\"file\"") == std::string::npos && sent.find("\"directory\"") == std::string::npos,
           "what is refused has sent nothing");
    return;
  }
  const bool alone = sent.starts_with("{\"file\"") && input.find_first_not_of(" \t\r\n") != std::string_view::npos &&
                     input[input.find_first_not_of(" \t\r\n")] == '{';
  Tree tree;
  read_frames(sent, request, tree);
  if (!alone) tree.expect_bounds(input.size());
}

}  // namespace cowork::fuzz
