// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/tools/exact.hpp"
#include "src/edits.hpp"

namespace zopa {

/// `--help` was given: what to print instead of an answer. Exit code 0.
class HelpRequest : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The command line of one command: what it takes, said once, for reading and for `--help`.
/// Names are written as in the help: "-o,--output". What is bound is set when the line is read.
class CommandLine {
 public:
  CommandLine(std::string command, std::string summary);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  /// A word without dashes, required; `-` may stand for standard input.
  void argument(std::string& into, const std::string& name, const std::string& help);
  /// One or more of them.
  void arguments(std::vector<std::string>& into, const std::string& name, const std::string& help);
  /// A word without dashes that may be left out; one of `words`, unless that is empty.
  void optional_argument(std::string& into, const std::string& name, const std::string& help,
                         std::vector<std::string> words = {});

  void flag(bool& into, const std::string& names, const std::string& help);
  /// The last one given counts.
  void option(std::string& into, const std::string& names, const std::string& value,
              const std::string& help);
  /// Repeatable; with `comma`, one value may also hold several, separated by commas.
  void option(std::vector<std::string>& into, const std::string& names, const std::string& value,
              const std::string& help, bool comma = false);
  /// One of the words; anything else is an error that names the nearest.
  void choice(std::string& into, const std::string& names, std::vector<std::string> words,
              const std::string& help);
  /// A number; anything that is not one, or outside, is an error. `range` in words for the message.
  void number(Rational& into, const std::string& names, const std::string& value,
              const std::string& help, std::function<bool(const Rational&)> allowed,
              const std::string& range);

  /// Opens a part of the list of options, e.g. "Output:".
  void group(const std::string& title);
  /// A paragraph of the help between usage and options.
  void describe(const std::string& paragraph);
  /// A line under "Example:"; more than one may be given.
  void example(const std::string& line);

  /// What is looked at once everything is bound: throws UsageError for what does not fit together.
  void check(std::function<void()> look);
  /// What the command does; returns the exit code.
  void run(std::function<int()> what);

  /// Reads the arguments after the command's name and runs the command. Throws UsageError.
  int main(const std::vector<std::string>& arguments);

  /// The arguments that `main` was given.
  const std::vector<std::string>& given() const;

  std::string help() const;

 private:
  void allow(const std::string& value, const std::string& name, std::vector<std::string> words);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Common to every command.
struct OutputOptions {
  std::string format;  // a row of the table of formats; empty: by the name of `path`, else text
  std::string path;    // empty: standard output; DIR/ or an existing folder: a data package
  std::string table;   // empty: the command's first (csv), everything (the other formats)
  bool quiet = false;
  bool verbose = false;
  std::string color = "auto";
  int jobs = 0;                        // 0: as many as the machine has processors
  std::vector<std::string> arguments;  // as given, after the command's name
};

/// Wherever a scenario is read.
struct ScenarioOptions {
  std::string file;
  Edits edits;
};

/// Of the commands that search.
struct SearchOptions {
  Rational tau = Rational(1, 50);
  std::optional<double> time_limit;  // seconds
  std::string prove;                 // where the certificate goes; empty: nowhere
};

/// `tables`: the names `--table` may take, the first of them the default of csv; empty: no --table.
void add_output_options(CommandLine& line, OutputOptions& options,
                        const std::vector<std::string>& tables);
void add_scenario_options(CommandLine& line, ScenarioOptions& options);
void add_search_options(CommandLine& line, SearchOptions& options);
/// Of them --time-limit alone.
void add_time_limit(CommandLine& line, std::optional<double>& seconds);

/// The threads to use: `jobs`, or one a processor.
int threads(const OutputOptions& options);

}  // namespace zopa
