// A shell's line, taken apart just far enough to see who gives what to whom.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

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
    here_string,     ///< `<<<`
    here_document,   ///< `<<`, with the word that ends it
    document_begin,  ///< of what stands behind the line of a here_document
    document_end,
    end,
  };
  Kind kind = Kind::end;
  std::size_t offset = 0;
  std::string text = {};  ///< of a word, without quotation marks and escapes, at most 256 bytes
  bool joined = false;    ///< stands right behind a word
  bool quoted = false;    ///< of document_begin: what it holds is not expanded
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
  ShellToken here_document();
  ShellToken begin_document();
  std::string_view line_at(std::size_t at) const;
  void index_lines();
  ShellToken take(Kind kind, std::size_t bytes);

  std::string_view script_;
  std::size_t at_ = 0;
  bool after_word_ = false;
  bool after_pipe_ = false;
  std::string delimiter_;                                    ///< of the document that the next line begins
  std::unordered_map<std::string_view, std::size_t> lines_;  ///< where each of them stands last
  bool quoted_ = false, begins_ = false;
  std::size_t document_end_ = std::string_view::npos;
};

}  // namespace cowork::content_scan
