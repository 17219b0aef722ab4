// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "model/answers/depth.hpp"

namespace zopa {

/// Without a zone the effective overlap is taken over the packages this near to the depth.
inline const Rational kNearZone = Rational(1, 20);

/// Gaps of an effective overlap on a continuous issue that are narrower than this share of the
/// scale are not seen.
inline const Rational kNarrowestGap = Rational(1, 1000000000);

/// Where the positions meet, issue by issue (m×1; mathematics, Overlap 7):
///
/// - stated: the settlements that all leaves with the issue in scope allow, over those that any of
///   them allows. A leaf allows its red line's accepted side; without one, what it `accepts`;
///   without that, the whole scale. Counted, or measured on continuous issues (points are counted
///   where nothing has a length).
/// - effective: the settlements that extend to a package of the zone, over the same union (together
///   with themselves where the zone goes beyond what anybody has shown to discuss). When the zone
///   is empty: over packages of value ≥ D − kNearZone in the kind of `depth`, over the whole scale.
///
/// Exact, but for gaps narrower than kNarrowestGap. Undecided settlements (the search was stopped,
/// or the depth is not known) count as not effective, and the issue is marked bounded.
std::vector<IssueOverlap> issue_overlaps(const Scenario& scenario, const DepthFinder& finder,
                                         const Depth& depth, int jobs);

}  // namespace zopa
