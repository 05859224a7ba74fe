#include "error_report.h"

#include "cowork/base/text.h"
#include "cowork/server/error_data.h"

namespace cowork::cli {
namespace {

struct Fallback {
  std::string_view why;
  std::string_view remedy;
};

Fallback fallback(ErrorCode code) {
  switch (code) {
    case ErrorCode::internal:
      return {"this is a fault of cowork itself", "cowork doctor"};
    case ErrorCode::io:
      return {"the operating system refused it", "cowork paths"};
    case ErrorCode::interceptor_failed:
      return {"an interceptor of the chain failed, so nothing was done", "cowork chain"};
    case ErrorCode::cancelled:
      return {"it was stopped before it took effect", "run the command again"};
    case ErrorCode::timeout:
      return {"it took longer than it may", "run the command again"};
    case ErrorCode::invalid_argument:
      return {"the request can't be carried out as it is written", "cowork help"};
    case ErrorCode::policy_denied:
      return {"the admin policy in force", "cowork policy show"};
    case ErrorCode::policy_unavailable:
      return {"a layer of the admin policy can't be used", "cowork policy validate"};
    case ErrorCode::not_found:
      return {"nothing of that name is there", "check how it is written"};
    case ErrorCode::integrity:
      return {"what is there is not what was recorded", "find out who changed it before you use it"};
    case ErrorCode::network:
      return {"the other side could not be reached or did not answer as it should",
              "check the address, and what `fetch` in host.json says (cowork paths)"};
    case ErrorCode::conflict:
      return {"it was changed by somebody else meanwhile", "run the command again"};
    case ErrorCode::already_exists:
      return {"something of that name is there already", "choose another name"};
    case ErrorCode::invalid_manifest:
      return {"the manifest does not follow the rules", "cowork pack validate PATH"};
    case ErrorCode::invalid_policy:
      return {"the policy does not follow the rules", "cowork policy validate"};
  }
  return {"unknown", "cowork doctor"};
}

std::string why_of(const Error& error) {
  std::string why = error.why();
  return why.empty() ? std::string(fallback(error.code()).why) : why;
}

std::string remedy_of(const Error& error) {
  return error.remedy().empty() ? std::string(fallback(error.code()).remedy) : error.remedy();
}

}  // namespace

std::string error_text(const Error& error, const Styler& styler) {
  std::string head = "error[" + std::string(to_string(error.code())) + "]:";
  return styler(Style::red, head) + " " + printable(error.message()) + "\n" +     //
         styler(Style::bold, "  why:") + " " + printable(why_of(error)) + "\n" +  //
         styler(Style::bold, "  try:") + " " + printable(remedy_of(error)) + "\n";
}

json::Value error_json(const Error& error) {
  return json::Value::object({{"code", to_string(error.code())},
                              {"message", error.message()},
                              {"why", why_of(error)},
                              {"try", remedy_of(error)},
                              {"data", server::error_details(error)}});
}

}  // namespace cowork::cli
