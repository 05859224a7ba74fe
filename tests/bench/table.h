// The tables that people read.
#pragma once

#include <cstdio>
#include <optional>
#include <string>

#include "figure.h"
#include "rounds.h"

namespace cowork::bench {

/// "1.25 ms", "512 B"
std::string quantity_text(double value, Unit unit);
/// "<= 1.2 x", "<= 250 ns", "+ <= 100 ns"; empty where nothing was aimed at.
std::string target_text(const Figure& figure);

void print_head(std::FILE* out);
/// One row; `measured` is none where `fault` says why.
void print_row(std::FILE* out, const Figure& figure, const std::optional<Measured>& measured, const std::string& fault);

void print_curve_head(std::FILE* out, const Curve& curve);
void print_point(std::FILE* out, const Curve& curve, std::size_t size, const Measured& measured);

}  // namespace cowork::bench
