#include "cowork/base/line_index.h"

#include <string>

#include "support/catch.h"

namespace cowork {
namespace {

TEST_CASE("a line index knows the line and the column of every byte") {
  // Lines of lengths that put their ends before, on and behind the edges of blocks; more of them than a byte counts.
  std::string text(300, '\n');
  for (const std::size_t length : {0u, 1u, 3700u, 0u, 90u, 4095u, 4096u, 4097u, 9000u, 7u})
    text += std::string(length, 'x') + '\n';
  text += "the end";
  const LineIndex lines(text);
  std::uint32_t line = 1, column = 1;
  for (std::uint32_t offset = 0; offset <= text.size(); ++offset) {
    const TextPosition found = lines.position(text, offset);
    if (found.line != line || found.column != column) FAIL("at " << offset);
    ++column;
    if (offset == text.size() || text[offset] != '\n') continue;
    ++line;
    column = 1;
  }
  CHECK(line == 311);
}

TEST_CASE("a line index of nothing has one place") {
  const TextPosition found = LineIndex("").position("", 0);
  CHECK(found.line == 1);
  CHECK(found.column == 1);
}

TEST_CASE("a line index knows the end of a text that fills its last block") {
  const std::string text(8192, '\n');
  const TextPosition found = LineIndex(text).position(text, 8192);
  CHECK(found.line == 8193);
  CHECK(found.column == 1);
}

}  // namespace
}  // namespace cowork
