#include "cowork/base/json.h"
#include "reading.h"
#include "support/catch.h"

using namespace cowork::json;

TEST_CASE("the examples of RFC 7396, appendix A") {
  struct Row {
    const char* target;
    const char* patch;
    const char* result;
  };
  const Row rows[] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"(null)", R"(null)"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const Row& row : rows) {
    INFO(row.target << " + " << row.patch);
    CHECK(to_text(merge_patch(read(row.target)->root, read(row.patch)->root)) == row.result);
  }
}

TEST_CASE("the example of RFC 7396, section 3") {
  const char* target = R"({"title":"Goodbye!","author":{"givenName":"John","familyName":"Doe"},
    "tags":["example","sample"],"content":"This will be unchanged"})";
  const char* patch = R"({"title":"Hello!","phoneNumber":"+01-123-456-7890","author":{"familyName":null},
    "tags":["example"]})";
  CHECK(to_text(merge_patch(read(target)->root, read(patch)->root)) ==
        R"({"title":"Hello!","author":{"givenName":"John"},"tags":["example"],)"
        R"("content":"This will be unchanged","phoneNumber":"+01-123-456-7890"})");
}

TEST_CASE("members keep their places when others are taken out") {
  CHECK(to_text(merge_patch(read(R"({"a":1,"b":2,"c":3,"d":4})")->root,
                            read(R"({"c":null,"e":5,"a":null,"b":{"x":null,"y":0}})")->root)) ==
        R"({"b":{"y":0},"d":4,"e":5})");
}

TEST_CASE("large patches are merged in linear time") {
  Object target, patch;
  for (int i = 0; i < 100'000; ++i) {
    target.push_back({"old" + std::to_string(i), i});
    patch.push_back({(i % 2 ? "old" : "new") + std::to_string(i), i % 4 == 1 ? Value() : Value("x")});
  }
  Value merged(std::move(target));
  const Value changes(std::move(patch));
  CHECK(seconds([&] { merged = merge_patch(std::move(merged), changes); }) < 1);
  CHECK(merged.as_object()->size() == 100'000 + 50'000 - 25'000);
}
