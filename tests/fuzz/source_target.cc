// What `pack install` is given: whatever becomes of it, git and libcurl are handed nothing but an https address of a
// plain host, nothing that could be an option or another protocol, and no message tells a password.
#include <algorithm>
#include <string>
#include <vector>

#include "address.h"
#include "address_rules.h"
#include "cowork/operation/install_operations.h"
#include "expectations.h"
#include "git_fetch.h"
#include "git_settings.h"
#include "install_source.h"
#include "request.h"
#include "targets.h"

namespace cowork::fuzz {
namespace {

using fetch::Address;

constexpr std::string_view secret = "hunter2hunter2";

bool has_control_or_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '\x7f'; });
}

/// The four numbers of an IPv4 address; empty for anything else.
std::vector<int> numbers_of(const std::string& host) {
  std::vector<int> numbers(1, 0);
  for (const char c : host) {
    if (c == '.')
      numbers.push_back(0);
    else if (c >= '0' && c <= '9')
      numbers.back() = numbers.back() * 10 + (c - '0');
    else
      return {};
  }
  return numbers;
}

/// The ranges that everybody knows: more are refused by the code under test.
bool is_known_private(const std::string& host) {
  if (host.find(':') != std::string::npos)
    return host == "::1" || host == "::" || host.starts_with("fe80:") || host.starts_with("fd") ||
           host.starts_with("fc") || host.starts_with("ff");
  const auto n = numbers_of(host);
  return n[0] == 0 || n[0] == 10 || n[0] == 127 || n[0] >= 224 || (n[0] == 169 && n[1] == 254) ||
         (n[0] == 192 && n[1] == 168) || (n[0] == 172 && n[1] >= 16 && n[1] < 32);
}

void expect_address(const Address& address) {
  expect(address.scheme == "https" || address.scheme == "http", "an address is of the web");
  expect(address.url.starts_with(address.scheme + "://"), "an address begins with its scheme");
  expect(!has_control_or_space(address.url) && address.url.find('\\') == std::string::npos, "an address is plain");
  const std::string_view rest = std::string_view(address.url).substr(address.scheme.size() + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  expect(authority.find('@') == std::string_view::npos, "an address names no user");
  expect(address.url.find('#') == std::string::npos, "an address has no fragment");
  expect(!address.host.empty() && address.host.front() != '-' && address.host.front() != '.', "a host is a host");
  expect(authority.find(address.host) != std::string_view::npos, "what is asked is what was checked");
  expect(!address.port.empty() && address.port.find_first_not_of("0123456789") == std::string::npos,
         "a port is a number");
  const bool ipv6 = address.host.find(':') != std::string::npos;
  if (address.is_literal && !ipv6) expect(numbers_of(address.host).size() == 4, "an IPv4 address has four numbers");
  if (!address.is_literal)
    expect(std::all_of(address.host.begin(), address.host.end(),
                       [](char c) {
                         return std::string_view("abcdefghijklmnopqrstuvwxyz0123456789._-").find(c) !=
                                std::string_view::npos;
                       }),
           "a name is of plain characters");
  const auto again = fetch::parse_address(address.url);
  expect(again && again->url == address.url && again->host == address.host && again->port == address.port,
         "an address means the same when it is read again");
}

/// What git would be started with.
void expect_git(const Address& address, const fetch::Request& request) {
  const auto arguments = fetch::fetch_arguments(address, request.what.ref);
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  expect(arguments.end() - end == 3, "behind the options are the address and what is fetched");
  expect(*(end + 1) == address.url && address.url.starts_with("https://"), "git is given an https address");
  expect((end + 2)->front() == '+' && (end + 2)->ends_with(":refs/cowork/fetched"), "git writes where it should");
  expect(std::count((end + 2)->begin(), (end + 2)->end(), ':') == 1, "what is fetched has one side each");
  const std::string& ref = request.what.ref;
  expect(ref.empty() || std::string_view("+-/").find(ref.front()) == std::string_view::npos, "a ref is no option");
  expect(ref.find("..") == std::string::npos && ref.find('*') == std::string::npos, "a ref is one ref");
  for (const std::string& argument : arguments) expect(!has_control_or_space(argument), "an argument is one word");
  const auto settings = fetch::git_settings(request, address, {"192.0.2.1"}, "token", "/empty");
  for (const auto& [key, value] : settings) {
    expect(!has_control_or_space(key), "a setting has a plain name");
    expect(value.find('\n') == std::string::npos && value.find('\0') == std::string::npos, "a setting is one line");
    expect(value.find("Bearer") == std::string::npos, "the token is for allowed hosts only");
  }
}

void check_address(std::string_view text, fetch::Request& request) {
  const auto address = fetch::parse_address(text);
  if (!address) {
    expect(address.error().code() == ErrorCode::invalid_argument, "what is no address is the caller's fault");
    return expect_readable(address.error().message());
  }
  expect_address(*address);
  if (!fetch::check_address(*address, request.what, request.settings)) return;
  expect(address->scheme == "https", "http is not asked without a hash");
  expect(!address->is_literal || !is_known_private(address->host), "no private address is asked");
  if (fetch::check_ref(request.what.ref)) expect_git(*address, request);
}

void expect_no_secret(std::string_view source) {
  if (source.find(secret) != std::string_view::npos) return;
  for (const char* scheme : {"https://", "git+https://", "ftp://", "https:/", "https:\\\\"}) {
    const std::string text = std::string(scheme) + "user:" + std::string(secret) + "@" + std::string(source);
    const auto classified = cli::classify_source(text);
    if (!classified)
      expect(classified.error().message().find(secret) == std::string::npos, "no message tells a password");
    const auto address = fetch::parse_address(text);
    expect(!address.has_value(), "an address with a password is none");
    expect(address.error().message().find(secret) == std::string::npos, "no message tells a password");
    expect(masked_address("https://user:" + std::string(secret) + "@host/x").find(secret) == std::string::npos,
           "a masked address tells no password");
  }
}

}  // namespace

void source_target(std::string_view input) {
  const std::size_t mark = std::min(input.find('\n'), input.size());
  const ExactBytes source(input.substr(0, mark));
  fetch::Request request;
  request.what.kind = FetchRequest::Kind::git;
  request.what.ref = input.substr(std::min(mark + 1, input.size()));
  check_address(source.view(), request);
  expect_no_secret(source.view());
  const auto classified = cli::classify_source(source.view());
  if (!classified) return expect_readable(classified.error().message());
  if (classified->operation == "pluginPack:install")
    return expect(classified->parameter == "path" && classified->value.starts_with('/'), "a path is absolute");
  expect(classified->parameter == "url", "an address is an address");
  expect(classified->operation == "pluginPack:installGit" || classified->operation == "pluginPack:installUrl",
         "there are three ways to install");
  check_address(classified->value, request);
}

}  // namespace cowork::fuzz
