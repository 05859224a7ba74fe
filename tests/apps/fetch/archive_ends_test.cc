#include "archive_ends.h"

#include "support/archive_builder.h"
#include "support/catch.h"
#include "zip_directory.h"

using namespace cowork::fetch;
using cowork::test::ZipBuilder;

TEST_CASE("where a tar archive ends") {
  const std::string entry(1024, 'x');
  struct Case {
    std::string rest;
    bool is_end;
  };
  const Case table[] = {{"", false},
                        {std::string(512, '\0'), false},
                        {std::string(1024, '\0'), true},
                        {std::string(10'240, '\0'), true},
                        {std::string(1025, '\0'), false},
                        {std::string(1024, '\0') + std::string(512, 'x'), false},
                        {std::string(1023, '\0') + "x", false}};
  for (const auto& [rest, is_end] : table) {
    INFO(rest.size());
    CHECK(has_tar_end(entry + rest, entry.size()) == is_end);
  }
  CHECK_FALSE(has_tar_end(entry, entry.size() + 1));
}

TEST_CASE("a zip file is complete with its directory") {
  for (const std::string& comment : {std::string(), std::string("x"), std::string(0xffff, 'x')}) {
    const std::string whole = ZipBuilder().file("a", "b").file("c/d", "").finish(comment);
    CHECK(check_zip_directory(whole));
    CHECK_FALSE(check_zip_directory(whole + "x"));
    CHECK_FALSE(check_zip_directory("x" + whole));
    for (std::size_t size = 0; size < whole.size() - comment.size(); ++size) {
      CHECK_FALSE(check_zip_directory(std::string_view(whole).substr(0, size)));
    }
  }
}

TEST_CASE("a zip file whose directory was tampered with is refused") {
  const std::string whole = ZipBuilder().file("a", "b").file("c/d", "").finish();
  const std::size_t record = whole.find("PK\x01\x02");
  const std::size_t end = whole.find("PK\x05\x06");
  // Everything in it that a check reads: names, lengths, offsets, counts, marks.
  const std::size_t offsets[] = {record,      record + 28, record + 29, record + 30, record + 32, record + 42,
                                 record + 45, record + 46, end,         end + 4,     end + 8,     end + 10,
                                 end + 12,    end + 16,    end + 19,    end + 20};
  for (const std::size_t at : offsets) {
    INFO(at);
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    const auto checked = check_zip_directory(changed);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code() == cowork::ErrorCode::invalid_argument);
  }
}
