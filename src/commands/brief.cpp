// SPDX-License-Identifier: MIT
#include "src/report/brief.hpp"

#include <memory>

#include "src/check.hpp"
#include "src/command.hpp"
#include "src/files.hpp"
#include "src/output.hpp"
#include "src/scenario_file.hpp"
#include "src/watch.hpp"

namespace zopa {
namespace {

struct BriefOptions {
  ScenarioOptions scenario;
  std::optional<double> time_limit;
  OutputOptions output;
};

int run_brief(const BriefOptions& options) {
  check_output(options.output);
  const Document document = edited(read_document(options.scenario.file), options.scenario.edits);
  const Scenario scenario = read_scenario(document);
  const Problem problem = pose(document, scenario);

  Watch watch({.label = "briefing",
               .time_limit = options.time_limit,
               .quiet = options.output.quiet,
               .verbose = options.output.verbose});
  // Solving is a fifth of it.
  const Progress solve_share = [whole = watch.progress()](double f) { return whole(0.2 * f); };
  const Progress explain_share = [whole = watch.progress()](double f) {
    return whole(0.2 + 0.8 * f);
  };
  SolveSettings solving;
  solving.jobs = threads(options.output);
  solving.progress = solve_share;
  Answer answer;
  answer.overlap = overlap(scenario, problem, solving);
  answer.agreements = agreements(scenario, problem, answer.overlap, solving);
  answer.drafts = score_drafts(scenario, problem, solving);

  ExplainSettings explaining;
  explaining.parts.conflicts = explaining.parts.exits = true;
  explaining.parts.pointless = explaining.parts.splits = true;
  explaining.parts.moves = answer.overlap.depth.low && *answer.overlap.depth.low >= 0;
  explaining.parts.redundant = explaining.parts.moves;
  explaining.time_limit = options.time_limit;
  explaining.jobs = threads(options.output);
  explaining.progress = explain_share;
  const Explanation explanation = explain(document, scenario, problem, explaining);
  watch.done();

  const Origin origin{options.scenario.file, edits_text(options.scenario.edits), scenario.date};
  const Solved solved{scenario, problem, answer, origin};
  const Explained explained{scenario, problem, explanation, explaining.parts, origin};
  deliver(brief({solved, explained}), options.output, provenance(document));
  return explanation.complete && answer.overlap.complete ? kAnswered : kPartly;
}

}  // namespace

void add_brief(CommandLine& line) {
  auto options = std::make_shared<BriefOptions>();
  line.describe(
      "A note of one page in plain language: where the positions overlap, what stands in the way, "
      "and what each way out asks of whom. Every sentence names the rows of the tables that it "
      "rests on. No forecast, and no advice to any party.");
  add_scenario_options(line, options->scenario);
  line.group("Search:");
  add_time_limit(line, options->time_limit);
  add_output_options(line, options->output, tables_of("brief"));
  line.example("zopa brief scenarios/ukraine-2025/talks.yaml -o note.md");
  line.run([options] { return run_brief(*options); });
}

}  // namespace zopa
