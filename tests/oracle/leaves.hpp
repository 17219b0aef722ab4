// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/scenario.hpp"

// The slow, obvious reading of a scenario, against which the engine is tested. Nothing of
// model/problem, model/engine or model/answers is used here: only the scenario and the definitions.
namespace zopa::oracle {

/// A number, or nothing for −∞.
using Value = std::optional<Rational>;

/// A demand of a leaf other than its reservation: one red line end or list, or a linked demand.
struct LeafDemand {
  Demand demand;
  // An end of a red line on a numeric or ordered issue.
  bool low_end = false;
  bool high_end = false;
};

/// A party as the consent tree asks it.
struct Leaf {
  int party = 0;
  std::vector<char> in_scope;  // m×1
  Condition when;
  std::vector<LeafDemand> demands;  // red lines in the order of the issues, then linked demands
  bool has_utility = false;
  std::vector<Rational> salience;  // w_ij, m×1, sums to 1 when there is a utility
  Rational reservation;
};

/// The consent tree over leaves; equal leaves are one.
struct Tree {
  Consent::Kind kind = Consent::Kind::all;
  int leaf = -1;
  std::vector<Tree> members;
  int count = 0;
  Rational need;
  std::vector<Rational> weights;
};

struct Reading {
  std::vector<Leaf> leaves;
  Tree tree;
};

Reading read_leaves(const Scenario& scenario);

/// Σ_j w_ij v_ij(x_j) at places x, m×1. Requires a utility.
Rational utility(const Scenario& scenario, const Leaf& leaf, const std::vector<Rational>& places);

/// The place from which the distance beyond an end of a red line is measured: the end itself, or,
/// where a settlement stands on a strict end, the next settlement inside.
Rational soft_end(const Issue& issue, const LimitEnd& end, bool low);

constexpr int kNotAsked = -2;
constexpr int kNever = -1;

/// The value of a tree, with leaf values and result as ranks ≥ 0 in some order, kNever for −∞ and
/// kNotAsked.
int tree_rank(const Tree& tree, const std::vector<int>& leaf_ranks);

}  // namespace zopa::oracle
