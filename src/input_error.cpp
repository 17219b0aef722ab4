// SPDX-License-Identifier: MIT
#include "src/input_error.hpp"

#include <utility>

namespace zopa {
namespace {

std::string joined(const std::vector<InputProblem>& problems) {
  std::string text;
  for (const InputProblem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += to_text(problem);
  }
  return text;
}

}  // namespace

std::string to_text(const InputProblem& problem) {
  std::string text = problem.file;
  if (problem.line > 0) {
    text += ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column);
  }
  if (!text.empty()) text += ": ";
  if (problem.severity == InputProblem::Severity::warning) text += "warning: ";
  if (!problem.path.empty()) text += problem.path + ": ";
  text += problem.problem;
  if (!problem.remedy.empty()) text += "\n  " + problem.remedy;
  return text;
}

InputError::InputError(std::vector<InputProblem> found)
    : std::runtime_error(joined(found)), problems(std::move(found)) {}

}  // namespace zopa
