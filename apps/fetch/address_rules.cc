#include "address_rules.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"

namespace cowork::fetch {
namespace {

using Bytes6 = std::array<unsigned char, 16>;

struct Prefix4 {
  std::uint32_t network;
  unsigned bits;
};

constexpr std::uint32_t ipv4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24U | b << 16U | c << 8U | d;
}

// IANA's registry of special-purpose addresses, as far as it is not globally reachable; then multicast and reserved.
constexpr Prefix4 special4[] = {
    {ipv4(0, 0, 0, 0), 8},      {ipv4(10, 0, 0, 0), 8},     {ipv4(100, 64, 0, 0), 10}, {ipv4(127, 0, 0, 0), 8},
    {ipv4(169, 254, 0, 0), 16}, {ipv4(172, 16, 0, 0), 12},  {ipv4(192, 0, 0, 0), 24},  {ipv4(192, 0, 2, 0), 24},
    {ipv4(192, 88, 99, 0), 24}, {ipv4(192, 168, 0, 0), 16}, {ipv4(198, 18, 0, 0), 15}, {ipv4(198, 51, 100, 0), 24},
    {ipv4(203, 0, 113, 0), 24}, {ipv4(224, 0, 0, 0), 4},    {ipv4(240, 0, 0, 0), 4},
};

struct Prefix6 {
  Bytes6 network;
  unsigned bits;
};

constexpr Prefix6 global_unicast{{0x20}, 3};
constexpr Prefix6 mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Prefix6 translated{{0x00, 0x64, 0xff, 0x9b}, 96};
// Within global unicast: IETF protocols with Teredo and benchmarks, documentation (two), 6to4.
constexpr Prefix6 special6[] = {
    {{0x20, 0x01}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x3f, 0xff}, 20}, {{0x20, 0x02}, 16}};

bool lies_in(const Bytes6& address, const Prefix6& prefix) {
  for (unsigned bit = 0; bit < prefix.bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if (((address[bit / 8] ^ prefix.network[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

bool is_public4(std::uint32_t address) {
  return std::none_of(std::begin(special4), std::end(special4),
                      [&](const Prefix4& prefix) { return (address ^ prefix.network) >> (32 - prefix.bits) == 0; });
}

bool is_public6(const Bytes6& address) {
  if (lies_in(address, mapped) || lies_in(address, translated))
    return is_public4(ipv4(address[12], address[13], address[14], address[15]));
  return lies_in(address, global_unicast) &&
         std::none_of(std::begin(special6), std::end(special6),
                      [&](const Prefix6& prefix) { return lies_in(address, prefix); });
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> look_up(const Address& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = address.is_literal ? AI_NUMERICHOST : 0;
  addrinfo* found = nullptr;
  const int fault = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  if (fault == 0) return Addresses(found);
  return fail(Error(ErrorCode::network, fmt::format("cannot find the host {}", quoted(address.shown())))
                  .with_why(::gai_strerror(fault)));
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in ipv4_address{};
    std::memcpy(&ipv4_address, &address, sizeof ipv4_address);
    return is_public4(ntohl(ipv4_address.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 ipv6_address{};
  std::memcpy(&ipv6_address, &address, sizeof ipv6_address);
  Bytes6 bytes;
  std::memcpy(bytes.data(), &ipv6_address.sin6_addr, bytes.size());
  return is_public6(bytes);
}

std::string to_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET) {
    sockaddr_in ipv4_address{};
    std::memcpy(&ipv4_address, &address, sizeof ipv4_address);
    ::inet_ntop(AF_INET, &ipv4_address.sin_addr, text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 ipv6_address{};
    std::memcpy(&ipv6_address, &address, sizeof ipv6_address);
    ::inet_ntop(AF_INET6, &ipv6_address.sin6_addr, text.data(), text.size());
  } else {
    return "?";
  }
  return text.data();
}

bool is_allowed_host(const Address& address, const std::vector<std::string>& allow_hosts) {
  const std::string host = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
  return std::any_of(allow_hosts.begin(), allow_hosts.end(), [&](const std::string& allowed) {
    const std::string name = lower(allowed);
    return name == host || name == host + ":" + address.port;
  });
}

Error not_public(const Address& address, std::string_view machine) {
  return Error(ErrorCode::network,
               fmt::format("{} leads to {}, which is no public address", quoted(masked_address(address.url)), machine))
      .with_why("packs are fetched from public addresses, and from hosts that fetch.allowHosts names")
      .with_remedy(fmt::format("add {} to fetch.allowHosts in host.json", quoted(address.shown())));
}

Result<void> check_address(const Address& address, const FetchRequest& what, const loaders::FetchSettings& settings) {
  const bool http_allowed = settings.allow_http && !what.sha256.empty() && what.kind == FetchRequest::Kind::url;
  if (address.scheme != "https" && !http_allowed) {
    return fail(
        Error::invalid_argument(fmt::format("{} is not https", quoted(masked_address(address.url))))
            .with_why("http is for addresses whose content is pinned by a sha256, where fetch.allowHttp is on"));
  }
  if (!address.is_literal || is_allowed_host(address, settings.allow_hosts)) return {};
  return resolve(address, settings).map([](const auto&) {});
}

Result<std::vector<std::string>> resolve(const Address& address, const loaders::FetchSettings& settings) {
  COWORK_ASSIGN(const Addresses found, look_up(address));
  const bool allowed = is_allowed_host(address, settings.allow_hosts);
  std::vector<std::string> machines;
  for (const addrinfo* next = found.get(); next != nullptr; next = next->ai_next) {
    const std::string machine = to_text(*next->ai_addr);
    if (!allowed && !is_public(*next->ai_addr)) return fail(not_public(address, machine));
    if (std::find(machines.begin(), machines.end(), machine) == machines.end()) machines.push_back(machine);
  }
  return machines;
}

}  // namespace cowork::fetch
