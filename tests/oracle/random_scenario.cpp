// SPDX-License-Identifier: MIT
#include "tests/oracle/random_scenario.hpp"

#include <algorithm>
#include <numeric>

#include "tests/oracle/brute_force.hpp"

namespace zopa::oracle {
namespace {

class Maker {
 public:
  Maker(std::uint64_t seed, const Shape& shape)
      : dice_(seed), shape_(shape), pretty_(dice_.chance(60)) {}

  Scenario make() {
    scenario_.title = "Random scenario";
    make_issues();
    make_witness();
    make_rules();
    make_parties();
    make_consent();
    make_reservations();
    make_drafts();
    return scenario_;
  }

 private:
  std::size_t m() const { return scenario_.issues.size(); }
  Issue& issue(int j) { return scenario_.issues[static_cast<std::size_t>(j)]; }
  int any_issue() { return dice_.pick(0, static_cast<int>(m()) - 1); }

  // On [0, 1].
  Rational share() {
    if (pretty_) return Rational(dice_.pick(0, 10), 10);
    if (dice_.chance(15)) return dice_.pick(0, 1);
    return Rational(dice_.pick(0, 10000000), 10000000);
  }

  std::vector<int> some_of(int count, int least, int most) {
    std::vector<int> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 0);
    for (std::size_t k = all.size(); k > 1; --k)
      std::swap(all[k - 1], all[static_cast<std::size_t>(dice_.pick(0, static_cast<int>(k) - 1))]);
    all.resize(static_cast<std::size_t>(std::min(count, dice_.pick(least, std::min(most, count)))));
    std::sort(all.begin(), all.end());
    return all;
  }

  void make_issues() {
    const int least = std::max(shape_.least_issues, shape_.continuous_issues);
    const int most = std::max(shape_.most_issues, shape_.continuous_issues);
    const int count = std::max(dice_.pick(least, most), dice_.pick(least, most));
    const std::vector<int> continuous =
        some_of(count, shape_.continuous_issues, shape_.continuous_issues);
    double packages = 1;
    for (int j = 0; j < count; ++j) {
      Issue issue;
      issue.id = "i" + std::to_string(j);
      issue.title = "Issue " + std::to_string(j);
      const bool is_continuous = std::count(continuous.begin(), continuous.end(), j) > 0;
      const int widest = static_cast<int>(
          std::min<double>(shape_.most_settlements, shape_.most_packages / packages));
      const int settlements = dice_.chance(3) ? 1 : dice_.pick(std::min(2, widest), widest);
      const int kind = is_continuous ? 0 : dice_.pick(0, 2);
      if (kind == 0 && (is_continuous || settlements > 1)) {
        issue.kind = IssueKind::numeric;
        issue.low = pretty_ ? Rational(10 * dice_.pick(-2, 5))
                            : Rational(dice_.pick(-9999999, 9999999), 1000000);
        const Rational step = pretty_
                                  ? Rational(std::vector<int>{
                                        1, 5, 10, 25}[static_cast<std::size_t>(dice_.pick(0, 3))])
                                  : Rational(dice_.pick(1, 9999999), 1000000);
        issue.high = issue.low + (is_continuous ? dice_.pick(2, 8) : settlements - 1) * step;
        if (!is_continuous) issue.step = step;
        if (dice_.chance(30)) issue.unit = "units";
      } else {
        issue.kind = kind == 1 ? IssueKind::ordered : IssueKind::unordered;
        for (int k = 0; k < settlements; ++k)
          issue.options.push_back({"o" + std::to_string(k), "Option " + std::to_string(k)});
      }
      if (!is_continuous) packages *= issue.settlements();
      scenario_.issues.push_back(issue);
    }
  }

  // A place that a package may hold.
  Rational place_in(const Issue& issue) {
    if (!issue.continuous()) return issue.place(dice_.pick(0, issue.settlements() - 1));
    return issue.low + (issue.high - issue.low) * dice_.pick(0, 10) / 10;
  }

  // A place on the scale, sometimes between steps.
  Rational place_on(const Issue& issue) {
    if (issue.kind == IssueKind::numeric && !issue.continuous() && dice_.chance(30))
      return issue.low + (issue.high - issue.low) * dice_.pick(0, 16) / 16;
    return place_in(issue);
  }

  void make_witness() {
    for (const Issue& each : scenario_.issues) witness_.push_back(place_in(each));
  }

  Test random_test(int j, bool required) {
    const Issue& on = issue(j);
    Test test;
    test.issue = j;
    std::vector<Relation> relations;
    if (on.kind == IssueKind::unordered) {
      relations = {Relation::equal, Relation::not_equal, Relation::one_of};
    } else if (on.continuous() && required) {
      relations = {Relation::at_most, Relation::at_least, Relation::at_most, Relation::at_least,
                   Relation::equal};
    } else if (on.continuous()) {
      relations = {Relation::at_most, Relation::at_least, Relation::less, Relation::greater,
                   Relation::not_equal};
    } else {
      relations = {Relation::at_most, Relation::less,      Relation::at_least, Relation::greater,
                   Relation::equal,   Relation::not_equal, Relation::one_of};
    }
    test.relation =
        relations[static_cast<std::size_t>(dice_.pick(0, static_cast<int>(relations.size()) - 1))];
    if (test.relation == Relation::one_of) {
      for (const int k : some_of(on.settlements(), 1, on.settlements()))
        test.places.push_back(on.place(k));
    } else {
      test.place = Number(on.kind == IssueKind::numeric && test.relation != Relation::equal &&
                                  test.relation != Relation::not_equal
                              ? place_on(on)
                              : place_in(on));
    }
    return test;
  }

  Condition random_condition(const std::vector<int>& issues, bool required) {
    Condition condition;
    for (const int j : issues) condition.push_back(random_test(j, required));
    return condition;
  }

  void make_rules() {
    if (!shape_.rules || !dice_.chance(45)) return;
    const int count = dice_.pick(1, 2);
    for (int l = 0; l < count; ++l) {
      Rule rule;
      rule.id = "rule" + std::to_string(l);
      rule.title = "Rule " + std::to_string(l);
      std::vector<int> numeric;
      for (std::size_t j = 0; j < m(); ++j)
        if (scenario_.issues[j].kind == IssueKind::numeric) numeric.push_back(static_cast<int>(j));
      if (!numeric.empty() && dice_.chance(50)) {
        Rational at = 0;
        Rational span = 0;
        for (const int k : some_of(static_cast<int>(numeric.size()), 1, 3)) {
          const int j = numeric[static_cast<std::size_t>(k)];
          Rational coefficient = dice_.pick(1, 3) * (dice_.chance(30) ? -1 : 1);
          if (!pretty_ && dice_.chance(50)) coefficient /= 8;
          rule.sum.emplace_back(j, coefficient);
          at += coefficient * witness_[static_cast<std::size_t>(j)];
          span += abs(coefficient) * (issue(j).high - issue(j).low);
        }
        const Rational room = span * dice_.pick(0, 5) / 10;
        const int sense = dice_.pick(0, 9);
        if (sense < 4)
          rule.at_least = at - room;
        else if (sense < 8)
          rule.at_most = at + room;
        else if (sense == 8)
          rule.equals = at;
        else
          rule.at_least = at - room, rule.at_most = at + span / 4;
      } else {
        if (dice_.chance(75))
          rule.when = random_condition(some_of(static_cast<int>(m()), 1, 2), false);
        rule.require = random_condition(some_of(static_cast<int>(m()), 1, 2), true);
        if (holds(rule.when, witness_) && !holds(rule.require, witness_)) continue;
      }
      scenario_.rules.push_back(rule);
    }
  }

  Number random_salience() {
    if (dice_.chance(12)) return Number(Rational(0));
    if (pretty_) return Number(Rational(5 * dice_.pick(1, 8)));
    if (dice_.chance(30)) return Number(Rational(dice_.pick(1, 7)));
    return Number(Rational(dice_.pick(1, 9999999), 100000));
  }

  void give_ideal(const Issue& on, Position& position) {
    Ideal ideal;
    if (on.kind == IssueKind::unordered) {
      for (const int k : some_of(on.settlements(), 1, 2)) ideal.options.push_back(k);
    } else {
      Rational low = place_on(on);
      Rational high = dice_.chance(25) ? place_on(on) : low;
      if (low > high) std::swap(low, high);
      ideal.low = Number(low);
      ideal.high = Number(high);
    }
    position.ideal = ideal;
  }

  void give_value(const Issue& on, Position& position) {
    std::vector<Rational> places;
    if (on.kind == IssueKind::numeric) {
      const int points = dice_.pick(1, on.continuous() ? 3 : 4);
      for (int k = 0; k < points; ++k) places.push_back(place_on(on));
      std::sort(places.begin(), places.end());
      places.erase(std::unique(places.begin(), places.end()), places.end());
    } else {
      for (int k = 0; k < on.settlements(); ++k) places.push_back(k);
    }
    for (const Rational& place : places) position.value.push_back({place, Number(share())});
    if (!dice_.chance(30)) return;
    const auto best = std::max_element(
        position.value.begin(), position.value.end(),
        [](const auto& a, const auto& b) { return a.worth.likely < b.worth.likely; });
    Ideal ideal;
    if (on.kind == IssueKind::unordered)
      ideal.options = {best->place};
    else
      ideal.low = ideal.high = Number(best->place);
    position.ideal = ideal;
  }

  void give_limit(const Issue& on, Position& position) {
    Limit limit;
    const bool list =
        on.kind == IssueKind::unordered || (shape_.strict && !on.continuous() && dice_.chance(12));
    if (list) {
      const int k_count = on.settlements();
      limit.accepted.emplace();
      for (const int k : some_of(k_count, std::max(1, k_count - 2 + dice_.pick(0, 1)), k_count))
        limit.accepted->push_back(on.place(k));
    } else {
      const auto end = [&] {
        LimitEnd made{Number(place_on(on)), false};
        made.strict = shape_.strict && !on.continuous() && dice_.chance(20);
        return made;
      };
      const int sides = dice_.pick(0, 6);
      if (sides < 3 || sides == 6) limit.low = end();
      if (sides >= 3) limit.high = end();
      if (limit.low && limit.high && limit.low->place.likely > limit.high->place.likely)
        std::swap(limit.low->place, limit.high->place);
    }
    position.limit = limit;
  }

  void give_accepts(const Issue& on, Position& position) {
    Accepts accepts;
    if (on.kind == IssueKind::unordered) {
      for (const int k : some_of(on.settlements(), 1, on.settlements()))
        accepts.options.push_back(k);
    } else {
      accepts.low = place_on(on);
      accepts.high = place_on(on);
      if (accepts.low > accepts.high) std::swap(accepts.low, accepts.high);
    }
    position.accepts = accepts;
  }

  void make_parties() {
    const int count = dice_.pick(shape_.least_parties, shape_.most_parties);
    for (int i = 0; i < count; ++i) {
      Party party;
      party.id = "p" + std::to_string(i);
      party.title = "Party " + std::to_string(i);
      const bool voter = dice_.chance(15);  // only says yes or no
      for (std::size_t j = 0; j < m(); ++j) {
        if (dice_.chance(voter ? 40 : 12)) continue;
        const Issue& on = scenario_.issues[j];
        Position position;
        position.issue = static_cast<int>(j);
        if (!voter || dice_.chance(30)) {
          if (dice_.chance(45))
            give_value(on, position);
          else
            give_ideal(on, position);
        }
        if (!voter) position.salience = random_salience();
        if (shape_.limits && dice_.chance(voter ? 50 : 20)) give_limit(on, position);
        if (dice_.chance(20)) give_accepts(on, position);
        party.positions.push_back(position);
      }
      const int demands = shape_.demands && dice_.chance(30) ? dice_.pick(1, 2) : 0;
      for (int d = 0; d < demands; ++d) {
        LinkedDemand demand;
        demand.id = "d" + std::to_string(d);
        demand.title = "Demand " + std::to_string(d);
        if (dice_.chance(90))
          demand.when = random_condition(some_of(static_cast<int>(m()), 1, 2), false);
        demand.require = random_condition(some_of(static_cast<int>(m()), 1, 2), true);
        party.demands.push_back(demand);
      }
      scenario_.parties.push_back(party);
    }
  }

  Consent random_leaf() {
    Consent leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.party = dice_.pick(0, static_cast<int>(scenario_.parties.size()) - 1);
    if (shape_.scopes && dice_.chance(25))
      leaf.issues = some_of(static_cast<int>(m()), 1, static_cast<int>(m()));
    if (shape_.whens && dice_.chance(20))
      leaf.when = random_condition(some_of(static_cast<int>(m()), 1, 2), false);
    return leaf;
  }

  Consent random_node(int height, int& leaves) {
    if (height == 0 || leaves <= 1 || dice_.chance(40)) {
      --leaves;
      return random_leaf();
    }
    Consent node;
    const int members = dice_.pick(1, std::min(4, leaves));
    for (int k = 0; k < members && (k == 0 || leaves > 0); ++k)
      node.members.push_back(random_node(height - 1, leaves));
    const int kind = dice_.pick(0, 9);
    const int size = static_cast<int>(node.members.size());
    if (kind < 4) {
      node.kind = Consent::Kind::all;
    } else if (kind < 6) {
      node.kind = Consent::Kind::any;
    } else if (kind < 8) {
      node.kind = Consent::Kind::at_least;
      node.count = dice_.pick(1, size);
    } else {
      node.kind = Consent::Kind::quota;
      Rational sum = 0;
      for (int k = 0; k < size; ++k) {
        node.weights.push_back(pretty_ ? Rational(dice_.pick(1, 5))
                                       : Rational(dice_.pick(1, 999), 100));
        sum += node.weights.back();
      }
      node.need = dice_.chance(10) ? sum : Rational(sum * dice_.pick(1, 10) / 10);
    }
    return node;
  }

  void make_consent() {
    scenario_.consent.kind = Consent::Kind::all;
    if (!shape_.trees || dice_.chance(35)) {
      for (std::size_t i = 0; i < scenario_.parties.size(); ++i) {
        Consent leaf;
        leaf.kind = Consent::Kind::leaf;
        leaf.party = static_cast<int>(i);
        scenario_.consent.members.push_back(leaf);
      }
      return;
    }
    int leaves = shape_.most_leaves;
    if (dice_.chance(50)) {
      scenario_.consent = random_node(3, leaves);
      return;
    }
    const int members = dice_.pick(1, std::min(5, leaves));
    for (int k = 0; k < members && leaves > 0; ++k)
      scenario_.consent.members.push_back(random_node(2, leaves));
  }

  // The utility of its best settlement on every issue.
  Rational highest_utility(const Party& party) {
    Rational sum = 0;
    Rational total = 0;
    for (const Position& position : party.positions) {
      const Issue& on = issue(position.issue);
      Rational best = 0;
      for (int k = 0; k < on.settlements() && position.has_worth(); ++k)
        best = std::max(best, worth(on, position, on.place(k)));
      if (on.continuous()) best = 1;
      sum += position.salience.likely * best;
      total += position.salience.likely;
    }
    return total == 0 ? Rational(0) : Rational(sum / total);
  }

  void make_reservations() {
    const Reading reading = read_leaves(scenario_);
    for (std::size_t i = 0; i < scenario_.parties.size(); ++i) {
      Party& party = scenario_.parties[i];
      std::vector<std::vector<char>> scopes;
      for (const Leaf& leaf : reading.leaves)
        if (leaf.party == static_cast<int>(i)) scopes.push_back(leaf.in_scope);
      const bool one_scope =
          std::all_of(scopes.begin(), scopes.end(), [&](const auto& s) { return s == scopes[0]; });
      if (dice_.chance(15)) continue;
      if (one_scope && dice_.chance(70)) {
        const int kind = dice_.pick(0, 24);
        Rational r = highest_utility(party) * (pretty_ ? Rational(dice_.pick(5, 9), 10)
                                                       : Rational(dice_.pick(400, 980), 1000));
        if (pretty_) r = Rational(Integer(numerator(r) * 10 / denominator(r)), 10);
        if (kind == 0) r = 1;
        if (kind == 1) r = highest_utility(party);
        if (kind == 2) r = 0;
        // As many digits as a file holds.
        const Integer digits = 10000000;
        r = Rational(Integer(numerator(r) * digits / denominator(r)), digits);
        party.reservation.utility = Number(r);
        continue;
      }
      // A package of X, or one that is best for the party on every issue when no rule forbids it.
      const bool greedy = scenario_.rules.empty() && dice_.chance(8);
      for (std::size_t j = 0; j < m(); ++j) {
        const Position* position = party.position(static_cast<int>(j));
        const bool matters = position != nullptr && position->salience.likely > 0;
        if (!matters && dice_.chance(60)) continue;
        const Issue& on = scenario_.issues[j];
        Rational place = scenario_.rules.empty() ? place_in(on) : witness_[j];
        if (greedy && matters && !on.continuous())
          for (int k = 0; k < on.settlements(); ++k)
            if (worth(on, *position, on.place(k)) > worth(on, *position, place))
              place = on.place(k);
        party.reservation.package.emplace_back(static_cast<int>(j), Number(place));
      }
    }
  }

  void make_drafts() {
    if (!shape_.drafts) return;
    const int count = dice_.pick(0, 2);
    for (int d = 0; d < count; ++d) {
      Draft draft;
      draft.id = "draft" + std::to_string(d);
      draft.title = "Draft " + std::to_string(d);
      const bool complete = dice_.chance(50);
      bool named = false;
      for (const Issue& on : scenario_.issues) {
        draft.package.emplace_back();
        if (complete || dice_.chance(40)) draft.package.back() = place_in(on), named = true;
      }
      if (!named) draft.package[0] = place_in(scenario_.issues[0]);
      scenario_.drafts.push_back(draft);
    }
  }

  Dice dice_;
  const Shape& shape_;
  bool pretty_;
  Scenario scenario_;
  std::vector<Rational> witness_;  // a package that satisfies the rules
};

std::string number_text(const Number& number) { return to_text(number.likely); }

const char* relation_text(Relation relation) {
  switch (relation) {
    case Relation::at_most: return "<= ";
    case Relation::less: return "< ";
    case Relation::at_least: return ">= ";
    case Relation::greater: return "> ";
    case Relation::equal: return "= ";
    default: return "!= ";
  }
}

std::string list_text(const Issue& issue, const std::vector<Rational>& places) {
  std::string text = "[";
  for (const Rational& place : places)
    text += (text.size() > 1 ? ", " : "") + place_id(issue, place);
  return text + "]";
}

std::string condition_text(const Scenario& scenario, const Condition& condition) {
  std::string text = "{";
  for (const Test& test : condition) {
    const Issue& issue = scenario.issues[static_cast<std::size_t>(test.issue)];
    text += (text.size() > 1 ? ", " : "") + issue.id + ": ";
    text += test.relation == Relation::one_of ? list_text(issue, test.places)
                                              : "\"" + std::string(relation_text(test.relation)) +
                                                    place_id(issue, test.place.likely) + "\"";
  }
  return text + "}";
}

std::string position_text(const Issue& issue, const Position& position) {
  std::string text = "{";
  const auto add = [&](const std::string& item) { text += (text.size() > 1 ? ", " : "") + item; };
  if (position.salience.likely != 0) add("salience: " + number_text(position.salience));
  if (position.ideal) {
    const Ideal& ideal = *position.ideal;
    if (issue.kind == IssueKind::unordered) {
      add("ideal: " + list_text(issue, ideal.options));
    } else if (issue.kind == IssueKind::ordered) {
      std::vector<Rational> places;
      for (Rational x = ideal.low.likely; x <= ideal.high.likely; x += 1) places.push_back(x);
      add("ideal: " + list_text(issue, places));
    } else if (ideal.low.likely == ideal.high.likely) {
      add("ideal: " + number_text(ideal.low));
    } else {
      add("ideal: " + list_text(issue, {ideal.low.likely, ideal.high.likely}));
    }
  }
  if (!position.value.empty()) {
    std::string value;
    for (const Breakpoint& point : position.value) {
      value += value.empty() ? "" : ", ";
      if (issue.kind == IssueKind::numeric)
        value += "[" + to_text(point.place) + ", " + number_text(point.worth) + "]";
      else
        value += place_id(issue, point.place) + ": " + number_text(point.worth);
    }
    add("value: " + (issue.kind == IssueKind::numeric ? "[" + value + "]" : "{" + value + "}"));
  }
  if (position.limit) {
    const Limit& limit = *position.limit;
    const auto end = [&](const LimitEnd& e, const std::string& sign) {
      return "\"" + sign + (e.strict ? " " : "= ") + place_id(issue, e.place.likely) + "\"";
    };
    if (limit.accepted)
      add("limit: " + list_text(issue, *limit.accepted));
    else if (limit.low && limit.high && !limit.low->strict && !limit.high->strict)
      add("limit: " + list_text(issue, {limit.low->place.likely, limit.high->place.likely}));
    else if (limit.low && limit.high)
      add("limit: [" + end(*limit.low, ">") + ", " + end(*limit.high, "<") + "]");
    else if (limit.low)
      add("limit: " + end(*limit.low, ">"));
    else if (limit.high)
      add("limit: " + end(*limit.high, "<"));
  }
  if (position.accepts) {
    const Accepts& accepts = *position.accepts;
    add("accepts: " + list_text(issue, accepts.options.empty()
                                           ? std::vector<Rational>{accepts.low, accepts.high}
                                           : accepts.options));
  }
  return text + "}";
}

std::string consent_text(const Scenario& scenario, const Consent& node) {
  std::string members;
  for (const Consent& member : node.members)
    members += (members.empty() ? "" : ", ") + consent_text(scenario, member);
  members = "[" + members + "]";
  switch (node.kind) {
    case Consent::Kind::all: return "{all: " + members + "}";
    case Consent::Kind::any: return "{any: " + members + "}";
    case Consent::Kind::at_least:
      return "{at_least: {count: " + std::to_string(node.count) + ", of: " + members + "}}";
    case Consent::Kind::quota: {
      std::string weights;  // by party: the format has no way to weigh a nested node
      for (std::size_t k = 0; k < node.weights.size(); ++k) {
        const int party = node.members[k].party;
        weights += (weights.empty() ? "" : ", ") +
                   (party < 0 ? "node" + std::to_string(k)
                              : scenario.parties[static_cast<std::size_t>(party)].id) +
                   ": " + to_text(node.weights[k]);
      }
      return "{quota: {need: " + to_text(node.need) + ", of: " + members + ", weights: {" +
             weights + "}}}";
    }
    case Consent::Kind::leaf: break;
  }
  std::string text = "{party: " + scenario.parties[static_cast<std::size_t>(node.party)].id;
  if (node.issues) {
    std::string issues;
    for (const int j : *node.issues)
      issues += (issues.empty() ? "" : ", ") + scenario.issues[static_cast<std::size_t>(j)].id;
    text += ", issues: [" + issues + "]";
  }
  if (!node.when.empty()) text += ", when: " + condition_text(scenario, node.when);
  return text + "}";
}

}  // namespace

int Dice::pick(int low, int high) {
  const auto range = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<int>(engine_() % range);
}

Scenario random_scenario(std::uint64_t seed, const Shape& shape) {
  return Maker(seed, shape).make();
}

std::string yaml_text(const Scenario& scenario) {
  std::string text = "zopa: 1\ntitle: " + scenario.title + "\nissues:\n";
  for (const Issue& issue : scenario.issues) {
    text += "  " + issue.id + ": {title: " + issue.title + ", ";
    if (issue.kind == IssueKind::numeric) {
      text += "range: [" + to_text(issue.low) + ", " + to_text(issue.high) + "]";
      if (issue.step) text += ", step: " + to_text(*issue.step);
      if (!issue.unit.empty()) text += ", unit: " + issue.unit;
    } else {
      std::string options;
      for (const Option& option : issue.options)
        options += (options.empty() ? "" : ", ") + option.id;
      text += "options: [" + options + "]";
      if (issue.kind == IssueKind::unordered) text += ", ordered: false";
    }
    text += "}\n";
  }
  text += "parties:\n";
  for (const Party& party : scenario.parties) {
    text += "  " + party.id + ":\n    title: " + party.title + "\n";
    if (party.reservation.utility)
      text += "    reservation: " + number_text(*party.reservation.utility) + "\n";
    if (!party.reservation.package.empty()) {
      std::string package;
      for (const auto& [j, place] : party.reservation.package) {
        const Issue& issue = scenario.issues[static_cast<std::size_t>(j)];
        package += (package.empty() ? "" : ", ") + issue.id + ": " + place_id(issue, place.likely);
      }
      text += "    reservation: {package: {" + package + "}}\n";
    }
    if (!party.positions.empty()) text += "    positions:\n";
    for (const Position& position : party.positions) {
      const Issue& issue = scenario.issues[static_cast<std::size_t>(position.issue)];
      text += "      " + issue.id + ": " + position_text(issue, position) + "\n";
    }
    if (!party.demands.empty()) text += "    demands:\n";
    for (const LinkedDemand& demand : party.demands) {
      text += "      " + demand.id + ": {";
      if (!demand.when.empty()) text += "when: " + condition_text(scenario, demand.when) + ", ";
      text += "require: " + condition_text(scenario, demand.require) + "}\n";
    }
  }
  if (!scenario.rules.empty()) text += "rules:\n";
  for (const Rule& rule : scenario.rules) {
    text += "  " + rule.id + ": {";
    if (rule.sum.empty()) {
      if (!rule.when.empty()) text += "when: " + condition_text(scenario, rule.when) + ", ";
      text += "require: " + condition_text(scenario, rule.require);
    } else {
      std::string sum;
      for (const auto& [j, coefficient] : rule.sum)
        sum += (sum.empty() ? "" : ", ") + scenario.issues[static_cast<std::size_t>(j)].id + ": " +
               to_text(coefficient);
      text += "sum: {" + sum + "}";
      if (rule.at_least) text += ", at_least: " + to_text(*rule.at_least);
      if (rule.at_most) text += ", at_most: " + to_text(*rule.at_most);
      if (rule.equals) text += ", equals: " + to_text(*rule.equals);
    }
    text += "}\n";
  }
  text += "consent: " + consent_text(scenario, scenario.consent) + "\n";
  if (!scenario.drafts.empty()) text += "drafts:\n";
  for (const Draft& draft : scenario.drafts) {
    std::string package;
    for (std::size_t j = 0; j < draft.package.size(); ++j)
      if (draft.package[j])
        package += (package.empty() ? "" : ", ") + scenario.issues[j].id + ": " +
                   place_id(scenario.issues[j], *draft.package[j]);
    text += "  " + draft.id + ": {title: " + draft.title + ", package: {" + package + "}}\n";
  }
  return text;
}

}  // namespace zopa::oracle
