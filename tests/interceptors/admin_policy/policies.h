// Policies and catalogs in one line each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cowork/catalog/catalog.h"
#include "layers.h"
#include "parser.h"
#include "rules.h"
#include "support/catch.h"

namespace cowork::test {

inline constexpr const char* machine_file = "/etc/cowork/policies.json";
inline constexpr const char* user_file = "/home/u/.cowork/policies.json";

using Lines = std::vector<std::string>;

inline std::shared_ptr<const admin_policy::PolicyDocument> document(const std::string& text, const std::string& file) {
  auto parsed = admin_policy::parse_policy(text, file);
  if (!parsed) FAIL(parsed.error().front().message() << " in " << text);
  return std::make_shared<const admin_policy::PolicyDocument>(std::move(*parsed));
}

/// "absent", "broken", or the text of a valid policy.
inline std::shared_ptr<const admin_policy::Layer> layer(admin_policy::LayerKind kind, const std::string& text) {
  using admin_policy::Layer;
  const std::string file = kind == admin_policy::LayerKind::machine ? machine_file : user_file;
  if (text == "absent") return Layer::absent(kind, file);
  if (text == "broken") {
    const Error error = Error::invalid_policy("the document is empty", SourcePlace{file, 1, 1, {}});
    return Layer::invalid(kind, file, "unreadable", {error}, nullptr);
  }
  return Layer::valid(kind, file, "r", document(text, file));
}

/// The machine layer above the user layer.
inline std::shared_ptr<const admin_policy::EffectivePolicy> policy(const std::string& machine,
                                                                   const std::string& user) {
  return admin_policy::merge(
      {layer(admin_policy::LayerKind::machine, machine), layer(admin_policy::LayerKind::user, user)});
}

inline std::shared_ptr<const admin_policy::EffectivePolicy> user_policy(const std::string& user) {
  return policy("absent", user);
}

/// Directory and name of a pack.
using Found = std::pair<std::string, std::string>;

inline TierFindings tier(Scope scope, const std::vector<Found>& packs, bool trusted = true) {
  TierFindings findings;
  findings.root.scope = scope;
  findings.root.path = '/' + std::string(to_string(scope));
  findings.trusted = trusted;
  for (const auto& [directory, name] : packs) {
    FoundPack pack;
    pack.alias = directory;
    pack.manifest.name = name;
    findings.add(std::move(pack));
  }
  return findings;
}

/// builtin engineering/ (engineering-pack) and devops/ (devops-pack), organization acme/ (acme-pack), user dir/ (mine).
inline std::shared_ptr<const Catalog> sample_catalog(bool trusted = true) {
  return Catalog::build(
      {tier(Scope::builtin, {{"devops", "devops-pack"}, {"engineering", "engineering-pack"}}, trusted),
       tier(Scope::organization, {{"acme", "acme-pack"}}, trusted), tier(Scope::user, {{"dir", "mine"}}, false)},
      nullptr);
}

inline LockRecords recorded(const std::string& name) {
  LockRecords records;
  LockRecord record;
  record.name = name;
  record.source_kind = "directory";
  records.packs.emplace(name, std::move(record));
  return records;
}

/// "denied blocked: message | why | remedy", "required by …", "permitted by …" or "no opinion".
inline std::string told(const Verdict& verdict) {
  const std::string rule = verdict.rule().name + " in " + verdict.rule().place.to_string();
  switch (verdict.kind()) {
    case Verdict::Kind::no_opinion:
      return "no opinion";
    case Verdict::Kind::permit:
      return "permitted by " + rule;
    case Verdict::Kind::require:
      return "required by " + rule;
    case Verdict::Kind::deny:
      break;
  }
  const Error& error = *verdict.error();
  return std::string(to_string(error.code())) + ' ' + verdict.reason() + ": " + error.message() + " | " + error.why() +
         " | " + error.remedy();
}

}  // namespace cowork::test
