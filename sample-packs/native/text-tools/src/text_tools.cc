// A native pack: what it brings, and how JSON becomes the arguments of the functions that do the work.
#include <cowork/native/pack.h>
#include <cowork/native/pack_json.h>

#include <map>
#include <mutex>

#include "notes.h"
#include "text_functions.h"

namespace {

namespace json = cowork::json;
namespace native = cowork::native;

constexpr const char* text_schema =
    R"({"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]})";
constexpr const char* two_texts_schema =
    R"({"type": "object", "properties": {"before": {"type": "string"}, "after": {"type": "string"}},
        "required": ["before", "after"]})";
constexpr const char* nothing_schema = R"({"type": "object", "properties": {}})";

json::Value number(std::size_t value) {
  return json::Value(std::uint64_t{value});
}

class TextTools final : public native::Pack {
 public:
  explicit TextTools(const native::Host& host) : Pack(host) {
    configure(native::parsed(configuration(), "<configuration>"));
    add("text-statistics", "Counts bytes, characters, words and lines", text_schema, &TextTools::statistics);
    add("slugify", "Makes a short name for addresses and files", text_schema, &TextTools::slugify);
    add("redact", "Takes mail addresses, long numbers and configured words out", text_schema, &TextTools::redact);
    add("unified-diff", "What changed between two texts", two_texts_schema, &TextTools::difference);
    add("note-add", "Keeps a note of one line", text_schema, &TextTools::add_note);
    add("note-list", "All notes, oldest first", nothing_schema, &TextTools::list_notes);
    add("event-counts", "How often packs and policies have changed since the start", nothing_schema,
        &TextTools::event_counts);
    for (const char* type : {"pack-state-changed", "catalog-changed", "policy-changed"}) {
      on_event(type, [this](std::string_view what, std::string_view) { count(what); });
    }
    log(native::Level::debug, "ready");
  }

 private:
  using Run = json::Value (TextTools::*)(const json::Value& input, const native::ToolCall& call);

  void add(std::string name, std::string description, const char* schema, Run run) {
    tool(std::move(name), std::move(description), schema, [this, run](const native::ToolCall& call) {
      return json::to_text((this->*run)(native::parsed(call.input()), call));
    });
  }

  /// The host has checked it against configSchema and filled in the defaults.
  void configure(const json::Value& configuration) {
    const std::string separator = native::text(configuration, "separator");
    const std::int64_t slug_length = native::integer(configuration, "slugLength");
    if (separator.empty()) throw std::runtime_error("separator must not be empty");
    if (slug_length < 1) throw std::runtime_error("slugLength must be at least 1");
    separator_ = separator.front();
    slug_length_ = static_cast<std::size_t>(slug_length);
    secret_words_ = native::texts(configuration, "secretWords");
  }

  json::Value statistics(const json::Value& input, const native::ToolCall&) {
    const auto found = text_tools::statistics(native::text(input, "text"));
    return json::Value::object({{"bytes", number(found.bytes)},
                                {"characters", number(found.characters)},
                                {"words", number(found.words)},
                                {"lines", number(found.lines)},
                                {"longestLine", number(found.longest_line)}});
  }

  json::Value slugify(const json::Value& input, const native::ToolCall&) {
    return json::Value::object({{"slug", text_tools::slug(native::text(input, "text"), separator_, slug_length_)}});
  }

  json::Value redact(const json::Value& input, const native::ToolCall&) {
    auto redaction = text_tools::redact(native::text(input, "text"), secret_words_);
    return json::Value::object({{"text", std::move(redaction.text)}, {"redactions", number(redaction.count)}});
  }

  json::Value difference(const json::Value& input, const native::ToolCall& call) {
    try {
      return json::Value::object(
          {{"diff", text_tools::unified_difference(native::text(input, "before"), native::text(input, "after"),
                                                   [&] { return call.cancelled(); })}});
    } catch (const std::length_error& error) {
      throw native::ToolError("invalid-argument", error.what());
    } catch (const std::runtime_error& error) {
      if (call.cancelled()) throw native::ToolError("cancelled", error.what());
      throw;
    }
  }

  json::Value add_note(const json::Value& input, const native::ToolCall&) {
    const std::string note = native::text(input, "text");
    if (note.find('\n') != std::string::npos) throw native::ToolError("invalid-argument", "a note is one line");
    notes_.add(data_directory(), note);
    return json::Value::object({{"notes", number(notes_.all(data_directory()).size())}});
  }

  json::Value list_notes(const json::Value&, const native::ToolCall&) {
    return json::Value::object({{"notes", json::Value::strings(notes_.all(data_directory()))}});
  }

  json::Value event_counts(const json::Value&, const native::ToolCall&) {
    const std::lock_guard lock(mutex_);
    json::Value counts = json::Value::object();
    for (const auto& [type, times] : counts_) counts.set(type, number(times));
    return counts;
  }

  void count(std::string_view type) {
    const std::lock_guard lock(mutex_);
    ++counts_[std::string(type)];
  }

  char separator_ = '-';
  std::size_t slug_length_ = 60;
  std::vector<std::string> secret_words_;
  text_tools::Notes notes_;
  std::mutex mutex_;
  std::map<std::string, std::size_t> counts_;
};

}  // namespace

COWORK_PACK(TextTools)
