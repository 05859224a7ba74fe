#include "static_files.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "cowork/base/sha256.h"
#include "cowork/base/text.h"

namespace cowork::server {

namespace {

constexpr auto types = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"avif", "image/avif"},
    {"css", "text/css; charset=utf-8"},
    {"gif", "image/gif"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/x-icon"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"otf", "font/otf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"ts", "text/plain; charset=utf-8"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xml", "text/xml; charset=utf-8"},
});

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// nullopt: not well-formed, or decoding gives something that no name of a page has.
std::optional<std::string> decode(std::string_view path) {
  std::string decoded;
  for (std::size_t i = 0; i < path.size(); ++i) {
    char c = path[i];
    if (c == '%') {
      if (i + 2 >= path.size()) return std::nullopt;
      const int high = hex_digit(path[i + 1]);
      const int low = hex_digit(path[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      if (c == '/' || c == '%') return std::nullopt;  // another separator, or encoded twice
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return std::nullopt;
    decoded.push_back(c);
  }
  return decoded;
}

bool has_forbidden_name(std::string_view path) {
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    if (end == start || path[start] == '.') return true;
    start = end + 1;
  }
  return false;
}

std::string tag_of(const FileStatus& status) {
  return sha256_hex(std::to_string(status.device) + ':' + std::to_string(status.inode) + ':' +
                    std::to_string(status.size) + ':' + std::to_string(status.modified_ns) + ':' +
                    std::to_string(status.changed_ns));
}

}  // namespace

std::string_view content_type_of(std::string_view path) {
  const std::size_t dot = path.find_last_of("./");
  if (dot == std::string_view::npos || path[dot] == '/') return "application/octet-stream";
  const std::string_view extension = path.substr(dot + 1);
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.first == extension; });
  return found == types.end() ? "application/octet-stream" : found->second;
}

const EmbeddedFile* find_embedded(std::string_view path, std::span<const EmbeddedFile> files) {
  if (!path.starts_with('/')) return nullptr;
  path.remove_prefix(1);
  if (path.empty()) path = "index.html";
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

std::optional<std::string> relative_path(std::string_view path) {
  std::optional<std::string> decoded = decode(path);
  if (!decoded) return std::nullopt;
  if (decoded->empty() || decoded->ends_with('/')) *decoded += "index.html";
  if (has_forbidden_name(*decoded)) return std::nullopt;
  return decoded;
}

Result<std::unique_ptr<PageDirectory>> PageDirectory::open(const std::string& path) {
  if (!path.starts_with('/')) {
    return fail(Error::invalid_argument("the directory of pages " + quoted(path) + " is no absolute path"));
  }
  COWORK_ASSIGN(std::shared_ptr<Directory> directory, make_real_disk()->open(path));
  return std::unique_ptr<PageDirectory>(new PageDirectory(std::move(directory)));
}

/// The copies that are alive, by file. Each gives its bytes back when the last reply that has it is gone.
class PageDirectory::Copies : public std::enable_shared_from_this<Copies> {
 public:
  std::shared_ptr<const Page> find(const std::string& file, const std::string& tag) {
    std::shared_ptr<const Page> page;  // goes after the lock, which the end of a page takes
    const std::lock_guard lock(mutex_);
    if (const auto found = pages_.find(file); found != pages_.end()) page = found->second.lock();
    return page && page->tag == tag ? page : nullptr;
  }

  bool reserve(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (bytes > most_bytes_alive - bytes_) return false;
    bytes_ += bytes;
    return true;
  }

  void give_back(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    bytes_ -= bytes;
    std::erase_if(pages_, [](const auto& each) { return each.second.expired(); });
  }

  /// For `page`, whose `reserved` bytes are its own from now on.
  std::shared_ptr<const Page> add(const std::string& file, Page page, std::size_t reserved) {
    std::shared_ptr<const Page> shared(new Page(std::move(page)),
                                       [self = shared_from_this(), reserved](const Page* gone) {
                                         delete gone;
                                         self->give_back(reserved);
                                       });
    const std::lock_guard lock(mutex_);
    pages_[file] = shared;
    return shared;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<const Page>> pages_;
  std::size_t bytes_ = 0;
};

PageDirectory::PageDirectory(std::shared_ptr<Directory> directory)
    : directory_(std::move(directory)), copies_(std::make_shared<Copies>()) {}

PageDirectory::Found PageDirectory::read(std::string_view path) {
  const std::optional<std::string> relative = relative_path(path);
  if (!relative) return {};
  FileStatus status;
  const Result<FileStatus> before = directory_->status(*relative);
  if (!before || before->kind != FileKind::regular || before->size > most_bytes) return {};
  if (auto page = copies_->find(*relative, tag_of(*before))) return {std::move(page)};
  const std::size_t reserved = static_cast<std::size_t>(before->size);
  if (!copies_->reserve(reserved)) return {nullptr, true};
  // No more than is reserved: one that grows at this moment is not there for this request.
  Result<std::string> bytes = directory_->read(*relative, reserved, &status);
  if (bytes) return {copies_->add(*relative, {std::move(*bytes), tag_of(status)}, reserved)};
  copies_->give_back(reserved);
  return {};
}

}  // namespace cowork::server
