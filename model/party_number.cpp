// SPDX-License-Identifier: MIT
#include "model/party_number.hpp"

#include <algorithm>

#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

using NumberKind = PartyNumber::Kind;

bool has_order(Relation relation) {
  return relation == Relation::at_most || relation == Relation::less ||
         relation == Relation::at_least || relation == Relation::greater;
}

const Condition& condition_of(const LinkedDemand& demand, NumberKind kind) {
  const bool when = kind == NumberKind::when || kind == NumberKind::when_option;
  return when ? demand.when : demand.require;
}

const Test& test_of(const Scenario& scenario, const PartyNumber& number) {
  const Party& party = scenario.parties[at(number.party)];
  for (const Test& test : condition_of(party.demands[at(number.index)], number.kind)) {
    if (test.issue == number.issue) return test;
  }
  throw ModelError("a linked demand without a test on this issue");
}

Test& test_of(Scenario& scenario, const PartyNumber& number) {
  return const_cast<Test&>(test_of(std::as_const(scenario), number));
}

const Position& position_of(const Scenario& scenario, const PartyNumber& number) {
  const Position* position = scenario.parties[at(number.party)].position(number.issue);
  if (position == nullptr) throw ModelError("a party without a position on this issue");
  return *position;
}

Position& position_of(Scenario& scenario, const PartyNumber& number) {
  return const_cast<Position&>(position_of(std::as_const(scenario), number));
}

// The list of an option.
const std::vector<Rational>& list_of(const Scenario& scenario, const PartyNumber& number) {
  switch (number.kind) {
    case NumberKind::ideal_option: return position_of(scenario, number).ideal->options;
    case NumberKind::limit_option: return *position_of(scenario, number).limit->accepted;
    default: return test_of(scenario, number).places;
  }
}

std::vector<Rational>& list_of(Scenario& scenario, const PartyNumber& number) {
  return const_cast<std::vector<Rational>&>(list_of(std::as_const(scenario), number));
}

bool is_listed(const std::vector<Rational>& list, const Rational& place) {
  return std::find(list.begin(), list.end(), place) != list.end();
}

// The number itself; nothing for options.
const Number* number_of(const Scenario& scenario, const PartyNumber& number) {
  switch (number.kind) {
    case NumberKind::salience: return &position_of(scenario, number).salience;
    case NumberKind::ideal:
    case NumberKind::ideal_low: return &position_of(scenario, number).ideal->low;
    case NumberKind::ideal_high: return &position_of(scenario, number).ideal->high;
    case NumberKind::worth: return &position_of(scenario, number).value[at(number.index)].worth;
    case NumberKind::limit_low: return &position_of(scenario, number).limit->low->place;
    case NumberKind::limit_high: return &position_of(scenario, number).limit->high->place;
    case NumberKind::when:
    case NumberKind::require: return &test_of(scenario, number).place;
    case NumberKind::reservation: {
      const auto& utility = scenario.parties[at(number.party)].reservation.utility;
      return utility ? &*utility : nullptr;
    }
    case NumberKind::reservation_place:
      for (const auto& [j, place] : scenario.parties[at(number.party)].reservation.package) {
        if (j == number.issue) return &place;
      }
      throw ModelError("a reservation package without this issue");
    default: return nullptr;
  }
}

std::vector<Rational> settlements_of(const Issue& issue) {
  std::vector<Rational> places;
  for (int k = 0; k < issue.settlements(); ++k) places.push_back(issue.place(k));
  return places;
}

NumberRange values_among(std::vector<Rational> values, const Rational& present) {
  values.push_back(present);  // may lie between the steps
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  NumberRange range{values.front(), values.back(), {}};
  range.values = std::move(values);
  return range;
}

NumberRange scale_of(const Issue& issue) { return {issue.scale_low(), issue.scale_high(), {}}; }

// Of a limit or test with an order. Where its side does not include the place itself, only the
// settlements are values: between two of them there is no last one.
NumberRange end_range(const Issue& issue, const Rational& present, bool open_side) {
  if (issue.continuous() || (issue.kind == IssueKind::numeric && !open_side))
    return scale_of(issue);
  return values_among(settlements_of(issue), present);
}

// Worths that leave the ideal, where there is one, the greatest: linear conditions on the one
// worth.
NumberRange worth_range(const Scenario& scenario, const PartyNumber& number) {
  NumberRange range{0, Rational(1), {}};
  const Position& position = position_of(scenario, number);
  if (!position.ideal) return range;
  const Issue& issue = scenario.issues[at(number.issue)];
  std::vector<Rational> ideals = position.ideal->options;
  if (issue.kind != IssueKind::unordered) {
    ideals = {position.ideal->low.likely, position.ideal->high.likely};
    for (const Breakpoint& point : position.value) {
      if (point.place > ideals[0] && point.place < ideals[1]) ideals.push_back(point.place);
    }
  }
  const auto worths_with = [&](const Rational& value) {
    Position changed = position;
    changed.value[at(number.index)].worth = Number(value);
    std::vector<Rational> gaps;  // of every ideal to every breakpoint; none may be negative
    for (const Rational& place : ideals) {
      for (const Breakpoint& point : changed.value)
        gaps.push_back(worth(issue, changed, place) - point.worth.likely);
    }
    return gaps;
  };
  const std::vector<Rational> at_zero = worths_with(0);
  const std::vector<Rational> at_one = worths_with(1);
  for (std::size_t g = 0; g < at_zero.size(); ++g) {
    const Rational slope = at_one[g] - at_zero[g];
    if (slope == 0) continue;
    const Rational zero = -at_zero[g] / slope;
    if (slope > 0) range.low = std::max(range.low, zero);
    if (slope < 0) range.high = std::min(*range.high, zero);
  }
  return range;
}

std::vector<std::vector<const Consent*>> consents_of(const Scenario& scenario) {
  std::vector<std::vector<const Consent*>> leaves(scenario.parties.size());
  const auto collect = [&](const auto& self, const Consent& node) -> void {
    if (node.kind == Consent::Kind::leaf) leaves[at(node.party)].push_back(&node);
    for (const Consent& member : node.members) self(self, member);
  };
  collect(collect, scenario.consent);
  return leaves;
}

bool in_scope(const Consent& leaf, int issue) {
  return !leaf.issues ||
         std::find(leaf.issues->begin(), leaf.issues->end(), issue) != leaf.issues->end();
}

// The numbers of one party.
class Collector {
 public:
  Collector(const Scenario& scenario, int party, const std::vector<const Consent*>& leaves)
      : scenario_(scenario), party_(scenario.parties[at(party)]), leaves_(leaves) {
    number_.party = party;
  }

  std::vector<PartyNumber> collect() {
    weighs_ = std::any_of(party_.positions.begin(), party_.positions.end(), [&](const Position& p) {
      return p.salience.likely > 0 && asked_about(p.issue);
    });
    for (const Position& position : party_.positions) {
      if (!asked_about(position.issue)) continue;
      number_.issue = position.issue;
      add_worth(position);
      if (position.limit) add_limit(*position.limit);
    }
    for (std::size_t d = 0; d < party_.demands.size(); ++d) {
      number_.index = static_cast<int>(d);
      const LinkedDemand& demand = party_.demands[d];
      const bool held = std::any_of(leaves_.begin(), leaves_.end(), [&](const Consent* leaf) {
        return std::all_of(demand.require.begin(), demand.require.end(),
                           [&](const Test& test) { return in_scope(*leaf, test.issue); });
      });
      if (!held) continue;
      add_tests(demand.when, NumberKind::when, NumberKind::when_option);
      add_tests(demand.require, NumberKind::require, NumberKind::require_option);
    }
    add_reservation();
    return std::move(numbers_);
  }

 private:
  bool asked_about(int issue) const {
    return std::any_of(leaves_.begin(), leaves_.end(),
                       [&](const Consent* leaf) { return in_scope(*leaf, issue); });
  }

  void add(NumberKind kind, int index = 0, const Rational& option = 0) {
    numbers_.push_back(number_);
    numbers_.back().kind = kind;
    numbers_.back().index = index;
    numbers_.back().option = option;
  }

  // Every settlement of the issue, listed or not; without steps only those listed.
  void add_options(NumberKind kind, int index, const std::vector<Rational>& listed) {
    const Issue& issue = scenario_.issues[at(number_.issue)];
    for (const Rational& place : issue.continuous() ? listed : settlements_of(issue))
      add(kind, index, place);
  }

  void add_worth(const Position& position) {
    const auto& package = party_.reservation.package;
    const bool named =
        package.empty() || std::any_of(package.begin(), package.end(),
                                       [&](const auto& p) { return p.first == position.issue; });
    if (weighs_ && position.has_worth() && named) add(NumberKind::salience);
    if (position.salience.likely == 0) return;
    for (std::size_t b = 0; b < position.value.size(); ++b)
      add(NumberKind::worth, static_cast<int>(b));
    if (!position.value.empty() || !position.ideal) return;
    if (scenario_.issues[at(number_.issue)].kind == IssueKind::unordered) {
      add_options(NumberKind::ideal_option, 0, position.ideal->options);
    } else if (position.ideal->low.likely == position.ideal->high.likely) {
      add(NumberKind::ideal);
    } else {
      add(NumberKind::ideal_low);
      add(NumberKind::ideal_high);
    }
  }

  void add_limit(const Limit& limit) {
    if (limit.accepted) {
      add_options(NumberKind::limit_option, 0, *limit.accepted);
      return;
    }
    if (limit.low) add(NumberKind::limit_low);
    if (limit.high) add(NumberKind::limit_high);
  }

  void add_tests(const Condition& condition, NumberKind place, NumberKind option) {
    for (const Test& test : condition) {
      const int demand = number_.index;
      number_.issue = test.issue;
      if (test.relation == Relation::one_of) {
        add_options(option, demand, test.places);
      } else {
        add(place, demand);
      }
    }
  }

  void add_reservation() {
    if (!weighs_) return;
    number_.issue = -1;
    if (party_.reservation.package.empty()) {
      const bool one_scope = std::all_of(leaves_.begin(), leaves_.end(), [&](const Consent* leaf) {
        for (int j = 0; j < static_cast<int>(scenario_.issues.size()); ++j) {
          if (in_scope(*leaf, j) != in_scope(*leaves_.front(), j)) return false;
        }
        return true;
      });
      if (one_scope) add(NumberKind::reservation);
      return;
    }
    for (const auto& [j, place] : party_.reservation.package) {
      const Position* position = party_.position(j);
      if (position == nullptr || position->salience.likely == 0 || !asked_about(j)) continue;
      number_.issue = j;
      add(NumberKind::reservation_place);
    }
  }

  const Scenario& scenario_;
  const Party& party_;
  const std::vector<const Consent*>& leaves_;
  bool weighs_ = false;  // has a utility over some scope
  PartyNumber number_;
  std::vector<PartyNumber> numbers_;
};

const char* sign_of(Relation relation) {
  static constexpr const char* kSigns[] = {"<= ", "< ", ">= ", "> ", "= ", "!= ", ""};
  return kSigns[static_cast<int>(relation)];
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string list_text(const Issue& issue, const std::vector<Rational>& places) {
  std::string text;
  for (const Rational& place : places) text += (text.empty() ? "" : ", ") + place_id(issue, place);
  return "[" + text + "]";
}

std::string limit_text(const Issue& issue, const Limit& limit) {
  if (limit.accepted) return list_text(issue, *limit.accepted);
  if (limit.low && limit.high)
    return list_text(issue, {limit.low->place.likely, limit.high->place.likely});
  const LimitEnd& end = limit.low ? *limit.low : *limit.high;
  const std::string sign = limit.low ? ">" : "<";
  return quoted(sign + (end.strict ? " " : "= ") + place_id(issue, end.place.likely));
}

}  // namespace

std::vector<PartyNumber> party_numbers(const Scenario& scenario) {
  std::vector<PartyNumber> numbers;
  const auto leaves = consents_of(scenario);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].empty()) continue;
    const auto own = Collector(scenario, static_cast<int>(i), leaves[i]).collect();
    numbers.insert(numbers.end(), own.begin(), own.end());
  }
  return numbers;
}

Rational number_value(const Scenario& scenario, const PartyNumber& number) {
  switch (number.kind) {
    case NumberKind::ideal_option:
    case NumberKind::limit_option:
    case NumberKind::when_option:
    case NumberKind::require_option:
      return is_listed(list_of(scenario, number), number.option) ? 1 : 0;
    default: break;
  }
  const Number* value = number_of(scenario, number);
  return value == nullptr ? Rational(0) : value->likely;
}

NumberRange number_range(const Scenario& scenario, const PartyNumber& number) {
  const Rational present = number_value(scenario, number);
  const Issue* issue = number.issue < 0 ? nullptr : &scenario.issues[at(number.issue)];
  switch (number.kind) {
    case NumberKind::salience: return {0, std::nullopt, {}};
    case NumberKind::worth: return worth_range(scenario, number);
    case NumberKind::reservation: return {0, Rational(1), {}};
    case NumberKind::reservation_place:
      return issue->continuous() ? scale_of(*issue) : values_among(settlements_of(*issue), present);
    case NumberKind::limit_low:
    case NumberKind::limit_high: {
      const Limit& limit = *position_of(scenario, number).limit;
      const LimitEnd& end = number.kind == NumberKind::limit_low ? *limit.low : *limit.high;
      return end_range(*issue, present, end.strict);
    }
    case NumberKind::when:
    case NumberKind::require: {
      const Relation relation = test_of(scenario, number).relation;
      if (!has_order(relation))
        return issue->continuous() ? scale_of(*issue)
                                   : values_among(settlements_of(*issue), present);
      const bool strict = relation == Relation::less || relation == Relation::greater;
      return end_range(*issue, present, strict != (number.kind == NumberKind::when));
    }
    case NumberKind::ideal:
    case NumberKind::ideal_low:
    case NumberKind::ideal_high: {
      const Ideal& ideal = *position_of(scenario, number).ideal;
      NumberRange range = scale_of(*issue);
      if (number.kind == NumberKind::ideal_low) range.high = ideal.high.likely;
      if (number.kind == NumberKind::ideal_high) range.low = ideal.low.likely;
      if (issue->kind == IssueKind::numeric) return range;
      for (Rational place = range.low; place <= *range.high; place += 1)
        range.values.push_back(place);
      return range;
    }
    case NumberKind::ideal_option: {
      const bool last = list_of(scenario, number).size() == 1 && present == 1;
      return values_among(last ? std::vector<Rational>{1} : std::vector<Rational>{0, 1}, present);
    }
    default: return values_among({0, 1}, present);
  }
}

Scenario with_number(Scenario scenario, const PartyNumber& number, const Rational& value) {
  switch (number.kind) {
    case NumberKind::ideal_option:
    case NumberKind::limit_option:
    case NumberKind::when_option:
    case NumberKind::require_option: {
      std::vector<Rational>& list = list_of(scenario, number);
      std::erase(list, number.option);
      if (value != 0)
        list.insert(std::lower_bound(list.begin(), list.end(), number.option), number.option);
      return scenario;
    }
    case NumberKind::salience: position_of(scenario, number).salience = Number(value); break;
    case NumberKind::worth:
      position_of(scenario, number).value[at(number.index)].worth = Number(value);
      break;
    case NumberKind::ideal:
      position_of(scenario, number).ideal->low = Number(value);
      position_of(scenario, number).ideal->high = Number(value);
      break;
    case NumberKind::ideal_low: position_of(scenario, number).ideal->low = Number(value); break;
    case NumberKind::ideal_high: position_of(scenario, number).ideal->high = Number(value); break;
    case NumberKind::limit_low:
      position_of(scenario, number).limit->low->place = Number(value);
      break;
    case NumberKind::limit_high:
      position_of(scenario, number).limit->high->place = Number(value);
      break;
    case NumberKind::when:
    case NumberKind::require: test_of(scenario, number).place = Number(value); break;
    case NumberKind::reservation:
      scenario.parties[at(number.party)].reservation.utility = Number(value);
      break;
    case NumberKind::reservation_place:
      for (auto& [j, place] : scenario.parties[at(number.party)].reservation.package) {
        if (j == number.issue) place = Number(value);
      }
      break;
  }
  return scenario;
}

std::optional<Demand> number_demand(const Scenario& scenario, const PartyNumber& number) {
  switch (number.kind) {
    case NumberKind::limit_low:
    case NumberKind::limit_high: {
      const Limit& limit = *position_of(scenario, number).limit;
      if (!limit.low || !limit.high) return Demand{Demand::Kind::limit, number.party, number.issue};
      const bool low = number.kind == NumberKind::limit_low;
      return Demand{low ? Demand::Kind::limit_low : Demand::Kind::limit_high, number.party,
                    number.issue};
    }
    case NumberKind::limit_option: return Demand{Demand::Kind::limit, number.party, number.issue};
    case NumberKind::when:
    case NumberKind::when_option:
    case NumberKind::require:
    case NumberKind::require_option:
      return Demand{Demand::Kind::linked, number.party, number.index};
    case NumberKind::reservation:
    case NumberKind::reservation_place: return Demand{Demand::Kind::reservation, number.party, 0};
    default: return std::nullopt;
  }
}

std::string number_path(const Scenario& scenario, const PartyNumber& number) {
  const Party& party = scenario.parties[at(number.party)];
  const std::string here = "parties." + party.id;
  const std::string issue = number.issue < 0 ? "" : scenario.issues[at(number.issue)].id;
  const std::string position = here + ".positions." + issue;
  switch (number.kind) {
    case NumberKind::salience: return position + ".salience";
    case NumberKind::ideal:
    case NumberKind::ideal_low:
    case NumberKind::ideal_high:
    case NumberKind::ideal_option: return position + ".ideal";
    case NumberKind::worth: {
      const Issue& where = scenario.issues[at(number.issue)];
      const Breakpoint& point = position_of(scenario, number).value[at(number.index)];
      return position + ".value." +
             (where.kind == IssueKind::numeric ? std::to_string(number.index) + ".1"
                                               : place_id(where, point.place));
    }
    case NumberKind::limit_low:
    case NumberKind::limit_high:
    case NumberKind::limit_option: return position + ".limit";
    case NumberKind::when:
    case NumberKind::when_option:
      return here + ".demands." + party.demands[at(number.index)].id + ".when." + issue;
    case NumberKind::require:
    case NumberKind::require_option:
      return here + ".demands." + party.demands[at(number.index)].id + ".require." + issue;
    case NumberKind::reservation: return here + ".reservation";
    case NumberKind::reservation_place: return here + ".reservation.package." + issue;
  }
  throw ModelError("unknown kind of number");
}

std::string number_text(const Scenario& scenario, const PartyNumber& number,
                        const Rational& value) {
  if (number.issue < 0) return to_text(value);
  const Scenario changed = with_number(scenario, number, value);
  const Issue& issue = scenario.issues[at(number.issue)];
  switch (number.kind) {
    case NumberKind::salience:
    case NumberKind::worth: return to_text(value);
    case NumberKind::ideal:
    case NumberKind::reservation_place: return place_id(issue, value);
    case NumberKind::ideal_low:
    case NumberKind::ideal_high: {
      const Ideal& ideal = *position_of(changed, number).ideal;
      return list_text(issue, {ideal.low.likely, ideal.high.likely});
    }
    case NumberKind::limit_low:
    case NumberKind::limit_high:
    case NumberKind::limit_option: return limit_text(issue, *position_of(changed, number).limit);
    case NumberKind::when:
    case NumberKind::require:
      return quoted(sign_of(test_of(scenario, number).relation) + place_id(issue, value));
    default: return list_text(issue, list_of(changed, number));
  }
}

}  // namespace zopa
