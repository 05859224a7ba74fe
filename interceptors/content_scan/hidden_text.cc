#include "hidden_text.h"

#include <array>
#include <cstdio>
#include <string>
#include <utility>

#include "cowork/base/text.h"
#include "unseen_characters.h"

namespace cowork::content_scan {
namespace {

/// So many characters without width in a row can carry a message.
constexpr std::size_t suspicious_run = 4;
/// So can one behind each of so many letters.
constexpr std::size_t suspicious_letters = 8;

std::string code_of(char32_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(value));
  return text.data();
}

/// Characters in a row that are not seen.
struct Run {
  static constexpr std::size_t longest_message = 60;
  std::size_t offset = 0, length = 0, zero_width = 0, tags = 0, unassigned = 0, selectors = 0;
  std::size_t bidi_marks = 0, separators = 0;  ///< of zero_width
  char32_t last = 0, last_zero_width = 0, last_separator = 0, last_selector = 0;
  std::string spelt;  ///< by its tag characters

  void add(const CodePoints::Item& item) {
    if (length++ == 0) offset = item.offset;
    last = item.value;
    if (lies_in(item.value, content_scan::tags)) {
      add_tag(item.value);
    } else if (lies_in(item.value, content_scan::unassigned)) {
      ++unassigned;
    } else if (lies_in(item.value, variation_selectors)) {
      ++selectors;
      last_selector = item.value;
    } else {
      add_zero_width(item.value);
    }
  }
  void add_tag(char32_t value) {
    ++tags;
    const char32_t ascii = value - 0xE0000;
    if (ascii >= 0x20 && ascii < 0x7F && spelt.size() < longest_message) spelt += static_cast<char>(ascii);
  }
  void add_zero_width(char32_t value) {
    ++zero_width;
    last_zero_width = value;
    if (lies_in(value, content_scan::bidi_marks)) ++bidi_marks;
    if (!lies_in(value, content_scan::separators)) return;
    ++separators;
    last_separator = value;
  }
};

bool is_unseen(char32_t value) {
  return value >= soft_hyphen && (lies_in(value, zero_width) || lies_in(value, tags) || lies_in(value, unassigned) ||
                                  lies_in(value, variation_selectors));
}

/// England, Scotland and Wales are a flag and the letters of their code as tags.
bool is_flag(const Run& run, char32_t before) {
  constexpr std::size_t longest_flag = 7;
  return before == black_flag && run.tags == run.length && run.length <= longest_flag && run.last == cancel_tag;
}

/// A selector behind what knows no variants: Unicode lists them for ideographs, symbols, digits and a few scripts.
bool is_stray_selector(char32_t selector, char32_t before) {
  constexpr char32_t text_style = 0xFE0E, emoji_style = 0xFE0F, first_script_with_variants = 0x0530;
  if (lies_in(selector, ideographic_selectors)) return !lies_in(before, ideographs);
  if (selector == emoji_style) return false;
  if (selector == text_style) return is_ascii_letter(before);
  return before < first_script_with_variants && before != U'0';
}

bool separator_belongs(const Run& run, char32_t before, char32_t after) {
  const char32_t value = run.last_separator;
  if (value == byte_order_mark) return run.offset == 0 && run.length == 1;
  if (value == joiner && lies_in(before, pictographs) && lies_in(after, pictographs)) return true;
  if (value == joiner || value == non_joiner) return lies_in(before, joining_scripts);
  return value == zero_width_space && (lies_in(before, unspaced_scripts) || lies_in(after, unspaced_scripts));
}

/// A mark of direction, a soft hyphen, a filler: common at the edges of foreign text.
bool mark_belongs(const Run& run, char32_t before, char32_t after) {
  return run.last_zero_width == soft_hyphen || !is_ascii_letter(before) || !is_ascii_letter(after);
}

bool belongs(const Run& run, char32_t before, char32_t after) {
  constexpr std::size_t most_marks = 2;
  if (run.separators == 1) {
    const bool only_marks_beside = run.zero_width - run.separators == run.bidi_marks && run.bidi_marks <= 1;
    return only_marks_beside && separator_belongs(run, before, after);
  }
  if (run.separators > 1) return false;
  const bool alike = run.zero_width == 1 || (run.bidi_marks == run.zero_width && run.zero_width <= most_marks);
  return alike && mark_belongs(run, before, after);
}

bool judge_numbers(const Run& run, char32_t before, Hits& hits) {
  const auto found = [&](const std::string& words) {
    hits.add(hidden_text_rule, run.offset, [&] { return words; });
    return true;
  };
  if (run.tags > 0 && !is_flag(run, before)) {
    const std::string words = run.spelt.empty() ? "" : "; they spell " + quoted(run.spelt);
    return found(std::to_string(run.tags) + " tag characters, which nobody sees" + words);
  }
  if (run.unassigned > 0) return found(std::to_string(run.unassigned) + " unassigned characters, which nobody sees");
  if (run.selectors > 1)
    return found(std::to_string(run.selectors) + " variation selectors in a row, which nobody sees");
  if (run.zero_width + run.selectors >= suspicious_run)
    return found(std::to_string(run.zero_width + run.selectors) + " characters without width in a row");
  if (run.selectors == 1 && is_stray_selector(run.last_selector, before))
    return found(code_of(run.last_selector) + ", a variation selector behind what has no variants");
  return false;
}

/// Whether a run was found to hide text.
bool judge(const Run& run, char32_t before, char32_t after, Hits& hits) {
  if (judge_numbers(run, before, hits)) return true;
  if (run.zero_width > 0 && !belongs(run, before, after)) {
    hits.add(zero_width_rule, run.offset,
             [&] { return code_of(run.last_zero_width) + ", a character without width, inside of text"; });
  }
  return false;
}

/// Runs that are short enough to pass, but stand behind each of many letters.
class Spread {
 public:
  void see() { ++seen_; }
  void end_run(const Run& run, char32_t before, Hits& hits) {
    const bool goes_on = std::exchange(seen_, 0) == 1;
    if (!is_ascii_letter(before)) {
      letters_ = 0;
    } else if (!goes_on) {
      letters_ = 1;
    } else if (++letters_ == suspicious_letters) {
      hits.add(hidden_text_rule, run.offset, [] { return "characters that nobody sees behind each of many letters"; });
    }
  }

 private:
  std::size_t seen_ = 0;  ///< characters since the last run
  std::size_t letters_ = 0;
};

}  // namespace

Hits find_hidden_text(std::string_view text, Spelling spelling) {
  Hits hits;
  CodePoints code_points(text, spelling);
  Run run;
  Spread spread;
  char32_t before = 0;
  const auto end_run = [&](char32_t after) {
    if (run.length > 0) {
      if (!judge(run, before, after, hits)) spread.end_run(run, before, hits);
      run = {};
    }
    spread.see();
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
