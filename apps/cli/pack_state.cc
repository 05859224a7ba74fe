#include "pack_state.h"

#include <algorithm>
#include <ostream>

#include "cowork/base/text.h"
#include "json_fields.h"
#include "pack_view.h"

namespace cowork::cli {
namespace {

/// Packs of users that run something of their own start disabled.
bool runs_something(const json::Value& pack) {
  const json::Array& connectors = array_of(pack, "connectors");
  return flag_of(pack, "native") || std::any_of(connectors.begin(), connectors.end(), [](const json::Value& connector) {
           return text_of(connector, "type") == "shell";
         });
}

std::string reason_of(const json::Value& pack) {
  if (flag_of(pack, "policyBlocked")) return "admin policy: " + policy_words(pack);
  if (const std::string error = shown(pack, "error"); !error.empty()) return error;
  if (text_of(pack, "state") != "disabled") return {};
  const std::string switch_on = "switch it on with: cowork pack enable " + shell_word(shown(pack, "name"));
  const bool user_pack = text_of(pack, "scope") == "user";
  return user_pack && runs_something(pack) ? "it brings native code or shell connectors; " + switch_on : switch_on;
}

/// A result of the command, not only a word about it: -q does not silence it. What was found is told by the warning.
void tell_quarantined(Session& session, const std::string& name) {
  session.terminal().err << (session.options().quiet ? name : "it")
                         << " is quarantined: look at it with: cowork pack info " << shell_word(name) << '\n';
}

}  // namespace

void tell_if_not_active(Session& session, const std::string& name) {
  const GlobalOptions& options = session.options();
  if (options.dry_run || options.json) return;
  const Result<json::Value> pack = session.call("pluginPack:get", json::Value::array({name}));
  if (!pack || !pack->is_object()) return;
  const std::string state = shown(*pack, "state");
  if (state == "quarantined") return tell_quarantined(session, shown(*pack, "name"));
  if (state == "active") return;
  const std::string reason = reason_of(*pack);
  session.say("it is " + state + (reason.empty() ? "" : ": " + reason));
}

}  // namespace cowork::cli
