// SPDX-License-Identifier: MIT
#include "model/engine/count.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "model/engine/counter.hpp"
#include "tests/model/random_problem.hpp"

namespace zopa {
namespace {

using test::plainly_accepted;
using test::plainly_possible;
using test::ProblemShape;
using test::random_cases;
using test::random_problem;

struct PlainCount {
  std::uint64_t packages = 0;
  std::uint64_t acceptable = 0;
};

// Every package, one by one, straight from the definitions.
PlainCount count_plainly(const Problem& problem) {
  const std::size_t m = problem.issues.size();
  std::vector<int> piece(m, 0);
  std::vector<Rational> place(m);
  PlainCount count;
  while (true) {
    for (std::size_t j = 0; j < m; ++j)
      place[j] = problem.issues[j].pieces[static_cast<std::size_t>(piece[j])].from;
    if (plainly_possible(problem, piece, place)) {
      ++count.packages;
      if (plainly_accepted(problem, piece, place)) ++count.acceptable;
    }
    std::size_t j = m;
    while (j-- > 0) {
      if (++piece[j] < static_cast<int>(problem.issues[j].pieces.size())) break;
      piece[j] = 0;
      if (j == 0) return count;
    }
  }
}

void expect_counts(const Problem& problem, const CountSettings& settings, std::uint64_t seed) {
  const PlainCount plain = count_plainly(problem);
  const Breadth breadth = count_breadth(problem, settings);
  ASSERT_TRUE(breadth.packages.has_value()) << "seed " << seed;
  ASSERT_TRUE(breadth.acceptable.has_value()) << "seed " << seed;
  ASSERT_EQ(*breadth.packages, plain.packages) << "seed " << seed;
  ASSERT_EQ(*breadth.acceptable, plain.acceptable) << "seed " << seed;
  if (plain.packages > 0) {
    ASSERT_EQ(breadth.kind, Breadth::Kind::exact);
    ASSERT_EQ(*breadth.exact_share, Rational(plain.acceptable, plain.packages));
  } else {
    ASSERT_EQ(breadth.kind, Breadth::Kind::none);
  }
}

struct Family {
  const char* name;
  ProblemShape shape;
  int cases;
};

class CountAgainstEnumeration : public testing::TestWithParam<Family> {};

TEST_P(CountAgainstEnumeration, Agrees) {
  for (int seed = 1; seed <= random_cases(GetParam().cases); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    // From every package on its own to the block of everyday use.
    const std::size_t block = std::array<std::size_t, 5>{1, 4, 20, 150, 1024}[s % 5];
    expect_counts(random_problem(s, GetParam().shape), {.block = block}, s);
    if (HasFatalFailure()) return;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, CountAgainstEnumeration, testing::Values(
    Family{"all_without_rules", {.pure_all = true, .rules = false, .demands = false}, 1500},
    Family{"all",               {.pure_all = true}, 1500},
    Family{"every_tree",        {}, 3000},
    Family{"bare_trees",        {.rules = false, .demands = false}, 1000},
    Family{"many_ties",         {.worth_steps = 2}, 1500},
    Family{"many_issues",       {.most_issues = 8, .most_settlements = 3}, 400},
    Family{"block_and_more",    {.most_issues = 4, .most_settlements = 13, .most_leaves = 3}, 60},
    Family{"huge_units",        {.most_issues = 4, .huge_units = true}, 500},
    Family{"sixty_four",        {.most_issues = 2, .most_settlements = 64}, 60}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

}  // namespace
}  // namespace zopa
