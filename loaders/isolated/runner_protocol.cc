#include "cowork/loaders/runner_protocol.h"

#include <array>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"

namespace cowork::loaders::runner_protocol {
namespace {

constexpr std::size_t prefix_bytes = 4;
constexpr unsigned byte_bits = 8;

std::size_t length_of(std::string_view prefix) {
  std::size_t length = 0;
  for (const char byte : prefix) length = length << byte_bits | static_cast<unsigned char>(byte);
  return length;
}

std::string cut(std::string_view text) {
  text = text.substr(0, longest_text);
  while (!json::is_valid_utf8(text)) text.remove_suffix(1);
  return std::string(text);
}

std::string text_of(const json::Value& object, std::string_view member) {
  const json::Value* value = object.find(member);
  const std::string* text = value != nullptr ? value->as_string() : nullptr;
  return text != nullptr ? cut(*text) : std::string();
}

Result<Frame> read_frame(std::string_view text) {
  auto document = json::parse(text, "<frame>", frame_limits, ErrorCode::internal);
  if (!document) return fail(Error::internal("a frame is no JSON: " + document.error().message()));
  json::Object* members = document->root.as_object();
  if (members == nullptr || members->size() != 1 || !members->front().value.is_object()) {
    return fail(Error::internal("a frame is no object with one object as its member"));
  }
  return Frame{std::move(members->front().key), std::move(members->front().value)};
}

}  // namespace

std::string framed(std::string_view name, json::Value content) {
  const std::string text = json::to_text(json::Value::object({{name, std::move(content)}}));
  std::string frame;
  frame.reserve(prefix_bytes + text.size());
  for (std::size_t byte = prefix_bytes; byte-- > 0;)
    frame += static_cast<char>(text.size() >> byte * byte_bits & 0xFFU);
  return frame += text;
}

Result<std::optional<Frame>> FrameCutter::next() {
  if (bytes_.size() < prefix_bytes) return std::nullopt;
  const std::size_t length = length_of(std::string_view(bytes_).substr(0, prefix_bytes));
  if (length > longest_frame) return fail(Error::internal("a frame is too long"));
  if (bytes_.size() - prefix_bytes < length) return std::nullopt;
  COWORK_ASSIGN(Frame frame, read_frame(std::string_view(bytes_).substr(prefix_bytes, length)));
  bytes_.erase(0, prefix_bytes + length);
  return std::optional(std::move(frame));
}

json::Value to_json(const Error& error) {
  return json::Value::object({{"code", to_string(error.code())},
                              {"message", cut(error.message())},
                              {"why", cut(error.why())},
                              {"try", cut(error.remedy())}});
}

Result<Error> read_error(const json::Value& value) {
  std::string message = text_of(value, "message");
  if (message.empty()) return fail(Error::internal("an error does not say what happened"));
  return Error(public_code(text_of(value, "code")), std::move(message))
      .with_why(text_of(value, "why"))
      .with_remedy(text_of(value, "try"));
}

}  // namespace cowork::loaders::runner_protocol
