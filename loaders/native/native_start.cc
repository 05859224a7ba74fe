#include "cowork/loaders/native_start.h"

#include "loaded_library.h"
#include "native_pack.h"

namespace cowork::loaders {

Result<StartedCode> start_native_code(SealedFile library, const std::string& sha256, const std::string& shown,
                                      PackSurroundings surroundings) {
  COWORK_ASSIGN(const cowork_pack_table* const table,
                load_library(surroundings.pack, sha256, std::move(library), shown));
  COWORK_ASSIGN(auto instance, NativeInstance::start(*table, std::move(surroundings)));
  return make_native_pack(std::move(instance));
}

}  // namespace cowork::loaders
