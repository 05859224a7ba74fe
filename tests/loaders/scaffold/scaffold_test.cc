#include <algorithm>

#include "cowork/loaders/scaffolder.h"
#include "cowork/loaders/stager.h"
#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::loaders;

namespace {

ScaffoldPack options(std::string kind) {
  ScaffoldPack options;
  options.name = "tea-time";
  options.display_name = "Tea \"Time\" & more";
  options.description = "When: to drink\n- tea # really";
  options.category = "Kitchen: hot";
  options.icon = "🫖";
  options.author = "A. Müller <a@example.org>";
  options.persona_template_id = "butler";
  options.kind = std::move(kind);
  return options;
}

std::vector<FileToWrite> files_of(const ScaffoldPack& options) {
  auto files = make_pack_scaffolder()->files(options);
  if (!files) FAIL(files.error().message());
  return *std::move(files);
}

std::vector<std::string> paths(const std::vector<FileToWrite>& files) {
  std::vector<std::string> found;
  for (const FileToWrite& file : files) found.push_back(file.path);
  return found;
}

ParsedManifest manifest_of(const std::vector<FileToWrite>& files) {
  REQUIRE(files.front().path == manifest_file_name);
  auto parsed = parse_manifest(files.front().content, files.front().path);
  if (!parsed) FAIL(parsed.error().message());
  CHECK(parsed->remarks.empty());
  return *std::move(parsed);
}

/// Through staging, which reads the whole pack as discovery does.
PackManifest installed(const std::vector<FileToWrite>& files) {
  const test::TemporaryDirectory temporary;
  auto staged = make_pack_stager(make_real_disk())->stage_files(files, temporary.path());
  if (!staged) FAIL(staged.error().message());
  return (*staged)->manifest();
}

}  // namespace

TEST_CASE("every kind of scaffold is a valid pack that holds what was asked for") {
  for (const char* kind : {"declarative", "skill", "native", "interceptor"}) {
    INFO(kind);
    const auto files = files_of(options(kind));
    const PackManifest manifest = manifest_of(files).manifest;
    CHECK(manifest.name == "tea-time");
    CHECK(manifest.display_name == "Tea \"Time\" & more");
    CHECK(manifest.version == "0.1.0");
    CHECK(manifest.description == "When: to drink\n- tea # really");
    CHECK(manifest.type == PackType::pack);
    CHECK(manifest.category == "Kitchen: hot");
    CHECK(manifest.icon == "🫖");
    CHECK(manifest.author == "A. Müller <a@example.org>");
    CHECK(manifest.persona_template_id == "butler");
    CHECK(installed(files).skills.size() == (manifest.main.empty() ? 1 : 0));
  }
}

TEST_CASE("what was not asked for is not in the manifest") {
  for (const char* kind : {"declarative", "skill", "native", "interceptor"}) {
    ScaffoldPack least;
    least.name = "x";
    least.kind = kind;
    const auto files = files_of(least);
    const ParsedManifest parsed = manifest_of(files);
    CHECK(parsed.manifest.display_name == "x");
    for (const char* member : {"author", "icon", "category", "personaTemplateId"}) {
      INFO(member);
      CHECK(parsed.document.find(member) == nullptr);
    }
    CHECK(installed(files).name == "x");
  }
}

TEST_CASE("a declarative scaffold has one skill with a parameter, one command and one role") {
  const auto files = files_of(options("declarative"));
  CHECK(paths(files) == std::vector<std::string>{"cowork.plugin.json", "README.md"});
  const PackManifest manifest = manifest_of(files).manifest;
  REQUIRE(manifest.skills.size() == 1);
  const Skill& skill = manifest.skills[0];
  CHECK(skill.id == "tea-time-summary");
  REQUIRE(skill.parameters.size() == 1);
  CHECK(skill.parameters[0].required);
  CHECK(skill.prompt.find("{{" + skill.parameters[0].name + "}}") != std::string::npos);
  REQUIRE(manifest.slash_commands.size() == 1);
  CHECK(manifest.slash_commands[0].skill_id == skill.id);
  REQUIRE(manifest.agent_roles.size() == 1);
  CHECK(manifest.agent_roles[0].display_name == "Tea \"Time\" & more Assistant");
}

TEST_CASE("a skill scaffold has its prompt in a SKILL.md") {
  const auto files = files_of(options("skill"));
  CHECK(paths(files) ==
        std::vector<std::string>{"cowork.plugin.json", "README.md", "skills/tea-time-summary/SKILL.md"});
  const Skill skill = installed(files).skills.at(0);
  CHECK(skill.id == "tea-time-summary");
  CHECK(skill.file == "skills/tea-time-summary/SKILL.md");
  CHECK(skill.description == "Use when somebody asks for a summary of a topic.");
  CHECK(skill.prompt.starts_with("# Summarize a topic\n"));
}

TEST_CASE("a scaffold's manifest is written to be edited by hand") {
  const auto files = files_of(options("declarative"));
  CHECK(
      files[0].content.starts_with("{\n  \"name\": \"tea-time\",\n  \"displayName\": \"Tea \\\"Time\\\" & more\",\n"
                                   "  \"version\": \"0.1.0\",\n"));
  CHECK(files[0].content.ends_with("\n}\n"));
  CHECK(files[1].content.starts_with("# Tea \"Time\" & more\n\nWhen: to drink\n- tea # really\n\n## What is in it\n"));
  CHECK(files[1].content.find("NAME") == std::string::npos);
}

TEST_CASE("the longest name makes a valid pack of every kind") {
  for (const char* kind : {"declarative", "skill", "native", "interceptor"}) {
    ScaffoldPack longest;
    longest.name = std::string(128, 'a');
    longest.kind = kind;
    CHECK(installed(files_of(longest)).name == longest.name);
  }
}

TEST_CASE("a native scaffold has its source, and its library where the manifest says") {
  for (const char* kind : {"native", "interceptor"}) {
    INFO(kind);
    const auto files = files_of(options(kind));
    CHECK(paths(files) ==
          std::vector<std::string>{"cowork.plugin.json", "README.md", "CMakeLists.txt", "src/pack.cc", ".gitignore"});
    CHECK(manifest_of(files).manifest.main == "lib/tea-time");
    CHECK(files[2].content.find("cowork_add_pack(NAME tea-time JSON SOURCES src/pack.cc)\n") != std::string::npos);
    CHECK(files[3].content.ends_with("\n};\n\n}  // namespace\n\nCOWORK_PACK(Pack)\n"));
    CHECK(files[1].content.find("\ncmake -B ../tea-time-build\ncmake --build ../tea-time-build\n") !=
          std::string::npos);
    CHECK(files[4].content == "/lib/\n");
    for (const FileToWrite& file : files) CHECK(file.content.find("@NAME@") == std::string::npos);
  }
}

TEST_CASE("a kind that is not known is refused, and the known ones are named") {
  const auto files = make_pack_scaffolder()->files(options("plugin"));
  REQUIRE_FALSE(files);
  CHECK(files.error().code() == ErrorCode::invalid_argument);
  CHECK(files.error().message() == "kind must be one of declarative, skill, native, interceptor; found \"plugin\"");
}
