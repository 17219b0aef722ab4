// SPDX-License-Identifier: MIT
//
// Frontiers against the definition: every package listed, every pair of utility vectors compared,
// in exact fractions.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "model/engine/archive.hpp"
#include "model/engine/fold.hpp"
#include "model/engine/prepare.hpp"
#include "model/tools/at.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

using oracle::BruteForce;
using oracle::Shape;
using test::random_cases;

using Vector = std::vector<Rational>;

bool at_least(const Vector& a, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] < b[i]) return false;
  return true;
}

struct Expected {
  Integer packages = 0;
  Vector first;  // places of the first package in file order
};

// Utility vectors that no other exceeds for one leaf without falling short for another, greatest
// first.
std::map<Vector, Expected, std::greater<>> frontier_of(const BruteForce& brute, bool all) {
  std::map<Vector, Expected, std::greater<>> vectors;
  const auto& leaves = brute.reading().leaves;
  for (std::size_t p = 0; p < brute.packages().size(); ++p) {
    if (!all) {
      const oracle::Value value = brute.tree_value(p, oracle::Kind::hard);
      if (!value || *value < 0) continue;
    }
    Vector utilities;
    for (std::size_t i = 0; i < leaves.size(); ++i)
      if (leaves[i].has_utility) utilities.push_back(*brute.view(p, i).utility);
    Expected& expected = vectors[utilities];
    if (expected.packages++ == 0) expected.first = brute.packages()[p];
  }
  std::map<Vector, Expected, std::greater<>> best;
  for (const auto& [vector, expected] : vectors) {
    const bool beaten = std::any_of(vectors.begin(), vectors.end(), [&](const auto& other) {
      return other.first != vector && at_least(other.first, vector);
    });
    if (!beaten) best.emplace(vector, expected);
  }
  return best;
}

void expect_frontier(const Problem& problem, const BruteForce& brute, bool all) {
  const auto expected = frontier_of(brute, all);
  const Fold fold = fold_frontier(problem, {.all = all});
  ASSERT_EQ(fold.end, Fold::End::complete) << fold.reason;
  ASSERT_EQ(fold.size(), expected.size()) << (all ? "agreement space" : "zone");
  std::size_t point = 0;
  for (const auto& [vector, one] : expected) {
    for (std::size_t i = 0; i < vector.size(); ++i) {
      const Leaf& leaf = problem.leaves[at(fold.leaves[i])];
      EXPECT_EQ(make_rational(fold.utilities[point * vector.size() + i]) / leaf.unit, vector[i]);
    }
    EXPECT_EQ(fold.packages[point], one.packages);
    const std::vector<int> settlements = fold.settlements(point);
    for (std::size_t j = 0; j < settlements.size(); ++j)
      EXPECT_EQ(problem.issues[j].pieces[at(settlements[j])].from, one.first[j]);
    ++point;
  }
}

void compare(std::uint64_t first, int cases, const Shape& shape) {
  for (int c = 0; c < random_cases(cases); ++c) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(c);
    const Scenario scenario = oracle::random_scenario(seed, shape);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    const BruteForce brute(scenario);
    const Problem problem = make_problem(scenario);
    expect_frontier(problem, brute, false);
    expect_frontier(problem, brute, true);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Frontier, IsThatOfTheDefinition) { compare(1, 4000, {}); }

TEST(Frontier, IsThatOfTheDefinitionUnderUnanimity) { compare(20001, 2000, {.trees = false}); }

TEST(Frontier, IsThatOfTheDefinitionOnManySmallIssues) {
  compare(30001, 1500,
          {.least_issues = 4, .most_issues = 7, .most_settlements = 3, .most_packages = 700});
}

TEST(Frontier, IsThatOfTheDefinitionForManyLeaves) {
  compare(40001, 1000, {.least_parties = 4, .most_parties = 6, .most_leaves = 9});
}

}  // namespace
}  // namespace zopa
