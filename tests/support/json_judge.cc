#include "json_judge.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace cowork::json {
namespace {

/// Nlohmann's events, judged by our profile. `faults` holds the refusals that are due.
class Judge : public nlohmann::json_sax<nlohmann::ordered_json> {
 public:
  explicit Judge(const Limits& limits) : limits_(&limits) {}
  std::set<std::string> faults;

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t& lexeme) override {
    judge_number(lexeme);
    return value();
  }
  bool string(string_t& text) override {
    judge_string(text);
    return value();
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool key(string_t& text) override {
    judge_string(text);
    if (!keys_.back().insert(text).second) faults.insert("duplicate key");
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool value() {
    if (++values_ > limits_->max_values) faults.insert("more than " + std::to_string(limits_->max_values) + " values");
    return true;
  }
  bool open() {
    keys_.emplace_back();
    if (keys_.size() > limits_->max_depth)
      faults.insert("nested deeper than " + std::to_string(limits_->max_depth) + " levels");
    return value();
  }
  bool close() {
    keys_.pop_back();
    return true;
  }
  void judge_string(const std::string& text) {
    if (text.find('\0') != std::string::npos) faults.insert("NUL is not allowed");
  }
  void judge_number(const std::string& lexeme) {
    if (lexeme.size() > 512) faults.insert("number longer than 512 bytes");
    const std::size_t mark = lexeme.find_first_of("eE");
    const std::string exponent = mark == std::string::npos ? "0" : lexeme.substr(mark + 1);
    const bool has_sign = exponent[0] == '-' || exponent[0] == '+';
    const bool four_digits = exponent.size() - (has_sign ? 1 : 0) <= 4;
    if (!four_digits) faults.insert("number with an exponent of more than 4 digits");
    const std::size_t whole =
        lexeme.find_first_of(".eE") == std::string::npos ? lexeme.size() : lexeme.find_first_of(".eE");
    const bool too_long = whole - (lexeme[0] == '-' ? 1 : 0) > 308;
    if (too_long || (four_digits && std::stoi(exponent) > 308)) faults.insert("number out of range");
  }

  const Limits* limits_;
  std::vector<std::set<std::string>> keys_;
  std::size_t values_ = 0;
};

bool same_number(const Value& ours, const nlohmann::ordered_json& theirs) {
  const auto exact = ours.as_int64();
  if (theirs.is_number_float()) return ours.as_double() == theirs.get<double>();
  if (exact) return *exact == theirs.get<std::int64_t>();
  return theirs.is_number_unsigned() && *ours.number_lexeme() == theirs.dump();
}

bool same_value(const Value& ours, const nlohmann::ordered_json& theirs) {
  if (theirs.is_number()) return ours.number_lexeme() && same_number(ours, theirs);
  if (theirs.is_null()) return ours.is_null();
  if (theirs.is_boolean()) return ours.as_bool() && *ours.as_bool() == theirs.get<bool>();
  if (theirs.is_string()) return ours.as_string() && *ours.as_string() == theirs.get_ref<const std::string&>();
  const bool right_kind = theirs.is_array() ? ours.is_array() : ours.is_object();
  if (!right_kind) return false;
  std::size_t position = 0;
  const std::size_t size = theirs.is_array() ? ours.as_array()->size() : ours.as_object()->size();
  if (size != theirs.size()) return false;
  for (const auto& [key, item] : theirs.items()) {
    if (theirs.is_object() && (*ours.as_object())[position].key != key) return false;
    if (!same_value(theirs.is_array() ? (*ours.as_array())[position] : (*ours.as_object())[position].value, item))
      return false;
    ++position;
  }
  return true;
}

}  // namespace

std::set<std::string> due_refusals(const std::string& text, const Limits& limits) {
  std::set<std::string> faults;
  if (text.size() > limits.max_bytes) faults.insert("larger than " + std::to_string(limits.max_bytes) + " bytes");
  if (text.find('\0') != std::string::npos) faults.insert("NUL is not allowed");
  if (text.starts_with("\xEF\xBB\xBF")) faults.insert("byte order mark is not allowed");
  Judge judge(limits);
  if (!nlohmann::ordered_json::sax_parse(text, &judge)) return {"syntax"};
  faults.merge(judge.faults);
  return faults;
}

std::string mismatch(const std::string& text, const Limits& limits, const std::set<std::string>& due) {
  // Memory that ends where the text ends, so that AddressSanitizer sees a byte too many.
  const std::unique_ptr<char[]> exact(new char[text.size()]);
  std::copy(text.begin(), text.end(), exact.get());
  const auto document = parse({exact.get(), text.size()}, "f.json", limits, ErrorCode::invalid_manifest);
  if (!document) {
    const auto& place = *document.error().place();
    if (due.empty()) return "refused: " + document.error().message();
    if (place.file != "f.json" || place.line == 0 || place.column == 0) return "no place";
    const std::string& message = document.error().message();
    if (due.size() == 1 && !due.contains("syntax") && !message.starts_with(*due.begin()))
      return "other reason: " + message;
    return "";
  }
  if (!due.empty()) return "accepted, in spite of: " + *due.begin();
  const auto theirs = nlohmann::ordered_json::parse(text);
  if (!same_value(document->root, theirs)) return "other value";
  const std::string again = to_text(document->root);
  if (!same_value(document->root, nlohmann::ordered_json::parse(again))) return "other value when written";
  const Limits roomy{64u << 20, limits.max_values, limits.max_depth};
  const auto twice = parse(to_pretty_text(document->root), "f.json", roomy, ErrorCode::invalid_manifest);
  if (!twice || !(twice->root == document->root)) return "other value when written and read again";
  return "";
}

}  // namespace cowork::json
