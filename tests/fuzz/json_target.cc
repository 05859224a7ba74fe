// The strict reader: accepted, both readers agree on the value, also when it is written and read again; refused, by
// RFC 8259 or for the reason that our profile has.
#include "cowork/base/json_reader.h"
#include "expectations.h"
#include "support/json_judge.h"
#include "targets.h"

namespace cowork::fuzz {
namespace {

// Small, so that inputs meet them.
constexpr json::Limits limits{4096, 300, 14};

}  // namespace

void json_target(std::string_view input) {
  const std::string text(input);
  const std::string mismatch = json::mismatch(text, limits, json::due_refusals(text, limits));
  expect(mismatch.empty(), mismatch);
  const auto document = json::parse(text, "f.json", limits, ErrorCode::invalid_argument);
  if (!document) return expect_placed(document.error(), ErrorCode::invalid_argument, text, "f.json");
  // A patch of nothing, and the document as a patch of itself, change nothing.
  const json::Value patched = json::merge_patch(document->root, json::Value(json::Object{}));
  expect(!document->root.is_object() || patched == document->root, "an empty patch changes nothing");
}

}  // namespace cowork::fuzz
