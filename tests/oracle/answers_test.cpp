// SPDX-License-Identifier: MIT
//
// The answers of the model against the slow, obvious methods, on random scenarios of every kind of
// issue, demand, rule, leaf and tree.

#include <gtest/gtest.h>

#include <algorithm>

#include "model/answers/drafts.hpp"
#include "model/answers/overlap.hpp"
#include "model/answers/rules.hpp"
#include "model/engine/prepare.hpp"
#include "model/validity.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/cells.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/oracle/rational_lp.hpp"
#include "tests/random_cases.hpp"

namespace zopa {

void PrintTo(const Span& span, std::ostream* out) {
  *out << to_text(span.low) << ".." << to_text(span.high);
}

namespace {

using oracle::BruteForce;
using oracle::Cells;
using oracle::Shape;
using test::random_cases;

DepthKind same(oracle::Kind kind) {
  return kind == oracle::Kind::hard ? DepthKind::hard : DepthKind::all;
}

std::string shown(const std::optional<Rational>& x) { return x ? to_text(*x) : "none"; }

std::string shown(const std::vector<Rational>& places) {
  std::string text;
  for (const Rational& place : places) text += to_text(place) + " ";
  return text;
}

std::vector<std::pair<Rational, Rational>> pairs_of(const std::vector<Span>& spans) {
  std::vector<std::pair<Rational, Rational>> all;
  for (const Span& span : spans) all.emplace_back(span.low, span.high);
  return all;
}

std::vector<std::pair<Rational, Rational>> pairs_of(const std::vector<oracle::Range>& ranges) {
  std::vector<std::pair<Rational, Rational>> all;
  for (const oracle::Range& range : ranges) all.emplace_back(range.low, range.high);
  return all;
}

double nearest(const Rational& x) { return to_double(x); }

// ---- discrete
// -------------------------------------------------------------------------------------

class Discrete {
 public:
  explicit Discrete(const Scenario& scenario)
      : scenario_(scenario),
        problem_(make_problem(scenario)),
        brute_(scenario),
        expected_(brute_.answer()),
        overlap_(overlap(scenario, problem_, {})) {}

  void compare() {
    compare_depth();
    compare_leaves();
    compare_shares();
    compare_issues();
    compare_parties();
    compare_breadth();
    compare_rules();
    compare_drafts();
  }

 private:
  std::vector<Rational> places(std::size_t package) const { return brute_.packages()[package]; }

  void compare_depth() const {
    EXPECT_EQ(overlap_.depth.proof, Proof::exact);
    EXPECT_TRUE(overlap_.complete);
    EXPECT_EQ(shown(overlap_.depth.low), shown(expected_.depth.value));
    ASSERT_TRUE(overlap_.status);
    EXPECT_EQ(static_cast<int>(*overlap_.status), static_cast<int>(expected_.status));
    if (!expected_.depth.value) return;
    EXPECT_EQ(overlap_.depth.kind, same(expected_.kind));
    EXPECT_EQ(shown(overlap_.depth.package->places), shown(places(*expected_.depth.package)));
  }

  void compare_leaves() const {
    for (std::size_t i = 0; i < overlap_.leaves.size(); ++i) {
      EXPECT_EQ(shown(overlap_.leaves[i].best), shown(expected_.best[i]));
      if (brute_.reading().leaves[i].has_utility) {
        EXPECT_EQ(*overlap_.leaves[i].reservation, brute_.reading().leaves[i].reservation);
      }
      EXPECT_EQ(overlap_.leaves[i].binding, expected_.binding[i] != 0) << "leaf " << i;
    }
  }

  // The rows of a leaf at a package: its margin, in the kind `all` each soft end; all 1 where it is
  // not asked. Nothing where it is hard broken.
  std::optional<std::vector<Rational>> rows(std::size_t leaf, std::size_t package) const {
    const oracle::View& view = brute_.view(package, leaf);
    const Leaf& of = problem_.leaves[leaf];
    const bool all = overlap_.depth.kind == DepthKind::all;
    std::vector<Rational> result;
    if (view.asked && !(all ? view.all : view.hard)) return std::nullopt;
    if (of.has_utility && of.best >= of.reservation)
      result.push_back(view.asked ? *view.margin : Rational(1));
    if (!all) return result;
    for (const LeafDemand& demand : of.demands) {
      if (!demand.soft) continue;
      const Rational place = places(package)[static_cast<std::size_t>(demand.demand.index)];
      result.push_back(view.asked ? soft_margin(demand, problem_, place) : Rational(1));
    }
    return result;
  }

  // D̄ and the shares by one linear program over all packages; of several multipliers the least
  // norm: no optimal one has a smaller product with it.
  void compare_shares() const {
    if (!expected_.depth.package || overlap_.nobody_asked) return;
    std::vector<std::size_t> who;
    for (std::size_t i = 0; i < problem_.leaves.size(); ++i) {
      const oracle::View& at = brute_.view(*expected_.depth.package, i);
      const auto& value = expected_.kind == oracle::Kind::hard ? at.hard : at.all;
      if (!can_be_outvoted(problem_.tree) || (at.asked && value >= expected_.depth.value))
        who.push_back(i);
    }
    std::vector<std::vector<Rational>> columns;
    std::vector<std::size_t> owner;
    for (std::size_t p = 0; p < brute_.packages().size(); ++p) {
      std::vector<Rational> column;
      std::vector<std::size_t> whose;
      bool in = true;
      for (const std::size_t i : who) {
        const auto here = rows(i, p);
        in = in && here;
        if (!in) break;
        column.insert(column.end(), here->begin(), here->end());
        whose.insert(whose.end(), here->size(), i);
      }
      if (!in) continue;
      columns.push_back(column);
      owner = whose;  // the same at every package
    }
    ASSERT_FALSE(columns.empty());
    ASSERT_TRUE(overlap_.relaxed_depth);
    std::vector<Rational> shares(problem_.leaves.size());
    Rational sum = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!overlap_.leaves[i].share) continue;
      shares[i] = *overlap_.leaves[i].share;
      EXPECT_GE(shares[i], 0);
      sum += shares[i];
    }
    const std::size_t rows = owner.size();
    if (rows == 0) {
      EXPECT_EQ(*overlap_.relaxed_depth, 1);
      return;
    }
    EXPECT_EQ(sum, 1);
    // minimise t over λ: maximise −t⁺ + t⁻ subject to column·λ ≤ t, Σ λ = 1
    std::vector<oracle::LpRow> game;
    for (const auto& column : columns) {
      std::vector<Rational> row = column;
      row.emplace_back(-1);
      row.emplace_back(1);
      game.push_back({row, 0});
    }
    std::vector<Rational> one(rows, Rational(1));
    one.resize(rows + 2);
    std::vector<Rational> minus(rows, Rational(-1));
    minus.resize(rows + 2);
    game.push_back({one, 1});
    game.push_back({minus, -1});
    std::vector<Rational> objective(rows + 2);
    objective[rows] = -1;
    objective[rows + 1] = 1;
    const auto solved = oracle::maximise(objective, game);
    ASSERT_TRUE(solved);
    const Rational relaxed = -solved->value;
    EXPECT_EQ(*overlap_.relaxed_depth, relaxed);
    EXPECT_EQ(overlap_.shares_of_relaxed, relaxed > *overlap_.depth.low);

    std::vector<oracle::LpRow> optimal;
    for (const auto& column : columns) optimal.push_back({column, relaxed});
    optimal.push_back({std::vector<Rational>(rows, Rational(1)), 1});
    optimal.push_back({std::vector<Rational>(rows, Rational(-1)), -1});
    std::vector<Rational> towards;
    Rational norm = 0;
    for (const std::size_t i : owner) towards.push_back(-shares[i]);
    for (const Rational& share : shares) norm += share * share;
    const auto nearest = oracle::maximise(towards, optimal);
    ASSERT_TRUE(nearest);
    EXPECT_EQ(-nearest->value, norm);
    // The shares themselves are those of some optimal multiplier.
    for (std::size_t i = 0; i < shares.size(); ++i) {
      std::vector<Rational> indicator;
      for (const std::size_t whose : owner) indicator.emplace_back(whose == i ? 1 : 0);
      if (std::find(owner.begin(), owner.end(), i) == owner.end()) continue;
      optimal.push_back({indicator, shares[i]});
    }
    EXPECT_TRUE(oracle::maximise(std::vector<Rational>(rows), optimal));
  }

  void compare_issues() const {
    for (std::size_t j = 0; j < overlap_.issues.size(); ++j) {
      SCOPED_TRACE("issue " + std::to_string(j));
      const IssueOverlap& found = overlap_.issues[j];
      const oracle::IssueAnswer& wanted = expected_.issues[j];
      ASSERT_EQ(found.stated.has_value(), wanted.stated.has_value());
      if (found.stated) {
        EXPECT_EQ(*found.stated, nearest(*wanted.stated));
        EXPECT_EQ(found.stated_span->low, wanted.stated_range->low);
        EXPECT_EQ(found.stated_span->high, wanted.stated_range->high);
      }
      EXPECT_EQ(found.blocked_by, wanted.blocked_by);
      EXPECT_EQ(found.near_zone, wanted.near_zone);
      EXPECT_FALSE(found.bounded);
      ASSERT_EQ(found.effective.has_value(), wanted.effective.has_value());
      EXPECT_EQ(pairs_of(found.effective_parts), pairs_of(wanted.effective_runs));
      EXPECT_EQ(found.linkage, wanted.stated && !wanted.effective);
      if (!found.effective) continue;
      EXPECT_EQ(*found.effective, nearest(*wanted.effective));
      EXPECT_EQ(found.effective_span->low, wanted.effective_range->low);
      EXPECT_EQ(found.effective_span->high, wanted.effective_range->high);
    }
  }

  void compare_parties() const {
    EXPECT_EQ(overlap_.pairs.size(), expected_.pairs.size());
    if (overlap_.parties.size() > 1) {
      EXPECT_EQ(overlap_.comparison_kind, same(expected_.comparison_kind));
    }
    for (const PairDepth& pair : overlap_.pairs) {
      EXPECT_EQ(shown(pair.depth.low), shown(expected_.pairs.at({pair.party, pair.other}).value))
          << "pair " << pair.party << ", " << pair.other;
    }
    for (const auto& [party, depth] : expected_.without) {
      const PartySummary& found = overlap_.parties[static_cast<std::size_t>(party)];
      EXPECT_EQ(shown(found.without->low), shown(depth.value)) << "without party " << party;
      const auto criticality = expected_.criticality.find(party);
      EXPECT_EQ(
          shown(found.criticality),
          shown(criticality == expected_.criticality.end() ? oracle::Value() : criticality->second))
          << "party " << party;
    }
    EXPECT_EQ(overlap_.every_pair_but_not_all, expected_.every_pair_but_not_all);
  }

  void compare_breadth() const {
    EXPECT_EQ(*overlap_.breadth.packages, brute_.packages().size());
    EXPECT_EQ(*overlap_.breadth.acceptable, expected_.zone.size());
  }

  void compare_rules() const {
    for (const Agreement& agreement : agreements(scenario_, problem_, overlap_, {})) {
      SCOPED_TRACE(agreement.rule + ": " + agreement.note);
      if (agreement.rule == "adjusted_winner") {
        compare_adjusted_winner(agreement);
        continue;
      }
      const oracle::RuleAnswer& wanted = expected_.rules.at(agreement.rule);
      ASSERT_EQ(agreement.exists, wanted.exists);
      if (!wanted.exists) continue;
      EXPECT_EQ(agreement.proof, Proof::exact);
      EXPECT_EQ(shown(agreement.package->places), shown(places(wanted.optima.front())));
      EXPECT_EQ(*agreement.optima, wanted.optima.size());
      EXPECT_EQ(!agreement.degenerate.empty(), wanted.fallback_used);
      for (std::size_t j = 0; j < scenario_.issues.size(); ++j) {
        Span span{places(wanted.optima.front())[j], places(wanted.optima.front())[j]};
        for (const std::size_t p : wanted.optima) {
          span.low = std::min(span.low, places(p)[j]);
          span.high = std::max(span.high, places(p)[j]);
        }
        ASSERT_EQ(agreement.range[j].has_value(), span.low < span.high) << "issue " << j;
        if (!agreement.range[j]) continue;
        EXPECT_EQ(agreement.range[j]->low, span.low);
        EXPECT_EQ(agreement.range[j]->high, span.high);
      }
    }
  }

  void compare_adjusted_winner(const Agreement& agreement) const {
    const auto wanted = oracle::adjusted_winner(scenario_);
    ASSERT_EQ(agreement.exists, wanted && !expected_.zone.empty());
    if (!agreement.exists) return;
    EXPECT_EQ(agreement.mixed_utility,
              (std::vector<Rational>{wanted->first_utility, wanted->second_utility}));
  }

  void compare_drafts() const {
    const std::vector<DraftScore> scores = score_drafts(scenario_, problem_, {});
    ASSERT_EQ(scores.size(), expected_.drafts.size());
    for (std::size_t d = 0; d < scores.size(); ++d) {
      SCOPED_TRACE("draft " + std::to_string(d));
      const DraftScore& found = scores[d];
      const oracle::DraftAnswer& wanted = expected_.drafts[d];
      EXPECT_EQ(found.complete, wanted.complete);
      EXPECT_EQ(found.inside, wanted.inside);
      if (wanted.complete) {
        EXPECT_EQ(found.broken_rule, wanted.broken_rule);
      }
      EXPECT_EQ(shown(found.depth), shown(wanted.depth));
      if (!wanted.depth) continue;
      EXPECT_EQ(found.kind, same(wanted.kind));
      EXPECT_EQ(shown(found.package->places), shown(places(*wanted.package)));
      EXPECT_EQ(found.accepted_by, wanted.accepted_by);
      ASSERT_EQ(found.first_broken.has_value(), wanted.first_broken.has_value());
      if (wanted.first_broken) {
        EXPECT_TRUE(*found.first_broken == *wanted.first_broken);
      }
    }
  }

  const Scenario& scenario_;
  Problem problem_;
  BruteForce brute_;
  oracle::Answer expected_;
  Overlap overlap_;
};

struct Family {
  const char* name;
  Shape shape;
  int cases;
};

class AnswersAgainstBruteForce : public testing::TestWithParam<Family> {};

TEST_P(AnswersAgainstBruteForce, Agree) {
  const int cases = random_cases(GetParam().cases);
  for (int seed = 1; seed <= cases; ++seed) {
    const Scenario scenario =
        oracle::random_scenario(static_cast<std::uint64_t>(seed), GetParam().shape);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    ASSERT_TRUE(find_problems(scenario).empty());
    Discrete(scenario).compare();
    if (HasFailure()) return;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, AnswersAgainstBruteForce, testing::Values(
    Family{"everything",     {}, 600},
    Family{"plain",          {.rules = false, .trees = false, .demands = false, .limits = false}, 300},
    Family{"two_parties",    {.least_parties = 2, .most_parties = 2, .rules = false, .trees = false}, 300},
    Family{"one_issue",      {.most_issues = 1, .most_settlements = 12}, 300},
    Family{"many_issues",    {.least_issues = 5, .most_issues = 6, .most_settlements = 3}, 150},
    Family{"larger",         {.least_issues = 3, .most_issues = 5, .most_packages = 2000}, 60},
    Family{"many_leaves",    {.least_parties = 4, .most_parties = 6, .most_leaves = 9}, 150}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

// ---- continuous
// -----------------------------------------------------------------------------------

class Continuous {
 public:
  explicit Continuous(const Scenario& scenario)
      : scenario_(scenario),
        problem_(make_problem(scenario)),
        cells_(scenario),
        overlap_(overlap(scenario, problem_, {})) {}

  void compare() {
    compare_depth();
    compare_parties();
    compare_issues();
    compare_breadth();
    compare_rules();
  }

 private:
  static oracle::Kind same(DepthKind kind) {
    return kind == DepthKind::hard ? oracle::Kind::hard : oracle::Kind::all;
  }

  void compare_depth() const {
    const auto hard = cells_.depth(oracle::Kind::hard);
    const auto wanted = hard ? hard : cells_.depth(oracle::Kind::all);
    EXPECT_EQ(shown(overlap_.depth.low), shown(wanted));
    if (!wanted) return;
    EXPECT_EQ(overlap_.depth.kind, hard ? DepthKind::hard : DepthKind::all);
    EXPECT_EQ(shown(cells_.tree_value(overlap_.depth.package->places, same(overlap_.depth.kind))),
              shown(wanted));
    EXPECT_GE(*overlap_.relaxed_depth, *wanted);
  }

  void compare_parties() const {
    for (const PairDepth& pair : overlap_.pairs) {
      EXPECT_EQ(shown(pair.depth.low),
                shown(cells_.pair_depth(pair.party, pair.other, same(overlap_.comparison_kind))));
    }
    for (std::size_t p = 0; p < overlap_.parties.size(); ++p) {
      if (!overlap_.parties[p].without) continue;
      EXPECT_EQ(shown(overlap_.parties[p].without->low),
                shown(cells_.depth_without(static_cast<int>(p), same(overlap_.comparison_kind))));
    }
  }

  void compare_issues() const {
    if (!overlap_.depth.low) return;
    const bool zone = *overlap_.depth.low >= 0;
    for (std::size_t j = 0; j < overlap_.issues.size(); ++j) {
      EXPECT_EQ(pairs_of(overlap_.issues[j].effective_parts),
                pairs_of(cells_.projection(
                    j, same(zone ? DepthKind::hard : overlap_.depth.kind),
                    zone ? Rational(0) : Rational(*overlap_.depth.low - Rational(1, 20)))))
          << "issue " << j;
    }
  }

  void compare_breadth() const {
    const Rational space = cells_.measure_of_space();
    if (space == 0 || overlap_.breadth.kind != Breadth::Kind::exact) return;
    EXPECT_EQ(*overlap_.breadth.exact_share, Rational(cells_.measure_of_zone() / space));
  }

  void compare_rules() const {
    for (const Agreement& agreement : agreements(scenario_, problem_, overlap_, {})) {
      SCOPED_TRACE(agreement.rule + ": " + agreement.note);
      const auto vector = [&](Cells::Measure measure) {
        EXPECT_TRUE(agreement.exists);
        if (!agreement.exists) return;
        EXPECT_EQ(cells_.vector_at(agreement.package->places, measure), cells_.leximin(measure));
      };
      if (!overlap_.depth.low || *overlap_.depth.low < 0) {
        EXPECT_FALSE(agreement.exists);
      } else if (std::none_of(problem_.leaves.begin(), problem_.leaves.end(),
                              [](const Leaf& leaf) { return leaf.has_utility; })) {
        EXPECT_FALSE(agreement.exists);
      } else if (agreement.rule == "egalitarian") {
        vector(Cells::Measure::surplus);
      } else if (agreement.rule == "leximin") {
        vector(Cells::Measure::margin);
      } else if (agreement.rule == "kalai_smorodinsky") {
        vector(Cells::Measure::hope);
      } else if (agreement.rule == "utilitarian") {
        ASSERT_TRUE(agreement.exists);
        EXPECT_EQ(shown(cells_.sum_of_surpluses_at(agreement.package->places)),
                  shown(cells_.greatest_sum_of_surpluses()));
      } else if (agreement.rule == "nash" && agreement.exists) {
        EXPECT_LT(agreement.gap, 1e-9);
        EXPECT_TRUE(cells_.in_space(agreement.package->places));
      }
    }
  }

  const Scenario& scenario_;
  Problem problem_;
  Cells cells_;
  Overlap overlap_;
};

class AnswersAgainstCells : public testing::TestWithParam<Family> {};

TEST_P(AnswersAgainstCells, Agree) {
  const int cases = random_cases(GetParam().cases);
  for (int seed = 1; seed <= cases; ++seed) {
    const Scenario scenario =
        oracle::random_scenario(static_cast<std::uint64_t>(seed), GetParam().shape);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    ASSERT_TRUE(find_problems(scenario).empty());
    Continuous(scenario).compare();
    if (HasFailure()) return;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, AnswersAgainstCells, testing::Values(
    Family{"one_continuum",  {.most_issues = 3, .most_settlements = 3, .most_packages = 9, .most_parties = 3, .most_leaves = 4, .continuous_issues = 1}, 150},
    Family{"two_continua",   {.most_issues = 3, .most_settlements = 2, .most_packages = 4, .most_parties = 3, .most_leaves = 3, .continuous_issues = 2}, 70},
    Family{"plain_trees",    {.most_issues = 3, .most_settlements = 3, .most_packages = 6, .most_parties = 3, .continuous_issues = 2, .trees = false}, 70}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

}  // namespace
}  // namespace zopa
