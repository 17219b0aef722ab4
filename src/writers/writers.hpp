// SPDX-License-Identifier: MIT
#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/page.hpp"
#include "src/table.hpp"

namespace zopa {

/// Everything a command answers, before it has a format.
struct Result {
  std::string command;
  std::vector<Table> tables;  // the first is the one csv writes unless another is asked for
  Page page;                  // for text and markdown
};

/// Where the text goes, as far as that changes how it looks.
struct Layout {
  int width = 0;          // columns to fit; 0: never cut
  bool color = false;     // ANSI colours
  bool terminal = false;  // control characters must not reach it
  std::string table;      // this table only; empty: everything (csv: the first table)
};

/// A row of the table of formats.
struct Format {
  const char* name;
  const char* extension;
  const char* summary;
  void (*write)(const Result&, const Layout&, std::ostream&);
};

std::span<const Format> format_table();

/// The format of that name, or whose extension the path has; null when there is none.
const Format* format_named(std::string_view name);
const Format* format_of_path(std::string_view path);

/// The table of that name. Throws std::logic_error when the result has none.
const Table& table_named(const Result& result, std::string_view name);

/// A header line, then a line a row: quoted as in RFC 4180, ended by a line feed alone (so that
/// line tools see no stray carriage return), no comments. An empty cell is absent.
void write_csv(const Table& table, std::ostream& out);
void write_csv(const Result& result, const Layout& layout, std::ostream& out);

/// One object: "zopa_output": 1, "command", "version", and an array of objects for each table, with
/// the columns as keys; an absent value is left out.
void write_json(const Result& result, const Layout& layout, std::ostream& out);

/// The page, for a terminal or a file.
void write_text(const Result& result, const Layout& layout, std::ostream& out);

/// The page as CommonMark with tables.
void write_markdown(const Result& result, const Layout& layout, std::ostream& out);

/// A table as people read it, numbers with as many digits as they deserve.
Grid grid_of(const Table& table);

/// A text as a JSON string, quotes included; what is not UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

/// The number of the output format; a change that breaks readers raises it.
inline constexpr int kOutputVersion = 1;

/// The version of the program.
std::string_view program_version();

}  // namespace zopa
