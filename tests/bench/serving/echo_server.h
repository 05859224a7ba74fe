// The baseline: a bare Boost.Asio server that answers every line with a text of a fixed length. It reads what there is
// and writes all answers of one read together, as any good server would; it looks at nothing but line feeds.
#pragma once

#include <cstddef>
#include <string>

namespace cowork::bench {

/// Serves the Unix socket `path` in the calling thread until the process ends. `ready` is written to when it listens.
[[noreturn]] void run_echo_server(const std::string& path, std::size_t answer_bytes, int ready);

}  // namespace cowork::bench
