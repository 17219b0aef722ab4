// SPDX-License-Identifier: MIT
#include "model/studies/levers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/engine/prepare.hpp"
#include "model/tools/error.hpp"
#include "model/validity.hpp"
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

using Edit = std::function<void(Scenario&)>;
struct Part {
  int party = -1;  // −1: elsewhere
  Edit edit;
};

std::size_t at(int i) { return static_cast<std::size_t>(i); }

LeverStudy study_of(const Scenario& base, std::vector<Lever> levers,
                    const std::vector<std::vector<Part>>& parts) {
  LeverStudy study;
  const auto with = [base, levers, parts](const LeverSet& set,
                                          std::optional<int> party) -> std::optional<Scenario> {
    Scenario scenario = base;
    for (std::size_t l = 0; l < set.size(); ++l) {
      if (!set[l]) continue;
      for (const Part& part : parts[l]) {
        if (!party || levers[l].elsewhere || part.party == *party) part.edit(scenario);
      }
    }
    if (!find_problems(scenario).empty() || agreement_space_empty(frame_problem(scenario)))
      return std::nullopt;
    return scenario;
  };
  study.levers = std::move(levers);
  study.apply = [with](const LeverSet& set) { return with(set, std::nullopt); };
  study.apply_to = [with](const LeverSet& set, int party) { return with(set, party); };
  return study;
}

// ---------------------------------------------------------------------------------- random levers

// A change of one party, the same whatever else has been done to the scenario.
Edit random_change(const Scenario& scenario, int party, Dice& dice) {
  const Party& before = scenario.parties[at(party)];
  const int what = dice.pick(0, 5);
  if (what == 0 || before.positions.empty()) {
    const Rational utility(dice.pick(0, 10), 10);
    return [=](Scenario& s) {
      s.parties[at(party)].reservation.package.clear();
      s.parties[at(party)].reservation.utility = Number(utility);
    };
  }
  const auto p = at(dice.pick(0, static_cast<int>(before.positions.size()) - 1));
  const Issue& issue = scenario.issues[at(before.positions[p].issue)];
  const Rational place = issue.place(dice.pick(0, issue.settlements() - 1));
  if (what == 1) return [=](Scenario& s) { s.parties[at(party)].positions[p].limit.reset(); };
  if (what == 2) {
    const bool upper = dice.chance(50);
    const bool list = issue.kind == IssueKind::unordered;
    return [=](Scenario& s) {
      Limit limit;
      if (list) {
        limit.accepted = {place};
      } else {
        (upper ? limit.high : limit.low) = LimitEnd{Number(place), false};
      }
      s.parties[at(party)].positions[p].limit = limit;
    };
  }
  if (what == 3 && before.positions[p].has_worth()) {
    const Number salience(dice.pick(0, 40));
    return [=](Scenario& s) { s.parties[at(party)].positions[p].salience = salience; };
  }
  if (what == 4 && !before.positions[p].value.empty()) {
    const auto b = at(dice.pick(0, static_cast<int>(before.positions[p].value.size()) - 1));
    const Number to(Rational(dice.pick(0, 10), 10));
    return [=](Scenario& s) {
      s.parties[at(party)].positions[p].ideal.reset();
      s.parties[at(party)].positions[p].value[b].worth = to;
    };
  }
  return [=](Scenario& s) { s.parties[at(party)].demands.clear(); };
}

// A change of something else.
Edit random_elsewhere(const Scenario& scenario, Dice& dice) {
  if (!scenario.rules.empty() && dice.chance(60)) {
    const std::string id =
        scenario.rules[at(dice.pick(0, static_cast<int>(scenario.rules.size()) - 1))].id;
    return [=](Scenario& s) {
      std::erase_if(s.rules, [&](const Rule& rule) { return rule.id == id; });
    };
  }
  const auto kind = dice.chance(50) ? Consent::Kind::all : Consent::Kind::any;
  return [=](Scenario& s) {
    if (s.consent.kind == Consent::Kind::all || s.consent.kind == Consent::Kind::any)
      s.consent.kind = kind;
  };
}

LeverStudy random_study(const Scenario& scenario, Dice& dice) {
  const int parties = static_cast<int>(scenario.parties.size());
  std::vector<Lever> levers;
  std::vector<std::vector<Part>> parts;
  const int count = dice.pick(1, 5);
  for (int l = 0; l < count; ++l) {
    Lever lever;
    lever.cost = dice.pick(0, 4);
    auto& own = parts.emplace_back();
    if (dice.chance(12)) {
      lever.elsewhere = true;
      own.push_back({-1, random_elsewhere(scenario, dice)});
    }
    const int touched = lever.elsewhere ? dice.pick(0, 1) : dice.chance(25) ? 2 : 1;
    for (int t = 0; t < touched; ++t) {
      const int party = dice.pick(0, parties - 1);
      if (std::count(lever.parties.begin(), lever.parties.end(), party) == 0)
        lever.parties.push_back(party);
      own.push_back({party, random_change(scenario, party, dice)});
    }
    levers.push_back(std::move(lever));
  }
  return study_of(scenario, std::move(levers), parts);
}

// ------------------------------------------------------------------------------- by enumeration

using Value = std::optional<Rational>;  // nothing: −∞

Value deepest(const Scenario& scenario, oracle::Kind kind) {
  const BruteForce brute(scenario);
  Value best;
  for (std::size_t p = 0; p < brute.packages().size(); ++p)
    best = std::max(best, brute.tree_value(p, kind));
  return best;
}

// Sets by size, then in file order.
std::vector<LeverSet> all_sets(std::size_t count) {
  std::vector<LeverSet> sets;
  for (unsigned bits = 0; bits < 1U << count; ++bits) {
    LeverSet set(count);
    for (std::size_t l = 0; l < count; ++l) set[l] = (bits >> l & 1U) != 0;
    sets.push_back(set);
  }
  std::stable_sort(sets.begin(), sets.end(), [](const LeverSet& a, const LeverSet& b) {
    const auto size = [](const LeverSet& set) { return std::count(set.begin(), set.end(), 1); };
    return size(a) != size(b) ? size(a) < size(b) : a > b;
  });
  return sets;
}

Rational cost_of(const LeverStudy& study, const LeverSet& set) {
  Rational cost = 0;
  for (std::size_t l = 0; l < set.size(); ++l) {
    if (set[l]) cost += study.levers[l].cost;
  }
  return cost;
}

struct Seen {
  int openings = 0;
  int points = 0;
  int alone = 0;
  int in_company = 0;
  int harmless = 0;
  int impossible = 0;
  int soft = 0;
};

using Depths = std::map<LeverSet, Value>;  // of the sets that can be applied

void expect_frontier(const LeverStudy& study, const std::vector<LeverSet>& sets,
                     const Depths& depths, const LeverAnswer& found, Seen& seen) {
  // Points that no other set beats; of equals the simplest, which comes first in `sets`.
  std::vector<std::pair<LeverSet, Value>> expected;
  for (const auto& set : sets) {
    const auto own = depths.find(set);
    if (own == depths.end()) continue;
    bool beaten = false;
    bool earlier = true;
    for (const auto& other : sets) {
      if (other == set) {
        earlier = false;
        continue;
      }
      const auto its = depths.find(other);
      if (its == depths.end()) continue;
      const Rational cost = cost_of(study, set);
      const Rational its_cost = cost_of(study, other);
      if (its_cost > cost || its->second < own->second) continue;
      beaten |= its_cost < cost || its->second > own->second || earlier;
    }
    if (!beaten && (own->second || set == sets[0])) expected.emplace_back(set, own->second);
  }
  std::stable_sort(expected.begin(), expected.end(), [&](const auto& a, const auto& b) {
    return cost_of(study, a.first) < cost_of(study, b.first);
  });
  ASSERT_EQ(found.frontier.size(), expected.size());
  for (std::size_t p = 0; p < expected.size(); ++p) {
    EXPECT_EQ(found.frontier[p].levers, expected[p].first);
    EXPECT_EQ(found.frontier[p].cost, cost_of(study, expected[p].first));
    EXPECT_EQ(found.frontier[p].depth.low, expected[p].second);
    if (!expected[p].second) continue;
    const auto scenario = study.apply(expected[p].first);
    const Problem problem = make_problem(*scenario);
    EXPECT_EQ(tree_value(problem, *found.frontier[p].depth.package, found.kind),
              expected[p].second);
  }
  const auto opening = std::find_if(expected.begin(), expected.end(), [](const auto& point) {
    return point.second && *point.second >= 0;
  });
  ASSERT_EQ(found.opening.has_value(), opening != expected.end());
  if (found.opening) {
    EXPECT_EQ(found.opening->levers, opening->first);
  }
  seen.openings += found.opening && found.opening->cost > 0;
  seen.points += static_cast<int>(expected.size());
  for (int budget = 0; budget < 8; ++budget) {
    Value best;
    for (const auto& [set, depth] : depths) {
      if (cost_of(study, set) <= budget) best = std::max(best, depth);
    }
    const LeverPoint* point = best_for(found, budget);
    ASSERT_NE(point, nullptr);
    EXPECT_EQ(point->depth.low, best);
  }
}

void expect_as_by_enumeration(const LeverStudy& study, Seen& seen) {
  const std::size_t count = study.levers.size();
  const std::vector<LeverSet> sets = all_sets(count);
  Depths depths;
  const auto base = study.apply(sets[0]);
  const oracle::Kind kind =
      deepest(*base, oracle::Kind::hard) ? oracle::Kind::hard : oracle::Kind::all;
  for (const LeverSet& set : sets) {
    LeverSet first = set;  // those elsewhere have to be possible by themselves
    for (std::size_t l = 0; l < count; ++l) first[l] = set[l] && study.levers[l].elsewhere;
    const auto scenario = study.apply(set);
    if (!scenario || !study.apply(first)) continue;
    if (make_problem(*scenario).rounded) return;
    depths[set] = deepest(*scenario, kind);
  }

  const LeverAnswer found = study_levers(study, {});
  EXPECT_EQ(found.kind == DepthKind::hard, kind == oracle::Kind::hard);
  EXPECT_EQ(found.base.low, depths[sets[0]]);
  seen.soft += kind == oracle::Kind::all;
  seen.impossible += depths.size() < sets.size();
  EXPECT_EQ(found.proof, Proof::exact);
  ASSERT_NO_FATAL_FAILURE(expect_frontier(study, sets, depths, found, seen));

  ASSERT_EQ(found.effects.size(), count);
  for (std::size_t l = 0; l < count; ++l) {
    SCOPED_TRACE("lever " + std::to_string(l));
    const LeverEffect& effect = found.effects[l];
    LeverSet one(count);
    one[l] = 1;
    const auto alone = depths.find(one);
    ASSERT_EQ(effect.alone.has_value(), alone != depths.end());
    EXPECT_EQ(effect.proof, Proof::exact);
    if (effect.alone) {
      EXPECT_EQ(effect.alone->low, alone->second);
      EXPECT_EQ(effect.lowers_alone, alone->second < found.base.low);
      seen.alone += effect.lowers_alone;
      if (effect.change) {
        EXPECT_EQ(*effect.change, *alone->second - *found.base.low);
      }
    }
    std::optional<LeverSet> company;
    for (const LeverSet& set : sets) {
      if (set[l]) continue;
      LeverSet with = set;
      with[l] = 1;
      const auto before = depths.find(set);
      const auto after = depths.find(with);
      if (before == depths.end() || after == depths.end()) continue;
      if (!(after->second < before->second)) continue;
      company = set;
      break;
    }
    EXPECT_EQ(effect.company, company);
    seen.in_company += company && !effect.lowers_alone;
    seen.harmless += !company && effect.looked_at == 0;
  }
}

TEST(Levers, AreAsByEnumeration) {
  const Shape shape{.most_issues = 3, .most_settlements = 4, .most_packages = 24, .most_leaves = 5};
  Seen seen;
  const int cases = random_cases(250);
  for (int k = 0; k < cases; ++k) {
    const auto seed = static_cast<std::uint64_t>(52000 + k);
    const Scenario scenario = random_scenario(seed, shape);
    Dice dice(seed);
    const LeverStudy study = random_study(scenario, dice);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    ASSERT_NO_FATAL_FAILURE(expect_as_by_enumeration(study, seen));
    if (HasFailure()) return;
  }
  if (random_cases(100) < 100) return;
  EXPECT_GT(seen.openings, 9);
  EXPECT_GT(seen.points, cases + 15);
  EXPECT_GT(seen.alone, 9);
  EXPECT_GT(seen.in_company, 0);
  EXPECT_GT(seen.harmless, 9);
  EXPECT_GT(seen.soft, 9);
  EXPECT_GT(seen.impossible, 3);
}

// ----------------------------------------------------------------------------------------- by hand

// A coin to divide between two: x to the first, 1 − x to the second, in hundredths.
Scenario coin(const Rational& first, const Rational& second) {
  Scenario scenario;
  Issue issue;
  issue.id = "x";
  issue.low = 0;
  issue.high = 100;
  issue.step = 1;
  scenario.issues.push_back(issue);
  for (int i = 0; i < 2; ++i) {
    Party party;
    party.id = i == 0 ? "a" : "b";
    party.reservation.utility = Number(i == 0 ? first : second);
    Position position;
    position.salience = Number(1);
    position.value = {{0, Number(i)}, {100, Number(1 - i)}};
    party.positions.push_back(position);
    scenario.parties.push_back(party);
    Consent leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.party = i;
    scenario.consent.members.push_back(leaf);
  }
  return scenario;
}

Edit reservation(int party, const Rational& to) {
  return [=](Scenario& s) { s.parties[at(party)].reservation.utility = Number(to); };
}

// Nine levers at one party, more than are looked at together, each of which sets its reservation:
// the last one pulled counts. To lower it from 0.8 to 0.8 − k/50 costs k; the other needs 0.3, so
// that 0.7 opens the zone.
TEST(Levers, AreExactForManyAtOneParty) {
  const Scenario scenario = coin(Rational(8, 10), Rational(3, 10));
  std::vector<Lever> levers;
  std::vector<std::vector<Part>> parts;
  for (int k = 1; k <= 9; ++k) {
    levers.push_back({k, {0}, false});
    parts.push_back({{0, reservation(0, Rational(80 - 2 * k, 100))}});
  }
  const LeverAnswer found = study_levers(study_of(scenario, levers, parts), {});
  EXPECT_EQ(found.proof, Proof::exact);
  ASSERT_TRUE(found.opening);
  LeverSet fifth(9);
  fifth[4] = 1;
  EXPECT_EQ(found.opening->levers, fifth);
  EXPECT_EQ(found.opening->cost, 5);
  ASSERT_EQ(found.frontier.size(), 10U) << "each alone, and none";
  EXPECT_EQ(found.frontier.back().cost, 9);
  // The first undoes nothing: whatever else is pulled comes later and counts.
  EXPECT_FALSE(found.effects[0].company);
  EXPECT_EQ(found.effects[0].proof, Proof::exact);
}

// Twenty levers at ten parties that only say yes: each party has a red line that clashes with the
// rest, and two ways to give it up, for 1 and for 2. Everybody has to be moved.
TEST(Levers, AreExactForTwentyAtManyParties) {
  Scenario scenario = coin(0, 0);
  scenario.issues[0].step = 10;
  std::vector<Lever> levers;
  std::vector<std::vector<Part>> parts;
  for (int k = 0; k < 10; ++k) {
    Party party;
    party.id = "g" + std::to_string(k);
    Position position;
    position.limit = Limit{};
    position.limit->low = LimitEnd{Number(k % 2 == 0 ? 60 : 0), false};
    position.limit->high = LimitEnd{Number(k % 2 == 0 ? 100 : 40), false};
    party.positions.push_back(position);
    scenario.parties.push_back(party);
    Consent leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.party = k + 2;
    scenario.consent.members.push_back(leaf);
    for (int cost = 1; cost <= 2; ++cost) {
      levers.push_back({cost, {k + 2}, false});
      parts.push_back(
          {{k + 2, [=](Scenario& s) { s.parties[at(k + 2)].positions[0].limit.reset(); }}});
    }
  }
  const LeverAnswer found = study_levers(study_of(scenario, levers, parts), {});
  EXPECT_EQ(found.proof, Proof::exact);
  ASSERT_TRUE(found.opening);
  EXPECT_EQ(found.opening->cost, 5) << "the red lines of one side";
  EXPECT_EQ(found.frontier.back().cost, 10) << "the red lines of both";
  EXPECT_EQ(found.frontier.back().depth.low, Rational(1, 2));
  for (const LeverEffect& effect : found.effects) {
    EXPECT_FALSE(effect.company);
    EXPECT_EQ(effect.proof, Proof::exact);
  }
  EXPECT_LT(found.solved, 5000U) << "2^20 sets";
}

TEST(Levers, SayWhenTheyWereStopped) {
  const Scenario scenario = coin(Rational(8, 10), Rational(3, 10));
  const LeverStudy study = study_of(scenario, {{1, {0}, false}}, {{{0, reservation(0, 0)}}});
  LeverSettings settings;
  settings.progress = [](double) { return false; };
  const LeverAnswer found = study_levers(study, settings);
  EXPECT_EQ(found.proof, Proof::bounded);
  ASSERT_EQ(found.effects.size(), 1U);
  EXPECT_EQ(found.effects[0].proof, Proof::bounded);
}

TEST(Levers, NeedABase) {
  Scenario scenario = coin(0, 0);
  scenario.parties[0].reservation.utility = Number(2);
  EXPECT_THROW(study_levers(study_of(scenario, {}, {}), {}), ModelError);
}

// Without levers the base is all there is.
TEST(Levers, MayBeMissing) {
  const LeverAnswer found = study_levers(study_of(coin(0, 0), {}, {}), {});
  ASSERT_EQ(found.frontier.size(), 1U);
  EXPECT_EQ(found.frontier[0].depth.low, Rational(1, 2));
  ASSERT_TRUE(found.opening);
  EXPECT_EQ(found.opening->cost, 0);
}

TEST(Levers, DoNotDependOnTheNumberOfThreads) {
  for (int k = 0; k < random_cases(40); ++k) {
    const auto seed = static_cast<std::uint64_t>(57000 + k);
    const Scenario scenario = random_scenario(seed, {.most_packages = 24});
    Dice dice(seed);
    const LeverStudy study = random_study(scenario, dice);
    LeverSettings settings;
    const LeverAnswer one = study_levers(study, settings);
    settings.jobs = 4;
    const LeverAnswer four = study_levers(study, settings);
    ASSERT_EQ(one.frontier.size(), four.frontier.size());
    for (std::size_t p = 0; p < one.frontier.size(); ++p)
      EXPECT_EQ(one.frontier[p].levers, four.frontier[p].levers);
    for (std::size_t l = 0; l < one.effects.size(); ++l)
      EXPECT_EQ(one.effects[l].company, four.effects[l].company);
    EXPECT_EQ(one.solved, four.solved);
  }
}

}  // namespace
}  // namespace zopa
