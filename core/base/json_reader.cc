#include "cowork/base/json_reader.h"

#include <algorithm>
#include <stdexcept>

namespace cowork::json {
namespace {

// An assertion of RapidJSON that does not hold must end in a refusal, never in abort().
[[noreturn]] void rapidjson_assertion(const char* condition) {
  throw std::logic_error(condition);
}

}  // namespace
}  // namespace cowork::json

#define RAPIDJSON_ASSERT(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::cowork::json::rapidjson_assertion(#condition))

// Before its first allocation RapidJSON's stack compares null plus a size with null. Every compiler gives the answer
// that is meant, but UndefinedBehaviorSanitizer objects, rightly, and would hide what we look for with it.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/reader.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

#include "json_scan.h"
#include "json_syntax.h"
#include "json_tree.h"

namespace cowork::json {
namespace {

/// A RapidJSON stream that ends where the text ends, whether or not a NUL stands there.
class BoundedStream {
 public:
  using Ch = char;

  explicit BoundedStream(std::string_view text) : text_(text) {}

  Ch Peek() const {
    if (at_ < text_.size()) return text_[at_];
    met_end_ = true;
    return '\0';
  }
  Ch Take() {
    const Ch character = Peek();
    if (at_ < text_.size()) ++at_;
    return character;
  }
  std::size_t Tell() const { return at_; }
  bool met_end() const { return met_end_; }

  // Only for parsing in place, which is not used.
  Ch* PutBegin() { return nullptr; }
  void Put(Ch) {}
  std::size_t PutEnd(Ch*) { return 0; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  mutable bool met_end_ = false;
};

/// RapidJSON's events, passed on with the place that the stream has reached.
class Events {
 public:
  Events(TreeBuilder& tree, const BoundedStream& stream) : tree_(tree), stream_(stream) {}

  bool Null() { return tree_.scalar(Value(), stream_.Tell()); }
  bool Bool(bool value) { return tree_.scalar(Value(value), stream_.Tell()); }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return tree_.scalar(Value(std::string(text, length)), stream_.Tell());
  }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return tree_.number(stream_.Tell()); }
  bool StartObject() { return tree_.open(Value(Object{})); }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    return tree_.key(std::string_view(text, length), stream_.Tell());
  }
  bool EndObject(rapidjson::SizeType) { return tree_.close(); }
  bool StartArray() { return tree_.open(Value(Array{})); }
  bool EndArray(rapidjson::SizeType) { return tree_.close(); }

  // Numbers arrive as text: these are never called.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  TreeBuilder& tree_;
  const BoundedStream& stream_;
};

bool is_empty(const Value* container) {
  return container && (container->is_array() ? container->as_array()->empty() : container->as_object()->empty());
}

const char* expectation(rapidjson::ParseErrorCode code, const TreeBuilder& tree, bool blank) {
  const Value* around = tree.innermost();
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return blank ? "the document is empty" : "expected a value";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "unexpected text after the document";
    case rapidjson::kParseErrorValueInvalid:
      return around && around->is_array() && is_empty(around) ? "expected a value or ']'" : "expected a value";
    case rapidjson::kParseErrorObjectMissName:
      return is_empty(around) ? "expected a key in quotation marks or '}'" : "expected a key in quotation marks";
    case rapidjson::kParseErrorObjectMissColon:
      return "expected ':' after a key";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "expected ',' or '}' after a member of an object";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "expected ',' or ']' after an element of an array";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "expected four hexadecimal digits after \\u";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "lone surrogate in a string";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "unknown escape in a string";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "expected '\"' at the end of a string";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "invalid UTF-8";
    case rapidjson::kParseErrorNumberTooBig:
      return "number out of range";
    case rapidjson::kParseErrorNumberMissFraction:
      return "expected a digit after the decimal point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "expected a digit in the exponent";
    default:
      return "not JSON";
  }
}

/// What stands in the way of reading `text`, and the pointer of the value where it does.
struct Located {
  Refusal refusal;
  std::string pointer;
};

/// Reads `text` into `tree`. `scanned` is what the scan refused at the very end of `text`, if anything: it counts
/// unless something before it is wrong as well.
std::optional<Located> read_tree(std::string_view text, TreeBuilder& tree, const std::optional<Refusal>& scanned) {
  BoundedStream stream(text);
  Events events(tree, stream);
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  try {
    reader.Parse<flags>(stream, events);
  } catch (const std::logic_error& assertion) {
    return Located{{stream.Tell(), std::string("the parser failed: ") + assertion.what()}, tree.pointer()};
  }
  if (tree.refusal()) return Located{*tree.refusal(), tree.pointer()};
  // What a parser says at the end of a text that was cut there says nothing about the text.
  if (scanned && stream.met_end()) return Located{*scanned, tree.pointer()};
  if (!reader.HasParseError()) {
    if (stream.Tell() == text.size()) return std::nullopt;
    return Located{{stream.Tell(), "unexpected text after the document"}, ""};
  }
  const bool blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  return Located{{reader.GetErrorOffset(), expectation(reader.GetParseErrorCode(), tree, blank)}, tree.pointer()};
}

/// The whole of the reading; what it read comes back in `root`.
std::optional<Located> fault_in(std::string_view text, const Limits& limits, Rules rules, Value& root) {
  // Offsets are 32 bits wide.
  const std::size_t max_bytes = std::min<std::size_t>(limits.max_bytes, UINT32_MAX - 1);
  if (text.size() > max_bytes) return Located{{max_bytes, "larger than " + std::to_string(max_bytes) + " bytes"}, ""};
  const std::optional<Refusal> scanned = scan(text, limits.max_depth, rules);
  const std::string_view safe = scanned ? text.substr(0, scanned->offset) : text;
  TreeBuilder tree(safe, limits.max_values, rules);
  if (auto fault = read_tree(safe, tree, scanned)) return fault;
  root = tree.take_root();
  return std::nullopt;
}

SourcePlace place_in(std::string_view text, std::size_t offset, std::string_view file, std::string pointer) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_feed = before.rfind('\n');
  const std::size_t line_start = line_feed == std::string_view::npos ? 0 : line_feed + 1;
  return {std::string(file), static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
          static_cast<std::uint32_t>(before.size() - line_start + 1), std::move(pointer)};
}

}  // namespace

Result<Document> parse(std::string_view text, std::string_view file, const Limits& limits, ErrorCode code) {
  Document document;
  if (const auto fault = fault_in(text, limits, Rules::profile, document.root)) {
    return fail(
        Error(code, fault->refusal.message).with_place(place_in(text, fault->refusal.offset, file, fault->pointer)));
  }
  document.file_ = file;
  document.line_starts_.push_back(0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    document.line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
  return document;
}

std::optional<Refusal> syntax_fault(std::string_view text, const Limits& limits) {
  Value root;
  const auto fault = fault_in(text, limits, Rules::rfc8259, root);
  if (!fault) return std::nullopt;
  return fault->refusal;
}

SourcePlace Document::place(std::uint32_t offset, std::string pointer) const {
  SourcePlace place{file_, 0, 0, std::move(pointer)};
  if (offset == Value::no_offset || line_starts_.empty()) return place;
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  place.line = static_cast<std::uint32_t>(next - line_starts_.begin());
  place.column = offset - *(next - 1) + 1;
  return place;
}

}  // namespace cowork::json
