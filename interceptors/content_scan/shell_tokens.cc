#include "shell_tokens.h"

#include <algorithm>

namespace cowork::content_scan {
namespace {

constexpr std::string_view symbols = "\n;&|()`<>";
constexpr std::size_t longest_word = 256;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\0';
}

}  // namespace

/// With comments, and lines that go on: behind a backslash or a pipe.
void ShellTokens::skip_blanks() {
  while (at_ < script_.size()) {
    const char c = script_[at_];
    if (is_blank(c) || (c == '\n' && after_pipe_)) {
      ++at_;
    } else if (c == '\\' && peek(1) == '\n') {
      at_ += 2;
    } else if (c == '#' && !after_word_) {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else {
      return;
    }
    after_word_ = false;
  }
}

ShellToken ShellTokens::take(Kind kind, std::size_t bytes) {
  ShellToken token{kind, at_, {}, after_word_};
  at_ += bytes;
  after_word_ = false;
  after_pipe_ = kind == Kind::pipe;
  return token;
}

ShellToken ShellTokens::symbol() {
  const char next = peek(1);
  switch (script_[at_]) {
    case '|':
      if (next == '|') return take(Kind::end_of_command, 2);
      return take(Kind::pipe, next == '&' ? 2 : 1);
    case '&':
      if (next == '>') return take(Kind::redirection, 2);
      return next == '&' ? take(Kind::end_of_command, 2) : take(Kind::ampersand, 1);
    case '(':
      return take(Kind::open, 1);
    case ')':
      return take(Kind::close, 1);
    case '`':
      return take(Kind::backtick, 1);
    case '<':
      if (next == '(') return take(Kind::open_input, 2);
      if (next == '<') return peek(2) == '<' ? take(Kind::here_string, 3) : here_document();
      return take(Kind::redirection, next == '&' ? 2 : 1);
    case '>':
      if (next == '(') return take(Kind::open_output, 2);
      return take(Kind::redirection, next == '&' || next == '>' ? 2 : 1);
    default:
      begins_ = script_[at_] == '\n' && !delimiter_.empty() && document_end_ == std::string_view::npos;
      return take(Kind::end_of_command, 1);
  }
}

/// `<<-"END"`; of several in a line the first counts.
ShellToken ShellTokens::here_document() {
  ShellToken token = take(Kind::here_document, peek(2) == '-' ? 3 : 2);
  while (peek() == ' ' || peek() == '\t') ++at_;
  const std::size_t begin = at_;
  const ShellToken end = word();
  if (!delimiter_.empty()) return token;
  delimiter_ = end.text;
  quoted_ = script_.substr(begin, at_ - begin).find_first_of("\"'\\") != std::string_view::npos;
  return token;
}

/// Without the tabs before it and a carriage return behind it.
std::string_view ShellTokens::line_at(std::size_t at) const {
  std::string_view line = script_.substr(at, std::min(script_.find('\n', at), script_.size()) - at);
  line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void ShellTokens::index_lines() {
  for (std::size_t at = 0; at < script_.size(); at = std::min(script_.find('\n', at), script_.size()) + 1) {
    const std::string_view line = line_at(at);
    if (!line.empty() && line.size() <= longest_word) lines_[line] = at;
  }
}

ShellToken ShellTokens::begin_document() {
  begins_ = false;
  // None of the lines that follow is looked at in vain: scans of documents that end do not overlap.
  if (lines_.empty()) index_lines();
  const auto last = lines_.find(delimiter_);
  if (last != lines_.end() && last->second >= at_) {
    document_end_ = at_;
    while (line_at(document_end_) != delimiter_) document_end_ = script_.find('\n', document_end_) + 1;
  }
  delimiter_.clear();
  ShellToken token = take(Kind::document_begin, 0);
  token.quoted = quoted_;
  return token;
}

ShellToken ShellTokens::word() {
  ShellToken token{Kind::word, at_, {}, false};
  for (; at_ < script_.size(); ++at_) {
    char c = script_[at_];
    if (is_blank(c) || symbols.find(c) != std::string_view::npos || (c == '$' && peek(1) == '(')) break;
    if (c == '"' || c == '\'') continue;
    if (c == '\\') {
      if (peek(1) == '\0' || peek(1) == '\n') break;
      c = script_[++at_];
    }
    if (token.text.size() < longest_word) token.text += c;
  }
  if (peek() == '\\' && peek(1) == '\0') ++at_;
  after_word_ = true;
  after_pipe_ = false;
  return token;
}

ShellToken ShellTokens::next() {
  if (begins_) return begin_document();
  while (true) {
    skip_blanks();
    if (at_ >= document_end_) {
      document_end_ = std::string_view::npos;
      return take(Kind::document_end, 0);
    }
    if (at_ >= script_.size()) return {Kind::end, at_};
    const char c = script_[at_];
    if (c == '$' && peek(1) == '(') return take(Kind::open_command, 2);
    if (symbols.find(c) != std::string_view::npos) return symbol();
    ShellToken token = word();
    const bool descriptor = token.text.find_first_not_of("0123456789") == std::string::npos;
    if (descriptor && !token.text.empty() && (peek() == '<' || peek() == '>') && peek(1) != '(') return symbol();
    if (!token.text.empty()) return token;
    after_word_ = false;  // nothing but quotation marks
  }
}

}  // namespace cowork::content_scan
