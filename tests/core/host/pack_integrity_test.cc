#include "pack_integrity.h"

#include "support/catch.h"

namespace cowork {
namespace {

/// A tree that changes, with everybody starting over, just after it was read.
class ChangingSource final : public PackSource {
 public:
  std::vector<TierFindings> scan(const std::vector<TierRoot>&, const Catalog*) override { return {}; }
  Result<ParsedManifest> read_again(const PackRecord&) override { return fail(Error::io("no manifest")); }
  Result<Skill> read_skill(const PackRecord&, std::string_view) override { return fail(Error::io("no skill")); }
  Result<std::string> tree_sha256(std::string_view) override {
    std::string read = hash;
    if (after_reading) std::exchange(after_reading, nullptr)();
    return read;
  }
  std::string hash = "aa";
  std::function<void()> after_reading;
};

}  // namespace

TEST_CASE("concurrency: what was hashed before everybody started over does not count after it") {
  const auto source = std::make_shared<ChangingSource>();
  PackIntegrity integrity(source);
  LockRecord record;
  record.tree_sha256 = "aa";
  const std::uint64_t before = integrity.revision();
  integrity.start_over();
  CHECK(integrity.revision() == before);  // there was nothing to forget
  source->after_reading = [&] {
    source->hash = "bb";
    integrity.start_over();
  };
  CHECK_FALSE(integrity.fault("/p", record));
  CHECK(integrity.revision() > before);
  CHECK(integrity.fault("/p", record));
}

}  // namespace cowork
