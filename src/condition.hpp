// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "src/table.hpp"

namespace zopa {

/// A condition on one column of a table, as `--fail-if` takes it: "COLUMN OP VALUE".
struct RowCondition {
  enum class Op { less, at_most, greater, at_least, equal, not_equal };
  std::string column;
  Op op = Op::equal;
  Cell value;  // a number where the column holds numbers, else a text

  /// Whether the row meets it. An empty depth is below every number; any other empty cell meets
  /// nothing but `!=`.
  bool holds(const Table& table, const std::vector<Cell>& row) const;
};

/// Reads a condition for a table ("depth < 0", "status = closed"). Throws UsageError that says what
/// is wrong: another form, an unknown column (with the nearest), a value the column cannot hold, an
/// order on words.
RowCondition parse_condition(const std::string& text, const Table& table);

}  // namespace zopa
