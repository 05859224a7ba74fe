#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {
namespace {

Error not_active(const Pack& pack) {
  const PackFlags& flags = pack.flags();
  std::string why = "its state is " + std::string(to_string(flags.state));
  if (!flags.error.empty()) why += ": " + flags.error.str();
  Error error =
      Error::not_found("pack " + quoted(pack.name()) + " is not active, so it has no tools").with_why(std::move(why));
  if (flags.state == PackState::disabled && !flags.policy_blocked)
    error.with_remedy("cowork pack enable " + std::string(pack.name()));
  return error;
}

Error no_such_tool(const std::string& pack, const std::string& tool, const std::vector<NativeTool>& known) {
  std::vector<std::string> names;
  for (const NativeTool& each : known) names.push_back(each.name);
  const std::vector<std::string> near = nearest(tool, names);
  return Error::not_found("pack " + quoted(pack) + " has no tool " + quoted(tool))
      .with_why(known.empty() ? "it brings no tools" : "its native code did not register one of that name")
      .with_remedy(near.empty() ? "cowork pack info " + pack : "did you mean " + quoted(near.front()) + "?");
}

Result<CallTool::Reply> run_tool(NativePack& code, Admitted<CallTool>& admitted) {
  const CallTool& request = admitted.request();
  if (admitted.dry_run()) return CallTool::Reply{};
  COWORK_TRY(admitted.announce());
  COWORK_ASSIGN(json::Value output, code.call(request.tool, request.input, admitted.call().options()));
  return CallTool::Reply{std::move(output)};
}

}  // namespace

Result<CallTool::Reply> call_tool(HostImpl& host, Admitted<CallTool>& admitted) {
  const CallTool& request = admitted.request();
  const auto table = host.table_of(admitted.snapshot());
  COWORK_ASSIGN(const std::size_t index, host.resolve(*table->catalog, request.pack_name));
  const Pack pack(table, index);
  if (pack.state() != PackState::active) return fail(not_active(pack));
  // Held until the tool has answered: it is not stopped under its feet.
  const std::shared_ptr<NativePack> code = host.code().find(pack.name());
  static const std::vector<NativeTool> none;
  const std::vector<NativeTool>& tools = code ? code->tools() : none;
  // What an isolated pack brings is not known before it runs: then it is the call that says whether there is such a
  // tool.
  if (code && tools.empty() && runs_isolated(pack)) return run_tool(*code, admitted);
  for (const NativeTool& tool : tools) {
    if (tool.name == request.tool) return run_tool(*code, admitted);
  }
  return fail(no_such_tool(std::string(pack.name()), request.tool, tools));
}

}  // namespace cowork::handlers
