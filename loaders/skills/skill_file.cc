#include "cowork/loaders/skill_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cowork/base/json_reader.h"
#include "front_matter.h"

namespace cowork::loaders {
namespace {

constexpr std::string_view fence = "---";

Error refusal(std::string message, std::string_view file, std::uint32_t line) {
  return Error::invalid_manifest(std::move(message), SourcePlace{std::string(file), line, 0, {}});
}

/// Walks a text line by line.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  /// The next line without its end, or nothing.
  std::optional<std::string_view> next() {
    if (at_ >= text_.size()) return std::nullopt;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++number_;
    return line;
  }
  std::uint32_t number() const { return number_; }
  /// Where the next line begins.
  std::size_t offset() const { return std::min(at_, text_.size()); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t number_ = 0;
};

bool is_fence(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r");
  return last != std::string_view::npos && line.substr(0, last + 1) == fence;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7F;
}

Result<void> check_text(std::string_view text, std::string_view file) {
  if (text.size() > max_skill_file_bytes) {
    return fail(refusal(fmt::format("SKILL.md is larger than {} bytes", max_skill_file_bytes), file, 0));
  }
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (!json::is_valid_utf8(*line)) return fail(refusal("SKILL.md must be valid UTF-8", file, lines.number()));
    if (line->find('\0') != std::string_view::npos) {
      return fail(refusal("SKILL.md must not hold a NUL byte", file, lines.number()));
    }
  }
  return {};
}

std::string_view without_blank_lines_around(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return {};
  text = text.substr(0, last + 1);
  // An indented first line keeps its indentation.
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t line_end = text.rfind('\n', first);
  return text.substr(line_end == std::string_view::npos ? 0 : line_end + 1);
}

}  // namespace

Result<SkillFile> parse_skill_file(std::string_view text, std::string_view file) {
  COWORK_TRY(check_text(text, file));
  Lines lines(text);
  if (const auto first = lines.next(); !first || !is_fence(*first)) {
    return fail(refusal("SKILL.md must begin with a YAML front matter, opened by a line \"---\"", file, 1));
  }
  const std::size_t begin = lines.offset();
  std::size_t end = begin;
  for (;;) {
    const auto line = lines.next();
    if (!line) return fail(refusal("the front matter is not closed by a line \"---\"", file, 1));
    if (is_fence(*line)) break;
    // yaml-cpp takes U+0004 for the end of its input; YAML knows no control characters anyway.
    if (std::any_of(line->begin(), line->end(), is_control)) {
      return fail(refusal("the front matter must not hold control characters", file, lines.number()));
    }
    end = lines.offset();
    if (end - begin > max_front_matter_bytes) {
      return fail(refusal(fmt::format("the front matter is larger than {} bytes", max_front_matter_bytes), file, 1));
    }
  }
  COWORK_ASSIGN(FrontMatter head, parse_front_matter(text.substr(begin, end - begin), file, 2));
  return SkillFile{std::move(head.name), std::move(head.description),
                   std::string(without_blank_lines_around(text.substr(lines.offset())))};
}

}  // namespace cowork::loaders
