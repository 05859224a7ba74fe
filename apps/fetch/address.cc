#include "address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"

namespace cowork::fetch {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const noexcept { ::curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

std::string part_of(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (::curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&::curl_free)> owned(text, &::curl_free);
  return text;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

/// As masked_address; also where what stands for a host does not begin where it should.
std::string masked_text(std::string_view text) {
  const std::size_t scheme = std::min(text.find(':'), text.size());
  const std::size_t begin = std::min(text.find_first_not_of(":/\\", scheme), text.size());
  const std::string_view rest = text.substr(begin);
  const std::size_t query = std::min(rest.find_first_of("?#"), rest.size());
  const std::size_t at = rest.substr(0, query).rfind('@');
  return fmt::format("{}{}{}{}", text.substr(0, begin), at < query ? "***" : "",
                     rest.substr(at < query ? at : 0, query - (at < query ? at : 0)),
                     query < rest.size() ? "?***" : "");
}

Error no_address(std::string_view text, std::string_view why) {
  return Error::invalid_argument(fmt::format("{} is no address to fetch from", quoted(masked_text(text))))
      .with_why(std::string(why));
}

bool has_unusual_byte(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f || c == '\\';
  });
}

/// An IPv4 literal in any spelling that the resolver would take for one, in four decimal numbers.
bool normalise_ipv4(std::string& host) {
  in_addr parsed{};
  if (::inet_aton(host.c_str(), &parsed) == 0) return false;
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &parsed, text.data(), text.size());
  host = text.data();
  return true;
}

/// The fault of a host that is no literal; empty: none. git's libcurl must look for the very name that was resolved and
/// pinned for it: it reads other scripts in its own way, and `-` and `+` before a pinned name as something else.
std::string_view fault_of_name(std::string_view host) {
  if (host.empty()) return "it names no host";
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
  if (!plain) return "its host holds more than letters, digits, '.', '_' and '-'; other scripts are written as xn--";
  if (host.starts_with('-') || host.starts_with('.') || host.ends_with('.'))
    return "its host begins with '-' or '.', or ends with '.'";
  return {};
}

}  // namespace

std::string Address::shown() const {
  const bool usual = port == (scheme == "https" ? "443" : "80");
  const bool ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}{}", ipv6 ? "[" : "", host, ipv6 ? "]" : "", usual ? "" : ":" + port);
}

Result<Address> parse_address(std::string_view text) {
  if (has_unusual_byte(text)) return fail(no_address(text, "it holds a space, a control character or a backslash"));
  const Url url(::curl_url());
  const std::string copy(text);
  if (const CURLUcode code = ::curl_url_set(url.get(), CURLUPART_URL, copy.c_str(), CURLU_DISALLOW_USER);
      code != CURLUE_OK)
    return fail(no_address(text, ::curl_url_strerror(code)));
  ::curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  Address address;
  address.scheme = part_of(url, CURLUPART_SCHEME);
  address.host = lower(part_of(url, CURLUPART_HOST));
  address.port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  if (address.scheme != "https" && address.scheme != "http")
    return fail(no_address(text, "it is neither https nor http"));
  if (!part_of(url, CURLUPART_ZONEID).empty()) return fail(no_address(text, "it names a network interface"));
  const bool ipv6 = address.host.starts_with('[');
  address.is_literal = ipv6 || normalise_ipv4(address.host);
  if (!ipv6) {
    if (const std::string_view fault = fault_of_name(address.host); !fault.empty())
      return fail(no_address(text, fault));
  }
  // What is asked is spelt as what was checked.
  if (::curl_url_set(url.get(), CURLUPART_HOST, address.host.c_str(), 0) != CURLUE_OK)
    return fail(no_address(text, "its host is none"));
  if (ipv6) address.host = address.host.substr(1, address.host.size() - 2);
  address.url = part_of(url, CURLUPART_URL);
  if (address.host.empty() || address.url.empty()) return fail(no_address(text, "it names no host"));
  return address;
}

}  // namespace cowork::fetch
