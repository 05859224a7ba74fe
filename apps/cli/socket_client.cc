// A host in another process: JSON-RPC 2.0 over its Unix socket, one call at a time.
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "client.h"
#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"
#include "cowork/operation/parameters.h"
#include "cowork/server/error_data.h"
#include "json_fields.h"
#include "local_path.h"
#include "server_connection.h"
#include "standard_options.h"

namespace cowork::cli {
namespace {

constexpr json::Limits reply_limits{ServerConnection::longest_line, 16'000'000};
constexpr std::string_view progress_event = "install-progress";

/// Readable as soon as a token asks to stop.
class Alarm {
 public:
  explicit Alarm(const std::stop_token& stop)
      : event_(stop.stop_possible() ? ::eventfd(0, EFD_CLOEXEC) : -1), callback_(stop, Ring{event_.get()}) {}
  /// -1: it never rings.
  int descriptor() const noexcept { return event_.get(); }

 private:
  struct Ring {
    int event;
    void operator()() const noexcept {
      const std::uint64_t one = 1;
      if (event >= 0 && ::write(event, &one, sizeof one) < 0) return;  // it has rung already
    }
  };
  Descriptor event_;
  std::stop_callback<Ring> callback_;
};

/// Whether an event is about what `params` ask for: a server tells of everybody's installs.
bool concerns(const json::Value& event, std::string_view operation, const json::Value& params) {
  if (text_of(event, "operation") != operation) return false;
  const std::string subject = text_of(event, "subject");
  const auto names_it = [&](const json::Value& value) {
    const std::string* text = value.as_string();
    return text && (*text == subject || masked_address(*text) == subject);
  };
  if (const json::Array* items = params.as_array()) return std::any_of(items->begin(), items->end(), names_it);
  const json::Object* members = params.as_object();
  return members && std::any_of(members->begin(), members->end(),
                                [&](const json::Member& member) { return names_it(member.value); });
}

class SocketClient : public Client {
 public:
  SocketClient(ServerConnection connection, bool dry_run) : connection_(std::move(connection)), dry_run_(dry_run) {}

  Result<json::Value> call(std::string_view operation, const json::Value& params,
                           std::vector<std::string>& warnings) override {
    if (broken_) return fail(*broken_);
    // A server would take such a request for none; a host names the fault.
    if (!params.is_null() && !params.is_array() && !params.is_object()) COWORK_TRY(Parameters(params, {}).finish());
    Result<json::Value> response = exchange(operation, params);
    if (!response) {
      // Nothing that comes after could be told from the rest of this.
      broken_ = response.error();
      return fail(*broken_);
    }
    for (std::string& warning : strings_of(member_of(*response, "warnings"))) warnings.push_back(std::move(warning));
    if (const json::Value* error = response->find("error"))
      return fail(server::error_from(text_of(*error, "message"), member_of(*error, "data")));
    json::Value* result = response->find("result");
    return result ? std::move(*result) : json::Value();
  }

 private:
  /// The response to a call; events and other responses that come before it are dealt with.
  Result<json::Value> exchange(std::string_view operation, const json::Value& params) {
    const bool watched = static_cast<bool>(progress_);
    if (watched)
      COWORK_TRY(request("host:subscribe", json::Value::object({{"events", json::Value::array({progress_event})}})));
    COWORK_TRY(request(operation, params, dry_run_));
    COWORK_ASSIGN(json::Value response, await(last_id_, operation, params));
    if (watched) COWORK_TRY(request("host:unsubscribe", {}));
    return response;
  }

  Result<void> request(std::string_view method, const json::Value& params, bool dry_run = false) {
    json::Value document = json::Value::object({{"jsonrpc", "2.0"}, {"id", ++last_id_}, {"method", method}});
    if (!params.is_null()) document.set("params", params);
    if (dry_run) document.set("options", json::Value::object({{"dryRun", true}}));
    return connection_.send_line(json::to_text(document));
  }

  Result<json::Value> await(std::int64_t id, std::string_view operation, const json::Value& params) {
    const Alarm alarm(stop_);
    int wake = alarm.descriptor();
    for (;;) {
      COWORK_ASSIGN(const std::optional<std::string> line, connection_.read_line(wake));
      if (!line) {
        wake = -1;
        COWORK_TRY(request("host:cancel", json::Value::object({{"id", id}})));
        continue;
      }
      COWORK_ASSIGN(json::Value message, read(*line));
      if (message.find("method"))
        tell(message, operation, params);
      else if (answers(message, id))
        return message;
    }
  }

  static Result<json::Value> read(const std::string& line) {
    Result<json::Document> document = json::parse(line, "<answer>", reply_limits, ErrorCode::io);
    if (document && document->root.is_object()) return std::move(document->root);
    return fail(Error::io("the server does not answer as one of cowork does")
                    .with_why(document ? "its answer is no JSON object" : document.error().message())
                    .with_remedy("see what listens there, and whether its version is this one's: cowork version"));
  }

  /// An error without an id is about what could not be read as a request, and only one is under way.
  static bool answers(const json::Value& message, std::int64_t id) {
    const json::Value& answered = member_of(message, "id");
    return answered.as_int64() == id || (answered.is_null() && message.find("error"));
  }

  void tell(const json::Value& message, std::string_view operation, const json::Value& params) {
    const json::Value& data = member_of(message, "params");
    if (progress_ && text_of(message, "method") == progress_event && concerns(data, operation, params)) progress_(data);
  }

  ServerConnection connection_;
  bool dry_run_;
  std::int64_t last_id_ = 0;
  std::optional<Error> broken_;
};

/// The socket that `cowork serve` makes by itself needs no name.
Result<Error> no_server(const GlobalOptions& options, const std::string& path) {
  COWORK_ASSIGN(const StandardHostOptions host, standard_options(options));
  const auto word = [](const std::string& text) { return shell_word(printable(text)); };
  if (path != standard_paths(host).socket)
    return Error::io("no server is running at this socket").with_remedy("cowork serve --socket " + word(path));
  return Error::io("no server is running for this home")
      .with_remedy("cowork serve" + (options.home.empty() ? "" : " --home " + word(host.home)));
}

}  // namespace

Result<std::unique_ptr<Client>> make_socket_client(const GlobalOptions& options) {
  COWORK_ASSIGN(const std::string path, absolute_path(options.connect));
  COWORK_ASSIGN(Error without, no_server(options, path));
  COWORK_ASSIGN(ServerConnection connection, ServerConnection::open(path, std::move(without)));
  return std::make_unique<SocketClient>(std::move(connection), options.dry_run);
}

Result<std::unique_ptr<Client>> make_client(const GlobalOptions& options) {
  return options.connect.empty() ? make_local_client(options) : make_socket_client(options);
}

}  // namespace cowork::cli
