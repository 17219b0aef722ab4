// SPDX-License-Identifier: MIT
#include "model/problem.hpp"

#include <algorithm>
#include <numeric>

#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

Integer numerator_of(const Rational& x) { return boost::multiprecision::numerator(x); }
Integer denominator_of(const Rational& x) { return boost::multiprecision::denominator(x); }

// ----------------------------------------------------------------------------------------------
// pieces

// The places on a continuous issue where some test turns, and those where some worth bends.
struct Turns {
  std::vector<Rational> tests;
  std::vector<Rational> bends;
};

void add_tests(const Condition& condition, std::vector<Turns>& turns) {
  for (const Test& test : condition) {
    auto& list = turns[at(test.issue)].tests;
    if (test.relation == Relation::one_of) {
      list.insert(list.end(), test.places.begin(), test.places.end());
    } else {
      list.push_back(test.place.likely);
    }
  }
}

void add_tests(const Consent& consent, std::vector<Turns>& turns) {
  add_tests(consent.when, turns);
  for (const Consent& member : consent.members) add_tests(member, turns);
}

std::vector<Turns> find_turns(const Scenario& scenario) {
  std::vector<Turns> turns(scenario.issues.size());
  for (const Rule& rule : scenario.rules) {
    add_tests(rule.when, turns);
    add_tests(rule.require, turns);
  }
  add_tests(scenario.consent, turns);
  for (const Party& party : scenario.parties) {
    for (const LinkedDemand& demand : party.demands) {
      add_tests(demand.when, turns);
      add_tests(demand.require, turns);
    }
    for (const Position& position : party.positions) {
      const Issue& issue = scenario.issues[at(position.issue)];
      if (!issue.continuous()) continue;
      Turns& own = turns[at(position.issue)];
      if (position.limit && position.limit->low)
        own.tests.push_back(position.limit->low->place.likely);
      if (position.limit && position.limit->high)
        own.tests.push_back(position.limit->high->place.likely);
      if (position.limit && position.limit->accepted) {
        own.tests.insert(own.tests.end(), position.limit->accepted->begin(),
                         position.limit->accepted->end());
      }
      const auto bends = kinks(issue, position);
      own.bends.insert(own.bends.end(), bends.begin(), bends.end());
    }
  }
  return turns;
}

void sort_unique(std::vector<Rational>& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

ProblemIssue make_pieces(const Issue& issue, Turns turns) {
  ProblemIssue result;
  result.continuous = issue.continuous();
  result.scale = issue.scale_high() - issue.scale_low();
  if (result.scale == 0) result.scale = 1;
  if (!issue.continuous()) {
    for (int k = 0; k < issue.settlements(); ++k)
      result.pieces.push_back({issue.place(k), issue.place(k)});
    return result;
  }
  const auto outside = [&](const Rational& x) { return x < issue.low || x > issue.high; };
  std::erase_if(turns.tests, outside);
  sort_unique(turns.tests);
  std::vector<Rational> ends = turns.bends;
  ends.insert(ends.end(), turns.tests.begin(), turns.tests.end());
  ends.push_back(issue.low);
  ends.push_back(issue.high);
  sort_unique(ends);
  for (std::size_t e = 0; e < ends.size(); ++e) {
    if (std::binary_search(turns.tests.begin(), turns.tests.end(), ends[e]))
      result.pieces.push_back({ends[e], ends[e]});
    if (e + 1 < ends.size()) result.pieces.push_back({ends[e], ends[e + 1]});
  }
  return result;
}

// Where the test holds on a piece. `closed`: the allowed side of a limit or requirement contains
// its boundary. Otherwise (a `when`) a boundary of a continuous issue counts as not triggering.
// Inside a segment a test has one answer, so its midpoint decides.
bool holds_on(const Test& test, const ProblemIssue& issue, const Piece& piece, bool closed) {
  if (!piece.point()) return test.holds((piece.from + piece.to) / 2);
  if (!issue.continuous) return test.holds(piece.from);
  switch (test.relation) {
    case Relation::at_most:
    case Relation::less:
      return closed ? piece.from <= test.place.likely : piece.from < test.place.likely;
    case Relation::at_least:
    case Relation::greater:
      return closed ? piece.from >= test.place.likely : piece.from > test.place.likely;
    default: return test.holds(piece.from);
  }
}

// Several tests on one issue become one set.
std::vector<PieceSet> piece_sets(const Condition& condition,
                                 const std::vector<ProblemIssue>& issues, bool closed) {
  std::vector<PieceSet> sets;
  for (const Test& test : condition) {
    PieceSet set = piece_set(test, issues, closed);
    const auto same = std::find_if(sets.begin(), sets.end(),
                                   [&](const PieceSet& s) { return s.issue == set.issue; });
    if (same == sets.end()) {
      sets.push_back(std::move(set));
    } else {
      for (std::size_t k = 0; k < set.pieces.size(); ++k) same->pieces[k] &= set.pieces[k];
    }
  }
  return sets;
}

// ----------------------------------------------------------------------------------------------
// leaves

LeafDemand limit_demand(const std::vector<ProblemIssue>& issues, const Issue& issue, int party,
                        int j, Demand::Kind kind, const LimitEnd& end, bool upper) {
  LeafDemand result;
  result.demand = {kind, party, j};
  result.soft = issue.kind != IssueKind::unordered;
  result.upper = upper;
  result.end = soft_end(issue, end, upper);
  const Relation relation = upper ? (end.strict ? Relation::less : Relation::at_most)
                                  : (end.strict ? Relation::greater : Relation::at_least);
  result.limit = piece_set({j, relation, end.place, {}}, issues, true);
  return result;
}

std::vector<LeafDemand> make_demands(const Scenario& scenario,
                                     const std::vector<ProblemIssue>& issues, const Leaf& leaf) {
  std::vector<LeafDemand> demands;
  const Party& party = scenario.parties[at(leaf.party)];
  for (const Position& position : party.positions) {
    const int j = position.issue;
    if (!position.limit || !leaf.in_scope[at(j)]) continue;
    const Issue& issue = scenario.issues[at(j)];
    const Limit& limit = *position.limit;
    if (limit.accepted) {
      LeafDemand demand;
      demand.demand = {Demand::Kind::limit, leaf.party, j};
      demand.limit = piece_set({j, Relation::one_of, {}, *limit.accepted}, issues, true);
      demands.push_back(std::move(demand));
      continue;
    }
    const bool both = limit.low && limit.high;
    if (limit.low) {
      demands.push_back(limit_demand(issues, issue, leaf.party, j,
                                     both ? Demand::Kind::limit_low : Demand::Kind::limit,
                                     *limit.low, false));
    }
    if (limit.high) {
      demands.push_back(limit_demand(issues, issue, leaf.party, j,
                                     both ? Demand::Kind::limit_high : Demand::Kind::limit,
                                     *limit.high, true));
    }
  }
  for (std::size_t d = 0; d < party.demands.size(); ++d) {
    const LinkedDemand& linked = party.demands[d];
    const bool ours =
        std::all_of(linked.require.begin(), linked.require.end(),
                    [&](const Test& test) { return leaf.in_scope[at(test.issue)] != 0; });
    if (!ours) continue;
    LeafDemand demand;
    demand.demand = {Demand::Kind::linked, leaf.party, static_cast<int>(d)};
    demand.clause =
        Clause{piece_sets(linked.when, issues, false), piece_sets(linked.require, issues, true)};
    demands.push_back(std::move(demand));
  }
  return demands;
}

// The exact fractions behind a leaf's integers.
struct Fractions {
  std::vector<std::vector<std::pair<Rational, Rational>>>
      worth;  // m×K_j, at the two ends of the piece
  Rational reservation;
};

Rational rounded_to_nano(const Rational& x) {
  const Rational scaled = x * 1000000000;
  Integer quotient = numerator_of(scaled) / denominator_of(scaled);  // x ≥ 0
  if (scaled - quotient >= Rational(1, 2)) ++quotient;
  return Rational(quotient, 1000000000);
}

Fractions leaf_fractions(const Scenario& scenario, const std::vector<ProblemIssue>& issues,
                         const Leaf& leaf, bool round) {
  const Party& party = scenario.parties[at(leaf.party)];
  Fractions result;
  result.worth.resize(issues.size());
  const auto product = [&](int j, const Rational& place) {
    const Rational exact =
        leaf.salience[at(j)] * worth(scenario.issues[at(j)], *party.position(j), place);
    return round ? rounded_to_nano(exact) : exact;
  };
  for (std::size_t j = 0; j < issues.size(); ++j) {
    for (const Piece& piece : issues[j].pieces) {
      if (leaf.salience[j] == 0) {
        result.worth[j].emplace_back(0, 0);
      } else {
        const Rational from = product(static_cast<int>(j), piece.from);
        result.worth[j].emplace_back(from,
                                     piece.point() ? from : product(static_cast<int>(j), piece.to));
      }
    }
  }
  const Reservation& reservation = party.reservation;
  if (!reservation.package.empty()) {
    for (const auto& [j, place] : reservation.package) {
      if (leaf.salience[at(j)] != 0) result.reservation += product(j, place.likely);
    }
  } else if (reservation.utility) {
    result.reservation =
        round ? rounded_to_nano(reservation.utility->likely) : reservation.utility->likely;
  }
  return result;
}

// Turns fractions into integers of the least common unit. Returns whether they fit.
bool to_unit(const Fractions& fractions, Leaf& leaf) {
  Integer unit = denominator_of(fractions.reservation);
  for (const auto& issue : fractions.worth) {
    for (const auto& [from, to] : issue) {
      unit = common_multiple(unit, denominator_of(from));
      unit = common_multiple(unit, denominator_of(to));
      if (msb(unit) > 120) return false;
    }
  }
  leaf.unit = unit;
  const auto scaled = [&](const Rational& x) {
    return *to_int128(numerator_of(x) * (unit / denominator_of(x)));
  };
  leaf.worth.clear();
  for (const auto& issue : fractions.worth) {
    auto& row = leaf.worth.emplace_back();
    for (const auto& [from, to] : issue) row.push_back({scaled(from), scaled(to)});
  }
  leaf.reservation = scaled(fractions.reservation);
  return true;
}

void add_utility(const Scenario& scenario, Problem& problem, Leaf& leaf) {
  const Party& party = scenario.parties[at(leaf.party)];
  leaf.salience.assign(scenario.issues.size(), 0);
  Rational sum = 0;
  for (const Position& position : party.positions) {
    if (leaf.in_scope[at(position.issue)]) sum += position.salience.likely;
  }
  leaf.has_utility = sum > 0;
  if (!leaf.has_utility) return;
  for (const Position& position : party.positions) {
    if (leaf.in_scope[at(position.issue)])
      leaf.salience[at(position.issue)] = position.salience.likely / sum;
  }
  if (!to_unit(leaf_fractions(scenario, problem.issues, leaf, false), leaf)) {
    problem.rounded = true;
    to_unit(leaf_fractions(scenario, problem.issues, leaf, true), leaf);
  }
}

bool same_sets(const std::vector<PieceSet>& a, const std::vector<PieceSet>& b) {
  const auto covered = [](const std::vector<PieceSet>& x, const std::vector<PieceSet>& y) {
    return std::all_of(x.begin(), x.end(), [&](const PieceSet& s) {
      return std::any_of(y.begin(), y.end(), [&](const PieceSet& t) {
        return s.issue == t.issue && s.pieces == t.pieces;
      });
    });
  };
  return a.size() == b.size() && covered(a, b) && covered(b, a);
}

Tree make_tree(const Scenario& scenario, Problem& problem, const Consent& consent,
               const std::string& path) {
  Tree tree;
  tree.kind = consent.kind;
  if (consent.kind != Consent::Kind::leaf) {
    static constexpr const char* kNames[] = {"", "all", "any", "at_least.of", "quota.of"};
    for (std::size_t c = 0; c < consent.members.size(); ++c) {
      const std::string inner =
          path + "." + kNames[static_cast<int>(consent.kind)] + "." + std::to_string(c);
      tree.members.push_back(make_tree(scenario, problem, consent.members[c], inner));
    }
    tree.count = consent.count;
    tree.need = consent.need;
    tree.weights = consent.weights;
    return tree;
  }
  Leaf leaf;
  leaf.party = consent.party;
  leaf.path = path;
  leaf.in_scope.assign(scenario.issues.size(), consent.issues ? 0 : 1);
  if (consent.issues) {
    for (int j : *consent.issues) leaf.in_scope[at(j)] = 1;
  }
  if (!consent.when.empty()) leaf.when = piece_sets(consent.when, problem.issues, false);
  const auto same =
      std::find_if(problem.leaves.begin(), problem.leaves.end(), [&](const Leaf& other) {
        return other.party == leaf.party && other.in_scope == leaf.in_scope &&
               other.when.has_value() == leaf.when.has_value() &&
               (!leaf.when || same_sets(*leaf.when, *other.when));
      });
  tree.leaf = static_cast<int>(same - problem.leaves.begin());
  if (same != problem.leaves.end()) return tree;
  leaf.demands = make_demands(scenario, problem.issues, leaf);
  add_utility(scenario, problem, leaf);
  problem.leaves.push_back(std::move(leaf));
  return tree;
}

void add_rules(const Scenario& scenario, Problem& problem) {
  for (std::size_t r = 0; r < scenario.rules.size(); ++r) {
    const Rule& rule = scenario.rules[r];
    if (!rule.require.empty()) {
      problem.rule_clauses.push_back({piece_sets(rule.when, problem.issues, false),
                                      piece_sets(rule.require, problem.issues, true)});
      problem.rule_of_clause.push_back(static_cast<int>(r));
    }
    const auto at_least = [&](const Rational& sign, const Rational& bound) {
      LinearRule linear{{}, sign * bound, static_cast<int>(r)};
      for (const auto& [j, coefficient] : rule.sum) linear.sum.emplace_back(j, sign * coefficient);
      problem.linear_rules.push_back(std::move(linear));
    };
    if (rule.at_least) at_least(1, *rule.at_least);
    if (rule.at_most) at_least(-1, *rule.at_most);
    if (rule.equals) {
      at_least(1, *rule.equals);
      at_least(-1, *rule.equals);
    }
  }
}

}  // namespace

PieceSet piece_set(const Test& test, const std::vector<ProblemIssue>& issues, bool closed) {
  const ProblemIssue& issue = issues[at(test.issue)];
  PieceSet set{test.issue, {}};
  for (const Piece& piece : issue.pieces)
    set.pieces.push_back(holds_on(test, issue, piece, closed) ? 1 : 0);
  return set;
}

Rational soft_end(const Issue& issue, const LimitEnd& end, bool upper) {
  const Rational& place = end.place.likely;
  if (!end.strict || !issue.settlement_at(place)) return place;
  const Rational step = issue.kind == IssueKind::numeric ? *issue.step : Rational(1);
  return upper ? Rational(place - step) : Rational(place + step);
}

bool Problem::discrete() const {
  return std::none_of(issues.begin(), issues.end(),
                      [](const ProblemIssue& issue) { return issue.continuous; });
}

Problem frame_problem(const Scenario& scenario) {
  Problem problem;
  problem.parties = static_cast<int>(scenario.parties.size());
  std::vector<Turns> turns = find_turns(scenario);
  for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
    problem.issues.push_back(make_pieces(scenario.issues[j], std::move(turns[j])));
  }
  add_rules(scenario, problem);
  problem.tree = make_tree(scenario, problem, scenario.consent, "consent");
  return problem;
}

void set_best(Leaf& leaf, const Rational& best) {
  const Rational scaled = best * leaf.unit;
  const Integer by = denominator_of(scaled);
  const auto factor = to_int128(by);
  const auto value = to_int128(numerator_of(scaled));
  const Integer unit = leaf.unit * by;
  if (!factor || !value || msb(unit) > 120)
    throw ModelError("the best of a party needs more than 120 bits");
  leaf.unit = unit;
  leaf.reservation *= *factor;
  for (auto& line : leaf.worth) {
    for (PieceWorth& worth : line) {
      worth.at_from *= *factor;
      worth.at_to *= *factor;
    }
  }
  leaf.best = *value;
}

Package make_package(const Problem& problem, const std::vector<Rational>& places) {
  if (places.size() != problem.issues.size()) throw ModelError("a package names every issue once");
  Package package{{}, places};
  for (std::size_t j = 0; j < places.size(); ++j) {
    const auto& pieces = problem.issues[j].pieces;
    const auto on = [&](const Piece& piece) {
      return piece.from <= places[j] && places[j] <= piece.to;
    };
    auto found = std::find_if(pieces.begin(), pieces.end(),
                              [&](const Piece& p) { return p.point() && on(p); });
    if (found == pieces.end()) found = std::find_if(pieces.begin(), pieces.end(), on);
    if (found == pieces.end()) throw ModelError("no settlement at " + to_text(places[j]));
    package.pieces.push_back(static_cast<int>(found - pieces.begin()));
  }
  return package;
}

Rational worth_at(const Leaf& leaf, const Problem& problem, const Package& package, int issue) {
  const auto k = at(package.pieces[at(issue)]);
  const PieceWorth& w = leaf.worth[at(issue)][k];
  const Piece& piece = problem.issues[at(issue)].pieces[k];
  if (w.at_from == w.at_to || piece.point()) return make_rational(w.at_from);
  const Rational share = (package.places[at(issue)] - piece.from) / (piece.to - piece.from);
  return make_rational(w.at_from) + make_rational(w.at_to - w.at_from) * share;
}

bool asked(const Leaf& leaf, const std::vector<int>& pieces) {
  return !leaf.when || std::all_of(leaf.when->begin(), leaf.when->end(), [&](const PieceSet& set) {
    return contains(set, pieces[at(set.issue)]);
  });
}

bool holds(const Clause& clause, const std::vector<int>& pieces) {
  const auto in = [&](const PieceSet& set) { return contains(set, pieces[at(set.issue)]); };
  return !std::all_of(clause.when.begin(), clause.when.end(), in) ||
         std::all_of(clause.require.begin(), clause.require.end(), in);
}

Rational soft_margin(const LeafDemand& demand, const Problem& problem, const Rational& place) {
  const Rational beyond =
      demand.upper ? Rational(place - demand.end) : Rational(demand.end - place);
  return beyond <= 0 ? Rational(0)
                     : Rational(-beyond / problem.issues[at(demand.demand.index)].scale);
}

LeafView view(const Problem& problem, int leaf_index, const Package& package, DepthKind kind) {
  const Leaf& leaf = problem.leaves.at(at(leaf_index));
  LeafView result;
  result.asked = asked(leaf, package.pieces);
  std::optional<Rational> least;  // of the violated soft ends
  bool hard_broken = false;
  for (const LeafDemand& demand : leaf.demands) {
    const int j = demand.demand.index;
    const bool kept = demand.limit ? contains(*demand.limit, package.pieces[at(j)])
                                   : holds(*demand.clause, package.pieces);
    if (kept) continue;
    result.broken.push_back(demand.demand);
    if (kind == DepthKind::all && demand.soft) {
      const Rational margin = soft_margin(demand, problem, package.places[at(j)]);
      if (!least || margin < *least) least = margin;
    } else {
      hard_broken = true;
    }
  }
  result.within = result.broken.empty();
  if (!leaf.has_utility) {
    if (!hard_broken) result.value = least ? *least : Rational(1);
    return result;
  }
  Rational sum = 0;
  for (int j = 0; j < problem.m(); ++j) sum += worth_at(leaf, problem, package, j);
  const Rational surplus = sum - make_rational(leaf.reservation);
  result.utility = sum / leaf.unit;
  result.surplus = surplus / leaf.unit;
  if (surplus < 0) result.broken.push_back({Demand::Kind::reservation, leaf.party, 0});
  const Int128 span = leaf.best - leaf.reservation;
  if (span > 0) result.margin = surplus / make_integer(span);
  if (hard_broken || span < 0 || (span == 0 && surplus != 0)) return result;
  result.value = span == 0 ? Rational(0) : *result.margin;
  if (least && *least < *result.value) result.value = least;
  return result;
}

std::optional<Rational> tree_value(const Problem& problem, const Package& package, DepthKind kind) {
  std::vector<LeafValue<Rational>> values;
  for (int i = 0; i < problem.n(); ++i) {
    const LeafView leaf = view(problem, i, package, kind);
    values.push_back(leaf.asked ? LeafValue<Rational>(leaf.value) : LeafValue<Rational>());
  }
  const LeafValue<Rational> value = tree_value<Rational>(problem.tree, values);
  return value ? *value : std::optional<Rational>(1);
}

std::optional<int> broken_rule(const Problem& problem, const Package& package) {
  std::optional<int> first;
  const auto note = [&](int rule) {
    if (!first || rule < *first) first = rule;
  };
  for (std::size_t c = 0; c < problem.rule_clauses.size(); ++c) {
    if (!holds(problem.rule_clauses[c], package.pieces)) note(problem.rule_of_clause[c]);
  }
  for (const LinearRule& rule : problem.linear_rules) {
    Rational sum = 0;
    for (const auto& [j, coefficient] : rule.sum) sum += coefficient * package.places[at(j)];
    if (sum < rule.bound) note(rule.rule);
  }
  return first;
}

bool before(const Package& a, const Package& b) { return a.places < b.places; }

}  // namespace zopa
