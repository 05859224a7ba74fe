#include "cowork/loaders/skill_file.h"

#include "support/catch.h"

using namespace cowork;
using namespace cowork::loaders;

namespace {

std::string skill(const std::string& front_matter, const std::string& body = "Do it.\n") {
  return "---\n" + front_matter + "---\n" + body;
}

struct Refused {
  const char* what;
  std::string text;
  std::uint32_t line;
  std::string message;
};

void check_refused(const Refused& refused) {
  INFO(refused.what);
  const auto read = parse_skill_file(refused.text, "pack/SKILL.md");
  REQUIRE_FALSE(read);
  CHECK(read.error().code() == ErrorCode::invalid_manifest);
  CHECK(read.error().message() == refused.message);
  REQUIRE(read.error().place());
  CHECK(*read.error().place() == SourcePlace{"pack/SKILL.md", refused.line, 0, {}});
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("SKILL.md: what is accepted") {
  struct Accepted {
    const char* what;
    std::string text;
    SkillFile file;
  };
  const Accepted table[] = {
      {"plain",
       skill("name: quiet\ndescription: Says nothing.\n", "# Quiet\n\nSay nothing.\n"),
       {"quiet", "Says nothing.", "# Quiet\n\nSay nothing."}},
      {"line ends of Windows",
       "---\r\nname: quiet\r\ndescription: Says nothing.\r\n---\r\nSay\r\nnothing.\r\n",
       {"quiet", "Says nothing.", "Say\r\nnothing."}},
      {"blanks after the fences", "--- \nname: quiet\ndescription: d\n---\t\nText", {"quiet", "d", "Text"}},
      {"a fence in the text", skill("name: a\ndescription: b\n", "one\n---\ntwo\n"), {"a", "b", "one\n---\ntwo"}},
      {"no text", "---\nname: a\ndescription: b\n---", {"a", "b", ""}},
      {"blank lines around, indentation kept",
       skill("name: a\ndescription: b\n", "\n \n    code\n\n\n"),
       {"a", "b", "    code"}},
      {"quoted", skill("name: \"true\"\ndescription: '42'\n"), {"true", "42", "Do it."}},
      {"tagged", skill("name: !!str 7\ndescription: b\n"), {"7", "b", "Do it."}},
      {"folded", skill("name: a\ndescription: >\n  one\n  two\n"), {"a", "one two", "Do it."}},
      {"literal", skill("name: a\ndescription: |\n  one\n  two\n"), {"a", "one\ntwo", "Do it."}},
      {"begins with a digit", skill("name: 3d-print\ndescription: 1.0.0-rc\n"), {"3d-print", "1.0.0-rc", "Do it."}},
      {"other keys are left alone",
       skill("metadata:\n  a: [1, {b: ~}]\nname: a\ndescription: b\nempty:\n? x\n: y\n"),
       {"a", "b", "Do it."}},
      {"the same key further down", skill("name: a\ndescription: b\nx: {name: [1]}\n"), {"a", "b", "Do it."}},
      {"beyond ASCII",
       skill("name: Grüße\ndescription: 挨拶 🖐\n", "Sag „Grüß Gott“."),
       {"Grüße", "挨拶 🖐", "Sag „Grüß Gott“."}},
      {"nested sixteen deep", skill("name: a\ndescription: b\nx: " + nested(15) + "\n"), {"a", "b", "Do it."}},
  };
  for (const auto& [what, text, file] : table) {
    INFO(what);
    const auto read = parse_skill_file(text, "pack/SKILL.md");
    if (!read) FAIL_CHECK(read.error().message());
    if (!read) continue;
    CHECK(read->name == file.name);
    CHECK(read->description == file.description);
    CHECK(read->prompt == file.prompt);
  }
}

TEST_CASE("SKILL.md: what is refused, and where") {
  using namespace std::string_literals;
  const std::string begin = "SKILL.md must begin with a YAML front matter, opened by a line \"---\"";
  const std::string anchors = "the front matter must not use anchors and aliases";
  const Refused table[] = {
      {"empty", "", 1, begin},
      {"no front matter", "# Quiet\n", 1, begin},
      {"a blank line before", "\n---\nname: a\n---\n", 1, begin},
      {"byte order mark", "\xEF\xBB\xBF---\nname: a\n---\n", 1, begin},
      {"more than a fence", "--- name\n---\n", 1, begin},
      {"not closed", "---\nname: a\ndescription: b\n", 1, "the front matter is not closed by a line \"---\""},
      {"nothing in it", skill(""), 1, "the front matter must have a `name`"},
      {"comments only", skill("# nothing\n"), 1, "the front matter must have a `name`"},
      {"no name", skill("description: b\n"), 1, "the front matter must have a `name`"},
      {"no description", skill("name: a\n"), 1, "the front matter must have a `description`"},
      {"empty name", skill("name: ''\ndescription: b\n"), 1, "the front matter must have a `name` that is not empty"},
      {"blank name", skill("name: ' '\ndescription: b\n"), 1, "the front matter must have a `name` that is not empty"},
      {"null", skill("name:\ndescription: b\n"), 2, "`name` must be a string that is not empty"},
      {"number", skill("name: a\ndescription: -4.5e3\n"), 3,
       "`description` must be a string; put \"-4.5e3\" in quotation marks"},
      {"boolean", skill("name: true\ndescription: b\n"), 2, "`name` must be a string; put \"true\" in quotation marks"},
      {"own tag", skill("name: !tag x\ndescription: b\n"), 2, "`name` must be a string; put \"x\" in quotation marks"},
      {"list", skill("name: a\ndescription: [b]\n"), 3, "`description` must be a string, not a list"},
      {"mapping", skill("name: {a: b}\ndescription: b\n"), 2, "`name` must be a string, not a mapping"},
      {"list at the top", skill("- name: a\n"), 2, "the front matter must be a mapping of keys to values"},
      {"text at the top", skill("\nname\n"), 3, "the front matter must be a mapping of keys to values"},
      {"list as key", skill("? [a]\n: b\n"), 2, "a key of the front matter must be a string"},
      {"null as key", skill("name: a\n~: b\n"), 3, "a key of the front matter must be a string"},
      {"key twice", skill("name: a\ndescription: b\nname: c\n"), 4, "key \"name\" is there twice"},
      {"other key twice", skill("x: 1\n\"\\x78\": 2\n"), 3, "key \"x\" is there twice"},
      {"anchor", skill("name: &a x\ndescription: b\n"), 2, anchors},
      {"anchor elsewhere", skill("name: a\ndescription: b\nx: &y [1]\n"), 4, anchors},
      {"alias", skill("name: a\ndescription: *a\n"), 3,
       "invalid YAML in the front matter: the referenced anchor is not defined"},
      {"merge key", skill("x: &m {name: a}\n<<: *m\n"), 2, anchors},
      {"second document", skill("name: a\ndescription: b\n--- {}\n"), 4, "the front matter must be one YAML document"},
      {"nested too deep", skill("name: a\ndescription: b\nx: " + nested(16) + "\n"), 4,
       "the front matter is nested deeper than 16"},
      {"nested as deep as it goes", skill("x: " + std::string(60'000, '[') + "\n"), 2,
       "the front matter is nested deeper than 16"},
      {"unclosed list", skill("name: a\ndescription: [b\n"), 4,
       "invalid YAML in the front matter: end of sequence flow not found"},
      {"tab as indentation", skill("name: a\nx:\n\t- b\n"), 4, "invalid YAML in the front matter: illegal block entry"},
      {"not UTF-8", skill("name: a\ndescription: b\n", "one\ntwo \xFF\n"), 6, "SKILL.md must be valid UTF-8"},
      {"overlong UTF-8", skill("name: \xC0\xAF\n"), 2, "SKILL.md must be valid UTF-8"},
      {"NUL", skill("name: a\ndescription: b\n", "a\0b"s), 5, "SKILL.md must not hold a NUL byte"},
      {"control character", skill("name: a\x1b[31m\ndescription: b\n"), 2,
       "the front matter must not hold control characters"},
      {"end of transmission", skill("name: a\n\x04\ndescription: b\n"), 3,
       "the front matter must not hold control characters"},
      {"escaped control character", skill("name: \"a\\e[31m\"\ndescription: b\n"), 2,
       "`name` must not hold control characters"},
      {"escaped NUL", skill("name: a\ndescription: \"a\\0b\"\n"), 3, "`description` must not hold control characters"},
      {"front matter too large", skill("name: a\ndescription: b\nx: " + std::string(65'536, 'x') + "\n"), 1,
       "the front matter is larger than 65536 bytes"},
      {"too large", skill("name: a\ndescription: b\n", std::string(1 << 20, 'x')), 0,
       "SKILL.md is larger than 1048576 bytes"},
  };
  for (const Refused& refused : table) check_refused(refused);
}

TEST_CASE("SKILL.md: aliases that would multiply are refused before they do") {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'z'; ++c) {
    bomb += std::string{c, ':', ' ', '&', c} + " [";
    for (int i = 0; i < 9; ++i) bomb += std::string("*") + static_cast<char>(c - 1) + ", ";
    bomb += "]\n";
  }
  check_refused({"bomb", skill(bomb), 2, "the front matter must not use anchors and aliases"});
}

TEST_CASE("SKILL.md: cut at every byte, it is read or refused") {
  const std::string whole = skill("name: \"a b\"\ndescription: >\n  Some ü text\nx: {y: [1, 2]}\n");
  std::size_t read = 0;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto result = parse_skill_file(std::string_view(whole).substr(0, size), "pack/SKILL.md");
    if (result) {
      ++read;
    } else {
      CHECK(result.error().code() == ErrorCode::invalid_manifest);
    }
  }
  CHECK(read == 9);  // from the closing fence on
}
