// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "model/engine/recount.hpp"
#include "model/problem.hpp"

namespace zopa {

/// The pieces of highest dimension of X, and what of them belongs to Z: number of packages of the
/// discrete issues times length of the continuous ones. Where equations bind continuous issues, one
/// issue is eliminated for every equation, the first ones that may be.
struct Measures {
  int dimension = -1;    // −1: X is empty
  bool parallel = true;  // false: the pieces extend in different directions, so that no length is
                         // common to them, and there are no sizes
  Rational space;
  Rational zone;
};

/// Measures X and Z of a problem with continuous issues by another method than `measure_breadth`,
/// with which it shares no code. Bests are not looked at.
///
/// Discrete issues are settled one by one, and packages that stand alike are merged. The scale of a
/// continuous issue is taken as the open stretches and the single places that the ends of its
/// pieces part it into, so that no two combinations share a package; a place may count as any of
/// the pieces that contain it. In a combination, X is a polytope and who accepts follows from
/// sums of which some may yet turn: for every set S of leaves whose sums may, let
/// F(S) say whether the tree accepts when exactly they do. Then
///
///     size of Z = Σ_S m(S) · V(X where every leaf of S has what it needs),
///     F(S) = Σ_{T ⊆ S} m(T)
///
/// (inclusion and exclusion over who accepts; V: `facet_volume`). Stretches on which the rules
/// leave less than their dimension are looked at only when they are all that X has.
///
/// Exact. Nothing when it is too large for the limits (steps of some 0.3 µs are taken off them), or
/// `progress` says stop. Nothing either for a problem without continuous issues.
std::optional<Measures> remeasure(const Problem& problem, RecountLimits& limits);

}  // namespace zopa
