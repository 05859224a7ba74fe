#include "catalog_document.h"
#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"

namespace cowork::loaders {
namespace {

/// Reads members and notes the first that can't be used.
class EntryReader {
 public:
  EntryReader(const json::Document& document, const json::Value& value, const std::string& pointer)
      : document_(document), value_(value), pointer_(pointer) {}

  std::string required(std::string_view member) {
    if (!value_.find(member)) note("it has no member " + quoted(member), value_, pointer_);
    return text(member);
  }

  std::string text(std::string_view member) {
    const json::Value* found = value_.find(member);
    if (!found) return {};
    const std::string* read = found->as_string();
    if (!read) wrong(*found, member, "a string");
    return read ? *read : std::string();
  }

  /// A string that `is_right`, or what it has to be.
  std::string text(std::string_view member, bool (*is_right)(std::string_view), std::string_view rule) {
    std::string read = required(member);
    if (!fault_ && !is_right(read)) wrong_text(member, std::string(rule) + ", found " + quoted(read));
    return read;
  }

  /// An address that an install would take.
  template <class Install>
  std::string address(std::string_view member) {
    std::string read = text(member);
    if (fault_ || !value_.find(member)) return read;
    if (const auto valid = Install{read, {}}.validate(); !valid)
      wrong_text(member, std::string(member) + valid.error().message().substr(std::string_view("url").size()));
    return read;
  }

  std::string sha256(std::string_view member) {
    std::string read = text(member);
    const bool hex = read.size() == 64 && read.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!fault_ && value_.find(member) && !hex)
      wrong_text(member, "sha256 must be 64 lower-case hexadecimal digits, found " + quoted(read));
    return read;
  }

  std::vector<std::string> texts(std::string_view member) {
    std::vector<std::string> read;
    const json::Value* found = value_.find(member);
    if (!found) return read;
    const json::Array* items = found->as_array();
    if (!items) wrong(*found, member, "an array of strings");
    for (std::size_t i = 0; items && i < items->size(); ++i) {
      const json::Value& item = (*items)[i];
      if (item.is_string())
        read.push_back(*item.as_string());
      else
        wrong(item, std::string(member) + "/" + std::to_string(i), "a string");
    }
    return read;
  }

  std::optional<std::uint64_t> count(std::string_view member) {
    const json::Value* found = value_.find(member);
    if (!found) return std::nullopt;
    const auto number = found->as_int64();
    if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
    wrong(*found, member, "an integer of at least 0");
    return std::nullopt;
  }

  std::optional<Diagnostic> take_fault() { return std::move(fault_); }

 private:
  void wrong(const json::Value& value, std::string_view member, std::string_view expected) {
    const std::string found = value.number_lexeme() ? *value.number_lexeme() : std::string(describe(value.kind()));
    note("expected " + std::string(expected) + ", found " + found, value, pointer_ + "/" + std::string(member));
  }
  void wrong_text(std::string_view member, std::string fault) {
    note(std::move(fault), *value_.find(member), pointer_ + "/" + std::string(member));
  }
  void note(std::string fault, const json::Value& value, std::string pointer) {
    if (!fault_) fault_ = left_out_entry(std::move(fault), document_.place(value, std::move(pointer)));
  }

  const json::Document& document_;
  const json::Value& value_;
  const std::string& pointer_;
  std::optional<Diagnostic> fault_;
};

constexpr std::string_view name_rule = "it must match ^[a-z0-9][a-z0-9_-]{0,127}$";

bool is_name(std::string_view text) {
  return is_pack_name(text);
}
bool is_version(std::string_view text) {
  return is_semantic_version(text);
}

}  // namespace

std::variant<RegistryEntry, Diagnostic> read_entry(const json::Document& document, const json::Value& value,
                                                   const std::string& pointer) {
  if (!value.is_object())
    return left_out_entry("expected an object, found " + std::string(describe(value.kind())),
                          document.place(value, pointer));
  EntryReader reader(document, value, pointer);
  RegistryEntry entry;
  entry.id = reader.text("id", is_name, name_rule);
  entry.name = reader.text("name", is_name, name_rule);
  entry.display_name = reader.required("displayName");
  entry.description = reader.required("description");
  entry.version = reader.text("version", is_version, "it must be a version of SemVer 2.0.0");
  entry.author = reader.required("author");
  entry.icon = reader.text("icon");
  entry.category = reader.text("category");
  entry.tags = reader.texts("tags");
  entry.git_url = reader.address<InstallPackFromGit>("gitUrl");
  entry.download_url = reader.address<InstallPackFromUrl>("downloadUrl");
  entry.sha256 = reader.sha256("sha256");
  entry.skill_count = reader.count("skillCount");
  entry.agent_count = reader.count("agentCount");
  if (auto fault = reader.take_fault()) return std::move(*fault);
  return entry;
}

}  // namespace cowork::loaders
