// What the rows of operations and files leave out: one outcome of a condition each, through a host or a file.
#include "layer_file.h"
#include "leases.h"
#include "policy_host.h"

namespace cowork::admin_policy {
namespace {

using test::PolicyHost;

using Fault = std::optional<int>;

std::string agent(const std::string& workspace, const std::string& id) {
  return R"([{"workspace":")" + workspace + R"(","agentId":")" + id + R"("}])";
}

TEST_CASE("each operation of the policy refuses a parameter that it does not know") {
  PolicyHost host;
  for (const char* operation :
       {"admin:policiesGet", "admin:policiesUpdate", "admin:policiesStatus", "admin:checkPack", "admin:explain",
        "admin:simulate", "connector:use", "agent:start", "agent:heartbeat", "agent:stop"}) {
    CAPTURE(operation);
    CHECK(host.call(operation, R"({"unheard-of":1})").starts_with("invalid-argument: "));
    CHECK(host.call(operation, "[1,2,3,4,5]").starts_with("invalid-argument: "));
  }
  for (const auto& [operation, params] : std::vector<std::pair<const char*, const char*>>{
           {"admin:policiesGet", R"([{"layer":"user","more":1}])"},
           {"admin:policiesUpdate", R"([{},{"layer":"user","more":1}])"},
           {"admin:checkPack", R"({"packName":"mine","more":1})"},
           {"admin:explain", R"({"operation":"pluginPack:list","more":1})"},
           {"admin:explain", R"({"operation":""})"},
           {"admin:simulate", R"({"policy":{},"more":1})"},
           {"admin:simulate", R"([5])"},
           {"connector:use", R"({"connectorId":"x","more":1})"},
           {"agent:start", R"([{"workspace":"w","agentId":"a","more":1}])"}}) {
    CAPTURE(operation, params);
    CHECK(host.call(operation, params).starts_with("invalid-argument: "));
  }
}

TEST_CASE("the name of an agent or a workspace has a bound") {
  PolicyHost host;
  host.reply("agent:start", agent(std::string(1024, 'w'), "a"));
  CHECK(host.call("agent:start", agent(std::string(1025, 'w'), "a")) ==
        "invalid-argument: workspace must have 1 to 1024 bytes");
}

TEST_CASE("leases that can't be read or made for a fault of the disk are no reason to start anew") {
  for (const std::string failing : {"open", "read", "rename", "open_or_make"}) {
    CAPTURE(failing);
    PolicyHost host;
    const std::string corrupt = failing == "rename" ? "{" : "{\"leases\":[]}";
    host.disk->plant_file("/home/u/.cowork/leases.json", corrupt, 0600);
    host.disk->set_fault([&](std::string_view operation, std::string_view path) -> Fault {
      const bool leases = path.ends_with("leases.json") || path == PolicyHost::home;
      return operation == failing && leases ? Fault(EIO) : std::nullopt;
    });
    CHECK(host.call("agent:start", agent("w", "a")).starts_with("io: "));
    host.disk->set_fault({});
    CHECK(host.text("leases.json") == corrupt);
  }
}

TEST_CASE("leases.json that is a link is moved aside, what it points to stays") {
  PolicyHost host;
  host.disk->plant_file("/home/u/.cowork/elsewhere", "kept", 0600);
  host.disk->plant_link("/home/u/.cowork/leases.json", "elsewhere");
  host.reply("agent:start", agent("w", "a"));
  CHECK(host.text("elsewhere") == "kept");
  CHECK(host.text("leases.json")->find("\"agentId\": \"a\"") != std::string::npos);
}

TEST_CASE("a lease lacks nothing and each member has its type") {
  const auto whole =
      json::parse(R"({"leaseId":"i","workspace":"w","agentId":"a","startedAt":1,"lastHeartbeatAt":2,"intervalSec":60})",
                  "<test>", json::policy_limits, ErrorCode::io);
  REQUIRE(whole);
  const auto read = [](const json::Value& lease) {
    json::Value file(json::Object{});
    file.set("leases", json::Value::array({lease}));
    return parse_leases(json::to_text(file), "leases.json");
  };
  CHECK(read(whole->root));
  for (const char* member : {"leaseId", "workspace", "agentId", "startedAt", "lastHeartbeatAt", "intervalSec"}) {
    CAPTURE(member);
    json::Value missing = whole->root;
    missing.erase(member);
    CHECK_FALSE(read(missing));
    json::Value other = whole->root;
    other.set(member, json::Value(true));
    CHECK_FALSE(read(other));
    json::Value empty = whole->root;
    empty.set(member, std::string());
    CHECK_FALSE(read(empty));
  }
  for (const std::int64_t interval : {0, -1}) {
    json::Value lease = whole->root;
    lease.set("intervalSec", interval);
    CHECK_FALSE(read(lease));
  }
}

TEST_CASE("a policy file that lies at the root, or is named without a directory, is looked for at the root") {
  auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file("/policies.json", "{}");
  for (const char* path : {"/policies.json", "policies.json"}) {
    CAPTURE(path);
    LayerFile file(disk, std::make_shared<ManualClock>(), LayerKind::user, path);
    CHECK(file.refresh());
    CHECK(file.layer()->state() == LayerState::valid);
  }
}

TEST_CASE("a file that changes whenever it is read is never taken half: what was in force stays") {
  auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file(test::user_file, R"({"packs":{"blocked":["good"]}})");
  LayerFile file(disk, std::make_shared<ManualClock>(), LayerKind::user, test::user_file);
  REQUIRE(file.refresh());
  int reads = 0;
  disk->set_fault([&](std::string_view operation, std::string_view path) -> Fault {
    if (operation == "read" && path.ends_with("policies.json"))
      disk->plant_file(test::user_file, "{}" + std::string(static_cast<std::size_t>(++reads), ' '));
    return std::nullopt;
  });
  disk->plant_file(test::user_file, "{ }");
  CHECK_FALSE(file.refresh());
  CHECK(reads == 5);
  CHECK(file.layer()->find(List::blocked, "good"));
  // Without anything in force it can't be waited for.
  LayerFile fresh(disk, std::make_shared<ManualClock>(), LayerKind::user, test::user_file);
  CHECK(fresh.refresh());
  CHECK(fresh.layer()->errors().front().message() == "the file changes while it is read");
}

TEST_CASE("a file whose directory or status can't be had is an error, not an absent policy") {
  for (const std::string failing : {"status", "read"}) {
    CAPTURE(failing);
    auto disk = std::make_shared<MemoryDisk>();
    disk->plant_file(test::user_file, "{}");
    disk->set_fault([&](std::string_view operation, std::string_view) -> Fault {
      return operation == failing ? Fault(EIO) : std::nullopt;
    });
    LayerFile file(disk, std::make_shared<ManualClock>(), LayerKind::user, test::user_file);
    CHECK(file.refresh());
    CHECK(file.layer()->is_broken());
  }
}

TEST_CASE("a machine policy whose directory can't be made, opened or locked is not written") {
  for (const std::string failing : {"make_directory", "lock", "open"}) {
    CAPTURE(failing);
    auto disk = std::make_shared<MemoryDisk>();
    disk->plant_file("/etc/other", "");
    if (failing == "lock") disk->plant_file("/etc/cowork/other", "");
    LayerFile file(disk, std::make_shared<ManualClock>(), LayerKind::machine, test::machine_file);
    file.refresh();
    disk->set_fault([&](std::string_view operation, std::string_view) -> Fault {
      return operation == failing ? Fault(EIO) : std::nullopt;
    });
    const auto written = file.write("{}", "absent");
    REQUIRE_FALSE(written);
    CHECK(written.error().code() == ErrorCode::io);
  }
  auto empty = std::make_shared<MemoryDisk>();
  LayerFile file(empty, std::make_shared<ManualClock>(), LayerKind::machine, "/no/such/policies.json");
  CHECK_FALSE(file.write("{}", "absent"));
}

}  // namespace
}  // namespace cowork::admin_policy
