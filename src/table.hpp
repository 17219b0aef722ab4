// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/tools/exact.hpp"

namespace zopa {

/// What the cells of a column hold. `settlement` is one settlement of an issue: a number on a
/// numeric issue, otherwise the id of an option.
enum class CellType { text, date, integer, number, boolean, settlement };

/// How people read the numbers of a column. Programs always get full precision.
enum class NumberStyle { plain, margin, unit, share, count };

/// One column. Writers, data packages, help and the schema of the output are made from it.
struct Column {
  std::string name;  // snake_case, the same in csv and json
  CellType type = CellType::text;
  std::string description;
  std::string unit = "";  // empty: none
  NumberStyle style = NumberStyle::plain;
  bool required = false;                 // true: no row leaves it empty
  std::vector<std::string> one_of = {};  // the words it may hold; empty: any
};

/// Empty (std::monostate) means "not there"; no number stands for it.
using Cell = std::variant<std::monostate, std::string, Integer, double, bool>;

inline bool absent(const Cell& cell) { return std::holds_alternative<std::monostate>(cell); }

/// One observation a row (long form), one cell a column.
struct Table {
  std::string name;   // snake_case
  std::string title;  // what its rows are, for people
  std::vector<Column> columns;
  std::vector<std::string> key;  // the columns that name a row; may be empty
  std::vector<std::vector<Cell>> rows = {};

  /// The index of the column of that name. Throws std::logic_error when there is none.
  std::size_t column(std::string_view column_name) const;

  /// Appends a row. Throws std::logic_error when it has the wrong length, a cell of the wrong type,
  /// a number that is not finite, or nothing where the column is required: a fault of ours.
  void add(std::vector<Cell> row);
};

/// The cell as csv, json and `--fail-if` see it: shortest text that reads back the same, all digits
/// of an integer, `true` and `false`; empty when absent.
std::string plain_text(const Cell& cell);

/// The shortest decimal text that reads back as the same double; never "-0". Throws
/// std::logic_error when it is not finite.
std::string plain_text(double value);

}  // namespace zopa
