#include "leases.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cowork/base/json_reader.h"
#include "refusals.h"

namespace cowork::admin_policy {
namespace {

constexpr double silent_intervals = 3;

double seconds_between(std::int64_t earlier_ms, std::int64_t later_ms) {
  return (static_cast<double>(later_ms) - static_cast<double>(earlier_ms)) / 1000;
}

/// policy-denied by a limit, which may be the default that no layer states.
template <class T>
Error limited(const EffectivePolicy& policy, std::string message, const Effective<T>& limit, std::string_view rule) {
  constexpr std::string_view remedy = "cowork policy show";
  if (limit.layer) {
    const Rule stated = rule_at(*limit.layer, rule, pointer_of_rule(rule), limit.at);
    return denied(policy, std::move(message), stated, std::string(remedy));
  }
  std::string why = std::string(rule) + " is " + json::to_text(json::Value(limit.value)) + " by default";
  return Error(ErrorCode::policy_denied, std::move(message)).with_why(std::move(why)).with_remedy(std::string(remedy));
}

const std::string& text_of(const json::Value& entry, std::string_view key) {
  static const std::string none;
  const json::Value* value = entry.find(key);
  return value && value->as_string() ? *value->as_string() : none;
}

std::optional<Lease> lease_from(const json::Value& entry) {
  const json::Value* started = entry.find("startedAt");
  const json::Value* beaten = entry.find("lastHeartbeatAt");
  const json::Value* interval = entry.find("intervalSec");
  if (!started || !beaten || !interval) return std::nullopt;
  const auto started_ms = started->as_int64();
  const auto beaten_ms = beaten->as_int64();
  const auto interval_sec = interval->as_double();
  Lease lease{text_of(entry, "leaseId"), text_of(entry, "workspace"), text_of(entry, "agentId")};
  const bool named = !lease.lease_id.empty() && !lease.workspace.empty() && !lease.agent_id.empty();
  if (!named || !started_ms || !beaten_ms || !interval_sec || *interval_sec <= 0) return std::nullopt;
  lease.started_at_ms = *started_ms;
  lease.last_heartbeat_at_ms = *beaten_ms;
  lease.interval_sec = *interval_sec;
  return lease;
}

}  // namespace

bool is_running(const Lease& lease, std::int64_t now_ms) noexcept {
  return std::abs(seconds_between(lease.last_heartbeat_at_ms, now_ms)) < silent_intervals * lease.interval_sec;
}

void drop_ended(std::vector<Lease>& leases, std::int64_t now_ms) {
  std::erase_if(leases, [&](const Lease& lease) { return !is_running(lease, now_ms); });
}

Lease* find_lease(std::vector<Lease>& leases, std::string_view workspace, std::string_view agent_id) noexcept {
  const auto found = std::find_if(leases.begin(), leases.end(), [&](const Lease& lease) {
    return lease.workspace == workspace && lease.agent_id == agent_id;
  });
  return found == leases.end() ? nullptr : &*found;
}

Result<Lease> start_lease(const EffectivePolicy& policy, std::vector<Lease>& running, const StartAgent& request,
                          std::string lease_id, std::int64_t now_ms) {
  if (find_lease(running, request.workspace, request.agent_id))
    return fail(Error::already_exists("Agent " + named(request.agent_id) + " runs in workspace " +
                                      named(request.workspace) + " already")
                    .with_why("its lease has not ended")
                    .with_remedy("stop it (agent:stop), or keep it (agent:heartbeat)"));
  const auto count = std::count_if(running.begin(), running.end(),
                                   [&](const Lease& lease) { return lease.workspace == request.workspace; });
  const auto& limit = policy.concurrent_agents;
  if (count >= limit.value)
    return fail(limited(policy,
                        "Agent limit reached by admin policy: " + std::to_string(count) + " of " +
                            std::to_string(limit.value) + " agents run in workspace " + named(request.workspace),
                        limit, concurrency_rule));
  running.push_back(
      {std::move(lease_id), request.workspace, request.agent_id, now_ms, now_ms, policy.heartbeat_sec.value});
  return running.back();
}

Result<Lease> renew_lease(const EffectivePolicy& policy, std::vector<Lease>& running, const HeartbeatAgent& request,
                          std::int64_t now_ms) {
  Lease* lease = find_lease(running, request.workspace, request.agent_id);
  if (!lease)
    return fail(
        Error::not_found("no agent " + named(request.agent_id) + " runs in workspace " + named(request.workspace))
            .with_why("it was not started, or its lease has ended")
            .with_remedy("start it again (agent:start)"));
  const auto& least = policy.heartbeat_sec;
  const double silent = seconds_between(lease->last_heartbeat_at_ms, now_ms);
  // Before its own last heartbeat: the clock was set back, which is no reason to make an agent wait for it.
  if (silent >= 0 && silent < least.value) {
    const std::string interval = json::to_text(json::Value(least.value));
    Error error = limited(policy,
                          "Heartbeat too soon by admin policy: agent " + named(request.agent_id) + " may beat every " +
                              interval + " seconds",
                          least, heartbeat_rule);
    return fail(std::move(error).with_data("retryAfterSec", std::ceil(least.value - silent)));
  }
  lease->last_heartbeat_at_ms = now_ms;
  lease->interval_sec = least.value;
  return *lease;
}

json::Value to_json(const Lease& lease) {
  return json::Value::object({{"leaseId", lease.lease_id},
                              {"workspace", lease.workspace},
                              {"agentId", lease.agent_id},
                              {"startedAt", lease.started_at_ms},
                              {"lastHeartbeatAt", lease.last_heartbeat_at_ms},
                              {"intervalSec", lease.interval_sec}});
}

std::string leases_text(const std::vector<Lease>& leases) {
  json::Array items;
  for (const Lease& lease : leases) items.push_back(to_json(lease));
  return json::to_pretty_text(json::Value::object({{"leases", std::move(items)}}));
}

Result<std::vector<Lease>> parse_leases(std::string_view text, std::string_view file) {
  COWORK_ASSIGN(const json::Document document, json::parse(text, file, json::policy_limits, ErrorCode::io));
  const json::Value* items = document.root.find("leases");
  if (!items || !items->is_array())
    return fail(Error::io("expected an object with an array \"leases\"").with_place(document.place(document.root)));
  std::vector<Lease> leases;
  for (const json::Value& item : *items->as_array()) {
    auto lease = lease_from(item);
    if (!lease)
      return fail(
          Error::io("this is no lease").with_place(document.place(item, "/leases/" + std::to_string(leases.size()))));
    leases.push_back(std::move(*lease));
  }
  return leases;
}

}  // namespace cowork::admin_policy
