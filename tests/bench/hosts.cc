#include "hosts.h"

#include "cowork/assembly/standard_host.h"
#include "scratch.h"

namespace cowork::bench {

std::shared_ptr<PluginHost> standard_host(const std::string& tier) {
  StandardHostOptions options;
  options.home = new_directory("home");
  options.builtin_directory = tier;
  options.machine_policy_path.clear();
  options.machine_settings_path.clear();
  options.watch = false;
  return std::make_shared<PluginHost>(value_of(start_standard_host(options)));
}

}  // namespace cowork::bench
