// SPDX-License-Identifier: MIT
#include "model/engine/recount.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "model/engine/count.hpp"
#include "tests/model/random_problem.hpp"

namespace zopa {
namespace {

using test::plainly_accepted;
using test::plainly_possible;
using test::ProblemShape;
using test::random_cases;
using test::random_problem;

using Pieces = std::vector<std::vector<char>>;

// Every package of some pieces, one by one, straight from the definitions.
Integer count_plainly(const Problem& problem, bool zone, const Pieces& pieces) {
  const std::size_t m = problem.issues.size();
  std::vector<int> piece(m, 0);
  std::vector<Rational> place(m);
  Integer count = 0;
  while (true) {
    bool inside = true;
    for (std::size_t j = 0; j < m; ++j) {
      const auto k = static_cast<std::size_t>(piece[j]);
      place[j] = problem.issues[j].pieces[k].from;
      inside &= pieces[j][k] != 0;
    }
    if (inside && plainly_possible(problem, piece, place) &&
        (!zone || plainly_accepted(problem, piece, place)))
      ++count;
    std::size_t j = m;
    while (j-- > 0) {
      if (++piece[j] < static_cast<int>(problem.issues[j].pieces.size())) break;
      piece[j] = 0;
      if (j == 0) return count;
    }
  }
}

Pieces everything(const Problem& problem) {
  Pieces pieces;
  for (const ProblemIssue& issue : problem.issues) pieces.emplace_back(issue.pieces.size(), 1);
  return pieces;
}

struct Family {
  const char* name;
  ProblemShape shape;
  int cases;
};

class RecountAgainstEnumeration : public testing::TestWithParam<Family> {};

TEST_P(RecountAgainstEnumeration, Agrees) {
  for (int seed = 1; seed <= random_cases(GetParam().cases); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    const Problem problem = random_problem(s, GetParam().shape);
    Pieces pieces = everything(problem);
    if (seed % 3 == 0) pieces[s % pieces.size()][0] = 0;  // that may leave nothing
    for (const bool zone : {false, true}) {
      RecountLimits limits;
      if (seed % 2 == 0) limits.most_bytes = 0;  // few states at a time
      const auto counted = recount(problem, zone, limits, pieces);
      ASSERT_TRUE(counted) << "seed " << seed;
      ASSERT_EQ(*counted, count_plainly(problem, zone, pieces)) << "seed " << seed << " " << zone;
    }
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, RecountAgainstEnumeration, testing::Values(
    Family{"all_without_rules", {.pure_all = true, .rules = false, .demands = false}, 1000},
    Family{"all",               {.pure_all = true}, 1000},
    Family{"every_tree",        {}, 3000},
    Family{"many_ties",         {.worth_steps = 2}, 1500},
    Family{"many_issues",       {.most_issues = 8, .most_settlements = 3}, 300},
    Family{"many_packages",     {.most_issues = 5, .most_settlements = 10, .worth_steps = 100}, 30},
    Family{"huge_units",        {.most_issues = 4, .huge_units = true}, 500}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

// Two methods that share no code, on packages that nobody could list.
TEST(Recount, AgreesWithCountingOnLargerProblems) {
  for (int seed = 1; seed <= random_cases(40); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    const Problem problem = random_problem(
        s, {.most_issues = 12, .most_settlements = 8, .most_leaves = 4, .worth_steps = 4});
    const Breadth breadth = count_breadth(problem, {});
    RecountLimits limits;
    if (breadth.packages && breadth.packages_exact) {
      const auto counted = recount(problem, false, limits);
      if (counted) {
        ASSERT_EQ(*counted, *breadth.packages) << "seed " << seed;
      }
    }
    limits = {};
    const auto counted = recount(problem, true, limits);
    if (breadth.acceptable && counted) {
      ASSERT_EQ(*counted, *breadth.acceptable) << "seed " << seed;
    }
  }
}

// `issues` issues worth 0 or 1 to one leaf, which wants at least `reservation` of them.
Problem coins(int issues, int reservation) {
  Problem problem;
  Leaf leaf;
  leaf.has_utility = true;
  leaf.in_scope.assign(static_cast<std::size_t>(issues), 1);
  for (int j = 0; j < issues; ++j) {
    ProblemIssue issue;
    issue.pieces = {{0, 0}, {1, 1}};
    problem.issues.push_back(issue);
    leaf.worth.push_back({{0, 0}, {1, 1}});
  }
  leaf.unit = issues;
  leaf.reservation = reservation;
  leaf.best = issues;
  problem.leaves.push_back(leaf);
  problem.tree.kind = Consent::Kind::leaf;
  problem.tree.leaf = 0;
  problem.parties = 1;
  return problem;
}

Integer binomial(int n, int k) {
  Integer result = 1;
  for (int i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

// Σ_{k ≥ 60} C(100, k) of 2^100 packages, in a hundred states at a time.
TEST(Recount, CountsPackagesBeyondTheIntegersOfTheMachine) {
  const Problem problem = coins(100, 60);
  Integer expected = 0;
  for (int k = 60; k <= 100; ++k) expected += binomial(100, k);
  RecountLimits limits;
  limits.most_steps = 20'000;
  EXPECT_EQ(recount(problem, true, limits), expected);
  EXPECT_GT(limits.most_steps, 0);
  limits.most_steps = 20'000;
  EXPECT_EQ(recount(problem, false, limits), Integer(1) << 100);
}

TEST(Recount, GivesNothingBeyondItsLimits) {
  const Problem problem = coins(100, 60);
  RecountLimits steps;
  steps.most_steps = 1000;
  EXPECT_EQ(recount(problem, true, steps), std::nullopt);
  EXPECT_EQ(steps.most_steps, 0);
  RecountLimits stopped;
  stopped.progress = [](double) { return false; };
  EXPECT_EQ(recount(coins(1000, 500), true, stopped), std::nullopt);
}

TEST(Recount, GivesNothingWithAContinuousIssue) {
  Problem problem = coins(2, 1);
  problem.issues[0].continuous = true;
  problem.issues[0].pieces = {{0, 1}};
  problem.leaves[0].worth[0] = {{0, 1}};
  RecountLimits limits;
  EXPECT_EQ(recount(problem, true, limits), std::nullopt);
}

}  // namespace
}  // namespace zopa
