#include "text_functions.h"

namespace text_tools {
namespace {

constexpr std::string_view replacement = "[redacted]";

bool belongs_to_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  return (begin == 0 || !belongs_to_word(text[begin - 1])) && (end == text.size() || !belongs_to_word(text[end]));
}

void redact_word(Redaction& redaction, const std::string& word) {
  if (word.empty()) return;
  std::size_t at = 0;
  while ((at = redaction.text.find(word, at)) != std::string::npos) {
    if (!stands_alone(redaction.text, at, at + word.size())) {
      ++at;
      continue;
    }
    redaction.text.replace(at, word.size(), replacement);
    at += replacement.size();
    ++redaction.count;
  }
}

std::size_t mail_name_begin(std::string_view text, std::size_t at) {
  const auto fits = [](char c) { return belongs_to_word(c) || c == '.' || c == '+' || c == '-'; };
  while (at > 0 && fits(text[at - 1])) --at;
  return at;
}

std::size_t mail_host_end(std::string_view text, std::size_t at) {
  const auto fits = [](char c) { return belongs_to_word(c) || c == '.' || c == '-'; };
  while (at < text.size() && fits(text[at])) ++at;
  while (at > 0 && text[at - 1] == '.') --at;  // the end of a sentence
  return at;
}

void redact_mail_addresses(Redaction& redaction) {
  std::size_t at = 0;
  while ((at = redaction.text.find('@', at)) != std::string::npos) {
    const std::size_t begin = mail_name_begin(redaction.text, at);
    const std::size_t end = mail_host_end(redaction.text, at + 1);
    const bool address = begin < at && redaction.text.substr(at, end - at).find('.') != std::string::npos;
    if (!address) {
      ++at;
      continue;
    }
    redaction.text.replace(begin, end - begin, replacement);
    at = begin + replacement.size();
    ++redaction.count;
  }
}

/// Digits, with single blanks, dots or dashes between them, as accounts and telephones are written.
void redact_numbers(Redaction& redaction) {
  const auto digit = [&](std::size_t at) {
    return at < redaction.text.size() && redaction.text[at] >= '0' && redaction.text[at] <= '9';
  };
  for (std::size_t begin = 0; begin < redaction.text.size(); ++begin) {
    if (!digit(begin)) continue;
    std::size_t end = begin;
    std::size_t digits = 0;
    while (digit(end)) {
      ++digits;
      ++end;
      const bool joined = end < redaction.text.size() && std::string_view(" .-").find(redaction.text[end]) < 3;
      if (joined && digit(end + 1)) ++end;
    }
    if (digits >= 8) {
      redaction.text.replace(begin, end - begin, replacement);
      begin += replacement.size();
      ++redaction.count;
    } else {
      begin = end;
    }
  }
}

}  // namespace

Redaction redact(std::string_view text, const std::vector<std::string>& secret_words) {
  Redaction redaction{std::string(text), 0};
  redact_mail_addresses(redaction);
  redact_numbers(redaction);
  for (const std::string& word : secret_words) redact_word(redaction, word);
  return redaction;
}

}  // namespace text_tools
