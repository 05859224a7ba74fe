#include "cowork/state/lock_records.h"

#include <atomic>

#include "lock_text.h"
#include "state_file.h"

namespace cowork {
namespace {

std::shared_ptr<const LockRecords> numbered(LockRecords records) {
  static std::atomic<std::uint64_t> last{0};
  records.revision = ++last;
  return std::make_shared<const LockRecords>(std::move(records));
}

}  // namespace

const LockRecord* LockRecords::find(std::string_view name) const noexcept {
  const auto found = packs.find(name);
  return found == packs.end() ? nullptr : &found->second;
}

LockStore::LockStore(std::shared_ptr<Disk> disk, std::string home, std::shared_ptr<Clock> clock)
    : file_(std::make_shared<StateFile>(std::move(disk), std::move(home), std::move(clock), "pack-lock.json")) {}

Result<std::shared_ptr<const LockRecords>> LockStore::load(std::vector<Diagnostic>& incidents) {
  LockRecords records;
  const auto decode = [&](const json::Document& document) -> Result<void> {
    COWORK_ASSIGN(records, read_lock_records(document));
    return {};
  };
  LockRecords after_loss;
  after_loss.lost = true;
  const StateLoss loss{lock_text(after_loss),
                       "installed packs count as custom until they are installed again, and user packs stay off until "
                       "they are switched on"};
  COWORK_ASSIGN(const StateOrigin origin, file_->load(decode, loss, incidents));
  return numbered(origin == StateOrigin::lost ? std::move(after_loss) : std::move(records));
}

Result<std::shared_ptr<const LockRecords>> LockStore::save(LockRecords next) {
  COWORK_TRY(file_->save(lock_text(next)));
  return numbered(std::move(next));
}

std::uint64_t LockStore::fingerprint() const {
  return file_->fingerprint();
}

}  // namespace cowork
