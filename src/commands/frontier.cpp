// SPDX-License-Identifier: MIT
#include "src/report/frontier.hpp"

#include <chrono>
#include <memory>

#include "src/check.hpp"
#include "src/command.hpp"
#include "src/files.hpp"
#include "src/log.hpp"
#include "src/output.hpp"
#include "src/scenario_file.hpp"
#include "src/watch.hpp"

namespace zopa {
namespace {

constexpr int kMostFrontierPoints = 2'000'000;

// The part of the time limit that the way to a complete frontier may take.
constexpr double kShareOfFold = 0.5;

struct FrontierOptions {
  ScenarioOptions scenario;
  std::string of = "zone";
  Rational points = 100'000;
  bool hull = false;
  std::optional<double> time_limit;
  OutputOptions output;
};

// Whether the output shows it: a table, or "page".
bool shows(const OutputOptions& options, const std::string& part) {
  if (to_folder(options)) return part != "page";
  const std::string format = output_format(options);
  const bool paged = format == "text" || format == "markdown";
  if (!options.table.empty()) return part == options.table;
  if (paged) return part == "page";
  return part != "page" && (format != "csv" || part == tables_of("frontier").front());
}

int run_frontier(const FrontierOptions& options) {
  check_output(options.output);
  const Document document = edited(read_document(options.scenario.file), options.scenario.edits);
  const Scenario scenario = read_scenario(document);
  const Problem problem = pose(document, scenario);

  Watch watch({.label = "frontier",
               .time_limit = options.time_limit,
               .quiet = options.output.quiet,
               .verbose = options.output.verbose});
  FrontierSettings settings;
  settings.all = options.of == "all";
  settings.most_points = numerator(options.points).convert_to<std::size_t>();
  settings.hull = options.hull;
  settings.progress = watch.progress();
  if (options.time_limit) {
    const auto begin = std::chrono::steady_clock::now();
    const std::chrono::duration<double> most(kShareOfFold * *options.time_limit);
    settings.fold_progress = [begin, most](double) {
      return std::chrono::steady_clock::now() - begin < most;
    };
  }
  const Frontier frontier = find_frontier(scenario, problem, settings);
  watch.done();
  log_info("folding looked at " + std::to_string(frontier.fold.candidates) +
           " sums; the largest step had " + std::to_string(frontier.fold.widest) + " points");

  const Origin origin{options.scenario.file, edits_text(options.scenario.edits), scenario.date};
  const Framed framed{scenario, problem, frontier, settings.all, origin};
  const Result result =
      report(framed, [&](const std::string& part) { return shows(options.output, part); });
  deliver(result, options.output, provenance(document));
  const bool hull_missing = options.hull && frontier.on_hull.empty() && frontier.hull_stopped;
  return frontier.complete && !hull_missing ? kAnswered : kPartly;
}

}  // namespace

void add_frontier(CommandLine& line) {
  auto options = std::make_shared<FrontierOptions>();
  line.describe(
      "Which packages cannot be improved for one party without hurting another: the Pareto "
      "frontier of the zone, exact, with the number of packages at every point. Where it is too "
      "large, or an issue has no steps, points that are proven to lie on it, and how much can be "
      "missing between them (exit code 4).");
  add_scenario_options(line, options->scenario);
  line.group("Frontier:");
  line.choice(options->of, "--of", {"zone", "all"},
              "zone: of the packages that consent can be had for; all: of the whole agreement "
              "space (default: zone)");
  line.number(
      options->points, "--points", "N",
      "the whole frontier if it has at most so many points, in the end and on the way; otherwise "
      "certified points take its place (default: 100000, at most 2000000, and 1 GiB)",
      [](const Rational& n) { return denominator(n) == 1 && n >= 1 && n <= kMostFrontierPoints; },
      "a whole number from 1 to 2000000");
  line.flag(options->hull, "--hull",
            "say which points a lottery over others would beat (two parties, or three)");
  line.group("Search:");
  add_time_limit(line, options->time_limit);
  add_output_options(line, options->output, tables_of("frontier"));
  line.example("zopa frontier scenarios/textbook/logrolling.yaml --hull");
  line.example("zopa frontier scenarios/ukraine-2025/talks.yaml --of all --time-limit 60");
  line.run([options] { return run_frontier(*options); });
}

}  // namespace zopa
