// SPDX-License-Identifier: MIT
#include "src/explain.hpp"

#include <algorithm>
#include <chrono>

#include "model/answers/depth.hpp"
#include "model/answers/drafts.hpp"
#include "model/answers/rules.hpp"
#include "src/input_error.hpp"
#include "src/nearest.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

using ExplainClock = std::chrono::steady_clock;

// By which share of the time limit each part has to be done, so that none starves those after it.
constexpr double kUntilZone = 0.2;
constexpr double kUntilConflicts = 0.6;
constexpr double kUntilMoves = 0.8;
constexpr double kUntilConsents = 0.9;
constexpr double kUntilLevers = 0.95;

// The progress of one part after the other, each with its share of the whole.
class Schedule {
 public:
  explicit Schedule(const ExplainSettings& settings) : settings_(settings) {}

  // For the next part, which has to be done by that share of the time.
  Progress until(double share) {
    const double from = reached_;
    reached_ = share;
    return [this, from, share](double fraction) {
      if (!settings_.progress(from + fraction * (share - from))) return false;
      if (!settings_.time_limit || share >= 1) return true;
      const std::chrono::duration<double> gone = ExplainClock::now() - begin_;
      return gone.count() < share * *settings_.time_limit;
    };
  }

 private:
  const ExplainSettings& settings_;
  double reached_ = 0;
  ExplainClock::time_point begin_ = ExplainClock::now();
};

std::vector<std::string> text_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const Draft& draft : scenario.drafts) names.push_back(draft.id);
  names.emplace_back("deepest");
  for (const RuleRow& rule : rule_table()) names.push_back("rule:" + std::string(rule.name));
  return names;
}

[[noreturn]] void refuse_text(const std::string& problem, const std::string& remedy) {
  throw UsageError("zopa: --draft: " + problem + "\n  " + remedy);
}

struct FoundText {
  RedraftReport report;  // but for the answer
  Package package;
  DepthKind kind = DepthKind::hard;
};

// Nothing when the search was stopped before it was found.
std::optional<FoundText> draft_text(const Scenario& scenario, const Problem& problem,
                                    std::size_t index, const SolveSettings& settings) {
  const Draft& draft = scenario.drafts[index];
  const DraftScore score = score_drafts(scenario, problem, settings).at(index);
  if (!score.inside) {
    refuse_text("the text '" + draft.id + "' lies outside the agreement space.",
                "`zopa solve` says which rule excludes it.");
  }
  if (!score.package && score.proof == Proof::bounded) return std::nullopt;
  if (!score.package) {
    refuse_text("no completion of the text '" + draft.id + "' has a depth.",
                "Settle the issues that it leaves open.");
  }
  FoundText text{{"draft:" + draft.id, draft.title.empty() ? draft.id : draft.title, "", {}},
                 *score.package,
                 score.kind};
  std::vector<std::string> chosen;
  for (std::size_t j = 0; j < score.chosen.size(); ++j) {
    if (score.chosen[j] == 0) continue;
    const Issue& issue = scenario.issues.at(j);
    chosen.push_back(title_of(issue) + " " + place_with_unit(issue, score.package->places.at(j)));
  }
  text.report.chosen = joined_by(chosen, ", ");
  return text;
}

std::optional<FoundText> deepest_text(const Problem& problem, const SolveSettings& settings) {
  const DepthFinder finder(problem, settings.progress);
  Depth depth = finder.find(DepthKind::hard, {});
  if (!depth.low && depth.proof == Proof::exact) depth = finder.find(DepthKind::all, {});
  if (!depth.package && depth.proof == Proof::bounded) return std::nullopt;
  if (!depth.package) refuse_text("there is no deepest package.", "No package has a depth.");
  finder.deepen(depth, {});
  return FoundText{{"deepest", "the deepest package", "", {}}, *depth.package, depth.kind};
}

std::optional<FoundText> rule_text(const Scenario& scenario, const Problem& problem,
                                   const std::string& rule, SolveSettings settings) {
  settings.rules = {rule};
  const Overlap found = overlap(scenario, problem, settings);
  for (const Agreement& agreement : agreements(scenario, problem, found, settings)) {
    if (!agreement.package) continue;
    return FoundText{{"rule:" + rule, "the agreement of the rule " + rule, "", {}},
                     *agreement.package,
                     DepthKind::hard};
  }
  if (!settings.progress(1)) return std::nullopt;
  refuse_text("the rule " + rule + " picks no package.", "`zopa solve` says why.");
}

constexpr std::string_view kRule = "rule:";

std::optional<FoundText> find_text(const Scenario& scenario, const Problem& problem,
                                   const std::string& name, const SolveSettings& settings) {
  for (std::size_t d = 0; d < scenario.drafts.size(); ++d) {
    if (scenario.drafts[d].id == name) return draft_text(scenario, problem, d, settings);
  }
  if (name == "deepest") return deepest_text(problem, settings);
  if (name.starts_with(kRule))
    return rule_text(scenario, problem, name.substr(kRule.size()), settings);
  return std::nullopt;  // check_text refused it
}

// Refuses what names no text, before anything long begins.
void check_text(const Scenario& scenario, const std::string& name) {
  const std::vector<std::string> known = text_names(scenario);
  if (std::find(known.begin(), known.end(), name) == known.end())
    refuse_text("there is no text '" + name + "'.", name_hint(name, known));
}

LeverReport pull_levers(const Document& document, const ExplainSettings& settings,
                        const Progress& progress) {
  LeverReport report{named_levers(document), {}, settings.budget};
  if (report.named.empty()) return report;
  LeverSettings study;
  study.jobs = settings.jobs;
  study.progress = progress;
  report.answer = study_levers(lever_study(document), study);
  return report;
}

// Whether nothing of it was cut short.
bool whole(const Conflicts& found) {
  const auto exact = [](const auto& one) { return one.proof == Proof::exact; };
  return found.complete && std::all_of(found.splits.begin(), found.splits.end(), exact);
}

bool whole(const LeverReport& report) {
  return report.answer.proof == Proof::exact &&
         std::all_of(report.answer.effects.begin(), report.answer.effects.end(),
                     [](const LeverEffect& effect) { return effect.proof == Proof::exact; });
}

}  // namespace

Explanation explain(const Document& document, const Scenario& scenario, const Problem& problem,
                    const ExplainSettings& settings) {
  const ExplainParts& parts = settings.parts;
  if (parts.redraft) check_text(scenario, settings.text);
  Explanation found;
  Schedule schedule(settings);
  found.demands = named_demands(scenario, problem);
  {
    const ZoneFinder finder(problem, found.demands, schedule.until(kUntilZone));
    const bool some = finder.find(DemandSet(found.demands.size(), 1)).has_value();
    if (some || !finder.stopped()) found.zone = some;
    found.complete = found.zone.has_value();
  }
  const bool closed = found.zone && !*found.zone;
  if (closed && parts.of_conflicts()) {
    ConflictSettings asked;
    asked.most = settings.most;
    asked.proofs = parts.conflicts;
    asked.prices = parts.exits || parts.pointless;
    asked.splits = parts.splits;
    asked.jobs = settings.jobs;
    asked.progress = schedule.until(kUntilConflicts);
    found.conflicts = find_conflicts(scenario, problem, asked);
    found.complete = found.complete && whole(*found.conflicts);
  }
  if (parts.moves || parts.redundant) {
    MoveSettings asked;
    asked.moves = parts.moves;
    asked.pairs = parts.moves;
    asked.redundant = parts.redundant || parts.moves;  // a column of the moves
    asked.jobs = settings.jobs;
    asked.progress = schedule.until(kUntilMoves);
    found.moves = find_moves(scenario, problem, asked);
    found.complete = found.complete && found.moves->complete;
  }
  if (parts.consents) {
    ConsentSettings asked;
    asked.jobs = settings.jobs;
    asked.progress = schedule.until(kUntilConsents);
    found.consents = consents(problem, asked);
    found.complete = found.complete && found.consents->complete;
  }
  if (parts.levers) {
    found.levers = pull_levers(document, settings, schedule.until(kUntilLevers));
    found.complete = found.complete && (found.levers->named.empty() || whole(*found.levers));
  }
  if (parts.redraft) {
    SolveSettings asked;
    asked.jobs = settings.jobs;
    asked.progress = schedule.until(1);
    if (auto text = find_text(scenario, problem, settings.text, asked)) {
      found.redraft = std::move(text->report);
      RedraftSettings edits;
      edits.progress = asked.progress;
      found.redraft->answer = redraft(scenario, problem, text->package, text->kind, edits);
      found.complete = found.complete && found.redraft->answer.complete;
    } else {
      found.complete = false;
    }
  }
  return found;
}

}  // namespace zopa
