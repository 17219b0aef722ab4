// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "model/answers/overlap.hpp"
#include "model/problem.hpp"
#include "model/scenario.hpp"

namespace zopa {

/// One bit a lever: whether it is pulled.
using LeverSet = std::vector<char>;

/// What the study has to know of a lever; what it does is known to LeverStudy::apply alone.
struct Lever {
  Rational cost;  // ≥ 0; the cost of a set is the sum
  /// The parties (indices) of which it changes anything. With `elsewhere` it changes something
  /// outside parties as well (issues, rules, the consent tree, who the parties are).
  std::vector<int> parties;
  bool elsewhere = false;
};

/// A set of levers can be applied when those of it with `elsewhere` can, and with these each party
/// that the others name can be what they make of it. What a party becomes depends on the levers
/// that name it and on those with `elsewhere`, and on no others. Both functions have to be safe to
/// call from several threads.
struct LeverStudy {
  std::vector<Lever> levers;
  /// The scenario with these levers, applied in order, and no others; nothing when they cannot be
  /// applied together (the result would be no valid scenario, or leave no package).
  std::function<std::optional<Scenario>(const LeverSet&)> apply;
  /// The same, but the levers without `elsewhere` change this party (its index without levers)
  /// alone.
  std::function<std::optional<Scenario>(const LeverSet&, int party)> apply_to;
};

/// A set of levers with what it costs and gives.
struct LeverPoint {
  LeverSet levers;
  Rational cost;
  Depth depth;  // in LeverAnswer::kind, with its deepest package
};

/// What one lever does, alone and in company.
struct LeverEffect {
  std::optional<Depth> alone;      // absent: it cannot be applied alone
  std::optional<Rational> change;  // alone: depth − base; absent where either depth is
  bool lowers_alone = false;       // alone it lowers the depth, or takes it away
  /// The smallest company S in which it lowers the depth: D(S with it) < D(S). Of several the first
  /// in file order; empty: none is needed. Absent: none was found.
  std::optional<LeverSet> company;
  /// Of whether there is a company. Exact: one was found, or none exists: what it changes makes no
  /// leaf's value smaller at any package, or every company was looked at. Bounded: there may be one
  /// of at least `looked_at` others.
  Proof proof = Proof::exact;
  int looked_at = 0;  // every company of fewer others was looked at
};

struct LeverAnswer {
  /// Of every depth here: hard where the base has a hard depth. A set that has no depth of this
  /// kind is less deep than any that has.
  DepthKind kind = DepthKind::hard;
  Depth base;                        // without any lever
  std::vector<LeverEffect> effects;  // one a lever
  /// The sets that are deeper than every set of at most their cost, by cost: the base first unless
  /// a set without cost is deeper. Of sets of equal cost and depth the one with fewest levers, then
  /// the first in file order.
  std::vector<LeverPoint> frontier;
  std::optional<LeverPoint> opening;  // the first point of the frontier whose zone is not empty:
                                      // the cheapest set that opens it; absent: none
  Proof proof = Proof::exact;  // of frontier and opening; bounded: the search was stopped, and
                               // there may be better sets
  std::size_t solved = 0;      // depths that were searched for
};

struct LeverSettings {
  std::size_t most_depths = 1024;  // looked at for companies in which a lever lowers the depth
  int jobs = 1;
  Progress progress = no_progress();
};

/// Which levers open the zone, and which lower the depth.
///
/// Branch and bound over the sets of levers: where some levers are decided, a party of which others
/// change something may still be any of several, and the depth with whichever of them serves best
/// (a node `any` in the place of its leaf) is at least that of every set that is left. The levers
/// `elsewhere`, and those of a party beyond the sixth, are tried in all combinations.
///
/// Throws ModelError when the base cannot be applied.
LeverAnswer study_levers(const LeverStudy& study, const LeverSettings& settings);

/// The deepest point that costs at most the budget; nothing when none does.
const LeverPoint* best_for(const LeverAnswer& answer, const Rational& budget);

}  // namespace zopa
