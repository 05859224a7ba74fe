// Foreign code never throws past the chain. Private to core/chain.
#pragma once

#include <exception>
#include <string_view>

namespace cowork {

/// Runs foreign code; what it throws becomes `on_exception(what)`.
template <class Function, class OnException>
auto guarded(const Function& function, const OnException& on_exception) -> decltype(function()) {
  try {
    return function();
  } catch (const std::exception& exception) {
    return on_exception(exception.what());
  } catch (...) {
    return on_exception("it threw something that is no std::exception");
  }
}

}  // namespace cowork
