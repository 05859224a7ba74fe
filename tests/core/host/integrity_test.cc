// Installed packs against their lock records, and installs that a crash cut short.
#include <algorithm>

#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

namespace {

const std::string mine = "/packs/user/mine";

std::string record(const std::string& hash, const std::string& version, const std::string& more = "") {
  return R"("version":")" + version +
         R"(","source":{"kind":"git","location":"https://a.example/m.git"},"treeSha256":")" + hash +
         R"(","installedAt":"2026-01-01T00:00:00Z")" + more;
}

std::string locks(const std::string& entry) {
  return R"({"version":1,"packs":{"mine":{)" + entry + "}}}";
}

struct InstalledPack : SmallHost {
  /// The installed pack lies where the host installs, so that both see one tree.
  InstalledPack() {
    user_tier = "/home/extensions";
    source->set({pack_record(Scope::user, "mine", "mine")});
  }
  void tree(const std::string& hash) { source->set_tree("/home/extensions/mine", hash); }
  void lock(const std::string& text) { disk->plant_file("/home/pack-lock.json", text); }
};

}  // namespace

TEST_CASE("an installed pack that was changed is in error, and says so everywhere") {
  InstalledPack small;
  small.lock(locks(record("aa", "1.0.0")));
  small.tree("aa");
  PluginHost host = small.start();
  CHECK(get(host, "mine").state() == PackState::active);

  small.tree("bb");
  // Verified at activation: what was read once stands for this catalog.
  CHECK(get(host, "mine").state() == PackState::active);
  REQUIRE(host.call(Rescan{}));
  const Pack changed = get(host, "mine");
  CHECK(changed.state() == PackState::error);
  CHECK(changed.flags().error ==
        "integrity: pack \"mine\" was changed after it was installed: the treeSha256 of /home/extensions/mine is bb, "
        "installed was aa");
  CHECK(host.call(GetSkill{"mine-skill"}).error().code() == ErrorCode::not_found);
  const auto status = host.call(GetStatus{});
  REQUIRE(status);
  CHECK(std::count_if(status->diagnostics.begin(), status->diagnostics.end(),
                      [](const Diagnostic& diagnostic) { return diagnostic.code == "integrity"; }) == 1);
}

TEST_CASE("pluginPack:verify compares with the lock record now") {
  InstalledPack small;
  small.lock(locks(record("aa", "1.0.0")));
  small.tree("aa");
  PluginHost host = small.start();
  auto reply = host.call(VerifyPacks{"mine"});
  REQUIRE(reply);
  REQUIRE(reply->size() == 1);
  CHECK(reply->front().verified);
  small.tree("bb");
  reply = host.call(VerifyPacks{});
  REQUIRE(reply);
  REQUIRE(reply->size() == 1);
  CHECK_FALSE(reply->front().verified);
  CHECK(reply->front().expected == "aa");
  CHECK(reply->front().found == "bb");
}

TEST_CASE("pluginPack:verify of a pack without a record is not-found") {
  InstalledPack small;
  PluginHost host = small.start();
  const auto reply = host.call(VerifyPacks{"mine"});
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code() == ErrorCode::not_found);
  CHECK(reply.error().message() == "pack \"mine\" has no lock record to verify it against");
}

TEST_CASE("an install that was cut short counts by what is on the disk: the new pack, the old one, or none") {
  struct Case {
    std::string what, pending, tree;
    std::optional<std::string> version;
  };
  const std::string old = R"(,"pending":{)" + record("old", "1.0.0") + "}";
  const Case cases[] = {
      {"killed before the rename of an update", old, "old", "1.0.0"},
      {"killed after the rename of an update", old, "new", "2.0.0"},
      {"killed before the rename of an install over a pack without a record", R"(,"pending":null)", "other", {}},
      {"killed after the rename of a first install", R"(,"pending":null)", "new", "2.0.0"},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    InstalledPack small;
    small.lock(locks(record("new", "2.0.0", each.pending)));
    small.tree(each.tree);
    PluginHost host = small.start();
    const Pack pack = get(host, "mine");
    CHECK(pack.state() == PackState::active);
    REQUIRE((pack.lock_record() != nullptr) == each.version.has_value());
    if (each.version) {
      CHECK(pack.lock_record()->version == *each.version);
      CHECK_FALSE(pack.lock_record()->pending);
    }
  }
}

TEST_CASE("of an uninstall that was cut short the record goes when the tree is gone, and stays when it is there") {
  const std::string announced = record("installed", "1.0.0", R"(,"pending":{)" + record("installed", "1.0.0") + "}");
  for (const bool gone : {true, false}) {
    InstalledPack small;
    small.lock(locks(announced));
    if (!gone) small.tree("installed");
    PluginHost host = small.start();
    CHECK((get(host, "mine").lock_record() == nullptr) == gone);
    CHECK(host.call(VerifyPacks{"mine"}).has_value() != gone);
  }
}

TEST_CASE("a pack is compared anew whenever it is switched on") {
  InstalledPack small;
  small.lock(locks(record("aa", "1.0.0")));
  small.tree("aa");
  PluginHost host = small.start();
  CHECK(get(host, "mine").state() == PackState::active);
  REQUIRE(host.toggle("mine", false));
  small.tree("bb");
  REQUIRE(host.toggle("mine", true));
  CHECK(get(host, "mine").state() == PackState::error);
  small.tree("aa");
  REQUIRE(host.toggle("mine", false));
  REQUIRE(host.toggle("mine", true));
  CHECK(get(host, "mine").state() == PackState::active);
}

TEST_CASE("a record that was read while it was pending is settled again until it no longer is") {
  InstalledPack small;
  small.lock(locks(record("new", "2.0.0", R"(,"pending":{)" + record("old", "1.0.0") + "}")));
  small.tree("old");
  PluginHost host = small.start();
  CHECK(get(host, "mine").lock_record()->version == "1.0.0");
  // Whoever installs renames now, and dies: the file of records does not change any more.
  small.tree("new");
  host.refresh();
  CHECK(get(host, "mine").lock_record()->version == "2.0.0");
}

TEST_CASE("a host tells of incidents at a commit point when the commit is over") {
  SmallHost small;
  PluginHost host = small.start();
  REQUIRE(host.toggle("beta", false));
  std::vector<std::string> answers;
  const auto subscription = host.subscribe([&](const Event& event) {
    if (event.type != "diagnostic" || !answers.empty()) return;
    const auto toggled = host.toggle("beta", true);
    answers.push_back(toggled ? "toggled" : toggled.error().message());
  });
  small.disk->plant_file("/home/pack-states.json", "{");
  REQUIRE(host.toggle("alpha", false));
  CHECK(answers == std::vector<std::string>{"toggled"});
}

TEST_CASE("a pending record vouches for no third tree") {
  InstalledPack small;
  small.lock(locks(record("new", "2.0.0", R"(,"pending":{)" + record("old", "1.0.0") + "}")));
  small.tree("forged");
  PluginHost host = small.start();
  CHECK(get(host, "mine").state() == PackState::error);
}
