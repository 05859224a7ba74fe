#include "pack_json.h"

namespace cowork::wire {

using json::Value;

Value to_json(const RegistryEntry& entry) {
  Value value = Value::object({{"id", entry.id},
                               {"name", entry.name},
                               {"displayName", entry.display_name},
                               {"description", entry.description},
                               {"version", entry.version},
                               {"author", entry.author}});
  set_text(value, "icon", entry.icon);
  set_text(value, "category", entry.category);
  if (!entry.tags.empty()) value.set("tags", Value::strings(entry.tags));
  set_text(value, "gitUrl", entry.git_url);
  set_text(value, "downloadUrl", entry.download_url);
  set_text(value, "sha256", entry.sha256);
  if (entry.skill_count) value.set("skillCount", *entry.skill_count);
  if (entry.agent_count) value.set("agentCount", *entry.agent_count);
  return value;
}

Value to_json(const SearchRegistry::Reply& reply) {
  return Value::object({{"query", reply.query},
                        {"total", static_cast<std::uint64_t>(reply.total)},
                        {"page", reply.page},
                        {"pageSize", reply.page_size},
                        {"results", list_of(reply.results)}});
}

Value to_json(const CheckUpdates::Update& update) {
  return Value::object(
      {{"name", update.name}, {"currentVersion", update.current_version}, {"latestVersion", update.latest_version}});
}

}  // namespace cowork::wire
