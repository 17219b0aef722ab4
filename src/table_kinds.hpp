// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/table.hpp"

namespace zopa {

/// Every table the program writes: the one place that says its columns. Data packages, the schema
/// of the output, `zopa list tables` and the checks in `Table::add` come from it.
struct TableKind {
  std::string name;
  std::string title;
  std::string command;           // the command that writes it (the brief quotes those of others)
  std::vector<Column> columns;   // after scenario, variant and date
  std::vector<std::string> key;  // the columns that name a row, in one scenario
  bool of_scenario = true;       // begins with scenario, variant, date
};

std::span<const TableKind> table_kinds();

/// Where an answer comes from: the first columns of its tables.
struct Origin {
  std::string scenario;  // the path as given
  std::string variant;   // the variant's name and the edits, joined by a space; may be empty
  std::string date;      // the day it answers for; may be empty
};

/// An empty table of that kind, all its columns in place. Throws std::logic_error for another name.
Table make_table(std::string_view name);

/// Appends a row that begins with the origin.
void add_row(Table& table, const Origin& origin, std::vector<Cell> cells);

/// The names of the tables of a command, in order: the first is the one csv writes. The brief
/// writes those that it quotes.
std::vector<std::string> tables_of(std::string_view command);

/// The JSON Schema (2020-12) of what `--format json` writes.
std::string output_schema();

}  // namespace zopa
