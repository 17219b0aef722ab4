// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "model/consent.hpp"
#include "model/scenario.hpp"
#include "model/tools/exact.hpp"

namespace zopa {

/// A closed stretch of an issue on which every leaf's worth is a straight line and every test has
/// one answer: one settlement of a discrete issue (from == to), or a segment or a single point of a
/// continuous one. Pieces of a continuous issue are in rising order and may share ends; points
/// stand where a test turns, so that a package on the turn can count as either side ("closed sets"
/// in the mathematics).
struct Piece {
  Rational from;
  Rational to;
  bool point() const { return from == to; }
};

struct ProblemIssue {
  std::vector<Piece> pieces;  // file order, numbers ascending
  bool continuous = false;
  Rational scale = 1;  // length of the scale: high − low, or K − 1 (1 where K = 1)
};

/// One bit a piece of one issue.
struct PieceSet {
  int issue = 0;
  std::vector<char> pieces;  // K_j×1, 0 or 1
};

/// Holds for a package unless every set of `when` contains the package's piece and some set of
/// `require` does not.
struct Clause {
  std::vector<PieceSet> when;
  std::vector<PieceSet> require;
};

/// Σ_j coefficient_j · place_j ≥ bound.
struct LinearRule {
  std::vector<std::pair<int, Rational>> sum;
  Rational bound;
  int rule = 0;  // index in Scenario::rules
};

/// Whether the piece lies in the set.
inline bool contains(const PieceSet& set, int piece) {
  return set.pieces[static_cast<std::size_t>(piece)] != 0;
}

/// A demand of a leaf other than its reservation.
struct LeafDemand {
  Demand demand;
  std::optional<PieceSet> limit;  // limits: the accepted pieces
  std::optional<Clause> clause;   // linked demands
  // A soft end of a red line (numeric and ordered issues): margin −(distance beyond)/(length of the
  // scale). The end's place; `limit` accepts places at most (high) or at least (low) this.
  bool soft = false;
  bool upper = false;  // the end bounds from above
  Rational end;
};

/// Worth of one piece to one leaf at the piece's two ends, w_ij·v_ij in the leaf's unit.
struct PieceWorth {
  Int128 at_from = 0;
  Int128 at_to = 0;
};

/// A party as the consent tree asks it.
struct Leaf {
  int party = 0;
  std::string
      path;  // in the consent tree, e.g. "consent.all.2"; one of several equal leaves: the first
  std::vector<char> in_scope;  // m×1
  std::optional<std::vector<PieceSet>>
      when;  // asked only where the package's piece is in every set; absent: always
  std::vector<LeafDemand>
      demands;  // limits in issue order (low end first), then linked demands in file order

  bool has_utility = false;                    // the rest only when it has
  std::vector<std::vector<PieceWorth>> worth;  // m×K_j
  Integer unit = 1;                            // u_i(x) = U_i(x) / unit
  Int128 reservation = 0;                      // r_i · unit
  Int128 best = 0;                             // b_i · unit, over the agreement space
  std::vector<Rational> salience;              // w_ij, m×1, sums to 1
};

/// The consent tree over leaves.
struct Tree {
  Consent::Kind kind = Consent::Kind::all;
  int leaf = -1;
  std::vector<Tree> members;
  int count = 0;
  Rational need;
  std::vector<Rational> weights;
};

/// One settlement for every issue: the piece it lies on, and its place on the scale.
struct Package {
  std::vector<int> pieces;       // m×1
  std::vector<Rational> places;  // m×1
  friend bool operator==(const Package&, const Package&) = default;
};

/// The numeric form of a scenario, for its `likely` numbers. Keeps no names.
struct Problem {
  std::vector<ProblemIssue> issues;
  std::vector<Leaf> leaves;  // in the order of the tree
  Tree tree;
  std::vector<Clause> rule_clauses;
  std::vector<int> rule_of_clause;  // index in Scenario::rules, one a clause
  std::vector<LinearRule> linear_rules;
  bool rounded = false;  // products w_ij·v_ij were rounded to 1e-9 (units beyond 126 bits)
  int parties = 0;

  int m() const { return static_cast<int>(issues.size()); }
  int n() const { return static_cast<int>(leaves.size()); }
  bool discrete() const;  // no continuous issue
};

/// The numeric form without `best`, which needs the engine: see make_problem
/// (model/engine/prepare.hpp). The scenario must be valid (`find_problems` returns none).
Problem frame_problem(const Scenario& scenario);

/// The pieces of its issue on which the test holds. `closed`: the boundary of a continuous issue is
/// on the side where it holds (limits and what is required); otherwise it is not (`when`).
PieceSet piece_set(const Test& test, const std::vector<ProblemIssue>& issues, bool closed);

/// Where the end of a red line is measured from: its place, or, where a settlement stands there and
/// is refused ("> 600"), the accepted settlement next to it: a refused one must not have the margin
/// 0.
Rational soft_end(const Issue& issue, const LimitEnd& end, bool upper);

/// Gives the leaf its best, a utility, in a unit in which it is an integer: refined if need be.
/// Throws ModelError when that unit needs more than 120 bits.
void set_best(Leaf& leaf, const Rational& best);

/// The package at the given places (m×1). On a continuous issue a place shared by several pieces
/// takes the first piece that contains it. Throws ModelError when an issue does not admit its
/// place.
Package make_package(const Problem& problem, const std::vector<Rational>& places);

/// What one leaf makes of one package.
struct LeafView {
  bool asked = true;
  std::optional<Rational> utility;  // absent without utility
  std::optional<Rational> surplus;
  std::optional<Rational> margin;  // absent without utility, and where best ≤ reservation
  bool within = true;              // inside its red lines and linked demands
  std::optional<Rational> value;  // absent: −∞. Margin (1 without utility) if within; see DepthKind
  std::vector<Demand> broken;  // limits, linked demands and the reservation that the package breaks
};

enum class DepthKind { hard, all };

LeafView view(const Problem& problem, int leaf, const Package& package,
              DepthKind kind = DepthKind::hard);

/// The value of the tree at a package; absent: −∞. 1 when nobody is asked.
std::optional<Rational> tree_value(const Problem& problem, const Package& package,
                                   DepthKind kind = DepthKind::hard);

/// The value of a tree for given leaf values: `all` = min, `any` = max, `at_least k` = k-th
/// largest, `quota` = the largest t such that the weight of the members with value ≥ t reaches the
/// need. Outer absence: not asked; inner absence: −∞. A node with nothing left is not asked; the
/// same convention holds for the root.
template <class Value>
using LeafValue = std::optional<std::optional<Value>>;

template <class Value>
LeafValue<Value> tree_value(const Tree& tree, const std::vector<LeafValue<Value>>& values);

/// The first rule (index in Scenario::rules) the package breaks, or nothing.
std::optional<int> broken_rule(const Problem& problem, const Package& package);

/// w_ij·v_ij at the package's place on issue j, in the leaf's unit.
Rational worth_at(const Leaf& leaf, const Problem& problem, const Package& package, int issue);

/// Whether the leaf is asked at this package.
bool asked(const Leaf& leaf, const std::vector<int>& pieces);

/// Whether the clause holds at this package.
bool holds(const Clause& clause, const std::vector<int>& pieces);

/// Distance beyond a soft end over the length of the scale, negated: the margin of a violated end,
/// 0 where the place is on the accepted side.
Rational soft_margin(const LeafDemand& demand, const Problem& problem, const Rational& place);

/// Whether the first package comes before the second in file order (places ascending, issue by
/// issue).
bool before(const Package& a, const Package& b);

template <class Value>
LeafValue<Value> tree_value(const Tree& tree, const std::vector<LeafValue<Value>>& values) {
  if (tree.kind == Consent::Kind::leaf) return values[static_cast<std::size_t>(tree.leaf)];
  struct Member {
    std::optional<Value> value;
    std::size_t index;
  };
  std::vector<Member> asked_members;
  for (std::size_t c = 0; c < tree.members.size(); ++c) {
    LeafValue<Value> value = tree_value<Value>(tree.members[c], values);
    if (value) asked_members.push_back({std::move(*value), c});
  }
  if (asked_members.empty()) return std::nullopt;
  std::stable_sort(asked_members.begin(), asked_members.end(),
                   [](const Member& a, const Member& b) { return a.value > b.value; });
  if (tree.kind == Consent::Kind::all) return asked_members.back().value;
  if (tree.kind == Consent::Kind::any) return asked_members.front().value;
  Rational reached = 0;
  for (const Member& member : asked_members) {
    reached += tree.kind == Consent::Kind::quota ? tree.weights[member.index] : Rational(1);
    if (reached >= (tree.kind == Consent::Kind::quota ? tree.need : Rational(tree.count)))
      return member.value;
  }
  return std::optional<Value>();
}

}  // namespace zopa
