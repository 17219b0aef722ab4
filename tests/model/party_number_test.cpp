// SPDX-License-Identifier: MIT
#include "model/party_number.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "model/answers/stretches.hpp"
#include "model/validity.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

using oracle::Dice;
using oracle::random_scenario;
using oracle::Shape;
using test::random_cases;
using Kind = PartyNumber::Kind;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

Rational share(Dice& dice, int of = 1000) { return Rational(dice.pick(0, of), of); }

Rational random_value(const NumberRange& range, const Rational& present, Dice& dice) {
  if (!range.values.empty())
    return range.values[at(dice.pick(0, static_cast<int>(range.values.size()) - 1))];
  const Rational high = range.high ? *range.high : Rational(3 * present + 10);
  return range.low + (high - range.low) * share(dice, 16);
}

// What the format refuses although it is in the range: ends of a limit that pass each other, a list
// without an entry, a reservation package that breaks a rule.
bool may_be_refused(const Scenario& changed, const PartyNumber& number) {
  const Party& party = changed.parties[at(number.party)];
  switch (number.kind) {
    case Kind::limit_low:
    case Kind::limit_high: {
      const Limit& limit = *party.position(number.issue)->limit;
      return limit.low && limit.high && limit.low->place.likely > limit.high->place.likely;
    }
    case Kind::limit_option: return party.position(number.issue)->limit->accepted->empty();
    case Kind::when_option:
    case Kind::require_option: return true;
    case Kind::reservation_place: return true;
    default: return false;
  }
}

TEST(PartyNumbers, CanTakeEveryValueOfTheirRange) {
  for (int k = 0; k < random_cases(800); ++k) {
    const auto seed = static_cast<std::uint64_t>(k) + 1;
    Shape shape;
    shape.continuous_issues = k % 3;
    const Scenario scenario = random_scenario(seed, shape);
    Dice dice(seed);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    for (const PartyNumber& number : party_numbers(scenario)) {
      SCOPED_TRACE(number_path(scenario, number));
      const Rational present = number_value(scenario, number);
      const NumberRange range = number_range(scenario, number);
      ASSERT_LE(range.low, present);
      ASSERT_TRUE(!range.high || present <= *range.high);
      ASSERT_TRUE(std::is_sorted(range.values.begin(), range.values.end()));
      if (!range.values.empty()) {
        ASSERT_TRUE(std::binary_search(range.values.begin(), range.values.end(), present));
      }
      const Rational value = random_value(range, present, dice);
      const Scenario changed = with_number(scenario, number, value);
      ASSERT_EQ(number_value(changed, number), value);
      if (!may_be_refused(changed, number)) {
        ASSERT_TRUE(find_problems(changed).empty()) << to_text(value);
      }
      // And back.
      ASSERT_EQ(oracle::yaml_text(with_number(changed, number, present)),
                oracle::yaml_text(with_number(scenario, number, present)));
    }
  }
}

TEST(PartyNumbers, AreOfPartiesThatAreAsked) {
  for (int k = 0; k < random_cases(300); ++k) {
    const Scenario scenario = random_scenario(static_cast<std::uint64_t>(k) + 50'001, {});
    for (const PartyNumber& number : party_numbers(scenario)) {
      const auto asks = [&](const auto& self, const Consent& node) -> bool {
        if (node.kind == Consent::Kind::leaf) return node.party == number.party;
        return std::any_of(node.members.begin(), node.members.end(),
                           [&](const Consent& member) { return self(self, member); });
      };
      ASSERT_TRUE(asks(asks, scenario.consent));
    }
  }
}

Issue random_scale(Dice& dice) {
  Issue issue;
  issue.low = dice.pick(-20, 20);
  issue.high = issue.low + dice.pick(1, 50);
  return issue;
}

TEST(IdealReach, FindsTheValuesAtWhichAPlaceIsWorthEnough) {
  int brackets = 0;
  for (int k = 0; k < random_cases(3000); ++k) {
    Dice dice(static_cast<std::uint64_t>(k) + 100'001);
    const Issue issue = random_scale(dice);
    const auto place = [&] {
      return Rational(issue.low + (issue.high - issue.low) * share(dice, dice.pick(1, 12)));
    };
    Position position;
    position.ideal.emplace();
    Rational low = place();
    Rational high = place();
    if (low > high) std::swap(low, high);
    position.ideal->low = Number(low);
    position.ideal->high = Number(high);
    const Kind kinds[] = {Kind::ideal, Kind::ideal_low, Kind::ideal_high};
    const Kind kind = kinds[dice.pick(0, 2)];
    NumberRange range{issue.low, issue.high, {}};
    if (kind == Kind::ideal_low) range.high = high;
    if (kind == Kind::ideal_high) range.low = low;
    std::optional<Rational> reference;
    if (dice.chance(60)) reference = place();
    const IdealReach reach(issue, position, kind, reference, range);
    const Rational p = place();
    const Rational need = Rational(dice.pick(-12, 12), dice.pick(10, 12));
    const IdealReach::Set set = reach.values(p, need);
    bool bounded = false;
    const Stretches open = reach.stretches(set, bounded);
    brackets += bounded ? 1 : 0;
    std::vector<Rational> values = {range.low, *range.high, p};
    if (reference) values.push_back(*reference);
    for (int g = 0; g <= 60; ++g) values.push_back(range.low + (*range.high - range.low) * g / 60);
    for (const Stretch& stretch : open) {
      for (const Rational& end : {stretch.from, *stretch.to}) {
        values.push_back(end);
        values.push_back(end - 2 * kMoveBracket);
        values.push_back(end + 2 * kMoveBracket);
      }
    }
    SCOPED_TRACE("case " + std::to_string(k));
    for (const Rational& value : values) {
      if (value < range.low || value > *range.high) continue;
      Rational worth = reach.worth_at(p, value);
      if (reference) worth -= reach.worth_at(*reference, value);
      const bool enough = worth >= need;
      if (enough == holds(open, value)) continue;
      // Only beside a bracket.
      ASSERT_TRUE(bounded && enough) << to_text(value);
      const bool near = std::any_of(open.begin(), open.end(), [&](const Stretch& stretch) {
        return abs(stretch.from - value) <= kMoveBracket ||
               abs(*stretch.to - value) <= kMoveBracket;
      });
      ASSERT_TRUE(near) << to_text(value);
    }
  }
  if (random_cases(1000) == 1000) {
    EXPECT_GE(brackets, 50);
  }
}

TEST(IdealReach, HoldsBetweenTwoPointsOnlyWhereItDoes) {
  int held = 0;
  for (int k = 0; k < random_cases(5000); ++k) {
    Dice dice(static_cast<std::uint64_t>(k) + 200'001);
    const Issue issue = random_scale(dice);
    const auto place = [&] {
      return Rational(issue.low + (issue.high - issue.low) * share(dice, 12));
    };
    Position position;
    position.ideal.emplace();
    Rational low = place();
    Rational high = place();
    if (low > high) std::swap(low, high);
    position.ideal->low = Number(low);
    position.ideal->high = Number(high);
    const Kind kinds[] = {Kind::ideal, Kind::ideal_low, Kind::ideal_high};
    const Kind kind = kinds[dice.pick(0, 2)];
    NumberRange range{issue.low, issue.high, {}};
    if (kind == Kind::ideal_low) range.high = high;
    if (kind == Kind::ideal_high) range.low = low;
    std::optional<Rational> reference;
    if (dice.chance(60)) reference = place();
    const IdealReach reach(issue, position, kind, reference, range);
    const Rational salience = dice.pick(1, 9);
    const Rational reservation = reference ? Rational(0) : share(dice, 10);
    const auto spare = [&](const IdealReach::Point& point) {
      const Rational other = reference ? reach.worth_at(*reference, point.value) : reservation;
      return Rational(point.rest + salience * (reach.worth_at(point.place, point.value) - other));
    };
    const auto point = [&] {
      const Rational value = range.low + (*range.high - range.low) * share(dice, 12);
      return IdealReach::Point{value, place(), Rational(dice.pick(-20, 20), 4)};
    };
    const IdealReach::Point a = point();
    IdealReach::Point b = point();
    // On one piece: no place between them at which a worth bends for any ideal that stands.
    const auto beside = [&](const Rational& bend) {
      return (a.place <= bend && b.place <= bend) || (a.place >= bend && b.place >= bend);
    };
    if (!beside(low) || !beside(high)) continue;
    if (spare(a) < 0 || spare(b) < 0 || a.value == b.value) continue;
    if (!reach.holds_between(a, b, salience, reservation)) continue;
    ++held;
    for (int step = 1; step < 40; ++step) {
      const Rational way(step, 40);
      const IdealReach::Point between{a.value + (b.value - a.value) * way,
                                      a.place + (b.place - a.place) * way,
                                      a.rest + (b.rest - a.rest) * way};
      ASSERT_GE(spare(between), 0) << "case " << k << " at " << step << "/40";
    }
  }
  if (random_cases(1000) == 1000) {
    EXPECT_GE(held, 100);
  }
}

}  // namespace
}  // namespace zopa
