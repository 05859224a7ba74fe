#include "front_matter.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <sstream>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

/// Thrown through yaml-cpp's parser, which knows no other way to stop.
struct Refusal {
  int line;  // from 0, within the front matter
  std::string message;
};

/// What YAML takes for a number, so that a reader of the file is not told "a string" where its author sees none.
bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const bool begins_so = text.find_first_of("0123456789") == (text.starts_with('.') ? 1U : 0U);
  double value = 0;
  return begins_so && std::from_chars(text.data(), text.data() + text.size(), value).ptr == text.data() + text.size();
}

bool is_boolean(std::string_view text) {
  return text == "true" || text == "True" || text == "TRUE" || text == "false" || text == "False" || text == "FALSE";
}

/// `tag` is "!" of quoted and block scalars, "?" of plain ones, else what stands there.
bool is_string(std::string_view tag, std::string_view value) {
  if (tag == "!" || tag == "tag:yaml.org,2002:str") return true;
  return (tag == "?" || tag.empty()) && !is_number(value) && !is_boolean(value);
}

/// Takes the events of one document as they come: no tree is built, so nothing can be multiplied.
class Handler final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw Refusal{mark.line, "the front matter must be one YAML document"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    if (depth_ == 0) return;  // nothing but comments: name and description are missing
    if (is_key()) throw Refusal{mark.line, "a key of the front matter must be a string"};
    // The mark of nothing is where the next thing begins.
    if (is_wanted()) note(key_mark_, fmt::format("`{}` must be a string that is not empty", key_));
    advance();
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { throw Refusal{mark.line, no_anchors}; }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    if (depth_ == 0) throw Refusal{mark.line, not_a_mapping};
    if (is_key()) {
      key_ = value;
      key_mark_ = mark;
      if (!keys_.insert(value).second) throw Refusal{mark.line, fmt::format("key {} is there twice", quoted(value))};
    } else if (is_wanted()) {
      take_value(mark, tag, value);
    }
    advance();
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    if (depth_ == 0) throw Refusal{mark.line, not_a_mapping};
    enter(mark, anchor, "a list");
  }
  void OnSequenceEnd() override { leave(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    enter(mark, anchor, "a mapping");
  }
  void OnMapEnd() override { leave(); }

  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<Refusal> wrong;

 private:
  static constexpr const char* no_anchors = "the front matter must not use anchors and aliases";
  static constexpr const char* not_a_mapping = "the front matter must be a mapping of keys to values";

  bool is_key() const { return depth_ == 1 && at_key_; }
  bool is_wanted() const { return depth_ == 1 && (key_ == "name" || key_ == "description"); }
  void advance() {
    if (depth_ == 1) at_key_ = !at_key_;
  }

  /// A wrong value is told of only when all of it turns out to be YAML.
  void note(const YAML::Mark& mark, std::string message) {
    if (!wrong) wrong = Refusal{mark.line, std::move(message)};
  }

  void take_value(const YAML::Mark& mark, const std::string& tag, const std::string& value) {
    // Escapes in quotation marks can bring in what the check of the bytes has kept out.
    const auto is_control = [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == '\x7F';
    };
    if (!json::is_valid_utf8(value) || std::any_of(value.begin(), value.end(), is_control)) {
      return note(mark, fmt::format("`{}` must not hold control characters", key_));
    }
    if (!is_string(tag, value)) {
      return note(mark, fmt::format("`{}` must be a string; put {} in quotation marks", key_, quoted(value)));
    }
    // Block scalars end with a line feed that nobody means.
    (key_ == "name" ? name : description) = value.substr(0, value.find_last_not_of(" \t\n") + 1);
  }

  void enter(const YAML::Mark& mark, YAML::anchor_t anchor, std::string_view kind) {
    refuse_anchor(mark, anchor);
    if (is_key()) throw Refusal{mark.line, "a key of the front matter must be a string"};
    if (is_wanted()) note(mark, fmt::format("`{}` must be a string, not {}", key_, kind));
    if (++depth_ > max_front_matter_depth) {
      throw Refusal{mark.line, fmt::format("the front matter is nested deeper than {}", max_front_matter_depth)};
    }
  }
  void leave() {
    --depth_;
    advance();
  }

  static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) throw Refusal{mark.line, no_anchors};
  }

  unsigned documents_ = 0;
  unsigned depth_ = 0;
  bool at_key_ = true;
  std::string key_;
  YAML::Mark key_mark_;
  std::set<std::string> keys_;
};

Result<FrontMatter> take(Handler&& handler, const SourcePlace& place) {
  const auto missing = [&](std::string_view key, const std::optional<std::string>& value) -> std::optional<Error> {
    if (value && !value->empty()) return std::nullopt;
    return Error::invalid_manifest(
        fmt::format("the front matter must have a `{}`{}", key, value ? " that is not empty" : ""), place);
  };
  if (auto error = missing("name", handler.name)) return fail(*std::move(error));
  if (auto error = missing("description", handler.description)) return fail(*std::move(error));
  return FrontMatter{*std::move(handler.name), *std::move(handler.description)};
}

}  // namespace

Result<FrontMatter> parse_front_matter(std::string_view yaml, std::string_view file, std::uint32_t first_line) {
  const auto place = [&](int line) {
    return SourcePlace{std::string(file), first_line + static_cast<std::uint32_t>(std::max(line, 0)), 0, {}};
  };
  Handler handler;
  try {
    std::istringstream stream{std::string(yaml)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(handler)) {
    }
    if (handler.wrong) throw *std::move(handler.wrong);
  } catch (const Refusal& refusal) {
    return fail(Error::invalid_manifest(refusal.message, place(refusal.line)));
  } catch (const YAML::Exception& exception) {
    return fail(Error::invalid_manifest("invalid YAML in the front matter: " + printable(exception.msg),
                                        place(exception.mark.line)));
  }
  SourcePlace head = place(0);
  head.line = 1;
  return take(std::move(handler), head);
}

}  // namespace cowork::loaders
