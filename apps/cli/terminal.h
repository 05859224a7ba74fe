// Where the words go, and what the place they go to can show.
//
// Text that comes from manifests, policies, files or the network is untrusted: it passes through cowork::printable or
// printable_block before it is written anywhere but into a JSON document, and that is escaped by json_for_terminal.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

#include "global_options.h"

namespace cowork::cli {

/// The process's streams, or a test's.
struct Terminal {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colors_unwanted = false;  ///< NO_COLOR, or a terminal that has none
  std::size_t width = 80;        ///< columns
};

/// Standard input, output and error; NO_COLOR, TERM, COLUMNS and the window's size looked up.
Terminal process_terminal();

enum class Style { plain, bold, dim, red, green, yellow, blue, magenta, cyan };

/// The SGR sequence that begins a style; empty for plain.
std::string_view style_sequence(Style style) noexcept;

/// Writes text in a style, or plain where colours are off.
class Styler {
 public:
  explicit Styler(bool colors) : colors_(colors) {}
  bool colors() const noexcept { return colors_; }
  std::string operator()(Style style, std::string_view text) const;

 private:
  bool colors_;
};

/// Whether to colour a stream: `--color` first, then NO_COLOR, then whether it is a terminal.
bool wants_color(const GlobalOptions& options, const Terminal& terminal, bool stream_is_terminal) noexcept;

/// As cowork::printable, but line feeds and tabs stay: for prompts and other long text.
std::string printable_block(std::string_view text);

/// JSON text in which no character could steer a terminal: DEL, C1, bidi and zero-width characters become \uXXXX, which
/// means the same to every reader.
std::string json_for_terminal(std::string_view json_text);

/// Columns that printable UTF-8 text takes.
std::size_t display_width(std::string_view text);

/// `text` cut to `width` columns, the last one an ellipsis when something was cut.
std::string cut_to_width(std::string_view text, std::size_t width);

/// `text` broken at spaces into lines of at most `width` columns; every line but the first begins with `indent` spaces,
/// which count.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace cowork::cli
