#include "sessions.h"

#include "cowork/ports/manual_clock.h"
#include "support/catch.h"

using namespace cowork;
using server::Sessions;

namespace {

constexpr std::int64_t second = 1000;
const std::string file_token(64, 'f');

struct Office {
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  Sessions sessions{clock, file_token};

  std::string open() {
    const Sessions::Opened opened = sessions.exchange(sessions.issue_code());
    REQUIRE(opened.outcome == Sessions::Exchange::opened);
    return opened.token;
  }
  Sessions::Exchange outcome(const std::string& code) { return sessions.exchange(code).outcome; }
};

}  // namespace

TEST_CASE("tokens and codes are 256 random bits in hex") {
  Office office;
  for (const std::string& text : {server::random_token(), office.sessions.issue_code(), office.open()}) {
    CHECK(text.size() == 64);
    CHECK(text.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
  CHECK(server::random_token() != server::random_token());
}

TEST_CASE("the file's token is always good, and nothing like it") {
  Office office;
  CHECK(office.sessions.admits(file_token));
  CHECK_FALSE(office.sessions.admits(""));
  CHECK_FALSE(office.sessions.admits(file_token.substr(1)));
  CHECK_FALSE(office.sessions.admits(file_token + "f"));
  CHECK_FALSE(office.sessions.admits(std::string(64, 'F')));
  office.clock->advance_ms(1000 * 60 * 60 * second);
  CHECK(office.sessions.admits(file_token));
}

TEST_CASE("where there is no file, the empty token admits nobody") {
  Sessions sessions(std::make_shared<ManualClock>(), "");
  CHECK_FALSE(sessions.admits(""));
}

TEST_CASE("a code is good once") {
  Office office;
  const std::string code = office.sessions.issue_code();
  const Sessions::Opened first = office.sessions.exchange(code);
  CHECK(first.outcome == Sessions::Exchange::opened);
  CHECK(office.sessions.admits(first.token));
  const Sessions::Opened second_time = office.sessions.exchange(code);
  CHECK(second_time.outcome == Sessions::Exchange::wrong_code);
  CHECK(second_time.token.empty());
  CHECK(office.sessions.open_sessions() == 1);
}

TEST_CASE("a code is good for a minute") {
  Office office;
  const std::string in_time = office.sessions.issue_code();
  const std::string late = office.sessions.issue_code();
  office.clock->advance_ms(60 * second - 1);
  CHECK(office.outcome(in_time) == Sessions::Exchange::opened);
  office.clock->advance_ms(1);
  CHECK(office.outcome(late) == Sessions::Exchange::wrong_code);
}

TEST_CASE("neither a code nor the file's token is a session, nor a session a code") {
  Office office;
  CHECK_FALSE(office.sessions.admits(office.sessions.issue_code()));
  CHECK(office.outcome(file_token) == Sessions::Exchange::wrong_code);
  CHECK(office.outcome(office.open()) == Sessions::Exchange::wrong_code);
  CHECK(office.outcome("") == Sessions::Exchange::wrong_code);
}

TEST_CASE("sixteen codes are outstanding at most: the oldest goes") {
  Office office;
  std::vector<std::string> codes;
  for (std::size_t i = 0; i <= Sessions::most_codes; ++i) codes.push_back(office.sessions.issue_code());
  CHECK(office.outcome(codes[0]) == Sessions::Exchange::wrong_code);
  CHECK(office.outcome(codes[1]) == Sessions::Exchange::opened);
  CHECK(office.outcome(codes.back()) == Sessions::Exchange::opened);
}

TEST_CASE("a session lasts twelve hours since its last use") {
  Office office;
  const std::string token = office.open();
  constexpr std::int64_t hours_12 = 12 * 60 * 60 * second;
  office.clock->advance_ms(hours_12 - 1);
  CHECK(office.sessions.admits(token));
  office.clock->advance_ms(hours_12 - 1);
  CHECK(office.sessions.admits(token));
  office.clock->advance_ms(hours_12);
  CHECK_FALSE(office.sessions.admits(token));
  CHECK(office.sessions.open_sessions() == 0);
}

TEST_CASE("an administrator who sets the clock back makes no session live longer") {
  Office office;
  const std::string token = office.open();
  office.clock->advance_ms(12 * 60 * 60 * second);
  office.clock->advance_ms(-24 * 60 * 60 * second);
  CHECK_FALSE(office.sessions.admits(token));
}

TEST_CASE("of sixty-five sessions the one that was used longest ago goes") {
  Office office;
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < Sessions::most_sessions; ++i) {
    tokens.push_back(office.open());
    office.clock->advance_ms(second);
  }
  CHECK(office.sessions.admits(tokens[0]));  // its last use is now the latest
  const std::string one_more = office.open();
  CHECK(office.sessions.admits(tokens[0]));
  CHECK_FALSE(office.sessions.admits(tokens[1]));
  CHECK(office.sessions.admits(tokens[2]));
  CHECK(office.sessions.admits(one_more));
  CHECK(office.sessions.open_sessions() == Sessions::most_sessions);
}

TEST_CASE("twenty wrong codes in a minute are heard, and then none; a right one opens all the same") {
  Office office;
  for (std::size_t i = 0; i < Sessions::wrong_codes_a_minute; ++i) {
    CHECK(office.outcome(server::random_token()) == Sessions::Exchange::wrong_code);
  }
  CHECK(office.outcome(server::random_token()) == Sessions::Exchange::too_many_attempts);
  CHECK(office.outcome(office.sessions.issue_code()) == Sessions::Exchange::opened);
  office.clock->advance_ms(60 * second - 1);
  CHECK(office.outcome(server::random_token()) == Sessions::Exchange::too_many_attempts);
  office.clock->advance_ms(1);
  CHECK(office.outcome(server::random_token()) == Sessions::Exchange::wrong_code);
}
