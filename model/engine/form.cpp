// SPDX-License-Identifier: MIT
#include "model/engine/form.hpp"

#include <algorithm>

#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

using Ends = std::vector<std::pair<Rational, Rational>>;

Form utility_terms(const Leaf& leaf) {
  Form form;
  for (const auto& line : leaf.worth) {
    const bool zero = std::all_of(line.begin(), line.end(), [](const PieceWorth& w) {
      return w.at_from == 0 && w.at_to == 0;
    });
    form.terms.push_back(zero ? std::vector<PieceWorth>() : line);
  }
  return form;
}

}  // namespace

// So small that a sum of one term an issue is an Int128 too.
Form fraction_form(const std::vector<Ends>& terms) {
  Integer unit = 1;
  for (const Ends& ends : terms) {
    for (const auto& [from, to] : ends) {
      unit = common_multiple(unit, boost::multiprecision::denominator(from));
      unit = common_multiple(unit, boost::multiprecision::denominator(to));
    }
  }
  Form form;
  form.factor = Rational(1, unit);
  Integer greatest_sum = 0;
  for (const Ends& ends : terms) {
    Integer greatest = 0;
    const auto scaled = [&](const Rational& x) {
      const Integer integer = boost::multiprecision::numerator(Rational(x * unit));
      greatest = std::max(greatest, Integer(abs(integer)));
      const auto small = to_int128(integer);
      if (!small) throw ModelError("a rule or a scale needs more than 126 bits");
      return *small;
    };
    auto& line = form.terms.emplace_back();
    for (const auto& [from, to] : ends) line.push_back({scaled(from), scaled(to)});
    greatest_sum += greatest;
  }
  if (!to_int128(greatest_sum)) throw ModelError("a rule or a scale needs more than 126 bits");
  return form;
}

Form margin_form(const Leaf& leaf) {
  if (leaf.best <= leaf.reservation)
    throw ModelError("a margin needs a best above the reservation");
  Form form = utility_terms(leaf);
  form.constant = -make_rational(leaf.reservation);
  form.factor = make_rational(1, leaf.best - leaf.reservation);
  return form;
}

Form surplus_form(const Leaf& leaf) {
  Form form = utility_terms(leaf);
  form.constant = -make_rational(leaf.reservation);
  form.factor = Rational(1, leaf.unit);
  return form;
}

Form utility_form(const Leaf& leaf) {
  Form form = utility_terms(leaf);
  form.factor = Rational(1, leaf.unit);
  return form;
}

Form rule_form(const Problem& problem, const LinearRule& rule) {
  std::vector<Ends> terms(problem.issues.size());
  for (const auto& [j, coefficient] : rule.sum) {
    auto& ends = terms[at(j)];
    const auto& pieces = problem.issues[at(j)].pieces;
    ends.resize(pieces.size());
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      ends[k].first += coefficient * pieces[k].from;
      ends[k].second += coefficient * pieces[k].to;
    }
  }
  Form form = fraction_form(terms);
  form.constant = -rule.bound / form.factor;
  return form;
}

Form soft_form(const Problem& problem, const LeafDemand& demand, int inside) {
  const int j = demand.demand.index;
  std::vector<Ends> terms(problem.issues.size());
  const auto& pieces = problem.issues[at(j)].pieces;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    if (contains(*demand.limit, static_cast<int>(k))) {
      terms[at(j)].emplace_back(inside, inside);
    } else {
      terms[at(j)].emplace_back(soft_margin(demand, problem, pieces[k].from),
                                soft_margin(demand, problem, pieces[k].to));
    }
  }
  return fraction_form(terms);
}

Form set_form(const Problem& problem, const PieceSet& set, const Rational& outside) {
  std::vector<Ends> terms(problem.issues.size());
  for (const char inside : set.pieces) {
    const Rational term = inside ? Rational(1) : outside;
    terms[at(set.issue)].emplace_back(term, term);
  }
  return fraction_form(terms);
}

std::optional<TooWide> too_wide(const Problem& problem) {
  const auto fails = [](const auto& make) {
    try {
      make();
      return false;
    } catch (const ModelError&) {
      return true;
    }
  };
  for (int j = 0; j < problem.m(); ++j) {
    if (!problem.issues[at(j)].continuous) continue;
    const Rational& low = problem.issues[at(j)].pieces.front().from;
    if (fails([&] { place_form(problem, j, low, 1); })) return TooWide{-1, j};
  }
  for (const Leaf& leaf : problem.leaves) {
    for (const LeafDemand& demand : leaf.demands) {
      if (demand.soft && fails([&] { soft_form(problem, demand, 0); }))
        return TooWide{-1, demand.demand.index};
    }
  }
  for (const LinearRule& rule : problem.linear_rules) {
    if (fails([&] { rule_form(problem, rule); })) return TooWide{rule.rule, -1};
  }
  return std::nullopt;
}

Rational least_term_sum(const Form& form) {
  Integer sum = 0;
  for (const auto& line : form.terms) {
    if (line.empty()) continue;
    Int128 least = std::min(line[0].at_from, line[0].at_to);
    for (const PieceWorth& w : line) least = std::min({least, w.at_from, w.at_to});
    sum += make_integer(least);
  }
  return form.factor * (form.constant + sum);
}

Form place_form(const Problem& problem, int issue, const Rational& from, int sign) {
  LinearRule rule;
  rule.sum = {{issue, Rational(sign)}};
  rule.bound = sign * from;
  return rule_form(problem, rule);
}

Rational value(const Form& form, const Problem& problem, const Package& package) {
  Int128 whole = 0;
  Rational sum = form.constant;
  for (std::size_t j = 0; j < form.terms.size(); ++j) {
    if (form.terms[j].empty()) continue;
    const auto k = at(package.pieces[j]);
    const PieceWorth& w = form.terms[j][k];
    whole += w.at_from;
    if (w.at_from == w.at_to) continue;
    const Piece& piece = problem.issues[j].pieces[k];
    sum += make_rational(w.at_to - w.at_from) *
           ((package.places[j] - piece.from) / (piece.to - piece.from));
  }
  return form.factor * (sum + make_rational(whole));
}

}  // namespace zopa
