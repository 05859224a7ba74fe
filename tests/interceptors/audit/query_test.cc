#include "query.h"

#include "support/catch.h"
#include "trail_fixture.h"

using namespace cowork;
using namespace cowork::audit;

namespace {

/// Subjects of the selected lines, joined.
std::string subjects(const TrailFixture& fixture, const QueryAudit& query) {
  std::string joined;
  for (const json::Value& line : select_lines(Trail(fixture.options).read().value().files, query)) {
    joined += *line.find("subject")->as_string() + " ";
  }
  return joined;
}

QueryAudit query(std::function<void(QueryAudit&)> change) {
  QueryAudit made;
  change(made);
  return made;
}

}  // namespace

TEST_CASE("times are compared as what they mean") {
  struct Row {
    const char* text;
    const char* comparable;
  };
  for (const auto& [text, comparable] :
       {Row{"2025-01-15", "2025-01-15T00:00:00.000"}, Row{"2025-01-15T12:00:00Z", "2025-01-15T12:00:00.000"},
        Row{"2025-01-15T12:00:00.5Z", "2025-01-15T12:00:00.500"},
        Row{"2025-01-15T12:00:00.123456Z", "2025-01-15T12:00:00.123"}}) {
    CHECK(comparable_time(text) == std::optional<std::string>(comparable));
  }
  for (const char* text :
       {"", "yesterday", "2025-1-15", "2025-13-01", "2025-01-32", "2025-01-15T12:00:00", "2025-01-15T24:00:00Z",
        "2025-01-15T12:00:00.Z", "2025-01-15T12:00:00.1aZ", "2025-01-15T12:00:00+01:00", "2025-01-15Z", "Z"}) {
    CAPTURE(text);
    CHECK_FALSE(comparable_time(text));
  }
}

TEST_CASE("a query takes the newest lines that it is for") {
  TrailFixture fixture(900);
  Trail trail(fixture.options);
  const auto write = [&](const char* time, const char* operation, const char* subject, const char* verdict) {
    Record record = sample_record(operation, subject);
    record.time = time;
    record.verdict = verdict;
    REQUIRE(trail.append(record));
  };
  write("2025-01-15T12:00:00.000Z", "pluginPack:toggle", "a", "allowed");
  write("2025-01-15T12:00:00.500Z", "pluginPack:toggle", "b", "denied");
  write("2025-01-16T00:00:00.000Z", "pluginPack:install", "c", "denied");
  write("2025-01-17T00:00:00.000Z", "pluginPack:toggle", "d", "failed");
  CHECK(subjects(fixture, {}) == "a b c d ");
  CHECK(subjects(fixture, query([](QueryAudit& q) { q.limit = 2; })) == "c d ");
  CHECK(subjects(fixture, query([](QueryAudit& q) { q.only_operation = "pluginPack:toggle"; })) == "a b d ");
  CHECK(subjects(fixture, query([](QueryAudit& q) { q.only_subject = "c"; })) == "c ");
  CHECK(subjects(fixture, query([](QueryAudit& q) { q.only_verdict = "denied"; })) == "b c ");
  CHECK(subjects(fixture, query([](QueryAudit& q) { q.only_verdict = "denied", q.limit = 1; })) == "c ");
  CHECK(subjects(fixture, query([](QueryAudit& q) { q.since = "2025-01-15T12:00:00.5Z"; })) == "b c d ");
  CHECK(subjects(fixture, query([](QueryAudit& q) { q.since = "2025-01-16"; })) == "c d ");
}

TEST_CASE("lines that cannot be read do not hide the others") {
  TrailFixture fixture;
  fixture.append({"a", "b", "c"});
  auto lines = fixture.lines();
  lines[1] = "{";
  fixture.plant_lines(lines);
  CHECK(subjects(fixture, {}) == "a c ");
}

TEST_CASE("a query is checked before it is asked") {
  struct Row {
    QueryAudit query;
    const char* message;
  };
  for (const auto& [asked, message] :
       {Row{query([](QueryAudit& q) { q.since = "today"; }),
            "since must be a UTC time such as 2025-01-15 or 2025-01-15T12:00:00Z, not \"today\""},
        Row{query([](QueryAudit& q) { q.only_verdict = "no"; }),
            "verdict must be allowed, denied, failed or error, not \"no\""},
        Row{query([](QueryAudit& q) { q.limit = 0; }), "limit must be at least 1"}}) {
    REQUIRE_FALSE(asked.validate());
    CHECK(asked.validate().error().code() == ErrorCode::invalid_argument);
    CHECK(asked.validate().error().message() == message);
  }
  CHECK(QueryAudit{}.validate());
}
