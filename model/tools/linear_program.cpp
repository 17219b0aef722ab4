// SPDX-License-Identifier: MIT
#include "model/tools/linear_program.hpp"

#include <algorithm>

namespace zopa {
namespace {

// Tableau: one line a row, the right-hand side last; `reduced` holds c_B·B⁻¹·A − c, so that an
// entry below zero may enter. Columns: variables, slacks, artificials.
class Tableau {
 public:
  Tableau(const LinearProgram& program, const std::function<bool()>& go_on)
      : variables_(program.objective.size()), rows_(program.rows.size()), go_on_(go_on) {
    std::size_t artificials = 0;
    for (const auto& row : program.rows) artificials += row.bound < 0 ? 1 : 0;
    columns_ = variables_ + rows_ + artificials;
    lines_.assign(rows_, std::vector<Rational>(columns_ + 1));
    basis_.resize(rows_);
    std::size_t artificial = variables_ + rows_;
    for (std::size_t r = 0; r < rows_; ++r) {
      const auto& row = program.rows[r];
      const int sign = row.bound < 0 ? -1 : 1;
      for (std::size_t v = 0; v < variables_; ++v) lines_[r][v] = sign * row.coefficients[v];
      lines_[r][variables_ + r] = sign;
      lines_[r][columns_] = sign * row.bound;
      basis_[r] = variables_ + r;
      if (sign < 0) {
        lines_[r][artificial] = 1;
        basis_[r] = artificial++;
      }
    }
  }

  LinearSolution run(const LinearProgram& program) {
    LinearSolution solution;
    const std::size_t real = variables_ + rows_;
    if (columns_ > real) {
      std::vector<Rational> phase_one(columns_);
      for (std::size_t c = real; c < columns_; ++c) phase_one[c] = -1;
      price(phase_one);
      iterate(columns_);
      if (stopped_) solution.status = LinearSolution::Status::stopped;
      if (stopped_ || reduced_[columns_] < 0) return solution;
      expel_artificials(real);
    }
    std::vector<Rational> objective(columns_);
    std::copy(program.objective.begin(), program.objective.end(), objective.begin());
    price(objective);
    if (!iterate(real)) {
      solution.status =
          stopped_ ? LinearSolution::Status::stopped : LinearSolution::Status::unbounded;
      return solution;
    }
    solution.status = LinearSolution::Status::optimal;
    solution.value = reduced_[columns_];
    solution.point.assign(variables_, 0);
    for (std::size_t r = 0; r < rows_; ++r) {
      if (basis_[r] < variables_) solution.point[basis_[r]] = lines_[r][columns_];
    }
    for (std::size_t r = 0; r < rows_; ++r) solution.duals.push_back(reduced_[variables_ + r]);
    return solution;
  }

 private:
  void price(const std::vector<Rational>& objective) {
    reduced_.assign(columns_ + 1, 0);
    for (std::size_t c = 0; c < columns_; ++c) reduced_[c] = -objective[c];
    for (std::size_t r = 0; r < rows_; ++r) {
      const Rational cost = objective[basis_[r]];
      if (cost == 0) continue;
      for (std::size_t c = 0; c <= columns_; ++c) reduced_[c] += cost * lines_[r][c];
    }
  }

  // Returns false when the program is unbounded, or on a stop. Only columns before `end` may enter.
  bool iterate(std::size_t end) {
    while (true) {
      if (!go_on_()) {
        stopped_ = true;
        return false;
      }
      std::size_t entering = 0;
      while (entering < end && reduced_[entering] >= 0) ++entering;
      if (entering == end) return true;
      std::size_t leaving = rows_;
      Rational least;
      for (std::size_t r = 0; r < rows_; ++r) {
        if (lines_[r][entering] <= 0) continue;
        Rational ratio = lines_[r][columns_] / lines_[r][entering];
        if (leaving == rows_ || ratio < least || (ratio == least && basis_[r] < basis_[leaving])) {
          leaving = r;
          least = std::move(ratio);
        }
      }
      if (leaving == rows_) return false;
      pivot(leaving, entering);
    }
  }

  void pivot(std::size_t row, std::size_t column) {
    const Rational factor = lines_[row][column];
    for (Rational& x : lines_[row]) {
      if (x != 0) x /= factor;
    }
    const auto eliminate = [&](std::vector<Rational>& line) {
      const Rational times = line[column];
      if (times == 0) return;
      for (std::size_t c = 0; c <= columns_; ++c) {
        if (lines_[row][c] != 0) line[c] -= times * lines_[row][c];
      }
    };
    for (std::size_t r = 0; r < rows_; ++r) {
      if (r != row) eliminate(lines_[r]);
    }
    eliminate(reduced_);
    basis_[row] = column;
  }

  // Artificials that stay basic at zero leave through any real column; a row without one says 0 =
  // 0.
  void expel_artificials(std::size_t real) {
    for (std::size_t r = 0; r < rows_; ++r) {
      if (basis_[r] < real) continue;
      for (std::size_t c = 0; c < real; ++c) {
        if (lines_[r][c] != 0) {
          pivot(r, c);
          break;
        }
      }
    }
  }

  std::size_t variables_;
  std::size_t rows_;
  std::size_t columns_ = 0;
  std::vector<std::vector<Rational>> lines_;
  std::vector<Rational> reduced_;
  std::vector<std::size_t> basis_;
  const std::function<bool()>& go_on_;
  bool stopped_ = false;
};

}  // namespace

LinearSolution solve(const LinearProgram& program, const std::function<bool()>& go_on) {
  return Tableau(program, go_on).run(program);
}

std::optional<std::vector<Rational>> solve_equations(std::vector<std::vector<Rational>> a,
                                                     std::vector<Rational> b) {
  const std::size_t rows = a.size();
  const std::size_t columns = rows == 0 ? 0 : a[0].size();
  std::size_t done = 0;
  for (std::size_t c = 0; c < columns; ++c) {
    std::size_t pivot = done;
    while (pivot < rows && a[pivot][c] == 0) ++pivot;
    if (pivot == rows) return std::nullopt;
    std::swap(a[pivot], a[done]);
    std::swap(b[pivot], b[done]);
    for (std::size_t r = 0; r < rows; ++r) {
      if (r == done || a[r][c] == 0) continue;
      const Rational times = a[r][c] / a[done][c];
      for (std::size_t k = c; k < columns; ++k) a[r][k] -= times * a[done][k];
      b[r] -= times * b[done];
    }
    ++done;
  }
  for (std::size_t r = done; r < rows; ++r) {
    if (b[r] != 0) return std::nullopt;
  }
  std::vector<Rational> y(columns);
  for (std::size_t c = 0; c < columns; ++c) y[c] = b[c] / a[c][c];
  return y;
}

}  // namespace zopa
