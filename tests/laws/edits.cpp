// SPDX-License-Identifier: MIT
#include "tests/laws/edits.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "model/validity.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/leaves.hpp"

namespace zopa::laws {
namespace {

using oracle::Dice;

std::size_t place_of(int i) { return static_cast<std::size_t>(i); }

template <class T>
void permute(std::vector<T>& items, const std::vector<int>& order) {
  std::vector<T> permuted;
  for (const int from : order) permuted.push_back(items[place_of(from)]);
  items = std::move(permuted);
}

std::vector<int> inverse(const std::vector<int>& order) {
  std::vector<int> place(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) place[place_of(order[k])] = static_cast<int>(k);
  return place;
}

void for_each_node(Consent& consent, const std::function<void(Consent&)>& visit) {
  visit(consent);
  for (Consent& member : consent.members) for_each_node(member, visit);
}

void for_each_condition(Scenario& scenario, const std::function<void(Condition&)>& visit) {
  for (Party& party : scenario.parties) {
    for (LinkedDemand& demand : party.demands) {
      visit(demand.when);
      visit(demand.require);
    }
  }
  for (Rule& rule : scenario.rules) {
    visit(rule.when);
    visit(rule.require);
  }
  for_each_node(scenario.consent, [&](Consent& node) { visit(node.when); });
}

// A new name for every place of one issue. `flips`: the order of the scale is reversed.
class Renaming {
 public:
  Renaming(int issue, std::function<Rational(const Rational&)> place, bool flips)
      : issue_(issue), place_(std::move(place)), flips_(flips) {}

  void apply(Scenario& scenario) const {
    for (Party& party : scenario.parties) {
      for (Position& position : party.positions) {
        if (position.issue == issue_) apply(position, scenario.issues[place_of(issue_)]);
      }
      for (auto& [issue, place] : party.reservation.package) {
        if (issue == issue_) apply(place);
      }
    }
    for_each_condition(scenario, [&](Condition& condition) {
      for (Test& test : condition) {
        if (test.issue == issue_) apply(test);
      }
    });
    for (Draft& draft : scenario.drafts) {
      auto& place = draft.package[place_of(issue_)];
      if (place) place = place_(*place);
    }
  }

 private:
  void apply(Number& number) const {
    number.low = place_(number.low);
    number.likely = place_(number.likely);
    number.high = place_(number.high);
    if (flips_) std::swap(number.low, number.high);
  }

  void apply(std::vector<Rational>& places) const {
    for (Rational& place : places) place = place_(place);
    std::sort(places.begin(), places.end());
  }

  void apply(Test& test) const {
    if (test.relation == Relation::one_of) return apply(test.places);
    apply(test.place);
    if (!flips_) return;
    switch (test.relation) {
      case Relation::at_most: test.relation = Relation::at_least; break;
      case Relation::at_least: test.relation = Relation::at_most; break;
      case Relation::less: test.relation = Relation::greater; break;
      case Relation::greater: test.relation = Relation::less; break;
      default: break;
    }
  }

  void apply(Position& position, const Issue& on) const {
    if (position.ideal) {
      apply(position.ideal->options);
      if (on.kind != IssueKind::unordered) {
        apply(position.ideal->low);
        apply(position.ideal->high);
        if (flips_) std::swap(position.ideal->low, position.ideal->high);
      }
    }
    for (Breakpoint& point : position.value) point.place = place_(point.place);
    std::sort(position.value.begin(), position.value.end(),
              [](const Breakpoint& a, const Breakpoint& b) { return a.place < b.place; });
    if (position.limit) {
      Limit& limit = *position.limit;
      if (limit.low) apply(limit.low->place);
      if (limit.high) apply(limit.high->place);
      if (flips_) std::swap(limit.low, limit.high);
      if (limit.accepted) apply(*limit.accepted);
    }
    if (position.accepts) {
      Accepts& accepts = *position.accepts;
      apply(accepts.options);
      if (on.kind != IssueKind::unordered) {
        accepts.low = place_(accepts.low);
        accepts.high = place_(accepts.high);
        if (flips_) std::swap(accepts.low, accepts.high);
      }
    }
  }

  int issue_;
  std::function<Rational(const Rational&)> place_;
  bool flips_;
};

std::vector<int> asked_parties(const Scenario& scenario) {
  std::set<int> parties;
  Consent consent = scenario.consent;
  for_each_node(consent, [&](Consent& node) {
    if (node.kind == Consent::Kind::leaf) parties.insert(node.party);
  });
  return {parties.begin(), parties.end()};
}

int any_of(const std::vector<int>& items, Dice& dice) {
  return items[place_of(dice.pick(0, static_cast<int>(items.size()) - 1))];
}

Rational random_place(const Issue& issue, Dice& dice) {
  return issue.continuous() ? Rational(issue.low + (issue.high - issue.low) * dice.pick(0, 8) / 8)
                            : issue.place(dice.pick(0, issue.settlements() - 1));
}

Position& position_on(Party& party, int issue) {
  const auto place =
      std::find_if(party.positions.begin(), party.positions.end(),
                   [&](const Position& position) { return position.issue >= issue; });
  if (place != party.positions.end() && place->issue == issue) return *place;
  Position position;
  position.issue = issue;
  return *party.positions.insert(place, position);
}

bool tighten(Limit& limit, const Issue& issue, Dice& dice) {
  if (issue.kind == IssueKind::unordered || limit.accepted) {
    if (!limit.accepted) {
      limit.accepted.emplace();
      for (int k = 0; k < issue.settlements(); ++k) limit.accepted->push_back(issue.place(k));
    }
    if (limit.accepted->size() < 2) return false;
    limit.accepted->erase(limit.accepted->begin() +
                          dice.pick(0, static_cast<int>(limit.accepted->size()) - 1));
    return true;
  }
  const Rational place = random_place(issue, dice);
  const bool low = dice.chance(50);
  std::optional<LimitEnd>& end = low ? limit.low : limit.high;
  const std::optional<LimitEnd>& other = low ? limit.high : limit.low;
  if (end && (low ? place <= end->place.likely : place >= end->place.likely)) return false;
  if (other && (low ? place > other->place.likely : place < other->place.likely)) return false;
  end = LimitEnd{Number(place), !issue.continuous() && dice.chance(25)};
  return true;
}

LinkedDemand random_demand(const Scenario& scenario, const std::string& id, Dice& dice) {
  const int m = static_cast<int>(scenario.issues.size());
  LinkedDemand demand;
  demand.id = id;
  demand.title = "Demand " + id;
  if (dice.chance(70)) demand.when = {random_test(scenario, dice.pick(0, m - 1), false, dice)};
  demand.require = {random_test(scenario, dice.pick(0, m - 1), true, dice)};
  return demand;
}

Position* position_with_limit(Scenario& scenario, Dice& dice) {
  std::vector<Position*> found;
  for (Party& party : scenario.parties) {
    for (Position& position : party.positions) {
      if (position.limit) found.push_back(&position);
    }
  }
  return found.empty() ? nullptr
                       : found[place_of(dice.pick(0, static_cast<int>(found.size()) - 1))];
}

// One more demand; whether there was one to add.
bool demand_more(Scenario& scenario, const std::string& id, Dice& dice) {
  Party& party = scenario.parties[place_of(any_of(asked_parties(scenario), dice))];
  if (dice.chance(40)) {
    party.demands.push_back(random_demand(scenario, id, dice));
    return true;
  }
  const int issue = dice.pick(0, static_cast<int>(scenario.issues.size()) - 1);
  Position& position = position_on(party, issue);
  Limit limit = position.limit.value_or(Limit{});
  if (!tighten(limit, scenario.issues[place_of(issue)], dice)) return false;
  position.limit = limit;
  return true;
}

// One demand less; whether there was one.
bool demand_less(Scenario& scenario, Dice& dice) {
  std::vector<Party*> with_demands;
  for (Party& party : scenario.parties) {
    if (!party.demands.empty()) with_demands.push_back(&party);
  }
  Position* const limited = position_with_limit(scenario, dice);
  if (!with_demands.empty() && (limited == nullptr || dice.chance(50))) {
    Party& party = *with_demands[place_of(dice.pick(0, static_cast<int>(with_demands.size()) - 1))];
    party.demands.erase(party.demands.begin() +
                        dice.pick(0, static_cast<int>(party.demands.size()) - 1));
    return true;
  }
  if (limited == nullptr) return false;
  Limit& limit = *limited->limit;
  if (limit.low && limit.high)
    (dice.chance(50) ? limit.low : limit.high).reset();
  else
    limited->limit.reset();
  return true;
}

}  // namespace

std::vector<int> random_order(int count, Dice& dice) {
  std::vector<int> order(place_of(count));
  std::iota(order.begin(), order.end(), 0);
  for (int k = count; k > 1; --k)
    std::swap(order[place_of(k - 1)], order[place_of(dice.pick(0, k - 1))]);
  return order;
}

Scenario reorder_parties(const Scenario& scenario, const std::vector<int>& order) {
  Scenario result = scenario;
  permute(result.parties, order);
  const std::vector<int> now = inverse(order);
  for_each_node(result.consent, [&](Consent& node) {
    if (node.kind == Consent::Kind::leaf) node.party = now[place_of(node.party)];
  });
  return result;
}

Scenario reorder_issues(const Scenario& scenario, const std::vector<int>& order) {
  Scenario result = scenario;
  permute(result.issues, order);
  const std::vector<int> now = inverse(order);
  for (Party& party : result.parties) {
    for (Position& position : party.positions) position.issue = now[place_of(position.issue)];
    std::sort(party.positions.begin(), party.positions.end(),
              [](const Position& a, const Position& b) { return a.issue < b.issue; });
    for (auto& [issue, place] : party.reservation.package) issue = now[place_of(issue)];
    std::sort(party.reservation.package.begin(), party.reservation.package.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  for_each_condition(result, [&](Condition& condition) {
    for (Test& test : condition) test.issue = now[place_of(test.issue)];
  });
  for (Rule& rule : result.rules) {
    for (auto& [issue, coefficient] : rule.sum) issue = now[place_of(issue)];
  }
  for_each_node(result.consent, [&](Consent& node) {
    if (!node.issues) return;
    for (int& issue : *node.issues) issue = now[place_of(issue)];
    std::sort(node.issues->begin(), node.issues->end());
  });
  for (Draft& draft : result.drafts) permute(draft.package, order);
  return result;
}

Scenario reorder_options(const Scenario& scenario, int issue, const std::vector<int>& order) {
  Scenario result = scenario;
  permute(result.issues[place_of(issue)].options, order);
  const std::vector<int> now = inverse(order);
  const auto place = [now](const Rational& option) {
    return Rational(now[numerator(option).convert_to<std::size_t>()]);
  };
  Renaming(issue, place, false).apply(result);
  return result;
}

Scenario shuffle_members(const Scenario& scenario, Dice& dice) {
  Scenario result = scenario;
  for_each_node(result.consent, [&](Consent& node) {
    const std::vector<int> order = random_order(static_cast<int>(node.members.size()), dice);
    permute(node.members, order);
    if (!node.weights.empty()) permute(node.weights, order);
  });
  return result;
}

Scenario change_unit(const Scenario& scenario, int issue, const Rational& factor,
                     const Rational& shift) {
  Scenario result = scenario;
  const auto place = [factor, shift](const Rational& x) { return Rational(factor * x + shift); };
  Issue& on = result.issues[place_of(issue)];
  on.low = place(on.low);
  on.high = place(on.high);
  if (factor < 0) std::swap(on.low, on.high);
  if (on.step) on.step = Rational(*on.step * abs(factor));
  for (Rule& rule : result.rules) {
    for (auto& [j, coefficient] : rule.sum) {
      if (j != issue) continue;
      coefficient /= factor;
      for (auto* bound : {&rule.at_least, &rule.at_most, &rule.equals}) {
        if (*bound) **bound += coefficient * shift;
      }
    }
  }
  Renaming(issue, place, factor < 0).apply(result);
  return result;
}

Scenario reverse_options(const Scenario& scenario, int issue) {
  Scenario result = scenario;
  std::vector<Option>& options = result.issues[place_of(issue)].options;
  std::reverse(options.begin(), options.end());
  const Rational last = static_cast<int>(options.size()) - 1;
  Renaming(
      issue, [last](const Rational& x) { return Rational(last - x); }, true)
      .apply(result);
  return result;
}

Scenario scale_saliences(const Scenario& scenario, int party, const Rational& factor) {
  Scenario result = scenario;
  for (Position& position : result.parties[place_of(party)].positions) {
    for (Rational* salience :
         {&position.salience.low, &position.salience.likely, &position.salience.high})
      *salience *= factor;
  }
  return result;
}

std::vector<Breakpoint> breakpoints(const Issue& issue, const Position& position) {
  std::vector<Rational> places;
  for (int k = 0; k < issue.settlements(); ++k) places.push_back(issue.place(k));
  if (issue.continuous()) {
    places = kinks(issue, position);
    places.insert(places.begin(), issue.low);
    places.push_back(issue.high);
  }
  std::vector<Breakpoint> points;
  for (const Rational& place : places)
    points.push_back({place, Number(worth(issue, position, place))});
  return points;
}

Scenario rescale_utility(const Scenario& scenario, int party, const Rational& base,
                         const Rational& factor) {
  Scenario result = scenario;
  Party& of = result.parties[place_of(party)];
  for (Position& position : of.positions) {
    if (!position.has_worth()) continue;
    position.value = breakpoints(scenario.issues[place_of(position.issue)], position);
    position.ideal.reset();
    for (Breakpoint& point : position.value)
      point.worth = Number(Rational(base + factor * point.worth.likely));
  }
  const bool stays_absent = base == 0 && !of.reservation.utility;
  if (of.reservation.package.empty() && !stays_absent) {
    const Rational r = of.reservation.utility ? of.reservation.utility->likely : Rational(0);
    of.reservation.utility = Number(Rational(base + factor * r));
  }
  return result;
}

Test random_test(const Scenario& scenario, int issue, bool required, Dice& dice) {
  const Issue& on = scenario.issues[place_of(issue)];
  Test test;
  test.issue = issue;
  const bool order = on.kind != IssueKind::unordered;
  if (order && (on.continuous() || dice.chance(70))) {
    test.relation = dice.chance(50) ? Relation::at_most : Relation::at_least;
  } else {
    test.relation = dice.chance(50) ? Relation::equal : Relation::not_equal;
    if (on.settlements() < 2) test.relation = Relation::equal;
  }
  if (required && on.continuous() && dice.chance(10)) test.relation = Relation::equal;
  test.place = Number(random_place(on, dice));
  return test;
}

std::optional<Scenario> add_demand(const Scenario& scenario, Dice& dice) {
  Scenario result = scenario;
  bool any = false;
  for (int k = 0; k < 3; ++k) any = demand_more(result, "more" + std::to_string(k), dice) || any;
  return any ? std::optional(result) : std::nullopt;
}

std::optional<Scenario> remove_demand(const Scenario& scenario, Dice& dice) {
  Scenario result = scenario;
  bool any = false;
  for (int k = 0; k < 3; ++k) any = demand_less(result, dice) || any;
  return any ? std::optional(result) : std::nullopt;
}

Scenario without_full_scopes(const Scenario& scenario) {
  Scenario result = scenario;
  for_each_node(result.consent, [&](Consent& node) {
    if (node.issues && node.issues->size() == scenario.issues.size()) node.issues.reset();
  });
  return result;
}

std::optional<Scenario> lower_reservation(const Scenario& scenario, Dice& dice) {
  const oracle::Reading reading = oracle::read_leaves(scenario);
  std::vector<const oracle::Leaf*> leaves;
  for (const oracle::Leaf& leaf : reading.leaves) {
    const bool one_scope =
        std::all_of(reading.leaves.begin(), reading.leaves.end(), [&](const oracle::Leaf& other) {
          return other.party != leaf.party || other.in_scope == leaf.in_scope;
        });
    if (leaf.has_utility && leaf.reservation > 0 && one_scope) leaves.push_back(&leaf);
  }
  if (leaves.empty()) return std::nullopt;
  const oracle::Leaf& leaf = *leaves[place_of(dice.pick(0, static_cast<int>(leaves.size()) - 1))];
  Scenario result = scenario;
  Reservation& reservation = result.parties[place_of(leaf.party)].reservation;
  reservation.package.clear();
  reservation.utility = Number(Rational(leaf.reservation * dice.pick(0, 19) / 20));
  return result;
}

std::optional<Scenario> add_rule(const Scenario& scenario, Dice& dice) {
  Scenario result = scenario;
  const int m = static_cast<int>(scenario.issues.size());
  Rule rule;
  rule.id = "more";
  rule.title = "One more rule";
  for (int j = 0; j < m; ++j) {
    if (scenario.issues[place_of(j)].kind == IssueKind::numeric && dice.chance(70))
      rule.sum.emplace_back(j, Rational(dice.chance(70) ? 1 : -2));
  }
  if (!rule.sum.empty() && dice.chance(50)) {
    Rational bound = 0;
    for (const auto& [j, coefficient] : rule.sum)
      bound += coefficient * random_place(scenario.issues[place_of(j)], dice);
    (dice.chance(50) ? rule.at_least : rule.at_most) = bound;
  } else {
    rule.sum.clear();
    if (dice.chance(50)) rule.when = {random_test(scenario, dice.pick(0, m - 1), false, dice)};
    rule.require = {random_test(scenario, dice.pick(0, m - 1), true, dice)};
  }
  result.rules.push_back(rule);
  // It may rule out a reservation, or everything.
  if (!find_problems(result).empty() || oracle::agreement_space(result).empty())
    return std::nullopt;
  return result;
}

Scenario fix(const Scenario& scenario, int issue, const Rational& place) {
  Scenario result = scenario;
  Rule rule;
  rule.id = "fixed";
  rule.title = "The settlement of one issue";
  rule.require = {Test{issue, Relation::equal, Number(place), {}}};
  result.rules.push_back(rule);
  return result;
}

Scenario forbid(const Scenario& scenario, const std::vector<Rational>& places) {
  Scenario result = scenario;
  Rule rule;
  rule.id = "forbidden";
  rule.title = "One package less";
  for (std::size_t j = 0; j < places.size(); ++j)
    rule.when.push_back(Test{static_cast<int>(j), Relation::equal, Number(places[j]), {}});
  rule.require = {rule.when.back()};
  rule.require.front().relation = Relation::not_equal;
  rule.when.pop_back();
  result.rules.push_back(rule);
  return result;
}

Scenario add_guardian(const Scenario& scenario, const Condition& when, const Condition& require) {
  Scenario result = scenario;
  Party guardian;
  guardian.id = "guardian";
  guardian.title = "Guardian";
  LinkedDemand demand;
  demand.id = "guard";
  demand.title = "What is guarded";
  demand.when = when;
  demand.require = require;
  guardian.demands.push_back(demand);
  result.parties.push_back(guardian);
  result.consent = node_of(Consent::Kind::all,
                           {result.consent, leaf_of(static_cast<int>(scenario.parties.size()))});
  return result;
}

Consent leaf_of(int party) {
  Consent leaf;
  leaf.kind = Consent::Kind::leaf;
  leaf.party = party;
  return leaf;
}

Consent node_of(Consent::Kind kind, std::vector<Consent> members) {
  Consent node;
  node.kind = kind;
  node.members = std::move(members);
  return node;
}

bool only_all(const Consent& consent) {
  return consent.kind == Consent::Kind::leaf ||
         (consent.kind == Consent::Kind::all &&
          std::all_of(consent.members.begin(), consent.members.end(), only_all));
}

bool has_condition(const Consent& consent) {
  return !consent.when.empty() ||
         std::any_of(consent.members.begin(), consent.members.end(), has_condition);
}

bool surely_asked(const Consent& consent) {
  if (consent.kind == Consent::Kind::leaf) return consent.when.empty();
  return std::any_of(consent.members.begin(), consent.members.end(), surely_asked);
}

Scenario duplicate_party(const Scenario& scenario, int party) {
  Scenario result = scenario;
  const int twin = static_cast<int>(scenario.parties.size());
  result.parties.push_back(scenario.parties[place_of(party)]);
  result.parties.back().id = "twin";
  const std::function<Consent(const Consent&)> doubled = [&](const Consent& node) {
    Consent copy = node;
    if (node.kind == Consent::Kind::leaf) {
      if (node.party != party) return copy;
      copy.party = twin;
      return node_of(Consent::Kind::all, {node, copy});
    }
    for (Consent& member : copy.members) member = doubled(member);
    return copy;
  };
  result.consent = doubled(scenario.consent);
  return result;
}

Scenario side_by_side(const Scenario& first, const Scenario& second) {
  Scenario result = without_full_scopes(first);
  const int issues = static_cast<int>(first.issues.size());
  const int parties = static_cast<int>(first.parties.size());
  Scenario other = without_full_scopes(second);
  for_each_condition(other, [&](Condition& condition) {
    for (Test& test : condition) test.issue += issues;
  });
  for (Issue& issue : other.issues) {
    issue.id += "b";
    result.issues.push_back(issue);
  }
  for (Party& party : other.parties) {
    party.id += "b";
    for (Position& position : party.positions) position.issue += issues;
    for (auto& [issue, place] : party.reservation.package) issue += issues;
    result.parties.push_back(party);
  }
  for (Rule& rule : other.rules) {
    rule.id += "b";
    for (auto& [issue, coefficient] : rule.sum) issue += issues;
    result.rules.push_back(rule);
  }
  for_each_node(other.consent, [&](Consent& node) {
    if (node.kind == Consent::Kind::leaf) node.party += parties;
    if (!node.issues) return;
    for (int& issue : *node.issues) issue += issues;
  });
  result.drafts.clear();
  result.consent = node_of(Consent::Kind::all, {result.consent, other.consent});
  return result;
}

}  // namespace zopa::laws
