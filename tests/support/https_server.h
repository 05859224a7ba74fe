// A server on loopback for tests: tests/support/https_server.py, whose paths say what it can do.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/temporary_directory.h"

namespace cowork::test {

/// Runs from its making to its end. What goes wrong throws. Threads: the const methods by any.
class HttpsServer {
 public:
  enum class Scheme { https, http };
  explicit HttpsServer(Scheme scheme = Scheme::https);
  ~HttpsServer();
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  /// To fill: `files/NAME` is served as /files/NAME, a bare repository `git/NAME` as /git/NAME.
  const TemporaryDirectory& root() const { return root_; }
  int port() const { return port_; }
  /// `localhost:PORT`: what fetch.allowHosts has to name for url().
  std::string authority() const;
  /// `https://localhost:PORT/` and `path`.
  std::string url(std::string_view path) const;
  /// The same by 127.0.0.1, which its certificate names too.
  std::string url_by_address(std::string_view path) const;
  /// What its certificate is checked with; empty for http.
  const std::string& ca_file() const { return ca_file_; }

  struct Seen {
    std::string method;
    std::string path;
    std::string authorization;
  };
  /// Every request so far.
  std::vector<Seen> requests() const;

 private:
  class Process;
  TemporaryDirectory root_;
  TemporaryDirectory state_;
  Scheme scheme_;
  std::unique_ptr<Process> process_;
  int port_ = 0;
  std::string ca_file_;
};

}  // namespace cowork::test
