#include "process_end.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

#include "cowork/base/text.h"
#include "cowork/loaders/fetch_errors.h"

namespace cowork::loaders {
namespace {

std::string in_words(int status) {
  if (status < 0) return "nobody knows how";
  if (WIFEXITED(status)) return fmt::format("with status {}", WEXITSTATUS(status));
  // Its group is killed when its output ends, so this one is ours more often than not.
  if (WTERMSIG(status) == SIGKILL) return "by closing its output, or killed";
  return fmt::format("by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
}

std::string_view last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t begin = text.rfind('\n');
  return begin == std::string_view::npos ? text : text.substr(begin + 1);
}

}  // namespace

Error ended_without_answer(int status, std::string_view errors) {
  std::string why = "it ended " + in_words(status);
  if (const auto line = last_line(errors); !line.empty()) why += "; its last words were " + quoted(masked_words(line));
  return Error::io("the fetch program ended without an answer").with_why(std::move(why));
}

}  // namespace cowork::loaders
