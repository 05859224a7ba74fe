// A host of generated packs under an admin policy, all in memory.
#pragma once

#include <memory>
#include <string>

#include "cowork/admin_policy/admin_policy.h"
#include "cowork/ports/memory_disk.h"
#include "generated_packs.h"

namespace cowork::bench {

inline constexpr std::size_t many = 10'000;

/// `policy` is what policies.json holds; empty: none.
inline PluginHost start_bench_host(const std::string& policy) {
  HostOptions options;
  options.home = "/home/u";
  const auto disk = std::make_shared<MemoryDisk>();
  if (!policy.empty()) disk->plant_file("/home/u/policies.json", policy);
  options.disk = disk;
  options.clock = make_real_clock();
  const auto admin = admin_policy::AdminPolicy::make({disk, options.clock, options.home, {}});
  HostBuilder builder(options);
  builder.tiers([] {
           return std::vector<TierRoot>{{Scope::builtin, "/packs", true}};
         })
      .pack_source(make_generated_source(many))
      .use(admin->interceptor(), Phase::policy, "host");
  admin->register_operations(builder);
  return std::move(builder.start().value());
}

}  // namespace cowork::bench
