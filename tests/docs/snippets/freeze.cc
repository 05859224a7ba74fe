// docs/writing-an-interceptor.md: a judge that depends on the world outside, and keeps to one answer for a whole read.
#include "expect.h"

namespace {

// [freeze]
/// While <home>/freeze exists, no pack may be changed.
class Freeze final : public cowork::Interceptor {
 public:
  Freeze(std::shared_ptr<cowork::Disk> disk, std::string home) : disk_(std::move(disk)), home_(std::move(home)) {}

  std::string_view name() const noexcept override { return "freeze"; }
  bool applies_to(const cowork::OperationInfo& info) const override { return info.effect == cowork::Effect::mutate; }

  std::shared_ptr<const cowork::JudgeState> judge_state(cowork::Freshness) const override {
    auto state = std::make_shared<State>();
    state->frozen = freeze_file_exists();
    state->revision = state->frozen ? 2 : 1;
    state->label = state->frozen ? "frozen" : "open";
    return state;
  }

  cowork::Verdict judge(const cowork::CallView& call, const cowork::Snapshot& snapshot) const override {
    const auto& state = static_cast<const State&>(*snapshot.state_of(*this));
    if (!state.frozen || call.subject().kind != "pack") return cowork::Verdict::no_opinion();
    return cowork::Verdict::deny(
        cowork::Error(cowork::ErrorCode::policy_denied, "Packs are frozen until the release is out")
            .with_why(home_ + "/freeze exists")
            .with_remedy("wait for the release, or remove that file"),
        "frozen");
  }

 private:
  struct State final : cowork::JudgeState {
    bool frozen = false;
  };

  /// What can't be found out counts as frozen.
  bool freeze_file_exists() const {
    const auto directory = disk_->open(home_);
    if (!directory) return directory.error().code() != cowork::ErrorCode::not_found;
    const auto status = (*directory)->status("freeze");
    return status || status.error().code() != cowork::ErrorCode::not_found;
  }

  std::shared_ptr<cowork::Disk> disk_;
  std::string home_;
};
// [/freeze]

}  // namespace

int main() {
  const ScratchDirectory scratch;
  cowork::StandardHostOptions options = scratch_options(scratch);
  options.host.disk = cowork::make_real_disk();
  auto host = cowork::start_standard_host(options, [&](cowork::HostBuilder& builder) {
    builder.use(std::make_shared<Freeze>(options.host.disk, options.home));
  });
  expect(host.has_value(), "the host starts");
  expect(host->toggle("devops", false).has_value(), "without the file packs can be changed");
  std::ofstream(scratch.path("home/freeze")) << "release 4.2\n";
  const auto refused = host->toggle("devops", true);
  expect(!refused && refused.error().message() == "Packs are frozen until the release is out",
         "with the file they can't");
  const auto allowed = host->call_json(
      "agent:start", cowork::json::Value::array({cowork::json::Value::object({{"workspace", "w"}, {"agentId", "a"}})}));
  expect(allowed.has_value(), "agents are no packs");
}
