// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>

#include "src/number_text.hpp"
#include "src/writers/writers.hpp"

namespace zopa {
namespace {

constexpr int kReadingWidth = 100;  // sentences are wrapped here when nothing narrower asks for it
constexpr int kGap = 2;             // between the columns of a grid

const char* escape(Tone tone) {
  switch (tone) {
    case Tone::strong: return "\x1b[1m";
    case Tone::good: return "\x1b[32m";
    case Tone::bad: return "\x1b[31m";
    case Tone::faint: return "\x1b[2m";
    case Tone::plain: break;
  }
  return "";
}

std::string toned(const std::string& text, Tone tone, bool color) {
  return color && tone != Tone::plain && !text.empty() ? escape(tone) + text + "\x1b[0m" : text;
}

std::string spaces(int count) { return std::string(static_cast<std::size_t>(count), ' '); }

// The widths of the columns: as wide as their contents; where that is more than `width`, the widest
// column gives way first, none below its least.
std::vector<int> column_widths(const Grid& grid, int width) {
  std::vector<int> widths;
  for (std::size_t c = 0; c < grid.columns.size(); ++c) {
    int widest = display_width(grid.columns[c].title);
    for (const Grid::Row& row : grid.rows) {
      widest = std::max(widest, display_width(harmless(row.cells[c].text)));
    }
    widths.push_back(widest);
  }
  if (width == 0) return widths;
  const int gaps = kGap * (static_cast<int>(widths.size()) - 1);
  int excess = std::accumulate(widths.begin(), widths.end(), gaps) - width;
  while (excess > 0) {
    std::size_t widest = widths.size();
    for (std::size_t c = 0; c < widths.size(); ++c) {
      if (widths[c] <= grid.columns[c].least) continue;
      if (widest == widths.size() || widths[c] > widths[widest]) widest = c;
    }
    if (widest == widths.size()) break;
    --widths[widest];
    --excess;
  }
  return widths;
}

class TextPrinter {
 public:
  TextPrinter(const Layout& layout, std::ostream& out) : layout_(layout), out_(out) {}

  void print(const Block& block) {
    std::visit(*this, block);
    first_ = false;
  }

  void operator()(const Headline& headline) {
    const std::string left = harmless(headline.left);
    const std::string right = harmless(headline.right);
    const int width = reading_width();
    const int room = width - display_width(left) - display_width(right);
    out_ << toned(left, Tone::strong, layout_.color);
    out_ << (room >= kGap ? spaces(room) : "\n") << toned(right, Tone::faint, layout_.color)
         << '\n';
  }

  void operator()(const Section& section) {
    if (!first_) out_ << '\n';
    out_ << toned(harmless(section.title), Tone::strong, layout_.color) << '\n';
    if (!section.remark.empty()) (*this)(Sentence{section.remark, Tone::plain, 2});
  }

  void operator()(const Sentence& sentence) {
    const std::string safe = harmless(sentence.text);
    const std::string text =
        sentence.one_line ? safe : wrapped(safe, reading_width() - sentence.indent, 0);
    std::size_t begin = 0;
    while (begin <= text.size()) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      out_ << spaces(sentence.indent)
           << toned(text.substr(begin, end - begin), sentence.tone, layout_.color) << '\n';
      begin = end + 1;
    }
  }

  void operator()(const Grid& grid) {
    const std::vector<int> widths = column_widths(grid, layout_.width == 0 ? 0 : layout_.width - 2);
    Grid::Row titles;
    for (const Grid::Column& column : grid.columns) {
      titles.cells.push_back({column.title, Tone::faint});
    }
    line(grid, widths, titles);
    std::string group;
    for (const Grid::Row& row : grid.rows) {
      if (row.group != group) {
        group = row.group;
        out_ << "  " << toned(harmless(group), Tone::faint, layout_.color) << '\n';
      }
      line(grid, widths, row);
    }
  }

 private:
  int reading_width() const { return layout_.width == 0 ? kReadingWidth : layout_.width; }

  void line(const Grid& grid, const std::vector<int>& widths, const Grid::Row& row) {
    std::string text = "  ";
    std::string pending;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const std::string shown = cut(harmless(row.cells[c].text), widths[c]);
      const std::string filled = padded(shown, widths[c], grid.columns[c].align);
      // The padding stays outside the colour, and nothing trails at the end of a line.
      const std::size_t begin = filled.find(shown);
      text += pending + filled.substr(0, begin);
      if (!shown.empty()) text += toned(shown, row.cells[c].tone, layout_.color);
      pending = filled.substr(begin + shown.size()) + spaces(kGap);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out_ << text << '\n';
  }

  const Layout& layout_;
  std::ostream& out_;
  bool first_ = true;
};

}  // namespace

Grid grid_of(const Table& table) {
  Grid grid;
  for (const Column& column : table.columns) {
    const bool numbers = column.type == CellType::number || column.type == CellType::integer;
    grid.columns.push_back({column.name, numbers ? Align::right : Align::left});
  }
  for (const auto& row : table.rows) {
    Grid::Row shown;
    for (std::size_t c = 0; c < row.size(); ++c) {
      shown.cells.push_back({cell_text(row[c], table.columns[c])});
    }
    grid.rows.push_back(std::move(shown));
  }
  return grid;
}

void write_text(const Result& result, const Layout& layout, std::ostream& out) {
  TextPrinter printer(layout, out);
  if (!layout.table.empty()) return printer(grid_of(table_named(result, layout.table)));
  for (const Block& block : result.page) printer.print(block);
}

}  // namespace zopa
