// Tokens by their shapes. None of them was ever one: they are put together here.
#include "secrets.h"

#include "scanned_pack.h"

using namespace cowork;
using namespace cowork::content_scan;

namespace {

std::string body(std::size_t length) {
  constexpr std::string_view characters = "a7Bq9ZtR2mXk4LpW8sVn";
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += characters[i % characters.size()];
  return text;
}

std::string found_in(const std::string& text) {
  std::string found;
  const Hits hits = find_secrets(text);
  for (const Hit& hit : hits.kept())
    found += std::string(hit.rule.name) + "@" + std::to_string(hit.offset) + " " + hit.message + "\n";
  return found;
}

std::string key_title(const std::string& kind) {
  return "-----BEGIN " + kind + "PRIVATE KEY-----";
}

}  // namespace

TEST_CASE("a secret is found by its shape, and masked") {
  const auto [text, found] = GENERATE(table<std::string, std::string>({
      {"key = AKIA"
       "J7Q2ZT4RMX9LPWKV",
       "secret@6 looks like an AWS access key: AKIA… (20 characters)\n"},
      {"(ghp_" + body(36) + ")", "secret@1 looks like a GitHub token: ghp_… (40 characters)\n"},
      {"github_pat_" + body(82), "secret@0 looks like a GitHub token: github_pat_… (93 characters)\n"},
      {"glpat-" + body(20), "secret@0 looks like a GitLab token: glpat-… (26 characters)\n"},
      {"xoxb-" + body(30), "secret@0 looks like a Slack token: xoxb-… (35 characters)\n"},
      {"xoxp-" + body(30), "secret@0 looks like a Slack token: xoxp-… (35 characters)\n"},
      {"sk-" + body(48), "secret@0 looks like an API key: sk-… (51 characters)\n"},
      {"sk-ant-" + body(40), "secret@0 looks like an Anthropic API key: sk-ant-… (47 characters)\n"},
      {"sk-proj-" + body(40), "secret@0 looks like an OpenAI API key: sk-proj-… (48 characters)\n"},
      {"sk_live_" + body(24), "secret@0 looks like a Stripe key: sk_live_… (32 characters)\n"},
      {"\"AIza" + body(35) + "\"", "secret@1 looks like a Google API key: AIza… (39 characters)\n"},
      {"npm_" + body(36), "secret@0 looks like an npm token: npm_… (40 characters)\n"},
      {"hf_" + body(34), "secret@0 looks like a Hugging Face token: hf_… (37 characters)\n"},
      {key_title("") + "\n" + body(64), "secret@0 a private key\n"},
      {key_title("RSA ") + "\\n" + body(64), "secret@0 a private key\n"},
      {"x " + key_title("OPENSSH ") + "\r\n" + body(64), "secret@2 a private key\n"},
      {key_title("RSA ") + "\nProc-Type: 4,ENCRYPTED", "secret@0 a private key\n"},
  }));
  INFO(text);
  CHECK(found_in(text) == found);
  CHECK(found.find(body(20)) == std::string::npos);
}

TEST_CASE("what only looks a little like a secret passes") {
  const std::string text =
      GENERATE(as<std::string>{},  //
               "AKIAIOSFODNN7EXAMPLE",
               "AKIA"
               "XXXXXXXXXXXXXXXX",
               "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ghp_short", "sk-...", "sk-your-key-here",
               "sk-"
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
               "task-1234567890abcdefghijklmnopqrstuvwxyzAB", "-----BEGIN PRIVATE KEY-----", "BEGIN RSA PRIVATE KEY",
               "-----BEGIN RSA PRIVATE KEY-----\n...\n", "-----BEGIN PUBLIC KEY-----\n", "-----BEGIN CERTIFICATE-----",
               "`ghp_[A-Za-z0-9]{36}`", "AIza[0-9A-Za-z_-]{35}", "xoxb-placeholder-placeholder-placeholder");
  INFO(text);
  CHECK(found_in(text).empty());
  CHECK(found_in("sk-" + body(300)).empty());  // longer than any key
  CHECK(found_in("prefixghp_" + body(36)).empty());
}

TEST_CASE("a file full of beginnings ends in time") {
  for (const char* part : {"sk-", "sk-ant-", "ghp_", "-----BEGIN ", "AKIA", "-----BEGIN PRIVATE KEY-----\n"}) {
    std::string text;
    while (text.size() < 1'000'000) text += part;
    INFO(part);
    CHECK(found_in(text).empty());
  }
}
