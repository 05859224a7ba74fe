#include "pack_state.h"

#include <memory>

#include "cowork/base/text.h"
#include "cowork/loaders/pack_reader.h"
#include "json_fields.h"
#include "pack_view.h"

namespace cowork::cli {
namespace {

/// Packs of users that run something of their own start disabled. What the host shows of a pack does not say whether it
/// has a library: its manifest does.
bool runs_something(const json::Value& pack) {
  const std::string path = text_of(pack, "path");
  const auto directory = make_real_disk()->open(path);
  if (!directory) return false;
  const auto reading = loaders::read_pack(loaders::PackFiles(**directory, "", path, nullptr));
  if (!reading) return false;
  const PackManifest& manifest = reading->parsed.manifest;
  return !manifest.main.empty() || manifest.has_shell_connector();
}

std::string reason_of(const json::Value& pack) {
  if (flag_of(pack, "policyBlocked")) return "admin policy: " + policy_words(pack);
  if (const std::string error = shown(pack, "error"); !error.empty()) return error;
  if (text_of(pack, "state") != "disabled") return {};
  const std::string switch_on = "switch it on with: cowork pack enable " + shell_word(shown(pack, "name"));
  const bool user_pack = text_of(pack, "scope") == "user";
  return user_pack && runs_something(pack) ? "it brings native code or shell connectors; " + switch_on : switch_on;
}

}  // namespace

void tell_if_not_active(Session& session, const std::string& name) {
  const GlobalOptions& options = session.options();
  if (options.dry_run || options.json || options.quiet) return;
  const Result<json::Value> pack = session.call("pluginPack:get", json::Value::array({name}));
  if (!pack || !pack->is_object()) return;
  const std::string state = shown(*pack, "state");
  if (state == "active") return;
  const std::string reason = reason_of(*pack);
  session.say("it is " + state + (reason.empty() ? "" : ": " + reason));
}

}  // namespace cowork::cli
