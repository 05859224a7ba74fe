// What a native pack may ask of the host that runs it.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cowork/native/pack_reply.h"

namespace cowork::native {

enum class Level : std::int32_t {
  debug = COWORK_PACK_LOG_DEBUG,
  info = COWORK_PACK_LOG_INFO,
  warning = COWORK_PACK_LOG_WARNING,
  error = COWORK_PACK_LOG_ERROR
};

/// Threads: any, until the pack's destructor is over.
class Host {
 public:
  explicit Host(const cowork_host& host) : host_(&host) {}
  std::string_view version() const { return border::view_of(host_->version); }
  std::string_view pack_name() const { return border::view_of(host_->pack); }
  /// A JSON object: `<home>/config/<pack>.json` after it was checked against the manifest's configSchema, with the
  /// defaults filled in. A member is sure to be there only where the schema requires it or gives it a default; read it
  /// with pack_json.h. Stays the same until the pack is stopped.
  std::string_view configuration() const { return border::view_of(host_->configuration); }
  void log(Level level, std::string_view message) const {
    host_->log(host_->context, static_cast<std::int32_t>(level), border::text_of(message));
  }
  /// The path of a directory for this pack alone, which is made (0700) when it is missing. Throws std::runtime_error
  /// when it can't be made.
  std::string data_directory() const {
    border::Answer answer;
    const cowork_reply reply = answer.reply();
    if (host_->data_directory(host_->context, &reply) != COWORK_PACK_OK) throw std::runtime_error(answer.message);
    return answer.text;
  }

 private:
  const cowork_host* host_;
};

}  // namespace cowork::native
