// Shell lines that run what they fetch.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cowork::content_scan {

struct NetworkPipe {
  std::size_t offset = 0;  ///< of the word that runs what was fetched, or fetches what is run
  std::string fetches;     ///< such as `curl`
  std::string runs;        ///< such as `sh`
};

/// The first place where `script` (of a POSIX shell or of PowerShell) gives what comes from the network to an
/// interpreter: `curl … | sh`, `bash <(curl …)`, `bash <<<"$(curl …)"`, `eval "$(wget …)"`, `iex (irm …)`. Reads it as
/// a shell would take it apart; what it does not follow: variables, and files that are fetched by one command and run
/// by another.
std::optional<NetworkPipe> find_network_pipe(std::string_view script);

}  // namespace cowork::content_scan
