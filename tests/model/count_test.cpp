// SPDX-License-Identifier: MIT
#include "model/engine/count.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <random>

#include "model/engine/bits.hpp"
#include "model/engine/counter.hpp"
#include "model/engine/sampling.hpp"
#include "model/engine/selection.hpp"
#include "tests/model/random_problem.hpp"

namespace zopa {
namespace {

using test::count_plainly;
using test::PlainCount;
using test::ProblemShape;
using test::random_cases;
using test::random_problem;

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

// ----------------------------------------------------------------------------------------------
// by hand

// An issue of K settlements at the places 0, 1, … K − 1.
ProblemIssue issue_of(int settlements) {
  ProblemIssue issue;
  for (int k = 0; k < settlements; ++k) issue.pieces.push_back({k, k});
  issue.scale = std::max(1, settlements - 1);
  return issue;
}

Problem with_issues(const std::vector<int>& settlements) {
  Problem problem;
  for (const int k : settlements) problem.issues.push_back(issue_of(k));
  return problem;
}

// Worth k at settlement k of each issue, one row an issue; the leaf wants at least `reservation`.
Leaf wanting(const Problem& problem, const std::vector<std::vector<int>>& worths,
             Int128 reservation) {
  Leaf leaf;
  leaf.party = problem.n();
  leaf.in_scope.assign(problem.issues.size(), 1);
  leaf.has_utility = true;
  for (std::size_t j = 0; j < problem.issues.size(); ++j) {
    auto& row = leaf.worth.emplace_back();
    int most = 0;
    for (std::size_t k = 0; k < problem.issues[j].pieces.size(); ++k) {
      const int worth = worths[j].empty() ? 0 : worths[j][k];
      row.push_back({worth, worth});
      most = std::max(most, worth);
    }
    leaf.best += most;
  }
  leaf.unit = make_integer(leaf.best);
  leaf.reservation = reservation;
  return leaf;
}

Tree leaf_of(int leaf) {
  Tree tree;
  tree.kind = Consent::Kind::leaf;
  tree.leaf = leaf;
  return tree;
}

Tree node_of(Consent::Kind kind, const std::vector<Tree>& members) {
  Tree tree;
  tree.kind = kind;
  tree.members = members;
  return tree;
}

// Three issues of two settlements; leaf i accepts the four packages with settlement 1 of issue i.
Problem three_voters() {
  Problem problem = with_issues({2, 2, 2});
  problem.leaves.push_back(wanting(problem, {{0, 1}, {}, {}}, 1));
  problem.leaves.push_back(wanting(problem, {{}, {0, 1}, {}}, 1));
  problem.leaves.push_back(wanting(problem, {{}, {}, {0, 1}}, 1));
  problem.parties = 3;
  return problem;
}

int acceptable(const Problem& problem) {
  const Breadth breadth = count_breadth(problem, {});
  EXPECT_EQ(breadth.kind, Breadth::Kind::exact);
  return breadth.acceptable->convert_to<int>();
}

TEST(Count, AsksAnyAtLeastAndAll) {
  Problem problem = three_voters();
  const std::vector<Tree> all = {leaf_of(0), leaf_of(1), leaf_of(2)};
  problem.tree = node_of(Consent::Kind::all, all);
  EXPECT_EQ(acceptable(problem), 1);
  problem.tree = node_of(Consent::Kind::any, all);
  EXPECT_EQ(acceptable(problem), 7);
  problem.tree = node_of(Consent::Kind::at_least, all);
  problem.tree.count = 2;
  EXPECT_EQ(acceptable(problem), 4);  // three pairs and all three
}

TEST(Count, WeighsAQuotaInFractions) {
  Problem problem = three_voters();
  problem.tree = node_of(Consent::Kind::quota, {leaf_of(0), leaf_of(1), leaf_of(2)});
  problem.tree.weights = {Rational(1, 2), Rational(1, 3), Rational(1, 6)};
  problem.tree.need = Rational(1, 2);
  EXPECT_EQ(acceptable(problem), 5);  // four with the first; the other two just reach it
  problem.tree.need = Rational(500001, 1000000);
  EXPECT_EQ(acceptable(problem), 3);  // the first with at least one other
  problem.tree.need = 2;              // beyond all weights together
  EXPECT_EQ(acceptable(problem), 0);
}

TEST(Count, LeavesOutWhoIsNotAsked) {
  Problem problem = three_voters();
  problem.tree = node_of(Consent::Kind::all, {leaf_of(0), leaf_of(1)});
  problem.leaves[1].when = {PieceSet{2, {0, 1}}};  // only where issue 2 is settled at 1
  EXPECT_EQ(acceptable(problem), 3);               // 1,*,0 and 1,1,1
  problem.tree.kind = Consent::Kind::any;
  EXPECT_EQ(acceptable(problem), 5);  // *,1,1 and 1,*,*, which share 1,1,1
  problem.tree.kind = Consent::Kind::at_least;
  problem.tree.count = 2;
  EXPECT_EQ(acceptable(problem), 1);  // both are asked and accept: 1,1,1
  problem.leaves[0].when = {PieceSet{2, {0, 1}}};
  problem.tree = node_of(Consent::Kind::any, {leaf_of(0), leaf_of(1)});
  EXPECT_EQ(acceptable(problem), 7);  // nobody is asked in four packages, 0,0,1 is refused
}

TEST(Count, TakesTheWholeSpaceWhenNobodyIsAsked) {
  Problem problem = three_voters();
  problem.tree = Tree{};
  EXPECT_EQ(acceptable(problem), 8);
  for (Leaf& leaf : problem.leaves) leaf.when = {PieceSet{0, {0, 0}}};  // never
  problem.tree = node_of(Consent::Kind::quota, {leaf_of(0), leaf_of(1)});
  problem.tree.weights = {1, 1};
  problem.tree.need = 3;
  EXPECT_EQ(acceptable(problem), 8);
}

// 39 issues of 10 settlements. One leaf each takes 5 … 9 of the first 38, and one takes all of the
// last but 0.
TEST(Count, CountsTenToTheThirtyNinthInParts) {
  const int m = 39;
  Problem problem = with_issues(std::vector<int>(m, 10));
  std::vector<Tree> members;
  std::vector<std::vector<int>> worths(m);
  for (int j = 0; j < m; ++j) {
    worths.assign(m, {});
    worths[static_cast<std::size_t>(j)] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    problem.leaves.push_back(wanting(problem, worths, j < m - 1 ? 5 : 1));
    members.push_back(leaf_of(j));
  }
  problem.tree = node_of(Consent::Kind::all, members);
  const Breadth breadth = count_breadth(problem, {});
  Integer packages = 1, acceptable = 9;
  for (int j = 0; j < m; ++j) packages *= 10;
  for (int j = 0; j < m - 1; ++j) acceptable *= 5;
  EXPECT_EQ(breadth.kind, Breadth::Kind::exact);
  EXPECT_EQ(*breadth.packages, packages);
  EXPECT_EQ(*breadth.acceptable, acceptable);
}

// One leaf weighs 40 issues; the first, of two settlements, outweighs all others together.
TEST(Count, CountsTenToTheThirtyNinthByBounds) {
  std::vector<int> settlements(40, 10);
  settlements[0] = 2;
  Problem problem = with_issues(settlements);
  std::vector<std::vector<int>> worths(40, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  worths[0] = {0, 1000};
  problem.leaves.push_back(wanting(problem, worths, 1001));
  problem.tree = node_of(Consent::Kind::all, {leaf_of(0)});
  Integer others = 1;
  for (int j = 1; j < 40; ++j) others *= 10;
  const Breadth breadth = count_breadth(problem, {});
  EXPECT_EQ(*breadth.packages, 2 * others);
  EXPECT_EQ(*breadth.acceptable, others - 1);  // all others at 0 bring too little
}

// More than 10^9 packages that no bound decides: four issues of 200 settlements tied by one sum.
// The number of (k_1, …, k_4) on 0 … 199 with sum ≥ 398 = 4·199/2 is (200^4 + c) / 2, where c, the
// number with sum 398, is by inclusion and exclusion C(401, 3) − 4·C(201, 3).
TEST(Count, IsExactBeyondTenToTheNinth) {
  Problem problem = with_issues({200, 200, 200, 200});
  std::vector<int> rising(200);
  for (int k = 0; k < 200; ++k) rising[static_cast<std::size_t>(k)] = k;
  problem.leaves.push_back(wanting(problem, {rising, rising, rising, rising}, 398));
  problem.tree = node_of(Consent::Kind::all, {leaf_of(0)});
  const auto choose3 = [](std::int64_t n) { return n * (n - 1) * (n - 2) / 6; };
  const std::int64_t middle = choose3(401) - 4 * choose3(201);
  const Breadth breadth = count_breadth(problem, {});
  ASSERT_EQ(breadth.kind, Breadth::Kind::exact);
  EXPECT_EQ(*breadth.acceptable, (Integer(200) * 200 * 200 * 200 + middle) / 2);
}

// Rows of rules beyond 128 bits: x + 10^-45·y ≥ 1 on two issues of 0, 1.
TEST(Count, KeepsRulesOfHugeNumbersExact) {
  Problem problem = with_issues({2, 2});
  Integer huge = 1;
  for (int k = 0; k < 45; ++k) huge *= 10;
  problem.linear_rules.push_back({{{0, Rational(1)}, {1, Rational(1, huge)}}, 1, 0});
  EXPECT_EQ(acceptable(problem), 2);  // x = 1
  problem.linear_rules[0].bound = Rational(1, huge * 10);
  EXPECT_EQ(acceptable(problem), 3);  // all but 0, 0
  problem.linear_rules[0].bound = Rational(huge + 1, huge);
  EXPECT_EQ(acceptable(problem), 1);
}

// ----------------------------------------------------------------------------------------------
// estimates

double exact_share(const Problem& problem) {
  const PlainCount plain = count_plainly(problem);
  return static_cast<double>(plain.acceptable) / static_cast<double>(plain.packages);
}

// No visits allowed: everything beyond the root is sampled, one issue at a time.
CountSettings only_sampling(std::uint64_t seed) {
  CountSettings settings;
  settings.most_visits = 0;
  settings.block = 1;
  settings.seed = seed;
  settings.samples = 4000;
  return settings;
}

// The interval is meant to hold the share in 95 of 100 seeds. Of 200 seeds fewer than 180 would
// happen once in a thousand problems.
void expect_coverage(int cases) {
  int problems = 0;
  for (std::uint64_t number = 1; problems < random_cases(cases); ++number) {
    const Problem problem =
        random_problem(number, {.most_issues = 6, .most_leaves = 4, .pure_all = number % 2 == 0});
    const PlainCount plain = count_plainly(problem);
    if (plain.packages < 100 || plain.acceptable == 0 || plain.acceptable == plain.packages)
      continue;
    if (count_breadth(problem, only_sampling(1)).kind != Breadth::Kind::estimate) continue;
    ++problems;
    const double share = exact_share(problem);
    int covered = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      const Breadth breadth = count_breadth(problem, only_sampling(seed));
      ASSERT_EQ(breadth.kind, Breadth::Kind::estimate);
      ASSERT_LE(breadth.low, *breadth.share);
      ASSERT_GE(breadth.high, *breadth.share);
      covered += breadth.low <= share && share <= breadth.high ? 1 : 0;
    }
    EXPECT_GE(covered, 180) << "problem " << number << ", share " << share;
  }
}

TEST(CountEstimate, CoversTheShare) { expect_coverage(20); }

TEST(CountEstimateHeavy, CoversTheShareOfManyProblems) { expect_coverage(400); }

// 30 issues of 10 settlements; a leaf wants a sum of at least 240 of 270. The exact share comes
// from folding the issues' sums.
TEST(CountEstimate, FindsRareZonesAmongTenToTheThirtieth) {
  constexpr int m = 30, need = 240;
  std::vector<double> ways(9 * m + 1, 0.0);
  ways[0] = 1;
  for (int j = 0; j < m; ++j) {
    std::vector<double> next(ways.size(), 0.0);
    for (std::size_t sum = 0; sum < ways.size(); ++sum)
      for (std::size_t k = 0; k < 10 && sum + k < ways.size(); ++k) next[sum + k] += ways[sum] / 10;
    ways = next;
  }
  double share = 0;
  for (std::size_t sum = need; sum < ways.size(); ++sum) share += ways[sum];
  ASSERT_LT(share, 1e-10);
  Problem problem = with_issues(std::vector<int>(m, 10));
  const std::vector<int> rising = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  problem.leaves.push_back(wanting(problem, std::vector<std::vector<int>>(m, rising), need));
  problem.tree = node_of(Consent::Kind::all, {leaf_of(0)});
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CountSettings settings;
    settings.seed = seed;
    settings.most_visits = 10'000;
    settings.samples = 20'000;
    settings.most_bytes = 0;
    const Breadth breadth = count_breadth(problem, settings);
    ASSERT_EQ(breadth.kind, Breadth::Kind::estimate);
    EXPECT_NEAR(*breadth.share / share, 1, 0.1);
    covered += breadth.low <= share && share <= breadth.high ? 1 : 0;
  }
  EXPECT_GE(covered, 7);
}

TEST(CountEstimate, HasAnUpperBoundWithoutAHit) {
  Moments none;
  for (int sample = 0; sample < 1000; ++sample) none.add(0);
  const MeanInterval interval = mean_interval(none);
  EXPECT_EQ(interval.low, 0);
  EXPECT_NEAR(interval.high, 3.0 / 1000, 1e-4);  // the rule of three
}

// A stop asked for at the first look leads to an estimate from few samples, whatever is going on,
// here with issues of 4,096 settlements and 12 leaves.
TEST(CountEstimate, FollowsAStop) {
  Problem problem = with_issues({4096, 4096, 4096, 4096, 4096});
  std::vector<Tree> members;
  std::mt19937_64 engine(1);
  for (int i = 0; i < 12; ++i) {
    std::vector<std::vector<int>> worths(5, std::vector<int>(4096));
    for (auto& row : worths)
      for (int& worth : row) worth = static_cast<int>(engine() % 1000);
    problem.leaves.push_back(wanting(problem, worths, 2400));
    members.push_back(leaf_of(i));
  }
  problem.tree = node_of(Consent::Kind::at_least, members);
  problem.tree.count = 7;
  std::atomic<int> looks{0};
  CountSettings settings;
  settings.progress = [&](double) {
    ++looks;
    return false;
  };
  const Breadth breadth = count_breadth(problem, settings);
  EXPECT_EQ(breadth.kind, Breadth::Kind::estimate);
  EXPECT_LE(breadth.low, *breadth.share);
  EXPECT_GE(breadth.high, *breadth.share);
  EXPECT_LT(looks, 2000);
}

TEST(CountEstimate, IsZeroForAnEmptyZoneInALargeSpace) {
  // Sums of 30 issues tie the space beyond counting; nobody can have more than all of the first.
  Problem problem = with_issues(std::vector<int>(30, 10));
  LinearRule rule;
  for (int j = 0; j < 30; ++j) rule.sum.emplace_back(j, Rational(1));
  rule.bound = 135;
  problem.linear_rules.push_back(rule);
  std::vector<std::vector<int>> worths(30);
  worths[0] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  problem.leaves.push_back(wanting(problem, worths, 10));
  problem.tree = node_of(Consent::Kind::all, {leaf_of(0)});
  CountSettings settings;
  settings.most_visits = 1000;
  settings.samples = 5000;
  settings.most_bytes = 0;
  const Breadth breadth = count_breadth(problem, settings);
  EXPECT_EQ(breadth.kind, Breadth::Kind::exact);
  EXPECT_EQ(*breadth.exact_share, 0);
  EXPECT_FALSE(breadth.packages_exact);
  EXPECT_FALSE(breadth.packages);
}

// ----------------------------------------------------------------------------------------------
// kernels and threads

// Whatever clone of the kernel the processor takes: the same bits as one by one.
TEST(Bits, CountsWhatAllRowsOfAGroupShare) {
  std::mt19937_64 engine(7);
  for (int words = 1; words <= kMostWords; words += 9) {
    std::vector<std::vector<std::uint64_t>> rows(12);
    for (auto& row : rows)
      for (int w = 0; w < words; ++w) row.push_back(engine() | engine());
    std::vector<const std::uint64_t*> pointers;
    std::vector<int> sizes;
    std::uint64_t plain = 0;
    for (int size = 1; size <= 12; ++size) {
      sizes.push_back(size);
      const std::size_t first = pointers.size();
      for (int r = 0; r < size; ++r) pointers.push_back(rows[engine() % rows.size()].data());
      for (int bit = 0; bit < 64 * words; ++bit) {
        bool all = true;
        for (std::size_t r = first; r < pointers.size(); ++r)
          all &= ((pointers[r][bit / 64] >> (bit % 64)) & 1) != 0;
        plain += all ? 1 : 0;
      }
    }
    EXPECT_EQ(count_shared_bits(pointers.data(), sizes.data(), 12, words), plain);
  }
}

}  // namespace
}  // namespace zopa
