// What the chain costs: one operation through 0, 1, 8 and 64 interceptors that do nothing.
#include <benchmark/benchmark.h>

#include "cowork/host/host_builder.h"
#include "cowork/ports/memory_disk.h"

namespace cowork::bench {
namespace {

struct Nothing {
  struct Reply {
    int value = 0;
  };
  static constexpr OperationInfo info{.name = "bench:nothing"};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

class Idle final : public Interceptor {
 public:
  explicit Idle(std::int64_t number) : name_("idle-" + std::to_string(number)) {}
  std::string_view name() const noexcept override { return name_; }

 private:
  std::string name_;
};

void call(benchmark::State& state) {
  HostOptions options;
  options.home = "/home/u";
  options.disk = std::make_shared<MemoryDisk>();
  HostBuilder builder(options);
  builder.without_policy();
  for (std::int64_t i = 0; i < state.range(0); ++i) builder.use(std::make_shared<Idle>(i));
  builder.operation<Nothing>(
      [](HostCore&, Admitted<Nothing>&) -> Result<Nothing::Reply> { return Nothing::Reply{42}; });
  PluginHost host = std::move(builder.start().value());
  for (auto _ : state) benchmark::DoNotOptimize(host.call(Nothing{}));
}

/// The baseline: an object that calls the next one. Two classes, so that the calls stay virtual.
class Link {
 public:
  virtual ~Link() = default;
  virtual int go(int value) const { return value; }
};

class Passing final : public Link {
 public:
  explicit Passing(std::unique_ptr<Link> next) : next_(std::move(next)) {}
  int go(int value) const override { return next_->go(value + 1) + 1; }

 private:
  std::unique_ptr<Link> next_;
};

void virtual_calls(benchmark::State& state) {
  std::unique_ptr<Link> first = std::make_unique<Link>();
  for (std::int64_t i = 0; i < state.range(0); ++i) first = std::make_unique<Passing>(std::move(first));
  for (auto _ : state) {
    benchmark::DoNotOptimize(first);
    benchmark::DoNotOptimize(first->go(42));
  }
}

BENCHMARK(call)->Name("call")->Arg(0)->Arg(1)->Arg(8)->Arg(64);
BENCHMARK(virtual_calls)->Name("virtual_calls")->Arg(0)->Arg(64);

}  // namespace
}  // namespace cowork::bench
