#include "registry_entry.h"

#include <unistd.h>

#include "cowork/base/text.h"
#include "json_fields.h"
#include "local_path.h"

namespace cowork::cli {
namespace {

bool stands_here(const std::string& name) {
  const auto path = absolute_path(name);
  return path && ::access(path->c_str(), F_OK) == 0;
}

Error no_such_entry(const std::string& name) {
  return Error::not_found("the pack registry has no pack " + cowork::quoted(name))
      .with_why("a plain name is looked up there; a path has a slash")
      .with_remedy("cowork pack search " + shell_word(printable(name)));
}

/// What a person may have meant by a plain name that the registry can't tell.
Error with_path_remedy(Error error, const std::string& name) {
  if (error.code() == ErrorCode::not_found && stands_here(name))
    error.with_remedy("for what stands in this directory: cowork pack install ./" + shell_word(printable(name)));
  return error;
}

Result<json::Value> find_entry(Session& session, const std::string& name) {
  COWORK_ASSIGN(const json::Value details, session.call_at_length("pluginPack:registryDetails",  //
                                                                  json::Value::array({name})));
  return details.is_null() ? entry_of_pack(session, name) : details;
}

}  // namespace

bool is_registry_name(std::string_view source) {
  return is_pack_name(source);
}

Result<json::Value> entry_called(Session& session, const std::string& name) {
  auto entry = find_entry(session, name);
  if (!entry) return fail(with_path_remedy(std::move(entry).error(), name));
  return entry;
}

Result<json::Value> entry_of_pack(Session& session, const std::string& name) {
  // Whatever is called exactly so comes first.
  COWORK_ASSIGN(const json::Value found,
                session.call_at_length("pluginPack:registrySearch", json::Value::array({name})));
  for (const json::Value& entry : array_of(found, "results"))
    if (text_of(entry, "name") == name) return entry;
  return fail(no_such_entry(name));
}

Result<InstallSource> source_of(const json::Value& entry) {
  if (std::string git = text_of(entry, "gitUrl"); !git.empty())
    return InstallSource{"pluginPack:installGit", "url", std::move(git)};
  if (std::string download = text_of(entry, "downloadUrl"); !download.empty())
    return InstallSource{"pluginPack:installUrl", "url", std::move(download)};
  return fail(
      Error::not_found("the registry does not say where pack " + cowork::quoted(text_of(entry, "name")) + " comes from")
          .with_why("its entry has neither gitUrl nor downloadUrl")
          .with_remedy("ask whoever publishes it for an address, then: cowork pack install ADDRESS"));
}

Result<void> check_permitted(Session& session, const json::Value& entry) {
  // Whoever may not be enabled may not be installed either, and this question takes a name.
  const json::Value question = json::Value::object(
      {{"operation", "pluginPack:toggle"}, {"params", json::Value::array({text_of(entry, "name"), true})}});
  const Result<json::Value> answer = session.call("admin:explain", question);
  if (!answer || flag_of(*answer, "allowed")) return {};
  for (const ErrorCode code : {ErrorCode::policy_denied, ErrorCode::policy_unavailable}) {
    if (text_of(*answer, "code") != to_string(code)) continue;
    return fail(Error(code, text_of(*answer, "message"))
                    .with_why(text_of(*answer, "why"))
                    .with_remedy(text_of(*answer, "try"))
                    .with_data("rule", member_of(*answer, "rule")));
  }
  return {};
}

void tell_registry_faults(Session& session) {
  if (session.options().quiet || session.json()) return;
  const Result<json::Value> status = session.call("host:status");
  if (!status) return;  // the verb itself met no fault
  bool left_out = false;
  for (const json::Value& diagnostic : array_of(*status, "diagnostics")) {
    const std::string code = text_of(diagnostic, "code");
    left_out = left_out || code == "invalid-registry";
    if (code == "registry-stale") session.warn(text_of(diagnostic, "message"));
    if (code == "registry-not-kept" || code == "invalid-registry")
      session.detail(shown_place(diagnostic) + ": " + shown(diagnostic, "message"));
  }
  if (left_out && !session.options().verbose)
    session.say("the registry's catalog has entries that can't be used: cowork pack search -v");
}

}  // namespace cowork::cli
