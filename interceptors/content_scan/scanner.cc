// Walks through a pack's files and asks each rule.
#include <algorithm>
#include <initializer_list>

#include "connector_commands.h"
#include "cowork/base/text.h"
#include "cowork/content_scan/content_scan.h"
#include "findings.h"
#include "hidden_text.h"
#include "machine_code.h"
#include "network_pipes.h"
#include "secrets.h"

namespace cowork::content_scan {
namespace {

constexpr std::size_t most_files = 20'000, most_steps = 40;
constexpr std::size_t largest_file = std::size_t{256} << 20U;
constexpr std::uint32_t owner_may_execute = 0100;

struct File {
  std::string path;
  FileStatus status;
};

/// Whether `path` ends with one of `suffixes`, which are in lower case, in whatever case.
bool has_suffix(std::string_view path, std::initializer_list<std::string_view> suffixes) {
  const auto same = [](char c, char lower) { return (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) == lower; };
  return std::any_of(suffixes.begin(), suffixes.end(), [&](std::string_view suffix) {
    if (path.size() < suffix.size()) return false;
    const std::string_view end = path.substr(path.size() - suffix.size());
    return std::equal(end.begin(), end.end(), suffix.begin(), same);
  });
}

Spelling spelling_of(std::string_view path) {
  if (has_suffix(path, {".json", ".yaml", ".yml"})) return Spelling::escapes;
  return has_suffix(path, {".md"}) ? Spelling::front_matter : Spelling::plain;
}

class Scanner {
 public:
  Scanner(const PackManifest& manifest, const Directory& files) : manifest_(manifest), root_(files) {}

  Result<ScanReport> scan() {
    COWORK_TRY(walk({}, 0));
    COWORK_TRY(read_commands());
    std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) { return a.path < b.path; });
    for (const File& file : files_) COWORK_TRY(scan_file(file));
    return std::move(findings_).report();
  }

 private:
  Result<void> walk(const std::string& path, std::size_t steps) {
    std::shared_ptr<Directory> below;
    if (!path.empty()) {
      COWORK_ASSIGN(below, root_.directory(path));
    }
    COWORK_ASSIGN(const auto entries, (below ? *below : root_).entries());
    for (const DirectoryEntry& entry : entries) {
      if (path.empty() && entry.name == ".git" && entry.kind == FileKind::directory) continue;
      COWORK_TRY(meet(path.empty() ? entry.name : path + "/" + entry.name, steps));
    }
    return {};
  }

  Result<void> meet(std::string path, std::size_t steps) {
    if (files_.size() >= most_files || steps >= most_steps) {
      findings_.add(not_scanned_rule, std::move(path), 0, "is not looked at: the pack has too many files");
      return {};
    }
    COWORK_ASSIGN(const FileStatus status, root_.status(path));
    if (status.kind == FileKind::directory) return walk(path, steps + 1);
    if (status.kind == FileKind::link) {
      findings_.add(link_rule, std::move(path), 0, "a link, which may lead out of the pack");
    } else if (status.kind != FileKind::regular) {
      findings_.add(special_file_rule, std::move(path), 0, "neither a regular file nor a directory");
    } else {
      files_.push_back({std::move(path), status});
    }
    return {};
  }

  /// What the connectors run, and which files they name.
  Result<void> read_commands() {
    COWORK_ASSIGN(const std::string text, root_.read(manifest_file_name, json::manifest_limits.max_bytes));
    COWORK_ASSIGN(const json::Document document,
                  json::parse(text, manifest_file_name, json::manifest_limits, ErrorCode::invalid_manifest));
    const std::vector<ConnectorCommand> commands = connector_commands(document);
    std::set<std::string, std::less<>> paths;
    for (const File& file : files_) paths.insert(file.path);
    named_ = named_files(commands, paths);
    for (const ConnectorCommand& command : commands) scan_command(command);
    return {};
  }

  void scan_command(const ConnectorCommand& command) {
    for (const std::string& text : command.texts) {
      const auto pipe = find_network_pipe(text);
      if (!pipe) continue;
      findings_.add(network_pipe_rule, std::string(manifest_file_name), command.line,
                    "connector " + quoted(command.connector) + " runs what it fetches: " + words_of(*pipe));
      return;
    }
  }

  static std::string words_of(const NetworkPipe& pipe) { return quoted(pipe.fetches) + " feeds " + quoted(pipe.runs); }

  Result<void> scan_file(const File& file) {
    if (file.status.size > largest_file) {
      findings_.add(not_scanned_rule, file.path, 0, "is not looked at: it is too large");
      return {};
    }
    FileStatus status;
    COWORK_ASSIGN(const std::string bytes, root_.read(file.path, largest_file, &status));
    scan_program(file.path, bytes, (status.mode & owner_may_execute) != 0);
    if (is_text(file.path, bytes)) scan_text(file.path, bytes);
    // A shell runs what a connector names, text or not.
    if (named_.contains(file.path) && machine_code_kind(bytes).empty())
      scan_script(file.path, bytes, network_pipe_rule);
    return {};
  }

  void scan_program(const std::string& path, std::string_view bytes, bool executable) {
    const std::string_view kind = machine_code_kind(bytes);
    if (!kind.empty() && !is_declared_library(manifest_.main, path)) {
      findings_.add(machine_code_rule, path, 0, std::string(kind) + " that the manifest's main does not name");
    }
    if (!is_script(bytes)) return;
    const bool named = named_.contains(path);
    if (executable && !named && !lies_among_scripts(path)) {
      findings_.add(executable_script_rule, path, 0,
                    "an executable script outside of scripts/ that no connector names");
    }
  }

  void scan_text(const std::string& path, std::string_view text) {
    findings_.add(find_hidden_text(text, spelling_of(path)), text, path);
    findings_.add(find_secrets(text), text, path);
    if (named_.contains(path)) return;
    if (is_script(text) || has_suffix(path, {".sh", ".ps1"})) scan_script(path, text, network_script_rule);
  }

  void scan_script(const std::string& path, std::string_view text, ScanRule rule) {
    if (const auto pipe = find_network_pipe(text)) {
      Hits hits;
      hits.add(rule, pipe->offset, [&] { return "a script that runs what it fetches: " + words_of(*pipe); });
      findings_.add(hits, text, path);
    }
  }

  /// A file that says that it is text is read as such, whatever bytes were put into it.
  static bool is_text(std::string_view path, std::string_view bytes) {
    if (has_suffix(path, {".md", ".json", ".txt", ".yaml", ".yml", ".toml", ".sh", ".ps1", ".py", ".js", ".ts", ".html",
                          ".css", ".xml", ".csv", ".rb", ".pl"}))
      return true;
    if (is_script(bytes)) return true;
    return bytes.find('\0') == std::string_view::npos && json::is_valid_utf8(bytes);
  }

  const PackManifest& manifest_;
  const Directory& root_;
  std::vector<File> files_;
  std::set<std::string, std::less<>> named_;
  Findings findings_;
};

}  // namespace

Result<ScanReport> scan_pack(const PackManifest& manifest, const Directory& files) {
  return Scanner(manifest, files).scan();
}

}  // namespace cowork::content_scan
