// What the machine layer relies on: its own file, the directories of packs, the records of installs. These tests need
// root.
#include <sys/stat.h>
#include <unistd.h>

#include "four_packs.h"
#include "machine_policy.h"
#include "refusal.h"

namespace cowork::test {
namespace {

constexpr unsigned nobody = 65534;

Refusal denied(std::string begins = {}) {
  return {3, "policy-denied", std::move(begins)};
}

TEST_CASE("A machine file that can't be used blocks everything and every mutation", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const std::string valid = R"({"packs": {"required": ["alpha"]}})";
  const MachinePolicy machine(valid);
  const FourPacks cli;
  const auto check_broken = [&] {
    for (const std::string& name : FourPacks::names())
      CHECK(text_at(cli.pack(name), "/policyReason") == "policy-unavailable");
    CHECK(cli.contributed_skills().empty());
    const json::Value error = check_refused(cli, {"pack", "enable", "beta"}, {3, "policy-unavailable", ""});
    CHECK_THAT(text_at(error, "/why"), Catch::Contains(MachinePolicy::path));
    check_refused(cli, {"pack", "new", "made"}, {3, "policy-unavailable", ""});
    check_refused(cli, {"policy", "set", "packs.blocked+=x"}, {3, "policy-unavailable", ""});
    CHECK(cli.run({"policy", "validate"}).status == 8);
  };
  SECTION("invalid") {
    machine.write("{");
    check_broken();
  }
  SECTION("empty") {
    machine.write("");
    check_broken();
  }
  SECTION("a link") {
    cli.write("linked.json", valid);
    machine.link_to(cli.path("linked.json"));
    check_broken();
  }
  SECTION("writable by others") {
    machine.write(valid, 0666);
    check_broken();
  }
  SECTION("of another owner") {
    machine.give_to(nobody);
    check_broken();
  }
  SECTION("in a directory that others may write") {
    ::chmod("/etc/cowork", 0777);
    check_broken();
    ::chmod("/etc/cowork", 0755);
  }
  SECTION("a directory") {
    machine.remove();
    std::filesystem::create_directory(MachinePolicy::path);
    check_broken();
  }
}

TEST_CASE("Under a machine policy a builtin directory that the user chose has to be trusted", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const FourPacks cli;
  CHECK(text_at(cli.pack("beta"), "/scope") == "builtin");
  const MachinePolicy machine(R"({"packs": {"required": ["devops"]}})");
  CHECK(text_at(cli.pack("beta"), "/scope") == "builtin");
  const auto check_not_used = [&] {
    const JsonRan listed = cli.json({"pack", "list"});
    CHECK(listed.status == 0);
    for (const json::Value& pack : *at(listed.document, "/packs").as_array())
      CHECK_FALSE(text_at(pack, "/path").starts_with(cli.path("builtin")));
    CHECK_FALSE(at(listed.document, "/diagnostics").as_array()->empty());
  };
  SECTION("the directory is somebody else's") {
    REQUIRE(::chown(cli.path("builtin").c_str(), nobody, nobody) == 0);
    check_not_used();
    const JsonRan flagged = cli.json({"pack", "list", "--builtin", cli.path("builtin")});
    CHECK(entry_with(at(flagged.document, "/packs"), "name", "beta").is_null());
  }
  SECTION("others may write to it") {
    REQUIRE(::chmod(cli.path("builtin").c_str(), 0777) == 0);
    check_not_used();
  }
  SECTION("a manifest in it is somebody else's") {
    REQUIRE(::chown(cli.path("builtin/beta/cowork.plugin.json").c_str(), nobody, nobody) == 0);
    check_not_used();
  }
}

TEST_CASE("Before a machine layer that allows no installs a forged lock record vouches for nothing", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const MachinePolicy machine(
      R"({"general": {"allowCustomPacks": false, "allowGitInstall": false, "allowUrlInstall": false}})");
  const FourPacks cli;
  for (const char* kind : {"directory", "archive", "git", "url"}) {
    INFO(kind);
    cli.write("home/pack-lock.json", R"({"version": 1, "packs": {"mine": {"version": "1.0.0", "source": {"kind": ")" +
                                         std::string(kind) + R"(", "location": "https://acme.example/mine"},
      "treeSha256": ")" + std::string(64, '0') +
                                         R"(", "installedAt": "2025-01-15T12:00:00Z"}}})");
    CHECK(text_at(cli.pack("mine"), "/policyReason") == "not-allowed");
    check_refused(cli, {"pack", "enable", "mine"}, denied("Installation disabled by admin policy"));
  }
  CHECK(text_at(cli.pack("beta"), "/state") == "active");
}

TEST_CASE("An alias counts for the machine layer only where the tier is a trusted directory", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const MachinePolicy machine(R"({"packs": {"required": ["gamma"]}})");
  const FourPacks cli;
  CHECK(at(cli.pack("gamma-pack"), "/policyRequired") == json::Value(true));
  REQUIRE(::chown(cli.path("home/org-plugins").c_str(), nobody, nobody) == 0);
  CHECK(at(cli.pack("gamma-pack"), "/policyRequired") == json::Value(false));
  machine.write(R"({"packs": {"required": ["gamma-pack"]}})");
  CHECK(at(cli.pack("gamma-pack"), "/policyRequired") == json::Value(true));
  machine.write(R"({"packs": {"blocked": ["gamma"]}})");
  CHECK(text_at(cli.pack("gamma-pack"), "/policyReason") == "blocked");
}

TEST_CASE("Root changes the machine layer by name", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const MachinePolicy machine("{}");
  const FourPacks cli;
  REQUIRE(cli.run({"policy", "set", "--layer", "machine", "packs.required+=beta"}).status == 0);
  CHECK(at(parsed(machine.read(), "the machine policy"), "/packs/required") == json::Value::strings({"beta"}));
  CHECK_FALSE(cli.exists("home/policies.json"));
  CHECK(at(cli.pack("beta"), "/policyRequired") == json::Value(true));
  CHECK(at(cli.call("admin:policiesGet", R"([{"layer": "machine"}])").document, "/packs/required") ==
        json::Value::strings({"beta"}));
  struct stat status {};
  REQUIRE(::stat(MachinePolicy::path, &status) == 0);
  CHECK((status.st_mode & 07777) == 0644);
}

}  // namespace
}  // namespace cowork::test
