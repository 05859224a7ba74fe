#include "http_token_file.h"

#include <algorithm>

#include "cowork/base/text.h"
#include "directory_rules.h"

namespace cowork::server {

namespace {

constexpr std::size_t token_characters = 64;
constexpr std::size_t most_bytes = 4096;

bool is_token_text(std::string_view text) {
  return text.size() == token_characters + 1 && text.back() == '\n' &&
         text.find_first_not_of("0123456789abcdef") == token_characters;
}

/// True when a token stands there, false when nothing does.
Result<bool> has_token(const Directory& directory, const std::string& name, const std::string& path) {
  const Result<std::string> text = directory.read(name, most_bytes);
  if (!text && text.error().code() == ErrorCode::not_found) return false;
  if (text && is_token_text(*text)) return true;
  Error error = Error::already_exists("cannot write the token to " + quoted(path) + ": something else stands there");
  if (!text) error.with_why(text.error().message());
  return fail(std::move(error).with_remedy("cowork serve --token-file PATH"));
}

Result<std::unique_ptr<FileLock>> take_lock(Directory& directory, const std::string& name, const std::string& path) {
  Result<std::unique_ptr<FileLock>> lock = directory.lock(name + ".lock", std::chrono::milliseconds(0));
  if (lock || lock.error().code() != ErrorCode::timeout) return lock;
  return fail(Error::conflict("a server keeps its token at " + quoted(path) + " already")
                  .with_why(printable(path))
                  .with_remedy("stop that server, or choose another file: cowork serve --token-file PATH"));
}

}  // namespace

Result<std::unique_ptr<TokenFile>> TokenFile::write(const std::string& path, const std::string& token) {
  const std::size_t slash = path.rfind('/');
  if (!path.starts_with('/') || slash + 1 == path.size()) {
    return fail(Error::invalid_argument("the token file " + quoted(path) + " is no absolute path of a file"));
  }
  std::unique_ptr<TokenFile> file(new TokenFile);
  file->path_ = path;
  file->name_ = path.substr(slash + 1);
  COWORK_ASSIGN(std::shared_ptr<Directory> directory, make_real_disk()->open_or_make(path.substr(0, slash + 1), 0700));
  COWORK_ASSIGN(const FileStatus status, directory->status(""));
  COWORK_TRY(check_directory(directory->path(), status.owner, status.mode));
  COWORK_TRY(has_token(*directory, file->name_, path));  // no lock is left beside what is not ours
  COWORK_ASSIGN(file->lock_, take_lock(*directory, file->name_, path));
  COWORK_ASSIGN(const bool left_behind, has_token(*directory, file->name_, path));
  if (left_behind) COWORK_TRY(directory->remove(file->name_));
  file->text_ = token + "\n";
  COWORK_TRY(directory->write_new(file->name_, file->text_, 0600));
  file->directory_ = std::move(directory);
  return file;
}

TokenFile::~TokenFile() {
  remove();
}

void TokenFile::remove() {
  if (!directory_) return;
  const Result<std::string> now = directory_->read(name_, most_bytes);
  // What cannot be removed is worth nothing: the token dies with its server.
  if (now && *now == text_) static_cast<void>(directory_->remove(name_));
  directory_.reset();
  lock_.reset();
}

}  // namespace cowork::server
