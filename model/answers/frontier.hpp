// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/engine/fold.hpp"
#include "model/problem.hpp"
#include "model/scenario.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// A point of a Pareto frontier: the utilities of one or more packages that cannot be improved for
/// one leaf without hurting another.
struct FrontierPoint {
  std::vector<Rational> utility;                // u_i, one a leaf of the frontier
  std::vector<std::optional<Rational>> margin;  // m_i; absent where b_i ≤ r_i
  std::optional<Integer>
      packages;     // with these utilities; absent: not counted (a partial frontier)
  Package package;  // one of them: of a complete frontier the first in file order
  std::vector<std::string>
      found_as;  // of a partial frontier: "rule:NAME", "best:PARTY", or nothing
};

/// The Pareto frontier of the zone or of the agreement space: all of it, or certified points of it.
///
/// Complete: every point, with the number of its packages (absent where continuous issues leave
/// finitely many points all the same).
///
/// Partial: each point is proven to be on the frontier: no package of the set is better for one
/// leaf and not worse for the others. `gap` says what is missing: no package is better than every
/// listed point by more than it, that is
///
///     gap ≥ max over x in the set of min over listed points p of max over leaves i of
///           m_i(x) − m_i(p),
///
/// with u_i in the place of m_i where b_i ≤ r_i. So each package is matched by a listed point that
/// gives every leaf the same, less at most the gap.
class Frontier {
 public:
  std::vector<int> leaves;  // those with a utility
  bool complete = false;
  std::string reason;           // in words: why it is not complete
  bool empty = false;           // proven: no package is in the set
  std::optional<Rational> gap;  // 0 when complete; absent: no point was found
  std::vector<char>
      on_hull;            // one a point, when asked for: no mixture of points (lottery) is better
  std::string hull_note;  // in words: why it is not given
  bool hull_stopped = false;  // because the search was stopped

  std::size_t size() const { return found.empty() ? fold.size() : found.size(); }
  FrontierPoint point(const Problem& problem, std::size_t index) const;

  /// The packages of all points together; absent where they are not counted.
  std::optional<Integer> packages() const;

  Fold fold;                         // of a complete frontier
  std::vector<FrontierPoint> found;  // otherwise; in the same order
};

struct FrontierSettings {
  bool all = false;                        // the agreement space instead of the zone
  std::size_t most_points = 100'000;       // of a complete frontier, and of each step towards it
  std::size_t certified_points = 64;       // of a partial frontier, besides bests and rules
  bool hull = false;                       // fill `on_hull` (two or three leaves)
  Progress progress = no_progress();       // of everything
  Progress fold_progress = no_progress();  // of the way to a complete frontier: it gives way to
                                           // certified points when told to stop
};

/// Folds the issues (`fold_frontier`); where that cannot be done within its limits, searches
/// certified points: the best of each leaf, the points of the rules (of the zone), and then again
/// and again the package that is furthest from what is listed, until none is missing, or
/// `certified_points` are there, or the search is stopped. Deterministic.
///
/// Source of the second: the boxes that the listed points leave open are those of K. Klamroth,
/// R. Lacour, D. Vanderpooten (2015), pp. 767–778; each is searched for the package that exceeds
/// its corner most.
Frontier find_frontier(const Scenario& scenario, const Problem& problem,
                       const FrontierSettings& settings);

}  // namespace zopa
