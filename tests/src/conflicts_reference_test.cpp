// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "model/answers/conflicts.hpp"
#include "model/engine/prepare.hpp"
#include "src/document.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"

// The conflicts of scenarios/textbook/linked-demands.yaml. Source: constructed; every number can be
// derived by hand, as the comments do.

namespace zopa {
namespace {

constexpr const char* kFile = ZOPA_SOURCE_DIR "/scenarios/textbook/linked-demands.yaml";

using Ids = std::set<std::string>;

struct LinkedDemands {
  Scenario scenario;
  Problem problem;
  Conflicts answer;

  explicit LinkedDemands(const std::string& variant)
      : scenario(read_scenario(
            edited(read_document(kFile), {.date = "", .variant = variant, .sets = {}}))),
        problem(make_problem(scenario)),
        answer(find_conflicts(scenario, problem, {})) {}

  Ids ids(const std::vector<int>& demands) const {
    Ids result;
    for (const int d : demands)
      result.insert(demand_id(scenario, answer.demands[static_cast<std::size_t>(d)].demand));
    return result;
  }
  std::set<Ids> conflicts() const {
    std::set<Ids> result;
    for (const Conflict& conflict : answer.conflicts) result.insert(ids(conflict.demands));
    return result;
  }
  std::set<Ids> exits() const {
    std::set<Ids> result;
    for (const Exit& exit : answer.exits) result.insert(ids(exit.demands));
    return result;
  }
  const Price& price(const std::string& id) const {
    return *std::find_if(answer.prices.begin(), answer.prices.end(),
                         [&](const Price& price) { return ids({price.demand}) == Ids{id}; });
  }
};

const Ids kConflict = {"a.treaty-for-neutrality", "a.reservation", "b.land-for-neutrality",
                       "payer.fund.limit", "guarantor.guarantee.limit"};

TEST(LinkedDemandsReference, HaveOneConflictAndFiveExits) {
  const LinkedDemands talks("");
  EXPECT_EQ(talks.conflicts(), std::set<Ids>{kConflict});
  std::set<Ids> exits;
  for (const std::string& id : kConflict) exits.insert({id});
  EXPECT_EQ(talks.exits(), exits);
  EXPECT_TRUE(talks.answer.complete);
  EXPECT_EQ(shown_exits(talks.answer).size(), 5u);  // each asks something else
}

// Of open alliances, a monitored guarantee and early elections, or of a moratorium.
TEST(LinkedDemandsReference, HavePricesInTheirUnits) {
  const LinkedDemands talks("");
  struct Expected {
    const char* id;
    Concession::What what;
    Rational to;
  };
  for (const Expected& expected :
       {// B at its reservation: 0.45 (1 − T) + 0.075 + 0.1 = 0.5 gives T = 5/18; then A needs
        // 0.4 · 5/18 + 0.36 + M/2000 = 0.55, so M = 1420/9, or gets 239/450 with M = 120.
        Expected{"payer.fund.limit", Concession::What::end, Rational(1420, 9)},
        Expected{"a.reservation", Concession::What::reservation, Rational(239, 450)},
        // With a moratorium B gives 0.45 (1 − T) + 0.075 + 0.15 + 0.1 ≥ 0.5; A needs
        // 0.4 T + 0.21 + 0.09 + 0.06 = 0.55, so T = 0.475.
        Expected{"b.land-for-neutrality", Concession::What::when, Rational(475, 1000)},
        Expected{"guarantor.guarantee.limit", Concession::What::end, 3}}) {
    SCOPED_TRACE(expected.id);
    const Price& price = talks.price(expected.id);
    ASSERT_FALSE(price.never);
    ASSERT_FALSE(price.ways.empty());
    EXPECT_EQ(price.ways[0].what, expected.what);
    EXPECT_EQ(price.ways[0].to, expected.to);
    EXPECT_EQ(price.ways[0].proof, Proof::exact);
  }
  EXPECT_TRUE(talks.price("b.reservation").never);
  EXPECT_TRUE(talks.price("a.territory.limit").never);
  EXPECT_TRUE(talks.price("a.monitoring-for-land").never);
}

TEST(LinkedDemandsReference, AreFairlySplitByTheDepth) {
  const LinkedDemands talks("");
  ASSERT_EQ(talks.answer.splits.size(), 3u);
  EXPECT_EQ(talks.answer.splits[0].largest, Rational(1, 45));  // the depth is −1/45
  EXPECT_EQ(talks.answer.splits[2].concessions.size(), 1u);
}

TEST(LinkedDemandsReference, HaveElevenExitsWhenBDemandsMore) {
  const LinkedDemands talks("demanding-b");
  EXPECT_EQ(talks.conflicts(),
            (std::set<Ids>{{"a.territory.limit", "a.treaty-for-neutrality", "a.monitoring-for-land",
                            "b.reservation", "guarantor.guarantee.limit"},
                           kConflict,
                           {"a.treaty-for-neutrality", "a.reservation", "b.reservation",
                            "guarantor.guarantee.limit"},
                           {"a.reservation", "b.reservation", "payer.fund.limit"}}));
  EXPECT_EQ(talks.exits().size(), 11u);
  std::size_t least = 99;
  for (const Ids& exit : talks.exits()) least = std::min(least, exit.size());
  EXPECT_EQ(least, 2u);
  // The published depth is −0.172093023256.
  EXPECT_EQ(talks.answer.splits[0].largest, Rational(37, 215));
}

TEST(LinkedDemandsReference, AreOpenJustBeyondThePrice) {
  EXPECT_FALSE(LinkedDemands("fund-just-short").answer.open);
  EXPECT_TRUE(LinkedDemands("fund-just-enough").answer.open);
  EXPECT_TRUE(LinkedDemands("land-up-to-475").answer.open);
  EXPECT_TRUE(LinkedDemands("guarantor-signs-treaty").answer.open);
}

}  // namespace
}  // namespace zopa
