// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "model/problem.hpp"

namespace zopa {

/// An additive function of a package,
///
///     f(x) = factor · (Σ_j term_j(x_j) + constant),      factor > 0,
///
/// with integer terms at the two ends of every piece and straight lines between. Margins,
/// surpluses, soft ends of red lines, linear rules and places are all forms, so that one search
/// serves them.
struct Form {
  std::vector<std::vector<PieceWorth>> terms;  // m×K_j; an empty line: 0 on that issue
  Rational constant = 0;
  Rational factor = 1;
};

/// Σ_j of the given terms, at the two ends of every piece (an empty line: 0 on that issue). Throws
/// ModelError when whole numbers of their least common denominator need more than 126 bits.
Form fraction_form(const std::vector<std::vector<std::pair<Rational, Rational>>>& terms);

/// m_i(x) = (U_i(x) − R_i) / (B_i − R_i). Requires best > reservation.
Form margin_form(const Leaf& leaf);

/// s_i(x) = (U_i(x) − R_i) / unit.
Form surplus_form(const Leaf& leaf);

/// u_i(x) = U_i(x) / unit.
Form utility_form(const Leaf& leaf);

/// Σ_j coefficient_j·x_j − bound of a linear rule; at least 0 where the rule holds.
Form rule_form(const Problem& problem, const LinearRule& rule);

/// The margin of a soft end of a red line where it is violated; `inside` (0 or 1) where it is not.
/// With 0 the form is concave and serves whenever the depth is known to be below 0; with 1 it asks
/// nothing.
Form soft_form(const Problem& problem, const LeafDemand& demand, int inside);

/// 1 on the pieces of the set, `outside` elsewhere.
Form set_form(const Problem& problem, const PieceSet& set, const Rational& outside);

/// sign · (x_j − from), the place on issue j.
Form place_form(const Problem& problem, int issue, const Rational& from, int sign);

/// What brought to whole numbers needs more than 126 bits, so that its form cannot be had
/// (ModelError): a linear rule, as index in Scenario::rules, or the scale of an issue. The first of
/// several, issues first; nothing where every form fits.
struct TooWide {
  int rule = -1;
  int issue = -1;
};
std::optional<TooWide> too_wide(const Problem& problem);

/// Σ_j of the least term of issue j: nothing the form takes is below.
Rational least_term_sum(const Form& form);

/// The form's exact value at a package.
Rational value(const Form& form, const Problem& problem, const Package& package);

}  // namespace zopa
