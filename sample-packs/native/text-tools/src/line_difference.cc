#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "text_functions.h"

namespace text_tools {
namespace {

constexpr std::size_t most_lines = 5'000;
constexpr std::size_t around = 3;

using Lines = std::vector<std::string_view>;

struct Step {
  char kind;  // ' ', '-' or '+'
  std::string_view line;
};

/// The longest common subsequence of what is left after equal beginnings and ends were put aside.
class Comparison {
 public:
  Comparison(Lines before, Lines after, const std::function<bool()>& cancelled)
      : before_(std::move(before)), after_(std::move(after)), cancelled_(cancelled) {}

  std::vector<Step> steps() {
    const std::size_t shorter = std::min(before_.size(), after_.size());
    while (begin_ < shorter && before_[begin_] == after_[begin_]) ++begin_;
    while (end_ < shorter - begin_ && before_[before_.size() - 1 - end_] == after_[after_.size() - 1 - end_]) ++end_;
    if (rows() > most_lines || columns() > most_lines) throw std::length_error("the texts differ in too many lines");
    fill();
    std::vector<Step> steps;
    for (std::size_t i = 0; i < begin_; ++i) steps.push_back({' ', before_[i]});
    walk(steps);
    for (std::size_t i = before_.size() - end_; i < before_.size(); ++i) steps.push_back({' ', before_[i]});
    return steps;
  }

 private:
  std::size_t rows() const { return before_.size() - begin_ - end_; }
  std::size_t columns() const { return after_.size() - begin_ - end_; }
  std::uint16_t& common(std::size_t row, std::size_t column) { return lengths_[row * (columns() + 1) + column]; }

  void fill() {
    lengths_.assign((rows() + 1) * (columns() + 1), 0);
    for (std::size_t row = rows(); row-- > 0;) {
      if (cancelled_()) throw std::runtime_error("the comparison was cancelled");
      for (std::size_t column = columns(); column-- > 0;) {
        const bool equal = before_[begin_ + row] == after_[begin_ + column];
        common(row, column) = equal ? static_cast<std::uint16_t>(common(row + 1, column + 1) + 1)
                                    : std::max(common(row + 1, column), common(row, column + 1));
      }
    }
  }

  void walk(std::vector<Step>& steps) {
    std::size_t row = 0;
    std::size_t column = 0;
    while (row < rows() || column < columns()) {
      const bool both = row < rows() && column < columns();
      if (both && before_[begin_ + row] == after_[begin_ + column]) {
        steps.push_back({' ', before_[begin_ + row++]});
        ++column;
      } else if (column == columns() || (both && common(row + 1, column) >= common(row, column + 1))) {
        steps.push_back({'-', before_[begin_ + row++]});
      } else {
        steps.push_back({'+', after_[begin_ + column++]});
      }
    }
  }

  Lines before_;
  Lines after_;
  const std::function<bool()>& cancelled_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::vector<std::uint16_t> lengths_;
};

std::string range(std::size_t first, std::size_t count) {
  return std::to_string(count == 0 ? first : first + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

/// One stretch of changes with the lines around it: steps [begin, end), which stand at these lines of both texts.
std::string hunk(const std::vector<Step>& steps, std::size_t begin, std::size_t end, std::size_t old_line,
                 std::size_t new_line) {
  std::size_t removed = 0;
  std::size_t added = 0;
  std::string body;
  for (std::size_t i = begin; i < end; ++i) {
    removed += steps[i].kind != '+' ? 1U : 0U;
    added += steps[i].kind != '-' ? 1U : 0U;
    body += steps[i].kind;
    body.append(steps[i].line) += '\n';
  }
  return "@@ -" + range(old_line, removed) + " +" + range(new_line, added) + " @@\n" + body;
}

/// The end of the stretch whose first change is at `change`: where more than 2 * around equal lines follow.
std::size_t end_of_stretch(const std::vector<Step>& steps, std::size_t change) {
  std::size_t last = change;
  for (std::size_t i = change; i < steps.size() && i <= last + 2 * around; ++i) {
    if (steps[i].kind != ' ') last = i;
  }
  return std::min(last + around + 1, steps.size());
}

}  // namespace

std::string unified_difference(std::string_view before, std::string_view after,
                               const std::function<bool()>& cancelled) {
  const std::vector<Step> steps = Comparison(lines_of(before), lines_of(after), cancelled).steps();
  std::string text;
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  std::size_t counted = 0;
  const auto count_to = [&](std::size_t step) {
    for (; counted < step; ++counted) {
      old_line += steps[counted].kind != '+' ? 1U : 0U;
      new_line += steps[counted].kind != '-' ? 1U : 0U;
    }
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].kind == ' ') continue;
    const std::size_t begin = i > around ? i - around : 0;
    const std::size_t end = end_of_stretch(steps, i);
    count_to(begin);
    text += hunk(steps, begin, end, old_line, new_line);
    i = end - 1;
  }
  return text;
}

}  // namespace text_tools
