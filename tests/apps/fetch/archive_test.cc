// tar and tar.gz.
#include "cowork/base/sha256.h"
#include "program.h"
#include "support/archive_builder.h"
#include "support/repository.h"

using namespace cowork;
using namespace cowork::fetch::test;
using cowork::test::gzip;
using cowork::test::Repository;
using cowork::test::TarBuilder;
using cowork::test::TarEntry;
using cowork::test::tree_line;

namespace {

const std::string unreliable = "ARCHIVE: it is no archive of tar, tar.gz or zip that can be relied on";
const std::string no_link = " is a link; a pack holds regular files and directories only";

TarBuilder small_pack() {
  TarBuilder tar;
  tar.file("cowork.plugin.json", manifest).directory("skills").file("skills/a.md", "a").file("skills/b.md", "bb");
  return tar;
}

}  // namespace

TEST_CASE("archives of tar and tar.gz are unpacked") {
  const std::vector<std::string> tree{"skills/", "cowork.plugin.json", "skills/a.md", "skills/b.md"};
  const std::string tar = small_pack().finish();
  for (const std::string& archive : {tar, gzip(tar), tar + std::string(8192, '\0')}) {
    const Fetched fetched = fetch_archive(archive);
    check_tree(fetched, tree);
    CHECK(fetched.contents.at("skills/b.md") == "bb");
    CHECK(fetched.contents.at("cowork.plugin.json") == manifest);
    CHECK(fetched.result->sha256 == sha256_hex(archive));
    CHECK(fetched.result->commit.empty());
  }
}

TEST_CASE("archives as git and hosting sites make them are unpacked") {
  const TemporaryDirectory place;
  const Repository repository(place, "pack.git");
  const std::string text = repository.blob(std::string(100'000, 'x'));
  const std::string below = repository.tree(tree_line("100644", "blob", text, std::string(150, 'n')) +
                                            tree_line("100755", "blob", repository.blob("#!/bin/sh\n"), "run"));
  repository.commit(repository.tree(tree_line("100644", "blob", repository.blob(manifest), "cowork.plugin.json") +
                                    tree_line("040000", "tree", below, "Grüße")));
  for (const std::string format : {"tar", "tar.gz", "zip"}) {
    for (const std::string prefix : {"", "pack-main/"}) {
      INFO(format << " " << prefix);
      repository.git({"archive", "--format=" + format, "--prefix=" + prefix, "--output=" + place.path("made"), "main"});
      const Fetched fetched = fetch_archive(place.read("made"));
      check_tree(fetched, {"Grüße/", "Grüße/" + std::string(150, 'n'), "Grüße/run*", "cowork.plugin.json"});
      CHECK(fetched.contents.at("Grüße/" + std::string(150, 'n')) == std::string(100'000, 'x'));
    }
  }
}

TEST_CASE("an archive may be written in ways that mean the same") {
  struct Case {
    std::string_view what;
    std::string archive;
    std::vector<std::string> tree;
  };
  const Case table[] = {
      {"one top-level directory is stripped",
       TarBuilder().directory("tea-1.0/").file("tea-1.0/cowork.plugin.json", manifest).file("tea-1.0/x/y", "").finish(),
       {"x/", "cowork.plugin.json", "x/y"}},
      {"which no entry need name",
       TarBuilder().file("tea/x", "").file("tea/cowork.plugin.json", manifest).finish(),
       {"x", "cowork.plugin.json"}},
      {"a dot before each path",
       TarBuilder().directory("./").file("./cowork.plugin.json", manifest).directory("./x/").file("./x/y", "").finish(),
       {"x/", "cowork.plugin.json", "x/y"}},
      {"the root by its own name",
       TarBuilder().directory(".").file("cowork.plugin.json", manifest).finish(),
       {"cowork.plugin.json"}},
      {"a directory after what lies in it",
       TarBuilder().file("x/y", "").directory("x").file("cowork.plugin.json", manifest).finish(),
       {"x/", "x/y", "cowork.plugin.json"}},
      {"a file that may be executed",
       TarBuilder().file("cowork.plugin.json", manifest).add({"run", "x", '0', {}, 0755}).finish(),
       {"cowork.plugin.json", "run*"}},
      {"other alphabets",
       TarBuilder().file("cowork.plugin.json", manifest).file("Grüße/挨拶", "").finish(),
       {"Grüße/", "cowork.plugin.json", "Grüße/挨拶"}},
      {"files named like ours",
       TarBuilder().file("cowork.plugin.json", manifest).file("pack-lock.json", "").file(".staging-x/y", "").finish(),
       {".staging-x/", "cowork.plugin.json", "pack-lock.json", ".staging-x/y"}},
  };
  for (const auto& [what, archive, tree] : table) {
    INFO(what);
    check_tree(fetch_archive(archive), tree);
  }
}

TEST_CASE("entries that no pack may hold refuse the whole archive") {
  struct Case {
    TarEntry entry;
    std::string message;
  };
  const Case table[] = {
      {{"../x", "", '0', {}, 0644}, "\"../x\" is no path within a pack"},
      {{"a/../../x", "", '0', {}, 0644}, "\"a/../../x\" is no path within a pack"},
      {{"/etc/x", "", '0', {}, 0644}, "\"/etc/x\" is no path within a pack"},
      {{"..", "", '5', {}, 0755}, "\"..\" is no path within a pack"},
      {{".", "x", '0', {}, 0644}, "\"\" is no path within a pack"},
      {{"..\\x", "", '0', {}, 0644}, "\"..\\x\" has a backslash in its name"},
      {{".git/config", "", '0', {}, 0644}, "\".git/config\" has a step named .git, which belongs to git"},
      {{"a/.GIT", "", '0', {}, 0644}, "\"a/.GIT\" has a step named .git, which belongs to git"},
      {{"a\x1b[2J", "", '0', {}, 0644}, "\"a\\x1b[2J\" has control or invisible characters in its name"},
      {{"a\xff", "", '0', {}, 0644}, "\"a\\xff\" is no valid UTF-8"},
      {{"hard", "", '1', "cowork.plugin.json", 0644},
       "\"hard\" is a hard link; a pack holds regular files and directories only"},
      {{"soft", "", '2', "/etc", 0777}, "\"soft\"" + no_link},
      {{"device", "", '3', {}, 0644},
       "\"device\" is neither a regular file nor a directory; a pack holds nothing else"},
      {{"block", "", '4', {}, 0644}, "\"block\" is neither a regular file nor a directory; a pack holds nothing else"},
      {{"fifo", "", '6', {}, 0644}, "\"fifo\" is neither a regular file nor a directory; a pack holds nothing else"},
      {{"setuid", "", '0', {}, 04755}, "\"setuid\" has a setuid, setgid or sticky bit"},
      {{"setgid", "", '0', {}, 02755}, "\"setgid\" has a setuid, setgid or sticky bit"},
      {{"sticky", "", '5', {}, 01755}, "\"sticky\" has a setuid, setgid or sticky bit"},
      {{"cowork.plugin.json", "", '0', {}, 0644}, "\"cowork.plugin.json\" is there twice"},
      {{"./cowork.plugin.json", "", '0', {}, 0644}, "\"cowork.plugin.json\" is there twice"},
      {{"Cowork.Plugin.JSON", "", '0', {}, 0644},
       "\"Cowork.Plugin.JSON\" is the same as \"cowork.plugin.json\" to file systems that fold case or normalise "
       "names"},
      {{"cowork.plugin.json/x", "", '0', {}, 0644},
       "\"cowork.plugin.json/x\" lies in \"cowork.plugin.json\", which is a file"},
  };
  for (const auto& [entry, message] : table) {
    INFO(entry.path);
    check_refused(fetch_archive(TarBuilder().file("cowork.plugin.json", manifest).add(entry).finish()),
                  ErrorCode::invalid_argument, "ARCHIVE: " + message);
  }
}

TEST_CASE("a name that is far too long is not read as a path, and shown in part") {
  const Fetched fetched = fetch_archive(TarBuilder()
                                            .file("cowork.plugin.json", manifest)
                                            .add({"././@LongLink", std::string(5000, 'n') + '\0', 'L', {}, 0644})
                                            .file("n", "x")
                                            .finish());
  REQUIRE(fetched.error);
  CHECK(fetched.error->code() == ErrorCode::invalid_argument);
  CHECK(fetched.error->message().starts_with("ARCHIVE: \"nnn"));
  CHECK(fetched.error->message().size() <= 2000);
  CHECK(fetched.tree.empty());
}

TEST_CASE("a link and a file written through it refuse the archive at the link") {
  const std::string archive = TarBuilder()
                                  .file("cowork.plugin.json", manifest)
                                  .add({"out", "", '2', "/tmp", 0777})
                                  .file("out/escaped", "x")
                                  .finish();
  check_refused(fetch_archive(archive), ErrorCode::invalid_argument, "ARCHIVE: \"out\"" + no_link);
}

TEST_CASE("directories that only differ by case are one too many, also where no entry names them") {
  const std::string archive =
      TarBuilder().file("cowork.plugin.json", manifest).file("A/x", "").file("a/y", "").finish();
  check_refused(fetch_archive(archive), ErrorCode::invalid_argument,
                "ARCHIVE: \"a\" is the same as \"A\" to file systems that fold case or normalise names");
}

TEST_CASE("an archive that holds no pack is refused") {
  const std::string message = "ARCHIVE: it holds no pack";
  const std::string why = "there is no cowork.plugin.json at its root or in its only top-level directory";
  check_refused(fetch_archive(TarBuilder().file("x", "").finish()), ErrorCode::invalid_argument, message, why);
  check_refused(fetch_archive(TarBuilder().file("a/cowork.plugin.json", manifest).file("b/x", "").finish()),
                ErrorCode::invalid_argument, message, why);
  check_refused(fetch_archive(TarBuilder().file("a/b/cowork.plugin.json", manifest).finish()),
                ErrorCode::invalid_argument, message, why);
  // A top-level directory whose name begins like another's.
  check_refused(fetch_archive(TarBuilder().file("ext/cowork.plugin.json", manifest).file("ext-evil/x", "").finish()),
                ErrorCode::invalid_argument, message, why);
}

TEST_CASE("a tar archive that was cut is refused wherever it was cut") {
  TarBuilder tar = small_pack();
  tar.file("zeros", std::string(4096, '\0'));  // whose end looks like the archive's
  const std::string whole = tar.finish();
  REQUIRE(fetch_archive(whole).result);
  for (std::size_t size = 0; size < whole.size(); size += 512) {
    INFO("cut at " << size);
    const Fetched fetched = fetch_archive(whole.substr(0, size));
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
    CHECK(fetched.tree.empty());
  }
  for (const std::size_t size : {whole.size() - 1, whole.size() - 511, tar.entries().size() + 1}) {
    check_refused(fetch_archive(whole.substr(0, size)), ErrorCode::invalid_argument, unreliable);
  }
}

TEST_CASE("a tar.gz archive that was cut is refused wherever it was cut") {
  const std::string whole = gzip(small_pack().finish());
  REQUIRE(fetch_archive(whole).result);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    INFO("cut at " << size << " of " << whole.size());
    const Fetched fetched = fetch_archive(whole.substr(0, size));
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
    CHECK(fetched.tree.empty());
  }
  check_refused(fetch_archive(whole.substr(0, whole.size() - 1)), ErrorCode::invalid_argument, unreliable,
                "it is damaged, or was cut short");
  // What was packed was cut already.
  check_refused(fetch_archive(gzip(small_pack().entries())), ErrorCode::invalid_argument, unreliable,
                "it ends before its end mark, or goes on behind it");
}

TEST_CASE("an archive that goes on behind its end is refused") {
  const std::string archive = small_pack().finish() + TarBuilder().file("hidden", "x").finish();
  check_refused(fetch_archive(archive), ErrorCode::invalid_argument, unreliable,
                "it ends before its end mark, or goes on behind it");
}

TEST_CASE("bytes that are no archive are refused") {
  for (const std::string& bytes :
       {std::string(), std::string("hello"), std::string(10'240, '\0'), std::string(2000, 'x'), manifest,
        std::string("#!/bin/sh\n"), std::string("\x1f\x8b"), gzip("hello"), gzip(gzip(small_pack().finish())),
        std::string("PK\x03\x04"), std::string("BZh91AY&SY"), std::string("!<arch>\n"), std::string("070701")}) {
    INFO(bytes.substr(0, 20));
    const Fetched fetched = fetch_archive(bytes);
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
    CHECK(fetched.tree.empty());
  }
}

TEST_CASE("archives have bounds") {
  loaders::FetchOptions options = quick_options();
  TarBuilder tar = small_pack();
  SECTION("bytes that come in") {
    options.limits.download_bytes = 2000;
    check_refused(fetch_archive(tar.finish(), options), ErrorCode::invalid_argument,
                  "ARCHIVE: it is larger than 2000 bytes");
  }
  SECTION("bytes that go out") {
    options.limits.unpacked_bytes = 15;
    check_refused(fetch_archive(tar.finish(), options), ErrorCode::invalid_argument,
                  "ARCHIVE: it unpacks to more than 15 bytes");
  }
  SECTION("entries") {
    options.limits.entries = 3;
    check_refused(fetch_archive(tar.finish(), options), ErrorCode::invalid_argument,
                  "ARCHIVE: it holds more than 3 files and directories");
  }
  SECTION("100,000 entries") {
    for (int i = 0; i < 100'000; ++i) tar.file(std::to_string(i), "");
    check_refused(fetch_archive(gzip(tar.finish()), options), ErrorCode::invalid_argument,
                  "ARCHIVE: it holds more than 10000 files and directories");
  }
  SECTION("a bomb of 1,000 to 1") {
    tar.file("zeros", std::string(40 << 20, '\0'));
    check_refused(fetch_archive(gzip(tar.finish()), options), ErrorCode::invalid_argument,
                  "ARCHIVE: it unpacks to more than 200 times its size");
  }
  SECTION("depth") {
    std::string deep = "a";
    for (int i = 0; i < 32; ++i) deep += "/a";
    tar.file(deep, "");
    check_refused(fetch_archive(tar.finish(), options), ErrorCode::invalid_argument,
                  "ARCHIVE: \"" + deep + "\" lies deeper than 32 steps");
  }
}

TEST_CASE("an archive of this machine is a regular file that was not linked to") {
  TemporaryDirectory place;
  place.write("real", small_pack().finish());
  place.link("link", "real");
  place.make_directory("directory");
  const auto asked = [&](const std::string& name, const std::string& sha256 = {}) {
    return fetch::test::fetch(quick_options(), {FetchRequest::Kind::archive, place.path(name), {}, sha256});
  };
  CHECK(asked("real").result);
  const Fetched missing = asked("missing");
  check_refused(missing, ErrorCode::not_found,
                "cannot open \"" + place.path("missing") + "\": No such file or directory");
  CHECK(missing.error->remedy() == "check the path");
  CHECK(asked("link").error->code() == ErrorCode::invalid_argument);
  check_refused(fetch::test::fetch(quick_options(), {FetchRequest::Kind::archive, "real", {}, {}}),
                ErrorCode::invalid_argument, "\"real\" is no absolute path");
  check_refused(asked("directory"), ErrorCode::invalid_argument,
                "\"" + place.path("directory") + "\" is no regular file");
  check_refused(fetch::test::fetch(quick_options(), {FetchRequest::Kind::archive, "/dev/zero", {}, {}}),
                ErrorCode::invalid_argument, "\"/dev/zero\" is no regular file");
  const std::string pin(64, '0');
  check_refused(asked("real", pin), ErrorCode::integrity,
                "what came from \"" + place.path("real") + "\" is not what was asked for",
                "its SHA-256 is " + sha256_hex(place.read("real")) + ", asked for was " + pin);
}

TEST_CASE("a hash is compared before anything reads the bytes") {
  TemporaryDirectory place;
  place.write("bad", "no archive at all");
  const std::string pin(64, '0');
  const Fetched fetched =
      fetch::test::fetch(quick_options(), {FetchRequest::Kind::archive, place.path("bad"), {}, pin});
  REQUIRE(fetched.error);
  CHECK(fetched.error->code() == ErrorCode::integrity);
}
