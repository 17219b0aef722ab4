// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// The Pareto frontier of a set of packages, point by point.
struct Fold {
  enum class End {
    complete,     // every point is there
    too_many,     // a step has more points than the limits allow
    stopped,      // told to stop
    unsupported,  // the problem is not of the kind that folds, see `reason`
  };
  End end = End::complete;
  std::string reason;  // in words, unless complete

  /// Of a complete frontier: one entry a point, best utility of the first leaf first, then of the
  /// second, and so on.
  std::vector<int> leaves;           // those with a utility, n'×1
  std::vector<Int128> utilities;     // n' a point: U_i = u_i · unit, in the unit of the leaf
  std::vector<Integer> packages;     // how many packages have these utilities
  std::vector<std::uint64_t> first;  // `words` a point: the first of them in file order, packed
  /// Where the settlement of an issue stands in the packed words.
  struct Place {
    int word = 0;
    int shift = 0;
    int bits = 0;
  };
  std::vector<Place> places;  // m×1
  std::size_t words = 0;

  std::size_t size() const { return packages.size(); }

  /// The settlements (m×1) of the first package of a point in file order.
  std::vector<int> settlements(std::size_t point) const;

  std::uint64_t candidates = 0;  // sums looked at
  std::size_t widest = 0;        // points of the largest step
};

struct FoldSettings {
  bool all = false;  // the whole agreement space instead of the zone
  std::size_t most_points = 2'000'000;
  std::size_t most_bytes = std::size_t{1} << 30;
  Progress progress = no_progress();
};

/// The Pareto frontier of the zone, or of the agreement space: the utility vectors of its packages
/// that no other package of it exceeds for one leaf without falling short for another. Leaves
/// without a utility only say which packages belong to the zone. A leaf has its utility whether it
/// is asked at a package or not. Exact, ties included; without any leaf with a utility every
/// package is equally good and there is one point (none where the set is empty).
///
/// Issue by issue: F ← nondominated(F ⊕ V_j), where a partial package leaves the field only when
/// another is at least as good for all, better for one, and leaves everything open that it leaves
/// open (rules, demands, who is asked, who accepts). No package is ever listed: 10³⁰ of them are
/// common.
///
/// Requires settlements on every issue, at most 64 rules and demands under way at once (the order
/// of the issues is chosen for that), and linear rules within 120 bits: otherwise `unsupported`.
///
/// Memory: at most `most_bytes` and little more. Where a step needs more points than
/// `most_points`, or than fit into that memory, the fold ends with `too_many`. The result depends
/// on nothing but the problem and the limits. `progress` is asked every few hundred sums.
///
/// Source of the comparison of two and three leaves: Kung et al. (1975), pp. 469–476.
Fold fold_frontier(const Problem& problem, const FoldSettings& settings);

}  // namespace zopa
