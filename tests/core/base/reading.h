// How the tests of the reader read: from memory that ends where the text ends, so that AddressSanitizer sees a byte too
// many.
#pragma once

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "cowork/base/json_reader.h"

namespace cowork::json {

inline Result<Document> read(std::string_view text, const Limits& limits = manifest_limits) {
  const std::unique_ptr<char[]> exact(new char[text.size()]);
  std::copy(text.begin(), text.end(), exact.get());
  return parse(std::string_view(exact.get(), text.size()), "f.json", limits, ErrorCode::invalid_manifest);
}

/// "ok", or "place: message".
inline std::string verdict(std::string_view text, const Limits& limits = manifest_limits) {
  const auto document = read(text, limits);
  return document ? "ok" : document.error().place()->to_string() + ": " + document.error().message();
}

/// Seconds of processor time that `work` takes: other programs on the machine do not count.
template <class Work>
double seconds(Work&& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace cowork::json
