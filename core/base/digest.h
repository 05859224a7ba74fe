// What only core/base asks of libsodium.
#pragma once

#include <cstdint>
#include <string_view>

namespace cowork {

/// SipHash under a key drawn once per process: nobody can choose keys that collide.
std::uint64_t keyed_hash(std::string_view bytes);

}  // namespace cowork
