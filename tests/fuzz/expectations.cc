#include "expectations.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "cowork/base/json_reader.h"

namespace cowork::fuzz {

void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz: not true: %.*s\n", static_cast<int>(what.size()), what.data());
  std::fflush(stderr);
  std::abort();
}

ExactBytes::ExactBytes(std::string_view bytes) : bytes_(new char[bytes.size()]), size_(bytes.size()) {
  std::copy(bytes.begin(), bytes.end(), bytes_.get());
}

void expect_readable(std::string_view message) {
  constexpr std::size_t most_bytes = 8192;
  expect(!message.empty(), "a refusal says something");
  expect(message.size() <= most_bytes, "a message is not as long as its input");
  expect(json::is_valid_utf8(message), "a message is UTF-8");
  const bool plain = std::none_of(message.begin(), message.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
  expect(plain, "a message holds no control characters");
}

void expect_placed(const Error& error, ErrorCode code, std::string_view text, std::string_view file) {
  expect(error.code() == code, "a refusal has the code of its document");
  expect_readable(error.message());
  expect(error.place().has_value(), "a refusal has a place");
  const SourcePlace& place = *error.place();
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n') + 1);
  expect(place.file == file, "a refusal names the file");
  expect(place.line <= lines, "a refusal stands in a line that the text has");
  expect(place.column <= text.size() + 1, "a refusal stands within its line");
}

}  // namespace cowork::fuzz
