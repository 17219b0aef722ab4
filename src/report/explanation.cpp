// SPDX-License-Identifier: MIT
#include "src/report/explanation.hpp"

#include <algorithm>
#include <set>

#include "src/number_text.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

std::string zone_sentence(const Explained& explained) {
  const auto& zone = explained.answer.zone;
  if (!zone) return "Not decided whether there is a zone of agreement: the search was stopped.";
  if (*zone) {
    return std::string("There is a zone of agreement.") +
           (explained.parts.moves ? " What follows is what would close it." : "");
  }
  std::string text = "No zone of agreement";
  const auto& found = explained.answer.conflicts;
  if (!found || found->conflicts.empty()) return text + ".";
  const auto number = [](std::size_t count, const char* one) {
    return count == 1 ? "1 " + std::string(one)
                      : count_text(Integer(count)) + " " + std::string(one) + "s";
  };
  text += ": " + number(found->conflicts.size(), "conflict") + ", " +
          number(found->exits.size(), "exit");
  return text + (found->complete ? " (all there are)." : " (in part: the search was stopped).");
}

// How we know of a demand; nothing where the file does not say.
std::optional<Basis> basis_of(const Scenario& scenario, const Demand& demand) {
  const Party& party = scenario.parties.at(at(demand.party));
  if (demand.kind == Demand::Kind::reservation) return party.reservation.evidence.basis;
  if (demand.kind == Demand::Kind::linked) return party.demands.at(at(demand.index)).evidence.basis;
  const Position* position = party.position(demand.index);
  if (position == nullptr || !position->limit) return std::nullopt;
  const Limit& limit = *position->limit;
  const auto& end = demand.kind == Demand::Kind::limit_high || !limit.low ? limit.high : limit.low;
  return end && end->place.evidence.basis ? end->place.evidence.basis : position->evidence.basis;
}

Page explanation_page(const Explained& explained) {
  Page page;
  std::string left = explained.scenario.title;
  if (!explained.origin.date.empty()) left += ", as of " + long_date(explained.origin.date);
  page.push_back(Headline{left, explained.origin.scenario});
  if (!explained.origin.variant.empty())
    page.push_back(Sentence{"with " + explained.origin.variant, Tone::faint});
  const Tone tone = explained.answer.zone.value_or(false) ? Tone::good : Tone::bad;
  page.push_back(Sentence{zone_sentence(explained), tone});
  const ExplainParts& parts = explained.parts;
  if (explained.answer.conflicts) {
    if (parts.conflicts) add_conflicts(explained, page);
    if (parts.exits) add_exits(explained, page);
    if (parts.pointless) add_pointless(explained, page);
    if (parts.splits) add_splits(explained, page);
  }
  if (explained.answer.moves) {
    if (parts.moves) add_moves(explained, page);
    if (parts.redundant) add_redundant(explained, page);
  }
  if (parts.consents && explained.answer.consents) add_consents(explained, page);
  if (parts.levers && explained.answer.levers) add_levers(explained, page);
  if (parts.redraft && explained.answer.redraft) add_redraft(explained, page);
  if (explained.problem.rounded) {
    page.push_back(Section{"Remark"});
    page.push_back(
        Sentence{"The worths need fractions beyond 126 bits; they were rounded to 1e-9 once, so "
                 "that exact means exact for the rounded worths.",
                 Tone::plain, 2});
  }
  return page;
}

}  // namespace

Table explanation_table(const Explained& explained) {
  Table table = make_table("explanation");
  const Scenario& scenario = explained.scenario;
  const Explanation& answer = explained.answer;
  const auto& found = answer.conflicts;
  const auto count = [&](const auto& holds) {
    return Cell{Integer(std::count_if(answer.demands.begin(), answer.demands.end(), holds))};
  };
  const auto of_basis = [&](Basis basis) {
    return count([&, basis](const NamedDemand& demand) {
      return basis_of(scenario, demand.demand) == basis;
    });
  };
  std::set<int> asked;
  for (const Leaf& leaf : explained.problem.leaves) asked.insert(leaf.party);
  Cell conflicts, exits, alone, shown;
  if (found) {
    conflicts = Integer(found->conflicts.size());
    exits = Integer(found->exits.size());
    alone = Integer(std::count_if(found->exits.begin(), found->exits.end(),
                                  [](const Exit& exit) { return exit.demands.size() == 1; }));
    shown = Integer(shown_exits(*found).size());
  }
  add_row(table, explained.origin,
          {answer.zone ? Cell{*answer.zone ? "open" : "empty"} : Cell{}, Integer(asked.size()),
           Integer(scenario.issues.size()), Integer(answer.demands.size()),
           count([](const NamedDemand& demand) { return demand.firm; }), of_basis(Basis::stated),
           of_basis(Basis::inferred), of_basis(Basis::assumed), conflicts, exits, alone, shown,
           answer.complete});
  return table;
}

Result report(const Explained& explained) {
  return {
      .command = "explain",
      .tables = {conflicts_table(explained), exits_table(explained), prices_table(explained),
                 splits_table(explained), moves_table(explained), move_pairs_table(explained),
                 vetoes_table(explained), consents_table(explained), consent_sets_table(explained),
                 ratification_table(explained), levers_table(explained),
                 lever_sets_table(explained), remedies_table(explained), redraft_table(explained),
                 conflict_proofs_table(explained), explanation_table(explained)},
      .page = explanation_page(explained)};
}

}  // namespace zopa
