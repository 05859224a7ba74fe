#include "fake_client.h"

#include <clocale>

#include "program.h"
#include "support/catch.h"

namespace cowork::cli::test {
namespace {

// As main() does: widths on the screen are asked of the C library.
[[maybe_unused]] const char* const locale = std::setlocale(LC_CTYPE, "C.UTF-8");

class FakeClient : public Client {
 public:
  explicit FakeClient(FakeHost& host) : host_(host) {}

  Result<json::Value> call(std::string_view operation, const json::Value& params,
                           std::vector<std::string>& warnings) override {
    host_.calls.emplace_back(std::string(operation), json::to_text(params));
    auto& answers = host_.answers[std::string(operation)];
    if (answers.empty()) return fail(Error::not_found("the fake host has no " + std::string(operation)));
    const Result<json::Value> answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    warnings = host_.warnings;
    return answer;
  }

 private:
  FakeHost& host_;
};

}  // namespace

json::Value value(const std::string& text) {
  auto document = json::parse(text, "<test>", json::request_limits, ErrorCode::internal);
  if (!document) FAIL("the test's JSON is wrong: " << document.error().message() << " in " << text);
  return document->root;
}

FakeHost& FakeHost::answer(const std::string& operation, const std::string& json_text) {
  answers[operation].emplace_back(value(json_text));
  return *this;
}

FakeHost& FakeHost::answer(const std::string& operation, Error error) {
  answers[operation].emplace_back(fail(std::move(error)));
  return *this;
}

std::vector<std::string> FakeHost::asked(const std::string& operation) const {
  std::vector<std::string> result;
  for (const auto& [name, params] : calls)
    if (name == operation) result.push_back(params);
  return result;
}

ClientFactory FakeHost::factory() {
  return [this](const GlobalOptions& given) -> Result<std::unique_ptr<Client>> {
    options = given;
    return std::make_unique<FakeClient>(*this);
  };
}

Ran run(FakeHost& host, const std::vector<std::string>& arguments, const Console& console) {
  std::istringstream in(console.input);
  std::ostringstream out;
  std::ostringstream err;
  Terminal terminal{in, out, err};
  terminal.in_is_terminal = terminal.out_is_terminal = terminal.err_is_terminal = console.terminal;
  terminal.colors_unwanted = console.no_color;
  terminal.width = console.width;
  Ran ran;
  ran.status = cli::run(arguments, terminal, host.factory());
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

json::Value document(const Ran& ran) {
  return value(ran.out);
}

}  // namespace cowork::cli::test
