// SPDX-License-Identifier: MIT
#include "src/table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace zopa {
namespace {

bool fits(const Cell& cell, const Column& column) {
  if (absent(cell)) return !column.required;
  switch (column.type) {
    case CellType::text: {
      const auto* text = std::get_if<std::string>(&cell);
      return text != nullptr &&
             (column.one_of.empty() ||
              std::find(column.one_of.begin(), column.one_of.end(), *text) != column.one_of.end());
    }
    case CellType::date: return std::holds_alternative<std::string>(cell);
    case CellType::integer: return std::holds_alternative<Integer>(cell);
    case CellType::number: return std::holds_alternative<double>(cell);
    case CellType::boolean: return std::holds_alternative<bool>(cell);
    case CellType::settlement:
      return std::holds_alternative<double>(cell) || std::holds_alternative<std::string>(cell) ||
             std::holds_alternative<Integer>(cell);
  }
  return false;
}

}  // namespace

std::size_t Table::column(std::string_view column_name) const {
  const auto it = std::find_if(columns.begin(), columns.end(),
                               [&](const Column& c) { return c.name == column_name; });
  if (it == columns.end()) {
    throw std::logic_error("table " + name + " has no column " + std::string(column_name));
  }
  return static_cast<std::size_t>(it - columns.begin());
}

void Table::add(std::vector<Cell> row) {
  if (row.size() != columns.size()) {
    throw std::logic_error("table " + name + ": a row of " + std::to_string(row.size()) +
                           " cells for " + std::to_string(columns.size()) + " columns");
  }
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (!fits(row[c], columns[c])) {
      throw std::logic_error("table " + name + ": column " + columns[c].name + " cannot hold '" +
                             plain_text(row[c]) + "'");
    }
    const auto* number = std::get_if<double>(&row[c]);
    if (number != nullptr && !std::isfinite(*number)) {
      throw std::logic_error("table " + name + ": column " + columns[c].name + " is not finite");
    }
  }
  rows.push_back(std::move(row));
}

std::string plain_text(double value) {
  if (!std::isfinite(value)) throw std::logic_error("a number that is not finite");
  if (value == 0) return "0";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string plain_text(const Cell& cell) {
  struct Visitor {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const Integer& value) const { return value.str(); }
    std::string operator()(double value) const { return plain_text(value); }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
  };
  return std::visit(Visitor{}, cell);
}

}  // namespace zopa
