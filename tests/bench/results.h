// The same as JSON, with every round and with what it was measured on.
#pragma once

#include <optional>
#include <string>

#include "cowork/base/json.h"
#include "figure.h"
#include "rounds.h"

namespace cowork::bench {

/// Date, commit, processor, cores, kernel, compiler.
json::Value machine_as_json(const std::string& commit);
json::Value figure_as_json(const Figure& figure, const std::optional<Measured>& measured, const std::string& fault);
/// A point of a curve.
json::Value point_as_json(std::size_t size, const Measured& measured);
json::Value curve_as_json(const Curve& curve, json::Value points);

}  // namespace cowork::bench
