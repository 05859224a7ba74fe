#include "tier_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "cowork/loaders/pack_tree.h"
#include "pack_looker.h"
#include "workers.h"

namespace cowork::loaders {
namespace {

/// What a listing can show and a JSON document can hold. It only says what the name is: a pack's identity is its
/// manifest's.
bool is_plain(std::string_view name) {
  const auto is_printable_ascii = [](char byte) { return byte >= ' ' && byte <= '~'; };
  if (std::all_of(name.begin(), name.end(), is_printable_ascii)) return true;
  return json::is_valid_utf8(name) && printable(name) == name;
}

/// As files' times are: no port's clock, which may stand still in a test while files change.
std::int64_t now_ns() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

class TierScan {
 public:
  TierScan(const Directory& directory, TierFindings& findings, const Catalog* known, std::int64_t began_ns)
      : directory_(directory), findings_(findings), known_(known), began_ns_(began_ns) {}

  void run(const std::vector<DirectoryEntry>& entries, const Trust& trust) {
    trail_.add(trust);
    std::vector<const DirectoryEntry*> candidates;
    candidates.reserve(entries.size());
    for (const DirectoryEntry& entry : entries)
      if (!entry.name.starts_with('.') && entry.kind != FileKind::regular) candidates.push_back(&entry);
    const std::vector<TierFindings::Entry> known = known_packs(candidates);
    std::vector<Sight> sights(candidates.size());
    look(candidates, known, sights);
    findings_.packs.reserve(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) take(*candidates[i], sights[i]);
    // Whoever claims the same name twice reserves it once.
    auto& reserved = findings_.reserved;
    std::sort(reserved.begin(), reserved.end());
    reserved.erase(std::unique(reserved.begin(), reserved.end()), reserved.end());
    findings_.trusted = trail_.intact();
    findings_.untrusted_reason = trail_.reason();
  }

 private:
  /// A thread is worth its start from so many packs on.
  static constexpr std::size_t packs_for_a_thread = 128, most_threads = 8;

  SourcePlace place(const DirectoryEntry& entry) const {
    return {join_path(directory_.path(), printable(entry.name)), 0, 0, {}};
  }

  static bool may_be_pack(const DirectoryEntry& entry) {
    return entry.kind == FileKind::directory && is_plain(entry.name);
  }

  /// Both sides are sorted by directory name. Empty where nothing is known.
  std::vector<TierFindings::Entry> known_packs(const std::vector<const DirectoryEntry*>& candidates) const {
    if (known_ == nullptr) return {};
    std::vector<TierFindings::Entry> found(candidates.size());
    std::size_t at = 0;
    while (at < known_->size() && (*known_)[at].scope < findings_.root.scope) ++at;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const auto alias = [&] { return (*known_)[at].alias.view(); };
      const auto left = [&] { return at < known_->size() && (*known_)[at].scope == findings_.root.scope; };
      while (left() && alias() < candidates[i]->name) ++at;
      if (!left() || alias() != candidates[i]->name) continue;
      const PackRecord& record = (*known_)[at];
      if (*record.tier_path == directory_.path()) found[i] = known_->entry(at);
    }
    return found;
  }

  void look(const std::vector<const DirectoryEntry*>& candidates, const std::vector<TierFindings::Entry>& known,
            std::vector<Sight>& sights) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t workers =
        std::clamp<std::size_t>(candidates.size() / packs_for_a_thread, 1, std::min(cores, most_threads));
    std::vector<PackLooker> lookers;
    lookers.reserve(workers);
    for (std::size_t i = 0; i < workers; ++i)
      lookers.emplace_back(directory_, findings_.root.scope, trail_.intact(), began_ns_);
    share_out(candidates.size(), workers, [&](std::size_t index, std::size_t worker) {
      if (!may_be_pack(*candidates[index])) return;
      sights[index] =
          lookers[worker].look(candidates[index]->name, known.empty() ? TierFindings::Entry{} : known[index]);
    });
    for (const PackLooker& looker : lookers)
      if (auto storage = looker.storage()) findings_.storage.push_back(std::move(storage));
    if (known_ == nullptr) return;
    for (auto& storage : known_->storage(findings_.root.scope)) findings_.storage.push_back(std::move(storage));
  }

  void leave_out(const DirectoryEntry& entry, Diagnostic diagnostic) {
    if (entry.kind != FileKind::other) findings_.reserved.push_back(entry.name);
    findings_.diagnostics.push_back(std::move(diagnostic));
  }

  void take(const DirectoryEntry& entry, Sight& sight) {
    if (!is_plain(entry.name)) {
      leave_out(entry, Diagnostic{Severity::error, "invalid-name",
                                  "a name must be UTF-8 without control and invisible characters", place(entry)});
    } else if (entry.kind == FileKind::link) {
      leave_out(entry, to_diagnostic(refuse_link(place(entry).file)));
    } else if (entry.kind != FileKind::directory) {
      leave_out(entry, Diagnostic{Severity::warning, "not-a-directory",
                                  fmt::format("expected a directory, found {}", describe(entry.kind)), place(entry)});
    } else {
      take_pack(entry, sight);
    }
  }

  void take_pack(const DirectoryEntry& entry, Sight& sight) {
    if (!sight.remarks) {
      findings_.packs.push_back({sight.record, nullptr, nullptr, sight.stamp});
      return;
    }
    Sight::Remarks& remarks = *sight.remarks;
    if (!remarks.distrust.empty()) trail_.add({false, remarks.distrust});
    if (remarks.refusal) {
      if (!remarks.refusal->name.empty()) findings_.reserved.push_back(remarks.refusal->name);
      leave_out(entry, to_diagnostic(*remarks.refusal));
      return;
    }
    if (remarks.diagnostics)
      findings_.diagnostics.insert(findings_.diagnostics.end(), remarks.diagnostics->begin(),
                                   remarks.diagnostics->end());
    findings_.packs.push_back({sight.record, std::move(remarks.fault), std::move(remarks.diagnostics), sight.stamp});
  }

  const Directory& directory_;
  TierFindings& findings_;
  const Catalog* known_;
  std::int64_t began_ns_;
  TrustTrail trail_;
};

void cannot_read(TierFindings& findings, const Error& error) {
  const SourcePlace place{findings.root.path, 0, 0, {}};
  findings.untrusted_reason = error.message();
  if (error.code() != ErrorCode::not_found) {
    findings.readable = false;
    findings.diagnostics.push_back({Severity::error, "tier-unreadable", error.message(), place});
  } else if (findings.root.configured) {
    findings.diagnostics.push_back(
        {Severity::error, "tier-missing",
         fmt::format("the configured directory of the {} tier does not exist", to_string(findings.root.scope)), place});
  }
}

}  // namespace

TierFindings scan_tier(const Disk& disk, const TierRoot& root, const Catalog* known) {
  TierFindings findings;
  findings.root = root;
  if (root.path.empty() && !root.configured) {
    findings.untrusted_reason = "no directory is set";
    return findings;
  }
  const std::int64_t began_ns = now_ns();
  const auto directory = disk.open(root.path);
  if (!directory) {
    cannot_read(findings, directory.error());
    return findings;
  }
  const auto entries = (*directory)->entries();
  if (!entries) {
    cannot_read(findings, Error::io(entries.error().message()));
    return findings;
  }
  TierScan(**directory, findings, known, began_ns).run(*entries, disk.trust_of_directory((*directory)->path()));
  return findings;
}

}  // namespace cowork::loaders
