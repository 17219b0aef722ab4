// SPDX-License-Identifier: MIT
#include <memory>

#include "src/check.hpp"
#include "src/command.hpp"
#include "src/files.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

struct ShowOptions {
  ScenarioOptions scenario;
  std::string path;  // empty: standard output
};

int run_show(const ShowOptions& options) {
  const Document effective = edited(read_document(options.scenario.file), options.scenario.edits);
  pose(effective, read_scenario(effective));
  const std::string yaml = to_yaml(without_what_ifs(effective));
  if (options.path.empty()) {
    write_stdout(yaml);
  } else {
    replace_file(options.path, yaml);
  }
  return kAnswered;
}

}  // namespace

void add_show(CommandLine& line) {
  auto options = std::make_shared<ShowOptions>();
  add_scenario_options(line, options->scenario);
  line.describe(
      "What the other commands compute with, as one YAML file that stands by itself: bases merged, "
      "the timeline applied up to the date, then the variant, then the levers, then each --set. It "
      "must be sound.");
  line.group("Output:");
  line.option(options->path, "-o,--output", "PATH",
              "write there; an existing file is replaced as a whole");
  line.example("zopa show scenarios/ukraine-2025/talks.yaml --date 2025-11-20 -o november.yaml");
  line.run([options] { return run_show(*options); });
}

}  // namespace zopa
