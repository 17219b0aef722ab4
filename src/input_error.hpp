// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace zopa {

/// One thing that is wrong, or doubtful, in a file: where, what, and what to do about it.
struct InputProblem {
  enum class Severity { error, warning };
  std::string file;
  int line = 0;    // 1-based; 0: the file as a whole
  int column = 0;  // 1-based, in characters
  Severity severity = Severity::error;
  std::string
      path;  // dotted ids, e.g. "parties.tenant.positions.rent.limit"; empty for the whole file
  std::string problem;  // what is wrong
  std::string remedy;   // what to do
};

/// A name of the file as messages show it, in backquotes.
inline std::string code(std::string_view name) { return "`" + std::string(name) + "`"; }

/// `file:line:column: path: problem`, and the remedy on a second line, indented by two.
std::string to_text(const InputProblem& problem);

/// A scenario or file that cannot be used: every problem found, in file order. Exit code 3.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<InputProblem> problems);
  std::vector<InputProblem> problems;
};

/// A wrong command line: unknown path, variant, date or option. Exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace zopa
