// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "model/engine/count.hpp"
#include "model/engine/sampling.hpp"
#include "model/engine/selection.hpp"

namespace zopa {

/// scale · share.
struct SizeEstimate {
  int dimension = 0;   // of the pieces measured: continuous issues, less one an equation
  Rational scale;      // the product of what each issue measures by itself
  MeanInterval share;  // of it, with a 95 % interval
};

/// The size of the pieces of a selection that no equation binds but those between linear rules
/// (`is_equation`), by randomised quasi-Monte-Carlo. An equation settles one issue, the last that
/// it can, so that the length is measured over the same issues as in `Extent`. All other issues but
/// one are drawn, from a scrambled Sobol' sequence and with tilted probabilities (`find_tilt`), and
/// along the last one, a continuous one, the length is computed. The interval comes from 32
/// independent scramblings; where few of the draws carry the sum it comes from independent draws
/// instead (`mean_interval`). Needs a continuous issue.
///
/// In floating point but for the sums over settlements, so that a tie between settlements counts.
/// The same for any number of jobs. Nothing when `settings.progress` says stop before eight
/// scramblings are done, when an issue has no segment, and when the equations depend on each other
/// or leave an issue no room at all.
///
/// Sources: Owen (1997), Scrambled net variance for integrals of smooth functions, Annals of
/// Statistics 25, pp. 1541–1562; Joe and Kuo (2008), Constructing Sobol' sequences with better
/// two-dimensional projections, SIAM Journal on Scientific Computing 30, pp. 2635–2654; Burley
/// (2020), Practical hash-based Owen scrambling, Journal of Computer Graphics Techniques 9(4),
/// pp. 1–20.
std::optional<SizeEstimate> estimate_size(const Problem& problem, const Selection& selection,
                                          const CountSettings& settings);

}  // namespace zopa
