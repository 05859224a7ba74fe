#include "since_time.h"

#include <charconv>

#include "cowork/base/text.h"

namespace cowork::cli {
namespace {

std::int64_t unit_ms(char unit) {
  switch (unit) {
    case 's':
      return 1'000;
    case 'm':
      return 60'000;
    case 'h':
      return 3'600'000;
    case 'd':
      return 86'400'000;
    case 'w':
      return 604'800'000;
    default:
      return 0;
  }
}

}  // namespace

Result<std::string> since_time(const std::string& text, std::int64_t now_ms) {
  if (text.size() < 2 || unit_ms(text.back()) == 0) return text;
  const std::int64_t unit = unit_ms(text.back());
  std::int64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (stop != end || count < 0) return text;
  if (error != std::errc() || count > now_ms / unit)
    return fail(Error::invalid_argument("the age " + cowork::quoted(text) + " reaches back before 1970")
                    .with_why("an age is a number and s, m, h, d or w")
                    .with_remedy("cowork audit --since 7d"));
  return utc_timestamp(now_ms - count * unit);
}

}  // namespace cowork::cli
