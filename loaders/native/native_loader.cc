#include "cowork/loaders/native_loader.h"

#include <fmt/format.h>

#include "cowork/base/text.h"
#include "cowork/loaders/checked_library.h"
#include "cowork/loaders/native_start.h"
#include "crash_guard.h"

namespace cowork::loaders {
namespace {

constexpr std::string_view only_isolated = "native code of user packs runs only isolated from the host";

class NativeLoader final : public CodeLoader {
 public:
  explicit NativeLoader(NativeOptions options) : options_(std::move(options)) {}

  std::string refusal(const PackRecord& pack, const TierStatus& tier) const override {
    if (pack.scope == Scope::user) return std::string(only_isolated);
    if (options_.trusted ? options_.trusted(tier) : tier.trusted) return {};
    return fmt::format("native code runs from trusted directories only{}{}", tier.untrusted_reason.empty() ? "" : ": ",
                       tier.untrusted_reason);
  }

  Result<std::shared_ptr<NativePack>> load(const PackRecord& pack, const LockRecord* lock_record) override {
    // refusal() says so before; nothing else may rest on that having been asked.
    if (pack.scope == Scope::user) return fail(Error::internal(std::string(only_isolated)));
    COWORK_ASSIGN(CheckedLibrary library, check_library(*options_.disk, options_.home, pack, lock_record));
    const std::string name(pack.name());
    COWORK_ASSIGN(const auto guard, CrashGuard::enter(options_.disk, options_.home, name, library.sha256));
    COWORK_ASSIGN(StartedCode started, start_native_code(std::move(library.file), library.sha256, library.path,
                                                         surroundings_of(name, library.configuration)));
    return std::move(started.pack);
  }

  void forgive(std::string_view name) override {
    if (is_pack_name(name)) forgive_crashes(*options_.disk, options_.home, std::string(name));
  }

 private:
  PackSurroundings surroundings_of(const std::string& pack, const std::string& configuration) const {
    const auto directory = [disk = options_.disk, path = options_.home + "/data/" + pack]() -> Result<std::string> {
      COWORK_ASSIGN(const auto made, disk->open_or_make(path, 0700));
      return made->path();
    };
    return {options_.log, options_.host_version, pack, configuration, directory};
  }

  NativeOptions options_;
};

}  // namespace

std::shared_ptr<CodeLoader> make_native_loader(NativeOptions options) {
  return std::make_shared<NativeLoader>(std::move(options));
}

}  // namespace cowork::loaders
