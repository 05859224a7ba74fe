// A host with packs made up by the test and operations that wait, fail and answer at length, served on a Unix socket.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/host/small_host.h"
#include "cowork/server/server.h"
#include "support/json_at.h"
#include "support/rpc_client.h"
#include "support/temporary_directory.h"

namespace cowork::test {

/// What the test's operations wait for. Threads: any. Waits end after 20 s with an exception.
class Gate {
 public:
  /// Called by an operation: waits until `name` is opened; false when the call was asked to stop.
  bool pass(const std::string& name, const CallOptions& options);
  void open(const std::string& name);
  /// Until so many calls have come to `name`.
  void wait_for(const std::string& name, std::size_t count = 1);
  /// Until so many calls at `name` have ended.
  void wait_for_end(const std::string& name, std::size_t count = 1);
  std::size_t came(const std::string& name);
  std::size_t most_at_once() const { return most_at_once_; }
  /// Entries and actors of the calls, in their order.
  std::vector<std::string> callers();

 private:
  void wait(const std::function<bool()>& holds);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<std::string> open_;
  std::map<std::string, std::size_t> came_, ended_;
  std::vector<std::string> callers_;
  std::size_t inside_ = 0;
  std::atomic<std::size_t> most_at_once_{0};
};

/// Operations of the host, by these names:
///   test:wait {name}      unbounded; until the gate is open; `cancelled` when it is asked to stop
///   test:store {name}     the same, but at the disk's pace
///   test:look {name}      the same, in memory
///   test:fail {code}      an error of this code, with everything that an error may have
///   test:bulk {bytes}     a text of so many bytes, in memory
///   test:emit             tells a `diagnostic` event before it answers, in memory
///   test:warn             succeeds with the warning "careful"
class Served {
 public:
  /// `change` sets options before the start.
  explicit Served(const std::function<void(server::ServerOptions&)>& change = {});

  std::string socket() const { return directory.path("run/test.sock"); }
  server::ServerOptions options() const;

  TemporaryDirectory directory;
  SmallHost small;
  Gate gate;
  PluginHost host;
  std::optional<server::Server> server;

 private:
  PluginHost start_host();
};

}  // namespace cowork::test
