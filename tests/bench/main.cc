// cowork_bench: see scripts/bench.sh --help.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <regex>

#include "figures.h"
#include "results.h"
#include "scratch.h"
#include "sides/sides.h"
#include "table.h"

namespace {

using namespace cowork;
using namespace cowork::bench;

struct Arguments {
  std::string only, json, commit = "unknown", private_memory;
  bool quick = false, scales = false;
};

Pace pace_of(const Arguments& arguments) {
  if (arguments.quick) return {3, 0.02};
  return arguments.scales ? Pace{5, 0.05} : Pace{};
}

/// A figure that can't be measured is a row that says so.
json::Value measure_figures(const Arguments& arguments) {
  json::Value rows = json::Value::array();
  const std::regex only(arguments.only, std::regex::icase);
  print_head(stdout);
  for (const Figure& figure : all_figures()) {
    if (!std::regex_search(figure.name, only)) continue;
    std::optional<Measured> measured;
    std::string fault;
    try {
      measured = run_rounds(figure.prepare(), pace_of(arguments));
    } catch (const std::exception& error) {
      fault = error.what();
    }
    print_row(stdout, figure, measured, fault);
    rows.push_back(figure_as_json(figure, measured, fault));
  }
  return rows;
}

json::Value measure_curves(const Arguments& arguments) {
  json::Value curves = json::Value::array();
  const std::regex only(arguments.only, std::regex::icase);
  for (const Curve& curve : all_curves()) {
    if (!std::regex_search(curve.name, only)) continue;
    print_curve_head(stdout, curve);
    json::Value points = json::Value::array();
    for (const std::size_t size : curve.sizes) {
      try {
        const Measured measured = run_rounds(curve.prepare(size), pace_of(arguments));
        print_point(stdout, curve, size, measured);
        points.push_back(point_as_json(size, measured));
      } catch (const std::exception& error) {
        std::printf("%zu: NOT MEASURED: %s\n", size, error.what());
        points.push_back(
            json::Value::object({{"size", static_cast<std::int64_t>(size)}, {"notMeasured", error.what()}}));
      }
    }
    curves.push_back(curve_as_json(curve, std::move(points)));
  }
  return curves;
}

int run(const Arguments& arguments) {
  if (!arguments.private_memory.empty()) {
    std::printf("%.0f\n", private_bytes_with_host(arguments.private_memory));
    return EXIT_SUCCESS;
  }
  json::Value report = json::Value::object({{"machine", machine_as_json(arguments.commit)}});
  if (arguments.scales)
    report.set("curves", measure_curves(arguments));
  else
    report.set("figures", measure_figures(arguments));
  if (!arguments.json.empty()) write_file(arguments.json, json::to_pretty_text(report));
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("The figures of cowork");
  app.add_option("--only", arguments.only, "Only figures whose names match this regular expression");
  app.add_option("--json", arguments.json, "Write the figures, with every round, to this file");
  app.add_option("--commit", arguments.commit, "What is measured, for the file");
  app.add_option("--private-memory", arguments.private_memory)->group("");
  app.add_flag("--quick", arguments.quick, "Three short rounds instead of nine");
  app.add_flag("--scales", arguments.scales, "How cost grows, instead of the table");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(arguments);
  } catch (const std::exception& error) {
    std::cerr << "cowork_bench: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
