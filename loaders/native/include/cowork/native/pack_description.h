// What a pack brings, as the JSON that describe() of pack_api.h answers. Not for packs: they include pack.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/native/interceptor.h"
#include "cowork/native/tool.h"

namespace cowork::native::border {

inline std::string json_string(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20) {
      quoted += "\\u00";
      quoted += digits[byte >> 4U];
      quoted += digits[byte & 0xFU];
    } else {
      quoted += c;
    }
  }
  return quoted += '"';
}

template <class Items, class Write>
std::string json_array(const Items& items, const Write& write) {
  std::string text = "[";
  for (const auto& item : items) text += (text.size() == 1 ? "" : ", ") + write(item);
  return text += "]";
}

inline std::string description_of(const std::vector<Tool>& tools, const std::vector<Listener>& listeners,
                                  const std::vector<Interceptor>& interceptors) {
  const auto tool = [](const Tool& one) {
    return R"({"name": )" + json_string(one.name) + R"(, "description": )" + json_string(one.description) +
           (one.input_schema.empty() ? "" : R"(, "inputSchema": )" + one.input_schema) + "}";
  };
  return R"({"tools": )" + json_array(tools, tool) + R"(, "events": )" +
         json_array(listeners, [](const Listener& listener) { return json_string(listener.type); }) +
         R"(, "interceptors": )" +
         json_array(interceptors, [](const Interceptor& one) { return json_string(one.name); }) + "}";
}

}  // namespace cowork::native::border
