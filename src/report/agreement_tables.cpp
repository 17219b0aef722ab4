// SPDX-License-Identifier: MIT
#include <algorithm>

#include "src/report/report.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

Cell optima_cell(const Agreement& agreement) {
  if (agreement.continuum) return std::string("continuum");
  if (!agreement.optima) return {};
  if (agreement.at_least) return ">=" + agreement.optima->str();
  return *agreement.optima;
}

std::string formula_of(const std::string& rule) {
  const auto rules = rule_table();
  const auto row =
      std::find_if(rules.begin(), rules.end(), [&](const RuleRow& r) { return rule == r.name; });
  return row == rules.end() ? "" : row->formula;
}

void add_views(Table& table, const Solved& solved, const std::string& package,
               const std::vector<LeafView>& views) {
  for (int l = 0; l < solved.problem.n(); ++l) {
    const LeafView& view = views.at(at(l));
    const std::optional<bool> yes = accepts(view);
    add_row(table, solved.origin,
            {package, solved.scenario.parties.at(at(solved.problem.leaves[at(l)].party)).id,
             text_cell(leaf_path(solved.problem, l)), number_cell(view.utility),
             number_cell(view.surplus), number_cell(view.margin), yes ? Cell{*yes} : Cell{}});
  }
}

// adjusted_winner mixes two packages: utilities of its two parties, and no consent to one package.
void add_mixture(Table& table, const Solved& solved, const Agreement& agreement) {
  for (std::size_t k = 0; k < agreement.mixed_parties.size(); ++k) {
    const int party = agreement.mixed_parties[k];
    const Rational& utility = agreement.mixed_utility.at(k);
    const auto leaf = std::find_if(solved.problem.leaves.begin(), solved.problem.leaves.end(),
                                   [&](const Leaf& l) { return l.party == party; });
    const LeafSummary& summary = solved.answer.overlap.leaves.at(
        static_cast<std::size_t>(leaf - solved.problem.leaves.begin()));
    std::optional<Rational> surplus;
    std::optional<Rational> margin;
    if (summary.reservation) {
      surplus = utility - *summary.reservation;
      if (summary.best && *summary.best > *summary.reservation) {
        margin = *surplus / (*summary.best - *summary.reservation);
      }
    }
    add_row(table, solved.origin,
            {package_name(agreement),
             solved.scenario.parties.at(at(party)).id,
             {},
             number_cell(std::optional(utility)),
             number_cell(surplus),
             number_cell(margin),
             {}});
  }
}

void add_package(Table& table, const Solved& solved, const std::string& name,
                 const Package& package, const std::vector<char>& chosen) {
  for (std::size_t j = 0; j < solved.scenario.issues.size(); ++j) {
    const Issue& issue = solved.scenario.issues[j];
    const Rational& place = package.places.at(j);
    const Cell settlement = settlement_cell(issue, place);
    add_row(table, solved.origin,
            {name, issue.id, plain_text(settlement),
             issue.kind == IssueKind::numeric ? settlement : Cell{},
             chosen.empty() ? Cell{} : Cell{chosen.at(j) != 0}});
  }
}

}  // namespace

std::string package_name(const Agreement& agreement) { return "rule:" + agreement.rule; }

std::vector<LeafView> views_of(const Problem& problem, const Package& package) {
  std::vector<LeafView> views;
  for (int l = 0; l < problem.n(); ++l) views.push_back(view(problem, l, package));
  return views;
}

Table agreements_table(const Solved& solved) {
  Table table = make_table("agreements");
  for (const Agreement& agreement : solved.answer.agreements) {
    if (!agreement.exists) continue;
    std::vector<std::string> differs;
    for (std::size_t j = 0; j < agreement.range.size(); ++j) {
      if (!agreement.range[j]) continue;
      const Issue& issue = solved.scenario.issues.at(j);
      differs.push_back(issue.id + " " + span_data(issue, *agreement.range[j]));
    }
    add_row(table, solved.origin,
            {agreement.rule, formula_of(agreement.rule), optima_cell(agreement),
             text_cell(joined_by(differs, "; ")), text_cell(agreement.degenerate),
             proof_word(agreement.proof)});
  }
  return table;
}

Table margins_table(const Solved& solved) {
  Table table = make_table("margins");
  const Overlap& overlap = solved.answer.overlap;
  if (overlap.depth.package) {
    add_views(table, solved, "deepest", views_of(solved.problem, *overlap.depth.package));
  }
  for (const Agreement& agreement : solved.answer.agreements) {
    if (!agreement.exists) continue;
    if (agreement.package) {
      add_views(table, solved, package_name(agreement),
                views_of(solved.problem, *agreement.package));
    } else {
      add_mixture(table, solved, agreement);
    }
  }
  for (const DraftScore& score : solved.answer.drafts) {
    if (!score.package) continue;
    add_views(table, solved, "draft:" + solved.scenario.drafts.at(at(score.draft)).id,
              score.leaves);
  }
  return table;
}

Table packages_table(const Solved& solved) {
  Table table = make_table("packages");
  const Overlap& overlap = solved.answer.overlap;
  if (overlap.depth.package) add_package(table, solved, "deepest", *overlap.depth.package, {});
  for (const Agreement& agreement : solved.answer.agreements) {
    if (!agreement.exists) continue;
    if (agreement.package) {
      add_package(table, solved, package_name(agreement), *agreement.package, {});
      continue;
    }
    for (std::size_t j = 0; j < agreement.first_party_share.size(); ++j) {
      const Issue& issue = solved.scenario.issues.at(j);
      const Rational& share = agreement.first_party_share[j];
      Cell settlement;  // a mixture of two settlements has none
      if (share == 1) settlement = place_id(issue, agreement.first_best.at(j));
      if (share == 0) settlement = place_id(issue, agreement.second_best.at(j));
      add_row(table, solved.origin,
              {package_name(agreement), issue.id, settlement, to_double(share), {}});
    }
  }
  for (const DraftScore& score : solved.answer.drafts) {
    if (!score.package) continue;
    add_package(table, solved, "draft:" + solved.scenario.drafts.at(at(score.draft)).id,
                *score.package, score.chosen);
  }
  return table;
}

Table drafts_table(const Solved& solved) {
  Table table = make_table("drafts");
  for (const DraftScore& score : solved.answer.drafts) {
    const Draft& draft = solved.scenario.drafts.at(at(score.draft));
    std::vector<std::string> accepted_by;
    for (const int party : score.accepted_by) {
      accepted_by.push_back(solved.scenario.parties.at(at(party)).id);
    }
    std::string party;
    std::string demand;
    if (score.broken_rule) {
      demand = "rule:" + solved.scenario.rules.at(at(*score.broken_rule)).id;
    } else if (score.first_broken) {
      party = solved.scenario.parties.at(at(score.first_broken->party)).id;
      demand = demand_id(solved.scenario, *score.first_broken);
    }
    add_row(
        table, solved.origin,
        {draft.id, text_cell(draft.title), score.complete, score.inside, number_cell(score.depth),
         text_cell(joined_by(accepted_by, " ")), text_cell(party), text_cell(demand)});
  }
  return table;
}

}  // namespace zopa
