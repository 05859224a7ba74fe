// README.md: an interceptor as a function, and one as a class that judges.
#include "expect.h"

namespace {

// [no-shell]
/// Packs that run shell commands stay off, whichever tier they come from.
class NoShell final : public cowork::Interceptor {
 public:
  std::string_view name() const noexcept override { return "no-shell"; }
  bool applies_to(const cowork::OperationInfo& info) const override {
    return info.name == cowork::ActivatePack::info.name;
  }

  cowork::Verdict judge(const cowork::CallView& call, const cowork::Snapshot& snapshot) const override {
    const auto* question = call.request<cowork::ActivatePack>();
    const auto index = snapshot.catalog().find(question->name);
    if (!index || !snapshot.catalog()[*index].manifest.has_shell_connector()) return cowork::Verdict::no_opinion();
    return cowork::Verdict::deny(
        cowork::Error(cowork::ErrorCode::policy_denied, "Pack \"" + question->name + "\" runs shell commands"),
        "shell");
  }
};
// [/no-shell]

}  // namespace

int main() {
  const ScratchDirectory scratch;
  const cowork::StandardHostOptions options = scratch_options(scratch);
  // [use]
  auto host = cowork::start_standard_host(options, [](cowork::HostBuilder& builder) {
    const auto log = [](cowork::Call& call, cowork::Next next) -> cowork::Outcome {
      cowork::Outcome outcome = next(call);
      std::clog << call.info().name << (outcome.ok() ? ": done\n" : ": " + outcome.error()->message() + '\n');
      return outcome;
    };
    builder.use("log", log, cowork::Phase::observe);
    builder.use(std::make_shared<NoShell>());
  });
  // [/use]
  expect(host.has_value(), "the host starts");
  const auto devops = host->get("devops");
  expect(devops && *devops, "the pack is found by its alias");
  expect((*devops)->flags().policy_blocked, "a pack with a shell connector is shown as blocked");
  expect((*devops)->flags().policy_reason == "shell", "with the interceptor's reason");
  expect((*devops)->state() == cowork::PackState::disabled, "and is off");
  const auto finance = host->get("finance");
  expect(finance && *finance && (*finance)->state() == cowork::PackState::active, "another pack is not touched");
}
