// SPDX-License-Identifier: MIT
//
// The ways to count against each other and against enumeration.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <random>

#include "model/engine/count_needs.hpp"
#include "model/engine/count_pairs.hpp"
#include "model/engine/counter.hpp"
#include "model/engine/shifted_sums.hpp"
#include "model/engine/sums.hpp"
#include "tests/model/random_problem.hpp"
#include "tests/model/random_sums.hpp"

namespace zopa {
namespace {

using test::count_plainly;
using test::PlainCount;
using test::plainly_accepted;
using test::plainly_possible;
using test::ProblemShape;
using test::random_cases;
using test::random_problem;
using test::random_sums;

using Marginals = std::vector<std::vector<Integer>>;

// Every package of the columns, one by one.
struct Enumerated {
  Integer count = 0;
  Marginals marginals;
};

Enumerated enumerate(const Sums& sums) {
  Enumerated result;
  for (const Sums::Column& column : sums.columns)
    result.marginals.emplace_back(column.joint.size(), Integer(0));
  std::vector<std::size_t> package(sums.columns.size(), 0);
  while (true) {
    bool meets = true;
    for (std::size_t r = 0; r < sums.rows(); ++r) {
      Int128 sum = 0;
      for (std::size_t j = 0; j < package.size(); ++j) sum += sums.columns[j].term[r][package[j]];
      meets &= sum >= sums.need[r];
    }
    if (meets) {
      ++result.count;
      for (std::size_t j = 0; j < package.size(); ++j) ++result.marginals[j][package[j]];
    }
    std::size_t j = package.size();
    while (true) {
      if (j-- == 0) return result;
      if (++package[j] < sums.columns[j].joint.size()) break;
      package[j] = 0;
    }
  }
}

void expect_all_agree(const Sums& sums, std::uint64_t seed) {
  const Enumerated plain = enumerate(sums);
  const NeedsCounter needs(sums);
  if (std::isfinite(needs.cost()) && needs.bytes() < 1e8) {
    ASSERT_EQ(needs.count(1, no_progress()), plain.count) << "seed " << seed;
    if (needs.marginals_bytes() < 1e8) {
      ASSERT_EQ(needs.marginals(1, no_progress()), plain.marginals) << "seed " << seed;
    }
  } else {
    ASSERT_TRUE(
        std::any_of(sums.need.begin(), sums.need.end(), [](Int128 need) { return need > 1000; }))
        << "seed " << seed;
  }
  const PairsCounter pairs(sums);
  if (std::isfinite(pairs.cost())) {
    ASSERT_EQ(pairs.count(1, no_progress()), plain.count) << "seed " << seed;
  } else {
    ASSERT_GT(sums.rows(), 2u) << "seed " << seed;
  }
}

TEST(CountMethods, AgreeWithEnumerationOfSums) {
  for (int seed = 1; seed <= random_cases(4000); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    expect_all_agree(random_sums(s, {}), s);
    expect_all_agree(random_sums(s, {.most_rows = 2, .most_term = 2}), s);
    expect_all_agree(random_sums(s, {.most_columns = 3, .most_rows = 2, .most_term = 60}), s);
    if (HasFatalFailure()) return;
  }
}

// Sums of up to 120 bits: only pairs can count them.
TEST(CountMethods, AgreeOnWideSums) {
  for (int seed = 1; seed <= random_cases(1500); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    for (const int bits : {30, 55, 60, 65, 113})
      expect_all_agree(random_sums(s, {.most_columns = 4, .most_rows = 2, .bits = bits}), s);
    if (HasFatalFailure()) return;
  }
}

// ----------------------------------------------------------------------------------------------
// from problems

// The methods on the selection of a problem; how many of them had an answer.
int expect_count(const Selection& selection, std::uint64_t expected, std::uint64_t seed) {
  EXPECT_EQ(count_by_search(selection, {.block = 16}).exact, Integer(expected)) << "seed " << seed;
  const std::optional<Sums> sums = as_sums(selection);
  if (!sums) return 0;
  int answers = 0;
  const NeedsCounter needs(*sums);
  if (needs.bytes() < 1e8) {
    ++answers;
    EXPECT_EQ(*needs.count(1, no_progress()) * selection.factor, expected) << "seed " << seed;
  }
  const PairsCounter pairs(*sums);
  if (std::isfinite(pairs.cost())) {
    ++answers;
    EXPECT_EQ(*pairs.count(1, no_progress()) * selection.factor, expected) << "seed " << seed;
  }
  return answers;
}

class MethodsOnProblems : public testing::TestWithParam<ProblemShape> {};

TEST_P(MethodsOnProblems, Agree) {
  int answers = 0;
  const int cases = random_cases(1200);
  for (int seed = 1; seed <= cases; ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    const Problem problem = random_problem(s, GetParam());
    const PlainCount plain = count_plainly(problem);
    answers += expect_count(agreement_space(problem), plain.packages, s);
    answers += expect_count(zone(problem), plain.acceptable, s);
    if (HasFailure()) return;
  }
  EXPECT_GT(answers, cases);
}

INSTANTIATE_TEST_SUITE_P(
    Random, MethodsOnProblems,
    testing::Values(ProblemShape{.pure_all = true, .rules = false, .demands = false},
                    ProblemShape{.pure_all = true},
                    ProblemShape{.most_leaves = 2, .worth_steps = 2},
                    ProblemShape{.most_issues = 8,
                                 .most_settlements = 3,
                                 .most_leaves = 3,
                                 .pure_all = true,
                                 .worth_steps = 3},
                    ProblemShape{
                        .most_issues = 4, .most_leaves = 2, .pure_all = true, .huge_units = true}));

// ----------------------------------------------------------------------------------------------
// by hand

// Columns 0, 1, … top each, one row.
Sums ladder(int columns, int top, Int128 need) {
  Sums sums;
  sums.need = {need};
  for (int j = 0; j < columns; ++j) {
    Sums::Column& column = sums.columns.emplace_back();
    column.issues = {j};
    column.term.resize(1);
    for (int k = 0; k <= top; ++k) {
      column.joint.push_back({k});
      column.term[0].push_back(k);
    }
  }
  return sums;
}

// (x_1, …, x_50) on 0 … 9 with sum ≥ 225 = 50·4.5: by symmetry half of 10^50 and half of those with
// sum 225 exactly, which inclusion and exclusion counts: Σ_i (−1)^i C(50, i) C(225 − 10i + 49, 49).
TEST(CountNeeds, PrintsTenToTheFiftiethRight) {
  const auto choose = [](int n, int k) {
    Integer value = 1;
    for (int i = 1; i <= k; ++i) value = value * (n - k + i) / i;
    return value;
  };
  Integer middle = 0;
  for (int i = 0; 10 * i <= 225; ++i)
    middle += (i % 2 == 0 ? 1 : -1) * choose(50, i) * choose(225 - 10 * i + 49, 49);
  Integer all = 1;
  for (int j = 0; j < 50; ++j) all *= 10;
  const Sums sums = ladder(50, 9, 225);
  const NeedsCounter needs(sums);
  const Integer half = (all + middle) / 2;
  EXPECT_EQ(needs.count(1, no_progress()), half);
  const auto marginals = needs.marginals(1, no_progress());
  ASSERT_TRUE(marginals);
  for (const std::vector<Integer>& column : *marginals) {
    Integer sum = 0;
    for (const Integer& each : column) sum += each;
    EXPECT_EQ(sum, half);
    EXPECT_EQ(column, marginals->front());  // all issues are alike
    EXPECT_TRUE(std::is_sorted(column.begin(), column.end()));
  }
}

// 4,096 settlements that all bring enough fill the limbs as far as they go.
TEST(CountNeeds, CarriesWithTheMostSettlements) {
  Sums sums;
  sums.need = {1};
  Integer all = 1;
  for (int j = 0; j < 12; ++j) {
    Sums::Column& column = sums.columns.emplace_back();
    column.term.emplace_back(kMostSummands, 1);
    column.term[0][0] = 0;
    for (int k = 0; k < static_cast<int>(kMostSummands); ++k) column.joint.push_back({k});
    all *= kMostSummands;
  }
  const NeedsCounter needs(sums);
  EXPECT_EQ(needs.count(1, no_progress()), all - 1);
}

TEST(CountNeeds, IsOutOfTheQuestionForFineUnits) {
  EXPECT_FALSE(std::isfinite(NeedsCounter(ladder(3, 5, Int128{1} << 40)).cost()));
}

// The closed form of IsExactBeyondTenToTheNinth in count_test.cpp, with 10^12 packages.
TEST(CountPairs, CountsTenToTheTwelfth) {
  const Sums sums = ladder(4, 999, 1998);
  const auto choose3 = [](Integer n) { return Integer(n * (n - 1) * (n - 2) / 6); };
  const Integer middle = choose3(2001) - 4 * choose3(1001);
  const Integer expected = (Integer(1'000'000'000'000) + middle) / 2;
  EXPECT_EQ(PairsCounter(sums).count(1, no_progress()), expected);
  Sums twice = sums;  // the second row asks the same, backwards
  twice.need.push_back(1998);
  for (Sums::Column& column : twice.columns) {
    column.term.push_back(column.term[0]);
    std::reverse(column.term[1].begin(), column.term[1].end());
  }
  EXPECT_EQ(PairsCounter(twice).count(1, no_progress()), middle);
}

TEST(CountMethods, FollowAStop) {
  const Sums sums = ladder(4, 900, 1800);
  std::atomic<int> looks{0};
  const Progress stop = [&](double) { return ++looks < 3; };
  EXPECT_FALSE(PairsCounter(sums).count(1, stop));
  EXPECT_LT(looks, 10);
  looks = 0;
  EXPECT_FALSE(NeedsCounter(sums).count(1, stop));
  EXPECT_LT(looks, 10);
  looks = 0;
  EXPECT_FALSE(NeedsCounter(sums).marginals(1, stop));
  EXPECT_LT(looks, 10);
}

// Clauses join the columns of their issues, and only allowed joint settlements are left.
TEST(Sums, JoinsWhatClausesTie) {
  Selection selection;
  selection.issues = {0, 1, 2};
  selection.pieces = {{0, 1}, {0, 1, 2}, {0, 1}};
  selection.rows.push_back({});
  selection.rows[0].term = {{0, 6}, {0, 4, 30}, {0, 2}};
  selection.rows[0].rise.resize(3);
  selection.rows[0].need = 11;
  Selection::Tie tie;
  tie.when = {{0, {0, 1}}};
  tie.require = {{1, {0, 1, 1}}};
  selection.ties.push_back(tie);
  const std::optional<Sums> sums = as_sums(selection);
  ASSERT_TRUE(sums);
  ASSERT_EQ(sums->columns.size(), 2u);
  EXPECT_EQ(sums->columns[0].issues, (std::vector<int>{0, 1}));
  EXPECT_EQ(sums->columns[0].joint.size(), 5u);  // all but (1, 0)
  EXPECT_EQ(sums->need[0], 6);                   // 11 in steps of 2
  // 6+4+2, and all with the 30, which is cut down to the need.
  EXPECT_EQ(NeedsCounter(*sums).count(1, no_progress()), 1 + 4);
  EXPECT_FALSE(as_sums(selection, 5));
}

// ----------------------------------------------------------------------------------------------
// marginals

// Packages of the zone by issue and settlement, one by one.
Marginals marginals_plainly(const Problem& problem) {
  const std::size_t m = problem.issues.size();
  Marginals result;
  for (const ProblemIssue& issue : problem.issues)
    result.emplace_back(issue.pieces.size(), Integer(0));
  std::vector<int> piece(m, 0);
  std::vector<Rational> place(m);
  while (true) {
    for (std::size_t j = 0; j < m; ++j)
      place[j] = problem.issues[j].pieces[static_cast<std::size_t>(piece[j])].from;
    if (plainly_possible(problem, piece, place) && plainly_accepted(problem, piece, place)) {
      for (std::size_t j = 0; j < m; ++j) ++result[j][static_cast<std::size_t>(piece[j])];
    }
    std::size_t j = m;
    while (j-- > 0) {
      if (++piece[j] < static_cast<int>(problem.issues[j].pieces.size())) break;
      piece[j] = 0;
      if (j == 0) return result;
    }
  }
}

class MarginalsOnProblems : public testing::TestWithParam<ProblemShape> {};

TEST_P(MarginalsOnProblems, AgreeWithEnumeration) {
  int zones = 0;
  const int cases = random_cases(1000);
  for (int seed = 1; seed <= cases; ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    const Problem problem = random_problem(s, GetParam());
    const std::size_t block = std::array<std::size_t, 4>{1, 6, 70, 1024}[s % 4];
    const Breadth breadth = count_breadth(problem, {.block = block, .marginals = true});
    ASSERT_TRUE(breadth.acceptable);
    if (*breadth.acceptable == 0) {
      EXPECT_TRUE(breadth.marginals.empty()) << "seed " << seed;
      continue;
    }
    ++zones;
    const Marginals plain = marginals_plainly(problem);
    ASSERT_EQ(breadth.marginals.size(), plain.size()) << "seed " << seed;
    for (std::size_t j = 0; j < plain.size(); ++j) {
      ASSERT_EQ(breadth.marginals[j].size(), plain[j].size()) << "seed " << seed;
      for (std::size_t k = 0; k < plain[j].size(); ++k) {
        ASSERT_EQ(breadth.marginals[j][k].packages, plain[j][k]) << "seed " << seed;
        ASSERT_DOUBLE_EQ(breadth.marginals[j][k].share,
                         to_double(Rational(plain[j][k], *breadth.acceptable)));
      }
    }
  }
  EXPECT_GT(zones, cases / 10);
}

INSTANTIATE_TEST_SUITE_P(
    Random, MarginalsOnProblems,
    testing::Values(ProblemShape{.pure_all = true, .rules = false}, ProblemShape{.pure_all = true},
                    ProblemShape{}, ProblemShape{.most_issues = 7, .most_settlements = 3},
                    ProblemShape{.most_issues = 2, .most_settlements = 90, .most_leaves = 2},
                    ProblemShape{.most_issues = 4, .huge_units = true}));

// Sampled shares: the error of 20,000 draws, each of them within reach of all packages.
TEST(Marginals, FromSamplesAreClose) {
  int zones = 0;
  for (std::uint64_t seed = 1; zones < random_cases(30); ++seed) {
    const Problem problem =
        random_problem(seed, {.most_issues = 6, .most_leaves = 3, .pure_all = seed % 2 == 0});
    const Selection selection = zone(problem);
    if (selection.issues.empty()) continue;
    const Count count = count_by_search(selection, {});
    if (*count.exact < 100 || *count.exact * 50 < count_combinations(selection)) continue;
    ++zones;
    const auto exact = spread_by_search(selection, {}, 1'000'000);
    for (const std::size_t block : {std::size_t{1}, std::size_t{10}}) {
      const auto shares = estimate_spread(selection, {.block = block, .samples = 20'000});
      ASSERT_TRUE(exact && shares);
      for (std::size_t j = 0; j < shares->size(); ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < (*shares)[j].size(); ++k) {
          sum += (*shares)[j][k];
          const double plain = to_double(Rational((*exact)[j][k] * selection.factor, *count.exact));
          EXPECT_NEAR((*shares)[j][k], plain, 0.06) << "seed " << seed;
        }
        EXPECT_NEAR(sum, 1, 1e-9);
      }
    }
  }
}

// 10^30 packages: one leaf, 30 issues of ten points, of which a demand ties the first two: where
// the first is settled at 5 or more, the second must be too.
TEST(Marginals, AddUpForTenToTheThirtieth) {
  Problem problem;
  Leaf leaf;
  leaf.has_utility = true;
  for (int j = 0; j < 30; ++j) {
    ProblemIssue& issue = problem.issues.emplace_back();
    auto& row = leaf.worth.emplace_back();
    for (int k = 0; k < 10; ++k) {
      issue.pieces.push_back({k, k});
      row.push_back({k, k});
    }
  }
  leaf.in_scope.assign(30, 1);
  leaf.best = 270;
  leaf.unit = 270;
  leaf.reservation = 150;
  LeafDemand demand;
  demand.demand = {Demand::Kind::linked, 0, 0};
  const std::vector<char> high = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  demand.clause = Clause{{PieceSet{0, high}}, {PieceSet{1, high}}};
  leaf.demands.push_back(demand);
  problem.leaves.push_back(leaf);
  problem.parties = 1;
  problem.tree.kind = Consent::Kind::leaf;
  problem.tree.leaf = 0;
  const Breadth breadth = count_breadth(problem, {.marginals = true});
  ASSERT_EQ(breadth.kind, Breadth::Kind::exact);
  ASSERT_EQ(breadth.steps.back().method, CountMethod::needs);
  // Independently: fold the sums of 28 free issues, then the allowed pairs.
  std::vector<Integer> ways(9 * 28 + 1);
  ways[0] = 1;
  for (int j = 0; j < 28; ++j) {
    std::vector<Integer> next(ways.size());
    for (std::size_t sum = 0; sum < ways.size(); ++sum)
      for (std::size_t k = 0; k < 10 && sum + k < ways.size(); ++k) next[sum + k] += ways[sum];
    ways = next;
  }
  Marginals pair(2, std::vector<Integer>(10));
  Integer all = 0;
  for (std::size_t a = 0; a < 10; ++a) {
    for (std::size_t b = a < 5 ? 0 : 5; b < 10; ++b) {
      Integer rest = 0;
      for (std::size_t sum = 150 - a - b; sum < ways.size(); ++sum) rest += ways[sum];
      pair[0][a] += rest;
      pair[1][b] += rest;
      all += rest;
    }
  }
  EXPECT_EQ(*breadth.acceptable, all);
  ASSERT_EQ(breadth.marginals.size(), 30u);
  for (std::size_t j = 0; j < 30; ++j) {
    Integer sum = 0;
    for (std::size_t k = 0; k < 10; ++k) {
      sum += *breadth.marginals[j][k].packages;
      if (j < 2) {
        EXPECT_EQ(*breadth.marginals[j][k].packages, pair[j][k]);
      } else {
        EXPECT_EQ(breadth.marginals[j][k].packages, breadth.marginals[2][k].packages);
      }
    }
    EXPECT_EQ(sum, all);
  }
}

// ----------------------------------------------------------------------------------------------
// the plan

// Two leaves on twelve issues of ten settlements with worths of many digits.
TEST(CountPlan, TakesPairsForTwoFineRowsAndSearchForFew) {
  std::mt19937_64 engine(5);
  for (const int m : {5, 12}) {
    Problem problem;
    problem.parties = 2;
    for (int j = 0; j < m; ++j) {
      ProblemIssue& issue = problem.issues.emplace_back();
      for (int k = 0; k < 10; ++k) issue.pieces.push_back({k, k});
    }
    for (int i = 0; i < 2; ++i) {
      Leaf leaf;
      leaf.party = i;
      leaf.has_utility = true;
      leaf.in_scope.assign(problem.issues.size(), 1);
      for (int j = 0; j < m; ++j) {
        auto& row = leaf.worth.emplace_back();
        for (int k = 0; k < 10; ++k) {
          const auto worth = static_cast<Int128>(engine() % 1'000'000'007);
          row.push_back({worth, worth});
        }
        leaf.best += 1'000'000'007;
      }
      leaf.unit = make_integer(leaf.best);
      leaf.reservation = leaf.best / 2;
      problem.leaves.push_back(leaf);
      Tree node;
      node.kind = Consent::Kind::leaf;
      node.leaf = i;
      problem.tree.members.push_back(node);
    }
    const Breadth breadth = count_breadth(problem, {});
    EXPECT_EQ(breadth.kind, Breadth::Kind::exact);
    EXPECT_EQ(breadth.steps.back().method, m == 5 ? CountMethod::search : CountMethod::pairs);
    EXPECT_TRUE(breadth.steps.back().zone);
    if (m == 12) {
      const Breadth sampled = count_breadth(problem, {.most_visits = 0, .most_bytes = 0});
      EXPECT_EQ(sampled.kind, Breadth::Kind::estimate);
      EXPECT_EQ(sampled.steps.back().method, CountMethod::sampling);
      EXPECT_NEAR(*sampled.share / *breadth.share, 1, 0.05);
      // Where the depth has proven that the zone is empty nothing is estimated.
      const Breadth known =
          count_breadth(problem, {.most_visits = 0, .most_bytes = 0, .zone_is_empty = true});
      EXPECT_EQ(known.kind, Breadth::Kind::exact);
      EXPECT_EQ(*known.acceptable, 0);
      EXPECT_EQ(known.steps.back().method, CountMethod::depth);
    }
  }
}

}  // namespace
}  // namespace zopa
