// SPDX-License-Identifier: MIT
#include "src/levers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/answers/depth.hpp"
#include "model/engine/prepare.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

Document textbook(const Edits& edits = {}) {
  return edited(read_document(ZOPA_SOURCE_DIR "/scenarios/textbook/levers.yaml"), edits);
}

// Two parties that divide [0, 10] in steps; a rule, a timeline and levers of every kind.
const std::string kDeal = R"(zopa: 1
title: Deal
date: 2026-03-01
issues: {x: {range: [0, 10], step: 1}}
parties:
  a: {reservation: 0.2, positions: {x: {salience: 1, ideal: 0}}}
  b: {reservation: 0.4, positions: {x: {salience: 1, ideal: 10}}}
  c: {positions: {x: {limit: ">= 5"}}}
rules:
  law: {require: {x: ">= 1"}}
timeline:
  - {date: 2026-02-01, set: {parties.b.reservation: 0.3}}
variants:
  v: {set: {parties.b.reservation: 0.1}}
levers:
  party: {title: One party, by: a, cost: 1.5, set: {parties.a.reservation: 0.1, title: Other}}
  both: {cost: 2, set: {parties.b.reservation: 0.2, parties.a.reservation: 0}}
  law: {cost: 0, set: {rules: null}}
  drop: {cost: 1, set: {parties.c: null}}
  words: {cost: 1, set: {about: Nothing}}
  harsh: {cost: 1, set: {rules.law.require.x: ">= 8"}}
  late: {cost: 1, set: {parties.c.positions.x.limit: ">= 3"}}
)";

Document deal(const Edits& edits = {}) { return edited(parse_document(kDeal, "deal.yaml"), edits); }

LeverSet pulled(std::size_t count, const std::vector<std::size_t>& levers) {
  LeverSet set(count, 0);
  for (const std::size_t l : levers) set[l] = 1;
  return set;
}

TEST(NamedLevers, AreReadInFileOrder) {
  const auto levers = named_levers(deal());
  ASSERT_EQ(levers.size(), 7U);
  EXPECT_EQ(levers[0].id, "party");
  EXPECT_EQ(levers[0].title, "One party");
  EXPECT_EQ(levers[0].by, "a");
  EXPECT_EQ(levers[0].cost, Rational(3, 2));
  EXPECT_EQ(levers[1].title, "both") << "the id where there is no title";
  EXPECT_EQ(levers[1].by, "");
  EXPECT_TRUE(named_levers(parse_document("title: A\n", "x.yaml")).empty());
}

TEST(LeverStudy, KnowsWhatEachLeverReaches) {
  const LeverStudy study = lever_study(deal());
  ASSERT_EQ(study.levers.size(), 7U);
  const std::vector<std::vector<int>> parties = {{0}, {1, 0}, {}, {}, {}, {}, {2}};
  const std::vector<bool> elsewhere = {false, false, true, true, false, true, false};
  for (std::size_t l = 0; l < 7; ++l) {
    EXPECT_EQ(study.levers[l].parties, parties[l]) << l;
    EXPECT_EQ(study.levers[l].elsewhere, elsewhere[l]) << l;
  }
}

TEST(LeverStudy, AppliesLeversInFileOrderToTheEffectiveScenario) {
  const LeverStudy plain = lever_study(deal());
  const auto reservation = [](const Scenario& scenario, std::size_t party) {
    return scenario.parties[party].reservation.utility->likely;
  };
  const auto base = plain.apply(pulled(7, {}));
  ASSERT_TRUE(base);
  EXPECT_EQ(reservation(*base, 1), Rational(3, 10)) << "the timeline up to the file's date";
  EXPECT_EQ(reservation(*plain.apply(pulled(7, {0, 1})), 0), 0) << "the later one counts";
  EXPECT_EQ(reservation(*plain.apply(pulled(7, {0})), 0), Rational(1, 10));

  // What was changed before stands: the timeline is not applied once more.
  const LeverStudy varied = lever_study(deal({.date = "", .variant = "v", .sets = {}}));
  EXPECT_EQ(reservation(*varied.apply(pulled(7, {})), 1), Rational(1, 10));
}

TEST(LeverStudy, SaysWhichLeversDoNotGoTogether) {
  const LeverStudy study = lever_study(deal());
  EXPECT_FALSE(study.apply(pulled(7, {3, 6}))) << "the party has gone";
  EXPECT_FALSE(study.apply(pulled(7, {2, 5}))) << "the rule has gone";
  EXPECT_TRUE(study.apply(pulled(7, {5, 6})));
}

// D as the whole of it, every set by itself.
std::optional<Rational> depth(const LeverStudy& study, const LeverSet& set, DepthKind kind) {
  const auto scenario = study.apply(set);
  if (!scenario) return std::nullopt;
  const Problem problem = make_problem(*scenario);
  return DepthFinder(problem, no_progress()).find(kind, {}).low;
}

TEST(LeverStudy, IsAnsweredAsByTryingEverySet) {
  const LeverStudy study = lever_study(deal());
  const LeverAnswer answer = study_levers(study, {});
  for (const int budget : {0, 1, 2, 3, 4, 10}) {
    std::optional<Rational> best;
    for (unsigned bits = 0; bits < 128; ++bits) {
      LeverSet set(7, 0);
      Rational cost = 0;
      for (std::size_t l = 0; l < 7; ++l) {
        set[l] = (bits >> l & 1U) != 0;
        if (set[l]) cost += study.levers[l].cost;
      }
      if (cost <= budget) best = std::max(best, depth(study, set, answer.kind));
    }
    const LeverPoint* point = best_for(answer, budget);
    ASSERT_NE(point, nullptr);
    EXPECT_EQ(point->depth.low, best) << budget;
  }
}

// See the scenario's `about`; every number is derived by hand there.
TEST(TextbookLevers, HaveTheKnownAnswers) {
  const LeverAnswer answer = study_levers(lever_study(textbook()), {});
  EXPECT_EQ(answer.proof, Proof::exact);
  EXPECT_EQ(answer.base.low, Rational(-1, 4));
  struct Point {
    std::vector<std::size_t> levers;
    int cost;
    Rational depth;
  };
  const std::vector<Point> points = {{{}, 0, Rational(-1, 4)},
                                     {{2}, 1, Rational(-1, 5)},
                                     {{0}, 3, 0},
                                     {{1, 2}, 6, Rational(1, 7)},
                                     {{0, 1}, 8, Rational(1, 6)}};
  ASSERT_EQ(answer.frontier.size(), points.size());
  for (std::size_t p = 0; p < points.size(); ++p) {
    EXPECT_EQ(answer.frontier[p].levers, pulled(4, points[p].levers)) << p;
    EXPECT_EQ(answer.frontier[p].cost, points[p].cost) << p;
    EXPECT_EQ(answer.frontier[p].depth.low, points[p].depth) << p;
  }
  ASSERT_TRUE(answer.opening);
  EXPECT_EQ(answer.opening->levers, pulled(4, {0}));
  EXPECT_EQ(best_for(answer, 7)->depth.low, Rational(1, 7));
  EXPECT_EQ(best_for(answer, -1), nullptr);

  const auto& effects = answer.effects;
  EXPECT_EQ(*effects[0].change, Rational(1, 4));
  EXPECT_EQ(*effects[1].change, Rational(1, 4));
  EXPECT_EQ(*effects[2].change, Rational(1, 20));
  EXPECT_EQ(*effects[3].change, Rational(-1, 2));
  EXPECT_FALSE(effects[0].company);
  EXPECT_FALSE(effects[1].company);
  EXPECT_EQ(effects[2].company, pulled(4, {0})) << "advice undoes the deadline";
  EXPECT_EQ(effects[3].company, pulled(4, {})) << "publicity needs no company";
  EXPECT_TRUE(effects[3].lowers_alone);
  for (const LeverEffect& effect : effects) EXPECT_EQ(effect.proof, Proof::exact);
}

TEST(TextbookLevers, CanBePulledByHand) {
  const Document document =
      textbook({.date = "", .variant = "", .sets = {}, .levers = {"advice", "deadline"}});
  const Problem problem = make_problem(read_scenario(document));
  EXPECT_EQ(DepthFinder(problem, no_progress()).find(DepthKind::hard, {}).low, Rational(-1, 5));
}

}  // namespace
}  // namespace zopa
