// SPDX-License-Identifier: MIT
#include "tests/oracle/cells.hpp"

#include <gtest/gtest.h>

#include "tests/oracle/random_scenario.hpp"

namespace zopa::oracle {
namespace {

Issue continuum(const std::string& id, const Rational& low, const Rational& high) {
  Issue issue;
  issue.id = issue.title = id;
  issue.low = low;
  issue.high = high;
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

Limit at_most(const Rational& place) { return {{}, LimitEnd{Number(place), false}, {}, false}; }
Limit at_least(const Rational& place) { return {LimitEnd{Number(place), false}, {}, {}, false}; }

Consent leaf(int party) {
  Consent made;
  made.kind = Consent::Kind::leaf;
  made.party = party;
  return made;
}

Party party(const std::string& id, const std::vector<Position>& positions) {
  Party made;
  made.id = made.title = id;
  made.positions = positions;
  return made;
}

Scenario among(const std::vector<Issue>& issues, const std::vector<Party>& parties) {
  Scenario made;
  made.issues = issues;
  made.parties = parties;
  for (std::size_t i = 0; i < parties.size(); ++i)
    made.consent.members.push_back(leaf(static_cast<int>(i)));
  return made;
}

zopa::Test test(int issue, Relation relation, const Rational& place) {
  return {issue, relation, Number(place), {}};
}

TEST(RationalLp, SolvesProgramsWithBothPhases) {
  // max 3x + 2y: x + y ≤ 4, x + 3y ≤ 6, x ≤ 3, and x + y ≥ 1
  const std::vector<LpRow> rows = {{{1, 1}, 4}, {{1, 3}, 6}, {{1, 0}, 3}, {{-1, -1}, -1}};
  const auto optimum = maximise({3, 2}, rows);
  ASSERT_TRUE(optimum);
  EXPECT_EQ(optimum->value, 11);
  EXPECT_EQ(optimum->x, (std::vector<Rational>{3, 1}));
  EXPECT_EQ(maximise({-1, -1}, rows)->value, -1);
  EXPECT_FALSE(maximise({1}, {{{1}, 1}, {{-1}, -2}}));
  EXPECT_THROW(maximise({1}, {}), std::logic_error);
}

// rc16: one price; depth = width over the sum of both spans.
TEST(Cells, FindTheDepthOfASinglePrice) {
  for (const bool open : {true, false}) {
    Party seller = party("seller", {ideal(0, 1, 500)});
    Party buyer = party("buyer", {ideal(0, 1, 150)});
    seller.reservation.package = {{0, Number(Rational(open ? 220 : 300))}};
    buyer.reservation.package = {{0, Number(Rational(open ? 275 : 250))}};
    const Scenario s = among({continuum("price", 150, 500)}, {seller, buyer});
    const Cells cells(s);
    EXPECT_EQ(cells.depth(Kind::hard), open ? Rational(55, 405) : Rational(-50, 300));
    EXPECT_EQ(cells.measure_of_space(), 350);
    EXPECT_EQ(cells.measure_of_zone(), open ? 55 : 0);
    const auto zone = cells.projection(0, Kind::hard, 0);
    EXPECT_EQ(zone, (open ? std::vector<Range>{{220, 275}} : std::vector<Range>{}));
  }
}

Scenario linked_demands() {
  const auto options = [](const std::string& id, const std::vector<std::string>& ids,
                          IssueKind kind) {
    Issue issue;
    issue.id = issue.title = id;
    issue.kind = kind;
    for (const std::string& option : ids) issue.options.push_back({option, option});
    return issue;
  };
  const auto r = [](int hundredths) { return Rational(hundredths, 100); };
  enum { territory, guarantee, alliance, money, elections };
  Position red_line = ideal(territory, 40, 1);
  red_line.limit = at_least(r(20));
  Party a = party("a", {red_line, worths(guarantee, 30, {0, r(30), r(70), 1}),
                        worths(alliance, 15, {1, r(60), 0}), ideal(money, 15, 300)});
  a.reservation.utility = Number(r(55));
  a.demands = {{"a1",
                "",
                {test(alliance, Relation::equal, 2)},
                {test(guarantee, Relation::at_least, 3)},
                false,
                {}},
               {"a2",
                "",
                {test(territory, Relation::less, r(50))},
                {test(guarantee, Relation::at_least, 2)},
                false,
                {}}};
  Party b = party("b", {ideal(territory, 45, 0), worths(guarantee, 15, {1, r(80), r(50), 0}),
                        worths(alliance, 30, {0, r(50), 1}), worths(elections, 10, {1, 0})});
  b.reservation.utility = Number(r(50));
  b.demands = {{"b1",
                "",
                {test(territory, Relation::greater, r(30))},
                {test(alliance, Relation::equal, 2)},
                false,
                {}}};
  Position payer;
  payer.issue = money;
  payer.limit = at_most(120);
  Position guarantor;
  guarantor.issue = guarantee;
  guarantor.limit = at_most(2);
  Scenario s = among(
      {continuum("territory", 0, 1),
       options("guarantee", {"none", "consultation", "monitored", "treaty"}, IssueKind::ordered),
       options("alliance", {"open", "moratorium", "neutral"}, IssueKind::unordered),
       continuum("money", 0, 300), options("elections", {"early", "late"}, IssueKind::unordered)},
      {a, b, party("payer", {payer}), party("guarantor", {guarantor})});
  s.consent.members[2].issues = std::vector<int>{money};
  s.consent.members[3].issues = std::vector<int>{guarantee};
  return s;
}

// rc24: published depths −0.0222…, 0.135403726708, 0.023602484472, and breadth 0.0042956951.
TEST(Cells, SolveLinkedDemandsWithPayerAndGuarantor) {
  const Scenario s = linked_demands();
  const Cells cells(s);
  EXPECT_EQ(cells.depth(Kind::hard), Rational(-1, 45));
  EXPECT_EQ(cells.tree_value({Rational(3, 10), 2, 0, 120, 0}, Kind::hard), Rational(-1, 45));
  EXPECT_EQ(cells.measure_of_zone(), 0);
}

TEST(Cells, SolveTheWhatIfsOfLinkedDemands) {
  Scenario s = linked_demands();
  s.parties[3].positions[0].limit = at_most(3);
  const Cells treaty(s);
  EXPECT_NEAR(to_double(*treaty.depth(Kind::hard)), 0.135403726708, 1e-12);
  // The published breadth was sampled: the exact one is 0.00429569616, 1.1e-9 above it.
  EXPECT_NEAR(to_double(treaty.measure_of_zone() / treaty.measure_of_space()), 0.0042956951, 2e-9);
  s = linked_demands();
  s.parties[2].positions[0].limit = at_most(200);
  EXPECT_NEAR(to_double(*Cells(s).depth(Kind::hard)), 0.023602484472, 1e-12);
  s = linked_demands();
  s.parties[1].reservation.utility = Number(Rational(7, 10));
  EXPECT_NEAR(to_double(*Cells(s).depth(Kind::hard)), -0.172093023256, 1e-12);
}

// On packages of settlements the two methods are the same.
TEST(Cells, AgreeWithBruteForceWithoutAContinuum) {
  Shape shape;
  shape.most_packages = 40;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const Scenario s = random_scenario(seed, shape);
    const BruteForce brute(s);
    const Answer answer = brute.answer();
    const Cells cells(s);
    const std::string text = "seed " + std::to_string(seed) + "\n" + yaml_text(s);
    EXPECT_EQ(cells.depth(Kind::hard), answer.hard.value) << text;
    EXPECT_EQ(cells.depth(Kind::all), answer.all.value) << text;
    EXPECT_EQ(cells.best(), answer.best) << text;
    const Kind kind = answer.comparison_kind;
    for (const auto& [pair, depth] : answer.pairs)
      EXPECT_EQ(cells.pair_depth(pair.first, pair.second, kind), depth.value) << text;
    for (const auto& [party, depth] : answer.without)
      EXPECT_EQ(cells.depth_without(party, kind), depth.value) << text;
    if (answer.zone.empty()) continue;
    for (std::size_t j = 0; j < s.issues.size(); ++j)
      EXPECT_EQ(cells.projection(j, Kind::hard, 0), answer.issues[j].effective_runs) << text;
    const auto egalitarian = cells.leximin(Cells::Measure::surplus);
    const auto& rule = answer.rules.at("egalitarian");
    if (!rule.exists) continue;
    EXPECT_EQ(cells.vector_at(brute.packages()[rule.optima.front()], Cells::Measure::surplus),
              egalitarian)
        << text;
  }
}

// Continuous issues: the depth is at least every sampled value, and equals a fine grid's limit when
// the optimum lies on the grid; the zone is not empty exactly when the depth is not negative.
TEST(Cells, BoundEveryPackageOfRandomContinuousScenarios) {
  Shape shape;
  shape.continuous_issues = 1;
  shape.most_issues = 2;
  shape.most_parties = 3;
  shape.most_leaves = 4;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Scenario s = random_scenario(seed, shape);
    const Cells cells(s);
    ASSERT_GT(cells.count(), 0U);
    const std::string text = "seed " + std::to_string(seed) + "\n" + yaml_text(s);
    const Value depth = cells.depth(Kind::hard);
    const Value soft = cells.depth(Kind::all);
    EXPECT_EQ(depth && *depth >= 0, soft && *soft >= 0) << text;
    Dice dice(seed);
    for (int sample = 0; sample < 10; ++sample) {
      std::vector<Rational> places;
      for (const Issue& issue : s.issues)
        places.push_back(issue.continuous() ? Rational(issue.low + (issue.high - issue.low) *
                                                                       dice.pick(0, 24) / 24)
                                            : issue.place(dice.pick(0, issue.settlements() - 1)));
      const Value value = cells.tree_value(places, Kind::hard);
      if (!value) continue;
      EXPECT_LE(*value, *depth) << text;
    }
  }
}

}  // namespace
}  // namespace zopa::oracle
