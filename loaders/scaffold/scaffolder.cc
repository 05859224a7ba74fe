#include "cowork/loaders/scaffolder.h"

#include <fmt/format.h>

#include "cowork/base/text.h"
#include "kinds.h"

namespace cowork::loaders {
namespace {

struct Kind {
  std::string_view name;
  std::vector<FileToWrite> (*make)(const ScaffoldPack&);
};

constexpr Kind kinds[] = {{"declarative", &declarative_pack},
                          {"skill", &pack_with_skill_file},
                          {"native", &native_pack},
                          {"interceptor", &interceptor_pack}};

class KindScaffolder final : public PackScaffolder {
 public:
  Result<std::vector<FileToWrite>> files(const ScaffoldPack& options) const override {
    std::string known;
    for (const Kind& kind : kinds) {
      if (kind.name == options.kind) return kind.make(options);
      known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.name);
    }
    return fail(Error::invalid_argument(fmt::format("kind must be one of {}; found {}", known, quoted(options.kind))));
  }
};

std::string display_name(const ScaffoldPack& options) {
  return options.display_name.empty() ? options.name : options.display_name;
}

}  // namespace

json::Value manifest_head(const ScaffoldPack& options) {
  json::Value manifest = json::Value::object({{"name", options.name},
                                              {"displayName", display_name(options)},
                                              {"version", "0.1.0"},
                                              {"description", options.description},
                                              {"type", "pack"}});
  const auto set_unless_empty = [&](std::string_view member, const std::string& text) {
    if (!text.empty()) manifest.set(member, text);
  };
  set_unless_empty("author", options.author);
  set_unless_empty("icon", options.icon);
  set_unless_empty("category", options.category);
  set_unless_empty("personaTemplateId", options.persona_template_id);
  return manifest;
}

FileToWrite readme(const ScaffoldPack& options, std::string_view rest) {
  std::string text = fmt::format("# {}\n\n", printable(display_name(options)));
  if (!options.description.empty()) text += options.description + "\n\n";
  return {"README.md", text.append(rest)};
}

std::string with_name(std::string_view text, std::string_view name) {
  constexpr std::string_view place = "@NAME@";
  std::string made(text);
  for (std::size_t at = made.find(place); at != std::string::npos; at = made.find(place, at + name.size())) {
    made.replace(at, place.size(), name);
  }
  return made;
}

std::shared_ptr<PackScaffolder> make_pack_scaffolder() {
  return std::make_shared<KindScaffolder>();
}

}  // namespace cowork::loaders
