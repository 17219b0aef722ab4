// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "src/terminal.hpp"

namespace zopa {

/// Colour on a terminal; never the only carrier of a meaning.
enum class Tone { plain, strong, good, bad, faint };

/// The first line of a report.
struct Headline {
  std::string left;
  std::string right;  // at the right margin
};

/// Opens a part of a report.
struct Section {
  std::string title;
  std::string remark = "";  // a sentence under the title
};

/// A paragraph: wrapped unless it is a line that programs look for; never cut.
struct Sentence {
  std::string text;
  Tone tone = Tone::plain;
  int indent = 0;
  bool one_line = false;
};

/// A tidy table for people, already in words.
struct Grid {
  struct Column {
    std::string title;
    Align align = Align::left;
    int least = 6;  // columns it keeps when the terminal is narrow
  };
  struct Cell {
    std::string text;
    Tone tone = Tone::plain;
  };
  struct Row {
    std::vector<Cell> cells;
    std::string group = "";  // a line above the first row of each group; empty: none
  };
  std::vector<Column> columns;
  std::vector<Row> rows;
};

/// What people read, in order; `text` and `markdown` are two ways to print it.
using Block = std::variant<Headline, Section, Sentence, Grid>;
using Page = std::vector<Block>;

}  // namespace zopa
