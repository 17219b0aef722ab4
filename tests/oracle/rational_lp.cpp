// SPDX-License-Identifier: MIT
#include "tests/oracle/rational_lp.hpp"

#include <numeric>
#include <stdexcept>

namespace zopa::oracle {
namespace {

// A dictionary: basic_k = constant_k − Σ_c entry_kc · nonbasic_c, objective = value + Σ_c gain_c ·
// nonbasic_c. Variables are numbered: x first, then the slacks of the rows, then the artificial.
struct Dictionary {
  std::vector<int> basic;
  std::vector<int> nonbasic;
  std::vector<std::vector<Rational>> entry;
  std::vector<Rational> constant;
  std::vector<Rational> gain;
  Rational value;

  void pivot(std::size_t row, std::size_t column) {
    const Rational by = entry[row][column];
    for (Rational& e : entry[row]) e /= by;
    constant[row] /= by;
    entry[row][column] = 1 / by;
    for (std::size_t k = 0; k < entry.size(); ++k) {
      if (k == row || entry[k][column] == 0) continue;
      const Rational factor = entry[k][column];
      entry[k][column] = 0;
      for (std::size_t c = 0; c < nonbasic.size(); ++c) entry[k][c] -= factor * entry[row][c];
      constant[k] -= factor * constant[row];
    }
    const Rational factor = gain[column];
    gain[column] = 0;
    for (std::size_t c = 0; c < nonbasic.size(); ++c) gain[c] -= factor * entry[row][c];
    value += factor * constant[row];
    std::swap(basic[row], nonbasic[column]);
  }

  void climb() {
    for (;;) {
      std::optional<std::size_t> enter;
      for (std::size_t c = 0; c < nonbasic.size(); ++c)
        if (gain[c] > 0 && (!enter || nonbasic[c] < nonbasic[*enter])) enter = c;
      if (!enter) return;
      std::optional<std::size_t> leave;
      Rational least;
      for (std::size_t k = 0; k < basic.size(); ++k) {
        if (entry[k][*enter] <= 0) continue;
        const Rational ratio = constant[k] / entry[k][*enter];
        if (!leave || ratio < least || (ratio == least && basic[k] < basic[*leave])) {
          leave = k;
          least = ratio;
        }
      }
      if (!leave) throw std::logic_error("unbounded linear program");
      pivot(*leave, *enter);
    }
  }
};

}  // namespace

std::optional<LpOptimum> maximise(const std::vector<Rational>& objective,
                                  const std::vector<LpRow>& rows) {
  const auto n = static_cast<int>(objective.size());
  Dictionary d;
  d.nonbasic.resize(objective.size());
  std::iota(d.nonbasic.begin(), d.nonbasic.end(), 0);
  std::size_t lowest = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    d.basic.push_back(n + static_cast<int>(k));
    d.entry.push_back(rows[k].coefficients);
    d.constant.push_back(rows[k].bound);
    if (rows[k].bound < rows[lowest].bound) lowest = k;
  }
  if (!rows.empty() && rows[lowest].bound < 0) {
    // Phase one: every row may be exceeded by an artificial variable, which is then driven to 0.
    const int artificial = n + static_cast<int>(rows.size());
    d.nonbasic.push_back(artificial);
    for (auto& row : d.entry) row.emplace_back(-1);
    d.gain.assign(d.nonbasic.size(), 0);
    d.gain.back() = -1;
    d.pivot(lowest, d.nonbasic.size() - 1);
    d.climb();
    if (d.value < 0) return std::nullopt;
    for (std::size_t k = 0; k < d.basic.size(); ++k) {
      if (d.basic[k] != artificial) continue;
      std::size_t column = 0;  // it is 0: any column with an entry takes its place
      while (column < d.nonbasic.size() && d.entry[k][column] == 0) ++column;
      d.pivot(k, column);
      break;
    }
    std::size_t column = 0;
    while (d.nonbasic[column] != artificial) ++column;
    d.nonbasic.erase(d.nonbasic.begin() + static_cast<std::ptrdiff_t>(column));
    for (auto& row : d.entry) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
  }
  d.value = 0;
  d.gain.assign(d.nonbasic.size(), 0);
  for (std::size_t c = 0; c < d.nonbasic.size(); ++c)
    if (d.nonbasic[c] < n) d.gain[c] = objective[static_cast<std::size_t>(d.nonbasic[c])];
  for (std::size_t k = 0; k < d.basic.size(); ++k) {
    if (d.basic[k] >= n) continue;
    const Rational& weight = objective[static_cast<std::size_t>(d.basic[k])];
    d.value += weight * d.constant[k];
    for (std::size_t c = 0; c < d.nonbasic.size(); ++c) d.gain[c] -= weight * d.entry[k][c];
  }
  d.climb();
  LpOptimum optimum{d.value, std::vector<Rational>(objective.size())};
  for (std::size_t k = 0; k < d.basic.size(); ++k)
    if (d.basic[k] < n) optimum.x[static_cast<std::size_t>(d.basic[k])] = d.constant[k];
  return optimum;
}

}  // namespace zopa::oracle
