// Everything that is measured, in the order of the tables.
#pragma once

#include <vector>

#include "figure.h"

namespace cowork::bench {

std::vector<Figure> all_figures();
std::vector<Curve> all_curves();

}  // namespace cowork::bench
