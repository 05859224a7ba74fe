#include "diagnostic_view.h"

#include "json_fields.h"

namespace cowork::cli {
namespace {

Style severity_style(const std::string& severity) {
  if (severity == "error") return Style::red;
  return severity == "warning" ? Style::yellow : Style::cyan;
}

}  // namespace

json::Value diagnostic_json(const Diagnostic& diagnostic) {
  json::Value result = json::Value::object(
      {{"severity", to_string(diagnostic.severity)}, {"code", diagnostic.code}, {"path", diagnostic.place.file}});
  if (diagnostic.place.line > 0) result.set("line", diagnostic.place.line);
  if (diagnostic.place.column > 0) result.set("column", diagnostic.place.column);
  if (!diagnostic.place.pointer.empty()) result.set("pointer", diagnostic.place.pointer);
  result.set("message", diagnostic.message);
  return result;
}

std::string diagnostic_text(const json::Value& diagnostic, const Styler& styler, std::size_t width) {
  const std::string severity = shown(diagnostic, "severity");
  const std::string place = shown_place(diagnostic);
  return styler(severity_style(severity), severity + "[" + shown(diagnostic, "code") + "]") +
         (place.empty() ? "" : " " + place) + "\n  " +
         wrapped(shown(diagnostic, "message"), width == 0 ? SIZE_MAX : width, 2) + "\n";
}

}  // namespace cowork::cli
