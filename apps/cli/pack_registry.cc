// `cowork pack search|outdated`, and `pack update --all`.
#include "pack_registry.h"

#include <algorithm>
#include <memory>

#include "cowork/base/text.h"
#include "error_report.h"
#include "json_fields.h"
#include "registry_entry.h"

namespace cowork::cli {
namespace {

struct SearchOptions {
  std::string query, category;
  std::int64_t page = 1;
};

/// Which page it is, and how to see the next one.
std::string page_words(const SearchOptions& options, const json::Value& reply) {
  const std::int64_t total = number_of(reply, "total");
  const std::int64_t size = std::max<std::int64_t>(number_of(reply, "pageSize"), 1);
  const std::int64_t pages = (total + size - 1) / size;
  if (options.page >= pages) return {};
  std::string next = "cowork pack search";
  if (!options.query.empty()) next += " " + shell_word(printable(options.query));
  if (!options.category.empty()) next += " --category " + shell_word(printable(options.category));
  return "page " + std::to_string(options.page) + " of " + std::to_string(pages) + "; the next: " + next + " --page " +
         std::to_string(options.page + 1);
}

std::string no_results(const SearchOptions& options, const json::Value& reply) {
  if (number_of(reply, "total") > 0) return "there is no page " + std::to_string(options.page);
  return options.query.empty() && options.category.empty() ? "the registry is empty"
                                                           : "the registry has nothing of the kind";
}

Result<int> search(Session& session, const SearchOptions& options) {
  json::Value page = json::Value::object({{"page", options.page}});
  if (!options.category.empty()) page.set("category", options.category);
  const json::Value params = json::Value::array({options.query, std::move(page)});
  auto reply = session.call_at_length("pluginPack:registrySearch", params);
  if (!reply) return fail(with_settings_told(session, std::move(reply).error()));
  if (session.json()) {
    session.document({{"search", *reply}});
    return 0;
  }
  Table table({{"PACK"}, {"VERSION"}, {"CATEGORY"}, {"DESCRIPTION", true}});
  for (const json::Value& entry : array_of(*reply, "results"))
    table.add({{shown(entry, "id"), Style::bold},
               shown(entry, "version"),
               shown(entry, "category"),
               shown(entry, "description")});
  if (table.empty())
    session.say(no_results(options, *reply));
  else
    session.print(table);
  if (const std::string words = page_words(options, *reply); !words.empty() && !table.empty()) session.say(words);
  tell_registry_faults(session);
  return 0;
}

/// `pluginPack:checkUpdates` says nothing where no registry is configured; a person wants to know.
void tell_no_updates(Session& session) {
  const auto registry = session.call_at_length("pluginPack:registryCategories", {});
  if (registry || registry.error().code() != ErrorCode::not_found)
    session.say("every user pack that the registry has is as new as there");
  else
    session.say(printable(registry.error().message()) + ": " + printable(registry.error().remedy()));
}

Result<json::Value> updates_of(Session& session) {
  auto updates = session.call_at_length("pluginPack:checkUpdates", {});
  if (!updates) return fail(with_settings_told(session, std::move(updates).error()));
  return updates;
}

const json::Array& items_of(const json::Value& array) {
  static const json::Array none;
  return array.as_array() ? *array.as_array() : none;
}

Result<int> outdated(Session& session) {
  COWORK_ASSIGN(const json::Value updates, updates_of(session));
  if (session.json()) {
    session.document({{"updates", updates}});
    return 0;
  }
  Table table({{"PACK"}, {"INSTALLED"}, {"LATEST"}});
  for (const json::Value& update : items_of(updates))
    table.add({shown(update, "name"), shown(update, "currentVersion"), {shown(update, "latestVersion"), Style::green}});
  if (table.empty()) {
    if (!session.options().quiet) tell_no_updates(session);
  } else {
    session.print(table);
    session.say("update them with: cowork pack update --all");
  }
  tell_registry_faults(session);
  return 0;
}

/// From where the registry says now: the address of the lock record may be an old one.
Result<json::Value> install_latest(Session& session, const std::string& name) {
  COWORK_ASSIGN(const json::Value entry, entry_of_pack(session, name));
  COWORK_TRY(check_permitted(session, entry));
  COWORK_ASSIGN(const InstallSource source, source_of(entry));
  json::Value options = json::Value::object({{"replace", true}, {"name", name}});
  if (const std::string sha256 = text_of(entry, "sha256"); !sha256.empty()) options.set("sha256", sha256);
  const json::Value params = json::Value::object({{source.parameter, source.value}, {"options", std::move(options)}});
  return session.call_at_length(source.operation, params);
}

class UpdateRun {
 public:
  explicit UpdateRun(Session& session) : session_(session) {}

  /// False when nothing more is to be tried.
  bool update(const json::Value& update) {
    json::Value line = update;
    const std::string name = text_of(update, "name");
    auto installed = install_latest(session_, name);
    if (installed) {
      if (!session_.json())
        session_.announce("updated", "update",
                          printable(name) + " from " + shown(update, "currentVersion") + " to " +
                              shown(member_of(*installed, "manifest"), "version"));
      line.set("install", std::move(*installed));
    } else {
      note(name, installed.error(), line);
    }
    lines_.push_back(std::move(line));
    return installed || installed.error().code() != ErrorCode::cancelled;
  }

  json::Value take_lines() { return std::move(lines_); }
  int status() const { return status_; }

 private:
  void note(const std::string& name, Error error, json::Value& line) {
    if (status_ == 0) status_ = exit_status(error.code());
    line.set("error", error_json(error));
    if (!session_.json()) session_.report(std::move(error).prefixed(name));
  }

  Session& session_;
  json::Value lines_ = json::Value::array();
  int status_ = 0;
};

void add_search(CommandTree& tree, CLI::App& pack) {
  auto options = std::make_shared<SearchOptions>();
  Verb& verb = tree.verb(pack, "search", "Search the pack registry by names, descriptions, tags and categories.",
                         {{"cowork pack search", "all that it has"},
                          {"cowork pack search invoice", "whatever has to do with invoices"},
                          {"cowork pack search --category Finance --page 2", "of one category, further on"}},
                         [options](Session& session) { return search(session, *options); });
  verb.note = "Which registry that is says `registry` in host.json. A pack of it is installed by its name.";
  verb.app->add_option("QUERY", options->query, "What to look for");
  verb.app->add_option("--category", options->category, "Only packs of this category")->type_name("NAME");
  verb.app->add_option("--page", options->page, "Which page of twenty, from 1")->type_name("N");
}

}  // namespace

Error with_settings_told(Session& session, Error error) {
  if (error.code() == ErrorCode::network || error.code() == ErrorCode::not_found) session.tell_invalid_settings();
  return error;
}

Result<int> update_all(Session& session) {
  COWORK_ASSIGN(const json::Value updates, updates_of(session));
  UpdateRun run(session);
  for (const json::Value& update : items_of(updates))
    if (!run.update(update)) break;
  if (session.json())
    session.document({{"updates", run.take_lines()}});
  else if (items_of(updates).empty() && !session.options().quiet)
    tell_no_updates(session);
  tell_registry_faults(session);
  return run.status();
}

void add_pack_registry(CommandTree& tree, CLI::App& pack) {
  add_search(tree, pack);
  tree.verb(pack, "outdated", "List the user packs of which the registry has a newer version.",
            {{"cowork pack outdated", "name, installed and latest version"},
             {"cowork pack outdated --json", "for a program"}},
            [](Session& session) { return outdated(session); });
}

}  // namespace cowork::cli
