// Many threads ask while the policy changes: every answer is one of a policy that was in force, never a mixture.
#include <atomic>
#include <thread>

#include "policy_host.h"

namespace cowork::admin_policy {
namespace {

using test::PolicyHost;

TEST_CASE("readers, updates and edits by hand at once: no half policy, no lost update") {
  PolicyHost host;
  host.listening.reset();
  std::atomic<bool> stop{false};
  std::atomic<int> mixtures{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto packs = host.host->list();
        if (!packs) continue;
        // The two ids are always written together.
        const bool devops = (*packs)[0].flags().policy_blocked;
        const bool engineering = (*packs)[1].flags().policy_blocked;
        if (devops != engineering) ++mixtures;
        host.policy->refresh();
      }
    });
  }
  std::vector<std::thread> writers;
  std::atomic<int> failed{0};
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&, i] {
      for (int step = 0; step < 50; ++step) {
        UpdatePolicies request;
        const std::string section = i == 0 ? "packs" : "connectors";
        const json::Value ids =
            i == 0 && step % 2 == 0 ? json::Value::array({"devops", "engineering"}) : json::Value::array();
        request.updates.set(
            section, json::Value::object({{"blocked", i == 0 ? ids : json::Value::array({std::to_string(step)})}}));
        if (!host.host->call(request)) ++failed;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(mixtures == 0);
  CHECK(failed == 0);
  const auto policy = host.host->call(GetPolicies{});
  REQUIRE(policy);
  CHECK(json::to_text(*policy->policy.find("connectors")->find("blocked")) == R"(["49"])");
}

}  // namespace
}  // namespace cowork::admin_policy
