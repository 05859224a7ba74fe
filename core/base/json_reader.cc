#include "cowork/base/json_reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
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
#include <rapidjson/allocators.h>
#include <rapidjson/reader.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

#include "json_place.h"
#include "json_scan.h"
#include "json_stream.h"
#include "json_syntax.h"
#include "tape_builder.h"

namespace cowork::json {
namespace {

/// UTF-8 that RapidJSON has passed over by the block; nothing of it is copied.
struct PassedText : rapidjson::UTF8<> {
  template <class Output>
  static void Encode(Output&, unsigned) {}
  template <class Output>
  static void EncodeUnsafe(Output&, unsigned) {}
};

}  // namespace
}  // namespace cowork::json

namespace rapidjson {

template <>
struct Transcoder<cowork::json::PassedText, cowork::json::PassedText> {
  template <class Output>
  static bool Transcode(cowork::json::TextStream& stream, Output&) {
    return stream.pass_text();
  }
  template <class Output>
  static bool Validate(cowork::json::TextStream& stream, Output&) {
    return stream.pass_text();
  }
};

template <>
inline void SkipWhitespace<cowork::json::TextStream>(cowork::json::TextStream& stream) {
  stream.pass_white_space();
}

}  // namespace rapidjson

namespace cowork::json {
namespace {

/// RapidJSON's events, with the token that each is about.
class Events {
 public:
  Events(TapeBuilder& tape, TextStream& stream) : tape_(tape), stream_(stream) {}

  bool Null() { return tape_.null(stream_.token(), stream_.Tell()); }
  bool Bool(bool value) { return tape_.boolean(value, stream_.token(), stream_.Tell()); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return tape_.number(stream_.token(), stream_.Tell()); }
  bool String(const char*, rapidjson::SizeType, bool) {
    return tape_.string(stream_.take_form(), stream_.token(), stream_.Tell());
  }
  bool Key(const char*, rapidjson::SizeType, bool) {
    return tape_.key(stream_.take_form(), stream_.token(), stream_.Tell());
  }
  bool StartObject() { return tape_.open(Kind::object, stream_.token()); }
  bool EndObject(rapidjson::SizeType) { return tape_.close(stream_.Tell()); }
  bool StartArray() { return tape_.open(Kind::array, stream_.token()); }
  bool EndArray(rapidjson::SizeType) { return tape_.close(stream_.Tell()); }

  // Numbers arrive as text: these are never called.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  TapeBuilder& tape_;
  TextStream& stream_;
};

const char* expectation(rapidjson::ParseErrorCode code, const TapeBuilder& tape, bool blank) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return blank ? "the document is empty" : "expected a value";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "unexpected text after the document";
    case rapidjson::kParseErrorValueInvalid:
      return tape.innermost() == Kind::array && tape.innermost_is_empty() ? "expected a value or ']'"
                                                                          : "expected a value";
    case rapidjson::kParseErrorObjectMissName:
      return tape.innermost_is_empty() ? "expected a key in quotation marks or '}'"
                                       : "expected a key in quotation marks";
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

/// Of a text that was refused: what comes first, what scan() says or `found`, which may have been met behind it.
Located first_fault(std::string_view text, const Limits& limits, Rules rules, Refusal found, std::string pointer) {
  auto scanned = scan(text, limits.max_depth, rules);
  const bool scanned_first = scanned && scanned->offset <= found.offset;
  return {scanned_first ? *std::move(scanned) : std::move(found), std::move(pointer)};
}

/// Keys are values of the tape too.
constexpr std::size_t usual_bytes_a_value = 12, least_nodes = 16;

/// The whole of the reading. Recursion ends at `limits.max_depth`.
std::optional<Located> fault_in(std::string_view text, const Limits& limits, Rules rules, Tape& tape) {
  // Offsets are 32 bits wide.
  const std::size_t max_bytes = std::min<std::size_t>(limits.max_bytes, UINT32_MAX - 1);
  if (text.size() > max_bytes) return Located{{max_bytes, "larger than " + std::to_string(max_bytes) + " bytes"}, ""};
  TextStream stream(text);
  TapeBuilder builder(text, limits, rules, tape);
  Events events(builder, stream);
  // Its stack holds the number that is being read, no more.
  alignas(std::max_align_t) std::array<char, 1024> space;
  rapidjson::MemoryPoolAllocator<> pool(space.data(), space.size());
  rapidjson::GenericReader<PassedText, PassedText, rapidjson::MemoryPoolAllocator<>> reader(&pool);
  std::optional<Refusal> found;
  try {
    reader.Parse<rapidjson::kParseNumbersAsStringsFlag>(stream, events);
  } catch (const std::logic_error& assertion) {
    found = Refusal{stream.Tell(), std::string("the parser failed: ") + assertion.what()};
  }
  if (builder.refusal()) {
    found = *builder.refusal();
  } else if (reader.HasParseError()) {
    const bool blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
    // Of a run of characters RapidJSON knows only where it began.
    const bool in_run = reader.GetParseErrorCode() == rapidjson::kParseErrorStringInvalidEncoding;
    found = Refusal{in_run ? stream.Tell() : reader.GetErrorOffset(),
                    expectation(reader.GetParseErrorCode(), builder, blank)};
  } else if (!found && stream.Tell() != text.size()) {
    found = Refusal{stream.Tell(), "unexpected text after the document"};
  }
  if (!found) return std::nullopt;
  std::string pointer = builder.pointer();
  return first_fault(text, limits, rules, *std::move(found), std::move(pointer));
}

}  // namespace

Result<void> Tape::read(std::string_view text, std::string_view file, const Limits& limits, ErrorCode code) {
  text_ = text;
  file_ = file;
  nodes_.clear();
  // Growing step by step costs more than the parsing where a document is large: each step's memory is new.
  nodes_.reserve(std::min(text.size() / usual_bytes_a_value + least_nodes, limits.max_values));
  if (strings_) strings_->clear();
  lines_.reset();
  const auto fault = fault_in(text, limits, Rules::profile, *this);
  if (!fault) return {};
  return fail(
      Error(code, fault->refusal.message).with_place(place_in(text, fault->refusal.offset, file, fault->pointer)));
}

Result<Document> parse(std::string_view text, std::string_view file, const Limits& limits, ErrorCode code) {
  Tape tape;
  COWORK_TRY(tape.read(text, file, limits, code));
  Document document;
  document.root = tape.root().to_value();
  document.file_ = file;
  // The first line begins at 0: documents of one line need no room for that.
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    document.line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
  return document;
}

std::optional<Refusal> syntax_fault(std::string_view text, const Limits& limits) {
  Tape tape;
  tape.text_ = text;
  const auto fault = fault_in(text, limits, Rules::rfc8259, tape);
  if (!fault) return std::nullopt;
  return fault->refusal;
}

SourcePlace Document::place(std::uint32_t offset, std::string pointer) const {
  SourcePlace place{file_, 0, 0, std::move(pointer)};
  if (offset == Value::no_offset) return place;
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  place.line = static_cast<std::uint32_t>(next - line_starts_.begin()) + 1;
  place.column = offset - (next == line_starts_.begin() ? 0 : *(next - 1)) + 1;
  return place;
}

}  // namespace cowork::json
