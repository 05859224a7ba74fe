#include "error_report.h"

#include <algorithm>

#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli;

TEST_CASE("an error is three lines, what it leaves open filled in by its code") {
  const Styler plain(false);
  CHECK(error_text(Error(ErrorCode::policy_denied, "Pack \"x\" is blocked by admin policy"), plain) ==
        "error[policy-denied]: Pack \"x\" is blocked by admin policy\n"
        "  why: the admin policy in force\n"
        "  try: cowork policy show\n");
  CHECK(
      error_text(Error::not_found("no pack is called \"x\"").with_why("no tier has it").with_remedy("cowork pack list"),
                 plain) ==
      "error[not-found]: no pack is called \"x\"\n"
      "  why: no tier has it\n"
      "  try: cowork pack list\n");
  CHECK(error_text(Error::invalid_policy("wrong", {"/p.json", 3, 7, "/packs"}), plain) ==
        "error[invalid-policy]: wrong\n"
        "  why: /p.json:3:7 (/packs)\n"
        "  try: cowork policy validate\n");
}

TEST_CASE("every code has a why and a try") {
  for (int code = 0; code <= static_cast<int>(ErrorCode::invalid_policy); ++code) {
    const json::Value error = error_json(Error(static_cast<ErrorCode>(code), "what"));
    CHECK_FALSE(error.find("why")->as_string()->empty());
    CHECK_FALSE(error.find("try")->as_string()->empty());
  }
}

TEST_CASE("what comes from outside cannot steer the terminal, nor add lines") {
  const std::string text = error_text(Error::not_found("a\033[2Jb\nerror[x]: c"), Styler(false));
  CHECK(text.find('\033') == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("the document of an error has its data and its place") {
  Error error = Error::invalid_policy("wrong", {"/p.json", 3, 7, "/packs"}).with_data("retryAfterSec", 5);
  const json::Value expected = cowork::cli::test::value(R"json({"code":"invalid-policy","message":"wrong",
    "why":"/p.json:3:7 (/packs)","try":"cowork policy validate",
    "data":{"retryAfterSec":5,"place":{"file":"/p.json","line":3,"column":7,"pointer":"/packs"}}})json");
  CHECK(error_json(error) == expected);
}

TEST_CASE("a next step that its code alone decides is one that can help") {
  const auto next_step = [](ErrorCode code) { return *error_json(Error(code, "what")).find("try")->as_string(); };
  CHECK(next_step(ErrorCode::integrity) == "find out who changed it before you use it");
  CHECK(next_step(ErrorCode::not_found) == "check how it is written");
  CHECK(next_step(ErrorCode::network) == "check the address, and what `fetch` in host.json says (cowork paths)");
  CHECK(next_step(ErrorCode::already_exists) == "choose another name");
}
