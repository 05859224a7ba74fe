#include "frame_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "cowork/loaders/fetch_errors.h"
#include "cowork/loaders/fetch_protocol.h"

namespace cowork::loaders {
namespace {

namespace protocol = fetch_protocol;

constexpr json::Limits line_limits{protocol::longest_frame_line, 32, 4};

// Nothing else is said by a fetch program: policy, for example, is not its business.
constexpr std::array known_codes{ErrorCode::network,          ErrorCode::integrity, ErrorCode::not_found,
                                 ErrorCode::invalid_argument, ErrorCode::io,        ErrorCode::timeout};

Error no_frame(std::string why) {
  return Error::io("the fetch program said what nobody understands").with_why(std::move(why));
}

std::string text_of(const json::Value& frame, std::string_view member) {
  const json::Value* value = frame.find(member);
  const std::string* text = value ? value->as_string() : nullptr;
  return text ? *text : std::string();
}

std::optional<std::uint64_t> count_of(const json::Value& frame, std::string_view member) {
  const json::Value* value = frame.find(member);
  const auto number = value ? value->as_int64() : std::nullopt;
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::string shown_text(const json::Value& frame, std::string_view member) {
  std::string text = text_of(frame, member);
  if (text.size() > protocol::longest_error_text) text.resize(protocol::longest_error_text);
  return masked_words(printable(text));
}

Error told_error(const json::Value& frame) {
  const std::string code = text_of(frame, protocol::code);
  const auto known = std::find_if(known_codes.begin(), known_codes.end(),
                                  [&](ErrorCode candidate) { return to_string(candidate) == code; });
  if (known == known_codes.end()) return no_frame("it named the error code " + quoted(code));
  std::string message = shown_text(frame, protocol::message);
  if (message.empty()) return no_frame("it told an error without words");
  return Error(*known, std::move(message))
      .with_why(shown_text(frame, protocol::why))
      .with_remedy(shown_text(frame, protocol::remedy));
}

bool is_hash(std::string_view text, std::initializer_list<std::size_t> lengths) {
  return std::find(lengths.begin(), lengths.end(), text.size()) != lengths.end() &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<void> FrameReader::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (done_) return fail(no_frame("it went on after it was done"));
    if (in_file_) {
      const std::size_t taken = std::min<std::uint64_t>(bytes.size(), file_size_ - file_bytes_.size());
      file_bytes_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      if (file_bytes_.size() == file_size_) COWORK_TRY(finish_file());
      continue;
    }
    const std::size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    if (line_.size() > protocol::longest_frame_line)
      return fail(no_frame(fmt::format("a line of it is longer than {} bytes", protocol::longest_frame_line)));
    if (end == std::string_view::npos) return {};
    bytes.remove_prefix(end + 1);
    COWORK_TRY(take_line(std::exchange(line_, {})));
  }
  return {};
}

Result<void> FrameReader::take_line(std::string_view line) {
  const auto document = json::parse(line, "<fetch program>", line_limits, ErrorCode::io);
  if (!document) return fail(no_frame(document.error().message()));
  const json::Object* frame = document->root.as_object();
  if (!frame || frame->size() != 1 || !frame->front().value.is_object())
    return fail(no_frame("a line of it is no object with one object in it"));
  return take_frame(frame->front().key, frame->front().value);
}

Result<void> FrameReader::take_frame(std::string_view name, const json::Value& frame) {
  if (name == protocol::progress) return take_progress(frame);
  if (name == protocol::directory) return take_directory(frame);
  if (name == protocol::file) return take_file(frame);
  if (name == protocol::done) return take_done(frame);
  if (name == protocol::error) return fail(told_error(frame));
  return fail(no_frame("it sent a frame " + quoted(name)));
}

Result<void> FrameReader::take_progress(const json::Value& frame) {
  constexpr std::array<std::string_view, 3> phases{"resolve", "download", "unpack"};
  const std::string phase = text_of(frame, protocol::phase);
  const auto bytes = count_of(frame, protocol::bytes);
  const auto total = count_of(frame, protocol::total);
  if (std::find(phases.begin(), phases.end(), phase) == phases.end() || !bytes || !total)
    return fail(no_frame("its progress makes no sense"));
  handler_->on_progress({phase, *bytes, *total});
  return {};
}

Result<void> FrameReader::take_directory(const json::Value& frame) {
  return handler_->on_directory(text_of(frame, protocol::path));
}

Result<void> FrameReader::take_file(const json::Value& frame) {
  const auto size = count_of(frame, protocol::size);
  const json::Value* executable = frame.find(protocol::executable);
  if (!size || !executable || !executable->as_bool()) return fail(no_frame("a file of it has no size or no mode"));
  file_path_ = text_of(frame, protocol::path);
  file_size_ = *size;
  file_executable_ = *executable->as_bool();
  COWORK_TRY(handler_->on_file_announced(file_path_, file_size_, file_executable_));
  file_bytes_.clear();
  in_file_ = true;
  return file_size_ == 0 ? finish_file() : Result<void>();
}

Result<void> FrameReader::finish_file() {
  in_file_ = false;
  return handler_->on_file(file_path_, std::exchange(file_bytes_, {}), file_executable_);
}

Result<void> FrameReader::take_done(const json::Value& frame) {
  FetchResult result{text_of(frame, protocol::sha256), text_of(frame, protocol::commit)};
  // Exactly one of them: bytes have a hash, git has a commit (SHA-1 or SHA-256).
  const bool bytes = is_hash(result.sha256, {64}) && result.commit.empty();
  const bool git = is_hash(result.commit, {40, 64}) && result.sha256.empty();
  if (!bytes && !git) return fail(no_frame("it was done without a hash or a commit"));
  done_ = true;
  return handler_->on_done(std::move(result));
}

}  // namespace cowork::loaders
