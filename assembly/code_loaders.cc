#include "code_loaders.h"

#include <string>

#include "cowork/host/isolated_code.h"

namespace cowork {
namespace {

class CodeLoaders final : public CodeLoader, public CodeIsolation {
 public:
  CodeLoaders(std::shared_ptr<CodeLoader> in_process, std::shared_ptr<CodeLoader> isolated,
              std::function<bool(const TierStatus&)> trusted)
      : in_process_(std::move(in_process)), isolated_(std::move(isolated)), trusted_(std::move(trusted)) {}

  bool isolates(const PackRecord& pack, const TierStatus& tier) const override {
    return pack.scope == Scope::user || !trusted_(tier);
  }

  std::string refusal(const PackRecord& pack, const TierStatus& tier) const override {
    return (isolates(pack, tier) ? isolated_ : in_process_)->refusal(pack, tier);
  }

  /// What nobody called trusted runs isolated.
  Result<std::shared_ptr<NativePack>> load(const PackRecord& pack, const LockRecord* lock_record) override {
    return isolated_->load(pack, lock_record);
  }

  Result<std::shared_ptr<NativePack>> load_where(bool isolated, const PackRecord& pack,
                                                 const LockRecord* lock_record) override {
    return (isolated ? isolated_ : in_process_)->load(pack, lock_record);
  }

  void forgive(std::string_view name) override {
    in_process_->forgive(name);
    isolated_->forgive(name);
  }
  void on_given_up(std::function<void(const std::string& name, const Error& why)> listener) override {
    isolated_->on_given_up(std::move(listener));
  }
  void stop_telling() noexcept override { isolated_->stop_telling(); }

 private:
  const std::shared_ptr<CodeLoader> in_process_;
  const std::shared_ptr<CodeLoader> isolated_;
  const std::function<bool(const TierStatus&)> trusted_;
};

}  // namespace

std::shared_ptr<CodeLoader> make_code_loaders(std::shared_ptr<CodeLoader> in_process,
                                              std::shared_ptr<CodeLoader> isolated,
                                              std::function<bool(const TierStatus&)> trusted) {
  return std::make_shared<CodeLoaders>(std::move(in_process), std::move(isolated), std::move(trusted));
}

}  // namespace cowork
