#include "pack_looker.h"

namespace cowork::loaders {
namespace {

Sight::Remarks& remarks_of(Sight& sight) {
  if (!sight.remarks) sight.remarks = std::make_unique<Sight::Remarks>();
  return *sight.remarks;
}

}  // namespace

Sight PackLooker::look(const std::string& name, const TierFindings::Entry& known) {
  Sight sight;
  TrustTrail trail;
  if (known.stamp != 0 && is_known(name, known, trail)) {
    sight.record = known.record;
    sight.stamp = known.stamp;
    if (known.fault || known.remarks) {
      remarks_of(sight).fault = known.fault;
      remarks_of(sight).diagnostics = known.remarks;
    }
  } else {
    trail = {};
    read(name, trail, sight);
  }
  if (!trail.intact()) {
    remarks_of(sight).distrust = trail.reason();
    tracing_ = false;  // the first one decides, and those of this worker that follow are later ones
  }
  return sight;
}

bool PackLooker::is_known(const std::string& name, const TierFindings::Entry& known, TrustTrail& trail) const {
  FileStamp stamp;
  const PackFiles files(tier_, name, tracing_ ? &trail : nullptr, &stamp);
  return look_at_pack(files, known.record->manifest) && stamp.value(began_ns_) == known.stamp;
}

void PackLooker::read(const std::string& name, TrustTrail& trail, Sight& sight) {
  FileStamp stamp;
  auto reading = summarize_pack(PackFiles(tier_, name, tracing_ ? &trail : nullptr, &stamp), scratch_);
  if (!reading) {
    remarks_of(sight).refusal = std::move(reading).error();
    return;
  }
  if (!storage_) storage_ = std::make_shared<PackStorage>(scope_, tier_.path());
  sight.record = &storage_->add({name, std::move(reading->parsed.manifest), reading->manifest_hash, {}});
  sight.stamp = stamp.value(began_ns_);
  if (!reading->fault && reading->diagnostics.empty()) return;
  Sight::Remarks& remarks = remarks_of(sight);
  if (reading->fault) remarks.fault = std::make_shared<const Error>(*std::move(reading->fault));
  remarks.diagnostics = std::make_shared<const std::vector<Diagnostic>>(std::move(reading->diagnostics));
}

}  // namespace cowork::loaders
