// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/answers/depth.hpp"
#include "model/answers/overlap.hpp"

namespace zopa {

/// What a rule of agreement picks.
struct Agreement {
  std::string rule;                // name of the row in the table of rules
  bool exists = false;             // false: empty zone, or the rule does not apply (see note)
  std::optional<Package> package;  // the first optimum in file order; absent for adjusted_winner
  std::optional<Integer> optima;   // number of optima; absent: a continuum, or adjusted_winner
  bool continuum = false;
  bool at_least = false;  // `optima` is a lower bound, and so are the ranges
  std::vector<std::optional<Span>>
      range;               // m×1: range over the optima of issues on which they differ
  std::string degenerate;  // in words, when a tie-break of the rule had to be used; else empty
  Proof proof = Proof::exact;
  double gap = 0;    // bounded: by which share of itself the objective may be below the best
  std::string note;  // in words: why it is missing, or what it breaks

  // adjusted_winner only: the share of each issue that goes to the first party's side, m×1, in [0,
  // 1].
  std::vector<Rational> first_party_share;
  std::vector<int> mixed_parties;                 // the two parties
  std::vector<Rational> mixed_utility;            // their utilities
  std::vector<Rational> first_best, second_best;  // m×1: the place each side mixes
  int split_issue = -1;
};

/// What a rule sees. The zone is not empty when a rule is asked.
struct RuleContext {
  const Scenario& scenario;
  const Problem& problem;
  const Overlap& overlap;
  const SolveSettings& settings;
  DepthFinder& finder;      // forms may be added to its searches
  std::vector<int> leaves;  // those of the tree with a utility: whom the rules weigh
};

/// A row of the table of rules.
struct RuleRow {
  const char* name;
  const char* formula;
  const char* source;
  Agreement (*pick)(RuleContext&);
};

std::span<const RuleRow> rule_table();

/// One agreement for each rule asked for (`settings.rules`; empty: all), in the order of the table.
/// None exists when the zone is empty: no rule is applied to a relaxed set.
std::vector<Agreement> agreements(const Scenario& scenario, const Problem& problem,
                                  const Overlap& overlap, const SolveSettings& settings);

// The rules, one a file (model/answers/rules/). Definitions: model/README.md, "Rules".

/// max Π s_i over the zone, with equal exponents, or the parties' power as exponents when
/// `settings.power` asks for it. Where a leaf can be outvoted: over the packages at which no asked
/// leaf's value is negative. If the greatest product is 0: most leaves with s_i > 0, then the
/// product of their margins, then leximin of m. Exact on issues with settlements; with a continuum
/// within 1e-9 of the greatest product. Source: Nash (1950), pp. 155–162; the exponents: Kalai
/// (1977b), pp. 129–133.
Agreement nash(RuleContext& context);

/// leximin of s_i / (b_i^Z − r_i), b_i^Z the best of i over the zone; a leaf with b_i^Z ≤ r_i
/// counts as 1. Remaining ties by leximin of m, so it is Pareto efficient. Source: Kalai and
/// Smorodinsky (1975), pp. 513–518; more than two: Imai (1983), pp. 389–401.
Agreement kalai_smorodinsky(RuleContext& context);

/// leximin of s_i: needs utilities that can be compared between parties. Source: Kalai (1977), pp.
/// 1623–1630.
Agreement egalitarian(RuleContext& context);

/// leximin of m_i: the depth rule, refined. Source: Thiessen (1996); Imai (1983), pp. 389–401.
Agreement leximin(RuleContext& context);

/// max Σ s_i over the zone: may leave a party nothing; needs utilities that can be compared.
/// Source: Harsanyi (1955), pp. 309–321.
Agreement utilitarian(RuleContext& context);

/// Fallback bargaining: F_i(x) = share of the zone that i strictly prefers to x; the least largest
/// F_i, then the next, then leximin of m. Uses orders only. Exact where the zone can be listed,
/// otherwise left out with a word. Source: Brams and Kilgour (2001), pp. 287–316.
Agreement fallback(RuleContext& context);

/// Adjusted winner, for two whole parties under `all` without rules: each issue a mixture of one
/// best settlement of each, leximin of u. As published: ignores reservations, red lines and
/// demands; the note says which it breaks. Of issues with equal ratios the first in file order goes
/// over first. Source: Brams and Taylor (1996), ch. 4–5.
Agreement adjusted_winner(RuleContext& context);

}  // namespace zopa
