// What a process has more of for each pack of its host: pages that are its own (smaps_rollup: Private_Clean and
// Private_Dirty), in a fresh process, beside another one whose host has no packs.
#include <fstream>
#include <stdexcept>
#include <string>

#include "child.h"
#include "hosts.h"
#include "scratch.h"
#include "sides.h"

namespace cowork::bench {
namespace {

double private_bytes_now() {
  std::ifstream maps("/proc/self/smaps_rollup");
  double bytes = 0;
  for (std::string word; maps >> word;) {
    double kilobytes = 0;
    if ((word == "Private_Clean:" || word == "Private_Dirty:") && maps >> kilobytes) bytes += kilobytes * 1024;
  }
  if (bytes == 0) throw std::runtime_error("the kernel does not say how much memory is this process's own");
  return bytes;
}

double bytes_in_fresh_process(const std::string& tier) {
  return std::stod(output_of_program({"/proc/self/exe", "--private-memory", tier}));
}

}  // namespace

double private_bytes_with_host(const std::string& tier) {
  const auto host = standard_host(tier);
  benchmark::DoNotOptimize(value_of(host->list()).size());
  return private_bytes_now();
}

Sides private_memory(std::size_t packs, PackSize size) {
  const std::string& tier = tier_of(packs, size);
  const std::string none = new_directory("none");
  return {[tier, none, packs](const Stopwatch&) {
    return (bytes_in_fresh_process(tier) - bytes_in_fresh_process(none)) / static_cast<double>(packs);
  }};
}

}  // namespace cowork::bench
