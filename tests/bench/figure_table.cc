#include "figure_table.h"

#include <algorithm>
#include <iomanip>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

namespace cowork::bench {
namespace {

// What Google Benchmark adds to a name.
constexpr std::string_view real_time = "/real_time";
constexpr std::string_view repeats = "/repeats:";

struct Figure {
  const char* name;
  const char* ours;
  const char* baseline;  ///< empty: none
  const char* compared_with;
};

/// A benchmark's name, or two of them and by what their difference is divided: "A-B/64".
const std::vector<Figure> figures{
    {"a call through 0 interceptors", "call/0", "", ""},
    {"a call through 1 interceptor", "call/1", "", ""},
    {"a call through 8 interceptors", "call/8", "", ""},
    {"a call through 64 interceptors", "call/64", "", ""},
    {"a hop in the chain, of 64", "call/64-call/0:64", "virtual_calls/64-virtual_calls/0:64", "a virtual call"},
    {"list of 10,000 packs", "list", "walk_a_vector", "a walk along 10,000 names"},
    {"list of 10,000 packs after a change", "list_after_change", "walk_a_vector", "a walk along 10,000 names"},
    {"list of 10,000 packs as JSON text", "list_as_json", "text_of_json", "writing that JSON alone"},
    {"verdict on a toggle, lists of 10,000", "explain_toggle", "find_in_a_set", "two look-ups in hash sets"},
    {"dry-run toggle, lists of 10,000", "dry_toggle", "find_in_a_set", "two look-ups in hash sets"},
    {"a line of the audit trail", "audit_line", "append_and_sync", "append and fdatasync"},
    {"discovery of 1,000 packs", "discover", "read_manifests", "open, fstat, read, close of each"},
};

std::optional<double> time_of(const std::map<std::string, double>& times, const std::string& name) {
  const auto found = times.find(name);
  return found == times.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> value_of(const std::map<std::string, double>& times, const std::string& expression) {
  const std::size_t minus = expression.find('-');
  if (minus == std::string::npos) return time_of(times, expression);
  const std::size_t colon = expression.find(':');
  const auto greater = time_of(times, expression.substr(0, minus));
  const auto smaller = time_of(times, expression.substr(minus + 1, colon - minus - 1));
  if (!greater || !smaller) return std::nullopt;
  return (*greater - *smaller) / std::stod(expression.substr(colon + 1));
}

std::string time_text(double nanoseconds) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1);
  if (nanoseconds < 1e3) {
    text << nanoseconds << " ns";
  } else if (nanoseconds < 1e6) {
    text << nanoseconds / 1e3 << " µs";
  } else {
    text << nanoseconds / 1e6 << " ms";
  }
  return text.str();
}

/// Right-aligned; "µ" has two bytes but one column.
std::string cell(const std::string& text, std::size_t width) {
  const std::size_t columns = text.size() - (text.find("µ") == std::string::npos ? 0 : 1);
  return columns < width ? std::string(width - columns, ' ') + text : text;
}

}  // namespace

void FigureReporter::ReportRuns(const std::vector<Run>& runs) {
  ConsoleReporter::ReportRuns(runs);
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration || run.error_occurred || run.iterations == 0) continue;
    std::string name = run.benchmark_name();
    const std::size_t suffix = name.find(real_time);
    const double seconds = suffix == std::string::npos ? run.cpu_accumulated_time : run.real_accumulated_time;
    for (const std::string_view added : {real_time, repeats}) name.erase(std::min(name.find(added), name.size()));
    const double time = seconds * 1e9 / static_cast<double>(run.iterations);
    const auto [known, is_new] = times_.emplace(std::move(name), time);
    if (!is_new) known->second = std::min(known->second, time);
  }
}

void print_figures(std::ostream& out, const std::map<std::string, double>& times) {
  out << std::left << std::setw(38) << "figure" << cell("ours", 11) << cell("baseline", 11) << cell("ratio", 9)
      << "  baseline is\n";
  for (const Figure& figure : figures) {
    const auto ours = value_of(times, figure.ours);
    if (!ours) continue;
    out << std::left << std::setw(38) << figure.name << cell(time_text(*ours), 11);
    if (const auto baseline = value_of(times, figure.baseline)) {
      std::ostringstream ratio;
      ratio << std::fixed << std::setprecision(1) << *ours / *baseline;
      out << cell(time_text(*baseline), 11) << cell(ratio.str(), 9) << "  " << figure.compared_with;
    }
    out << "\n";
  }
}

}  // namespace cowork::bench
