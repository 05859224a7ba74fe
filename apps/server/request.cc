#include "request.h"

#include "cowork/base/text.h"

namespace cowork::server {
namespace {

/// A day: whoever wants more wants no limit.
constexpr std::int64_t longest_timeout_ms = 86'400'000;

bool is_id(const json::Value& value) {
  return value.is_string() || value.is_null() || value.kind() == json::Kind::number;
}

Error no_request(std::string message) {
  return Error::invalid_argument(std::move(message))
      .with_why("JSON-RPC 2.0 and docs/ipc.md say what a request is made of");
}

Error wrong_member(std::string_view name, std::string_view expected, const json::Value& found) {
  return no_request(quoted(name) + " of a request must be " + std::string(expected) + ", not " +
                    std::string(json::describe(found.kind())));
}

Result<void> read_option(const json::Member& option, RpcRequest& request) {
  if (option.key == "dryRun") {
    const bool* dry_run = option.value.as_bool();
    if (!dry_run) return fail(wrong_member("options.dryRun", "a boolean", option.value));
    request.dry_run = *dry_run;
    return {};
  }
  if (option.key != "timeoutMs") return fail(no_request("a request has no option " + quoted(option.key)));
  const auto timeout = option.value.as_int64();
  if (!timeout || *timeout < 1 || *timeout > longest_timeout_ms)
    return fail(no_request("\"options.timeoutMs\" of a request must be a whole number from 1 to 86400000"));
  request.timeout = std::chrono::milliseconds(*timeout);
  return {};
}

Result<void> read_options(const json::Value& value, RpcRequest& request) {
  const json::Object* options = value.as_object();
  if (!options) return fail(wrong_member("options", "an object", value));
  for (const json::Member& option : *options) COWORK_TRY(read_option(option, request));
  return {};
}

Result<void> read_member(const json::Member& member, RpcRequest& request, bool& is_version_2) {
  const json::Value& value = member.value;
  if (member.key == "jsonrpc") {
    is_version_2 = value.as_string() && *value.as_string() == "2.0";
  } else if (member.key == "method") {
    if (!value.is_string()) return fail(wrong_member("method", "a string", value));
    request.method = *value.as_string();
  } else if (member.key == "params") {
    if (!value.is_array() && !value.is_object()) return fail(wrong_member("params", "an array or an object", value));
    request.params = &value;
  } else if (member.key == "id") {
    if (!is_id(value)) return fail(wrong_member("id", "a string, a number or null", value));
    request.id = &value;
  } else if (member.key == "options") {
    return read_options(value, request);
  } else {
    return fail(no_request("a request has no member " + quoted(member.key)));
  }
  return {};
}

}  // namespace

std::string RpcRequest::id_text() const {
  return id ? json::to_text(*id) : "null";
}

Result<RpcRequest> read_request(const json::Value& value) {
  const json::Object* members = value.as_object();
  if (!members)
    return fail(no_request("a request must be an object, not " + std::string(json::describe(value.kind()))));
  RpcRequest request;
  bool is_version_2 = false;
  for (const json::Member& member : *members) COWORK_TRY(read_member(member, request, is_version_2));
  if (!is_version_2) return fail(no_request(R"("jsonrpc" of a request must be "2.0")"));
  if (!value.find("method")) return fail(no_request("a request needs a \"method\""));
  return request;
}

std::string id_text_of(const json::Value& value) {
  const json::Value* id = value.find("id");
  return id && is_id(*id) ? json::to_text(*id) : "null";
}

}  // namespace cowork::server
