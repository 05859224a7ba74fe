// One document on its way: its calls begin in their order, each on the thread that its pace asks for.
//
// Threads: the caller's, then workers', then those of its unbounded calls. Ownership: kept by whoever runs a part of
// it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "call_threads.h"
#include "cowork/base/json_reader.h"
#include "dispatcher.h"
#include "own_methods.h"
#include "request.h"
#include "under_way.h"

namespace cowork::server {

/// What all documents of one dispatcher share.
struct Dispatching {
  Dispatching(PluginHost& served, const ServerOptions& options, OwnMethods own_methods)
      : host(served), limits(options.limits), own(std::move(own_methods)), workers(options.workers) {}

  /// What may take minutes, of all connections together.
  static constexpr std::size_t most_unbounded = 32;

  PluginHost& host;
  const Limits limits;
  const OwnMethods own;
  UnderWay under_way;
  std::stop_source stop;
  const std::stop_token stop_token = stop.get_token();
  std::atomic<bool> stop_asked{false};
  CallThreads workers;
  CallThreads unbounded{most_unbounded};
};

/// What a call may wait for; methods of the server itself and unknown ones wait for nothing.
Pace pace_of(const Dispatching& dispatching, std::string_view method) noexcept;

using Instant = std::chrono::steady_clock::time_point;

/// Runs one call and appends its answer to `text`; nothing for a notification.
void run_call(Dispatching& dispatching, const RpcRequest& request, Caller& caller, const std::stop_token& stop,
              Instant received, std::string& text);

class DocumentRun : public std::enable_shared_from_this<DocumentRun> {
 public:
  /// `document` is a request that can't be answered on the spot, or a batch.
  DocumentRun(Dispatching& dispatching, json::Document document, std::shared_ptr<Caller> caller, Answer answer);
  ~DocumentRun();

  /// False: the caller's next document has to wait for Caller::proceed().
  bool begin();

 private:
  enum class Thread { caller, worker };
  /// False when the rest went to a worker.
  bool advance(Thread thread);
  bool begin_call(std::size_t index, Thread thread);
  void run_on_worker(std::size_t index, const RpcRequest& request);
  void begin_aside(std::size_t index, const RpcRequest& request);
  void run_aside(std::size_t index, const RpcRequest& request, std::stop_source stop);
  void put(std::size_t index, std::string text);
  void finish_part();
  std::string whole();

  Dispatching& dispatching_;
  const json::Document document_;
  const bool batch_;
  const std::shared_ptr<Caller> caller_;
  const Answer answer_;
  const Instant received_ = std::chrono::steady_clock::now();
  std::vector<std::string> texts_;
  std::size_t next_ = 0;
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::size_t> open_{1};  // calls that have begun and not ended; one more until all have begun
};

}  // namespace cowork::server
