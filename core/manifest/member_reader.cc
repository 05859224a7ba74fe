#include "member_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cowork/base/text.h"

namespace cowork::manifest {
namespace {

// A hostile manifest may hold a hundred thousand unknown fields; nobody reads that many remarks.
constexpr std::size_t most_remarks = 100;

bool is_line_end(std::string_view text, std::size_t at) {
  return text[at] == '\n' || (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n');
}

/// `text` is valid UTF-8, so that C1 is C2 followed by 80 to 9F.
bool has_control_character(std::string_view text, Text rule) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == 0x7F) return true;
    if (byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
    if (byte >= 0x20) continue;
    if (rule != Text::paragraphs || !(byte == '\t' || is_line_end(text, at))) return true;
  }
  return false;
}

/// Known without a look at the text.
bool is_surely_clean(json::StringForm form, Text rule) {
  return form == json::StringForm::plain || (form == json::StringForm::tame && rule == Text::paragraphs);
}

/// The rule that a path broke which does not stay inside its pack.
std::string_view path_rule(std::string_view path) {
  if (path.starts_with('/')) return "be relative";
  if (path.find('\\') != std::string_view::npos) return "be separated by \"/\", not by a backslash";
  if (fmt::format("/{}/", path).find("/../") != std::string::npos) return "stay inside the pack";
  return "have no empty step and no \".\" step";
}

}  // namespace

std::string Node::pointer() const {
  if (!parent_) return {};
  return parent_->pointer() + (is_item_ ? fmt::format("/{}", index_) : json::pointer_step(key_));
}

tl::unexpected<Error> Reader::refuse(const Node& node, std::string message) const {
  return fail(Error::invalid_manifest(std::move(message), place(node)));
}

tl::unexpected<Error> Reader::expected(const Node& node, std::string_view what) const {
  return refuse(node, fmt::format("expected {}, found {}", what, json::describe(node.value().kind())));
}

tl::unexpected<Error> Reader::missing(const Node& object, std::string_view member) const {
  return refuse(object, fmt::format("missing member \"{}\"", member));
}

Result<std::string_view> Reader::text(const Node& node, Text rule) const {
  const auto text = node.value().as_string();
  if (!text) return expected(node, "a string");
  if (rule == Text::name && text->empty()) return refuse(node, fmt::format("{} must not be empty", node.name()));
  if (!is_surely_clean(node.value().form(), rule) && has_control_character(*text, rule)) {
    const std::string_view but = rule == Text::paragraphs ? " but tabs and line ends" : "";
    return refuse(node, fmt::format("{} must hold no control characters{}, found {}", node.name(), but, quoted(*text)));
  }
  return *text;
}

Result<bool> Reader::flag(const Node& node) const {
  const auto flag = node.value().as_bool();
  if (!flag) return expected(node, "a boolean");
  return *flag;
}

Result<std::string_view> Reader::long_text(const Node& node) const {
  const json::Element value = node.value();
  const bool only_checked = long_text_ == LongText::checked;
  if (only_checked && value.is_string() && is_surely_clean(value.form(), Text::paragraphs)) return std::string_view();
  COWORK_ASSIGN(const std::string_view text, this->text(node, Text::paragraphs));
  return only_checked ? std::string_view() : text;
}

Result<json::Element> Reader::object(const Node& node) const {
  if (!node.value().is_object()) return expected(node, "an object");
  return node.value();
}

Result<json::Element> Reader::array(const Node& node) const {
  if (!node.value().is_array()) return expected(node, "an array");
  return node.value();
}

Result<std::string_view> Reader::path(const Node& node) const {
  COWORK_ASSIGN(const std::string_view path, text(node, Text::name));
  if (is_path_inside_pack(path)) return path;
  return refuse(node, fmt::format("{} must {}, found {}", node.name(), path_rule(path), quoted(path)));
}

Result<std::size_t> Reader::one_of(const Node& node, std::string_view what,
                                   const std::vector<std::string_view>& names) const {
  const auto text = node.value().as_string();
  if (!text) return expected(node, "a string");
  const auto found = std::find(names.begin(), names.end(), *text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  return refuse(node, fmt::format("{} must be one of {}; found {}", what, fmt::join(names, ", "), quoted(*text)));
}

bool Reader::has_remarked_enough() const noexcept {
  return remarks_.size() > most_remarks;
}

void Reader::remark(std::string code, std::string message, SourcePlace place) {
  if (has_remarked_enough()) return;
  if (remarks_.size() == most_remarks)
    message = fmt::format("more than {} remarks; the rest is left out", most_remarks);
  remarks_.push_back({std::move(code), std::move(message), std::move(place)});
}

void Reader::unknown_field(const Node& object, const json::TapeMember& member, const std::vector<std::string>& known) {
  if (has_remarked_enough()) return;
  const std::string_view key = *member.key.as_string();
  std::string message = fmt::format("unknown field {}", quoted(key));
  const std::vector<std::string> near = nearest(key, known);
  if (!near.empty()) message += fmt::format("; did you mean \"{}\"?", near.front());
  const Node node(member.value, object, key);
  remark("unknown-field", std::move(message), document_.place(member.key.offset(), node.pointer()));
}

}  // namespace cowork::manifest
