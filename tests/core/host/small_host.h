// A host on an in-memory disk with packs made up by the test.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cowork/host/host_builder.h"
#include "cowork/ports/manual_clock.h"
#include "cowork/ports/memory_disk.h"
#include "support/catch.h"

namespace cowork::test {

/// A pack that a source finds in that tier.
struct TestPack : FoundPack {
  Scope scope = Scope::user;
};

inline TestPack pack_record(Scope scope, const std::string& alias, const std::string& name) {
  TestPack record;
  record.scope = scope;
  record.alias = alias;
  record.manifest.name = name;
  record.manifest.display_name = name;
  record.manifest.version = "1.0.0";
  Skill skill;
  skill.id = name + "-skill";
  skill.name = "Skill";
  record.manifest.skills = {skill};
  record.manifest_hash = content_hash(name);
  return record;
}

/// Packs that the test puts there.
class ListedSource final : public PackSource {
 public:
  void set(std::vector<TestPack> packs) {
    const std::lock_guard lock(mutex_);
    packs_ = std::move(packs);
  }
  std::vector<TierFindings> scan(const std::vector<TierRoot>& roots, const Catalog*) override {
    const std::lock_guard lock(mutex_);
    std::vector<TierFindings> tiers;
    for (const TierRoot& root : roots) {
      TierFindings tier;
      tier.root = root;
      for (const TestPack& pack : packs_) {
        if (pack.scope == root.scope) tier.add(pack);
      }
      tiers.push_back(std::move(tier));
    }
    return tiers;
  }
  Result<ParsedManifest> read_again(const PackRecord&) override { return fail(Error::internal("not in this test")); }
  Result<Skill> read_skill(const PackRecord& record, std::string_view id) override {
    Skill skill = record.manifest.find_skill(id)->skill();
    skill.prompt = "Look at {{what}} in {{ place }}, not {{unknown}}; {{what}}";
    skill.parameters = {{"what", "string", "the thing", true, {}}, {"place", "string", "", false, "the house"}};
    return skill;
  }
  Result<std::string> tree_sha256(std::string_view directory) override {
    const std::lock_guard lock(mutex_);
    const auto found = trees_.find(std::string(directory));
    if (found == trees_.end()) return fail(Error::not_found("no tree at " + std::string(directory)));
    return found->second;
  }
  void set_tree(const std::string& path, std::string hash) {
    const std::lock_guard lock(mutex_);
    trees_[path] = std::move(hash);
  }

 private:
  std::map<std::string, std::string> trees_;
  std::mutex mutex_;
  std::vector<TestPack> packs_;
};

struct SmallHost {
  SmallHost() {
    options.home = "/home";
    options.disk = disk;
    options.clock = clock;
    source->set({pack_record(Scope::builtin, "alpha", "alpha-pack"), pack_record(Scope::builtin, "beta", "beta"),
                 pack_record(Scope::user, "mine", "mine")});
  }
  HostBuilder builder() {
    HostBuilder made(options);
    made.without_policy().pack_source(source).tiers([user = user_tier] {
      return std::vector<TierRoot>{{Scope::builtin, "/packs/builtin", true},
                                   {Scope::organization, "/packs/organization", false},
                                   {Scope::user, user, false}};
    });
    return made;
  }
  PluginHost start(HostBuilder made) {
    auto host = made.start();
    if (!host) FAIL(host.error().message());
    return std::move(*host);
  }
  PluginHost start() { return start(builder()); }

  std::string user_tier = "/packs/user";
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::shared_ptr<ListedSource> source = std::make_shared<ListedSource>();
  HostOptions options;
};

inline Pack get(PluginHost& host, const std::string& name) {
  auto pack = host.get(name);
  REQUIRE(pack);
  REQUIRE(pack->has_value());
  return **pack;
}

}  // namespace cowork::test
