// The operations about the host itself and about the registry.
#include "json/pack_json.h"
#include "registration.h"

namespace cowork::registration {
namespace {

Result<TraceCalls> read_trace(const Value& params) {
  Parameters outer(params, {"options"});
  const Value* options = outer.optional_object("options");
  COWORK_TRY(outer.finish());
  TraceCalls request;
  if (!options) return request;
  Parameters reader(*options, {"enabled", "operation"});
  if (options->find("enabled")) request.enabled = reader.boolean("enabled");
  request.operation = reader.optional_string("operation");
  COWORK_TRY(reader.finish());
  return request;
}

}  // namespace

void add_host_operations(Operations& operations) {
  add<DescribeChain>(
      operations, handlers::describe_chain,
      [](const Value& params) -> Result<DescribeChain> {
        Parameters reader(params, {"operation"});
        DescribeChain request{reader.optional_string("operation")};
        COWORK_TRY(reader.finish());
        return request;
      },
      [](const DescribeChain::Reply& reply) { return wire::to_json(reply); });
  add<DescribeOperations>(operations, handlers::describe_operations, no_parameters<DescribeOperations>,
                          [](const DescribeOperations::Reply& reply) { return wire::to_json(reply); });
  add<TraceCalls>(operations, handlers::trace_calls, read_trace,
                  [](const TraceCalls::Reply& reply) { return wire::to_json(reply); });
  add<GetStatus>(operations, handlers::get_status, no_parameters<GetStatus>,
                 [](const GetStatus::Reply& reply) { return wire::to_json(reply); });
  add<Rescan>(operations, handlers::rescan, no_parameters<Rescan>,
              [](const Rescan::Reply& reply) { return wire::to_json(reply); });
}

namespace {

Result<SearchRegistry> read_search(const Value& params) {
  Parameters outer(params, {"query", "options"});
  SearchRegistry request;
  request.query = outer.string("query");
  const Value* options = outer.optional_object("options");
  COWORK_TRY(outer.finish());
  if (!options) return request;
  Parameters reader(*options, {"page", "pageSize", "category"});
  request.page = reader.optional_integer("page").value_or(1);
  request.page_size = reader.optional_integer("pageSize").value_or(SearchRegistry::default_page_size);
  request.category = reader.optional_string("category");
  COWORK_TRY(reader.finish());
  return request;
}

}  // namespace

void add_registry_operations(Operations& operations) {
  add<SearchRegistry>(operations, handlers::search_registry, read_search,
                      [](const SearchRegistry::Reply& reply) { return wire::to_json(reply); });
  add<GetRegistryDetails>(
      operations, handlers::get_registry_details, one_string<GetRegistryDetails>("packId"),
      [](const GetRegistryDetails::Reply& entry) { return entry ? wire::to_json(*entry) : Value(); });
  add<GetRegistryCategories>(operations, handlers::get_registry_categories, no_parameters<GetRegistryCategories>,
                             [](const GetRegistryCategories::Reply& reply) { return Value::strings(reply); });
  add<CheckUpdates>(operations, handlers::check_updates, no_parameters<CheckUpdates>,
                    [](const CheckUpdates::Reply& reply) { return wire::list_of(reply); });
}

}  // namespace cowork::registration
