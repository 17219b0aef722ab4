// SPDX-License-Identifier: MIT
#include "model/answers/depth.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

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

struct Family {
  const char* name;
  Shape shape;
  int cases;
};

void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }

class DepthAgainstEnumeration : public testing::TestWithParam<Family> {};

TEST_P(DepthAgainstEnumeration, Agrees) {
  for (int seed = 0; seed < random_cases(GetParam().cases); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    expect_as_by_enumeration(s, random_scenario(s, GetParam().shape));
    if (HasFatalFailure()) return;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, DepthAgainstEnumeration, testing::Values(
    Family{"whole_parties",  {.trees = false}, 1500},
    Family{"every_tree",     {}, 2500},
    Family{"many_leaves",    {.most_parties = 6, .most_leaves = 9}, 800},
    Family{"no_rules",       {.rules = false, .demands = false}, 500},
    Family{"one_issue",      {.most_issues = 1, .most_settlements = 12}, 500},
    Family{"one_settlement", {.most_issues = 3, .most_settlements = 1}, 150},
    Family{"many_issues",    {.least_issues = 5, .most_issues = 8, .most_settlements = 3, .most_packages = 800}, 300},
    Family{"larger",         {.least_issues = 4, .most_issues = 6, .most_settlements = 8, .most_packages = 3000, .most_parties = 5}, 120}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

}  // namespace
}  // namespace zopa
