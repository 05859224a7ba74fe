// A trail on a disk in memory, and what tests do to it behind its back.
#pragma once

#include <string>
#include <vector>

#include "cowork/ports/memory_disk.h"
#include "trail.h"

namespace cowork::audit {

inline Record sample_record(std::string operation = "pluginPack:toggle", std::string subject = "alpha") {
  return {"2025-01-15T12:00:00.000Z",
          "0badcafe-1",
          "",
          std::move(operation),
          std::move(subject),
          "ada",
          "c++",
          "allowed",
          "",
          std::nullopt,
          "r1",
          7};
}

struct TrailFixture {
  explicit TrailFixture(std::uint64_t max_bytes = 1u << 20, unsigned max_files = 8)
      : disk(std::make_shared<MemoryDisk>()), options{disk, "/home/u/audit.jsonl", max_bytes, max_files} {}

  /// Appends one record each; the last append's result.
  Result<std::string> append(std::initializer_list<const char*> subjects) {
    Trail trail(options);
    Result<std::string> last;
    for (const char* subject : subjects) last = trail.append(sample_record("pluginPack:toggle", subject));
    return last;
  }

  std::string bytes(const std::string& name = "audit.jsonl") const {
    return disk->open("/home/u").value()->read(name, 1u << 26).value();
  }
  void plant(const std::string& bytes, const std::string& name = "audit.jsonl") {
    disk->plant_file("/home/u/" + name, bytes, 0600);
  }
  std::vector<std::string> lines(const std::string& name = "audit.jsonl") const { return split(bytes(name)); }
  void plant_lines(const std::vector<std::string>& lines, const std::string& name = "audit.jsonl") {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    plant(text, name);
  }
  Head head() const { return parse_head(bytes("audit.jsonl.lock")).value(); }
  void plant_head(const Head& head) { plant(to_text(head), "audit.jsonl.lock"); }

  /// Empty when the trail is as it was written; else "file:line: reason", the file without its directory.
  std::string fault() const {
    const Trail trail(options);
    const TrailContents contents = trail.read().value();
    const std::optional<FirstBad> bad = trail.verify(contents).first_bad;
    if (!bad) return {};
    return bad->file.substr(bad->file.rfind('/') + 1) + ":" + std::to_string(bad->line) + ": " + bad->reason;
  }

  static std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  }

  std::shared_ptr<MemoryDisk> disk;
  TrailOptions options;
};

}  // namespace cowork::audit
