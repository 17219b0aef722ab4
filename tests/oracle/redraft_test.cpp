// SPDX-License-Identifier: MIT
#include "model/answers/redraft.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "model/engine/prepare.hpp"
#include "model/tools/error.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

using oracle::BruteForce;
using oracle::Dice;
using oracle::random_scenario;
using oracle::Shape;
using test::random_cases;
using What = Remedy::What;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

oracle::Kind kind_of(DepthKind kind) {
  return kind == DepthKind::hard ? oracle::Kind::hard : oracle::Kind::all;
}

// ------------------------------------------------------------------------------------- remedies

Position& position_of(Party& party, int issue) {
  return *std::find_if(party.positions.begin(), party.positions.end(),
                       [&](const Position& p) { return p.issue == issue; });
}

// The worth of every settlement, written out.
void write_out_worths(const Issue& issue, Position& position) {
  std::vector<Breakpoint> value;
  for (int k = 0; k < issue.settlements(); ++k)
    value.push_back({issue.place(k), Number(worth(issue, position, issue.place(k)))});
  position.value = std::move(value);
  position.ideal.reset();
}

// The scenario with a number of a remedy at `to`.
Scenario with_number(Scenario scenario, const Demand& demand, const Remedy& remedy,
                     const Rational& to) {
  Party& party = scenario.parties[at(demand.party)];
  switch (remedy.what) {
    case What::end: {
      Limit& limit = *position_of(party, remedy.issue).limit;
      const bool low = demand.kind == Demand::Kind::limit_low ||
                       (demand.kind == Demand::Kind::limit && limit.low);
      (low ? limit.low : limit.high) = LimitEnd{Number(to), false};
      break;
    }
    case What::option:
      if (demand.kind == Demand::Kind::linked) {
        party.demands[at(demand.index)].require[at(remedy.test)].places.push_back(to);
      } else {
        position_of(party, remedy.issue).limit->accepted->push_back(to);
      }
      break;
    case What::reservation:
      party.reservation = {};
      party.reservation.utility = Number(to);
      break;
    case What::when:
      party.demands[at(demand.index)].when[at(remedy.test)].place = Number(to);
      break;
    case What::require:
      party.demands[at(demand.index)].require[at(remedy.test)].place = Number(to);
      break;
    case What::salience: position_of(party, remedy.issue).salience = Number(to); break;
    case What::worth: {
      Position& position = position_of(party, remedy.issue);
      write_out_worths(scenario.issues[at(remedy.issue)], position);
      for (Breakpoint& point : position.value) {
        if (point.place == *remedy.settlement) point.worth = Number(to);
      }
      break;
    }
    case What::dropped: break;
  }
  return scenario;
}

class Refusals {
 public:
  Refusals(const Scenario& scenario, std::size_t package, std::size_t leaf, const Demand& demand,
           const std::vector<Rational>& places)
      : scenario_(scenario), package_(package), leaf_(leaf), demand_(demand), places_(places) {}

  bool mended(const Remedy& remedy, const Rational& to) const {
    const Scenario changed = with_number(scenario_, demand_, remedy, to);
    const BruteForce brute(changed);
    const auto& broken = brute.view(package_, leaf_).broken;
    return std::count(broken.begin(), broken.end(), demand_) == 0;
  }

  // Every remedy is the least that does, and where one is missing nothing does.
  void expect(const std::vector<Remedy>& remedies) const {
    ASSERT_FALSE(remedies.empty());
    for (const Remedy& remedy : remedies) expect_least(remedy);
    EXPECT_TRUE(std::is_sorted(remedies.begin(), remedies.end(),
                               [](const Remedy& a, const Remedy& b) { return a.what < b.what; }));
    if (remedies.front().what == What::dropped) {
      EXPECT_EQ(remedies.size(), 1U);
    }
    if (demand_.kind == Demand::Kind::linked) expect_tests(remedies);
    if (demand_.kind == Demand::Kind::reservation) expect_weights(remedies);
  }

 private:
  const Issue& issue(int j) const { return scenario_.issues[at(j)]; }
  const Party& party() const { return scenario_.parties[at(demand_.party)]; }

  static bool has(const std::vector<Remedy>& remedies, What what, int number) {
    return std::any_of(remedies.begin(), remedies.end(), [&](const Remedy& r) {
      return r.what == what &&
             (what == What::when || what == What::require ? r.test : r.issue) == number;
    });
  }

  void expect_least(const Remedy& remedy) const {
    SCOPED_TRACE("remedy " + std::to_string(static_cast<int>(remedy.what)) + " on issue " +
                 std::to_string(remedy.issue));
    if (remedy.what == What::dropped) return;
    if (remedy.what == What::option) {
      EXPECT_EQ(*remedy.settlement, places_[at(remedy.issue)]);
      EXPECT_TRUE(mended(remedy, *remedy.settlement));
      return;
    }
    EXPECT_EQ(*remedy.distance, abs(Rational(*remedy.to - *remedy.from)));
    EXPECT_TRUE(mended(remedy, *remedy.to)) << to_text(*remedy.to);
    if (remedy.what == What::when || remedy.what == What::require) {
      const Issue& scale = issue(remedy.issue);
      for (int k = 0; k < scale.settlements(); ++k) {
        const Rational place = scale.place(k);
        if (abs(Rational(place - *remedy.from)) < *remedy.distance &&
            place != places_[at(remedy.issue)]) {
          EXPECT_FALSE(mended(remedy, place)) << to_text(place) << " is nearer";
        }
      }
      return;
    }
    const Rational short_of = *remedy.to + (*remedy.from - *remedy.to) / 1000000;
    EXPECT_FALSE(mended(remedy, short_of));
  }

  // Of a test without a remedy no settlement mends the demand.
  void expect_tests(const std::vector<Remedy>& remedies) const {
    const LinkedDemand& linked = party().demands[at(demand_.index)];
    for (const What what : {What::when, What::require}) {
      const Condition& condition = what == What::when ? linked.when : linked.require;
      for (std::size_t t = 0; t < condition.size(); ++t) {
        const Test& test = condition[t];
        const Issue& scale = issue(test.issue);
        if (test.relation == Relation::one_of || scale.kind == IssueKind::unordered) continue;
        if (has(remedies, what, static_cast<int>(t))) continue;
        Remedy tried;
        tried.what = what;
        tried.issue = test.issue;
        tried.test = static_cast<int>(t);
        for (int k = 0; k < scale.settlements(); ++k)
          EXPECT_FALSE(mended(tried, scale.place(k))) << "test " << t;
      }
    }
  }

  // Of an issue without a remedy no salience and no worth mends it.
  void expect_weights(const std::vector<Remedy>& remedies) const {
    const oracle::Leaf leaf = oracle::read_leaves(scenario_).leaves[leaf_];
    for (const Position& position : party().positions) {
      const int j = position.issue;
      if (!leaf.in_scope[at(j)] || !position.has_worth()) continue;
      Remedy tried;
      tried.issue = j;
      const auto& package = party().reservation.package;
      const auto fallback =
          std::find_if(package.begin(), package.end(), [&](const auto& p) { return p.first == j; });
      const bool others = std::any_of(leaf.salience.begin(), leaf.salience.end(), [&](auto& w) {
        return w != 0 && &w != &leaf.salience[at(j)];
      });
      if (!has(remedies, What::salience, j) && (package.empty() || fallback != package.end())) {
        tried.what = What::salience;
        std::vector<Rational> saliences = {Rational(1, 1000), position.salience.likely / 2,
                                           position.salience.likely * 2, 1000000};
        if (others) saliences.push_back(0);
        for (const Rational& to : saliences) {
          if (to == 0 && !others) continue;
          EXPECT_FALSE(mended(tried, to)) << "salience " << to_text(to) << " on issue " << j;
        }
      }
      if (!has(remedies, What::worth, j) && position.salience.likely > 0) {
        tried.what = What::worth;
        tried.settlement = places_[at(j)];
        EXPECT_FALSE(mended(tried, 1)) << "worth on issue " << j;
        if (fallback == package.end()) continue;
        tried.settlement = fallback->second.likely;
        EXPECT_FALSE(mended(tried, 0)) << "worth of the fallback on issue " << j;
      }
    }
  }

  const Scenario& scenario_;
  std::size_t package_;
  std::size_t leaf_;
  const Demand& demand_;
  const std::vector<Rational>& places_;
};

// ---------------------------------------------------------------------------------------- edits

// What a leaf makes of a package, as the definition of an edit wants it.
struct Standing {
  std::optional<Rational> level;  // utility, on the scale of margins; nothing: no utility
  std::vector<Rational> soft;     // one a demand: of a violated end, else 0
  std::vector<char> hard;         // one a demand: broken, and no end of a red line
  std::vector<char> broken;       // one a demand
};

class Enumeration {
 public:
  Enumeration(const Scenario& scenario, const BruteForce& brute)
      : scenario_(scenario), brute_(brute), answer_(brute.answer()) {}

  Standing standing(std::size_t package, std::size_t i) const {
    const oracle::Leaf& leaf = brute_.reading().leaves[i];
    const oracle::View& view = brute_.view(package, i);
    Standing result;
    if (leaf.has_utility) {
      const Rational best = *answer_.best[i];
      const Rational span = best > leaf.reservation ? Rational(best - leaf.reservation) : 1;
      result.level = (view.asked ? *view.utility : best) / span;
    }
    for (const oracle::LeafDemand& demand : leaf.demands) {
      const bool broken =
          view.asked && std::count(view.broken.begin(), view.broken.end(), demand.demand) > 0;
      result.broken.push_back(broken);
      const auto j = at(demand.demand.index);
      const bool soft =
          (demand.low_end || demand.high_end) && scenario_.issues[j].kind != IssueKind::unordered;
      result.hard.push_back(broken && !soft);
      result.soft.push_back(broken && soft ? soft_margin(package, leaf.party, demand) : 0);
    }
    return result;
  }

  // The edits from a package, best first.
  std::vector<DraftEdit> edits(std::size_t from, DepthKind kind) const {
    std::vector<DraftEdit> found;
    for (std::size_t p = 0; p < brute_.packages().size(); ++p) {
      const auto& a = brute_.packages()[from];
      const auto& b = brute_.packages()[p];
      int differ = 0;
      DraftEdit edit;
      for (std::size_t j = 0; j < a.size(); ++j) {
        if (a[j] == b[j]) continue;
        ++differ;
        edit.issue = static_cast<int>(j);
        edit.from = a[j];
        edit.to = b[j];
      }
      if (differ == 1 && compare(from, p, kind, edit)) found.push_back(edit);
    }
    std::stable_sort(found.begin(), found.end(), [](const DraftEdit& x, const DraftEdit& y) {
      if (x.depth != y.depth) return x.depth > y.depth;
      if (x.mended != y.mended) return x.mended > y.mended;
      if (x.gain != y.gain) return x.gain > y.gain;
      return std::tie(x.issue, x.to) < std::tie(y.issue, y.to);
    });
    return found;
  }

 private:
  Rational soft_margin(std::size_t package, int party, const oracle::LeafDemand& demand) const {
    const auto j = at(demand.demand.index);
    const Issue& issue = scenario_.issues[j];
    const Limit& limit = *scenario_.parties[at(party)].position(demand.demand.index)->limit;
    const LimitEnd& end = demand.low_end ? *limit.low : *limit.high;
    const Rational place = oracle::soft_end(issue, end, demand.low_end);
    const Rational beyond = abs(Rational(place - brute_.packages()[package][j]));
    const Rational scale = issue.scale_high() - issue.scale_low();
    return Rational(scale == 0 ? Rational(-beyond) : Rational(-beyond / scale));
  }

  bool compare(std::size_t from, std::size_t to, DepthKind kind, DraftEdit& edit) const {
    for (std::size_t i = 0; i < brute_.reading().leaves.size(); ++i) {
      const Standing a = standing(from, i);
      const Standing b = standing(to, i);
      Rational gain = 0;
      if (a.level) gain = *b.level - *a.level;
      if (gain < 0) return false;
      const Rational margin = gain;
      bool gains = margin > 0;
      for (std::size_t d = 0; d < a.broken.size(); ++d) {
        if (b.broken[d] && !a.broken[d]) return false;
        if (b.soft[d] < a.soft[d]) return false;
        gain += b.soft[d] - a.soft[d];
        gains |= b.soft[d] != a.soft[d];
        if (a.hard[d] && !b.broken[d]) {
          ++edit.mended;
          gains = true;
        }
      }
      edit.gain += gain;
      if (gains) edit.gainers.push_back({static_cast<int>(i), margin});
    }
    const auto before = brute_.tree_value(from, kind_of(kind));
    edit.depth = brute_.tree_value(to, kind_of(kind));
    return edit.depth >= before && (edit.gain > 0 || edit.mended > 0 || edit.depth > before);
  }

  const Scenario& scenario_;
  const BruteForce& brute_;
  oracle::Answer answer_;
};

void expect_same(const DraftEdit& found, const DraftEdit& expected) {
  EXPECT_EQ(found.issue, expected.issue);
  EXPECT_EQ(found.from, expected.from);
  EXPECT_EQ(found.to, expected.to);
  EXPECT_EQ(found.package.places[at(found.issue)], expected.to);
  EXPECT_EQ(found.depth, expected.depth);
  EXPECT_EQ(found.mended, expected.mended);
  EXPECT_EQ(found.gain, expected.gain);
  ASSERT_EQ(found.gainers.size(), expected.gainers.size());
  for (std::size_t g = 0; g < found.gainers.size(); ++g) {
    EXPECT_EQ(found.gainers[g].leaf, expected.gainers[g].leaf);
    EXPECT_EQ(found.gainers[g].margin, expected.gainers[g].margin);
  }
}

struct Seen {
  int remedies[8] = {};
  int edits = 0;
  int steps = 0;
  int mended = 0;
};

void expect_as_by_enumeration(const Scenario& scenario, Dice& dice, Seen& seen) {
  const Problem problem = make_problem(scenario);
  if (problem.rounded) return;
  const BruteForce brute(scenario);
  const Enumeration enumeration(scenario, brute);
  const auto number = at(dice.pick(0, static_cast<int>(brute.packages().size()) - 1));
  const auto& places = brute.packages()[number];
  const DepthKind kind = dice.chance(50) ? DepthKind::hard : DepthKind::all;
  const Redraft found = redraft(scenario, problem, make_package(problem, places), kind, {});
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.depth, brute.tree_value(number, kind_of(kind)));

  // Who refuses, and what would mend it.
  std::vector<int> refusing;
  for (std::size_t i = 0; i < brute.reading().leaves.size(); ++i) {
    const oracle::View& view = brute.view(number, i);
    if (view.asked && !view.broken.empty()) refusing.push_back(static_cast<int>(i));
  }
  ASSERT_EQ(found.refusals.size(), refusing.size());
  for (std::size_t r = 0; r < refusing.size(); ++r) {
    const LeafRefusal& refusal = found.refusals[r];
    ASSERT_EQ(refusal.leaf, refusing[r]);
    const auto& broken = brute.view(number, at(refusal.leaf)).broken;
    ASSERT_EQ(refusal.broken.size(), broken.size());
    for (std::size_t d = 0; d < broken.size(); ++d) {
      ASSERT_EQ(refusal.broken[d].demand, broken[d]);
      SCOPED_TRACE("leaf " + std::to_string(refusal.leaf) + ", " + demand_id(scenario, broken[d]));
      Refusals(scenario, number, at(refusal.leaf), broken[d], places)
          .expect(refusal.broken[d].remedies);
      for (const Remedy& remedy : refusal.broken[d].remedies)
        ++seen.remedies[static_cast<int>(remedy.what)];
    }
    EXPECT_EQ(refusal.one_number_suffices,
              broken.size() == 1 && refusal.broken[0].remedies[0].what != What::dropped);
  }

  // The next text.
  const auto expected = enumeration.edits(number, kind);
  ASSERT_EQ(found.edits.size(), expected.size());
  for (std::size_t e = 0; e < expected.size(); ++e) {
    SCOPED_TRACE("edit " + std::to_string(e));
    expect_same(found.edits[e], expected[e]);
    seen.mended += expected[e].mended > 0;
  }
  seen.edits += static_cast<int>(expected.size());

  // And the one after it, until none is left.
  std::size_t here = number;
  for (const DraftEdit& step : found.path) {
    const auto next = enumeration.edits(here, kind);
    ASSERT_FALSE(next.empty());
    expect_same(step, next.front());
    here = *brute.find(step.package.places);
  }
  EXPECT_TRUE(enumeration.edits(here, kind).empty());
  seen.steps += static_cast<int>(found.path.size());
}

TEST(Redraft, IsAsByEnumeration) {
  const Shape shape{.most_issues = 4, .most_settlements = 4, .most_packages = 40};
  Seen seen;
  const int cases = random_cases(200);
  for (int k = 0; k < cases; ++k) {
    const auto seed = static_cast<std::uint64_t>(61000 + k);
    const Scenario scenario = random_scenario(seed, shape);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    Dice dice(seed);
    ASSERT_NO_FATAL_FAILURE(expect_as_by_enumeration(scenario, dice, seen));
    if (HasFailure()) return;
  }
  if (random_cases(100) < 100) return;
  for (int what = 0; what < 8; ++what) EXPECT_GT(seen.remedies[what], 2) << what;
  EXPECT_GT(seen.edits, 50);
  EXPECT_GT(seen.steps, 50);
  EXPECT_GT(seen.mended, 2);
}

// ------------------------------------------------------------------------------ continuous issues

// An edit as the definition has it, by the views of the problem; nothing: it hurts, or helps
// nobody.
std::optional<DraftEdit> judged(const Problem& problem, const Package& before, const Package& after,
                                DepthKind kind) {
  if (broken_rule(problem, after)) return std::nullopt;
  DraftEdit edit;
  edit.depth = tree_value(problem, after, kind);
  for (int i = 0; i < problem.n(); ++i) {
    const Leaf& leaf = problem.leaves[at(i)];
    const LeafView a = view(problem, i, before);
    const LeafView b = view(problem, i, after);
    const auto broken = [&](const LeafView& v, const Demand& demand) {
      return v.asked && std::count(v.broken.begin(), v.broken.end(), demand) > 0;
    };
    if (leaf.has_utility) {
      const Rational best = make_rational(leaf.best) / leaf.unit;
      const Rational reservation = make_rational(leaf.reservation) / leaf.unit;
      const Rational gain = ((b.asked ? *b.utility : best) - (a.asked ? *a.utility : best)) /
                            (best > reservation ? Rational(best - reservation) : Rational(1));
      if (gain < 0) return std::nullopt;
      edit.gain += gain;
    }
    for (const LeafDemand& demand : leaf.demands) {
      const bool was = broken(a, demand.demand);
      const bool is = broken(b, demand.demand);
      if (is && !was) return std::nullopt;
      if (!demand.soft) {
        edit.mended += was && !is;
        continue;
      }
      const auto j = at(demand.demand.index);
      const Rational margin = (is ? soft_margin(demand, problem, after.places[j]) : Rational(0)) -
                              (was ? soft_margin(demand, problem, before.places[j]) : Rational(0));
      if (margin < 0) return std::nullopt;
      edit.gain += margin;
    }
  }
  const auto depth = tree_value(problem, before, kind);
  if (edit.depth < depth) return std::nullopt;
  if (edit.gain == 0 && edit.mended == 0 && edit.depth == depth) return std::nullopt;
  return edit;
}

bool better(const DraftEdit& a, const DraftEdit& b) {
  return std::tie(a.depth, a.mended, a.gain) > std::tie(b.depth, b.mended, b.gain);
}

// Random places, and those where something turns.
std::vector<Rational> places_to_try(const Issue& issue, const ProblemIssue& pieces, Dice& dice) {
  std::vector<Rational> places;
  if (!issue.continuous()) {
    for (int k = 0; k < issue.settlements(); ++k) places.push_back(issue.place(k));
    return places;
  }
  for (const Piece& piece : pieces.pieces) {
    places.push_back(piece.from);
    places.push_back(piece.to);
    for (int k = 0; k < 6; ++k)
      places.push_back(piece.from + (piece.to - piece.from) * Rational(dice.pick(1, 999), 1000));
  }
  return places;
}

TEST(Redraft, FindsTheBestPlaceOnAContinuum) {
  int edits = 0;
  int unfinished = 0;
  const int cases = random_cases(500);
  for (int k = 0; k < cases; ++k) {
    const auto seed = static_cast<std::uint64_t>(64000 + k);
    const Shape shape{.most_issues = 3,
                      .most_settlements = 3,
                      .most_packages = 9,
                      .continuous_issues = 1 + k % 2};
    const Scenario scenario = random_scenario(seed, shape);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    Dice dice(seed);
    const Problem problem = make_problem(scenario);
    std::vector<Rational> places;
    for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
      const auto some = places_to_try(scenario.issues[j], problem.issues[j], dice);
      places.push_back(some[at(dice.pick(0, static_cast<int>(some.size()) - 1))]);
    }
    const Package package = make_package(problem, places);
    const DepthKind kind = dice.chance(50) ? DepthKind::hard : DepthKind::all;
    if (broken_rule(problem, package)) {
      EXPECT_THROW(redraft(scenario, problem, package, kind, {}), ModelError);
      continue;
    }
    RedraftSettings settings;
    settings.most_steps = 50;
    const Redraft found = redraft(scenario, problem, package, kind, settings);
    for (const DraftEdit& edit : found.edits) {
      const auto as_judged = judged(problem, package, edit.package, kind);
      ASSERT_TRUE(as_judged);
      EXPECT_EQ(as_judged->depth, edit.depth);
      EXPECT_EQ(as_judged->mended, edit.mended);
      EXPECT_EQ(as_judged->gain, edit.gain);
    }
    EXPECT_TRUE(std::is_sorted(found.edits.begin(), found.edits.end(), better));
    edits += static_cast<int>(found.edits.size());
    for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
      const auto own = std::find_if(found.edits.begin(), found.edits.end(), [&](const auto& edit) {
        return edit.issue == static_cast<int>(j);
      });
      for (const Rational& place : places_to_try(scenario.issues[j], problem.issues[j], dice)) {
        if (place == places[j]) continue;
        auto other = places;
        other[j] = place;
        const auto tried = judged(problem, package, make_package(problem, other), kind);
        if (!tried) continue;
        ASSERT_NE(own, found.edits.end()) << to_text(place) << " helps on issue " << j;
        EXPECT_FALSE(better(*tried, *own)) << to_text(place) << " is better on issue " << j;
        const bool tie = !better(*own, *tried);
        if (tie && scenario.issues[j].continuous()) {
          EXPECT_LE(own->to, place);
        }
      }
    }
    if (!found.complete) ++unfinished;
    if (HasFailure()) return;
  }
  if (random_cases(100) < 100) return;
  EXPECT_GT(edits, 100);
  EXPECT_LT(unfinished, cases / 100);
}

// --------------------------------------------------------------------------------------- by hand

Position stand(int issue, int salience, std::vector<Breakpoint> value) {
  Position position;
  position.issue = issue;
  position.salience = Number(salience);
  position.value = std::move(value);
  return position;
}

// One party with saliences 3 and 1 on two continuous issues, worth x on each, and the reservation
// 1/2: of (2/5, 3/5) it has the utility 9/20, so that 1/20 is missing.
//   reservation: 9/20.
//   salience of x, s: (2s/5 + 3/5)/(s + 1) ≥ 1/2 ⇔ s ≤ 1; of y, s: (6/5 + 3s/5)/(3 + s) ≥ 1/2 ⇔ s
//   ≥ 3. worth of 2/5 on x: 2/5 + (1/20)/(3/4) = 7/15; of 3/5 on y: 3/5 + (1/20)/(1/4) = 4/5.
TEST(Redraft, SaysWhatWouldHaveToBeOtherwise) {
  Scenario scenario;
  for (const char* id : {"x", "y"}) {
    Issue issue;
    issue.id = id;
    issue.low = 0;
    issue.high = 1;
    scenario.issues.push_back(issue);
  }
  Party party;
  party.id = "p";
  party.reservation.utility = Number(Rational(1, 2));
  party.positions.push_back(stand(0, 3, {{0, Number(0)}, {1, Number(1)}}));
  party.positions.push_back(stand(1, 1, {{0, Number(0)}, {1, Number(1)}}));
  scenario.parties.push_back(party);
  Consent leaf;
  leaf.kind = Consent::Kind::leaf;
  leaf.party = 0;
  scenario.consent.members.push_back(leaf);
  const Problem problem = make_problem(scenario);
  const Package package = make_package(problem, {Rational(2, 5), Rational(3, 5)});
  const Redraft found = redraft(scenario, problem, package, DepthKind::hard, {});
  ASSERT_EQ(found.refusals.size(), 1U);
  EXPECT_TRUE(found.refusals[0].one_number_suffices);
  ASSERT_EQ(found.refusals[0].broken.size(), 1U);
  const auto& remedies = found.refusals[0].broken[0].remedies;
  ASSERT_EQ(remedies.size(), 5U);
  EXPECT_EQ(remedies[0].what, What::reservation);
  EXPECT_EQ(*remedies[0].to, Rational(9, 20));
  EXPECT_EQ(*remedies[0].distance, Rational(1, 20));
  EXPECT_EQ(remedies[1].what, What::salience);
  EXPECT_EQ(*remedies[1].from, 3);
  EXPECT_EQ(*remedies[1].to, 1);
  EXPECT_EQ(*remedies[2].from, 1);
  EXPECT_EQ(*remedies[2].to, 3);
  EXPECT_EQ(remedies[3].what, What::worth);
  EXPECT_EQ(*remedies[3].settlement, Rational(2, 5));
  EXPECT_EQ(*remedies[3].to, Rational(7, 15));
  EXPECT_EQ(*remedies[4].to, Rational(4, 5));
  // Nobody else minds: x to 1 gains 6/5 · 3/5 of the margin's scale 1/2, then y to 1.
  ASSERT_EQ(found.path.size(), 2U);
  EXPECT_EQ(found.path[0].issue, 0);
  EXPECT_EQ(found.path[0].gain, Rational(9, 10));
  EXPECT_EQ(found.path[1].issue, 1);
  EXPECT_EQ(found.path[1].gain, Rational(1, 5));
  EXPECT_EQ(found.path[1].depth, std::optional<Rational>(1));
}

TEST(Redraft, StopsWhenTold) {
  const Scenario scenario = random_scenario(7, {});
  const Problem problem = make_problem(scenario);
  const BruteForce brute(scenario);
  RedraftSettings settings;
  settings.progress = [](double) { return false; };
  const Redraft found = redraft(scenario, problem, make_package(problem, brute.packages()[0]),
                                DepthKind::hard, settings);
  EXPECT_FALSE(found.complete);
  EXPECT_TRUE(found.path.empty());
}

}  // namespace
}  // namespace zopa
