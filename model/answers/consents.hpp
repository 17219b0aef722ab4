// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/answers/overlap.hpp"
#include "model/problem.hpp"
#include "model/scenario.hpp"

namespace zopa {

/// One consent of the tree: a leaf at one place in it, or a node that asks others.
///
/// A consent that is *granted* has the value 1 wherever it is asked, that is wherever a leaf below
/// it is. Granting a consent never lowers the value of the tree, so that depths without it are at
/// least D, and sets of consents are monotone.
struct ConsentView {
  std::string path;       // as Leaf::path; the root is "consent"
  int leaf = -1;          // of the problem; −1: a node with members
  int above = -1;         // the node it belongs to, an index into Consents::nodes; −1: the root
  bool ratifier = false;  // granted at the leaders' table, itself or a node above it

  std::optional<Depth> without;  // D_−N: the depth when it is granted, in Consents::kind, with its
                                 // deepest package; absent for the root
  std::optional<Rational> cost;  // D_−N − D ≥ 0: what this consent costs; absent where a depth is
  bool cost_bounded = false;  // a search was stopped
  bool alone = false;  // D < 0 ≤ D_−N: everybody else could sign, it alone stands against
  /// Its own value at the deepest package without it. Outer absence: not asked there, or there is
  /// no such package; inner absence: −∞.
  LeafValue<Rational> there;
  /// Whether Z is the same without it: an absorbed veto costs nothing. Where only a count can tell
  /// (a leaf that can be outvoted, or a node other than `all`) and issues are continuous: the same
  /// but for packages without breadth. Absent: not decided, Z is empty, or the root.
  std::optional<bool> absorbed;
  LeafValue<Rational> at_table;  // its value at the leaders' package; as `there`
};

/// Who would sign, and what each consent costs.
///
/// The **leaders' table**: in a nested node `all` the member named first negotiates and the others
/// ratify. Every member of the root that is a node `all` of several gives way to its first member,
/// and that again to its first while it is such a node; all consents that fall away are ratifiers.
/// Other nodes, and the root whatever its kind, stand as they are. What the leaders could agree on
/// is the depth when all ratifiers grant their consent; if then Z is empty because of them, that is
/// involuntary defection.
///
/// Source: Putnam (1988), pp. 436–440; absorbed vetoes: Tsebelis (2002), pp. 26–30.
struct Consents {
  DepthKind kind = DepthKind::hard;  // of every depth and value here: hard if D_hard exists
  Depth depth;                       // D
  std::vector<ConsentView> nodes;    // the root first, each node before its members, in file order

  bool nested = false;           // there are ratifiers
  std::optional<Depth> leaders;  // their depth and its deepest package; absent when not nested
  bool ratified = false;         // the whole tree accepts the leaders' package
  bool involuntary_defection = false;  // D < 0 ≤ the leaders' depth

  /// Sets of consents are made of leaves and of nodes other than `all`, except the root: an `all`
  /// is no more than its members. Rising indices into `nodes`; sets by size, then
  /// lexicographically.
  std::vector<std::vector<int>> openings;  // granted together they open the zone, no part does
  std::vector<std::vector<int>> blocks;    // cannot be had together though all others are granted;
                                           // any part can
  bool sets_complete = true;               // false: there may be more of both

  bool complete = true;  // false: something above is bounded or not decided
};

struct ConsentSettings {
  std::size_t most_sets = 1000;  // openings and blocks together
  bool sets = true;
  int jobs = 1;
  Progress progress = no_progress();
};

Consents consents(const Problem& problem, const ConsentSettings& settings);

/// The node of the scenario's consent tree at a path such as "consent.all.1"; it holds the title.
const Consent& consent_at(const Scenario& scenario, const std::string& path);

}  // namespace zopa
