// `cowork open`: the console of a running server, in the browser.
#include <memory>

#include "browser.h"
#include "command_tree.h"
#include "cowork/assembly/standard_host.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "local_path.h"
#include "standard_options.h"

namespace cowork::cli {
namespace {

/// The server of this home, unless the user named another.
Result<void> find_server(Session& session) {
  if (session.connected()) {
    COWORK_ASSIGN(std::string socket, absolute_path(session.options().connect));
    session.connect_to(std::move(socket));
    return {};
  }
  COWORK_ASSIGN(const StandardHostOptions options, standard_options(session.options()));
  session.connect_to(standard_paths(options).socket);
  return {};
}

void tell_lifetime(Session& session, const json::Value& console) {
  session.say("it can be opened once, within " +
              counted(static_cast<std::size_t>(number_of(console, "expiresInSec")), "second"));
}

void print_address(Session& session, const json::Value& console) {
  session.print_line(shown(console, "url"));
  tell_lifetime(session, console);
}

Result<int> open_console(Session& session, bool print) {
  COWORK_TRY(find_server(session));
  if (session.options().dry_run) {
    COWORK_TRY(session.call("host:status"));
    session.say("would open the console");
    return 0;
  }
  COWORK_ASSIGN(const json::Value console, session.call("host:openConsole"));
  if (session.json()) {
    session.document({{"console", console}});
    return 0;
  }
  if (print) {
    print_address(session, console);
    return 0;
  }
  const Result<void> opened = open_in_browser(text_of(console, "url"), session.options().connect);
  if (opened) {
    session.say("opened the console in the browser");
  } else {
    session.say(printable(opened.error().message()) + ": open this address yourself");
    print_address(session, console);
  }
  return 0;
}

}  // namespace

void add_open_command(CommandTree& tree) {
  auto print = std::make_shared<bool>(false);
  Verb& verb = tree.verb(tree.root(), "open", "Open the console of a running server in the browser.",
                         {{"cowork open", "of the server of this home"},
                          {"cowork open --print", "only print the address"},
                          {"cowork open --connect /run/cowork.sock", "of the server at this socket"}},
                         [print](Session& session) { return open_console(session, *print); });
  verb.note = "The address opens the console once, within a minute. With --json it is printed and not opened.";
  verb.tells_policy = false;
  verb.app->add_flag("--print", *print, "Print the address instead of opening it");
}

}  // namespace cowork::cli
