// SPDX-License-Identifier: MIT
//
// What a demand, a reservation, a rule or one more consent does to the depth and the zone.

#include "model/answers/depth.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/engine/prepare.hpp"
#include "model/validity.hpp"
#include "tests/laws/edits.hpp"
#include "tests/laws/laws.hpp"
#include "tests/oracle/brute_force.hpp"

namespace zopa {
namespace {

using laws::Answers;
using laws::continuous;
using laws::Depths;
using laws::depths;
using laws::expect_law;
using laws::look;
using laws::open;
using laws::unanimous;
using laws::Value;
using oracle::BruteForce;
using oracle::Dice;
using oracle::Shape;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

bool negative(const Value& depth) { return !depth || *depth < 0; }

std::string changed_to(const Scenario& scenario) {
  return "changed to\n" + oracle::yaml_text(scenario);
}

// `less` asks more than `more`: in each kind by itself. Returns whether it is felt.
bool expect_no_deeper(const Scenario& less, const Scenario& more) {
  const Problem narrow = laws::problem_of(less);
  const Problem wide = laws::problem_of(more);
  const Depths low = depths(narrow);
  const Depths high = depths(wide);
  EXPECT_LE(low.hard, high.hard);
  EXPECT_LE(low.all, high.all);
  if (narrow.discrete()) {
    EXPECT_TRUE(laws::subset(laws::zone(narrow), laws::zone(wide)));
  }
  return low.hard != high.hard || low.all != high.all;
}

// ---- signs

// D_hard ≥ 0 ⇔ Z is not empty ⇔ D_all ≥ 0. Z as the definition has it: A_i by surplus and demands.
TEST(Depth, IsNegativeInBothKindsExactlyWhereTheZoneIsEmpty) {
  expect_law({}, 300, 15, [](const Scenario& scenario, Dice&) {
    const Depths both = depths(scenario);
    const bool empty = BruteForce(scenario).answer().zone.empty();
    EXPECT_EQ(negative(both.hard), empty);
    EXPECT_EQ(negative(both.all), empty);
    return empty;
  });
}

TEST(Depth, IsNegativeInBothKindsOrInNoneWithContinuousIssues) {
  for (const int issues : {1, 2}) {
    expect_law(continuous(issues), 200, 15, [](const Scenario& scenario, Dice&) {
      const Depths both = depths(scenario);
      EXPECT_EQ(negative(both.hard), negative(both.all));
      return negative(both.hard);
    });
  }
}

TEST(Depth, IsNegativeWhereNothingIsAcceptable) {
  expect_law({}, 300, 15, [](const Scenario& scenario, Dice&) {
    const Overlap found = look(scenario).overlap;
    EXPECT_EQ(negative(found.depth.low), *found.breadth.acceptable == 0);
    for (const IssueOverlap& issue : found.issues)
      EXPECT_EQ(issue.near_zone, negative(found.depth.low));
    return negative(found.depth.low);
  });
}

// Breadth may be 0 where the depth is 0, never where a zone has room.
TEST(Depth, IsNotNegativeWhereTheZoneHasBreadth) {
  for (const int issues : {1, 2}) {
    expect_law(continuous(issues), 50, 30, [](const Scenario& scenario, Dice&) {
      const Overlap found = look(scenario).overlap;
      if (!found.breadth.exact_share) return false;
      if (*found.breadth.exact_share > 0) {
        EXPECT_FALSE(negative(found.depth.low));
      }
      return *found.breadth.exact_share > 0;
    });
  }
}

// ---- demands, reservations, consents: every b_i stays as it is

TEST(Depth, DoesNotRiseWhenADemandIsAdded) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{}, 500), std::pair(continuous(1), 100), std::pair(continuous(2), 60)}) {
    expect_law(shape, cases, 15, [](const Scenario& scenario, Dice& dice) {
      const auto harder = laws::add_demand(scenario, dice);
      if (!harder) return false;
      SCOPED_TRACE(changed_to(*harder));
      return expect_no_deeper(*harder, scenario);
    });
  }
}

TEST(Depth, DoesNotFallWhenADemandIsRemoved) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{}, 500), std::pair(continuous(1), 100), std::pair(continuous(2), 60)}) {
    expect_law(shape, cases, 10, [](const Scenario& scenario, Dice& dice) {
      const auto easier = laws::remove_demand(scenario, dice);
      if (!easier) return false;
      SCOPED_TRACE(changed_to(*easier));
      return expect_no_deeper(scenario, *easier);
    });
  }
}

// 1 − m_i = (b_i − u_i) / (b_i − r_i): a lower reservation makes the scale longer, and yet no
// margin falls, because u_i ≤ b_i.
TEST(Depth, DoesNotFallWhenAReservationIsLowered) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{}, 500), std::pair(continuous(1), 100), std::pair(continuous(2), 60)}) {
    expect_law(shape, cases, 10, [](const Scenario& scenario, Dice& dice) {
      const auto easier = laws::lower_reservation(scenario, dice);
      if (!easier) return false;
      SCOPED_TRACE(changed_to(*easier));
      return expect_no_deeper(scenario, *easier);
    });
  }
}

// Drops a random member of a random `all` node at which somebody else is always asked.
std::optional<Scenario> drop_member(const Scenario& scenario, Dice& dice) {
  Scenario result = scenario;
  std::vector<std::pair<Consent*, std::size_t>> found;
  const std::function<void(Consent&, bool)> collect = [&](Consent& node, bool above_is_all) {
    const bool all = node.kind == Consent::Kind::all;
    for (std::size_t k = 0; k < node.members.size(); ++k) {
      Consent others = node;
      others.members.erase(others.members.begin() + static_cast<std::ptrdiff_t>(k));
      if (all && !others.members.empty() && (above_is_all || laws::surely_asked(others)))
        found.emplace_back(&node, k);
    }
    for (Consent& member : node.members) collect(member, above_is_all && all);
  };
  collect(result.consent, true);
  if (found.empty()) return std::nullopt;
  const auto& [node, k] = found[at(dice.pick(0, static_cast<int>(found.size()) - 1))];
  node->members.erase(node->members.begin() + static_cast<std::ptrdiff_t>(k));
  return result;
}

// Where the `all` above is left out without the new leaf, because nobody in it is asked, its parent
// counts one more member; so the law needs somebody in it who is always asked, or nothing but `all`
// above it.
TEST(Depth, DoesNotRiseWhenAMemberJoinsAnAll) {
  for (const auto& [shape, cases] : {std::pair(Shape{.least_parties = 2}, 500),
                                     std::pair(continuous(1), 100), std::pair(continuous(2), 60)}) {
    expect_law(shape, cases, 8, [](const Scenario& scenario, Dice& dice) {
      const auto fewer = drop_member(scenario, dice);
      if (!fewer) return false;
      SCOPED_TRACE("without one\n" + oracle::yaml_text(*fewer));
      return expect_no_deeper(scenario, *fewer);
    });
  }
}

// ---- rules: every b_i may change

// Only the sign of the depth is monotone in rules, because acceptable sets do not depend on b_i.
TEST(Zone, OfOneMoreRuleIsTheOldZoneInTheNewSpace) {
  int deeper = 0;
  expect_law({}, 600, 15, [&](const Scenario& scenario, Dice& dice) {
    const auto ruled = laws::add_rule(scenario, dice);
    if (!ruled) return false;
    SCOPED_TRACE(changed_to(*ruled));
    const Problem wide = laws::problem_of(scenario);
    const Problem narrow = laws::problem_of(*ruled);
    const std::vector<Package> before_it = laws::zone(wide);
    std::vector<Package> left;
    for (const Package& package : before_it)
      if (!broken_rule(narrow, package)) left.push_back(package);
    const std::vector<Package> after = laws::zone(narrow);
    EXPECT_EQ(after, left);
    const Depths then = depths(wide);
    const Depths now = depths(narrow);
    EXPECT_EQ(negative(now.hard), left.empty());
    if (!open(then)) {
      EXPECT_FALSE(open(now));
    }
    deeper += now.hard > then.hard;
    return !before_it.empty() && after.size() < before_it.size();
  });
  laws::expect_seen(deeper, "the depth itself is not monotone in rules");
}

TEST(Zone, StaysEmptyUnderOneMoreRuleWithContinuousIssues) {
  for (const int issues : {1, 2}) {
    expect_law(continuous(issues), 200, 10, [](const Scenario& scenario, Dice& dice) {
      if (open(depths(scenario))) return false;
      const int issue = dice.pick(0, static_cast<int>(scenario.issues.size()) - 1);
      Scenario ruled = scenario;
      Rule rule;
      rule.id = "more";
      rule.require = {laws::random_test(scenario, issue, true, dice)};
      ruled.rules.push_back(rule);
      if (!find_problems(ruled).empty() || agreement_space_empty(frame_problem(ruled)))
        return false;
      SCOPED_TRACE(changed_to(ruled));
      const Depths now = depths(ruled);
      EXPECT_TRUE(negative(now.hard));
      EXPECT_TRUE(negative(now.all));
      return true;
    });
  }
}

// ---- the consent tree

// A scenario whose tree has at least two members at its root, under another kind of root.
Scenario under(const Scenario& scenario, Consent::Kind kind, int count = 0) {
  Scenario result = scenario;
  result.consent.kind = kind;
  result.consent.weights.clear();
  result.consent.count = count;
  return result;
}

Scenario by_weight(const Scenario& scenario, const std::vector<Rational>& weights,
                   const Rational& need) {
  Scenario result = under(scenario, Consent::Kind::quota);
  result.consent.weights = weights;
  result.consent.need = need;
  return result;
}

int members(const Scenario& scenario) { return static_cast<int>(scenario.consent.members.size()); }

void expect_equal(const Scenario& a, const Scenario& b) {
  const Problem first = laws::problem_of(a);
  const Problem second = laws::problem_of(b);
  EXPECT_EQ(depths(first).hard, depths(second).hard);
  EXPECT_EQ(depths(first).all, depths(second).all);
  if (first.discrete()) {
    EXPECT_EQ(laws::zone(first), laws::zone(second));
  }
}

// Without conditions: where a member may be left out the need of `at_least` stays as it is, so that
// `at_least n of n` asks more than `all`.
TEST(ConsentTree, IsNoDeeperTheMoreMembersMustAccept) {
  for (const auto& [shape, cases] : {std::pair(Shape{.least_parties = 2, .whens = false}, 250),
                                     std::pair(
                                         [] {
                                           Shape shape = continuous(1);
                                           shape.whens = false;
                                           return shape;
                                         }(),
                                         50)}) {
    expect_law(shape, cases, 20, [](const Scenario& scenario, Dice&) {
      const int n = members(scenario);
      if (n < 2) return false;
      expect_equal(under(scenario, Consent::Kind::all),
                   under(scenario, Consent::Kind::at_least, n));
      bool felt = false;
      for (int k = 2; k <= n; ++k) {
        felt = expect_no_deeper(under(scenario, Consent::Kind::at_least, k),
                                under(scenario, Consent::Kind::at_least, k - 1)) ||
               felt;
      }
      return felt;
    });
  }
}

TEST(ConsentTree, OfOneOfManyIsAny) {
  expect_law({.least_parties = 2}, 300, 30, [](const Scenario& scenario, Dice&) {
    if (members(scenario) < 2) return false;
    expect_equal(under(scenario, Consent::Kind::any), under(scenario, Consent::Kind::at_least, 1));
    return depths(under(scenario, Consent::Kind::any)).all !=
           depths(under(scenario, Consent::Kind::all)).all;
  });
}

TEST(ConsentTree, OfEqualWeightsCountsHeads) {
  expect_law({.least_parties = 2}, 120, 40, [](const Scenario& scenario, Dice& dice) {
    const int n = members(scenario);
    if (n < 2) return false;
    const Rational weight(dice.pick(1, 9), dice.pick(1, 9));
    for (int k = 1; k <= n; ++k) {
      const std::vector<Rational> weights(at(n), weight);
      const Scenario heads = under(scenario, Consent::Kind::at_least, k);
      expect_equal(by_weight(scenario, weights, k * weight), heads);
      // More than k − 1 heads are k heads.
      expect_equal(by_weight(scenario, weights, (k - 1) * weight + weight / 7), heads);
    }
    return true;
  });
}

TEST(ConsentTree, IsNoDeeperTheMoreWeightIsNeeded) {
  expect_law({.least_parties = 2}, 500, 10, [](const Scenario& scenario, Dice& dice) {
    const int n = members(scenario);
    if (n < 2) return false;
    std::vector<Rational> weights;
    Rational sum = 0;
    for (int k = 0; k < n; ++k) sum += weights.emplace_back(dice.pick(1, 9));
    const Rational less = sum * dice.pick(1, 20) / 20;
    const Rational more = less + (sum - less) * dice.pick(0, 20) / 20;
    return expect_no_deeper(by_weight(scenario, weights, more), by_weight(scenario, weights, less));
  });
}

// Over the leaves of any tree, and without conditions (see above).
TEST(ConsentTree, IsNeverShallowerThanUnanimityOfItsLeaves) {
  expect_law({.least_parties = 2, .whens = false}, 500, 10, [](const Scenario& scenario, Dice&) {
    Scenario unanimous = scenario;
    const std::function<Consent(const Consent&)> all = [&](const Consent& node) {
      Consent copy = node;
      if (node.kind == Consent::Kind::leaf) return copy;
      copy = laws::node_of(Consent::Kind::all, {});
      for (const Consent& member : node.members) copy.members.push_back(all(member));
      return copy;
    };
    unanimous.consent = all(scenario.consent);
    return expect_no_deeper(unanimous, scenario);
  });
}

// Tsebelis 2002: a veto whose acceptable set contains what the others accept is absorbed. It is
// content with the worst of the zone, and its red lines enclose the zone. The zone stays; the depth
// may fall, for what is acceptable need not be comfortable.
TEST(Zone, StaysWhenAVetoIsAbsorbed) {
  int shallower = 0;
  expect_law({}, 150, 30, [&](const Scenario& scenario, Dice& dice) {
    const Answers before_it = look(scenario);
    const std::vector<Package> zone = laws::zone(before_it.problem);
    if (zone.empty()) return false;
    Scenario more = scenario;
    Party veto;
    veto.id = veto.title = "veto";
    for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
      const Issue& on = scenario.issues[j];
      Position position;
      position.issue = static_cast<int>(j);
      position.salience = Number(Rational(dice.pick(1, 5)));
      for (int k = 0; k < on.settlements(); ++k)
        position.value.push_back({on.place(k), Number(Rational(dice.pick(0, 10), 10))});
      if (on.kind != IssueKind::unordered && dice.chance(50)) {
        const Span ends = *before_it.overlap.issues[j].effective_span;
        position.limit.emplace();
        position.limit->low = LimitEnd{Number(ends.low)};
        position.limit->high = LimitEnd{Number(ends.high)};
      }
      veto.positions.push_back(position);
    }
    const int index = static_cast<int>(scenario.parties.size());
    more.parties.push_back(veto);
    more.consent = laws::node_of(Consent::Kind::all, {scenario.consent, laws::leaf_of(index)});
    const Problem framed = laws::problem_of(more);
    Rational least = 1;
    for (const Package& package : zone)
      least = std::min(least, *view(framed, framed.n() - 1, package).utility);
    more.parties.back().reservation.utility = Number(least);
    SCOPED_TRACE(changed_to(more));
    const Answers after = look(more);
    EXPECT_EQ(laws::zone(after.problem), zone);
    EXPECT_EQ(after.overlap.breadth.acceptable, before_it.overlap.breadth.acceptable);
    for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
      EXPECT_EQ(after.overlap.issues[j].effective_parts.size(),
                before_it.overlap.issues[j].effective_parts.size());
    }
    EXPECT_LE(after.overlap.depth.low, before_it.overlap.depth.low);
    shallower += after.overlap.depth.low < before_it.overlap.depth.low;
    return *after.overlap.breadth.packages > zone.size();
  });
  laws::expect_seen(shallower, "an absorbed veto may make the zone shallower");
}

// ---- fewer parties

Value common_depth(const Answers& answers) {
  const Depths both = depths(answers.problem);
  return answers.overlap.comparison_kind == DepthKind::hard ? both.hard : both.all;
}

TEST(Pairs, AreNoShallowerThanAllTogetherInTreesOfAll) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{.least_parties = 2}, 250), std::pair(unanimous(continuous(1)), 50)}) {
    expect_law(shape, cases, 15, [](const Scenario& scenario, Dice&) {
      if (!laws::only_all(scenario.consent)) return false;
      const Answers answers = look(scenario);
      const Value together = common_depth(answers);
      bool deeper = false;
      for (const PairDepth& pair : answers.overlap.pairs) {
        EXPECT_EQ(pair.depth.kind, answers.overlap.comparison_kind);
        EXPECT_GE(pair.depth.low, together);
        deeper = deeper || pair.depth.low > together;
      }
      return deeper;
    });
  }
}

// In every tree: a leaf that takes its best value lowers no node.
TEST(LeaveOneOut, IsNoShallowerThanTheDepth) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{.least_parties = 2}, 250), std::pair(continuous(1), 50)}) {
    expect_law(shape, cases, 30, [](const Scenario& scenario, Dice&) {
      const Answers answers = look(scenario);
      const Value together = common_depth(answers);
      bool deeper = false;
      for (const PartySummary& party : answers.overlap.parties) {
        if (!party.without) continue;
        EXPECT_EQ(party.without->kind, answers.overlap.comparison_kind);
        EXPECT_GE(party.without->low, together);
        EXPECT_EQ(party.criticality.has_value(), party.without->low && together);
        if (!party.criticality) continue;
        EXPECT_GE(*party.criticality, 0);
        EXPECT_EQ(*party.criticality, *party.without->low - *together);
        deeper = deeper || *party.criticality > 0;
      }
      return deeper;
    });
  }
}

// With two parties whose consent is all that is asked, the pair is everybody.
TEST(Pairs, OfTwoPartiesAreTheWhole) {
  expect_law({.least_parties = 2, .most_parties = 2, .trees = false}, 150, 80,
             [](const Scenario& scenario, Dice&) {
               const Answers answers = look(scenario);
               EXPECT_EQ(answers.overlap.pairs.at(0).depth.low, common_depth(answers));
               EXPECT_FALSE(answers.overlap.every_pair_but_not_all);
               return answers.overlap.depth.low.has_value();
             });
}

}  // namespace
}  // namespace zopa
