// The matrix's C++ entry: questions as JSON lines on standard input become typed calls of PluginHost, and their replies
// JSON lines on standard output. No question goes by the host's own JSON.
//
//   {"start": {"home", "builtin", "machine"}}   a host over these, in the place of the one before
//   {"refresh": true}                           that host looks for changes by others
//   {"method", "params": [...], "dryRun"?}      one call
// Each is answered by {"result": ...} or {"error": {"code", "message", "data"?}}.
#include <functional>
#include <iostream>
#include <map>
#include <optional>

#include "cowork/admin_policy/agent_operations.h"
#include "cowork/admin_policy/operations.h"
#include "cowork/assembly/standard_host.h"
#include "cowork/base/json_reader.h"
#include "cowork/host/plugin_host.h"

namespace cowork::test {
namespace {

using json::Value;

/// Parameters by position: what is missing, or of another kind, is the type's default.
class Parameters {
 public:
  explicit Parameters(const Value& array) : array_(array) {}
  const Value& at(std::size_t index) const {
    static const Value none;
    const json::Array* items = array_.as_array();
    return items && index < items->size() ? (*items)[index] : none;
  }
  std::string text(std::size_t index) const { return text_of(at(index)); }
  bool flag(std::size_t index) const { return at(index).as_bool() && *at(index).as_bool(); }
  std::string member(std::size_t index, std::string_view name) const {
    const Value* found = at(index).find(name);
    return found ? text_of(*found) : std::string();
  }

 private:
  static std::string text_of(const Value& value) { return value.as_string() ? *value.as_string() : std::string(); }
  const Value& array_;
};

Value shown(const Pack& pack) {
  const PackFlags& flags = pack.flags();
  Value value = Value::object({{"name", std::string(pack.name())},
                               {"scope", to_string(pack.scope())},
                               {"state", to_string(flags.state)},
                               {"enabled", flags.enabled},
                               {"policyBlocked", flags.policy_blocked},
                               {"policyRequired", flags.policy_required}});
  if (!flags.policy_reason.empty()) value.set("policyReason", flags.policy_reason.str());
  Value skills = Value::array();
  for (const SkillSummary& skill : pack.manifest().skills)
    skills.push_back(Value::object({{"id", skill.id.str()}, {"enabled", pack.skill_enabled(skill)}}));
  value.set("skills", std::move(skills));
  return value;
}

Value shown(const GetContext::Reply& reply) {
  Value skills = Value::array(), connectors = Value::array();
  for (const auto& skill : reply.skills) skills.push_back(Value::object({{"id", std::string(skill.id)}}));
  for (const auto& connector : reply.connectors)
    connectors.push_back(Value::object({{"id", connector.id}, {"status", connector.status}}));
  return Value::object({{"skills", std::move(skills)}, {"connectors", std::move(connectors)}});
}

Value shown(const admin_policy::Lease& lease) {
  return Value::object(
      {{"agentId", lease.agent_id}, {"workspace", lease.workspace}, {"intervalSec", lease.interval_sec}});
}

Value shown(const Verdict& verdict) {
  Value value = Value::object({{"allowed", !verdict.denied()}});
  if (const Error* error = verdict.error()) {
    value.set("code", to_string(error->code()));
    value.set("message", error->message());
  }
  return value;
}

class Calls {
 public:
  Calls(PluginHost& host, bool dry_run) : host_(host) { options_.dry_run = dry_run; }

  Result<Value> answer(std::string_view method, const Parameters& params) const {
    const auto& calls = table();
    const auto found = calls.find(method);
    if (found == calls.end()) return fail(Error::invalid_argument("the driver has no " + std::string(method)));
    return found->second(*this, params);
  }

 private:
  using Entry = std::function<Result<Value>(const Calls&, const Parameters&)>;
  using Table = std::map<std::string_view, Entry>;

  /// The reply of one typed call, told by `show`.
  template <class Op, class Show>
  Result<Value> ask(Op request, Show show) const {
    auto reply = host_.call(request, options_);
    if (!reply) return fail(std::move(reply.error()));
    return show(*reply);
  }

  template <class Make>
  static Entry making(Make make) {
    return [make](const Calls& calls, const Parameters& params) {
      return calls.ask(make(params), [](const auto&) { return Value::object(); });
    };
  }

  static void add_packs(Table& table) {
    table["pluginPack:list"] = [](const Calls& calls, const Parameters&) {
      return calls.ask(ListPacks{}, [](const PackList& packs) {
        Value all = Value::array();
        for (const Pack& pack : packs) all.push_back(shown(pack));
        return all;
      });
    };
    table["pluginPack:get"] = [](const Calls& calls, const Parameters& params) {
      return calls.ask(GetPack{params.text(0)},
                       [](const std::optional<Pack>& pack) { return pack ? shown(*pack) : Value(); });
    };
    table["pluginPack:toggle"] = [](const Calls& calls, const Parameters& params) {
      return calls.ask(TogglePack{params.text(0), params.flag(1)}, [](const TogglePack::Reply& reply) {
        return Value::object({{"name", reply.name}, {"enabled", reply.enabled}});
      });
    };
    table["pluginPack:toggleSkill"] = [](const Calls& calls, const Parameters& params) {
      return calls.ask(ToggleSkill{params.text(0), params.text(1), params.flag(2)},
                       [](const ToggleSkill::Reply& reply) {
                         return Value::object({{"packName", reply.pack_name}, {"enabled", reply.enabled}});
                       });
    };
  }

  static void add_installs(Table& table) {
    table["pluginPack:scaffold"] = making([](const Parameters& params) {
      ScaffoldPack request;
      request.name = params.member(0, "name");
      request.display_name = params.member(0, "displayName");
      return request;
    });
    table["pluginPack:install"] = making([](const Parameters& params) { return InstallPack{params.text(0), {}}; });
    table["pluginPack:installGit"] = making([](const Parameters& params) {
      return InstallPackFromGit{params.text(0), {}};
    });
    table["pluginPack:installUrl"] = making([](const Parameters& params) {
      return InstallPackFromUrl{params.text(0), {}};
    });
    table["pluginPack:update"] = making([](const Parameters& params) { return UpdatePack{params.text(0), {}}; });
    table["pluginPack:uninstall"] = making([](const Parameters& params) { return UninstallPack{params.text(0)}; });
  }

  static void add_contributions(Table& table) {
    table["pluginPack:getContext"] = [](const Calls& calls, const Parameters&) {
      return calls.ask(GetContext{}, [](const GetContext::Reply& reply) { return shown(reply); });
    };
    table["skill:get"] = making([](const Parameters& params) { return GetSkill{params.text(0)}; });
    table["connector:use"] = making([](const Parameters& params) { return UseConnector{params.text(0)}; });
    table["tool:call"] = making([](const Parameters& params) {
      return CallTool{params.text(0), params.text(1), params.at(2)};
    });
  }

  static void add_policy(Table& table) {
    table["admin:checkPack"] = [](const Calls& calls, const Parameters& params) {
      return calls.ask(admin_policy::CheckPack{params.text(0)}, [](const admin_policy::CheckPack::Reply& reply) {
        return Value::object({{"packId", reply.pack_id}, {"allowed", reply.allowed}, {"required", reply.required}});
      });
    };
    table["admin:explain"] = [](const Calls& calls, const Parameters& params) {
      return calls.ask(admin_policy::Explain{params.text(0), params.at(1)},
                       [](const admin_policy::Explain::Reply& reply) { return shown(reply.verdict); });
    };
    table["admin:policiesStatus"] = [](const Calls& calls, const Parameters&) {
      return calls.ask(admin_policy::GetPoliciesStatus{},
                       [](const admin_policy::GetPoliciesStatus::Reply& reply) { return reply.status; });
    };
    table["admin:policiesUpdate"] = making([](const Parameters& params) {
      admin_policy::UpdatePolicies request;
      request.updates = params.at(0);
      request.start_from = params.member(1, "startFrom");
      return request;
    });
  }

  template <class Op>
  static Entry leasing() {
    return [](const Calls& calls, const Parameters& params) {
      return calls.ask(Op{params.member(0, "workspace"), params.member(0, "agentId")},
                       [](const admin_policy::Lease& lease) { return shown(lease); });
    };
  }

  static void add_agents(Table& table) {
    table["agent:start"] = leasing<admin_policy::StartAgent>();
    table["agent:heartbeat"] = leasing<admin_policy::HeartbeatAgent>();
    table["agent:stop"] = making([](const Parameters& params) {
      return admin_policy::StopAgent{params.member(0, "workspace"), params.member(0, "agentId")};
    });
  }

  static const Table& table() {
    static const Table table = [] {
      Table made;
      add_packs(made);
      add_installs(made);
      add_contributions(made);
      add_policy(made);
      add_agents(made);
      return made;
    }();
    return table;
  }

  PluginHost& host_;
  CallOptions options_;
};

Value told(const Error& error) {
  Value value = Value::object({{"code", to_string(error.code())}, {"message", error.message()}});
  if (error.data()) value.set("data", *error.data());
  return value;
}

StandardHostOptions options_from(const Value& start) {
  const auto text = [&](std::string_view name) {
    const Value* found = start.find(name);
    return found && found->as_string() ? *found->as_string() : std::string();
  };
  StandardHostOptions options;
  options.home = text("home");
  options.builtin_directory = text("builtin");
  options.machine_policy_path = text("machine");
  options.machine_settings_path = text("machine") + ".host.json";
  options.fetch_program = text("fetch");
  options.watch = false;
  return options;
}

class Driver {
 public:
  Result<Value> take(const Value& line) {
    if (const Value* start = line.find("start")) {
      host_.reset();
      COWORK_ASSIGN(PluginHost started, start_standard_host(options_from(*start)));
      host_.emplace(std::move(started));
      return Value(true);
    }
    if (!host_) return fail(Error::invalid_argument("no host was started"));
    if (line.find("refresh")) {
      host_->refresh();
      return Value(true);
    }
    const Value* method = line.find("method");
    const Value* params = line.find("params");
    if (!method || !method->as_string() || !params) return fail(Error::invalid_argument("not a question"));
    const Value* dry_run = line.find("dryRun");
    const Calls calls(*host_, dry_run && dry_run->as_bool() && *dry_run->as_bool());
    return calls.answer(*method->as_string(), Parameters(*params));
  }

 private:
  std::optional<PluginHost> host_;
};

int run() {
  Driver driver;
  for (std::string text; std::getline(std::cin, text);) {
    const Result<json::Document> line =
        json::parse(text, "<question>", json::request_limits, ErrorCode::invalid_argument);
    const Result<Value> answer = line ? driver.take(line->root) : Result<Value>(fail(line.error()));
    const Value reply =
        answer ? Value::object({{"result", *answer}}) : Value::object({{"error", told(answer.error())}});
    std::cout << json::to_text(reply) << '\n' << std::flush;
  }
  return 0;
}

}  // namespace
}  // namespace cowork::test

int main() {
  return cowork::test::run();
}
