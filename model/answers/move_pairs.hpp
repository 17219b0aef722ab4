// SPDX-License-Identifier: MIT
#pragma once

#include "model/answers/moves.hpp"
#include "model/answers/zone_search.hpp"

namespace zopa {

/// Fills the pairs of a closed zone from its moves. False: stopped, there may be more.
bool find_pairs(const ZoneSearch& zone, int jobs, const Progress& progress, Moves& moves);

}  // namespace zopa
