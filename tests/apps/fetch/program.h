// Fetches with the real cowork-fetch.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cowork/loaders/fetcher.h"
#include "support/catch.h"
#include "support/https_server.h"
#include "support/temporary_directory.h"

namespace cowork::fetch::test {

using cowork::test::HttpsServer;
using cowork::test::TemporaryDirectory;

/// What came of a fetch.
struct Fetched {
  std::optional<FetchResult> result;
  std::optional<Error> error;
  std::vector<std::string> tree;  ///< in the order of the frames; directories end with '/', programs with '*'
  std::map<std::string, std::string> contents;
  std::vector<std::string> phases;  ///< each once
};

/// Options as the tests need them: the built program, clocks that a test can wait for.
loaders::FetchOptions quick_options();
/// With the server as the one allowed host.
loaders::FetchOptions options_for(const HttpsServer& server);

Fetched fetch(const loaders::FetchOptions& options, const FetchRequest& request, const FetchControl& control = {});
Fetched fetch_url(const loaders::FetchOptions& options, std::string address, std::string sha256 = {});
/// The bytes as an archive of this machine.
Fetched fetch_archive(std::string_view bytes, loaders::FetchOptions options = quick_options());

/// Fails the test unless the fetch failed so.
void check_refused(const Fetched& fetched, ErrorCode code, const std::string& message, const std::string& why = {});
/// Fails the test unless the fetch brought this tree.
void check_tree(const Fetched& fetched, const std::vector<std::string>& tree);

inline const std::string manifest = R"({"name":"tea"})";

}  // namespace cowork::fetch::test
