// A host with native packs whose code is fake: `zeta` and `echo` of the builtin tier, `mine` of the user's, and `plain`
// without code.
#pragma once

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "fake_code.h"
#include "small_host.h"

namespace cowork::test {

using Lines = std::vector<std::string>;

inline TestPack native_record(Scope scope, const std::string& name, const std::string& content = "1") {
  TestPack record = pack_record(scope, name, name);
  record.manifest.main = "lib/" + name;
  record.manifest_hash = content_hash(content);
  return record;
}

struct NativeHost : SmallHost {
  NativeHost() {
    source->set({native_record(Scope::builtin, "zeta"), native_record(Scope::builtin, "echo"),
                 pack_record(Scope::builtin, "plain", "plain"), native_record(Scope::user, "mine")});
    loader->code["echo"].tools = {{"say", "Says it again", {}}};
    loader->code["echo"].call = [](std::string_view, const json::Value& input) -> Result<json::Value> {
      return json::Value::object({{"said", input}});
    };
    loader->code["echo"].interceptors = {"echo-watch"};
    loader->code["zeta"].interceptors = {"zeta-watch"};
  }
  HostBuilder builder() {
    HostBuilder made = SmallHost::builder();
    made.code_loader(loader);
    return made;
  }
  std::vector<std::string> logged(std::string_view beginning) const {
    std::vector<std::string> found;
    const std::vector<std::string> lines = loader->log->lines();
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(found),
                 [&](const std::string& line) { return line.starts_with(beginning); });
    return found;
  }
  std::shared_ptr<FakeCodeLoader> loader = std::make_shared<FakeCodeLoader>();
};

inline std::vector<std::string> chain_of(PluginHost& host, const std::string& operation) {
  const auto members = host.call(DescribeChain{operation});
  REQUIRE(members);
  std::vector<std::string> names;
  for (const auto& member : *members) names.push_back(member.name + " from " + member.source);
  return names;
}

inline bool has_diagnostic(PluginHost& host, const std::string& code) {
  const auto status = host.call(GetStatus{});
  REQUIRE(status);
  return std::any_of(status->diagnostics.begin(), status->diagnostics.end(),
                     [&](const Diagnostic& diagnostic) { return diagnostic.code == code; });
}

}  // namespace cowork::test
