#include "cowork/admin_policy/operations.h"
#include "operations/register.h"
#include "rule_json.h"
#include "simulation.h"
#include "update.h"

namespace cowork::admin_policy {
namespace {

Result<Simulate> read_simulate(const json::Value& params) {
  Parameters parameters(params, {"candidate"});
  Simulate request{parameters.object("candidate")};
  COWORK_TRY(parameters.finish());
  return request;
}

json::Value standing_json(const PackStanding& standing) {
  json::Value object = json::Value::object({{"blocked", !standing.permitted()}, {"required", standing.required()}});
  if (!standing.permitted()) object.set("reason", reason_of(standing.standing));
  return object;
}

json::Value pack_json(const PackChange& change) {
  json::Value object = json::Value::object({{"name", change.name},
                                            {"scope", to_string(change.scope)},
                                            {"before", standing_json(change.before)},
                                            {"after", standing_json(change.after)}});
  // The rule behind what will be; where nothing will hold the pack, the one that did.
  const PackStanding& decisive = change.after.layer ? change.after : change.before;
  if (decisive.layer) object.set("rule", to_json(rule_of(decisive)));
  return object;
}

json::Value report_of(const Simulation& simulation) {
  json::Array packs;
  for (const PackChange& change : simulation.packs) packs.push_back(pack_json(change));
  json::Array loosens;
  for (const Loosening& loosening : simulation.loosens)
    loosens.push_back(
        json::Value::object({{"what", loosening.what}, {"before", loosening.before}, {"after", loosening.after}}));
  return json::Value::object({{"packs", std::move(packs)}, {"loosens", std::move(loosens)}});
}

Result<Simulate::Reply> run(const Engine& engine, const Simulate& request, const Snapshot& snapshot) {
  const auto policy = engine.interceptor->policy_of(snapshot);
  COWORK_ASSIGN(const PlannedUpdate candidate, layer_from(request.candidate, LayerKind::user, "<candidate>"));
  const auto after = with_layer(*policy, candidate.layer);
  return Simulate::Reply{report_of(simulate(*policy, *after, snapshot.catalog(), snapshot.locks()))};
}

}  // namespace

Result<void> Simulate::validate() const {
  if (candidate.is_object()) return {};
  return fail(Error::invalid_argument("candidate must be an object"));
}

void register_simulate(HostBuilder& builder, const SharedEngine& engine) {
  builder.operation<Simulate>(
      [engine](HostCore&, Admitted<Simulate>& admitted) {
        return run(*engine, admitted.request(), admitted.snapshot());
      },
      {read_simulate,
       [](const Simulate::Reply& reply) { return reply.report; },
       {"What a policy would change, pack by pack, and what it would loosen.",
        {{"candidate", "object", true, "a policy document, or a part of one"}},
        "{packs: [{name, scope, before, after, rule?}], loosens: [{what, before, after}]}"}});
}

}  // namespace cowork::admin_policy
