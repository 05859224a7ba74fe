#include <fmt/format.h>

#include "kinds.h"

namespace cowork::loaders {
namespace {

json::Value example_skill(const std::string& id) {
  json::Value topic = json::Value::object(
      {{"name", "topic"}, {"type", "string"}, {"description", "What the summary is about"}, {"required", true}});
  return json::Value::object({{"id", id},
                              {"name", "Summarize a topic"},
                              {"description", "Sums a topic up for somebody who has five minutes"},
                              {"icon", "📝"},
                              {"prompt",
                               "Sum up {{topic}} for somebody who has five minutes.\n\n"
                               "1. Say in one sentence what it is about.\n"
                               "2. Give the three facts that matter most, each with where it comes from.\n"
                               "3. Name what is still open, and who could answer it.\n\n"
                               "Do not guess: say so where something is missing."},
                              {"parameters", json::Value::array({std::move(topic)})}});
}

json::Value example_command(const std::string& name, const std::string& skill_id) {
  return json::Value::object({{"name", name}, {"description", "Sum a topic up"}, {"skillId", skill_id}});
}

json::Value example_role(const ScaffoldPack& options, const std::string& display_name) {
  return json::Value::object({{"name", options.name + "-assistant"},
                              {"displayName", display_name + " Assistant"},
                              {"description", "Works with the skills of this pack"},
                              {"icon", "🧭"},
                              {"color", "#4f46e5"},
                              {"capabilities", json::Value::array({"research", "write"})},
                              {"systemPrompt",
                               "You help with what this pack is for. Ask when the task is unclear, name your sources, "
                               "and keep answers short."}});
}

constexpr std::string_view explanation = R"(## What is in it
- `cowork.plugin.json` describes the pack. Change it with any editor.
- `skills` holds prompts; `{{topic}}` is filled in when the skill is used, from `parameters`.
- `slashCommands` gives a skill a short name; `agentRoles` describes who works with it.

## Next steps
```
cowork pack validate .
cowork pack info @NAME@
cowork skill show @NAME@-summary
```
)";

}  // namespace

std::vector<FileToWrite> declarative_pack(const ScaffoldPack& options) {
  const std::string skill_id = options.name + "-summary";
  json::Value manifest = manifest_head(options);
  const std::string display_name = *manifest.find("displayName")->as_string();
  manifest.set("tryAsking", json::Value::array({"Sum up what changed in our project this week"}));
  manifest.set("skills", json::Value::array({example_skill(skill_id)}));
  manifest.set("slashCommands", json::Value::array({example_command(skill_id, skill_id)}));
  manifest.set("agentRoles", json::Value::array({example_role(options, display_name)}));
  return {{std::string(manifest_file_name), json::to_pretty_text(manifest)},
          readme(options, with_name(explanation, options.name))};
}

}  // namespace cowork::loaders
