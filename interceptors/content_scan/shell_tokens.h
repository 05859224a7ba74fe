// A shell's line, taken apart just far enough to see who gives what to whom.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cowork::content_scan {

struct ShellToken {
  enum class Kind : unsigned char {
    word,
    end_of_command,  ///< `;`, a line's end, `&&`, `||`
    ampersand,
    pipe,
    open,          ///< `(`
    open_command,  ///< `$(`
    open_input,    ///< `<(`
    open_output,   ///< `>(`
    close,
    backtick,
    redirection,
    end,
  };
  Kind kind = Kind::end;
  std::size_t offset = 0;
  std::string text = {};  ///< of a word, without quotation marks and escapes, at most 256 bytes
  bool joined = false;    ///< stands right behind a word
};

/// Quotation marks are taken out and what they hold is taken apart too, since it may be a script itself.
class ShellTokens {
 public:
  explicit ShellTokens(std::string_view script) : script_(script) {}
  ShellToken next();

 private:
  using Kind = ShellToken::Kind;
  char peek(std::size_t ahead = 0) const { return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0'; }
  void skip_blanks();
  ShellToken word();
  ShellToken symbol();
  ShellToken take(Kind kind, std::size_t bytes);

  std::string_view script_;
  std::size_t at_ = 0;
  bool after_word_ = false;
  bool after_pipe_ = false;
};

}  // namespace cowork::content_scan
