// SPDX-License-Identifier: MIT
#include "src/condition.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "src/input_error.hpp"
#include "src/nearest.hpp"

namespace zopa {
namespace {

using Op = RowCondition::Op;

// Longer signs first: "<=" is not "<".
constexpr std::array<std::pair<std::string_view, Op>, 7> kSigns{{{"<=", Op::at_most},
                                                                 {">=", Op::at_least},
                                                                 {"!=", Op::not_equal},
                                                                 {"==", Op::equal},
                                                                 {"<", Op::less},
                                                                 {">", Op::greater},
                                                                 {"=", Op::equal}}};

[[noreturn]] void refuse(const std::string& problem, const std::string& remedy) {
  throw UsageError("zopa: --fail-if: " + problem + "\n  " + remedy);
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

bool compare(Op op, int order) {
  switch (op) {
    case Op::less: return order < 0;
    case Op::at_most: return order <= 0;
    case Op::greater: return order > 0;
    case Op::at_least: return order >= 0;
    case Op::equal: return order == 0;
    case Op::not_equal: break;
  }
  return order != 0;
}

bool numeric(CellType type) { return type == CellType::number || type == CellType::integer; }

Rational number_of(const Cell& cell) {
  const auto* whole = std::get_if<Integer>(&cell);
  return whole ? Rational(*whole) : Rational(std::get<double>(cell));
}

}  // namespace

bool RowCondition::holds(const Table& table, const std::vector<Cell>& row) const {
  const std::size_t c = table.column(column);
  const Cell& cell = row.at(c);
  if (absent(cell)) {
    const bool depth = column == "depth" || column == "depth_low" || column == "depth_high" ||
                       column == "relaxed_depth";
    return depth ? compare(op, -1) : op == Op::not_equal;
  }
  if (numeric(table.columns[c].type)) {
    const Rational here = number_of(cell);
    const Rational there = number_of(value);
    return compare(op, here < there ? -1 : here > there ? 1 : 0);
  }
  return compare(op, plain_text(cell) == plain_text(value) ? 0 : 1);
}

RowCondition parse_condition(const std::string& text, const Table& table) {
  const std::string form = "Write COLUMN OP VALUE with <, <=, >, >=, = or !=, e.g. 'depth < 0'.";
  const std::size_t begin = text.find_first_of("<>=!");
  const auto sign = begin == std::string::npos
                        ? kSigns.end()
                        : std::find_if(kSigns.begin(), kSigns.end(), [&](const auto& s) {
                            return std::string_view(text).substr(begin).starts_with(s.first);
                          });
  if (sign == kSigns.end()) refuse("'" + text + "' is no condition.", form);
  RowCondition condition{trimmed(text.substr(0, begin)), sign->second, {}};
  const std::string value = trimmed(text.substr(begin + sign->first.size()));
  std::vector<std::string> names;
  for (const Column& each : table.columns) names.push_back(each.name);
  const auto found = std::find(names.begin(), names.end(), condition.column);
  if (found == names.end()) {
    refuse("the table " + table.name + " has no column '" + condition.column + "'.",
           name_hint(condition.column, names));
  }
  if (value.empty()) refuse("'" + text + "' has no value.", form);
  const Column& column = table.columns[static_cast<std::size_t>(found - names.begin())];
  if (numeric(column.type)) {
    const auto number = parse_decimal(value);
    if (!number) refuse("'" + value + "' is no number.", form);
    condition.value = to_double(*number);
    return condition;
  }
  const bool order = condition.op != Op::equal && condition.op != Op::not_equal;
  if (order) refuse("the words of '" + column.name + "' have no order.", "Write = or !=.");
  if (!column.one_of.empty() &&
      std::find(column.one_of.begin(), column.one_of.end(), value) == column.one_of.end()) {
    refuse("'" + value + "' is no value of " + column.name + ".", name_hint(value, column.one_of));
  }
  condition.value = value;
  return condition;
}

}  // namespace zopa
