// Strings passed by the block, against the same looked at character by character.
#include "text_blocks.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "json_stream.h"
#include "support/catch.h"
#include "utf8.h"

using namespace cowork::json;

namespace {

struct Passed {
  std::size_t size = 0;
  bool well_formed = true;
  StringForm form = StringForm::plain;

  bool operator==(const Passed&) const = default;
};

Passed one_by_one(std::string_view text) {
  Passed passed;
  std::size_t& at = passed.size;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"' || byte < 0x20) break;
    if (byte == '\\') {
      if (at + 1 == text.size() || !is_tame_escape(text[at + 1])) {
        passed.form = StringForm::unusual;
        break;
      }
      passed.form = std::max(passed.form, StringForm::tame);
      at += 2;
      continue;
    }
    const cowork::CodePoint point = cowork::code_point_at(text, at);
    passed.well_formed = point.length != 0;
    if (!passed.well_formed) break;
    if (byte >= 0x7F && point.value < 0xA0) passed.form = StringForm::unusual;
    at += point.length;
  }
  return passed;
}

Passed by_stream(std::string_view text) {
  TextStream stream(text);
  Passed passed;
  passed.well_formed = stream.pass_text();
  passed.size = stream.Tell();
  passed.form = stream.take_form();
  return passed;
}

constexpr std::array<std::string_view, 14> usual{"a",   "word",   " and more", "\\n",    "\\\"", "\\\\", "\\t",
                                                 "\\/", "\u00fc", "\u2014",    "\u4e2d", "n",    "t",    "/"};
constexpr std::array<std::string_view, 20> others{
    "\"",           "\x1f",         "\x7f",     "\\u0041",      "\\b",
    "\U0001f600",   "\xc2\xa0",     "\xc2\x85", "\xe0\xa4\x85", "\xed\x95\x9c",
    "\xed\xa0\x80", "\xef\xbb\xbf", "\x80",     "\xc3",         "\xe2\x80",
    "\xf0\x9f",     "\xc1\x81",     "\\",       "\xff",         std::string_view("\0", 1)};

/// One piece in so many is not usual; 0: all are.
std::string random_text(std::mt19937& random, unsigned rareness) {
  std::string text;
  for (const std::size_t size = random() % 400; text.size() < size;)
    text +=
        rareness == 0 || random() % rareness != 0 ? usual[random() % usual.size()] : others[random() % others.size()];
  return text;
}

using Pass = const char* (*)(const char*, const char*, bool&) noexcept;

std::vector<Pass> all_passes() {
  std::vector<Pass> passes{pass_usual_blocks};
#ifdef __SSE2__
  passes.push_back(pass_usual_blocks_sse2);
  if (__builtin_cpu_supports("avx2")) passes.push_back(pass_usual_blocks_avx2);
#endif
  return passes;
}

/// Everything before it is usual, and from there on all is passed as from the beginning.
bool is_good_stop(std::string_view text, std::size_t stop, bool escaped) {
  const Passed before = one_by_one(text.substr(0, stop)), rest = one_by_one(text.substr(stop));
  return before == Passed{stop, true, escaped ? StringForm::tame : StringForm::plain} &&
         one_by_one(text) == Passed{stop + rest.size, rest.well_formed, std::max(before.form, rest.form)};
}

void check(std::string_view text) {
  CAPTURE(text);
  if (by_stream(text) != one_by_one(text)) FAIL_CHECK("by the stream");
  for (const Pass pass : all_passes()) {
    bool escaped = false;
    const auto stop = static_cast<std::size_t>(pass(text.data(), text.data() + text.size(), escaped) - text.data());
    if (!is_good_stop(text, stop, escaped)) FAIL_CHECK("stopped at " << stop);
  }
}

}  // namespace

TEST_CASE("strings are passed by the block as character by character") {
  std::mt19937 random(20250115);
  for (int i = 0; i < 20'000; ++i) check(random_text(random, i % 3 == 0 ? 8 : 40));
}

TEST_CASE("every byte at every place of a block is passed as by itself") {
  constexpr std::size_t size = 130;
  for (std::size_t at = 0; at + 1 < size; ++at) {
    for (unsigned first = 0; first < 256; ++first) {
      for (const unsigned second : {0x22U, 0x5CU, 0x6EU, 0x80U, 0xA0U, 0xC3U}) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(first);
        text[at + 1] = static_cast<char>(second);
        check(text);
      }
    }
  }
}

#ifdef __SSE2__
TEST_CASE("usual strings are passed up to their last block") {
  std::mt19937 random(7);
  for (int i = 0; i < 2'000; ++i) {
    const std::string text = random_text(random, 0);
    for (const Pass pass : all_passes()) {
      bool escaped = false;
      const char* const end = text.data() + text.size();
      CHECK(end - pass(text.data(), end, escaped) < 64);
    }
  }
}
#endif
