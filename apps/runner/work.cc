#include "work.h"

#include <unistd.h>

#include <cstdlib>
#include <exception>

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
  std::unique_lock lock(mutex_);
  ending_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return calls_.empty(); });
  lock.unlock();
  if (event_thread_.joinable()) event_thread_.join();
}

void Work::call(const json::Value& request) {
  const std::int64_t id = id_of(request);
  std::stop_token stop;
  {
    const std::lock_guard lock(mutex_);
    stop = calls_[id].get_token();
  }
  try {
    std::thread([this, id, tool = text_of(request, "tool"), input = value_of(request, "input"), stop] {
      run_call(id, tool, input, stop);
    }).detach();
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

void Work::run_call(std::int64_t id, const std::string& tool, const json::Value& input, const std::stop_token& stop) {
  CallOptions options;
  options.stop = stop;
  connection_.answer(id, pack_->call(tool, input, options));
  end_call(id);
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

void Work::end_call(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  calls_.erase(id);
  changed_.notify_all();
}

}  // namespace cowork::runner
