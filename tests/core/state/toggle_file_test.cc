// What pack-states.json may hold.
#include "home.h"

namespace cowork::test {
namespace {

TEST_CASE("These files are read") {
  struct Case {
    std::string text;
    std::map<std::string, bool, std::less<>> packs;
    bool default_on;
  };
  const auto [text, packs, default_on] = GENERATE(values<Case>({
      {"{}", {}, true},
      {R"({"a": true, "b": false})", {{"a", true}, {"b", false}}, true},
      {R"({"packs": true})", {{"packs", true}}, true},
      {R"({"packs": {}})", {}, true},
      {R"({"updatedAt": 1, "packs": {"a": false}, "skills": {}})", {{"a", false}}, true},
      {R"({"packs": {"a": true}, "skills": {"a": {"s": false}, "b": {}}})", {{"a", true}}, true},
      {R"({"updatedAt": 1, "packs": {"no such pack": false}})", {{"no such pack", false}}, true},
      {R"({"packs": {}, "userPacksDefaultOn": false})", {}, false},
  }));
  INFO(text);
  const Home home;
  home.plant("pack-states.json", text);
  const auto loaded = load(home.toggles());
  CHECK(loaded.incidents.empty());
  CHECK(loaded.state->packs == packs);
  CHECK(loaded.state->user_packs_default_on == default_on);
  CHECK(home.read("pack-states.json") == text);
}

TEST_CASE("These files are corrupt") {
  const auto [text, message, place] = GENERATE(table<std::string, std::string, std::string>({
      {"", "the document is empty", ":1:1"},
      {"null", "expected an object, found null", ":1:1"},
      {"[]", "expected an object, found an array", ":1:1"},
      {R"({"a": true, "b": 1})", "", ""},
      {R"({"a": "true"})", "", ""},
      {R"({"packs": []})", "expected an object, found an array", ":1:11 (/packs)"},
      {R"({"packs": {"a": "false"}})", "expected a boolean, found a string", ":1:17 (/packs/a)"},
      {R"({"packs": {"a/b": null}})", "expected a boolean, found null", ":1:19 (/packs/a~1b)"},
      {R"({"packs": {}, "skills": true})", "expected an object, found a boolean", ":1:25 (/skills)"},
      {R"({"skills": {"a": true}})", "expected an object, found a boolean", ":1:18 (/skills/a)"},
      {R"({"skills": {"a": {"s": 0}}})", "expected a boolean, found a number", ":1:24 (/skills/a/s)"},
      {R"({"updatedAt": "now"})", "expected an integer, found a string", ":1:15 (/updatedAt)"},
      {R"({"updatedAt": 1.5})", "expected an integer, found a number", ":1:15 (/updatedAt)"},
      {R"({"packs": {}, "userPacksDefaultOn": "no"})", "expected a boolean, found a string",
       ":1:37 (/userPacksDefaultOn)"},
      {R"({"packs": {}, "evil": false})",
       R"(unknown member "evil"; known are updatedAt, packs, skills, userPacksDefaultOn)", ":1:23 (/evil)"},
      {R"({"qacks": {"a": false}})",
       R"(unknown member "qacks"; known are updatedAt, packs, skills, userPacksDefaultOn)", ":1:11 (/qacks)"},
      {R"({"packs": {"a": true}, "packs": {"a": false}})", R"(duplicate key "packs")", ""},
  }));
  INFO(text);
  const Home home;
  home.plant("pack-states.json", text);
  const auto loaded = load(home.toggles());
  CHECK(loaded.state->packs.empty());
  CHECK_FALSE(loaded.state->user_packs_default_on);
  REQUIRE(loaded.incidents.size() == 1);
  const Diagnostic& incident = loaded.incidents[0];
  CHECK(incident.severity == Severity::error);
  CHECK(incident.code == "state-corrupt");
  CHECK(home.read("pack-states.json.corrupt-1736942400000") == text);
  if (message.empty()) return;
  CHECK(incident.message ==
        "pack-states.json is corrupt: " + message +
            "; it was moved to pack-states.json.corrupt-1736942400000; there is no last good copy: user packs stay off "
            "until they are toggled again");
  if (!place.empty()) CHECK(incident.place.to_string() == home.path + "/pack-states.json" + place);
}

TEST_CASE("A hundred thousand toggles come back") {
  const Home home;
  Toggles toggles;
  for (int i = 0; i < 100'000; ++i) toggles.packs["pack-" + std::to_string(i)] = i % 3 == 0;
  REQUIRE(home.toggles().save(toggles).has_value());
  CHECK(load(home.toggles()).state->packs == toggles.packs);
}

TEST_CASE("More than can be read again is not saved") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", true)).has_value());
  const auto saved = home.toggles().save(toggled(std::string(17u << 20, 'x'), true));
  REQUIRE_FALSE(saved.has_value());
  CHECK(saved.error().code() == ErrorCode::io);
  CHECK(saved.error().message() == "pack-states.json would be larger than 16777216 bytes");
  CHECK(load(home.toggles()).state->pack("a") == true);
}

}  // namespace
}  // namespace cowork::test
