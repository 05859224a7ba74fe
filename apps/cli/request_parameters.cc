#include "request_parameters.h"

#include <algorithm>
#include <cctype>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"

namespace cowork::cli {
namespace {

bool begins_json(const std::string& word) {
  return !word.empty() && (word.front() == '{' || word.front() == '[');
}

/// The length of `key` in `key=value` or `key:=JSON`; npos for any other word.
std::size_t key_length(const std::string& word) {
  const auto in_key = [](unsigned char letter) { return std::isalnum(letter) != 0 || letter == '_'; };
  const std::size_t length =
      static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), in_key) - word.begin());
  const bool named = length > 0 && (word.compare(length, 1, "=") == 0 || word.compare(length, 2, ":=") == 0);
  return named ? length : std::string::npos;
}

json::Value plain_value(const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return text;
}

Result<json::Value> position(const std::string& word) {
  if (begins_json(word)) return read_json(word, "<parameter>");
  return plain_value(word);
}

Error mixed(const std::string& word) {
  return Error::invalid_argument("parameters are given both by position and by name")
      .with_why(cowork::quoted(word) + " is of the other kind than the words before it")
      .with_remedy("write all of them as key=value, or none");
}

}  // namespace

Result<json::Value> read_json(const std::string& text, const std::string& name) {
  COWORK_ASSIGN(json::Document document, json::parse(text, name, json::request_limits, ErrorCode::invalid_argument));
  return std::move(document.root);
}

Result<json::Value> read_parameters(const std::vector<std::string>& words) {
  if (words.empty()) return json::Value();
  if (words.size() == 1 && begins_json(words.front())) return read_json(words.front(), "<parameters>");
  const bool named = key_length(words.front()) != std::string::npos;
  json::Value result = named ? json::Value::object() : json::Value::array();
  for (const std::string& word : words) {
    const std::size_t length = key_length(word);
    if (named != (length != std::string::npos)) return fail(mixed(word));
    if (!named) {
      COWORK_ASSIGN(json::Value item, position(word));
      result.push_back(std::move(item));
    } else if (word[length] == ':') {
      COWORK_ASSIGN(json::Value value, read_json(word.substr(length + 2), "<" + word.substr(0, length) + ">"));
      result.set(word.substr(0, length), std::move(value));
    } else {
      result.set(word.substr(0, length), plain_value(word.substr(length + 1)));
    }
  }
  return result;
}

}  // namespace cowork::cli
