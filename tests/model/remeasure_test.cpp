// SPDX-License-Identifier: MIT
#include "model/engine/remeasure.hpp"

#include <gtest/gtest.h>

#include <random>

#include "model/engine/facet_volume.hpp"
#include "model/engine/polytope.hpp"
#include "model/engine/prepare.hpp"
#include "model/engine/volume.hpp"
#include "model/tools/error.hpp"
#include "tests/model/random_problem.hpp"
#include "tests/oracle/cells.hpp"
#include "tests/oracle/random_scenario.hpp"

namespace zopa {
namespace {

using test::ProblemShape;
using test::random_cases;
using test::random_problem;

using Rows = std::vector<FacetRow>;

constexpr std::uint64_t kSteps = 100'000'000;

std::optional<Rational> volume_of(Rows rows, Rows equations = {}, std::uint64_t steps = kSteps) {
  return facet_volume(std::move(rows), std::move(equations), steps, no_progress());
}

FacetRow row_of(const std::vector<int>& a, const Rational& b) {
  FacetRow row{{}, b};
  for (const int each : a) row.a.emplace_back(each);
  return row;
}

// from ≤ x_j ≤ to
Rows box(std::size_t dimensions, const Rational& from, const Rational& to) {
  Rows rows;
  for (std::size_t j = 0; j < dimensions; ++j) {
    std::vector<int> a(dimensions, 0);
    a[j] = 1;
    rows.push_back(row_of(a, from));
    a[j] = -1;
    rows.push_back(row_of(a, -to));
  }
  return rows;
}

Rational factorial(int n) { return n <= 1 ? Rational(1) : Rational(n * factorial(n - 1)); }

// ----------------------------------------------------------------------------------------------
// polyhedra

TEST(FacetVolume, OfASimplexIsOneOverFactorial) {
  for (int n = 1; n <= 8; ++n) {
    Rows rows = box(static_cast<std::size_t>(n), 0, 1);
    rows.push_back(row_of(std::vector<int>(static_cast<std::size_t>(n), -1), -1));
    EXPECT_EQ(volume_of(rows), 1 / factorial(n)) << n;
  }
}

// Σ ±x_j ≤ 1, all signs: 2^n/n!, without a corner at which coordinates are 0.
TEST(FacetVolume, OfACrossPolytope) {
  for (int n = 1; n <= 5; ++n) {
    Rows rows;
    for (unsigned signs = 0; signs < 1U << n; ++signs) {
      std::vector<int> a;
      for (int j = 0; j < n; ++j) a.push_back((signs >> j & 1U) != 0 ? 1 : -1);
      rows.push_back(row_of(a, -1));
    }
    EXPECT_EQ(volume_of(rows), Rational(1 << n) / factorial(n)) << n;
  }
}

// A box that does not lie at the origin, with rows that touch it, repeat others or say less.
TEST(FacetVolume, DoesNotMindRedundantRows) {
  Rows rows = box(3, Rational(1, 2), 3);
  for (int more = 0; more < 2; ++more) {
    rows.push_back(row_of({2, 0, 0}, 1));
    rows.push_back(row_of({0, 3, 0}, 1));
    rows.push_back(row_of({1, 1, 1}, Rational(3, 2)));
    rows.push_back(row_of({-1, -1, -1}, -9));
    rows.push_back(row_of({0, 0, 0}, -1));
  }
  EXPECT_EQ(volume_of(rows), Rational(125, 8));
}

TEST(FacetVolume, OfWhatIsFlatOrEmptyIsZero) {
  Rows flat = box(3, 0, 1);
  flat.push_back(row_of({-1, -1, -1}, 0));
  EXPECT_EQ(volume_of(flat), 0);
  flat.back() = row_of({1, 1, 1}, 3);
  EXPECT_EQ(volume_of(flat), 0);
  Rows thin = box(3, 0, 1);
  thin.push_back(row_of({1, -1, 0}, 0));
  thin.push_back(row_of({-1, 1, 0}, 0));
  EXPECT_EQ(volume_of(thin), 0);
  Rows empty = box(3, 0, 1);
  empty.push_back(row_of({1, 1, 1}, 4));
  EXPECT_EQ(volume_of(empty), 0);
  empty = box(3, 0, 1);
  empty.push_back(row_of({0, 0, 0}, 1));
  EXPECT_EQ(volume_of(empty), 0);
}

// x + y + z = 1 over the unit cube, over y and z: a triangle. Then y = z as well: z on [0, 1/2].
TEST(FacetVolume, OnEquationsIsOverTheCoordinatesLeft) {
  EXPECT_EQ(volume_of(box(3, 0, 1), {row_of({1, 1, 1}, 1)}), Rational(1, 2));
  EXPECT_EQ(volume_of(box(3, 0, 1), {row_of({0, 1, -1}, 0), row_of({1, 1, 1}, 1)}), Rational(1, 2));
  EXPECT_EQ(volume_of(box(3, 0, 1), {row_of({1, 1, 1}, 1), row_of({0, 1, -1}, 0)}), Rational(1, 2));
  // x = 2y: over y, which reaches 1/2.
  EXPECT_EQ(volume_of(box(2, 0, 1), {row_of({1, -2}, 0), row_of({2, -4}, 0)}), Rational(1, 2));
  EXPECT_EQ(volume_of(box(2, 0, 1), {row_of({1, 0}, 1), row_of({0, 1}, 1)}), 1);  // a point
  EXPECT_EQ(volume_of(box(2, 0, 1), {row_of({1, 0}, 1), row_of({0, 1}, 2)}), 0);
  EXPECT_EQ(volume_of(box(2, 0, 1), {row_of({1, 1}, 1), row_of({1, 1}, 2)}), 0);
}

// Two methods that share no code, on cubes cut at random: through corners, along edges, flat.
TEST(FacetVolume, AgreesWithSimplicesOfVertices) {
  int flat = 0;
  for (int seed = 1; seed <= random_cases(600); ++seed) {
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    const auto number = [&](int low, int high) {
      return std::uniform_int_distribution<int>(low, high)(random);
    };
    const int n = number(1, 5);
    Rows rows = box(static_cast<std::size_t>(n), 0, 1);
    Polytope polytope(n);
    const Progress progress = no_progress();
    Effort effort(1'000'000'000, progress);
    Effort::Share share(effort);
    for (int cut = number(1, 4); cut > 0; --cut) {
      std::vector<int> a;
      int high = 0, low = 0;
      for (int j = 0; j < n; ++j) {
        a.push_back(number(-3, 3));
        (a.back() > 0 ? high : low) += a.back();
      }
      const int bound = number(low, (low + high) / 2);
      HalfSpace half{{a.begin(), a.end()}, bound};
      polytope = polytope.cut(half, share);
      rows.push_back(row_of(a, bound));
    }
    std::vector<int> all;
    for (int j = 0; j < n; ++j) all.push_back(j);
    const Rational expected = polytope.empty() ? Rational(0) : polytope.volume(all, share);
    flat += expected == 0 ? 1 : 0;
    ASSERT_EQ(volume_of(rows), expected) << "seed " << seed;
  }
  EXPECT_LT(flat, random_cases(600));
}

TEST(FacetVolume, GivesNothingBeyondItsLimits) {
  Rows rows = box(6, 0, 1);
  rows.push_back(row_of({-1, -2, -3, -4, -5, -6}, -7));
  EXPECT_TRUE(volume_of(rows));
  EXPECT_FALSE(volume_of(rows, {}, 1000));
  std::uint64_t steps = kSteps;
  EXPECT_FALSE(facet_volume(rows, {}, steps, [](double) { return false; }));
  Rows many;
  for (int k = 0; k < 129; ++k) many.push_back(row_of({1, 1}, -k));
  EXPECT_FALSE(volume_of(many));
  EXPECT_THROW(volume_of({row_of({1}, 0)}), ModelError);
}

// ----------------------------------------------------------------------------------------------
// problems

struct RemeasureFamily {
  const char* name;
  ProblemShape shape;
  int cases;
};

class RemeasureAgainstVolume : public testing::TestWithParam<RemeasureFamily> {};

TEST_P(RemeasureAgainstVolume, Agrees) {
  int inside = 0;
  const int cases = random_cases(GetParam().cases);
  for (int seed = 1; seed <= cases; ++seed) {
    const Problem problem = random_problem(static_cast<std::uint64_t>(seed), GetParam().shape);
    if (problem.discrete()) continue;
    const Breadth breadth = measure_breadth(problem, {});
    ASSERT_NE(breadth.kind, Breadth::Kind::estimate) << "seed " << seed;
    RecountLimits limits;
    limits.most_steps = 1'000'000'000;
    const auto measures = remeasure(problem, limits);
    ASSERT_TRUE(measures) << "seed " << seed;
    const bool given = measures->dimension >= 0 && measures->parallel;
    ASSERT_EQ(given, breadth.kind == Breadth::Kind::exact) << "seed " << seed;
    if (!given) continue;
    const Rational share = measures->zone / measures->space;
    ASSERT_EQ(share, *breadth.exact_share) << "seed " << seed;
    inside += share > 0 && share < 1 ? 1 : 0;
  }
  EXPECT_GT(inside, cases / 20);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, RemeasureAgainstVolume, testing::Values(
    RemeasureFamily{"one",         {.most_issues = 4, .most_settlements = 4, .continuous = 1}, 600},
    RemeasureFamily{"two",         {.most_issues = 4, .most_settlements = 4, .continuous = 2}, 400},
    RemeasureFamily{"three",       {.most_issues = 4, .most_settlements = 3, .most_leaves = 4, .continuous = 3}, 200},
    RemeasureFamily{"four",        {.most_issues = 4, .most_leaves = 3, .pure_all = true, .continuous = 4}, 60},
    RemeasureFamily{"ties",        {.most_issues = 3, .most_settlements = 3, .continuous = 2, .worth_steps = 2}, 400},
    RemeasureFamily{"equations",   {.most_issues = 4, .most_settlements = 3, .continuous = 2, .equations = true}, 600},
    RemeasureFamily{"more_equations", {.most_issues = 3, .most_settlements = 3, .most_leaves = 4, .continuous = 3, .equations = true}, 300},
    RemeasureFamily{"huge_units",  {.most_issues = 3, .most_settlements = 3, .continuous = 2, .huge_units = true}, 200}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

// Against the oracle, which knows one or two continuous issues, where X has full dimension.
TEST(Remeasure, AgreesWithCells) {
  int full = 0;
  const int cases = random_cases(200);
  for (int seed = 0; seed < cases; ++seed) {
    const Scenario scenario = oracle::random_scenario(
        static_cast<std::uint64_t>(seed),
        {.least_issues = 2, .most_issues = 3, .most_packages = 20, .continuous_issues = 2});
    const oracle::Cells cells(scenario);
    const Rational space = cells.measure_of_space();
    if (space == 0) continue;
    ++full;
    RecountLimits limits;
    const auto measures = remeasure(frame_problem(scenario), limits);
    ASSERT_TRUE(measures) << "seed " << seed;
    ASSERT_EQ(measures->space, space) << "seed " << seed << "\n" << oracle::yaml_text(scenario);
    ASSERT_EQ(measures->zone, cells.measure_of_zone()) << "seed " << seed << "\n"
                                                       << oracle::yaml_text(scenario);
  }
  EXPECT_GT(full, cases / 2);
}

ProblemIssue unit_line() {
  ProblemIssue issue;
  issue.continuous = true;
  issue.pieces = {{0, 1}};
  return issue;
}

// A leaf to whom settlement 1 of issue j, or the end of the line, is worth worths_j.
void add_leaf(Problem& problem, const std::vector<int>& worths, int reservation) {
  Leaf leaf;
  leaf.has_utility = true;
  leaf.in_scope.assign(problem.issues.size(), 1);
  for (std::size_t j = 0; j < worths.size(); ++j) {
    auto& line = leaf.worth.emplace_back();
    for (const Piece& piece : problem.issues[j].pieces)
      line.push_back({piece.from == 0 ? 0 : worths[j], piece.to == 0 ? 0 : worths[j]});
  }
  leaf.reservation = reservation;
  Tree node;
  node.kind = Consent::Kind::leaf;
  node.leaf = problem.n();
  problem.leaves.push_back(std::move(leaf));
  problem.tree.members.push_back(std::move(node));
}

// 3 of 4 x: 1/4 of the line will do, and all of it with the second settlement, which is worth 3.
TEST(Remeasure, AddsUpOverSettlements) {
  Problem problem;
  ProblemIssue options;
  options.pieces = {{0, 0}, {1, 1}};
  problem.issues = {unit_line(), options};
  add_leaf(problem, {4, 3}, 3);
  RecountLimits limits;
  const auto measures = remeasure(problem, limits);
  ASSERT_TRUE(measures);
  EXPECT_EQ(measures->dimension, 1);
  EXPECT_EQ(measures->space, 2);
  EXPECT_EQ(measures->zone, Rational(5, 4));
}

// Forty issues of options between which states merge: x_1 + … + x_40 + 40 y ≥ 40, so that with k
// ones y ≥ 1 − k/40: the mean of k/40 over 2^40 packages is a half.
TEST(Remeasure, MergesPackagesThatStandAlike) {
  Problem problem;
  ProblemIssue options;
  options.pieces = {{0, 0}, {1, 1}};
  problem.issues.assign(40, options);
  problem.issues.push_back(unit_line());
  std::vector<int> worths(40, 1);
  worths.push_back(40);
  add_leaf(problem, worths, 40);
  RecountLimits limits;
  limits.most_steps = 100'000;
  const auto measures = remeasure(problem, limits);
  ASSERT_TRUE(measures);
  EXPECT_EQ(measures->space, Rational(Integer(1) << 40));
  EXPECT_EQ(measures->zone, Rational(Integer(1) << 39));
}

TEST(Remeasure, GivesNothingBeyondItsLimits) {
  Problem problem;
  for (int j = 0; j < 3; ++j) problem.issues.push_back(unit_line());
  add_leaf(problem, {1, 2, 3}, 3);
  RecountLimits limits;
  EXPECT_TRUE(remeasure(problem, limits));
  limits.most_steps = 100;
  EXPECT_FALSE(remeasure(problem, limits));
  limits = {};
  limits.progress = [](double) { return false; };
  problem = {};
  for (int j = 0; j < 6; ++j) problem.issues.push_back(unit_line());
  for (int i = 0; i < 3; ++i) add_leaf(problem, {1 + i, 2, 3 * i, 4, 5 - i, 6}, 9);
  EXPECT_FALSE(remeasure(problem, limits));
  limits = {};
  limits.most_bytes = 1000;
  ProblemIssue options;
  for (int k = 0; k < 100; ++k) options.pieces.push_back({k, k});
  problem = {};
  problem.issues = {unit_line(), options};
  add_leaf(problem, {1, 0}, 1);
  for (int k = 0; k < 100; ++k) {
    const auto settlement = static_cast<std::size_t>(k);
    problem.leaves[0].worth[1][settlement] = {k, k};
  }
  problem.leaves[0].reservation = 100;
  problem.leaves[0].worth[0] = {{0, 200}};
  EXPECT_FALSE(remeasure(problem, limits));
  limits = {};
  EXPECT_TRUE(remeasure(problem, limits));
}

TEST(Remeasure, GivesNothingWithoutAContinuousIssue) {
  Problem problem;
  ProblemIssue options;
  options.pieces = {{0, 0}, {1, 1}};
  problem.issues = {options};
  add_leaf(problem, {1}, 1);
  RecountLimits limits;
  EXPECT_FALSE(remeasure(problem, limits));
}

}  // namespace
}  // namespace zopa
