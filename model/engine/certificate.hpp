// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/problem.hpp"

namespace zopa {

/// One box of the proof that no package has a greater value. A box restricts each issue to some of
/// its pieces, and says of some leaves that their consent is counted on, of others that it is done
/// without. Over the packages of the box that meet the rules and the hard demands of the leaves
/// counted on,
///
///     Σ_r multiplier_r·row_r(x) + Σ_l rule_multiplier_l·(g_l(x) − h_l) ≤ depth,
///
/// the maximum taken issue by issue, where the rows carry weight only for leaves whose consent is
/// counted on or indispensable in the box. Rows, leaf by leaf: the margin of a leaf with utility (0
/// where its best equals its reservation; none where its best is below), then in the kind `all`
/// each soft end of its red lines in the order of its demands. All numbers are exact.
struct CertificateBox {
  std::vector<std::vector<char>> pieces;  // m×K_j: the pieces the box leaves to each issue
  std::vector<char> accepting;            // n×1: leaves whose consent is counted on
  std::vector<char> refusing;             // n×1: leaves whose consent is done without
  std::vector<Rational>
      multipliers;  // λ over rows, ≥ 0, Σ = 1; all 0: the box is empty, or one package
  std::vector<Rational>
      rule_multipliers;  // μ ≥ 0: over the linear rules, then over the n leaves (U_i − R_i ≥ 0
                         // in utilities, used where best equals reservation)
};

/// The proof of a depth: a package that attains it, and boxes that together cover the agreement
/// space.
struct Certificate {
  DepthKind kind = DepthKind::hard;
  std::optional<Rational> depth;  // absent: no certificate
  std::optional<Package> package;
  std::vector<CertificateBox> boxes;
};

}  // namespace zopa
