// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/answers/overlap.hpp"

namespace zopa {

/// What a rule of agreement picks.
struct Agreement {
  std::string rule;                // name of the row in the table of rules
  bool exists = false;             // false: empty zone, or the rule does not apply (see note)
  std::optional<Package> package;  // the first optimum in file order; absent for adjusted_winner
  std::optional<Integer>
      optima;  // number of optima; absent: a continuum, or not counted (see below)
  bool continuum = false;
  bool at_least = false;  // `optima` is a lower bound
  std::vector<std::optional<Span>>
      range;               // m×1: range over the optima of issues on which they differ
  std::string degenerate;  // in words, when a tie-break of the rule had to be used; else empty
  Proof proof = Proof::exact;
  double gap = 0;    // bounded: how far the objective may be from the best
  std::string note;  // in words: why it is missing, or what it breaks

  // adjusted_winner only: the share of each issue that goes to the first party's side, m×1, in [0,
  // 1].
  std::vector<Rational> first_party_share;
  std::vector<int> mixed_parties;                 // the two parties
  std::vector<Rational> mixed_utility;            // their utilities
  std::vector<Rational> first_best, second_best;  // m×1: the place each side mixes
  int split_issue = -1;
};

struct RuleContext {
  const Scenario& scenario;
  const Problem& problem;
  const Overlap& overlap;
  const SolveSettings& settings;
};

/// A row of the table of rules.
struct RuleRow {
  const char* name;
  const char* formula;
  const char* source;
  Agreement (*pick)(const RuleContext&);
};

std::span<const RuleRow> rule_table();

/// One agreement for each rule asked for, in the order of the table.
std::vector<Agreement> agreements(const RuleContext& context);

}  // namespace zopa
