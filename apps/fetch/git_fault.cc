#include "git_fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "answers.h"
#include "ca_file.h"
#include "cowork/base/text.h"
#include "cowork/loaders/fetch_errors.h"
#include "cowork/operation/install_operations.h"
#include "git_watch.h"

namespace cowork::fetch {
namespace {

bool says(const GitEnd& end, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return end.errors.find(word) != std::string::npos; });
}

/// 0 when it does not say one.
long status_in(std::string_view words) {
  constexpr std::string_view before = "The requested URL returned error: ";
  const std::size_t begin = words.rfind(before);
  if (begin == std::string_view::npos) return 0;
  const std::string_view number = words.substr(begin + before.size());
  long status = 0;
  std::from_chars(number.data(), number.data() + number.size(), status);
  return status;
}

/// The server has answered, and there is not what was asked for.
Error missing(const std::string& message, const std::string& why, const char* remedy) {
  return Error::not_found(message).with_why(why).with_remedy(remedy);
}

Error of_connection(const GitEnd& end, const Request& request, const Address& address, const std::string& why) {
  const std::string shown = quoted(masked_address(request.what.address));
  const std::string& ca_file = request.settings.ca_file;
  if (says(end, {"terminal prompts disabled", "could not read Username", "could not read Password",
                 "Authentication failed"}))
    return Error(ErrorCode::network, fmt::format("{} asks for a password", shown))
        .with_why("a fetch never asks; fetch.tokenFile is sent to hosts of fetch.allowHosts")
        .with_remedy(token_remedy(address));
  if (!ca_file.empty() &&
      says(end, {"error reading ca cert file", "error setting certificate", "SSL CA cert", "trust anchors"}))
    return unusable_ca_file(ca_file, why);
  if (const long status = status_in(end.errors); status != 0) return wrong_status(address, status);
  Error fault = Error(ErrorCode::network, fmt::format("cannot fetch {}", shown)).with_why(why);
  return is_untrusted(end.errors) ? std::move(fault).with_remedy(trust_remedy()) : fault;
}

}  // namespace

std::string last_words(std::string_view errors) {
  while (errors.ends_with('\n')) errors.remove_suffix(1);
  const std::size_t fatal = errors.rfind("fatal: ");
  const std::size_t begin = fatal == std::string_view::npos ? errors.rfind('\n') + 1 : fatal + 7;
  std::string words = loaders::masked_words(printable(errors.substr(begin, errors.find('\n', begin) - begin)));
  // Where libcurl looked for certificates is mostly "none", whatever the fault is.
  words.erase(std::min(words.find(" CAfile: "), words.size()));
  return words;
}

Error git_fault(const GitEnd& end, const Request& request, const Address& address) {
  // It is run in C.UTF-8, so its words are English.
  const std::string shown = quoted(masked_address(request.what.address));
  const std::string why = last_words(end.errors);
  if (says(end, {"couldn't find remote ref", "not our ref", "unadvertised object"}))
    return missing(fmt::format("{} has no branch, tag or commit {}", shown,
                               quoted(request.what.ref.empty() ? "HEAD" : request.what.ref)),
                   why, "check the name of the branch, tag or commit");
  if (says(end, {"' not found", "returned error: 410"}))
    return missing(fmt::format("there is no git repository at {}", shown), why, "check the address");
  if (says(end, {"File too large", "signal 25"})) return too_large(request);
  if (says(end, {"fsck error", "bad object", "index-pack failed", "invalid index-pack", "unpack-objects failed"}) &&
      !says(end, {"RPC failed", "early EOF", "unexpected disconnect"}))
    return Error::invalid_argument(fmt::format("{} holds objects that git refuses", shown)).with_why(why);
  return of_connection(end, request, address, why);
}

}  // namespace cowork::fetch
