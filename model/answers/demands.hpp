// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/problem.hpp"
#include "model/scenario.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// A demand of the scenario, as the consent tree asks it. An end of a red line, a linked demand or
/// a reservation is one demand of its party, however many leaves of the party it binds.
struct NamedDemand {
  Demand demand;
  std::vector<int> leaves;  // that hold it, in order; at least one
  bool firm = false;        // never asked to move: the demand, its position or its party says so
};

/// Every demand of the leaves of the tree, in file order: by party; the limits in the order of the
/// issues, low end first; the linked demands; the reservation (of leaves with a utility).
std::vector<NamedDemand> named_demands(const Scenario& scenario, const Problem& problem);

/// The order in which demands are asked to give way, where one matters: not firm first, then
/// confidence from low to high (absent: medium), then the order of named_demands. A permutation of
/// their indices.
std::vector<int> order_of_asking(const Scenario& scenario, const std::vector<NamedDemand>& demands);

/// One bit a demand of named_demands: whether it is made.
using DemandSet = std::vector<char>;

/// The problem with only the demands in `kept`. A dropped limit or linked demand is gone from its
/// leaves; a dropped reservation is the sum of the leaf's least worths, so that every package meets
/// it. The agreement space, the worths and b_i stay as they are.
Problem with_demands(const Problem& problem, const std::vector<NamedDemand>& demands,
                     const DemandSet& kept);

/// Answers whether the zone is empty when only some of the demands are made, and remembers every
/// package it found: a package answers for all sets of demands under which it is acceptable.
/// Monotone: fewer demands never empty a zone. Exact. Safe to use from several threads. `problem`
/// must outlive it.
class ZoneFinder {
 public:
  ZoneFinder(const Problem& problem, const std::vector<NamedDemand>& demands,
             const Progress& progress);
  ~ZoneFinder();

  /// A package of the zone under the demands of `kept`, which one depends on the questions before;
  /// nothing: the zone is empty (proven) or, with `stopped`, the search was cut short by the
  /// progress.
  std::optional<Package> find(const DemandSet& kept) const;

  /// The demands that the package breaks for some leaf that holds them, whether asked or not.
  DemandSet broken(const Package& package) const;

  bool stopped() const;            // some answer was cut short
  std::uint64_t searches() const;  // questions that no remembered package answered

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace zopa
