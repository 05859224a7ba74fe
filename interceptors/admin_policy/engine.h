// What the operations of the admin policy share.
#pragma once

#include <memory>

#include "lease_file.h"
#include "policy_interceptor.h"
#include "policy_store.h"

namespace cowork::admin_policy {

struct Engine {
  explicit Engine(const Options& options)
      : disk(options.disk),
        clock(options.clock),
        store(std::make_shared<PolicyStore>(options)),
        interceptor(std::make_shared<PolicyInterceptor>(store)),
        leases(options.disk, options.home) {}

  std::shared_ptr<Disk> disk;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<PolicyStore> store;
  std::shared_ptr<PolicyInterceptor> interceptor;
  LeaseFile leases;
};

using SharedEngine = std::shared_ptr<Engine>;

}  // namespace cowork::admin_policy
