#include "own_methods.h"

#include <algorithm>
#include <array>

#include "cowork/base/text.h"
#include "cowork/operation/parameters.h"

namespace cowork::server {
namespace {

constexpr std::array<std::string_view, 4> methods{"host:cancel", "host:openConsole", "host:subscribe",
                                                  "host:unsubscribe"};
constexpr std::array<std::string_view, 5> event_types{"policy-changed", "catalog-changed", "pack-state-changed",
                                                      "install-progress", "diagnostic"};
constexpr int console_code_lasts_sec = 60;

Result<std::string> event_type(const json::Value& name) {
  if (!name.is_string())
    return fail(Error::invalid_argument("events must be an array of strings, but holds " +
                                        std::string(json::describe(name.kind()))));
  if (std::find(event_types.begin(), event_types.end(), *name.as_string()) != event_types.end())
    return *name.as_string();
  const std::vector<std::string> known(event_types.begin(), event_types.end());
  const std::vector<std::string> near = nearest(*name.as_string(), known);
  Error error = Error::invalid_argument("there is no event " + quoted(*name.as_string()));
  if (!near.empty()) error.with_remedy("did you mean " + near.front() + "?");
  return fail(std::move(error));
}

Result<std::vector<std::string>> names_of_events(const json::Value* events) {
  std::vector<std::string> names;
  if (!events || events->is_null()) return names;
  if (!events->is_array())
    return fail(Error::invalid_argument("events must be an array, not " + std::string(json::describe(events->kind()))));
  for (const json::Value& event : *events->as_array()) {
    COWORK_ASSIGN(std::string name, event_type(event));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

Result<json::Value> subscribe(const json::Value& params, Caller& caller) {
  Parameters parameters(params, {"events"});
  const json::Value* events = parameters.optional_value("events");
  COWORK_TRY(parameters.finish());
  COWORK_ASSIGN(std::vector<std::string> names, names_of_events(events));
  if (names.empty()) names.assign(event_types.begin(), event_types.end());
  if (!caller.subscribe(names))
    return fail(Error::invalid_argument("events are not sent over this transport")
                    .with_why("an HTTP request ends with its answer")
                    .with_remedy("open the WebSocket /events"));
  return json::Value::object({{"events", json::Value::strings(names)}});
}

Result<json::Value> unsubscribe(const json::Value& params, Caller& caller) {
  COWORK_TRY(Parameters(params, {}).finish());
  caller.unsubscribe();
  return json::Value::object();
}

Result<json::Value> cancel(const json::Value& params, Caller& caller) {
  Parameters parameters(params, {"id"});
  const json::Value* id = parameters.optional_value("id");
  COWORK_TRY(parameters.finish());
  if (!id) return fail(Error::invalid_argument("id is missing").with_remedy("give the id of the request to cancel"));
  return json::Value::object({{"cancelled", caller.calls.cancel(json::to_text(*id))}});
}

}  // namespace

bool OwnMethods::knows(std::string_view method) noexcept {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

Result<json::Value> OwnMethods::call(const RpcRequest& request, Caller& caller) const {
  static const json::Value none;
  const json::Value& params = request.params ? *request.params : none;
  if (request.method == "host:subscribe") return subscribe(params, caller);
  if (request.method == "host:unsubscribe") return unsubscribe(params, caller);
  if (request.method == "host:cancel") return cancel(params, caller);
  return open_console(params, request.dry_run, caller);
}

Result<json::Value> OwnMethods::open_console(const json::Value& params, bool dry_run, const Caller& caller) const {
  COWORK_TRY(Parameters(params, {}).finish());
  if (dry_run)
    return fail(Error::invalid_argument("a dry run opens nothing")
                    .with_why("an address that opens the console is a key to it")
                    .with_remedy("leave options.dryRun out"));
  if (!console_address_)
    return fail(Error::conflict("this server has no console")
                    .with_why("it was started without HTTP")
                    .with_remedy("start it with HTTP: cowork serve"));
  COWORK_ASSIGN(std::string address, console_address_());
  // Who, never what: the address holds the code.
  if (log_)
    log_->write(LogLevel::info, "server",
                "made an address of the console for " + (caller.actor.empty() ? "this user" : caller.actor) +
                    ", asked for over " + caller.entry);
  return json::Value::object({{"url", std::move(address)}, {"expiresInSec", console_code_lasts_sec}});
}

}  // namespace cowork::server
