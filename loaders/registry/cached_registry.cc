#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

#include "catalog_document.h"
#include "catalog_origin.h"
#include "cowork/base/text.h"
#include "kept_catalog.h"

namespace cowork::loaders {
namespace {

using Catalog = std::shared_ptr<const RegistryCatalog>;

constexpr std::int64_t fresh_us = 5LL * 60 * 1'000'000;
constexpr std::int64_t retry_us = 30LL * 1'000'000;

std::string age_words(std::int64_t milliseconds) {
  const std::int64_t seconds = std::max<std::int64_t>(milliseconds, 0) / 1000;
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86400);
}

std::string words_of(const Error& error) {
  const std::string why = error.why();
  return why.empty() ? error.message() : error.message() + ": " + why;
}

/// What is known of the registry at one address.
struct Knowledge {
  explicit Knowledge(std::string of) : address(std::move(of)) {}

  std::string address;
  CatalogDocument good;            ///< `catalog` is null when there is none
  std::int64_t fetched_at_ms = 0;  ///< of `good`, since 1970
  std::int64_t fresh_until_us = 0;
  std::optional<Error> failure;  ///< of the last look; none when it succeeded
  std::int64_t retry_at_us = 0;
  std::vector<Diagnostic> copy_faults;  ///< of registry.json
};

/// What one look brought.
struct Look {
  Result<CatalogDocument> document = CatalogDocument{};
  std::optional<KeptCatalog> kept;  ///< looked for where there was nothing else
  std::vector<Diagnostic> copy_faults;
};

class CachedRegistry final : public PackRegistry {
 public:
  explicit CachedRegistry(RegistryOptions options) : options_(std::move(options)) {}

  Result<Catalog> catalog(const RegistryControl& control) override {
    COWORK_ASSIGN(const std::string address, options_.address());
    bool has_good = false;
    {
      std::unique_lock lock(mutex_);
      for (;;) {
        if (known_.address != address) known_ = Knowledge(address);
        if (auto answer = known_answer()) return std::move(*answer);
        if (!looking_) break;
        if (!wait_for_look(lock, control)) return good_or(given_up(control));
      }
      looking_ = true;
      has_good = known_.good.catalog != nullptr;
    }
    const Turn turn(*this);
    return take(look(address, control, has_good), address, control);
  }

  std::vector<Diagnostic> diagnostics() const override {
    const Result<std::string> address = options_.address();
    const std::lock_guard lock(mutex_);
    if (!address || *address != known_.address) return {};
    std::vector<Diagnostic> all = known_.good.left_out;
    all.insert(all.end(), known_.copy_faults.begin(), known_.copy_faults.end());
    if (!known_.failure) return all;
    if (known_.failure->code() == ErrorCode::invalid_argument)
      all.push_back({Severity::error, "invalid-registry", words_of(*known_.failure),
                     place_of(*known_.failure, catalog_place(*address))});
    if (known_.good.catalog) all.push_back(stale());
    return all;
  }

 private:
  /// The end of a look, also when it throws.
  struct Turn {
    explicit Turn(CachedRegistry& registry) : registry_(registry) {}
    ~Turn() {
      const std::lock_guard lock(registry_.mutex_);
      registry_.looking_ = false;
      registry_.look_ended_.notify_all();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    CachedRegistry& registry_;
  };

  /// Without another look; none when it is time for one. Under the lock.
  std::optional<Result<Catalog>> known_answer() const {
    const std::int64_t now = options_.clock->steady_us();
    if (!known_.failure && known_.good.catalog && now < known_.fresh_until_us) return known_.good.catalog;
    if (known_.failure && now < known_.retry_at_us) return good_or(*known_.failure);
    return std::nullopt;
  }

  Result<Catalog> good_or(Error error) const {
    if (known_.good.catalog) return known_.good.catalog;
    return fail(std::move(error));
  }

  /// False when the caller can't wait any longer.
  bool wait_for_look(std::unique_lock<std::mutex>& lock, const RegistryControl& control) {
    const auto over = [this] { return !looking_; };
    if (control.deadline) return look_ended_.wait_until(lock, control.stop, *control.deadline, over);
    return look_ended_.wait(lock, control.stop, over);
  }

  static bool is_over(const RegistryControl& control) {
    return control.stop.stop_requested() || (control.deadline && std::chrono::steady_clock::now() >= *control.deadline);
  }
  static Error given_up(const RegistryControl& control) {
    if (control.stop.stop_requested())
      return Error(ErrorCode::cancelled, "waiting for the catalog of the pack registry was cancelled");
    return Error(ErrorCode::timeout, "the catalog of the pack registry did not come before the deadline");
  }

  Look look(const std::string& address, const RegistryControl& control, bool has_good) const {
    Look look;
    look.document = read_anew(address, control, look.copy_faults);
    if (look.document || has_good || !is_remote(address)) return look;
    auto kept = read_kept(*options_.disk, options_.home, address);
    if (kept)
      look.kept = std::move(*kept);
    else
      look.copy_faults.push_back({Severity::warning, "invalid-registry",
                                  "the copy of the registry's catalog can't be used: " + words_of(kept.error()),
                                  place_of(kept.error(), copy_path())});
    return look;
  }

  Result<CatalogDocument> read_anew(const std::string& address, const RegistryControl& control,
                                    std::vector<Diagnostic>& copy_faults) const {
    COWORK_ASSIGN(const std::string text, read_origin(options_, address, control));
    COWORK_ASSIGN(json::Document parsed,
                  json::parse(text, catalog_place(address), catalog_limits, ErrorCode::invalid_argument));
    COWORK_ASSIGN(CatalogDocument document, read_catalog(parsed, parsed.root, {}));
    if (!is_remote(address)) return document;  // a directory of this machine needs no copy
    const auto kept = keep(*options_.disk, options_.home, address, options_.clock->system_ms(), std::move(parsed.root));
    if (!kept)
      copy_faults.push_back({Severity::warning,
                             "registry-not-kept",
                             "no copy of the registry's catalog could be kept: " + words_of(kept.error()),
                             {copy_path(), 0, 0, {}}});
    return document;
  }

  Result<Catalog> take(Look look, const std::string& address, const RegistryControl& control) {
    const std::lock_guard lock(mutex_);
    const bool still_asked = known_.address == address;  // the setting may have changed meanwhile
    Knowledge other(address);
    Knowledge& known = still_asked ? known_ : other;
    known.copy_faults = std::move(look.copy_faults);
    const std::int64_t now = options_.clock->steady_us();
    if (look.document) {
      known.good = std::move(*look.document);
      known.fetched_at_ms = options_.clock->system_ms();
      known.fresh_until_us = now + fresh_us;
      known.failure.reset();
      return known.good.catalog;
    }
    if (look.kept) {
      known.good = std::move(look.kept->document);
      known.fetched_at_ms = look.kept->fetched_at_ms;
    }
    // Whoever does not wait for the answer learns nothing about the registry.
    if (!is_over(control)) {
      known.failure = look.document.error();
      known.retry_at_us = now + retry_us;
    }
    if (known.good.catalog) return known.good.catalog;
    return fail(std::move(look.document).error());
  }

  std::string copy_path() const { return options_.home + "/registry.json"; }
  static SourcePlace place_of(const Error& error, const std::string& file) {
    return error.place().value_or(SourcePlace{file, 0, 0, {}});
  }

  Diagnostic stale() const {
    const std::string age = age_words(options_.clock->system_ms() - known_.fetched_at_ms);
    return {Severity::warning,
            "registry-stale",
            fmt::format("the registry's catalog is that of {} ago, since a newer one can't be had: {}", age,
                        words_of(*known_.failure)),
            {catalog_place(known_.address), 0, 0, {}}};
  }

  RegistryOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable_any look_ended_;
  bool looking_ = false;
  Knowledge known_{{}};
};

}  // namespace

std::shared_ptr<PackRegistry> make_pack_registry(RegistryOptions options) {
  return std::make_shared<CachedRegistry>(std::move(options));
}

}  // namespace cowork::loaders
