#include "cowork/base/text.h"
#include "support/catch.h"

using namespace cowork;

TEST_CASE("versions are SemVer 2.0.0") {
  for (const char* good :
       {"0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.1.2+meta-valid", "1.0.0-alpha",
        "1.0.0-alpha.beta.1", "1.0.0-alpha0.valid", "1.0.0-rc.1+build.1", "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
        "1.0.0+0.build.1-rc.10000aaa-kk-0.1", "99999999999999999999999.999999999999999999.99999999999999999",
        "1.0.0-0A.is.legal", "1.0.0-0", "1.0.0+001"}) {
    INFO(good);
    CHECK(is_semantic_version(good));
  }
  for (const char* bad :
       {"",        "1",        "1.2",        "1.2.3.4",    "1.2.",     "1..3",       ".1.2",          "1.2.3-",
        "1.2.3+",  "1.2.3-+b", "1.2.3-0123", "1.2.3-a..b", "1.2.3-a.", "1.2.3+a..b", "1.2.3+a+b",     "01.1.1",
        "1.01.1",  "1.1.01",   "v1.2.3",     " 1.2.3",     "1.2.3 ",   "1.2.3-a_b",  "1.0.0/../../x", "-1.0.0",
        "1.2.3\n", "1.2.3-é",  "1.2.3+\x1b", "alpha",      "1.2-3"}) {
    INFO(bad);
    CHECK_FALSE(is_semantic_version(bad));
  }
}

TEST_CASE("versions are ordered by SemVer 11") {
  const std::vector<std::string> ascending = {"0.0.1",
                                              "0.9.0",
                                              "1.0.0-0",
                                              "1.0.0-2",
                                              "1.0.0-11",
                                              "1.0.0-99999999999999999999999",
                                              "1.0.0-alpha",
                                              "1.0.0-alpha.1",
                                              "1.0.0-alpha.beta",
                                              "1.0.0-beta",
                                              "1.0.0-beta.2",
                                              "1.0.0-beta.11",
                                              "1.0.0-rc.1",
                                              "1.0.0",
                                              "1.9.0",
                                              "1.10.0",
                                              "2.0.0",
                                              "9223372036854775807.0.0",
                                              "9223372036854775808.0.0",
                                              "99999999999999999999999999.0.0"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      INFO(ascending[i] << " and " << ascending[j]);
      const int order = compare_versions(ascending[i], ascending[j]);
      CHECK((order < 0) == (i < j));
      CHECK((order == 0) == (i == j));
    }
  }
}

TEST_CASE("build metadata does not count") {
  CHECK(compare_versions("1.0.0+a", "1.0.0+b") == 0);
  CHECK(compare_versions("1.0.0-x+a", "1.0.0-x") == 0);
  CHECK(compare_versions("1.0.0+a-b", "1.0.0") == 0);
}
