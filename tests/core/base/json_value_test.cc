#include <limits>

#include "cowork/base/json.h"
#include "reading.h"
#include "support/catch.h"

using namespace cowork::json;

namespace {

Value number(const char* lexeme) {
  return Value::number_from_lexeme(lexeme);
}

}  // namespace

TEST_CASE("accessors answer only for their own kind") {
  const Value values[] = {Value(), Value(true), Value(1), Value("x"), Value::array(), Value::object()};
  const Kind kinds[] = {Kind::null, Kind::boolean, Kind::number, Kind::string, Kind::array, Kind::object};
  for (std::size_t i = 0; i < 6; ++i) {
    INFO(describe(kinds[i]));
    CHECK(values[i].kind() == kinds[i]);
    CHECK((values[i].as_bool() != nullptr) == (kinds[i] == Kind::boolean));
    CHECK((values[i].number_lexeme() != nullptr) == (kinds[i] == Kind::number));
    CHECK(values[i].as_int64().has_value() == (kinds[i] == Kind::number));
    CHECK(values[i].as_double().has_value() == (kinds[i] == Kind::number));
    CHECK((values[i].as_string() != nullptr) == (kinds[i] == Kind::string));
    CHECK((values[i].as_array() != nullptr) == (kinds[i] == Kind::array));
    CHECK((values[i].as_object() != nullptr) == (kinds[i] == Kind::object));
    for (std::size_t j = 0; j < 6; ++j) CHECK((values[i] == values[j]) == (i == j));
  }
}

TEST_CASE("kinds have names for messages") {
  CHECK(describe(Kind::null) == "null");
  CHECK(describe(Kind::boolean) == "a boolean");
  CHECK(describe(Kind::number) == "a number");
  CHECK(describe(Kind::string) == "a string");
  CHECK(describe(Kind::array) == "an array");
  CHECK(describe(Kind::object) == "an object");
}

TEST_CASE("as_int64 takes integers in value that fit") {
  const std::pair<const char*, std::optional<std::int64_t>> rows[] = {
      {"0", 0},
      {"-0", 0},
      {"0.0", 0},
      {"0e9999", 0},
      {"1", 1},
      {"-1", -1},
      {"1.0", 1},
      {"1e2", 100},
      {"1E+2", 100},
      {"100e-2", 1},
      {"1.5e1", 15},
      {"1.50", std::nullopt},
      {"1.5", std::nullopt},
      {"1e-1", std::nullopt},
      {"9007199254740993", 9007199254740993},
      {"9223372036854775807", INT64_MAX},
      {"9223372036854775808", std::nullopt},
      {"-9223372036854775808", INT64_MIN},
      {"-9223372036854775809", std::nullopt},
      {"9.223372036854775807e18", INT64_MAX},
      {"1e18", 1000000000000000000},
      {"1e19", std::nullopt},
      {"9999999999999999999", std::nullopt},
      {"1e9999", std::nullopt},
      {"1e99999999999999999999999", std::nullopt},
      {"1e-99999999999999999999999", std::nullopt},
      {"0.00000000000000000000000000000000000001e38", 1},
  };
  for (const auto& [lexeme, expected] : rows) {
    INFO(lexeme);
    CHECK(number(lexeme).as_int64() == expected);
  }
}

TEST_CASE("as_double takes what a double can hold, and zero for what is too small") {
  CHECK(number("1.5").as_double() == 1.5);
  CHECK(number("1e308").as_double() == 1e308);
  CHECK(number("1.7976931348623157e308").as_double() == std::numeric_limits<double>::max());
  CHECK(number("5e-324").as_double() == std::numeric_limits<double>::denorm_min());
  CHECK(number("1e-400").as_double() == 0.0);
  CHECK(number("0e400").as_double() == 0.0);
  CHECK(std::signbit(number("-1e-400").as_double().value()));
  CHECK_FALSE(number("1e400").as_double().has_value());
  CHECK_FALSE(number("-1e400").as_double().has_value());
  CHECK_FALSE(number("1.8e308").as_double().has_value());
}

TEST_CASE("a lexeme that is no number becomes null") {
  for (const char* lexeme :
       {"", "-", "01", "1.", ".5", "1e", "1e+", "+1", "1 ", "0x1", "NaN", "1.5.5", "1e5e5", "--1"}) {
    INFO(lexeme);
    CHECK(number(lexeme).is_null());
  }
}

TEST_CASE("numbers from C++ keep their value") {
  CHECK(*Value(INT64_MIN).number_lexeme() == "-9223372036854775808");
  CHECK(*Value(UINT64_MAX).number_lexeme() == "18446744073709551615");
  CHECK(*Value(7u).number_lexeme() == "7");
  CHECK(*Value(0.1).number_lexeme() == "0.1");
  CHECK(*Value(1e300).number_lexeme() == "1e+300");
  CHECK(Value(std::numeric_limits<double>::max()).as_double() == std::numeric_limits<double>::max());
  CHECK(Value(std::numeric_limits<double>::quiet_NaN()).is_null());
  CHECK(Value(std::numeric_limits<double>::infinity()).is_null());
}

TEST_CASE("numbers are equal by value, exactly") {
  CHECK(number("1") == number("1.0"));
  CHECK(number("1") == number("10e-1"));
  CHECK(number("100") == number("1e2"));
  CHECK(number("0") == number("-0.0e5"));
  CHECK(number("-1") != number("1"));
  CHECK(number("9007199254740992") != number("9007199254740993"));
  CHECK(number("9007199254740993") == number("9007199254740993.0"));
  CHECK(number("0.1") == number("1e-1"));
  CHECK(number("1") != number("10"));
}

TEST_CASE("objects are equal whatever their order") {
  const Value a = Value::object({{"x", 1}, {"y", Value::array({1, 2})}});
  CHECK(a == Value::object({{"y", Value::array({1, 2})}, {"x", number("1.0")}}));
  CHECK(a != Value::object({{"y", Value::array({2, 1})}, {"x", 1}}));
  CHECK(a != Value::object({{"x", 1}}));
  CHECK(a != Value::object({{"x", 1}, {"z", Value::array({1, 2})}}));
}

TEST_CASE("large objects are compared in linear time") {
  Object forward, backward;
  const int count = 100'000;
  for (int i = 0; i < count; ++i) {
    forward.push_back({"k" + std::to_string(i), i});
    backward.push_back({"k" + std::to_string(count - 1 - i), count - 1 - i});
  }
  const Value a(forward), b(backward);
  backward.back().value = "other";
  const Value c(backward);
  CHECK(seconds([&] {
          CHECK((a == b));
          CHECK((a != c));
        }) < 1);
}

TEST_CASE("members are found, set in place and erased") {
  Value value;
  value.set("b", 1);
  value.set("a", 2);
  value.set("b", "new");
  CHECK(to_text(value) == R"({"b":"new","a":2})");
  REQUIRE(value.find("a") != nullptr);
  *value.find("a") = true;
  CHECK(value.find("c") == nullptr);
  CHECK(Value("text").find("c") == nullptr);
  CHECK(value.erase("b"));
  CHECK_FALSE(value.erase("b"));
  CHECK_FALSE(Value(1).erase("b"));
  CHECK(to_text(value) == R"({"a":true})");
}

TEST_CASE("arrays grow from null") {
  Value value;
  value.push_back(1);
  value.push_back(nullptr);
  CHECK(to_text(value) == "[1,null]");
  CHECK(to_text(Value::strings({"a", "b"})) == R"(["a","b"])");
  CHECK(to_text(Value::strings({})) == "[]");
}
