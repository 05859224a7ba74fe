#include "custom_command_line.h"

#include <sstream>

#include "program.h"

namespace cowork::test {
namespace {

class Client final : public cli::Client {
 public:
  explicit Client(PluginHost host) : host_(std::move(host)) {}

  Result<json::Value> call(std::string_view operation, const json::Value& params,
                           std::vector<std::string>& warnings) override {
    CallOptions options;
    options.entry = "cli";
    options.warnings = &warnings;
    return host_.call_json(operation, params, options);
  }

 private:
  PluginHost host_;
};

}  // namespace

CustomRan run_with(const StandardHome& home, const std::function<void(HostBuilder&)>& customize,
                   const Arguments& arguments) {
  std::istringstream in;
  std::ostringstream out, err;
  cli::Terminal terminal{in, out, err};
  const auto factory = [&](const cli::GlobalOptions&) -> Result<std::unique_ptr<cli::Client>> {
    return std::make_unique<Client>(home.start(customize));
  };
  const int status = cli::run(arguments, terminal, factory);
  return {status, out.str() + err.str()};
}

}  // namespace cowork::test
