#include "cowork/operation/registry_operations.h"

#include "cowork/base/text.h"

namespace cowork {
namespace {

constexpr std::size_t longest_text = 512;

Result<void> check_length(std::string_view what, std::string_view text) {
  if (text.size() <= longest_text) return {};
  return fail(
      Error::invalid_argument(std::string(what) + " is longer than " + std::to_string(longest_text) + " bytes"));
}

}  // namespace

Result<void> SearchRegistry::validate() const {
  COWORK_TRY(check_length("query", query));
  COWORK_TRY(check_length("category", category));
  if (page < 1) return fail(Error::invalid_argument("page must be at least 1, found " + std::to_string(page)));
  if (page_size < 1 || page_size > largest_page_size) {
    return fail(Error::invalid_argument("pageSize must be from 1 to " + std::to_string(largest_page_size) + ", found " +
                                        std::to_string(page_size)));
  }
  return {};
}

Result<void> GetRegistryDetails::validate() const {
  if (pack_id.empty()) return fail(Error::invalid_argument("packId must not be empty"));
  return check_length("packId", pack_id);
}

}  // namespace cowork
