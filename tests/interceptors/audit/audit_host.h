// A small host with the audit trail, a judge, and two operations that do what a test says.
#pragma once

#include <functional>

#include "cowork/audit/audit.h"
#include "cowork/audit/audit_operations.h"
#include "cowork/base/json_reader.h"
#include "cowork/ports/manual_clock.h"
#include "cowork/ports/memory_disk.h"

namespace cowork::audit {

struct Change {
  std::string what;
  struct Reply {};
  static constexpr OperationInfo info{.name = "test:change", .effect = Effect::mutate};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", what}; }
};

struct Look {
  std::string what;
  struct Reply {};
  static constexpr OperationInfo info{.name = "test:look"};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", what}; }
};

/// Denies the subject `blocked` always, and `late` from the second time it is asked.
class SubjectJudge final : public Interceptor {
 public:
  std::string_view name() const noexcept override { return "subject-judge"; }
  Verdict judge(const CallView& call, const Snapshot&) const override {
    const std::string& subject = call.subject().id;
    if (subject != "blocked" && (subject != "late" || ++late_ < 2)) return Verdict::no_opinion();
    return Verdict::deny(Error(ErrorCode::policy_denied, "Pack \"" + subject + "\" is blocked by admin policy"),
                         "blocked", {"packs.blocked", "user", {"/home/u/policies.json", 3, 7, "/packs/blocked/0"}});
  }
  std::shared_ptr<const JudgeState> judge_state(Freshness freshness) const override {
    auto state = std::make_shared<JudgeState>();
    state->label = freshness == Freshness::cached ? "r1" : "r2";
    return state;
  }

 private:
  mutable std::atomic<int> late_{0};
};

struct AuditHost {
  explicit AuditHost(bool reads = false) : host(start(reads)) {}

  PluginHost start(bool reads) {
    HostBuilder builder({.home = "/home/u", .disk = disk, .clock = clock});
    const auto audit = Audit::make({.disk = disk, .clock = clock, .path = "/home/u/audit.jsonl", .reads = reads});
    builder.use(audit->interceptor(), Phase::observe, "host");
    builder.use(std::make_shared<SubjectJudge>(), Phase::policy, "host");
    builder.use("application", [this](Call& call, Next next) { return application(call, next); });
    audit->register_operations(builder);
    builder.operation<Change>([this](HostCore& core, Admitted<Change>& admitted) -> Result<Change::Reply> {
      COWORK_TRY(before(core, admitted.call()));
      COWORK_TRY(admitted.commit([this](const Snapshot&) { return effect(); }));
      return Change::Reply{};
    });
    builder.operation<Look>([this](HostCore& core, Admitted<Look>& admitted) -> Result<Look::Reply> {
      COWORK_TRY(before(core, admitted.call()));
      return Look::Reply{};
    });
    return std::move(builder.start().value());
  }

  /// The trail's lines; none when there is no trail.
  std::vector<json::Value> lines() const {
    std::vector<json::Value> lines;
    const auto directory = disk->open("/home/u");
    if (!directory) return lines;
    const std::string text = (*directory)->read("audit.jsonl", 1u << 20).value_or("");
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      lines.push_back(json::parse(line, "audit.jsonl", json::request_limits, ErrorCode::integrity).value().root);
    }
    return lines;
  }

  /// "verdict operation subject code", a row a line.
  std::vector<std::string> summary() const {
    std::vector<std::string> rows;
    for (const json::Value& line : lines()) {
      std::string row = text(line, "verdict") + " " + text(line, "operation") + " " + text(line, "subject");
      if (line.find("code") != nullptr) row += " " + text(line, "code");
      rows.push_back(std::move(row));
    }
    return rows;
  }

  static std::string text(const json::Value& line, std::string_view member) {
    const json::Value* value = line.find(member);
    return value != nullptr && value->is_string() ? *value->as_string() : "(none)";
  }

  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::function<Result<void>()> effect = [] { return Result<void>(); };
  std::function<Result<void>(HostCore&, const Call&)> before = [](HostCore&, const Call&) { return Result<void>(); };
  std::function<Outcome(Call&, Next)> application = [](Call& call, Next next) { return next(call); };
  PluginHost host;
};

}  // namespace cowork::audit
