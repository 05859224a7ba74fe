// The words of shells that matter to what is fetched and run.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace cowork::content_scan {

using namespace std::string_view_literals;

inline constexpr std::array fetchers{"curl"sv,
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
inline constexpr std::array shells{"sh"sv,   "bash"sv, "dash"sv, "zsh"sv,  "ksh"sv,       "ash"sv,
                                   "fish"sv, "csh"sv,  "tcsh"sv, "pwsh"sv, "powershell"sv};
inline constexpr std::array languages{"python"sv, "python2"sv, "python3"sv,   "perl"sv, "ruby"sv, "node"sv,
                                      "php"sv,    "lua"sv,     "osascript"sv, "deno"sv, "bun"sv};
/// What runs its arguments as commands.
inline constexpr std::array evaluators{"eval"sv, "source"sv, "."sv, "iex"sv, "invoke-expression"sv};
inline constexpr std::array wrappers{
    "sudo"sv,    "doas"sv,    "env"sv,     "exec"sv,   "command"sv, "nohup"sv,  "time"sv,    "nice"sv,   "xargs"sv,
    "timeout"sv, "busybox"sv, "builtin"sv, "stdbuf"sv, "setsid"sv,  "ionice"sv, "unshare"sv, "pkexec"sv, "unbuffer"sv,
    "coproc"sv,  "then"sv,    "do"sv,      "else"sv,   "if"sv,      "while"sv,  "until"sv,   "!"sv};
/// Options of those that take a value of their own.
inline constexpr std::array valued_options{"-u"sv, "-g"sv, "-n"sv, "-P"sv, "-I"sv, "-L"sv};

template <std::size_t Count>
bool is_one_of(std::string_view word, const std::array<std::string_view, Count>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Whether a command of this name is worth to be looked at.
inline bool runs_or_fetches(std::string_view name) {
  return is_one_of(name, fetchers) || is_one_of(name, shells) || is_one_of(name, languages) ||
         is_one_of(name, wrappers);
}

/// `/usr/bin/Curl.exe` → `curl`.
inline std::string command_name(std::string_view word) {
  word = word.substr(word.find_last_of("/\\") + 1);
  std::string name(word);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (name.ends_with(".exe")) name.resize(name.size() - 4);
  return name;
}

inline bool is_assignment(std::string_view word) {
  const std::string_view variable = word.substr(0, word.find('='));
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return variable.size() < word.size() && !variable.empty() && std::all_of(variable.begin(), variable.end(), is_name);
}

/// `/dev/./fd/0`: another name of a command's own input.
inline bool names_input(std::string_view word) {
  std::string path;
  for (std::size_t begin = 0; begin < word.size();) {
    const std::size_t end = std::min(word.find('/', begin), word.size());
    const std::string_view step = word.substr(begin, end - begin);
    begin = end + 1;
    if (step == "..") path.resize(std::min(path.rfind('/'), path.size()));
    if (!step.empty() && step != "." && step != "..") path.append("/").append(step);
  }
  if (!word.starts_with('/')) return false;
  return path == "/dev/stdin" || path == "/dev/fd/0" || (path.starts_with("/proc/") && path.ends_with("/fd/0"));
}

}  // namespace cowork::content_scan
