// SPDX-License-Identifier: MIT
#include "model/answers/conflicts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/engine/check.hpp"
#include "model/engine/prepare.hpp"
#include "model/engine/subset_map.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/cells.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

using oracle::BruteForce;
using oracle::Cells;
using oracle::Dice;
using oracle::random_scenario;
using oracle::Shape;
using test::random_cases;

using Mask = std::uint32_t;
using Share = std::optional<Rational>;  // nothing: no share suffices

std::size_t at(int i) { return static_cast<std::size_t>(i); }

Mask bit(int d) { return Mask{1} << d; }

Mask mask_of(const std::vector<int>& members) {
  Mask mask = 0;
  for (const int d : members) mask |= bit(d);
  return mask;
}

bool is_limit(Demand::Kind kind) {
  return kind != Demand::Kind::linked && kind != Demand::Kind::reservation;
}

std::string text_of(std::uint64_t seed, const Scenario& scenario) {
  std::string firm;
  for (const Party& party : scenario.parties) {
    if (party.firm) firm += " " + party.id;
    for (const Position& position : party.positions) {
      if (position.firm) firm += " " + party.id + "." + scenario.issues[at(position.issue)].id;
    }
    for (const LinkedDemand& demand : party.demands) {
      if (demand.firm) firm += " " + party.id + "." + demand.id;
    }
    if (party.reservation.firm) firm += " " + party.id + ".reservation";
  }
  return "seed " + std::to_string(seed) + ", firm:" + firm + "\n" + oracle::yaml_text(scenario);
}

// ------------------------------------------------------------------------------------------------
// sets of demands, by enumeration

// For every set of demands (a mask) whether the zone is open when only they are made.
using OpenSets = std::vector<char>;

// The packages as they matter: who is asked, and what each leaf does not get.
OpenSets open_sets(const BruteForce& brute, const std::vector<Demand>& demands) {
  const auto& leaves = brute.reading().leaves;
  std::set<std::vector<std::optional<Mask>>> kinds;
  for (std::size_t p = 0; p < brute.packages().size(); ++p) {
    std::vector<std::optional<Mask>> here;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      const oracle::View& view = brute.view(p, i);
      if (!view.asked) {
        here.emplace_back();
        continue;
      }
      Mask broken = 0;
      for (const Demand& demand : view.broken) {
        const auto d = std::find(demands.begin(), demands.end(), demand) - demands.begin();
        broken |= bit(static_cast<int>(d));
      }
      here.emplace_back(broken);
    }
    kinds.insert(std::move(here));
  }
  const auto accepted = [&](const std::vector<std::optional<Mask>>& kind, Mask made) {
    std::vector<int> ranks;
    for (const auto& broken : kind)
      ranks.push_back(!broken ? oracle::kNotAsked : (*broken & made) ? oracle::kNever : 0);
    return oracle::tree_rank(brute.reading().tree, ranks) != oracle::kNever;
  };
  OpenSets open(std::size_t{1} << demands.size());
  for (Mask made = static_cast<Mask>(open.size()); made-- > 0;) {
    bool here = false;
    for (std::size_t d = 0; d < demands.size() && !here; ++d) {
      const Mask more = made | bit(static_cast<int>(d));
      here = more != made && open[more];
    }
    for (auto kind = kinds.begin(); kind != kinds.end() && !here; ++kind)
      here = accepted(*kind, made);
    open[made] = here;
  }
  return open;
}

std::vector<Mask> conflicts_of(const OpenSets& open, std::size_t demands) {
  std::vector<Mask> result;
  for (Mask made = 0; made < open.size(); ++made) {
    bool minimal = !open[made];
    for (std::size_t d = 0; d < demands && minimal; ++d) {
      const Mask less = made & ~bit(static_cast<int>(d));
      minimal = less == made || open[less];
    }
    if (minimal) result.push_back(made);
  }
  return result;
}

std::vector<Mask> exits_of(const OpenSets& open, std::size_t demands, Mask firm) {
  std::vector<Mask> result;
  const Mask all = static_cast<Mask>(open.size() - 1);
  for (Mask exit = 0; exit < open.size(); ++exit) {
    bool minimal = open[all & ~exit] && !(exit & firm);
    for (std::size_t d = 0; d < demands && minimal; ++d) {
      const Mask less = exit & ~bit(static_cast<int>(d));
      minimal = less == exit || !open[all & ~less];
    }
    if (minimal) result.push_back(exit);
  }
  return result;
}

// Minimal sets that hit every one of the given sets.
std::vector<Mask> hitting_sets(const std::vector<Mask>& sets, std::size_t size, Mask without) {
  std::vector<Mask> result;
  const auto hits = [&](Mask set) {
    return std::all_of(sets.begin(), sets.end(), [&](Mask other) { return (other & set) != 0; });
  };
  for (Mask set = 0; set < (Mask{1} << size); ++set) {
    if ((set & without) || !hits(set)) continue;
    bool minimal = true;
    for (std::size_t d = 0; d < size && minimal; ++d) {
      const Mask less = set & ~bit(static_cast<int>(d));
      minimal = less == set || !hits(less);
    }
    if (minimal) result.push_back(set);
  }
  return result;
}

std::vector<Mask> sorted(std::vector<Mask> masks) {
  std::sort(masks.begin(), masks.end());
  return masks;
}

// ------------------------------------------------------------------------------------------------
// what demands have to give at a package, by the definitions

// Everything a demand may give way by at a package, as shares. `numbers` of a linked demand: one
// for each number that, moved alone, would do.
class Costs {
 public:
  Costs(const Scenario& scenario, const BruteForce& brute) : s_(scenario), brute_(brute) {
    best_ = brute.answer().best;
  }

  // The least share of the scale by which an end has to move.
  Rational end(const Demand& demand, const std::vector<Rational>& places) const {
    const Limit& limit = *position(demand).limit;
    const bool low = demand.kind == Demand::Kind::limit_low ||
                     (demand.kind == Demand::Kind::limit && limit.low.has_value());
    const Issue& issue = s_.issues[at(demand.index)];
    const Rational place = oracle::soft_end(issue, low ? *limit.low : *limit.high, low);
    const Rational beyond = low ? Rational(place - places[at(demand.index)])
                                : Rational(places[at(demand.index)] - place);
    return beyond / scale(issue);
  }

  bool is_list(const Demand& demand) const {
    return is_limit(demand.kind) && position(demand).limit->accepted.has_value();
  }

  // Whether it has a magnitude at all.
  bool has_magnitude(const Demand& demand) const {
    if (demand.kind == Demand::Kind::reservation) return true;
    if (is_limit(demand.kind)) return !is_list(demand);
    const LinkedDemand& linked = s_.parties[at(demand.party)].demands[at(demand.index)];
    const auto can_move = [&](const Test& test, bool required) {
      const Issue& issue = s_.issues[at(test.issue)];
      if (issue.kind == IssueKind::unordered) return false;
      const bool beside = point(test) && (test.relation == Relation::not_equal) == required;
      return !beside || issue.settlements() > 1;
    };
    for (const Test& test : linked.when) {
      if (can_move(test, false)) return true;
    }
    for (const Test& test : linked.require) {
      if (can_move(test, true)) return true;
    }
    return false;
  }

  Share reservation(std::size_t leaf, const std::vector<Rational>& places) const {
    const oracle::Leaf& l = brute_.reading().leaves[leaf];
    const Rational short_of = l.reservation - oracle::utility(s_, l, places);
    const Rational span =
        *best_[leaf] > l.reservation ? Rational(*best_[leaf] - l.reservation) : l.reservation;
    if (short_of <= 0) return Rational(0);
    return short_of / span;
  }

  // The numbers of a linked demand that is broken here.
  struct Number {
    Concession::What what;
    int test;
    Rational share;
  };
  std::vector<Number> numbers(const Demand& demand, const std::vector<Rational>& places) const {
    const LinkedDemand& linked = s_.parties[at(demand.party)].demands[at(demand.index)];
    std::vector<Number> result;
    for (std::size_t t = 0; t < linked.when.size(); ++t) {
      if (const auto share = moved(linked.when[t], false, places))
        result.push_back({Concession::What::when, static_cast<int>(t), *share});
    }
    std::vector<std::size_t> failing;
    for (std::size_t t = 0; t < linked.require.size(); ++t) {
      if (!linked.require[t].holds(places[at(linked.require[t].issue)])) failing.push_back(t);
    }
    if (failing.size() == 1) {
      if (const auto share = moved(linked.require[failing[0]], true, places))
        result.push_back({Concession::What::require, static_cast<int>(failing[0]), *share});
    }
    return result;
  }

  Rational weight(std::size_t leaf, int issue) const {
    const oracle::Leaf& l = brute_.reading().leaves[leaf];
    return l.has_utility ? l.salience[at(issue)] : Rational(1);
  }

  bool hopeless(std::size_t leaf) const {
    return *best_[leaf] <= brute_.reading().leaves[leaf].reservation;
  }

 private:
  const Position& position(const Demand& demand) const {
    return *s_.parties[at(demand.party)].position(demand.index);
  }

  static Rational scale(const Issue& issue) {
    const Rational length = issue.scale_high() - issue.scale_low();
    return length == 0 ? Rational(1) : length;
  }

  static bool point(const Test& test) {
    return test.relation == Relation::equal || test.relation == Relation::not_equal ||
           test.relation == Relation::one_of;
  }

  // How far, as a share of the scale, a number of the test has to move so that the test holds (or
  // fails) here, where it does not now. Only settlements: a test that is to turn at a settlement
  // moves there, and an equality gives way by a step.
  Share moved(const Test& test, bool to_hold, const std::vector<Rational>& places) const {
    const Issue& issue = s_.issues[at(test.issue)];
    if (issue.kind == IssueKind::unordered) return std::nullopt;
    const Rational& here = places[at(test.issue)];
    const std::vector<Rational> numbers =
        test.relation == Relation::one_of ? test.places : std::vector<Rational>{test.place.likely};
    Share least;
    const auto take = [&](const Rational& distance) {
      if (!least || distance < *least) least = distance;
    };
    if (point(test)) {
      const bool onto = (test.relation == Relation::not_equal) != to_hold;
      for (const Rational& number : numbers) {
        if (onto) {
          take(abs(Rational(number - here)));
          continue;
        }
        for (int k = 0; k < issue.settlements(); ++k) {
          if (issue.place(k) != here) take(abs(Rational(issue.place(k) - here)));
        }
      }
    } else {
      // The settlement on the good side that is nearest to the number, or the number itself.
      Rational from = numbers[0];
      if (const auto k = issue.settlement_at(from)) {
        const bool good = test.holds(from) == to_hold;
        if (!good) {
          const Rational step = issue.kind == IssueKind::numeric ? *issue.step : Rational(1);
          from += here > from                      ? -step
                  : here < from                    ? step
                  : good_side_below(test, to_hold) ? -step
                                                   : step;
        }
      }
      take(abs(Rational(here - from)));
    }
    if (!least) return std::nullopt;
    return *least / scale(issue);
  }

  static bool good_side_below(const Test& test, bool to_hold) {
    const bool below = test.relation == Relation::at_most || test.relation == Relation::less;
    return below == to_hold;
  }

  const Scenario& s_;
  const BruteForce& brute_;
  std::vector<oracle::Value> best_;
};

// The least t at which the tree accepts when leaf i accepts from shares[i] on (nothing: never).
Share tree_share(const oracle::Tree& tree, const std::vector<char>& asked,
                 const std::vector<Share>& shares) {
  std::vector<Rational> candidates{0};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (asked[i] && shares[i]) candidates.push_back(*shares[i]);
  }
  std::sort(candidates.begin(), candidates.end());
  for (const Rational& t : candidates) {
    std::vector<int> ranks;
    for (std::size_t i = 0; i < shares.size(); ++i)
      ranks.push_back(!asked[i]                      ? oracle::kNotAsked
                      : shares[i] && *shares[i] <= t ? 0
                                                     : oracle::kNever);
    if (oracle::tree_rank(tree, ranks) != oracle::kNever) return t;
  }
  return std::nullopt;
}

// ------------------------------------------------------------------------------------------------
// concessions, made in the scenario

// Moves a number to where the concession says; `share` of the way (1: all of it).
Rational on_the_way(const Concession& concession, const Rational& share) {
  return *concession.from + (*concession.to - *concession.from) * share;
}

void make_test(Test& test, const Concession& concession, bool required, const Rational& share) {
  const Rational to = on_the_way(concession, share);
  switch (test.relation) {
    case Relation::equal:
    case Relation::not_equal: test.place = Number(to); return;
    case Relation::one_of:
      std::replace(test.places.begin(), test.places.end(), *concession.from, to);
      return;
    default: break;
  }
  const bool below = test.relation == Relation::at_most || test.relation == Relation::less;
  test.place = Number(to);
  // Required: the place itself is accepted. A condition does not trigger at the place.
  if (required) {
    test.relation = below ? Relation::at_most : Relation::at_least;
  } else {
    test.relation = below ? Relation::less : Relation::greater;
  }
}

// Demands given up altogether.
Scenario without(Scenario scenario, const std::vector<Demand>& dropped) {
  std::vector<std::vector<int>> linked(scenario.parties.size());
  for (const Demand& demand : dropped) {
    Party& party = scenario.parties[at(demand.party)];
    if (demand.kind == Demand::Kind::reservation) {
      party.reservation.package.clear();
      party.reservation.utility = Number(Rational(0));
    } else if (demand.kind == Demand::Kind::linked) {
      linked[at(demand.party)].push_back(demand.index);
    } else {
      for (Position& position : party.positions) {
        if (position.issue != demand.index) continue;
        if (demand.kind == Demand::Kind::limit) position.limit.reset();
        if (demand.kind == Demand::Kind::limit_low) position.limit->low.reset();
        if (demand.kind == Demand::Kind::limit_high) position.limit->high.reset();
        if (position.limit && !position.limit->low && !position.limit->high) position.limit.reset();
      }
    }
  }
  for (std::size_t p = 0; p < linked.size(); ++p) {
    std::sort(linked[p].rbegin(), linked[p].rend());
    for (const int d : linked[p])
      scenario.parties[p].demands.erase(scenario.parties[p].demands.begin() + d);
  }
  return scenario;
}

// The scenario in which the concessions are made. Nothing where a number of the scenario cannot say
// it: the reservation of one leaf of several.
std::optional<Scenario> conceded(const Scenario& scenario, const std::vector<NamedDemand>& demands,
                                 const std::vector<Concession>& concessions,
                                 const Rational& share = 1) {
  Scenario result = scenario;
  std::vector<Demand> dropped;
  for (const Concession& concession : concessions) {
    const Demand& demand = demands[at(concession.demand)].demand;
    Party& party = result.parties[at(demand.party)];
    Limit* limit = nullptr;
    for (Position& position : party.positions) {
      if (is_limit(demand.kind) && position.issue == demand.index) limit = &*position.limit;
    }
    switch (concession.what) {
      case Concession::What::end: {
        const bool low = demand.kind == Demand::Kind::limit_low ||
                         (demand.kind == Demand::Kind::limit && limit->low.has_value());
        (low ? limit->low : limit->high) = LimitEnd{Number(on_the_way(concession, share)), false};
        break;
      }
      case Concession::What::options:
        for (const Rational& place : concession.added) limit->accepted->push_back(place);
        break;
      case Concession::What::reservation: {
        std::set<std::vector<char>> scopes;
        for (const oracle::Leaf& leaf : oracle::read_leaves(scenario).leaves) {
          if (leaf.party == demand.party && leaf.has_utility) scopes.insert(leaf.in_scope);
        }
        if (scopes.size() > 1) return std::nullopt;
        party.reservation.package.clear();
        party.reservation.utility = Number(on_the_way(concession, share));
        break;
      }
      case Concession::What::when:
        make_test(party.demands[at(demand.index)].when[at(concession.test)], concession, false,
                  share);
        break;
      case Concession::What::require:
        make_test(party.demands[at(demand.index)].require[at(concession.test)], concession, true,
                  share);
        break;
      case Concession::What::dropped: dropped.push_back(demand);
    }
  }
  return without(std::move(result), dropped);
}

bool zone_is_open(const Scenario& scenario) {
  const bool discrete = std::none_of(scenario.issues.begin(), scenario.issues.end(),
                                     [](const Issue& issue) { return issue.continuous(); });
  if (!discrete) {
    const auto depth = Cells(scenario).depth(oracle::Kind::hard);
    return depth && *depth >= 0;
  }
  const BruteForce brute(scenario);
  for (std::size_t p = 0; p < brute.packages().size(); ++p) {
    const auto value = brute.tree_value(p, oracle::Kind::hard);
    if (value && *value >= 0) return true;
  }
  return false;
}

// A step beside: there is nothing between.
bool steps_aside(const Scenario& scenario, const std::vector<NamedDemand>& demands,
                 const Concession& concession) {
  if (concession.what != Concession::What::when && concession.what != Concession::What::require)
    return false;
  const Demand& demand = demands[at(concession.demand)].demand;
  const LinkedDemand& linked = scenario.parties[at(demand.party)].demands[at(demand.index)];
  const bool required = concession.what == Concession::What::require;
  const Test& test = (required ? linked.require : linked.when)[at(concession.test)];
  const bool point = test.relation == Relation::equal || test.relation == Relation::not_equal ||
                     test.relation == Relation::one_of;
  return point && (test.relation == Relation::not_equal) == required;
}

const Rational kJustShort = Rational(999999, 1000000);
const Rational kJustBeyond = Rational(1000001, 1000000);

// Whether concessions open the zone. Where a strict test bounds a continuous issue the least is not
// attained: then just beyond it. True where the demands cannot be written so.
bool opens(const Scenario& scenario, const Conflicts& answer,
           const std::vector<Concession>& concessions) {
  const auto made = conceded(scenario, answer.demands, concessions);
  if (!made || zone_is_open(*made)) return true;
  return std::any_of(scenario.issues.begin(), scenario.issues.end(),
                     [](const Issue& issue) { return issue.continuous(); }) &&
         zone_is_open(*conceded(scenario, answer.demands, concessions, kJustBeyond));
}

// Open once the concessions are made, closed just short of them.
void expect_exact(const Scenario& scenario, const Conflicts& answer,
                  const std::vector<Concession>& concessions) {
  if (!conceded(scenario, answer.demands, concessions)) return;
  EXPECT_TRUE(opens(scenario, answer, concessions)) << "once the concessions are made";
  bool moves = false;
  for (const Concession& concession : concessions) {
    if (steps_aside(scenario, answer.demands, concession)) return;
    moves |= concession.to.has_value();
  }
  if (!moves) return;
  EXPECT_FALSE(zone_is_open(*conceded(scenario, answer.demands, concessions, kJustShort)))
      << "just short of the concessions";
}

// ------------------------------------------------------------------------------------------------
// one scenario

class Checked {
 public:
  explicit Checked(const Scenario& scenario)
      : scenario_(scenario), problem_(make_problem(scenario)) {
    ConflictSettings settings;
    answer_ = find_conflicts(scenario, problem_, settings);
    for (const NamedDemand& demand : answer_.demands) {
      demands_.push_back(demand.demand);
      if (demand.firm) firm_ |= bit(static_cast<int>(demands_.size()) - 1);
    }
  }

  bool rounded() const { return problem_.rounded; }
  bool open() const { return answer_.open; }
  std::size_t demands() const { return demands_.size(); }
  const Conflicts& answer() const { return answer_; }

  // Conflicts and exits are those of the sets, and hit each other.
  void expect_sets(const OpenSets& open) const {
    ASSERT_EQ(answer_.open, open.back() != 0);
    if (answer_.open) return;
    ASSERT_TRUE(answer_.complete);
    std::vector<Mask> conflicts;
    std::vector<Mask> without_firm;
    for (const Conflict& conflict : answer_.conflicts) {
      conflicts.push_back(mask_of(conflict.demands));
      without_firm.push_back(conflicts.back() & ~firm_);
      EXPECT_EQ(conflict.firm, (conflicts.back() & ~firm_) == 0);
    }
    std::vector<Mask> exits;
    for (const Exit& exit : answer_.exits) exits.push_back(mask_of(exit.demands));
    ASSERT_EQ(sorted(conflicts), conflicts_of(open, demands()));
    ASSERT_EQ(sorted(exits), exits_of(open, demands(), firm_));
    ASSERT_EQ(sorted(exits), hitting_sets(without_firm, demands(), firm_));
    for (std::size_t c = 1; c < conflicts.size(); ++c) {
      const auto& a = answer_.conflicts[c - 1].demands;
      const auto& b = answer_.conflicts[c].demands;
      EXPECT_TRUE(a.size() < b.size() || (a.size() == b.size() && a < b));
    }
    for (std::size_t e = 1; e < answer_.exits.size(); ++e) {
      const Exit& a = answer_.exits[e - 1];
      const Exit& b = answer_.exits[e];
      EXPECT_LE(a.parties.size(), b.parties.size());
      if (a.parties.size() == b.parties.size()) {
        EXPECT_LE(a.demands.size(), b.demands.size());
      }
    }
    expect_shown();
  }

  void expect_proofs(const BruteForce* brute) const {
    for (const Conflict& conflict : answer_.conflicts) {
      DemandSet kept(demands(), 0);
      for (const int d : conflict.demands) kept[at(d)] = 1;
      const Problem alone = with_demands(problem_, answer_.demands, kept);
      ASSERT_FALSE(conflict.certificate.nodes.empty());
      const auto fault = find_fault(alone, conflict.certificate);
      ASSERT_FALSE(fault) << *fault;
      ASSERT_TRUE(!conflict.certificate.depth || *conflict.certificate.depth < 0);
      EXPECT_EQ(conflict.boxes, conflict.certificate.boxes());
      EXPECT_EQ(conflict.multipliers.empty(), !conflict.at_most);
      if (conflict.multipliers.empty() || brute == nullptr) continue;
      expect_multipliers(conflict, *brute);
    }
  }

  void expect_prices(const OpenSets& open, const BruteForce* brute) const {
    const Mask all = static_cast<Mask>(open.size() - 1);
    std::size_t p = 0;
    for (std::size_t d = 0; d < demands(); ++d) {
      if (firm_ & bit(static_cast<int>(d))) continue;
      ASSERT_LT(p, answer_.prices.size());
      const Price& price = answer_.prices[p++];
      SCOPED_TRACE("price of " + demand_id(scenario_, demands_[d]));
      ASSERT_EQ(price.demand, static_cast<int>(d));
      ASSERT_EQ(price.never, !open[all & ~bit(static_cast<int>(d))]);
      if (price.never) {
        EXPECT_TRUE(price.ways.empty());
        continue;
      }
      ASSERT_FALSE(price.ways.empty());
      for (const Concession& way : price.ways) {
        EXPECT_EQ(way.demand, price.demand);
        EXPECT_EQ(way.proof, Proof::exact);
        expect_exact(scenario_, answer_, {way});
      }
      if (brute != nullptr) expect_least(price, *brute);
    }
    EXPECT_EQ(p, answer_.prices.size());
  }

  void expect_exits(const BruteForce* brute) const {
    for (const Exit& exit : answer_.exits) {
      std::string name = "exit";
      for (const int d : exit.demands) name += " " + demand_id(scenario_, demands_[at(d)]);
      SCOPED_TRACE(name);
      EXPECT_EQ(exit.proof, Proof::exact);
      ASSERT_TRUE(exit.package);
      std::set<int> given;
      for (const Concession& concession : exit.concessions) given.insert(concession.demand);
      EXPECT_EQ(std::vector<int>(given.begin(), given.end()), exit.demands);
      expect_exact(scenario_, answer_, exit.concessions);
      if (brute != nullptr) expect_share(exit, *brute);
    }
  }

  void expect_splits(const BruteForce* brute) const {
    ASSERT_EQ(answer_.splits.size(), 3u);
    for (const Split& split : answer_.splits) {
      SCOPED_TRACE("split " + std::to_string(static_cast<int>(split.kind)));
      EXPECT_EQ(split.proof, Proof::exact);
      if (!split.exists) continue;
      ASSERT_TRUE(split.package);
      EXPECT_TRUE(opens(scenario_, answer_, split.concessions));
    }
    const Split& fewest = answer_.splits[2];
    ASSERT_EQ(fewest.exists, !answer_.exits.empty());
    std::size_t least = 99;
    Share share;
    for (const Exit& exit : answer_.exits) {
      if (exit.demands.size() > least) continue;
      if (exit.demands.size() < least) share.reset();
      least = exit.demands.size();
      if (exit.share && (!share || *exit.share < *share)) share = exit.share;
    }
    EXPECT_EQ(fewest.largest, share);
    const auto& given = answer_.splits[0].concessions;
    const bool linked = std::any_of(given.begin(), given.end(), [](const Concession& concession) {
      return concession.what == Concession::What::when ||
             concession.what == Concession::What::require;
    });
    if (answer_.splits[0].exists && !linked) {
      ASSERT_TRUE(answer_.splits[1].exists);
      EXPECT_LE(*answer_.splits[1].sum, *answer_.splits[0].sum);
    }
    if (brute != nullptr) expect_fair(*brute);
  }

 private:
  void expect_shown() const {
    for (const std::size_t most : {1, 2, 5}) {
      const auto shown = shown_exits(answer_, most);
      EXPECT_LE(shown.size(), most);
      EXPECT_TRUE(std::is_sorted(shown.begin(), shown.end()));
      std::set<int> asked;
      std::set<int> covered;
      for (const Exit& exit : answer_.exits) asked.insert(exit.demands.begin(), exit.demands.end());
      for (const std::size_t e : shown) {
        const auto& members = answer_.exits[e].demands;
        covered.insert(members.begin(), members.end());
      }
      if (answer_.exits.empty()) continue;
      ASSERT_FALSE(shown.empty());
      EXPECT_EQ(shown[0], 0u);  // the cheapest
      // As many as `most` exits with the cheapest can cover everything, by trying them all.
      if (most > 2 || answer_.exits.size() > 40) continue;
      std::set<int> first(answer_.exits[0].demands.begin(), answer_.exits[0].demands.end());
      bool possible = first == asked;
      for (const Exit& exit : answer_.exits) {
        std::set<int> both = first;
        both.insert(exit.demands.begin(), exit.demands.end());
        possible |= most == 2 && both == asked;
      }
      EXPECT_EQ(covered == asked, possible);
    }
  }

  // Σ λ m is at most what is said on every package that the other demands of the conflict allow.
  void expect_multipliers(const Conflict& conflict, const BruteForce& brute) const {
    Rational sum = 0;
    for (const auto& [leaf, multiplier] : conflict.multipliers) {
      EXPECT_GT(multiplier, 0);
      sum += multiplier;
      const Demand reservation{Demand::Kind::reservation, problem_.leaves[at(leaf)].party, 0};
      const auto d = std::find(demands_.begin(), demands_.end(), reservation) - demands_.begin();
      EXPECT_TRUE(mask_of(conflict.demands) & bit(static_cast<int>(d)));
    }
    EXPECT_EQ(sum, 1);
    EXPECT_LT(*conflict.at_most, 0);
    Share most;
    for (std::size_t p = 0; p < brute.packages().size(); ++p) {
      bool allowed = true;
      for (std::size_t i = 0; i < brute.reading().leaves.size(); ++i) {
        const oracle::View& view = brute.view(p, i);
        if (!view.asked) continue;
        for (const Demand& demand : view.broken) {
          const auto d = std::find(demands_.begin(), demands_.end(), demand) - demands_.begin();
          // A reservation that is just what the leaf can have at best has no margin.
          const bool has_margin =
              demand.kind == Demand::Kind::reservation && !Costs(scenario_, brute).hopeless(i);
          allowed &= has_margin || !(mask_of(conflict.demands) & bit(static_cast<int>(d)));
        }
      }
      if (!allowed) continue;
      Rational value = 0;
      for (const auto& [leaf, multiplier] : conflict.multipliers) {
        const oracle::View& view = brute.view(p, at(leaf));
        value += multiplier * (view.asked ? view.margin.value_or(-1000) : Rational(1));
      }
      if (!most || value > *most) most = value;
    }
    ASSERT_TRUE(most);
    EXPECT_EQ(*most, *conflict.at_most);
  }

  // Whether the tree accepts a package when the demands of `dropped` are not made.
  bool accepted(const BruteForce& brute, std::size_t p, Mask dropped) const {
    std::vector<int> ranks;
    for (std::size_t i = 0; i < brute.reading().leaves.size(); ++i) {
      const oracle::View& view = brute.view(p, i);
      bool content = true;
      for (const Demand& demand : view.broken) content &= (dropped & bit(index(demand))) != 0;
      ranks.push_back(!view.asked ? oracle::kNotAsked : content ? 0 : oracle::kNever);
    }
    return oracle::tree_rank(brute.reading().tree, ranks) != oracle::kNever;
  }

  int index(const Demand& demand) const {
    return static_cast<int>(std::find(demands_.begin(), demands_.end(), demand) - demands_.begin());
  }

  // The least movement of each number, over all packages that are accepted without the demand.
  void expect_least(const Price& price, const BruteForce& brute) const {
    const Demand& demand = demands_[at(price.demand)];
    const Costs costs(scenario_, brute);
    std::map<std::pair<int, int>, Rational> least;  // of what and test
    std::set<Rational> options;
    const auto take = [&](Concession::What what, int test, const Rational& share) {
      const auto [known, added] = least.try_emplace({static_cast<int>(what), test}, share);
      if (!added) known->second = std::min(known->second, share);
    };
    for (std::size_t p = 0; p < brute.packages().size(); ++p) {
      if (!accepted(brute, p, bit(price.demand))) continue;
      const auto& places = brute.packages()[p];
      if (demand.kind == Demand::Kind::linked) {
        for (const auto& number : costs.numbers(demand, places))
          take(number.what, number.test, number.share);
      } else if (costs.is_list(demand)) {
        options.insert(places[at(demand.index)]);
      } else if (demand.kind == Demand::Kind::reservation) {
        // Leaves of one scope have one number; the others keep theirs.
        for (std::size_t i = 0; i < brute.reading().leaves.size(); ++i) {
          const oracle::Leaf& leaf = brute.reading().leaves[i];
          if (leaf.party != demand.party || !leaf.has_utility) continue;
          std::vector<int> ranks;
          bool first = true;
          for (std::size_t l = 0; l < brute.reading().leaves.size(); ++l) {
            const oracle::View& view = brute.view(p, l);
            const oracle::Leaf& other = brute.reading().leaves[l];
            const bool moves = other.party == leaf.party && other.in_scope == leaf.in_scope;
            first &= !(moves && l < i);
            bool content = true;
            for (const Demand& broken : view.broken) content &= moves && broken == demand;
            ranks.push_back(!view.asked ? oracle::kNotAsked : content ? 0 : oracle::kNever);
          }
          if (first && oracle::tree_rank(brute.reading().tree, ranks) != oracle::kNever)
            take(Concession::What::reservation, static_cast<int>(i), *costs.reservation(i, places));
        }
      } else {
        take(Concession::What::end, 0, costs.end(demand, places));
      }
    }
    if (costs.is_list(demand)) {
      ASSERT_EQ(price.ways.size(), 1u);
      ASSERT_EQ(price.ways[0].what, Concession::What::options);
      ASSERT_FALSE(options.empty());
      EXPECT_EQ(price.ways[0].added, std::vector<Rational>{*options.begin()});
      return;
    }
    if (least.empty()) {
      ASSERT_EQ(price.ways.size(), 1u);
      EXPECT_EQ(price.ways[0].what, Concession::What::dropped);
      return;
    }
    ASSERT_EQ(price.ways.size(), least.size());
    Rational last = 0;
    for (const Concession& way : price.ways) {
      const int which = way.what == Concession::What::reservation ? way.leaf : way.test;
      const auto known = least.find({static_cast<int>(way.what), which});
      ASSERT_NE(known, least.end());
      ASSERT_TRUE(way.from && way.to && way.distance);
      EXPECT_EQ(*way.distance, abs(Rational(*way.to - *way.from)));
      Rational unit = 1;
      if (way.what == Concession::What::reservation) {
        const oracle::Leaf& leaf = brute.reading().leaves[at(way.leaf)];
        EXPECT_EQ(*way.from, leaf.reservation);
        const Rational best = *brute.answer().best[at(way.leaf)];
        unit = best > leaf.reservation ? Rational(best - leaf.reservation) : leaf.reservation;
      } else {
        unit = problem_.issues[at(way.issue)].scale;
      }
      EXPECT_EQ(*way.distance, known->second * unit);
      EXPECT_GE(known->second, last);  // cheapest first
      last = known->second;
    }
  }

  // What a leaf has to give at a package where the members of an exit give way; nothing: it never
  // accepts. `given_up`: members without magnitude.
  Share leaf_share(const BruteForce& brute, const Costs& costs, std::size_t p, std::size_t leaf,
                   Mask gives, Mask given_up) const {
    Rational share = 0;
    for (const Demand& demand : brute.view(p, leaf).broken) {
      const Mask me = bit(index(demand));
      if (given_up & me) continue;
      if (!(gives & me)) return std::nullopt;
      const auto& places = brute.packages()[p];
      if (demand.kind == Demand::Kind::reservation) {
        const Share own = costs.reservation(leaf, places);
        if (!own) return std::nullopt;
        share = std::max(share, *own);
      } else if (demand.kind == Demand::Kind::linked) {
        Share own;
        for (const auto& number : costs.numbers(demand, places)) {
          if (!own || number.share < *own) own = number.share;
        }
        if (!own) return std::nullopt;
        share = std::max(share, *own);
      } else {
        share = std::max(share, costs.end(demand, places));
      }
    }
    return share;
  }

  Share least_share(const BruteForce& brute, const Costs& costs, Mask gives, Mask given_up) const {
    Share least;
    for (std::size_t p = 0; p < brute.packages().size(); ++p) {
      std::vector<char> asked;
      std::vector<Share> shares;
      for (std::size_t i = 0; i < brute.reading().leaves.size(); ++i) {
        asked.push_back(brute.view(p, i).asked);
        shares.push_back(leaf_share(brute, costs, p, i, gives, given_up));
      }
      const Share here = tree_share(brute.reading().tree, asked, shares);
      if (here && (!least || *here < *least)) least = here;
    }
    return least;
  }

  void expect_share(const Exit& exit, const BruteForce& brute) const {
    const Costs costs(scenario_, brute);
    Mask gives = 0;
    Mask given_up = 0;
    std::vector<int> linked;
    for (const int d : exit.demands) {
      const bool magnitude = costs.has_magnitude(demands_[at(d)]);
      (magnitude ? gives : given_up) |= bit(d);
      if (magnitude && demands_[at(d)].kind == Demand::Kind::linked) linked.push_back(d);
    }
    Mask dropped = 0;
    for (const Concession& concession : exit.concessions) {
      if (concession.what == Concession::What::dropped ||
          concession.what == Concession::What::options)
        dropped |= bit(concession.demand);
    }
    if (gives == 0) {
      EXPECT_FALSE(exit.share);
      EXPECT_EQ(dropped, given_up);
      return;
    }
    // Linked demands none of whose numbers will do are dropped, as few as possible.
    int fewest = 99;
    for (Mask some = 0; some < (Mask{1} << linked.size()); ++some) {
      Mask more = 0;
      int count = 0;
      for (std::size_t l = 0; l < linked.size(); ++l) {
        if (!(some & bit(static_cast<int>(l)))) continue;
        more |= bit(linked[l]);
        ++count;
      }
      if (count >= fewest || !least_share(brute, costs, gives & ~more, given_up | more)) continue;
      fewest = count;
    }
    int count = 0;
    for (const int d : linked) count += (dropped & bit(d)) != 0;
    EXPECT_EQ(count, fewest);
    EXPECT_EQ(dropped & ~gives, given_up);
    const Share expected = least_share(brute, costs, gives & ~dropped, given_up | dropped);
    ASSERT_TRUE(expected);
    if ((gives & ~dropped) == 0) {
      EXPECT_FALSE(exit.share);
    } else {
      EXPECT_EQ(exit.share, expected);
    }
  }

  void expect_fair(const BruteForce& brute) const {
    const Costs costs(scenario_, brute);
    // Least largest share: as the depth without firm demands; otherwise in the same stages.
    Share largest;
    for (int stage = 0; stage < 3 && !largest; ++stage) {
      Mask gives = 0;
      for (std::size_t d = 0; d < demands(); ++d) {
        if (firm_ & bit(static_cast<int>(d))) continue;
        const Demand::Kind kind = demands_[d].kind;
        if (kind == Demand::Kind::reservation ||
            (is_limit(kind) && stage > 0 && !costs.is_list(demands_[d])) ||
            (kind == Demand::Kind::linked && stage > 1))
          gives |= bit(static_cast<int>(d));
      }
      for (std::size_t p = 0; p < brute.packages().size(); ++p) {
        std::vector<char> asked;
        std::vector<Share> shares;
        for (std::size_t i = 0; i < brute.reading().leaves.size(); ++i) {
          asked.push_back(brute.view(p, i).asked);
          Mask own = gives;
          const oracle::Leaf& leaf = brute.reading().leaves[i];
          if (leaf.has_utility && stage < 2 && costs.hopeless(i))
            own &= ~bit(index({Demand::Kind::reservation, leaf.party, 0}));
          shares.push_back(leaf_share(brute, costs, p, i, own, 0));
        }
        const Share here = tree_share(brute.reading().tree, asked, shares);
        if (here && (!largest || *here < *largest)) largest = here;
      }
    }
    const Split& first = answer_.splits[0];
    ASSERT_EQ(first.exists, largest.has_value());
    if (largest) {
      EXPECT_EQ(first.largest, largest);
    }
    const oracle::Answer answer = brute.answer();
    if (firm_ == 0 && answer.depth.value) {
      EXPECT_EQ(*first.largest, -*answer.depth.value);
    }

    Share sum;
    const auto& leaves = brute.reading().leaves;
    for (std::size_t p = 0; p < brute.packages().size(); ++p) {
      std::vector<Share> own;  // of each leaf, should it accept
      for (std::size_t i = 0; i < leaves.size(); ++i) {
        Share cost = Rational(0);
        for (const Demand& demand : brute.view(p, i).broken) {
          if ((firm_ & bit(index(demand))) || demand.kind == Demand::Kind::linked ||
              costs.is_list(demand)) {
            cost.reset();
            break;
          }
          *cost += demand.kind == Demand::Kind::reservation
                       ? *costs.reservation(i, brute.packages()[p])
                       : costs.weight(i, demand.index) * costs.end(demand, brute.packages()[p]);
        }
        own.push_back(cost);
      }
      for (Mask in = 0; in < (Mask{1} << leaves.size()); ++in) {
        std::vector<int> ranks;
        Share here = Rational(0);
        for (std::size_t i = 0; i < leaves.size(); ++i) {
          const bool asked = brute.view(p, i).asked;
          const bool accepts = asked && (in & bit(static_cast<int>(i)));
          ranks.push_back(!asked ? oracle::kNotAsked : accepts ? 0 : oracle::kNever);
          if (!accepts || !here) continue;
          if (own[i]) {
            *here += *own[i];
          } else {
            here.reset();
          }
        }
        if (!here || (sum && *sum <= *here)) continue;
        if (oracle::tree_rank(brute.reading().tree, ranks) != oracle::kNever) sum = here;
      }
    }
    const Split& second = answer_.splits[1];
    ASSERT_EQ(second.exists, sum.has_value());
    if (sum) {
      EXPECT_EQ(second.sum, sum);
    }
  }

  const Scenario& scenario_;
  const Problem problem_;
  Conflicts answer_;
  std::vector<Demand> demands_;
  Mask firm_ = 0;
};

// ------------------------------------------------------------------------------------------------
// random scenarios

// Makes demands clash more often, and some of them firm.
void harden(Scenario& scenario, Dice& dice) {
  for (Party& party : scenario.parties) {
    if (party.reservation.utility && dice.chance(60)) {
      const Rational& r = party.reservation.utility->likely;
      party.reservation.utility = Number(r + (1 - r) * dice.pick(0, 9) / 10);
    }
    if (dice.chance(6)) party.firm = true;
    for (Position& position : party.positions) position.firm = dice.chance(10);
    for (LinkedDemand& demand : party.demands) demand.firm = dice.chance(10);
    party.reservation.firm = dice.chance(10);
    const auto confidence = [&](Evidence& evidence) {
      if (dice.chance(50)) evidence.confidence = static_cast<Confidence>(dice.pick(0, 2));
    };
    for (Position& position : party.positions) confidence(position.evidence);
    for (LinkedDemand& demand : party.demands) confidence(demand.evidence);
    confidence(party.reservation.evidence);
  }
}

struct Family {
  const char* name;
  Shape shape;
  int cases;
  int most_demands;
};

void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }

class ConflictsAgainstEnumeration : public testing::TestWithParam<Family> {};

TEST_P(ConflictsAgainstEnumeration, Agree) {
  const int cases = random_cases(GetParam().cases);
  int closed = 0;
  for (std::uint64_t seed = 0; closed < cases; ++seed) {
    ASSERT_LT(seed, static_cast<std::uint64_t>(40 * cases + 400)) << "too few closed zones";
    Scenario scenario = random_scenario(seed, GetParam().shape);
    Dice dice(seed + 1000);
    harden(scenario, dice);
    if (!try_make_problem(scenario)) continue;
    SCOPED_TRACE(text_of(seed, scenario));
    const Checked checked(scenario);
    if (checked.rounded() || static_cast<int>(checked.demands()) > GetParam().most_demands)
      continue;
    const BruteForce brute(scenario);
    const OpenSets open = open_sets(brute, [&] {
      std::vector<Demand> demands;
      for (const NamedDemand& demand : checked.answer().demands) demands.push_back(demand.demand);
      return demands;
    }());
    ASSERT_NO_FATAL_FAILURE(checked.expect_sets(open));
    if (checked.open()) continue;
    ++closed;
    ASSERT_NO_FATAL_FAILURE(checked.expect_proofs(&brute));
    ASSERT_NO_FATAL_FAILURE(checked.expect_prices(open, &brute));
    ASSERT_NO_FATAL_FAILURE(checked.expect_exits(&brute));
    ASSERT_NO_FATAL_FAILURE(checked.expect_splits(&brute));
    if (HasFailure()) return;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, ConflictsAgainstEnumeration, testing::Values(
    Family{"whole_parties", {.most_packages = 40, .trees = false}, 900, 10},
    Family{"every_tree",    {.most_packages = 40}, 900, 10},
    Family{"no_rules",      {.most_packages = 40, .rules = false}, 500, 10},
    Family{"many_leaves",   {.most_packages = 40, .most_parties = 5, .most_leaves = 8}, 500, 10},
    Family{"one_issue",     {.most_issues = 1, .most_settlements = 12}, 600, 12}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

// With continuous issues whether a zone is open is asked of the cells, demand by demand.
class ConflictsOfAContinuum : public testing::TestWithParam<Family> {};

TEST_P(ConflictsOfAContinuum, Agree) {
  const int cases = random_cases(GetParam().cases);
  int closed = 0;
  for (std::uint64_t seed = 0; closed < cases; ++seed) {
    ASSERT_LT(seed, static_cast<std::uint64_t>(60 * cases + 400)) << "too few closed zones";
    Scenario scenario = random_scenario(seed, GetParam().shape);
    Dice dice(seed + 1000);
    harden(scenario, dice);
    if (!try_make_problem(scenario)) continue;
    SCOPED_TRACE(text_of(seed, scenario));
    const Checked checked(scenario);
    if (checked.rounded() || checked.open() ||
        static_cast<int>(checked.demands()) > GetParam().most_demands)
      continue;
    ++closed;
    const auto& demands = checked.answer().demands;
    OpenSets open(std::size_t{1} << demands.size());
    for (Mask made = static_cast<Mask>(open.size()); made-- > 0;) {
      std::vector<Demand> dropped;
      for (std::size_t d = 0; d < demands.size(); ++d) {
        const Mask me = bit(static_cast<int>(d));
        if (made & me) continue;
        dropped.push_back(demands[d].demand);
        open[made] |= open[made | me];
      }
      open[made] = open[made] || zone_is_open(without(scenario, dropped));
    }
    ASSERT_NO_FATAL_FAILURE(checked.expect_sets(open));
    ASSERT_NO_FATAL_FAILURE(checked.expect_proofs(nullptr));
    ASSERT_NO_FATAL_FAILURE(checked.expect_prices(open, nullptr));
    ASSERT_NO_FATAL_FAILURE(checked.expect_exits(nullptr));
    ASSERT_NO_FATAL_FAILURE(checked.expect_splits(nullptr));
    if (HasFailure()) return;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, ConflictsOfAContinuum, testing::Values(
    Family{"whole_parties", {.most_issues = 3, .most_settlements = 3, .most_packages = 6, .most_parties = 3, .continuous_issues = 1, .trees = false}, 120, 7},
    Family{"every_tree",    {.most_issues = 3, .most_settlements = 3, .most_packages = 6, .most_parties = 3, .most_leaves = 4, .continuous_issues = 1}, 50, 7},
    Family{"two",           {.most_issues = 3, .most_settlements = 2, .most_packages = 3, .most_parties = 2, .most_leaves = 3, .continuous_issues = 2}, 60, 6}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

// ------------------------------------------------------------------------------------------------
// the map of sets

// All minimal hitting sets of random families of sets, each found once.
TEST(SubsetMap, FindsEveryMinimalHittingSetOnce) {
  for (int seed = 0; seed < random_cases(2000); ++seed) {
    Dice dice(static_cast<std::uint64_t>(seed));
    const int size = dice.pick(1, 12);
    std::vector<int> order;
    for (int d = 0; d < size; ++d) order.push_back(d);
    SubsetMap map(at(size), order);
    std::vector<Mask> bad;
    const auto words = [](Mask mask) { return Words{mask}; };
    const int count = dice.pick(1, 8);
    for (int b = 0; b < count; ++b) {
      Mask set = 0;
      while (set == 0) {
        for (int d = 0; d < size; ++d) {
          if (dice.chance(35)) set |= bit(d);
        }
      }
      bad.push_back(set);
      map.add_bad(words(set));
    }
    const auto hits = [&](Mask out) {
      return std::all_of(bad.begin(), bad.end(), [&](Mask set) { return (set & out) != 0; });
    };
    const Mask all = (Mask{1} << size) - 1;
    std::vector<Mask> found;
    while (const auto seed_set = map.next()) {
      Mask out = all & ~static_cast<Mask>((*seed_set)[0]);
      ASSERT_TRUE(hits(out));
      for (int d = 0; d < size; ++d) {
        if ((out & bit(d)) && hits(out & ~bit(d))) out &= ~bit(d);
      }
      ASSERT_EQ(std::count(found.begin(), found.end(), out), 0);
      found.push_back(out);
      map.add_good(words(all & ~out));
    }
    ASSERT_EQ(sorted(found), hitting_sets(bad, at(size), 0));
  }
}

// ------------------------------------------------------------------------------------------------
// published conflicts

// Any finite system of constraints: one issue whose options are its assignments, and for each
// constraint a party that accepts those that satisfy it.
Scenario system_of(int assignments, const std::vector<std::function<bool(int)>>& constraints) {
  Scenario scenario;
  scenario.title = "A system of constraints";
  Issue issue;
  issue.id = issue.title = "assignment";
  issue.kind = IssueKind::unordered;
  for (int k = 0; k < assignments; ++k)
    issue.options.push_back({"o" + std::to_string(k), "Assignment " + std::to_string(k)});
  scenario.issues = {issue};
  scenario.consent.kind = Consent::Kind::all;
  for (std::size_t c = 0; c < constraints.size(); ++c) {
    Party party;
    party.id = "c" + std::to_string(c);
    party.title = "Constraint " + std::to_string(c);
    Position position;
    position.issue = 0;
    position.limit.emplace().accepted.emplace();
    for (int k = 0; k < assignments; ++k) {
      if (constraints[c](k)) position.limit->accepted->push_back(k);
    }
    party.positions = {position};
    scenario.parties.push_back(party);
    Consent leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.party = static_cast<int>(c);
    scenario.consent.members.push_back(leaf);
  }
  return scenario;
}

using Sets = std::vector<std::vector<int>>;

Sets conflict_sets(const Conflicts& answer) {
  Sets sets;
  for (const Conflict& conflict : answer.conflicts) sets.push_back(conflict.demands);
  std::sort(sets.begin(), sets.end());
  return sets;
}

Sets exit_sets(const Conflicts& answer) {
  Sets sets;
  for (const Exit& exit : answer.exits) sets.push_back(exit.demands);
  std::sort(sets.begin(), sets.end());
  return sets;
}

Conflicts solve_system(const Scenario& scenario) {
  return find_conflicts(scenario, make_problem(scenario), {});
}

std::function<bool(int)> clause(const std::vector<int>& literals) {
  return [literals](int k) {
    return std::any_of(literals.begin(), literals.end(), [&](int literal) {
      return (((k >> (abs(literal) - 1)) & 1) != 0) == (literal > 0);
    });
  };
}

// The running example of MARCO, sun.iwu.edu/~mliffito/marco-viz.
TEST(PublishedConflicts, OfMarco) {
  const Conflicts answer = solve_system(
      system_of(4, {clause({1}), clause({-1}), clause({2}), clause({-2}), clause({1, 2})}));
  EXPECT_EQ(conflict_sets(answer), (Sets{{0, 1}, {1, 3, 4}, {2, 3}}));
  EXPECT_TRUE(answer.complete);
}

// Liffiton and Sakallah, Journal of Automated Reasoning 40 (2008), the running example.
TEST(PublishedConflicts, OfCamus) {
  const Conflicts answer =
      solve_system(system_of(4, {clause({1}), clause({-1}), clause({-1, 2}), clause({-2})}));
  EXPECT_EQ(conflict_sets(answer), (Sets{{0, 1}, {0, 2, 3}}));
  EXPECT_EQ(exit_sets(answer), (Sets{{0}, {1, 2}, {1, 3}}));
}

// Options of a car with their costs, as bits; which of them an assignment takes.
int cost_of(int taken, const std::vector<int>& costs) {
  int sum = 0;
  for (std::size_t c = 0; c < costs.size(); ++c) {
    if ((taken >> c) & 1) sum += costs[c];
  }
  return sum;
}

std::function<bool(int)> takes(int option) {
  return [option](int k) { return ((k >> option) & 1) != 0; };
}

// O'Sullivan, Papadopoulos, Faltings and Pu, AAAI 2007, table 1: a budget of 3000, options of 500,
// 500, 500 and 2600, of which the first two exclude each other.
TEST(PublishedConflicts, OfACar) {
  const std::vector<int> costs = {500, 500, 500, 2600};
  std::vector<std::function<bool(int)>> constraints = {
      [&](int k) { return cost_of(k, costs) <= 3000; }};
  for (int option = 0; option < 4; ++option) constraints.push_back(takes(option));
  Scenario scenario = system_of(16, constraints);
  Rule exclude;
  exclude.id = "technical";
  exclude.title = "The first two options exclude each other";
  zopa::Test allowed{0, Relation::one_of, {}, {}};
  for (int k = 0; k < 16; ++k) {
    if ((k & 3) != 3) allowed.places.emplace_back(k);
  }
  exclude.require = {allowed};
  scenario.rules = {exclude};
  EXPECT_EQ(conflict_sets(solve_system(scenario)), (Sets{{0, 1, 4}, {0, 2, 4}, {0, 3, 4}, {1, 2}}));
}

// Junker, AAAI 2004, p. 167: options of 500, 500, 800, 500 and 2600 within a budget of 3000.
TEST(PublishedConflicts, OfJunker) {
  const std::vector<int> costs = {500, 500, 800, 500, 2600};
  std::vector<std::function<bool(int)>> constraints;
  for (int option = 0; option < 5; ++option) constraints.push_back(takes(option));
  Scenario scenario = system_of(32, constraints);
  Rule budget;
  budget.id = "budget";
  budget.title = "The budget";
  zopa::Test allowed{0, Relation::one_of, {}, {}};
  for (int k = 0; k < 32; ++k) {
    if (cost_of(k, costs) <= 3000) allowed.places.emplace_back(k);
  }
  budget.require = {allowed};
  scenario.rules = {budget};
  const Problem problem = make_problem(scenario);
  const Conflicts answer = find_conflicts(scenario, problem, {});
  EXPECT_EQ(conflict_sets(answer), (Sets{{0, 4}, {1, 4}, {2, 4}, {3, 4}}));
  EXPECT_EQ(exit_sets(answer), (Sets{{0, 1, 2, 3}, {4}}));
  // Of an order of preference QuickXplain gives the conflict that leaves the last members out.
  const ZoneFinder finder(problem, answer.demands, no_progress());
  EXPECT_EQ(one_conflict(finder, {0, 1, 2, 3, 4}), (std::vector<int>{0, 4}));
  EXPECT_EQ(one_conflict(finder, {2, 4, 3, 1, 0}), (std::vector<int>{2, 4}));
}

// IBM CP Optimizer, reference page of the conflict refiner: x, y, z in {1, 2, 3}, all different,
// z = x + 2y, y < x, z = 2x; {all different, z = x + 2y} is a minimal conflict.
TEST(PublishedConflicts, OfTheConflictRefiner) {
  const auto x = [](int k) { return 1 + k % 3; };
  const auto y = [](int k) { return 1 + k / 3 % 3; };
  const auto z = [](int k) { return 1 + k / 9; };
  const Sets conflicts = conflict_sets(solve_system(system_of(
      27, {[&](int k) { return x(k) != y(k) && y(k) != z(k) && x(k) != z(k); },
           [&](int k) { return z(k) == x(k) + 2 * y(k); }, [&](int k) { return y(k) < x(k); },
           [&](int k) { return z(k) == 2 * x(k); }})));
  EXPECT_EQ(std::count(conflicts.begin(), conflicts.end(), std::vector<int>{0, 1}), 1);
}

// Romer and Rosenthal, Public Choice 33 (1978), 27–43; Putnam (1988): a proposal on a line that a
// pivot at home with ideal R ratifies where it is no worse than the status quo 0, that is on
// [0, 2R]. A foreign party that insists on its ideal 1 clashes with the pivot where 2R < 1, and the
// price of its red line leads exactly to what a setter would propose: 2R.
TEST(PublishedConflicts, OfASetterAndAPivot) {
  for (const Rational& pivot : {Rational(45, 100), Rational(3, 10), Rational(1, 10)}) {
    Scenario scenario;
    scenario.title = "Ratification";
    Issue line;
    line.id = line.title = "proposal";
    line.low = 0;
    line.high = 2;
    scenario.issues = {line};
    Party home;
    home.id = home.title = "pivot";
    Position wants;
    wants.salience = Number(Rational(1));
    wants.value = {
        {0, Number(1 - pivot / 2)}, {pivot, Number(Rational(1))}, {2, Number(pivot / 2)}};
    home.positions = {wants};
    home.reservation.utility = Number(1 - pivot / 2);
    Party foreign;
    foreign.id = foreign.title = "foreign";
    Position insists;
    insists.limit.emplace().low = LimitEnd{Number(Rational(1)), false};
    foreign.positions = {insists};
    scenario.parties = {home, foreign};
    scenario.consent.kind = Consent::Kind::all;
    for (int i = 0; i < 2; ++i) {
      Consent leaf;
      leaf.kind = Consent::Kind::leaf;
      leaf.party = i;
      scenario.consent.members.push_back(leaf);
    }
    const Conflicts answer = find_conflicts(scenario, make_problem(scenario), {});
    EXPECT_EQ(conflict_sets(answer), (Sets{{0, 1}}));
    EXPECT_EQ(exit_sets(answer), (Sets{{0}, {1}}));
    ASSERT_EQ(answer.prices.size(), 2u);
    EXPECT_EQ(answer.prices[1].ways[0].to, 2 * pivot);
    // The pivot accepts 1 once its reservation is what 1 is worth: 1 − (1 − R)/2.
    EXPECT_EQ(answer.prices[0].ways[0].to, (1 + pivot) / 2);
  }
}

// ------------------------------------------------------------------------------------------------
// promises

TEST(Conflicts, OfAnOpenZoneAreNone) {
  const Conflicts answer = solve_system(system_of(4, {clause({1}), clause({2}), clause({1, 2})}));
  EXPECT_TRUE(answer.open);
  EXPECT_TRUE(answer.conflicts.empty());
  EXPECT_TRUE(answer.exits.empty());
}

TEST(Conflicts, ThatAreFirmThroughoutHaveNoExit) {
  Scenario scenario =
      system_of(4, {clause({1}), clause({-1}), clause({2}), clause({-2}), clause({1, 2})});
  scenario.parties[2].positions[0].firm = true;
  scenario.parties[3].firm = true;
  const Conflicts answer = solve_system(scenario);
  EXPECT_EQ(conflict_sets(answer), (Sets{{0, 1}, {1, 3, 4}, {2, 3}}));
  for (const Conflict& conflict : answer.conflicts)
    EXPECT_EQ(conflict.firm, conflict.demands == (std::vector<int>{2, 3}));
  EXPECT_TRUE(answer.exits.empty());
  EXPECT_EQ(answer.prices.size(), 3u);
  for (const Price& price : answer.prices) EXPECT_TRUE(price.never);
  for (const Split& split : answer.splits) EXPECT_FALSE(split.exists);
}

// 2 · 8 clauses x, not x: 2⁸ exits of eight demands, of which few are wanted.
TEST(Conflicts, AreIncompleteBeyondTheMost) {
  std::vector<std::function<bool(int)>> constraints;
  for (int v = 1; v <= 8; ++v) {
    constraints.push_back(clause({v}));
    constraints.push_back(clause({-v}));
  }
  const Scenario scenario = system_of(256, constraints);
  ConflictSettings settings;
  settings.most = 40;
  const Conflicts some = find_conflicts(scenario, make_problem(scenario), settings);
  EXPECT_FALSE(some.complete);
  EXPECT_EQ(some.conflicts.size(), 8u);  // of two demands: checked first
  EXPECT_GE(some.exits.size(), 32u);
  settings.most = 10'000;
  const Conflicts all = find_conflicts(scenario, make_problem(scenario), settings);
  EXPECT_TRUE(all.complete);
  EXPECT_EQ(all.conflicts.size(), 8u);
  EXPECT_EQ(all.exits.size(), 256u);
  EXPECT_EQ(shown_exits(all).size(), 2u);  // one and its opposite ask everything
}

TEST(Conflicts, SayWhenTheyWereStopped) {
  const Scenario scenario =
      system_of(4, {clause({1}), clause({-1}), clause({2}), clause({-2}), clause({1, 2})});
  ConflictSettings settings;
  settings.progress = [](double) { return false; };
  const Conflicts answer = find_conflicts(scenario, make_problem(scenario), settings);
  EXPECT_FALSE(answer.open);
  EXPECT_FALSE(answer.complete);
}

TEST(Conflicts, DoNotDependOnTheNumberOfThreads) {
  for (int seed = 0; seed < random_cases(100); ++seed) {
    Scenario scenario = random_scenario(static_cast<std::uint64_t>(seed), {});
    Dice dice(static_cast<std::uint64_t>(seed));
    harden(scenario, dice);
    const auto problem = try_make_problem(scenario);
    if (!problem) continue;
    SCOPED_TRACE(text_of(static_cast<std::uint64_t>(seed), scenario));
    ConflictSettings settings;
    settings.most = 30;
    const Conflicts one = find_conflicts(scenario, *problem, settings);
    settings.jobs = 2;
    const Conflicts two = find_conflicts(scenario, *problem, settings);
    ASSERT_EQ(conflict_sets(one), conflict_sets(two));
    ASSERT_EQ(one.exits.size(), two.exits.size());
    for (std::size_t e = 0; e < one.exits.size(); ++e) {
      EXPECT_EQ(one.exits[e].demands, two.exits[e].demands);
      EXPECT_EQ(one.exits[e].share, two.exits[e].share);
      EXPECT_EQ(one.exits[e].package, two.exits[e].package);
    }
    ASSERT_EQ(one.splits.size(), two.splits.size());
    for (std::size_t s = 0; s < one.splits.size(); ++s)
      EXPECT_EQ(one.splits[s].package, two.splits[s].package);
  }
}

TEST(Demands, ThatAreFirmOrSureAreAskedLast) {
  Scenario scenario =
      system_of(4, {clause({1}), clause({-1}), clause({2}), clause({-2}), clause({1, 2})});
  scenario.parties[0].firm = true;
  scenario.parties[1].positions[0].evidence.confidence = Confidence::high;
  scenario.parties[2].positions[0].evidence.confidence = Confidence::low;
  scenario.parties[3].positions[0].evidence.confidence = Confidence::medium;
  const auto demands = named_demands(scenario, make_problem(scenario));
  EXPECT_EQ(order_of_asking(scenario, demands), (std::vector<int>{2, 3, 4, 1, 0}));
}

}  // namespace
}  // namespace zopa
