// docs/writing-an-interceptor.md: a judge without a host, then a host without a file system.
#include "cowork/ports/manual_clock.h"
#include "cowork/ports/memory_disk.h"
#include "expect.h"

namespace {

/// The interceptor under test: packs of the user tier may not be named "internal-…".
class ReservedPrefix final : public cowork::Interceptor {
 public:
  std::string_view name() const noexcept override { return "reserved-prefix"; }
  bool applies_to(const cowork::OperationInfo& info) const override {
    return info.name == cowork::AdmitPack::info.name;
  }
  cowork::Verdict judge(const cowork::CallView& call, const cowork::Snapshot&) const override {
    if (!call.subject().id.starts_with("internal-")) return cowork::Verdict::no_opinion();
    return cowork::Verdict::deny(
        cowork::Error(cowork::ErrorCode::policy_denied, "names that begin with internal- are taken"));
  }
};

void judge_without_a_host() {
  // [judge-alone]
  const cowork::Snapshot snapshot(cowork::Catalog::build({}, nullptr), std::make_shared<cowork::Toggles>(),
                                  std::make_shared<cowork::LockRecords>(), {});
  cowork::AdmitPack question;
  question.name = "internal-tools";
  const cowork::CallOptions nobody;
  expect(ReservedPrefix().judge(cowork::CallView(question, nobody), snapshot).denied(), "the name is refused");
  // [/judge-alone]
}

void host_without_a_file_system() {
  // [host-in-memory]
  const auto disk = std::make_shared<cowork::MemoryDisk>();  // belongs to root
  const auto clock = std::make_shared<cowork::ManualClock>();
  disk->plant_file("/etc/cowork/policies.json", R"({"packs": {"blocked": ["devops"]}})");
  disk->plant_file("/packs/devops/cowork.plugin.json",
                   R"({"name": "devops-pack", "displayName": "DevOps", "version": "1.0.0",
    "description": "", "type": "pack", "slashCommands": [{"name": "deploy", "description": "", "skillId": "deploy"}]})");
  cowork::StandardHostOptions options;
  options.home = "/home/ada/.cowork";
  options.builtin_directory = "/packs";
  options.watch = false;
  options.host.disk = disk;
  options.host.clock = clock;
  auto host = cowork::start_standard_host(
      options, [](cowork::HostBuilder& builder) { builder.use(std::make_shared<ReservedPrefix>()); });
  expect(host.has_value(), "the host starts");

  const auto made = host->call(cowork::ScaffoldPack{.name = "internal-tools", .display_name = "Tools"});
  expect(!made && made.error().message() == "names that begin with internal- are taken", "scaffold asks pack:admit");
  const auto switched = host->toggle("devops", true);
  expect(!switched && switched.error().message() == "Pack \"devops-pack\" is blocked by admin policy",
         "the machine layer holds");
  // [/host-in-memory]
}

}  // namespace

int main() {
  judge_without_a_host();
  host_without_a_file_system();
}
