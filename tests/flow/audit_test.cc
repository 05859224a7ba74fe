// SPEC §10 over the command line: what is written down, and that tampering is found.
#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

/// A home whose trail holds an allowed change, a denied one and another allowed one.
class Audited : public FourPacks {
 public:
  Audited() {
    policy(R"({"packs": {"blocked": ["beta"]}})");
    REQUIRE(run({"pack", "disable", "mine"}).status == 0);
    REQUIRE(run({"pack", "enable", "beta"}).status == 3);
    REQUIRE(run({"pack", "enable", "mine"}).status == 0);
    REQUIRE(run({"audit", "--verify"}).status == 0);
  }

  std::vector<json::Value> lines() const {
    std::vector<json::Value> found;
    std::istringstream stream(read("home/audit.jsonl"));
    for (std::string line; std::getline(stream, line);) found.push_back(parsed(line, "audit.jsonl"));
    return found;
  }

  json::Value of(const std::string& operation, const std::string& verdict) const {
    for (const json::Value& line : lines())
      if (text_at(line, "/operation") == operation && text_at(line, "/verdict") == verdict) return line;
    return {};
  }

  /// Verifying finds that the trail is not what was written; it is told in words and in JSON.
  void check_tampering_found() const {
    const Ran ran = run({"audit", "--verify"});
    CHECK(ran.status == 5);
    CHECK_THAT(ran.err, Catch::StartsWith("error[integrity]: "));
    const JsonRan document = json({"audit", "--verify"});
    CHECK(document.status == 5);
    CHECK(at(document.document, "/audit/verified") == json::Value(false));
    CHECK(at(document.document, "/audit/firstBad").is_object());
  }
};

TEST_CASE("A line says what was asked, who decided and by which rule", "[audit]") {
  const Audited cli;
  std::int64_t seq = 0;
  std::string prev;
  for (const json::Value& line : cli.lines()) {
    INFO(json::to_text(line));
    CHECK(at(line, "/seq").as_int64() == ++seq);
    if (seq > 1) CHECK(text_at(line, "/prev") == prev);
    prev = text_at(line, "/hash");
    CHECK_THAT(prev, Catch::Matches("[0-9a-f]{64}"));
    for (const char* member : {"/time", "/id", "/operation", "/actor", "/entry", "/verdict", "/policyRevision"})
      CHECK(at(line, member).is_string());
    CHECK(at(line, "/micros").as_int64().has_value());
  }
  const json::Value denied = cli.of("pluginPack:toggle", "denied");
  CHECK(text_at(denied, "/subject") == "beta");
  CHECK(text_at(denied, "/entry") == "cli");
  CHECK(text_at(denied, "/code") == "policy-denied");
  CHECK(text_at(denied, "/rule/layer") == "user");
  CHECK(text_at(denied, "/rule/file") == cli.path("home/policies.json"));
  CHECK(at(denied, "/rule/line") == json::Value(1));
  CHECK(text_at(denied, "/rule/pointer") == "/packs/blocked/0");
  const json::Value allowed = cli.of("pluginPack:toggle", "allowed");
  CHECK(text_at(allowed, "/subject") == "mine");
  const json::Value nested = cli.of("pack:deactivate", "allowed");
  CHECK(text_at(nested, "/parent") == text_at(allowed, "/id"));
}

TEST_CASE("One byte that is changed is found", "[audit]") {
  const Audited cli;
  const std::string whole = cli.read("home/audit.jsonl");
  const std::size_t step = whole.size() / 40 + 1;
  for (std::size_t i = 0; i < whole.size(); i += step) {
    INFO("byte " << i);
    std::string changed = whole;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    cli.write("home/audit.jsonl", changed);
    CHECK(cli.run({"audit", "--verify"}).status == 5);
  }
  cli.check_tampering_found();
  cli.write("home/audit.jsonl", whole);
  CHECK(cli.run({"audit", "--verify"}).status == 0);
}

TEST_CASE("Lines that are taken out are found, at the end too", "[audit]") {
  const Audited cli;
  std::vector<std::string> lines;
  std::istringstream stream(cli.read("home/audit.jsonl"));
  for (std::string line; std::getline(stream, line);) lines.push_back(line + "\n");
  REQUIRE(lines.size() >= 3);
  for (std::size_t missing = 0; missing < lines.size(); ++missing) {
    INFO("without line " << missing + 1);
    std::string rest;
    for (std::size_t i = 0; i < lines.size(); ++i) rest += i == missing ? "" : lines[i];
    cli.write("home/audit.jsonl", rest);
    cli.check_tampering_found();
  }
  SECTION("all of them") {
    cli.write("home/audit.jsonl", "");
    cli.check_tampering_found();
    std::filesystem::remove(cli.path("home/audit.jsonl"));
    cli.check_tampering_found();
  }
  SECTION("work goes on, and the fault stays to be seen") {
    CHECK(cli.run({"pack", "disable", "mine"}).status == 0);
    cli.check_tampering_found();
  }
}

TEST_CASE("Secrets in addresses are masked", "[audit]") {
  const CommandLine cli;
  cli.policy(R"({"general": {"allowUrlInstall": false}})");
  const Ran ran = cli.run({"call", "pluginPack:installUrl", R"(["https://127.0.0.1:1/p.zip?token=s3cr3t"])"});
  CHECK(ran.status == 3);
  const std::string trail = cli.read("home/audit.jsonl");
  CHECK_THAT(trail, Catch::Contains("pluginPack:installUrl") && !Catch::Contains("s3cr3t"));
  CHECK_THAT(ran.err, !Catch::Contains("s3cr3t"));
  const Ran with_user = cli.run({"call", "pluginPack:installUrl", R"(["https://ann:hunter2@127.0.0.1:1/p.zip"])"});
  CHECK(with_user.status == 2);
  CHECK_THAT(with_user.err, !Catch::Contains("hunter2"));
  CHECK(cli.read("home/audit.jsonl") == trail);
}

TEST_CASE("Reads are not written down, nor are dry runs", "[audit]") {
  const Audited cli;
  const std::string before = cli.read("home/audit.jsonl");
  REQUIRE(cli.run({"pack", "list"}).status == 0);
  REQUIRE(cli.run({"pack", "disable", "mine", "--dry-run"}).status == 0);
  REQUIRE(cli.run({"pack", "enable", "beta", "--dry-run"}).status == 3);
  CHECK(cli.read("home/audit.jsonl") == before);
}

TEST_CASE("The trail is asked by operation, subject, verdict and number", "[audit]") {
  const Audited cli;
  const auto count = [&](const std::string& options) {
    return at(cli.call("audit:query", "[" + options + "]").document, "/lines").as_array()->size();
  };
  CHECK(count(R"({"operation": "pluginPack:toggle"})") == 3);
  CHECK(count(R"({"operation": "pluginPack:toggle", "verdict": "denied"})") == 1);
  CHECK(count(R"({"operation": "pluginPack:toggle", "subject": "mine"})") == 2);
  CHECK(count(R"({"limit": 1})") == 1);
  CHECK(count(R"({"since": "2999-01-01"})") == 0);
}

}  // namespace
}  // namespace cowork::test
