// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/problem.hpp"

namespace zopa {

/// One box of the proof that no package has a greater value. Over the packages of the box that meet
/// the clauses and red lines of the leaves in `accepting`,
///
///     Σ_i multiplier_i·(U_i(x) − R_i) + Σ_l rule_multiplier_l·(g_l(x) − h_l) ≤ bound,
///
/// the maximum taken issue by issue. All numbers are exact; U_i in the leaf's unit.
struct CertificateBox {
  std::vector<std::vector<char>> pieces;  // m×K_j: the pieces the box leaves to each issue
  std::vector<signed char> asked;         // n×1: 1 asked, 0 not asked, −1 either
  std::vector<char> accepting;            // n×1: leaves whose consent the box assumes
  std::vector<char> refusing;             // n×1: leaves whose consent the box does without
  std::vector<Rational>
      multipliers;  // λ_i over rows, ≥ 0; Σ = 1, or all 0 when the box is proven empty
  std::vector<Rational> rule_multipliers;  // μ_l ≥ 0, one a linear rule
};

/// The proof of a depth: a package that attains it, and boxes that together cover the agreement
/// space.
struct Certificate {
  DepthKind kind = DepthKind::hard;
  std::optional<Rational> depth;  // absent: the tree is −∞ everywhere
  std::optional<Package> package;
  std::vector<CertificateBox> boxes;
};

}  // namespace zopa
