#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "address_rules.h"
#include "cowork/base/text.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::fetch;

namespace {

bool is_public_text(const std::string& text) {
  sockaddr_storage storage{};
  sockaddr_in ipv4{};
  sockaddr_in6 ipv6{};
  if (::inet_pton(AF_INET, text.c_str(), &ipv4.sin_addr) == 1) {
    ipv4.sin_family = AF_INET;
    std::memcpy(&storage, &ipv4, sizeof ipv4);
  } else {
    REQUIRE(::inet_pton(AF_INET6, text.c_str(), &ipv6.sin6_addr) == 1);
    ipv6.sin6_family = AF_INET6;
    std::memcpy(&storage, &ipv6, sizeof ipv6);
  }
  const auto& address = reinterpret_cast<const sockaddr&>(storage);
  CHECK(to_text(address) == text);
  return is_public(address);
}

}  // namespace

TEST_CASE("which addresses are public") {
  for (const char* text : {"1.1.1.1",        "8.8.8.8",         "9.255.255.255",        "11.0.0.0",
                           "100.63.255.255", "100.128.0.0",     "126.255.255.255",      "128.0.0.1",
                           "169.253.1.1",    "172.15.255.255",  "172.32.0.0",           "192.0.1.1",
                           "192.167.1.1",    "192.169.0.1",     "198.17.1.1",           "198.20.0.1",
                           "203.0.112.1",    "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1",
                           "2001:200::1",    "3ffe::1",         "::ffff:8.8.8.8",       "64:ff9b::808:808"}) {
    INFO(text);
    CHECK(is_public_text(text));
  }
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.0",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::2",
                           "::127.0.0.1",
                           "fc00::1",
                           "fd12::1",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "100::1",
                           "2001::1",
                           "2001:2::1",
                           "2001:10::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "3fff::1",
                           "64:ff9b:1::1",
                           "4000::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::7f00:1",
                           "64:ff9b::a00:1"}) {
    INFO(text);
    CHECK_FALSE(is_public_text(text));
  }
}

TEST_CASE("what is neither IPv4 nor IPv6 is not public") {
  sockaddr address{};
  address.sa_family = AF_UNIX;
  CHECK_FALSE(is_public(address));
  CHECK(to_text(address) == "?");
}

TEST_CASE("an address is read once, and normalised") {
  struct Case {
    std::string text;
    std::string url;
    std::string host;
    std::string port;
    bool is_literal;
  };
  const Case table[] = {
      {"https://Example.ORG/a?b#c", "https://example.org/a?b", "example.org", "443", false},
      {"https://example.org:8443", "https://example.org:8443/", "example.org", "8443", false},
      {"http://example.org/", "http://example.org/", "example.org", "80", false},
      {"https://0x7f.1/", "https://127.0.0.1/", "127.0.0.1", "443", true},
      {"https://2130706433/", "https://127.0.0.1/", "127.0.0.1", "443", true},
      {"https://[::1]:1/", "https://[::1]:1/", "::1", "1", true},
      {"https://[2001:DB8::A]/", "https://[2001:db8::a]/", "2001:db8::a", "443", true},
      {"https://[::ffff:A271]/", "https://[::ffff:a271]/", "::ffff:a271", "443", true},
      {"https://example.org/a/../b", "https://example.org/b", "example.org", "443", false},
      {"https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example", "443", false},
      {"https://a_b-1.example/", "https://a_b-1.example/", "a_b-1.example", "443", false},
      {"https://ex%61mple.org/", "https://example.org/", "example.org", "443", false},
  };
  for (const auto& [text, url, host, port, is_literal] : table) {
    INFO(text);
    const auto address = parse_address(text);
    REQUIRE(address);
    CHECK(address->url == url);
    CHECK(address->host == host);
    CHECK(address->port == port);
    CHECK(address->is_literal == is_literal);
  }
}

TEST_CASE("a host that git's libcurl would look for under another name is none") {
  const std::string other_script =
      "its host holds more than letters, digits, '.', '_' and '-'; other scripts are written as xn--";
  const std::string marks = "its host begins with '-' or '.', or ends with '.'";
  const std::pair<std::string, std::string> table[] = {
      {"https://\u24d4vil.test/x", other_script},
      {"https://b\u00fccher.example/x", other_script},
      {"https://\uff45vil.test/x", other_script},
      {"https://%e2%93%94vil.test/x", other_script},
      {"https://evil\u3002test/x", other_script},
      {"https://+evil.test/x", ""},
      {"https://a~b.test/x", other_script},
      {"https://-evil.test/x", marks},
      {"https://.evil.test/x", marks},
      {"https://evil.test./x", marks},
      {"https://127.0.0.1./x", marks},
  };
  for (const auto& [text, why] : table) {
    INFO(text);
    const auto address = parse_address(text);
    REQUIRE_FALSE(address);
    CHECK(address.error().code() == ErrorCode::invalid_argument);
    CHECK(address.error().message() == quoted(text) + " is no address to fetch from");
    if (!why.empty()) CHECK(address.error().why() == why);  // else libcurl's own, if it refuses first
  }
}

TEST_CASE("what is no address is shown without its secrets, however it is spelt") {
  const std::pair<std::string, std::string> table[] = {
      {"https://user:S3CRET@example.org/x", "https://***@example.org/x"},
      {"https:/user:S3CRET@example.org/x", "https:/***@example.org/x"},
      {"https:user:S3CRET@example.org/x", "https:***@example.org/x"},
      {"user:S3CRET@example.org/x?S3CRET", "user:***@example.org/x?***"},
      {"https://-x.example/?token=S3CRET", "https://-x.example/?***"},
      {"https://user:S3/CRET@example.org/x", "https://***@example.org/x"},
      {"x?token=S3CRET", "x?token=S3CRET"},
  };
  for (const auto& [text, shown] : table) {
    INFO(text);
    const auto address = parse_address(text);
    REQUIRE_FALSE(address);
    CHECK(address.error().message() == quoted(shown) + " is no address to fetch from");
  }
}

TEST_CASE("allowed hosts are exact but for case") {
  const Address address = parse_address("https://build.example:8443/x").value();
  const Address literal = parse_address("https://[fd00::1]/x").value();
  for (const char* allowed : {"build.example", "build.example:8443", "BUILD.example"})
    CHECK(is_allowed_host(address, {"other", allowed}));
  for (const char* other :
       {"", "example", "*.example", "build.example:443", "xbuild.example", "build.example.", "build.example:"})
    CHECK_FALSE(is_allowed_host(address, {other}));
  CHECK(is_allowed_host(literal, {"[fd00::1]"}));
  CHECK(is_allowed_host(literal, {"[fd00::1]:443"}));
  CHECK_FALSE(is_allowed_host(literal, {"fd00::1"}));
}
