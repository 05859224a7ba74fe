#include "loaded_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <boost/dll/shared_library.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "cowork/base/text.h"
#include "pack_tag.h"

namespace cowork::loaders {
namespace {

struct Library {
  std::mutex loading;
  std::optional<SealedFile> file;  // kept: a path that is used again would find this library instead of the new one
  boost::dll::shared_library code;
  const cowork_pack_table* table = nullptr;
};

class Libraries {
 public:
  std::shared_ptr<Library> of(const std::string& name, const std::string& sha256) {
    const std::lock_guard lock(mutex_);
    auto& library = all_[{name, sha256}];
    if (!library) library = std::make_shared<Library>();
    return library;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Library>> all_;
};

/// Never destroyed, so that nothing is unloaded when the process ends either.
Libraries& libraries() {
  static Libraries* const all = new Libraries;
  return *all;
}

Error refused(const std::string& shown, const std::string& why) {
  return Error::invalid_manifest("the library of the pack can't be loaded: " + why, SourcePlace{shown, 0, 0, {}});
}

/// What the dynamic linker says of the last failure of this thread, with the library's own path for the one it saw.
std::string linker_message(const std::string& path, const std::string& shown) {
  const char* said = ::dlerror();
  std::string message = said == nullptr ? "the dynamic linker does not say why" : said;
  for (std::size_t at = message.find(path); at != std::string::npos; at = message.find(path, at + shown.size())) {
    message.replace(at, path.size(), shown);
  }
  return printable(message);
}

Result<void> open_library(Library& library, const std::string& shown) {
  namespace mode = boost::dll::load_mode;
  const std::string path = library.file->path();
  boost::system::error_code code;
  library.code.load(path, code, mode::rtld_now | mode::rtld_local);
  if (code) return fail(refused(shown, linker_message(path, shown)));
  return {};
}

Result<void> find_table(Library& library, const std::string& shown) {
  if (!library.code.has(own_pack_tag())) return fail(refused(shown, "its tag is not among what it exports"));
  const auto& table = library.code.get<const cowork_pack_table>(own_pack_tag());
  const bool whole = table.struct_size >= sizeof table && table.api_version == COWORK_PACK_API_VERSION;
  if (!whole || table.start == nullptr || table.stop == nullptr || table.describe == nullptr) {
    return fail(refused(shown, "its table of functions is not whole"));
  }
  library.table = &table;
  return {};
}

}  // namespace

Result<const cowork_pack_table*> load_library(const std::string& name, const std::string& sha256, SealedFile file,
                                              const std::string& shown) {
  const std::shared_ptr<Library> library = libraries().of(name, sha256);
  const std::lock_guard lock(library->loading);
  if (library->table != nullptr) return library->table;
  if (!library->code.is_loaded()) {
    library->file.emplace(std::move(file));
    COWORK_TRY(open_library(*library, shown));
  }
  COWORK_TRY(find_table(*library, shown));
  return library->table;
}

}  // namespace cowork::loaders
