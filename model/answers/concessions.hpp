// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "model/answers/conflicts.hpp"

namespace zopa {

/// What demands have to give so that an empty zone opens. Every demand stands in one problem
/// several times, each a leaf of its own: as it is made, and as it gives way, where its value is
/// minus the share given. A tree over these leaves says who keeps and who gives, and the depth of
/// that tree is minus the least share, exactly: prices, exits and fair splits are searches of one
/// engine.
///
/// Requires an empty zone. Safe to use from several threads.
class ConcessionFinder {
 public:
  /// `scenario`, `problem` and `demands` must outlive it.
  ConcessionFinder(const Scenario& scenario, const Problem& problem,
                   const std::vector<NamedDemand>& demands, const Progress& progress);
  ~ConcessionFinder();

  /// What the demand alone would have to give. Giving it up must open the zone.
  Price price(int demand) const;

  /// Fills everything but `demands` and `parties` of an exit.
  void price(Exit& exit) const;

  /// Split::Kind::least_largest and least_sum.
  Split least_largest() const;
  Split least_sum() const;

  /// The exit as a split (Split::Kind::fewest).
  Split fewest(const Exit& exit) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace zopa
