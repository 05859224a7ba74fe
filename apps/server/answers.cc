#include "answers.h"

#include "cowork/base/json.h"
#include "cowork/server/error_data.h"

namespace cowork::server {
namespace {

void append_warnings(std::string& text, const std::vector<std::string>& warnings) {
  if (!warnings.empty()) text += ",\"warnings\":" + json::to_text(json::Value::strings(warnings));
}

}  // namespace

RpcError rpc_error_of(const Error& error) noexcept {
  return error.code() == ErrorCode::invalid_argument ? RpcError::invalid_params : RpcError::host;
}

std::string_view result_head() noexcept {
  return R"({"jsonrpc":"2.0","result":)";
}

void append_result_tail(std::string& text, const std::vector<std::string>& warnings, std::string_view id) {
  append_warnings(text, warnings);
  text += ",\"id\":";
  text += id;
  text += '}';
}

void append_error(std::string& text, RpcError number, const Error& error, const std::vector<std::string>& warnings,
                  std::string_view id) {
  const json::Value body = json::Value::object(
      {{"code", static_cast<std::int64_t>(number)}, {"message", error.message()}, {"data", error_data(error)}});
  text += R"({"jsonrpc":"2.0","error":)";
  text += json::to_text(body);
  append_result_tail(text, warnings, id);
}

std::string error_text(RpcError number, const Error& error, std::string_view id) {
  std::string text;
  append_error(text, number, error, {}, id);
  return text;
}

}  // namespace cowork::server
