// SPDX-License-Identifier: MIT
#include "model/answers/conflicts.hpp"

#include <algorithm>
#include <map>

#include "src/number_text.hpp"
#include "src/report/demand_words.hpp"
#include "src/report/explanation.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

constexpr std::size_t kConflictsShown = 10;  // smallest first; tables hold all
constexpr std::size_t kTermsShown = 6;       // of a utility, issue by issue

const std::vector<NamedDemand>& demands_of(const Explained& explained) {
  return explained.answer.conflicts->demands;
}

// The issue that all demands of the conflict are red lines on; −1: there is none.
int single_issue(const Explained& explained, const Conflict& conflict) {
  int issue = -1;
  for (const int d : conflict.demands) {
    const Demand& demand = demands_of(explained).at(at(d)).demand;
    if (demand.kind == Demand::Kind::linked || demand.kind == Demand::Kind::reservation) return -1;
    if (issue >= 0 && issue != demand.index) return -1;
    issue = demand.index;
  }
  return issue;
}

bool is_reservation_of(const Explained& explained, int index, int leaf) {
  const NamedDemand& demand = demands_of(explained).at(at(index));
  return demand.demand.kind == Demand::Kind::reservation &&
         std::find(demand.leaves.begin(), demand.leaves.end(), leaf) != demand.leaves.end();
}

// The demands of a conflict other than the reservations of the leaves that its proof weighs.
std::size_t others(const Explained& explained, const Conflict& conflict) {
  return static_cast<std::size_t>(
      std::count_if(conflict.demands.begin(), conflict.demands.end(), [&](int d) {
        return std::none_of(
            conflict.multipliers.begin(), conflict.multipliers.end(),
            [&](const auto& weighed) { return is_reservation_of(explained, d, weighed.first); });
      }));
}

// "on every package that the other 4 demands allow".
std::string on_every_package(const Explained& explained, const Conflict& conflict, bool counted) {
  const std::size_t rest = others(explained, conflict);
  if (rest == 0)
    return explained.scenario.rules.empty() ? "on every package" : "on every package of the rules";
  if (rest == 1) return "on every package that the other demand allows";
  return "on every package that the other " + (counted ? std::to_string(rest) + " " : "") +
         "demands allow";
}

Rational reservation_of_leaf(const Leaf& leaf) {
  return make_rational(leaf.reservation) / leaf.unit;
}

// The utility that the leaf cannot exceed under the other demands.
Rational most_for(const Leaf& leaf, const Rational& at_most) {
  const Rational best = make_rational(leaf.best) / leaf.unit;
  const Rational reservation = reservation_of_leaf(leaf);
  return reservation + at_most * (best - reservation);
}

// Rounded up, but below the limit; and the limit, rounded down but above that.
std::string most_text(const Rational& most, const Rational& limit) {
  return reached_text(2 * most - limit, most);
}
std::string limit_text(const Rational& most, const Rational& limit) {
  const std::string stated = stated_text(limit);
  if (parse_decimal(stated) && *parse_decimal(stated) == limit) return stated;
  return decimal_between(limit, limit - (limit - most) / 200);
}

// A multiplier as a fraction where that is short.
std::string weight_text(const Rational& weight) {
  constexpr int kSmall = 100;
  if (denominator(weight) < kSmall && denominator(weight) > 1)
    return numerator(weight).str() + "/" + denominator(weight).str();
  return stated_text(weight);
}

// "0.12 from Territory 0.3, …": where the best package of a one-box proof gets its worth from;
// empty where that is too long to check, or the package is not the best.
std::string terms(const Explained& explained, const Conflict& conflict, int l) {
  const auto& package = conflict.certificate.package;
  const Problem& problem = explained.problem;
  if (!package) return "";
  const LeafView seen = view(problem, l, *package);
  if (!seen.margin || *seen.margin != *conflict.at_most) return "";
  const Leaf& leaf = problem.leaves.at(at(l));
  std::vector<std::string> words;
  for (int j = 0; j < problem.m(); ++j) {
    if (leaf.salience.at(at(j)) == 0) continue;
    const Issue& issue = explained.scenario.issues.at(at(j));
    const Rational worth = worth_at(leaf, problem, *package, j) / leaf.unit;
    words.push_back(reached_text(0, worth) + " for " + title_of(issue) + " " +
                    place_with_unit(issue, package->places.at(at(j))));
  }
  return words.size() > kTermsShown || words.empty() ? "" : joined(words);
}

// "1,845 conflicts: 5 of 2 demands, 7 of 3, …; the smallest:".
std::string sizes_sentence(const Conflicts& found) {
  constexpr std::size_t kSizesShown = 3;
  std::map<std::size_t, std::size_t> sizes;
  for (const Conflict& conflict : found.conflicts) ++sizes[conflict.demands.size()];
  std::vector<std::string> words;
  std::size_t counted = 0;
  for (const auto& [size, count] : sizes) {
    if (words.size() == kSizesShown) break;
    counted += count;
    words.push_back(count_text(Integer(count)) + " of " + std::to_string(size) +
                    (!words.empty() ? ""
                     : size == 1    ? " demand"
                                    : " demands"));
  }
  if (counted < found.conflicts.size())
    words.push_back(count_text(Integer(found.conflicts.size() - counted)) + " larger ones");
  return count_text(Integer(found.conflicts.size())) + " conflicts: " + joined(words) +
         ". The smallest:";
}

std::string weighed_sum(const Explained& explained, const Conflict& conflict, bool counted) {
  std::vector<std::string> weights;
  for (const auto& [leaf, weight] : conflict.multipliers) {
    weights.push_back(possessive(leaf_title(explained.scenario, explained.problem, leaf)) + " by " +
                      weight_text(weight));
  }
  return "Multiply the margin of each, " + joined(weights) + ": the sum is at most " +
         decimal_between(*conflict.at_most, *conflict.at_most * Rational(199, 200)) + " " +
         on_every_package(explained, conflict, counted) +
         ", and all accept only where it is 0 or more";
}

}  // namespace

std::string conflict_words(const Explained& explained, const Conflict& conflict) {
  if (conflict.demands.empty())
    return "Whatever the parties demand, those who are asked cannot reach the consent needed";
  return grouped_words(explained.scenario, explained.problem, demands_of(explained),
                       conflict.demands);
}

std::string proof_words(const Explained& explained, const Conflict& conflict, bool with_terms) {
  const Scenario& scenario = explained.scenario;
  if (conflict.boxes == 0) return "";  // no proof was made
  if (conflict.multipliers.empty() && conflict.boxes > 1)
    return "Proved by a certificate of " + count_text(Integer(conflict.boxes)) + " boxes";
  if (conflict.multipliers.empty()) {
    const int issue = single_issue(explained, conflict);
    const std::string rules = scenario.rules.empty() ? "" : " that the rules allow";
    if (issue >= 0 && scenario.rules.empty()) {
      return "No settlement of " + title_of(scenario.issues.at(at(issue))) + " meets " +
             (conflict.demands.size() == 2 ? "both" : "them all");
    }
    return "No package" + rules +
           (conflict.demands.size() == 1   ? " meets it"
            : conflict.demands.size() == 2 ? " meets both"
                                           : " meets them all");
  }
  if (conflict.multipliers.size() != 1) return weighed_sum(explained, conflict, with_terms);
  const int l = conflict.multipliers.front().first;
  const Leaf& leaf = explained.problem.leaves.at(at(l));
  const Rational reservation = reservation_of_leaf(leaf);
  const Rational most = most_for(leaf, *conflict.at_most);
  const std::string whom = leaf_title(scenario, explained.problem, l);
  const std::string of = with_terms ? terms(explained, conflict, l) : "";
  std::string text = "The utility of " + whom + " is at most " + most_text(most, reservation) +
                     " " + on_every_package(explained, conflict, with_terms);
  if (!of.empty()) text += " (" + of + ")";
  return text + ", less than the " + limit_text(most, reservation) + " that it asks for";
}

Table conflicts_table(const Explained& explained) {
  Table table = make_table("conflicts");
  if (!explained.answer.conflicts) return table;
  const Scenario& scenario = explained.scenario;
  std::size_t number = 0;
  for (const Conflict& conflict : explained.answer.conflicts->conflicts) {
    ++number;
    for (const int d : conflict.demands) {
      const NamedDemand& named = demands_of(explained).at(at(d));
      const Demand& demand = named.demand;
      add_row(table, explained.origin,
              {Integer(number), scenario.parties.at(at(demand.party)).id,
               demand_id(scenario, demand), demand_kind_word(demand),
               title_of(scenario.parties.at(at(demand.party))) +
                   " asks: " + asked_words(scenario, explained.problem, named),
               named.firm});
    }
  }
  return table;
}

Table conflict_proofs_table(const Explained& explained) {
  Table table = make_table("conflict_proofs");
  if (!explained.answer.conflicts) return table;
  std::size_t number = 0;
  for (const Conflict& conflict : explained.answer.conflicts->conflicts) {
    ++number;
    if (conflict.boxes == 0) continue;
    const Cell boxes = Integer(conflict.boxes);
    if (conflict.multipliers.empty()) {
      add_row(table, explained.origin,
              {Integer(number), boxes, number_cell(conflict.at_most), {}, {}, {}, {}, {}});
      continue;
    }
    for (const auto& [l, multiplier] : conflict.multipliers) {
      const Leaf& leaf = explained.problem.leaves.at(at(l));
      const bool alone = conflict.multipliers.size() == 1 && conflict.at_most;
      add_row(table, explained.origin,
              {Integer(number), boxes, number_cell(conflict.at_most),
               explained.scenario.parties.at(at(leaf.party)).id,
               text_cell(leaf_path(explained.problem, l)), to_double(multiplier),
               alone ? Cell{to_double(most_for(leaf, *conflict.at_most))} : Cell{},
               to_double(reservation_of_leaf(leaf))});
    }
  }
  return table;
}

void add_conflicts(const Explained& explained, Page& page) {
  const Conflicts& found = *explained.answer.conflicts;
  if (found.open) return;
  page.push_back(Section{"Conflicts",
                         "Each is a set of demands that cannot hold together, while any part of it "
                         "can."});
  if (found.conflicts.empty()) {
    page.push_back(Sentence{"The search was stopped before one was found.", Tone::plain, 2});
    return;
  }
  if (found.conflicts.size() > kConflictsShown)
    page.push_back(Sentence{sizes_sentence(found), Tone::plain, 2});
  std::size_t number = 0;
  for (const Conflict& conflict : found.conflicts) {
    if (++number > kConflictsShown) break;
    std::string text = std::to_string(number) + ". " + conflict_words(explained, conflict) + ".";
    if (conflict.firm) text += " All of these are firm.";
    page.push_back(Sentence{std::move(text), Tone::plain, 2});
    if (const std::string why = proof_words(explained, conflict, true); !why.empty())
      page.push_back(Sentence{why + ".", Tone::plain, 5});
  }
  if (found.conflicts.size() > kConflictsShown) {
    page.push_back(Sentence{count_text(Integer(found.conflicts.size() - kConflictsShown)) +
                                " more are left out here: --format csv and json list all.",
                            Tone::plain, 2});
  }
}

}  // namespace zopa
