#include "leases.h"

#include "policies.h"

namespace cowork::admin_policy {
namespace {

constexpr std::int64_t now_ms = 1'740'000'000'000;

Lease beaten(std::int64_t seconds_ago, const std::string& agent = "a") {
  return {"id-" + agent, "w", agent, now_ms - 900'000, now_ms - seconds_ago * 1000, 60};
}

std::string told(const Error& error) {
  return std::string(to_string(error.code())) + ": " + error.message() + " | " + error.why();
}

TEST_CASE("a lease ends after three silent intervals") {
  const std::vector<std::pair<std::int64_t, bool>> rows{{0, true},     {179, true},          {180, false},
                                                        {9999, false}, {-10, true},          {-179, true},
                                                        {-180, false}, {-100'000'000, false}};
  for (const auto& [seconds_ago, running] : rows) {
    CAPTURE(seconds_ago);
    CHECK(is_running(beaten(seconds_ago), now_ms) == running);
  }
  CHECK_FALSE(is_running({"id", "w", "a", 0, INT64_MIN, 60}, now_ms));
}

TEST_CASE("agent:start is refused above the limit of its workspace") {
  const auto rules = test::user_policy("{\"agents\":\n{\"maxConcurrentAgents\":2}}");
  std::vector<Lease> running;
  REQUIRE(start_lease(*rules, running, {"w", "a"}, "1", now_ms));
  REQUIRE(start_lease(*rules, running, {"w", "b"}, "2", now_ms));
  const auto third = start_lease(*rules, running, {"w", "c"}, "3", now_ms);
  REQUIRE_FALSE(third);
  CHECK(told(third.error()) ==
        "policy-denied: Agent limit reached by admin policy: 2 of 2 agents run in workspace \"w\" | "
        "agents.maxConcurrentAgents in /home/u/.cowork/policies.json:2 (user layer)");
  CHECK(start_lease(*rules, running, {"other", "c"}, "3", now_ms));
  CHECK(running.size() == 3);
}

TEST_CASE("the limit that no layer states is the default") {
  const auto rules = test::user_policy("absent");
  std::vector<Lease> running;
  for (int i = 0; i < 10; ++i) REQUIRE(start_lease(*rules, running, {"w", std::to_string(i)}, "id", now_ms));
  const auto eleventh = start_lease(*rules, running, {"w", "x"}, "id", now_ms);
  CHECK(told(eleventh.error()) ==
        "policy-denied: Agent limit reached by admin policy: 10 of 10 agents run in workspace \"w\" | "
        "agents.maxConcurrentAgents is 10 by default");
}

TEST_CASE("an agent that runs in a workspace can't be started there again") {
  const auto rules = test::user_policy("absent");
  std::vector<Lease> running{beaten(10)};
  const auto again = start_lease(*rules, running, {"w", "a"}, "id", now_ms);
  CHECK(told(again.error()) == "already-exists: Agent \"a\" runs in workspace \"w\" already | its lease has not ended");
}

TEST_CASE("agent:heartbeat is refused when too soon, and says when to come again") {
  const auto rules = test::user_policy(R"({"agents":{"maxHeartbeatFrequencySec":90.5}})");
  std::vector<Lease> running{beaten(30)};
  const auto soon = renew_lease(*rules, running, {"w", "a"}, now_ms);
  REQUIRE_FALSE(soon);
  CHECK(told(soon.error()) ==
        "policy-denied: Heartbeat too soon by admin policy: agent \"a\" may beat every 90.5 seconds | "
        "agents.maxHeartbeatFrequencySec in /home/u/.cowork/policies.json:1 (user layer)");
  CHECK(json::to_text(*soon.error().data()) == R"({"retryAfterSec":61})");
  running = {beaten(91)};
  const auto renewed = renew_lease(*rules, running, {"w", "a"}, now_ms);
  REQUIRE(renewed);
  CHECK(renewed->last_heartbeat_at_ms == now_ms);
  CHECK(renewed->interval_sec == 90.5);
  CHECK(running.front().last_heartbeat_at_ms == now_ms);
}

TEST_CASE("a clock that was set back does not make an agent wait for it") {
  std::vector<Lease> running{beaten(-120)};
  CHECK(renew_lease(*test::user_policy("absent"), running, {"w", "a"}, now_ms));
}

TEST_CASE("agent:heartbeat of an agent that does not run is not-found") {
  std::vector<Lease> running;
  CHECK(told(renew_lease(*test::user_policy("absent"), running, {"w", "a"}, now_ms).error()) ==
        "not-found: no agent \"a\" runs in workspace \"w\" | it was not started, or its lease has ended");
}

TEST_CASE("leases come back from their text as they were") {
  const std::vector<Lease> leases{beaten(1, "a"), beaten(2, "b")};
  const std::string text = leases_text(leases);
  const auto back = parse_leases(text, "leases.json");
  REQUIRE(back);
  CHECK(leases_text(*back) == text);
}

TEST_CASE("a file that is no list of leases is refused, with the place") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", "the document is empty"},
      {"[]", "expected an object with an array \"leases\""},
      {"{\"leases\":{}}", "expected an object with an array \"leases\""},
      {"{\"leases\":[1]}", "this is no lease"},
      {"{\"leases\":[{\"leaseId\":\"i\",\"workspace\":\"w\",\"agentId\":\"a\",\"startedAt\":1,"
       "\"lastHeartbeatAt\":\"1\",\"intervalSec\":60}]}",
       "this is no lease"},
      {"{\"leases\":[{\"leaseId\":\"i\",\"workspace\":\"w\",\"agentId\":\"a\",\"startedAt\":1,\"lastHeartbeatAt\":1,"
       "\"intervalSec\":-1}]}",
       "this is no lease"},
  };
  for (const auto& [text, message] : rows) {
    CAPTURE(text);
    const auto leases = parse_leases(text, "leases.json");
    REQUIRE_FALSE(leases);
    CHECK(leases.error().code() == ErrorCode::io);
    CHECK(leases.error().message() == message);
    CHECK(leases.error().place());
  }
}

}  // namespace
}  // namespace cowork::admin_policy
