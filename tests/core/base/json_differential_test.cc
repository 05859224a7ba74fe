// The whole reader against nlohmann::json, on random and damaged documents.
#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "random_json.h"
#include "support/catch.h"
#include "support/json_judge.h"

using namespace cowork;
using namespace cowork::json;

namespace {

// Small, so that random documents meet them.
constexpr Limits limits{700, 60, 14};

struct Tally {
  int compared = 0;
  int accepted = 0;
  int syntax = 0;
  std::map<std::string, int> profile;
  std::vector<std::string> mismatches;

  void compare(const std::string& text) {
    const auto due = due_refusals(text, limits);
    ++compared;
    if (due.empty()) ++accepted;
    if (due.contains("syntax"))
      ++syntax;
    else if (due.size() == 1)
      ++profile[*due.begin()];
    if (const std::string what = mismatch(text, limits, due); !what.empty()) mismatches.push_back(what + ": " + text);
  }
};

}  // namespace

TEST_CASE("the reader agrees with nlohmann::json on random and damaged documents") {
  RandomJson random(20250115);
  Tally tally;
  for (int i = 0; i < 40'000; ++i) {
    const std::string text = random.document();
    tally.compare(text);
    for (int j = 0; j < 3; ++j) tally.compare(random.damaged(text));
  }
  std::cout << "differential test: " << tally.compared << " texts compared, " << tally.accepted << " accepted, "
            << tally.syntax << " refused by both";
  for (const auto& [fault, count] : tally.profile) std::cout << ", " << count << " " << fault;
  std::cout << ", " << tally.mismatches.size() << " mismatches\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(tally.mismatches.size(), 10); ++i) CHECK(tally.mismatches[i] == "");
  CHECK(tally.mismatches.size() == 0);
  CHECK(tally.accepted > 40'000);
  // Each rule of the profile was met alone, so that the comparison says something about it.
  CHECK(tally.profile.size() == 9);
}

TEST_CASE("every single byte flip of a document gets the verdict that nlohmann::json predicts") {
  const std::string text = "{\"a\\u0041\":[1.5e3,-0,\"\\ud83d\\ude00\xc3\xa9\"],\n\"b\":{\"c\":true,\"d\":null}}";
  Tally tally;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[at] = static_cast<char>(byte);
      tally.compare(changed);
    }
  }
  std::cout << "byte flips: " << tally.compared << " texts compared, " << tally.accepted << " accepted, "
            << tally.mismatches.size() << " mismatches\n";
  CHECK(tally.mismatches == std::vector<std::string>{});
}
