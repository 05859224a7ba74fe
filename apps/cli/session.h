// One run of one verb: its flags, its host, and where its words and data go.
//
// Data goes to stdout, words to stderr. Threads: one.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client.h"
#include "cowork/base/json.h"
#include "cowork/base/result.h"
#include "global_options.h"
#include "table.h"
#include "terminal.h"

namespace cowork::cli {

class Session {
 public:
  /// `terminal` is borrowed. The host is started with the first call.
  Session(GlobalOptions options, Terminal& terminal, ClientFactory factory);

  const GlobalOptions& options() const noexcept { return options_; }
  Terminal& terminal() noexcept { return *terminal_; }
  bool json() const noexcept { return options_.json; }

  /// Whether a running server's host is used.
  bool connected() const noexcept { return !options_.connect.empty(); }
  /// Uses the host of the server at `socket` (absolute) from now on.
  void connect_to(std::string socket);

  /// Runs an operation through the host's chain; its warnings are told. Errors: those of the operation.
  Result<json::Value> call(std::string_view operation, const json::Value& params = {});

  /// The same for what may take its time: how far it is stands on the terminal, and Ctrl-C cancels it.
  Result<json::Value> call_at_length(std::string_view operation, const json::Value& params);

  /// One JSON document on stdout: `format_version`, in a dry run `dryRun`, then the members.
  void document(std::initializer_list<std::pair<std::string_view, json::Value>> members);
  /// Data for people on stdout, as it stands.
  void print(std::string_view text);
  void print_line(std::string_view text);
  /// A table on stdout, cut to a terminal's width, whole in a pipe.
  void print(const Table& table, bool titles = true);

  /// Words on stderr; say() is silenced by -q, detail() needs -v.
  void say(std::string_view text);
  void detail(std::string_view text);
  void warn(std::string_view text);
  void report(const Error& error);

  /// "<done>" or, in a dry run, "would <infinitive>": what a verb says after it has changed something.
  void announce(std::string_view done, std::string_view infinitive, std::string_view what);
  /// True with -y, or where there is no terminal to ask on, or when the answer is yes.
  bool confirmed(std::string_view question);
  bool can_ask() const noexcept;

  /// Tells of policy layers that are invalid, one line each, unless -q.
  void tell_invalid_policy();
  /// Tells of mistakes in host.json, one line each, unless -q or --json.
  void tell_invalid_settings();

  /// How to colour stdout and stderr.
  const Styler& styled() const noexcept { return out_style_; }
  const Styler& styled_words() const noexcept { return err_style_; }

 private:
  /// A warning for each diagnostic of this code.
  void tell_diagnostics(std::string_view code);

  GlobalOptions options_;
  Terminal* terminal_;
  ClientFactory factory_;
  std::unique_ptr<Client> client_;
  Styler out_style_;
  Styler err_style_;
};

}  // namespace cowork::cli
