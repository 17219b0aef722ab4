// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/tools/exact.hpp"

namespace zopa {

/// A linear program in exact fractions: maximise c·y subject to a_r·y ≤ b_r for every row and y ≥
/// 0.
struct LinearProgram {
  struct Row {
    std::vector<Rational> coefficients;  // one a variable
    Rational bound;
  };
  std::vector<Rational> objective;  // one a variable
  std::vector<Row> rows;
};

struct LinearSolution {
  enum class Status { optimal, infeasible, unbounded, stopped };
  Status status = Status::infeasible;
  Rational value;               // of the objective, when optimal
  std::vector<Rational> point;  // an optimal vertex
  std::vector<Rational> duals;  // one a row, ≥ 0: value = Σ dual·bound, and Σ dual·a_r ≥ c
};

/// Two-phase simplex on a dense tableau with Bland's rule: exact, always ends, meant for tens of
/// variables. Stops when `go_on`, asked at every pivot, says so. Source: Bland (1977), pp. 103–107.
LinearSolution solve(const LinearProgram& program, const std::function<bool()>& go_on);

/// The unique solution of a square or overdetermined system a·y = b in exact fractions; nothing
/// when there is none or more than one.
std::optional<std::vector<Rational>> solve_equations(std::vector<std::vector<Rational>> a,
                                                     std::vector<Rational> b);

}  // namespace zopa
