#include "table.h"

#include <fmt/format.h>

#include <cmath>

namespace cowork::bench {
namespace {

std::string ratio_text(const Figure& figure, const Measured& measured) {
  if (measured.baseline.empty()) return {};
  if (figure.target.aim == Aim::excess)
    return "+" + quantity_text(measured.median_of_ours() - measured.median_of_baseline(), figure.unit);
  return fmt::format("{:.2f}", measured.median_of_ours() / measured.median_of_baseline());
}

struct Cells {
  std::string name, ours, baseline, ratio, target, met, baseline_is;
};

void print_cells(std::FILE* out, const Cells& cells) {
  fmt::print(out, "{:<44} {:>11} {:>11} {:>10}  {:<13} {:<4} {}\n", cells.name, cells.ours, cells.baseline, cells.ratio,
             cells.target, cells.met, cells.baseline_is);
  std::fflush(out);
}

}  // namespace

std::string quantity_text(double value, Unit unit) {
  const double size = std::abs(value);
  if (unit == Unit::bytes)
    return size < 10'240 ? fmt::format("{:.0f} B", value) : fmt::format("{:.1f} KB", value / 1024);
  if (size < 1e3) return fmt::format("{:.1f} ns", value);
  if (size < 1e6) return fmt::format("{:.2f} us", value / 1e3);
  return size < 1e9 ? fmt::format("{:.2f} ms", value / 1e6) : fmt::format("{:.2f} s", value / 1e9);
}

std::string target_text(const Figure& figure) {
  const Target& target = figure.target;
  switch (target.aim) {
    case Aim::none:
      return {};
    case Aim::ratio:
      return fmt::format("<= {:g} x", target.most);
    case Aim::value:
      return "<= " + quantity_text(target.most, figure.unit);
    case Aim::excess:
      return "+ <= " + quantity_text(target.most, figure.unit);
  }
  return {};
}

void print_head(std::FILE* out) {
  print_cells(out, {"FIGURE", "OURS", "BASELINE", "RATIO", "TARGET", "MET", "BASELINE IS"});
}

void print_row(std::FILE* out, const Figure& figure, const std::optional<Measured>& measured,
               const std::string& fault) {
  Cells cells{figure.name, "-", "-", "-", target_text(figure), {}, "NOT MEASURED: " + fault};
  const bool has_target = figure.target.aim != Aim::none;
  if (measured) {
    cells.ours = quantity_text(measured->median_of_ours(), figure.unit);
    cells.baseline = measured->baseline.empty() ? "" : quantity_text(measured->median_of_baseline(), figure.unit);
    cells.ratio = ratio_text(figure, *measured);
    cells.baseline_is = figure.baseline_is;
  }
  if (has_target) cells.met = measured && is_met(figure.target, *measured) ? "yes" : "NO";
  print_cells(out, cells);
}

void print_curve_head(std::FILE* out, const Curve& curve) {
  fmt::print(out, "\n{}\n{:>16} {:>11} {:>11} {:>10}  {}\n", curve.name, curve.size_is, "ours",
             curve.baseline_is.empty() ? "" : "baseline", curve.unit == Unit::bytes ? "" : "ours each",
             curve.baseline_is);
}

void print_point(std::FILE* out, const Curve& curve, std::size_t size, const Measured& measured) {
  const double ours = measured.median_of_ours();
  const std::string baseline =
      measured.baseline.empty() ? "" : quantity_text(measured.median_of_baseline(), curve.unit);
  const bool has_share = size != 0 && curve.unit != Unit::bytes;
  fmt::print(out, "{:>16} {:>11} {:>11} {:>10}\n", size, quantity_text(ours, curve.unit), baseline,
             has_share ? quantity_text(ours / static_cast<double>(size), curve.unit) : "");
  std::fflush(out);
}

}  // namespace cowork::bench
