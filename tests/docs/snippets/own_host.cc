// docs/embedding.md: the standard host in places of one's own, events, and a host that is put together by hand.
#include <atomic>
#include <stop_token>

#include "cowork/loaders/pack_source.h"
#include "expect.h"

namespace {

/// Packs of an application lie in `directory`/packs.
void plant_pack(const std::string& directory) {
  std::filesystem::create_directories(directory + "/packs/triage");
  std::ofstream(directory + "/packs/triage/cowork.plugin.json") << R"({"name": "triage", "displayName": "Triage",
    "version": "1.0.0", "description": "", "type": "pack",
    "slashCommands": [{"name": "triage", "description": "", "skillId": "triage"}]})";
  std::filesystem::create_directories(directory + "/offer/crm");
  std::ofstream(directory + "/offer/crm/cowork.plugin.json") << R"({"name": "crm", "displayName": "CRM",
    "version": "1.0.0", "description": "", "type": "pack", "skills": [{"id": "ask", "name": "Ask", "description": "",
    "prompt": "Ask."}]})";
}

void standard_host_in_own_places(const std::string& data_directory, const std::string& program_directory) {
  // [places]
  cowork::StandardHostOptions options;
  options.home = data_directory + "/plugins";                // what users install and switch
  options.builtin_directory = program_directory + "/packs";  // what the application brings
  options.machine_policy_path = "/etc/acme/plugin-policy.json";
  options.machine_settings_path = "";  // no settings of the machine
  auto host = cowork::start_standard_host(options);
  // [/places]
  expect(host.has_value(), "the host starts");
  std::atomic<int> changes = 0;
  // [events]
  const auto subscription = host->subscribe([&changes](const cowork::Event& event) {
    if (event.type == "pack-state-changed") ++changes;
  });
  // [/events]
  expect(host->toggle("triage", false).has_value(), "the pack of the application can be switched");
  expect(changes == 1, "a change of a pack is told");
  // [error]
  const auto toggled = host->toggle("triaje", true);
  if (!toggled) {
    const cowork::Error& error = toggled.error();
    std::cerr << to_string(error.code()) << ": " << error.message() << '\n';        // what happened
    if (!error.why().empty()) std::cerr << "  why: " << error.why() << '\n';        // which rule or file
    if (!error.remedy().empty()) std::cerr << "  try: " << error.remedy() << '\n';  // what to do
  }
  // [/error]
  expect(!toggled && toggled.error().code() == cowork::ErrorCode::not_found, "an unknown pack is refused");
}

void installs_with_progress(const std::string& data_directory, const std::string& program_directory) {
  cowork::StandardHostOptions options;
  options.home = data_directory + "/plugins";
  options.builtin_directory = program_directory + "/packs";
  options.machine_policy_path = options.machine_settings_path = "";
  auto host = cowork::start_standard_host(options);
  expect(host.has_value(), "the host starts");
  // Asked to stop beforehand, and of an address that is never fetched from: no test goes to the network.
  const std::string address = "https://127.0.0.1:1/crm.zip";
  const std::string pin(64, 'a');
  std::stop_source stop;
  stop.request_stop();
  // [installs]
  const auto progress = host->subscribe([](const cowork::Event& event) {
    if (event.type != "install-progress") return;
    std::cout << *event.data.find("phase")->as_string() << ' ' << *event.data.find("bytes")->as_int64() << '\n';
  });
  cowork::CallOptions call;
  call.stop = stop.get_token();  // of a std::stop_source: its request_stop() is the user's "cancel"
  const auto installed = host->call(cowork::InstallPackFromUrl{address, {.sha256 = pin}}, call);
  if (!installed && installed.error().code() == cowork::ErrorCode::cancelled) std::cout << "nothing was installed\n";
  // [/installs]
  expect(!installed && installed.error().code() == cowork::ErrorCode::cancelled, "an install can be cancelled");
  const auto from_directory = host->call(cowork::InstallPack{program_directory + "/offer/crm", {}});
  expect(from_directory.has_value(), "a pack is installed from its directory, and tells its progress");
}

void host_by_hand(const std::string& home, const std::string& packs) {
  // [own-host]
  cowork::HostOptions options;
  options.home = home;
  options.disk = cowork::make_real_disk();
  auto host = cowork::HostBuilder(options)
                  .tiers([packs] {
                    return std::vector<cowork::TierRoot>{{cowork::Scope::builtin, packs, true}};
                  })
                  .pack_source(cowork::loaders::make_directory_pack_source(options.disk))
                  .without_policy()
                  .start();
  // [/own-host]
  expect(host.has_value(), "the host starts");
  const auto triage = host->get("triage");
  expect(triage && *triage && (*triage)->state() == cowork::PackState::active, "the pack is found");
}

}  // namespace

int main() {
  const ScratchDirectory scratch;
  plant_pack(scratch.path("program"));
  standard_host_in_own_places(scratch.path("data"), scratch.path("program"));
  installs_with_progress(scratch.path("installs"), scratch.path("program"));
  host_by_hand(scratch.path("home"), scratch.path("program/packs"));
}
