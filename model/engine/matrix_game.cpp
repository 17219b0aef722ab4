// SPDX-License-Identifier: MIT
#include "model/engine/matrix_game.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/tools/at.hpp"

namespace zopa {
namespace {

constexpr double kEntering = 1e-10;  // reduced costs below this do not enter
constexpr double kPivot = 1e-9;      // entries below this do not pivot
constexpr double kPenalty = 1e7;     // of a violated constraint

enum Kind { kPackage, kLevel, kGap, kSurplus, kArtificial };  // t, d, surpluses of rows

}  // namespace

MatrixGame::MatrixGame(std::vector<int> groups, int constraints, int k, double floor)
    : groups_(std::move(groups)),
      objective_rows_(static_cast<int>(groups_.size())),
      constraints_(constraints),
      k_(k),
      floor_(floor) {
  for (int g : groups_) group_count_ = std::max(group_count_, g + 1);
  size_ = objective_rows_ + constraints_ + 1;
}

std::vector<double> MatrixGame::full_column(const Column& column) const {
  std::vector<double> full(at(size_), 0.0);
  for (int r = 0; r < objective_rows_; ++r) full[at(r)] = column.rows[at(r)] - floor_;
  for (int c = 0; c < constraints_; ++c)
    full[at(objective_rows_ + c)] = column.rows[at(objective_rows_ + c)];
  full[at(size_ - 1)] = 1.0;
  return full;
}

// Brings a column into the basis by the ratio test; of equal ratios the largest pivot leaves.
void MatrixGame::enter(const std::vector<double>& column, double cost, int kind, int index) {
  std::vector<double> direction(at(size_), 0.0);
  for (int r = 0; r < size_; ++r) {
    double sum = 0;
    const double* line = &inverse_[at(r) * at(size_)];
    for (int c = 0; c < size_; ++c) sum += line[c] * column[at(c)];
    direction[at(r)] = sum;
  }
  int leaving = -1;
  double least = std::numeric_limits<double>::infinity();
  for (int r = 0; r < size_; ++r) {
    if (direction[at(r)] <= kPivot) continue;
    const double ratio = std::max(0.0, rhs_[at(r)]) / direction[at(r)];
    if (ratio < least - 1e-13 ||
        (ratio <= least + 1e-13 && direction[at(r)] > direction[at(leaving)])) {
      least = std::min(least, ratio);
      leaving = r;
    }
  }
  if (leaving < 0) return;
  const double pivot = direction[at(leaving)];
  double* pivot_line = &inverse_[at(leaving) * at(size_)];
  for (int c = 0; c < size_; ++c) pivot_line[c] /= pivot;
  rhs_[at(leaving)] /= pivot;
  for (int r = 0; r < size_; ++r) {
    const double times = direction[at(r)];
    if (r == leaving || times == 0) continue;
    double* line = &inverse_[at(r) * at(size_)];
    for (int c = 0; c < size_; ++c) line[c] -= times * pivot_line[c];
    rhs_[at(r)] -= times * rhs_[at(leaving)];
  }
  basis_[at(leaving)] = {kind, index};
  cost_[at(leaving)] = cost;
}

// Makes Σλ = k with at most 1 in every group, which the duals of a basis meet only nearly: without
// it the oracle's value would be no bound.
void MatrixGame::make_valid(std::vector<double>& multipliers) const {
  if (k_ == 0) return;
  double total = 0;
  for (int r = 0; r < objective_rows_; ++r) total += multipliers[at(r)];
  if (!(total > 1e-9)) {
    for (int r = 0; r < objective_rows_; ++r) multipliers[at(r)] = 1;
    total = objective_rows_;
  }
  for (int r = 0; r < objective_rows_; ++r) multipliers[at(r)] *= k_ / total;
  if (k_ == 1) return;
  std::vector<double> of_group(at(group_count_), 0.0);
  for (int r = 0; r < objective_rows_; ++r) of_group[at(groups_[at(r)])] += multipliers[at(r)];
  double missing = 0;
  double room = 0;
  for (double& sum : of_group) {
    missing += std::max(0.0, sum - 1);
    room += std::max(0.0, 1 - sum);
  }
  if (missing == 0) return;
  std::vector<char> given(at(group_count_), 0);
  for (int r = 0; r < objective_rows_; ++r) {
    const double sum = of_group[at(groups_[at(r)])];
    if (sum > 1) {
      multipliers[at(r)] /= sum;
    } else if (!given[at(groups_[at(r)])] && room > 0) {
      multipliers[at(r)] += missing * (1 - sum) / room;
      given[at(groups_[at(r)])] = 1;
    }
  }
}

MatrixGame::Result MatrixGame::run(const Priced& first, const std::vector<Priced>& pool,
                                   const Oracle& oracle, double enough,
                                   const std::function<bool()>& go_on, int most) {
  // Start: the first package alone, t at its least row, every other row slack, violated constraints
  // artificial.
  inverse_.assign(at(size_) * at(size_), 0.0);
  rhs_.assign(at(size_), 0.0);
  cost_.assign(at(size_), 0.0);
  basis_.assign(at(size_), {kSurplus, 0});
  const std::vector<double> start = full_column(first.column);
  const int last = size_ - 1;
  int least_row = 0;
  for (int r = 1; r < objective_rows_; ++r) {
    if (start[at(r)] < start[at(least_row)]) least_row = r;
  }
  const auto cell = [&](int r, int c) -> double& { return inverse_[at(r) * at(size_) + at(c)]; };
  // Rows read: f_r·α − t + d − s = 0 and f_c·α − s + a = 0 and Σα = 1.
  cell(last, last) = 1;
  rhs_[at(last)] = 1;
  basis_[at(last)] = {kPackage, first.tag};
  cost_[at(last)] = first.column.cost;
  for (int r = 0; r < objective_rows_; ++r) {
    if (r == least_row) {  // t = f_least·α
      cell(r, r) = -1;
      cell(r, last) = start[at(r)];
      rhs_[at(r)] = start[at(r)];
      basis_[at(r)] = {kLevel, 0};
      cost_[at(r)] = k_;
    } else {  // s_r = f_r·α − t
      cell(r, r) = -1;
      cell(r, last) = start[at(r)] - start[at(least_row)];
      cell(r, least_row) = 1;
      rhs_[at(r)] = start[at(r)] - start[at(least_row)];
      basis_[at(r)] = {kSurplus, r};
    }
  }
  for (int c = objective_rows_; c < last; ++c) {
    const bool met = start[at(c)] >= 0;
    cell(c, c) = met ? -1 : 1;
    cell(c, last) = met ? start[at(c)] : -start[at(c)];
    rhs_[at(c)] = std::fabs(start[at(c)]);
    basis_[at(c)] = {met ? kSurplus : kArtificial, c};
    cost_[at(c)] = met ? 0 : -kPenalty;
  }

  Result result;
  result.bound = std::numeric_limits<double>::infinity();
  std::vector<double> dual(at(size_));
  std::vector<double> multipliers(at(objective_rows_ + constraints_));
  std::vector<double> unit(at(size_));
  std::vector<char> used(pool.size(), 0);

  for (int pivots = 0; pivots < most && go_on(); ++pivots) {
    for (int c = 0; c < size_; ++c) {
      double sum = 0;
      for (int r = 0; r < size_; ++r) sum += cost_[at(r)] * cell(r, c);
      dual[at(c)] = sum;
    }
    // Slack columns first: they cost no oracle call.
    int best_kind = -1;
    int best_index = 0;
    double best = kEntering;
    const auto consider = [&](int kind, int index, double reduced) {
      if (reduced > best) {
        best = reduced;
        best_kind = kind;
        best_index = index;
      }
    };
    for (int r = 0; r < last; ++r) consider(kSurplus, r, dual[at(r)]);
    if (objective_rows_ > 0) {
      double of_all = 0;
      for (int r = 0; r < objective_rows_; ++r) of_all += dual[at(r)];
      consider(kLevel, 0, k_ + of_all);
      if (k_ > 1) {
        for (int g = 0; g < group_count_; ++g) {
          double of_group = 0;
          for (int r = 0; r < objective_rows_; ++r)
            of_group += groups_[at(r)] == g ? dual[at(r)] : 0;
          consider(kGap, g, -1 - of_group);
        }
      }
    }
    if (best_kind >= 0) {
      std::fill(unit.begin(), unit.end(), 0.0);
      double cost = 0;
      if (best_kind == kSurplus) {
        unit[at(best_index)] = -1;
      } else if (best_kind == kLevel) {
        for (int r = 0; r < objective_rows_; ++r) unit[at(r)] = -1;
        cost = k_;
      } else {
        for (int r = 0; r < objective_rows_; ++r)
          unit[at(r)] = groups_[at(r)] == best_index ? 1 : 0;
        cost = -1;
      }
      enter(unit, cost, best_kind, best_index);
      continue;
    }
    for (std::size_t r = 0; r < multipliers.size(); ++r) multipliers[r] = std::max(0.0, -dual[r]);
    make_valid(multipliers);
    // Packages already known.
    int from_pool = -1;
    double pool_best = kEntering;
    for (std::size_t p = 0; p < pool.size(); ++p) {
      if (used[p]) continue;
      double reduced = pool[p].column.cost - dual[at(last)];
      for (std::size_t r = 0; r < multipliers.size(); ++r) {
        reduced += multipliers[r] *
                   (pool[p].column.rows[r] - (static_cast<int>(r) < objective_rows_ ? floor_ : 0));
      }
      if (reduced > pool_best) {
        pool_best = reduced;
        from_pool = static_cast<int>(p);
      }
    }
    if (from_pool >= 0) {
      used[at(from_pool)] = 1;
      enter(full_column(pool[at(from_pool)].column), pool[at(from_pool)].column.cost, kPackage,
            pool[at(from_pool)].tag);
      continue;
    }
    const Priced priced = oracle(multipliers);
    if (priced.value < result.bound) {
      result.bound = priced.value;
      result.multipliers = multipliers;
    }
    if (result.bound < enough) break;
    double floor_part = 0;
    for (int r = 0; r < objective_rows_; ++r) floor_part += multipliers[at(r)] * floor_;
    const double reduced = priced.value - floor_part - dual[at(last)];
    if (reduced <= 1e-11 * (1 + std::fabs(priced.value))) {
      result.optimal = true;
      break;
    }
    enter(full_column(priced.column), priced.column.cost, kPackage, priced.tag);
  }
  for (int r = 0; r < size_; ++r) {
    if (basis_[at(r)].first == kPackage && rhs_[at(r)] > 1e-10)
      result.mixture.emplace_back(basis_[at(r)].second, rhs_[at(r)]);
    if (basis_[at(r)].first == kArtificial) result.violation += std::max(0.0, rhs_[at(r)]);
  }
  return result;
}

}  // namespace zopa
