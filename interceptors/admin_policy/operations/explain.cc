#include "cowork/admin_policy/operations.h"
#include "cowork/host/services.h"
#include "operations/register.h"
#include "rule_json.h"

namespace cowork::admin_policy {
namespace {

Result<Explain> read_explain(const json::Value& params) {
  Parameters parameters(params, {"operation", "params"});
  Explain request{parameters.string("operation"), {}};
  if (const json::Value* asked = parameters.optional_value("params")) request.params = *asked;
  COWORK_TRY(parameters.finish());
  return request;
}

json::Value write(const Explain::Reply& reply) {
  const Verdict& verdict = reply.verdict;
  json::Value object = json::Value::object({{"operation", reply.operation},
                                            {"allowed", !verdict.denied()},
                                            {"decidedBy", verdict.judge().empty() ? "default" : verdict.judge()}});
  if (!verdict.reason().empty()) object.set("reason", verdict.reason());
  if (!verdict.rule().name.empty()) object.set("rule", to_json(verdict.rule()));
  if (const Error* error = verdict.error()) {
    object.set("code", to_string(error->code()));
    object.set("message", error->message());
    object.set("why", error->why());
    object.set("try", error->remedy());
  }
  return object;
}

}  // namespace

Result<void> Explain::validate() const {
  if (!operation.empty()) return {};
  return fail(Error::invalid_argument("operation must not be empty"));
}

void register_explain(HostBuilder& builder) {
  builder.operation<Explain>(
      [](HostCore& core, Admitted<Explain>& admitted) -> Result<Explain::Reply> {
        const Explain& request = admitted.request();
        const CallOptions& options = admitted.call().options();
        COWORK_ASSIGN(Verdict verdict, core.explain(request.operation, request.params, options));
        return Explain::Reply{request.operation, std::move(verdict)};
      },
      {read_explain,
       write,
       {"The verdict that a call would get, without any effect.",
        {{"operation", "string", true, "a public operation"}, {"params", "any", false, "its parameters"}},
        "{operation, allowed, decidedBy, reason?, rule?: {name, layer, file?, line?, pointer?}, code?, message?, why?, "
        "try?}"}});
}

}  // namespace cowork::admin_policy
