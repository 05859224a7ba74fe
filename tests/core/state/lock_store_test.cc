#include "cowork/base/json.h"
#include "home.h"

namespace cowork::test {
namespace {

constexpr std::string_view valid_file = R"({
  "version": 1,
  "packs": {
    "garden": {
      "version": "1.2.3",
      "source": {
        "kind": "git",
        "location": "https://git.example/garden.git",
        "ref": "v1.2.3"
      },
      "sha256": "aa",
      "treeSha256": "bb",
      "installedAt": "2025-01-15T12:00:00Z"
    },
    "local": {
      "version": "0.1.0",
      "source": {
        "kind": "directory",
        "location": "/src/local"
      },
      "treeSha256": "cc",
      "installedAt": "2025-01-15T12:00:01Z"
    }
  }
}
)";

LockRecords valid_records() {
  LockRecords records;
  LockRecord garden;
  garden.name = "garden";
  garden.version = "1.2.3";
  garden.source_kind = "git";
  garden.source = "https://git.example/garden.git";
  garden.ref = "v1.2.3";
  garden.sha256 = "aa";
  garden.tree_sha256 = "bb";
  garden.installed_at = "2025-01-15T12:00:00Z";
  LockRecord local;
  local.name = "local";
  local.version = "0.1.0";
  local.source_kind = "directory";
  local.source = "/src/local";
  local.tree_sha256 = "cc";
  local.installed_at = "2025-01-15T12:00:01Z";
  records.packs = {{"garden", garden}, {"local", local}};
  return records;
}

TEST_CASE("A pending lock record keeps the one before it, or that there was none") {
  const Home home;
  LockRecords records = valid_records();
  LockRecord& garden = records.packs["garden"];
  garden.commit = "0123abcd";
  garden.pending = true;
  garden.previous = std::make_shared<const LockRecord>(records.packs["local"]);
  records.packs["local"].pending = true;
  REQUIRE(home.locks().save(records));
  const auto loaded = load(home.locks());
  CHECK(loaded.incidents.empty());
  const LockRecord* read = loaded.state->find("garden");
  REQUIRE(read);
  CHECK(read->commit == "0123abcd");
  CHECK(read->pending);
  REQUIRE(read->previous);
  CHECK(read->previous->version == "0.1.0");
  CHECK(read->previous->name == "garden");
  REQUIRE(loaded.state->find("local"));
  CHECK(loaded.state->find("local")->pending);
  CHECK_FALSE(loaded.state->find("local")->previous);
}

TEST_CASE("Without a file there are no lock records, and reading makes nothing") {
  const Home home;
  const std::uint64_t before = home.disk->steps();
  const auto loaded = load(home.locks());
  CHECK(loaded.state->packs.empty());
  CHECK(loaded.state->find("garden") == nullptr);
  CHECK(loaded.incidents.empty());
  CHECK(home.locks().fingerprint() == 0);
  CHECK(home.disk->steps() == before);
}

TEST_CASE("Lock records are written as documented") {
  const Home home;
  const auto saved = home.locks().save(valid_records());
  REQUIRE(saved.has_value());
  CHECK((*saved)->find("garden")->version == "1.2.3");
  CHECK(home.read("pack-lock.json") == valid_file);
  CHECK(home.read("pack-lock.json.last-good") == valid_file);
  CHECK(home.locks().fingerprint() != 0);
}

TEST_CASE("Lock records come back as they were") {
  const Home home;
  home.plant("pack-lock.json", valid_file);
  const auto loaded = load(home.locks());
  CHECK(loaded.incidents.empty());
  REQUIRE(loaded.state->packs.size() == 2);
  for (const auto& [name, record] : valid_records().packs) {
    const LockRecord* found = loaded.state->find(name);
    REQUIRE(found != nullptr);
    CHECK(found->name == name);
    CHECK(found->version == record.version);
    CHECK(found->source_kind == record.source_kind);
    CHECK(found->source == record.source);
    CHECK(found->ref == record.ref);
    CHECK(found->sha256 == record.sha256);
    CHECK(found->tree_sha256 == record.tree_sha256);
    CHECK(found->installed_at == record.installed_at);
  }
}

TEST_CASE("What a scan found is kept with the record, and with the one before it") {
  const Home home;
  LockRecords records = valid_records();
  ScanReport report;
  report.verdict = ScanVerdict::quarantined;
  report.findings = {{"hidden-text", ScanVerdict::quarantined, "a.md", 3, "hidden"},
                     {"link", ScanVerdict::quarantined, "b", 0, "a link"}};
  report.omitted = 2;
  report.scanned_at = "2025-01-15T12:00:02Z";
  LockRecord& garden = records.packs["garden"];
  garden.pending = true;
  LockRecord before = valid_records().packs["garden"];
  before.scan = std::make_shared<const ScanReport>(report);
  garden.previous = std::make_shared<const LockRecord>(before);
  report.released_at = "2025-01-15T12:00:03Z";
  garden.scan = std::make_shared<const ScanReport>(report);
  REQUIRE(home.locks().save(records).has_value());
  const auto loaded = load(home.locks());
  CHECK(loaded.incidents.empty());
  const LockRecord* found = loaded.state->find("garden");
  REQUIRE((found && found->scan && found->previous && found->previous->scan));
  CHECK_FALSE(found->scan->holds_back());
  CHECK(found->previous->scan->holds_back());
  CHECK(json::to_text(to_json(*found->scan)) == json::to_text(to_json(report)));
  CHECK(found->scan->findings.at(0).line == 3);
  CHECK(found->scan->omitted == 2);
  CHECK_FALSE(loaded.state->find("local")->scan);
}

TEST_CASE("A report that can't be understood makes the lock file corrupt: nothing is released by it") {
  const auto [scan, message] = GENERATE(table<std::string, std::string>({
      {"null", "expected an object, found null"},
      {"{}", R"(missing member "verdict")"},
      {R"({"verdict": "fine"})", R"(verdict must be one of clean, warning, quarantined; found "fine")"},
      {R"({"verdict": "clean", "findings": {}})", "expected an array, found an object"},
      {R"({"verdict": "clean", "findings": [{"rule": "a", "severity": "b"}]})",
       R"(severity must be one of clean, warning, quarantined; found "b")"},
      {R"({"verdict": "clean", "findings": [], "omitted": -1, "scannedAt": ""})", "expected a count, found a number"},
      {R"({"verdict": "clean", "findings": []})", R"(missing member "scannedAt")"},
  }));
  INFO(scan);
  const Home home;
  home.plant("pack-lock.json", R"({"version": 1, "packs": {"a": {"version": "1.0.0", "source": {"kind": "url",
    "location": "x"}, "treeSha256": "t", "installedAt": "i", "scan": )" +
                                   scan + "}}}");
  const auto loaded = load(home.locks());
  CHECK(loaded.state->packs.empty());
  REQUIRE(loaded.incidents.size() == 1);
  CHECK_THAT(loaded.incidents[0].message, Catch::StartsWith("pack-lock.json is corrupt: " + message + ";"));
}

TEST_CASE("A corrupt lock file gives no records, or those of the last good copy") {
  const auto [text, message, place] = GENERATE(table<std::string, std::string, std::string>({
      {"[]", "expected an object, found an array", ":1:1"},
      {"{}", R"(missing member "version")", ":1:1"},
      {R"({"version": 2, "packs": {}})", "version must be 1", ":1:13 (/version)"},
      {R"({"version": "1", "packs": {}})", "version must be 1", ":1:13 (/version)"},
      {R"({"version": 1})", R"(missing member "packs")", ":1:1"},
      {R"({"version": 1, "packs": []})", "expected an object, found an array", ":1:25 (/packs)"},
      {R"({"version": 1, "packs": {"a": 1}})", "expected an object, found a number", ":1:31 (/packs/a)"},
      {R"({"version": 1, "packs": {"a": {"version": 1}}})", "expected a string, found a number",
       ":1:43 (/packs/a/version)"},
      {R"({"version": 1, "packs": {"a": {"version": "1.0.0", "source": "git"}}})", "expected an object, found a string",
       ":1:62 (/packs/a/source)"},
      {R"({"version": 1, "packs": {"a": {"version": "1.0.0", "source": {"kind": "magic"}}}})",
       R"(kind must be one of directory, archive, git, url; found "magic")", ":1:71 (/packs/a/source/kind)"},
      {R"({"version": 1, "packs": {"a": {"version": "1.0.0", "source": {"kind": "git", "location": "x"}}}})",
       R"(missing member "treeSha256")", ":1:31 (/packs/a)"},
      {R"({"version": 1, "packs": {"a": {"version": "1.0.0", "source": {"kind": "git", "location": "x", "ref": 1}}}})",
       "expected a string, found a number", ":1:102 (/packs/a/source/ref)"},
  }));
  INFO(text);
  const Home home;
  SECTION("no records") {
    home.plant("pack-lock.json", text);
    const auto loaded = load(home.locks());
    CHECK(loaded.state->packs.empty());
    REQUIRE(loaded.incidents.size() == 1);
    CHECK(loaded.incidents[0].code == "state-corrupt");
    CHECK(
        loaded.incidents[0].message ==
        "pack-lock.json is corrupt: " + message +
            "; it was moved to pack-lock.json.corrupt-1736942400000; there is no last good copy: installed packs count "
            "as custom until they are installed again, and user packs stay off until they are switched on");
    CHECK(loaded.incidents[0].place.to_string() == home.path + "/pack-lock.json" + place);
    CHECK(home.read("pack-lock.json.corrupt-1736942400000") == text);
    const auto again = load(home.locks());
    CHECK(again.incidents.empty());
    CHECK(again.state->packs.empty());
    CHECK(again.state->lost);
  }
  SECTION("the last good copy") {
    REQUIRE(home.locks().save(valid_records()).has_value());
    home.plant("pack-lock.json", text);
    const auto loaded = load(home.locks());
    CHECK(loaded.state->packs.size() == 2);
    CHECK(home.read("pack-lock.json") == valid_file);
  }
}

TEST_CASE("Toggles and lock records keep out of each other's way") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", true)).has_value());
  REQUIRE(home.locks().save(valid_records()).has_value());
  home.plant("pack-lock.json", "{");
  CHECK(load(home.toggles()).incidents.empty());
  CHECK(load(home.locks()).incidents.size() == 1);
}

}  // namespace
}  // namespace cowork::test
