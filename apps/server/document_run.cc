#include "document_run.h"

#include "answers.h"

namespace cowork::server {
namespace {

const json::Value no_params;

/// Passes on what asks a call to stop: its peer's end, the server's.
class StopRelay {
 public:
  StopRelay(std::stop_source to, std::stop_token caller, std::stop_token server)
      : caller_(std::move(caller), Ask{to}), server_(std::move(server), Ask{to}) {}

 private:
  struct Ask {
    std::stop_source stop;
    void operator()() { stop.request_stop(); }
  };
  std::stop_callback<Ask> caller_;
  std::stop_callback<Ask> server_;
};

void run_own(const Dispatching& dispatching, const RpcRequest& request, Caller& caller, std::string& text) {
  const Result<json::Value> reply = dispatching.own.call(request, caller);
  if (!reply) return append_error(text, rpc_error_of(reply.error()), reply.error(), {}, request.id_text());
  text += result_head();
  text += json::to_text(*reply);
  append_result_tail(text, {}, request.id_text());
}

void run_operation(Dispatching& dispatching, const RpcRequest& request, const Caller& caller,
                   const std::stop_token& stop, Instant received, std::string& text) {
  std::vector<std::string> warnings;
  CallOptions options;
  options.entry = caller.entry;
  options.actor = caller.actor;
  options.dry_run = request.dry_run;
  options.stop = stop;
  if (request.timeout) options.deadline = received + *request.timeout;
  options.warnings = &warnings;
  const std::size_t before = text.size();
  text += result_head();
  const json::Value& params = request.params ? *request.params : no_params;
  const Result<void> called = dispatching.host.call_text(request.method, params, options, text);
  if (called) return append_result_tail(text, warnings, request.id_text());
  text.resize(before);
  const bool known = dispatching.host.find_operation(request.method) != nullptr;
  append_error(text, known ? rpc_error_of(called.error()) : RpcError::method_not_found, called.error(), warnings,
               request.id_text());
}

Error too_many_calls(std::size_t most) {
  return Error::conflict("this connection has " + std::to_string(most) + " calls under way already")
      .with_why("the server's limit on calls of one connection")
      .with_remedy("wait for one of them to end, or cancel it with host:cancel");
}

Error too_long_answer(std::size_t most) {
  return Error::conflict("the answers of this batch have more than " + std::to_string(most) + " bytes")
      .with_why("the server's limit on what waits for one connection")
      .with_remedy("ask for less in one batch");
}

}  // namespace

Pace pace_of(const Dispatching& dispatching, std::string_view method) noexcept {
  const OperationInfo* info = dispatching.host.find_operation(method);
  return info ? info->pace : Pace::memory;
}

void run_call(Dispatching& dispatching, const RpcRequest& request, Caller& caller, const std::stop_token& stop,
              Instant received, std::string& text) {
  const std::size_t before = text.size();
  try {
    if (OwnMethods::knows(request.method))
      run_own(dispatching, request, caller, text);
    else
      run_operation(dispatching, request, caller, stop, received, text);
  } catch (const std::exception& thrown) {
    text.resize(before);
    append_error(text, RpcError::host, Error::internal(thrown.what()), {}, request.id_text());
  }
  if (!request.id) text.resize(before);
}

DocumentRun::DocumentRun(Dispatching& dispatching, json::Document document, std::shared_ptr<Caller> caller,
                         Answer answer)
    : dispatching_(dispatching),
      document_(std::move(document)),
      batch_(document_.root.is_array()),
      caller_(std::move(caller)),
      answer_(std::move(answer)),
      texts_(batch_ ? document_.root.as_array()->size() : 1) {
  dispatching_.under_way.enter();
}

DocumentRun::~DocumentRun() {
  dispatching_.under_way.leave();
}

bool DocumentRun::begin() {
  if (!advance(Thread::caller)) return false;
  finish_part();
  return true;
}

bool DocumentRun::advance(Thread thread) {
  for (; next_ < texts_.size(); ++next_)
    if (!begin_call(next_, thread)) return false;
  return true;
}

bool DocumentRun::begin_call(std::size_t index, Thread thread) {
  const json::Value& value = batch_ ? (*document_.root.as_array())[index] : document_.root;
  const Result<RpcRequest> request = read_request(value);
  if (!request) {
    put(index, error_text(RpcError::invalid_request, request.error(), id_text_of(value)));
    return true;
  }
  if (batch_ && bytes_ > dispatching_.limits.pending_output) {
    const Error error = too_long_answer(dispatching_.limits.pending_output);
    if (request->id) put(index, error_text(RpcError::host, error, request->id_text()));
    return true;
  }
  const Pace pace = pace_of(dispatching_, request->method);
  if (pace == Pace::unbounded) {
    begin_aside(index, *request);
  } else if (pace == Pace::memory) {
    std::string text;
    run_call(dispatching_, *request, *caller_, dispatching_.stop_token, received_, text);
    put(index, std::move(text));
  } else if (thread == Thread::worker) {
    run_on_worker(index, *request);
  } else {
    dispatching_.workers.run([self = shared_from_this()] {
      self->advance(Thread::worker);
      self->finish_part();
      self->caller_->proceed();
    });
    return false;
  }
  return true;
}

void DocumentRun::run_on_worker(std::size_t index, const RpcRequest& request) {
  std::stop_source stop;
  const StopRelay relay(stop, caller_->stop.get_token(), dispatching_.stop.get_token());
  std::string text;
  run_call(dispatching_, request, *caller_, stop.get_token(), received_, text);
  put(index, std::move(text));
}

void DocumentRun::begin_aside(std::size_t index, const RpcRequest& request) {
  std::stop_source stop;
  const std::string id = request.id ? request.id_text() : std::string();
  const std::size_t most = dispatching_.limits.calls_of_connection;
  if (!caller_->calls.begin(id, stop, most)) {
    if (request.id) put(index, error_text(RpcError::host, too_many_calls(most), id));
    return;
  }
  open_.fetch_add(1);
  caller_->turns.run(dispatching_.unbounded, [self = shared_from_this(), index, request, stop] {
    self->run_aside(index, request, stop);
    self->finish_part();
  });
}

void DocumentRun::run_aside(std::size_t index, const RpcRequest& request, std::stop_source stop) {
  const StopRelay relay(stop, caller_->stop.get_token(), dispatching_.stop.get_token());
  std::string text;
  run_call(dispatching_, request, *caller_, stop.get_token(), received_, text);
  caller_->calls.end(stop);
  put(index, std::move(text));
}

void DocumentRun::put(std::size_t index, std::string text) {
  bytes_.fetch_add(text.size());
  texts_[index] = std::move(text);
}

void DocumentRun::finish_part() {
  if (open_.fetch_sub(1) == 1) answer_(whole());
}

std::string DocumentRun::whole() {
  if (!batch_) return std::move(texts_.front());
  std::string text;
  text.reserve(bytes_ + texts_.size() + 2);
  for (const std::string& one : texts_) {
    if (one.empty()) continue;
    text += text.empty() ? '[' : ',';
    text += one;
  }
  if (!text.empty()) text += ']';
  return text;
}

}  // namespace cowork::server
