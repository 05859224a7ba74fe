// How packs and their parts look in JSON (SPEC §7). Private to core/host.
#pragma once

#include "cowork/base/json.h"
#include "cowork/host/host_operations.h"
#include "cowork/operation/pack_operations.h"
#include "cowork/operation/quarantine_operations.h"
#include "cowork/operation/registry_operations.h"

namespace cowork::wire {

json::Value to_json(const Pack& pack);
json::Value to_json(const Skill& skill);
json::Value to_json(const SlashCommand& command);
json::Value to_json(const AgentRole& role);
json::Value to_json(const Diagnostic& diagnostic);
json::Value to_json(const InstallReply& reply);
json::Value to_json(const UpdatePack::Reply& reply);
json::Value to_json(const VerifyPacks::Entry& entry);
json::Value to_json(const VerifyPacks::Reply& reply);
json::Value to_json(const ListQuarantine::Entry& entry);
json::Value to_json(const ToolSummary& tool);
json::Value to_json(const GetContext::ConnectorEntry& entry);
json::Value to_json(const GetContext::SkillEntry& entry);
json::Value to_json(const GetContext::Reply& reply);
json::Value to_json(const TierStatus& tier);
json::Value to_json(const GetStatus::Counts& counts);
json::Value to_json(const GetStatus::Reply& reply);
json::Value to_json(const Rescan::Reply& reply);
json::Value to_json(const DescribeChain::Reply& reply);
json::Value to_json(const DescribeOperations::Reply& reply);
json::Value to_json(const TraceCalls::Reply& reply);
json::Value to_json(const RegistryEntry& entry);
json::Value to_json(const SearchRegistry::Reply& reply);
json::Value to_json(const CheckUpdates::Update& update);

/// Append the compact text of to_json().
void append_text(const Pack& pack, std::string& text);
void append_text(const PackList& packs, std::string& text);

/// An array of whatever to_json makes of each element.
template <class Range>
json::Value list_of(const Range& range) {
  json::Value list = json::Value::array();
  for (const auto& element : range) list.push_back(to_json(element));
  return list;
}

/// Sets `key` unless `text` is empty.
void set_text(json::Value& object, std::string_view key, std::string_view text);

}  // namespace cowork::wire
