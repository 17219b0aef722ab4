// SPDX-License-Identifier: MIT
//
// Scenarios at the ends of what is allowed, whose answers are closed forms.

#include <gtest/gtest.h>

#include "model/answers/depth.hpp"
#include "model/engine/check.hpp"
#include "model/engine/count.hpp"
#include "model/engine/fold.hpp"
#include "model/engine/form.hpp"
#include "model/engine/prepare.hpp"
#include "model/engine/recount.hpp"
#include "model/engine/remeasure.hpp"
#include "model/tools/error.hpp"
#include "model/validity.hpp"

namespace zopa {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// Numbers low, low + 1, …, high; one number alone is an option, as a range has two ends.
Issue steps(int low, int high) {
  Issue issue;
  issue.low = low;
  issue.high = high;
  issue.step = 1;
  return issue;
}

Issue options(int number) {
  Issue issue;
  issue.kind = IssueKind::ordered;
  for (int k = 0; k < number; ++k)
    issue.options.push_back({"o" + std::to_string(k), "Option " + std::to_string(k)});
  return issue;
}

Position ideal(int issue, const Rational& salience, const Rational& place) {
  Position position;
  position.issue = issue;
  position.salience = Number(salience);
  position.ideal = Ideal{Number(place), Number(place), {}};
  return position;
}

Position worths(int issue, const Rational& salience, const std::vector<Rational>& worth_of) {
  Position position;
  position.issue = issue;
  position.salience = Number(salience);
  for (std::size_t k = 0; k < worth_of.size(); ++k)
    position.value.push_back({Rational(static_cast<int>(k)), Number(worth_of[k])});
  return position;
}

Consent leaf(int party) {
  Consent consent;
  consent.kind = Consent::Kind::leaf;
  consent.party = party;
  return consent;
}

class Talks {
 public:
  explicit Talks(std::vector<Issue> issues) {
    for (Issue& issue : issues) {
      issue.id = issue.title = "i" + std::to_string(scenario.issues.size());
      scenario.issues.push_back(std::move(issue));
    }
  }

  Talks& party(const std::vector<Position>& positions, const Rational& reservation = 0) {
    Party party;
    party.id = party.title = "p" + std::to_string(scenario.parties.size());
    party.positions = positions;
    party.reservation.utility = Number(reservation);
    scenario.consent.members.push_back(leaf(static_cast<int>(scenario.parties.size())));
    scenario.parties.push_back(std::move(party));
    return *this;
  }

  Scenario scenario;
};

struct Expected {
  std::optional<Rational> depth;  // hard; nothing: there is none
  Integer packages = 0;
  Integer acceptable = 0;
  std::size_t points = 0;  // of the frontier of the zone
};

// The answers, with the certificate of the depth checked and the counts made a second time.
void expect_answers(const Scenario& scenario, const Expected& expected) {
  ASSERT_TRUE(find_problems(scenario).empty());
  const Problem problem = make_problem(scenario);
  const DepthFinder finder(problem, no_progress());
  Depth depth = finder.find(DepthKind::hard, {});
  ASSERT_EQ(depth.proof, Proof::exact);
  ASSERT_EQ(depth.low, expected.depth);
  finder.prove(depth);
  const auto fault = find_fault(problem, depth.certificate);
  ASSERT_FALSE(fault) << *fault;
  const Breadth breadth = count_breadth(problem, {});
  EXPECT_EQ(breadth.packages, expected.packages);
  EXPECT_EQ(breadth.acceptable, expected.acceptable);
  for (const bool zone : {false, true}) {
    RecountLimits limits;
    EXPECT_EQ(recount(problem, zone, limits), zone ? expected.acceptable : expected.packages);
  }
  const Fold fold = fold_frontier(problem, {});
  ASSERT_EQ(fold.end, Fold::End::complete) << fold.reason;
  EXPECT_EQ(fold.size(), expected.points);
}

// ----------------------------------------------------------------------------------------------

// One package. With r below its utility 1 that is the whole hope (margin 1); with r = 1 = b it is
// worth 0.
TEST(Extremes, OneSettlementOnEveryIssue) {
  for (const int r : {0, 1}) {
    Talks talks({options(1), options(1), options(1)});
    for (int i = 0; i < 3; ++i)
      talks.party({worths(0, 1, {1}), worths(1, 2, {1}), worths(2, i, {1})}, r);
    expect_answers(talks.scenario, {r == 0 ? 1 : 0, 1, 1, 1});
  }
}

// u = t and 1 − t for t = k/4095; r = 1/2 and 1/4. Margins 2t − 1 and 1 − 4t/3 meet at t = 3/5,
// k = 2457, in 1/5; acceptable are 2048 ≤ k ≤ 3071.
TEST(Extremes, AllTheSettlementsThatAnIssueMayHave) {
  Talks talks({steps(0, 4095)});
  talks.party({ideal(0, 1, 4095)}, Rational(1, 2)).party({ideal(0, 1, 0)}, Rational(1, 4));
  expect_answers(talks.scenario, {Rational(1, 5), 4096, 1024, 1024});
}

// Two such issues, and one party on each with r = 1/2: 2048² of 4096² packages, all best in one.
TEST(Extremes, AllTheSettlementsThatTwoIssuesMayHave) {
  Talks talks({options(4096), steps(1, 4096)});
  talks.party({ideal(0, 1, 4095)}, Rational(1, 2)).party({ideal(1, 1, 1)}, Rational(1, 2));
  expect_answers(talks.scenario, {1, 4096 * 4096, 2048 * 2048, 1});
}

// An issue without weight multiplies packages and changes nothing else; a party without any weight
// has no utility, and only says yes or no.
TEST(Extremes, WeightsOfZero) {
  Talks talks({steps(0, 10), options(7), options(2)});
  Position red_line;
  red_line.issue = 0;
  red_line.limit = Limit{LimitEnd{Number(Rational(5)), false}, {}, {}, false};
  talks.party({ideal(0, 1, 0), ideal(1, 0, 3)}, Rational(1, 10))
      .party({ideal(0, 3, 10), worths(2, 0, {0, 1})}, Rational(2, 5))
      .party({red_line, ideal(1, 0, 0)});
  // Margins (9/10 − t)/(9/10) and (t − 2/5)/(3/5) at t tenths, t ≥ 1/2: 1/3 both at 6/10.
  // Acceptable: 5 … 9 tenths.
  expect_answers(talks.scenario, {Rational(1, 3), 11 * 14, 5 * 14, 5});
}

// Reservations at the least and at the greatest utility, and above it: a rule takes the best away.
TEST(Extremes, ReservationsAtTheEndsAndBeyond) {
  Talks low({steps(0, 4)});
  low.party({ideal(0, 1, 4)}, 0).party({ideal(0, 1, 0)}, 0);
  expect_answers(low.scenario, {Rational(1, 2), 5, 5, 5});
  Talks high({steps(0, 4)});
  high.party({ideal(0, 1, 4)}, 1).party({ideal(0, 1, 0)}, 0);
  expect_answers(high.scenario,
                 {0, 5, 1, 1});  // the second has nothing there, which is what it has
  high.scenario.parties[1].reservation.utility = Number(Rational(1, 100));
  expect_answers(high.scenario, {Rational(-1, 99), 5, 0, 0});
}

TEST(Extremes, AReservationThatNoPackageReaches) {
  Talks talks({steps(0, 4)});
  talks.party({ideal(0, 1, 4)}, 1).party({ideal(0, 1, 0)}, 0);
  Rule rule;
  rule.id = "cap";
  rule.sum = {{0, 1}};
  rule.at_most = 3;
  talks.scenario.rules.push_back(rule);
  const Problem problem = make_problem(talks.scenario);
  EXPECT_EQ(make_rational(problem.leaves[0].best) / problem.leaves[0].unit, Rational(3, 4));
  expect_answers(talks.scenario, {std::nullopt, 4, 0, 0});
  // Nobody needs the first where one of two suffices: the second has all of its hope at 0, and
  // every package is acceptable to it.
  talks.scenario.consent.kind = Consent::Kind::any;
  expect_answers(talks.scenario, {1, 4, 4, 4});
}

// Three options that are worth the same are three packages at one point; the same party named twice
// is one leaf.
TEST(Extremes, DuplicateOptionsAndLeaves) {
  Talks talks({options(6), options(2)});
  talks.party({worths(0, 1, {1, 1, 1, 0, 0, 0})}, Rational(1, 2))
      .party({worths(0, 1, {0, 0, 0, 1, 1, 1}), worths(1, 1, {0, 1})}, Rational(1, 2));
  expect_answers(talks.scenario, {0, 12, 3, 1});
  for (const int party : {0, 1, 1, 0}) talks.scenario.consent.members.push_back(leaf(party));
  EXPECT_EQ(make_problem(talks.scenario).n(), 2);
  expect_answers(talks.scenario, {0, 12, 3, 1});
  const Fold fold = fold_frontier(make_problem(talks.scenario), {});
  EXPECT_EQ(fold.packages.at(0), 3);
  EXPECT_EQ(fold.settlements(0), (std::vector<int>{0, 1}));
}

// No package keeps both rules: a scenario is refused, and what is asked of one all the same has
// nothing to find.
TEST(Extremes, AnEmptyAgreementSpace) {
  for (const bool continuous : {false, true}) {
    Talks talks({steps(0, 4), options(3)});
    if (continuous) talks.scenario.issues[0].step.reset();
    talks.party({ideal(0, 1, 4)}, 0);
    for (const int sign : {1, -1}) {
      Rule rule;
      rule.id = sign > 0 ? "floor" : "ceiling";
      rule.sum = {{0, sign}};
      rule.at_least = sign > 0 ? Rational(3) : Rational(-2);
      talks.scenario.rules.push_back(rule);
    }
    EXPECT_FALSE(try_make_problem(talks.scenario));
    EXPECT_THROW(make_problem(talks.scenario), ModelError);
    const Problem problem = frame_problem(talks.scenario);
    RecountLimits limits;
    if (continuous) {
      const auto measures = remeasure(problem, limits);
      ASSERT_TRUE(measures);
      EXPECT_EQ(measures->dimension, -1);
      EXPECT_EQ(count_breadth(problem, {}).kind, Breadth::Kind::none);
      continue;
    }
    EXPECT_EQ(recount(problem, false, limits), Integer(0));
    const Breadth breadth = count_breadth(problem, {});
    EXPECT_EQ(breadth.packages, Integer(0));
    EXPECT_EQ(breadth.acceptable, Integer(0));
    EXPECT_EQ(breadth.kind, Breadth::Kind::none);
    EXPECT_EQ(fold_frontier(problem, {.all = true}).size(), 0);
  }
}

// Party i of 0 … 63 wants i on a scale of 0 … 63. At x the worst off are the ends, with x/63 and
// 1 − x/63: 31/63 at 31 and 32. Everything is acceptable, and everything is on the frontier.
TEST(Extremes, SixtyFourParties) {
  Talks talks({steps(0, 63)});
  for (int i = 0; i < kMostParties; ++i) talks.party({ideal(0, 1, i)});
  expect_answers(talks.scenario, {Rational(31, 63), 64, 64, 64});
  talks.scenario.consent.kind = Consent::Kind::any;
  expect_answers(talks.scenario, {1, 64, 64, 64});
  // A quota of all of the weight is everybody again.
  talks.scenario.consent.kind = Consent::Kind::quota;
  talks.scenario.consent.weights.assign(at(kMostParties), Rational(1));
  talks.scenario.consent.need = kMostParties;
  expect_answers(talks.scenario, {Rational(31, 63), 64, 64, 64});
}

// Each of 64 parties wants a coin of its own: one package of 2^64 will do.
TEST(Extremes, SixtyFourPartiesOnSixtyFourIssues) {
  Talks talks(std::vector<Issue>(64, options(2)));
  for (int i = 0; i < kMostParties; ++i) talks.party({ideal(i, 1, i % 2)}, Rational(1, 2));
  expect_answers(talks.scenario, {1, Integer(1) << 64, 1, 1});
}

// 256 coins of equal weight to both: with k ones the first has k/256 and the second the rest. Half
// of them for each: C(256, 128) packages at a depth of 0; the frontier of all packages has 257
// points.
TEST(Extremes, TwoHundredAndFiftySixIssues) {
  Talks talks(std::vector<Issue>(at(kMostIssues), options(2)));
  std::vector<Position> ones, zeros;
  for (int j = 0; j < kMostIssues; ++j) {
    ones.push_back(ideal(j, 1, 1));
    zeros.push_back(ideal(j, 1, 0));
  }
  talks.party(ones, Rational(1, 2)).party(zeros, Rational(1, 2));
  Integer choose = 1;  // C(256, 128)
  for (int k = 1; k <= 128; ++k) choose = choose * (256 - 128 + k) / k;
  expect_answers(talks.scenario, {0, Integer(1) << 256, choose, 1});
  const Fold all = fold_frontier(make_problem(talks.scenario), {.all = true});
  ASSERT_EQ(all.size(), 257);
  EXPECT_EQ(all.packages[128], choose);
}

// Weights of 2^118 + 1 and 2^118 − 1 of 2^119: the units have 120 bits, and a package of the one
// issue is better than one of the other by 2 of 2^119.
TEST(Extremes, UnitsAtTheEndOfTheIntegers) {
  const Integer half = Integer(1) << 118;
  Talks talks({options(2), options(2)});
  talks.party({ideal(0, Rational(half + 1), 1), ideal(1, Rational(half - 1), 1)})
      .party({ideal(0, Rational(half - 1), 0), ideal(1, Rational(half + 1), 0)});
  // The second would only just sign (1, 0), which gives it (half + 1)/2^119; so does the first.
  talks.scenario.parties[0].reservation = {};
  talks.scenario.parties[0].reservation.package = {{0, Number(1)}, {1, Number(Rational(0))}};
  talks.scenario.parties[1].reservation = talks.scenario.parties[0].reservation;
  const Problem problem = make_problem(talks.scenario);
  EXPECT_FALSE(problem.rounded);
  EXPECT_EQ(problem.leaves[0].unit, Integer(1) << 119);
  expect_answers(talks.scenario, {0, 4, 1, 1});
  // (0, 1) gives both 2 of 2^119 less; the first has 2^118 − 1 to hope for beyond its reservation.
  EXPECT_EQ(tree_value(problem, make_package(problem, {0, 1})), Rational(-2) / Rational(half - 1));
}

// Beyond 126 bits products are rounded to 1e-9, which is said; nothing wraps.
TEST(Extremes, UnitsBeyondTheIntegersAreRounded) {
  const Integer half = Integer(1) << 140;
  Talks talks({options(2), options(2)});
  talks.party({ideal(0, Rational(half + 1), 1), ideal(1, Rational(half - 1), 1)})
      .party({ideal(0, 1, 0), ideal(1, 1, 0)});
  const Problem problem = make_problem(talks.scenario);
  EXPECT_TRUE(problem.rounded);
  expect_answers(talks.scenario, {Rational(1, 2), 4, 4, 3});
}

// c x − c y ≥ 1 asks for x > y as long as its sums have 126 bits; beyond that it is refused.
TEST(Extremes, RulesAtTheEndOfTheIntegers) {
  for (const int digits : {30, 38}) {
    Integer c = 1;
    for (int k = 0; k < digits; ++k) c *= 10;
    Talks talks({steps(0, 3), steps(0, 3)});
    talks.party({ideal(0, 1, 0)}).party({ideal(1, 1, 3)});
    Rule rule;
    rule.id = "above";
    rule.sum = {{0, Rational(c)}, {1, Rational(-c)}};
    rule.at_least = 1;
    talks.scenario.rules.push_back(rule);
    if (digits == 38) {
      EXPECT_THROW(make_problem(talks.scenario), ModelError);
      const auto wide = too_wide(frame_problem(talks.scenario));
      ASSERT_TRUE(wide);
      EXPECT_EQ(wide->rule, 0);
      EXPECT_EQ(wide->issue, -1);
      continue;
    }
    EXPECT_FALSE(too_wide(make_problem(talks.scenario)));
    // Of the six packages with x > y the first is best off at x = 1 and the second at y = 2, with
    // 2/3 both. (2, 1) gives each half of that, and with (1, 0) and (3, 2) is the frontier.
    expect_answers(talks.scenario, {Rational(1, 2), 6, 6, 3});
  }
}

// A scale of 10^37 is measured in its own numbers; one of 10^40 is refused.
TEST(Extremes, ScalesAtTheEndOfTheIntegers) {
  Integer end = 1;
  for (int k = 0; k < 37; ++k) end *= 10;
  Talks talks({steps(0, 0)});
  Issue& line = talks.scenario.issues[0];
  line.high = Rational(end);
  line.step.reset();
  talks.party({ideal(0, 1, Rational(end))}, Rational(1, 2)).party({ideal(0, 1, 0)}, Rational(1, 4));
  const Problem problem = make_problem(talks.scenario);
  EXPECT_FALSE(too_wide(problem));
  const DepthFinder finder(problem, no_progress());
  EXPECT_EQ(finder.find(DepthKind::hard, {}).low, Rational(1, 5));  // 2t − 1 = 1 − 4t/3
  EXPECT_EQ(count_breadth(problem, {}).exact_share, Rational(1, 4));
  line.high = Rational(end * 1000);
  talks.scenario.parties[0].positions[0].ideal->low = Number(line.high);
  talks.scenario.parties[0].positions[0].ideal->high = Number(line.high);
  const auto wide = too_wide(frame_problem(talks.scenario));
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->rule, -1);
  EXPECT_EQ(wide->issue, 0);
}

}  // namespace
}  // namespace zopa
