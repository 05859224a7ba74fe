// JSON-RPC 2.0: documents in, answers out. Knows no transport. Private to apps/server.
//
// Threads: any. Ownership: shared by all transports of one server; the host is borrowed.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "call_threads.h"
#include "calls_under_way.h"
#include "cowork/host/plugin_host.h"
#include "cowork/server/server.h"

namespace cowork::server {

/// Who asks: one connection, or one HTTP request. The transport owns it and keeps it alive while calls run.
class Caller {
 public:
  virtual ~Caller() = default;
  std::string entry;        ///< CallOptions::entry: `socket`, `stdio`, `http`
  std::string actor;        ///< CallOptions::actor
  std::stop_source stop{};  ///< asked to stop when the peer has gone or the server gives up waiting
  CallsUnderWay calls;      ///< the dispatcher's: what host:cancel finds
  CallTurns turns;          ///< the dispatcher's: of what may take minutes

  /// The methods of the server itself. Events that `names` lists (empty: all) from now on; false: this transport has
  /// none.
  virtual bool subscribe(const std::vector<std::string>& names) = 0;
  virtual void unsubscribe() = 0;
  /// Called once after carry_out() has returned Carried::in_order, or is about to: the next document may be given.
  /// Whatever thread.
  virtual void proceed() {}
};

/// Called once, on whatever thread, with the text of the answer; empty when there is nothing to say (notifications).
using Answer = std::function<void(std::string text)>;

/// What became of a document.
enum class Carried : std::uint8_t {
  answered,   ///< on the spot
  under_way,  ///< `answer` was or will be called; the next document may be given at once
  in_order,   ///< the same; but the next document not before Caller::proceed() was called
};

class Dispatcher {
 public:
  virtual ~Dispatcher() = default;
  /// Carries out one document: a request, a notification, or a batch. Calls of a document begin in their order, by the
  /// rules of docs/serving.md ("Which thread runs a call"). What can be answered on the spot is appended to `output`,
  /// and `answer` is not called; else a copy of `answer` is, once. (proceed() does not come after `answer`, and long
  /// before it where a batch has calls that nobody waits for.)
  virtual Carried carry_out(std::string_view document, const std::shared_ptr<Caller>& caller, std::string& output,
                            const Answer& answer) = 0;
  /// Waits until no call is under way, at most until `grace` is over; then asks them to stop and waits on. To be called
  /// before the dispatcher goes, by a thread that is no caller's: no thread of its own is left then.
  virtual void drain(std::chrono::milliseconds grace) = 0;
  /// Asks all calls to stop: those under way, and those to come.
  virtual void ask_to_stop() = 0;
};

/// `console_address` answers host:openConsole; it may be empty.
std::shared_ptr<Dispatcher> make_dispatcher(PluginHost& host, const ServerOptions& options,
                                            std::function<Result<std::string>()> console_address);

/// The text of an event, as a notification.
std::string event_text(const Event& event);

}  // namespace cowork::server
