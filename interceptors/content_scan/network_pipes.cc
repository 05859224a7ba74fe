#include "network_pipes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "shell_tokens.h"
#include "shell_words.h"

namespace cowork::content_scan {
namespace {

using Kind = ShellToken::Kind;

/// The commands between a bracket and its other end.
struct Frame {
  char end = '\0';
  std::string enclosed_by = {};   ///< who runs what comes out of it; empty for nobody
  std::string expanded_for = {};  ///< who runs the text around the substitutions in it
  bool piped_into = false;        ///< its input comes from the network
  bool fetched_any = false;

  // Of the pipeline:
  bool piped = false;          ///< what comes in was fetched
  bool here_document = false;  ///< what comes in is written below
  // Of its step:
  bool at_command = true;  ///< the next word is a command
  bool wrapped = false;
  bool skip_word = false;    ///< the next one is a file, or belongs to an option
  bool maybe_value = false;  ///< the next one may belong to an option
  bool here_string = false;  ///< the next one is what comes in
  bool fetched = false;
  bool takes_script = false;  ///< `command` is an interpreter
  bool told_to_read_input = false;
  bool reads_input = false;    ///< and no other script was named so far
  bool may_run_input = false;  ///< which was fetched
  std::size_t command_offset = 0;
  std::string command = {};
};

class PipeFinder {
 public:
  explicit PipeFinder(std::string_view script) : tokens_(script) { frames_.emplace_back(); }

  std::optional<NetworkPipe> find() {
    while (!found_) {
      const ShellToken token = tokens_.next();
      if (token.kind == Kind::end) break;
      take(token);
    }
    while (!found_ && !frames_.empty()) close();
    return found_;
  }

 private:
  static constexpr std::size_t most_frames = 256;

  Frame& frame() { return frames_.back(); }

  void take(const ShellToken& token) {
    switch (token.kind) {
      case Kind::word:
        return take_word(token);
      case Kind::pipe:
        return end_step();
      case Kind::end_of_command:
        return end_command();
      case Kind::ampersand:
        // At the place of a command it is PowerShell's, and says that one follows.
        return frame().at_command ? void() : end_command();
      case Kind::redirection:
        frame().skip_word = true;
        return;
      case Kind::here_string:
        frame().here_string = true;
        return;
      case Kind::here_document:
        frame().here_document = true;
        return;
      case Kind::document_begin:
        return open_document(token);
      case Kind::document_end:
        return close_until('\n');
      case Kind::close:
        return close_until(')');
      case Kind::backtick:
        return open_backticks_ > 0 ? close_until('`') : open(token, '`');
      default:
        return open(token, ')');
    }
  }

  void take_word(const ShellToken& token) {
    Frame& now = frame();
    if (std::exchange(now.skip_word, false)) return;
    const std::string name = command_name(token.text);
    if (name.find("downloadstring") != std::string::npos || name.find("downloaddata") != std::string::npos)
      return fetch(token, "DownloadString");
    if (now.here_string && !now.at_command) return;  // the string goes on, or ends the command
    if (now.at_command) return take_command(token, name);
    if (now.takes_script) take_argument(token.text);
  }

  void take_command(const ShellToken& token, const std::string& name) {
    Frame& now = frame();
    if (token.text.front() == '{') return open_brace(token);
    if (token.text.back() == '}' && open_braces_ > 0) return close_brace(token);
    if (is_assignment(token.text)) return;
    const bool maybe_value = std::exchange(now.maybe_value, false);
    if (now.wrapped && token.text.front() == '-') {
      now.skip_word = is_one_of(token.text, valued_options);
      now.maybe_value = token.text.starts_with("--") && token.text != "--" && token.text.find('=') == std::string::npos;
      return;
    }
    if (maybe_value && !runs_or_fetches(name)) return;
    if (now.wrapped && token.text.front() >= '0' && token.text.front() <= '9') return;
    now.wrapped = is_one_of(name, wrappers);
    if (now.wrapped) return;
    now.at_command = false;
    if (!is_one_of(now.command, evaluators)) now.command.clear();
    if (is_one_of(name, fetchers)) return fetch(token, name);
    take_interpreter(token, name);
  }

  void take_interpreter(const ShellToken& token, const std::string& name) {
    Frame& now = frame();
    const bool evaluates = is_one_of(name, evaluators);
    const bool reads_file = name == "source" || name == ".";
    now.takes_script = reads_file || is_one_of(name, shells) || is_one_of(name, languages);
    if (!evaluates && !now.takes_script) return;
    now.command = name;
    now.command_offset = token.offset;
    now.reads_input = now.takes_script;
    now.may_run_input = now.piped && now.takes_script;
    // What it evaluates begins with a command of its own, unless it is a file.
    now.at_command = evaluates && !reads_file;
    if (now.piped && now.at_command && name != "eval") found(now);
  }

  /// An interpreter reads its script from its input, unless an argument is the script or names it.
  void take_argument(const std::string& word) {
    Frame& now = frame();
    if (word == "-" || word == "-s" || names_input(word)) {
      if (now.may_run_input) found(now);
      now.told_to_read_input = true;
      return;
    }
    const bool power_shell = now.command == "pwsh" || now.command == "powershell";
    if (word.front() != '-') {
      if (!power_shell) now.takes_script = now.reads_input = now.may_run_input = false;
      return;
    }
    const std::string option = command_name(word);
    if (is_script_option(now.command, option)) {
      now.takes_script = now.reads_input = now.may_run_input = false;
      now.at_command = true;
    } else if (power_shell ? option.starts_with("-f") : is_one_of(now.command, languages) && names_script(option)) {
      now.reads_input = now.may_run_input = false;
    }
  }

  /// The next word is a script: `sh -ec`, `pwsh -Command`, `python -c`.
  static bool is_script_option(const std::string& command, const std::string& option) {
    if (command == "pwsh" || command == "powershell") return option == "-c" || option == "-command";
    if (is_one_of(command, shells)) return !option.starts_with("--") && option.find('c') != std::string::npos;
    return option == "-c" || option == "-e";
  }

  /// `python -m`, `perl -ne`: the script is none of the input.
  static bool names_script(const std::string& option) { return option.find_first_of("cemnp") == 1; }

  void fetch(const ShellToken& token, const std::string& name) {
    Frame& now = frame();
    now.fetched = now.fetched_any = true;
    now.at_command = false;
    fetcher_ = name;
    if (!now.enclosed_by.empty()) found_ = NetworkPipe{token.offset, name, now.enclosed_by};
  }

  void found(const Frame& now) { found_ = NetworkPipe{now.command_offset, fetcher_, now.command}; }

  /// A step of a pipeline is over.
  void end_step() {
    Frame& now = frame();
    if (now.may_run_input) return found(now);
    if (now.here_document && runs_input(now)) document_runner_ = now.command;
    Frame next;
    next.here_document = now.here_document;
    next.end = now.end;
    next.enclosed_by = std::move(now.enclosed_by);
    next.expanded_for = std::move(now.expanded_for);
    next.piped_into = now.piped_into;
    next.fetched_any = now.fetched_any;
    next.piped = now.piped || now.fetched;
    now = std::move(next);
  }

  void end_command() {
    end_step();
    if (found_) return;
    frame().piped = frame().piped_into;
    frame().here_document = false;
  }

  static bool runs_input(const Frame& step) { return step.reads_input || step.told_to_read_input; }

  /// Whether what comes out of the bracket is run, and by whom.
  std::string runner_of(const ShellToken& token) const {
    const Frame& outer = frames_.back();
    const bool substitutes = token.kind == Kind::open_command || token.kind == Kind::backtick;
    if (substitutes && !outer.expanded_for.empty()) return outer.expanded_for;
    if (outer.here_string && runs_input(outer)) return outer.command;
    if (is_one_of(outer.command, evaluators)) return outer.command;
    if (token.kind == Kind::open_input && !outer.command.empty()) return outer.command;
    if (substitutes && outer.at_command && !token.joined && !outer.command.empty()) return outer.command;
    return outer.enclosed_by;
  }

  void open(const ShellToken& token, char end) {
    if (frames_.size() >= most_frames) return;
    Frame& outer = frame();
    Frame inner;
    inner.end = end;
    inner.enclosed_by = runner_of(token);
    inner.expanded_for = outer.expanded_for;
    outer.skip_word = false;
    const bool gets_output = token.kind == Kind::open_output;
    inner.piped_into = gets_output ? outer.piped || outer.fetched : outer.piped && outer.at_command;
    inner.piped = inner.piped_into;
    if (end == '`') ++open_backticks_;
    frames_.push_back(std::move(inner));
  }

  /// A document that no interpreter reads is taken as what it may be anyway: lines of a shell.
  void open_document(const ShellToken& token) {
    std::string runner = std::exchange(document_runner_, {});
    if (runner.empty() || frames_.size() >= most_frames) return;
    open(token, '\n');
    if (!token.quoted) frame().expanded_for = std::move(runner);
  }

  void open_brace(const ShellToken& token) {
    if (frames_.size() >= most_frames) return;
    open(ShellToken{Kind::open, token.offset, {}, false}, '}');
    ++open_braces_;
    if (token.text.size() > 1) take_word({Kind::word, token.offset + 1, token.text.substr(1), false});
  }

  void close_brace(const ShellToken& token) {
    std::string inside = token.text.substr(0, token.text.size() - 1);
    if (!inside.empty()) take_word({Kind::word, token.offset, std::move(inside), false});
    if (!found_) close_until('}');
  }

  void close_until(char end) {
    const bool opened = std::any_of(frames_.begin(), frames_.end(), [&](const Frame& each) { return each.end == end; });
    while (opened && !found_ && frame().end != end) close();
    if (opened && !found_) close();
  }

  void close() {
    end_step();
    if (found_) return;
    const Frame inner = std::move(frame());
    frames_.pop_back();
    if (inner.end == '`') --open_backticks_;
    if (inner.end == '}') --open_braces_;
    if (frames_.empty()) return;
    frame().at_command = false;
    if (inner.fetched_any || inner.piped_into) frame().fetched = frame().fetched_any = true;
  }

  ShellTokens tokens_;
  std::vector<Frame> frames_;
  std::size_t open_backticks_ = 0, open_braces_ = 0;
  std::string fetcher_;
  std::string document_runner_;
  std::optional<NetworkPipe> found_;
};

}  // namespace

std::optional<NetworkPipe> find_network_pipe(std::string_view script) {
  return PipeFinder(script).find();
}

}  // namespace cowork::content_scan
