// SPDX-License-Identifier: MIT
#include "model/answers/redraft.hpp"

#include <algorithm>
#include <tuple>

#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

// -------------------------------------------------------------------------------------- remedies

Remedy moved(Remedy::What what, int issue, const Rational& from, const Rational& to) {
  Remedy remedy;
  remedy.what = what;
  remedy.issue = issue;
  remedy.from = from;
  remedy.to = to;
  remedy.distance = abs(Rational(to - from));
  return remedy;
}

// The settlements next to a place: none on a continuous issue, and beyond the ends of a scale.
std::optional<Rational> settlement_above(const Issue& issue, const Rational& place) {
  for (int k = 0; k < issue.settlements(); ++k) {
    if (issue.place(k) > place) return issue.place(k);
  }
  return std::nullopt;
}

std::optional<Rational> settlement_below(const Issue& issue, const Rational& place) {
  for (int k = issue.settlements(); k-- > 0;) {
    if (issue.place(k) < place) return issue.place(k);
  }
  return std::nullopt;
}

// The neighbour of a place, on the lower side where there is one.
std::optional<Rational> settlement_beside(const Issue& issue, const Rational& place) {
  const auto below = settlement_below(issue, place);
  return below ? below : settlement_above(issue, place);
}

// Where the number of a test moves so that the test passes at x, which it does not: the least
// movement, in whole steps where the boundary itself does not pass.
std::optional<Rational> place_that_passes(const Issue& issue, Relation relation,
                                          const Rational& x) {
  if (issue.kind == IssueKind::unordered) return std::nullopt;
  switch (relation) {
    case Relation::at_most:
    case Relation::at_least:
    case Relation::equal: return x;
    case Relation::less: return settlement_above(issue, x);
    case Relation::greater: return settlement_below(issue, x);
    case Relation::not_equal: return settlement_beside(issue, x);
    case Relation::one_of: break;
  }
  return std::nullopt;
}

Relation opposite(Relation relation) {
  switch (relation) {
    case Relation::at_most: return Relation::greater;
    case Relation::less: return Relation::at_least;
    case Relation::at_least: return Relation::less;
    case Relation::greater: return Relation::at_most;
    case Relation::equal: return Relation::not_equal;
    case Relation::not_equal: return Relation::equal;
    case Relation::one_of: break;
  }
  return Relation::one_of;
}

// The same for a test that passes and is to fail. On a continuous issue the boundary of a `when`
// counts as not triggering.
std::optional<Rational> place_that_fails(const Issue& issue, Relation relation, const Rational& x) {
  const bool order = relation == Relation::at_most || relation == Relation::at_least;
  if (issue.continuous() && order) return x;
  return place_that_passes(issue, opposite(relation), x);
}

class Remedies {
 public:
  Remedies(const Scenario& scenario, const Problem& problem, int leaf, const Package& package)
      : scenario_(scenario),
        problem_(problem),
        leaf_(problem.leaves[at(leaf)]),
        party_(scenario.parties[at(leaf_.party)]),
        package_(package) {}

  std::vector<Remedy> of(const Demand& demand) const {
    std::vector<Remedy> remedies;
    switch (demand.kind) {
      case Demand::Kind::reservation: remedies = of_reservation(); break;
      case Demand::Kind::linked: remedies = of_linked(demand); break;
      default: remedies = of_limit(demand); break;
    }
    std::stable_sort(remedies.begin(), remedies.end(),
                     [](const Remedy& a, const Remedy& b) { return a.what < b.what; });
    if (remedies.empty()) {
      remedies.emplace_back();
      remedies.back().what = Remedy::What::dropped;
    }
    return remedies;
  }

 private:
  const Rational& place(int issue) const { return package_.places[at(issue)]; }

  const LeafDemand& own(const Demand& demand) const {
    return *std::find_if(leaf_.demands.begin(), leaf_.demands.end(),
                         [&](const LeafDemand& d) { return d.demand == demand; });
  }

  std::vector<Remedy> of_limit(const Demand& demand) const {
    const LeafDemand& limit = own(demand);
    if (limit.soft) return {moved(Remedy::What::end, demand.index, limit.end, place(demand.index))};
    return {accepted(demand.index)};
  }

  Remedy accepted(int issue) const {
    Remedy remedy;
    remedy.what = Remedy::What::option;
    remedy.issue = issue;
    remedy.settlement = place(issue);
    return remedy;
  }

  std::vector<Remedy> of_linked(const Demand& demand) const {
    const LinkedDemand& linked = party_.demands[at(demand.index)];
    const Clause& clause = *own(demand).clause;
    std::vector<Remedy> remedies;
    for (std::size_t t = 0; t < linked.when.size(); ++t) {
      const Test& test = linked.when[t];
      const Issue& issue = scenario_.issues[at(test.issue)];
      if (const auto to = place_that_fails(issue, test.relation, place(test.issue)))
        add_test(remedies, Remedy::What::when, test, t, *to);
    }
    const Test* failing = nullptr;
    for (const Test& test : linked.require) {
      if (passes(clause, test)) continue;
      if (failing != nullptr) return remedies;  // one number cannot pass two tests
      failing = &test;
    }
    const auto t = static_cast<std::size_t>(failing - linked.require.data());
    if (failing->relation == Relation::one_of) {
      remedies.push_back(accepted(failing->issue));
      remedies.back().test = static_cast<int>(t);
      return remedies;
    }
    const Issue& issue = scenario_.issues[at(failing->issue)];
    if (const auto to = place_that_passes(issue, failing->relation, place(failing->issue)))
      add_test(remedies, Remedy::What::require, *failing, t, *to);
    return remedies;
  }

  bool passes(const Clause& clause, const Test& test) const {
    const auto set =
        std::find_if(clause.require.begin(), clause.require.end(),
                     [&](const PieceSet& required) { return required.issue == test.issue; });
    return contains(*set, package_.pieces[at(test.issue)]);
  }

  static void add_test(std::vector<Remedy>& remedies, Remedy::What what, const Test& test,
                       std::size_t t, const Rational& to) {
    remedies.push_back(moved(what, test.issue, test.place.likely, to));
    remedies.back().test = static_cast<int>(t);
  }

  // --- the reservation

  std::vector<Remedy> of_reservation() const {
    Rational sum = 0;
    for (int j = 0; j < problem_.m(); ++j) sum += worth_at(leaf_, problem_, package_, j);
    const Rational utility = sum / leaf_.unit;
    const Rational reservation = make_rational(leaf_.reservation) / leaf_.unit;
    std::vector<Remedy> remedies;
    remedies.push_back(moved(Remedy::What::reservation, -1, reservation, utility));
    for (int j = 0; j < problem_.m(); ++j) {
      if (const auto to = salience(j)) {
        const Position* position = party_.position(j);
        const Rational from = position ? position->salience.likely : Rational(0);
        remedies.push_back(moved(Remedy::What::salience, j, from, *to));
      }
    }
    for (int j = 0; j < problem_.m(); ++j) add_worth(remedies, j, reservation - utility);
    return remedies;
  }

  // What the reservation's package has on an issue.
  std::optional<Rational> fallback_place(int issue) const {
    for (const auto& [j, number] : party_.reservation.package) {
      if (j == issue) return number.likely;
    }
    return std::nullopt;
  }

  // d_k of an issue: the surplus is Σ_k s_k d_k / Σ_k s_k over saliences s as the file writes them.
  // Nothing where the issue cannot have a salience.
  std::optional<Rational> advantage(int issue) const {
    const Position* position = party_.position(issue);
    if (position == nullptr || !position->has_worth() || !leaf_.in_scope[at(issue)])
      return std::nullopt;
    const Issue& scale = scenario_.issues[at(issue)];
    const Rational here = worth(scale, *position, place(issue));
    if (party_.reservation.package.empty()) {
      return here - (party_.reservation.utility ? party_.reservation.utility->likely : Rational(0));
    }
    const auto fallback = fallback_place(issue);
    if (!fallback) return std::nullopt;
    return here - worth(scale, *position, *fallback);
  }

  // The salience of the issue at which the surplus is 0, the other saliences as they are.
  std::optional<Rational> salience(int issue) const {
    const auto own = advantage(issue);
    if (!own || *own == 0) return std::nullopt;
    Rational rest = 0;  // Σ s_k d_k over the other issues
    Rational weight = 0;
    for (const Position& position : party_.positions) {
      const int k = position.issue;
      if (k == issue || !leaf_.in_scope[at(k)] || position.salience.likely == 0) continue;
      rest += position.salience.likely * *advantage(k);
      weight += position.salience.likely;
    }
    if (weight == 0) return std::nullopt;  // the only issue weighs 1 whatever its salience
    const Rational to = -rest / *own;
    const Rational from = party_.position(issue)->salience.likely;
    // Beyond `to` in the direction of the advantage the surplus is above 0; on the other side,
    // where the salience stands, below.
    if (to < 0 || (*own > 0) != (to > from)) return std::nullopt;
    return to;
  }

  // One worth: of the settlement in the package upwards, or else of the one in the reservation's
  // package downwards.
  void add_worth(std::vector<Remedy>& remedies, int issue, const Rational& shortfall) const {
    const Rational& weight = leaf_.salience[at(issue)];
    if (weight == 0) return;
    const Rational change = shortfall / weight;
    const Position& position = *party_.position(issue);
    const Issue& scale = scenario_.issues[at(issue)];
    const auto fallback = fallback_place(issue);
    if (fallback && *fallback == place(issue)) return;  // it moves both alike
    const auto add = [&](const Rational& settlement, const Rational& by) {
      const Rational from = worth(scale, position, settlement);
      const Rational to = from + by;
      if (to < 0 || to > 1) return false;
      remedies.push_back(moved(Remedy::What::worth, issue, from, to));
      remedies.back().settlement = settlement;
      return true;
    };
    if (!add(place(issue), change) && fallback) add(*fallback, -change);
  }

  const Scenario& scenario_;
  const Problem& problem_;
  const Leaf& leaf_;
  const Party& party_;
  const Package& package_;
};

// ----------------------------------------------------------------------------------------- edits

// What a leaf makes of a package, for comparison with another: where it is not asked it is content.
struct Footing {
  Rational utility;            // in the leaf's unit; without utility 0
  std::vector<char> broken;    // one a demand
  std::vector<Rational> soft;  // one a demand: the margin of a violated soft end, else 0
};

Footing footing(const Problem& problem, const Leaf& leaf, const Package& package) {
  Footing result;
  result.broken.assign(leaf.demands.size(), 0);
  result.soft.assign(leaf.demands.size(), 0);
  if (!asked(leaf, package.pieces)) {
    result.utility = make_rational(leaf.best);
    return result;
  }
  if (leaf.has_utility) {
    for (int j = 0; j < problem.m(); ++j) result.utility += worth_at(leaf, problem, package, j);
  }
  for (std::size_t d = 0; d < leaf.demands.size(); ++d) {
    const LeafDemand& demand = leaf.demands[d];
    const int j = demand.demand.index;
    const bool kept = demand.limit ? contains(*demand.limit, package.pieces[at(j)])
                                   : holds(*demand.clause, package.pieces);
    if (kept) continue;
    result.broken[d] = 1;
    if (demand.soft) result.soft[d] = soft_margin(demand, problem, package.places[at(j)]);
  }
  return result;
}

// What a unit of a leaf's utility is worth on the scale of margins.
Rational per_margin(const Leaf& leaf) {
  return leaf.best > leaf.reservation ? make_rational(leaf.best - leaf.reservation)
                                      : Rational(leaf.unit);
}

// A straight line on a piece, by its values at two places.
struct Line {
  Rational from;
  Rational to;
  bool level() const { return from == to; }
};

// Packages that differ from one in one issue and hurt nobody.
class EditFinder {
 public:
  EditFinder(const Problem& problem, DepthKind kind, const Package& package,
             const Progress& progress)
      : problem_(problem),
        kind_(kind),
        start_(package),
        depth_(tree_value(problem, package, kind)),
        progress_(progress) {
    for (const Leaf& leaf : problem.leaves) before_.push_back(footing(problem, leaf, package));
    for (const LinearRule& rule : problem.linear_rules) {
      Rational sum = -rule.bound;
      for (const auto& [j, coefficient] : rule.sum) sum += coefficient * package.places[at(j)];
      slack_.push_back(sum);
    }
  }

  // Best first. `stopped` is set when the progress says so.
  std::vector<DraftEdit> find(bool& stopped) {
    std::vector<DraftEdit> edits;
    for (int j = 0; j < problem_.m() && !stopped; ++j) {
      if (problem_.issues[at(j)].continuous) {
        if (auto edit = best_place(j, stopped)) edits.push_back(std::move(*edit));
      } else {
        add_settlements(j, edits, stopped);
      }
    }
    std::stable_sort(edits.begin(), edits.end(), better);
    return edits;
  }

 private:
  // By depth, demands mended and gain.
  static bool better(const DraftEdit& a, const DraftEdit& b) {
    return std::tie(a.depth, a.mended, a.gain) > std::tie(b.depth, b.mended, b.gain);
  }

  bool go_on(bool& stopped) const {
    if (!stopped && !progress_(0)) stopped = true;
    return !stopped;
  }

  void add_settlements(int issue, std::vector<DraftEdit>& edits, bool& stopped) const {
    const auto& pieces = problem_.issues[at(issue)].pieces;
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      if (!go_on(stopped)) return;
      if (static_cast<int>(k) == start_.pieces[at(issue)]) continue;
      if (auto edit = try_place(issue, static_cast<int>(k), pieces[k].from))
        edits.push_back(std::move(*edit));
    }
  }

  // The package with another place on one issue, if that hurts nobody and helps somebody.
  std::optional<DraftEdit> try_place(int issue, int piece, const Rational& place) const {
    DraftEdit edit;
    edit.issue = issue;
    edit.from = start_.places[at(issue)];
    edit.to = place;
    edit.package = start_;
    edit.package.pieces[at(issue)] = piece;
    edit.package.places[at(issue)] = place;
    if (surely_hurts(edit.package, issue) || !possible(edit.package, issue)) return std::nullopt;
    for (std::size_t i = 0; i < problem_.leaves.size(); ++i) {
      if (!compare(i, edit)) return std::nullopt;
    }
    edit.depth = tree_value(problem_, edit.package, kind_);
    if (edit.depth < depth_) return std::nullopt;
    if (edit.gain == 0 && edit.mended == 0 && edit.depth == depth_) return std::nullopt;
    return edit;
  }

  // Whether some leaf that is asked before and after gets less of this issue: most edits end here.
  bool surely_hurts(const Package& package, int issue) const {
    return std::any_of(problem_.leaves.begin(), problem_.leaves.end(), [&](const Leaf& leaf) {
      return leaf.has_utility &&
             worth_at(leaf, problem_, package, issue) < worth_at(leaf, problem_, start_, issue) &&
             asked(leaf, package.pieces) && asked(leaf, start_.pieces);
    });
  }

  bool possible(const Package& package, int issue) const {
    for (const Clause& clause : problem_.rule_clauses) {
      if (!holds(clause, package.pieces)) return false;
    }
    const Rational moved_by = package.places[at(issue)] - start_.places[at(issue)];
    for (std::size_t r = 0; r < problem_.linear_rules.size(); ++r) {
      if (slack_[r] + coefficient(problem_.linear_rules[r], issue) * moved_by < 0) return false;
    }
    return true;
  }

  static Rational coefficient(const LinearRule& rule, int issue) {
    Rational sum = 0;
    for (const auto& [j, c] : rule.sum) {
      if (j == issue) sum += c;
    }
    return sum;
  }

  // Adds what leaf i gains to the edit; false: it is hurt.
  bool compare(std::size_t i, DraftEdit& edit) const {
    const Leaf& leaf = problem_.leaves[i];
    const Footing& before = before_[i];
    const Footing after = footing(problem_, leaf, edit.package);
    if (after.utility < before.utility) return false;
    Rational gain = (after.utility - before.utility) / per_margin(leaf);
    const Rational margin = gain;
    bool gains = margin > 0;
    for (std::size_t d = 0; d < leaf.demands.size(); ++d) {
      if (after.broken[d] > before.broken[d] || after.soft[d] < before.soft[d]) return false;
      gain += after.soft[d] - before.soft[d];
      gains |= after.soft[d] > before.soft[d];
      if (before.broken[d] && !after.broken[d] && !leaf.demands[d].soft) {
        ++edit.mended;
        gains = true;
      }
    }
    edit.gain += gain;
    if (gains) edit.gainers.push_back({static_cast<int>(i), margin});
    return true;
  }

  // --- continuous issues

  std::optional<DraftEdit> best_place(int issue, bool& stopped) const {
    std::optional<DraftEdit> best;
    const auto& pieces = problem_.issues[at(issue)].pieces;
    for (std::size_t k = 0; k < pieces.size() && go_on(stopped); ++k) {
      for (const Rational& place : candidates(issue, static_cast<int>(k))) {
        if (place == start_.places[at(issue)]) continue;
        auto edit = try_place(issue, static_cast<int>(k), place);
        if (edit &&
            (!best || better(*edit, *best) || (!better(*best, *edit) && edit->to < best->to)))
          best = std::move(edit);
      }
    }
    return best;
  }

  // Where on a piece the best edit can be: the ends of what hurts nobody, and the places where the
  // values of leaves cross or bend. Between two neighbours of these the tree takes its value from
  // one line, so that depth and gain are straight.
  std::vector<Rational> candidates(int issue, int piece) const {
    const Piece& stretch = problem_.issues[at(issue)].pieces[at(piece)];
    if (stretch.point()) return {stretch.from};
    std::vector<Package> ends(2, start_);
    for (std::size_t e = 0; e < 2; ++e) {
      ends[e].pieces[at(issue)] = piece;
      ends[e].places[at(issue)] = e == 0 ? stretch.from : stretch.to;
    }
    std::vector<Line> values;  // of which the tree is made
    std::vector<Line> bounds;  // must not be below 0
    for (std::size_t i = 0; i < problem_.leaves.size(); ++i) {
      const Leaf& leaf = problem_.leaves[i];
      const Footing from = footing(problem_, leaf, ends[0]);
      const Footing to = footing(problem_, leaf, ends[1]);
      bounds.push_back({from.utility - before_[i].utility, to.utility - before_[i].utility});
      const Rational reservation = make_rational(leaf.reservation);
      const bool is_asked = asked(leaf, ends[0].pieces);
      if (is_asked && leaf.has_utility)
        values.push_back({(from.utility - reservation) / per_margin(leaf),
                          (to.utility - reservation) / per_margin(leaf)});
      for (std::size_t d = 0; d < leaf.demands.size(); ++d) {
        if (!from.broken[d] || !leaf.demands[d].soft) continue;
        if (kind_ == DepthKind::all) values.push_back({from.soft[d], to.soft[d]});
        bounds.push_back({from.soft[d] - before_[i].soft[d], to.soft[d] - before_[i].soft[d]});
      }
    }
    values.push_back({1, 1});  // leaves without utility
    values.push_back({0, 0});  // and those that can at best be as well off as without agreement
    for (std::size_t r = 0; r < problem_.linear_rules.size(); ++r) {
      const Rational c = coefficient(problem_.linear_rules[r], issue);
      const Rational& here = start_.places[at(issue)];
      bounds.push_back(
          {slack_[r] + c * (stretch.from - here), slack_[r] + c * (stretch.to - here)});
    }
    std::vector<Rational> shares = {0, 1};  // of the way from one end of the piece to the other
    const auto cross = [&](const Rational& from, const Rational& to) {
      if (from == to) return;
      const Rational share = from / (from - to);
      if (share > 0 && share < 1) shares.push_back(share);
    };
    for (const Line& bound : bounds) cross(bound.from, bound.to);
    for (std::size_t a = 0; a < values.size(); ++a) {
      for (std::size_t b = a + 1; b < values.size(); ++b) {
        if (values[a].level() && values[b].level()) continue;
        cross(values[a].from - values[b].from, values[a].to - values[b].to);
      }
    }
    std::sort(shares.begin(), shares.end());
    shares.erase(std::unique(shares.begin(), shares.end()), shares.end());
    std::vector<Rational> places;
    for (const Rational& share : shares)
      places.push_back(stretch.from + share * (stretch.to - stretch.from));
    return places;
  }

  const Problem& problem_;
  DepthKind kind_;
  const Package& start_;
  std::optional<Rational> depth_;
  const Progress& progress_;
  std::vector<Footing> before_;
  std::vector<Rational> slack_;  // of each linear rule, at the package
};

// On a continuous issue a place where a test turns may lie on several pieces: the package as it was
// given, or read afresh, whichever the tree likes better.
Package better_read(const Problem& problem, const Package& package, DepthKind kind) {
  Package afresh = make_package(problem, package.places);
  return tree_value(problem, afresh, kind) < tree_value(problem, package, kind) ? package : afresh;
}

}  // namespace

Redraft redraft(const Scenario& scenario, const Problem& problem, const Package& package,
                DepthKind kind, const RedraftSettings& settings) {
  if (broken_rule(problem, package)) throw ModelError("a redraft starts in the agreement space");
  Redraft result;
  result.kind = kind;
  result.package = better_read(problem, package, kind);
  result.depth = tree_value(problem, result.package, kind);
  for (int i = 0; i < problem.n(); ++i) {
    const LeafView leaf = view(problem, i, result.package, kind);
    if (!leaf.asked || leaf.broken.empty()) continue;
    LeafRefusal& refusal = result.refusals.emplace_back();
    refusal.leaf = i;
    const Remedies remedies(scenario, problem, i, result.package);
    for (const Demand& demand : leaf.broken)
      refusal.broken.push_back({demand, remedies.of(demand)});
    refusal.one_number_suffices =
        refusal.broken.size() == 1 && refusal.broken[0].remedies[0].what != Remedy::What::dropped;
  }
  bool stopped = false;
  result.edits = EditFinder(problem, kind, result.package, settings.progress).find(stopped);
  std::vector<DraftEdit> next = result.edits;
  while (!next.empty() && !stopped && result.path.size() < settings.most_steps) {
    result.path.push_back(next.front());
    const Package here = next.front().package;
    next = EditFinder(problem, kind, here, settings.progress).find(stopped);
  }
  result.complete = !stopped && next.empty();
  return result;
}

}  // namespace zopa
