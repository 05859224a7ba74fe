#include "head.h"

#include "cowork/base/json_reader.h"

namespace cowork::audit {
namespace {

constexpr json::Limits head_limits{64u << 10, 100};
constexpr std::size_t padded_bytes = 1024;

json::Value link_value(const Link& link) {
  return json::Value::object({{"seq", link.seq}, {"hash", link.hash}});
}

std::optional<std::uint64_t> count_of(const json::Value& object, std::string_view member) {
  const json::Value* value = object.find(member);
  const std::optional<std::int64_t> number = value != nullptr ? value->as_int64() : std::nullopt;
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<std::string> text_of(const json::Value& object, std::string_view member) {
  const json::Value* value = object.find(member);
  const std::string* text = value != nullptr ? value->as_string() : nullptr;
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::optional<Link> link_of(const json::Value* value) {
  if (value == nullptr) return std::nullopt;
  const auto seq = count_of(*value, "seq");
  const auto hash = text_of(*value, "hash");
  if (!seq || !hash) return std::nullopt;
  return Link{*seq, *hash};
}

}  // namespace

std::string to_text(const Head& head) {
  json::Value value = json::Value::object({{"version", 1},
                                           {"boot", head.boot},
                                           {"start", link_value(head.start)},
                                           {"last", link_value(head.last)},
                                           {"size", head.size}});
  if (head.next) value.set("next", link_value(*head.next));
  if (head.lost_after) value.set("lostAfter", *head.lost_after);
  std::string text = json::to_text(value) + "\n";
  if (text.size() < padded_bytes) text.resize(padded_bytes, ' ');
  return text;
}

std::optional<Head> parse_head(std::string_view text) {
  const Result<json::Document> document =
      json::parse(text.substr(0, text.find('\n')), "<head>", head_limits, ErrorCode::integrity);
  if (!document || count_of(document->root, "version") != 1) return std::nullopt;
  const json::Value& root = document->root;
  const auto start = link_of(root.find("start"));
  const auto last = link_of(root.find("last"));
  const auto size = count_of(root, "size");
  if (!start || !last || !size) return std::nullopt;
  Head head{*start, *last, *size, std::nullopt, text_of(root, "boot").value_or(""), count_of(root, "lostAfter")};
  if (const json::Value* next = root.find("next")) {
    head.next = link_of(next);
    if (!head.next) return std::nullopt;
  }
  return head;
}

}  // namespace cowork::audit
