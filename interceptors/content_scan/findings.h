// What was found, bounded: one file, or one rule, never crowds out the others.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/state/scan_report.h"

namespace cowork::content_scan {

/// A rule always has the same severity.
struct ScanRule {
  std::string_view name;
  ScanVerdict severity = ScanVerdict::warning;
};

inline constexpr ScanRule link_rule{"link", ScanVerdict::quarantined};
inline constexpr ScanRule special_file_rule{"special-file", ScanVerdict::quarantined};
inline constexpr ScanRule machine_code_rule{"machine-code", ScanVerdict::quarantined};
inline constexpr ScanRule hidden_text_rule{"hidden-text", ScanVerdict::quarantined};
inline constexpr ScanRule network_pipe_rule{"network-pipe", ScanVerdict::quarantined};
inline constexpr ScanRule network_script_rule{"network-script", ScanVerdict::warning};
inline constexpr ScanRule zero_width_rule{"zero-width", ScanVerdict::warning};
inline constexpr ScanRule executable_script_rule{"executable-script", ScanVerdict::warning};
inline constexpr ScanRule secret_rule{"secret", ScanVerdict::warning};
inline constexpr ScanRule not_scanned_rule{"not-scanned", ScanVerdict::warning};

/// Something in a text.
struct Hit {
  ScanRule rule;
  std::size_t offset = 0;  ///< in bytes
  std::string message;
};

/// The hits in one text, by their offset: the first `most` of either severity, and how many more there were.
class Hits {
 public:
  static constexpr std::size_t most = 10;
  /// `message` is only asked for when the hit is kept.
  template <class Message>
  void add(ScanRule rule, std::size_t offset, const Message& message) {
    std::size_t& kept = rule.severity == ScanVerdict::quarantined ? grave_ : light_;
    if (kept == most) {
      ++omitted_;
      return;
    }
    ++kept;
    kept_.push_back({rule, offset, message()});
  }
  const std::vector<Hit>& kept() const noexcept { return kept_; }
  std::size_t omitted() const noexcept { return omitted_; }

 private:
  std::vector<Hit> kept_;
  std::size_t grave_ = 0, light_ = 0, omitted_ = 0;
};

/// Collects what goes into a report.
class Findings {
 public:
  static constexpr std::size_t most = 100;
  void add(ScanRule rule, std::string path, unsigned line, std::string message);
  /// The hits in `text`, the content of the file `path`, with their lines.
  void add(const Hits& hits, std::string_view text, const std::string& path);
  /// The graver ones are kept when there are too many.
  ScanReport report() &&;

 private:
  std::vector<ScanFinding> grave_, light_;
  std::size_t omitted_ = 0;
};

}  // namespace cowork::content_scan
