#include "paths.h"

#include <filesystem>

#include "cowork/admin_policy/admin_policy.h"
#include "cowork/base/json_tape.h"
#include "cowork/loaders/pack_source.h"
#include "cowork/ports/memory_disk.h"
#include "generated_packs.h"
#include "memory_host.h"
#include "scratch.h"

namespace cowork::instructions {
namespace {

using namespace bench;

constexpr std::size_t packs = 50;
constexpr std::size_t policy_ids = 1'000;
constexpr int many_times = 100;  // of what takes so little that the noise of one would show

using Work = std::function<void()>;

template <class Result>
void expect(const Result& result) {
  if (!result) throw std::runtime_error(result.error().message());
}

Work repeated(const Work& once) {
  return [once] {
    for (int i = 0; i < many_times; ++i) once();
  };
}

/// The sixth is of 100 KB and more.
Work manifest() {
  const auto tape = std::make_shared<json::Tape>();
  return [tape, text = manifest_text(6, PackSize::real)] { expect(summarize_manifest(text, "m", *tape)); };
}

Work discovery() {
  const std::string tier = new_directory("tier");
  for (std::size_t i = 0; i < packs; ++i) {
    const std::string pack = tier + "/" + pack_name(i);
    std::filesystem::create_directory(pack);
    write_file(pack + "/" + std::string(manifest_file_name), manifest_text(i, PackSize::small));
  }
  return [tier] {
    const auto source = loaders::make_directory_pack_source(make_real_disk());
    const auto catalog = discovered(*source, tier);
    if (catalog->size() != packs) throw std::runtime_error("not all packs were found");
  };
}

Work list() {
  return repeated([host = memory_host(packs, {})] { expect(host->list()); });
}

Work list_to_json() {
  return [host = memory_host(packs, {}), text = std::make_shared<std::string>()] {
    text->clear();
    expect(host->call_text("pluginPack:list", {}, {}, *text));
  };
}

Work get() {
  return repeated([host = memory_host(packs, {}), name = pack_name(7)] { expect(host->get(name)); });
}

Work verdict() {
  return repeated([host = memory_host(packs, policy_text(policy_ids)), request = TogglePack{pack_name(7), true}] {
    expect(host->explain(request));
  });
}

Work dry_toggle() {
  CallOptions dry;
  dry.dry_run = true;
  return repeated([host = memory_host(packs, policy_text(policy_ids)), dry, request = TogglePack{pack_name(7), true}] {
    expect(host->call(request, dry));
  });
}

Work interceptors() {
  return repeated([host = idle_host(64, true)] { expect(host->call(Nothing{})); });
}

Work policy() {
  const auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file("/home/policies.json", policy_text(policy_ids, 1));
  const auto admin = admin_policy::AdminPolicy::make({disk, make_real_clock(), "/home", {}});
  return [disk, admin, variant = 1]() mutable {
    disk->plant_file("/home/policies.json", policy_text(policy_ids, ++variant));
    if (!admin->refresh()) throw std::runtime_error("the policy was not taken in");
  };
}

}  // namespace

std::vector<Path> all_paths() {
  return {
      {"manifest", manifest},
      {"discovery", discovery},
      {"list", list},
      {"list_json", list_to_json},
      {"get", get},
      {"verdict", verdict},
      {"dry_toggle", dry_toggle},
      {"interceptors", interceptors},
      {"policy", policy},
  };
}

}  // namespace cowork::instructions
