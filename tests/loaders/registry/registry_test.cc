// How a catalog is had, kept, and stood in for.
#include <thread>

#include "registry_desk.h"

using namespace cowork;
using namespace cowork::loaders;
using namespace cowork::loaders::test;

namespace {

constexpr const char* address = "https://registry.example/packs/pack-catalog.json";

Error away() {
  return Error(ErrorCode::network, "cannot reach it").with_why("the cable is cut");
}

std::vector<std::string> stale(const std::string& age) {
  return {"registry-stale " + std::string(address) + " the registry's catalog is that of " + age +
          " ago, since a newer one can't be had: cannot reach it: the cable is cut"};
}

std::vector<std::string> names_in(const Disk& disk, const std::string& path) {
  std::vector<std::string> names;
  const auto directory = disk.open(path);
  if (!directory) return names;
  const auto entries = (*directory)->entries();
  REQUIRE(entries);
  for (const DirectoryEntry& entry : *entries) names.push_back(entry.name);
  return names;
}

}  // namespace

TEST_CASE("a directory of an address is asked for its catalog, an address of a document for that") {
  for (const auto& [given, asked] : std::vector<std::pair<std::string, std::string>>{
           {"https://r.example", "https://r.example/pack-catalog.json"},
           {"https://r.example/", "https://r.example/pack-catalog.json"},
           {"https://r.example/dir", "https://r.example/dir/pack-catalog.json"},
           {"https://r.example/my.json", "https://r.example/my.json"}}) {
    RegistryDesk desk(given);
    desk.fetcher->bring(catalog_text(entry_text("tea")));
    CHECK(desk.ids() == "tea");
    CHECK(desk.fetcher->last().kind == FetchRequest::Kind::document);
    CHECK(desk.fetcher->last().address == asked);
  }
}

TEST_CASE("a fetch has a directory of its own, and nothing of it stays") {
  RegistryDesk desk;
  std::uint32_t mode = 0;
  desk.fetcher->set([&](const FetchRequest&, TreeWriter& writer, const FetchControl&) -> Result<FetchResult> {
    mode = (*desk.disk->open(desk.fetcher->scratch()))->status({})->mode;
    COWORK_TRY(writer.add_file("document", catalog_text(""), false));
    return FetchResult{};
  });
  REQUIRE(desk.ask());
  CHECK(mode == 0700);
  CHECK(desk.fetcher->scratch().starts_with("/tmp/cowork-registry-"));
  CHECK(names_in(*desk.disk, "/tmp") == std::vector<std::string>{".keep"});
}

TEST_CASE("a catalog answers for five minutes") {
  RegistryDesk desk;
  desk.fetcher->bring(catalog_text(entry_text("tea")));
  CHECK(desk.ids() == "tea");
  desk.fetcher->bring(catalog_text(entry_text("coffee")));
  desk.clock->advance_ms(5 * 60'000 - 1);
  CHECK(desk.ids() == "tea");
  CHECK(desk.fetcher->count() == 1);
  desk.clock->advance_ms(1);
  CHECK(desk.ids() == "coffee");
  CHECK(desk.fetcher->count() == 2);
}

TEST_CASE("what can't be had is not asked for again for half a minute") {
  RegistryDesk desk;
  desk.fetcher->refuse(away());
  CHECK(desk.ids() == "network: cannot reach it");
  CHECK(desk.ids() == "network: cannot reach it");
  desk.clock->advance_ms(29'999);
  CHECK(desk.ids() == "network: cannot reach it");
  CHECK(desk.fetcher->count() == 1);
  CHECK(desk.told().empty());  // who asked was told
  desk.fetcher->bring(catalog_text(entry_text("tea")));
  desk.clock->advance_ms(1);
  CHECK(desk.ids() == "tea");
}

TEST_CASE("a server that has no catalog is a fault of the network: not-found means that none is configured") {
  RegistryDesk desk;
  desk.fetcher->refuse(Error::not_found("there is nothing there").with_why("404").with_remedy("look"));
  const auto catalog = desk.ask();
  REQUIRE_FALSE(catalog);
  CHECK(catalog.error().code() == ErrorCode::network);
  CHECK(catalog.error().message() == "there is nothing there");
  CHECK(catalog.error().why() == "404");
  CHECK(catalog.error().remedy() == "look");
}

TEST_CASE("the last good catalog answers while no newer can be had, and says so with its age") {
  RegistryDesk desk;
  desk.fetcher->bring(catalog_text(entry_text("tea")));
  CHECK(desk.ids() == "tea");
  CHECK(desk.told().empty());
  desk.fetcher->refuse(away());
  desk.clock->advance_ms(6 * 60'000);
  CHECK(desk.ids() == "tea");
  CHECK(desk.told() == stale("6 min"));
  desk.clock->advance_ms(3 * 3600'000);
  CHECK(desk.told() == stale("3 h"));
  desk.clock->advance_ms(-100 * 3600'000);  // somebody set the clock back
  CHECK(desk.told() == stale("0 s"));
  desk.fetcher->bring(catalog_text(entry_text("coffee")));
  CHECK(desk.ids() == "coffee");
  CHECK(desk.told().empty());
}

TEST_CASE("a catalog that went bad is told, and the last good one answers") {
  RegistryDesk desk;
  desk.fetcher->bring(catalog_text(entry_text("tea")));
  CHECK(desk.ids() == "tea");
  desk.fetcher->bring(R"({"version":2,"packs":[]})");
  desk.clock->advance_ms(5 * 60'000);
  CHECK(desk.ids() == "tea");
  const auto diagnostics = desk.registry->diagnostics();
  REQUIRE(diagnostics.size() == 2);
  CHECK(diagnostics[0].code == "invalid-registry");
  CHECK(diagnostics[0].place == SourcePlace{address, 1, 12, "/version"});
  CHECK(diagnostics[1].code == "registry-stale");
}

TEST_CASE("what came over the network is kept for the next process, readable for its owner alone") {
  RegistryDesk desk;
  desk.fetcher->bring(catalog_text(entry_text("tea", R"(,"unknown":[1.50])")));
  CHECK(desk.ids() == "tea");
  CHECK(desk.kept() == R"({"address":"https://registry.example/packs","fetchedAt":1736942400000,"catalog":)" +
                           catalog_text(entry_text("tea", R"(,"unknown":[1.50])")) + "}");
  const auto home = desk.disk->open("/home/user/.cowork");
  REQUIRE(home);
  CHECK((*home)->status("registry.json")->mode == 0600);

  desk.fetcher->refuse(away());
  desk.registry = desk.make();
  desk.clock->advance_ms(50 * 3600'000);
  CHECK(desk.ids() == "tea");
  CHECK(desk.told() == stale("2 days"));
  CHECK(desk.fetcher->count() == 2);
  CHECK(desk.ids() == "tea");
  CHECK(desk.fetcher->count() == 2);

  desk.at = "https://other.example/packs";
  CHECK(desk.ids() == "network: cannot reach it");
}

TEST_CASE("a copy that can't be used is told, and does not count") {
  for (const char* text : {"", "[]", "{}", R"({"address":"https://registry.example/packs","catalog":{}})",
                           R"({"address":"https://registry.example/packs","fetchedAt":1,"catalog":{"version":3}})"}) {
    INFO(text);
    RegistryDesk desk;
    desk.disk->plant_file("/home/user/.cowork/registry.json", text);
    desk.fetcher->refuse(away());
    CHECK(desk.ids() == "network: cannot reach it");
    REQUIRE(desk.told().size() == 1);
    CHECK_THAT(desk.told().front(), Catch::StartsWith("invalid-registry /home/user/.cowork/registry.json"));
    CHECK_THAT(desk.told().front(), Catch::Contains("the copy of the registry's catalog can't be used: "));
  }
  RegistryDesk desk;
  desk.disk->plant_file("/elsewhere", R"({"address":"https://registry.example/packs","fetchedAt":1,"catalog":)" +
                                          catalog_text(entry_text("evil")) + "}");
  desk.disk->plant_link("/home/user/.cowork/registry.json", "/elsewhere");
  desk.fetcher->refuse(away());
  CHECK(desk.ids() == "network: cannot reach it");
}

TEST_CASE("a home that can't be written to keeps nothing, and says so") {
  RegistryDesk desk;
  desk.disk->set_fault([](std::string_view operation, std::string_view) {
    return operation == "replace" ? std::optional<int>(EROFS) : std::nullopt;
  });
  desk.fetcher->bring(catalog_text(entry_text("tea")));
  CHECK(desk.ids() == "tea");
  REQUIRE(desk.told().size() == 1);
  CHECK_THAT(desk.told().front(), Catch::StartsWith("registry-not-kept /home/user/.cowork/registry.json no copy of "
                                                    "the registry's catalog could be kept: "));
}

TEST_CASE("a directory keeps no copy, and nothing is made in the home") {
  RegistryDesk desk("/srv/packs");
  desk.disk->plant_file("/srv/packs/pack-catalog.json", catalog_text(entry_text("tea")));
  CHECK(desk.ids() == "tea");
  CHECK_FALSE(desk.disk->open("/home"));
}

TEST_CASE("another address is another registry: nothing of the one before answers for it") {
  RegistryDesk desk;
  desk.fetcher->bring(catalog_text(entry_text("tea") + ",0"));
  CHECK(desk.ids() == "tea");
  CHECK(desk.told().size() == 1);
  desk.at = "https://other.example";
  CHECK(desk.told().empty());
  desk.fetcher->refuse(away());
  CHECK(desk.ids() == "network: cannot reach it");
}

TEST_CASE("what a fetcher brings besides one document is refused") {
  struct Case {
    FakeFetcher::Answer answer;
    std::string message;
  };
  for (const Case& expected :
       std::vector<Case>{{[](const FetchRequest&, TreeWriter&, const FetchControl&) { return FetchResult{}; },
                          "the fetch program brought no document"},
                         {[](const FetchRequest&, TreeWriter&writer, const FetchControl&) {
                            return writer.add_file("other", "{}", false).map([] { return FetchResult{}; });
                          },
                          "the fetch program brought \"other\" where one document was asked for"},
                         {[](const FetchRequest&, TreeWriter&writer, const FetchControl&) {
                            return writer.add_directory("document").map([] { return FetchResult{}; });
                          },
                          "the fetch program brought \"document\" where one document was asked for"},
                         {[](const FetchRequest&, TreeWriter&writer, const FetchControl&) -> Result<FetchResult> {
                            COWORK_TRY(writer.add_file("document", "{}", false));
                            COWORK_TRY(writer.add_file("document", "{}", false));
                            return FetchResult{};
                          },
                          "the fetch program brought \"document\" where one document was asked for"}}) {
    RegistryDesk desk;
    desk.fetcher->set(expected.answer);
    CHECK(desk.ids() == "io: " + expected.message);
  }
}

namespace {

/// A fetch that waits until the test lets it go, or until it is cancelled.
class Gate {
 public:
  FakeFetcher::Answer answer(std::string text) {
    return [this, text = std::move(text)](const FetchRequest&, TreeWriter& writer,
                                          const FetchControl& control) -> Result<FetchResult> {
      std::unique_lock lock(mutex_);
      opened_.wait_for(lock, control.stop, std::chrono::seconds(60), [this] { return open_; });
      if (control.stop.stop_requested()) return fail(Error(ErrorCode::cancelled, "the fetch was cancelled"));
      COWORK_TRY(writer.add_file("document", text, false));
      return FetchResult{};
    };
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any opened_;
  bool open_ = false;
};

}  // namespace

TEST_CASE("callers who ask at once wait for one fetch") {
  RegistryDesk desk;
  Gate gate;
  desk.fetcher->set(gate.answer(catalog_text(entry_text("tea"))));
  std::vector<std::string> answers(8);
  {
    std::vector<std::jthread> callers;
    for (std::string& answer : answers) callers.emplace_back([&desk, &answer] { answer = desk.ids(); });
    CHECK(desk.fetcher->wait_for(1));
    gate.open();
  }
  CHECK(answers == std::vector<std::string>(8, "tea"));
  CHECK(desk.fetcher->count() == 1);
}

TEST_CASE("a caller who gives up learns nothing about the registry, and another one takes over") {
  RegistryDesk desk;
  Gate gate;
  desk.fetcher->set(gate.answer(catalog_text(entry_text("tea"))));
  std::stop_source stop;
  std::string first, second;
  {
    std::jthread leading([&] {
      const auto catalog = desk.ask({stop.get_token(), {}});
      first = catalog ? "a catalog" : catalog.error().message();
    });
    CHECK(desk.fetcher->wait_for(1));
    std::jthread waiting([&] { second = desk.ids(); });
    stop.request_stop();
    CHECK(desk.fetcher->wait_for(2));  // by whoever came second, with no pause in between
    gate.open();
  }
  CHECK(first == "the fetch was cancelled");
  CHECK(second == "tea");
  CHECK(desk.fetcher->count() == 2);
}

TEST_CASE("who waits for another one's fetch may give up, and has a deadline") {
  RegistryDesk desk;
  Gate gate;
  desk.fetcher->set(gate.answer(catalog_text(entry_text("tea"))));
  std::string first;
  std::jthread leading([&] { first = desk.ids(); });
  CHECK(desk.fetcher->wait_for(1));
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = desk.ask({stop.get_token(), {}});
  REQUIRE_FALSE(cancelled);
  CHECK(cancelled.error().code() == ErrorCode::cancelled);
  CHECK(cancelled.error().message() == "waiting for the catalog of the pack registry was cancelled");
  const auto late = desk.ask({{}, std::chrono::steady_clock::now() + std::chrono::milliseconds(1)});
  REQUIRE_FALSE(late);
  CHECK(late.error().code() == ErrorCode::timeout);
  CHECK(late.error().message() == "the catalog of the pack registry did not come before the deadline");
  gate.open();
  leading.join();
  CHECK(first == "tea");
}

TEST_CASE("an exception of the fetcher is nobody else's fault") {
  RegistryDesk desk;
  desk.fetcher->set(
      [](const FetchRequest&, TreeWriter&, const FetchControl&) -> Result<FetchResult> { throw std::bad_alloc(); });
  CHECK_THROWS_AS(desk.ask(), std::bad_alloc);
  desk.fetcher->bring(catalog_text(entry_text("tea")));
  CHECK(desk.ids() == "tea");
}
