// The power fails at every step of a day's work, and what was not synced is lost: the next host finds what was
// reported, or what was under way; never a mixture.
#include <iostream>
#include <set>

#include "cowork/admin_policy/operations.h"
#include "cowork/assembly/standard_host.h"
#include "cowork/audit/audit_operations.h"
#include "losing_disk.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::test;

namespace {

constexpr std::uint32_t seed = 5;
constexpr int random_subsets = 4;

std::string manifest(const std::string& name, const std::string& version) {
  return R"({"name":")" + name + R"(","displayName":"P","version":")" + version +
         R"(","description":"","type":"pack","skills":[{"id":")" + name +
         R"(-s","name":"S","description":"","prompt":"Version )" + version + R"("}]})";
}

void plant_pack(MemoryDisk& disk, const std::string& path, const std::string& name, const std::string& version) {
  disk.plant_file(path + "/cowork.plugin.json", manifest(name, version));
  disk.plant_file(path + "/notes/" + version + ".txt", "of version " + version);
}

Result<PluginHost> start(std::shared_ptr<Disk> disk) {
  StandardHostOptions options;
  options.home = "/user/me/.cowork";
  options.builtin_directory = "/builtin";
  options.machine_policy_path = "/etc/cowork/policies.json";
  options.machine_settings_path = "/etc/cowork/host.json";
  options.watch = false;
  options.host.disk = std::move(disk);
  return start_standard_host(options);
}

/// The source of the next install or update, behind the host's back: what stands there is safe.
using Boot = std::string;
void plant_boot(MemoryDisk& disk, const Boot& boot) {
  disk.plant_file("/proc/sys/kernel/random/boot_id", boot + "\n");
}

/// What was saved, as a user sees it. Equal for equal states.
struct State {
  bool desk_enabled = true;
  std::string blocked;  ///< the first id that the policy blocks
  std::string version;  ///< of the installed pack; empty for none
  bool crm_enabled = true;

  bool operator==(const State&) const = default;
};

std::string text(const State& state) {
  return std::string("desk ") + (state.desk_enabled ? "on" : "off") + ", blocked " + state.blocked + ", crm " +
         state.version + (state.crm_enabled ? "" : " off");
}

struct Work {
  std::string what;
  std::function<bool(PluginHost&)> run;
  std::function<void(State&)> effect;
};

std::function<bool(PluginHost&)> block(const std::string& id) {
  return [id](PluginHost& host) {
    admin_policy::UpdatePolicies update;
    update.updates =
        json::Value::object({{"packs", json::Value::object({{"blocked", json::Value::array({json::Value(id)})}})}});
    return host.call(update).has_value();
  };
}

std::function<bool(PluginHost&)> install(const std::string& source) {
  return [source](PluginHost& host) {
    InstallOptions options;
    options.replace = true;
    return host.call(InstallPack{source, options}).has_value();
  };
}

std::vector<Work> a_day() {
  return {
      {"first save", [](PluginHost& host) { return host.toggle("desk", false).has_value(); },
       [](State& state) { state.desk_enabled = false; }},
      {"first policy", block("one"), [](State& state) { state.blocked = "one"; }},
      {"install", install("/one"), [](State& state) { state.version = "1.0.0"; }},
      {"toggle", [](PluginHost& host) { return host.toggle("crm", false).has_value(); },
       [](State& state) { state.crm_enabled = false; }},
      {"update", install("/two"), [](State& state) { state.version = "2.0.0"; }},
      {"second policy", block("two"), [](State& state) { state.blocked = "two"; }},
      {"uninstall", [](PluginHost& host) { return host.call(UninstallPack{"crm"}).has_value(); },
       [](State& state) {
         state.version.clear();
         state.crm_enabled = true;
       }},
      {"install again", install("/two"), [](State& state) { state.version = "2.0.0"; }},
  };
}

/// A disk on which the day's work was done, and when each part of it was reported.
struct Day {
  explicit Day(LeftOut left_out) {
    plant_pack(*memory, "/builtin/desk", "desk", "1.0.0");
    plant_pack(*memory, "/one", "crm", "1.0.0");
    plant_pack(*memory, "/two", "crm", "2.0.0");
    plant_boot(*memory, "the first start");
    memory->open_or_make("/user", 0700).value();
    disk = std::make_shared<LosingDisk>(memory, left_out);
    auto host = start(disk);
    if (!host) FAIL(host.error().message());
    State state;
    for (const Work& work : a_day()) {
      states.push_back(state);
      begun.push_back(disk->steps());
      INFO(work.what);
      REQUIRE(work.run(*host));
      work.effect(state);
      reported.push_back(disk->steps());
    }
    states.push_back(state);
  }

  /// What may be found when the power failed after `step`: what was reported last, or what was under way.
  std::vector<State> allowed(std::size_t step) const {
    std::size_t done = 0;
    while (done < reported.size() && reported[done] <= step) ++done;
    std::vector<State> found{states[done]};
    if (done < begun.size() && begun[done] < step) found.push_back(states[done + 1]);
    return found;
  }

  std::shared_ptr<MemoryDisk> memory = std::make_shared<MemoryDisk>();
  std::shared_ptr<LosingDisk> disk;
  std::vector<State> states;  // before each work, and after the last
  std::vector<std::size_t> begun, reported;
};

/// What a new host says of `disk`, or what is wrong with it.
struct Finding {
  State state;
  std::string fault;
};

std::string faults_of(PluginHost& host, const Pack* crm) {
  const auto status = host.call(GetStatus{});
  if (!status) return status.error().message();
  for (const Diagnostic& diagnostic : status->diagnostics) return diagnostic.code + ": " + diagnostic.message;
  const auto verified = host.call(VerifyPacks{});
  if (!verified) return verified.error().message();
  for (const auto& pack : *verified)
    if (!pack.verified) return "pack verify: " + pack.problem;
  if (crm && !crm->lock_record()) return "the pack has no lock record";
  if (crm && crm->lock_record()->version != crm->manifest().version) return "the lock record is of another version";
  const auto trail = host.call(audit::QueryAudit{});
  if (!trail) return trail.error().message();
  if (!trail->verified) return "the audit trail is broken: " + (trail->first_bad ? trail->first_bad->reason : "");
  return host.toggle("desk", true) ? "" : "the next save fails";
}

Finding look_at(const std::shared_ptr<MemoryDisk>& disk) {
  Finding finding;
  auto host = start(disk);
  if (!host) return {{}, "the host does not start: " + host.error().message()};
  admin_policy::GetPolicies policies;
  const auto policy = host->call(policies);
  if (!policy) return {{}, policy.error().message()};
  const json::Value* packs = policy->policy.find("packs");
  const json::Array* blocked = packs && packs->find("blocked") ? packs->find("blocked")->as_array() : nullptr;
  if (blocked && !blocked->empty()) finding.state.blocked = *blocked->front().as_string();
  const auto desk = host->get("desk");
  const auto crm = host->get("crm");
  if (!desk || !desk->has_value() || !crm) return {{}, "a pack can't be read"};
  finding.state.desk_enabled = (*desk)->flags().enabled;
  const Pack* installed = crm->has_value() ? &**crm : nullptr;
  if (installed) finding.state.version = installed->manifest().version;
  if (installed) finding.state.crm_enabled = installed->flags().enabled;
  finding.fault = faults_of(*host, installed);
  return finding;
}

struct Count {
  std::size_t cuts = 0, failed = 0;
  std::string first;
};

void cut(const Day& day, std::size_t step, Survives survives, std::mt19937& random, Count& count) {
  const auto disk = day.disk->survivor(step, survives, random);
  plant_boot(*disk, "the second start");
  const std::vector<State> allowed = day.allowed(step);
  const Finding found = look_at(disk);
  // The switch of a pack that is not there is seen when the pack is.
  const bool known = std::any_of(allowed.begin(), allowed.end(), [&](State state) {
    if (found.state.version.empty()) state.crm_enabled = found.state.crm_enabled;
    return state == found.state;
  });
  ++count.cuts;
  if (known && found.fault.empty()) return;
  ++count.failed;
  if (!count.first.empty()) return;
  count.first = "after step " + std::to_string(step) + ", kind " + std::to_string(static_cast<int>(survives)) +
                ": found " + text(found.state) + "; allowed " + text(allowed.front()) +
                (allowed.size() > 1 ? " or " + text(allowed.back()) : "") + "; fault: " + found.fault;
}

Count cut_everywhere(const Day& day) {
  std::mt19937 random(seed);
  Count count;
  for (std::size_t step = 0; step <= day.disk->steps(); ++step) {
    for (const Survives survives : {Survives::nothing, Survives::everything, Survives::names, Survives::bytes})
      cut(day, step, survives, random, count);
    for (int subset = 0; subset < random_subsets; ++subset) cut(day, step, Survives::some, random, count);
  }
  return count;
}

}  // namespace

TEST_CASE("the power fails at every step: what was reported is there, what is there is whole") {
  const Day day({});
  const Count count = cut_everywhere(day);
  INFO(count.first);
  CHECK(count.failed == 0);
  CHECK(day.disk->steps() > 100);
  std::cout << "FIGURE: faults/power steps=" << day.disk->steps() << " cuts=" << count.cuts
            << " failed=" << count.failed << "\n";
}

TEST_CASE("without its syncs the same work is lost: the disk of this test does lose") {
  const std::pair<std::string, LeftOut> variants[] = {
      {"files are not synced", {true, false, false}},
      {"directories are not synced", {false, true, false}},
      {"directories that are made are not synced into the one above", {false, false, true}},
  };
  for (const auto& [what, left_out] : variants) {
    INFO(what);
    const Count count = cut_everywhere(Day(left_out));
    CHECK(count.failed > 0);
    std::cout << what << ": " << count.failed << " of " << count.cuts << " cuts show it; first " << count.first << "\n";
  }
}
