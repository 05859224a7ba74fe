// What a catalog may hold, and what is left out of it.
#include "registry_desk.h"

using namespace cowork;
using namespace cowork::loaders;
using namespace cowork::loaders::test;

namespace {

constexpr const char* file = "/srv/packs/pack-catalog.json";

/// A catalog of a directory.
struct Shelf : RegistryDesk {
  explicit Shelf(const std::string& text) : RegistryDesk("/srv/packs") { disk->plant_file(file, text); }
};

std::string with(const std::string& member, const std::string& value) {
  std::string text = entry_text("bad");
  const std::size_t begin = text.find("\"" + member + "\"");
  if (begin == std::string::npos) return text.insert(text.size() - 1, ",\"" + member + "\":" + value);
  const std::size_t from = text.find(':', begin) + 1;
  const std::size_t end = text.find_first_of(",}", from);
  return text.replace(from, end - from, value);
}

std::string without(const std::string& member) {
  std::string text = entry_text("bad");
  const std::size_t begin = text.find("\"" + member + "\"");
  return text.replace(begin, member.size() + 2, "\"x-" + member + "\"");
}

}  // namespace

TEST_CASE("an entry is read with all that it has, and unknown members are fine") {
  const std::string hash(64, 'a');
  Shelf shelf(catalog_text(entry_text("tea", R"(,"icon":"T","category":"Kitchen","tags":["hot","green"],"gitUrl":)"
                                             R"("https://g.example/tea.git","downloadUrl":"https://g.example/tea.zip",)"
                                             R"("sha256":")" +
                                                 hash + R"(","skillCount":2,"agentCount":0,"stars":9)")));
  const auto catalog = shelf.ask();
  REQUIRE(catalog);
  CHECK((*catalog)->updated_at == "2026-01-01T00:00:00Z");
  const RegistryEntry* tea = (*catalog)->find("tea");
  REQUIRE(tea);
  CHECK((*catalog)->find("te") == nullptr);
  CHECK(tea->name == "tea");
  CHECK(tea->display_name == "D");
  CHECK(tea->version == "1.0.0");
  CHECK(tea->author == "A");
  CHECK(tea->icon == "T");
  CHECK(tea->category == "Kitchen");
  CHECK(tea->tags == std::vector<std::string>{"hot", "green"});
  CHECK(tea->git_url == "https://g.example/tea.git");
  CHECK(tea->download_url == "https://g.example/tea.zip");
  CHECK(tea->sha256 == hash);
  CHECK(tea->skill_count == 2);
  CHECK(tea->agent_count == 0);
  CHECK(shelf.told().empty());
}

TEST_CASE("a bad entry is left out, named by its pointer, and the rest stays") {
  struct Case {
    std::string entry, pointer, fault;
  };
  const std::string name_rule = "it must match ^[a-z0-9][a-z0-9_-]{0,127}$, found ";
  const std::string long_name = "\"" + std::string(129, 'a') + "\"";
  std::vector<Case> cases{
      {"7", "", "expected an object, found a number"},
      {"null", "", "expected an object, found null"},
      {with("id", "\"Evil\""), "/id", name_rule + "\"Evil\""},
      {with("id", "\"../x\""), "/id", name_rule + "\"../x\""},
      {with("id", "\"evil \""), "/id", name_rule + "\"evil \""},
      {with("name", "\"\""), "/name", name_rule + "\"\""},
      {with("name", "\"t\\u0435a\""), "/name", name_rule + "\"tеa\""},
      {with("name", "5"), "/name", "expected a string, found 5"},
      {with("version", "\"1.0\""), "/version", "it must be a version of SemVer 2.0.0, found \"1.0\""},
      {with("version", "1"), "/version", "expected a string, found 1"},
      {with("displayName", "[]"), "/displayName", "expected a string, found an array"},
      {with("description", "null"), "/description", "expected a string, found null"},
      {with("author", "{}"), "/author", "expected a string, found an object"},
      {with("icon", "false"), "/icon", "expected a string, found a boolean"},
      {with("category", "1"), "/category", "expected a string, found 1"},
      {with("tags", "\"x\""), "/tags", "expected an array of strings, found a string"},
      {with("tags", "[\"x\",1]"), "/tags/1", "expected a string, found 1"},
      {with("gitUrl", "\"http://g.example/x\""), "/gitUrl", "gitUrl must begin with https://"},
      {with("gitUrl", "\"ext::sh -c x\""), "/gitUrl", "gitUrl must begin with https://"},
      {with("gitUrl", "\"file:///etc\""), "/gitUrl", "gitUrl must begin with https://"},
      {with("gitUrl", "\"https://u:p@g.example/x\""), "/gitUrl", "gitUrl must hold no user name or password"},
      {with("gitUrl", "\"\""), "/gitUrl", "gitUrl must not be empty"},
      {with("downloadUrl", "\"http://g.example/x.zip\""), "/downloadUrl", "downloadUrl must begin with https://"},
      {with("downloadUrl", "\"https:///x\""), "/downloadUrl", "downloadUrl names no host"},
      {with("sha256", "\"ABC\""), "/sha256", "sha256 must be 64 lower-case hexadecimal digits, found \"ABC\""},
      {with("skillCount", "-1"), "/skillCount", "expected an integer of at least 0, found -1"},
      {with("agentCount", "1.5"), "/agentCount", "expected an integer of at least 0, found 1.5"},
      {with("agentCount", "\"1\""), "/agentCount", "expected an integer of at least 0, found a string"},
  };
  for (const char* member : {"id", "name", "displayName", "description", "version", "author"})
    cases.push_back({without(member), "", "it has no member \"" + std::string(member) + "\""});
  for (const Case& expected : cases) {
    INFO(expected.entry);
    Shelf shelf(catalog_text("\n" + expected.entry + ",\n" + entry_text("good")));
    CHECK(shelf.ids() == "good");
    const auto diagnostics = shelf.registry->diagnostics();
    REQUIRE(diagnostics.size() == 1);
    CHECK(diagnostics.front().code == "invalid-registry");
    CHECK(diagnostics.front().severity == Severity::warning);
    CHECK(diagnostics.front().message == "an entry is left out: " + expected.fault);
    CHECK(diagnostics.front().place.file == file);
    CHECK(diagnostics.front().place.line == 2);
    CHECK(diagnostics.front().place.pointer == "/packs/0" + expected.pointer);
  }
  Shelf shelf(catalog_text(with("id", long_name)));
  CHECK(shelf.ids().empty());
}

TEST_CASE("of two entries of one id the first wins") {
  Shelf shelf(catalog_text(entry_text("tea", R"(,"icon":"1")") + "," + entry_text("tea", R"(,"icon":"2")")));
  const auto catalog = shelf.ask();
  REQUIRE(catalog);
  REQUIRE((*catalog)->entries.size() == 1);
  CHECK((*catalog)->entries.front().icon == "1");
  CHECK(shelf.registry->diagnostics().front().message == "an entry is left out: an entry before it has the id \"tea\"");
  CHECK(shelf.registry->diagnostics().front().place.pointer == "/packs/1/id");
}

TEST_CASE("a hundred faults are named, and the others counted") {
  std::string entries = entry_text("good");
  for (int i = 0; i < 5000; ++i) entries += ",0";
  Shelf shelf(catalog_text(entries));
  CHECK(shelf.ids() == "good");
  const auto diagnostics = shelf.registry->diagnostics();
  REQUIRE(diagnostics.size() == 101);
  CHECK(diagnostics.back().message == "4900 more entries are left out");
  CHECK(diagnostics.back().place.pointer == "/packs");
}

TEST_CASE("what is no catalog of version 1 is refused as a whole") {
  struct Case {
    std::string text, why;
  };
  const std::string refused = "\"" + std::string(file) + "\" is no catalog of packs";
  for (const Case& expected : std::vector<Case>{
           {"[]", "1:1: expected an object, found an array"},
           {"{}", "1:1: it has no member \"version\""},
           {R"({"version":2,"packs":[]})", "1:12 (/version): expected version 1 of the catalog, found 2"},
           {R"({"version":"1","packs":[]})", "1:12 (/version): expected version 1 of the catalog, found a string"},
           {R"({"version":1})", "1:1: it has no member \"packs\""},
           {R"({"version":1,"packs":{}})", "1:22 (/packs): expected an array, found an object"},
           {R"({"version":1,"updatedAt":5,"packs":[]})", "1:26 (/updatedAt): expected a string, found 5"}}) {
    INFO(expected.text);
    Shelf shelf(expected.text);
    CHECK(shelf.ids() == "invalid-argument: " + refused);
    CHECK(shelf.ask().error().why() == std::string(file) + ":" + expected.why);
    REQUIRE(shelf.registry->diagnostics().size() == 1);
    CHECK(shelf.registry->diagnostics().front().code == "invalid-registry");
    CHECK(shelf.registry->diagnostics().front().severity == Severity::error);
  }
}

TEST_CASE("the strict reader reads it") {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("\xef\xbb\xbf{}"), std::string(R"({"version":1,"version":1})"),
        catalog_text("") + "x", catalog_text(R"("\u0000")"), std::string(1'000'000, '['), catalog_text("1e400"),
        catalog_text("\"\xff\""), std::string((16u << 20) + 1, ' ')}) {
    Shelf shelf(text);
    const auto catalog = shelf.ask();
    REQUIRE_FALSE(catalog);
    CHECK(catalog.error().code() == ErrorCode::invalid_argument);
  }
}

TEST_CASE("a directory is read without following links, and its absence is no missing configuration") {
  RegistryDesk desk("/srv/packs");
  CHECK(desk.ids().starts_with("io: "));
  desk.clock->advance_ms(31'000);
  desk.disk->plant_file("/elsewhere/catalog.json", catalog_text(entry_text("tea")));
  desk.disk->plant_link("/srv/packs/pack-catalog.json", "/elsewhere/catalog.json");
  CHECK(desk.ids().starts_with("invalid-argument: "));
  CHECK(desk.fetcher->count() == 0);
  CHECK(desk.kept().empty());
}

TEST_CASE("a registry is named by an https address or an absolute directory") {
  for (const char* address : {"/", "/srv/packs", "/srv/päcks dir", "https://a", "https://a.example:8443/x/",
                              "https://a.example/catalog.json", "https://[::1]/x"})
    CHECK(is_registry_address(address));
  for (const char* address :
       {"", "srv", "./srv", "http://a.example", "https://", "https:///x", "HTTPS://a.example", "https://u@a.example",
        "https://u:p@a.example/x", "https://a.example/x?y", "https://a.example/#x", "https://a.example\\@b",
        "https://a.example/ x", "ftp://a", "/srv\n", "https://a\x7f"})
    CHECK_FALSE(is_registry_address(address));
}
