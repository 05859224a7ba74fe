#include "running_code.h"

namespace cowork {

RunningCode::RunningCode(std::shared_ptr<CodeLoader> loader)
    : loader_(std::move(loader)), isolation_(dynamic_cast<CodeIsolation*>(loader_.get())) {}

bool RunningCode::isolates(const PackRecord& pack, const TierStatus& tier) const {
  return isolation_ != nullptr && pack.is_native() && isolation_->isolates(pack, tier);
}

std::string RunningCode::refusal(const PackRecord& pack, const TierStatus& tier) const {
  if (!loader_) return "this host was put together without a loader of native code";
  return loader_->refusal(pack, tier);
}

bool RunningCode::runs_isolated(const PackRecord& pack, const TierStatus& tier) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = packs_.find(pack.name()); found != packs_.end()) return found->second.isolated;
  }
  return isolates(pack, tier);
}

bool RunningCode::runs(const PackRecord& pack, const TierStatus& tier) const {
  const std::string wanted = content(pack, tier);
  {
    const std::lock_guard lock(mutex_);
    const auto found = packs_.find(pack.name());
    if (found == packs_.end() || found->second.content != wanted) return false;
  }
  // Where nothing is isolated, code of a place that is trusted no more has nowhere to run.
  return isolation_ != nullptr || refusal(pack, tier).empty();
}

std::string RunningCode::content(const PackRecord& pack, const TierStatus& tier) const {
  return content_of(pack) + (isolates(pack, tier) ? "\nisolated" : "");
}

std::shared_ptr<NativePack> RunningCode::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = packs_.find(name);
  return found == packs_.end() ? nullptr : found->second.pack;
}

Result<void> RunningCode::load(const PackRecord& pack, const TierStatus& tier, const LockRecord* lock_record) {
  if (!loader_) return fail(Error::internal("there is no loader of native code"));
  const bool isolated = isolates(pack, tier);
  COWORK_ASSIGN(std::shared_ptr<NativePack> loaded, isolation_ != nullptr
                                                        ? isolation_->load_where(isolated, pack, lock_record)
                                                        : loader_->load(pack, lock_record));
  // What ran under its name is let go of after the lock: the pack's own code runs then.
  Running running{content_of(pack) + (isolated ? "\nisolated" : ""), isolated, loaded, loaded->interceptors()};
  const std::lock_guard lock(mutex_);
  std::swap(packs_[std::string(pack.name())], running);
  count_silent();
  ++revision_;
  return {};
}

void RunningCode::stop(std::string_view name) {
  decltype(packs_)::node_type stopped;  // let go after the lock: the pack's own code runs then
  const std::lock_guard lock(mutex_);
  const auto found = packs_.find(name);
  if (found == packs_.end()) return;
  stopped = packs_.extract(found);
  count_silent();
  ++revision_;
}

void RunningCode::forgive(std::string_view name) {
  if (loader_) loader_->forgive(name);
}

void RunningCode::on_given_up(std::function<void(const std::string& name, const Error& why)> listener) {
  if (loader_) loader_->on_given_up(std::move(listener));
}

void RunningCode::stop_telling() noexcept {
  if (loader_) loader_->stop_telling();
}

std::vector<ChainMember> RunningCode::interceptors() const {
  std::vector<ChainMember> members;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, running] : packs_) {
    for (const auto& interceptor : running.interceptors) members.push_back({interceptor, Phase::application, name});
  }
  return members;
}

void RunningCode::tell(const Event& event) const {
  std::vector<std::shared_ptr<NativePack>> packs;
  {
    const std::lock_guard lock(mutex_);
    packs.reserve(packs_.size());
    for (const auto& [name, running] : packs_) packs.push_back(running.pack);
  }
  for (const auto& pack : packs) pack->on_event(event);
}

std::uint64_t RunningCode::look_again() const {
  const std::lock_guard lock(mutex_);
  const std::size_t before = silent_.load(std::memory_order_relaxed);
  if (count_silent() != before) ++revision_;
  return revision_.load(std::memory_order_relaxed);
}

std::size_t RunningCode::count_silent() const {
  std::size_t silent = 0;
  for (const auto& [name, running] : packs_) silent += running.pack->tools().empty() ? 1U : 0U;
  silent_.store(silent, std::memory_order_release);
  return silent;
}

}  // namespace cowork
