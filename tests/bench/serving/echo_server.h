// The baseline: a bare Boost.Asio server that answers every line with a text of a fixed length. It looks at nothing but
// line feeds.
#pragma once

#include <cstddef>
#include <string>

namespace cowork::bench {

/// All answers to what one read brought in one write, as a server that is made for it does; or message by message, as
/// Boost.Asio's own examples do.
enum class Writes { gathered, each };

/// Serves the Unix socket `path` in the calling thread until the process ends. `ready` is written to when it listens.
[[noreturn]] void run_echo_server(const std::string& path, std::size_t answer_bytes, Writes writes, int ready);

}  // namespace cowork::bench
