#include "cowork/operation/pack_operations.h"

#include "cowork/base/text.h"
#include "cowork/operation/quarantine_operations.h"

namespace cowork {
namespace {

constexpr std::size_t longest_id = 512;
constexpr std::size_t longest_path = 4096;

Result<void> check_text(std::string_view what, std::string_view text, std::size_t longest) {
  if (text.empty()) return fail(Error::invalid_argument(std::string(what) + " must not be empty"));
  if (text.size() > longest) {
    return fail(Error::invalid_argument(std::string(what) + " is longer than " + std::to_string(longest) + " bytes"));
  }
  if (text.find('\0') != std::string_view::npos)
    return fail(Error::invalid_argument(std::string(what) + " holds a NUL"));
  return {};
}

Result<void> check_one_line(std::string_view what, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      return fail(Error::invalid_argument(std::string(what) + " holds a control character: " + quoted(text)));
    }
  }
  return {};
}

Result<void> check_options(const InstallOptions& options) {
  COWORK_TRY(check_one_line("ref", options.ref));
  if (!options.ref.empty() && options.ref.front() == '-') {
    return fail(Error::invalid_argument("ref must not begin with \"-\": " + quoted(options.ref)));
  }
  const bool hex = options.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!options.sha256.empty() && (options.sha256.size() != 64 || !hex)) {
    return fail(
        Error::invalid_argument("sha256 must be 64 lower-case hexadecimal digits, found " + quoted(options.sha256)));
  }
  return {};
}

/// An https address with a host and without user information: anything else is refused before the chain begins, and so
/// never written down. http is for addresses whose content is pinned.
Result<void> check_address(std::string_view address, bool http_too) {
  COWORK_TRY(check_text("url", address, longest_path));
  COWORK_TRY(check_one_line("url", address));
  const bool https = address.starts_with("https://");
  if (!https && !(http_too && address.starts_with("http://"))) {
    return fail(
        Error::invalid_argument("url must begin with https://").with_why("no other way of fetching is open to packs"));
  }
  const std::string_view rest = address.substr(https ? 8 : 7);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#\\"));
  if (authority.empty()) return fail(Error::invalid_argument("url names no host"));
  if (rest.find('@') != std::string_view::npos) {
    return fail(Error::invalid_argument("url must hold no user name or password")
                    .with_why("addresses are written to the audit trail"));
  }
  return {};
}

}  // namespace

Result<void> GetPack::validate() const {
  return check_text("name", name, longest_id);
}
Result<void> TogglePack::validate() const {
  return check_text("name", name, longest_id);
}

Result<void> ToggleSkill::validate() const {
  COWORK_TRY(check_text("packName", pack_name, longest_id));
  return check_text("skillId", skill_id, longest_id);
}

Result<void> GetSkill::validate() const {
  return check_text("skillId", skill_id, longest_id);
}

Result<void> RenderSkill::validate() const {
  COWORK_TRY(check_text("skillId", skill_id, longest_id));
  if (values.is_null()) return {};
  if (!values.is_object()) {
    return fail(Error::invalid_argument("values must be an object, found " + std::string(describe(values.kind()))));
  }
  for (const json::Member& member : *values.as_object()) {
    const json::Kind kind = member.value.kind();
    if (kind == json::Kind::object || kind == json::Kind::array || kind == json::Kind::null) {
      return fail(Error::invalid_argument("values." + member.key + " must be a string, a number or a boolean"));
    }
  }
  return {};
}

Result<void> GetAgentRole::validate() const {
  return check_text("name", name, longest_id);
}
Result<void> GetConnector::validate() const {
  return check_text("name", name, longest_id);
}

Result<void> ScaffoldPack::validate() const {
  if (!is_pack_name(name)) {
    return fail(Error::invalid_argument("name must match ^[a-z0-9][a-z0-9_-]{0,127}$, found " + quoted(name)));
  }
  COWORK_TRY(check_text("displayName", display_name, longest_id));
  for (const auto& [what, text] : {std::pair<std::string_view, const std::string&>{"displayName", display_name},
                                   {"category", category},
                                   {"icon", icon},
                                   {"author", author},
                                   {"personaTemplateId", persona_template_id},
                                   {"kind", kind},
                                   {"into", into}}) {
    COWORK_TRY(check_one_line(what, text));
  }
  if (!into.empty() && into.front() != '/') {
    return fail(Error::invalid_argument("into must be an absolute path, found " + quoted(into)));
  }
  return {};
}

Result<void> InstallPack::validate() const {
  COWORK_TRY(check_text("path", path, longest_path));
  if (path.front() != '/') return fail(Error::invalid_argument("path must be absolute, found " + quoted(path)));
  return check_options(options);
}

Result<void> InstallPackFromGit::validate() const {
  COWORK_TRY(check_address(url, false));
  return check_options(options);
}

Subject InstallPackFromGit::subject() const {
  return {"pack", masked_address(url)};
}

Result<void> InstallPackFromUrl::validate() const {
  COWORK_TRY(check_address(url, !options.sha256.empty()));
  return check_options(options);
}

Subject InstallPackFromUrl::subject() const {
  return {"pack", masked_address(url)};
}

Result<void> UninstallPack::validate() const {
  return check_text("packName", name, longest_id);
}

Result<void> ReleaseQuarantined::validate() const {
  return check_text("packName", name, longest_id);
}

Result<void> RemoveQuarantined::validate() const {
  return check_text("packName", name, longest_id);
}

Result<void> UpdatePack::validate() const {
  COWORK_TRY(check_text("packName", name, longest_id));
  return check_options(options);
}

Result<void> VerifyPacks::validate() const {
  return name.empty() ? Result<void>{} : check_text("packName", name, longest_id);
}

Result<void> CallTool::validate() const {
  COWORK_TRY(check_text("packName", pack_name, longest_id));
  return check_text("tool", tool, longest_id);
}

Result<void> UseConnector::validate() const {
  return check_text("connectorId", connector_id, longest_id);
}

std::string masked_address(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::string(address);
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(address.find_first_of("/?#", begin), address.size());
  const std::size_t at = address.substr(begin, end - begin).rfind('@');
  std::string masked(address.substr(0, begin));
  if (at != std::string_view::npos) masked += "***@";
  const std::size_t host = at == std::string_view::npos ? begin : begin + at + 1;
  const std::size_t query = std::min(address.find_first_of("?#", host), address.size());
  masked += address.substr(host, query - host);
  if (query < address.size()) masked += "?***";
  return masked;
}

}  // namespace cowork
