#include "standard_options.h"

#include "local_path.h"

namespace cowork::cli {

Result<StandardHostOptions> standard_options(const GlobalOptions& options) {
  StandardHostOptions result;
  if (!options.home.empty()) {
    COWORK_ASSIGN(result.home, absolute_path(options.home));
  }
  if (!options.builtin.empty()) {
    COWORK_ASSIGN(result.builtin_directory, absolute_path(options.builtin));
  }
  return result;
}

}  // namespace cowork::cli
