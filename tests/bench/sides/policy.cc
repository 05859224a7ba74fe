// The admin policy: what a verdict costs under long lists, and what a change of them costs.
//
// Beside a verdict stand the two look-ups in hash sets that it can't do without. A change of the file is read from
// memory, parsed, checked, indexed and put in force; beside it RapidJSON makes a document of the same text, checking
// nothing.
#include <rapidjson/document.h>

#include <unordered_set>

#include "cowork/admin_policy/admin_policy.h"
#include "cowork/ports/memory_disk.h"
#include "hosts.h"
#include "sides.h"

namespace cowork::bench {
namespace {

constexpr std::size_t packs = 10'000;
constexpr std::size_t stride = 7;  // no verdict twice in a row, none in the order of the packs

struct Sets {
  explicit Sets(std::size_t ids) {
    for (std::size_t i = 0; i < packs; ++i) names.push_back(pack_name(i));
    for (std::size_t i = 0; i < ids; ++i) {
      allowed.insert(pack_name(i));
      blocked.insert(i % 10 == 0 ? pack_name(i) : "gone-" + pack_name(i));
    }
  }
  std::vector<std::string> names;
  std::unordered_set<std::string> allowed, blocked;
};

Measure looking_up(std::size_t ids) {
  const auto sets = std::make_shared<Sets>(ids);
  return [sets, at = std::size_t{0}](const Stopwatch& stopwatch) mutable {
    return stopwatch.time([&] {
      at = (at + stride) % packs;
      return sets->blocked.count(sets->names[at]) == 0 && sets->allowed.count(sets->names[at]) != 0;
    });
  };
}

/// A policy file that is another each time somebody looks.
class ChangingPolicy {
 public:
  explicit ChangingPolicy(std::size_t ids) : texts_{policy_text(ids, 1), policy_text(ids, 2)} {
    disk_->plant_file("/home/policies.json", texts_[0]);
    admin_ = admin_policy::AdminPolicy::make({disk_, make_real_clock(), "/home", {}});
  }
  double seconds_of_change() {
    at_ = 1 - at_;
    disk_->plant_file("/home/policies.json", texts_[at_]);
    return seconds_of([&] {
      if (!admin_->refresh()) throw std::runtime_error("the policy was not taken in");
    });
  }
  const std::string& text() const { return texts_[0]; }

 private:
  std::string texts_[2];
  std::size_t at_ = 0;
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::shared_ptr<admin_policy::AdminPolicy> admin_;
};

}  // namespace

Sides toggle_verdict(std::size_t ids) {
  const auto host = memory_host(packs, policy_text(ids));
  auto requests = std::make_shared<std::vector<TogglePack>>();
  for (std::size_t i = 0; i < packs; ++i) requests->push_back({pack_name(i), true});
  return {[host, requests, at = std::size_t{0}](const Stopwatch& stopwatch) mutable {
            return stopwatch.time([&] {
              at = (at + stride) % packs;
              return host->explain((*requests)[at]);
            });
          },
          looking_up(ids)};
}

Sides explained_toggle(std::size_t ids) {
  const auto host = memory_host(packs, policy_text(ids));
  auto requests = std::make_shared<std::vector<json::Value>>();
  for (std::size_t i = 0; i < packs; ++i) requests->push_back(json::Value::array({pack_name(i), true}));
  return {[host, requests, at = std::size_t{0}](const Stopwatch& stopwatch) mutable {
            return stopwatch.time([&] {
              at = (at + stride) % packs;
              return host->services().explain("pluginPack:toggle", (*requests)[at], {});
            });
          },
          looking_up(ids)};
}

Sides policy_change(std::size_t ids) {
  // Half of them in each list.
  const auto policy = std::make_shared<ChangingPolicy>(ids / 2);
  return {[policy](const Stopwatch& stopwatch) {
            return stopwatch.time_by_itself([&] { return policy->seconds_of_change(); });
          },
          [policy](const Stopwatch& stopwatch) {
            return stopwatch.time([&] {
              rapidjson::Document document;
              document.Parse(policy->text().data(), policy->text().size());
              return document.HasParseError();
            });
          }};
}

}  // namespace cowork::bench
