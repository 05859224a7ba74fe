// `cowork pack install|update|verify|remove`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"
#include "install_source.h"
#include "json_fields.h"
#include "known_names.h"
#include "pack_registry.h"
#include "pack_state.h"
#include "registry_entry.h"

namespace cowork::cli {
namespace {

struct InstallFlags {
  std::string source, ref, sha256;
  std::string name;  ///< what the pack must be called; empty: any name
  bool replace = false, allow_downgrade = false, no_enable = false, all = false;

  json::Value options() const {
    json::Value result = json::Value::object();
    if (!ref.empty()) result.set("ref", ref);
    if (!sha256.empty()) result.set("sha256", sha256);
    if (!name.empty()) result.set("name", name);
    if (replace) result.set("replace", true);
    if (allow_downgrade) result.set("allowDowngrade", true);
    if (no_enable) result.set("enable", false);
    return result;
  }
};

/// `error` of an install or update, with what the host's settings have to do with it and a next step that fits.
Error explained(Session& session, const InstallFlags& flags, Error error) {
  if (error.code() == ErrorCode::network) session.tell_invalid_settings();
  if (error.remedy().empty() && error.code() == ErrorCode::integrity && !flags.sha256.empty())
    error.with_remedy("ask whoever publishes the pack for its sha256");
  return error;
}

Error without_source(Error error, std::string_view remedy) {
  if (error.code() == ErrorCode::not_found && error.remedy().empty()) error.with_remedy(std::string(remedy));
  return error;
}

/// What is to be installed, and what it has to hash to.
struct Wanted {
  InstallSource source;
  InstallFlags flags;
  json::Value entry;  ///< of the registry; null where no plain name was given
};

Error other_hash(const InstallFlags& flags, const std::string& published) {
  return Error(ErrorCode::integrity, "the registry publishes another sha256 for " + cowork::quoted(flags.source))
      .with_why("it is " + published + " there, and --sha256 says " + flags.sha256)
      .with_remedy("find out which one is right before you install it");
}

Result<Wanted> wanted(Session& session, const InstallFlags& flags) {
  if (!is_registry_name(flags.source)) {
    COWORK_ASSIGN(InstallSource source, classify_source(flags.source));
    return Wanted{std::move(source), flags, {}};
  }
  auto entry = entry_called(session, flags.source);
  if (!entry) return fail(with_settings_told(session, std::move(entry).error()));
  tell_registry_faults(session);
  COWORK_TRY(check_permitted(session, *entry));
  COWORK_ASSIGN(InstallSource source, source_of(*entry));
  Wanted found{std::move(source), flags, std::move(*entry)};
  const std::string published = text_of(found.entry, "sha256");
  if (!published.empty() && !flags.sha256.empty() && flags.sha256 != published)
    return fail(other_hash(flags, published));
  if (!published.empty()) found.flags.sha256 = published;
  found.flags.name = text_of(found.entry, "name");
  return found;
}

Result<int> install(Session& session, const InstallFlags& given) {
  COWORK_ASSIGN(const Wanted found, wanted(session, given));
  const InstallFlags& flags = found.flags;
  const InstallSource& source = found.source;
  session.detail(source.operation + " " + printable(masked_address(source.value)));
  const json::Value params = json::Value::object({{source.parameter, source.value}, {"options", flags.options()}});
  const Result<json::Value> reply = session.call_at_length(source.operation, params);
  if (!reply)
    return fail(without_source(explained(session, flags, reply.error()),
                               source.parameter == "path" ? "check the path, then run the command again"
                                                          : "check the address and --ref, then run the command again"));
  if (session.json()) {
    session.document({{"install", *reply}});
    return 0;
  }
  const std::string version = shown(member_of(*reply, "manifest"), "version");
  session.announce("installed", "install",
                   shown(*reply, "packName") + (version.empty() ? "" : " " + version) + " (" +
                       counted(static_cast<std::size_t>(number_of(*reply, "skillCount")), "skill") + ", " +
                       counted(static_cast<std::size_t>(number_of(*reply, "agentCount")), "role") + ")");
  tell_if_not_active(session, text_of(*reply, "packName"));
  session.print_line(shown(*reply, "path"));
  return 0;
}

Error name_or_all() {
  return Error::invalid_argument("name one pack, or say --all")
      .with_why("cowork pack update takes either, and --ref, --sha256 and --allow-downgrade are for one pack")
      .with_remedy("cowork pack update --all");
}

Result<int> update(Session& session, const InstallFlags& flags) {
  const bool for_one = !flags.ref.empty() || !flags.sha256.empty() || flags.allow_downgrade;
  if (flags.all != flags.source.empty() || (flags.all && for_one)) return fail(name_or_all());
  if (flags.all) return update_all(session);
  const json::Value params = json::Value::object({{"packName", flags.source}, {"options", flags.options()}});
  Result<json::Value> reply = session.call_at_length("pluginPack:update", params);
  if (!reply)
    return fail(without_source(
        with_pack_suggestion(session, explained(session, flags, reply.error()), flags.source, "cowork pack update"),
        "see where it came from: cowork pack info " + shell_word(printable(flags.source))));
  if (session.json()) {
    session.document({{"update", *reply}});
    return 0;
  }
  const std::string version = shown(member_of(*reply, "manifest"), "version");
  const std::string before = shown(*reply, "previousVersion");
  if (!flag_of(*reply, "changed"))
    session.say(shown(*reply, "packName") + " " + version + " is what its source has");
  else if (version == before)
    session.announce("installed", "install", shown(*reply, "packName") + " " + version + " anew");
  else
    session.announce("updated", "update", shown(*reply, "packName") + " from " + before + " to " + version);
  tell_if_not_active(session, text_of(*reply, "packName"));
  session.print_line(shown(*reply, "path"));
  return 0;
}

struct VerifyOptions {
  std::string pack;
  bool all = false;
};

Error changed_packs(const json::Value& reply) {
  std::string first, names;
  for (const json::Value& pack : array_of(reply, "packs")) {
    if (flag_of(pack, "verified")) continue;
    if (first.empty()) first = shown(pack, "name");
    names += (names.empty() ? "" : ", ") + shown(pack, "name");
  }
  return Error(ErrorCode::integrity, "not what was installed: " + names)
      .with_why("their files and the hash in their lock records differ")
      .with_remedy("cowork pack update " + first)
      .with_data("packs", member_of(reply, "packs"));
}

/// The long words have both hashes.
std::string problem_words(const json::Value& pack, bool long_words) {
  if (long_words || flag_of(pack, "verified")) return shown(pack, "problem");
  return text_of(pack, "found").empty() ? "unreadable" : "changed";
}

Result<int> verify(Session& session, const VerifyOptions& options) {
  if (options.all != options.pack.empty())
    return fail(Error::invalid_argument("name one pack, or say --all")
                    .with_why("cowork pack verify takes either")
                    .with_remedy("cowork pack verify --all"));
  const json::Value params = options.all ? json::Value::array() : json::Value::array({options.pack});
  Result<json::Value> reply = session.call("pluginPack:verify", params);
  if (!reply)
    return fail(without_source(with_pack_suggestion(session, reply.error(), options.pack, "cowork pack verify"),
                               "cowork pack verify --all"));
  const bool verified = flag_of(*reply, "verified");
  if (session.json()) {
    session.document({{"verification", *reply}});
    return verified ? 0 : exit_status(ErrorCode::integrity);
  }
  Table table({{"PACK"}, {"VERIFIED"}, {"PROBLEM", true}});
  for (const json::Value& pack : array_of(*reply, "packs")) {
    const bool unchanged = flag_of(pack, "verified");
    table.add({shown(pack, "name"),
               {unchanged ? "yes" : "no", unchanged ? Style::green : Style::red},
               problem_words(pack, session.options().verbose)});
  }
  if (array_of(*reply, "packs").empty())
    session.say("no pack was installed, so there is nothing to verify");
  else
    session.print(table);
  if (!verified) return fail(changed_packs(*reply));
  return 0;
}

Result<int> remove(Session& session, const std::string& name) {
  if (!session.confirmed("Remove pack " + cowork::quoted(name) + " and its files?"))
    return fail(Error(ErrorCode::cancelled, "nothing was removed")
                    .with_why("the question was not answered with yes")
                    .with_remedy("cowork pack remove --yes " + shell_word(printable(name))));
  Result<json::Value> reply = session.call("pluginPack:uninstall", json::Value::array({name}));
  if (!reply) return fail(with_pack_suggestion(session, reply.error(), name, "cowork pack remove"));
  if (session.json())
    session.document({{"uninstall", *reply}});
  else
    session.announce("removed", "remove", shown(*reply, "packName"));
  return 0;
}

void add_install(CommandTree& tree, CLI::App& pack) {
  auto flags = std::make_shared<InstallFlags>();
  Verb& verb =
      tree.verb(pack, "install", "Install a pack into the user tier and print its directory.",
                {{"cowork pack install ./my-pack", "a directory"},
                 {"cowork pack install ./my-pack.tar.gz", "an archive: tar, tar.gz or zip"},
                 {"cowork pack install github:acme/crm-pack --ref v2", "a repository, at a tag"},
                 {"cowork pack install https://acme.example/crm.git", "the same from anywhere else"},
                 {"cowork pack install https://acme.example/crm.zip", "an archive, or a manifest, from the web"},
                 {"cowork pack install crm", "a pack of the registry"}},
                [flags](Session& session) { return install(session, *flags); });
  CLI::App& app = *verb.app;
  app.add_option("SOURCE", flags->source, "Directory, archive, repository, https:// address, or a pack of the registry")
      ->required();
  app.add_option("--ref", flags->ref, "Branch, tag or commit of a repository")->type_name("REF");
  app.add_option("--sha256", flags->sha256, "What the fetched bytes must hash to")->type_name("HEX");
  app.add_flag("--replace", flags->replace, "Take the place of an installed pack of that name");
  app.add_flag("--allow-downgrade", flags->allow_downgrade, "Also by a lower version");
  app.add_flag("--no-enable", flags->no_enable, "Leave it disabled");
}

void add_update(CommandTree& tree, CLI::App& pack) {
  auto flags = std::make_shared<InstallFlags>();
  Verb& verb = tree.verb(pack, "update", "Install a pack anew from where it came from and print its directory.",
                         {{"cowork pack update crm", "the newest from its source"},
                          {"cowork pack update crm --ref v3", "from another tag of its repository"},
                          {"cowork pack update --all", "whatever the registry has newer versions of"}},
                         [flags](Session& session) { return update(session, *flags); });
  CLI::App& app = *verb.app;
  app.add_option("PACK", flags->source, "Name of an installed pack");
  app.add_flag("--all", flags->all, "Every user pack of which the registry has a newer version, from there");
  app.add_option("--ref", flags->ref, "Branch, tag or commit, instead of the one it was installed from")
      ->type_name("REF");
  app.add_option("--sha256", flags->sha256, "What the fetched bytes must hash to")->type_name("HEX");
  app.add_flag("--allow-downgrade", flags->allow_downgrade, "Also to a lower version");
}

void add_verify(CommandTree& tree, CLI::App& pack) {
  auto options = std::make_shared<VerifyOptions>();
  Verb& verb = tree.verb(pack, "verify", "Compare installed packs with what was installed.",
                         {{"cowork pack verify crm", "one of them"}, {"cowork pack verify --all", "all of them"}},
                         [options](Session& session) { return verify(session, *options); });
  verb.note = "The exit status is 5 when a file of a pack was changed, added or removed since.";
  verb.app->add_option("PACK", options->pack, "Name of an installed pack");
  verb.app->add_flag("--all", options->all, "Every pack that an install recorded");
}

void add_remove(CommandTree& tree, CLI::App& pack) {
  auto name = std::make_shared<std::string>();
  Verb& verb = tree.verb(pack, "remove", "Remove a pack of the user tier with its files, toggles and lock record.",
                         {{"cowork pack remove my-pack", "asks first, on a terminal"},
                          {"cowork pack remove my-pack --yes", "does not ask"}},
                         [name](Session& session) { return remove(session, *name); });
  verb.app->add_option("PACK", *name, "Name of the pack")->required();
}

}  // namespace

void add_pack_installs(CommandTree& tree, CLI::App& pack) {
  add_install(tree, pack);
  add_update(tree, pack);
  add_verify(tree, pack);
  add_remove(tree, pack);
}

}  // namespace cowork::cli
