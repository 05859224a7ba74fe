// A home that may fetch from a server of the test, and packs in every form in which they can come.
#pragma once

#include <string>

#include "support/archive_builder.h"
#include "support/command_line.h"
#include "support/https_server.h"
#include "support/repository.h"

namespace cowork::test {

inline std::string pack_manifest(const std::string& name, const std::string& version = "1.0.0") {
  return R"({"name":")" + name + R"(","displayName":"P","version":")" + version +
         R"(","description":"","type":"pack","skills":[{"id":")" + name +
         R"(-s","name":"S","description":"","prompt":"Version )" + version + R"("}]})";
}

inline std::string pack_tar(const std::string& name, const std::string& version = "1.0.0") {
  return TarBuilder()
      .directory(name + "-main/")
      .file(name + "-main/cowork.plugin.json", pack_manifest(name, version))
      .file(name + "-main/notes.txt", "notes of " + version)
      .finish();
}

struct InstallDesk {
  InstallDesk() {
    cli.write("home/host.json",
              R"({"fetch":{"allowHosts":[")" + server.authority() + R"("],"caFile":")" + server.ca_file() + R"("}})");
  }
  /// `name` as repository, manifest, archive on the server, and as directory, tar, tar.gz and zip of this machine.
  void offer(const std::string& name, const std::string& version = "1.0.0") {
    server.root().write("files/" + name + ".json", pack_manifest(name, version));
    server.root().write("files/" + name + ".tar.gz", gzip(pack_tar(name, version)));
    cli.write("offers/" + name + "/cowork.plugin.json", pack_manifest(name, version));
    cli.write("offers/" + name + ".tar", pack_tar(name, version));
    cli.write("offers/" + name + ".tar.gz", gzip(pack_tar(name, version)));
    cli.write("offers/" + name + ".zip",
              ZipBuilder().file("cowork.plugin.json", pack_manifest(name, version)).finish());
    repository(name).commit(
        {{"cowork.plugin.json", pack_manifest(name, version)}, {"notes.txt", "notes of " + version}}, "v" + version);
  }
  const Repository& repository(const std::string& name) {
    auto& known = repositories[name];
    if (!known) known = std::make_unique<Repository>(server.root(), name + ".git");
    return *known;
  }
  struct Way {
    std::string what;
    std::string source;
    std::string kind;  ///< as the lock record has it
  };
  /// Every way in which `name` can be installed.
  std::vector<Way> ways(const std::string& name) const {
    return {{"git", "git+" + server.url("git/" + name + ".git"), "git"},
            {"git by its ending", server.url("git/" + name + ".git"), "git"},
            {"URL of a manifest", server.url("files/" + name + ".json"), "url"},
            {"URL of an archive", server.url("files/" + name + ".tar.gz"), "url"},
            {"tar", cli.path("offers/" + name + ".tar"), "archive"},
            {"tar.gz", cli.path("offers/" + name + ".tar.gz"), "archive"},
            {"zip", cli.path("offers/" + name + ".zip"), "archive"},
            {"directory", cli.path("offers/" + name), "directory"}};
  }

  CommandLine cli;
  HttpsServer server;
  std::map<std::string, std::unique_ptr<Repository>> repositories;
};

}  // namespace cowork::test
