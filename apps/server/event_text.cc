#include "dispatcher.h"

namespace cowork::server {

std::string event_text(const Event& event) {
  return json::to_text(json::Value::object({{"jsonrpc", "2.0"}, {"method", event.type}, {"params", event.data}}));
}

}  // namespace cowork::server
