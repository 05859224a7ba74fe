#include "sessions.h"

#include <sodium.h>

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork::server {

namespace {

constexpr std::int64_t second_us = 1'000'000;

/// Takes as long for a wrong text as for the right one; only its length, which is no secret, shows.
bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && !a.empty() && ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string random_token() {
  return random_id() + random_id();
}

Sessions::Sessions(std::shared_ptr<Clock> clock, std::string file_token)
    : clock_(std::move(clock)), file_token_(std::move(file_token)) {}

std::string Sessions::issue_code() {
  const std::string code = random_token();
  const std::lock_guard lock(mutex_);
  const std::int64_t now = clock_->steady_us();
  drop_expired(now);
  if (codes_.size() == most_codes) codes_.pop_front();
  codes_.push_back({code, now + code_seconds * second_us});
  return code;
}

Sessions::Opened Sessions::exchange(std::string_view code) {
  const std::string token = random_token();
  const std::lock_guard lock(mutex_);
  const std::int64_t now = clock_->steady_us();
  drop_expired(now);
  if (!take_code(code, now)) {
    return {count_wrong(now) ? Exchange::wrong_code : Exchange::too_many_attempts, {}};
  }
  add_session(token, now);
  return {Exchange::opened, token};
}

bool Sessions::admits(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = clock_->steady_us();
  drop_expired(now);
  bool admitted = same_secret(token, file_token_);
  for (Session& session : sessions_) {  // all of them: which one it was must not show in the time
    if (!same_secret(token, session.token)) continue;
    session.used_us = now;
    admitted = true;
  }
  return admitted;
}

std::size_t Sessions::open_sessions() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

bool Sessions::take_code(std::string_view code, std::int64_t now) {
  auto found = codes_.end();
  for (auto each = codes_.begin(); each != codes_.end(); ++each) {
    if (same_secret(code, each->text)) found = each;
  }
  if (found == codes_.end() || found->expires_us <= now) return false;
  codes_.erase(found);
  return true;
}

/// False when there were too many already.
bool Sessions::count_wrong(std::int64_t now) {
  while (!wrong_us_.empty() && wrong_us_.front() <= now - code_seconds * second_us) wrong_us_.pop_front();
  if (wrong_us_.size() == wrong_codes_a_minute) return false;
  wrong_us_.push_back(now);
  return true;
}

void Sessions::add_session(const std::string& token, std::int64_t now) {
  if (sessions_.size() == most_sessions) {
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(),
                                     [](const Session& a, const Session& b) { return a.used_us < b.used_us; }));
  }
  sessions_.push_back({token, now});
}

void Sessions::drop_expired(std::int64_t now) {
  std::erase_if(codes_, [&](const Code& code) { return code.expires_us <= now; });
  std::erase_if(sessions_,
                [&](const Session& session) { return session.used_us + session_seconds * second_us <= now; });
}

}  // namespace cowork::server
