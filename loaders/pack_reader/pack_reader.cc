#include "cowork/loaders/pack_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "cowork/loaders/library_file.h"
#include "cowork/loaders/pack_tree.h"
#include "skill_directories.h"

namespace cowork::loaders {
namespace {

/// What a manifest that is not valid says about its name.
std::string claimed_name(std::string_view text, std::string_view file) {
  const auto document = json::parse(text, file, json::manifest_limits, ErrorCode::invalid_manifest);
  if (!document) return {};
  const json::Value* name = document->root.find("name");
  const std::string* claimed = name != nullptr ? name->as_string() : nullptr;
  return claimed != nullptr && is_pack_name(*claimed) ? *claimed : std::string();
}

PackRefusal refuse_manifest(const FileProblem& problem, const PackFiles& files) {
  switch (problem.kind) {
    case FileProblem::Kind::link:
      return refuse_link(problem.path);
    case FileProblem::Kind::missing:
      return {"no-manifest",
              Severity::warning,
              Error::invalid_manifest(fmt::format("no {} in {}", manifest_file_name,
                                                  files.shown({}).empty() ? "the pack" : quoted(files.shown({}))),
                                      SourcePlace{files.shown({}), 0, 0, {}}),
              {}};
    case FileProblem::Kind::wrong_kind:
    case FileProblem::Kind::too_large:
      return {"invalid-manifest",
              Severity::error,
              Error::invalid_manifest(problem.message, SourcePlace{problem.path, 0, 0, {}}),
              {}};
    case FileProblem::Kind::failed:
      break;
  }
  return {"invalid-manifest",
          Severity::error,
          Error::io(problem.message).with_place(SourcePlace{problem.path, 0, 0, {}}),
          {}};
}

/// Finds out what keeps a valid pack from being active on this host.
class Compatibility {
 public:
  Compatibility(const PackFiles& files, std::string_view text, PackReading& reading)
      : files_(files), text_(text), reading_(reading) {}

  tl::expected<void, PackRefusal> check() {
    check_platform();
    if (!reading_.fault) check_version();
    if (reading_.fault || manifest().main.empty()) return {};
    return check_main();
  }

 private:
  const PackManifest& manifest() const { return reading_.parsed.manifest; }

  /// `member` of the manifest, or its member `within`, is at fault.
  void fault(std::string_view code, std::string message, std::string_view member, std::string_view within = {}) {
    SourcePlace place = place_of(member, within);
    reading_.diagnostics.push_back({Severity::error, std::string(code), message, place});
    reading_.fault = Error::invalid_manifest(std::move(message), std::move(place));
  }

  /// Read once more: nobody keeps places that are hardly ever asked for.
  SourcePlace place_of(std::string_view member, std::string_view within) const {
    std::string pointer = json::pointer_step(member);
    if (!within.empty()) pointer += json::pointer_step(within);
    const std::string file = files_.shown(manifest_file_name);
    const auto document = json::parse(text_, file, json::manifest_limits, ErrorCode::invalid_manifest);
    const json::Value* value = document ? document->root.find(member) : nullptr;
    if (value != nullptr && !within.empty()) value = value->find(within);
    if (value == nullptr) return {file, 0, 0, std::move(pointer)};
    return document->place(*value, std::move(pointer));
  }

  void check_platform() {
    const auto& platforms = manifest().platforms;
    if (platforms.empty() || std::find(platforms.begin(), platforms.end(), host_platform()) != platforms.end()) return;
    fault("incompatible", fmt::format("made for {}, this is {}", fmt::join(platforms, ", "), host_platform()),
          "platform", "os");
  }

  void check_version() {
    const std::string& wanted = manifest().cowork_version;
    if (wanted.empty() || compare_versions(wanted, compatible_cowork_version) <= 0) return;
    fault("incompatible",
          fmt::format("needs host version {} or newer, this one is compatible with {}", wanted,
                      compatible_cowork_version),
          "coworkVersion");
  }

  tl::expected<void, PackRefusal> check_main() {
    const std::string& main = manifest().main;
    const auto path = find_library(files_, main);
    if (!path && path.error().kind == FileProblem::Kind::missing) {
      main_fault(fmt::format("no library {} in the pack", quoted(main)));
      return {};
    }
    if (!path) return main_problem(path.error());
    const auto bytes = files_.read(*path, max_tree_bytes);
    if (!bytes) return main_problem(bytes.error());
    if (const auto wrong = fault_of_library(*bytes)) main_fault(no_library(*path, *wrong));
    return {};
  }

  tl::expected<void, PackRefusal> main_problem(const FileProblem& problem) {
    if (problem.kind == FileProblem::Kind::link) {
      PackRefusal refusal = refuse_link(problem.path);
      refusal.name = manifest().name;
      return tl::unexpected(std::move(refusal));
    }
    main_fault(no_library(manifest().main, problem.message));
    return {};
  }

  static std::string no_library(std::string_view path, std::string_view why) {
    return fmt::format("main is no native library for this platform: {}: {}", quoted(path), why);
  }

  void main_fault(std::string message) { fault("invalid-main", std::move(message), "main"); }

  const PackFiles& files_;
  std::string_view text_;
  PackReading& reading_;
};

/// Remarks that concern whoever uses the pack; the others are for `validate --strict`.
void note_remarks(PackReading& reading) {
  for (const ManifestRemark& remark : reading.parsed.remarks) {
    if (remark.code != "unknown-skill") continue;
    reading.diagnostics.push_back({Severity::warning, remark.code, remark.message, remark.place});
  }
}

/// Behind the manifest's text.
tl::expected<PackReading, PackRefusal> read_rest(const PackFiles& files, std::string_view text,
                                                 Result<ParsedManifest> parsed) {
  files.trace_directory();
  if (!parsed) {
    return tl::unexpected(PackRefusal{"invalid-manifest", Severity::error, std::move(parsed).error(),
                                      claimed_name(text, files.shown(manifest_file_name))});
  }
  tl::expected<PackReading, PackRefusal> result(tl::in_place);
  PackReading& reading = *result;
  reading.parsed = *std::move(parsed);
  reading.manifest_hash = content_hash(text);
  if (auto read = read_skill_directories(files, reading.parsed.manifest); !read) return tl::unexpected(read.error());
  if (auto checked = Compatibility(files, text, reading).check(); !checked) return tl::unexpected(checked.error());
  note_remarks(reading);
  return result;
}

}  // namespace

PackRefusal refuse_link(std::string shown_path) {
  return {"link-refused",
          Severity::error,
          Error::invalid_manifest("link refused: nothing of a pack may be a link",
                                  SourcePlace{std::move(shown_path), 0, 0, {}}),
          {}};
}

Diagnostic to_diagnostic(const PackRefusal& refusal) {
  return {refusal.severity, refusal.diagnostic, refusal.error.message(), refusal.error.place().value_or(SourcePlace{})};
}

tl::expected<PackReading, PackRefusal> read_pack(const PackFiles& files) {
  const auto text = files.read(manifest_file_name, json::manifest_limits.max_bytes);
  if (!text) return tl::unexpected(refuse_manifest(text.error(), files));
  return read_rest(files, *text, parse_manifest(*text, files.shown(manifest_file_name)));
}

tl::expected<PackReading, PackRefusal> summarize_pack(const PackFiles& files, PackScratch& scratch) {
  const auto text = files.read_into(scratch.buffer, manifest_file_name, json::manifest_limits.max_bytes);
  if (!text) return tl::unexpected(refuse_manifest(text.error(), files));
  return read_rest(files, *text, summarize_manifest(*text, files.shown(manifest_file_name), scratch.tape));
}

bool look_at_pack(const PackFiles& files, const PackSummary& manifest) {
  if (!files.look(manifest_file_name)) return false;
  files.trace_directory();
  for (const SkillSummary& skill : manifest.skills)
    if (!skill.file.empty() && !files.look(skill.file)) return false;
  if (manifest.main.empty()) return true;
  const auto library = find_library(files, manifest.main);
  return library && files.look(*library);
}

}  // namespace cowork::loaders
