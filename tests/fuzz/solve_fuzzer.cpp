// SPDX-License-Identifier: MIT
//
// libFuzzer: any bytes are read, and what turns out to be a scenario is checked, solved for a
// moment and reported. Bad input must end in InputError; anything else that escapes, crashes or
// hangs is a finding.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "model/answers/doubts.hpp"
#include "model/answers/drafts.hpp"
#include "model/answers/overlap.hpp"
#include "model/answers/rules.hpp"
#include "src/check.hpp"
#include "src/edits.hpp"
#include "src/levers.hpp"
#include "src/report/report.hpp"
#include "src/scenario_file.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostBytes = 20'000;
constexpr std::size_t kMostWorths = 4'000;  // leaves × settlements of all issues
constexpr auto kPatience = std::chrono::milliseconds(100);

// Whether the problem is small enough for a million of them.
bool small(const zopa::Problem& problem) {
  std::size_t settlements = 0;
  for (const zopa::ProblemIssue& issue : problem.issues) settlements += issue.pieces.size();
  return settlements * (problem.leaves.size() + 1) <= kMostWorths;
}

void solve(const zopa::Document& document) {
  const zopa::Document effective = zopa::edited(document, {});
  const zopa::Scenario scenario = zopa::read_scenario(effective);
  if (!small(zopa::frame_problem(scenario))) return;
  const zopa::Problem problem = zopa::pose(effective, scenario);
  zopa::find_doubts(scenario, problem);

  zopa::SolveSettings settings;
  const Clock::time_point end = Clock::now() + kPatience;
  settings.progress = [end](double) { return Clock::now() < end; };
  zopa::Answer answer;
  answer.overlap = zopa::overlap(scenario, problem, settings);
  answer.agreements = zopa::agreements(scenario, problem, answer.overlap, settings);
  answer.drafts = zopa::score_drafts(scenario, problem, settings);

  const zopa::Result result = zopa::report({scenario, problem, answer, {"fuzz.yaml", "", ""}});
  std::ostringstream out;
  for (const zopa::Format& format : zopa::format_table()) format.write(result, {}, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size > kMostBytes) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const zopa::Document document = zopa::parse_document(text, "fuzz.yaml");
    // What is written out must read back to the same tree.
    const zopa::Document again = zopa::parse_document(zopa::to_yaml(document), "again.yaml");
    if (!zopa::same_tree(document.root, again.root)) __builtin_trap();
    solve(document);
    for (const std::string& variant : zopa::variant_names(document)) {
      zopa::read_scenario(zopa::edited(document, {.date = "", .variant = variant, .sets = {}}));
    }
    zopa::named_levers(document);
    const std::vector<std::string> levers = zopa::lever_names(document);
    for (const std::string& lever : levers)
      zopa::read_scenario(
          zopa::edited(document, {.date = "", .variant = "", .sets = {}, .levers = {lever}}));
    zopa::read_scenario(
        zopa::edited(document, {.date = "", .variant = "", .sets = {}, .levers = levers}));
  } catch (const zopa::InputError&) {
  }
  return 0;
}
