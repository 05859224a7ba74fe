// Blobs are read where git stores them: no file of the repository is ever checked out, so no filter, no hook and no
// link of it can do anything.
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

#include "cowork/base/text.h"
#include "git_fault.h"
#include "git_fetch.h"
#include "tree_plan.h"

namespace cowork::fetch {
namespace {

using loaders::TreeEntry;

// A record of ls-tree without its path, and the longest path that is let in.
constexpr std::size_t most_bytes_of_record = 128 + loaders::max_tree_path_bytes;

struct Blob {
  std::string id;
  TreeEntry entry;
};

Error refused(std::string_view path, std::string_view fault) {
  return Error::invalid_argument(fmt::format("{} {}", quoted(path), fault));
}

std::string_view cut_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  while (text.starts_with(' ')) text.remove_prefix(1);
  return word;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `100644 blob <id> <size>TAB<path>`.
Result<Blob> parse_record(std::string_view record) {
  const std::size_t tab = record.find('\t');
  if (tab == std::string_view::npos) return fail(Error::io("git lists a tree in another way than it is known to"));
  const std::string path(record.substr(tab + 1));
  std::string_view words = record.substr(0, tab);
  const std::string_view mode = cut_word(words);
  cut_word(words);
  const std::string_view id = cut_word(words);
  if (mode == "120000") return fail(refused(path, "is a link; a pack holds regular files and directories only"));
  if (mode == "160000") return fail(refused(path, "is a submodule; a pack holds regular files and directories only"));
  const auto size = number(cut_word(words));
  if ((mode != "100644" && mode != "100755") || !size)
    return fail(refused(path, "is neither a regular file nor a directory; a pack holds nothing else"));
  return Blob{std::string(id), {path, FileKind::regular, *size, mode == "100755"}};
}

Result<std::vector<Blob>> parse_list(std::string_view list, TreePlan& plan) {
  std::vector<Blob> blobs;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('\0'), list.size());
    COWORK_ASSIGN(Blob blob, parse_record(list.substr(0, end)));
    COWORK_TRY(plan.add(blob.entry));
    blobs.push_back(std::move(blob));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return blobs;
}

/// `git cat-file --batch`: one question, then its answer.
class BlobReader {
 public:
  explicit BlobReader(GitProcess git) : git_(std::move(git)) {}

  Result<void> send(const Blob& blob, FrameWriter& frames) {
    COWORK_TRY(ask(blob.id + "\n"));
    COWORK_ASSIGN(const std::string answer, read_line());
    if (answer != fmt::format("{} blob {}", blob.id, blob.entry.size)) return fail(lost(answer));
    frames.file(blob.entry.path, blob.entry.size, blob.entry.executable);
    for (std::uint64_t left = blob.entry.size; left > 0;) {
      COWORK_TRY(fill());
      const std::string_view part = std::string_view(buffer_).substr(0, left);
      frames.data(part);
      left -= part.size();
      buffer_.erase(0, part.size());
    }
    COWORK_ASSIGN(const std::string rest, read_line());
    return rest.empty() ? Result<void>() : fail(lost(rest));
  }

 private:
  static Error lost(std::string_view answer) {
    return Error::io("git reads an object in another way than it is known to").with_why(printable(answer));
  }

  Result<void> ask(std::string_view question) {
    const ssize_t written = ::write(git_.input.get(), question.data(), question.size());
    if (written == static_cast<ssize_t>(question.size())) return {};
    return fail(Error::io("git ended while its objects were read"));
  }

  /// There is at least one byte then.
  Result<void> fill() {
    while (buffer_.empty()) {
      std::array<char, 64 * 1024> more;
      const ssize_t got = ::read(git_.output.get(), more.data(), more.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return fail(Error::io("git ended while its objects were read"));
      buffer_.append(more.data(), static_cast<std::size_t>(got));
    }
    return {};
  }

  Result<std::string> read_line() {
    std::string line;
    for (;;) {
      COWORK_TRY(fill());
      const std::size_t end = buffer_.find('\n');
      line += buffer_.substr(0, end);
      buffer_.erase(0, end == std::string::npos ? end : end + 1);
      if (end != std::string::npos) return line;
      if (line.size() > 1024) return fail(lost(line));
    }
  }

  GitProcess git_;
  std::string buffer_;
};

}  // namespace

Result<void> send_commit(const FetchedCommit& fetched, const Request& request, FrameWriter& frames) {
  const auto go_on = [&]() -> Result<void> {
    frames.progress("unpack", 0, 0);
    return {};
  };
  COWORK_ASSIGN(const GitEnd listed,
                run_git(fetched.environment, {"ls-tree", "-r", "-z", "-l", "--full-tree", fetched.commit},
                        request.limits.entries * most_bytes_of_record, go_on));
  if (listed.status != 0)
    return fail(Error::invalid_argument("git can't list the commit's files").with_why(last_words(listed.errors)));
  TreePlan plan(request.limits);
  COWORK_ASSIGN(const std::vector<Blob> blobs, parse_list(listed.out, plan));
  for (const std::string& directory : plan.directories()) frames.directory(directory);
  COWORK_ASSIGN(GitProcess git, GitProcess::start(fetched.environment, {"cat-file", "--batch"}));
  BlobReader reader(std::move(git));
  for (const Blob& blob : blobs) COWORK_TRY(reader.send(blob, frames));
  return {};
}

}  // namespace cowork::fetch
