// `cowork pack validate`: reads a directory as discovery would, without a host.
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "cowork/content_scan/content_scan.h"
#include "cowork/loaders/pack_reader.h"
#include "diagnostic_view.h"
#include "json_fields.h"
#include "local_path.h"

namespace cowork::cli {
namespace {

struct Options {
  std::string path = ".";
  bool strict = false;
};

struct Validation {
  std::string path;
  std::optional<PackManifest> manifest;  ///< when it could be read
  std::vector<Diagnostic> diagnostics;
  std::size_t omitted_findings = 0;  ///< of the content scan
  bool valid = false;
};

/// What the content scan would say at an install: a pack that it would hold back is not valid.
Result<void> scan(const Directory& directory, const Options& options, Validation& result) {
  COWORK_ASSIGN(const ScanReport report, content_scan::scan_pack(*result.manifest, directory));
  for (const ScanFinding& finding : report.findings) {
    const bool grave = options.strict || finding.severity == ScanVerdict::quarantined;
    result.diagnostics.push_back({grave ? Severity::error : Severity::warning,
                                  finding.rule,
                                  finding.message,
                                  {result.path + "/" + finding.path, finding.line, 0, {}}});
    if (grave) result.valid = false;
  }
  result.omitted_findings = report.omitted;
  return {};
}

Result<Validation> validate(const Options& options) {
  Validation result;
  COWORK_ASSIGN(result.path, absolute_path(options.path));
  const std::shared_ptr<Disk> disk = make_real_disk();
  COWORK_ASSIGN(const std::shared_ptr<Directory> directory, disk->open(result.path));
  auto reading = loaders::read_pack(loaders::PackFiles(*directory, "", result.path, nullptr));
  if (!reading) {
    result.diagnostics.push_back(loaders::to_diagnostic(reading.error()));
    return result;
  }
  result.valid = !reading->fault;
  result.diagnostics = std::move(reading->diagnostics);
  for (const ManifestRemark& remark : reading->parsed.remarks) {
    if (remark.code != "unknown-field") continue;  // the others are among the diagnostics
    const Severity severity = options.strict ? Severity::error : Severity::info;
    result.diagnostics.push_back({severity, remark.code, remark.message, remark.place});
    if (options.strict) result.valid = false;
  }
  result.manifest = std::move(reading->parsed.manifest);
  COWORK_TRY(scan(*directory, options, result));
  return result;
}

json::Value to_json(const Validation& validation) {
  json::Value result = json::Value::object({{"path", validation.path}, {"valid", validation.valid}});
  if (const auto& manifest = validation.manifest)
    result.set("manifest",
               json::Value::object({{"name", manifest->name},
                                    {"displayName", manifest->display_name},
                                    {"version", manifest->version},
                                    {"type", to_string(manifest->type)},
                                    {"skills", static_cast<std::uint64_t>(manifest->skills.size())},
                                    {"slashCommands", static_cast<std::uint64_t>(manifest->slash_commands.size())},
                                    {"agentRoles", static_cast<std::uint64_t>(manifest->agent_roles.size())},
                                    {"connectors", static_cast<std::uint64_t>(manifest->connectors.size())}}));
  json::Value diagnostics = json::Value::array();
  for (const Diagnostic& diagnostic : validation.diagnostics) diagnostics.push_back(diagnostic_json(diagnostic));
  result.set("diagnostics", std::move(diagnostics));
  if (validation.omitted_findings > 0)
    result.set("omittedFindings", static_cast<std::uint64_t>(validation.omitted_findings));
  return result;
}

void print_for_people(Session& session, const Validation& validation, const json::Value& document) {
  const Styler& styler = session.styled();
  for (const json::Value& diagnostic : array_of(document, "diagnostics"))
    session.print(
        diagnostic_text(diagnostic, styler, session.terminal().out_is_terminal ? session.terminal().width : 0));
  if (validation.omitted_findings > 0)
    session.print_line("and " + counted(validation.omitted_findings, "finding") + " more");
  const std::string what = validation.manifest
                               ? printable(validation.manifest->name) + " " + printable(validation.manifest->version)
                               : printable(validation.path);
  const auto count = [&](std::size_t number, std::string_view noun) { return counted(number, noun); };
  if (validation.valid)
    session.print_line(styler(Style::green, "valid") + "  " + what + " (" +
                       count(validation.manifest->skills.size(), "skill") + ", " +
                       count(validation.manifest->slash_commands.size(), "command") + ", " +
                       count(validation.manifest->agent_roles.size(), "role") + ")");
  else
    session.print_line(styler(Style::red, "invalid") + "  " + what);
}

Result<int> run_validation(Session& session, const Options& options) {
  COWORK_ASSIGN(const Validation validation, validate(options));
  const json::Value document = to_json(validation);
  if (session.json())
    session.document({{"validation", document}});
  else
    print_for_people(session, validation, document);
  return validation.valid ? 0 : exit_status(ErrorCode::invalid_manifest);
}

}  // namespace

void add_pack_validation(CommandTree& tree, CLI::App& pack) {
  auto options = std::make_shared<Options>();
  Verb& verb =
      tree.verb(pack, "validate", "Check a pack's directory without installing it; exit status 8 when it is invalid.",
                {{"cowork pack validate", "the pack in this directory"},
                 {"cowork pack validate ./my-pack --strict", "unknown fields and warnings of the scan are errors too"}},
                [options](Session& session) { return run_validation(session, *options); });
  verb.tells_policy = false;
  verb.app->add_option("PATH", options->path, "Directory of the pack (default: this one)");
  verb.app->add_flag("--strict", options->strict, "Count unknown fields, and warnings of the content scan, as errors");
}

}  // namespace cowork::cli
