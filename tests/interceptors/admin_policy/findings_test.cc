#include "findings.h"

#include "policies.h"
#include "simulation.h"

namespace cowork::admin_policy {
namespace {

using test::Lines;
using test::policy;
using test::sample_catalog;

TEST_CASE("an entry that matches no known pack is told, with the nearest known id") {
  const auto rules =
      policy(R"({"packs":{"allowed":["engineering","dir","devops-pack"]}})",
             "{\"packs\":{\"blocked\":[\"enginering\",\n\"dir \",\"nothing-like-it\"],\"required\":[\"dir\"]}}");
  Lines lines;
  for (const auto& entry : unmatched_entries(*rules, *sample_catalog()))
    lines.push_back(entry.rule.layer + ' ' + std::string(rule_name(entry.list)) + ' ' + entry.id + " at " +
                    std::to_string(entry.rule.place.line) + ' ' + entry.rule.place.pointer + ' ' + entry.nearest);
  CHECK(lines == Lines{"machine packs.allowed dir at 1 /packs/allowed/1 dir",
                       "user packs.blocked enginering at 1 /packs/blocked/0 engineering",
                       "user packs.blocked dir  at 2 /packs/blocked/1 dir",
                       "user packs.blocked nothing-like-it at 2 /packs/blocked/2 ",
                       "user packs.required dir at 2 /packs/required/0 dir"});
}

TEST_CASE("an alias of an untrusted tier matches nothing in the machine layer") {
  const auto rules = policy(R"({"packs":{"required":["engineering"]}})", "absent");
  CHECK(unmatched_entries(*rules, *sample_catalog(true)).empty());
  CHECK(unmatched_entries(*rules, *sample_catalog(false)).size() == 1);
}

TEST_CASE("layers that contradict each other are told, with what holds") {
  const auto told = [](const std::string& machine, const std::string& user) {
    const auto rules = policy(machine, user);
    Lines lines;
    for (const Conflict& conflict : conflicts(*rules, *sample_catalog()))
      lines.push_back(conflict.message + " | " + conflict.required.place.pointer + " | " +
                      conflict.against.place.pointer);
    return lines;
  };
  CHECK(told(R"({"packs":{"required":["engineering"]}})", R"({"packs":{"blocked":["engineering-pack"]}})") ==
        Lines{"Pack \"engineering-pack\" is required by the machine policy and blocked by the user policy: it stays "
              "required | /packs/required/0 | /packs/blocked/0"});
  CHECK(told(R"({"packs":{"required":["mine"]}})", R"({"packs":{"allowed":["devops"]}})") ==
        Lines{"Pack \"mine\" is required by the machine policy and not in the list of allowed packs of the user "
              "policy: it stays required | /packs/required/0 | /packs/allowed"});
  CHECK(told(R"({"packs":{"blocked":["mine"]}})", R"({"packs":{"required":["mine"]}})") ==
        Lines{"Pack \"mine\" is required by the user policy and blocked by the machine policy: it is not permitted | "
              "/packs/required/0 | /packs/blocked/0"});
  CHECK(told("absent", R"({"packs":{"required":["engineering"],"blocked":["engineering-pack"]}})") ==
        Lines{"Pack \"engineering-pack\" is required by the user policy and blocked by the user policy: it is not "
              "permitted | /packs/required/0 | /packs/blocked/0"});
  CHECK(told(R"({"packs":{"required":["ghost"]}})", R"({"packs":{"blocked":["ghost"]}})").size() == 1);
  CHECK(told(R"({"packs":{"required":["mine"]}})", R"({"packs":{"required":["mine"]}})").empty());
}

TEST_CASE("two ids for one pack, and sections that are not enforced, are remarks") {
  const auto rules = policy("absent",
                            "{\"version\":2,\"runtime\":{},\"packs\":{\"blocked\":[\"engineering\",\n"
                            "\"engineering-pack\",\"devops\"],\"required\":[\"mine\"]}}");
  Lines lines;
  for (const Remark& remark : remarks(*rules, *sample_catalog()))
    lines.push_back(remark.code + ": " + remark.message + ' ' + remark.rule.place.pointer);
  CHECK(lines == Lines{"same-pack: \"engineering\" and \"engineering-pack\" mean the same pack /packs/blocked/0",
                       "not-enforced: \"runtime\" is kept and not enforced /runtime"});
}

TEST_CASE("a simulation tells each pack before and after, and everything that gets looser") {
  const auto before = policy(
      R"({"packs":{"blocked":["devops"]}})",
      R"({"packs":{"blocked":["engineering"],"required":["mine"]},"connectors":{"blocked":["c"]},"agents":{"maxHeartbeatFrequencySec":90,"maxConcurrentAgents":2},"general":{"allowGitInstall":false}})");
  const auto after =
      policy(R"({"packs":{"blocked":["devops"]}})", R"({"packs":{"required":["engineering"],"blocked":["acme"]}})");
  const auto catalog = sample_catalog();
  const LockRecords none;
  const Simulation simulation = simulate(*before, *after, *catalog, none);
  Lines packs;
  const auto word = [](const PackStanding& standing) {
    return standing.permitted() ? std::string(standing.required() ? "required" : "permitted")
                                : std::string(reason_of(standing.standing));
  };
  for (const PackChange& change : simulation.packs)
    packs.push_back(change.name + ' ' + word(change.before) + " -> " + word(change.after));
  CHECK(packs == Lines{"devops-pack blocked -> blocked", "engineering-pack blocked -> required",
                       "acme-pack permitted -> blocked", "mine required -> permitted"});
  Lines loosens;
  for (const Loosening& loosening : simulation.loosens)
    loosens.push_back(loosening.what + ' ' + json::to_text(loosening.before) + " -> " + json::to_text(loosening.after));
  CHECK(loosens == Lines{"pack \"engineering-pack\" \"blocked\" -> \"required\"",
                         "pack \"mine\" \"required\" -> \"permitted\"", "packs.blocked \"engineering\" -> null",
                         "packs.required \"mine\" -> null", "connectors.blocked \"c\" -> null",
                         "general.allowGitInstall false -> true", "agents.maxHeartbeatFrequencySec 90 -> 60",
                         "agents.maxConcurrentAgents 2 -> 10"});
  CHECK(simulate(*after, *after, *catalog, none).loosens.empty());
}

TEST_CASE("a longer or vanished list of allowed packs is looser") {
  const auto catalog = sample_catalog();
  const LockRecords none;
  const auto one = test::user_policy(R"({"packs":{"allowed":["x"]}})");
  const auto two = test::user_policy(R"({"packs":{"allowed":["x","y"]}})");
  const auto all = test::user_policy("{}");
  CHECK(simulate(*one, *two, *catalog, none).loosens.front().what == "packs.allowed");
  CHECK(json::to_text(simulate(*one, *two, *catalog, none).loosens.front().after) == "\"y\"");
  CHECK(json::to_text(simulate(*two, *all, *catalog, none).loosens.back().before) == R"(["x","y"])");
  CHECK(simulate(*all, *one, *catalog, none).loosens.empty());
}

}  // namespace
}  // namespace cowork::admin_policy
