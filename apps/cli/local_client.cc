#include <optional>
#include <utility>

#include "client.h"
#include "cowork/assembly/standard_host.h"
#include "standard_options.h"

namespace cowork::cli {
namespace {

class LocalClient : public Client {
 public:
  LocalClient(PluginHost host, bool dry_run)
      : host_(std::move(host)), dry_run_(dry_run), subscription_(host_.subscribe([this](const Event& event) {
          if (progress_ && event.type == "install-progress") progress_(event.data);
        })) {}

  Result<json::Value> call(std::string_view operation, const json::Value& params,
                           std::vector<std::string>& warnings) override {
    CallOptions options;
    options.entry = "cli";
    options.dry_run = dry_run_;
    options.warnings = &warnings;
    options.stop = stop_;
    return host_.call_json(operation, params, options);
  }

 private:
  PluginHost host_;
  bool dry_run_;
  std::shared_ptr<void> subscription_;
};

}  // namespace

Result<std::unique_ptr<Client>> make_local_client(const GlobalOptions& options) {
  COWORK_ASSIGN(StandardHostOptions host_options, standard_options(options));
  // A command ends before anybody else's change could matter to it.
  host_options.watch = false;
  COWORK_ASSIGN(PluginHost host, start_standard_host(host_options));
  return std::make_unique<LocalClient>(std::move(host), options.dry_run);
}

}  // namespace cowork::cli
