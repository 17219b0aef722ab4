// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/tools/exact.hpp"

namespace zopa::oracle {

/// Σ_k coefficients_k · x_k ≤ bound.
struct LpRow {
  std::vector<Rational> coefficients;
  Rational bound;
};

struct LpOptimum {
  Rational value;
  std::vector<Rational> x;
};

/// Maximises objective · x over {x ≥ 0 : rows}, by the dense simplex method in exact fractions with
/// Bland's rule, which cannot cycle. Returns nothing when no x satisfies the rows. The optimum must
/// be finite: throws std::logic_error otherwise.
std::optional<LpOptimum> maximise(const std::vector<Rational>& objective,
                                  const std::vector<LpRow>& rows);

}  // namespace zopa::oracle
