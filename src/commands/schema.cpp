// SPDX-License-Identifier: MIT
#include "src/schema.hpp"

#include <memory>

#include "src/command.hpp"
#include "src/files.hpp"
#include "src/table_kinds.hpp"

namespace zopa {
namespace {

struct SchemaOptions {
  bool output = false;
  std::string path;  // empty: standard output
};

int run_schema(const SchemaOptions& options) {
  const std::string schema = options.output ? output_schema() : scenario_schema();
  if (options.path.empty()) {
    write_stdout(schema);
  } else {
    replace_file(options.path, schema);
  }
  return kAnswered;
}

}  // namespace

void add_schema(CommandLine& line) {
  auto options = std::make_shared<SchemaOptions>();
  line.describe(
      "Editors complete and check a scenario with it once the first line of the file says "
      "# yaml-language-server: $schema=scenario.schema.json. `zopa check` knows more than a schema "
      "can say.");
  line.flag(options->output, "--output", "the schema of what `--format json` writes instead");
  line.option(options->path, "-o", "PATH", "write there; an existing file is replaced as a whole");
  line.example("zopa schema -o scenario.schema.json");
  line.run([options] { return run_schema(*options); });
}

}  // namespace zopa
