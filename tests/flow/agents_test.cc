// SPEC §6, "Enforcement": the rows about connectors and agents. Time passes by writing older times into leases.json.
#include "refusal.h"

namespace cowork::test {
namespace {

Refusal denied(std::string begins = {}) {
  return {3, "policy-denied", std::move(begins)};
}

std::string agent(std::string_view workspace, std::string_view id) {
  return json::to_text(json::Value::array({json::Value::object({{"workspace", workspace}, {"agentId", id}})}));
}

class Agents : public CommandLine {
 public:
  JsonRan ask(const std::string& verb, std::string_view workspace, std::string_view id) const {
    return call("agent:" + verb, agent(workspace, id));
  }

  /// Lets so many seconds pass for every lease.
  void pass(std::int64_t seconds) const {
    json::Value file = read_json("home/leases.json");
    for (json::Value& lease : *file.find("leases")->as_array()) {
      for (const char* member : {"startedAt", "lastHeartbeatAt"})
        lease.set(member, *lease.find(member)->as_int64() - seconds * 1000);
    }
    write("home/leases.json", json::to_pretty_text(file));
  }

  std::vector<std::string> running() const { return each(at(read_json("home/leases.json"), "/leases"), "agentId"); }
};

TEST_CASE("`connector:use` | refused when the connector's id is blocked", "[enforcement]") {
  const CommandLine cli;
  cli.policy(R"({"connectors": {"blocked": ["crm"]}, "general": {"orgName": "Acme Corp"}})");
  const json::Value error = check_call_refused(cli, "connector:use", R"(["crm"])", denied());
  CHECK_THAT(text_at(error, "/message"), Catch::Contains("\"crm\"") && Catch::Contains("blocked by admin policy"));
  CHECK_THAT(text_at(error, "/why"), Catch::Contains("connectors.blocked") && Catch::Contains("Acme Corp") &&
                                         Catch::Contains(cli.path("home/policies.json") + ":1"));
  CHECK(cli.call("connector:use", R"({"connectorId": "wiki"})").document ==
        json::Value::object({{"connectorId", "wiki"}, {"allowed", true}}));
  cli.policy("{}");
  CHECK(cli.call("connector:use", R"(["crm"])").status == 0);
  SECTION("while the policy can't be used") {
    const CommandLine cold;
    cold.policy("{");
    check_call_refused(cold, "connector:use", R"(["wiki"])", {3, "policy-unavailable", ""});
  }
}

TEST_CASE(
    "`agent:start` | refused above `maxConcurrentAgents` running in that workspace (leases, counted under their lock "
    "at "
    "commit, shared by all processes on that home; they end after three silent intervals)",
    "[enforcement][agents]") {
  const Agents cli;
  cli.policy(R"({"agents": {"maxConcurrentAgents": 2}})");
  const JsonRan first = cli.ask("start", "w", "one");
  REQUIRE(first.status == 0);
  CHECK(text_at(first.document, "/leaseId") != "");
  CHECK(text_at(first.document, "/workspace") == "w");
  CHECK(text_at(first.document, "/agentId") == "one");
  CHECK(at(first.document, "/startedAt") == at(first.document, "/lastHeartbeatAt"));
  CHECK(at(first.document, "/intervalSec") == json::Value(60));
  REQUIRE(cli.ask("start", "w", "two").status == 0);
  const json::Value error = check_call_refused(cli, "agent:start", agent("w", "three"), denied());
  CHECK_THAT(text_at(error, "/why"), Catch::Contains("agents.maxConcurrentAgents"));
  SECTION("another workspace has its own count") {
    CHECK(cli.ask("start", "elsewhere", "three").status == 0);
    CHECK(cli.running() == std::vector<std::string>{"one", "two", "three"});
  }
  SECTION("one that stops makes room") {
    CHECK(cli.ask("stop", "w", "one").document == json::Value::object({{"stopped", true}}));
    CHECK(cli.ask("stop", "w", "one").document == json::Value::object({{"stopped", false}}));
    CHECK(cli.ask("start", "w", "three").status == 0);
  }
  SECTION("a lease lasts for three silent intervals") {
    cli.pass(165);
    check_call_refused(cli, "agent:start", agent("w", "three"), denied());
    cli.pass(16);
    CHECK(cli.ask("start", "w", "three").status == 0);
    CHECK(cli.running() == std::vector<std::string>{"three"});
    CHECK(cli.ask("heartbeat", "w", "one").status == 4);
  }
  SECTION("a heartbeat keeps it alive") {
    cli.pass(170);
    CHECK(cli.ask("heartbeat", "w", "one").status == 0);
    cli.pass(20);
    CHECK(cli.ask("start", "w", "three").status == 0);
    CHECK(cli.running() == std::vector<std::string>{"one", "three"});
  }
  SECTION("a stricter policy holds at once") {
    cli.policy(R"({"agents": {"maxConcurrentAgents": 1}})");
    REQUIRE(cli.ask("stop", "w", "one").status == 0);
    check_call_refused(cli, "agent:start", agent("w", "three"), denied());
  }
  SECTION("while the policy can't be used") {
    const Agents cold;
    cold.policy("{");
    check_call_refused(cold, "agent:start", agent("w", "one"), {3, "policy-unavailable", ""});
  }
}

TEST_CASE("Without a policy ten agents run in a workspace", "[agents]") {
  const Agents cli;
  for (int i = 0; i < 10; ++i) REQUIRE(cli.ask("start", "w", std::to_string(i)).status == 0);
  check_call_refused(cli, "agent:start", agent("w", "eleventh"), denied());
}

TEST_CASE("Of twelve processes that start agents at once, as many succeed as the policy allows", "[agents]") {
  const Agents cli;
  cli.policy(R"({"agents": {"maxConcurrentAgents": 5}})");
  std::vector<Arguments> commands;
  for (int i = 0; i < 12; ++i) commands.push_back({"call", "agent:start", agent("w", "agent-" + std::to_string(i))});
  std::size_t started = 0, refused = 0;
  for (const Ran& ran : cli.run_together(commands)) {
    started += ran.status == 0 ? 1 : 0;
    refused += ran.status == 3 ? 1 : 0;
  }
  CHECK(started == 5);
  CHECK(refused == 7);
  CHECK(cli.running().size() == 5);
}

TEST_CASE(
    "`agent:heartbeat` | refused when sooner than `maxHeartbeatFrequencySec` after the last accepted one; "
    "`retryAfterSec` in the error's data",
    "[enforcement][agents]") {
  const Agents cli;
  const auto beat = [&](std::string_view id) { return cli.ask("heartbeat", "w", id); };
  const auto retry_after = [&] {
    const json::Value error = check_call_refused(cli, "agent:heartbeat", agent("w", "one"), denied());
    CHECK_THAT(text_at(error, "/why"), Catch::Contains("agents.maxHeartbeatFrequencySec"));
    return at(error, "/data/retryAfterSec").as_double().value_or(-1);
  };
  const auto start_one = [&] { REQUIRE(cli.ask("start", "w", "one").status == 0); };
  SECTION("the default is a minute") {
    start_one();
    cli.pass(60);
    const JsonRan accepted = beat("one");
    CHECK(accepted.status == 0);
    CHECK(*at(accepted.document, "/lastHeartbeatAt").as_int64() - *at(accepted.document, "/startedAt").as_int64() >=
          60'000);
    const double wait = retry_after();
    CHECK(wait > 50);
    CHECK(wait <= 60);
    cli.pass(60);
    CHECK(beat("one").status == 0);
  }
  SECTION("an interval that the policy sets") {
    cli.policy(R"({"agents": {"maxHeartbeatFrequencySec": 300}})");
    start_one();
    cli.pass(300);
    REQUIRE(beat("one").status == 0);
    cli.pass(200);
    const double wait = retry_after();
    CHECK(wait > 90);
    CHECK(wait <= 100);
    // A refused one counts for nothing.
    cli.pass(100);
    CHECK(beat("one").status == 0);
  }
  SECTION("each agent has its own time") {
    start_one();
    cli.pass(60);
    REQUIRE(cli.ask("start", "w", "two").status == 0);
    CHECK(beat("one").status == 0);
    check_call_refused(cli, "agent:heartbeat", agent("w", "two"), denied());
  }
  SECTION("no such agent") {
    check_call_refused(cli, "agent:heartbeat", agent("w", "nobody"), {4, "not-found", ""});
  }
  SECTION("of eight heartbeats at once, one is accepted") {
    start_one();
    cli.pass(60);
    std::size_t accepted = 0;
    for (const Ran& ran : cli.run_together(std::vector<Arguments>(8, {"call", "agent:heartbeat", agent("w", "one")})))
      accepted += ran.status == 0 ? 1 : 0;
    CHECK(accepted == 1);
  }
}

}  // namespace
}  // namespace cowork::test
