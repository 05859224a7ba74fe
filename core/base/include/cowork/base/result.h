// Result<T>: a value or an Error. An alias of tl::expected, so `if (!result) return tl::unexpected(result.error());`.
#pragma once

#include <tl/expected.hpp>

#include "cowork/base/error.h"

namespace cowork {

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(Error::not_found("..."));` from a function that returns any Result<T>.
inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace cowork

/// Returns the error of `expression` (a Result) from the enclosing function, if it holds one.
#define COWORK_TRY(expression)                                                        \
  do {                                                                                \
    if (auto cowork_try_result = (expression); !cowork_try_result)                    \
      return ::tl::unexpected<::cowork::Error>(std::move(cowork_try_result).error()); \
  } while (false)

#define COWORK_CONCATENATE_INNER(a, b) a##b
#define COWORK_CONCATENATE(a, b) COWORK_CONCATENATE_INNER(a, b)

/// `COWORK_ASSIGN(auto text, read(path));`: assigns the value, or returns the error from the enclosing function.
#define COWORK_ASSIGN(declaration, expression)                                                                 \
  auto COWORK_CONCATENATE(cowork_assign_, __LINE__) = (expression);                                            \
  if (!COWORK_CONCATENATE(cowork_assign_, __LINE__))                                                           \
    return ::tl::unexpected<::cowork::Error>(std::move(COWORK_CONCATENATE(cowork_assign_, __LINE__)).error()); \
  declaration = std::move(*COWORK_CONCATENATE(cowork_assign_, __LINE__))
