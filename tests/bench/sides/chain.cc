// What the chain costs, with interceptors that do nothing. Beside it objects of which each calls the next one by a
// virtual function, which is the least that a chain of interceptors can be.
#include "memory_host.h"
#include "sides.h"

namespace cowork::bench {
namespace {

constexpr std::size_t many_hops = 64;

Measure calling(std::size_t interceptors, bool is_meant) {
  const auto host = idle_host(interceptors, is_meant);
  return [host](const Stopwatch& stopwatch) { return stopwatch.time([&] { return host->call(Nothing{}); }); };
}

/// Two classes, so that the calls stay virtual.
class Link {
 public:
  virtual ~Link() = default;
  virtual int go(int value) const { return value; }
};

class Passing final : public Link {
 public:
  explicit Passing(std::shared_ptr<const Link> next) : next_(std::move(next)) {}
  int go(int value) const override { return next_->go(value + 1) + 1; }

 private:
  std::shared_ptr<const Link> next_;
};

Measure passing(std::size_t links) {
  std::shared_ptr<const Link> first = std::make_shared<Link>();
  for (std::size_t i = 0; i < links; ++i) first = std::make_shared<Passing>(std::move(first));
  return [first](const Stopwatch& stopwatch) {
    return stopwatch.time([link = first.get()]() mutable {
      benchmark::DoNotOptimize(link);
      return link->go(42);
    });
  };
}

Measure share_of_one(Measure many, Measure none) {
  return [many = std::move(many), none = std::move(none)](const Stopwatch& stopwatch) {
    const double without = none(stopwatch);
    return (many(stopwatch) - without) / static_cast<double>(many_hops);
  };
}

}  // namespace

Sides call_through(std::size_t interceptors) {
  return {calling(interceptors, true), passing(interceptors)};
}

Sides hop(bool is_meant) {
  const Measure ours = share_of_one(calling(many_hops, is_meant), calling(0, is_meant));
  if (!is_meant) return {ours};
  return {ours, share_of_one(passing(many_hops), passing(0))};
}

}  // namespace cowork::bench
