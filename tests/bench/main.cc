#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "figure_table.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return EXIT_FAILURE;
  cowork::bench::FigureReporter reporter(::isatty(STDOUT_FILENO) == 1);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  std::cout << "\n";
  cowork::bench::print_figures(std::cout, reporter.times());
  benchmark::Shutdown();
  return EXIT_SUCCESS;
}
