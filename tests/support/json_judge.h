// The strict reader judged by nlohmann-json, which shares no code with RapidJSON. Where our profile refuses more than
// RFC 8259 does, the judge predicts it from nlohmann's events and the raw bytes alone.
#pragma once

#include <set>
#include <string>

#include "cowork/base/json_reader.h"

namespace cowork::json {

/// The refusals that are due; {"syntax"} when nlohmann refuses; empty when the text must be accepted.
std::set<std::string> due_refusals(const std::string& text, const Limits& limits);

/// What our reader did otherwise than it should have; empty when nothing.
std::string mismatch(const std::string& text, const Limits& limits, const std::set<std::string>& due);

}  // namespace cowork::json
