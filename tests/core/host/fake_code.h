// A loader of native code without any: what a test says is what packs bring.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cowork/host/native_code.h"

namespace cowork::test {

/// What was loaded, stopped, called and told, in order. Threads: any.
class CallLog {
 public:
  void push_back(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// Passes on, and writes down.
class NamedInterceptor final : public Interceptor {
 public:
  NamedInterceptor(std::string name, std::shared_ptr<NativePack> pack, std::shared_ptr<CallLog> seen)
      : name_(std::move(name)), pack_(std::move(pack)), seen_(std::move(seen)) {}
  std::string_view name() const noexcept override { return name_; }
  std::shared_ptr<const JudgeState> judge_state(Freshness) const override { return std::make_shared<JudgeState>(); }
  Verdict judge(const CallView& call, const Snapshot& snapshot) const override {
    if (!snapshot.state_of(*this)) seen_->push_back(name_ + " without its state at " + std::string(call.info().name));
    return Verdict::no_opinion();
  }
  Outcome intercept(Call& call, Next next) override {
    seen_->push_back(name_ + " " + std::string(call.info().name));
    return next(call);
  }

 private:
  std::string name_;
  std::shared_ptr<NativePack> pack_;  ///< as CodeLoader asks: an interceptor keeps its pack's code alive
  std::shared_ptr<CallLog> seen_;
};

struct FakeCode {
  std::vector<NativeTool> tools;
  std::vector<std::string> interceptors;
  std::function<Result<json::Value>(std::string_view, const json::Value&)> call = {};
  std::optional<Error> fault = {};
  std::function<void()> on_load = {};
};

class FakeCodeLoader final : public CodeLoader {
 public:
  std::string refusal(const PackRecord& pack, const TierStatus&) const override {
    return pack.scope == Scope::user ? "user packs run only isolated" : std::string();
  }
  Result<std::shared_ptr<NativePack>> load(const PackRecord& pack, const LockRecord*) override;
  void forgive(std::string_view name) override { log->push_back("forgive " + std::string(name)); }

  void on_given_up(std::function<void(const std::string& name, const Error& why)> listener) override {
    give_up = std::move(listener);
  }
  void stop_telling() noexcept override { give_up = nullptr; }

  std::function<void(const std::string& name, const Error& why)> give_up;
  std::map<std::string, FakeCode> code;
  std::shared_ptr<CallLog> log = std::make_shared<CallLog>();
};

class FakePack final : public NativePack, public std::enable_shared_from_this<FakePack> {
 public:
  FakePack(std::string name, FakeCode code, std::shared_ptr<CallLog> log)
      : name_(std::move(name)), code_(std::move(code)), log_(std::move(log)) {
    log_->push_back("start " + name_);
  }
  ~FakePack() override { log_->push_back("stop " + name_); }
  const std::vector<NativeTool>& tools() const noexcept override { return code_.tools; }
  Result<json::Value> call(std::string_view tool, const json::Value& input, const CallOptions&) override {
    log_->push_back("call " + name_ + " " + std::string(tool));
    return code_.call(tool, input);
  }
  std::vector<std::shared_ptr<Interceptor>> interceptors() override {
    std::vector<std::shared_ptr<Interceptor>> made;
    for (const std::string& name : code_.interceptors)
      made.push_back(std::make_shared<NamedInterceptor>(name, shared_from_this(), log_));
    return made;
  }
  void on_event(const Event& event) override { log_->push_back("event " + name_ + " " + event.type); }

 private:
  std::string name_;
  FakeCode code_;
  std::shared_ptr<CallLog> log_;
};

inline Result<std::shared_ptr<NativePack>> FakeCodeLoader::load(const PackRecord& pack, const LockRecord*) {
  const std::string name(pack.name());
  const FakeCode& found = code[name];
  if (found.on_load) found.on_load();
  if (found.fault) return fail(*found.fault);
  return std::make_shared<FakePack>(name, found, log);
}

}  // namespace cowork::test
