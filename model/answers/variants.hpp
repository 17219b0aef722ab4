// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/problem.hpp"

namespace zopa {

/// For each leaf of a problem the leaves of Variants::parts that stand for what it asks.
using Asking = std::vector<std::vector<int>>;

/// A problem taken apart so that one search answers for many others: every demand of a leaf and its
/// reservation are leaves of their own, and a tree asks for those that are made. All of them have
/// the pieces of the problem.
class Variants {
 public:
  /// `problem` must outlive this.
  explicit Variants(const Problem& problem);

  const Problem& problem() const { return problem_; }
  const Problem& parts() const { return parts_; }

  /// Everything that the leaves ask for.
  Asking all() const;

  /// The same without one demand (whoever holds it), or without the reservations of some leaves.
  Asking without(Asking asking, const Demand& demand) const;
  Asking without_reservations(Asking asking, const std::vector<int>& leaves) const;

  /// The same, but that these leaves refuse wherever they are asked, or accept.
  Asking refusing(Asking asking, const std::vector<int>& leaves) const;
  Asking accepting(Asking asking, const std::vector<int>& leaves) const;

  /// A new part of the leaf: another demand, asked for by nobody yet. Not while others read.
  int add(int leaf, LeafDemand demand);

  /// The tree of the problem over the parts.
  Tree tree(const Asking& asking) const;

  /// Whether the tree accepts the package, which is in the agreement space.
  bool accepts(const Asking& asking, const Package& package) const;

 private:
  int add_part(int leaf, Leaf part);
  Tree tree(const Tree& node, const Asking& asking) const;

  const Problem& problem_;
  Problem parts_;
  std::vector<int> never_;                       // n×1
  std::vector<std::optional<int>> reservation_;  // n×1
  std::vector<std::vector<int>> demands_;        // n×, in the order of Leaf::demands
};

/// The leaves that hold a demand, rising. A reservation is held by the party's leaves with a
/// utility.
std::vector<int> holders(const Problem& problem, const Demand& demand);

}  // namespace zopa
