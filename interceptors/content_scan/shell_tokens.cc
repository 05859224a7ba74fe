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
      return take(Kind::redirection, next == '&' ? 2 : 1);
    case '>':
      if (next == '(') return take(Kind::open_output, 2);
      return take(Kind::redirection, next == '&' || next == '>' ? 2 : 1);
    default:
      return take(Kind::end_of_command, 1);
  }
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
  while (true) {
    skip_blanks();
    if (at_ >= script_.size()) return {Kind::end, at_};
    const char c = script_[at_];
    if (c == '$' && peek(1) == '(') return take(Kind::open_command, 2);
    if (symbols.find(c) != std::string_view::npos) return symbol();
    ShellToken token = word();
    if (!token.text.empty()) return token;
    after_word_ = false;  // nothing but quotation marks
  }
}

}  // namespace cowork::content_scan
