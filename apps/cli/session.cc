#include "session.h"

#include <istream>
#include <ostream>

#include "cowork/base/text.h"
#include "error_report.h"
#include "interruption.h"
#include "json_fields.h"
#include "progress_line.h"

namespace cowork::cli {

Session::Session(GlobalOptions options, Terminal& terminal, ClientFactory factory)
    : options_(std::move(options)),
      terminal_(&terminal),
      factory_(std::move(factory)),
      out_style_(wants_color(options_, terminal, terminal.out_is_terminal)),
      err_style_(wants_color(options_, terminal, terminal.err_is_terminal)) {}

void Session::connect_to(std::string socket) {
  options_.connect = std::move(socket);
  client_.reset();
}

Result<json::Value> Session::call(std::string_view operation, const json::Value& params) {
  if (!client_) {
    COWORK_ASSIGN(client_, factory_(options_));
  }
  std::vector<std::string> warnings;
  Result<json::Value> reply = client_->call(operation, params, warnings);
  for (const std::string& warning : warnings) warn(warning);
  return reply;
}

Result<json::Value> Session::call_at_length(std::string_view operation, const json::Value& params) {
  if (!client_) {
    COWORK_ASSIGN(client_, factory_(options_));
  }
  const bool shown = terminal_->err_is_terminal && !options_.quiet && !options_.json;
  std::vector<std::string> warnings;
  Result<json::Value> reply;
  {
    const Interruption interruption;
    ProgressLine line(terminal_->err, shown, terminal_->width);
    client_->stop_with(interruption.token());
    if (shown) client_->on_progress([&line](const json::Value& data) { line.show(data); });
    reply = client_->call(operation, params, warnings);
    client_->on_progress({});
    client_->stop_with({});
  }
  for (const std::string& warning : warnings) warn(warning);
  return reply;
}

void Session::document(std::initializer_list<std::pair<std::string_view, json::Value>> members) {
  json::Value whole = json::Value::object({{"format_version", "1.0"}});
  if (options_.dry_run) whole.set("dryRun", true);
  for (const auto& [key, value] : members) whole.set(key, value);
  terminal_->out << json_for_terminal(json::to_pretty_text(whole));
}

void Session::print(std::string_view text) {
  terminal_->out << text;
}

void Session::print_line(std::string_view text) {
  terminal_->out << text << '\n';
}

void Session::print(const Table& table, bool titles) {
  const std::size_t width = terminal_->out_is_terminal ? terminal_->width : 0;
  terminal_->out << table.render({.width = width, .colors = out_style_.colors(), .titles = titles});
}

void Session::say(std::string_view text) {
  if (!options_.quiet) terminal_->err << text << '\n';
}

void Session::detail(std::string_view text) {
  if (options_.verbose && !options_.quiet) terminal_->err << err_style_(Style::dim, text) << '\n';
}

void Session::warn(std::string_view text) {
  if (!options_.quiet) terminal_->err << err_style_(Style::yellow, "warning:") << ' ' << printable(text) << '\n';
}

void Session::report(const Error& error) {
  if (options_.json)
    document({{"error", error_json(error)}});
  else
    terminal_->err << error_text(error, err_style_);
}

void Session::announce(std::string_view done, std::string_view infinitive, std::string_view what) {
  const std::string verb = options_.dry_run ? "would " + std::string(infinitive) : std::string(done);
  say(verb + " " + std::string(what));
}

bool Session::can_ask() const noexcept {
  return terminal_->in_is_terminal && terminal_->err_is_terminal;
}

bool Session::confirmed(std::string_view question) {
  if (options_.yes || options_.dry_run || !can_ask()) return true;
  terminal_->err << question << " [y/N] " << std::flush;
  std::string answer;
  // Ctrl-D leaves the cursor behind the question.
  if (!std::getline(terminal_->in, answer)) terminal_->err << '\n';
  return answer == "y" || answer == "Y" || answer == "yes";
}

void Session::tell_invalid_policy() {
  if (!options_.quiet) tell_diagnostics("invalid-policy");
}

void Session::tell_invalid_settings() {
  if (!options_.quiet && !options_.json) tell_diagnostics("invalid-settings");
}

void Session::tell_diagnostics(std::string_view code) {
  const Result<json::Value> status = call("host:status");
  if (!status) return;  // the verb's own call meets the same fault and reports it
  for (const json::Value& diagnostic : array_of(*status, "diagnostics")) {
    if (text_of(diagnostic, "code") != code) continue;
    warn(shown_place(diagnostic) + ": " + text_of(diagnostic, "message"));
  }
}

}  // namespace cowork::cli
