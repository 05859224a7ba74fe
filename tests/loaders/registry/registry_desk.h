// A registry over an in-memory disk, a clock that stands still, and a fetcher that brings what the test says.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "cowork/loaders/registry.h"
#include "cowork/ports/manual_clock.h"
#include "cowork/ports/memory_disk.h"
#include "support/catch.h"

namespace cowork::loaders::test {

inline std::string entry_text(const std::string& id, const std::string& more = "") {
  return R"({"id":")" + id + R"(","name":")" + id +
         R"(","displayName":"D","description":"","version":"1.0.0","author":"A")" + more + "}";
}
inline std::string catalog_text(const std::string& entries) {
  return R"({"version":1,"updatedAt":"2026-01-01T00:00:00Z","packs":[)" + entries + "]}";
}

/// Threads: any.
class FakeFetcher final : public PackFetcher {
 public:
  using Answer = std::function<Result<FetchResult>(const FetchRequest&, TreeWriter&, const FetchControl&)>;

  Result<FetchResult> fetch(const FetchRequest& request, std::string_view scratch, TreeWriter& writer,
                            const FetchControl& control) override {
    Answer answer;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      scratch_ = scratch;
      answer = answer_;
      asked_.notify_all();
    }
    return answer(request, writer, control);
  }

  void bring(std::string text) {
    set([text = std::move(text)](const FetchRequest&, TreeWriter& writer, const FetchControl&) {
      return writer.add_file("document", text, false).map([] { return FetchResult{}; });
    });
  }
  void refuse(Error error) {
    set([error = std::move(error)](const FetchRequest&, TreeWriter&, const FetchControl&) -> Result<FetchResult> {
      return fail(error);
    });
  }
  void set(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }
  /// Until so many fetches have begun; false when that takes too long.
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return asked_.wait_for(lock, std::chrono::seconds(60), [&] { return requests_.size() >= count; });
  }
  FetchRequest last() const {
    const std::lock_guard lock(mutex_);
    return requests_.back();
  }
  std::string scratch() const {
    const std::lock_guard lock(mutex_);
    return scratch_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable asked_;
  std::deque<FetchRequest> requests_;
  std::string scratch_;
  Answer answer_;
};

struct RegistryDesk {
  explicit RegistryDesk(std::string address = "https://registry.example/packs") : at(std::move(address)) {
    disk->plant_file("/tmp/.keep", "");
    registry = make();
  }
  /// As another process would have it.
  std::shared_ptr<PackRegistry> make() {
    return make_pack_registry(
        {disk, clock, fetcher, [this]() -> Result<std::string> { return at; }, "/home/user/.cowork", "/tmp"});
  }
  Result<std::shared_ptr<const RegistryCatalog>> ask(const RegistryControl& control = {}) {
    return registry->catalog(control);
  }
  /// The ids in the catalog, or "code: message".
  std::string ids() {
    const auto catalog = ask();
    if (!catalog) return std::string(to_string(catalog.error().code())) + ": " + catalog.error().message();
    std::string all;
    for (const RegistryEntry& entry : (*catalog)->entries) all += (all.empty() ? "" : " ") + entry.id;
    return all;
  }
  /// "code message" of each.
  std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (const Diagnostic& diagnostic : registry->diagnostics())
      all.push_back(diagnostic.code + " " + diagnostic.place.to_string() + " " + diagnostic.message);
    return all;
  }
  std::string kept() const {
    const auto directory = disk->open("/home/user/.cowork");
    const auto text = directory ? (*directory)->read("registry.json", 1u << 20) : fail(directory.error());
    return text ? *text : std::string();
  }

  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::shared_ptr<FakeFetcher> fetcher = std::make_shared<FakeFetcher>();
  std::string at;
  std::shared_ptr<PackRegistry> registry;
};

}  // namespace cowork::loaders::test
