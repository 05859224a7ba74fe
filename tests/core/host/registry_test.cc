// What is asked of a pack registry, over a catalog that the test makes.
#include "cowork/host/registry.h"

#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

namespace {

RegistryEntry entry(const std::string& id, const std::string& version = "1.0.0") {
  RegistryEntry made;
  made.id = made.name = id;
  made.display_name = "Pack " + id;
  made.version = version;
  made.author = "Acme";
  return made;
}

class FakeRegistry final : public PackRegistry {
 public:
  Result<std::shared_ptr<const RegistryCatalog>> catalog(const RegistryControl& control) override {
    deadline = control.deadline;
    if (error) return fail(*error);
    auto made = std::make_shared<RegistryCatalog>();
    made->entries = entries;
    return made;
  }
  std::vector<Diagnostic> diagnostics() const override { return told; }

  std::vector<RegistryEntry> entries;
  std::vector<Diagnostic> told;
  std::optional<Error> error;
  std::optional<std::chrono::steady_clock::time_point> deadline;
};

struct RegistryHost : SmallHost {
  RegistryHost() : host(start_with_registry()) {}
  PluginHost start_with_registry() {
    HostBuilder made = builder();
    made.pack_registry(registry);
    return start(std::move(made));
  }

  std::vector<std::string> ids(const SearchRegistry& request) {
    const auto reply = host.call(request);
    REQUIRE(reply);
    std::vector<std::string> found;
    for (const RegistryEntry& result : reply->results) found.push_back(result.id);
    return found;
  }

  std::shared_ptr<FakeRegistry> registry = std::make_shared<FakeRegistry>();
  PluginHost host;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a search looks at ids, names, descriptions, tags and categories, whatever their case") {
  RegistryHost desk;
  RegistryEntry by_name = entry("a");
  by_name.name = "zebra-crossing";
  RegistryEntry by_display = entry("b");
  by_display.display_name = "The ZEBRA";
  RegistryEntry by_description = entry("c");
  by_description.description = "for zebras";
  RegistryEntry by_tag = entry("d");
  by_tag.tags = {"horse", "Zebra"};
  RegistryEntry by_category = entry("e");
  by_category.category = "Zebra";
  RegistryEntry by_author = entry("f");
  by_author.author = "Zebra Inc.";
  desk.registry->entries = {by_display, by_description, by_tag, by_category, by_author, by_name, entry("my-zebra")};
  CHECK(desk.ids({"zeBRA", 1, 20, {}}) == Ids{"a", "b", "c", "d", "e", "my-zebra"});
  CHECK(desk.ids({"no such thing", 1, 20, {}}).empty());
  CHECK(desk.ids({"", 1, 20, {}}).size() == 7);
}

TEST_CASE("an exact name comes first, then names that begin so, then the catalog's order") {
  RegistryHost desk;
  RegistryEntry described = entry("x");
  described.description = "goes with tea";
  RegistryEntry called = entry("other-id");
  called.name = "tea";
  desk.registry->entries = {described, entry("tea-time"), entry("green-tea"), entry("tea"), called, entry("teapot")};
  CHECK(desk.ids({"tea", 1, 20, {}}) == Ids{"tea", "other-id", "tea-time", "teapot", "x", "green-tea"});
}

TEST_CASE("pages are cut from all matches, and the total counts them all") {
  RegistryHost desk;
  for (int i = 0; i < 45; ++i) desk.registry->entries.push_back(entry("p" + std::to_string(i)));
  const auto first = desk.host.call(SearchRegistry{});
  REQUIRE(first);
  CHECK(first->total == 45);
  CHECK(first->results.size() == 20);
  CHECK(desk.ids({"", 3, 20, {}}) == Ids{"p40", "p41", "p42", "p43", "p44"});
  CHECK(desk.ids({"", 4, 20, {}}).empty());
  CHECK(desk.ids({"", 2, 44, {}}) == Ids{"p44"});
  CHECK(desk.ids({"", 2, 45, {}}).empty());
  CHECK(desk.ids({"", std::numeric_limits<std::int64_t>::max(), 100, {}}).empty());
}

TEST_CASE("a category is compared as a whole, whatever its case; the list of them is sorted") {
  RegistryHost desk;
  RegistryEntry sales = entry("a");
  sales.category = "Sales";
  RegistryEntry longer = entry("b");
  longer.category = "Sales CRM";
  desk.registry->entries = {longer, sales, sales, entry("c")};
  CHECK(desk.ids({"", 1, 20, "sALES"}) == Ids{"a", "a"});
  const auto categories = desk.host.call(GetRegistryCategories{});
  REQUIRE(categories);
  CHECK(*categories == Ids{"Sales", "Sales CRM"});
}

TEST_CASE("details are of one id, and JSON leaves out what the catalog does not have") {
  RegistryHost desk;
  RegistryEntry whole = entry("whole", "2.0.0-rc.1");
  whole.icon = "W";
  whole.category = "C";
  whole.tags = {"t"};
  whole.git_url = "https://g.example/w.git";
  whole.download_url = "https://g.example/w.zip";
  whole.sha256 = std::string(64, 'a');
  whole.skill_count = 0;
  whole.agent_count = 3;
  desk.registry->entries = {entry("bare"), whole};
  const auto json_of = [&](const char* id) {
    const auto reply = desk.host.call_json("pluginPack:registryDetails", json::Value::array({id}));
    REQUIRE(reply);
    return json::to_text(*reply);
  };
  CHECK(json_of("bare") ==
        R"({"id":"bare","name":"bare","displayName":"Pack bare","description":"","version":"1.0.0","author":"Acme"})");
  CHECK(json_of("whole") ==
        R"({"id":"whole","name":"whole","displayName":"Pack whole","description":"","version":"2.0.0-rc.1",)"
        R"("author":"Acme","icon":"W","category":"C","tags":["t"],"gitUrl":"https://g.example/w.git",)"
        R"("downloadUrl":"https://g.example/w.zip","sha256":")" +
            std::string(64, 'a') + R"(","skillCount":0,"agentCount":3})");
  CHECK(json_of("none") == "null");
  const auto search = desk.host.call_json(
      "pluginPack:registrySearch",
      json::Value::array({"bare", json::Value::object({{"page", 2}, {"pageSize", 1}, {"category", "x"}})}));
  REQUIRE(search);
  CHECK(json::to_text(*search) == R"({"query":"bare","total":0,"page":2,"pageSize":1,"results":[]})");
}

TEST_CASE("updates are user packs of which the registry has a greater version") {
  RegistryHost desk;
  const auto user = [](const std::string& name, const std::string& version) {
    TestPack pack = pack_record(Scope::user, name, name);
    pack.manifest.version = version;
    return pack;
  };
  desk.source->set({pack_record(Scope::builtin, "alpha", "alpha-pack"), user("mine", "1.0.0"), user("other", "1.9.0"),
                    user("pre", "1.0.0-rc.1"), user("same", "1.0.0"), user("unknown", "1.0.0")});
  RegistryEntry renamed = entry("id-of-other", "1.10.0");
  renamed.name = "other";
  RegistryEntry second = entry("second", "9.0.0");
  second.name = "mine";
  desk.registry->entries = {entry("alpha-pack", "9.0.0"), entry("pre"), renamed,
                            entry("mine", "0.9.0"),       second,       entry("same", "1.0.0+build")};
  desk.host.refresh();
  const auto updates = desk.host.call_json("pluginPack:checkUpdates", {});
  REQUIRE(updates);
  // Of two entries of one name the first counts.
  CHECK(json::to_text(*updates) == R"([{"name":"other","currentVersion":"1.9.0","latestVersion":"1.10.0"},)"
                                   R"({"name":"pre","currentVersion":"1.0.0-rc.1","latestVersion":"1.0.0"}])");
}

TEST_CASE("without a registry there are no updates, and everything else is not-found") {
  SmallHost small;
  PluginHost host = small.start();
  const auto updates = host.call(CheckUpdates{});
  REQUIRE(updates);
  CHECK(updates->empty());
  const auto refused = [&](const auto& request) {
    const auto reply = host.call(request);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code() == ErrorCode::not_found);
    CHECK(reply.error().message() == "no pack registry is configured");
  };
  refused(SearchRegistry{});
  refused(GetRegistryDetails{"x"});
  refused(GetRegistryCategories{});
}

TEST_CASE("any other fault of the registry is everybody's error") {
  RegistryHost desk;
  desk.registry->error = Error(ErrorCode::network, "it is away");
  CHECK(desk.host.call(CheckUpdates{}).error().message() == "it is away");
  CHECK(desk.host.call(SearchRegistry{}).error().code() == ErrorCode::network);
}

TEST_CASE("a call's deadline is the registry's, and its diagnostics are in host:status") {
  RegistryHost desk;
  desk.registry->told = {{Severity::warning, "registry-stale", "old", {"/r", 0, 0, {}}}};
  CallOptions options;
  options.deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  REQUIRE(desk.host.call(GetRegistryCategories{}, options));
  CHECK(desk.registry->deadline == options.deadline);
  const auto status = desk.host.call(GetStatus{});
  REQUIRE(status);
  REQUIRE(status->diagnostics.size() == 1);
  CHECK(status->diagnostics.front() == desk.registry->told.front());
}

TEST_CASE("requests that make no sense are refused before the chain") {
  RegistryHost desk;
  struct Case {
    SearchRegistry request;
    std::string message;
  };
  const std::string longer(513, 'x');
  for (const Case& expected : std::vector<Case>{{{longer, 1, 20, {}}, "query is longer than 512 bytes"},
                                                {{"", 1, 20, longer}, "category is longer than 512 bytes"},
                                                {{"", 0, 20, {}}, "page must be at least 1, found 0"},
                                                {{"", 1, 0, {}}, "pageSize must be from 1 to 100, found 0"},
                                                {{"", 1, 101, {}}, "pageSize must be from 1 to 100, found 101"}}) {
    const auto reply = desk.host.call(expected.request);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code() == ErrorCode::invalid_argument);
    CHECK(reply.error().message() == expected.message);
  }
  CHECK(desk.host.call(GetRegistryDetails{""}).error().message() == "packId must not be empty");
  CHECK(desk.host.call(GetRegistryDetails{longer}).error().message() == "packId is longer than 512 bytes");
}
