// How core's operations are registered: what the tables of core_operations.cc and host_operations.cc are made of.
// Private to core/host.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cowork/operation/parameters.h"
#include "handlers.h"
#include "json/operation_descriptions.h"

namespace cowork::registration {

using json::Value;
using Operations = std::vector<std::unique_ptr<RegisteredOperation>>;

template <Operation Op>
using CoreHandler = Result<typename Op::Reply> (*)(HostImpl&, Admitted<Op>&);

/// Core's handlers take the host they were written for; every HostCore is a HostImpl.
template <Operation Op>
Handler<Op> for_core(CoreHandler<Op> handler) {
  return [handler](HostCore& core, Admitted<Op>& admitted) { return handler(static_cast<HostImpl&>(core), admitted); };
}

template <Operation Op>
void add(Operations& operations, CoreHandler<Op> handler, std::function<Result<Op>(const Value&)> read,
         std::function<Value(const typename Op::Reply&)> write,
         std::function<void(const typename Op::Reply&, std::string&)> append = {}) {
  operations.push_back(std::make_unique<Registered<Op>>(
      for_core<Op>(handler),
      Codec<Op>{std::move(read), std::move(write), wire::description_of(Op::info.name), std::move(append)}));
}

/// A nested operation whose work is done by whoever runs it; the chain is the point.
template <Operation Op>
void add_nested(Operations& operations) {
  operations.push_back(std::make_unique<Registered<Op>>(
      [](HostCore&, Admitted<Op>&) -> Result<typename Op::Reply> { return typename Op::Reply{}; }, Codec<Op>{}));
}

/// Reads an operation without parameters.
template <Operation Op>
Result<Op> no_parameters(const Value& params) {
  Parameters reader(params, {});
  COWORK_TRY(reader.finish());
  return Op{};
}

/// Reads an operation of one required string.
template <Operation Op>
std::function<Result<Op>(const Value&)> one_string(std::string_view name) {
  return [name](const Value& params) -> Result<Op> {
    Parameters reader(params, {name});
    Op request{reader.string(name)};
    COWORK_TRY(reader.finish());
    return request;
  };
}

/// host:*, and the registry's.
void add_host_operations(Operations& operations);
void add_registry_operations(Operations& operations);

}  // namespace cowork::registration
