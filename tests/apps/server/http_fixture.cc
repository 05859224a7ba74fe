#include "http_fixture.h"

namespace cowork::test {

namespace {

constexpr std::chrono::seconds patience{20};

}  // namespace

server::Carried EchoDispatcher::carry_out(std::string_view document, const std::shared_ptr<server::Caller>& caller,
                                          std::string& output, const server::Answer& answer) {
  std::unique_lock lock(mutex_);
  documents_.emplace_back(document);
  last_entry_ = caller->entry;
  changed_.notify_all();
  if (document != "wait") {
    if (document != "silent") output += "{\"heard\":" + std::to_string(document.size()) + "}";
    return server::Carried::answered;
  }
  waiting_.push_back({caller, answer, nullptr});
  lock.unlock();
  auto on_stop = std::make_unique<std::stop_callback<std::function<void()>>>(caller->stop.get_token(), [this] {
    const std::lock_guard inner(mutex_);
    stopped_ = true;
    changed_.notify_all();
  });
  lock.lock();
  for (Waiting& each : waiting_) {
    if (each.caller == caller) each.on_stop = std::move(on_stop);
  }
  return server::Carried::under_way;
}

void EchoDispatcher::release() {
  std::vector<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (Waiting& each : waiting) each.answer("{\"released\":true}");
}

bool EchoDispatcher::wait_for_calls(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return documents_.size() >= count; });
}

bool EchoDispatcher::wait_for_stop() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return stopped_; });
}

std::vector<std::string> EchoDispatcher::documents() {
  const std::lock_guard lock(mutex_);
  return documents_;
}

std::string EchoDispatcher::last_entry() {
  const std::lock_guard lock(mutex_);
  return last_entry_;
}

HttpFixture::HttpFixture(const std::function<void(server::ServerOptions&)>& change)
    : work_(boost::asio::make_work_guard(context)) {
  server::ServerOptions options;
  options.http_port = 0;
  options.token_path = directory.path("http.token");
  change(options);
  auto started = server::HttpListener::listen(context, options, clock);
  REQUIRE(started);
  listener = std::move(*started);
  for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { context.run(); });
  listener->accept(dispatcher);
}

HttpFixture::~HttpFixture() {
  listener->stop_accepting();
  dispatcher->release();
  listener->close();
  work_.reset();
  context.stop();
  for (std::thread& thread : threads_) thread.join();
}

unsigned HttpFixture::port() const {
  const std::string& address = listener->address();
  return static_cast<unsigned>(std::stoul(address.substr(address.rfind(':') + 1)));
}

std::string HttpFixture::token() const {
  std::string text = directory.read("http.token");
  text.pop_back();
  return text;
}

HttpClient::Fields HttpFixture::fields() const {
  return {{"Authorization", "Bearer " + token()}, {"Content-Type", "application/json"}};
}

HttpClient::Fields HttpFixture::fields_with(const std::string& name, const std::string& value) const {
  HttpClient::Fields fields = this->fields();
  std::erase_if(fields, [&](const auto& each) { return each.first == name; });
  fields.emplace_back(name, value);
  return fields;
}

HttpClient::Fields HttpFixture::events_fields(const std::string& token) const {
  return {{"Connection", "Upgrade"},
          {"Upgrade", "websocket"},
          {"Sec-WebSocket-Version", "13"},
          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
          {"Sec-WebSocket-Protocol", "cowork.events, cowork.token." + token}};
}

std::unique_ptr<HttpClient> HttpFixture::open_events(const std::string& target, int receive_buffer) const {
  auto client = std::make_unique<HttpClient>(port(), patience, receive_buffer);
  const HttpAnswer answer = client->request("GET", target, events_fields(token()));
  REQUIRE(answer.status == 101);
  return client;
}

void HttpFixture::publish(const std::string& type, const json::Value& params) {
  listener->publish(std::make_shared<const std::string>(server::event_text({type, params})), type);
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string http_error(std::string_view code, std::string_view message) {
  return json::to_text(json::Value::object({{"error", json::Value::object({{"code", code}, {"message", message}})}}));
}

}  // namespace cowork::test
