// SPDX-License-Identifier: MIT
#include "src/writers/writers.hpp"

namespace zopa {
namespace {

// The text with the characters that Markdown would read as markup escaped.
std::string escaped(std::string_view text) {
  std::string markdown;
  for (const char c : harmless(text)) {
    if (std::string_view("\\`*_[]<>|#~").find(c) != std::string_view::npos) markdown += '\\';
    markdown += c;
  }
  return markdown;
}

class MarkdownPrinter {
 public:
  explicit MarkdownPrinter(std::ostream& out) : out_(out) {}

  void print(const Block& block) {
    if (!first_) out_ << '\n';
    first_ = false;
    std::visit(*this, block);
  }

  void operator()(const Headline& headline) {
    out_ << "# " << escaped(headline.left) << '\n';
    if (!headline.right.empty()) out_ << '\n' << '`' << harmless(headline.right) << "`\n";
  }

  void operator()(const Section& section) {
    out_ << "## " << escaped(section.title) << '\n';
    if (!section.remark.empty()) out_ << '\n' << escaped(section.remark) << '\n';
  }

  void operator()(const Sentence& sentence) {
    const bool strong = sentence.tone == Tone::strong;
    out_ << (strong ? "**" : "") << escaped(sentence.text) << (strong ? "**" : "") << '\n';
  }

  void operator()(const Grid& grid) {
    bool grouped = false;
    for (const Grid::Row& row : grid.rows) grouped = grouped || !row.group.empty();
    out_ << (grouped ? "| group " : "");
    for (const Grid::Column& column : grid.columns) out_ << "| " << escaped(column.title) << ' ';
    out_ << "|\n" << (grouped ? "| --- " : "");
    for (const Grid::Column& column : grid.columns) {
      out_ << (column.align == Align::right    ? "| ---: "
               : column.align == Align::center ? "| :---: "
                                               : "| --- ");
    }
    out_ << "|\n";
    for (const Grid::Row& row : grid.rows) {
      if (grouped) out_ << "| " << escaped(row.group) << ' ';
      for (const Grid::Cell& cell : row.cells) out_ << "| " << escaped(cell.text) << ' ';
      out_ << "|\n";
    }
  }

 private:
  std::ostream& out_;
  bool first_ = true;
};

}  // namespace

void write_markdown(const Result& result, const Layout& layout, std::ostream& out) {
  MarkdownPrinter printer(out);
  if (!layout.table.empty()) return printer(grid_of(table_named(result, layout.table)));
  for (const Block& block : result.page) printer.print(block);
}

}  // namespace zopa
