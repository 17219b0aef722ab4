// SPDX-License-Identifier: MIT
#include "tests/oracle/brute_force.hpp"

#include <gtest/gtest.h>

#include "tests/oracle/random_scenario.hpp"

// The brute force itself, on cases small enough for pencil and paper and on published ones.
namespace zopa::oracle {
namespace {

Issue options(const std::string& id, const std::vector<std::string>& ids, bool ordered) {
  Issue issue;
  issue.id = issue.title = id;
  issue.kind = ordered ? IssueKind::ordered : IssueKind::unordered;
  for (const std::string& option : ids) issue.options.push_back({option, option});
  return issue;
}

Issue steps(const std::string& id, int low, int high, int step) {
  Issue issue;
  issue.id = issue.title = id;
  issue.low = low;
  issue.high = high;
  issue.step = step;
  return issue;
}

// Worths in tenths, one a settlement of an options issue.
Position worths(int issue, int salience, const std::vector<int>& tenths) {
  Position position;
  position.issue = issue;
  position.salience = Number(Rational(salience));
  for (std::size_t k = 0; k < tenths.size(); ++k)
    position.value.push_back({Rational(static_cast<int>(k)), Number(Rational(tenths[k], 10))});
  return position;
}

Position ideal(int issue, int salience, const Rational& place) {
  Position position;
  position.issue = issue;
  position.salience = Number(Rational(salience));
  position.ideal = Ideal{Number(place), Number(place), {}};
  return position;
}

Party party(const std::string& id, const std::vector<Position>& positions,
            const Rational& reservation = 0) {
  Party made;
  made.id = made.title = id;
  made.positions = positions;
  made.reservation.utility = Number(reservation);
  return made;
}

Consent leaf(int party) {
  Consent made;
  made.kind = Consent::Kind::leaf;
  made.party = party;
  return made;
}

Consent node(Consent::Kind kind, const std::vector<Consent>& members) {
  Consent made;
  made.kind = kind;
  made.members = members;
  return made;
}

Scenario scenario(const std::vector<Issue>& issues, const std::vector<Party>& parties) {
  Scenario made;
  made.issues = issues;
  made.parties = parties;
  for (std::size_t i = 0; i < parties.size(); ++i)
    made.consent.members.push_back(leaf(static_cast<int>(i)));
  return made;
}

using Optima = std::vector<std::size_t>;

// rc09: a … g in one issue, worths in tenths.
TEST(BruteForce, BreaksTiesOfADiscreteFrontierByLeximin) {
  const Rational r(2, 10);
  const Scenario s = scenario({options("deal", {"a", "b", "c", "d", "e", "f", "g"}, false)},
                              {party("one", {worths(0, 1, {5, 5, 8, 2, 1, 4, 6})}, r),
                               party("two", {worths(0, 1, {5, 6, 4, 9, 10, 8, 6})}, r),
                               party("three", {worths(0, 1, {9, 6, 4, 9, 10, 4, 4})}, r)});
  const Answer answer = BruteForce(s).answer();
  EXPECT_EQ(answer.zone, (Optima{0, 1, 2, 3, 5, 6}));
  EXPECT_EQ(answer.hard.value, Rational(1, 2));
  EXPECT_EQ(answer.hard.package, 1U);
  EXPECT_EQ(answer.status, Status::open);
  auto rules = answer.rules;
  EXPECT_EQ(rules["nash"].optima, Optima{0});
  EXPECT_EQ(rules["egalitarian"].optima, Optima{1});
  EXPECT_EQ(rules["leximin"].optima, Optima{1});
  EXPECT_EQ(rules["utilitarian"].optima, Optima{3});
}

// rc01: nine goods change hands or not, 512 agreements (Nash 1950).
TEST(BruteForce, FindsNashsBarter) {
  const std::vector<int> bill = {2, 2, 2, 2, 4, 10, 4, 6, 2};
  const std::vector<int> jack = {4, 2, 1, 2, 1, 1, 1, 2, 2};
  Scenario s;
  Party one = party("bill", {});
  Party two = party("jack", {});
  one.reservation.utility.reset();
  two.reservation.utility.reset();
  for (int j = 0; j < 9; ++j) {
    const bool bills = j < 5;
    s.issues.push_back(options("good" + std::to_string(j), {"kept", "given"}, false));
    one.positions.push_back(worths(j, bill[static_cast<std::size_t>(j)],
                                   bills ? std::vector<int>{10, 0} : std::vector<int>{0, 10}));
    two.positions.push_back(worths(j, jack[static_cast<std::size_t>(j)],
                                   bills ? std::vector<int>{0, 10} : std::vector<int>{10, 0}));
    one.reservation.package.emplace_back(j, Number(Rational(0)));
    two.reservation.package.emplace_back(j, Number(Rational(0)));
  }
  s = scenario(s.issues, {one, two});
  const BruteForce brute(s);
  const Answer answer = brute.answer();
  EXPECT_EQ(brute.packages().size(), 512U);
  EXPECT_EQ(answer.zone.size(), 293U);
  // Bill gives book, whip, ball and bat, Jack gives pen, toy and knife.
  const auto best = brute.find({1, 1, 1, 1, 0, 1, 1, 1, 0});
  ASSERT_TRUE(best);
  EXPECT_EQ(answer.rules.at("nash").optima, Optima{*best});
  EXPECT_EQ(answer.rules.at("kalai_smorodinsky").optima, Optima{*best});
  EXPECT_EQ(*brute.view(*best, 0).utility, Rational(24, 34));  // 12 more than the 12 he has
  EXPECT_EQ(brute.reading().leaves[0].reservation, Rational(12, 34));
  EXPECT_EQ(*brute.view(*best, 1).utility - brute.reading().leaves[1].reservation, Rational(5, 16));
}

// rc29 with options: each is worth 1 to the two named.
TEST(BruteForce, TellsPairsThatAgreeFromAGroupThatCannot) {
  const Rational half(1, 2);
  const Scenario s = scenario(
      {options("deal", {"ab", "bc", "ca"}, false)},
      {party("a", {worths(0, 1, {10, 0, 10})}, half), party("b", {worths(0, 1, {10, 10, 0})}, half),
       party("c", {worths(0, 1, {0, 10, 10})}, half)});
  const Answer answer = BruteForce(s).answer();
  EXPECT_TRUE(answer.zone.empty());
  EXPECT_EQ(answer.depth.value, Rational(-1));
  EXPECT_EQ(answer.status, Status::closed);
  for (const auto& [pair, depth] : answer.pairs) EXPECT_EQ(depth.value, Rational(1));
  for (const auto& [i, criticality] : answer.criticality) EXPECT_EQ(criticality, Rational(2));
  EXPECT_TRUE(answer.every_pair_but_not_all);
  EXPECT_FALSE(answer.rules.at("nash").exists);
}

// rc27, with the margins in hundredths as ranks shifted by 100.
TEST(TreeRank, FollowsEveryKindOfNode) {
  const std::vector<std::vector<int>> margins = {
      {30, 20, -10, -40}, {10, -20, 30, 25}, {-5, 40, 20, 10}, {5, 2, 1, -30}};
  const auto depth = [&](const auto& make) {
    int best = kNever;
    for (std::size_t p = 0; p < margins.size(); ++p) {
      std::vector<int> ranks = margins[p];
      for (int& rank : ranks) rank += 100;
      best = std::max(best, make(p, ranks));
    }
    return best - 100;
  };
  const auto tree = [](Consent::Kind kind, const std::vector<int>& leaves) {
    Tree made;
    made.kind = kind;
    for (const int i : leaves) {
      Tree member;
      member.kind = Consent::Kind::leaf;
      member.leaf = i;
      made.members.push_back(member);
    }
    return made;
  };
  const auto value_of = [](const Tree& t) {
    return [t](std::size_t, const std::vector<int>& ranks) { return tree_rank(t, ranks); };
  };
  EXPECT_EQ(depth(value_of(tree(Consent::Kind::all, {0, 1, 2, 3}))), -5);
  EXPECT_EQ(depth(value_of(tree(Consent::Kind::any, {0, 1, 2, 3}))), 40);
  Tree three = tree(Consent::Kind::at_least, {0, 1, 2, 3});
  three.count = 3;
  EXPECT_EQ(depth(value_of(three)), 10);
  Tree quota = tree(Consent::Kind::quota, {0, 1, 2, 3});
  quota.weights = {3, 2, 2, 1};
  quota.need = 5;
  EXPECT_EQ(depth(value_of(quota)), 20);
  Tree veto = tree(Consent::Kind::all, {0});
  veto.members.push_back(quota);
  EXPECT_EQ(depth(value_of(veto)), 20);
  const Tree payer = tree(Consent::Kind::all, {0, 1, 2});
  EXPECT_EQ(depth([&](std::size_t p, std::vector<int> ranks) {
              if (p == 0) ranks[2] = kNotAsked;
              return tree_rank(payer, ranks);
            }),
            20);
}

TEST(TreeRank, LeavesOutWhoIsNotAsked) {
  Tree pair;
  pair.kind = Consent::Kind::at_least;
  pair.count = 2;
  for (int i = 0; i < 2; ++i) {
    Tree member;
    member.kind = Consent::Kind::leaf;
    member.leaf = i;
    pair.members.push_back(member);
  }
  EXPECT_EQ(tree_rank(pair, {3, 5}), 3);
  EXPECT_EQ(tree_rank(pair, {3, kNotAsked}), kNever);
  EXPECT_EQ(tree_rank(pair, {kNotAsked, kNotAsked}), kNotAsked);
  pair.kind = Consent::Kind::all;
  EXPECT_EQ(tree_rank(pair, {3, kNotAsked}), 3);
  EXPECT_EQ(tree_rank(pair, {kNever, 3}), kNever);
}

// One price in steps of 1; seller at least 6, buyer at most 4.
TEST(BruteForce, SoftensRedLinesThatClash) {
  Position seller = ideal(0, 1, 10);
  seller.limit = Limit{LimitEnd{Number(Rational(6)), false}, {}, {}, false};
  Position buyer = ideal(0, 1, 0);
  buyer.limit = Limit{{}, LimitEnd{Number(Rational(4)), false}, {}, false};
  const Scenario s =
      scenario({steps("price", 0, 10, 1)}, {party("seller", {seller}), party("buyer", {buyer})});
  const Answer answer = BruteForce(s).answer();
  EXPECT_FALSE(answer.hard.value);
  EXPECT_EQ(answer.kind, Kind::all);
  EXPECT_EQ(answer.all.value, Rational(-1, 10));
  EXPECT_EQ(answer.all.package, 5U);
  EXPECT_EQ(answer.binding, (std::vector<char>{1, 1}));
  EXPECT_EQ(answer.status, Status::closed);  // −0.1 is not above −0.1
  EXPECT_FALSE(answer.issues[0].stated);
  EXPECT_EQ(answer.issues[0].blocked_by, (std::vector<int>{0, 1}));
  EXPECT_TRUE(answer.issues[0].near_zone);
  EXPECT_EQ(answer.issues[0].effective_range, (Range{5, 5}));
  EXPECT_EQ(answer.issues[0].effective, Rational(1, 11));
}

// A strict end counts its distance from the first settlement that is accepted: "> 6" is "≥ 7".
TEST(BruteForce, MeasuresAStrictEndFromTheNextSettlement) {
  Position seller = ideal(0, 1, 10);
  seller.limit = Limit{LimitEnd{Number(Rational(6)), true}, {}, {}, false};
  Position buyer = ideal(0, 1, 0);
  buyer.limit = Limit{{}, LimitEnd{Number(Rational(6)), false}, {}, false};
  const Scenario s =
      scenario({steps("price", 0, 10, 1)}, {party("seller", {seller}), party("buyer", {buyer})});
  const Answer answer = BruteForce(s).answer();
  EXPECT_EQ(answer.all.value, Rational(-1, 10));
}

// rc02: Raiffa's weights, Brams and Taylor's result: both sides 66 points.
TEST(AdjustedWinner, GivesPanamaAndTheUnitedStatesSixtySixPointsEach) {
  const std::vector<int> us = {22, 22, 15, 14, 11, 6, 4, 2, 2, 2};
  const std::vector<int> panama = {9, 15, 15, 3, 15, 5, 11, 7, 7, 13};
  std::vector<Issue> issues;
  std::vector<Position> first;
  std::vector<Position> second;
  for (std::size_t j = 0; j < us.size(); ++j) {
    issues.push_back(options("issue" + std::to_string(j), {"us", "panama"}, false));
    first.push_back(worths(static_cast<int>(j), us[j], {10, 0}));
    second.push_back(worths(static_cast<int>(j), panama[j], {0, 10}));
  }
  const Scenario s = scenario(issues, {party("us", first), party("panama", second)});
  const auto winner = adjusted_winner(s);
  ASSERT_TRUE(winner);
  EXPECT_EQ(winner->first_utility, Rational(66, 100));
  EXPECT_EQ(winner->second_utility, Rational(66, 100));
}

TEST(BruteForce, MergesEqualLeavesAndScopesUtility) {
  Scenario s = scenario({options("x", {"a", "b"}, false), options("y", {"a", "b"}, false)},
                        {party("one", {worths(0, 3, {10, 0}), worths(1, 1, {0, 10})}),
                         party("two", {worths(0, 1, {0, 10})})});
  Consent scoped = leaf(0);
  scoped.issues = std::vector<int>{1};
  Consent when = leaf(1);
  when.when = {zopa::Test{1, Relation::equal, Number(Rational(1)), {}}};
  s.consent =
      node(Consent::Kind::all, {leaf(0), scoped, node(Consent::Kind::any, {leaf(0), when})});
  const BruteForce brute(s);
  ASSERT_EQ(brute.reading().leaves.size(), 3U);
  EXPECT_EQ(brute.reading().leaves[0].salience, (std::vector<Rational>{{3, 4}, {1, 4}}));
  EXPECT_EQ(brute.reading().leaves[1].salience, (std::vector<Rational>{0, 1}));
  EXPECT_FALSE(brute.view(0, 2).asked);
  EXPECT_TRUE(brute.view(1, 2).asked);
}

// The distribution of the random scenarios: enough empty and open zones, soft depths and ties.
TEST(RandomScenario, CoversEveryStatusAndKind) {
  int count = 0;
  int open = 0;
  int soft = 0;
  int none = 0;
  int ties = 0;
  int status[5] = {};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Scenario s = random_scenario(seed, {});
    const BruteForce brute(s);
    ASSERT_FALSE(brute.packages().empty()) << seed;
    const Answer answer = brute.answer();
    ASSERT_EQ(!answer.zone.empty(), answer.hard.value && *answer.hard.value >= 0) << seed << "\n"
                                                                                  << yaml_text(s);
    ASSERT_EQ(!answer.zone.empty(), answer.all.value && *answer.all.value >= 0) << seed << "\n"
                                                                                << yaml_text(s);
    ++count;
    open += !answer.zone.empty();
    soft += !answer.hard.value && answer.all.value;
    none += !answer.all.value;
    ties += answer.rules.at("nash").optima.size() > 1;
    ++status[static_cast<int>(answer.status)];
  }
  EXPECT_GT(open, count / 4);
  EXPECT_LT(open, count * 3 / 4);
  EXPECT_GT(soft, count / 50);
  EXPECT_GT(none, count / 100);
  EXPECT_LT(none, count / 5);
  EXPECT_GT(ties, count / 50);
  for (const int each : status) EXPECT_GT(each, 0);
  RecordProperty("open", open);
  RecordProperty("soft", soft);
  RecordProperty("none", none);
  RecordProperty("ties", ties);
  if (std::getenv("ZOPA_SHOW") != nullptr)
    std::printf("open %d soft %d none %d ties %d, status %d %d %d %d %d of %d\n", open, soft, none,
                ties, status[0], status[1], status[2], status[3], status[4], count);
}

}  // namespace
}  // namespace zopa::oracle
