#include "generated_packs.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>

namespace cowork::bench {
namespace {

constexpr std::uint64_t seed = 20250115;
constexpr std::size_t prompt_bytes = 2'500;

/// The generator's own bits, without <random>'s distributions: those differ between libraries.
std::size_t between(std::mt19937_64& random, std::size_t least, std::size_t most) {
  return least + random() % (most - least + 1);
}

std::string prose(std::mt19937_64& random, std::size_t bytes) {
  static constexpr std::array<const char*, 12> words{"review", "the",        "change",      "list",
                                                     "every",  "risk",       "and",         "write",
                                                     "down",   "\\nwhat\\t", "\\\"why\\\"", "größer"};
  std::string text;
  while (text.size() < bytes) text.append(words[random() % words.size()]).append(" ");
  return text;
}

std::string skill_text(std::mt19937_64& random, std::size_t skill, std::size_t bytes) {
  const std::string id = "skill-" + std::to_string(skill);
  return R"({"id":")" + id + R"(","name":"Skill )" + id + R"(","description":")" + prose(random, 60) +
         R"(","category":"work","enabled":true,"prompt":")" + prose(random, bytes) + R"("})";
}

class GeneratedSource final : public PackSource {
 public:
  explicit GeneratedSource(std::size_t count) : count_(count) {}

  std::vector<TierFindings> scan(const std::vector<TierRoot>& roots) override {
    std::vector<TierFindings> tiers;
    for (const TierRoot& root : roots) {
      TierFindings findings;
      findings.root = root;
      findings.trusted = true;
      for (std::size_t i = 0; i < count_; ++i) findings.packs.push_back(record(i, root));
      tiers.push_back(std::move(findings));
    }
    return tiers;
  }
  std::uint64_t fingerprint(const std::vector<TierRoot>&) override { return 1; }
  Result<ParsedManifest> read_again(const PackRecord&) override { return fail(Error::not_found("no file")); }
  Result<Skill> read_skill(const PackRecord&, std::string_view) override { return fail(Error::not_found("no file")); }
  Result<std::string> tree_sha256(const PackRecord&) override { return fail(Error::not_found("no file")); }

 private:
  static PackRecord record(std::size_t number, const TierRoot& root) {
    PackRecord record;
    record.scope = root.scope;
    record.alias = pack_name(number);
    record.path = root.path + "/" + record.alias;
    record.manifest = parse_manifest(manifest_text(number, 1'000), record.path).value().manifest;
    record.manifest.drop_long_text();
    return record;
  }

  std::size_t count_;
};

/// Goes with the program.
struct TemporaryDirectory {
  TemporaryDirectory() {
    path = std::filesystem::temp_directory_path().string() + "/cowork-bench-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }
  std::string path;
};

}  // namespace

std::string pack_name(std::size_t number) {
  const std::string digits = std::to_string(number);
  return "pack-" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

std::string manifest_text(std::size_t number, std::size_t bytes) {
  std::mt19937_64 random(seed + number);
  std::string text =
      R"({"name":")" + pack_name(number) + R"(","displayName":"Pack )" + std::to_string(number) +
      R"(","version":"1.2.)" + std::to_string(number) + R"(","description":")" + prose(random, 120) +
      R"(","type":"pack","category":"Generated","tryAsking":[")" + prose(random, 60) +
      R"("],"connectors":[{"name":"tracker","description":"Issues","type":"http","inputSchema":{"type":"object"},)"
      R"("http":{"url":"https://example.org/api","method":"GET"}}],"skills":[)";
  for (std::size_t skill = 0; skill == 0 || text.size() + prompt_bytes / 2 < bytes; ++skill) {
    const std::size_t rest = bytes > text.size() ? bytes - text.size() : 0;
    text.append(skill == 0 ? "" : ",").append(skill_text(random, skill, std::min(prompt_bytes, rest / 2 + 100)));
  }
  return text + "]}";
}

std::size_t real_size(std::size_t number) {
  std::mt19937_64 random(seed * 31 + number);
  if (number % 3 == 0) return between(random, 135'000, 385'000);
  // Three quarters of the others, half of all, are below 9 KB.
  return between(random, 3'000, 11'000);
}

std::shared_ptr<PackSource> make_generated_source(std::size_t count) {
  return std::make_shared<GeneratedSource>(count);
}

const std::string& scratch_directory() {
  static const TemporaryDirectory directory;
  return directory.path;
}

std::string directory_of_packs(std::size_t count) {
  const std::string packs = scratch_directory() + "/packs";
  std::filesystem::create_directory(packs);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string pack = packs + "/" + pack_name(i);
    if (!std::filesystem::create_directory(pack)) continue;
    std::ofstream(pack + "/" + std::string(manifest_file_name)) << manifest_text(i, real_size(i));
  }
  return packs;
}

}  // namespace cowork::bench
