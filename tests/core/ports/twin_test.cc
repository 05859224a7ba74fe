// MemoryDisk is RealDisk's twin: the same questions, chosen at random, get the same answers, word for word.
#include <random>

#include "disk_worlds.h"
#include "support/catch.h"
#include "system_call_faults.h"

using cowork::RenameMode;
using cowork::testing::faults;
using cowork::testing::make_world;
using cowork::testing::said;
using cowork::testing::snapshot;
using cowork::testing::World;
using cowork::testing::WorldKind;

namespace {

/// One random step, the same on every disk that is given the same numbers.
class Step {
 public:
  explicit Step(std::mt19937& random)
      : method_(random() % 15), from_(path(random)), to_(path(random)), number_(random() % 8), mode_(mode(random)) {}

  std::string take(World& world) const {
    const auto top = world.top();
    const std::string bytes(number_, 'x');
    switch (method_) {
      case 0:
        return listed(world);
      case 1:
        return said(top->status(from_));
      case 2:
        return read(world);
      case 3:
        return said(top->directory(from_));
      case 4:
        return said(top->make_directory(from_, mode_));
      case 5:
        return said(top->write_new(from_, bytes, mode_));
      case 6:
        return said(top->replace(from_, bytes, mode_));
      case 7:
        return said(top->append(from_, bytes, mode_));
      case 8:
        return said(top->truncate(from_, number_));
      case 9:
        return said(top->rename(from_, *top, to_, RenameMode::no_replace));
      case 10:
        return said(top->rename(from_, *top, to_, RenameMode::exchange));
      case 11:
        return number_ < 3 ? said(top->remove(from_)) : "";
      case 12:
        return said(top->lock(from_, {}));
      case 13:
        return said(world.disk().open(world.at(from_)));
      default:
        return plant(world);
    }
  }

 private:
  static std::string path(std::mt19937& random) {
    static const std::vector<std::string> steps{"a", "b", "c", "d", ".."};
    std::string text = steps[random() % 4];
    for (auto more = random() % 3; more > 0; --more) text += "/" + steps[random() % 40 == 0 ? 4 : random() % 4];
    return text;
  }
  static std::uint32_t mode(std::mt19937& random) { return random() % 2 == 0 ? 0755 : 0700; }

  static std::string listed(World& world) { return snapshot(*world.top()); }

  std::string read(World& world) const {
    cowork::FileStatus status;
    const auto bytes = world.top()->read(from_, 6, &status);
    return bytes ? *bytes + std::to_string(status.size) : said(bytes);
  }

  std::string plant(World& world) const {
    // Only where nothing is, in a directory that is there.
    const auto top = world.top();
    if (top->status(from_) || !top->make_directory(from_, 0755) || !top->remove(from_)) return "";
    if (number_ == 0) {
      world.plant_fifo(from_);
    } else if (number_ < 3) {
      world.plant_link(from_, to_);
    }
    return "planted";
  }

  unsigned long method_;
  std::string from_;
  std::string to_;
  std::size_t number_;
  std::uint32_t mode_;
};

}  // namespace

TEST_CASE("the disks give the same answers, word for word", "[ports]") {
  constexpr unsigned seeds = 20;
  constexpr int steps = 400;
  faults() = {};
  faults().sync_is_nothing = true;
  int successes = 0;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    const auto kind = seed % 2 == 0 ? WorldKind::real : WorldKind::real_by_component;
    const auto real = make_world(kind);
    const auto memory = make_world(WorldKind::memory, real->root());
    std::mt19937 random(seed);
    for (int i = 0; i < steps; ++i) {
      const Step step(random);
      const std::string answer = step.take(*real);
      CAPTURE(seed, i);
      REQUIRE(step.take(*memory) == answer);
      REQUIRE(snapshot(*memory->top()) == snapshot(*real->top()));
      if (answer == "success") ++successes;
    }
  }
  faults() = {};
  CHECK(successes > 500);
}
