// SPDX-License-Identifier: MIT
#pragma once

#include "model/engine/count.hpp"

namespace zopa {

/// The breadth with continuous issues: number of packages × length.
Breadth measure_breadth(const Problem& problem, const CountSettings& settings);

}  // namespace zopa
