// SPDX-License-Identifier: MIT
//
// Counts, volumes and moves do not depend on the number of threads.
#include <gtest/gtest.h>

#include <cmath>

#include "model/answers/moves.hpp"
#include "model/engine/count_needs.hpp"
#include "model/engine/count_pairs.hpp"
#include "model/engine/counter.hpp"
#include "model/engine/prepare.hpp"
#include "model/engine/volume.hpp"
#include "tests/model/random_problem.hpp"
#include "tests/model/random_sums.hpp"
#include "tests/oracle/random_scenario.hpp"

namespace zopa {
namespace {

using oracle::random_scenario;
using oracle::Shape;
using test::random_cases;
using test::random_problem;
using test::random_sums;

void expect_same(const Breadth& a, const Breadth& b, std::uint64_t seed) {
  EXPECT_EQ(a.kind, b.kind) << "seed " << seed;
  EXPECT_EQ(a.share, b.share) << "seed " << seed;
  EXPECT_EQ(a.low, b.low) << "seed " << seed;
  EXPECT_EQ(a.high, b.high) << "seed " << seed;
  EXPECT_EQ(a.exact_share, b.exact_share) << "seed " << seed;
  EXPECT_EQ(a.packages, b.packages) << "seed " << seed;
  EXPECT_EQ(a.acceptable, b.acceptable) << "seed " << seed;
}

TEST(CountThreads, DoNotChangeTheResult) {
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(60)); ++seed) {
    const Problem problem =
        random_problem(seed, {.most_issues = 7, .most_settlements = 8, .most_leaves = 4});
    CountSettings settings;
    settings.block = 16;
    settings.samples = 3000;
    for (const std::uint64_t most_visits :
         {std::uint64_t{50'000'000}, std::uint64_t{2000}, std::uint64_t{0}}) {
      settings.most_visits = most_visits;
      settings.jobs = 1;
      const Breadth alone = count_breadth(problem, settings);
      settings.jobs = 2;
      expect_same(alone, count_breadth(problem, settings), seed);
    }
  }
}

TEST(VolumeThreads, DoNotChangeTheResult) {
  int estimates = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(random_cases(60)); ++seed) {
    const Problem problem = random_problem(
        seed, {.most_issues = 5, .most_settlements = 4, .most_leaves = 4, .continuous = 3});
    for (const std::uint64_t most_visits :
         {std::uint64_t{50'000'000}, std::uint64_t{300}, std::uint64_t{0}}) {
      CountSettings settings;
      settings.samples = 4096;
      settings.most_visits = most_visits;
      settings.jobs = 1;
      const Breadth alone = measure_breadth(problem, settings);
      settings.jobs = 2;
      const Breadth together = measure_breadth(problem, settings);
      expect_same(alone, together, seed);
      estimates += alone.kind == Breadth::Kind::estimate ? 1 : 0;
    }
  }
  EXPECT_GT(estimates, 0);
}

TEST(CountMethodsThreads, DoNotChangeTheResult) {
  for (int seed = 1; seed <= random_cases(20); ++seed) {
    const Sums sums =
        random_sums(static_cast<std::uint64_t>(seed),
                    {.most_columns = 8, .most_settlements = 9, .most_rows = 3, .most_term = 40});
    const NeedsCounter needs(sums);
    ASSERT_TRUE(std::isfinite(needs.cost()));
    if (needs.bytes() > 1e8) continue;
    EXPECT_EQ(needs.count(1, no_progress()), needs.count(3, no_progress()));
    if (needs.marginals_cost() < 1e8) {
      EXPECT_EQ(needs.marginals(1, no_progress()), needs.marginals(3, no_progress()));
    }
    const PairsCounter pairs(sums);
    if (pairs.cost() < 1e8) {
      EXPECT_EQ(pairs.count(1, no_progress()), pairs.count(2, no_progress()));
    }
  }
}

TEST(MovesThreads, DoNotChangeTheResult) {
  for (int k = 0; k < random_cases(100); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 1'100'001;
    Shape shape;
    shape.most_packages = 200;
    shape.drafts = false;
    const Scenario scenario = random_scenario(seed, shape);
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Problem problem = make_problem(scenario);
    const Moves one = find_moves(scenario, problem, {.jobs = 1});
    const Moves two = find_moves(scenario, problem, {.jobs = 2});
    ASSERT_EQ(one.moves.size(), two.moves.size());
    for (std::size_t m = 0; m < one.moves.size(); ++m) {
      ASSERT_EQ(one.moves[m].open, two.moves[m].open);
      ASSERT_EQ(one.moves[m].proof, two.moves[m].proof);
    }
    ASSERT_EQ(one.redundant, two.redundant);
    ASSERT_EQ(one.pairs.size(), two.pairs.size());
    for (std::size_t p = 0; p < one.pairs.size(); ++p)
      ASSERT_EQ(one.pairs[p].share, two.pairs[p].share);
  }
}

}  // namespace
}  // namespace zopa
