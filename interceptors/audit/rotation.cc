#include "rotation.h"

#include <algorithm>
#include <charconv>

namespace cowork::audit {
namespace {

std::string rotated_name(std::string_view name, unsigned number) {
  return number == 0 ? std::string(name) : std::string(name) + "." + std::to_string(number);
}

/// The number at the end of `<name>.<number>`; 0 for any other name.
unsigned number_of(std::string_view entry, std::string_view name) {
  if (entry.size() <= name.size() + 1 || !entry.starts_with(name) || entry[name.size()] != '.') return 0;
  const std::string_view digits = entry.substr(name.size() + 1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || digits.front() == '0' || end != digits.data() + digits.size()) return 0;
  return number;
}

/// The place of a file's last line; nullopt when it is none.
std::optional<Link> last_link(std::string_view bytes) {
  if (!bytes.ends_with('\n')) return std::nullopt;
  bytes.remove_suffix(1);
  const std::size_t before = bytes.rfind('\n');
  const auto line = read_line(before == std::string_view::npos ? bytes : bytes.substr(before + 1));
  return line ? std::optional(line->place) : std::nullopt;
}

/// Removes the files from number `first` on. The head learns of it before, durably: then nothing is ever missing.
Result<void> drop_from(Directory& directory, std::string_view name, unsigned first,
                       const std::vector<unsigned>& numbers, std::size_t max_file_bytes, FileLock& lock, Head& head) {
  COWORK_ASSIGN(const std::string newest, directory.read(rotated_name(name, first), max_file_bytes));
  if (const auto place = last_link(newest)) head.start = *place;
  COWORK_TRY(lock.write(to_text(head)));
  COWORK_TRY(directory.append(std::string(name) + ".lock", {}, 0600));  // appends nothing, but syncs the head
  for (auto number = numbers.rbegin(); number != numbers.rend() && *number >= first; ++number) {
    COWORK_TRY(directory.remove(rotated_name(name, *number)));
  }
  return {};
}

}  // namespace

Result<std::vector<unsigned>> rotated_numbers(const Directory& directory, std::string_view name) {
  COWORK_ASSIGN(const std::vector<DirectoryEntry> entries, directory.entries());
  std::vector<unsigned> numbers;
  for (const DirectoryEntry& entry : entries) {
    if (const unsigned number = number_of(entry.name, name); number != 0) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<std::vector<TrailFile>> read_trail(const Directory& directory, std::string_view name,
                                          std::size_t max_file_bytes) {
  COWORK_ASSIGN(const std::vector<unsigned> numbers, rotated_numbers(directory, name));
  std::vector<TrailFile> files;
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
    const std::string file = rotated_name(name, *number);
    COWORK_ASSIGN(std::string bytes, directory.read(file, max_file_bytes));
    files.push_back({directory.path() + "/" + file, std::move(bytes)});
  }
  Result<std::string> current = directory.read(name, max_file_bytes);
  if (!current && current.error().code() != ErrorCode::not_found) return fail(std::move(current).error());
  files.push_back({directory.path() + "/" + std::string(name), std::move(current).value_or("")});
  return files;
}

Result<void> rotate(Directory& directory, std::string_view name, unsigned max_files, std::size_t max_file_bytes,
                    FileLock& lock, Head& head) {
  COWORK_ASSIGN(const std::vector<unsigned> numbers, rotated_numbers(directory, name));
  unsigned vacant = 1;
  while (std::binary_search(numbers.begin(), numbers.end(), vacant)) ++vacant;
  if (vacant > max_files) {
    vacant = std::max(max_files, 1U);
    COWORK_TRY(drop_from(directory, name, vacant, numbers, max_file_bytes, lock, head));
  }
  for (; vacant > 0; --vacant) {
    COWORK_TRY(directory.rename(rotated_name(name, vacant - 1), directory, rotated_name(name, vacant),
                                RenameMode::no_replace));
  }
  head.size = 0;
  return {};
}

}  // namespace cowork::audit
