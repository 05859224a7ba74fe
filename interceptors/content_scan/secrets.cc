#include "secrets.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

namespace cowork::content_scan {
namespace {

enum class Alphabet : unsigned char { upper_and_digits, alphanumeric, with_underscore, with_dash, with_both };

/// `<beginning><body>` with nothing of the same alphabet around it.
struct Shape {
  std::string_view beginning;
  std::string_view issuer;
  Alphabet alphabet;
  std::size_t least, most;  ///< characters of the body
};

constexpr std::size_t longest_body = 256;

/// Where one beginning is that of another, the longer one stands first.
constexpr std::array<Shape, 21> shapes{{
    {"AKIA", "an AWS access key", Alphabet::upper_and_digits, 16, 16},
    {"ASIA", "an AWS access key", Alphabet::upper_and_digits, 16, 16},
    {"AIza", "a Google API key", Alphabet::with_both, 35, 35},
    {"github_pat_", "a GitHub token", Alphabet::with_underscore, 50, longest_body},
    {"ghp_", "a GitHub token", Alphabet::alphanumeric, 36, longest_body},
    {"gho_", "a GitHub token", Alphabet::alphanumeric, 36, longest_body},
    {"ghu_", "a GitHub token", Alphabet::alphanumeric, 36, longest_body},
    {"ghs_", "a GitHub token", Alphabet::alphanumeric, 36, longest_body},
    {"ghr_", "a GitHub token", Alphabet::alphanumeric, 36, longest_body},
    {"glpat-", "a GitLab token", Alphabet::with_both, 20, longest_body},
    {"hf_", "a Hugging Face token", Alphabet::alphanumeric, 34, 40},
    {"npm_", "an npm token", Alphabet::alphanumeric, 36, 36},
    {"sk-ant-", "an Anthropic API key", Alphabet::with_both, 32, longest_body},
    {"sk-proj-", "an OpenAI API key", Alphabet::with_both, 32, longest_body},
    {"sk-", "an API key", Alphabet::alphanumeric, 32, longest_body},
    {"sk_live_", "a Stripe key", Alphabet::alphanumeric, 24, longest_body},
    {"rk_live_", "a Stripe key", Alphabet::alphanumeric, 24, longest_body},
    {"xoxb-", "a Slack token", Alphabet::with_dash, 24, longest_body},
    {"xoxp-", "a Slack token", Alphabet::with_dash, 24, longest_body},
    {"xoxa-", "a Slack token", Alphabet::with_dash, 24, longest_body},
    {"xoxs-", "a Slack token", Alphabet::with_dash, 24, longest_body},
}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

bool belongs_to(Alphabet alphabet, char c) {
  switch (alphabet) {
    case Alphabet::upper_and_digits:
      return is_upper(c) || is_digit(c);
    case Alphabet::alphanumeric:
      return is_alphanumeric(c);
    case Alphabet::with_underscore:
      return is_alphanumeric(c) || c == '_';
    case Alphabet::with_dash:
      return is_alphanumeric(c) || c == '-';
    case Alphabet::with_both:
      return is_alphanumeric(c) || c == '_' || c == '-';
  }
  return false;
}

/// Whoever writes an example repeats characters, or says that it is one.
bool is_placeholder(std::string_view body) {
  constexpr std::size_t least_different = 9;
  std::bitset<256> different;
  for (const char c : body) different.set(static_cast<unsigned char>(c));
  if (different.count() < least_different || std::none_of(body.begin(), body.end(), is_digit)) return true;
  std::string upper(body);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return upper.find("EXAMPLE") != std::string::npos || upper.find("XXXX") != std::string::npos;
}

/// The length of a token of this shape at the beginning of `text`; 0 when there is none.
std::size_t token_length(const Shape& shape, std::string_view text) {
  if (!text.starts_with(shape.beginning)) return 0;
  const std::string_view rest = text.substr(shape.beginning.size(), shape.most + 1);
  const auto end = std::find_if_not(rest.begin(), rest.end(), [&](char c) { return belongs_to(shape.alphabet, c); });
  const auto length = static_cast<std::size_t>(end - rest.begin());
  if (length < shape.least || length > shape.most || is_placeholder(rest.substr(0, length))) return 0;
  return shape.beginning.size() + length;
}

/// A bounded look at what may be a token; how far to go on.
std::size_t look_for_token(std::string_view text, std::size_t at, Hits& hits) {
  constexpr std::string_view firsts = "AGghnrsx";
  if (firsts.find(text[at]) == std::string_view::npos) return 1;
  if (at > 0 && (is_alphanumeric(text[at - 1]) || text[at - 1] == '_')) return 1;
  for (const Shape& shape : shapes) {
    const std::size_t length = token_length(shape, text.substr(at));
    if (length == 0) continue;
    hits.add(secret_rule, at, [&] {
      return "looks like " + std::string(shape.issuer) + ": " + std::string(shape.beginning) + "… (" +
             std::to_string(length) + " characters)";
    });
    return length;
  }
  return 1;
}

bool is_base64(char c) {
  return is_alphanumeric(c) || c == '+' || c == '/' || c == '=';
}

/// Passes over line breaks and spaces, as they are or as a JSON string spells them.
std::size_t skip_breaks(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t' || c == '"' || c == '\'' || c == ',')
      ++at;
    else if (c == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 'r'))
      at += 2;
    else
      break;
  }
  return at;
}

/// `-----BEGIN … PRIVATE KEY…-----` with a key behind it: whoever only names the words has none there.
std::size_t look_for_key(std::string_view text, std::size_t at, Hits& hits) {
  constexpr std::string_view begin = "-----BEGIN ", what = "PRIVATE KEY", dashes = "-----";
  constexpr std::size_t longest_title = 60, least_key = 40, most_breaks = 16;
  if (!text.substr(at).starts_with(begin)) return 1;
  const std::string_view title = text.substr(at + begin.size(), longest_title);
  const std::size_t end = title.find(dashes);
  if (end == std::string_view::npos || title.substr(0, end).find(what) == std::string_view::npos) return 1;
  const std::size_t after = at + begin.size() + end + dashes.size();
  const std::string_view window = text.substr(after, most_breaks + least_key);
  const std::size_t body = skip_breaks(window, 0);
  const std::string_view key = window.substr(std::min(body, window.size()), least_key);
  const bool headed = key.starts_with("Proc-Type:") || key.starts_with("Version:");
  if (!headed && (key.size() < least_key || !std::all_of(key.begin(), key.end(), is_base64))) return 1;
  hits.add(secret_rule, at, [] { return std::string("a private key"); });
  return after - at;
}

}  // namespace

Hits find_secrets(std::string_view text) {
  Hits hits;
  for (std::size_t at = 0; at < text.size();)
    at += text[at] == '-' ? look_for_key(text, at, hits) : look_for_token(text, at, hits);
  return hits;
}

}  // namespace cowork::content_scan
