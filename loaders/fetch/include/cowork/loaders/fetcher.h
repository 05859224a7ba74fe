// Fetching in a process of its own: the host's side. What is fetched is parsed by the program `cowork-fetch`, so that
// neither a fault of a parser nor the libraries for it are in the host.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cowork/host/fetching.h"

namespace cowork::loaders {

/// host.json `fetch`: what the machine allows besides https to public addresses.
struct FetchSettings {
  std::string proxy;  ///< an http or https address; empty: none, whatever the environment says
  /// `host` or `host:port`, exact but for case: may have an address that is not public, and is sent the token.
  std::vector<std::string> allow_hosts;
  std::string ca_file;      ///< absolute path of PEM certificates, which take the place of the system's; empty: those
  std::string token_file;   ///< absolute path; its one line is sent as bearer token to allow_hosts over https
  bool allow_http = false;  ///< http too, for addresses whose content is pinned by a sha256
};

struct FetchLimits {
  std::uint64_t download_bytes = 64ULL << 20U;   ///< of an archive, a manifest, or what git stores
  std::uint64_t unpacked_bytes = 256ULL << 20U;  ///< of all files together
  std::uint64_t entries = 10'000;                ///< files and directories
  std::uint64_t ratio = 200;                     ///< unpacked to packed, beyond the first MiB
  std::uint64_t memory_bytes = 2ULL << 30U;      ///< address space of each process
  std::chrono::milliseconds total{std::chrono::minutes(5)};
  std::chrono::milliseconds stall{std::chrono::seconds(30)};  ///< without a byte from the other side
};

struct FetchOptions {
  std::string program;  ///< absolute path of cowork-fetch
  FetchSettings settings;
  FetchLimits limits;
};

/// A fetcher that starts `options.program` for each fetch, in a process group of its own and with an environment of
/// its own, and kills the whole group when the fetch is over, however it ends. Nothing is looked at before the first
/// fetch: a program that is missing is an error (io) of fetch(). What fetch() answers besides PackFetcher's errors: io
/// when the program ends without an answer or answers what the protocol does not know.
/// Threads: any. The caller's thread must live until fetch() returns, since the program dies with it.
std::shared_ptr<PackFetcher> make_pack_fetcher(FetchOptions options);

}  // namespace cowork::loaders
