// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include "model/answers/rules.hpp"
#include "src/command.hpp"
#include "src/output.hpp"
#include "src/table_kinds.hpp"

namespace zopa {
namespace {

struct ListOptions {
  std::string kind;
  OutputOptions output;
};

struct Choices {
  const char* kind;    // as the command line takes it
  const char* single;  // one of them
};

constexpr Choices kChoices[] = {{"rules", "rule"},
                                {"formats", "format"},
                                {"tables", "table"},
                                {"commands", "command"},
                                {"statuses", "status"}};

constexpr std::pair<const char*, const char*> kStatuses[] = {
    {"open", "the depth is above tau: there is a zone of agreement with room to spare"},
    {"knife-edge", "the depth is within tau of zero, on either side"},
    {"near miss", "the depth lies between −0.1 and −tau: no zone, but little is missing"},
    {"closed", "no zone of agreement, or no depth at all"},
    {"impossible",
     "consent cannot be had even if everyone who accepts anything accepts everything"},
};

std::vector<std::vector<Cell>> rows_of(std::string_view kind) {
  std::vector<std::vector<Cell>> rows;
  const auto add = [&](const char* name, const std::string& summary, const char* source = nullptr) {
    rows.push_back({Cell{}, name, summary, source == nullptr ? Cell{} : Cell{std::string(source)}});
  };
  if (kind == "rules") {
    for (const RuleRow& rule : rule_table()) add(rule.name, rule.formula, rule.source);
  } else if (kind == "formats") {
    for (const Format& format : format_table()) add(format.name, format.summary);
  } else if (kind == "tables") {
    for (const TableKind& table : table_kinds()) {
      add(table.name.c_str(), "(" + table.command + ") " + table.title);
    }
  } else if (kind == "commands") {
    for (const Command& command : command_table()) add(command.name, command.summary);
  } else {
    for (const auto& [name, summary] : kStatuses) add(name, summary);
  }
  return rows;
}

int run_list(const ListOptions& options) {
  Result result{.command = "list", .tables = {make_table("choices")}, .page = {}};
  for (const Choices& choices : kChoices) {
    if (!options.kind.empty() && options.kind != choices.kind) continue;
    std::string title = choices.kind;
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
    Grid grid{.columns = {{choices.single}, {"summary", Align::left, 20}}, .rows = {}};
    if (std::string_view(choices.kind) == "rules") grid.columns.push_back({"source"});
    for (std::vector<Cell>& row : rows_of(choices.kind)) {
      row[0] = std::string(choices.single);
      Grid::Row shown;
      for (std::size_t c = 0; c < grid.columns.size(); ++c) {
        shown.cells.push_back({plain_text(row[c + 1])});
      }
      grid.rows.push_back(std::move(shown));
      result.tables[0].add(std::move(row));
    }
    result.page.push_back(Section{title});
    result.page.push_back(std::move(grid));
  }
  deliver(result, options.output);
  return kAnswered;
}

}  // namespace

void add_list(CommandLine& line) {
  auto options = std::make_shared<ListOptions>();
  std::vector<std::string> kinds;
  for (const Choices& choices : kChoices) kinds.emplace_back(choices.kind);
  line.optional_argument(options->kind, "WHAT",
                         "rules, formats, tables, commands or statuses (default: all of them)",
                         kinds);
  add_output_options(line, options->output, {});
  line.example("zopa list rules");
  line.run([options] { return run_list(*options); });
}

}  // namespace zopa
