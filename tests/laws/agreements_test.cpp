// SPDX-License-Identifier: MIT
//
// What the rules of agreement promise, axiom by axiom.

#include <gtest/gtest.h>

#include <algorithm>

#include "model/answers/depth.hpp"
#include "model/validity.hpp"
#include "tests/laws/edits.hpp"
#include "tests/laws/laws.hpp"

namespace zopa {
namespace {

using laws::Answers;
using laws::ask;
using laws::Bargain;
using laws::continuous;
using laws::expect_law;
using laws::kRulesOverZone;
using laws::unanimous;
using laws::Value;
using laws::Weighed;
using oracle::Dice;
using oracle::Shape;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// Every leaf with a utility can gain somewhere in X, so that its margin is a line in its utility.
bool margins_tell(const Problem& problem) {
  return std::all_of(problem.leaves.begin(), problem.leaves.end(), [](const Leaf& leaf) {
    return !leaf.has_utility || leaf.best > leaf.reservation;
  });
}

// At least as good for every leaf that counts, and better for one.
bool dominates(const Weighed& a, const Weighed& b) {
  for (std::size_t i = 0; i < a.utility.size(); ++i)
    if (a.utility[i] < b.utility[i]) return false;
  return a.utility != b.utility;
}

// Where a leaf can be outvoted, Nash looks at the packages that no asked leaf refuses.
bool nobody_refuses(const Problem& problem, const Package& package) {
  for (int i = 0; i < problem.n(); ++i) {
    const LeafView here = view(problem, i, package);
    if (here.asked && (!here.value || *here.value < 0)) return false;
  }
  return true;
}

TEST(Agreement, LiesInTheZone) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{}, 160), std::pair(continuous(1), 30), std::pair(continuous(2), 15)}) {
    expect_law(shape, cases, 35, [](const Scenario& scenario, Dice&) {
      const Answers answers = ask(scenario);
      const bool zone = answers.overlap.depth.low && *answers.overlap.depth.low >= 0;
      int agreed = 0;
      for (const std::string& rule : kRulesOverZone) {
        const Agreement& agreement = answers.rule(rule);
        if (!zone) {
          EXPECT_FALSE(agreement.exists);
        }
        if (!agreement.exists) continue;
        ++agreed;
        EXPECT_FALSE(broken_rule(answers.problem, *agreement.package));
        const Value value = tree_value(answers.problem, *agreement.package);
        EXPECT_TRUE(value && *value >= 0) << rule;
      }
      return agreed >= 5;
    });
  }
}

// Each rule is best at what it measures: the sum is greatest at the utilitarian agreement, the
// least surplus at the egalitarian one, the least margin at leximin, the least share of the hope at
// Kalai and Smorodinsky's, the product at Nash's; and so on level by level. No package of the zone
// does better, and exactly as many do as well as there are optima.
TEST(Agreement, IsBestInTheZoneAtWhatItsRuleMeasures) {
  for (const auto& [shape, cases] : {std::pair(Shape{}, 160), std::pair(unanimous({}), 80)}) {
    expect_law(shape, cases, 30, [](const Scenario& scenario, Dice&) {
      const Answers answers = ask(scenario);
      const Bargain bargain(answers.problem);
      if (bargain.packages().size() < 2) return false;
      for (const std::string& rule : kRulesOverZone) {
        const Agreement& agreement = answers.rule(rule);
        if (!agreement.exists) continue;
        const auto best = bargain.objective(rule, bargain.index(*agreement.package));
        int optima = 0;
        for (std::size_t p = 0; p < bargain.packages().size(); ++p) {
          if (rule == "nash" && !nobody_refuses(answers.problem, bargain.packages()[p])) continue;
          const auto here = bargain.objective(rule, p);
          EXPECT_LE(here, best) << rule;
          optima += here == best;
        }
        EXPECT_EQ(*agreement.optima, optima) << rule;
      }
      return true;
    });
  }
}

// One continuous price. The seller is content from 6 on, where another party's red line begins:
// every price from 6 to 10 is as good, and the first of them lies on the turn.
TEST(Agreement, IsOneOfAContinuumThatBeginsAtARedLine) {
  Scenario scenario;
  Issue price;
  price.id = price.title = "price";
  price.high = 10;
  scenario.issues = {price};
  Position wish;
  wish.salience = Number(Rational(1));
  wish.value = {{4, Number(Rational(2, 5))}, {6, Number(Rational(9, 10))}};
  Position line;
  line.limit.emplace().low = LimitEnd{Number(Rational(6))};
  scenario.parties.resize(2);
  scenario.parties[0].id = "seller";
  scenario.parties[0].positions = {wish};
  scenario.parties[1].id = "witness";
  scenario.parties[1].positions = {line};
  scenario.consent = laws::node_of(Consent::Kind::all, {laws::leaf_of(0), laws::leaf_of(1)});
  const Answers answers = ask(scenario);
  for (const std::string& rule : kRulesOverZone) {
    if (rule == "fallback") continue;  // left out where there is a continuum
    const Agreement& agreement = answers.rule(rule);
    EXPECT_EQ(agreement.package->places, std::vector<Rational>{6}) << rule;
    EXPECT_TRUE(agreement.continuum) << rule;
    EXPECT_FALSE(agreement.optima) << rule;
    ASSERT_TRUE(agreement.range[0]) << rule;
    EXPECT_EQ(agreement.range[0]->low, 6) << rule;
    EXPECT_EQ(agreement.range[0]->high, 10) << rule;
  }
}

// Leximin of margins is the depth, refined: its least margin is D. In trees of `all`; a leaf
// without utility only says yes, and never decides the depth of a zone.
TEST(Leximin, HasTheDepthAsItsLeastMargin) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{}, 300), std::pair(unanimous(continuous(1)), 60),
        std::pair(unanimous(continuous(2)), 30)}) {
    expect_law(shape, cases, 8, [](const Scenario& scenario, Dice&) {
      if (!laws::only_all(scenario.consent)) return false;
      const Answers answers = ask(scenario, {"leximin"});
      const Agreement& leximin = answers.rule("leximin");
      if (!leximin.exists) return false;
      const Weighed weighed = laws::weighed(answers.problem, *leximin.package);
      EXPECT_EQ(*std::min_element(weighed.margin.begin(), weighed.margin.end()),
                answers.overlap.depth.low);
      return *answers.overlap.depth.low < 1;
    });
  }
}

// Over the zone (Nash: over what no asked leaf refuses), in the utilities of the leaves that have
// one. Those that rest on margins need every margin to rise with the utility.
TEST(Agreement, IsParetoEfficient) {
  expect_law({}, 180, 30, [](const Scenario& scenario, Dice&) {
    const Answers answers = ask(scenario);
    const Bargain bargain(answers.problem);
    bool anybody_dominated = false;
    for (const std::string& rule : kRulesOverZone) {
      const Agreement& agreement = answers.rule(rule);
      if (!agreement.exists) continue;
      const bool by_utility = rule == "egalitarian" || rule == "utilitarian" || rule == "fallback";
      if (!by_utility && !margins_tell(answers.problem)) continue;
      const Weighed& chosen = bargain.at(bargain.index(*agreement.package));
      for (std::size_t p = 0; p < bargain.packages().size(); ++p) {
        const Weighed& other = bargain.at(p);
        anybody_dominated = anybody_dominated || dominates(chosen, other);
        if (rule == "nash" && !nobody_refuses(answers.problem, bargain.packages()[p])) continue;
        EXPECT_FALSE(dominates(other, chosen)) << rule;
      }
    }
    return anybody_dominated;
  });
}

// Independence of irrelevant alternatives. Somebody without utility refuses a part of the zone in
// which the agreement does not lie: no b_i changes, and whoever chooses one by one keeps the
// choice. Kalai–Smorodinsky and fallback look at the whole zone, and may move.
TEST(Agreement, StaysWhenOtherPackagesAreRefused) {
  int moved = 0;
  expect_law({}, 180, 8, [&](const Scenario& scenario, Dice& dice) {
    const Answers before_it = ask(scenario);
    if (!before_it.overlap.depth.low || *before_it.overlap.depth.low < 0) return false;
    const int m = before_it.problem.m();
    Condition when;
    if (dice.chance(50)) when = {laws::random_test(scenario, dice.pick(0, m - 1), false, dice)};
    const Condition require = {laws::random_test(scenario, dice.pick(0, m - 1), true, dice)};
    const Scenario guarded = laws::add_guardian(scenario, when, require);
    SCOPED_TRACE("changed to\n" + oracle::yaml_text(guarded));
    const Answers after = ask(guarded);
    bool felt = false;
    for (const std::string& rule : kRulesOverZone) {
      const Agreement& then = before_it.rule(rule);
      const Agreement& now = after.rule(rule);
      if (!then.exists) continue;
      const std::vector<Rational>& places = then.package->places;
      if (holds(when, places) && !holds(require, places)) continue;
      if (rule == "kalai_smorodinsky" || rule == "fallback") {
        moved += now.package->places != places;
        continue;
      }
      EXPECT_EQ(now.package->places, places) << rule;
      EXPECT_LE(*now.optima, *then.optima) << rule;
      felt = felt || *after.overlap.breadth.acceptable < *before_it.overlap.breadth.acceptable;
    }
    return felt;
  });
  laws::expect_seen(moved, "Kalai–Smorodinsky and fallback depend on the other packages");
}

// The same when the others become impossible, for Nash alone: surpluses do not depend on b_i, as
// long as every leaf is asked everywhere and the product is above 0.
TEST(Nash, StaysWhenOtherPackagesBecomeImpossible) {
  expect_law({.whens = false}, 350, 8, [](const Scenario& scenario, Dice& dice) {
    const Answers before_it = ask(scenario, {"nash"});
    const Agreement& then = before_it.rule("nash");
    if (!then.exists || !then.degenerate.empty()) return false;
    const auto ruled = laws::add_rule(scenario, dice);
    if (!ruled) return false;
    const Problem narrow = laws::problem_of(*ruled);
    if (broken_rule(narrow, *then.package)) return false;
    SCOPED_TRACE("changed to\n" + oracle::yaml_text(*ruled));
    const Answers after = ask(*ruled, {"nash"});
    const Agreement& now = after.rule("nash");
    EXPECT_EQ(now.package->places, then.package->places);
    EXPECT_TRUE(now.degenerate.empty());
    EXPECT_LE(*now.optima, *then.optima);
    return *after.overlap.breadth.acceptable < *before_it.overlap.breadth.acceptable;
  });
}

// A package of the zone that another one dominates, made impossible: nobody's best is lost, neither
// in X nor in Z, and no rule that asks how much chose it. (Fallback counts packages, and may move.)
// In trees of `all`, every leaf asked everywhere.
TEST(Agreement, StaysWhenADominatedPackageIsDropped) {
  for (const Shape& shape : {unanimous({}), unanimous({.most_issues = 1, .most_settlements = 9})}) {
    expect_law(shape, 300, 6, [](const Scenario& scenario, Dice& dice) {
      const Problem problem = laws::problem_of(scenario);
      const Bargain bargain(problem);
      std::vector<std::size_t> dominated;
      for (std::size_t p = 0; p < bargain.packages().size(); ++p) {
        for (std::size_t q = 0; q < bargain.packages().size(); ++q) {
          if (!dominates(bargain.at(q), bargain.at(p))) continue;
          dominated.push_back(p);
          break;
        }
      }
      if (dominated.empty()) return false;
      const std::size_t dropped =
          dominated[at(dice.pick(0, static_cast<int>(dominated.size()) - 1))];
      const Scenario fewer = laws::forbid(scenario, bargain.packages()[dropped].places);
      if (!find_problems(fewer).empty()) return false;  // it was somebody's reservation
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(fewer));
      const Answers then = ask(scenario);
      const Answers now = ask(fewer);
      EXPECT_EQ(now.overlap.depth.low, then.overlap.depth.low);
      EXPECT_EQ(now.overlap.depth.package, then.overlap.depth.package);
      EXPECT_EQ(*now.overlap.breadth.acceptable + 1, *then.overlap.breadth.acceptable);
      for (const std::string& rule : kRulesOverZone) {
        if (rule == "fallback") continue;
        EXPECT_EQ(now.rule(rule).package, then.rule(rule).package) << rule;
        EXPECT_EQ(now.rule(rule).optima, then.rule(rule).optima) << rule;
      }
      return true;
    });
  }
}

// Kalai and Smorodinsky 1975: egalitarian where everybody hopes for the same. Each party's utility
// is scaled so that its best surplus in the zone is that of the most modest. Parties asked whole,
// each with something to hope for.
TEST(KalaiSmorodinsky, IsEgalitarianWhereAllHopeForTheSame) {
  expect_law(unanimous({.least_parties = 2}), 500, 8, [](const Scenario& scenario, Dice&) {
    const Problem problem = laws::problem_of(scenario);
    const Bargain bargain(problem);
    if (bargain.packages().size() < 2 || bargain.hopes().size() < 2) return false;
    const Rational least = *std::min_element(bargain.hopes().begin(), bargain.hopes().end());
    if (least <= 0) return false;
    Scenario equal = scenario;
    bool scaled = false;
    std::size_t row = 0;
    for (const Leaf& leaf : problem.leaves) {
      if (!leaf.has_utility) continue;
      const Rational factor = least / bargain.hopes()[row++];
      equal = laws::rescale_utility(equal, leaf.party, 0, factor);
      scaled = scaled || factor < 1;
    }
    SCOPED_TRACE("changed to\n" + oracle::yaml_text(equal));
    const Answers then = ask(scenario, {"kalai_smorodinsky"});
    const Answers now = ask(equal, {"kalai_smorodinsky", "egalitarian"});
    if (now.problem.rounded) return false;
    const Bargain after(now.problem);
    for (const Rational& hope : after.hopes()) EXPECT_EQ(hope, least);
    const Agreement& same = now.rule("egalitarian");
    const Agreement& ks = then.rule("kalai_smorodinsky");
    EXPECT_EQ(now.rule("kalai_smorodinsky").package, ks.package);
    const std::vector<Value> surpluses = after.objective("egalitarian", after.index(*same.package));
    const std::vector<Value> shares =
        bargain.objective("kalai_smorodinsky", bargain.index(*ks.package));
    for (std::size_t i = 0; i < surpluses.size(); ++i) EXPECT_EQ(*surpluses[i], *shares[i] * least);
    EXPECT_GE(*same.optima, *ks.optima);  // ties of Kalai–Smorodinsky go by margins
    return scaled;
  });
}

// Brams and Kilgour 2001: fallback uses orders only. One party's worth of a single issue is
// squared, and its reservation with it: the same packages are acceptable, in the same order. What
// is compared is how many each prefers; ties go by margins, which do depend on the worths.
TEST(Fallback, LooksAtOrdersOnly) {
  int others_moved = 0;
  const Shape shape{.most_issues = 1,
                    .most_settlements = 12,
                    .least_parties = 2,
                    .trees = false,
                    .demands = false};
  expect_law(shape, 400, 10, [&](const Scenario& scenario, Dice& dice) {
    const int chosen = dice.pick(0, static_cast<int>(scenario.parties.size()) - 1);
    Scenario curved = scenario;
    Party& party = curved.parties[at(chosen)];
    for (Position& position : party.positions) {
      if (!position.has_worth()) continue;
      position.value = laws::breakpoints(scenario.issues[at(position.issue)], position);
      position.ideal.reset();
      for (Breakpoint& point : position.value)
        point.worth = Number(Rational(point.worth.likely * point.worth.likely));
    }
    if (party.reservation.utility) {
      const Rational r = party.reservation.utility->likely;
      party.reservation.utility = Number(Rational(r * r));
    }
    SCOPED_TRACE("changed to\n" + oracle::yaml_text(curved));
    const Answers then = ask(scenario, {"fallback", "leximin"});
    const Answers now = ask(curved, {"fallback", "leximin"});
    EXPECT_EQ(laws::zone(now.problem), laws::zone(then.problem));
    const Agreement& before_it = then.rule("fallback");
    const Agreement& after = now.rule("fallback");
    EXPECT_EQ(after.exists, before_it.exists);
    if (!before_it.exists) return false;
    const Bargain a(then.problem);
    const Bargain b(now.problem);
    const auto preferred = [](const Bargain& bargain, const Agreement& agreement) {
      auto levels = bargain.objective("fallback", bargain.index(*agreement.package));
      levels.resize(bargain.hopes().size());
      return levels;
    };
    EXPECT_EQ(preferred(b, after), preferred(a, before_it));
    others_moved += now.rule("leximin").package != then.rule("leximin").package;
    return a.packages().size() > 2;
  });
  laws::expect_seen(others_moved, "leximin uses more than orders");
}

// ---- duplicated parties

// A twin with equal positions beside a party under `all`: no consent more than before. On a
// discrete set the least value stays that leximin of margins, of surpluses and of shares of hopes
// raise first; further levels count the twin and may choose another package, and so may Nash.
TEST(Twin, LeavesZoneDepthAndTheLeastValuesAsTheyAre) {
  int nash_moved = 0;
  int leximin_moved = 0;
  expect_law({}, 150, 25, [&](const Scenario& scenario, Dice& dice) {
    const int party = dice.pick(0, static_cast<int>(scenario.parties.size()) - 1);
    const Scenario twins = laws::duplicate_party(scenario, party);
    SCOPED_TRACE("changed to\n" + oracle::yaml_text(twins));
    const Answers then = ask(scenario);
    const Answers now = ask(twins);
    EXPECT_EQ(laws::zone(now.problem), laws::zone(then.problem));
    EXPECT_EQ(now.overlap.depth.kind, then.overlap.depth.kind);
    EXPECT_EQ(now.overlap.depth.low, then.overlap.depth.low);
    if (laws::only_all(scenario.consent)) {
      EXPECT_EQ(now.overlap.relaxed_depth, then.overlap.relaxed_depth);
    }
    EXPECT_EQ(now.overlap.breadth.acceptable, then.overlap.breadth.acceptable);
    EXPECT_EQ(now.overlap.status, then.overlap.status);
    for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
      EXPECT_EQ(now.overlap.issues[j].effective, then.overlap.issues[j].effective);
      EXPECT_EQ(now.overlap.issues[j].stated, then.overlap.issues[j].stated);
    }
    const Bargain a(then.problem);
    const Bargain b(now.problem);
    for (const char* rule : {"kalai_smorodinsky", "egalitarian", "leximin"}) {
      EXPECT_EQ(now.rule(rule).exists, then.rule(rule).exists);
      if (!then.rule(rule).exists) continue;
      EXPECT_EQ(b.objective(rule, b.index(*now.rule(rule).package)).front(),
                a.objective(rule, a.index(*then.rule(rule).package)).front());
    }
    if (!then.rule("leximin").exists || a.hopes().size() < 2) return false;
    nash_moved += now.rule("nash").package != then.rule("nash").package;
    leximin_moved += now.rule("leximin").package != then.rule("leximin").package;
    return now.problem.n() > then.problem.n();
  });
  laws::expect_seen(nash_moved, "splitting a party moves Nash");
  laws::expect_seen(leximin_moved, "the further levels of leximin count heads");
}

// Where everybody has a twin, every rule weighs the same things twice.
TEST(Twin, OfEverybodyLeavesEveryAgreementAsItIs) {
  expect_law({.most_parties = 3, .most_leaves = 4}, 120, 30, [](const Scenario& scenario, Dice&) {
    Scenario twins = scenario;
    for (std::size_t i = 0; i < scenario.parties.size(); ++i) {
      twins = laws::duplicate_party(twins, static_cast<int>(i));
      twins.parties.back().id += std::to_string(i);
    }
    const Answers then = ask(scenario);
    const Answers now = ask(twins);
    for (const std::string& rule : kRulesOverZone) {
      EXPECT_EQ(now.rule(rule).exists, then.rule(rule).exists) << rule;
      EXPECT_EQ(now.rule(rule).package, then.rule(rule).package) << rule;
      EXPECT_EQ(now.rule(rule).optima, then.rule(rule).optima) << rule;
    }
    return then.rule("leximin").exists && *then.overlap.breadth.acceptable > 1;
  });
}

// On a convex set the leximin point is one vector of margins, and raising the worst-off as far as
// they go fixes them one after another: how many have the same positions does not matter. Convex:
// one continuous issue on which every worth is a single straight line, and red lines with two ends.
TEST(Twin, LeavesLeximinAsItIsInAConvexZone) {
  const std::vector<std::string> rules = {"kalai_smorodinsky", "egalitarian", "leximin"};
  Shape shape = continuous(2);
  shape.most_issues = 2;
  shape.rules = shape.trees = shape.demands = false;
  shape.least_parties = 2;
  expect_law(shape, 40, 25, [&](const Scenario& scenario, Dice& dice) {
    Scenario convex = scenario;
    for (Party& party : convex.parties) {
      for (Position& position : party.positions) {
        if (!position.has_worth()) continue;
        const Issue& issue = convex.issues[at(position.issue)];
        position.ideal.reset();
        position.value = {{issue.low, Number(Rational(dice.pick(0, 10), 10))},
                          {issue.high, Number(Rational(dice.pick(0, 10), 10))}};
      }
      const Rational r = party.reservation.utility ? party.reservation.utility->likely : 0;
      party.reservation = {};
      party.reservation.utility = Number(Rational(r / 2));
    }
    const int party = dice.pick(0, static_cast<int>(convex.parties.size()) - 1);
    const Scenario twins = laws::duplicate_party(convex, party);
    SCOPED_TRACE("changed to\n" + oracle::yaml_text(twins));
    const Answers then = ask(convex, rules);
    const Answers now = ask(twins, rules);
    for (const std::string& rule : rules) {
      EXPECT_EQ(now.rule(rule).exists, then.rule(rule).exists);
      EXPECT_EQ(now.rule(rule).package, then.rule(rule).package) << rule;
    }
    return then.rule("leximin").exists && now.problem.n() > 2;
  });
}

}  // namespace
}  // namespace zopa
