#include "cowork/loaders/pack_description.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

using json::Value;

constexpr json::Limits description_limits{4U << 20U, 100'000};
constexpr std::size_t max_entries = 1'000;

class DescriptionReader {
 public:
  explicit DescriptionReader(std::string_view pack) : pack_(pack) {}

  Result<PackDescription> read(std::string_view text) const {
    auto document = json::parse(text, "<description>", description_limits, ErrorCode::internal);
    if (!document) {
      return fail(wrong("is not JSON: " + document.error().message()).with_why(document.error().why()));
    }
    if (!document->root.is_object()) return fail(wrong("is no object"));
    PackDescription description;
    COWORK_ASSIGN(const json::Array* const tools, entries(document->root, "tools"));
    for (const Value& tool : *tools) {
      COWORK_ASSIGN(NativeTool read, read_tool(tool));
      description.tools.push_back(std::move(read));
    }
    COWORK_ASSIGN(description.events, read_names(document->root, "events"));
    COWORK_ASSIGN(description.interceptors, read_names(document->root, "interceptors"));
    std::vector<std::string> names;
    for (const NativeTool& tool : description.tools) names.push_back(tool.name);
    COWORK_TRY(check_unique(names, "tools"));
    COWORK_TRY(check_unique(description.interceptors, "interceptors"));
    return description;
  }

 private:
  Error wrong(const std::string& what) const {
    return Error::internal(fmt::format("what pack {} says of itself {}", quoted(pack_), what));
  }

  Result<const json::Array*> entries(const Value& root, std::string_view member) const {
    static const json::Array none;
    const Value* found = root.find(member);
    if (found == nullptr) return &none;
    if (!found->is_array()) return fail(wrong(fmt::format("is wrong: {} must be an array", member)));
    if (found->as_array()->size() > max_entries) {
      return fail(wrong(fmt::format("is wrong: {} may have {} entries", member, max_entries)));
    }
    return found->as_array();
  }

  Result<NativeTool> read_tool(const Value& value) const {
    NativeTool tool;
    const Value* name = value.find("name");
    if (name == nullptr || name->as_string() == nullptr || !is_pack_name(*name->as_string())) {
      return fail(wrong("is wrong: a tool needs a name of a-z, 0-9, '-' and '_'"));
    }
    tool.name = *name->as_string();
    if (const Value* description = value.find("description")) {
      if (!description->is_string()) {
        return fail(wrong(fmt::format("is wrong: the description of tool {} must be a string", quoted(tool.name))));
      }
      tool.description = *description->as_string();
    }
    if (const Value* schema = value.find("inputSchema")) {
      if (!schema->is_object()) {
        return fail(wrong(fmt::format("is wrong: the inputSchema of tool {} must be an object", quoted(tool.name))));
      }
      tool.input_schema = *schema;
    }
    return tool;
  }

  Result<std::vector<std::string>> read_names(const Value& root, std::string_view member) const {
    std::vector<std::string> names;
    COWORK_ASSIGN(const json::Array* const values, entries(root, member));
    for (const Value& value : *values) {
      const std::string* name = value.as_string();
      if (name == nullptr || !is_pack_name(*name)) {
        return fail(wrong(fmt::format("is wrong: {} are names of a-z, 0-9, '-' and '_'", member)));
      }
      names.push_back(*name);
    }
    return names;
  }

  Result<void> check_unique(std::vector<std::string> names, std::string_view member) const {
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice == names.end()) return {};
    return fail(wrong(fmt::format("is wrong: {} has {} twice", member, quoted(*twice))));
  }

  std::string_view pack_;
};

}  // namespace

json::Value to_json(const PackDescription& description) {
  Value tools = Value::array();
  for (const NativeTool& tool : description.tools) {
    Value entry = Value::object({{"name", tool.name}, {"description", tool.description}});
    if (!tool.input_schema.is_null()) entry.set("inputSchema", tool.input_schema);
    tools.push_back(std::move(entry));
  }
  return Value::object({{"tools", std::move(tools)},
                        {"events", Value::strings(description.events)},
                        {"interceptors", Value::strings(description.interceptors)}});
}

Result<PackDescription> parse_pack_description(std::string_view text, std::string_view pack) {
  return DescriptionReader(pack).read(text);
}

}  // namespace cowork::loaders
