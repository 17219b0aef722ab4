// SPDX-License-Identifier: MIT
//
// The same scenario in other words has the same answers.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/laws/edits.hpp"
#include "tests/laws/laws.hpp"

namespace zopa {
namespace {

using laws::Answers;
using laws::ask;
using laws::Compared;
using laws::continuous;
using laws::expect_law;
using laws::facts;
using oracle::Dice;
using oracle::Shape;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

int count(std::size_t size) { return static_cast<int>(size); }

struct Family {
  Shape shape;
  int cases;
};

std::vector<Family> families(int cases) {
  return {{{}, cases}, {continuous(1), cases / 6}, {continuous(2), cases / 12}};
}

// ---- another order

// The packages keep their order in the file, so that ties are broken as before. (Adjusted winner
// breaks them by the order of the parties.)
TEST(Relabelling, OfPartiesPermutesTheAnswers) {
  for (const Family& family : families(100)) {
    expect_law(family.shape, family.cases, 40, [](const Scenario& scenario, Dice& dice) {
      const std::vector<int> order = laws::random_order(count(scenario.parties.size()), dice);
      const Scenario changed = laws::reorder_parties(scenario, order);
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(changed));
      const Compared compared{.order = false};
      EXPECT_EQ(facts(ask(changed), compared), facts(ask(scenario), compared));
      return !std::is_sorted(order.begin(), order.end());
    });
  }
}

TEST(Relabelling, OfMembersPermutesTheAnswers) {
  for (const Family& family : families(100)) {
    expect_law(family.shape, family.cases, 40, [](const Scenario& scenario, Dice& dice) {
      const Scenario changed = laws::shuffle_members(scenario, dice);
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(changed));
      const Compared compared{.order = false};
      EXPECT_EQ(facts(ask(changed), compared), facts(ask(scenario), compared));
      return oracle::yaml_text(changed) != oracle::yaml_text(scenario);
    });
  }
}

// Another package may come first among several that are as good.
TEST(Relabelling, OfIssuesPermutesTheAnswers) {
  for (const Family& family : families(100)) {
    expect_law(family.shape, family.cases, 40, [](const Scenario& scenario, Dice& dice) {
      const std::vector<int> order = laws::random_order(count(scenario.issues.size()), dice);
      const Scenario changed = laws::reorder_issues(scenario, order);
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(changed));
      const Compared compared{.packages = false, .order = false};
      EXPECT_EQ(facts(ask(changed), compared), facts(ask(scenario), compared));
      return !std::is_sorted(order.begin(), order.end());
    });
  }
}

TEST(Relabelling, OfOptionsWithoutAnOrderPermutesTheAnswers) {
  for (const Family& family : families(100)) {
    expect_law(family.shape, family.cases, 10, [](const Scenario& scenario, Dice& dice) {
      Scenario changed = scenario;
      bool moved = false;
      for (int j = 0; j < count(scenario.issues.size()); ++j) {
        const Issue& issue = scenario.issues[at(j)];
        if (issue.kind != IssueKind::unordered) continue;
        const std::vector<int> order = laws::random_order(issue.settlements(), dice);
        changed = laws::reorder_options(changed, j, order);
        moved = moved || !std::is_sorted(order.begin(), order.end());
      }
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(changed));
      const Compared compared{.packages = false, .order = false};
      EXPECT_EQ(facts(ask(changed), compared), facts(ask(scenario), compared));
      return moved;
    });
  }
}

// ---- other units

// Euro or thousands of euro, degrees of another thermometer: the order of the packages stays.
TEST(Rescaling, OfAnIssueChangesNothing) {
  for (const Family& family : families(100)) {
    expect_law(family.shape, family.cases, 40, [](const Scenario& scenario, Dice& dice) {
      Scenario changed = scenario;
      std::vector<std::pair<Rational, Rational>> units(scenario.issues.size(), {1, 0});
      bool numeric = false;
      for (int j = 0; j < count(scenario.issues.size()); ++j) {
        if (scenario.issues[at(j)].kind != IssueKind::numeric) continue;
        numeric = true;
        units[at(j)] = {Rational(dice.pick(1, 40), 8), Rational(dice.pick(-100, 100), 4)};
        changed = laws::change_unit(changed, j, units[at(j)].first, units[at(j)].second);
      }
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(changed));
      const Answers then = ask(scenario);
      const Answers now = ask(changed);
      if (then.problem.rounded || now.problem.rounded) return false;
      Compared compared{.notes = false};
      const std::string wanted = facts(then, compared);
      compared.place = [&](int issue, const Rational& place) {
        const auto& [factor, shift] = units[at(issue)];
        return Rational((place - shift) / factor);
      };
      EXPECT_EQ(facts(now, compared), wanted);
      return numeric;
    });
  }
}

// A scale read from its other end: what was at most is at least. Another package may come first.
TEST(Rescaling, MayReverseAScale) {
  for (const Family& family : families(100)) {
    expect_law(family.shape, family.cases, 60, [](const Scenario& scenario, Dice&) {
      Scenario changed = scenario;
      bool moved = false;
      for (int j = 0; j < count(scenario.issues.size()); ++j) {
        const Issue& issue = scenario.issues[at(j)];
        moved = moved || issue.kind != IssueKind::unordered;
        if (issue.kind == IssueKind::numeric)
          changed = laws::change_unit(changed, j, -1, 0);
        else if (issue.kind == IssueKind::ordered)
          changed = laws::reverse_options(changed, j);
      }
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(changed));
      const Compared compared{.packages = false, .order = false};
      const Compared back{.packages = false, .order = false, .place = [](int, const Rational& x) {
                            return Rational(-x);
                          }};
      EXPECT_EQ(facts(ask(changed), back), facts(ask(scenario), compared));
      return moved;
    });
  }
}

// Only their ratios within a party count.
TEST(Rescaling, OfThePartysSaliencesChangesNothingAtAll) {
  for (const Family& family : families(100)) {
    expect_law(family.shape, family.cases, 80, [](const Scenario& scenario, Dice& dice) {
      Scenario changed = scenario;
      for (int i = 0; i < count(scenario.parties.size()); ++i)
        changed =
            laws::scale_saliences(changed, i, Rational(dice.pick(1, 1000), dice.pick(1, 1000)));
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(changed));
      SolveSettings settings;
      settings.certificate = true;
      EXPECT_EQ(facts(ask(changed, settings)), facts(ask(scenario, settings)));
      return oracle::yaml_text(changed) != oracle::yaml_text(scenario);
    });
  }
}

// u → base + factor·u for one party, with its reservation: margins are the same numbers, and so is
// everything but the egalitarian, the utilitarian and adjusted winner's agreements, which compare
// utilities. The reservation is a number, or a package whose worth moves with the rest. A party
// without reservation that is asked over several scopes keeps base 0: there no number can be given.
TEST(Rescaling, OfOneUtilityLeavesAllThatComparesNone) {
  int moved = 0;
  for (const Family& family : families(100)) {
    expect_law(family.shape, family.cases, 60, [&](const Scenario& scenario, Dice& dice) {
      const int party = dice.pick(0, count(scenario.parties.size()) - 1);
      const bool keeps_zero = scenario.parties[at(party)].reservation.package.empty() &&
                              !scenario.parties[at(party)].reservation.utility;
      const int factor = dice.pick(1, 9);
      const Rational base = keeps_zero ? Rational(0) : Rational(dice.pick(0, 10 - factor), 10);
      const Scenario changed = laws::rescale_utility(scenario, party, base, Rational(factor, 10));
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(changed));
      const Answers then = ask(scenario);
      const Answers now = ask(changed);
      if (then.problem.rounded || now.problem.rounded) return false;
      const Compared compared{.utilities = false, .order = false};
      EXPECT_EQ(facts(now, compared), facts(then, compared));
      moved += now.rule("egalitarian").package != then.rule("egalitarian").package;
      return std::any_of(then.problem.leaves.begin(), then.problem.leaves.end(),
                         [&](const Leaf& leaf) { return leaf.party == party && leaf.has_utility; });
    });
  }
  laws::expect_seen(moved, "egalitarian needs comparable utilities");
}

// ---- the same demand twice

TEST(Demand, MadeTwiceChangesNothing) {
  for (const Family& family : families(100)) {
    Shape shape = family.shape;
    shape.least_parties = 2;
    expect_law(shape, family.cases, 50, [](const Scenario& scenario, Dice& dice) {
      const auto once = laws::add_demand(scenario, dice);
      if (!once) return false;
      Scenario twice = *once;
      bool any = false;
      for (Party& party : twice.parties) {
        if (party.demands.empty()) continue;
        any = true;
        party.demands.push_back(party.demands.back());
        party.demands.back().id = "again";
      }
      const Compared compared{.order = false};
      Answers now = ask(twice);
      Answers then = ask(*once);
      // At the deepest package the second is broken with the first.
      for (Answers* each : {&now, &then}) {
        for (LeafSummary& leaf : each->overlap.leaves) leaf.at_deepest.broken.clear();
      }
      EXPECT_EQ(facts(now, compared), facts(then, compared));
      return any;
    });
  }
}

}  // namespace
}  // namespace zopa
