#include "network_pipes.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "shell_tokens.h"

namespace cowork::content_scan {
namespace {

using namespace std::string_view_literals;
using Kind = ShellToken::Kind;

constexpr std::array fetchers{"curl"sv,
                              "wget"sv,
                              "aria2c"sv,
                              "lynx"sv,
                              "lwp-request"sv,
                              "http"sv,
                              "https"sv,
                              "xh"sv,
                              "fetch"sv,
                              "nc"sv,
                              "ncat"sv,
                              "iwr"sv,
                              "irm"sv,
                              "ftp"sv,
                              "links"sv,
                              "socat"sv,
                              "invoke-webrequest"sv,
                              "invoke-restmethod"sv};
constexpr std::array shells{"sh"sv,   "bash"sv, "dash"sv, "zsh"sv,  "ksh"sv,       "ash"sv,
                            "fish"sv, "csh"sv,  "tcsh"sv, "pwsh"sv, "powershell"sv};
constexpr std::array languages{"python"sv, "python2"sv, "python3"sv,   "perl"sv, "ruby"sv, "node"sv,
                               "php"sv,    "lua"sv,     "osascript"sv, "deno"sv, "bun"sv};
/// What runs its arguments as commands.
constexpr std::array evaluators{"eval"sv, "source"sv, "."sv, "iex"sv, "invoke-expression"sv};
constexpr std::array wrappers{"sudo"sv, "doas"sv,  "env"sv,     "exec"sv,    "command"sv, "nohup"sv,  "time"sv,
                              "nice"sv, "xargs"sv, "timeout"sv, "busybox"sv, "builtin"sv, "stdbuf"sv, "setsid"sv,
                              "then"sv, "do"sv,    "else"sv,    "if"sv,      "while"sv,   "until"sv,  "!"sv};
/// Options of those that take a value of their own.
constexpr std::array valued_options{"-u"sv, "-g"sv, "-n"sv, "-P"sv, "-I"sv, "-L"sv};

template <std::size_t Count>
bool is_one_of(std::string_view word, const std::array<std::string_view, Count>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// `/usr/bin/Curl.exe` → `curl`.
std::string command_name(std::string_view word) {
  word = word.substr(word.find_last_of("/\\") + 1);
  std::string name(word);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (name.ends_with(".exe")) name.resize(name.size() - 4);
  return name;
}

bool is_assignment(std::string_view word) {
  const std::string_view variable = word.substr(0, word.find('='));
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return variable.size() < word.size() && !variable.empty() && std::all_of(variable.begin(), variable.end(), is_name);
}

/// The commands between a bracket and its other end.
struct Frame {
  char end = '\0';
  std::string enclosed_by = {};  ///< who runs what comes out of it; empty for nobody
  bool piped_into = false;       ///< its input comes from the network
  bool fetched_any = false;

  // Of the pipeline:
  bool piped = false;  ///< what comes in was fetched
  // Of its step:
  bool at_command = true;  ///< the next word is a command
  bool wrapped = false;
  bool skip_word = false;  ///< the next one is a file, or belongs to an option
  bool fetched = false;
  bool takes_script = false;   ///< `command` is an interpreter
  bool may_run_input = false;  ///< fetched input, and no other script was named so far
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
    if (now.at_command) return take_command(token, name);
    if (now.takes_script) take_argument(token.text);
  }

  void take_command(const ShellToken& token, const std::string& name) {
    Frame& now = frame();
    if (token.text.front() == '{') return open_brace(token);
    if (token.text.back() == '}' && open_braces_ > 0) return close_brace(token);
    if (is_assignment(token.text)) return;
    if (now.wrapped && token.text.front() == '-') {
      now.skip_word = is_one_of(token.text, valued_options);
      return;
    }
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
    now.may_run_input = now.piped && now.takes_script;
    // What it evaluates begins with a command of its own, unless it is a file.
    now.at_command = evaluates && !reads_file;
    if (now.piped && now.at_command && name != "eval") found(now);
  }

  /// An interpreter reads its script from its input, unless an argument is the script or names it.
  void take_argument(const std::string& word) {
    Frame& now = frame();
    if (word == "-" || word == "-s" || word == "/dev/stdin") {
      if (now.may_run_input) found(now);
      return;
    }
    const bool power_shell = now.command == "pwsh" || now.command == "powershell";
    if (word.front() != '-') {
      if (!power_shell) now.takes_script = now.may_run_input = false;
      return;
    }
    const std::string option = command_name(word);
    if (is_script_option(now.command, option)) {
      now.takes_script = now.may_run_input = false;
      now.at_command = true;
    } else if (power_shell ? option.starts_with("-f") : is_one_of(now.command, languages) && names_script(option)) {
      now.may_run_input = false;
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
    Frame next;
    next.end = now.end;
    next.enclosed_by = std::move(now.enclosed_by);
    next.piped_into = now.piped_into;
    next.fetched_any = now.fetched_any;
    next.piped = now.piped || now.fetched;
    now = std::move(next);
  }

  void end_command() {
    end_step();
    if (!found_) frame().piped = frame().piped_into;
  }

  /// Whether what comes out of the bracket is run, and by whom.
  std::string runner_of(const ShellToken& token) const {
    const Frame& outer = frames_.back();
    if (is_one_of(outer.command, evaluators)) return outer.command;
    if (token.kind == Kind::open_input && !outer.command.empty()) return outer.command;
    const bool substitutes = token.kind == Kind::open_command || token.kind == Kind::backtick;
    if (substitutes && outer.at_command && !token.joined && !outer.command.empty()) return outer.command;
    return outer.enclosed_by;
  }

  void open(const ShellToken& token, char end) {
    if (frames_.size() >= most_frames) return;
    const Frame& outer = frame();
    Frame inner;
    inner.end = end;
    inner.enclosed_by = runner_of(token);
    const bool gets_output = token.kind == Kind::open_output;
    inner.piped_into = gets_output ? outer.piped || outer.fetched : outer.piped && outer.at_command;
    inner.piped = inner.piped_into;
    if (end == '`') ++open_backticks_;
    frames_.push_back(std::move(inner));
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
  std::optional<NetworkPipe> found_;
};

}  // namespace

std::optional<NetworkPipe> find_network_pipe(std::string_view script) {
  return PipeFinder(script).find();
}

}  // namespace cowork::content_scan
