// What paths RealDisk and MemoryDisk accept, and how both word a refusal: one text, so that the twins cannot differ.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "cowork/base/result.h"

namespace cowork::ports {

/// The whole path in quotation marks, unprintable bytes escaped.
std::string named(std::string_view path);
std::string joined(std::string_view directory, std::string_view relative);

/// Names joined by '/': not empty, not absolute, no "." or "..", no empty step, no NUL; else invalid-argument.
Result<void> check_relative(std::string_view relative, std::string_view directory);
/// Absolute and without NUL; else invalid-argument.
Result<void> check_absolute(std::string_view path);
/// "a/b/c" is {"a/b", "c"}; "c" is {"", "c"}.
std::pair<std::string_view, std::string_view> split_last(std::string_view relative);
/// "a/b/c" is {"a", "b/c"}; "c" is {"c", ""}.
std::pair<std::string_view, std::string_view> split_first(std::string_view relative);

Error link_refused(std::string_view path);
Error link_to_nothing(std::string_view path);
Error not_regular(std::string_view path);
Error not_directory(std::string_view path);
Error larger_than(std::string_view path, std::size_t max_bytes);
Error shorter_than(std::string_view path, std::uint64_t size, std::uint64_t wanted);
Error still_locked(std::string_view path, std::int64_t waited_ms);
Error foreign_directory(std::string_view path);
/// For system calls on two paths.
Error rename_failed(int error_number, std::string_view from, std::string_view to);

inline constexpr std::size_t max_lock_bytes = 64 * 1024;
inline constexpr std::string_view temporary_prefix = ".cowork-tmp-";

}  // namespace cowork::ports
