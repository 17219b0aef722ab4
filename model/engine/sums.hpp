// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/engine/selection.hpp"

namespace zopa {

/// A selection as sums alone: packages of columns whose terms reach the need of every row. A column
/// is one issue of the selection, or several that clauses tie together; the settlements of such a
/// column are the joint settlements that break no clause. There is no clause and no tree.
struct Sums {
  struct Column {
    std::vector<int> issues;                // of the selection, rising
    std::vector<std::vector<int>> joint;    // settlements×issues: which piece of each issue
    std::vector<std::vector<Int128>> term;  // rows×settlements; 0 ≤ term ≤ need, the least is 0
  };
  std::vector<Column> columns;
  std::vector<Int128> need;  // rows×1, each > 0, in units in which no row has a common factor
  bool none = false;         // no package meets all rows, or some clause cannot be met

  std::size_t rows() const { return need.size(); }
};

/// The selection as sums, without its factor. Nothing where it has a tree, rows beyond 120 bits,
/// continuous issues, or a column would have more than `most_settlements`.
///
/// Terms that are enough for their row by themselves are cut down to the need, which changes no
/// package's fate; the row is divided by the common factor of the others, the need rounded up.
std::optional<Sums> as_sums(const Selection& selection, std::size_t most_settlements = 4096);

}  // namespace zopa
