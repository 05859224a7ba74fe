#include "dispatcher.h"

#include "answers.h"
#include "document_run.h"

namespace cowork::server {
namespace {

Error too_many_requests(std::size_t found, std::size_t most) {
  return Error::invalid_argument("a batch of " + std::to_string(found) + " requests is more than " +
                                 std::to_string(most))
      .with_why("the server's limit on batches; nothing of it was carried out")
      .with_remedy("send it in parts");
}

/// For as long as a document is carried out on the spot.
class Staying {
 public:
  explicit Staying(UnderWay& under_way) : under_way_(under_way) { under_way_.enter(); }
  ~Staying() { under_way_.leave(); }
  Staying(const Staying&) = delete;
  Staying& operator=(const Staying&) = delete;

 private:
  UnderWay& under_way_;
};

class RpcDispatcher final : public Dispatcher {
 public:
  RpcDispatcher(PluginHost& host, const ServerOptions& options, OwnMethods own)
      : dispatching_(host, options, std::move(own)),
        json_limits_{options.limits.request_bytes, json::request_limits.max_values, json::request_limits.max_depth} {}

  Carried carry_out(std::string_view text, const std::shared_ptr<Caller>& caller, std::string& output,
                    const Answer& answer) override {
    const Staying staying(dispatching_.under_way);
    Result<json::Document> document = json::parse(text, "<request>", json_limits_, ErrorCode::invalid_argument);
    if (!document) return refuse(output, RpcError::parse, document.error());
    if (document->root.is_array()) return carry_out_batch(std::move(*document), caller, output, answer);
    const Result<RpcRequest> request = read_request(document->root);
    if (!request) return refuse(output, RpcError::invalid_request, request.error(), id_text_of(document->root));
    if (pace_of(dispatching_, request->method) != Pace::memory) return begin(std::move(*document), caller, answer);
    const Instant now = request->timeout ? std::chrono::steady_clock::now() : Instant();
    // The caller's own thread runs it: nobody could notice meanwhile that the peer has gone.
    run_call(dispatching_, *request, *caller, dispatching_.stop_token, now, output);
    return Carried::answered;
  }

  void drain(std::chrono::milliseconds grace) override {
    if (!dispatching_.under_way.wait(std::chrono::steady_clock::now() + grace, dispatching_.stop_asked)) {
      ask_to_stop();
      const std::atomic<bool> never{false};
      dispatching_.under_way.wait({}, never);
    }
    // Here, since the last one who lets go of the dispatcher may be one of these threads.
    dispatching_.workers.close();
    dispatching_.unbounded.close();
  }

  void ask_to_stop() override {
    dispatching_.stop_asked = true;
    dispatching_.stop.request_stop();
    dispatching_.under_way.wake();
  }

 private:
  static Carried refuse(std::string& output, RpcError number, const Error& error, std::string_view id = "null") {
    append_error(output, number, error, {}, id);
    return Carried::answered;
  }

  Carried begin(json::Document document, const std::shared_ptr<Caller>& caller, const Answer& answer) {
    const auto run = std::make_shared<DocumentRun>(dispatching_, std::move(document), caller, answer);
    return run->begin() ? Carried::under_way : Carried::in_order;
  }

  Carried carry_out_batch(json::Document document, const std::shared_ptr<Caller>& caller, std::string& output,
                          const Answer& answer) {
    const std::size_t found = document.root.as_array()->size();
    const std::size_t most = dispatching_.limits.batch;
    if (found == 0)
      return refuse(output, RpcError::invalid_request, Error::invalid_argument("a batch must not be empty"));
    if (found > most) return refuse(output, RpcError::invalid_request, too_many_requests(found, most));
    return begin(std::move(document), caller, answer);
  }

  Dispatching dispatching_;
  const json::Limits json_limits_;
};

}  // namespace

std::shared_ptr<Dispatcher> make_dispatcher(PluginHost& host, const ServerOptions& options,
                                            std::function<Result<std::string>()> console_address) {
  return std::make_shared<RpcDispatcher>(host, options, OwnMethods(std::move(console_address), options.log));
}

}  // namespace cowork::server
