#include "toggle_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/text.h"
#include "document_check.h"

namespace cowork {
namespace {

using Flags = std::map<std::string, bool, std::less<>>;

constexpr std::string_view default_member = "userPacksDefaultOn";

Result<Flags> read_flags(const json::Document& document, const json::Value& value, const std::string& pointer) {
  const json::Object* members = value.as_object();
  if (!members) return unexpected_value(document, value, pointer, "an object");
  Flags flags;
  for (const json::Member& member : *members) {
    const bool* flag = member.value.as_bool();
    if (!flag) return unexpected_value(document, member.value, pointer + json::pointer_step(member.key), "a boolean");
    flags.insert_or_assign(member.key, *flag);
  }
  return flags;
}

Result<void> read_skills(const json::Document& document, const json::Value& value, Toggles& into) {
  const json::Object* packs = value.as_object();
  if (!packs) return unexpected_value(document, value, "/skills", "an object");
  for (const json::Member& pack : *packs) {
    COWORK_ASSIGN(into.skills[pack.key], read_flags(document, pack.value, "/skills" + json::pointer_step(pack.key)));
  }
  return {};
}

Result<void> read_member(const json::Document& document, const json::Member& member, Toggles& into) {
  const json::Value& value = member.value;
  if (member.key == "packs") {
    COWORK_ASSIGN(into.packs, read_flags(document, value, "/packs"));
  } else if (member.key == "skills") {
    return read_skills(document, value, into);
  } else if (member.key == "updatedAt") {
    if (!value.as_int64()) return unexpected_value(document, value, "/updatedAt", "an integer");
  } else if (member.key == default_member) {
    const bool* flag = value.as_bool();
    if (!flag) return unexpected_value(document, value, json::pointer_step(member.key), "a boolean");
    into.user_packs_default_on = *flag;
  } else {
    // Passing over a misspelt "packs", or a `false` that strayed here from the flat form, would switch packs on.
    return refused_value(
        document, value, json::pointer_step(member.key),
        fmt::format("unknown member {}; known are updatedAt, packs, skills, {}", quoted(member.key), default_member));
  }
  return {};
}

json::Value flags_value(const Flags& flags) {
  json::Object members;
  members.reserve(flags.size());
  for (const auto& [name, flag] : flags) members.push_back({name, flag});
  return members;
}

}  // namespace

Result<Toggles> read_toggles(const json::Document& document) {
  const json::Object* members = document.root.as_object();
  if (!members) return unexpected_value(document, document.root, "", "an object");
  Toggles toggles;
  const bool flat = std::all_of(members->begin(), members->end(),
                                [](const json::Member& member) { return member.value.as_bool() != nullptr; });
  if (flat) {
    COWORK_ASSIGN(toggles.packs, read_flags(document, document.root, ""));
    return toggles;
  }
  for (const json::Member& member : *members) COWORK_TRY(read_member(document, member, toggles));
  return toggles;
}

std::string toggle_text(const Toggles& toggles, std::int64_t updated_at_ms) {
  json::Object skills;
  for (const auto& [pack, flags] : toggles.skills) {
    if (!flags.empty()) skills.push_back({pack, flags_value(flags)});
  }
  json::Value document = json::Value::object({{"updatedAt", updated_at_ms}});
  document.set("packs", flags_value(toggles.packs));
  document.set("skills", std::move(skills));
  if (!toggles.user_packs_default_on) document.set(default_member, false);
  return json::to_pretty_text(document);
}

}  // namespace cowork
