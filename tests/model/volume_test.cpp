// SPDX-License-Identifier: MIT
#include "model/engine/volume.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "model/engine/cells.hpp"
#include "model/engine/prepare.hpp"
#include "model/engine/remeasure.hpp"
#include "model/engine/selection.hpp"
#include "model/engine/volume_sampling.hpp"
#include "tests/model/random_problem.hpp"
#include "tests/oracle/cells.hpp"
#include "tests/oracle/random_scenario.hpp"

namespace zopa {
namespace {

using oracle::random_scenario;
using oracle::yaml_text;
using test::random_cases;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// ----------------------------------------------------------------------------------------------
// problems by hand

// A continuous issue from 0 to `to`, cut at the given places; with a point at each where `points`.
ProblemIssue line_of(const Rational& to, const std::vector<Rational>& cuts = {},
                     bool points = false) {
  ProblemIssue issue;
  issue.continuous = true;
  issue.scale = to;
  Rational from = 0;
  for (const Rational& cut : cuts) {
    issue.pieces.push_back({from, cut});
    if (points) issue.pieces.push_back({cut, cut});
    from = cut;
  }
  issue.pieces.push_back({from, to});
  return issue;
}

ProblemIssue options_of(int settlements) {
  ProblemIssue issue;
  for (int k = 0; k < settlements; ++k) issue.pieces.push_back({k, k});
  return issue;
}

Problem unit_cube(int dimensions) {
  Problem problem;
  for (int j = 0; j < dimensions; ++j) problem.issues.push_back(line_of(1));
  return problem;
}

// Σ_j coefficient_j · x_j ≥ bound.
LinearRule at_least(const std::vector<int>& coefficients, const Rational& bound) {
  LinearRule rule;
  for (std::size_t j = 0; j < coefficients.size(); ++j)
    rule.sum.emplace_back(static_cast<int>(j), Rational(coefficients[j]));
  rule.bound = bound;
  return rule;
}

void add_equation(Problem& problem, const std::vector<int>& coefficients, const Rational& bound) {
  problem.linear_rules.push_back(at_least(coefficients, bound));
  std::vector<int> negated;
  for (const int c : coefficients) negated.push_back(-c);
  problem.linear_rules.push_back(at_least(negated, -bound));
}

// Worths slope_j · x_j (shifted to be at least 0) on the places of the issues; wants `reservation`.
void add_leaf(Problem& problem, const std::vector<int>& slopes, Int128 reservation) {
  Leaf leaf;
  leaf.party = problem.n();
  leaf.in_scope.assign(problem.issues.size(), 1);
  leaf.has_utility = true;
  for (std::size_t j = 0; j < problem.issues.size(); ++j) {
    const auto& pieces = problem.issues[j].pieces;
    const Rational low =
        std::min(Rational(slopes[j] * pieces.front().from), Rational(slopes[j] * pieces.back().to));
    auto& row = leaf.worth.emplace_back();
    const auto worth = [&](const Rational& place) {
      return *to_int128(numerator(Rational(slopes[j] * place - low)));  // places are whole
    };
    for (const Piece& piece : pieces) row.push_back({worth(piece.from), worth(piece.to)});
    leaf.best += std::max(row.front().at_from, row.back().at_to);
  }
  leaf.unit = make_integer(std::max<Int128>(leaf.best, 1));
  leaf.reservation = reservation;
  Tree node;
  node.kind = Consent::Kind::leaf;
  node.leaf = problem.n();
  problem.tree.members.push_back(node);
  problem.leaves.push_back(std::move(leaf));
  problem.parties = problem.n();
}

// By the engine and by the method that checks it, which has to find the same.
Rational exact_volume(const Problem& problem) {
  const Breadth breadth = measure_breadth(problem, {});
  EXPECT_EQ(breadth.kind, Breadth::Kind::exact);
  RecountLimits limits;
  const std::optional<Measures> measures = remeasure(problem, limits);
  EXPECT_TRUE(measures && measures->parallel && measures->space > 0);
  if (measures && measures->space > 0) {
    EXPECT_EQ(breadth.exact_share, Rational(measures->zone / measures->space));
  }
  return breadth.exact_share.value_or(-1);
}

Rational factorial(int n) { return n <= 1 ? Rational(1) : Rational(n * factorial(n - 1)); }

Rational power(const Rational& x, int n) {
  return n == 0 ? Rational(1) : Rational(x * power(x, n - 1));
}

// P(U_1 + … + U_n ≤ x) of Irwin (1927) and Hall (1927): Σ_k (−1)^k C(n, k) (x − k)^n / n!, k ≤ x.
Rational irwin_hall(int n, const Rational& x) {
  Rational sum = 0, choose = 1;
  for (int k = 0; k <= n && k <= x; ++k) {
    sum += (k % 2 == 0 ? 1 : -1) * choose * power(x - k, n);
    choose = choose * (n - k) / (k + 1);
  }
  return sum / factorial(n);
}

// ----------------------------------------------------------------------------------------------
// closed forms

TEST(Volume, OfACornerIsOneOverFactorial) {
  for (int n = 1; n <= 7; ++n) {
    Problem problem = unit_cube(n);
    add_leaf(problem, std::vector<int>(static_cast<std::size_t>(n), 1), n - 1);
    EXPECT_EQ(exact_volume(problem), 1 / factorial(n)) << n;
  }
}

TEST(Volume, OfACutCubeIsIrwinHall) {
  for (int n = 1; n <= 6; ++n) {
    for (int twice = 1; twice < 2 * n; ++twice) {
      // Σ x ≤ t on cubes of side 2, as Σ (2 − x) ≥ 2n − t.
      Problem problem;
      for (int j = 0; j < n; ++j) problem.issues.push_back(line_of(2));
      add_leaf(problem, std::vector<int>(static_cast<std::size_t>(n), -1), 2 * n - twice);
      EXPECT_EQ(exact_volume(problem), irwin_hall(n, Rational(twice, 2))) << n << ", " << twice;
    }
  }
}

// A cut at every whole place changes nothing.
TEST(Volume, DoesNotDependOnTheCells) {
  for (int n = 1; n <= 4; ++n) {
    Problem problem;
    for (int j = 0; j < n; ++j) problem.issues.push_back(line_of(3, {1, 2}, j == 0));
    add_leaf(problem, std::vector<int>(static_cast<std::size_t>(n), 1), 2 * n);
    EXPECT_EQ(exact_volume(problem), irwin_hall(n, Rational(n, 3))) << n;
  }
}

TEST(Volume, OfABoxIsAProduct) {
  Problem problem;
  for (int j = 0; j < 9; ++j) problem.issues.push_back(line_of(10));
  for (std::size_t j = 0; j < 9; ++j) {
    std::vector<int> slopes(9, 0);
    slopes[j] = 1;
    add_leaf(problem, slopes, static_cast<int>(j));
  }
  Rational product = 1;
  for (int j = 0; j < 9; ++j) product *= Rational(10 - j, 10);
  EXPECT_EQ(exact_volume(problem), product);
}

// Order x_1 ≤ x_2 ≤ … ≤ x_n by rules, and by leaves.
TEST(Volume, OfAnOrderIsOneOverFactorial) {
  Problem as_rules = unit_cube(5);
  for (std::size_t j = 0; j + 1 < 5; ++j) {
    std::vector<int> coefficients(5, 0);
    coefficients[j] = -1;
    coefficients[j + 1] = 1;
    as_rules.linear_rules.push_back(at_least(coefficients, 0));
  }
  // Among orders, the last above 1/2: 1 − 1/2^5. Twice the same rule changes nothing.
  as_rules.linear_rules.push_back(as_rules.linear_rules.front());
  Problem narrowed = as_rules;
  narrowed.issues[4] = line_of(1, {Rational(1, 2)});
  Leaf leaf;
  leaf.in_scope.assign(5, 1);
  leaf.demands.push_back({});
  leaf.demands[0].limit = PieceSet{4, {0, 1}};
  Tree node;
  node.kind = Consent::Kind::leaf;
  node.leaf = 0;
  narrowed.leaves.push_back(leaf);
  narrowed.tree.members.push_back(node);
  EXPECT_EQ(exact_volume(narrowed), Rational(31, 32));

  Problem as_leaves = unit_cube(5);
  for (std::size_t j = 0; j + 1 < 5; ++j) {
    std::vector<int> slopes(5, 0);
    slopes[j] = -1;
    slopes[j + 1] = 1;
    add_leaf(as_leaves, slopes, 1);  // worths x_{j+1} + (1 − x_j)
  }
  EXPECT_EQ(exact_volume(as_leaves), 1 / factorial(5));
}

// Three leaves want x, y, z ≥ 1/2 of the unit cube, or rather of [0, 2]: any, two of three, a
// quota.
TEST(Volume, CountsWhatSeveralCoalitionsAcceptOnce) {
  Problem problem;
  for (int j = 0; j < 3; ++j) problem.issues.push_back(line_of(2));
  for (std::size_t j = 0; j < 3; ++j) {
    std::vector<int> slopes(3, 0);
    slopes[j] = 1;
    add_leaf(problem, slopes, 1);
  }
  EXPECT_EQ(exact_volume(problem), Rational(1, 8));
  problem.tree.kind = Consent::Kind::any;
  EXPECT_EQ(exact_volume(problem), Rational(7, 8));
  problem.tree.kind = Consent::Kind::at_least;
  problem.tree.count = 2;
  EXPECT_EQ(exact_volume(problem), Rational(1, 2));
  problem.tree.kind = Consent::Kind::quota;
  problem.tree.weights = {Rational(1, 2), Rational(1, 3), Rational(1, 6)};
  problem.tree.need = Rational(1, 2);
  EXPECT_EQ(exact_volume(problem), Rational(5, 8));
}

// Settlements and places: x + k ≥ 2 for k = 0, 1, 2 and x on [0, 2].
TEST(Volume, AddsUpOverSettlements) {
  Problem problem;
  problem.issues = {options_of(3), line_of(2)};
  add_leaf(problem, {1, 1}, 2);
  EXPECT_EQ(exact_volume(problem), Rational(1, 2));  // (0 + 1/2 + 1) / 3
}

TEST(Volume, IsTheWholeSpaceWhenNobodyIsAsked) {
  Problem problem = unit_cube(2);
  EXPECT_EQ(exact_volume(problem), 1);
}

TEST(Volume, IsZeroForAZoneWithoutBreadth) {
  Problem problem = unit_cube(2);
  add_leaf(problem, {1, 0}, 1);  // x = 1 only
  EXPECT_EQ(exact_volume(problem), 0);
  add_leaf(problem, {0, 1}, 2);  // nowhere
  EXPECT_EQ(exact_volume(problem), 0);
}

// ----------------------------------------------------------------------------------------------
// equations

// Three shares of one pie, of which nobody takes less than 1/10, 2/10, 3/10: (4/10)^2.
TEST(Volume, OfADividedPieIsTheSimplexLeftOver) {
  Problem problem;
  for (int j = 0; j < 3; ++j) problem.issues.push_back(line_of(10));
  add_equation(problem, {1, 1, 1}, 10);
  add_leaf(problem, {1, 0, 0}, 1);
  add_leaf(problem, {0, 1, 0}, 2);
  add_leaf(problem, {0, 0, 1}, 3);
  EXPECT_EQ(exact_volume(problem), Rational(4, 25));
}

TEST(Volume, OfALargerPieIsTheSimplexLeftOver) {
  const int n = 8;
  Problem problem;
  for (int j = 0; j < n; ++j) problem.issues.push_back(line_of(20));
  add_equation(problem, std::vector<int>(n, 1), 20);
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<int> slopes(n, 0);
    slopes[j] = 1;
    add_leaf(problem, slopes, 1);
  }
  EXPECT_EQ(exact_volume(problem), power(Rational(12, 20), n - 1));
}

// On 2x + y = 2·k with settlements k the pieces are parallel: their lengths add up. x, y on [0, 2]:
// k = 0: the origin; k = 1: x on [0, 1]; k = 2: x on [1, 2]. A leaf wants y ≥ 1: a half of each.
TEST(Volume, AddsUpOverParallelPieces) {
  Problem problem;
  problem.issues = {options_of(3), line_of(2), line_of(2)};
  add_equation(problem, {-2, 2, 1}, 0);
  add_leaf(problem, {0, 0, 1}, 1);
  EXPECT_EQ(exact_volume(problem), Rational(1, 2));
  problem.leaves[0].worth[0] = {{0, 0}, {0, 0}, {5, 5}};  // and never minds with k = 2
  EXPECT_EQ(exact_volume(problem), Rational(3, 4));
}

// Settlement 0 requires x at its middle point, settlement 1 requires y there: two different lines.
Problem crossing_lines(bool parallel) {
  Problem problem;
  problem.issues = {options_of(2), line_of(2, {1}, true), line_of(2, {1}, true)};
  const PieceSet first{0, {1, 0}}, second{0, {0, 1}};
  const PieceSet x_middle{1, {0, 1, 0}}, y_middle{2, {0, 1, 0}};
  problem.rule_clauses.push_back({{first}, {x_middle}});
  problem.rule_clauses.push_back({{second}, {parallel ? x_middle : y_middle}});
  problem.rule_of_clause = {0, 1};
  add_leaf(problem, {0, 0, 1}, 1);
  return problem;
}

TEST(Volume, IsNotGivenOnDifferentEquations) {
  EXPECT_EQ(exact_volume(crossing_lines(true)), Rational(1, 2));  // y ≥ 1
  const Breadth breadth = measure_breadth(crossing_lines(false), {});
  EXPECT_EQ(breadth.kind, Breadth::Kind::none);
  EXPECT_FALSE(breadth.share || breadth.exact_share);
  RecountLimits limits;
  const std::optional<Measures> measures = remeasure(crossing_lines(false), limits);
  ASSERT_TRUE(measures);
  EXPECT_EQ(measures->dimension, 1);
  EXPECT_FALSE(measures->parallel);
}

// Settlement 0 leaves the whole square, settlement 1 only a line, which then counts for nothing.
TEST(Volume, IsTakenOnPiecesOfHighestDimension) {
  Problem problem = crossing_lines(true);
  problem.rule_clauses.erase(problem.rule_clauses.begin());
  add_leaf(problem, {0, 1, 0}, 1);                   // x ≥ 1
  EXPECT_EQ(exact_volume(problem), Rational(1, 4));  // of the square
}

// x + y ≥ 4 on [0, 2]² leaves one point for each of three settlements; a leaf takes two of them.
TEST(Volume, CountsPointsWhereNothingElseIsLeft) {
  Problem problem;
  problem.issues = {options_of(3), line_of(2), line_of(2, {1}, true)};
  problem.linear_rules.push_back(at_least({0, 1, 1}, 4));
  add_leaf(problem, {1, 0, 0}, 1);
  EXPECT_EQ(exact_volume(problem), Rational(2, 3));
}

// x = 1 by an equation, where two segments and a point meet: a red line that only the point, or
// only a segment, keeps is kept. y is free.
TEST(Volume, MeasuresAPieceSharedByCellsOnce) {
  Problem problem;
  problem.issues = {line_of(2, {1}, true), line_of(2)};
  add_equation(problem, {1, 0}, 1);
  add_leaf(problem, {0, 1}, 1);
  EXPECT_EQ(exact_volume(problem), Rational(1, 2));
  problem.leaves[0].demands.push_back({});
  LeafDemand& demand = problem.leaves[0].demands[0];
  for (const auto& kept : {std::vector<char>{0, 1, 0}, {1, 1, 0}, {0, 0, 1}}) {
    demand.limit = PieceSet{0, kept};
    EXPECT_EQ(exact_volume(problem), Rational(1, 2));
  }
  demand.limit = PieceSet{0, {0, 0, 0}};
  EXPECT_EQ(exact_volume(problem), 0);
}

// A demand below 1, another above: both leaves never agree on a segment, at the point both do.
TEST(Volume, CountsAPackageAsTheBestOfItsCells) {
  Problem problem;
  problem.issues = {line_of(2, {1}, true), line_of(2)};
  add_equation(problem, {1, 0}, 1);
  for (const auto& kept : {std::vector<char>{1, 1, 0}, {0, 1, 1}}) {
    add_leaf(problem, {0, 1}, 0);
    problem.leaves.back().demands.push_back({});
    problem.leaves.back().demands[0].limit = PieceSet{0, kept};
  }
  EXPECT_EQ(exact_volume(problem), 1);
}

// ----------------------------------------------------------------------------------------------
// random scenarios

struct VolumeFamily {
  const char* name;
  oracle::Shape shape;
  int cases;
};

class VolumeAgainstCells : public testing::TestWithParam<VolumeFamily> {};

// Where X has a piece of full dimension, which is what the cells of the oracle measure.
TEST_P(VolumeAgainstCells, Agrees) {
  int full = 0;
  const int cases = random_cases(GetParam().cases);
  for (int seed = 0; seed < cases; ++seed) {
    const Scenario scenario = random_scenario(static_cast<std::uint64_t>(seed), GetParam().shape);
    const oracle::Cells cells(scenario);
    const Rational space = cells.measure_of_space();
    if (space == 0) continue;
    ++full;
    const Breadth breadth = measure_breadth(make_problem(scenario), {});
    ASSERT_EQ(breadth.kind, Breadth::Kind::exact) << "seed " << seed << "\n" << yaml_text(scenario);
    ASSERT_EQ(*breadth.exact_share, cells.measure_of_zone() / space) << "seed " << seed << "\n"
                                                                     << yaml_text(scenario);
    ASSERT_FALSE(breadth.packages || breadth.acceptable);
  }
  EXPECT_GT(full, cases / 2);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, VolumeAgainstCells, testing::Values(
    VolumeFamily{"one_issue",      {.most_issues = 1, .continuous_issues = 1}, 600},
    VolumeFamily{"one_and_others", {.most_issues = 3, .most_packages = 30, .continuous_issues = 1}, 400},
    VolumeFamily{"two_issues",     {.least_issues = 2, .most_issues = 2, .continuous_issues = 2}, 400},
    VolumeFamily{"two_and_others", {.least_issues = 3, .most_issues = 4, .most_packages = 12, .continuous_issues = 2}, 150},
    VolumeFamily{"whole_parties",  {.least_issues = 2, .most_issues = 3, .most_packages = 12, .continuous_issues = 2, .trees = false}, 200}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

// ----------------------------------------------------------------------------------------------
// estimates

// Parts of random problems that can be measured exactly, estimated with 200 seeds.
void expect_coverage(int cases) {
  int problems = 0;
  const int wanted = random_cases(cases);
  for (std::uint64_t number = 1; problems < wanted; ++number) {
    const Problem problem =
        test::random_problem(number, {.most_issues = 5,
                                      .most_settlements = 4,
                                      .most_leaves = 4,
                                      .pure_all = number % 2 == 0,
                                      .continuous = 1 + static_cast<int>(number % 3)});
    const Selection selection = zone(problem);
    if (selection.none) continue;
    std::optional<Selection> part;
    for (Selection& each : independent_parts(selection)) {
      if (!each.rows.empty() && each.issues.size() > 1 &&
          problem.issues[at(each.issues[0])].continuous)
        part = std::move(each);
    }
    if (!part) continue;
    part->factor = 1;
    const Progress progress = no_progress();
    Effort effort(50'000'000, progress);
    const Rational size = full_size(problem, *part, 1, effort);
    if (size == 0) continue;
    ++problems;
    int covered = 0;
    double widest = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      CountSettings settings;
      settings.seed = seed;
      settings.samples = 4096;
      const std::optional<SizeEstimate> estimate = estimate_size(problem, *part, settings);
      ASSERT_TRUE(estimate);
      const double share = to_double(size / estimate->scale);
      covered += estimate->share.low <= share && share <= estimate->share.high ? 1 : 0;
      widest = std::max(widest, (estimate->share.high - estimate->share.low) / share);
    }
    EXPECT_GE(covered, 180) << "problem " << number;
    EXPECT_LT(widest, 0.6) << "problem " << number;
  }
}

TEST(VolumeEstimate, CoversTheExactSize) { expect_coverage(12); }

TEST(VolumeEstimateHeavy, CoversTheExactSizeOfManyProblems) { expect_coverage(120); }

// Σ x_j ≥ 12 of twelve issues in three segments each, tied by one leaf: beyond the exact reach.
TEST(VolumeEstimate, TakesOverBeyondTheExactReach) {
  Problem problem;
  for (int j = 0; j < 12; ++j) problem.issues.push_back(line_of(3, {1, 2}));
  add_leaf(problem, std::vector<int>(12, 1), 24);
  const double share = to_double(irwin_hall(12, 4));
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CountSettings settings;
    settings.seed = seed;
    settings.most_visits = 200'000;
    settings.samples = 50'000;
    const Breadth breadth = measure_breadth(problem, settings);
    ASSERT_EQ(breadth.kind, Breadth::Kind::estimate);
    EXPECT_FALSE(breadth.exact_share);
    EXPECT_NEAR(*breadth.share / share, 1, 0.05);
    covered += breadth.low <= share && share <= breadth.high ? 1 : 0;
  }
  EXPECT_GE(covered, 7);
}

// Shares of a size below 1e-9 of the space are found by tilting.
TEST(VolumeEstimate, FindsRareZones) {
  Problem problem = unit_cube(0);
  for (int j = 0; j < 12; ++j) problem.issues.push_back(line_of(4, {1, 2, 3}));
  add_leaf(problem, std::vector<int>(12, 1), 44);
  const double share = to_double(irwin_hall(12, 1));
  CountSettings settings;
  settings.most_visits = 1000;
  const Breadth breadth = measure_breadth(problem, settings);
  ASSERT_EQ(breadth.kind, Breadth::Kind::estimate);
  EXPECT_NEAR(*breadth.share / share, 1, 0.2);
  EXPECT_LE(breadth.low, share);
  EXPECT_GE(breadth.high, share);
}

TEST(VolumeEstimate, FollowsAStop) {
  Problem problem;
  for (int j = 0; j < 12; ++j) problem.issues.push_back(line_of(3, {1, 2}));
  add_leaf(problem, std::vector<int>(12, 1), 24);
  CountSettings settings;
  std::atomic<int> looks{0};
  settings.progress = [&](double) {
    ++looks;
    return false;
  };
  const Breadth breadth = measure_breadth(problem, settings);
  EXPECT_EQ(breadth.kind, Breadth::Kind::none);
  EXPECT_LT(looks, 100);
}

// Four shares of a sum that depends on a settlement, in pieces, and two leaves.
Problem shares_of_a_sum(Consent::Kind kind, bool second_sum) {
  Problem problem;
  for (int j = 0; j < 4; ++j) problem.issues.push_back(line_of(4, {1, 2, 3}, j == 1));
  problem.issues.push_back(options_of(3));
  add_equation(problem, {1, 1, 1, 1, -1}, 6);
  if (second_sum) add_equation(problem, {0, 1, -1, 2, 0}, 3);
  add_leaf(problem, {1, 2, 3, 4, 1}, 19);
  add_leaf(problem, {4, 1, 2, 0, 0}, 12);
  problem.leaves[1].demands.push_back({});
  problem.leaves[1].demands[0].clause =
      Clause{{PieceSet{4, {0, 0, 1}}}, {PieceSet{3, {1, 1, 0, 0}}}};
  problem.tree.kind = kind;
  return problem;
}

TEST(VolumeEstimate, CoversSizesOnEquations) {
  for (const Consent::Kind kind : {Consent::Kind::all, Consent::Kind::any}) {
    for (const bool second_sum : {false, true}) {
      const Problem problem = shares_of_a_sum(kind, second_sum);
      const double share = to_double(exact_volume(problem));
      ASSERT_GT(share, 0.001);
      ASSERT_LT(share, 0.999);
      int covered = 0;
      for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CountSettings settings;
        settings.seed = seed;
        settings.most_visits = 0;
        settings.samples = 8192;
        const Breadth breadth = measure_breadth(problem, settings);
        ASSERT_EQ(breadth.kind, Breadth::Kind::estimate);
        EXPECT_NEAR(*breadth.share / share, 1, 0.1);
        covered += breadth.low <= share && share <= breadth.high ? 1 : 0;
      }
      EXPECT_GE(covered, 8) << static_cast<int>(kind) << second_sum;
    }
  }
}

// Beyond the exact reach nothing is known of pieces bound by a single place or by dependent sums.
TEST(VolumeEstimate, IsNotGivenWhereItCannotBeHad) {
  CountSettings settings;
  settings.most_visits = 0;
  Problem problem = shares_of_a_sum(Consent::Kind::all, false);
  add_equation(problem, {2, 2, 2, 2, -2}, 12);  // the same again
  EXPECT_EQ(measure_breadth(problem, settings).kind, Breadth::Kind::none);
  problem = shares_of_a_sum(Consent::Kind::all, false);
  add_equation(problem, {1, 0, 0, 0, 0}, 1);
  EXPECT_EQ(measure_breadth(problem, settings).kind, Breadth::Kind::none);
  problem = shares_of_a_sum(Consent::Kind::all, false);
  problem.linear_rules.push_back(at_least({1, 0, 0, 0, 0}, 4));  // the end of the scale
  EXPECT_EQ(measure_breadth(problem, settings).kind, Breadth::Kind::none);
}

}  // namespace
}  // namespace zopa
