// SPDX-License-Identifier: MIT
#include "src/writers/writers.hpp"

namespace zopa {
namespace {

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void write(const Table& table, bool terminal, std::ostream& out) {
  const auto line = [&](const auto& cells, const auto& text_of) {
    bool first = true;
    for (const auto& cell : cells) {
      const std::string text = text_of(cell);
      out << (first ? "" : ",") << field(terminal ? harmless(text) : text);
      first = false;
    }
    out << '\n';
  };
  line(table.columns, [](const Column& column) { return column.name; });
  for (const auto& row : table.rows) {
    line(row, [](const Cell& cell) { return plain_text(cell); });
  }
}

}  // namespace

void write_csv(const Table& table, std::ostream& out) { write(table, false, out); }

void write_csv(const Result& result, const Layout& layout, std::ostream& out) {
  write(layout.table.empty() ? result.tables.at(0) : table_named(result, layout.table),
        layout.terminal, out);
}

}  // namespace zopa
