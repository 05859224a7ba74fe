#include "http_token_file.h"

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork::server {

namespace {

constexpr std::size_t token_characters = 64;
constexpr std::size_t most_bytes = 4096;

bool is_token_text(std::string_view text) {
  return text.size() == token_characters + 1 && text.back() == '\n' &&
         text.find_first_not_of("0123456789abcdef") == token_characters;
}

/// Removes what a dead server left; nothing else.
Result<void> clear(Directory& directory, const std::string& name, const std::string& path) {
  const Result<std::string> text = directory.read(name, most_bytes);
  if (!text && text.error().code() == ErrorCode::not_found) return {};
  if (!text || !is_token_text(*text)) {
    Error error = Error::already_exists("cannot write the token to " + quoted(path) + ": something else stands there");
    if (!text) error.with_why(text.error().message());
    return fail(std::move(error).with_remedy("cowork serve --token-file PATH"));
  }
  return directory.remove(name);
}

}  // namespace

Result<std::unique_ptr<TokenFile>> TokenFile::write(const std::string& path, const std::string& token) {
  const std::size_t slash = path.rfind('/');
  if (!path.starts_with('/') || slash + 1 == path.size()) {
    return fail(Error::invalid_argument("the token file " + quoted(path) + " is no absolute path of a file"));
  }
  std::string name = path.substr(slash + 1);
  std::string text = token + "\n";
  const std::shared_ptr<Disk> disk = make_real_disk();
  COWORK_ASSIGN(std::shared_ptr<Directory> directory, disk->open_or_make(path.substr(0, slash + 1), 0700));
  COWORK_TRY(clear(*directory, name, path));
  COWORK_TRY(directory->write_new(name, text, 0600));
  return std::unique_ptr<TokenFile>(new TokenFile(path, std::move(name), std::move(text), std::move(directory)));
}

TokenFile::TokenFile(std::string path, std::string name, std::string text, std::shared_ptr<Directory> directory)
    : path_(std::move(path)), name_(std::move(name)), text_(std::move(text)), directory_(std::move(directory)) {}

TokenFile::~TokenFile() {
  remove();
}

void TokenFile::remove() {
  if (!directory_) return;
  const Result<std::string> now = directory_->read(name_, most_bytes);
  // What cannot be removed is worth nothing: the token dies with its server.
  if (now && *now == text_) static_cast<void>(directory_->remove(name_));
  directory_.reset();
}

}  // namespace cowork::server
