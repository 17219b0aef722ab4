// SPDX-License-Identifier: MIT
#include "model/answers/depth.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "model/answers/ranges.hpp"
#include "model/engine/prepare.hpp"
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

std::size_t at(int i) { return static_cast<std::size_t>(i); }

oracle::Kind kind_of(DepthKind kind) {
  return kind == DepthKind::hard ? oracle::Kind::hard : oracle::Kind::all;
}

std::string text_of(std::uint64_t seed, const Scenario& scenario) {
  return "seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario);
}

std::vector<char> leaves_of_party(const Problem& problem, int party) {
  std::vector<char> leaves;
  for (const Leaf& leaf : problem.leaves) leaves.push_back(leaf.party == party);
  return leaves;
}

// `all` of every leaf of two parties.
Tree tree_of_pair(const Problem& problem, int i, int j) {
  Tree tree;
  for (int l = 0; l < problem.n(); ++l) {
    if (problem.leaves[at(l)].party != i && problem.leaves[at(l)].party != j) continue;
    Tree leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.leaf = l;
    tree.members.push_back(leaf);
  }
  return tree;
}

// The value of a depth by both methods; a package attains it.
void expect_depth(const Depth& depth, const std::optional<Rational>& expected) {
  ASSERT_EQ(depth.proof, Proof::exact);
  ASSERT_EQ(depth.exists, expected.has_value());
  ASSERT_EQ(depth.low, expected);
  ASSERT_EQ(depth.high, expected);
  ASSERT_EQ(depth.package.has_value(), expected.has_value());
}

// A random part of every issue's settlements, never none.
std::vector<std::vector<char>> random_part(const Problem& problem, Dice& dice) {
  std::vector<std::vector<char>> part;
  for (const ProblemIssue& issue : problem.issues) {
    auto& bits = part.emplace_back();
    for (std::size_t k = 0; k < issue.pieces.size(); ++k) bits.push_back(dice.chance(60) ? 1 : 0);
    bits[at(dice.pick(0, static_cast<int>(bits.size()) - 1))] = 1;
  }
  return part;
}

void expect_as_by_enumeration(std::uint64_t seed, const Scenario& scenario) {
  SCOPED_TRACE(text_of(seed, scenario));
  const BruteForce brute(scenario);
  const oracle::Answer answer = brute.answer();
  const Problem problem = make_problem(scenario);
  if (problem.rounded) return;  // beyond 120 bits the numbers are others
  ASSERT_EQ(problem.leaves.size(), answer.best.size());
  for (std::size_t i = 0; i < answer.best.size(); ++i) {
    const Leaf& leaf = problem.leaves[i];
    ASSERT_EQ(leaf.has_utility, answer.best[i].has_value());
    if (!leaf.has_utility) continue;
    ASSERT_EQ(make_rational(leaf.best) / leaf.unit, *answer.best[i]) << "best of leaf " << i;
  }

  const DepthFinder finder(problem, no_progress());
  const Depth hard = finder.find(DepthKind::hard, {});
  ASSERT_NO_FATAL_FAILURE(expect_depth(hard, answer.hard.value));
  const Depth all = finder.find(DepthKind::all, {});
  ASSERT_NO_FATAL_FAILURE(expect_depth(all, answer.all.value));
  for (const Depth* depth : {&hard, &all}) {
    if (!depth->package) continue;
    ASSERT_TRUE(brute.find(depth->package->places));
    ASSERT_EQ(tree_value(problem, *depth->package, depth->kind), depth->low);
  }

  Depth printed = hard.exists ? hard : all;
  finder.deepen(printed, {});
  ASSERT_EQ(printed.package.has_value(), answer.depth.package.has_value());
  if (printed.package) {
    ASSERT_EQ(printed.package->places, brute.packages()[*answer.depth.package]);
  }

  const DepthKind kind =
      answer.comparison_kind == oracle::Kind::hard ? DepthKind::hard : DepthKind::all;
  for (const auto& [party, depth] : answer.without) {
    SCOPED_TRACE("without party " + std::to_string(party));
    const auto found = finder.find(kind, {.content = leaves_of_party(problem, party)});
    ASSERT_NO_FATAL_FAILURE(expect_depth(found, depth.value));
  }
  for (const auto& [pair, depth] : answer.pairs) {
    SCOPED_TRACE("parties " + std::to_string(pair.first) + " and " + std::to_string(pair.second));
    const auto found = finder.find(kind, {.tree = tree_of_pair(problem, pair.first, pair.second)});
    ASSERT_NO_FATAL_FAILURE(expect_depth(found, depth.value));
  }

  Dice dice(seed);
  for (const DepthKind part_kind : {DepthKind::hard, DepthKind::all}) {
    const auto part = random_part(problem, dice);
    oracle::Value best;
    for (std::size_t p = 0; p < brute.packages().size(); ++p) {
      const Package package = make_package(problem, brute.packages()[p]);
      bool inside = true;
      for (std::size_t j = 0; j < part.size(); ++j) inside &= part[j][at(package.pieces[j])] != 0;
      const auto value = inside ? brute.tree_value(p, kind_of(part_kind)) : oracle::Value();
      if (value && (!best || *value > *best)) best = value;
    }
    SCOPED_TRACE("a part of the packages");
    ASSERT_NO_FATAL_FAILURE(expect_depth(finder.find(part_kind, {.pieces = part}), best));
  }
}

// Saliences, worths and reservations of sixteen digits: units of about a hundred bits.
void give_many_digits(Scenario& scenario, Dice& dice) {
  const auto digits = [&] { return Rational(dice.pick(1, 999999999), 10000000000000000); };
  for (Party& party : scenario.parties) {
    for (Position& position : party.positions) {
      if (position.salience.likely != 0)
        position.salience = Number(position.salience.likely + digits());
      for (Breakpoint& point : position.value) {
        if (point.worth.likely > 0 && point.worth.likely < 1)
          point.worth = Number(point.worth.likely - digits());
      }
    }
    if (party.reservation.utility && party.reservation.utility->likely > 0)
      party.reservation.utility = Number(party.reservation.utility->likely - digits());
  }
}

// Reservations next to what a party can get at best, where the margins of other packages are huge.
void give_tiny_hopes(Scenario& scenario, Dice& dice) {
  const BruteForce brute(scenario);
  const auto best = brute.answer().best;
  for (std::size_t i = 0; i < best.size(); ++i) {
    Party& party = scenario.parties[at(brute.reading().leaves[i].party)];
    if (!best[i] || !party.reservation.package.empty() || dice.chance(40)) continue;
    const Rational hope(1, Integer("10000000000000") * dice.pick(1, 1000));
    if (*best[i] > hope) party.reservation.utility = Number(*best[i] - hope);
  }
}

struct Family {
  const char* name;
  Shape shape;
  int cases;
  void (*change)(Scenario&, Dice&) = nullptr;
};

void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }

class DepthAgainstEnumeration : public testing::TestWithParam<Family> {};

TEST_P(DepthAgainstEnumeration, Agrees) {
  for (int seed = 0; seed < random_cases(GetParam().cases); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    Scenario scenario = random_scenario(s, GetParam().shape);
    Dice dice(s);
    if (GetParam().change != nullptr) GetParam().change(scenario, dice);
    expect_as_by_enumeration(s, scenario);
    if (HasFatalFailure()) return;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, DepthAgainstEnumeration, testing::Values(
    Family{"whole_parties",  {.trees = false}, 1000},
    Family{"every_tree",     {}, 1000},
    Family{"many_leaves",    {.most_parties = 6, .most_leaves = 9}, 500},
    Family{"no_rules",       {.rules = false, .demands = false}, 300},
    Family{"one_issue",      {.most_issues = 1, .most_settlements = 12}, 500},
    Family{"one_settlement", {.most_issues = 3, .most_settlements = 1}, 150},
    Family{"many_issues",    {.least_issues = 5, .most_issues = 8, .most_settlements = 3, .most_packages = 800}, 80},
    Family{"larger",         {.least_issues = 4, .most_issues = 6, .most_settlements = 8, .most_packages = 3000, .most_parties = 5}, 30},
    Family{"many_digits",    {.most_issues = 3, .most_packages = 100}, 400, &give_many_digits},
    Family{"tiny_hopes",     {.trees = false}, 250, &give_tiny_hopes},
    Family{"tiny_in_trees",  {}, 300, &give_tiny_hopes}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

// ----------------------------------------------------------------------------------------------
// continuous issues

// The values of the leaves with a utility at a package, rising; a leaf that is not asked counts as
// 1.
std::vector<Rational> margins_at(const Problem& problem, const Package& package) {
  std::vector<Rational> margins;
  for (int i = 0; i < problem.n(); ++i) {
    if (!problem.leaves[at(i)].has_utility) continue;
    const LeafView leaf = view(problem, i, package);
    margins.push_back(leaf.asked ? leaf.margin.value() : Rational(1));
  }
  std::sort(margins.begin(), margins.end());
  return margins;
}

bool in_runs(const std::vector<oracle::Range>& runs, const Rational& place) {
  return std::any_of(runs.begin(), runs.end(), [&](const oracle::Range& run) {
    return run.low <= place && place <= run.high;
  });
}

void expect_as_by_cells(std::uint64_t seed, const Scenario& scenario) {
  SCOPED_TRACE(text_of(seed, scenario));
  const Cells cells(scenario);
  const Problem problem = make_problem(scenario);
  // Conditions "> 1" and ">= 1" are the same on a continuum; the oracle keeps two leaves there.
  const bool same_leaves = problem.leaves.size() == cells.best().size();
  for (std::size_t i = 0; i < cells.best().size() && same_leaves; ++i) {
    const Leaf& leaf = problem.leaves[i];
    if (!leaf.has_utility) continue;
    ASSERT_EQ(make_rational(leaf.best) / leaf.unit, *cells.best()[i]) << "best of leaf " << i;
  }
  const DepthFinder finder(problem, no_progress());
  for (const DepthKind kind : {DepthKind::hard, DepthKind::all}) {
    SCOPED_TRACE(kind == DepthKind::hard ? "hard" : "all");
    const Depth depth = finder.find(kind, {});
    ASSERT_NO_FATAL_FAILURE(expect_depth(depth, cells.depth(kind_of(kind))));
    if (depth.package) {
      ASSERT_TRUE(cells.in_space(depth.package->places));
      ASSERT_EQ(tree_value(problem, *depth.package, kind), depth.low);
      ASSERT_EQ(cells.tree_value(depth.package->places, kind_of(kind)), depth.low);
    }
    for (int i = 0; i < problem.parties; ++i) {
      if (std::none_of(problem.leaves.begin(), problem.leaves.end(),
                       [&](const Leaf& leaf) { return leaf.party == i; }))
        continue;
      SCOPED_TRACE("party " + std::to_string(i));
      const auto without = finder.find(kind, {.content = leaves_of_party(problem, i)});
      ASSERT_NO_FATAL_FAILURE(expect_depth(without, cells.depth_without(i, kind_of(kind))));
      const auto pair = finder.find(kind, {.tree = tree_of_pair(problem, 0, i)});
      ASSERT_NO_FATAL_FAILURE(expect_depth(pair, cells.pair_depth(0, i, kind_of(kind))));
    }
  }

  Depth printed = finder.find(DepthKind::hard, {});
  if (!printed.exists) printed = finder.find(DepthKind::all, {});
  if (!printed.exists) return;
  const Rational depth = *printed.low;
  finder.deepen(printed, {});
  ASSERT_TRUE(cells.in_space(printed.package->places));
  ASSERT_EQ(tree_value(problem, *printed.package, printed.kind), depth);
  if (depth >= 0 && !can_be_outvoted(problem.tree) && same_leaves) {
    const auto leximin = cells.leximin(Cells::Measure::margin);
    if (leximin) {
      ASSERT_EQ(margins_at(problem, *printed.package), *leximin);
    }
  }

  // A place of a continuous issue extends to a package of a value exactly where the oracle says so.
  Dice dice(seed);
  const Rational value = depth - Rational(dice.pick(0, 2), 20);
  for (int j = 0; j < problem.m(); ++j) {
    const ProblemIssue& issue = problem.issues[at(j)];
    if (!issue.continuous) continue;
    const auto runs = cells.projection(at(j), kind_of(printed.kind), value);
    std::vector<Rational> places = {issue.pieces.front().from, issue.pieces.back().to};
    for (const oracle::Range& run : runs) {
      places.insert(places.end(), {run.low, run.high, (run.low + run.high) / 2});
      places.push_back(run.high + issue.scale / 1000);
      places.push_back(run.low - issue.scale / 1000);
    }
    for (const Rational& place : places) {
      if (place < issue.pieces.front().from || place > issue.pieces.back().to) continue;
      SCOPED_TRACE("issue " + std::to_string(j) + " at " + to_text(place));
      std::vector<std::optional<Rational>> fixed(problem.issues.size());
      fixed[at(j)] = place;
      const Depth there = finder.find(printed.kind, {.places = fixed});
      ASSERT_EQ(there.low && *there.low >= value, in_runs(runs, place));
      if (there.package) {
        ASSERT_EQ(there.package->places[at(j)], place);
      }
    }
  }
}

class DepthAgainstCells : public testing::TestWithParam<Family> {};

TEST_P(DepthAgainstCells, Agrees) {
  for (int seed = 0; seed < random_cases(GetParam().cases); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    expect_as_by_cells(s, random_scenario(s, GetParam().shape));
    if (HasFatalFailure()) return;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, DepthAgainstCells, testing::Values(
    Family{"one_of_one",    {.most_issues = 1, .most_parties = 4, .continuous_issues = 1}, 250},
    Family{"whole_parties", {.most_issues = 3, .most_packages = 12, .most_parties = 3, .continuous_issues = 1, .trees = false}, 300},
    Family{"every_tree",    {.most_issues = 3, .most_packages = 12, .most_parties = 3, .most_leaves = 4, .continuous_issues = 1}, 400},
    Family{"two",           {.most_issues = 3, .most_packages = 6, .most_parties = 3, .most_leaves = 4, .continuous_issues = 2}, 120}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

// ----------------------------------------------------------------------------------------------
// stopping

// Goes on for so many calls.
Progress calls(int most) {
  auto left = std::make_shared<int>(most);
  return [left](double) { return (*left)-- > 0; };
}

void expect_true_bounds(const Depth& depth, const std::optional<Rational>& truth, int calls_made) {
  SCOPED_TRACE("stopped after " + std::to_string(calls_made) + " calls");
  if (depth.proof == Proof::exact) {
    ASSERT_NO_FATAL_FAILURE(expect_depth(depth, truth));
    return;
  }
  ASSERT_TRUE(depth.high);
  if (!truth) {
    ASSERT_FALSE(depth.low);
    return;
  }
  ASSERT_GE(*depth.high, *truth);
  if (depth.low) {
    ASSERT_LE(*depth.low, *truth);
  }
  ASSERT_EQ(depth.low.has_value(), depth.package.has_value());
}

TEST(StoppedDepth, IsBoundedByTrueNumbers) {
  const Shape shape = {
      .least_issues = 3, .most_issues = 5, .most_packages = 400, .most_parties = 5};
  int bounded = 0;
  for (int seed = 0; seed < random_cases(150); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    const Scenario scenario = random_scenario(s, shape);
    SCOPED_TRACE(text_of(s, scenario));
    const BruteForce brute(scenario);
    const oracle::Answer answer = brute.answer();
    const Problem problem = make_problem(scenario);
    for (const int most : {0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89}) {
      const DepthFinder finder(problem, calls(most));
      const Depth hard = finder.find(DepthKind::hard, {});
      bounded += hard.proof == Proof::bounded;
      ASSERT_NO_FATAL_FAILURE(expect_true_bounds(hard, answer.hard.value, most));
      const DepthFinder again(problem, calls(most));
      Depth all = again.find(DepthKind::all, {});
      ASSERT_NO_FATAL_FAILURE(expect_true_bounds(all, answer.all.value, most));
      again.deepen(all, {});  // whatever it is allowed to do, the package attains the depth
      again.prove(all);
      if (!all.package) continue;
      ASSERT_EQ(tree_value(problem, *all.package, all.kind), all.low);
    }
  }
  EXPECT_GT(bounded, 0);
}

TEST(StoppedDepth, IsBoundedAfterAnyNumberOfNodes) {
  const Shape shape = {
      .least_issues = 4, .most_issues = 6, .most_packages = 900, .most_parties = 5};
  int stopped = 0;
  for (int seed = 0; seed < random_cases(100); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    const Scenario scenario = random_scenario(s, shape);
    SCOPED_TRACE(text_of(s, scenario));
    const oracle::Value truth = BruteForce(scenario).answer().hard.value;
    const Problem problem = make_problem(scenario);
    const Search search(problem, DepthKind::hard);
    for (const std::uint64_t most : {0, 1, 2, 3, 5, 8, 13, 21}) {
      Search::Request request;
      request.most_nodes = most;
      const auto result = search.run(request);
      ASSERT_LE(result.nodes, most);
      if (result.finished) {
        ASSERT_EQ(result.value, truth);
        continue;
      }
      ++stopped;
      if (truth) {
        ASSERT_GE(
            std::max(Rational(result.bound < 1 ? result.bound : 1.0), result.value.value_or(-1000)),
            *truth);
      }
      if (result.value) {
        ASSERT_LE(*result.value, truth.value());
      }
    }
  }
  EXPECT_GT(stopped, 0);
}

// However large the problem, the search asks often whether to go on: time is that of this thread,
// and the limit leaves room for sanitizers.
TEST(StoppedDepth, IsNoticedSoon) {
  const Shape shape = {.least_issues = 60,
                       .most_issues = 60,
                       .most_settlements = 30,
                       .most_packages = 1e80,
                       .least_parties = 12,
                       .most_parties = 12,
                       .most_leaves = 20};
  const Shape continuous = {.least_issues = 25,
                            .most_issues = 25,
                            .most_settlements = 4,
                            .most_packages = 1e20,
                            .least_parties = 8,
                            .most_parties = 8,
                            .most_leaves = 12,
                            .continuous_issues = 15};
  for (int seed = 0; seed < random_cases(10); ++seed) {
    for (const Shape* each : {&shape, &continuous}) {
      const auto s = static_cast<std::uint64_t>(seed);
      const Problem problem = make_problem(random_scenario(s, *each));
      std::clock_t begin = std::clock();
      std::clock_t last = begin;
      double longest = 0;
      const DepthFinder finder(problem, [&](double) {
        const std::clock_t now = std::clock();
        longest = std::max(longest, static_cast<double>(now - last) / CLOCKS_PER_SEC);
        last = now;
        return now - begin < CLOCKS_PER_SEC / 5;
      });
      last = begin = std::clock();
      Depth depth = finder.find(DepthKind::hard, {});
      if (!depth.exists) depth = finder.find(DepthKind::all, {});
      finder.deepen(depth, {});
      finder.prove(depth);
      longest = std::max(longest, static_cast<double>(std::clock() - last) / CLOCKS_PER_SEC);
      EXPECT_LT(longest, 0.5) << "seed " << seed << (each == &shape ? "" : ", continuous");
    }
  }
}

// A stop counts at every settlement, not only once a whole issue has been looked at.
TEST(StoppedOverlap, IsBoundedOnEveryIssue) {
  const Shape shape = {
      .least_issues = 3, .most_issues = 5, .most_packages = 400, .most_parties = 4};
  int looked = 0;
  for (int seed = 0; seed < random_cases(100); ++seed) {
    const Scenario scenario = random_scenario(static_cast<std::uint64_t>(seed), shape);
    const Problem problem = make_problem(scenario);
    bool go_on = true;
    int asked = 0;
    const DepthFinder finder(problem, [&](double) {
      ++asked;
      return go_on;
    });
    const Depth depth = finder.find(DepthKind::hard, {});
    if (!depth.package) continue;
    go_on = false;
    asked = 0;
    for (const IssueOverlap& overlap : issue_overlaps(scenario, finder, depth, 1)) {
      EXPECT_TRUE(overlap.bounded) << "seed " << seed;
      ++looked;
    }
    EXPECT_LE(asked, 2 * problem.m());
  }
  EXPECT_GT(looked, 0);
}

}  // namespace
}  // namespace zopa
