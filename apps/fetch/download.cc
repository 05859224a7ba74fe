#include "download.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include "address_rules.h"
#include "answers.h"
#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"
#include "transfer.h"

namespace cowork::fetch {
namespace {

constexpr int most_redirects = 3;
constexpr long ok = 200;

std::string shown(const Address& address) {
  return quoted(masked_address(address.url));
}

/// The token is for the host that was asked for, where that is an allowed one, and never for a line that can be read.
std::string token_for(const Address& address, const Address& first, bool allowed, const std::string& token) {
  return allowed && address.is_same_host(first) && address.scheme == "https" ? token : std::string();
}

Result<Address> follow(const Address& from, const std::string& to, const Request& request) {
  auto next = parse_address(to);
  if (!next)
    return fail(Error(ErrorCode::network, shown(from) + " redirects to what is no address to fetch from")
                    .with_why(next.error().why()));
  if (from.scheme == "https" && next->scheme != "https")
    return fail(Error(ErrorCode::network, fmt::format("{} redirects from https to http", shown(from))));
  if (auto checked = check_address(*next, request.what, request.settings); !checked)
    return fail(std::move(checked).error().prefixed(shown(from) + " redirects"));
  return next;
}

}  // namespace

Result<FetchedFile> download(const Request& request, const std::string& token, FrameWriter& frames) {
  COWORK_ASSIGN(const Address first, parse_address(request.what.address));
  COWORK_TRY(check_address(first, request.what, request.settings));
  COWORK_ASSIGN(FetchedFile file, FetchedFile::make(request.scratch, request.limits.download_bytes));
  if (::curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return fail(Error::io("libcurl cannot be initialized"));
  const auto end = std::chrono::steady_clock::now() + request.limits.total;
  Address address = first;
  for (int redirects = 0;; ++redirects) {
    const bool allowed = is_allowed_host(address, request.settings.allow_hosts);
    const TransferPlan plan{address, allowed, token_for(address, first, allowed, token), end};
    auto transferred = Transfer(request, plan, file, frames).run();
    if (!transferred && transferred.error().code() == ErrorCode::invalid_argument)
      return fail(std::move(transferred).error().prefixed(shown(address)));
    COWORK_ASSIGN(const TransferEnd done, std::move(transferred));
    if (done.status == ok) return file;
    if (done.redirect.empty()) return fail(wrong_status(address, done.status));
    if (redirects == most_redirects)
      return fail(
          Error(ErrorCode::network, fmt::format("{} redirects more than {} times", shown(first), most_redirects)));
    COWORK_ASSIGN(address, follow(address, done.redirect, request));
  }
}

}  // namespace cowork::fetch
