// SPDX-License-Identifier: MIT
#include "tests/model/random_sums.hpp"

#include <algorithm>
#include <random>

namespace zopa::test {

Sums random_sums(std::uint64_t seed, const SumsShape& shape) {
  std::mt19937_64 engine(seed);
  const auto number = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(engine);
  };
  Sums sums;
  const int rows = number(0, shape.most_rows);
  const int columns = number(1, shape.most_columns);
  std::vector<Int128> most(static_cast<std::size_t>(rows), 0);
  std::vector<Int128> unit(most.size(), 1);
  for (Int128& each : unit)
    if (shape.bits > 0) each = (Int128{1} << (shape.bits - 1)) + number(0, 1000);
  for (int j = 0; j < columns; ++j) {
    Sums::Column& column = sums.columns.emplace_back();
    column.issues = {j};
    const int settlements = number(0, 5) == 0 ? 1 : number(1, shape.most_settlements);
    for (int k = 0; k < settlements; ++k) column.joint.push_back({k});
    const bool same = number(0, 7) == 0;
    for (int r = 0; r < rows; ++r) {
      auto& term = column.term.emplace_back();
      const int top = number(0, 3) == 0 ? 0 : number(0, shape.most_term);
      for (int k = 0; k < settlements; ++k) {
        const auto at = static_cast<std::size_t>(r);
        term.push_back((same ? top : number(0, top)) * unit[at] + (k % 3 == 2 && top > 0 ? 1 : 0));
      }
      const Int128 least = *std::min_element(term.begin(), term.end());
      for (Int128& value : term) value -= least;
      most[static_cast<std::size_t>(r)] += *std::max_element(term.begin(), term.end());
    }
  }
  for (std::size_t r = 0; r < most.size(); ++r) {
    const int place = number(0, 9);
    Int128 need = place == 0   ? most[r] + 1
                  : place == 1 ? most[r]
                  : place == 2 ? 1
                               : most[r] * number(0, 100) / 100;
    need = std::max<Int128>(need, 1);
    sums.none |= need > most[r];
    sums.need.push_back(need);
    for (Sums::Column& column : sums.columns)
      for (Int128& value : column.term[r]) value = std::min(value, need);
  }
  return sums;
}

}  // namespace zopa::test
