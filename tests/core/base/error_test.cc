#include <cerrno>
#include <map>

#include "cowork/base/json.h"
#include "cowork/base/result.h"
#include "support/catch.h"

using namespace cowork;

TEST_CASE("every error code has the spelling and the exit status of SPEC 8") {
  struct Row {
    ErrorCode code;
    const char* text;
    int status;
  };
  const std::vector<Row> rows = {
      {ErrorCode::internal, "internal", 1},
      {ErrorCode::io, "io", 1},
      {ErrorCode::interceptor_failed, "interceptor-failed", 1},
      {ErrorCode::cancelled, "cancelled", 1},
      {ErrorCode::timeout, "timeout", 1},
      {ErrorCode::invalid_argument, "invalid-argument", 2},
      {ErrorCode::policy_denied, "policy-denied", 3},
      {ErrorCode::policy_unavailable, "policy-unavailable", 3},
      {ErrorCode::not_found, "not-found", 4},
      {ErrorCode::integrity, "integrity", 5},
      {ErrorCode::network, "network", 6},
      {ErrorCode::conflict, "conflict", 7},
      {ErrorCode::already_exists, "already-exists", 7},
      {ErrorCode::invalid_manifest, "invalid-manifest", 8},
      {ErrorCode::invalid_policy, "invalid-policy", 8},
  };
  for (const Row& row : rows) {
    CHECK(to_string(row.code) == row.text);
    CHECK(exit_status(row.code) == row.status);
  }
}

TEST_CASE("a place leaves out what is unknown") {
  CHECK(SourcePlace{}.to_string().empty());
  CHECK(SourcePlace{"a.json", 0, 0, ""}.to_string() == "a.json");
  CHECK(SourcePlace{"a.json", 3, 0, ""}.to_string() == "a.json:3");
  CHECK(SourcePlace{"a.json", 3, 7, "/packs/0"}.to_string() == "a.json:3:7 (/packs/0)");
  CHECK(SourcePlace{"", 3, 7, ""}.to_string() == "line 3:7");
  CHECK(SourcePlace{"", 0, 0, "/packs"}.to_string() == "/packs");
  CHECK(SourcePlace{"a.json", 0, 5, "/packs"}.to_string() == "a.json (/packs)");
}

TEST_CASE("a place does not carry control characters to the terminal") {
  CHECK(SourcePlace{"a\x1b[2J", 1, 1, "/\n"}.to_string() == "a\\x1b[2J:1:1 (/\\x0a)");
}

TEST_CASE("errno becomes a code and a sentence") {
  const auto check = [](int number, ErrorCode code, const char* message) {
    const Error error = Error::from_errno(number, "open a.json");
    CHECK(error.code() == code);
    CHECK(error.message() == message);
  };
  check(ENOENT, ErrorCode::not_found, "cannot open a.json: No such file or directory");
  check(ENOTDIR, ErrorCode::not_found, "cannot open a.json: Not a directory");
  check(EEXIST, ErrorCode::already_exists, "cannot open a.json: File exists");
  check(ELOOP, ErrorCode::invalid_argument, "cannot open a.json: Too many levels of symbolic links");
  check(ENOSPC, ErrorCode::io, "cannot open a.json: No space left on device");
}

TEST_CASE("why falls back on the place") {
  Error error = Error::invalid_policy("wrong", {"p.json", 2, 3, "/packs"});
  CHECK(error.code() == ErrorCode::invalid_policy);
  CHECK(error.why() == "p.json:2:3 (/packs)");
  error.with_why("because");
  CHECK(error.why() == "because");
  CHECK(Error::internal("x").why().empty());
}

TEST_CASE("an error is built in one expression and copied whole") {
  const Error error = Error::conflict("changed")
                          .with_why("someone else")
                          .with_remedy("try again")
                          .with_place({"p.json", 1, 1, ""})
                          .with_data("retryAfterSec", 30)
                          .with_data("retryAfterSec", 60)
                          .prefixed("policy");
  const Error copy = error;
  CHECK(copy.message() == "policy: changed");
  CHECK(copy.remedy() == "try again");
  CHECK(copy.place() == error.place());
  REQUIRE(copy.data() != nullptr);
  CHECK(copy.data() != error.data());
  CHECK(json::to_text(*copy.data()) == R"({"retryAfterSec":60})");
  CHECK(Error::io("x").data() == nullptr);
}

TEST_CASE("an error can be assigned to itself and over another") {
  Error error = Error::io("x").with_data("a", 1);
  const Error& same = error;
  error = same;
  CHECK(json::to_text(*error.data()) == R"({"a":1})");
  error = Error::not_found("y");
  CHECK(error.message() == "y");
  CHECK(error.data() == nullptr);
}

TEST_CASE("COWORK_ASSIGN and COWORK_TRY hand errors on") {
  const auto number = [](bool good) -> Result<int> {
    if (good) return 1;
    return fail(Error::not_found("no number"));
  };
  const auto doubled = [&](bool first, bool second) -> Result<int> {
    COWORK_TRY(number(first));
    COWORK_ASSIGN(const int value, number(second));
    return value * 2;
  };
  CHECK(doubled(true, true).value() == 2);
  CHECK(doubled(false, true).error().message() == "no number");
  CHECK(doubled(true, false).error().code() == ErrorCode::not_found);
}
