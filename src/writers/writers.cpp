// SPDX-License-Identifier: MIT
#include "src/writers/writers.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace zopa {
namespace {

constexpr std::array kFormats{
    Format{"text", ".txt", "for people: sentences and tidy tables, coloured on a terminal",
           &write_text},
    Format{"csv", ".csv", "one table, full precision; `-o DIR/` writes every table", &write_csv},
    Format{"json", ".json", "every table in one object, full precision", &write_json},
    Format{"markdown", ".md", "the text as Markdown, to paste into a document", &write_markdown},
};

}  // namespace

std::span<const Format> format_table() { return kFormats; }

const Format* format_named(std::string_view name) {
  const auto* it = std::find_if(kFormats.begin(), kFormats.end(),
                                [&](const Format& f) { return name == f.name; });
  return it == kFormats.end() ? nullptr : it;
}

const Format* format_of_path(std::string_view path) {
  const auto* it = std::find_if(kFormats.begin(), kFormats.end(),
                                [&](const Format& f) { return path.ends_with(f.extension); });
  return it == kFormats.end() ? nullptr : it;
}

const Table& table_named(const Result& result, std::string_view name) {
  const auto it = std::find_if(result.tables.begin(), result.tables.end(),
                               [&](const Table& table) { return table.name == name; });
  if (it == result.tables.end()) {
    throw std::logic_error(result.command + " has no table " + std::string(name));
  }
  return *it;
}

std::string_view program_version() { return ZOPA_VERSION; }

}  // namespace zopa
