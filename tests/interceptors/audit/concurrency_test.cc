#include <thread>

#include "audit_host.h"
#include "support/catch.h"
#include "trail_fixture.h"

using namespace cowork;
using namespace cowork::audit;

namespace {

constexpr int writers = 4;
constexpr int lines_each = 100;

/// Runs `work` on several threads at once.
void on_threads(const std::function<void()>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < writers; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("several writers share one trail") {
  TrailFixture fixture(20'000);
  on_threads([&] {
    Trail trail(fixture.options);
    for (int i = 0; i < lines_each; ++i) static_cast<void>(trail.append(sample_record()));
  });
  CHECK(fixture.head().last.seq == writers * lines_each);
  CHECK(fixture.fault().empty());
}

TEST_CASE("calls on several threads of one host are all written") {
  AuditHost audited(true);
  on_threads([&] {
    for (int i = 0; i < lines_each; ++i) {
      static_cast<void>(audited.host.call(Change{i % 10 == 0 ? "blocked" : "alpha"}));
      static_cast<void>(audited.host.call(Look{"alpha"}));
    }
  });
  QueryAudit query;
  query.limit = 10'000;
  const QueryAudit::Reply reply = audited.host.call(query).value();
  CHECK(reply.verified);
  CHECK(reply.lines.size() == 2 * writers * lines_each);
  query.only_verdict = "denied";
  CHECK(audited.host.call(query).value().lines.size() == writers * lines_each / 10);
}
