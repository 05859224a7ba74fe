// agent:* through a host: leases on the disk, shared and counted under the lock.
#include "policy_host.h"

namespace cowork::admin_policy {
namespace {

using test::PolicyHost;

constexpr const char* user_file = "/home/u/.cowork/policies.json";

std::string options(const std::string& workspace, const std::string& agent) {
  return R"([{"workspace":")" + workspace + R"(","agentId":")" + agent + R"("}])";
}

TEST_CASE("agent:start answers the lease and writes it down") {
  PolicyHost host;
  json::Value lease = host.reply("agent:start", options("w", "a"));
  CHECK(lease.find("leaseId")->as_string()->size() == 32);
  lease.erase("leaseId");
  CHECK(json::to_text(lease) ==
        R"({"workspace":"w","agentId":"a","startedAt":1736942400000,"lastHeartbeatAt":1736942400000,)"
        R"("intervalSec":60})");
  CHECK(host.text("leases.json")->find("\"agentId\": \"a\"") != std::string::npos);
  CHECK((*host.disk->open(PolicyHost::home))->status("leases.json")->mode == 0600);
}

TEST_CASE("agents of all hosts on a home count together, per workspace") {
  PolicyHost one;
  one.edit(user_file, R"({"agents":{"maxConcurrentAgents":2}})");
  one.host->refresh();
  PolicyHost two(one.disk);
  one.reply("agent:start", options("w", "a"));
  two.reply("agent:start", options("w", "b"));
  CHECK(one.call("agent:start", options("w", "c")) ==
        "policy-denied: Agent limit reached by admin policy: 2 of 2 agents run in workspace \"w\"");
  one.reply("agent:start", options("elsewhere", "c"));
  CHECK(two.call("agent:stop", options("w", "a")) == R"({"stopped":true})");
  CHECK(two.call("agent:stop", options("w", "a")) == R"({"stopped":false})");
  one.reply("agent:start", options("w", "c"));
}

TEST_CASE("a lease ends after three silent intervals, and makes room") {
  PolicyHost host;
  host.edit(user_file, R"({"agents":{"maxConcurrentAgents":1}})");
  host.host->refresh();
  host.reply("agent:start", options("w", "a"));
  host.clock->advance_ms(179'999);
  CHECK(host.call("agent:start", options("w", "b")).starts_with("policy-denied: Agent limit reached"));
  host.clock->advance_ms(1);
  host.reply("agent:start", options("w", "b"));
  CHECK(host.call("agent:heartbeat", options("w", "a")) == "not-found: no agent \"a\" runs in workspace \"w\"");
  CHECK(host.text("leases.json")->find("\"agentId\": \"a\"") == std::string::npos);
}

TEST_CASE("agent:heartbeat: too soon is refused with retryAfterSec, then accepted") {
  PolicyHost host;
  host.reply("agent:start", options("w", "a"));
  host.clock->advance_ms(20'500);
  CHECK(host.call("agent:heartbeat", options("w", "a")) ==
        "policy-denied: Heartbeat too soon by admin policy: agent \"a\" may beat every 60 seconds");
  CHECK(json::to_text(*host.last_error->data()) == R"({"retryAfterSec":40})");
  host.clock->advance_ms(39'500);
  const json::Value lease = host.reply("agent:heartbeat", options("w", "a"));
  CHECK(*lease.find("lastHeartbeatAt") == json::Value(std::int64_t{1'736'942'460'000}));
  CHECK(*lease.find("startedAt") == json::Value(std::int64_t{1'736'942'400'000}));
}

TEST_CASE("leases that somebody aged on the disk are taken as they are") {
  PolicyHost host;
  host.reply("agent:start", options("w", "a"));
  std::string text = *host.text("leases.json");
  const std::string heartbeat = "\"lastHeartbeatAt\": 17369424";
  text.replace(text.find(heartbeat), heartbeat.size(), "\"lastHeartbeatAt\": 17369423");
  host.disk->plant_file("/home/u/.cowork/leases.json", text, 0600);
  host.reply("agent:heartbeat", options("w", "a"));
}

TEST_CASE("a lower limit is in force at once; running agents stay") {
  PolicyHost host;
  host.reply("agent:start", options("w", "a"));
  host.reply("agent:start", options("w", "b"));
  host.reply("admin:policiesUpdate", R"([{"agents":{"maxConcurrentAgents":1,"maxHeartbeatFrequencySec":120}}])");
  CHECK(host.call("agent:start", options("w", "c")) ==
        "policy-denied: Agent limit reached by admin policy: 2 of 1 agents run in workspace \"w\"");
  host.clock->advance_ms(61'000);
  CHECK(host.call("agent:heartbeat", options("w", "a")) ==
        "policy-denied: Heartbeat too soon by admin policy: agent \"a\" may beat every 120 seconds");
}

TEST_CASE("a file that is no list of leases is moved aside with a warning") {
  PolicyHost host;
  host.disk->plant_file("/home/u/.cowork/leases.json", "{\"leases\":7}", 0600);
  std::vector<std::string> warnings;
  CallOptions call_options;
  call_options.warnings = &warnings;
  CHECK(host.call("agent:start", options("w", "a"), call_options).starts_with("{\"leaseId\""));
  CHECK(warnings == std::vector<std::string>{"leases.json can't be read (expected an object with an array "
                                             "\"leases\"): moved aside to leases.json.corrupt-1736942400000, agents "
                                             "are counted anew"});
  CHECK(host.text("leases.json.corrupt-1736942400000") == "{\"leases\":7}");
}

TEST_CASE("a lease that can't be written down is none") {
  PolicyHost host;
  host.reply("agent:start", options("w", "a"));
  const auto before = host.text("leases.json");
  host.disk->set_fault([](std::string_view operation, std::string_view path) -> std::optional<int> {
    if (operation == "replace" && path.ends_with("leases.json")) return ENOSPC;
    return std::nullopt;
  });
  CHECK(host.call("agent:start", options("w", "b")).starts_with("io: "));
  CHECK(host.text("leases.json") == before);
}

TEST_CASE("a dry run starts nothing, and tells the refusal that would be") {
  PolicyHost host;
  CallOptions dry;
  dry.dry_run = true;
  CHECK(host.call("agent:start", options("w", "a"), dry).starts_with("{\"leaseId\""));
  CHECK_FALSE(host.text("leases.json"));
  host.reply("agent:start", options("w", "a"));
  CHECK(host.call("agent:start", options("w", "a"), dry) ==
        "already-exists: Agent \"a\" runs in workspace \"w\" already");
}

TEST_CASE("agents need a workspace and an id") {
  PolicyHost host;
  CHECK(host.call("agent:start", options("", "a")) == "invalid-argument: workspace must have 1 to 1024 bytes");
  CHECK(host.call("agent:start", options("w", "")) == "invalid-argument: agentId must have 1 to 1024 bytes");
  CHECK(host.call("agent:start", R"([{"workspace":"w"}])").starts_with("invalid-argument: missing parameter"));
}

TEST_CASE("while the policy is broken no agent starts") {
  PolicyHost host;
  host.edit(user_file, "{");
  host.host->refresh();
  CHECK(host.call("agent:start", options("w", "a")) ==
        "policy-unavailable: Nothing can be changed while the admin policy is unavailable");
}

}  // namespace
}  // namespace cowork::admin_policy
