// The host's view of a started instance: its tools, events and interceptors.
#pragma once

#include <memory>

#include "cowork/host/native_code.h"
#include "cowork/loaders/native_start.h"
#include "native_instance.h"

namespace cowork::loaders {

/// Asks the instance what it brings. Errors: internal.
Result<StartedCode> make_native_pack(std::shared_ptr<NativeInstance> instance);

/// The interceptor at `index` of the instance, by the name `<pack>/<name>`. It keeps the instance.
std::shared_ptr<Interceptor> make_pack_interceptor(std::shared_ptr<NativeInstance> instance, std::uint32_t index,
                                                   std::string_view name);

}  // namespace cowork::loaders
