// docs/embedding.md: an application that serves its own host.
#include <unistd.h>

#include <filesystem>

// [serve]
#include <iostream>

#include "cowork/assembly/standard_host.h"
#include "cowork/server/server.h"

/// Serves `host` until stop() is called; the host outlives the server.
cowork::Result<cowork::server::Server> serve(cowork::PluginHost& host, const std::string& directory) {
  cowork::server::ServerOptions options;
  options.socket_path = directory + "/host.sock";
  options.http_port = 0;  // one that is free
  auto server = cowork::server::Server::start(host, options);
  if (server) std::cout << server->http_address() << '\n';
  return server;
}
// [/serve]

int main() {
  auto host = cowork::start_standard_host({});
  if (!host) return 1;
  const std::string directory = std::filesystem::temp_directory_path() / ("cowork-serve-" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  auto server = serve(*host, directory);
  const bool listens = server && std::filesystem::exists(server->socket_path());
  if (server) server->stop();
  std::filesystem::remove_all(directory);
  return listens ? 0 : 1;
}
