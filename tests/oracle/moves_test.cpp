// SPDX-License-Identifier: MIT
#include "model/answers/moves.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/engine/prepare.hpp"
#include "model/validity.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/cells.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

using oracle::Cells;
using oracle::Dice;
using oracle::random_scenario;
using oracle::Shape;
using test::random_cases;
using Kind = PartyNumber::Kind;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

std::string text_of(std::uint64_t seed, const Scenario& scenario) {
  return "seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario);
}

// Whether the zone is empty, by looking at every package.
class SlowZone {
 public:
  explicit SlowZone(const Scenario& scenario)
      : scenario_(scenario),
        reading_(oracle::read_leaves(scenario)),
        packages_(oracle::agreement_space(scenario)) {
    for (const auto& package : packages_) {
      auto& ranks = ranks_.emplace_back();
      for (const oracle::Leaf& leaf : reading_.leaves)
        ranks.push_back(rank(scenario, leaf, package, std::nullopt));
    }
  }

  const oracle::Reading& reading() const { return reading_; }
  const std::vector<std::vector<Rational>>& packages() const { return packages_; }

  // The zone after an edit of the numbers of some parties.
  bool open(const Scenario& edited, const std::set<int>& parties) const {
    const oracle::Reading reading = oracle::read_leaves(edited);
    for (std::size_t p = 0; p < packages_.size(); ++p) {
      std::vector<int> ranks = ranks_[p];
      for (std::size_t i = 0; i < reading.leaves.size(); ++i) {
        if (parties.count(reading.leaves[i].party) != 0)
          ranks[i] = rank(edited, reading.leaves[i], packages_[p], std::nullopt);
      }
      if (oracle::tree_rank(reading.tree, ranks) != oracle::kNever) return true;
    }
    return false;
  }

  bool open() const { return open(scenario_, {}); }

  // Positions of the accepted packages, when a demand is not made, or leaves say yes to everything.
  std::vector<std::size_t> zone(const std::optional<Demand>& without,
                                const std::set<std::size_t>& content) const {
    std::vector<std::size_t> zone;
    for (std::size_t p = 0; p < packages_.size(); ++p) {
      std::vector<int> ranks = ranks_[p];
      for (std::size_t i = 0; i < ranks.size(); ++i) {
        if (without) ranks[i] = rank(scenario_, reading_.leaves[i], packages_[p], without);
        if (content.count(i) != 0 && ranks[i] == oracle::kNever) ranks[i] = 0;
      }
      if (oracle::tree_rank(reading_.tree, ranks) != oracle::kNever) zone.push_back(p);
    }
    return zone;
  }

 private:
  static int rank(const Scenario& scenario, const oracle::Leaf& leaf,
                  const std::vector<Rational>& places, const std::optional<Demand>& without) {
    if (!holds(leaf.when, places)) return oracle::kNotAsked;
    const Party& party = scenario.parties[at(leaf.party)];
    for (const oracle::LeafDemand& demand : leaf.demands) {
      if (without && demand.demand == *without) continue;
      if (demand.demand.kind == Demand::Kind::linked) {
        const LinkedDemand& linked = party.demands[at(demand.demand.index)];
        if (holds(linked.when, places) && !holds(linked.require, places)) return oracle::kNever;
        continue;
      }
      Limit limit = *party.position(demand.demand.index)->limit;
      if (demand.low_end) limit.high.reset();
      if (demand.high_end) limit.low.reset();
      if (!limit.accepts(places[at(demand.demand.index)])) return oracle::kNever;
    }
    const bool weighs = leaf.has_utility &&
                        !(without && *without == Demand{Demand::Kind::reservation, leaf.party, 0});
    if (weighs && oracle::utility(scenario, leaf, places) < leaf.reservation) return oracle::kNever;
    return 0;
  }

  const Scenario& scenario_;
  oracle::Reading reading_;
  std::vector<std::vector<Rational>> packages_;
  std::vector<std::vector<int>> ranks_;  // package × leaf: 0, kNever or kNotAsked
};

// Σ_l s_l (v_l(x_l) − ref_l) of a leaf, with s as in the file: at least 0 where it accepts.
Rational weighed_surplus(const Scenario& scenario, const oracle::Leaf& leaf,
                         const std::vector<Rational>& places) {
  const Party& party = scenario.parties[at(leaf.party)];
  Rational sum = 0;
  for (const Position& position : party.positions) {
    if (!leaf.in_scope[at(position.issue)] || position.salience.likely == 0) continue;
    const Issue& issue = scenario.issues[at(position.issue)];
    Rational reference =
        party.reservation.utility ? party.reservation.utility->likely : Rational(0);
    for (const auto& [j, place] : party.reservation.package) {
      if (j == position.issue) reference = worth(issue, position, place.likely);
    }
    sum +=
        position.salience.likely * (worth(issue, position, places[at(position.issue)]) - reference);
  }
  return sum;
}

// Values at which some package may change sides: those computed from every package where the
// number enters linearly or as an ideal, places of the scale, and a grid.
std::set<Rational> samples(const Scenario& scenario, const SlowZone& zone, const Move& move,
                           bool thorough) {
  const NumberRange& range = move.range;
  std::set<Rational> values;
  if (!range.values.empty()) {
    values.insert(range.values.begin(), range.values.end());
    return values;
  }
  const Rational high = range.high ? *range.high : Rational(4 * move.from + 1000);
  const auto add = [&](const Rational& value) {
    if (value >= range.low && (!range.high || value <= *range.high)) values.insert(value);
  };
  const Issue* issue = move.number.issue < 0 ? nullptr : &scenario.issues[at(move.number.issue)];
  const int grid = thorough ? 40 : 8;
  for (int g = 0; g <= grid; ++g) add(range.low + (high - range.low) * g / grid);
  const Kind kind = move.number.kind;
  const bool linear = kind == Kind::salience || kind == Kind::worth;
  const bool ideal = kind == Kind::ideal || kind == Kind::ideal_low || kind == Kind::ideal_high;
  if (issue != nullptr && !linear && kind != Kind::reservation) {
    for (int k = 0; k < issue->settlements(); ++k) {
      add(issue->place(k));
      add(issue->place(k) + Rational(1, 1000003));
      add(issue->place(k) - Rational(1, 1000003));
    }
  }
  const auto edited_at = [&](const Rational& value) {
    return with_number(scenario, move.number, value);
  };
  // Of those from packages all, or every so manieth.
  std::vector<Rational> critical;
  const Scenario at_zero = linear ? edited_at(0) : scenario;
  const Scenario at_one = linear ? edited_at(1) : scenario;
  for (const oracle::Leaf& leaf : zone.reading().leaves) {
    if (leaf.party != move.number.party) continue;
    if (issue != nullptr && !leaf.in_scope[at(move.number.issue)]) continue;
    for (const auto& package : zone.packages()) {
      if (linear) {
        const Rational zero = weighed_surplus(at_zero, leaf, package);
        const Rational slope = weighed_surplus(at_one, leaf, package) - zero;
        if (slope != 0) critical.push_back(-zero / slope);
      } else if (kind == Kind::reservation && leaf.has_utility) {
        critical.push_back(oracle::utility(scenario, leaf, package));
      } else if (ideal) {
        // The worth that the place needs, and the ideals that give it, if the reference stood
        // still.
        const Rational& place = package[at(move.number.issue)];
        const Position& position = *scenario.parties[at(leaf.party)].position(move.number.issue);
        const Rational needed = worth(*issue, position, place) -
                                weighed_surplus(scenario, leaf, package) / position.salience.likely;
        if (needed <= 0) continue;
        critical.push_back(issue->scale_low() + (place - issue->scale_low()) / needed);
        critical.push_back(issue->scale_high() - (issue->scale_high() - place) / needed);
      }
    }
  }
  const std::size_t stride = thorough ? 1 : 1 + critical.size() / 12;
  for (std::size_t c = 0; c < critical.size(); c += stride) add(critical[c]);
  return values;
}

// A bounded end of a stretch may lie this far on the closed side.
bool near_an_end(const Move& move, const Rational& value) {
  if (move.proof == Proof::exact) return false;
  for (const Stretch& stretch : move.open) {
    if (abs(value - stretch.from) <= kMoveBracket) return true;
    if (stretch.to && abs(value - *stretch.to) <= kMoveBracket) return true;
  }
  return false;
}

void expect_consistent(const Move& move, bool zone_open) {
  ASSERT_TRUE(move.settled);
  const NumberRange& range = move.range;
  ASSERT_EQ(holds(move.open, move.from), zone_open);
  for (std::size_t k = 0; k < move.open.size(); ++k) {
    ASSERT_GE(move.open[k].from, range.low);
    ASSERT_TRUE(!move.open[k].to || move.open[k].from <= *move.open[k].to);
    if (k > 0) {
      ASSERT_LT(*move.open[k - 1].to, move.open[k].from);
    }
  }
  ASSERT_TRUE(!move.opens_at || !zone_open);
  ASSERT_TRUE(!move.closes_at || zone_open);
  const Stretches everything = {{range.low, range.high}};
  ASSERT_EQ(move.never(), move.open == (zone_open ? everything : Stretches()));
  ASSERT_EQ(move.share.has_value(), !move.never());
  if (move.closes_at) {
    ASSERT_NE(std::find(move.crossings.begin(), move.crossings.end(), *move.closes_at),
              move.crossings.end());
  }
}

// The moves of a scenario without continuous issues against every package at every value where one
// changes sides, at the values between, and just beyond the crossings.
void expect_moves_as_by_enumeration(std::uint64_t seed, const Scenario& scenario, bool thorough) {
  SCOPED_TRACE(text_of(seed, scenario));
  const Problem problem = make_problem(scenario);
  if (problem.rounded) return;  // beyond 120 bits the numbers are others
  const SlowZone slow(scenario);
  const Moves moves = find_moves(scenario, problem, {.pairs = false, .redundant = false});
  ASSERT_TRUE(moves.complete);
  ASSERT_EQ(moves.open, slow.open());
  for (const Move& move : moves.moves) {
    SCOPED_TRACE(number_path(scenario, move.number) + " kind " +
                 std::to_string(static_cast<int>(move.number.kind)) + " from " +
                 to_text(move.from));
    ASSERT_NO_FATAL_FAILURE(expect_consistent(move, moves.open));
    std::set<Rational> values = samples(scenario, slow, move, thorough);
    const Rational little =
        move.proof == Proof::exact ? Rational(1, Integer(1) << 60U) : Rational(2 * kMoveBracket);
    if (move.range.values.empty()) {
      for (const Rational& crossing : move.crossings) {
        for (const Rational& value :
             {crossing, Rational(crossing - little), Rational(crossing + little)}) {
          if (value >= move.range.low && (!move.range.high || value <= *move.range.high))
            values.insert(value);
        }
      }
      std::set<Rational> between;
      for (auto one = values.begin(); one != values.end() && std::next(one) != values.end(); ++one)
        between.insert((*one + *std::next(one)) / 2);
      values.merge(between);
    }
    std::optional<Rational> nearest;
    for (const Rational& value : values) {
      if (near_an_end(move, value)) continue;
      const bool open = slow.open(with_number(scenario, move.number, value), {move.number.party});
      ASSERT_EQ(open, holds(move.open, value)) << "at " << to_text(value);
      if (open != moves.open && (!nearest || abs(value - move.from) < abs(*nearest - move.from)))
        nearest = value;
    }
    // Nothing nearer does what the reported value does.
    if (nearest && move.opens_at) {
      ASSERT_LE(abs(*move.opens_at - move.from), abs(*nearest - move.from));
    }
    if (nearest) {
      ASSERT_FALSE(move.never());
    }
  }
}

TEST(Moves, AgreeWithEnumeration) {
  for (int k = 0; k < random_cases(150); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 1;
    Shape shape;
    shape.most_packages = 60;
    shape.trees = k % 2 == 0;
    shape.drafts = false;
    ASSERT_NO_FATAL_FAILURE(
        expect_moves_as_by_enumeration(seed, random_scenario(seed, shape), k % 8 == 0));
  }
}

// Whole parties under `all`, without scopes: most zones of this kind are neither full nor empty for
// want of a demand, so that crossings lie inside.
TEST(Moves, AgreeWithEnumerationWhereUtilitiesDecide) {
  for (int k = 0; k < random_cases(100); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 500'001;
    Shape shape;
    shape.least_issues = 2;
    shape.most_packages = 80;
    shape.least_parties = 2;
    shape.most_parties = 3;
    shape.trees = false;
    shape.limits = k % 3 == 0;
    shape.demands = false;
    shape.drafts = false;
    ASSERT_NO_FATAL_FAILURE(
        expect_moves_as_by_enumeration(seed, random_scenario(seed, shape), k % 4 == 0));
  }
}

// Saliences, worths and reservations of sixteen digits: exact terms do not fit, and bounds on them
// have to do.
TEST(Moves, AgreeWithEnumerationWhereNumbersAreLong) {
  for (int k = 0; k < random_cases(60); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 700'001;
    Shape shape;
    shape.least_issues = 2;
    shape.most_issues = 3;
    shape.most_packages = 30;
    shape.least_parties = 2;
    shape.trees = k % 2 == 0;
    shape.drafts = false;
    Scenario scenario = random_scenario(seed, shape);
    Dice dice(seed);
    const auto digits = [&] { return Rational(dice.pick(1, 999999999), 10000000000000000); };
    for (Party& party : scenario.parties) {
      for (Position& position : party.positions) {
        if (position.salience.likely == 0) continue;
        position.salience = Number(position.salience.likely + digits());
        const Issue& issue = scenario.issues[at(position.issue)];
        position.value.clear();  // worths of ideals would add other denominators
        position.ideal.reset();
        for (int point = 0; point < issue.settlements(); ++point) {
          position.value.push_back(
              {issue.place(point), Number(Rational(dice.pick(0, 9), 10) + digits())});
        }
      }
      if (party.reservation.utility && party.reservation.utility->likely > 0)
        party.reservation.utility = Number(party.reservation.utility->likely - digits());
    }
    if (!find_problems(scenario).empty()) continue;
    ASSERT_NO_FATAL_FAILURE(expect_moves_as_by_enumeration(seed, scenario, false));
  }
}

TEST(Moves, SayWhatIsRedundantAndWhichConsentsCostNothing) {
  for (int k = 0; k < random_cases(800); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 800'001;
    Shape shape;
    shape.most_packages = 100;
    shape.trees = k % 3 != 0;
    shape.drafts = false;
    const Scenario scenario = random_scenario(seed, shape);
    SCOPED_TRACE(text_of(seed, scenario));
    const Problem problem = make_problem(scenario);
    if (problem.rounded) continue;
    const SlowZone slow(scenario);
    const Moves moves = find_moves(scenario, problem, {.moves = false, .pairs = false});
    ASSERT_TRUE(moves.complete);
    const auto zone = slow.zone(std::nullopt, {});
    ASSERT_EQ(moves.open, !zone.empty());
    ASSERT_EQ(moves.redundant.size(), moves.demands.size());
    for (std::size_t d = 0; d < moves.demands.size(); ++d) {
      ASSERT_EQ(moves.redundant[d], zone == slow.zone(moves.demands[d].demand, {}))
          << demand_id(scenario, moves.demands[d].demand);
    }
    for (const ConsentCost& cost : moves.consents) {
      std::set<std::size_t> content;
      for (std::size_t i = 0; i < slow.reading().leaves.size(); ++i) {
        if (cost.leaf < 0 ? slow.reading().leaves[i].party == cost.party : i == at(cost.leaf)) {
          content.insert(i);
        }
      }
      ASSERT_FALSE(content.empty());
      ASSERT_EQ(cost.absorbed, zone == slow.zone(std::nullopt, content))
          << "party " << cost.party << " leaf " << cost.leaf;
    }
  }
}

// Every value that a number of a pair can take when it gives at most the share t.
std::vector<Rational> within_share(const Scenario& scenario, const Problem& problem,
                                   const SlowZone& slow, const Moves& moves, const Move& move,
                                   const Rational& t) {
  std::vector<Rational> values;
  const PartyNumber& number = move.number;
  if (number.kind == Kind::reservation) {
    const auto& leaves = moves.demands[at(move.demand)].leaves;
    const Leaf& leaf = problem.leaves[at(leaves.front())];
    const Rational best = make_rational(leaf.best) / leaf.unit;
    const Rational span = best > move.from ? Rational(best - move.from) : move.from;
    return {std::max(Rational(0), Rational(move.from - t * span))};
  }
  if (!move.range.values.empty() && move.range.high == Rational(1) && move.range.low == 0 &&
      (number.kind == Kind::limit_option || number.kind == Kind::when_option ||
       number.kind == Kind::require_option)) {
    return {1 - move.from};
  }
  const Issue& issue = scenario.issues[at(number.issue)];
  const Rational reach = t * problem.issues[at(number.issue)].scale;
  std::vector<Rational> candidates = move.range.values;
  if (candidates.empty()) {
    candidates = {move.from};
    for (int k = 0; k < issue.settlements(); ++k) candidates.push_back(issue.place(k));
  }
  for (const Rational& value : candidates) {
    if (abs(value - move.from) <= reach) values.push_back(value);
  }
  static_cast<void>(slow);
  return values;
}

bool opens_within(const Scenario& scenario, const Problem& problem, const SlowZone& slow,
                  const Moves& moves, const Move& a, const Move& b, const Rational& t) {
  for (const Rational& first : within_share(scenario, problem, slow, moves, a, t)) {
    const Scenario half = with_number(scenario, a.number, first);
    for (const Rational& second : within_share(scenario, problem, slow, moves, b, t)) {
      if (slow.open(with_number(half, b.number, second), {a.number.party, b.number.party}))
        return true;
    }
  }
  return false;
}

TEST(Moves, FindTheLeastPairs) {
  int found = 0;
  for (int k = 0; k < random_cases(500); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 900'001;
    Shape shape;
    shape.most_packages = 40;
    shape.least_parties = 2;
    shape.most_parties = 3;
    shape.trees = k % 3 == 0;
    shape.drafts = false;
    const Scenario scenario = random_scenario(seed, shape);
    SCOPED_TRACE(text_of(seed, scenario));
    const Problem problem = make_problem(scenario);
    if (problem.rounded) continue;
    const SlowZone slow(scenario);
    if (slow.open()) continue;
    const Moves moves = find_moves(scenario, problem, {.redundant = false});
    ASSERT_TRUE(moves.complete);
    ASSERT_TRUE(moves.pairs_complete);
    std::map<std::pair<std::size_t, std::size_t>, const MovePair*> pairs;
    for (const MovePair& pair : moves.pairs) pairs[{pair.first, pair.second}] = &pair;
    const auto gives = [&](const Move& move) {
      return move.demand >= 0 && !move.firm && move.never() &&
             move.number.kind != Kind::reservation_place;
    };
    for (std::size_t a = 0; a < moves.moves.size(); ++a) {
      for (std::size_t b = a + 1; b < moves.moves.size(); ++b) {
        const Move& first = moves.moves[a];
        const Move& second = moves.moves[b];
        if (!gives(first) || !gives(second)) {
          ASSERT_EQ(pairs.count({a, b}), 0);
          continue;
        }
        SCOPED_TRACE(number_path(scenario, first.number) + " and " +
                     number_path(scenario, second.number));
        const auto opens = [&](const Rational& t) {
          return opens_within(scenario, problem, slow, moves, first, second, t);
        };
        const auto pair = pairs.find({a, b});
        // Reservations give a share of b − r, which may be very little.
        ASSERT_EQ(pair != pairs.end(), opens(Rational(1'000'000'000'000)));
        if (pair == pairs.end()) continue;
        ++found;
        const Rational t = pair->second->share;
        ASSERT_TRUE(opens(t)) << to_text(t);
        if (t > 0) {
          ASSERT_FALSE(opens(t * (1 - Rational(1, 1'000'000'000)))) << to_text(t);
        }
        const Scenario both =
            with_number(with_number(scenario, first.number, pair->second->first_to), second.number,
                        pair->second->second_to);
        ASSERT_TRUE(slow.open(both, {first.number.party, second.number.party}));
      }
    }
  }
  if (random_cases(1000) == 1000) {
    EXPECT_GE(found, 80);
  }
}

// ---- continuous issues, against linear programs over the cells

void expect_moves_as_by_cells(std::uint64_t seed, const Scenario& scenario) {
  SCOPED_TRACE(text_of(seed, scenario));
  const Problem problem = make_problem(scenario);
  if (problem.rounded) return;
  const auto open_in = [](const Scenario& edited) {
    const oracle::Value depth = Cells(edited).depth(oracle::Kind::hard);
    return depth && *depth >= 0;
  };
  const Moves moves = find_moves(scenario, problem, {.pairs = false, .redundant = false});
  ASSERT_TRUE(moves.complete);
  ASSERT_EQ(moves.open, open_in(scenario));
  for (const Move& move : moves.moves) {
    SCOPED_TRACE(number_path(scenario, move.number) + " kind " +
                 std::to_string(static_cast<int>(move.number.kind)) + " from " +
                 to_text(move.from));
    ASSERT_NO_FATAL_FAILURE(expect_consistent(move, moves.open));
    std::set<Rational> values;
    const auto add = [&](const Rational& value) {
      if (value >= move.range.low && (!move.range.high || value <= *move.range.high))
        values.insert(value);
    };
    if (!move.range.values.empty()) {
      values.insert(move.range.values.begin(), move.range.values.end());
    } else {
      const Rational high = move.range.high ? *move.range.high : Rational(4 * move.from + 100);
      for (int g = 0; g <= 6; ++g) add(move.range.low + (high - move.range.low) * g / 6);
      const Rational little = 2 * kMoveBracket;
      for (const Rational& crossing : move.crossings) {
        add(crossing);
        add(crossing - little);
        add(crossing + little);
      }
    }
    for (const Rational& value : values) {
      if (near_an_end(move, value) &&
          std::find(move.crossings.begin(), move.crossings.end(), value) == move.crossings.end()) {
        continue;
      }
      ASSERT_EQ(open_in(with_number(scenario, move.number, value)), holds(move.open, value))
          << "at " << to_text(value);
    }
  }
}

TEST(Moves, AgreeWithCellsOnContinuousIssues) {
  for (int k = 0; k < random_cases(16); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 1'000'001;
    Shape shape;
    shape.continuous_issues = 1 + k % 2;
    shape.most_issues = 3;
    shape.most_packages = 6;
    shape.most_settlements = 3;
    shape.most_parties = 3;
    shape.most_leaves = 3;
    shape.trees = k % 3 == 0;
    shape.drafts = false;
    ASSERT_NO_FATAL_FAILURE(expect_moves_as_by_cells(seed, random_scenario(seed, shape)));
  }
}

// A scenario without the demand.
Scenario without(Scenario scenario, const Demand& demand) {
  Party& party = scenario.parties[at(demand.party)];
  if (demand.kind == Demand::Kind::reservation) {
    party.reservation = {};
  } else if (demand.kind == Demand::Kind::linked) {
    party.demands.erase(party.demands.begin() + demand.index);
  } else {
    for (Position& position : party.positions) {
      if (position.issue != demand.index) continue;
      if (demand.kind == Demand::Kind::limit) position.limit.reset();
      if (demand.kind == Demand::Kind::limit_low) position.limit->low.reset();
      if (demand.kind == Demand::Kind::limit_high) position.limit->high.reset();
    }
  }
  return scenario;
}

// The zone without a demand holds the zone, so that it is the same unless its measure is greater.
// Of equal measures one may still have a point more.
TEST(Moves, SayWhatIsRedundantOnContinuousIssues) {
  int same = 0;
  for (int k = 0; k < random_cases(200); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 1'300'001;
    Shape shape;
    shape.continuous_issues = 1;
    shape.most_issues = 3;
    shape.most_packages = 8;
    shape.most_settlements = 4;
    shape.trees = k % 2 == 0;
    shape.drafts = false;
    const Scenario scenario = random_scenario(seed, shape);
    SCOPED_TRACE(text_of(seed, scenario));
    const Problem problem = make_problem(scenario);
    if (problem.rounded) continue;
    const Moves moves = find_moves(scenario, problem, {.moves = false, .pairs = false});
    ASSERT_TRUE(moves.complete);
    if (!moves.open) continue;
    const Rational measure = Cells(scenario).measure_of_zone();
    for (std::size_t d = 0; d < moves.demands.size(); ++d) {
      if (!moves.redundant[d]) continue;
      const Rational wider = Cells(without(scenario, moves.demands[d].demand)).measure_of_zone();
      ASSERT_GE(wider, measure);
      if (wider > measure) {
        ASSERT_EQ(moves.redundant[d], false) << demand_id(scenario, moves.demands[d].demand);
      }
      if (*moves.redundant[d]) {
        ++same;
        ASSERT_EQ(wider, measure) << demand_id(scenario, moves.demands[d].demand);
      }
    }
  }
  if (random_cases(100) == 100) {
    EXPECT_GE(same, 25);
  }
}

// ---- laws

// Who asks for less only widens what others may ask: a party whose reservation falls leaves every
// value open that was open.
TEST(Moves, OpenNoLessWhenAnotherPartyAsksForLess) {
  for (int k = 0; k < random_cases(200); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 1'200'001;
    Shape shape;
    shape.most_packages = 100;
    shape.least_parties = 2;
    shape.scopes = false;
    shape.drafts = false;
    const Scenario scenario = random_scenario(seed, shape);
    Dice dice(seed);
    Scenario easier = scenario;
    const int who = dice.pick(0, static_cast<int>(scenario.parties.size()) - 1);
    easier.parties[at(who)].reservation = {};
    SCOPED_TRACE(text_of(seed, scenario));
    const Moves before = find_moves(scenario, make_problem(scenario), {.pairs = false});
    const Moves after = find_moves(easier, make_problem(easier), {.pairs = false});
    ASSERT_TRUE(after.open || !before.open);
    for (const Move& move : before.moves) {
      if (move.number.party == who || move.proof != Proof::exact) continue;
      const auto same = std::find_if(after.moves.begin(), after.moves.end(),
                                     [&](const Move& m) { return m.number == move.number; });
      if (same == after.moves.end() || same->proof != Proof::exact)
        continue;  // lists: another side
      for (const Stretch& stretch : move.open) ASSERT_TRUE(holds(same->open, stretch));
    }
  }
}

TEST(Moves, StopWhenTold) {
  Shape shape;
  shape.least_parties = 3;
  const Scenario scenario = random_scenario(7, shape);
  MoveSettings settings;
  settings.progress = [](double) { return false; };
  const Moves moves = find_moves(scenario, make_problem(scenario), settings);
  EXPECT_FALSE(moves.complete);
  EXPECT_FALSE(moves.pairs_complete);
  for (const Move& move : moves.moves) {
    EXPECT_FALSE(move.settled);
    EXPECT_FALSE(move.never());
  }
}

}  // namespace
}  // namespace zopa
