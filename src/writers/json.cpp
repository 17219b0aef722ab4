// SPDX-License-Identifier: MIT
#include <cstdio>

#include "src/utf8.hpp"
#include "src/writers/writers.hpp"

namespace zopa {
namespace {

std::string json_value(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr ? json_string(*text) : plain_text(cell);
}

void write_rows(const Table& table, std::ostream& out) {
  out << "  " << json_string(table.name) << ": [";
  bool first_row = true;
  for (const auto& row : table.rows) {
    out << (first_row ? "\n    {" : ",\n    {");
    first_row = false;
    bool first = true;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (absent(row[c])) continue;
      out << (first ? "" : ", ") << json_string(table.columns[c].name) << ": "
          << json_value(row[c]);
      first = false;
    }
    out << '}';
  }
  out << (table.rows.empty() ? "]" : "\n  ]");
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text[0]);
    std::size_t length = 1;
    if (c == '"' || c == '\\') {
      json += '\\';
      json += text[0];
    } else if (c == '\n') {
      json += "\\n";
    } else if (c == '\t') {
      json += "\\t";
    } else if (c < 0x20 || c == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      json += escape;
    } else if (c < 0x80) {
      json += text[0];
    } else {
      const Character character = first_character(text);
      length = character.bytes;
      json += character.valid ? text.substr(0, length) : kReplacement;
    }
    text.remove_prefix(length);
  }
  return json + '"';
}

void write_json(const Result& result, const Layout& layout, std::ostream& out) {
  out << "{\n  \"zopa_output\": " << kOutputVersion
      << ",\n  \"command\": " << json_string(result.command)
      << ",\n  \"version\": " << json_string(program_version());
  for (const Table& table : result.tables) {
    if (!layout.table.empty() && table.name != layout.table) continue;
    out << ",\n";
    write_rows(table, out);
  }
  out << "\n}\n";
}

}  // namespace zopa
