// SPDX-License-Identifier: MIT
#include "model/engine/prepare.hpp"

#include "model/engine/search.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

Tree nobody() { return Tree{}; }

// Brings a leaf to a unit in which its best is an integer.
void refine_unit(Leaf& leaf, const Rational& best) {
  const Rational scaled = best * leaf.unit;
  const Integer by = boost::multiprecision::denominator(scaled);
  const auto factor = to_int128(by);
  const Integer unit = leaf.unit * by;
  if (!factor || msb(unit) > 120) throw ModelError("the best of a party needs more than 120 bits");
  leaf.unit = unit;
  leaf.reservation *= *factor;
  for (auto& line : leaf.worth) {
    for (PieceWorth& worth : line) {
      worth.at_from *= *factor;
      worth.at_to *= *factor;
    }
  }
  leaf.best = *to_int128(boost::multiprecision::numerator(scaled));
}

}  // namespace

std::optional<Rational> greatest(const Problem& problem, const Form& form) {
  Search search(problem, DepthKind::hard);
  Search::Request request;
  request.tree = nobody();
  request.level = Level{Level::Kind::weighted, 1, {Item{{search.add(form)}, -1, 1}}, {1}, false};
  return search.run(request).value;
}

std::optional<Rational> least(const Problem& problem, const Form& form) {
  Form negated = form;
  for (auto& line : negated.terms) {
    for (PieceWorth& worth : line) worth = {-worth.at_from, -worth.at_to};
  }
  negated.constant = -form.constant;
  const auto value = greatest(problem, negated);
  return value ? std::optional<Rational>(-*value) : std::nullopt;
}

bool agreement_space_empty(const Problem& problem) {
  const Search search(problem, DepthKind::hard);
  Search::Request request;
  request.tree = nobody();
  request.any = true;
  return !search.run(request).package;
}

Problem make_problem(const Scenario& scenario) {
  Problem problem = frame_problem(scenario);
  if (agreement_space_empty(problem))
    throw ModelError("the agreement space is empty: no package satisfies the rules");
  for (Leaf& leaf : problem.leaves) {
    if (leaf.has_utility) refine_unit(leaf, *greatest(problem, utility_form(leaf)));
  }
  return problem;
}

}  // namespace zopa
