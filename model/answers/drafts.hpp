// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/answers/overlap.hpp"

namespace zopa {

/// A text on the table, scored. Issues it leaves open are chosen best for the depth.
struct DraftScore {
  int draft = 0;          // index in Scenario::drafts
  bool complete = false;  // every issue was named
  bool inside = true;     // in the agreement space; else `broken_rule` says which rule breaks it
  std::optional<int>
      broken_rule;  // index in Scenario::rules; absent when no single one is to blame
  std::optional<Package> package;    // the text with its chosen completion; absent when outside
  std::vector<char> chosen;          // m×1: 1 where the completion chose
  DepthKind kind = DepthKind::hard;  // the completion's; hard if it exists
  std::optional<Rational> depth;     // value of the tree at the package, in `kind`; absent: −∞
  Proof proof = Proof::exact;
  std::vector<LeafView> leaves;        // n×1 at the package, in `kind`
  std::vector<int> accepted_by;        // parties all of whose asked leaves accept (package in A_i)
  std::optional<Demand> first_broken;  // parties in file order; limits, linked demands, reservation
};

std::vector<DraftScore> score_drafts(const Scenario& scenario, const Problem& problem,
                                     const Overlap& overlap, const SolveSettings& settings);

}  // namespace zopa
