// SPDX-License-Identifier: MIT
#include "src/explain.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "src/check.hpp"
#include "src/command.hpp"
#include "src/files.hpp"
#include "src/output.hpp"
#include "src/report/explanation.hpp"
#include "src/scenario_file.hpp"
#include "src/watch.hpp"

namespace zopa {
namespace {

constexpr int kMostConflicts = 1'000'000;

struct ExplainOptions {
  ScenarioOptions scenario;
  ExplainParts parts;
  std::string draft;
  std::optional<Rational> budget;
  Rational most = 300;
  std::optional<double> time_limit;
  OutputOptions output;
};

// A part of the answer: the option that asks for it alone, and the tables that hold it.
struct Part {
  bool ExplainParts::*member;
  const char* option;
  const char* help;
  std::vector<std::string> tables;
};

const std::vector<Part>& part_table() {
  static const std::vector<Part> kParts{
      {&ExplainParts::conflicts,
       "--conflicts",
       "which demands cannot hold together, and why",
       {"conflicts", "conflict_proofs"}},
      {&ExplainParts::exits,
       "--exits",
       "which demands would have to give way, and how far",
       {"exits", "prices"}},
      {&ExplainParts::pointless,
       "--pointless",
       "which demands open nothing when they are given up",
       {"prices"}},
      {&ExplainParts::splits,
       "--splits",
       "three ways to share what is missing, side by side",
       {"splits"}},
      {&ExplainParts::moves,
       "--moves",
       "every number of a party: where it alone opens the zone, or closes it; pairs",
       {"moves", "move_pairs"}},
      {&ExplainParts::redundant,
       "--redundant",
       "which demands and consents leave an open zone as it is",
       {"moves", "vetoes"}},
      {&ExplainParts::consents,
       "--consents",
       "what each consent costs; who would sign and who would not",
       {"consents", "consent_sets", "ratification"}},
      {&ExplainParts::levers,
       "--levers",
       "what the levers of the file can open, and which backfire",
       {"levers", "lever_sets"}},
      {&ExplainParts::redraft, "", "", {"remedies", "redraft"}},
  };
  return kParts;
}

bool any_part(const ExplainParts& parts) {
  return std::any_of(part_table().begin(), part_table().end(),
                     [&](const Part& part) { return parts.*part.member; });
}

// The parts asked for, all of them by default, as far as the output shows them.
ExplainParts parts_shown(const ExplainOptions& options, const Document& document) {
  ExplainParts parts = options.parts;
  parts.redraft = !options.draft.empty();
  parts.levers = parts.levers || options.budget;
  if (!any_part(parts)) {
    for (const Part& part : part_table()) parts.*part.member = true;
    parts.redraft = false;
    parts.levers = !named_levers(document).empty();
  }
  const bool one = !options.output.table.empty() ||
                   (output_format(options.output) == "csv" && !to_folder(options.output));
  if (!one) return parts;
  const std::string table =
      options.output.table.empty() ? tables_of("explain").front() : options.output.table;
  if (table == "explanation") return parts;
  for (const Part& part : part_table()) {
    const bool holds =
        std::find(part.tables.begin(), part.tables.end(), table) != part.tables.end();
    parts.*part.member = holds && (part.option[0] != 0 || parts.redraft);
  }
  return parts;
}

int run_explain(const ExplainOptions& options) {
  check_output(options.output);
  const Document document = edited(read_document(options.scenario.file), options.scenario.edits);
  const Scenario scenario = read_scenario(document);
  const Problem problem = pose(document, scenario);

  Watch watch({.label = "explaining",
               .time_limit = options.time_limit,
               .quiet = options.output.quiet,
               .verbose = options.output.verbose});
  ExplainSettings settings;
  settings.parts = parts_shown(options, document);
  settings.text = options.draft;
  settings.budget = options.budget;
  settings.most = numerator(options.most).convert_to<std::size_t>();
  settings.time_limit = options.time_limit;
  settings.jobs = threads(options.output);
  settings.progress = watch.progress();
  const Explanation answer = explain(document, scenario, problem, settings);
  watch.done();

  const Origin origin{options.scenario.file, edits_text(options.scenario.edits), scenario.date};
  deliver(report(Explained{scenario, problem, answer, settings.parts, origin}), options.output,
          provenance(document));
  return answer.complete ? kAnswered : kPartly;
}

}  // namespace

void add_explain(CommandLine& line) {
  auto options = std::make_shared<ExplainOptions>();
  line.describe(
      "Why is there no zone of agreement, and what would open it: which demands cannot hold "
      "together, which sets of them would have to give way and how far, what is pointless, and how "
      "what is missing can be shared. Where there is a zone: what would close it, and what each "
      "consent costs.");
  add_scenario_options(line, options->scenario);
  line.group("Parts (default: all but --draft):");
  for (const Part& part : part_table()) {
    if (part.option[0] != 0) line.flag(options->parts.*part.member, part.option, part.help);
  }
  line.option(options->draft, "--draft", "NAME",
              "a text: a draft of the file, `deepest` or `rule:NAME`. What would have to be "
              "otherwise for those who refuse it, and which changes of it hurt nobody");
  auto budget = std::make_shared<Rational>(-1);
  line.number(
      *budget, "--budget", "COST", "the best that levers of at most this cost can do",
      [](const Rational& cost) { return cost >= 0; }, "a number from 0");
  line.check([options, budget] {
    if (*budget >= 0) options->budget = *budget;
  });
  line.group("Search:");
  line.number(
      options->most, "--most", "N",
      "stop looking for more when so many conflicts and exits are known; those of one demand or "
      "two, "
      "and one exit of every party or pair of parties that has any, come first (default: 300)",
      [](const Rational& n) { return denominator(n) == 1 && n >= 1 && n <= kMostConflicts; },
      "a whole number from 1 to 1000000");
  add_time_limit(line, options->time_limit);
  add_output_options(line, options->output, tables_of("explain"));
  line.example("zopa explain scenarios/ukraine-2025/talks.yaml");
  line.example("zopa explain scenarios/textbook/linked-demands.yaml --exits --format csv");
  line.run([options] { return run_explain(*options); });
}

}  // namespace zopa
