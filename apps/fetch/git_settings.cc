#include "git_settings.h"

#include <fmt/format.h>

#include "address_rules.h"

namespace cowork::fetch {
namespace {

/// `host:port:address,address…`: libcurl asks nobody else.
std::string pinned(const Address& address, const std::vector<std::string>& machines) {
  std::string all;
  for (const std::string& machine : machines) {
    const bool ipv6 = machine.find(':') != std::string::npos;
    all += fmt::format("{}{}{}{}", all.empty() ? "" : ",", ipv6 ? "[" : "", machine, ipv6 ? "]" : "");
  }
  return fmt::format("{}:{}:{}", address.host, address.port, all);
}

}  // namespace

GitSettings git_settings(const Request& request, const Address& address, const std::vector<std::string>& machines,
                         const std::string& token, const std::string& empty_directory) {
  const auto stall_s = std::chrono::ceil<std::chrono::seconds>(request.limits.stall).count();
  GitSettings settings{
      {"core.hooksPath", "/dev/null"},
      {"core.fsmonitor", "false"},
      {"core.symlinks", "false"},
      {"core.askPass", ""},
      {"core.bigFileThreshold", "16m"},
      {"credential.helper", ""},
      {"protocol.allow", "never"},
      {"protocol.https.allow", "always"},
      {"protocol.version", "2"},
      {"http.followRedirects", "false"},
      {"http.proxy", request.settings.proxy},
      {"http.sslVerify", "true"},
      {"http.saveCookies", "false"},
      {"http.lowSpeedLimit", "1"},
      {"http.lowSpeedTime", std::to_string(stall_s)},
      {"transfer.fsckObjects", "true"},
      {"fetch.fsckObjects", "true"},
      {"transfer.bundleURI", "false"},
      {"fetch.recurseSubmodules", "false"},
      {"submodule.recurse", "false"},
      // Always one pack, whose size the limit of a file's size bounds.
      {"fetch.unpackLimit", "1"},
      {"pack.threads", "1"},
      {"gc.auto", "0"},
      {"maintenance.auto", "false"},
      {"init.defaultBranch", "unused"},
  };
  if (!request.settings.ca_file.empty()) {
    settings.emplace_back("http.sslCAInfo", request.settings.ca_file);
    settings.emplace_back("http.sslCAPath", empty_directory);
  }
  if (!machines.empty() && !address.is_literal) settings.emplace_back("http.curloptResolve", pinned(address, machines));
  if (!token.empty() && is_allowed_host(address, request.settings.allow_hosts))
    settings.emplace_back(fmt::format("http.{}.extraHeader", address.url), "Authorization: Bearer " + token);
  return settings;
}

}  // namespace cowork::fetch
