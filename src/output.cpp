// SPDX-License-Identifier: MIT
#include "src/output.hpp"

#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "src/files.hpp"
#include "src/input_error.hpp"

namespace zopa {
namespace {

using Json = nlohmann::ordered_json;

const char* frictionless_type(CellType type) {
  switch (type) {
    case CellType::date: return "date";
    case CellType::integer: return "integer";
    case CellType::number: return "number";
    case CellType::boolean: return "boolean";
    case CellType::settlement: return "any";
    case CellType::text: break;
  }
  return "string";
}

Json field_json(const Column& column) {
  Json field{{"name", column.name},
             {"type", frictionless_type(column.type)},
             {"description", column.description}};
  if (!column.unit.empty()) field["unit"] = column.unit;
  Json constraints = Json::object();
  if (column.required) constraints["required"] = true;
  if (!column.one_of.empty()) constraints["enum"] = column.one_of;
  if (!constraints.empty()) field["constraints"] = constraints;
  return field;
}

// File names are bytes; what of them is no UTF-8 is replaced.
std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_folder(const Result& result, const OutputOptions& options, const Provenance& from) {
  const std::string folder = options.path.ends_with('/') ? options.path : options.path + "/";
  make_folder(folder);
  for (const Table& table : result.tables) {
    std::ostringstream csv;
    write_csv(table, csv);
    replace_file(folder + table.name + ".csv", csv.str());
  }
  replace_file(folder + "datapackage.json", data_package_json(result));
  replace_file(folder + "manifest.json", manifest_json(result, options.arguments, from));
}

const Format& format_for(const OutputOptions& options) {
  const Format* format = format_named(options.format);
  if (format == nullptr) format = format_of_path(options.path);
  return format == nullptr ? format_table().front() : *format;
}

}  // namespace

bool to_folder(const OutputOptions& options) {
  return options.path.ends_with('/') ||
         (!options.path.empty() && std::filesystem::is_directory(options.path));
}

std::string output_format(const OutputOptions& options) { return format_for(options).name; }

void check_output(const OutputOptions& options) {
  if (!to_folder(options)) return;
  if (!options.format.empty() && options.format != "csv") {
    throw UsageError("a folder (--output " + options.path + ") takes csv, not " + options.format +
                     ".\n  Leave --format out, or name a file.");
  }
  if (!options.table.empty()) {
    throw UsageError("a folder (--output " + options.path +
                     ") takes every table.\n  Leave --table out, or name a file.");
  }
}

void deliver(const Result& result, const OutputOptions& options, const Provenance& from) {
  check_output(options);
  if (to_folder(options)) return write_folder(result, options, from);
  const Format& format = format_for(options);
  Layout layout;
  layout.table = options.table;
  if (options.path.empty()) {
    layout.terminal = is_terminal(STDOUT_FILENO);
    layout.width = layout.terminal ? terminal_width(STDOUT_FILENO) : 0;
    layout.color = use_color(options.color, STDOUT_FILENO);
  }
  std::ostringstream text;
  format.write(result, layout, text);
  if (options.path.empty()) {
    write_stdout(text.str());
  } else {
    replace_file(options.path, text.str());
  }
}

std::string data_package_json(const Result& result) {
  Json resources = Json::array();
  for (const Table& table : result.tables) {
    Json fields = Json::array();
    for (const Column& column : table.columns) fields.push_back(field_json(column));
    Json schema{{"fields", fields}, {"missingValues", {""}}};
    if (!table.key.empty()) schema["primaryKey"] = table.key;
    resources.push_back({{"name", table.name},
                         {"title", table.title},
                         {"path", table.name + ".csv"},
                         {"profile", "tabular-data-resource"},
                         {"format", "csv"},
                         {"mediatype", "text/csv"},
                         {"encoding", "utf-8"},
                         {"dialect", {{"delimiter", ","}, {"lineTerminator", "\n"}}},
                         {"schema", schema}});
  }
  return json_text({{"profile", "tabular-data-package"},
                    {"name", "zopa-" + result.command},
                    {"resources", resources}});
}

std::string manifest_json(const Result& result, const std::vector<std::string>& arguments,
                          const Provenance& from) {
  Json inputs = Json::array();
  for (const Input& input : from.inputs) {
    inputs.push_back({{"path", input.path}, {"bytes", input.bytes}, {"sha256", input.sha256}});
  }
  Json manifest{
      {"program", "zopa"},         {"version", program_version()}, {"zopa_output", kOutputVersion},
      {"command", result.command}, {"arguments", arguments},       {"inputs", inputs}};
  if (!from.scenario.empty()) manifest["scenario"] = from.scenario;
  return json_text(manifest);
}

}  // namespace zopa
