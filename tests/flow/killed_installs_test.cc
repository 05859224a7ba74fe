// SIGKILL at every step of an install, an update and an uninstall that changes the disk: the old pack or the new one,
// whole, and nothing left over after the next start.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <iostream>

#include "cowork/assembly/standard_host.h"
#include "cowork/operation/quarantine_operations.h"
#include "support/catch.h"
#include "support/killing_disk.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::test;

namespace {

std::string manifest(const std::string& version) {
  return R"({"name":"crm","displayName":"CRM","version":")" + version +
         R"(","description":"","type":"pack","skills":[{"id":"crm-s","name":"S","description":"","prompt":"Version )" +
         version + R"("}]})";
}

/// A home in which `crm` may be installed already, and a source that holds `source_version` of it.
struct Desk {
  TemporaryDirectory directory;
  explicit Desk(const std::string& source_version) { source(source_version); }
  void source(const std::string& version) const {
    directory.write("source/cowork.plugin.json", manifest(version));
    directory.write("source/notes/" + version + ".txt", "of version " + version);
  }
  PluginHost host(std::shared_ptr<Disk> disk = nullptr) const {
    StandardHostOptions options;
    options.home = directory.path("home");
    options.builtin_directory = directory.path("builtin");
    options.machine_policy_path = directory.path("no-policy.json");
    options.machine_settings_path = directory.path("no-settings.json");
    options.watch = false;
    options.host.disk = std::move(disk);
    auto started = start_standard_host(options);
    if (!started) throw std::runtime_error(started.error().message());
    return std::move(*started);
  }
};

using Work = std::function<bool(PluginHost&)>;

/// Runs `work` in a process of its own that dies before step `dies_before`. True when it came to its end.
bool run_until(const Desk& desk, const Work& work, int dies_before) {
  const pid_t child = ::fork();
  if (child == 0) {
    PluginHost host = desk.host(std::make_shared<KillingDisk>(make_real_disk(), dies_before));
    ::_exit(work(host) ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) {
    CHECK(WEXITSTATUS(status) == 0);
    return true;
  }
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGKILL);
  return false;
}

/// What stands in the extensions but packs.
std::vector<std::string> leftovers(const Desk& desk) {
  std::vector<std::string> found;
  const auto extensions = make_real_disk()->open(desk.directory.path("home/extensions"));
  if (!extensions) return found;
  const auto entries = (*extensions)->entries();
  for (const DirectoryEntry& entry : *entries) {
    if (entry.name != "crm" && !entry.name.ends_with(".lock")) found.push_back(entry.name);
  }
  return found;
}

/// The version that is installed, or empty. Whatever it is, it is whole.
std::string whole_version(const Desk& desk) {
  PluginHost host = desk.host();
  CHECK(leftovers(desk) == std::vector<std::string>{});
  const auto pack = host.get("crm");
  REQUIRE(pack);
  if (!pack->has_value()) return {};
  const std::string version = (*pack)->manifest().version.str();
  INFO((*pack)->flags().error.str());
  CHECK((*pack)->state() == PackState::active);
  CHECK((*pack)->lock_record() != nullptr);
  const auto verified = host.call(VerifyPacks{"crm"});
  REQUIRE(verified);
  CHECK(verified->front().verified);
  const auto skill = host.call(GetSkill{"crm-s"});
  REQUIRE(skill);
  CHECK(skill->skill.prompt == "Version " + version);
  CHECK(desk.directory.exists("home/extensions/crm/notes/" + version + ".txt"));
  return version;
}

bool install(PluginHost& host, const Desk& desk) {
  return host.call(InstallPack{desk.directory.path("source"), {}}).has_value();
}

}  // namespace

TEST_CASE("killed at any step of an install: no pack, or the whole one, and the next install works") {
  int step = 1;
  for (bool ended = false; !ended; ++step) {
    INFO("killed before step " << step);
    Desk desk("1.0.0");
    ended = run_until(
        desk, [&](PluginHost& host) { return install(host, desk); }, step);
    const std::string version = whole_version(desk);
    CHECK((version.empty() || version == "1.0.0"));
    if (ended) CHECK(version == "1.0.0");
    PluginHost host = desk.host();
    InstallOptions again;
    again.replace = true;
    CHECK(host.call(InstallPack{desk.directory.path("source"), again}));
  }
  std::cout << "install: killed at " << step - 2 << " steps\n";
  CHECK(step > 10);
}

TEST_CASE("killed at any step of an install of a pack that is quarantined: it is never seen without its report") {
  int step = 1;
  bool seen = false;
  for (bool ended = false; !ended; ++step) {
    INFO("killed before step " << step);
    Desk desk("1.0.0");
    desk.directory.write("source/notes/hidden.txt",
                         "a\xe2\x80\xae"
                         "b");
    ended = run_until(
        desk, [&](PluginHost& host) { return install(host, desk); }, step);
    PluginHost host = desk.host();
    const auto pack = host.get("crm");
    REQUIRE(pack);
    if (!pack->has_value()) continue;
    seen = true;
    CHECK((*pack)->state() == PackState::quarantined);
    CHECK_FALSE(host.call(GetSkill{"crm-s"}));
    const auto held = host.call(ListQuarantine{});
    REQUIRE(held);
    CHECK(held->size() == 1);
  }
  std::cout << "quarantined install: killed at " << step - 2 << " steps\n";
  CHECK(seen);
}

TEST_CASE("killed at any step of an update: the old pack or the new one, whole") {
  int step = 1;
  bool old_seen = false, new_seen = false;
  for (bool ended = false; !ended; ++step) {
    INFO("killed before step " << step);
    Desk desk("1.0.0");
    {
      PluginHost host = desk.host();
      REQUIRE(install(host, desk));
    }
    desk.source("2.0.0");
    ended = run_until(
        desk,
        [&](PluginHost& host) {
          return host.call(UpdatePack{"crm", {}}).has_value();
        },
        step);
    const std::string version = whole_version(desk);
    CHECK((version == "1.0.0" || version == "2.0.0"));
    if (ended) CHECK(version == "2.0.0");
    old_seen = old_seen || version == "1.0.0";
    new_seen = new_seen || (version == "2.0.0" && !ended);
  }
  std::cout << "update: killed at " << step - 2 << " steps\n";
  CHECK(old_seen);
  CHECK(new_seen);
}

TEST_CASE("killed at any step of an uninstall: the whole pack, or none") {
  int step = 1;
  for (bool ended = false; !ended; ++step) {
    INFO("killed before step " << step);
    Desk desk("1.0.0");
    {
      PluginHost host = desk.host();
      REQUIRE(install(host, desk));
    }
    ended = run_until(
        desk, [&](PluginHost& host) { return host.call(UninstallPack{"crm"}).has_value(); }, step);
    const std::string version = whole_version(desk);
    CHECK((version.empty() || version == "1.0.0"));
    if (ended) CHECK(version.empty());
    PluginHost host = desk.host();
    InstallOptions again;
    again.replace = true;
    CHECK(host.call(InstallPack{desk.directory.path("source"), again}));
  }
  std::cout << "uninstall: killed at " << step - 2 << " steps\n";
}
