#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "support/catch.h"
#include "trail_fixture.h"

using namespace cowork;
using namespace cowork::audit;

namespace {

/// A directory of the real disk that goes with its scope.
struct TemporaryDirectory {
  TemporaryDirectory() {
    std::string name = std::filesystem::temp_directory_path().string() + "/cowork-audit-XXXXXX";
    REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }
  std::string path;
};

/// A process of its own that appends `count` lines; its exit status is 0 when all were written without a warning.
pid_t append_in_child(const TrailOptions& options, int count) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  Trail trail(options);
  bool fine = true;
  for (int i = 0; i < count; ++i) {
    const Result<std::string> appended = trail.append(sample_record());
    fine = fine && appended && appended->empty();
  }
  ::_exit(fine ? 0 : 1);
}

}  // namespace

TEST_CASE("several processes share one trail, over rotations") {
  const TemporaryDirectory temporary;
  const TrailOptions options{make_real_disk(), temporary.path + "/home/audit.jsonl", 20'000, 8};
  constexpr int processes = 4, lines_each = 50;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) children.push_back(append_in_child(options, lines_each));
  for (const pid_t child : children) {
    REQUIRE(child > 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  const Trail trail(options);
  const TrailContents contents = trail.read().value();
  CHECK(contents.files.size() > 2);
  REQUIRE(contents.head);
  CHECK(contents.head->last.seq == processes * lines_each);
  const Walk found = trail.verify(contents);
  CHECK_FALSE(found.first_bad);
  CHECK(found.last == contents.head->last);
}

TEST_CASE("the head knows during which start of the machine it was written") {
  const TemporaryDirectory temporary;
  const TrailOptions options{make_real_disk(), temporary.path + "/audit.jsonl", 20'000, 8};
  Trail trail(options);
  REQUIRE(trail.append(sample_record()));
  CHECK(trail.read().value().head->boot.size() == std::string("01234567-89ab-cdef-0123-456789abcdef").size());
}
