#include "hidden_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "cowork/base/text.h"

namespace cowork::content_scan {
namespace {

struct Range {
  char32_t first, last;
};

template <std::size_t Count>
constexpr bool lies_in(char32_t value, const std::array<Range, Count>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return value >= range.first && value <= range.last; });
}

constexpr char32_t zero_width_space = 0x200B, non_joiner = 0x200C, joiner = 0x200D, byte_order_mark = 0xFEFF;
constexpr char32_t black_flag = 0x1F3F4, cancel_tag = 0xE007F;
/// So many characters without width in a row can carry a message.
constexpr std::size_t suspicious_run = 4;

constexpr std::array<Range, 2> bidi_controls{{{0x202A, 0x202E}, {0x2066, 0x2069}}};
constexpr std::array<Range, 5> zero_width{
    {{0x200B, 0x200D}, {0x2060, 0x2064}, {0x206A, 0x206F}, {0x180E, 0x180E}, {0xFEFF, 0xFEFF}}};
constexpr std::array<Range, 1> tags{{{0xE0000, 0xE007F}}};
constexpr std::array<Range, 2> variation_selectors{{{0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}}};
/// What emoji sequences are made of, with the symbols among them and the tones of skin.
constexpr std::array<Range, 12> pictographs{{{0xA9, 0xA9},
                                             {0xAE, 0xAE},
                                             {0x203C, 0x203C},
                                             {0x2049, 0x2049},
                                             {0x20E3, 0x20E3},
                                             {0x2122, 0x2122},
                                             {0x2139, 0x2139},
                                             {0x2190, 0x23FF},
                                             {0x24C2, 0x24C2},
                                             {0x25A0, 0x27BF},
                                             {0x2900, 0x2BFF},
                                             {0x1F000, 0x1FAFF}}};
/// Arabic and its relatives, the scripts of India and of South-East Asia, Mongolian: joiners shape their letters.
constexpr std::array<Range, 13> joining_scripts{{{0x0600, 0x08FF},
                                                 {0x0900, 0x0DFF},
                                                 {0x0F00, 0x0FFF},
                                                 {0x1000, 0x109F},
                                                 {0x1780, 0x18AF},
                                                 {0x1900, 0x1AAF},
                                                 {0x1B00, 0x1C4F},
                                                 {0x1CD0, 0x1CFF},
                                                 {0xA800, 0xA8FF},
                                                 {0xA900, 0xAAFF},
                                                 {0xABC0, 0xABFF},
                                                 {0xFB50, 0xFEFC},
                                                 {0x10A00, 0x11FFF}}};
/// Scripts without spaces between words: a space without width says where a line may break.
constexpr std::array<Range, 5> unspaced_scripts{
    {{0x0E00, 0x0EFF}, {0x0F00, 0x0FFF}, {0x1000, 0x109F}, {0x1780, 0x17FF}, {0x1900, 0x1AAF}}};

std::string code_of(char32_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(value));
  return text.data();
}

/// Characters in a row that are not seen.
struct Run {
  static constexpr std::size_t longest_message = 60;
  std::size_t offset = 0, length = 0, zero_width = 0, tags = 0, selectors = 0;
  char32_t last = 0, last_zero_width = 0;
  std::string spelt;  ///< by its tag characters

  void add(const CodePoints::Item& item) {
    if (length++ == 0) offset = item.offset;
    last = item.value;
    if (lies_in(item.value, content_scan::tags)) {
      ++tags;
      const char32_t ascii = item.value - 0xE0000;
      if (ascii >= 0x20 && ascii < 0x7F && spelt.size() < longest_message) spelt += static_cast<char>(ascii);
    } else if (lies_in(item.value, content_scan::zero_width)) {
      ++zero_width;
      last_zero_width = item.value;
    } else {
      ++selectors;
    }
  }
};

bool is_unseen(char32_t value) {
  constexpr char32_t least = 0x180E;
  return value >= least && (lies_in(value, zero_width) || lies_in(value, tags) || lies_in(value, variation_selectors));
}

/// England, Scotland and Wales are a flag and the letters of their code as tags.
bool is_flag(const Run& run, char32_t before) {
  constexpr std::size_t longest_flag = 7;
  return before == black_flag && run.tags == run.length && run.length <= longest_flag && run.last == cancel_tag;
}

bool belongs(const Run& run, char32_t before, char32_t after) {
  if (run.zero_width != 1) return false;
  const char32_t value = run.last_zero_width;
  if (value == byte_order_mark) return run.offset == 0 && run.length == 1;
  if (value == joiner && lies_in(before, pictographs) && lies_in(after, pictographs)) return true;
  if (value == joiner || value == non_joiner) return lies_in(before, joining_scripts);
  return value == zero_width_space && (lies_in(before, unspaced_scripts) || lies_in(after, unspaced_scripts));
}

void judge(const Run& run, char32_t before, char32_t after, Hits& hits) {
  if (run.tags > 0) {
    if (is_flag(run, before)) return;
    hits.add(hidden_text_rule, run.offset, [&] {
      const std::string words = run.spelt.empty() ? "" : "; they spell " + quoted(run.spelt);
      return std::to_string(run.tags) + " tag characters, which nobody sees" + words;
    });
  } else if (run.selectors > 1) {
    hits.add(hidden_text_rule, run.offset,
             [&] { return std::to_string(run.selectors) + " variation selectors in a row, which nobody sees"; });
  } else if (run.zero_width >= suspicious_run) {
    hits.add(hidden_text_rule, run.offset,
             [&] { return std::to_string(run.zero_width) + " characters without width in a row"; });
  } else if (run.zero_width > 0 && !belongs(run, before, after)) {
    hits.add(zero_width_rule, run.offset,
             [&] { return code_of(run.last_zero_width) + ", a character without width, inside of text"; });
  }
}

}  // namespace

Hits find_hidden_text(std::string_view text, Spelling spelling) {
  Hits hits;
  CodePoints code_points(text, spelling);
  Run run;
  char32_t before = 0;
  const auto end_run = [&](char32_t after) {
    if (run.length > 0) judge(run, before, after, hits);
    run = {};
    before = after;
  };
  while (const auto item = code_points.next()) {
    if (is_unseen(item->value)) {
      run.add(*item);
      continue;
    }
    end_run(item->value);
    if (lies_in(item->value, bidi_controls)) {
      hits.add(hidden_text_rule, item->offset,
               [&] { return code_of(item->value) + ", which shows text in another order than it is read"; });
    }
  }
  end_run(0);
  return hits;
}

}  // namespace cowork::content_scan
