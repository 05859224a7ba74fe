// An application that embeds the standard host. Usage: consumer HOME PACKS [PACK TOOL INPUT]
//
// PACKS takes the place of the builtin packs. Where a native pack lies in it, its TOOL is called with INPUT (JSON).
#include <atomic>
#include <iostream>

#include "cowork/assembly/standard_host.h"
#include "cowork/base/json.h"
#include "cowork/base/json_reader.h"
#include "cowork/operation/parameters.h"

namespace {

/// An interceptor as a class: the pack of the finance department stays on.
class KeepFinance final : public cowork::Interceptor {
 public:
  std::string_view name() const noexcept override { return "keep-finance"; }
  bool applies_to(const cowork::OperationInfo& info) const override {
    return info.name == cowork::TogglePack::info.name;
  }
  cowork::Verdict judge(const cowork::CallView& call, const cowork::Snapshot&) const override {
    if (call.subject().id != "finance-pack") return cowork::Verdict::no_opinion();
    return cowork::Verdict::deny(cowork::Error(cowork::ErrorCode::policy_denied, "The finance pack stays on"));
  }
};

/// An operation of the application's own.
struct CountPacks {
  struct Reply {
    std::size_t packs = 0;
  };
  static constexpr cowork::OperationInfo info{.name = "consumer:countPacks"};
  cowork::Result<void> validate() const { return {}; }
  cowork::Subject subject() const { return {}; }
};

cowork::Result<CountPacks::Reply> count_packs(cowork::HostCore&, cowork::Admitted<CountPacks>& admitted) {
  return CountPacks::Reply{admitted.snapshot().catalog().size()};
}

int failed(const cowork::Error& error) {
  std::cerr << to_string(error.code()) << ": " << error.message() << "\n  why: " << error.why() << '\n';
  return cowork::exit_status(error.code());
}

int call_tool(cowork::PluginHost& host, const char* pack, const char* tool, const char* input_text) {
  const auto input =
      cowork::json::parse(input_text, "<argument>", cowork::json::request_limits, cowork::ErrorCode::invalid_argument);
  if (!input) return failed(input.error());
  const auto output = host.call_json("tool:call", cowork::json::Value::array({pack, tool, input->root}));
  if (!output) return failed(output.error());
  std::cout << pack << ' ' << tool << ": " << cowork::json::to_text(*output) << '\n';
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 && count != 6) return 2;
  cowork::StandardHostOptions options;
  options.home = arguments[1];
  options.builtin_directory = arguments[2];
  options.machine_policy_path = options.machine_settings_path = "";  // this application has no machine layer
  std::atomic<int> toggles = 0;
  const auto see = [&toggles](cowork::Call& call, cowork::Next next) {
    toggles += call.info().name == cowork::TogglePack::info.name;
    return next(call);
  };
  auto host = cowork::start_standard_host(options, [&see](cowork::HostBuilder& builder) {
    builder.use("count", see, cowork::Phase::observe);
    builder.use(std::make_shared<KeepFinance>()).operation<CountPacks>(count_packs);
  });
  if (!host) return failed(host.error());
  const auto counted = host->call(CountPacks{});
  if (!counted) return failed(counted.error());
  const auto refused = host->toggle("finance-pack", false);
  const auto changed = host->toggle("devops-pack", false);
  if (!changed) return failed(changed.error());
  std::cout << counted->packs << " packs\n"
            << (refused ? "switched off" : refused.error().message()) << '\n'
            << changed->name << " is " << (changed->enabled ? "on" : "off") << '\n'
            << toggles << " toggles seen\n";
  return count == 6 ? call_tool(*host, arguments[3], arguments[4], arguments[5]) : 0;
}
