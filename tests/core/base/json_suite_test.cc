// JSONTestSuite (Nicolas Seriot, MIT), as the corpus holds it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "reading.h"
#include "support/catch.h"

using namespace cowork::json;

namespace {

std::filesystem::path suite_directory() {
  const char* corpus = std::getenv("COWORK_CORPUS");
  const auto root =
      corpus ? std::filesystem::path(corpus) : std::filesystem::path(COWORK_SOURCE_DIR) / "../shared/corpus";
  return root / "json-test-suite/test_parsing";
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Verdicts {
  std::set<std::string> accepted;
  std::set<std::string> refused;
};

Verdicts verdicts_of(char prefix) {
  Verdicts verdicts;
  for (const auto& entry : std::filesystem::directory_iterator(suite_directory())) {
    const std::string name = entry.path().filename().string();
    if (name[0] != prefix) continue;
    (read(contents(entry.path())) ? verdicts.accepted : verdicts.refused).insert(name);
  }
  return verdicts;
}

bool suite_missing() {
  if (std::filesystem::is_directory(suite_directory())) return false;
  WARN("skipped: no JSONTestSuite at " << suite_directory() << " (set COWORK_CORPUS)");
  return true;
}

}  // namespace

TEST_CASE("JSONTestSuite: what is JSON is accepted, but for duplicate keys and NUL") {
  if (suite_missing()) return;
  const Verdicts verdicts = verdicts_of('y');
  CHECK(verdicts.accepted.size() == 91);
  CHECK(verdicts.refused == std::set<std::string>{
                                "y_object_duplicated_key.json",
                                "y_object_duplicated_key_and_value.json",
                                "y_object_escaped_null_in_key.json",
                                "y_string_null_escape.json",
                            });
}

TEST_CASE("JSONTestSuite: what is not JSON is refused") {
  if (suite_missing()) return;
  const Verdicts verdicts = verdicts_of('n');
  CHECK(verdicts.accepted == std::set<std::string>{});
  CHECK(verdicts.refused.size() == 188);
}

TEST_CASE("JSONTestSuite: what RFC 8259 leaves open is decided") {
  if (suite_missing()) return;
  const Verdicts verdicts = verdicts_of('i');
  CHECK(verdicts.accepted == std::set<std::string>{
                                 "i_number_double_huge_neg_exp.json",
                                 "i_number_too_big_neg_int.json",
                                 "i_number_too_big_pos_int.json",
                                 "i_number_very_big_negative_int.json",
                             });
  CHECK(verdicts.refused == std::set<std::string>{
                                "i_number_huge_exp.json",
                                "i_number_neg_int_huge_exp.json",
                                "i_number_pos_double_huge_exp.json",
                                "i_number_real_neg_overflow.json",
                                "i_number_real_pos_overflow.json",
                                "i_number_real_underflow.json",
                                "i_object_key_lone_2nd_surrogate.json",
                                "i_string_1st_surrogate_but_2nd_missing.json",
                                "i_string_1st_valid_surrogate_2nd_invalid.json",
                                "i_string_UTF-16LE_with_BOM.json",
                                "i_string_UTF-8_invalid_sequence.json",
                                "i_string_UTF8_surrogate_U+D800.json",
                                "i_string_incomplete_surrogate_and_escape_valid.json",
                                "i_string_incomplete_surrogate_pair.json",
                                "i_string_incomplete_surrogates_escape_valid.json",
                                "i_string_invalid_lonely_surrogate.json",
                                "i_string_invalid_surrogate.json",
                                "i_string_invalid_utf-8.json",
                                "i_string_inverted_surrogates_U+1D11E.json",
                                "i_string_iso_latin_1.json",
                                "i_string_lone_second_surrogate.json",
                                "i_string_lone_utf8_continuation_byte.json",
                                "i_string_not_in_unicode_range.json",
                                "i_string_overlong_sequence_2_bytes.json",
                                "i_string_overlong_sequence_6_bytes.json",
                                "i_string_overlong_sequence_6_bytes_null.json",
                                "i_string_truncated-utf-8.json",
                                "i_string_utf16BE_no_BOM.json",
                                "i_string_utf16LE_no_BOM.json",
                                "i_structure_500_nested_arrays.json",
                                "i_structure_UTF-8_BOM_empty_object.json",
                            });
}
