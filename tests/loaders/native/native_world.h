// A tier with packs made of the fixture libraries, a home, and a loader.
#pragma once

#include <deque>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "cowork/loaders/native_loader.h"
#include "cowork/loaders/pack_reader.h"
#include "cowork/loaders/tree_hash.h"
#include "cowork/state/lock_records.h"
#include "support/catch.h"
#include "support/temporary_directory.h"

namespace cowork::test {

/// Keeps "<level> <source>: <message>".
class KeptLog final : public Log {
 public:
  void write(LogLevel level, std::string_view source, std::string_view message) override {
    constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::string(levels[static_cast<std::size_t>(level)]) + " " + std::string(source) + ": " +
                     std::string(message));
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

inline std::string file_bytes(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline std::string fixture(const std::string& name) {
  return file_bytes(COWORK_FIXTURES "/lib" + name + ".so");
}

class NativeWorld {
 public:
  NativeWorld() { ::setenv("COWORK_TEST_CANARY", files.path("canary").c_str(), 1); }

  /// A pack that says `members` beside what it must, with `library` as lib/lib<name>.so.
  const PackRecord& pack(const std::string& name, const std::string& library, const std::string& members = {},
                         Scope scope = Scope::builtin) {
    files.write("tier/" + name + "/cowork.plugin.json",
                R"({"name": ")" + name + R"(", "displayName": "N", "version": "1.0.0", "description": "D",)" +
                    R"( "type": "pack", "main": "lib/)" + name + "\"" + members + "}");
    files.write("tier/" + name + "/lib/lib" + name + ".so", library);
    return record(files.path("tier/" + name), scope);
  }

  /// Kept until the tests end.
  static const PackRecord& record(const std::string& path, Scope scope = Scope::builtin) {
    const auto directory = make_real_disk()->open(path);
    REQUIRE(directory);
    auto reading = loaders::read_pack(loaders::PackFiles(**directory, {}, path, nullptr));
    if (!reading) FAIL(reading.error().error.message());
    static std::deque<PackStorage> kept;
    const std::size_t slash = path.rfind('/');
    return kept.emplace_back(scope, path.substr(0, slash))
        .add({path.substr(slash + 1), std::move(reading->parsed.manifest), reading->manifest_hash, {}});
  }

  std::shared_ptr<CodeLoader> loader() {
    return loaders::make_native_loader({make_real_disk(), log, files.path("home"), "9.8.7", {}});
  }

  std::shared_ptr<NativePack> loaded(const PackRecord& record) {
    auto pack = loader()->load(record, nullptr);
    if (!pack) FAIL(pack.error().message());
    return *std::move(pack);
  }
  std::shared_ptr<NativePack> good(const std::string& members = {}) {
    return loaded(pack("good", fixture("good"), members));
  }
  Error refused(const PackRecord& record, const LockRecord* lock_record = nullptr) {
    auto pack = loader()->load(record, lock_record);
    if (pack) FAIL("it was loaded");
    return std::move(pack).error();
  }

  bool code_ran() const { return files.exists("canary"); }

  TemporaryDirectory files;
  std::shared_ptr<KeptLog> log = std::make_shared<KeptLog>();
};

inline json::Value text_value(std::string text) {
  return json::Value(std::move(text));
}

/// What the child's last words are: the status that waitpid() gives.
template <class Function>
int in_child(const Function& function) {
  const pid_t child = ::fork();
  if (child == 0) {
    // Its death is what is asked for, not a report of it.
    if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(99);
    std::signal(SIGABRT, SIG_DFL);
    function();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

}  // namespace cowork::test
