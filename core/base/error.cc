#include "cowork/base/error.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include "cowork/base/json.h"
#include "cowork/base/text.h"

namespace cowork {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::internal:
      return "internal";
    case ErrorCode::io:
      return "io";
    case ErrorCode::interceptor_failed:
      return "interceptor-failed";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::invalid_argument:
      return "invalid-argument";
    case ErrorCode::policy_denied:
      return "policy-denied";
    case ErrorCode::policy_unavailable:
      return "policy-unavailable";
    case ErrorCode::not_found:
      return "not-found";
    case ErrorCode::integrity:
      return "integrity";
    case ErrorCode::network:
      return "network";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::already_exists:
      return "already-exists";
    case ErrorCode::invalid_manifest:
      return "invalid-manifest";
    case ErrorCode::invalid_policy:
      return "invalid-policy";
  }
  return "internal";
}

int exit_status(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::internal:
    case ErrorCode::io:
    case ErrorCode::interceptor_failed:
    case ErrorCode::cancelled:
    case ErrorCode::timeout:
      return 1;
    case ErrorCode::invalid_argument:
      return 2;
    case ErrorCode::policy_denied:
    case ErrorCode::policy_unavailable:
      return 3;
    case ErrorCode::not_found:
      return 4;
    case ErrorCode::integrity:
      return 5;
    case ErrorCode::network:
      return 6;
    case ErrorCode::conflict:
    case ErrorCode::already_exists:
      return 7;
    case ErrorCode::invalid_manifest:
    case ErrorCode::invalid_policy:
      return 8;
  }
  return 1;
}

std::string SourcePlace::to_string() const {
  std::string text = printable(file);
  if (line != 0) {
    if (text.empty())
      text = "line ";
    else
      text += ':';
    text += std::to_string(line);
    if (column != 0) text += ':' + std::to_string(column);
  }
  if (pointer.empty()) return text;
  const std::string shown = printable(pointer);
  return text.empty() ? shown : text + " (" + shown + ')';
}

Error::Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

Error::Error(const Error& other)
    : code_(other.code_),
      message_(other.message_),
      why_(other.why_),
      remedy_(other.remedy_),
      place_(other.place_),
      data_(other.data_ ? std::make_unique<json::Value>(*other.data_) : nullptr) {}

Error::Error(Error&&) noexcept = default;
Error& Error::operator=(const Error& other) {
  return *this = Error(other);
}
Error& Error::operator=(Error&&) noexcept = default;
Error::~Error() = default;

Error Error::internal(std::string message) {
  return {ErrorCode::internal, std::move(message)};
}
Error Error::io(std::string message) {
  return {ErrorCode::io, std::move(message)};
}
Error Error::invalid_argument(std::string message) {
  return {ErrorCode::invalid_argument, std::move(message)};
}
Error Error::not_found(std::string message) {
  return {ErrorCode::not_found, std::move(message)};
}
Error Error::conflict(std::string message) {
  return {ErrorCode::conflict, std::move(message)};
}
Error Error::already_exists(std::string message) {
  return {ErrorCode::already_exists, std::move(message)};
}

Error Error::invalid_manifest(std::string message, SourcePlace place) {
  return Error(ErrorCode::invalid_manifest, std::move(message)).with_place(std::move(place));
}

Error Error::invalid_policy(std::string message, SourcePlace place) {
  return Error(ErrorCode::invalid_policy, std::move(message)).with_place(std::move(place));
}

Error Error::from_errno(int error_number, std::string_view what) {
  ErrorCode code = ErrorCode::io;
  if (error_number == ENOENT || error_number == ENOTDIR) code = ErrorCode::not_found;
  if (error_number == EEXIST) code = ErrorCode::already_exists;
  if (error_number == ELOOP) code = ErrorCode::invalid_argument;
  return {code, "cannot " + std::string(what) + ": " + std::generic_category().message(error_number)};
}

std::string Error::why() const {
  if (!why_.empty()) return why_;
  return place_ ? place_->to_string() : std::string();
}

Error& Error::with_why(std::string why) & {
  why_ = std::move(why);
  return *this;
}
Error&& Error::with_why(std::string why) && {
  return std::move(with_why(std::move(why)));
}

Error& Error::with_remedy(std::string remedy) & {
  remedy_ = std::move(remedy);
  return *this;
}
Error&& Error::with_remedy(std::string remedy) && {
  return std::move(with_remedy(std::move(remedy)));
}

Error& Error::with_place(SourcePlace place) & {
  place_ = std::move(place);
  return *this;
}
Error&& Error::with_place(SourcePlace place) && {
  return std::move(with_place(std::move(place)));
}

Error& Error::with_data(std::string_view member, json::Value value) & {
  if (!data_) data_ = std::make_unique<json::Value>(json::Value::object());
  data_->set(member, std::move(value));
  return *this;
}
Error&& Error::with_data(std::string_view member, json::Value value) && {
  return std::move(with_data(member, std::move(value)));
}

Error& Error::prefixed(std::string_view context) & {
  message_.insert(0, std::string(context) + ": ");
  return *this;
}
Error&& Error::prefixed(std::string_view context) && {
  return std::move(prefixed(context));
}

}  // namespace cowork
