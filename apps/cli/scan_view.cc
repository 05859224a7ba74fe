#include "scan_view.h"

#include "json_fields.h"
#include "table.h"

namespace cowork::cli {
namespace {

std::string finding_text(const json::Value& finding, const Styler& styler, std::size_t width) {
  const std::string severity = shown(finding, "severity");
  return "  " + styler(verdict_style(severity), severity + "[" + shown(finding, "rule") + "]") + " " +
         shown_place(finding) + "\n    " + wrapped(shown(finding, "message"), width == 0 ? SIZE_MAX : width, 4) + "\n";
}

}  // namespace

Style verdict_style(const std::string& verdict) {
  if (verdict == "clean") return Style::green;
  return verdict == "warning" ? Style::yellow : Style::red;
}

std::string scan_words(const json::Value& report) {
  if (!report.is_object()) return {};
  std::string words = shown(report, "verdict");
  if (const std::string released = shown(report, "releasedAt"); !released.empty()) words += ", released " + released;
  const std::size_t findings =
      array_of(report, "findings").size() + static_cast<std::size_t>(number_of(report, "omitted"));
  return findings == 0 ? words : words + ", " + counted(findings, "finding");
}

std::string scan_details(const json::Value& report, const Styler& styler, std::size_t width) {
  std::string text;
  for (const json::Value& finding : array_of(report, "findings")) text += finding_text(finding, styler, width);
  if (const auto omitted = number_of(report, "omitted"); omitted > 0)
    text += "  and " + std::to_string(omitted) + " more\n";
  return text.empty() ? text : "\n" + styler(Style::bold, "Found by the content scan") + "\n" + text;
}

}  // namespace cowork::cli
