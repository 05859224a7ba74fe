#include "table.h"

#include "support/catch.h"

using namespace cowork::cli;

namespace {

Table sample() {
  Table table({{"NAME"}, {"COUNT", false, true}, {"ABOUT", true}});
  table.add({{"alpha", Style::green}, "3", "a description that is longer than what is left"});
  table.add({"b", "12", ""});
  return table;
}

}  // namespace

TEST_CASE("a pipe gets everything, aligned, without trailing spaces") {
  CHECK(sample().render({}) ==
        "NAME   COUNT  ABOUT\n"
        "alpha      3  a description that is longer than what is left\n"
        "b         12\n");
}

TEST_CASE("a terminal gets what fits") {
  CHECK(sample().render({.width = 34}) ==
        "NAME   COUNT  ABOUT\n"
        "alpha      3  a description that…\n"
        "b         12\n");
}

TEST_CASE("a column that would get next to nothing is left out") {
  CHECK(sample().render({.width = 24}) ==
        "NAME   COUNT\n"
        "alpha      3\n"
        "b         12\n");
}

TEST_CASE("colours are around the cells only where they are wanted") {
  CHECK(sample().render({}).find('\033') == std::string::npos);
  const std::string text = sample().render({.colors = true});
  CHECK(text.find("\033[32malpha") != std::string::npos);
}

TEST_CASE("titles can be left out, and an empty table is nothing") {
  CHECK(sample().render({.titles = false}).find("NAME") == std::string::npos);
  CHECK(Table({{"NAME"}}).render({}).empty());
}

TEST_CASE("wide and combining characters count as they are shown") {
  Table table({{"A"}, {"B"}});
  table.add({"日本", "x"});
  table.add({"abcd", "x"});
  CHECK(table.render({.titles = false}) == "日本  x\nabcd  x\n");
}
