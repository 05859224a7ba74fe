#include "record.h"

#include <charconv>

#include "cowork/base/json.h"
#include "cowork/base/json_reader.h"
#include "cowork/base/sha256.h"
#include "cowork/base/text.h"

namespace cowork::audit {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::size_t hash_length = 64;
constexpr std::string_view seq_begin = R"({"seq":)";
constexpr std::string_view prev_begin = R"(,"prev":")";
constexpr std::string_view hash_begin = R"(","hash":")";
constexpr std::string_view line_end = R"("})";

std::string written(const std::string& text) {
  std::string safe = json::is_valid_utf8(text) ? text : printable(text);
  if (safe.size() <= longest_text) return safe;
  std::size_t end = longest_text;
  while ((static_cast<unsigned char>(safe[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return safe.substr(0, end) + "…";
}

json::Value rule_value(const Rule& rule) {
  return json::Value::object({{"layer", written(rule.layer)},
                              {"file", written(rule.place.file)},
                              {"line", std::uint64_t{rule.place.line}},
                              {"pointer", written(rule.place.pointer)}});
}

json::Value record_value(const Record& record, const Link& before) {
  json::Value value =
      json::Value::object({{"seq", before.seq + 1}, {"time", written(record.time)}, {"id", written(record.id)}});
  if (!record.parent.empty()) value.set("parent", written(record.parent));
  value.set("operation", written(record.operation));
  value.set("subject", written(record.subject));
  value.set("actor", written(record.actor));
  value.set("entry", written(record.entry));
  value.set("verdict", record.verdict);
  if (!record.code.empty()) value.set("code", record.code);
  if (record.rule) value.set("rule", rule_value(*record.rule));
  value.set("policyRevision", written(record.policy_revision));
  value.set("micros", record.micros);
  value.set("prev", before.hash);
  return value;
}

bool is_hash(std::string_view text) {
  return text.size() == hash_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Takes `end` off the end of `text`; false when it does not stand there.
bool take_end(std::string_view& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text.remove_suffix(end.size());
  return true;
}

std::optional<std::string> take_hash(std::string_view& text) {
  if (text.size() < hash_length) return std::nullopt;
  const std::string_view hash = text.substr(text.size() - hash_length);
  if (!is_hash(hash)) return std::nullopt;
  text.remove_suffix(hash_length);
  return std::string(hash);
}

std::optional<std::uint64_t> leading_seq(std::string_view text) {
  if (!text.starts_with(seq_begin)) return std::nullopt;
  text.remove_prefix(seq_begin.size());
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
  if (error != std::errc() || end == text.data() + text.size() || *end != ',') return std::nullopt;
  return seq;
}

/// `unhashed` is the line up to the quotation mark that ends `prev`, without it.
std::string hash_of(std::string_view prev, std::string_view unhashed) {
  return sha256_hex(std::string(prev).append(unhashed).append(line_end));
}

}  // namespace

std::string chained_line(const Record& record, const Link& before, Link& place) {
  std::string line = json::to_text(record_value(record, before));
  line.resize(line.size() - line_end.size());
  place = {before.seq + 1, hash_of(before.hash, line)};
  return line.append(hash_begin).append(place.hash).append(line_end).append("\n");
}

std::optional<ReadLine> read_line(std::string_view text) {
  const std::optional<std::uint64_t> seq = leading_seq(text);
  if (!seq || !take_end(text, line_end)) return std::nullopt;
  std::optional<std::string> hash = take_hash(text);
  if (!hash || !take_end(text, hash_begin)) return std::nullopt;
  const std::string_view unhashed = text;
  std::optional<std::string> prev = take_hash(text);
  if (!prev || !text.ends_with(prev_begin)) return std::nullopt;
  const bool intact = hash_of(*prev, unhashed) == *hash;
  return ReadLine{{*seq, std::move(*hash)}, std::move(*prev), intact};
}

}  // namespace cowork::audit
