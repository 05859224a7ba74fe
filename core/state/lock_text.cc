#include "lock_text.h"

#include <algorithm>
#include <array>

#include "cowork/base/text.h"
#include "scan_text.h"

namespace cowork {
namespace {

constexpr std::string_view lost_member = "lost";
constexpr std::array<std::string_view, 4> source_kinds{"directory", "archive", "git", "url"};

Result<void> read_source(const Place& source, LockRecord& into) {
  COWORK_ASSIGN(into.source_kind, text(source, "kind"));
  if (std::find(source_kinds.begin(), source_kinds.end(), into.source_kind) == source_kinds.end()) {
    return refused_value(source.document, *source.value.find("kind"), source.pointer + "/kind",
                         "kind must be one of directory, archive, git, url; found " + quoted(into.source_kind));
  }
  COWORK_ASSIGN(into.source, text(source, "location"));
  COWORK_ASSIGN(into.ref, optional_text(source, "ref"));
  COWORK_ASSIGN(into.commit, optional_text(source, "commit"));
  return {};
}

Result<LockRecord> read_record(const Place& place, const std::string& name) {
  LockRecord record;
  record.name = name;
  COWORK_ASSIGN(record.version, text(place, "version"));
  COWORK_ASSIGN(const Place source, member(place, "source"));
  COWORK_TRY(read_source(source, record));
  COWORK_ASSIGN(record.sha256, optional_text(place, "sha256"));
  COWORK_ASSIGN(record.tree_sha256, text(place, "treeSha256"));
  COWORK_ASSIGN(record.installed_at, text(place, "installedAt"));
  if (!place.value.find("scan")) return record;
  COWORK_ASSIGN(const Place scan, member(place, "scan"));
  COWORK_ASSIGN(ScanReport report, read_scan_report(scan));
  record.scan = std::make_shared<const ScanReport>(std::move(report));
  return record;
}

/// `pending` holds the record before, or null.
Result<LockRecord> read_current_record(const Place& place, const std::string& name) {
  COWORK_ASSIGN(LockRecord record, read_record(place, name));
  if (!place.value.find("pending")) return record;
  record.pending = true;
  COWORK_ASSIGN(const Place previous, member(place, "pending"));
  if (previous.value.is_null()) return record;
  COWORK_ASSIGN(LockRecord before, read_record(previous, name));
  record.previous = std::make_shared<const LockRecord>(std::move(before));
  return record;
}

json::Value record_value(const LockRecord& record) {
  json::Value source = json::Value::object({{"kind", record.source_kind}, {"location", record.source}});
  if (!record.ref.empty()) source.set("ref", record.ref);
  if (!record.commit.empty()) source.set("commit", record.commit);
  json::Value value = json::Value::object({{"version", record.version}, {"source", std::move(source)}});
  if (!record.sha256.empty()) value.set("sha256", record.sha256);
  value.set("treeSha256", record.tree_sha256);
  value.set("installedAt", record.installed_at);
  if (record.scan) value.set("scan", to_json(*record.scan));
  if (record.pending) value.set("pending", record.previous ? record_value(*record.previous) : json::Value());
  return value;
}

}  // namespace

Result<LockRecords> read_lock_records(const json::Document& document) {
  const Place root{document, document.root, ""};
  COWORK_ASSIGN(const Place version, member(root, "version"));
  if (version.value.as_int64() != 1) {
    return refused_value(document, version.value, version.pointer, "version must be 1");
  }
  COWORK_ASSIGN(const Place packs, member(root, "packs"));
  const json::Object* entries = packs.value.as_object();
  if (!entries) return unexpected_value(document, packs.value, packs.pointer, "an object");
  LockRecords records;
  if (const json::Value* lost = root.value.find(lost_member)) {
    const bool* flag = lost->as_bool();
    if (!flag) return unexpected_value(document, *lost, "/" + std::string(lost_member), "a boolean");
    records.lost = *flag;
  }
  for (const json::Member& entry : *entries) {
    const Place place{document, entry.value, packs.pointer + json::pointer_step(entry.key)};
    COWORK_ASSIGN(records.packs[entry.key], read_current_record(place, entry.key));
  }
  return records;
}

std::string lock_text(const LockRecords& records) {
  json::Object packs;
  packs.reserve(records.packs.size());
  for (const auto& [name, record] : records.packs) packs.push_back({name, record_value(record)});
  json::Value document = json::Value::object({{"version", 1}});
  document.set("packs", std::move(packs));
  if (records.lost) document.set(lost_member, true);
  return json::to_pretty_text(document);
}

}  // namespace cowork
