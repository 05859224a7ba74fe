// A native pack that brings an interceptor: changes of the installed packs have to wait for the morning.
#include <cowork/native/pack.h>
#include <cowork/native/pack_json.h>

#include <algorithm>

#include "day_time.h"

namespace {

namespace json = cowork::json;
namespace native = cowork::native;

/// What adds, exchanges or removes packs. Switching one off must always be possible.
bool changes_what_is_installed(std::string_view operation, bool mutates) {
  return mutates && (operation.starts_with("pluginPack:install") || operation == "pluginPack:update" ||
                     operation == "pluginPack:uninstall");
}

class QuietHours final : public native::Pack {
 public:
  explicit QuietHours(const native::Host& host) : Pack(host) {
    const json::Value settings = native::parsed(configuration(), "<configuration>");
    from_ = native::text(settings, "from");
    to_ = native::text(settings, "to");
    from_minute_ = minute("from", from_);
    to_minute_ = minute("to", to_);
    exempt_ = native::texts(settings, "exempt");
    interceptor({.name = "change-window",
                 .applies_to = &changes_what_is_installed,
                 .judge = [this](const native::Operation& operation) { return judge(operation); },
                 .revision = [this]() -> std::uint64_t {
                   return quiet_hours::lies_in(quiet_hours::current_minute(), from_minute_, to_minute_) ? quiet : open;
                 }});
  }

 private:
  static constexpr std::uint64_t open = 1;
  static constexpr std::uint64_t quiet = 2;

  /// A schema can't say what a time is.
  static int minute(const std::string& name, const std::string& text) {
    const auto minute = quiet_hours::minute_of_day(text);
    if (!minute) throw std::runtime_error(name + " must be a time as HH:MM; found " + text);
    return *minute;
  }

  std::optional<native::Refusal> judge(const native::Operation& operation) const {
    if (operation.revision() != quiet) return std::nullopt;
    if (std::find(exempt_.begin(), exempt_.end(), operation.actor()) != exempt_.end()) return std::nullopt;
    return native::Refusal{"Packs are not installed, updated or removed between " + from_ + " and " + to_,
                           "the configuration of pack " + std::string(host().pack_name()), "try again after " + to_};
  }

  std::string from_;
  std::string to_;
  int from_minute_ = 0;
  int to_minute_ = 0;
  std::vector<std::string> exempt_;
};

}  // namespace

COWORK_PACK(QuietHours)
