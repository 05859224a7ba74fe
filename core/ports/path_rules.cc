#include "path_rules.h"

#include <fmt/format.h>

#include "cowork/base/text.h"

namespace cowork::ports {
namespace {

// NAME_MAX and PATH_MAX of Linux: said before the kernel says it, so that both disks give the same answer.
constexpr std::size_t max_step_bytes = 255;
constexpr std::size_t max_path_bytes = 4095;

Error bad_relative(std::string_view relative, std::string_view directory, std::string_view fault) {
  return Error::invalid_argument(
      fmt::format("{} {}; a path beneath {} is wanted", named(relative), fault, named(directory)));
}

/// What is wrong with one step, or nothing.
std::string_view fault_of_step(std::string_view step) {
  if (step.empty()) return "has an empty step";
  if (step == ".") return "has a \".\" step";
  if (step == "..") return "has a \"..\" step";
  if (step.size() > max_step_bytes) return "has a step of more than 255 bytes";
  return {};
}

}  // namespace

std::string named(std::string_view path) {
  return fmt::format("\"{}\"", printable(path));
}

std::string joined(std::string_view directory, std::string_view relative) {
  if (relative.empty()) return std::string(directory);
  std::string path;
  path.reserve(directory.size() + 1 + relative.size());
  path += directory;
  if (!directory.ends_with('/')) path += '/';
  path += relative;
  return path;
}

Result<void> check_relative(std::string_view relative, std::string_view directory) {
  if (relative.empty()) return fail(bad_relative(relative, directory, "is empty"));
  if (relative.front() == '/') return fail(bad_relative(relative, directory, "is absolute"));
  if (relative.find('\0') != std::string_view::npos) return fail(bad_relative(relative, directory, "has a NUL byte"));
  if (relative.size() > max_path_bytes) {
    return fail(bad_relative(relative.substr(0, 64), directory, "(cut here) has more than 4095 bytes"));
  }
  for (std::size_t begin = 0; begin <= relative.size();) {
    const std::size_t end = std::min(relative.find('/', begin), relative.size());
    const std::string_view fault = fault_of_step(relative.substr(begin, end - begin));
    if (!fault.empty()) return fail(bad_relative(relative, directory, fault));
    begin = end + 1;
  }
  return {};
}

Result<void> check_absolute(std::string_view path) {
  if (path.empty() || path.front() != '/') {
    return fail(Error::invalid_argument(fmt::format("{} is not an absolute path", named(path))));
  }
  if (path.find('\0') != std::string_view::npos) {
    return fail(Error::invalid_argument(fmt::format("{} has a NUL byte", named(path))));
  }
  return {};
}

std::pair<std::string_view, std::string_view> split_last(std::string_view relative) {
  const std::size_t slash = relative.rfind('/');
  if (slash == std::string_view::npos) return {{}, relative};
  return {relative.substr(0, slash), relative.substr(slash + 1)};
}

std::pair<std::string_view, std::string_view> split_first(std::string_view relative) {
  const std::size_t slash = relative.find('/');
  if (slash == std::string_view::npos) return {relative, {}};
  return {relative.substr(0, slash), relative.substr(slash + 1)};
}

Error link_refused(std::string_view path) {
  return Error::invalid_argument(fmt::format("{} is a link; links are not followed here", named(path)));
}

Error link_to_nothing(std::string_view path) {
  return Error::invalid_argument(fmt::format("{} is a link that leads nowhere", named(path)));
}

Error not_regular(std::string_view path) {
  return Error::invalid_argument(fmt::format("{} is no regular file", named(path)));
}

Error not_directory(std::string_view path) {
  return Error::invalid_argument(fmt::format("{} is no directory", named(path)));
}

Error larger_than(std::string_view path, std::size_t max_bytes) {
  return Error::invalid_argument(fmt::format("{} is larger than {} bytes", named(path), max_bytes));
}

Error shorter_than(std::string_view path, std::uint64_t size, std::uint64_t wanted) {
  return Error::invalid_argument(fmt::format("cannot cut {} to {} bytes: it has {}", named(path), wanted, size));
}

Error still_locked(std::string_view path, std::int64_t waited_ms) {
  return Error(ErrorCode::timeout, fmt::format("{} is still locked after {} ms", named(path), waited_ms));
}

Error foreign_directory(std::string_view path) {
  return Error::invalid_argument(fmt::format("{} is a directory of another disk", named(path)));
}

Error rename_failed(int error_number, std::string_view from, std::string_view to) {
  return Error::from_errno(error_number, fmt::format("rename {} to {}", named(from), named(to)));
}

}  // namespace cowork::ports
