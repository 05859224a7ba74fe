#include "progress_line.h"

#include <fmt/format.h>

#include <ostream>

#include "json_fields.h"
#include "terminal.h"

namespace cowork::cli {
namespace {

constexpr std::string_view clear_line = "\r\x1b[K";

std::string size_words(double bytes) {
  if (bytes < 1000) return fmt::format("{:.0f} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", bytes / 1000);
  return fmt::format("{:.1f} MB", bytes / 1'000'000);
}

std::string phase_words(const std::string& phase) {
  if (phase == "resolve") return "looking up the address";
  if (phase == "download") return "downloading";
  if (phase == "unpack") return "unpacking";
  return phase == "copy" ? "copying" : phase;
}

}  // namespace

std::string progress_words(const json::Value& data) {
  std::string words = phase_words(shown(data, "phase"));
  const auto bytes = number_of(data, "bytes");
  const auto total = number_of(data, "total");
  if (bytes > 0) words += " " + size_words(static_cast<double>(bytes));
  if (total > 0) words += " of " + size_words(static_cast<double>(total));
  return words;
}

void ProgressLine::show(const json::Value& data) {
  if (!shown_) return;
  *out_ << clear_line << cut_to_width(progress_words(data), width_) << std::flush;
  written_ = true;
}

ProgressLine::~ProgressLine() {
  if (written_) *out_ << clear_line << std::flush;
}

}  // namespace cowork::cli
