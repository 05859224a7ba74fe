#include "served.h"

#include <stdexcept>

#include "cowork/operation/parameters.h"

namespace cowork::test {
namespace {

constexpr std::chrono::seconds patience{20};

template <Pace pace>
struct Hold {
  static constexpr std::string_view name_of(Pace of) {
    return of == Pace::unbounded ? "test:wait" : of == Pace::disk ? "test:store" : "test:look";
  }
  std::string name;
  using Reply = std::string;
  static constexpr OperationInfo info{.name = name_of(pace), .pace = pace};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct Fail {
  std::string code;
  using Reply = std::string;
  static constexpr OperationInfo info{.name = "test:fail", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct Bulk {
  std::int64_t bytes = 0;
  using Reply = std::string;
  static constexpr OperationInfo info{.name = "test:bulk", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct Warn {
  using Reply = std::string;
  static constexpr OperationInfo info{.name = "test:warn", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct Emit {
  using Reply = std::string;
  static constexpr OperationInfo info{.name = "test:emit", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

json::Value text_json(const std::string& text) {
  return text;
}

template <Pace pace>
Codec<Hold<pace>> hold_codec() {
  return {.read = [](const json::Value& params) -> Result<Hold<pace>> {
            Parameters parameters(params, {"name"});
            Hold<pace> request{parameters.string("name")};
            COWORK_TRY(parameters.finish());
            return request;
          },
          .write = text_json};
}

template <Pace pace>
Handler<Hold<pace>> hold_handler(Gate& gate) {
  return [&gate](HostCore&, Admitted<Hold<pace>>& admitted) -> Result<std::string> {
    const std::string& name = admitted.request().name;
    if (!gate.pass(name, admitted.call().options())) return fail(Error(ErrorCode::cancelled, "the wait was cut short"));
    return name + " passed";
  };
}

ErrorCode code_called(const std::string& word) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::invalid_policy); ++code)
    if (to_string(static_cast<ErrorCode>(code)) == word) return static_cast<ErrorCode>(code);
  throw std::runtime_error("no such code");
}

Result<std::string> fail_as_asked(HostCore&, Admitted<Fail>& admitted) {
  if (admitted.request().code == "throw") throw std::runtime_error("thrown by the test");
  return fail(Error(code_called(admitted.request().code), "it failed")
                  .with_why("the test wanted it")
                  .with_remedy("look at the test")
                  .with_place({"/p.json", 3, 7, "/packs"})
                  .with_data("retryAfterSec", 5));
}

}  // namespace

bool Gate::pass(const std::string& name, const CallOptions& options) {
  std::unique_lock lock(mutex_);
  ++came_[name];
  callers_.push_back(options.entry + ":" + options.actor);
  most_at_once_ = std::max<std::size_t>(most_at_once_, ++inside_);
  changed_.notify_all();
  const bool opened = changed_.wait_until(lock, options.stop, std::chrono::steady_clock::now() + patience,
                                          [&] { return open_.contains(name); });
  --inside_;
  ++ended_[name];
  changed_.notify_all();
  return opened;
}

void Gate::open(const std::string& name) {
  const std::lock_guard lock(mutex_);
  open_.insert(name);
  changed_.notify_all();
}

void Gate::wait_for(const std::string& name, std::size_t count) {
  wait([&, count] { return came_[name] >= count; });
}

void Gate::wait_for_end(const std::string& name, std::size_t count) {
  wait([&, count] { return ended_[name] >= count; });
}

std::size_t Gate::came(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return came_[name];
}

std::vector<std::string> Gate::callers() {
  const std::lock_guard lock(mutex_);
  return callers_;
}

void Gate::wait(const std::function<bool()>& holds) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, std::chrono::steady_clock::now() + patience, holds))
    throw std::runtime_error("the gate was waited for in vain");
}

Served::Served(const std::function<void(server::ServerOptions&)>& change) : host(start_host()) {
  server::ServerOptions wanted = options();
  if (change) change(wanted);
  auto started = server::Server::start(host, std::move(wanted));
  if (!started) FAIL(started.error().message());
  server.emplace(std::move(*started));
}

server::ServerOptions Served::options() const {
  server::ServerOptions options;
  options.socket_path = socket();
  return options;
}

PluginHost Served::start_host() {
  HostBuilder builder = small.builder();
  builder.operation<Hold<Pace::unbounded>>(hold_handler<Pace::unbounded>(gate), hold_codec<Pace::unbounded>())
      .operation<Hold<Pace::disk>>(hold_handler<Pace::disk>(gate), hold_codec<Pace::disk>())
      .operation<Hold<Pace::memory>>(hold_handler<Pace::memory>(gate), hold_codec<Pace::memory>())
      .operation<Fail>(fail_as_asked, {.read = [](const json::Value& params) -> Result<Fail> {
                                         Parameters parameters(params, {"code"});
                                         Fail request{parameters.string("code")};
                                         COWORK_TRY(parameters.finish());
                                         return request;
                                       },
                                       .write = text_json})
      .operation<Bulk>(
          [](HostCore&, Admitted<Bulk>& admitted) -> Result<std::string> {
            return std::string(static_cast<std::size_t>(admitted.request().bytes), 'x');
          },
          {.read = [](const json::Value& params) -> Result<Bulk> {
             Parameters parameters(params, {"bytes"});
             Bulk request{parameters.optional_integer("bytes").value_or(0)};
             COWORK_TRY(parameters.finish());
             return request;
           },
           .write = text_json})
      .operation<Warn>(
          [](HostCore&, Admitted<Warn>& admitted) -> Result<std::string> {
            admitted.call().warn("careful");
            return std::string("done");
          },
          {.read = [](const json::Value&) -> Result<Warn> { return Warn{}; }, .write = text_json})
      .operation<Emit>(
          [](HostCore& core, Admitted<Emit>&) -> Result<std::string> {
            core.emit({"diagnostic", json::Value::object({{"code", "emitted"}})});
            return std::string("emitted");
          },
          {.read = [](const json::Value&) -> Result<Emit> { return Emit{}; }, .write = text_json});
  return small.start(std::move(builder));
}

}  // namespace cowork::test
