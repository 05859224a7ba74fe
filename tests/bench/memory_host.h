// Hosts that are all in memory, and catalogs without a host.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "cowork/host/host_builder.h"

namespace cowork::bench {

/// The value of `result`; throws its error's message.
template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message() + ": " + result.error().why());
  return std::move(*result);
}

/// What a source that remembers nothing finds in one directory of builtin packs.
std::shared_ptr<const Catalog> discovered(PackSource& source, const std::string& tier);

/// The standard chain without the audit trail: `packs` small packs under a policy that is `policy` (empty: none).
std::shared_ptr<PluginHost> memory_host(std::size_t packs, const std::string& policy);

/// A policy with `ids` ids in each of two lists: all are allowed but each tenth, which is blocked; the rest of the
/// blocked ones are packs that are not there. Two `variant`s differ in one id.
std::string policy_text(std::size_t ids, int variant = 0);

/// An operation that does nothing.
struct Nothing {
  struct Reply {
    int value = 0;
  };
  static constexpr OperationInfo info{.name = "bench:nothing"};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

/// Runs Nothing through interceptors that do nothing either. `is_meant`: whether they apply to it.
std::shared_ptr<PluginHost> idle_host(std::size_t interceptors, bool is_meant);

}  // namespace cowork::bench
