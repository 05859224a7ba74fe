// The first reading of an archive: what is in it, and whether it keeps the bounds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archive_reader.h"
#include "cowork/base/sha256.h"
#include "cowork/loaders/fetcher.h"
#include "frame_writer.h"

namespace cowork::fetch {

/// Bytes that come out are bounded by number and by what went in.
class SurveyBounds {
 public:
  SurveyBounds(const loaders::FetchLimits& limits, std::uint64_t archive_bytes);
  /// Errors: invalid-argument.
  Result<void> check_bytes(std::uint64_t unpacked) const;
  Result<void> check_files(std::uint64_t unpacked) const;
  Result<void> check_entries(std::uint64_t entries) const;

 private:
  const loaders::FetchLimits* limits_;
  std::uint64_t most_by_ratio_;
};

struct SurveyedEntry {
  loaders::TreeEntry entry;
  Sha256::Digest sha256{};  ///< of a file's bytes
};

struct Survey {
  std::vector<SurveyedEntry> entries;
  std::uint64_t end = 0;  ///< where the last entry ended
};

/// Errors: those of read_archive, and of the bounds.
Result<Survey> survey_archive(std::string_view archive, ArchiveFormat format, const SurveyBounds& bounds,
                              FrameWriter& frames);

/// A zip file can be read by its directory, or from begin to end. Errors: invalid-argument, where the two ways do not
/// find the same files, so that one program would see another pack than another one.
Result<void> check_same(const std::vector<SurveyedEntry>& by_directory, const std::vector<SurveyedEntry>& by_stream);

}  // namespace cowork::fetch
