// SPDX-License-Identifier: MIT
#include "src/check.hpp"

#include <algorithm>
#include <memory>

#include "src/command.hpp"
#include "src/output.hpp"
#include "src/table_kinds.hpp"

namespace zopa {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  bool strict = false;
  OutputOptions output;
};

Cell number_or_nothing(int number) { return number > 0 ? Cell{Integer(number)} : Cell{}; }
Cell text_or_nothing(const std::string& text) { return text.empty() ? Cell{} : Cell{text}; }

std::vector<Cell> row_of(const InputProblem& problem) {
  const bool error = problem.severity == InputProblem::Severity::error;
  return {problem.file,
          number_or_nothing(problem.line),
          number_or_nothing(problem.column),
          std::string(error ? "error" : "warning"),
          text_or_nothing(problem.path),
          problem.problem,
          text_or_nothing(problem.remedy)};
}

std::string counted(std::size_t count, const std::string& word) {
  return count == 0 ? "no " + word + "s"
                    : std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

// "lease.yaml: sound, 2 warnings"
Sentence verdict(const std::string& file, std::size_t errors, std::size_t warnings) {
  if (errors > 0) {
    return {file + ": unusable, " + counted(errors, "error") +
                (warnings > 0 ? ", " + counted(warnings, "warning") : ""),
            Tone::bad};
  }
  return {file + ": sound, " + counted(warnings, "warning"), Tone::good};
}

int run_check(const CheckOptions& options) {
  check_output(options.output);
  Result result{.command = "check", .tables = {make_table("problems")}, .page = {}};
  bool failed = false;
  for (const std::string& file : options.files) {
    std::size_t errors = 0;
    std::size_t warnings = 0;
    for (const InputProblem& problem : check_file(file)) {
      const bool error = problem.severity == InputProblem::Severity::error;
      ++(error ? errors : warnings);
      result.tables[0].add(row_of(problem));
      InputProblem alone = problem;
      alone.remedy.clear();
      result.page.push_back(Sentence{to_text(alone), error ? Tone::bad : Tone::plain, 0, true});
      result.page.push_back(Sentence{problem.remedy, Tone::plain, 2, true});
    }
    if (!options.output.quiet) result.page.push_back(verdict(file, errors, warnings));
    failed = failed || errors > 0 || (options.strict && warnings > 0);
  }
  deliver(result, options.output);
  return failed ? kBadInput : kAnswered;
}

}  // namespace

void add_check(CommandLine& line) {
  auto options = std::make_shared<CheckOptions>();
  line.arguments(options->files, "FILE", "scenarios; - for standard input");
  line.describe(
      "Reports every error and every doubt at once, each with its place and what to do. Looked at "
      "are the body of the file, the state at every date of its timeline, and every variant and "
      "lever.");
  line.group("What counts:");
  line.flag(options->strict, "--strict", "warnings make it fail too (exit code 3)");
  add_output_options(line, options->output, tables_of("check"));
  line.example("zopa check --strict scenarios/ukraine-2025/talks.yaml");
  line.run([options] { return run_check(*options); });
}

}  // namespace zopa
