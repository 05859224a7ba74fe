#include "generated_packs.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "cowork/manifest/manifest.h"
#include "scratch.h"

namespace cowork::bench {
namespace {

constexpr std::uint64_t seed = 20250115;
constexpr std::size_t small_bytes = 1'600;

/// The generator's own bits, without <random>'s distributions: those differ between libraries.
std::size_t between(std::mt19937_64& random, std::size_t least, std::size_t most) {
  return least + random() % (most - least + 1);
}

/// Words as JSON text; paragraphs and list items where it is a prompt.
std::string prose(std::mt19937_64& random, std::size_t bytes, bool is_prompt) {
  static constexpr std::array<const char*, 22> words{
      "review", "the",      "change",  "list",     "every",  "risk",    "and", "write", "down",  "what",   "why",
      "größer", "customer", "invoice", "pipeline", "deploy", "careful", "—",   "step",  "table", "result", "then"};
  std::string text;
  while (text.size() < bytes) {
    text.append(words[random() % words.size()]).append(" ");
    if (!is_prompt) continue;
    if (random() % 100 < 8) text += "\\n\\n- ";
    if (random() % 100 < 1) text += "\\\"quoted\\\" ";
  }
  return text;
}

std::string skill_text(std::mt19937_64& random, std::size_t pack, std::size_t skill, std::size_t prompt_bytes) {
  const std::string number = std::to_string(pack) + "-" + std::to_string(skill);
  return R"(    {
      "id": "skill-)" +
         number + R"(",
      "name": "Skill )" +
         number + R"(",
      "description": ")" +
         prose(random, 60, false) + R"(",
      "category": "work",
      "enabled": true,
      "prompt": ")" +
         prose(random, prompt_bytes, true) + R"("
    })";
}

std::string head_text(std::mt19937_64& random, std::size_t number) {
  return R"({
  "name": ")" +
         pack_name(number) + R"(",
  "displayName": "Pack )" +
         std::to_string(number) + R"(",
  "version": "1.2.)" +
         std::to_string(number % 100) + R"(",
  "description": ")" +
         prose(random, 100, false) + R"(",
  "type": "pack",
  "author": "Example",
  "category": "work",
  "tryAsking": [
    ")" + prose(random, 50, false) +
         R"("
  ],
  "skills": [
)";
}

/// Large ones are rarer the larger they are: the smaller of two draws.
std::size_t real_bytes(std::mt19937_64& random, std::size_t number) {
  if (number % 3 == 0) return std::min(between(random, 135'000, 385'000), between(random, 135'000, 385'000));
  // Three quarters of the others, half of all, are below 9 KB.
  return number % 12 < 9 ? between(random, 3'000, 9'000) : between(random, 9'000, 20'000);
}

std::string make_tier(std::size_t count, PackSize size) {
  const std::string tier = new_directory(size == PackSize::small ? "small" : "real");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string pack = tier + "/" + pack_name(i);
    std::filesystem::create_directory(pack);
    write_file(pack + "/" + std::string(manifest_file_name), manifest_text(i, size));
  }
  // A host trusts no time that is hardly older than its reading (docs/performance.md), and rightly so.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  return tier;
}

}  // namespace

std::string pack_name(std::size_t number) {
  const std::string digits = std::to_string(number);
  return "pack-" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

std::string manifest_text(std::size_t number, PackSize size) {
  std::mt19937_64 random(seed + number);
  const std::size_t bytes = size == PackSize::small ? small_bytes : real_bytes(random, number);
  constexpr std::size_t around_a_prompt = 250;
  const std::size_t longest_prompt = bytes < 20'000 ? 2'500 : 6'000;
  std::string text = head_text(random, number);
  for (std::size_t skill = 0; skill == 0 || text.size() + 2 * around_a_prompt < bytes; ++skill) {
    const std::size_t left = bytes > text.size() + around_a_prompt ? bytes - text.size() - around_a_prompt : 0;
    text.append(skill == 0 ? "" : ",\n").append(skill_text(random, number, skill, std::min(longest_prompt, left)));
  }
  return text + "\n  ]\n}\n";
}

const std::string& tier_of(std::size_t count, PackSize size) {
  static std::map<std::pair<std::size_t, PackSize>, std::string> made;
  std::string& tier = made[{count, size}];
  if (tier.empty()) tier = make_tier(count, size);
  return tier;
}

std::vector<std::string> manifest_paths(std::size_t count) {
  std::vector<std::string> paths;
  paths.reserve(count);
  for (std::size_t i = 0; i < count; ++i) paths.push_back(pack_name(i) + "/" + std::string(manifest_file_name));
  return paths;
}

}  // namespace cowork::bench
