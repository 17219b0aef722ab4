// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

namespace zopa {

/// The linear program of a node: packages may be mixed, and the mixture is to be best for
///
///     maximise  k·t − Σ_g d_g + Σ_c cost_c·α_c
///     subject to  f_r(α) ≥ t − d_{group(r)}   for every objective row r,      d ≥ 0,
///                 f_c(α) ≥ 0                   for every constraint row c,
///                 α a mixture of packages,
///
/// that is: the sum of the k smallest of the groups (each the least of its rows), plus a linear
/// cost. The columns are packages, priced in by an oracle (column generation): for multipliers λ on
/// the objective rows and μ on the constraint rows the oracle finds the package with the greatest Σ
/// λ_r f_r + Σ μ_c f_c + cost, which is at the same time an upper bound on the program. With k = 1
/// and no cost this is a matrix game, and λ its mixed strategy.
///
/// In double precision: guides the search and never decides. Source: Dantzig and Wolfe (1960), pp.
/// 101–111.
class MatrixGame {
 public:
  struct Column {
    std::vector<double> rows;  // objective rows, then constraint rows
    double cost = 0;
  };
  struct Priced {
    Column column;
    double value = 0;  // Σ λ f + Σ μ f + cost over the objective and constraint rows
    int tag = 0;       // the caller's name of the package
  };
  /// Called with λ (objective rows) followed by μ (constraint rows).
  using Oracle = std::function<Priced(const std::vector<double>&)>;

  /// `groups`: the group of each objective row, 0 … groups−1. `k` = 0: no objective rows, only the
  /// cost counts. `floor`: below every value an objective row takes.
  MatrixGame(std::vector<int> groups, int constraints, int k, double floor);

  struct Result {
    double bound = 0;                             // an upper bound: the least oracle value met
    std::vector<double> multipliers;              // λ then μ at which it was met
    std::vector<std::pair<int, double>> mixture;  // tags and weights of the last basis
    double violation = 0;  // of the constraints by the mixture; > 0: none found that meets them
    bool optimal = false;
  };

  /// Starts from `first` and stops when optimal, when a bound below `enough` is met, after `most`
  /// pivots, or when `go_on` (asked at every pivot) says so.
  Result run(const Priced& first, const std::vector<Priced>& pool, const Oracle& oracle,
             double enough, const std::function<bool()>& go_on, int most = 1000);

 private:
  void make_valid(std::vector<double>& multipliers) const;
  void enter(const std::vector<double>& column, double cost, int kind, int index);
  std::vector<double> full_column(const Column& column) const;

  std::vector<int> groups_;
  int group_count_ = 0;
  int objective_rows_;
  int constraints_;
  int k_;
  double floor_;
  int size_ = 0;
  std::vector<double> inverse_;             // size×size, row-major
  std::vector<double> rhs_;                 // basic values
  std::vector<double> cost_;                // of the basic variables
  std::vector<std::pair<int, int>> basis_;  // kind and index
};

}  // namespace zopa
