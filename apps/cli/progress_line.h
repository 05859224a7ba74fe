// How far an install is: one line on a terminal that is written over and goes away at the end.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

#include "cowork/base/json.h"

namespace cowork::cli {

/// "downloading 1.5 MB of 3.0 MB", from the data of an `install-progress` event.
std::string progress_words(const json::Value& data);

class ProgressLine {
 public:
  /// Writes nothing unless `shown`.
  ProgressLine(std::ostream& out, bool shown, std::size_t width) : out_(&out), shown_(shown), width_(width) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void show(const json::Value& data);

 private:
  std::ostream* out_;
  bool shown_;
  std::size_t width_;
  bool written_ = false;
};

}  // namespace cowork::cli
