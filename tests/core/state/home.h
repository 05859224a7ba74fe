// A home on a disk in memory, with a clock that stands still.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cowork/ports/manual_clock.h"
#include "cowork/ports/memory_disk.h"
#include "cowork/state/lock_records.h"
#include "cowork/state/toggles.h"
#include "support/catch.h"

namespace cowork::test {

struct Home {
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::string path = "/home/ada/.cowork";

  ToggleStore toggles() const { return {disk, path, clock}; }
  LockStore locks() const { return {disk, path, clock}; }

  void plant(const std::string& name, std::string_view bytes) const {
    disk->plant_file(path + '/' + name, bytes, 0600);
  }
  std::string read(const std::string& name) const {
    const auto home = disk->open(path);
    if (!home) return "no home";
    const auto text = (*home)->read(name, 1u << 20);
    return text ? *text : "no " + name;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    const auto home = disk->open(path);
    if (!home) return names;
    const auto entries = (*home)->entries();
    for (const DirectoryEntry& entry : *entries) names.push_back(entry.name);
    return names;
  }
};

/// What a store has loaded, and what it said.
template <class T>
struct Loaded {
  std::shared_ptr<const T> state;
  std::vector<Diagnostic> incidents;
};

inline Loaded<Toggles> load(ToggleStore store) {
  Loaded<Toggles> loaded;
  auto state = store.load(loaded.incidents);
  if (!state) FAIL(state.error().message());
  loaded.state = *state;
  return loaded;
}

inline Loaded<LockRecords> load(LockStore store) {
  Loaded<LockRecords> loaded;
  auto state = store.load(loaded.incidents);
  if (!state) FAIL(state.error().message());
  loaded.state = *state;
  return loaded;
}

inline Toggles toggled(const std::string& name, bool on) {
  Toggles toggles;
  toggles.packs[name] = on;
  return toggles;
}

}  // namespace cowork::test
