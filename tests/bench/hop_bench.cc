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

/// The baseline: an object that calls the next one.
class Link {
 public:
  explicit Link(std::unique_ptr<Link> next) : next_(std::move(next)) {}
  virtual ~Link() = default;
  virtual int go(int value) { return next_ ? next_->go(value) : value; }

 private:
  std::unique_ptr<Link> next_;
};

void virtual_calls(benchmark::State& state) {
  auto first = std::make_unique<Link>(nullptr);
  for (std::int64_t i = 0; i < state.range(0); ++i) first = std::make_unique<Link>(std::move(first));
  for (auto _ : state) {
    benchmark::DoNotOptimize(first);
    benchmark::DoNotOptimize(first->go(42));
  }
}

BENCHMARK(call)->Name("call")->Arg(0)->Arg(1)->Arg(8)->Arg(64);
BENCHMARK(virtual_calls)->Name("virtual_calls")->Arg(0)->Arg(64);

}  // namespace
}  // namespace cowork::bench
