#include "cowork/loaders/checked_library.h"

#include <fmt/format.h>

#include "configuration.h"
#include "cowork/base/text.h"
#include "cowork/native/pack_api.h"
#include "elf_check.h"
#include "pack_library.h"
#include "pack_tag.h"

namespace cowork::loaders {
namespace {

Result<void> check_tag(const PackLibrary& library, const PackRecord& pack) {
  std::optional<std::string> fault = fault_of_tag(library.bytes);
  if (!fault && !exports_object(library.bytes, own_pack_tag(), sizeof(cowork_pack_table))) {
    fault = "its tag is not among what it exports";
  }
  if (!fault) return {};
  return fail(Error::invalid_manifest(
                  fmt::format("{} is no library of a pack for this host: {}", quoted(pack.manifest.main), *fault),
                  SourcePlace{library.path, 0, 0, {}})
                  .with_remedy("build the pack again, with this host's headers"));
}

}  // namespace

Result<CheckedLibrary> check_library(const Disk& disk, const std::string& home, const PackRecord& pack,
                                     const LockRecord* lock_record) {
  COWORK_ASSIGN(PackLibrary library, read_pack_library(disk, pack, lock_record));
  COWORK_TRY(check_tag(library, pack));
  const std::string name(pack.name());
  COWORK_ASSIGN(SealedFile sealed, SealedFile::make(name, library.bytes));
  COWORK_ASSIGN(std::string configuration,
                read_configuration(disk, home, name, library.manifest.document.find("configSchema")));
  return CheckedLibrary{std::move(sealed), std::move(library.sha256), std::move(library.path),
                        std::move(configuration)};
}

}  // namespace cowork::loaders
