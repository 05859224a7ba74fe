#include "tree_frames.h"

#include <fmt/format.h>

#include "cowork/base/text.h"
#include "cowork/loaders/fetch_errors.h"

namespace cowork::loaders {
namespace {

constexpr std::chrono::milliseconds between_progress{100};

Error too_much(std::string_view path, std::string_view what, std::uint64_t most) {
  return Error::invalid_argument(fmt::format("{} is too much: at most {} {} are fetched", quoted(path), most, what));
}

}  // namespace

void TreeFrames::on_progress(const FetchProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (!control_->progress || now < next_progress_) return;
  next_progress_ = now + between_progress;
  control_->progress(progress);
}

Result<void> TreeFrames::on_directory(const std::string& path) {
  COWORK_TRY(admit({path, FileKind::directory, 0, false}));
  COWORK_TRY(writer_->add_directory(path));
  directories_.insert(path);
  return {};
}

Result<void> TreeFrames::on_file_announced(const std::string& path, std::uint64_t size, bool executable) {
  return admit({path, FileKind::regular, size, executable});
}

Result<void> TreeFrames::on_file(const std::string& path, std::string_view bytes, bool executable) {
  return writer_->add_file(path, bytes, executable);
}

Result<void> TreeFrames::on_done(FetchResult result) {
  const bool from_git = request_->kind == FetchRequest::Kind::git;
  if (from_git == result.commit.empty())
    return fail(Error::io("the fetch program answered another question than it was asked"));
  if (!from_git && !request_->sha256.empty() && request_->sha256 != result.sha256)
    return fail(wrong_hash(*request_, result.sha256));
  result_ = std::move(result);
  return {};
}

Result<void> TreeFrames::admit(const TreeEntry& entry) {
  COWORK_TRY(rule_.admit(entry));
  COWORK_TRY(check_parent(entry.path));
  if (++entries_ > limits_->entries) return fail(too_much(entry.path, "files and directories", limits_->entries));
  if (entry.size > limits_->unpacked_bytes - bytes_)
    return fail(too_much(entry.path, "bytes", limits_->unpacked_bytes));
  bytes_ += entry.size;
  return {};
}

Result<void> TreeFrames::check_parent(const std::string& path) const {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || directories_.contains(path.substr(0, slash))) return {};
  return fail(Error::io("the fetch program sent " + quoted(path) + " without the directory that it lies in"));
}

}  // namespace cowork::loaders
