// SPDX-License-Identifier: MIT
//
// Where the zone lies, how broad it is, and how texts fare in it.

#include <gtest/gtest.h>

#include <algorithm>

#include "model/answers/depth.hpp"
#include "model/answers/drafts.hpp"
#include "model/engine/prepare.hpp"
#include "model/validity.hpp"
#include "tests/laws/edits.hpp"
#include "tests/laws/laws.hpp"

namespace zopa {
namespace {

using laws::Answers;
using laws::ask;
using laws::continuous;
using laws::Depths;
using laws::depths;
using laws::expect_law;
using laws::look;
using laws::open;
using laws::Value;
using oracle::Dice;
using oracle::Shape;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

bool contains(const std::vector<Span>& parts, const Rational& place) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const Span& part) { return part.low <= place && place <= part.high; });
}

// ---- effective overlap

// Where all ranges are limits (nothing is merely shown to be discussed), in trees of `all` without
// conditions, when Z is not empty.
TEST(EffectiveOverlap, LiesInsideTheStatedOneWhereRangesAreLimits) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{.whens = false}, 600), std::pair(continuous(1), 60)}) {
    expect_law(shape, cases, 10, [](const Scenario& scenario, Dice&) {
      if (!laws::only_all(scenario.consent) || laws::has_condition(scenario.consent)) return false;
      Scenario limits = scenario;
      for (Party& party : limits.parties) {
        for (Position& position : party.positions) position.accepts.reset();
      }
      const Answers answers = look(limits);
      if (!answers.overlap.depth.low || *answers.overlap.depth.low < 0) return false;
      bool narrower = false;
      for (std::size_t j = 0; j < limits.issues.size(); ++j) {
        const IssueOverlap& issue = answers.overlap.issues[j];
        EXPECT_TRUE(issue.stated && issue.effective);
        if (!issue.stated || !issue.effective) continue;
        EXPECT_LE(*issue.effective, *issue.stated);
        EXPECT_FALSE(issue.linkage);
        EXPECT_TRUE(issue.blocked_by.empty());
        for (const Span& part : issue.effective_parts) {
          for (const Rational& end : {part.low, part.high}) {
            EXPECT_LE(issue.stated_span->low, end);
            EXPECT_GE(issue.stated_span->high, end);
            for (const Leaf& leaf : answers.problem.leaves) {
              const Position* position =
                  limits.parties[at(leaf.party)].position(static_cast<int>(j));
              if (leaf.in_scope[j] && position && position->limit) {
                EXPECT_TRUE(position->limit->accepts(end) || limits.issues[j].continuous());
              }
            }
          }
        }
        narrower = narrower || *issue.effective < *issue.stated;
      }
      return narrower;
    });
  }
}

// A rule that settles the issue leaves the acceptable sets as they are, so that the zone of the
// rest is the part of Z at that settlement.
TEST(EffectiveOverlap, HoldsTheSettlementsThatCanBeFixedWithTheZoneLeft) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{}, 250), std::pair(continuous(1), 40), std::pair(continuous(2), 20)}) {
    expect_law(shape, cases, 10, [](const Scenario& scenario, Dice& dice) {
      const Answers answers = look(scenario);
      if (!answers.overlap.depth.low || *answers.overlap.depth.low < 0) return false;
      const int j = dice.pick(0, answers.problem.m() - 1);
      const Issue& issue = scenario.issues[at(j)];
      const std::vector<Span>& parts = answers.overlap.issues[at(j)].effective_parts;
      std::vector<Rational> places;
      for (int k = 0; k < issue.settlements(); ++k) places.push_back(issue.place(k));
      if (issue.continuous()) {
        for (int k = 0; k <= 10; ++k)
          places.push_back(issue.low + (issue.high - issue.low) * k / 10);
        for (const Span& part : parts) places.insert(places.end(), {part.low, part.high});
      }
      bool inside = false;
      bool outside = false;
      for (const Rational& place : places) {
        Scenario fixed = laws::fix(scenario, j, place);
        // A reservation need not be the settlement that is tried.
        for (std::size_t i = 0; i < fixed.parties.size(); ++i)
          if (!fixed.parties[i].reservation.package.empty()) return false;
        if (agreement_space_empty(frame_problem(fixed))) continue;
        EXPECT_EQ(open(depths(fixed)), contains(parts, place)) << "settled at " << place;
        (contains(parts, place) ? inside : outside) = true;
      }
      return inside && outside;
    });
  }
}

// ---- shares

// Σ_i share_i · value_i(x) ≤ D̄ for every package x within the hard demands of those who carry the
// gap: all leaves of a tree of `all`, else the leaves that accept at the deepest package. A leaf
// that is not asked counts with 1. In the kind hard: there a leaf has one row, its margin.
TEST(Shares, AddUpToOneAndBoundEveryPackageByTheRelaxedDepth) {
  expect_law({}, 350, 15, [](const Scenario& scenario, Dice&) {
    const Answers answers = look(scenario);
    const Overlap& overlap = answers.overlap;
    if (!overlap.depth.package) return false;
    EXPECT_TRUE(overlap.relaxed_depth);
    EXPECT_GE(*overlap.relaxed_depth, *overlap.depth.low);
    EXPECT_EQ(overlap.shares_of_relaxed, *overlap.relaxed_depth > *overlap.depth.low);
    Rational sum = 0;
    std::vector<int> carriers;
    for (int i = 0; i < answers.problem.n(); ++i) {
      const LeafSummary& leaf = overlap.leaves[at(i)];
      if (!leaf.share) continue;
      EXPECT_GE(*leaf.share, 0);
      sum += *leaf.share;
      if (*leaf.share > 0) carriers.push_back(i);
    }
    if (carriers.empty()) return false;
    EXPECT_EQ(sum, 1);
    if (overlap.depth.kind != DepthKind::hard) return false;
    const bool outvoted = can_be_outvoted(answers.problem.tree);
    std::size_t compared = 0;
    for (const Package& package : laws::space(answers.problem)) {
      Rational mean = 0;
      bool within = true;
      for (int i = 0; i < answers.problem.n(); ++i) {
        const LeafView& deepest = overlap.leaves[at(i)].at_deepest;
        const bool counts =
            !outvoted || (deepest.asked && deepest.value && *deepest.value >= *overlap.depth.low);
        const LeafView here = view(answers.problem, i, package);
        if (!counts || !here.asked) {
          mean += overlap.leaves[at(i)].share.value_or(Rational(0));
          continue;
        }
        within = within && here.value;
        if (!here.value) break;
        mean += overlap.leaves[at(i)].share.value_or(Rational(0)) * *here.value;
      }
      if (!within) continue;
      ++compared;
      EXPECT_LE(mean, *overlap.relaxed_depth);
    }
    EXPECT_GT(compared, 0U);
    return compared > 1 && carriers.size() > 1;
  });
}

// The relaxed problem has no other packages where a single party is asked.
TEST(Shares, OfASingleLeafAreAllOfTheGap) {
  expect_law({.most_parties = 1, .trees = false}, 150, 50, [](const Scenario& scenario, Dice&) {
    const Answers answers = look(scenario);
    if (!answers.overlap.depth.package || !answers.overlap.leaves[0].share) return false;
    EXPECT_EQ(*answers.overlap.leaves[0].share, 1);
    if (answers.overlap.depth.kind != DepthKind::hard) return false;
    EXPECT_EQ(*answers.overlap.relaxed_depth, *answers.overlap.depth.low);
    return true;
  });
}

// ---- status

TEST(Status, DependsOnTheDepthAndOnTauOnly) {
  expect_law({}, 120, 30, [](const Scenario& scenario, Dice&) {
    const Problem problem = laws::problem_of(scenario);
    const Overlap plain = overlap(scenario, problem, {});
    const Value& depth = plain.depth.low;
    std::vector<Rational> taus = {0, Rational(1, 100), Rational(1, 10), Rational(1, 2)};
    if (depth) taus.insert(taus.end(), {abs(*depth), Rational(abs(*depth) * 999 / 1000)});
    bool changes = false;
    for (const Rational& tau : taus) {
      SolveSettings settings;
      settings.tau = tau;
      const Overlap found = overlap(scenario, problem, settings);
      EXPECT_EQ(found.tau, tau);
      EXPECT_EQ(found.depth.low, depth);
      EXPECT_EQ(found.depth.package, plain.depth.package);
      EXPECT_EQ(found.breadth.acceptable, plain.breadth.acceptable);
      const bool impossible = plain.status == Status::impossible;
      EXPECT_EQ(found.status == Status::impossible, impossible);
      changes = changes || found.status != plain.status;
      if (impossible) continue;
      const Status wanted = !depth                      ? Status::closed
                            : *depth > tau              ? Status::open
                            : *depth >= -tau            ? Status::knife_edge
                            : *depth > Rational(-1, 10) ? Status::near_miss
                                                        : Status::closed;
      EXPECT_EQ(found.status, wanted) << "tau " << tau;
    }
    return changes;
  });
}

// ---- drafts

Draft draft_of(const std::vector<Rational>& places) {
  Draft draft;
  draft.id = draft.title = "text";
  draft.package.assign(places.begin(), places.end());
  return draft;
}

// The value of the tree at the text: hard where it has one, else with soft red lines.
TEST(Draft, ThatIsCompleteHasTheValueOfTheTree) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{}, 200), std::pair(continuous(1), 50), std::pair(continuous(2), 30)}) {
    expect_law(shape, cases, 30, [](const Scenario& scenario, Dice& dice) {
      Scenario with_texts = scenario;
      with_texts.drafts.clear();
      for (int d = 0; d < 6; ++d) {
        std::vector<Rational> places;
        for (const Issue& issue : scenario.issues)
          places.push_back(issue.continuous() ? Rational(issue.low + (issue.high - issue.low) *
                                                                         dice.pick(0, 97) / 97)
                                              : issue.place(dice.pick(0, issue.settlements() - 1)));
        with_texts.drafts.push_back(draft_of(places));
      }
      const Problem problem = laws::problem_of(with_texts);
      int scored = 0;
      for (const DraftScore& score : score_drafts(with_texts, problem, {})) {
        std::vector<Rational> places;
        for (const auto& place : with_texts.drafts[at(score.draft)].package)
          places.push_back(*place);
        const Package package = make_package(problem, places);
        EXPECT_TRUE(score.complete);
        EXPECT_EQ(score.inside, !broken_rule(problem, package));
        if (!score.inside) continue;
        EXPECT_EQ(score.package->places, places);
        const Value hard = tree_value(problem, package);
        EXPECT_EQ(score.depth, hard ? hard : tree_value(problem, package, DepthKind::all));
        scored += score.depth.has_value();
      }
      return scored > 1;
    });
  }
}

// A text leaves more open the fewer issues it names: its depth, in the same kind, is at least that
// of every text that says more; it is attained by one that says everything; and a text that says
// nothing has the depth of the scenario.
TEST(Draft, ThatLeavesIssuesOpenIsAsDeepAsItsDeepestCompletion) {
  expect_law({.most_packages = 100}, 400, 20, [](const Scenario& scenario, Dice& dice) {
    const Problem problem = laws::problem_of(scenario);
    const std::vector<Package> space = laws::space(problem);
    const Package& some = space[at(dice.pick(0, static_cast<int>(space.size()) - 1))];
    Scenario with_texts = scenario;
    with_texts.drafts = {draft_of(some.places), draft_of(some.places)};
    std::vector<char> named;
    for (auto& place : with_texts.drafts[0].package) {
      named.push_back(dice.chance(50));
      if (!named.back()) place.reset();
    }
    for (auto& place : with_texts.drafts[1].package) place.reset();
    Value hard;
    Value all;
    int completions = 0;
    for (const Package& package : space) {
      bool completes = true;
      for (std::size_t j = 0; j < named.size(); ++j)
        completes = completes && (!named[j] || package.places[j] == some.places[j]);
      if (!completes) continue;
      ++completions;
      hard = std::max(hard, tree_value(problem, package));
      all = std::max(all, tree_value(problem, package, DepthKind::all));
    }
    const std::vector<DraftScore> scores = score_drafts(with_texts, problem, {});
    EXPECT_EQ(scores[0].depth, hard ? hard : all);
    if (scores[0].depth) {
      EXPECT_EQ(scores[0].kind, hard ? DepthKind::hard : DepthKind::all);
      EXPECT_EQ(tree_value(problem, *scores[0].package, scores[0].kind), scores[0].depth);
    }
    const Depths whole = depths(problem);
    EXPECT_EQ(scores[1].depth, whole.hard ? whole.hard : whole.all);
    return completions > 1 && scores[0].depth && scores[0].depth != scores[1].depth;
  });
}

// ---- breadth

TEST(Breadth, DoesNotGrowWhenADemandIsAdded) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{}, 600), std::pair(continuous(1), 150), std::pair(continuous(2), 100)}) {
    expect_law(shape, cases, 10, [](const Scenario& scenario, Dice& dice) {
      const auto harder = laws::add_demand(scenario, dice);
      if (!harder) return false;
      SCOPED_TRACE("changed to\n" + oracle::yaml_text(*harder));
      const Breadth wide = count_breadth(laws::problem_of(scenario), {});
      const Breadth narrow = count_breadth(laws::problem_of(*harder), {});
      EXPECT_EQ(narrow.packages, wide.packages);
      EXPECT_LE(narrow.acceptable, wide.acceptable);
      if (!wide.exact_share || !narrow.exact_share) return false;
      EXPECT_LE(*narrow.exact_share, *wide.exact_share);
      return *narrow.exact_share < *wide.exact_share;
    });
  }
}

// An issue on which nobody has a position, and no rule or demand speaks of: whatever is settled
// there goes with every package.
TEST(Breadth, IsTheSameWithAnIssueThatNobodyCaresAbout) {
  for (const auto& [shape, cases] :
       {std::pair(Shape{.most_packages = 60}, 70), std::pair(continuous(1), 20)}) {
    expect_law(shape, cases, 30, [](const Scenario& scenario, Dice&) {
      Scenario more = laws::without_full_scopes(scenario);
      Issue extra;
      extra.id = extra.title = "extra";
      extra.kind = IssueKind::unordered;
      extra.options = {{"a", "A"}, {"b", "B"}, {"c", "C"}};
      more.issues.push_back(extra);
      for (Draft& draft : more.drafts) draft.package.emplace_back();
      const Answers before_it = ask(scenario);
      const Answers after = ask(more);
      const Overlap& then = before_it.overlap;
      const Overlap& now = after.overlap;
      EXPECT_EQ(now.status, then.status);
      EXPECT_EQ(now.depth.low, then.depth.low);
      EXPECT_EQ(now.relaxed_depth, then.relaxed_depth);
      EXPECT_EQ(now.breadth.exact_share, then.breadth.exact_share);
      if (then.breadth.packages) {
        EXPECT_EQ(*now.breadth.packages, 3 * *then.breadth.packages);
        EXPECT_EQ(*now.breadth.acceptable, 3 * *then.breadth.acceptable);
      }
      for (std::size_t j = 0; j < scenario.issues.size(); ++j)
        EXPECT_EQ(now.issues[j].effective, then.issues[j].effective);
      for (const std::string& rule : laws::kRulesOverZone) {
        const Agreement& a = before_it.rule(rule);
        const Agreement& b = after.rule(rule);
        EXPECT_EQ(b.exists, a.exists);
        if (a.optima && !a.at_least && !b.at_least) {
          EXPECT_EQ(*b.optima, 3 * *a.optima) << rule;
        }
      }
      return then.depth.low && *then.depth.low >= 0;
    });
  }
}

// Two talks on issues and between parties of their own, both of which must come about: nobody has
// salience in the other's issues. The zone is the product of the zones, the depth the lesser one,
// and every rule picks for each talk what it would pick there: leximin compares sorted lists, and
// what is better in one half is better in the whole. Nash where somebody cannot gain counts heads
// over both halves, so that it needs a product above 0 in each.
TEST(Breadth, OfTwoTalksSideBySideIsTheProduct) {
  const Shape half{.most_issues = 2, .most_packages = 25, .most_parties = 2, .most_leaves = 3};
  expect_law(half, 130, 25, [&](const Scenario& scenario, Dice& dice) {
    const Scenario other =
        oracle::random_scenario(static_cast<std::uint64_t>(dice.pick(1, 1'000'000'000)), half);
    const Scenario both = laws::side_by_side(scenario, other);
    SCOPED_TRACE("side by side\n" + oracle::yaml_text(both));
    const Answers first = ask(scenario);
    const Answers second = ask(other);
    const Answers whole = ask(both);
    EXPECT_EQ(*whole.overlap.breadth.packages,
              *first.overlap.breadth.packages * *second.overlap.breadth.packages);
    EXPECT_EQ(*whole.overlap.breadth.acceptable,
              *first.overlap.breadth.acceptable * *second.overlap.breadth.acceptable);
    const Depths one = depths(first.problem);
    const Depths two = depths(second.problem);
    const Depths together = depths(whole.problem);
    EXPECT_EQ(together.hard, std::min(one.hard, two.hard));
    EXPECT_EQ(together.all, std::min(one.all, two.all));
    for (const std::string& rule : laws::kRulesOverZone) {
      const Agreement& a = first.rule(rule);
      const Agreement& b = second.rule(rule);
      if (!a.exists || !b.exists) continue;
      if (!a.degenerate.empty() || !b.degenerate.empty()) continue;
      const Agreement& joint = whole.rule(rule);
      EXPECT_TRUE(joint.exists);
      if (!joint.exists) continue;
      EXPECT_EQ(*joint.optima, *a.optima * *b.optima) << rule;
      std::vector<Rational> places = a.package->places;
      places.insert(places.end(), b.package->places.begin(), b.package->places.end());
      EXPECT_EQ(joint.package->places, places) << rule;
    }
    return open(one) && open(two);
  });
}

TEST(Breadth, OfTwoContinuousTalksSideBySideIsTheProduct) {
  const Shape half{.most_issues = 2,
                   .most_settlements = 3,
                   .most_packages = 3,
                   .most_parties = 2,
                   .most_leaves = 2,
                   .continuous_issues = 1};
  expect_law(half, 150, 20, [&](const Scenario& scenario, Dice& dice) {
    const Scenario other =
        oracle::random_scenario(static_cast<std::uint64_t>(dice.pick(1, 1'000'000'000)), half);
    const Scenario both = laws::side_by_side(scenario, other);
    SCOPED_TRACE("side by side\n" + oracle::yaml_text(both));
    const Depths one = depths(scenario);
    const Depths two = depths(other);
    const Depths together = depths(both);
    EXPECT_EQ(together.hard, std::min(one.hard, two.hard));
    EXPECT_EQ(together.all, std::min(one.all, two.all));
    const Breadth a = count_breadth(laws::problem_of(scenario), {});
    const Breadth b = count_breadth(laws::problem_of(other), {});
    const Breadth joint = count_breadth(laws::problem_of(both), {});
    if (!a.exact_share || !b.exact_share || !joint.exact_share) return false;
    EXPECT_EQ(*joint.exact_share, *a.exact_share * *b.exact_share);
    return *joint.exact_share > 0 && *joint.exact_share < 1;
  });
}

}  // namespace
}  // namespace zopa
