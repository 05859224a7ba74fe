#include "support/command_line.h"

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <boost/process/start_dir.hpp>
#include <cstdlib>
#include <iostream>

#include "cowork/base/json_reader.h"
#include "cowork/base/sha256.h"
#include "support/machine_view.h"

namespace cowork::test {
namespace {

namespace process = boost::process;

/// A program that runs; its streams are files, so that no pipe can fill up while nobody reads.
class Running {
 public:
  Running(const TemporaryDirectory& streams, const std::string& name, const std::string& directory,
          const Arguments& arguments, const Environment& environment, std::string_view input)
      : out_(streams.path(name + ".out")), err_(streams.path(name + ".err")) {
    streams.write(name + ".in", input);
    process::environment variables;
    for (const auto& [key, value] : environment) variables[key] = value;
    child_ = process::child(
        process::exe = COWORK_PROGRAM, process::args = arguments, variables, process::start_dir = directory,
        process::std_in<streams.path(name + ".in"), process::std_out> out_, process::std_err > err_);
  }

  Ran wait() {
    child_.wait();
    return {child_.exit_code(), contents(out_), contents(err_)};
  }

 private:
  static std::string contents(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }

  std::string out_;
  std::string err_;
  process::child child_;
};

bool ends_like_one_of(const std::string& path, const std::vector<std::string>& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](const std::string& ending) { return path.ends_with(ending); });
}

std::string described(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  const fs::file_status status = fs::symlink_status(path);
  if (fs::is_symlink(status)) return "link " + fs::read_symlink(path).string();
  const std::string mode = std::to_string(static_cast<unsigned>(status.permissions()));
  if (fs::is_directory(status)) return "directory " + mode;
  if (!fs::is_regular_file(status)) return "other " + mode;
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  return "file " + mode + " " + sha256_hex(bytes);
}

}  // namespace

CommandLine::CommandLine() : builtin_(directory_.path("builtin")) {
  own_view_of_etc();  // a policy of this machine would govern the tests too
  for (const char* name : {"home", "builtin", "org"}) directory_.make_directory(name);
}

CommandLine::CommandLine(std::string builtin_directory) : CommandLine() {
  builtin_ = std::move(builtin_directory);
}

Environment CommandLine::environment(const Environment& extra) const {
  Environment all{{"HOME", path()},
                  {"COWORK_HOME", path("home")},
                  {"COWORK_BUILTIN_DIR", builtin_},
                  {"NO_COLOR", "1"},
                  {"PATH", "/usr/bin:/bin"}};
  for (const auto& [key, value] : extra) all[key] = value;
  return all;
}

Ran CommandLine::run(const Arguments& arguments, const Environment& extra, std::string_view input) const {
  return Running(streams_, std::to_string(runs_++), path(), arguments, environment(extra), input).wait();
}

JsonRan CommandLine::json(Arguments arguments, const Environment& extra, std::string_view input) const {
  arguments.push_back("--json");
  const Ran ran = run(arguments, extra, input);
  std::string what = "cowork";
  for (const std::string& argument : arguments) what += " " + argument;
  return {ran.status, parsed(ran.out, what + "\n" + ran.err), ran.err};
}

JsonRan CommandLine::call(const std::string& operation, const std::string& parameters) const {
  Arguments arguments{"call", operation};
  if (!parameters.empty()) arguments.push_back(parameters);
  JsonRan ran = json(std::move(arguments));
  json::Value inner = at(ran.document, ran.status == 0 ? "/result" : "/error");
  ran.document = std::move(inner);
  return ran;
}

std::vector<Ran> CommandLine::run_together(const std::vector<Arguments>& commands) const {
  std::vector<Running> running;
  running.reserve(commands.size());
  for (const Arguments& arguments : commands)
    running.emplace_back(streams_, std::to_string(runs_++), path(), arguments, environment({}), "");
  std::vector<Ran> ran;
  for (Running& program : running) ran.push_back(program.wait());
  return ran;
}

json::Value CommandLine::read_json(std::string_view relative) const {
  return parsed(read(relative), path(relative));
}

void CommandLine::mini_pack(std::string_view where, std::string_view name, std::string_view extra) const {
  const std::string id(name);
  const json::Value skill = json::Value::object(
      {{"id", id + "-s"}, {"name", "Skill of " + id}, {"description", "A skill"}, {"prompt", "Say " + id}});
  json::Value manifest = json::Value::object({{"name", id},
                                              {"displayName", "Pack " + id},
                                              {"version", "1.0.0"},
                                              {"description", "A pack"},
                                              {"type", "pack"},
                                              {"skills", json::Value::array({skill})}});
  manifest = json::merge_patch(std::move(manifest), parsed(extra, "extra of " + id));
  write(std::string(where) + "/cowork.plugin.json", json::to_pretty_text(manifest));
}

json::Value CommandLine::pack(std::string_view name) const {
  const JsonRan listed = json({"pack", "list"});
  if (listed.status != 0) throw std::runtime_error("pack list failed: " + json::to_text(listed.document));
  return entry_with(at(listed.document, "/packs"), "name", name);
}

const std::vector<std::string>& CommandLine::traces_of_a_refusal() {
  static const std::vector<std::string> traces{"audit.jsonl", ".lock", "policies.json.last-good"};
  return traces;
}

std::string CommandLine::tree_hash(const std::vector<std::string>& skipped) const {
  std::string lines;
  for (std::string name : directory_.tree()) {
    if (name.ends_with('/')) name.pop_back();
    if (!ends_like_one_of(name, skipped)) lines += described(path(name)) + "  " + name + "\n";
  }
  return lines;
}

json::Value parsed(std::string_view text, const std::string& what) {
  Result<json::Document> document = json::parse(text, what, json::policy_limits, ErrorCode::internal);
  if (!document) {
    throw std::runtime_error("no JSON document from " + what + ": " + document.error().message() + " in\n" +
                             std::string(text));
  }
  return std::move(document->root);
}

std::string source_path(std::string_view relative) {
  return std::string(COWORK_SOURCE_DIR "/").append(relative);
}

std::string corpus_packs() {
  const char* named = std::getenv("COWORK_CORPUS");
  const std::filesystem::path packs =
      std::filesystem::path(named ? named : COWORK_SOURCE_DIR "/../shared/corpus") / "packs";
  return std::filesystem::is_directory(packs) ? std::filesystem::canonical(packs).string() : std::string();
}

void skip(std::string_view reason) {
  std::cout << "SKIPPED: " << reason << std::endl;
}

}  // namespace cowork::test
