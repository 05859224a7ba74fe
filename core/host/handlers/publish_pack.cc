#include "publish_pack.h"

#include "cowork/base/text.h"

namespace cowork::handlers {
namespace {

LockRecord record_of(HostImpl& host, const Publication& publication, const AdmissionNotes& notes) {
  const PackManifest& manifest = publication.staged->manifest();
  LockRecord record;
  record.name = manifest.name;
  record.version = manifest.version;
  record.source_kind = publication.source_kind;
  record.source = publication.source;
  record.ref = publication.options.ref;
  record.commit = publication.staged->commit();
  record.sha256 = publication.staged->sha256();
  record.tree_sha256 = publication.staged->tree_sha256();
  record.installed_at = utc_timestamp(host.clock().system_ms());
  record.scan = notes.scan;
  return record;
}

/// The report on this very tree, when somebody released it; else null.
std::shared_ptr<const ScanReport> release_of(const LockRecord* before, const std::string& tree_sha256) {
  if (!before || !before->scan || before->scan->released_at.empty()) return nullptr;
  return before->tree_sha256 == tree_sha256 ? before->scan : nullptr;
}

/// Under the lock: a release that was found while the pack was admitted may be gone by now.
void drop_lost_release(LockRecord& record, const LockRecord* before) {
  if (!record.scan || record.scan->released_at.empty() || release_of(before, record.tree_sha256)) return;
  ScanReport held = *record.scan;
  held.released_at.clear();
  record.scan = std::make_shared<const ScanReport>(std::move(held));
}

Error renamed(const Publication& publication) {
  const std::string& found = publication.staged->manifest().name;
  return Error::conflict("pack " + quoted(publication.must_be) + " is called " + quoted(found) + " at its source now")
      .with_why("it came from " + masked_address(publication.source) + "; an update never changes a pack's name")
      .with_remedy("install the other one by itself, then: cowork pack remove " + publication.must_be);
}

Error other_pack(const Publication& publication) {
  return Error::conflict("the source of pack " + quoted(publication.options.name) + " holds pack " +
                         quoted(publication.staged->manifest().name))
      .with_why("it was fetched from " + masked_address(publication.source) + "; nothing was installed")
      .with_remedy("tell whoever publishes the pack, or the registry that names this source");
}

/// A record that no longer is pending. What can't be written here is settled when the records are read next.
void confirm_record(HostImpl& host, AdmittedBase& admitted, LockRecords locks, const std::string& name) {
  const auto record = locks.packs.find(name);
  if (record == locks.packs.end()) return;
  record->second.pending = false;
  record->second.previous = nullptr;
  if (auto saved = host.save_locks(std::move(locks)); !saved)
    admitted.call().warn("its lock record is still marked as pending: " + saved.error().message());
}

/// Makes the pack visible between saving its records and, should that fail, taking them back: the disk is as it was.
/// Killed in between, the record is pending, and the tree that is found later says which of the two it is.
Result<void> make_visible(HostImpl& host, AdmittedBase& admitted, const Snapshot& current,
                          const Publication& publication, const AdmissionNotes& notes) {
  const std::string& name = publication.staged->manifest().name;
  if (!publication.in_extensions) return publication.staged->publish(publication.options.replace);
  COWORK_TRY(check_target(host, current, publication.staged->manifest(), publication.options));
  LockRecords locks = current.locks();
  const LockRecord* before = current.locks().find(name);
  locks.packs.erase(name);
  if (publication.recorded) {
    LockRecord record = record_of(host, publication, notes);
    record.pending = true;
    drop_lost_release(record, before);
    if (before) record.previous = std::make_shared<const LockRecord>(*before);
    locks.packs.emplace(name, std::move(record));
  }
  const bool records_change = publication.recorded || before != nullptr;
  if (records_change) COWORK_TRY(host.save_locks(locks));
  auto published = publication.staged->publish(publication.options.replace);
  if (!published) {
    if (records_change) {
      if (auto restored = host.save_locks(current.locks()); !restored) {
        return fail(published.error().prefixed("and the lock record could not be taken back (" +
                                               restored.error().message() + ")"));
      }
    }
    return published;
  }
  if (publication.recorded) confirm_record(host, admitted, std::move(locks), name);
  return {};
}

/// The call's own options, with another place for warnings: a nested call would replace what the caller's list holds.
CallOptions nested_options(const Call& call, std::vector<std::string>* warnings) {
  CallOptions options = call.options();
  options.warnings = warnings;
  return options;
}

/// The switch that was asked for is saved before anything becomes visible, and taken back when nothing does.
Result<void> switch_and_show(HostImpl& host, AdmittedBase& admitted, const Snapshot& current,
                             const Publication& publication, const AdmissionNotes& notes) {
  const bool switched = publication.in_extensions && publication.options.enable.has_value();
  if (switched) {
    Toggles next = current.toggles();
    next.packs[publication.staged->manifest().name] = *publication.options.enable;
    COWORK_TRY(host.save_toggles(current, std::move(next)));
  }
  auto visible = make_visible(host, admitted, current, publication, notes);
  if (visible || !switched) return visible;
  if (auto restored = host.save_toggles(current, current.toggles()); !restored) {
    return fail(
        visible.error().prefixed("and its switch could not be taken back (" + restored.error().message() + ")"));
  }
  return visible;
}

/// What the lock record says, since the manifest on the disk may have been changed; empty when there is no pack.
std::string installed_version(const Snapshot& snapshot, const std::string& name) {
  const LockRecord* record = snapshot.locks().find(name);
  if (record && is_semantic_version(record->version)) return record->version;
  const auto index = snapshot.catalog().find(name);
  return index ? snapshot.catalog()[*index].manifest.version.str() : std::string();
}

}  // namespace

const PackRecord* other_pack_in(const Catalog& catalog, const std::string& name) {
  for (const PackRecord& pack : catalog.packs()) {
    if (pack.scope == Scope::user && pack.alias == name && pack.name() != name) return &pack;
  }
  return nullptr;
}

Result<void> check_target(HostImpl& host, const Snapshot& snapshot, const PackManifest& manifest,
                          const InstallOptions& options) {
  const std::string& name = manifest.name;
  const Catalog& catalog = snapshot.catalog();
  if (catalog.is_reserved(name, Scope::user)) {
    return fail(
        Error::conflict("the name " + quoted(name) + " belongs to a builtin or organization pack")
            .with_why(
                "names and directory names of higher tiers are reserved; a user pack of that name would be shadowed")
            .with_remedy("choose another name"));
  }
  const std::string path = host.extensions_directory() + "/" + name;
  const auto free_if_missing = [](const Error& error) -> Result<void> {
    if (error.code() == ErrorCode::not_found) return {};
    return fail(error);
  };
  auto extensions = host.disk().open(host.extensions_directory());
  if (!extensions) return free_if_missing(extensions.error());
  const auto status = (*extensions)->status(name);
  if (!status) return free_if_missing(status.error());
  if (!options.replace) {
    return fail(Error::already_exists("pack " + quoted(name) + " is installed already")
                    .with_why("it stands in " + path)
                    .with_remedy("install it with --replace, or run: cowork pack remove " + name));
  }
  if (const PackRecord* other = other_pack_in(catalog, name)) {
    // To replace it would be to uninstall it, which a policy that requires it forbids.
    return fail(Error::conflict("the directory of pack " + quoted(name) + " holds pack " + quoted(other->name()))
                    .with_why("it stands in " + path)
                    .with_remedy("cowork pack remove " + std::string(other->name())));
  }
  const std::string installed = installed_version(snapshot, name);
  if (!installed.empty() && compare_versions(manifest.version, installed) < 0 && !options.allow_downgrade) {
    return fail(Error::conflict("version " + manifest.version + " of pack " + quoted(name) +
                                " is lower than the installed " + installed)
                    .with_why("it stands in " + path)
                    .with_remedy("the same command with --allow-downgrade"));
  }
  return {};
}

Result<AdmissionNotes> admit(HostImpl& host, AdmittedBase& admitted, const PackManifest& manifest,
                             std::string_view source_kind, const Directory* files, AdmissionNotes notes) {
  const AdmitPack request{manifest.name, manifest.name, Scope::user, std::string(source_kind),
                          &manifest,     files,         &notes};
  std::vector<std::string> warnings;
  const auto admitted_pack = host.run(request, nested_options(admitted.call(), &warnings), admitted.call().id());
  for (std::string& warning : warnings) admitted.call().warn(std::move(warning));
  if (!admitted_pack) return fail(admitted_pack.error());
  return notes;
}

Result<AdmissionNotes> publish(HostImpl& host, AdmittedBase& admitted, const Publication& publication,
                               std::string_view admitted_name) {
  const PackManifest& manifest = publication.staged->manifest();
  AdmissionNotes notes;
  if (publication.recorded || manifest.name != admitted_name) {
    COWORK_ASSIGN(const auto files, publication.staged->tree());
    notes.scan = release_of(admitted.snapshot().locks().find(manifest.name), publication.staged->tree_sha256());
    COWORK_ASSIGN(notes, admit(host, admitted, manifest, publication.source_kind, files.get(), std::move(notes)));
  }
  if (!publication.must_be.empty() && manifest.name != publication.must_be) return fail(renamed(publication));
  const std::string& expected = publication.options.name;
  if (!expected.empty() && manifest.name != expected) return fail(other_pack(publication));
  const AdmitPack request{manifest.name, manifest.name, Scope::user, publication.source_kind, &manifest};
  const CallOptions options = nested_options(admitted.call(), nullptr);
  const CallView question(request, options);
  admitted.also_judge(question);
  if (admitted.dry_run() && publication.in_extensions)
    COWORK_TRY(check_target(host, admitted.snapshot(), manifest, publication.options));
  COWORK_TRY(admitted.commit(
      [&](const Snapshot& current) { return switch_and_show(host, admitted, current, publication, notes); }));
  if (publication.in_extensions) {
    admitted.after_commit([&] {
      host.rescan();
      host.reconcile(admitted.call().id());
    });
  }
  return notes;
}

}  // namespace cowork::handlers
