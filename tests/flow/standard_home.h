// A standard host over a throw-away home, for tests that talk C++ to it.
#pragma once

#include <functional>

#include "cowork/assembly/standard_host.h"
#include "four_packs.h"

namespace cowork::test {

/// The packs of FourPacks, which the command line sees too. Its hosts have no machine layer.
class StandardHome : public FourPacks {
 public:
  StandardHostOptions options(bool watch = false) const {
    StandardHostOptions options;
    options.home = path("home");
    options.builtin_directory = path("builtin");
    options.machine_policy_path = path("no-machine/policies.json");
    options.machine_settings_path = path("no-machine/host.json");
    options.watch = watch;
    return options;
  }

  PluginHost start(const std::function<void(HostBuilder&)>& customize = {}, bool watch = false) const {
    Result<PluginHost> host = start_standard_host(options(watch), customize);
    if (!host) throw std::runtime_error("the host does not start: " + host.error().message());
    return std::move(*host);
  }
};

}  // namespace cowork::test
