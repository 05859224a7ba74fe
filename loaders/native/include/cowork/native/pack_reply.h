// Text and answers as they cross the border of pack_api.h. Not for packs: they include pack.h.
#pragma once

#include <string>
#include <string_view>

#include "cowork/native/pack_api.h"

namespace cowork::native::border {

inline cowork_text text_of(std::string_view text) {
  return {text.data(), text.size()};
}

inline std::string_view view_of(const cowork_text& text) {
  return {text.data == nullptr ? "" : text.data, text.size};
}

inline void fail(const cowork_reply& reply, std::string_view code, std::string_view message, std::string_view why = {},
                 std::string_view remedy = {}) {
  const cowork_fault fault{sizeof fault, text_of(code), text_of(message), text_of(why), text_of(remedy)};
  reply.fail(reply.context, &fault);
}

/// A reply whose text and fault are kept.
struct Answer {
  std::string text;
  std::string code;
  std::string message;
  bool failed = false;

  cowork_reply reply() {
    return {sizeof(cowork_reply), this,
            [](void* context, const char* data, std::size_t size) {
              if (size != 0) static_cast<Answer*>(context)->text.append(data, size);
            },
            [](void* context, const cowork_fault* fault) {
              auto& self = *static_cast<Answer*>(context);
              self.failed = true;
              self.code = view_of(fault->code);
              self.message = view_of(fault->message);
            }};
  }
};

}  // namespace cowork::native::border
