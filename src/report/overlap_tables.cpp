// SPDX-License-Identifier: MIT
#include "src/report/report.hpp"
#include "src/report/words.hpp"

namespace zopa {

Table overlap_table(const Solved& solved) {
  const Overlap& overlap = solved.answer.overlap;
  const Depth& depth = overlap.depth;
  const Breadth& breadth = overlap.breadth;
  const bool measured = breadth.kind != Breadth::Kind::none && breadth.share.has_value();
  const auto when_measured = [&](double value) { return measured ? Cell{value} : Cell{}; };
  Table table = make_table("overlap");
  add_row(table, solved.origin,
          {overlap.status ? Cell{status_word(*overlap.status)} : Cell{},
           number_cell(value_of(depth)), has_kind(depth) ? Cell{kind_word(depth.kind)} : Cell{},
           proof_word(depth.proof), number_cell(depth.low), number_cell(depth.high),
           number_cell(overlap.relaxed_depth), number_cell(measured ? breadth.share : std::nullopt),
           !measured ? Cell{} : Cell{breadth.kind == Breadth::Kind::exact ? "exact" : "estimate"},
           when_measured(breadth.low), when_measured(breadth.high),
           breadth.packages_exact ? integer_cell(breadth.packages) : Cell{},
           integer_cell(breadth.acceptable), to_double(overlap.tau)});
  return table;
}

Table parties_table(const Solved& solved) {
  const Overlap& overlap = solved.answer.overlap;
  Table table = make_table("parties");
  for (std::size_t p = 0; p < solved.scenario.parties.size(); ++p) {
    const std::string& id = solved.scenario.parties[p].id;
    const std::optional<Rational> criticality =
        p < overlap.parties.size() ? overlap.parties[p].criticality : std::nullopt;
    bool asked = false;
    for (int l = 0; l < solved.problem.n(); ++l) {
      if (solved.problem.leaves[at(l)].party != static_cast<int>(p)) continue;
      asked = true;
      const LeafSummary& leaf = overlap.leaves.at(at(l));
      const bool deepest = overlap.depth.package.has_value();
      add_row(
          table, solved.origin,
          {id, text_cell(leaf_path(solved.problem, l)), number_cell(leaf.reservation),
           number_cell(leaf.best), deepest ? number_cell(leaf.at_deepest.margin) : Cell{},
           deepest ? Cell{leaf.binding} : Cell{}, number_cell(leaf.share), number_cell(criticality),
           criticality ? Cell{kind_word(overlap.comparison_kind)} : Cell{}});
    }
    if (!asked) add_row(table, solved.origin, {id, {}, {}, {}, {}, {}, {}, {}, {}});
  }
  return table;
}

Table issues_table(const Solved& solved) {
  Table table = make_table("issues");
  for (std::size_t j = 0; j < solved.scenario.issues.size(); ++j) {
    const Issue& issue = solved.scenario.issues[j];
    const IssueOverlap& overlap = solved.answer.overlap.issues.at(j);
    const auto low = [&](const std::optional<Span>& span) {
      return span ? settlement_cell(issue, span->low) : Cell{};
    };
    const auto high = [&](const std::optional<Span>& span) {
      return span ? settlement_cell(issue, span->high) : Cell{};
    };
    std::vector<std::string> gaps;
    for (const Span& gap : gaps_between(issue, overlap.effective_parts)) {
      gaps.push_back(span_data(issue, gap));
    }
    std::vector<std::string> blocked_by;
    for (const int party : overlap.blocked_by) {
      blocked_by.push_back(solved.scenario.parties.at(at(party)).id);
    }
    if (overlap.linkage) blocked_by.push_back("linkage");
    add_row(
        table, solved.origin,
        {issue.id, text_cell(issue.group), number_cell(overlap.stated), low(overlap.stated_span),
         high(overlap.stated_span), number_cell(overlap.effective), low(overlap.effective_span),
         high(overlap.effective_span), text_cell(joined_by(gaps, "; ")), overlap.near_zone,
         text_cell(joined_by(blocked_by, " "))});
  }
  return table;
}

Table pairs_table(const Solved& solved) {
  Table table = make_table("pairs");
  for (const PairDepth& pair : solved.answer.overlap.pairs) {
    add_row(table, solved.origin,
            {solved.scenario.parties.at(at(pair.party)).id,
             solved.scenario.parties.at(at(pair.other)).id, number_cell(value_of(pair.depth)),
             kind_word(pair.depth.kind)});
  }
  return table;
}

// No rows where the zone is empty or an issue has no step: the marginals are not given.
Table marginals_table(const Solved& solved) {
  Table table = make_table("marginals");
  const auto& marginals = solved.answer.overlap.breadth.marginals;
  for (std::size_t j = 0; j < marginals.size(); ++j) {
    const Issue& issue = solved.scenario.issues.at(j);
    for (std::size_t k = 0; k < marginals[j].size(); ++k) {
      const Spread& spread = marginals[j][k];
      const Rational& place = solved.problem.issues.at(j).pieces.at(k).from;
      const Cell number = issue.kind == IssueKind::numeric ? Cell{to_double(place)} : Cell{};
      add_row(
          table, solved.origin,
          {issue.id, place_id(issue, place), number, integer_cell(spread.packages), spread.share});
    }
  }
  return table;
}

}  // namespace zopa
