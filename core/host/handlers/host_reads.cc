#include <algorithm>

#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {

Result<DescribeChain::Reply> describe_chain(HostImpl& host, Admitted<DescribeChain>& admitted) {
  const std::string& only = admitted.request().operation;
  if (!only.empty() && !host.find(only)) {
    std::vector<std::string> names;
    for (const auto& operation : host.operations()) names.emplace_back(operation->info().name);
    const std::vector<std::string> near = nearest(only, names);
    return fail(Error::invalid_argument("unknown operation " + quoted(only))
                    .with_why("no operation of this host has that name")
                    .with_remedy(near.empty() ? "cowork chain" : "did you mean " + quoted(near.front()) + "?"));
  }
  DescribeChain::Reply reply;
  const auto compiled = host.compiled();
  for (const ChainMember& member : compiled->chain->members()) {
    DescribeChain::Member described{std::string(member.interceptor->name()), member.phase, {}, member.source};
    for (const auto& operation : host.operations()) {
      const auto& steps = compiled->plans[operation->index].steps;
      if (std::find(steps.begin(), steps.end(), &member) != steps.end())
        described.operations.emplace_back(operation->info().name);
    }
    std::sort(described.operations.begin(), described.operations.end());
    const bool concerned =
        only.empty() || std::binary_search(described.operations.begin(), described.operations.end(), only);
    if (concerned) reply.push_back(std::move(described));
  }
  return reply;
}

Result<DescribeOperations::Reply> describe_operations(HostImpl& host, Admitted<DescribeOperations>&) {
  DescribeOperations::Reply reply;
  for (const RegisteredOperation* operation : host.public_operations())
    reply.push_back({operation->info(), operation->description()});
  return reply;
}

Result<TraceCalls::Reply> trace_calls(HostImpl& host, Admitted<TraceCalls>& admitted) {
  const TraceCalls& request = admitted.request();
  if (request.enabled && !admitted.dry_run()) host.trace(*request.enabled);
  return TraceCalls::Reply{host.traces_calls(), host.traces().last(request.operation)};
}

namespace {

/// What an administrator should look at: files that changed, and packs that are held back.
void report_packs(const PackTable& table, std::vector<Diagnostic>& diagnostics) {
  for (std::size_t i = 0; i < table.flags.size(); ++i) {
    const PackFlags& flags = table.flags[i];
    const PackRecord& pack = (*table.catalog)[i];
    if (flags.changed)
      diagnostics.push_back({Severity::error, "integrity", flags.error.str(), {pack.path(), 0, 0, {}}});
    if (flags.state != PackState::quarantined) continue;
    const std::string required = flags.policy_required ? ", and the policy requires it" : "";
    diagnostics.push_back({flags.policy_required ? Severity::error : Severity::warning,
                           "pack-quarantined",
                           "pack " + quoted(pack.name()) + " is quarantined" + required + ": " + flags.error.str() +
                               "; look at it with: cowork pack info " + std::string(pack.name()),
                           {pack.path(), 0, 0, {}}});
  }
}

}  // namespace

Result<GetStatus::Reply> get_status(HostImpl& host, Admitted<GetStatus>& admitted) {
  const auto table = host.table_of(admitted.snapshot());
  GetStatus::Reply reply;
  reply.version = COWORK_VERSION;
  reply.home = host.home();
  reply.tiers = table->catalog->tiers();
  reply.layers = json::Value::array();
  for (const PackFlags& flags : table->flags) {
    ++reply.counts.packs;
    reply.counts.policy_blocked += flags.policy_blocked ? 1 : 0;
    reply.counts.policy_required += flags.policy_required ? 1 : 0;
    switch (flags.state) {
      case PackState::active:
        ++reply.counts.active;
        break;
      case PackState::discovered:
        ++reply.counts.discovered;
        break;
      case PackState::disabled:
        ++reply.counts.disabled;
        break;
      case PackState::quarantined:
        ++reply.counts.quarantined;
        break;
      case PackState::error:
        ++reply.counts.error;
        break;
    }
  }
  reply.diagnostics = table->catalog->diagnostics();
  report_packs(*table, reply.diagnostics);
  host.contribute_set_aside(*table->catalog, reply);
  host.contribute_status(reply);
  return reply;
}

Result<Rescan::Reply> rescan(HostImpl& host, Admitted<Rescan>& admitted) {
  if (admitted.dry_run()) return Rescan::Reply{};
  Rescan::Reply reply = host.rescan();
  host.reconcile(admitted.call().id());
  return reply;
}

}  // namespace cowork::handlers
