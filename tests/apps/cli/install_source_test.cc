#include "install_source.h"

#include <filesystem>

#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::cli;
using cowork::test::TemporaryDirectory;

TEST_CASE("a source decides the operation") {
  struct Case {
    std::string source, operation, value;
  };
  const std::string here = std::filesystem::current_path().string();
  const std::vector<Case> cases{
      {"git+https://a.example/x", "pluginPack:installGit", "https://a.example/x"},
      {"git+ssh://a.example/x", "pluginPack:installGit", "ssh://a.example/x"},
      {"https://a.example/x.git", "pluginPack:installGit", "https://a.example/x.git"},
      {"HTTPS://a.example/x.git/", "pluginPack:installGit", "HTTPS://a.example/x.git/"},
      {"github:acme/crm", "pluginPack:installGit", "https://github.com/acme/crm.git"},
      {"github:acme/crm.git", "pluginPack:installGit", "https://github.com/acme/crm.git"},
      {"https://a.example/cowork.plugin.json", "pluginPack:installUrl", "https://a.example/cowork.plugin.json"},
      {"https://a.example/x.zip?y=.git&z", "pluginPack:installUrl", "https://a.example/x.zip?y=.git&z"},
      {"http://a.example/x.zip", "pluginPack:installUrl", "http://a.example/x.zip"},
      {"my-pack", "pluginPack:install", here + "/my-pack"},
      {"./my-pack/", "pluginPack:install", here + "/my-pack"},
      {".", "pluginPack:install", here},
      {"/srv/packs/x.zip", "pluginPack:install", "/srv/packs/x.zip"},
      {"packs.git", "pluginPack:install", here + "/packs.git"},
  };
  for (const Case& expected : cases) {
    const Result<InstallSource> source = classify_source(expected.source);
    REQUIRE(source);
    CHECK(source->operation == expected.operation);
    CHECK(source->value == expected.value);
    CHECK(source->parameter == (expected.operation == "pluginPack:install" ? "path" : "url"));
  }
}

TEST_CASE("other kinds of address are refused") {
  for (const char* source : {"", "git@github.com:a/b.git", "host.example:a/b", "gitlab:a/b", "ftp://a.example/x",
                             "ssh://a.example/x.git", "file:///tmp/x", "github:acme", "github:acme/", "github:/crm",
                             "github:acme/../crm", "github:acme/crm/more", "github:-acme/crm"}) {
    const Result<InstallSource> refused = classify_source(source);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::invalid_argument);
  }
  CHECK(classify_source("ftp://x/y").error().message() ==
        "\"ftp://x/y\" is not a kind of address that packs are installed from");
  CHECK(classify_source("github:acme").error().message() == "\"github:acme\" does not name a repository on GitHub");
}

TEST_CASE("addresses as ssh has them are refused as what they are, unless a file is called so") {
  const Result<InstallSource> refused = classify_source("git@github.com:a/b.git");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() ==
        "\"***@github.com:a/b.git\" is not a kind of address that packs are installed from");
  CHECK(refused.error().remedy() == "give its https:// address, or github:owner/repo");
  CHECK(refused.error().why().find("github:owner/repo") != std::string::npos);
  const TemporaryDirectory directory;
  directory.write("pack:1.tar", "");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  const Result<InstallSource> file = classify_source("pack:1.tar");
  const Result<InstallSource> none = classify_source("pack:2.tar");
  const Result<InstallSource> dotted = classify_source("./pack:2.tar");
  std::filesystem::current_path(before);
  CHECK(file);
  CHECK(dotted);
  CHECK_FALSE(none);
}

TEST_CASE("an address that is refused does not show its secrets") {
  for (const char* source :
       {"ftp://user:PASSW@a.example/x", "ssh://a.example/x?token=PASSW", "user:PASSW@a.example:x.git",
        "github:https://user:PASSW@a.example/x", "https:/user:PASSW@a.example/x", "https:\\\\user:PASSW@a.example",
        "github:user:PASSW@a.example", "ftp://user:PAS/PASSW@a.example", "user@a.example:x?token=PASSW"}) {
    INFO(source);
    const Result<InstallSource> refused = classify_source(source);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message().find("a.example") != std::string::npos);
    CHECK(refused.error().message().find("PASSW") == std::string::npos);
  }
}
