// A manifest that is accepted keeps every rule of SPEC §3, checked here by other means than the parser's, and stays
// what it is when it is written, read again, or has one more member that nobody knows.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cowork/base/json_reader.h"
#include "cowork/manifest/manifest.h"
#include "expectations.h"
#include "targets.h"

namespace cowork::fuzz {
namespace {

constexpr std::string_view file = "cowork.plugin.json";
constexpr std::string_view letters_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";

/// `^[a-z0-9][a-z0-9_-]{0,127}$`
void expect_name(const std::string& name) {
  expect(!name.empty() && name.size() <= 128, "a name has 1 to 128 bytes");
  expect(letters_and_digits.find(name.front()) != std::string_view::npos, "a name begins with a letter or digit");
  const std::string all = std::string(letters_and_digits) + "_-";
  expect(name.find_first_not_of(all) == std::string::npos, "a name holds nothing but letters, digits, '_' and '-'");
}

/// The numbers of SemVer, as far as they can be told without its grammar.
void expect_version(const std::string& version) {
  const std::string core = version.substr(0, version.find_first_of("-+"));
  expect(std::count(core.begin(), core.end(), '.') == 2, "a version has three numbers");
  expect(core.find_first_not_of("0123456789.") == std::string::npos, "a version's numbers are decimal");
  const std::string padded = "." + core + ".";
  expect(padded.find("..") == std::string::npos, "none of a version's numbers is empty");
  for (char digit = '0'; digit <= '9'; ++digit)
    expect(padded.find(std::string(".0") + digit) == std::string::npos, "none of a version's numbers begins with 0");
  const bool plain = std::all_of(version.begin(), version.end(), [](char c) {
    return c == '.' || c == '-' || c == '+' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  });
  expect(plain, "a version holds letters, digits, '.', '-' and '+'");
}

void expect_path(const std::string& path) {
  expect(!path.empty() && path.front() != '/' && path.find('\\') == std::string::npos, "a path is relative");
  const std::string framed = "/" + path + "/";
  for (const char* step : {"//", "/./", "/../"})
    expect(framed.find(step) == std::string::npos, "a path stays within its pack");
}

void expect_line(const std::string& text) {
  const bool plain = std::none_of(text.begin(), text.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
  expect(plain && text.find('\0') == std::string::npos, "a line holds no control characters");
}

template <class Items, class Id>
void expect_different(const Items& items, Id id) {
  std::set<std::string> seen;
  for (const auto& item : items) expect(seen.insert(id(item)).second, "ids of one kind are different");
}

void expect_rules(const PackManifest& manifest) {
  expect_name(manifest.name);
  expect_version(manifest.version);
  for (const std::string* text : {&manifest.display_name, &manifest.author, &manifest.license, &manifest.category})
    expect_line(*text);
  expect(!manifest.display_name.empty(), "a pack has a name to show");
  if (!manifest.main.empty()) expect_path(manifest.main);
  for (const SkillDirectory& directory : manifest.skill_directories) expect_path(directory.path);
  expect(!manifest.main.empty() || !manifest.skills.empty() || !manifest.skill_directories.empty() ||
             !manifest.agent_roles.empty() || !manifest.connectors.empty() || !manifest.slash_commands.empty(),
         "a pack brings something");
  expect_different(manifest.skills, [](const Skill& skill) { return skill.id; });
  expect_different(manifest.agent_roles, [](const AgentRole& role) { return role.name; });
  expect_different(manifest.connectors, [](const Connector& connector) { return connector.name; });
}

/// What nlohmann-json reads in the same text.
void expect_agreement(const PackManifest& manifest, std::string_view text) {
  const auto theirs = nlohmann::json::parse(text);
  expect(theirs.at("name") == manifest.name, "the name is the text's");
  expect(theirs.at("version") == manifest.version, "the version is the text's");
  expect(theirs.at("type") == std::string(to_string(manifest.type)), "the type is the text's");
  expect(theirs.value("main", std::string()) == manifest.main, "the library is the text's");
  expect(theirs.value("connectors", nlohmann::json::array()).size() == manifest.connectors.size(), "all connectors");
  for (std::size_t i = 0; i < manifest.connectors.size(); ++i) {
    const auto& connector = theirs["connectors"][i];
    expect(connector.at("name") == manifest.connectors[i].name, "a connector keeps its name");
    expect(connector.at("type") == std::string(to_string(manifest.connectors[i].type)), "a connector keeps its type");
  }
}

void expect_same(const ParsedManifest& parsed, const json::Value& document, std::size_t more_remarks) {
  const auto again = parse_manifest(json::to_text(document), file);
  expect(again.has_value(), "a manifest that was written can be read");
  expect(again->document == document, "its document is kept");
  expect(again->manifest.name == parsed.manifest.name && again->manifest.version == parsed.manifest.version &&
             again->manifest.main == parsed.manifest.main && again->manifest.type == parsed.manifest.type,
         "name, version, library and type are kept");
  expect(again->manifest.skills.size() == parsed.manifest.skills.size(), "skills are kept");
  constexpr std::size_t most_remarks = 100;
  expect(again->remarks.size() == std::min(parsed.remarks.size() + more_remarks, most_remarks),
         "there is as much to say about it");
}

}  // namespace

void manifest_target(std::string_view input) {
  const ExactBytes bytes(input);
  const std::string_view text = bytes.view();
  const auto parsed = parse_manifest(text, file);
  if (!parsed) return expect_placed(parsed.error(), ErrorCode::invalid_manifest, text, file);
  expect_rules(parsed->manifest);
  expect_agreement(parsed->manifest, text);
  expect_same(*parsed, parsed->document, 0);
  json::Value more = parsed->document;
  constexpr std::string_view unknown = "x-nobody-knows";
  if (!more.find(unknown)) expect_same(*parsed, (more.set(unknown, json::Value()), more), 1);
  json::Value less = parsed->document;
  less.erase("version");
  expect(!parse_manifest(json::to_text(less), file), "a manifest needs its version");
}

}  // namespace cowork::fuzz
