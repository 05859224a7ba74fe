#include "install_source.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "cowork/base/text.h"
#include "local_path.h"

namespace cowork::cli {
namespace {

bool begins(std::string_view text, std::string_view lower_case_start) {
  return text.size() >= lower_case_start.size() &&
         std::equal(lower_case_start.begin(), lower_case_start.end(), text.begin(), [](char expected, char found) {
           return expected == static_cast<char>(std::tolower(static_cast<unsigned char>(found)));
         });
}

bool names_repository(std::string_view address) {
  while (!address.empty() && address.back() == '/') address.remove_suffix(1);
  return address.ends_with(".git");
}

bool is_github_word(std::string_view word) {
  const auto allowed = [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '-' || letter == '_' || letter == '.';
  };
  return !word.empty() && word.front() != '.' && word.front() != '-' && std::all_of(word.begin(), word.end(), allowed);
}

/// `ftp://`: how much of `source` is the scheme of an address.
std::size_t scheme_length(std::string_view source) {
  const std::size_t mark = source.find("://");
  if (mark == std::string_view::npos || mark == 0) return 0;
  const bool plain =
      std::all_of(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(mark), [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '+' || letter == '-' || letter == '.';
      });
  return plain ? mark + 3 : 0;
}

/// For messages, however it is spelt: no user, no password, no query.
std::string without_secrets(std::string_view source) {
  const std::string_view scheme = source.substr(0, scheme_length(source));
  std::string_view rest = source.substr(scheme.size());
  const std::size_t at = rest.rfind('@');
  if (at != std::string_view::npos) rest.remove_prefix(at);
  const std::size_t query = std::min(rest.find_first_of("?#"), rest.size());
  std::string shown(scheme);
  shown.append(at == std::string_view::npos ? "" : "***").append(rest.substr(0, query));
  return query < rest.size() ? shown + "?***" : shown;
}

Result<InstallSource> github_source(std::string_view source) {
  const std::string_view path = source.substr(std::string_view("github:").size());
  const std::size_t slash = path.find('/');
  const std::string_view owner = path.substr(0, slash);
  const std::string_view repository = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  if (!is_github_word(owner) || !is_github_word(repository))
    return fail(
        Error::invalid_argument(cowork::quoted(without_secrets(source)) + " does not name a repository on GitHub")
            .with_why("it has the form github:owner/repo")
            .with_remedy("cowork pack install github:OWNER/REPO"));
  const std::string suffix = repository.ends_with(".git") ? "" : ".git";
  return InstallSource{"pluginPack:installGit", "url",
                       "https://github.com/" + std::string(owner) + "/" + std::string(repository) + suffix};
}

/// `git@host:path`, as ssh and git write it: a colon before the first slash.
bool is_host_and_path(std::string_view source) {
  const std::size_t colon = source.find(':');
  return colon != std::string_view::npos && colon > 0 && colon < source.find('/');
}

Error other_address(const std::string& shown) {
  return Error::invalid_argument(cowork::quoted(shown) + " is not a kind of address that packs are installed from")
      .with_why("a source is a directory, an archive, git+https://…, https://….git, github:owner/repo or https://…")
      .with_remedy("give its https:// address, or github:owner/repo");
}

}  // namespace

Result<InstallSource> classify_source(std::string_view source) {
  if (source.empty()) return fail(Error::invalid_argument("the source to install from is empty"));
  if (begins(source, "git+")) return InstallSource{"pluginPack:installGit", "url", std::string(source.substr(4))};
  if (begins(source, "github:")) return github_source(source);
  if (begins(source, "https://") && names_repository(source))
    return InstallSource{"pluginPack:installGit", "url", std::string(source)};
  if (begins(source, "https://") || begins(source, "http://"))
    return InstallSource{"pluginPack:installUrl", "url", std::string(source)};
  if (scheme_length(source) > 0) return fail(other_address(without_secrets(source)));
  COWORK_ASSIGN(std::string path, absolute_path(source));
  if (is_host_and_path(source) && ::access(path.c_str(), F_OK) != 0)
    return fail(other_address(without_secrets(source)));
  return InstallSource{"pluginPack:install", "path", std::move(path)};
}

}  // namespace cowork::cli
