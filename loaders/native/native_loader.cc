#include "cowork/loaders/native_loader.h"

#include <fmt/format.h>

#include "configuration.h"
#include "cowork/base/text.h"
#include "crash_guard.h"
#include "elf_check.h"
#include "loaded_library.h"
#include "native_pack.h"
#include "pack_library.h"
#include "pack_tag.h"

namespace cowork::loaders {
namespace {

constexpr std::string_view only_isolated =
    "native code of user packs runs only isolated from the host, which this version can't do yet";

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
    COWORK_ASSIGN(const PackLibrary library, read_pack_library(*options_.disk, pack, lock_record));
    COWORK_ASSIGN(SealedFile sealed, SealedFile::make(pack.name(), library.bytes));
    COWORK_TRY(check_tag(library, sealed, pack));
    COWORK_ASSIGN(std::string configuration, read_configuration(*options_.disk, options_.home, pack.name(),
                                                                library.manifest.document.find("configSchema")));
    const std::string sha256 = sha256_hex(library.bytes);
    COWORK_ASSIGN(const auto guard, CrashGuard::enter(options_.disk, options_.home, pack.name(), sha256));
    COWORK_ASSIGN(const cowork_pack_table* const table,
                  load_library(pack.name(), sha256, std::move(sealed), library.path));
    COWORK_ASSIGN(auto instance,
                  NativeInstance::start(*table, {options_.disk, options_.log, options_.home, options_.host_version,
                                                 pack.name(), std::move(configuration)}));
    return make_native_pack(std::move(instance));
  }

  void forgive(std::string_view name) override {
    if (is_pack_name(name)) forgive_crashes(*options_.disk, options_.home, std::string(name));
  }

 private:
  static Result<void> check_tag(const PackLibrary& library, const SealedFile& sealed, const PackRecord& pack) {
    std::optional<std::string> fault = fault_of_tag(sealed.path());
    if (!fault && !exports_object(library.bytes, own_pack_tag(), sizeof(cowork_pack_table))) {
      fault = "its tag is not among what it exports";
    }
    if (!fault) return {};
    return fail(Error::invalid_manifest(
                    fmt::format("{} is no library of a pack for this host: {}", quoted(pack.manifest.main), *fault),
                    SourcePlace{library.path, 0, 0, {}})
                    .with_remedy("build the pack again, with this host's headers"));
  }

  NativeOptions options_;
};

}  // namespace

std::shared_ptr<CodeLoader> make_native_loader(NativeOptions options) {
  return std::make_shared<NativeLoader>(std::move(options));
}

}  // namespace cowork::loaders
