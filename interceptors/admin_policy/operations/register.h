// Each operation of the admin policy adds itself: handler and JSON, one file an operation.
#pragma once

#include "cowork/base/json.h"
#include "cowork/host/host_builder.h"
#include "cowork/operation/parameters.h"
#include "engine.h"

namespace cowork::admin_policy {

void register_get_policies(HostBuilder& builder, const SharedEngine& engine);
void register_update_policies(HostBuilder& builder, const SharedEngine& engine);
void register_check_pack(HostBuilder& builder, const SharedEngine& engine);
void register_policies_status(HostBuilder& builder, const SharedEngine& engine);
void register_explain(HostBuilder& builder);
void register_simulate(HostBuilder& builder, const SharedEngine& engine);
void register_agents(HostBuilder& builder, const SharedEngine& engine);
void register_use_connector(HostBuilder& builder);

}  // namespace cowork::admin_policy
