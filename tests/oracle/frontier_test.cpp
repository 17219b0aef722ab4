// SPDX-License-Identifier: MIT
//
// Frontiers against the definition: every package listed, every pair of utility vectors compared,
// in exact fractions.

#include "model/answers/frontier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "model/answers/rules.hpp"
#include "model/engine/archive.hpp"
#include "model/engine/fold.hpp"
#include "model/engine/list.hpp"
#include "model/engine/prepare.hpp"
#include "model/tools/at.hpp"
#include "model/tools/linear_program.hpp"
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

TEST(Frontier, IsThatOfTheDefinition) { compare(1, 700, {}); }

TEST(Frontier, IsThatOfTheDefinitionUnderUnanimity) { compare(20001, 600, {.trees = false}); }

TEST(Frontier, IsThatOfTheDefinitionOnManySmallIssues) {
  compare(30001, 120,
          {.least_issues = 4, .most_issues = 7, .most_settlements = 3, .most_packages = 700});
}

TEST(Frontier, IsThatOfTheDefinitionForManyLeaves) {
  compare(40001, 300, {.least_parties = 4, .most_parties = 6, .most_leaves = 9});
}

// ---- the parts of the fold -------------------------------------------------------------------

template <class A>
void compare_archive(std::uint64_t seed, int columns, bool standing, int points, int levels) {
  std::mt19937_64 engine(seed);
  const auto draw = [&](int below) { return static_cast<int>(engine() % std::uint64_t(below)); };
  Archive<A> archive(columns, standing);
  std::vector<std::vector<A>> all;
  std::vector<Standing> standings;
  for (int p = 0; p < points; ++p) {
    std::vector<A> point;
    // Points about a plane, so that many are not reached.
    int left = levels * columns / 2;
    for (int c = 0; c + 1 < columns; ++c) {
      const int value = std::min(draw(levels), left);
      left -= value;
      point.push_back(A(value));
    }
    point.push_back(A(std::max(0, left - draw(levels / 4 + 1))));
    const Standing mine{engine() % 4, engine() % 4};
    bool reached = false;
    for (std::size_t q = 0; q < all.size() && !reached; ++q) {
      reached = !standing || ((mine.a & ~standings[q].a) == 0 && (mine.b & ~standings[q].b) == 0);
      for (int c = 0; c < columns && reached; ++c) reached = all[q][at(c)] >= point[at(c)];
    }
    ASSERT_EQ(archive.reaches(point.data(), mine), reached) << "point " << p;
    if (reached && draw(4) != 0) continue;
    archive.insert(point.data(), mine);
    all.push_back(point);
    standings.push_back(mine);
  }
}

TEST(Archive, ReachesWhatALoopReaches) {
  for (int c = 0; c < random_cases(20); ++c) {
    const auto seed = static_cast<std::uint64_t>(c);
    compare_archive<std::int32_t>(seed, 2 + c % 5, c % 2 == 0, 3000, 50);
    compare_archive<std::int64_t>(seed, 1 + c % 4, c % 3 == 0, 2000, 200);
    compare_archive<Int128>(seed, 2 + c % 3, c % 2 == 1, 1000, 100);
  }
}

void scale(Problem& problem, int bits) {
  for (Leaf& leaf : problem.leaves) {
    for (auto& line : leaf.worth) {
      for (PieceWorth& worth : line) {
        worth.at_from <<= bits;
        worth.at_to <<= bits;
      }
    }
    leaf.reservation <<= bits;
    leaf.best <<= bits;
    leaf.unit <<= bits;
  }
}

TEST(Frontier, IsTheSameInWiderNumbers) {
  int wide = 0;
  for (int c = 0; c < random_cases(300); ++c) {
    const std::uint64_t seed = 50001 + static_cast<std::uint64_t>(c);
    const Scenario scenario = oracle::random_scenario(seed, {});
    const Problem problem = make_problem(scenario);
    const Fold fold = fold_frontier(problem, {});
    for (const int bits : {20, 32, 64}) {
      Problem scaled = problem;
      scale(scaled, bits);
      const Fold same = fold_frontier(scaled, {});
      ASSERT_EQ(same.end, Fold::End::complete) << same.reason;
      ASSERT_EQ(same.packages, fold.packages) << "seed " << seed << ", 2^" << bits;
      ASSERT_EQ(same.first, fold.first);
      for (std::size_t u = 0; u < fold.utilities.size(); ++u)
        ASSERT_EQ(same.utilities[u], fold.utilities[u] << bits);
      wide += same.size() > 1 ? 1 : 0;
    }
  }
  EXPECT_GT(wide, 0);
}

// Whole parties under `all`, no rules and red lines.
Problem plain_problem(int leaves, const std::vector<std::vector<std::vector<int>>>& worth) {
  Problem problem;
  problem.parties = leaves;
  problem.tree.kind = Consent::Kind::all;
  for (const auto& issue : worth) {
    ProblemIssue& made = problem.issues.emplace_back();
    for (std::size_t k = 0; k < issue.size(); ++k) made.pieces.push_back({k, k});
  }
  for (int i = 0; i < leaves; ++i) {
    Leaf leaf;
    leaf.party = i;
    leaf.has_utility = true;
    leaf.in_scope.assign(worth.size(), 1);
    for (const auto& issue : worth) {
      auto& line = leaf.worth.emplace_back();
      int greatest = 0;
      for (const auto& settlement : issue) {
        line.push_back({settlement[at(i)], settlement[at(i)]});
        greatest = std::max(greatest, settlement[at(i)]);
      }
      leaf.best += greatest;
    }
    problem.leaves.push_back(std::move(leaf));
    problem.tree.members.push_back({Consent::Kind::leaf, i, {}, 0, {}, {}});
  }
  return problem;
}

// m issues that give a point to one of two leaves: k points go to the first in m over k ways, far
// beyond 128 bits.
TEST(Frontier, CountsPackagesBeyondAnyWord) {
  const int m = 200;
  const Problem problem =
      plain_problem(2, std::vector<std::vector<std::vector<int>>>(at(m), {{1, 0}, {0, 1}}));
  const Fold fold = fold_frontier(problem, {});
  ASSERT_EQ(fold.end, Fold::End::complete);
  ASSERT_EQ(fold.size(), at(m + 1));
  Integer ways = 1;
  for (int k = 0; k <= m; ++k) {  // the point at which the second leaf has k
    EXPECT_EQ(fold.utilities[2 * at(k)], m - k);
    EXPECT_EQ(fold.utilities[2 * at(k) + 1], k);
    EXPECT_EQ(fold.packages[at(k)], ways);
    // The first in file order gives the last issues away.
    const std::vector<int> settlements = fold.settlements(at(k));
    for (int j = 0; j < m; ++j) EXPECT_EQ(settlements[at(j)], j < m - k ? 0 : 1);
    ways = ways * (m - k) / (k + 1);
  }
}

// A frontier of thousands of points against a plain filter of all packages.
TEST(Frontier, IsThatOfAPlainFilterWhereItIsLarge) {
  for (int c = 0; c < random_cases(6); ++c) {
    std::mt19937_64 engine(7 + static_cast<std::uint64_t>(c));
    const int leaves = 3 + c % 3;
    std::vector<std::vector<std::vector<int>>> worth(5);
    for (auto& issue : worth) {
      issue.resize(6);
      for (auto& settlement : issue)
        for (int i = 0; i < leaves; ++i)
          settlement.push_back(static_cast<int>(engine() % (c % 2 == 0 ? 1000 : 6)));
    }
    const Problem problem = plain_problem(leaves, worth);
    std::map<std::vector<int>, int, std::greater<>> sums{{std::vector<int>(at(leaves), 0), 1}};
    for (const auto& issue : worth) {
      std::map<std::vector<int>, int, std::greater<>> next;
      for (const auto& [sum, count] : sums) {
        for (const auto& settlement : issue) {
          std::vector<int> more = sum;
          for (int i = 0; i < leaves; ++i) more[at(i)] += settlement[at(i)];
          next[more] += count;
        }
      }
      sums = std::move(next);
    }
    std::vector<std::pair<std::vector<int>, int>> best;  // whatever beats a sum stands before it
    for (const auto& [sum, count] : sums) {
      const bool beaten =
          std::any_of(best.begin(), best.end(), [&, &mine = sum](const auto& other) {
            for (std::size_t i = 0; i < mine.size(); ++i)
              if (other.first[i] < mine[i]) return false;
            return true;
          });
      if (!beaten) best.emplace_back(sum, count);
    }
    const Fold fold = fold_frontier(problem, {});
    ASSERT_EQ(fold.size(), best.size());
    for (std::size_t p = 0; p < best.size(); ++p) {
      EXPECT_EQ(fold.packages[p], best[p].second);
      for (std::size_t i = 0; i < at(leaves); ++i)
        EXPECT_EQ(fold.utilities[p * at(leaves) + i], best[p].first[i]);
    }
  }
}

TEST(Frontier, EndsWhereItsLimitsAre) {
  std::vector<std::vector<std::vector<int>>> worth;
  for (int j = 0; j < 12; ++j) worth.push_back({{1 << j, 0}, {0, 1 << j}});
  const Problem problem = plain_problem(2, worth);  // all 4096 packages
  EXPECT_EQ(fold_frontier(problem, {}).size(), 4096U);
  EXPECT_EQ(fold_frontier(problem, {.most_points = 4096}).end, Fold::End::complete);
  EXPECT_EQ(fold_frontier(problem, {.most_points = 4095}).end, Fold::End::too_many);
  EXPECT_EQ(fold_frontier(problem, {.most_bytes = 100'000}).end, Fold::End::too_many);
  int asked = 0;
  const Fold stopped = fold_frontier(problem, {.progress = [&](double) { return ++asked < 9; }});
  EXPECT_EQ(stopped.end, Fold::End::stopped);
  EXPECT_EQ(asked, 9);
}

// ---- certified points ------------------------------------------------------------------------

// The gap of the doc comment, by its definition.
Rational gap_of(const Problem& problem, const Frontier& frontier, const BruteForce& brute,
                bool all) {
  std::optional<Rational> gap;
  for (std::size_t p = 0; p < brute.packages().size(); ++p) {
    const oracle::Value value = brute.tree_value(p, oracle::Kind::hard);
    if (!all && (!value || *value < 0)) continue;
    std::optional<Rational> least;
    for (const FrontierPoint& point : frontier.found) {
      std::optional<Rational> most;
      for (std::size_t i = 0; i < frontier.leaves.size(); ++i) {
        const Leaf& leaf = problem.leaves[at(frontier.leaves[i])];
        Rational more = *brute.view(p, at(frontier.leaves[i])).utility - point.utility[i];
        if (leaf.best > leaf.reservation)
          more *= Rational(leaf.unit) / make_rational(leaf.best - leaf.reservation);
        if (!most || *most < more) most = more;
      }
      if (!least || *most < *least) least = most;
    }
    if (!gap || *gap < *least) gap = least;
  }
  return *gap;
}

TEST(CertifiedPoints, AreOnTheFrontierAndTheirGapIsThatOfTheDefinition) {
  int partial = 0;
  for (int c = 0; c < random_cases(250); ++c) {
    const std::uint64_t seed = 60001 + static_cast<std::uint64_t>(c);
    const Scenario scenario = oracle::random_scenario(
        seed, {.least_issues = 2, .most_packages = 120, .least_parties = 2});
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    const BruteForce brute(scenario);
    const Problem problem = make_problem(scenario);
    for (const bool all : {false, true}) {
      const auto expected = frontier_of(brute, all);
      for (const std::size_t points : {0, 2, 1000}) {
        FrontierSettings settings;
        settings.all = all;
        settings.most_points = 0;  // no room to fold
        settings.certified_points = points;
        const Frontier frontier = find_frontier(scenario, problem, settings);
        if (frontier.leaves.empty()) continue;
        ASSERT_EQ(frontier.empty, expected.empty());
        if (expected.empty()) continue;
        for (const FrontierPoint& point : frontier.found) {
          const auto on = expected.find(point.utility);
          ASSERT_NE(on, expected.end()) << "not on the frontier";
          EXPECT_TRUE(brute.find(point.package.places).has_value());
        }
        ASSERT_TRUE(frontier.gap.has_value());
        EXPECT_EQ(*frontier.gap, std::max(Rational(0), gap_of(problem, frontier, brute, all)));
        EXPECT_EQ(frontier.complete, frontier.size() == expected.size());
        EXPECT_TRUE(frontier.complete || points < 1000);
        partial += frontier.complete ? 0 : 1;
      }
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(partial, random_cases(250) / 25);
}

TEST(CertifiedPoints, OfAStoppedSearchAreOnTheFrontierAndTheirGapHolds) {
  int stopped = 0;
  for (int c = 0; c < random_cases(150); ++c) {
    const std::uint64_t seed = 65001 + static_cast<std::uint64_t>(c);
    const Scenario scenario = oracle::random_scenario(
        seed, {.least_issues = 2, .most_packages = 120, .least_parties = 2});
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    const BruteForce brute(scenario);
    const Problem problem = make_problem(scenario);
    const auto expected = frontier_of(brute, false);
    for (int steps = 1; steps < 400; steps *= 3) {
      int asked = 0;
      FrontierSettings settings;
      settings.most_points = 0;
      settings.progress = [&](double) { return ++asked < steps; };
      const Frontier frontier = find_frontier(scenario, problem, settings);
      EXPECT_TRUE(!frontier.empty || expected.empty());
      if (frontier.found.empty()) continue;
      for (const FrontierPoint& point : frontier.found)
        EXPECT_EQ(expected.count(point.utility), 1U);
      ASSERT_TRUE(frontier.gap.has_value());
      EXPECT_GE(*frontier.gap, gap_of(problem, frontier, brute, false));
      stopped += frontier.complete ? 0 : 1;
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(stopped, 0);
}

// ---- laws ------------------------------------------------------------------------------------

TEST(FrontierLaws, RulesPickPackagesOfTheFrontier) {
  int picked = 0;
  for (int c = 0; c < random_cases(400); ++c) {
    const std::uint64_t seed = 70001 + static_cast<std::uint64_t>(c);
    const Scenario scenario =
        oracle::random_scenario(seed, {.least_issues = 2, .least_parties = 2, .trees = false});
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    const Problem problem = make_problem(scenario);
    const Fold fold = fold_frontier(problem, {});
    ASSERT_EQ(fold.end, Fold::End::complete);
    if (fold.size() == 0) continue;
    Overlap overlap;
    overlap.depth.low = 0;
    SolveSettings settings;
    settings.rules = {"nash", "leximin", "utilitarian"};
    for (const Agreement& agreement : agreements(scenario, problem, overlap, settings)) {
      if (!agreement.exists || !agreement.degenerate.empty()) continue;
      ++picked;
      bool found = false;
      for (std::size_t p = 0; p < fold.size() && !found; ++p) {
        found = true;
        for (std::size_t i = 0; i < fold.leaves.size(); ++i) {
          const Leaf& leaf = problem.leaves[at(fold.leaves[i])];
          found &= value(utility_form(leaf), problem, *agreement.package) * leaf.unit ==
                   make_rational(fold.utilities[p * fold.leaves.size() + i]);
        }
      }
      EXPECT_TRUE(found) << agreement.rule;
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(picked, 0);
}

TEST(FrontierLaws, AnOptionWorseForAllChangesNothing) {
  for (int c = 0; c < random_cases(200); ++c) {
    std::mt19937_64 engine(80001 + static_cast<std::uint64_t>(c));
    const int leaves = 2 + c % 3;
    std::vector<std::vector<std::vector<int>>> worth(4);
    for (auto& issue : worth) {
      issue.resize(4);
      for (auto& settlement : issue)
        for (int i = 0; i < leaves; ++i)
          settlement.push_back(1 + static_cast<int>(engine() % (c % 2 == 0 ? 50 : 4)));
    }
    const Fold before = fold_frontier(plain_problem(leaves, worth), {});
    auto& issue = worth[engine() % worth.size()];
    std::vector<int> worse = issue[engine() % issue.size()];
    for (int& value : worse) --value;
    issue.push_back(worse);
    const Fold after = fold_frontier(plain_problem(leaves, worth), {});
    EXPECT_EQ(before.utilities, after.utilities);
    EXPECT_EQ(before.packages, after.packages);
  }
}

// ---- the hull --------------------------------------------------------------------------------

// The most that a mixture of the points gives beyond p, without giving anybody less.
Rational beyond(const std::vector<Vector>& points, std::size_t p) {
  LinearProgram program;
  const std::size_t n = points[p].size();
  program.objective.assign(points.size(), Rational(0));
  Rational own = 0;
  for (std::size_t i = 0; i < n; ++i) {
    LinearProgram::Row row;
    for (std::size_t q = 0; q < points.size(); ++q) {
      row.coefficients.push_back(-points[q][i]);
      program.objective[q] += points[q][i];
    }
    row.bound = -points[p][i];
    program.rows.push_back(row);
    own += points[p][i];
  }
  program.rows.push_back({Vector(points.size(), Rational(1)), 1});
  return solve(program, [] { return true; }).value - own;
}

TEST(Hull, HasThePointsThatNoMixtureBeats) {
  int off = 0;
  for (int c = 0; c < random_cases(60); ++c) {
    std::mt19937_64 engine(90001 + static_cast<std::uint64_t>(c));
    const int leaves = 2 + c % 2;
    std::vector<std::vector<std::vector<int>>> worth(2);
    for (auto& issue : worth) {
      issue.resize(7);
      for (auto& settlement : issue)
        for (int i = 0; i < leaves; ++i)
          settlement.push_back(static_cast<int>(engine() % (c % 4 < 2 ? 30 : 5)));
    }
    const Problem problem = plain_problem(leaves, worth);
    FrontierSettings settings;
    settings.hull = true;
    const Frontier frontier = find_frontier({}, problem, settings);
    ASSERT_EQ(frontier.on_hull.size(), frontier.size()) << frontier.hull_note;
    std::vector<Vector> points;
    for (std::size_t p = 0; p < frontier.size(); ++p)
      points.push_back(frontier.point(problem, p).utility);
    for (std::size_t p = 0; p < points.size(); ++p) {
      EXPECT_EQ(frontier.on_hull[p] != 0, beyond(points, p) == 0) << "case " << c;
      off += frontier.on_hull[p] != 0 ? 0 : 1;
    }
  }
  EXPECT_GT(off, 0);
}

}  // namespace
}  // namespace zopa
