// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <stdexcept>

#include "model/answers/proofs.hpp"
#include "model/engine/check.hpp"
#include "src/certificate_file.hpp"
#include "src/check.hpp"
#include "src/command.hpp"
#include "src/condition.hpp"
#include "src/files.hpp"
#include "src/input_error.hpp"
#include "src/log.hpp"
#include "src/nearest.hpp"
#include "src/output.hpp"
#include "src/report/report.hpp"
#include "src/scenario_file.hpp"
#include "src/watch.hpp"

namespace zopa {
namespace {

struct SolveOptions {
  ScenarioOptions scenario;
  SearchOptions search;
  std::vector<std::string> rules;
  bool power = false;
  std::string fail_if;
  OutputOptions output;
};

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const RuleRow& row : rule_table()) names.emplace_back(row.name);
  return names;
}

bool answered_in_full(const Answer& answer) {
  const auto stopped = [](const std::string& note) {
    return note.find("stopped") != std::string::npos;
  };
  return answer.overlap.complete && (!answer.clashes || answer.clashes->complete) &&
         std::none_of(answer.agreements.begin(), answer.agreements.end(),
                      [&](const Agreement& a) { return !a.exists && stopped(a.note); }) &&
         std::none_of(answer.drafts.begin(), answer.drafts.end(),
                      [](const DraftScore& d) { return d.proof == Proof::bounded; });
}

// What proves the answer, the depth and the bests checked by the independent checker; nothing when
// time was up before it was proven.
std::optional<Proofs> prove(const Problem& problem, const Overlap& overlap,
                            const SolveSettings& settings) {
  Proofs proofs;
  proofs.depth = overlap.depth.certificate;
  if (proofs.depth.nodes.empty()) return std::nullopt;
  const bool complete = settings.progress(1);  // otherwise the breadth was cut short
  if (complete) {
    proofs.breadth = claim_breadth(problem, overlap.breadth,
                                   {.jobs = settings.jobs, .progress = settings.progress});
  }
  auto bests = prove_bests(problem, settings.progress);
  if (!bests) return std::nullopt;
  proofs.bests = std::move(*bests);
  std::optional<std::string> fault = find_fault(problem, proofs.depth);
  for (const BestProof& proof : proofs.bests) {
    if (!fault) fault = find_fault(problem, proof);
  }
  if (fault) throw std::logic_error("the proof of the depth does not hold: " + *fault);
  return proofs;
}

void write_proofs(const std::string& path, const std::string& text) {
  if (text.size() > kMostCertificateBytes)
    log_warning("the proof is larger than what `zopa verify` reads");
  replace_file(path, text);
}

// "counted in parts: zone of 8 issues by search, …", for --verbose.
std::string how_counted(const Breadth& breadth) {
  std::string text;
  for (const CountStep& step : breadth.steps) {
    const char* method = nullptr;
    switch (step.method) {
      case CountMethod::product: method = "as a product"; break;
      case CountMethod::search: method = "by search"; break;
      case CountMethod::needs: method = "by what each row still needs"; break;
      case CountMethod::pairs: method = "by sorted sums of two halves"; break;
      case CountMethod::sampling: method = "estimated from samples"; break;
      case CountMethod::depth: method = "empty by its depth"; break;
    }
    text += (text.empty() ? "breadth: " : "; ") +
            std::string(step.zone ? "zone, " : "agreement space, ") + std::to_string(step.issues) +
            (step.issues == 1 ? " issue " : " issues ") + method;
  }
  return text;
}

int run_solve(const SolveOptions& options) {
  check_output(options.output);
  const Table shape = make_table("overlap");
  std::optional<RowCondition> condition;
  if (!options.fail_if.empty()) condition = parse_condition(options.fail_if, shape);

  const Document document = edited(read_document(options.scenario.file), options.scenario.edits);
  const Scenario scenario = read_scenario(document);
  const Problem problem = pose(document, scenario);

  Watch watch({.label = "solving",
               .time_limit = options.search.time_limit,
               .quiet = options.output.quiet,
               .verbose = options.output.verbose});
  SolveSettings settings;
  settings.tau = options.search.tau;
  settings.jobs = threads(options.output);
  settings.certificate = !options.search.prove.empty();
  settings.power = options.power;
  settings.rules = options.rules;
  settings.progress = watch.progress();
  Answer answer;
  answer.overlap = overlap(scenario, problem, settings);
  if (const std::string how = how_counted(answer.overlap.breadth); !how.empty()) log_info(how);
  answer.agreements = agreements(scenario, problem, answer.overlap, settings);
  answer.drafts = score_drafts(scenario, problem, settings);
  std::optional<Proofs> proofs;
  if (settings.certificate) proofs = prove(problem, answer.overlap, settings);
  // An empty zone, and a page to say why in three lines.
  const std::string format = output_format(options.output);
  const bool paged = !to_folder(options.output) && options.output.table.empty() &&
                     (format == "text" || format == "markdown");
  const Depth& depth = answer.overlap.depth;
  if (paged && depth.proof == Proof::exact && !(depth.low && *depth.low >= 0))
    answer.clashes = find_clashes(scenario, problem, settings.progress);
  watch.done();

  const Origin origin{options.scenario.file, edits_text(options.scenario.edits), scenario.date};
  const Result result = report({scenario, problem, answer, origin});
  const Provenance from = provenance(document);
  if (proofs) {
    write_proofs(options.search.prove,
                 certificate_json(scenario, problem, *proofs, from, options.scenario.edits));
    if (!proofs->breadth && answer.overlap.breadth.kind != Breadth::Kind::none)
      log_warning("the proof says nothing of the breadth: the search was stopped");
  } else if (settings.certificate) {
    log_warning("no proof was written: the search was stopped before everything was proven");
  }
  deliver(result, options.output, from);
  const Table& table = table_named(result, "overlap");
  if (condition && condition->holds(table, table.rows.front())) return kConditionHeld;
  return answered_in_full(answer) ? kAnswered : kPartly;
}

}  // namespace

void add_solve(CommandLine& line) {
  auto options = std::make_shared<SolveOptions>();
  line.describe(
      "Is there a zone of agreement, how deep and how broad is it, who binds it, where is it on "
      "each "
      "issue, which agreements do the rules of the field pick, and how do the drafts fare.");
  add_scenario_options(line, options->scenario);
  line.group("Rules:");
  line.option(options->rules, "-r,--rule", "NAME,…",
              "which rules (default: all; `zopa list rules` describes them)", true);
  line.flag(options->power, "--power", "the parties' power as exponents of the rule nash");
  add_search_options(line, options->search);
  line.option(options->fail_if, "--fail-if", "'COLUMN OP VALUE'",
              "exit code 5 when it holds for the table `overlap`, e.g. 'depth < 0'");
  add_output_options(line, options->output, tables_of("solve"));
  line.example("zopa solve scenarios/ukraine-2025/talks.yaml");
  line.example("zopa solve scenarios/textbook/divide-the-unit.yaml --rule nash,egalitarian");
  line.check([options] {
    const std::vector<std::string> names = rule_names();
    for (const std::string& rule : options->rules) {
      if (std::find(names.begin(), names.end(), rule) != names.end()) continue;
      throw UsageError("zopa solve: there is no rule '" + rule + "'.\n  " + name_hint(rule, names) +
                       " `zopa list rules` describes them.");
    }
  });
  line.run([options] { return run_solve(*options); });
}

}  // namespace zopa
