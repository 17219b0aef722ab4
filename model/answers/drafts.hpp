// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/answers/overlap.hpp"

namespace zopa {

/// A text on the table, scored. Issues it leaves open are chosen best for the depth: the deepest
/// completion, red lines hard if any completion has a depth so, otherwise soft.
struct DraftScore {
  int draft = 0;                   // index in Scenario::drafts
  bool complete = false;           // every issue was named
  bool inside = true;              // some completion lies in the agreement space; see `broken_rule`
  std::optional<int> broken_rule;  // outside: the first rule (index in Scenario::rules) that alone
                                   // excludes the text; absent when it takes several
  std::optional<Package> package;  // the text with its chosen completion; absent when outside, and
                                   // for a partial text of which no completion has a depth
  std::vector<char> chosen;        // m×1: 1 where the completion chose
  DepthKind kind = DepthKind::hard;  // of the depth
  std::optional<Rational> depth;     // value of the tree at the package, in `kind`; absent: −∞
  Proof proof = Proof::exact;        // bounded: the search was stopped, the best completion found
  std::vector<LeafView> leaves;      // n×1 at the package, in `kind`; empty without a package
  std::vector<int> accepted_by;      // parties all of whose asked leaves accept (package in A_i)
  std::optional<Demand>
      first_broken;  // parties in file order; limits, linked demands, reservation. Without a
                     // package: the first demand that no completion keeps
};

/// One score for each draft, in the order of the file.
std::vector<DraftScore> score_drafts(const Scenario& scenario, const Problem& problem,
                                     const SolveSettings& settings);

}  // namespace zopa
