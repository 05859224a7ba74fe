#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

namespace {

/// An operation of the application's own (rule 8).
struct Greet {
  std::string whom;
  using Reply = std::string;
  static constexpr OperationInfo info{.name = "app:greet"};
  Result<void> validate() const {
    return whom.empty() ? Result<void>(fail(Error::invalid_argument("whom must not be empty"))) : Result<void>();
  }
  Subject subject() const { return {"person", whom}; }
};

class BetaStays final : public Interceptor {
 public:
  std::string_view name() const noexcept override { return "beta-stays"; }
  Verdict judge(const CallView& call, const Snapshot&) const override {
    const auto* toggle = call.request<TogglePack>();
    if (!toggle || toggle->name != "beta") return Verdict::no_opinion();
    return Verdict::deny(Error(ErrorCode::policy_denied, "beta stays as it is"), "frozen");
  }
};

struct Seen {
  std::string operation;
  std::uint64_t id, parent;
};

std::function<Outcome(Call&, Next)> recorder(std::vector<Seen>& seen) {
  return [&seen](Call& call, Next next) {
    seen.push_back({std::string(call.info().name), call.id(), call.parent()});
    return next(call);
  };
}

json::Value params(std::initializer_list<json::Value> items) {
  return json::Value::array(items);
}

}  // namespace

TEST_CASE("explain gives the verdict of a call, and nothing happens") {
  SmallHost small;
  HostBuilder builder = small.builder();
  builder.use(std::make_shared<BetaStays>());
  PluginHost host = small.start(std::move(builder));
  const auto allowed = host.explain(TogglePack{"alpha-pack", false});
  REQUIRE(allowed);
  CHECK_FALSE(allowed->denied());
  CHECK(get(host, "alpha-pack").enabled());
  const auto denied = host.explain(TogglePack{"beta", false});
  REQUIRE(denied);
  CHECK(denied->error()->message() == "beta stays as it is");
  CHECK(host.toggle("beta", false).error().message() == "beta stays as it is");
  CHECK(host.explain(TogglePack{"", false}).error().code() == ErrorCode::invalid_argument);
  CHECK(host.explain(Greet{"you"}).error().message() == "no handler is registered for app:greet");
}

TEST_CASE("rule 1: every operation from every entry point runs through the chain, nested ones with their parent") {
  SmallHost small;
  std::vector<Seen> seen;
  PluginHost host = small.start(std::move(small.builder().use("recorder", recorder(seen))));
  REQUIRE(host.list());
  REQUIRE(host.call_json("pluginPack:toggle", params({"beta", false})));
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].operation == "pluginPack:list");
  CHECK(seen[1].operation == "pluginPack:toggle");
  CHECK(seen[1].parent == 0);
  CHECK(seen[2].operation == "pack:deactivate");
  CHECK(seen[2].parent == seen[1].id);
}

TEST_CASE("rule 1: nested operations can't be called from outside") {
  SmallHost small;
  PluginHost host = small.start();
  const auto result = host.call_json("pack:activate", params({"beta"}));
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::invalid_argument);
  CHECK(result.error().message() == "unknown operation \"pack:activate\"");
}

TEST_CASE("rule 2: typed requests validate themselves before the chain begins") {
  SmallHost small;
  std::vector<Seen> seen;
  PluginHost host = small.start(std::move(small.builder().use("recorder", recorder(seen))));
  const auto result = host.toggle("", true);
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::invalid_argument);
  CHECK(result.error().message() == "name must not be empty");
  CHECK(seen.empty());
}

TEST_CASE("rule 2: an empty policy phase fails start(), unless it was asked for by name") {
  SmallHost small;
  HostBuilder builder(small.options);
  const auto host = builder.start();
  REQUIRE_FALSE(host);
  CHECK(host.error().message() == "the policy phase of the chain is empty");
}

TEST_CASE("rule 2: a duplicate name fails start() and is named") {
  SmallHost small;
  HostBuilder builder = small.builder();
  builder.use("twin", [](Call& call, Next next) { return next(call); }).use("twin", [](Call& call, Next next) {
    return next(call);
  });
  const auto host = builder.start();
  REQUIRE_FALSE(host);
  CHECK(host.error().message() == "two interceptors are named \"twin\"");
}

TEST_CASE("rule 6: a mutation called inside a commit is refused instead of waiting for itself") {
  SmallHost small;
  PluginHost* self = nullptr;
  std::string inner;
  class Reentrant final : public Interceptor {
   public:
    explicit Reentrant(std::function<void()> action) : action_(std::move(action)) {}
    std::string_view name() const noexcept override { return "reentrant"; }
    Result<void> before_commit(const Call&) override {
      action_();
      return {};
    }

   private:
    std::function<void()> action_;
  };
  HostBuilder builder = small.builder();
  builder.use(std::make_shared<Reentrant>([&] {
    const auto result = self->toggle("alpha-pack", false);
    inner = result ? "went through" : result.error().message();
  }));
  PluginHost host = small.start(std::move(builder));
  self = &host;
  CHECK(host.toggle("beta", false));
  CHECK(inner == "pluginPack:toggle was called inside the commit of another mutation");
}

TEST_CASE("rule 7: host:chain prints the effective chain, per operation") {
  SmallHost small;
  HostBuilder builder = small.builder();
  builder.use(
      "last", [](Call& call, Next next) { return next(call); }, Phase::policy);
  builder.use(
      "first", [](Call& call, Next next) { return next(call); }, Phase::observe);
  PluginHost host = small.start(std::move(builder));
  const auto chain = host.call_json("host:chain", params({"pluginPack:list"}));
  REQUIRE(chain);
  REQUIRE(chain->as_array()->size() == 2);
  CHECK(*(*chain->as_array())[0].find("name")->as_string() == "first");
  CHECK(*(*chain->as_array())[0].find("phase")->as_string() == "observe");
  CHECK(*(*chain->as_array())[1].find("name")->as_string() == "last");
  const auto unknown = host.call_json("host:chain", params({"pluginPack:lost"}));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().remedy() == "did you mean \"pluginPack:list\"?");
}

TEST_CASE("rule 8: an application's own operation runs through the same chain, by type and by name") {
  SmallHost small;
  std::vector<Seen> seen;
  HostBuilder builder = small.builder();
  builder.use("recorder", recorder(seen));
  builder.operation<Greet>(
      [](HostCore&, Admitted<Greet>& admitted) -> Result<std::string> { return "hello " + admitted.request().whom; },
      {[](const json::Value& value) -> Result<Greet> { return Greet{*value.find("whom")->as_string()}; },
       [](const std::string& reply) { return json::Value(reply); }});
  PluginHost host = small.start(std::move(builder));
  CHECK(host.call(Greet{"Ada"}).value() == "hello Ada");
  CHECK(*host.call_json("app:greet", json::Value::object({{"whom", "Bob"}}))->as_string() == "hello Bob");
  CHECK_FALSE(host.call(Greet{}));
  CHECK(seen.size() == 2);
}

TEST_CASE("toggle: takes an alias, answers with the name, is on disk before it succeeds") {
  SmallHost small;
  PluginHost host = small.start();
  const auto reply = host.toggle("alpha", false);
  REQUIRE(reply);
  CHECK(reply->name == "alpha-pack");
  CHECK(get(host, "alpha-pack").state() == PackState::disabled);
  const auto home = small.disk->open("/home");
  REQUIRE(home);
  const auto text = (*home)->read("pack-states.json", 4096);
  REQUIRE(text);
  CHECK(text->find("\"alpha-pack\": false") != std::string::npos);
}

TEST_CASE("toggle: an unknown pack is not-found, with the nearest name") {
  SmallHost small;
  PluginHost host = small.start();
  const auto reply = host.toggle("alpha-pakc", false);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code() == ErrorCode::not_found);
  CHECK(reply.error().message() == "no pack is named \"alpha-pakc\"");
  CHECK(reply.error().remedy() == "did you mean \"alpha-pack\"? (cowork pack list)");
}

TEST_CASE("toggle: a write that fails leaves the switch as it was") {
  SmallHost small;
  PluginHost host = small.start();
  small.disk->set_fault([](std::string_view operation, std::string_view) -> std::optional<int> {
    return operation == "replace" ? std::optional<int>(28) : std::nullopt;
  });
  const auto reply = host.toggle("beta", false);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code() == ErrorCode::io);
  CHECK(get(host, "beta").enabled());
}

TEST_CASE("user packs that run something start disabled, others enabled") {
  SmallHost small;
  TestPack shell = pack_record(Scope::user, "shell", "shell");
  shell.manifest.connectors = {{"run-it", "runs it", ConnectorType::shell}};
  TestPack native = pack_record(Scope::user, "native", "native");
  native.manifest.main = "lib.so";
  TestPack builtin_shell = pack_record(Scope::builtin, "tools", "tools");
  builtin_shell.manifest.connectors = {{"tool", "a tool", ConnectorType::shell}};
  small.source->set({builtin_shell, pack_record(Scope::user, "plain", "plain"), native, shell});
  PluginHost host = small.start();
  CHECK(get(host, "plain").enabled());
  CHECK_FALSE(get(host, "native").enabled());
  CHECK_FALSE(get(host, "shell").enabled());
  CHECK(get(host, "tools").enabled());
}

TEST_CASE("toggles that were lost: user packs stay off until toggled again, also after a restart") {
  SmallHost small;
  {
    PluginHost host = small.start();
    REQUIRE(host.toggle("beta", true));
  }
  const auto home = small.disk->open("/home");
  REQUIRE(home);
  (void)(*home)->remove("pack-states.json.last-good");
  REQUIRE((*home)->replace("pack-states.json", "{", 0600));
  {
    PluginHost host = small.start();
    CHECK_FALSE(get(host, "mine").enabled());
    CHECK(get(host, "beta").enabled());
  }
  {
    PluginHost host = small.start();
    CHECK_FALSE(get(host, "mine").enabled());
    REQUIRE(host.toggle("beta", false));
    CHECK_FALSE(get(host, "mine").enabled());
  }
  PluginHost host = small.start();
  CHECK_FALSE(get(host, "mine").enabled());
  REQUIRE(host.toggle("mine", true));
  CHECK(get(host, "mine").enabled());
}

TEST_CASE("skill:render fills declared parameters once and refuses what is missing or unknown") {
  SmallHost small;
  PluginHost host = small.start();
  const auto render = [&](json::Value values) { return host.call(RenderSkill{"beta-skill", std::move(values)}); };
  const auto filled = render(json::Value::object({{"what", "{{place}}"}}));
  REQUIRE(filled);
  CHECK(filled->prompt == "Look at {{place}} in the house, not {{unknown}}; {{place}}");
  const auto missing = render({});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message() == "skill \"beta-skill\" needs parameter \"what\"");
  const auto unknown = render(json::Value::object({{"what", 1}, {"whta", 2}}));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message() == "skill \"beta-skill\" has no parameter \"whta\"");
}

TEST_CASE("contributions come from active packs only, the higher tier first") {
  SmallHost small;
  TestPack rival = pack_record(Scope::user, "rival", "rival");
  rival.manifest.skills[0].id = "beta-skill";
  small.source->set({pack_record(Scope::builtin, "beta", "beta"), rival});
  PluginHost host = small.start();
  CHECK(host.call(GetSkill{"beta-skill"})->pack_name == "beta");
  REQUIRE(host.toggle("beta", false));
  CHECK(host.call(GetSkill{"beta-skill"})->pack_name == "rival");
  REQUIRE(host.toggle("rival", false));
  const auto gone = host.call(GetSkill{"beta-skill"});
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code() == ErrorCode::not_found);
  CHECK(gone.error().why() == "it belongs to pack rival (disabled) or is switched off there");
}

TEST_CASE("installing in a host without a stager is io") {
  SmallHost small;
  PluginHost host = small.start();
  const auto result = host.call(InstallPackFromGit{"https://example.org/pack.git?token=secret", {}});
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::io);
  CHECK(result.error().message() == "this host was put together without a pack stager");
}

TEST_CASE("addresses that no fetcher may be given are refused before the chain begins, and not written down") {
  SmallHost small;
  std::vector<Seen> seen;
  PluginHost host = small.start(std::move(small.builder().use("recorder", recorder(seen))));
  for (const char* address :
       {"http://example.org/x", "file:///etc", "ext::sh -c id", "u:secret@host:x", "--upload-pack=x", "https://",
        "https:///x", "https://u:secret@host/x", "https://u:se/cret@host/x", "/home/x", "HTTPS://x/y"}) {
    INFO(address);
    for (const Result<InstallReply>& result :
         {host.call(InstallPackFromGit{address, {}}), host.call(InstallPackFromUrl{address, {}})}) {
      REQUIRE_FALSE(result);
      CHECK(result.error().code() == ErrorCode::invalid_argument);
      CHECK(result.error().message().find("secret") == std::string::npos);
    }
  }
  CHECK(seen.empty());
}

TEST_CASE("a read-only list is one object until something changes") {
  SmallHost small;
  PluginHost host = small.start();
  const auto first = host.services().table();
  CHECK(host.services().table() == first);
  REQUIRE(host.toggle("beta", false));
  CHECK(host.services().table() != first);
}
