#include "work.h"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <utility>

namespace cowork::runner {
namespace {

std::int64_t id_of(const json::Value& request) {
  const json::Value* id = request.find("id");
  return id != nullptr ? id->as_int64().value_or(0) : 0;
}

std::string text_of(const json::Value& request, std::string_view member) {
  const json::Value* value = request.find(member);
  const std::string* text = value != nullptr ? value->as_string() : nullptr;
  return text != nullptr ? *text : std::string();
}

json::Value value_of(const json::Value& request, std::string_view member) {
  const json::Value* value = request.find(member);
  return value != nullptr ? *value : json::Value();
}

}  // namespace

Work::Work(Connection& connection, std::shared_ptr<NativePack> pack)
    : connection_(connection), pack_(std::move(pack)) {}

Work::~Work() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  for (std::thread& reader : readers_) reader.join();
  if (event_thread_.joinable()) event_thread_.join();
}

void Work::serve() {
  while (const auto call = next_call()) run_call(*call);
}

std::optional<Work::Call> Work::next_call() {
  const std::lock_guard turn(reading_);
  {
    const std::lock_guard lock(mutex_);
    --waiting_;
  }
  while (!ended_) {
    auto frame = connection_.read();
    if (!frame) ::_exit(EXIT_FAILURE);
    if (frame->name == "call") return begin_call(std::move(frame->content));
    if (frame->name == "cancel") cancel(frame->content);
    if (frame->name == "event") event(frame->content);
    ended_ = frame->name == "stop";
  }
  return std::nullopt;
}

Work::Call Work::begin_call(json::Value request) {
  Call call{id_of(request), text_of(request, "tool"), {}, {}};
  if (json::Value* input = request.find("input")) call.input = std::move(*input);
  {
    const std::lock_guard lock(mutex_);
    call.stop = calls_[call.id].get_token();
  }
  leave_reading_to_another(call.id);
  return call;
}

void Work::leave_reading_to_another(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  if (waiting_ > 0) return;
  try {
    readers_.emplace_back([this] { serve(); });
    ++waiting_;
  } catch (const std::exception& exception) {  // no memory for another thread, and none will come back
    connection_.answer(id, fail(Error::internal("its process can't run another call").with_why(exception.what())));
    ::_exit(EXIT_FAILURE);
  }
}

void Work::cancel(const json::Value& request) {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(id_of(request));
  if (found != calls_.end()) found->second.request_stop();
}

void Work::event(const json::Value& request) {
  const std::lock_guard lock(mutex_);
  events_.push_back({id_of(request), {text_of(request, "type"), value_of(request, "data")}});
  if (!event_thread_.joinable()) event_thread_ = std::thread([this] { run_events(); });
  changed_.notify_all();
}

void Work::run_call(const Call& call) {
  CallOptions options;
  options.stop = call.stop;
  connection_.answer(call.id, pack_->call(call.tool, call.input, options));
  const std::lock_guard lock(mutex_);
  calls_.erase(call.id);
  ++waiting_;
}

void Work::run_events() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return ending_ || !events_.empty(); });
    if (events_.empty()) return;
    const Waiting next = std::move(events_.front());
    events_.pop_front();
    lock.unlock();
    pack_->on_event(next.event);  // its failure is logged
    connection_.answer(next.id, json::Value());
    lock.lock();
  }
}

}  // namespace cowork::runner
