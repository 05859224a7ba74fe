// A disk in memory with the places of both layers, and what their files make of them.
#pragma once

#include "cowork/ports/manual_clock.h"
#include "cowork/ports/memory_disk.h"
#include "layer_file.h"
#include "policies.h"

namespace cowork::admin_policy::test {

constexpr const char* home_file = "/home/u/.cowork/policies.json";
constexpr const char* copy_file = "/home/u/.cowork/policies.json.last-good";
constexpr const char* machine_path = "/etc/cowork/policies.json";
constexpr const char* good = R"({"packs":{"blocked":["good"]}})";
constexpr const char* better = R"({"packs":{"blocked":["better"]}})";

class LayerWorld {
 public:
  LayerWorld() {
    disk->plant_file("/home/u/.cowork/other", "");
    disk->plant_file("/etc/cowork/other", "");
  }

  LayerFile user() const { return started(LayerKind::user, home_file); }
  LayerFile machine() const { return started(LayerKind::machine, machine_path); }
  std::optional<std::string> text(std::string_view directory, std::string_view name) const {
    const auto opened = disk->open(directory);
    if (!opened) return std::nullopt;
    auto bytes = (*opened)->read(name, 1 << 20);
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
  }
  std::optional<std::string> copy() const { return text("/home/u/.cowork", "policies.json.last-good"); }
  void remove(std::string_view directory, std::string_view name) const {
    REQUIRE((*disk->open(directory))->remove(name));
  }
  std::uint32_t mode(std::string_view directory, std::string_view name) const {
    return (*disk->open(directory))->status(name)->mode;
  }

  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();

 private:
  LayerFile started(LayerKind kind, const std::string& path) const {
    LayerFile file(disk, clock, kind, path);
    file.refresh();
    return file;
  }
};

/// "valid good", "last-good good", "broken", "absent".
inline std::string told(const LayerFile& file) {
  std::string text(to_string(file.layer()->state()));
  if (const PolicyDocument* document = file.layer()->document())
    for (const auto& entry : document->list(List::blocked).entries) text += ' ' + std::string(entry.value);
  return text;
}

inline std::string fault(const LayerFile& file) {
  return file.layer()->errors().empty() ? "" : file.layer()->errors().front().message();
}

}  // namespace cowork::admin_policy::test
