// pack-states.json and pack-lock.json: what is read is written and read again without a change, and nothing is switched
// on that the text does not say is on.
#include <nlohmann/json.hpp>

#include "cowork/base/json_reader.h"
#include "expectations.h"
#include "lock_text.h"
#include "targets.h"
#include "toggle_text.h"

namespace cowork::fuzz {
namespace {

using Theirs = nlohmann::ordered_json;

Result<json::Document> read(std::string_view text) {
  return json::parse(text, "state.json", json::policy_limits, ErrorCode::integrity);
}

std::map<std::string, bool> flags_of(const Theirs& object) {
  std::map<std::string, bool> flags;
  for (const auto& [key, value] : object.items()) flags[key] = value.get<bool>();
  return flags;
}

/// SPEC §5 once more, on nlohmann's value: the flat form holds nothing but booleans.
void expect_flags(const Toggles& toggles, const Theirs& document) {
  const bool flat =
      std::all_of(document.begin(), document.end(), [](const Theirs& value) { return value.is_boolean(); });
  const Theirs none = Theirs::object();
  const Theirs packs = flat ? document : document.value("packs", none);
  const Theirs skills = flat ? none : document.value("skills", none);
  const std::map<std::string, bool> ours(toggles.packs.begin(), toggles.packs.end());
  expect(ours == flags_of(packs), "the toggles of packs are those of the text");
  expect(toggles.skills.size() == skills.size(), "no pack's skills are lost");
  for (const auto& [pack, flags] : skills.items()) {
    const auto found = toggles.skills.find(pack);
    expect(found != toggles.skills.end(), "a pack's skills are found by its name");
    const std::map<std::string, bool> read_flags(found->second.begin(), found->second.end());
    expect(read_flags == flags_of(flags), "the toggles of skills are those of the text");
  }
}

void check_toggles(const json::Document& document, std::string_view text) {
  const auto toggles = read_toggles(document);
  if (!toggles) return expect_placed(toggles.error(), ErrorCode::integrity, text, "state.json");
  expect_flags(*toggles, Theirs::parse(text));
  const std::string written = toggle_text(*toggles, 1);
  const auto again = read(written).and_then([](const json::Document& read_back) { return read_toggles(read_back); });
  expect(again.has_value(), "toggles that were written can be read");
  expect(again->packs == toggles->packs, "the toggles of packs are kept");
  expect(again->user_packs_default_on == toggles->user_packs_default_on, "the default of user packs is kept");
  for (const auto& [pack, flags] : toggles->skills)
    for (const auto& [skill, flag] : flags) expect(again->skill(pack, skill) == flag, "the toggles of skills are kept");
}

bool same(const LockRecord& a, const LockRecord& b) {
  const bool previous = a.previous && b.previous ? same(*a.previous, *b.previous) : a.previous == b.previous;
  return previous && a.name == b.name && a.version == b.version && a.source_kind == b.source_kind &&
         a.source == b.source && a.ref == b.ref && a.commit == b.commit && a.sha256 == b.sha256 &&
         a.tree_sha256 == b.tree_sha256 && a.installed_at == b.installed_at && a.pending == b.pending &&
         (a.scan == nullptr) == (b.scan == nullptr);
}

void check_locks(const json::Document& document, std::string_view text) {
  const auto records = read_lock_records(document);
  if (!records) return expect_placed(records.error(), ErrorCode::integrity, text, "state.json");
  const Theirs packs = Theirs::parse(text).at("packs");
  expect(records->packs.size() == packs.size(), "no record is lost");
  for (const auto& [name, record] : records->packs) {
    expect(packs.at(name).at("treeSha256") == record.tree_sha256, "a record has its own hash");
    expect(packs.at(name).at("source").at("kind") == record.source_kind, "a record has its own source");
    expect(record.pending == packs.at(name).contains("pending"), "a pending record is taken for one");
    expect(record.pending || !record.previous, "only a pending record has one before it");
  }
  const std::string written = lock_text(*records);
  const auto again = read(written).and_then([](const json::Document& back) { return read_lock_records(back); });
  expect(again.has_value(), "lock records that were written can be read");
  expect(again->packs.size() == records->packs.size() && lock_text(*again) == written, "lock records are kept");
  for (const auto& [name, record] : records->packs)
    expect(again->find(name) && same(*again->find(name), record), "a lock record is kept as it is");
}

}  // namespace

void toggles_target(std::string_view input) {
  const ExactBytes bytes(input);
  const auto document = read(bytes.view());
  if (!document) return expect_placed(document.error(), ErrorCode::integrity, bytes.view(), "state.json");
  check_toggles(*document, bytes.view());
  check_locks(*document, bytes.view());
}

}  // namespace cowork::fuzz
