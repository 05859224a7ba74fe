#include "trace_view.h"

#include <fmt/format.h>

#include "json_fields.h"

namespace cowork::cli {

void print_trace(Session& session, const json::Value& trace) {
  const json::Value& last = member_of(trace, "last");
  if (!last.is_object()) return;
  const Styler& styler = session.styled();
  const bool succeeded = flag_of(last, "ok");
  session.print_line("");
  session.print_line(styler(Style::bold, "LAST TRACED CALL") + "  " + shown(last, "operation") + "  " +
                     shown(last, "finishedAt") + "  " +
                     styler(succeeded ? Style::green : Style::red, succeeded ? "ok" : shown(last, "code")));
  Table table({{"STEP"}, {"PHASE"}, {"MICROSECONDS", false, true}});
  double sum = 0;
  for (const json::Value& step : array_of(last, "steps")) {
    const double micros = member_of(step, "micros").as_double().value_or(0);
    sum += micros;
    table.add({shown(step, "name"), shown(step, "phase"), fmt::format("{:.1f}", micros)});
  }
  table.add({{"together", Style::bold}, "", fmt::format("{:.1f}", sum)});
  session.print(table);
}

}  // namespace cowork::cli
