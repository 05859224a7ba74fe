#include "archive_survey.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/sha256.h"
#include "cowork/base/text.h"

namespace cowork::fetch {
namespace {

constexpr std::uint64_t free_of_ratio = 1U << 20U;

Error differs(std::string_view path) {
  return Error::invalid_argument(
             fmt::format("{} is not the same by the zip file's directory and in its place", quoted(path)))
      .with_why("readers of zip files would not agree on what this pack is");
}

}  // namespace

SurveyBounds::SurveyBounds(const loaders::FetchLimits& limits, std::uint64_t archive_bytes)
    : limits_(&limits),
      most_by_ratio_(archive_bytes > UINT64_MAX / limits.ratio
                         ? UINT64_MAX
                         : std::max(free_of_ratio, archive_bytes * limits.ratio)) {}

Result<void> SurveyBounds::check_bytes(std::uint64_t unpacked) const {
  if (unpacked <= most_by_ratio_) return {};
  return fail(Error::invalid_argument(fmt::format("it unpacks to more than {} times its size", limits_->ratio)));
}

Result<void> SurveyBounds::check_files(std::uint64_t unpacked) const {
  if (unpacked > limits_->unpacked_bytes)
    return fail(Error::invalid_argument(fmt::format("it unpacks to more than {} bytes", limits_->unpacked_bytes)));
  return check_bytes(unpacked);
}

Result<void> SurveyBounds::check_entries(std::uint64_t entries) const {
  if (entries <= limits_->entries) return {};
  return fail(Error::invalid_argument(fmt::format("it holds more than {} files and directories", limits_->entries)));
}

Result<Survey> survey_archive(std::string_view archive, ArchiveFormat format, const SurveyBounds& bounds,
                              FrameWriter& frames) {
  Survey survey;
  std::vector<Sha256> hashes;
  std::uint64_t unpacked = 0;
  ArchiveVisitor visitor;
  visitor.on_entry = [&](const loaders::TreeEntry& entry) {
    survey.entries.push_back({entry, {}});
    hashes.emplace_back();
    return bounds.check_entries(survey.entries.size());
  };
  visitor.on_bytes = [&](std::string_view bytes) -> Result<void> {
    survey.entries.back().entry.size += bytes.size();
    unpacked += bytes.size();
    hashes.back().take(bytes);
    frames.progress("unpack", unpacked, 0);
    return bounds.check_files(unpacked);
  };
  COWORK_ASSIGN(survey.end, read_archive(archive, format, visitor));
  for (std::size_t i = 0; i < hashes.size(); ++i) survey.entries[i].sha256 = hashes[i].digest();
  return survey;
}

Result<void> check_same(const std::vector<SurveyedEntry>& by_directory, const std::vector<SurveyedEntry>& by_stream) {
  const std::size_t both = std::min(by_directory.size(), by_stream.size());
  for (std::size_t i = 0; i < both; ++i) {
    const loaders::TreeEntry& a = by_directory[i].entry;
    const loaders::TreeEntry& b = by_stream[i].entry;
    if (a.path != b.path || a.kind != b.kind || a.size != b.size || by_directory[i].sha256 != by_stream[i].sha256)
      return fail(differs(a.path));
  }
  if (by_directory.size() == by_stream.size()) return {};
  return fail(differs((by_directory.size() > both ? by_directory : by_stream)[both].entry.path));
}

}  // namespace cowork::fetch
