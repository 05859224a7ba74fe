// A valid manifest with one thing about it changed.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/json_reader.h"
#include "cowork/manifest/manifest.h"
#include "support/catch.h"

namespace cowork::test {

inline constexpr std::string_view valid_manifest = R"({
  "name": "garden",
  "displayName": "Garden",
  "version": "1.2.3",
  "description": "Looks after plants",
  "type": "pack",
  "skills": [{"id": "water", "name": "Water", "description": "", "prompt": "Water the {{plant}}"}]
})";

/// `text` read by the strict reader; anything that `text` leaves out is a mistake of the test.
inline json::Value json_value(std::string_view text) {
  auto document = json::parse(text, "<test>", json::manifest_limits, ErrorCode::internal);
  if (!document) FAIL(document.error().message() << " in " << text);
  return std::move(document->root);
}

inline std::string with_member(std::string_view name, std::string_view value) {
  json::Value document = json_value(valid_manifest);
  document.set(name, json_value(value));
  return json::to_text(document);
}

inline std::string without_member(std::string_view name) {
  json::Value document = json_value(valid_manifest);
  document.erase(name);
  return json::to_text(document);
}

/// What a manifest should be refused with.
struct Refusal {
  std::string message;
  std::string pointer;
};

inline void check_refused(const std::string& text, const Refusal& expected) {
  INFO(text);
  const auto parsed = parse_manifest(text, "/packs/garden/cowork.plugin.json");
  REQUIRE_FALSE(parsed.has_value());
  const Error& error = parsed.error();
  CHECK(error.code() == ErrorCode::invalid_manifest);
  CHECK(error.message() == expected.message);
  REQUIRE(error.place().has_value());
  CHECK(error.place()->file == "/packs/garden/cowork.plugin.json");
  CHECK(error.place()->pointer == expected.pointer);
  CHECK(error.place()->line == 1);
  CHECK(error.place()->column > 0);
}

inline PackManifest parsed_manifest(const std::string& text) {
  auto parsed = parse_manifest(text, "/packs/garden/cowork.plugin.json");
  if (!parsed) FAIL(parsed.error().message() << " at " << parsed.error().why());
  return std::move(parsed->manifest);
}

}  // namespace cowork::test
