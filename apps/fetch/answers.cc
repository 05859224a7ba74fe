#include "answers.h"

#include <fmt/format.h>

#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"

namespace cowork::fetch {
namespace {

bool holds(std::string_view words, std::string_view part) {
  return words.find(part) != std::string_view::npos;
}

Error answers_with(const Address& address, long status) {
  return {ErrorCode::network, fmt::format("{} answers with status {}", quoted(masked_address(address.url)), status)};
}

}  // namespace

std::string token_remedy(const Address& address) {
  return fmt::format("in host.json name a file with a token as fetch.tokenFile, and {} in fetch.allowHosts",
                     quoted(address.shown()));
}

Error wrong_status(const Address& address, long status) {
  switch (status) {
    case 404:
    case 410:
      return Error::not_found(fmt::format("there is nothing at {}", quoted(masked_address(address.url))))
          .with_why(fmt::format("its server answers with status {}", status))
          .with_remedy("check the address");
    case 401:
    case 403:
      return answers_with(address, status)
          .with_why("its server gives it to those only who may have it")
          .with_remedy(token_remedy(address));
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return answers_with(address, status)
          .with_why("it leads to another address, which is not followed from here")
          .with_remedy("use the address that it leads to");
    default:
      break;
  }
  if (status >= 500)
    return answers_with(address, status).with_why("its server has a fault").with_remedy("run the command again later");
  return answers_with(address, status).with_why("a pack comes with status 200 only").with_remedy("check the address");
}

bool is_untrusted(std::string_view words) {
  return (holds(words, "certificate verification failed") || holds(words, "SSL certificate problem")) &&
         !holds(words, "expired");
}

std::string trust_remedy() {
  return "if you trust that server, name the certificates that it is checked with as fetch.caFile in host.json";
}

}  // namespace cowork::fetch
