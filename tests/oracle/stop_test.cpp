// SPDX-License-Identifier: MIT
//
// Whatever takes long asks often whether to go on. Every phase is given something that it could not
// finish in hours, and is told to stop at the first question, at the tenth, at the hundredth: a
// phase that does not ask never comes back. Once told, it asks little more. Questions are counted,
// not seconds.

#include <gtest/gtest.h>

#include <atomic>

#include "model/answers/frontier.hpp"
#include "model/answers/overlap.hpp"
#include "model/answers/proofs.hpp"
#include "model/answers/rules.hpp"
#include "model/answers/verification.hpp"
#include "model/engine/count.hpp"
#include "model/engine/facet_volume.hpp"
#include "model/engine/fold.hpp"
#include "model/engine/prepare.hpp"
#include "model/engine/remeasure.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

class Stop {
 public:
  explicit Stop(int question) : question_(question) {}
  Progress progress() {
    return [this](double) { return ++asked_ < question_; };
  }
  bool told() const { return asked_ >= question_; }
  int afterwards() const { return asked_ - question_; }

 private:
  int question_;
  std::atomic<int> asked_{0};
};

// `phase` is given a progress, and answers whether it is unfinished.
template <class Phase>
void expect_stopped(const Phase& phase, int most_afterwards,
                    const std::vector<int>& questions = {1, 10, 100}) {
  for (const int question : questions) {
    Stop stop(question);
    EXPECT_TRUE(phase(stop.progress())) << "question " << question;
    EXPECT_TRUE(stop.told()) << "question " << question;
    EXPECT_LE(stop.afterwards(), most_afterwards) << "question " << question;
  }
}

// 60 issues of up to 30 settlements, a dozen parties; or half as many, some of them continuous.
Scenario huge(std::uint64_t seed, bool trees = true) {
  return oracle::random_scenario(seed, {.least_issues = 60,
                                        .most_issues = 60,
                                        .most_settlements = 30,
                                        .most_packages = 1e80,
                                        .least_parties = 12,
                                        .most_parties = 12,
                                        .most_leaves = 20,
                                        .rules = trees,
                                        .trees = trees,
                                        .demands = trees,
                                        .limits = trees});
}

Scenario continuous() {
  return oracle::random_scenario(3, {.least_issues = 25,
                                     .most_issues = 25,
                                     .most_settlements = 4,
                                     .most_packages = 1e20,
                                     .least_parties = 8,
                                     .most_parties = 8,
                                     .most_leaves = 12,
                                     .continuous_issues = 15});
}

// `issues` issues of `settlements` settlements (or lines), with worths of `step` and more, on which
// all leaves have something to lose: no bound decides much.
Problem opposed(int issues, int settlements, int leaves, bool lines = false) {
  Problem problem;
  for (int j = 0; j < issues; ++j) {
    ProblemIssue issue;
    issue.continuous = lines;
    if (lines) issue.pieces = {{0, 1}};
    for (int k = 0; !lines && k < settlements; ++k) issue.pieces.push_back({k, k});
    problem.issues.push_back(std::move(issue));
  }
  problem.tree.kind = Consent::Kind::all;
  for (int i = 0; i < leaves; ++i) {
    Leaf leaf;
    leaf.has_utility = true;
    leaf.party = i;
    leaf.in_scope.assign(at(issues), 1);
    leaf.salience.assign(at(issues), Rational(1, issues));
    Int128 most = 0;
    for (int j = 0; j < issues; ++j) {
      auto& line = leaf.worth.emplace_back();
      const int weight = 1000003 * (i + 2) + 7919 * j * j + 104729 * i * j;
      const bool rises = (i + j) % 2 == 0;
      most += Int128{weight} * (settlements - 1);
      if (lines) {
        const Int128 end = Int128{weight} * (settlements - 1);
        line.push_back({rises ? 0 : end, rises ? end : 0});
        continue;
      }
      for (int k = 0; k < settlements; ++k)
        line.push_back({Int128{weight} * (rises ? k : settlements - 1 - k),
                        Int128{weight} * (rises ? k : settlements - 1 - k)});
    }
    leaf.reservation = most / 2;
    leaf.best = most;
    leaf.unit = make_integer(most);
    problem.leaves.push_back(std::move(leaf));
    Tree node;
    node.kind = Consent::Kind::leaf;
    node.leaf = i;
    problem.tree.members.push_back(node);
  }
  problem.parties = leaves;
  return problem;
}

TEST(Stop, IsHeardByTheSearch) {
  for (const Scenario& scenario : {huge(1), continuous()}) {
    const Problem problem = make_problem(scenario);
    expect_stopped(
        [&](const Progress& progress) {
          const DepthFinder finder(problem, progress);
          Depth depth = finder.find(DepthKind::hard, {});
          if (depth.proof == Proof::exact && !depth.exists) depth = finder.find(DepthKind::all, {});
          finder.deepen(depth, {});
          finder.prove(depth);
          return depth.certificate.nodes.empty();
        },
        20);
  }
}

TEST(Stop, IsHeardByEverythingThatAReportOpensWith) {
  for (const Scenario& scenario : {huge(2), continuous()}) {
    const Problem problem = make_problem(scenario);
    const int pieces = [&] {
      int sum = 0;
      for (const ProblemIssue& issue : problem.issues) sum += static_cast<int>(issue.pieces.size());
      return sum;
    }();
    expect_stopped(
        [&](const Progress& progress) {
          SolveSettings settings;
          settings.progress = progress;
          return !overlap(scenario, problem, settings).complete;
        },
        100 + problem.parties * problem.parties + 2 * pieces);
  }
}

TEST(Stop, IsHeardByTheRules) {
  Scenario scenario = huge(4, false);
  for (Party& party : scenario.parties) party.reservation = {};  // so that there is a zone
  const Problem problem = make_problem(scenario);
  Stop enough(300);
  SolveSettings settings;
  settings.progress = enough.progress();
  const Overlap around = overlap(scenario, problem, settings);
  expect_stopped(
      [&](const Progress& progress) {
        settings.progress = progress;
        const auto found = agreements(scenario, problem, around, settings);
        return std::any_of(found.begin(), found.end(), [](const Agreement& each) {
          return !each.exists || each.proof == Proof::bounded;
        });
      },
      200);
}

// A zone that the count says is too large to rank is not listed first: 10^12 packages, all
// acceptable.
TEST(Stop, IsNotNeededWhereTheZoneIsTooLargeToRank) {
  Scenario scenario = oracle::random_scenario(1, {.least_issues = 12,
                                                  .most_issues = 12,
                                                  .most_settlements = 10,
                                                  .most_packages = 1e13,
                                                  .least_parties = 2,
                                                  .most_parties = 2,
                                                  .rules = false,
                                                  .trees = false,
                                                  .demands = false,
                                                  .limits = false});
  for (Party& party : scenario.parties) party.reservation = {};
  const Problem problem = make_problem(scenario);
  SolveSettings settings;
  settings.rules = {"fallback"};
  const Overlap around = overlap(scenario, problem, settings);
  ASSERT_GT(around.breadth.acceptable, Integer(1'000'000));
  std::atomic<int> asked{0};
  settings.progress = [&](double) { return ++asked > 0; };
  const auto found = agreements(scenario, problem, around, settings);
  ASSERT_EQ(found.size(), 1);
  EXPECT_FALSE(found[0].exists);
  EXPECT_EQ(found[0].note, "left out: the zone has too many packages to rank them one by one");
  EXPECT_LT(asked, 10);
}

TEST(Stop, IsHeardByCounting) {
  for (const Problem& problem : {opposed(25, 10, 4), opposed(12, 4096, 9)}) {
    expect_stopped(
        [&](const Progress& progress) {
          CountSettings settings;
          settings.progress = progress;
          settings.most_visits = std::uint64_t{1} << 60;
          return count_breadth(problem, settings).kind != Breadth::Kind::exact;
        },
        1000);  // every block of samples asks before it draws
    RecountLimits limits;
    limits.most_steps = std::uint64_t{1} << 60;
    expect_stopped(
        [&](const Progress& progress) {
          limits.progress = progress;
          return !recount(problem, true, limits);
        },
        5);
  }
}

TEST(Stop, IsHeardByMeasuring) {
  const Problem problem = opposed(11, 9, 6, true);
  expect_stopped(
      [&](const Progress& progress) {
        CountSettings settings;
        settings.progress = progress;
        settings.most_visits = std::uint64_t{1} << 60;
        return count_breadth(problem, settings).kind != Breadth::Kind::exact;
      },
      50);
  RecountLimits limits;
  limits.most_steps = std::uint64_t{1} << 60;
  expect_stopped(
      [&](const Progress& progress) {
        limits.progress = progress;
        return !remeasure(problem, limits);
      },
      5);
}

TEST(Stop, IsHeardByFrontiers) {
  const Problem problem = opposed(30, 10, 5);
  expect_stopped(
      [&](const Progress& progress) {
        return fold_frontier(problem, {.all = true,
                                       .most_points = std::size_t{1} << 40,
                                       .most_bytes = std::size_t{1} << 40,
                                       .progress = progress})
                   .end == Fold::End::stopped;
      },
      5);
  const Scenario scenario = huge(5, false);
  const Problem certified = make_problem(scenario);
  expect_stopped(
      [&](const Progress& progress) {
        FrontierSettings settings;
        settings.progress = settings.fold_progress = progress;
        settings.hull = true;
        return !find_frontier(scenario, certified, settings).complete;
      },
      200);
}

TEST(Stop, IsHeardByProofs) {
  const Problem problem = make_problem(huge(6));
  // Bests are soon proven: there is one leaf at a time.
  expect_stopped([&](const Progress& progress) { return !prove_bests(problem, progress); }, 20,
                 {1, 10});
}

// A check that is stopped refuses nothing that it would not refuse, and proves nothing else.
TEST(Stop, LeavesClaimsOpen) {
  int open = 0;
  for (int seed = 0; seed < test::random_cases(60); ++seed) {
    oracle::Shape shape;
    shape.most_packages = 60;
    shape.continuous_issues = seed % 3;
    const Scenario scenario = oracle::random_scenario(static_cast<std::uint64_t>(seed), shape);
    const Problem problem = make_problem(scenario);
    const DepthFinder finder(problem, no_progress());
    Depth depth = finder.find(DepthKind::hard, {});
    finder.prove(depth);
    Proofs proofs;
    proofs.depth = depth.certificate;
    if (depth.low) *proofs.depth.depth -= seed % 4 == 0 ? 1 : 0;  // a forgery
    proofs.bests = *prove_bests(problem, no_progress());
    proofs.breadth = claim_breadth(problem, count_breadth(problem, {}), {});
    const Verification whole = verify(frame_problem(scenario), proofs, {});
    for (int question = 1; question < 12; ++question) {
      Stop stop(question);
      VerifySettings settings;
      settings.progress = stop.progress();
      const Verification part = verify(frame_problem(scenario), proofs, settings);
      ASSERT_EQ(part.claims.size(), whole.claims.size());
      for (std::size_t c = 0; c < part.claims.size(); ++c) {
        ASSERT_EQ(part.claims[c].subject, whole.claims[c].subject);
        if (part.claims[c].verdict == ClaimVerdict::Verdict::open) {
          ++open;
          ASSERT_TRUE(stop.told());
          ASSERT_NE(part.claims[c].reason, "");
        } else if (whole.claims[c].verdict == ClaimVerdict::Verdict::proven &&
                   part.claims[c].verdict == ClaimVerdict::Verdict::recounted) {
          // counted, as the depth that would have proven it was not looked at
        } else {
          ASSERT_EQ(part.claims[c].verdict, whole.claims[c].verdict)
              << "seed " << seed << ", claim " << c << ": " << part.claims[c].reason;
        }
      }
    }
  }
  EXPECT_GT(open, 0);
}

}  // namespace
}  // namespace zopa
