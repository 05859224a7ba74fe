#include "cowork/loaders/isolated_loader.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cowork/base/text.h"
#include "kernel_support.h"
#include "supervisor.h"

namespace cowork::loaders {
namespace {

class IsolatedPack final : public NativePack {
 public:
  IsolatedPack(std::shared_ptr<Supervisor> supervisor, std::shared_ptr<LiveThreads> live)
      : live_(std::move(live)), supervisor_(std::move(supervisor)) {
    live_->begin_pack();
  }
  ~IsolatedPack() override { live_->end_pack(); }
  IsolatedPack(const IsolatedPack&) = delete;
  IsolatedPack& operator=(const IsolatedPack&) = delete;

  const std::vector<NativeTool>& tools() const noexcept override {
    static const std::vector<NativeTool> unknown;
    const PackDescription* description = supervisor_->description();
    return description != nullptr ? description->tools : unknown;
  }

  Result<json::Value> call(std::string_view tool, const json::Value& input, const CallOptions& options) override {
    COWORK_ASSIGN(const auto process, supervisor_->process());
    auto answer = process->call(tool, input, options);
    if (!answer) return fail(supervisor_->explained(std::move(answer).error()));
    supervisor_->answered();
    return answer;
  }

  std::vector<std::shared_ptr<Interceptor>> interceptors() override { return {}; }

  void on_event(const Event& event) override {
    const PackDescription* description = supervisor_->description();
    if (description == nullptr || !listens(*description, event.type)) return;
    const auto process = supervisor_->running();
    if (process && !process->tell(event)) supervisor_->drop_event();
  }

 private:
  static bool listens(const PackDescription& description, const std::string& type) {
    return std::find(description.events.begin(), description.events.end(), type) != description.events.end();
  }

  const std::shared_ptr<LiveThreads> live_;
  const std::shared_ptr<Supervisor> supervisor_;
};

class ProcessLoader final : public IsolatedLoader {
 public:
  explicit ProcessLoader(IsolationOptions options) : isolation_(std::make_shared<Isolation>(std::move(options))) {}
  /// Threads whose packs are gone are about to end: none outlives whoever made the loader.
  ~ProcessLoader() override { isolation_->live->wait(); }
  ProcessLoader(const ProcessLoader&) = delete;
  ProcessLoader& operator=(const ProcessLoader&) = delete;

  std::string refusal(const PackRecord&, const TierStatus&) const override {
    const std::string& program = isolation_->options.program;
    if (program.starts_with('/') && ::access(program.c_str(), X_OK) == 0) return {};
    return fmt::format(
        "native code runs isolated outside of trusted directories, and the program for that is missing: {}",
        printable(program));
  }

  Result<std::shared_ptr<NativePack>> load(const PackRecord& pack, const LockRecord* lock_record) override {
    const IsolationOptions& options = isolation_->options;
    COWORK_ASSIGN(CheckedLibrary library, check_library(*options.disk, options.home, pack, lock_record));
    const std::string name(pack.name());
    if (isolation_->ledger.is_full(name, library.sha256)) return fail(set_aside(*isolation_, name, {}));
    tell_what_is_missing();
    auto supervisor = std::make_shared<Supervisor>(isolation_, pack, std::move(library));
    if (options.eager) static_cast<void>(supervisor->process());  // what fails now fails again for the first call
    return std::make_shared<IsolatedPack>(std::move(supervisor), isolation_->live);
  }

  void forgive(std::string_view name) override {
    if (is_pack_name(name)) isolation_->ledger.forgive(std::string(name));
    isolation_->notices.forget_pack(name, code_failed);
  }

  void on_given_up(std::function<void(const std::string& name, const Error& why)> listener) override {
    isolation_->given_up.listen(std::move(listener));
  }
  void stop_telling() noexcept override { isolation_->given_up.stop(); }
  std::vector<Diagnostic> diagnostics() const override { return isolation_->notices.all(); }

 private:
  void tell_what_is_missing() {
    for (const std::string& missing : missing_in_kernel()) {
      isolation_->notices.add("isolation-incomplete",
                              fmt::format("this kernel has no {}: isolated packs run without it", missing));
    }
  }

  std::shared_ptr<Isolation> isolation_;
};

}  // namespace

std::shared_ptr<IsolatedLoader> make_isolated_loader(IsolationOptions options) {
  return std::make_shared<ProcessLoader>(std::move(options));
}

}  // namespace cowork::loaders
