#include "cowork/base/flat_index.h"

#include <string>
#include <unordered_set>
#include <vector>

#include "support/catch.h"

namespace cowork {
namespace {

struct Texts {
  std::vector<std::string> all;
  FlatIndex index;

  auto at() const {
    return [this](std::size_t position) -> std::string_view { return all[position]; };
  }
  explicit Texts(std::size_t room) { index.start(room); }
  std::optional<std::uint32_t> add(std::string text) {
    const auto found = index.add(text, static_cast<std::uint32_t>(all.size()), at());
    all.push_back(std::move(text));
    return found;
  }
  std::optional<std::uint32_t> find(std::string_view text) const { return index.find(text, at()); }
};

TEST_CASE("a flat index finds every text that was added, and no other") {
  for (const std::uint32_t count : {0u, 1u, 2u, 3u, 4u, 7u, 8u, 1000u, 100'000u}) {
    CAPTURE(count);
    Texts texts(count);
    for (std::uint32_t i = 0; i < count; ++i) REQUIRE(!texts.add("text-" + std::to_string(i)));
    for (std::uint32_t i = 0; i < count; ++i) {
      REQUIRE(texts.find("text-" + std::to_string(i)) == i);
      REQUIRE(!texts.find("other-" + std::to_string(i)));
    }
    CHECK(!texts.find(""));
    CHECK(texts.index.bytes() <= 4 * (3 * std::size_t{count} + 4));
  }
}

TEST_CASE("of equal texts a flat index keeps the first") {
  Texts texts(3);
  CHECK(!texts.add("same"));
  CHECK(texts.add("same") == 0u);
  CHECK(!texts.add(std::string("same\0", 5)));
  CHECK(texts.find("same") == 0u);
  CHECK(texts.find(std::string_view("same\0", 5)) == 2u);
}

TEST_CASE("an index that is built at once is as one that grew") {
  for (const std::uint32_t count : {0u, 1u, 7u, 8u, 9u, 1000u}) {
    CAPTURE(count);
    Texts texts(count);
    for (std::uint32_t i = 0; i < count; ++i) texts.all.push_back("text-" + std::to_string(i / 2));
    texts.index.build(count, texts.at());
    for (std::uint32_t i = 0; i < count; ++i) REQUIRE(texts.find("text-" + std::to_string(i / 2)) == i / 2 * 2);
    CHECK(!texts.find("text-" + std::to_string(count)));
  }
}

TEST_CASE("a text that was hashed before is found by its hash") {
  Texts texts(1);
  CHECK(!texts.find(""));
  texts.add("");
  CHECK(texts.index.find(HashedText(""), texts.at()) == 0u);
  CHECK(!texts.index.find(HashedText("x"), texts.at()));
  CHECK(!FlatIndex().find(HashedText("x"), texts.at()));
}

TEST_CASE("each byte and the length of a text count for its hash") {
  std::unordered_set<std::uint64_t> hashes;
  std::size_t texts = 0;
  for (std::size_t length = 0; length <= 40; ++length) {
    std::string text(length, '\0');
    hashes.insert(keyed_hash(text));
    ++texts;
    for (std::size_t at = 0; at < length; ++at) {
      text[at] = '\x80';
      hashes.insert(keyed_hash(text));
      text[at] = '\0';
      ++texts;
    }
    CHECK(keyed_hash(text) == keyed_hash(std::string(length, '\0')));
  }
  CHECK(hashes.size() == texts);
}

}  // namespace
}  // namespace cowork
