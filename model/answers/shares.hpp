// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/answers/depth.hpp"

namespace zopa {

/// Who carries which part of the gap.
struct Shares {
  Rational relaxed_depth;                      // D̄
  std::vector<std::optional<Rational>> share;  // n×1, Σ = 1; absent: the leaf carries no row
};

/// The relaxed problem, in which packages may be mixed (lotteries), and its multipliers:
///
///     D̄ = max_p min_r E_p[f_r(x)] = min_λ max_x Σ_r λ_r f_r(x),      λ ≥ 0, Σ λ_r = 1,
///
/// over the packages x of the agreement space within the hard demands of the leaves `who`. The rows
/// f_r of a leaf are its margin and, in the kind `all`, the margin of each soft end of its red
/// lines (0 inside); a leaf that is not asked counts with 1. The share of a leaf is the sum of its
/// λ_r; of several optimal multipliers those with the least sum of squared shares.
///
/// `depth` must be exact and have a package that all leaves of `who` keep. Exact, rational; nothing
/// when the search was stopped. D̄ = 1 and no shares when nobody has a row.
///
/// The multipliers are found in double precision and solved again in fractions (column generation,
/// Dantzig and Wolfe 1960, pp. 101–111); the point of least norm as in Wolfe (1976), pp. 128–149.
std::optional<Shares> relaxed_shares(const DepthFinder& finder, const Depth& depth,
                                     const std::vector<int>& who);

}  // namespace zopa
