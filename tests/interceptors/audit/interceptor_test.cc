#include <cerrno>

#include "audit_host.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::audit;

namespace {

using Rows = std::vector<std::string>;

CallOptions warning_into(Rows& warnings) {
  CallOptions options;
  options.warnings = &warnings;
  return options;
}

Result<AdmitPack::Reply> admit(HostCore& core, const Call& parent, const char* name) {
  AdmitPack question;
  question.name = name;
  return core.run(question, parent.options(), parent.id());
}

}  // namespace

TEST_CASE("a change is written just before its effect") {
  AuditHost audited;
  audited.effect = [&] {
    CHECK(audited.summary() == Rows{"allowed test:change alpha"});
    return Result<void>();
  };
  REQUIRE(audited.host.call(Change{"alpha"}));
  CHECK(audited.summary() == Rows{"allowed test:change alpha"});
}

TEST_CASE("an effect that failed has a second line of the same id") {
  AuditHost audited;
  audited.effect = [] { return Result<void>(fail(Error::io("the disk is full"))); };
  REQUIRE_FALSE(audited.host.call(Change{"alpha"}));
  CHECK(audited.summary() == Rows{"allowed test:change alpha", "failed test:change alpha io"});
  const auto lines = audited.lines();
  CHECK(AuditHost::text(lines[0], "id") == AuditHost::text(lines[1], "id"));
}

TEST_CASE("a denial is written with its rule") {
  AuditHost audited;
  audited.effect = [] { return Result<void>(fail(Error::internal("the effect of a denied change"))); };
  REQUIRE_FALSE(audited.host.call(Change{"blocked"}));
  REQUIRE_FALSE(audited.host.call(Change{"late"}));
  REQUIRE_FALSE(audited.host.call(Look{"blocked"}));
  CHECK(audited.summary() == Rows{"denied test:change blocked policy-denied", "denied test:change late policy-denied",
                                  "denied test:look blocked policy-denied"});
  for (const json::Value& line : audited.lines()) {
    const json::Value* rule = line.find("rule");
    REQUIRE(rule);
    CHECK(*rule ==
          json::Value::object(
              {{"layer", "user"}, {"file", "/home/u/policies.json"}, {"line", 3}, {"pointer", "/packs/blocked/0"}}));
  }
}

TEST_CASE("the revision is that of the snapshot the verdict was made from") {
  AuditHost audited;
  REQUIRE_FALSE(audited.host.call(Change{"blocked"}));
  REQUIRE(audited.host.call(Change{"alpha"}));
  const auto lines = audited.lines();
  CHECK(AuditHost::text(lines[0], "policyRevision") == "r1");  // refused at entry
  CHECK(AuditHost::text(lines[1], "policyRevision") == "r2");  // judged again at the commit point
}

TEST_CASE("a change that failed before its commit point is an error, no denial") {
  AuditHost audited;
  audited.before = [](HostCore&, const Call&) { return Result<void>(fail(Error::not_found("no such pack"))); };
  REQUIRE_FALSE(audited.host.call(Change{"alpha"}));
  REQUIRE_FALSE(audited.host.call(Look{"alpha"}));
  CHECK(audited.summary() == Rows{"error test:change alpha not-found"});
  CHECK(audited.lines()[0].find("rule") == nullptr);
}

TEST_CASE("what an application's interceptor refuses or breaks is written") {
  AuditHost audited;
  audited.application = [](Call&, Next) { return Outcome::refuse(Error(ErrorCode::policy_denied, "after hours")); };
  REQUIRE_FALSE(audited.host.call(Change{"a"}));
  audited.application = [](Call&, Next) -> Outcome { throw std::runtime_error("broken"); };
  REQUIRE_FALSE(audited.host.call(Change{"b"}));
  CHECK(audited.summary() == Rows{"denied test:change a policy-denied", "error test:change b interceptor-failed"});
}

TEST_CASE("reads are written when that was asked for") {
  AuditHost quiet;
  REQUIRE(quiet.host.call(Look{"alpha"}));
  CHECK(quiet.summary().empty());
  CHECK_FALSE(quiet.disk->open("/home/u"));
  AuditHost audited(true);
  REQUIRE(audited.host.call(Look{"alpha"}));
  audited.before = [](HostCore&, const Call&) { return Result<void>(fail(Error::not_found("no such pack"))); };
  REQUIRE_FALSE(audited.host.call(Look{"beta"}));
  CHECK(audited.summary() == Rows{"allowed test:look alpha", "error test:look beta not-found"});
}

TEST_CASE("dry runs write nothing") {
  AuditHost audited(true);
  CallOptions dry;
  dry.dry_run = true;
  REQUIRE(audited.host.call(Change{"alpha"}, dry));
  REQUIRE(audited.host.call(Look{"alpha"}, dry));
  REQUIRE_FALSE(audited.host.call(Change{"blocked"}, dry));
  CHECK(audited.summary().empty());
}

TEST_CASE("a change that cannot be written down is refused") {
  AuditHost audited;
  bool done = false;
  audited.effect = [&] {
    done = true;
    return Result<void>();
  };
  audited.disk->plant_file("/home/u/other", "");
  audited.disk->set_fault([](std::string_view, std::string_view path) -> std::optional<int> {
    return path.find("audit.jsonl") != std::string_view::npos ? std::optional(EROFS) : std::nullopt;
  });
  const auto refused = audited.host.call(Change{"alpha"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::io);
  CHECK(refused.error().message() ==
        "the audit trail cannot be written, so nothing was changed: cannot lock \"/home/u/audit.jsonl.lock\": "
        "Read-only file system");
  CHECK(refused.error().why() == "every change is written to /home/u/audit.jsonl first");
  CHECK(refused.error().remedy() == "make that file and its directory writable, then try again");
  CHECK_FALSE(done);
}

TEST_CASE("a denial that cannot be written down stays a denial, with a warning") {
  AuditHost audited;
  audited.disk->set_fault([](std::string_view operation, std::string_view) -> std::optional<int> {
    return operation == "open_or_make" ? std::optional(EROFS) : std::nullopt;
  });
  Rows warnings;
  const auto denied = audited.host.call(Look{"blocked"}, warning_into(warnings));
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code() == ErrorCode::policy_denied);
  CHECK(warnings == Rows{"the audit trail cannot be written: cannot make \"/home/u\": Read-only file system"});
}

TEST_CASE("a trail that was tampered with is a warning of the next change") {
  AuditHost audited;
  REQUIRE(audited.host.call(Change{"alpha"}));
  audited.disk->plant_file("/home/u/audit.jsonl", "");
  Rows warnings;
  REQUIRE(audited.host.call(Change{"beta"}, warning_into(warnings)));
  CHECK(warnings ==
        Rows{"the audit trail is not as it was written: /home/u/audit.jsonl:1: line 1 is missing at the end"});
}

TEST_CASE("who asked, when, how long it took, and no secrets") {
  AuditHost audited;
  audited.before = [&](HostCore&, const Call&) {
    audited.clock->advance_ms(25);
    return Result<void>();
  };
  CallOptions options;
  options.entry = "cli";
  options.actor = "ada";
  REQUIRE(audited.host.call(Change{"https://ada:secret@example.org/pack?token=hidden"}, options));
  REQUIRE(audited.host.call(Change{"beta"}));
  const auto lines = audited.lines();
  CHECK(AuditHost::text(lines[0], "actor") == "ada");
  CHECK(AuditHost::text(lines[0], "entry") == "cli");
  CHECK(AuditHost::text(lines[0], "time") == "2025-01-15T12:00:00.025Z");
  CHECK(lines[0].find("micros")->as_int64() == 25'000);
  CHECK(AuditHost::text(lines[0], "subject").find("secret") == std::string::npos);
  CHECK(AuditHost::text(lines[0], "subject").find("hidden") == std::string::npos);
  CHECK(AuditHost::text(lines[0], "subject").find("example.org") != std::string::npos);
  CHECK_FALSE(AuditHost::text(lines[1], "actor").empty());
  CHECK(AuditHost::text(lines[1], "entry") == "c++");
}

TEST_CASE("nested operations are written with their parent when they change or deny something") {
  AuditHost audited;
  audited.before = [](HostCore& core, const Call& call) -> Result<void> {
    const CallOptions& options = call.options();
    COWORK_TRY(admit(core, call, "fine"));
    COWORK_TRY(core.run(ActivatePack{"fine"}, options, call.id()));
    COWORK_TRY(core.run(DeactivatePack{"fine"}, options, call.id()));
    CHECK_FALSE(admit(core, call, "blocked"));
    return {};
  };
  REQUIRE(audited.host.call(Change{"alpha"}));
  CHECK(audited.summary() == Rows{"allowed pack:activate fine", "allowed pack:deactivate fine",
                                  "denied pack:admit blocked policy-denied", "allowed test:change alpha"});
  const auto lines = audited.lines();
  const std::string parent = AuditHost::text(lines[3], "id");
  for (std::size_t i = 0; i < 3; ++i) CHECK(AuditHost::text(lines[i], "parent") == parent);
  CHECK(AuditHost::text(lines[3], "parent") == "(none)");
}

TEST_CASE("audit:query answers by name, and says whether the trail is what was written") {
  AuditHost audited;
  REQUIRE(audited.host.call(Change{"alpha"}));
  REQUIRE_FALSE(audited.host.call(Change{"blocked"}));
  const auto ask = [&](json::Value options) {
    return audited.host.call_json("audit:query", json::Value::object({{"options", std::move(options)}}));
  };
  const auto all = audited.host.call_json("audit:query", {});
  REQUIRE(all);
  CHECK(all->find("lines")->as_array()->size() == 2);
  CHECK(*all->find("verified")->as_bool());
  CHECK(all->find("firstBad") == nullptr);
  const auto denied = ask(json::Value::object({{"verdict", "denied"}, {"operation", "test:change"}, {"limit", 5}}));
  REQUIRE(denied);
  REQUIRE(denied->find("lines")->as_array()->size() == 1);
  CHECK(AuditHost::text((*denied->find("lines")->as_array())[0], "subject") == "blocked");
  audited.disk->plant_file("/home/u/audit.jsonl", "nonsense\n");
  const auto bad = ask(json::Value::object({{"since", "2025-01-01"}}));
  REQUIRE(bad);
  CHECK(*bad ==
        json::Value::object({{"lines", json::Value::array()},
                             {"verified", false},
                             {"firstBad", json::Value::object({{"file", "/home/u/audit.jsonl"},
                                                               {"line", 1},
                                                               {"reason", "it is no line of an audit trail"}})}}));
  const auto unchecked = ask(json::Value::object({{"verify", false}}));
  REQUIRE(unchecked);
  CHECK(*unchecked == json::Value::object({{"lines", json::Value::array()}, {"verified", false}}));
  for (json::Value options : {json::Value::object({{"limit", 0}}), json::Value::object({{"limit", -1}}),
                              json::Value::object({{"verdict", "no"}}), json::Value::object({{"unknown", 1}})}) {
    const auto refused = ask(std::move(options));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::invalid_argument);
  }
}
