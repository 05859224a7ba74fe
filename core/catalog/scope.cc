#include "cowork/catalog/scope.h"

namespace cowork {

std::string_view to_string(Scope scope) noexcept {
  switch (scope) {
    case Scope::builtin:
      return "builtin";
    case Scope::organization:
      return "organization";
    case Scope::user:
      return "user";
  }
  return "user";
}

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

}  // namespace cowork
