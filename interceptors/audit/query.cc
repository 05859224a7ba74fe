#include "query.h"

#include <algorithm>
#include <array>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"

namespace cowork::audit {
namespace {

constexpr json::Limits line_limits{1u << 20, 100};
constexpr std::array<std::string_view, 4> verdicts{"allowed", "denied", "failed", "error"};
constexpr std::string_view day_form = "0000-00-00";
constexpr std::string_view second_form = "0000-00-00T00:00:00";

bool has_form(std::string_view text, std::string_view form) {
  const auto fits = [](char c, char f) { return f == '0' ? c >= '0' && c <= '9' : c == f; };
  return std::equal(text.begin(), text.end(), form.begin(), form.end(), fits);
}

bool within(std::string_view digits, int least, int most) {
  const int value = std::stoi(std::string(digits));
  return value >= least && value <= most;
}

bool is_day(std::string_view text) {
  return has_form(text, day_form) && within(text.substr(5, 2), 1, 12) && within(text.substr(8, 2), 1, 31);
}

bool is_second(std::string_view text) {
  return has_form(text, second_form) && is_day(text.substr(0, day_form.size())) && within(text.substr(11, 2), 0, 23) &&
         within(text.substr(14, 2), 0, 59) && within(text.substr(17, 2), 0, 60);
}

/// Whether member `name` is `wanted`, or nothing is wanted.
bool is_wanted(const json::Value& line, std::string_view name, const std::string& wanted) {
  if (wanted.empty()) return true;
  const json::Value* value = line.find(name);
  const std::string* text = value != nullptr ? value->as_string() : nullptr;
  return text != nullptr && *text == wanted;
}

bool is_since(const json::Value& line, const std::optional<std::string>& since) {
  if (!since) return true;
  const json::Value* value = line.find("time");
  const std::string* text = value != nullptr ? value->as_string() : nullptr;
  const auto time = text != nullptr ? comparable_time(*text) : std::nullopt;
  return time && *time >= *since;
}

/// Takes the last line off `rest`.
std::string_view take_last_line(std::string_view& rest) {
  if (rest.ends_with('\n')) rest.remove_suffix(1);
  const std::size_t before = rest.rfind('\n');
  const std::string_view line = before == std::string_view::npos ? rest : rest.substr(before + 1);
  rest = before == std::string_view::npos ? std::string_view() : rest.substr(0, before + 1);
  return line;
}

}  // namespace

Result<void> QueryAudit::validate() const {
  if (!since.empty() && !comparable_time(since)) {
    return fail(Error::invalid_argument("since must be a UTC time such as 2025-01-15 or 2025-01-15T12:00:00Z, not " +
                                        quoted(since)));
  }
  if (!only_verdict.empty() && std::find(verdicts.begin(), verdicts.end(), only_verdict) == verdicts.end()) {
    return fail(
        Error::invalid_argument("verdict must be allowed, denied, failed or error, not " + quoted(only_verdict)));
  }
  if (limit == 0) return fail(Error::invalid_argument("limit must be at least 1"));
  return {};
}

std::optional<std::string> comparable_time(std::string_view text) {
  if (is_day(text)) return std::string(text) + "T00:00:00.000";
  if (!text.ends_with('Z')) return std::nullopt;
  text.remove_suffix(1);
  if (!is_second(text.substr(0, second_form.size()))) return std::nullopt;
  std::string fraction(text.substr(second_form.size()));
  if (fraction.empty()) fraction = ".";
  if (fraction[0] != '.' || (fraction.size() == 1 && text.ends_with('.'))) return std::nullopt;
  if (fraction.find_first_not_of("0123456789", 1) != std::string::npos) return std::nullopt;
  fraction.resize(4, '0');
  return std::string(text.substr(0, second_form.size())) + fraction;
}

std::vector<json::Value> select_lines(const std::vector<TrailFile>& files, const QueryAudit& query) {
  const auto since = query.since.empty() ? std::nullopt : comparable_time(query.since);
  std::vector<json::Value> lines;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    for (std::string_view rest = file->bytes; !rest.empty() && lines.size() < query.limit;) {
      Result<json::Document> line = json::parse(take_last_line(rest), file->path, line_limits, ErrorCode::integrity);
      if (!line || !line->root.is_object()) continue;  // the verification names it
      const json::Value& root = line->root;
      if (is_since(root, since) && is_wanted(root, "operation", query.only_operation) &&
          is_wanted(root, "subject", query.only_subject) && is_wanted(root, "verdict", query.only_verdict)) {
        lines.push_back(std::move(line->root));
      }
    }
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace cowork::audit
