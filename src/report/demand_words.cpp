// SPDX-License-Identifier: MIT
#include "src/report/demand_words.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/number_text.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

using What = Concession::What;

const Test& test_of(const Scenario& scenario, const NamedDemand& demand, const Concession& given) {
  const LinkedDemand& linked =
      scenario.parties.at(at(demand.demand.party)).demands.at(at(demand.demand.index));
  const Condition& tests = given.what == What::when ? linked.when : linked.require;
  return tests.at(at(given.test));
}

// Whether the red line, or this end of it, bounds from below.
bool is_low_end(const Scenario& scenario, const Demand& demand) {
  if (demand.kind != Demand::Kind::limit) return demand.kind == Demand::Kind::limit_low;
  const Position* position = scenario.parties.at(at(demand.party)).position(demand.index);
  return position != nullptr && position->limit && position->limit->low && !position->limit->high;
}

// What stands before the places from and to: the place itself is accepted on either side, a
// condition does not hold there.
std::string bound_words(const Scenario& scenario, const NamedDemand& demand,
                        const Concession& given) {
  if (given.what == What::end)
    return is_low_end(scenario, demand.demand) ? "at least " : "at most ";
  const bool when = given.what == What::when;
  switch (test_of(scenario, demand, given).relation) {
    case Relation::at_least:
    case Relation::greater: return when ? "more than " : "at least ";
    case Relation::at_most:
    case Relation::less: return when ? "less than " : "at most ";
    case Relation::not_equal: return "not ";
    case Relation::equal:
    case Relation::one_of: break;
  }
  return "";
}

// A place that something moves to, with its unit.
std::string reached_place(const Issue& issue, const Rational& from, const Rational& to) {
  if (issue.kind != IssueKind::numeric) return place_text(issue, to);
  return reached_text(from, to) + (issue.unit.empty() ? "" : " " + issue.unit);
}

// With "−" for a minus sign.
std::string signed_text(const Rational& value) {
  const std::string text = to_text(value);
  return text[0] == '-' ? "−" + text.substr(1) : text;
}

// As it is, where that is short.
std::optional<std::string> short_text(const Rational& value) {
  constexpr std::size_t kShort = 7;  // with sign and point
  const std::string text = to_text(value);
  if (text.size() > kShort || text.find('/') != std::string::npos) return std::nullopt;
  return signed_text(value);
}

std::vector<std::string> added_titles(const Issue& issue, const Concession& given) {
  std::vector<std::string> titles;
  for (const Rational& place : given.added) titles.push_back(place_with_unit(issue, place));
  return titles;
}

// The one reservation of the demand's leaves; nothing when they differ.
std::optional<Rational> reservation_of(const Problem& problem, const NamedDemand& demand) {
  std::optional<Rational> one;
  for (const int l : demand.leaves) {
    const Leaf& leaf = problem.leaves.at(at(l));
    if (!leaf.has_utility) continue;
    const Rational value = make_rational(leaf.reservation) / leaf.unit;
    if (one && *one != value) return std::nullopt;
    one = value;
  }
  return one;
}

std::string quoted_title(const LinkedDemand& linked) {
  return "“" + (linked.title.empty() ? linked.id : linked.title) + "”";
}

const LinkedDemand& linked_of(const Scenario& scenario, const Demand& demand) {
  return scenario.parties.at(at(demand.party)).demands.at(at(demand.index));
}

// The demands of each party in turn, in the order given; `between` stands before the last of one
// party's.
template <class Say>
std::string by_party(const Scenario& scenario, const std::vector<NamedDemand>& all,
                     const std::vector<int>& demands, const std::string& verb,
                     const std::string& between, const Say& say) {
  std::string text;
  for (std::size_t k = 0; k < demands.size();) {
    const int party = all.at(at(demands[k])).demand.party;
    std::vector<std::string> words;
    for (; k < demands.size() && all.at(at(demands[k])).demand.party == party; ++k)
      words.push_back(say(all.at(at(demands[k]))));
    text += (text.empty() ? "" : "; ") + title_of(scenario.parties.at(at(party))) + verb +
            joined(words, between);
  }
  return text;
}

}  // namespace

std::string possessive(const std::string& name) {
  return name + (name.ends_with('s') ? "'" : "'s");
}

std::string asked_words(const Scenario& scenario, const Problem& problem,
                        const NamedDemand& demand) {
  if (demand.demand.kind == Demand::Kind::reservation) {
    const auto value = reservation_of(problem, demand);
    return "at least its reservation" + (value ? " of " + stated_text(*value) : "");
  }
  if (demand.demand.kind == Demand::Kind::linked) {
    const LinkedDemand& linked = linked_of(scenario, demand.demand);
    if (!linked.title.empty()) return quoted_title(linked);
  }
  return bare_demand(scenario, demand.demand);
}

std::string held_words(const Scenario& scenario, const Problem& problem,
                       const NamedDemand& demand) {
  if (demand.demand.kind == Demand::Kind::reservation) {
    const auto value = reservation_of(problem, demand);
    return "reservation" + (value ? " (" + stated_text(*value) + ")" : "");
  }
  if (demand.demand.kind == Demand::Kind::linked)
    return "linked demand " + quoted_title(linked_of(scenario, demand.demand));
  const std::string title = title_of(scenario.issues.at(at(demand.demand.index)));
  const std::string asked = bare_demand(scenario, demand.demand);
  if (!asked.starts_with(title + " ")) return "red line on " + title;
  return "red line on " + title + " (" + asked.substr(title.size() + 1) + ")";
}

std::string grouped_words(const Scenario& scenario, const Problem& problem,
                          const std::vector<NamedDemand>& all, const std::vector<int>& demands) {
  return by_party(scenario, all, demands, " asks: ", ", and ", [&](const NamedDemand& demand) {
    return asked_words(scenario, problem, demand);
  });
}

std::string grouped_names(const Scenario& scenario, const std::vector<NamedDemand>& all,
                          const std::vector<int>& demands) {
  return by_party(scenario, all, demands, ": ", " and ",
                  [&](const NamedDemand& demand) { return demand_name(scenario, demand.demand); });
}

std::string decimal_between(const Rational& from, const Rational& to) {
  constexpr int kMostDecimals = 18;
  Integer scale = 1;
  for (int digits = 0; digits <= kMostDecimals; ++digits, scale *= 10) {
    const Rational scaled = from * scale;
    Integer whole = numerator(scaled) / denominator(scaled);  // towards zero
    if (to >= from && Rational(whole) < scaled) ++whole;
    if (to < from && Rational(whole) > scaled) --whole;
    const Rational value(whole, scale);
    if (to >= from ? value <= to : value >= to) return signed_text(value);
  }
  return signed_text(from);
}

std::string stated_text(const Rational& value) {
  constexpr int kDecimals = 10'000;
  if (const auto exact = short_text(value)) return *exact;
  const Rational scaled = value * kDecimals + (value < 0 ? Rational(-1, 2) : Rational(1, 2));
  return signed_text(Rational(numerator(scaled) / denominator(scaled), kDecimals));
}

std::string reached_text(const Rational& from, const Rational& to) {
  if (const auto exact = short_text(to)) return *exact;
  return decimal_between(to, to + (to - from) / 200);
}

double reached_number(const Rational& from, const Rational& to) {
  const double nearest = to_double(to);
  const Rational exact(nearest);
  constexpr double kFar = std::numeric_limits<double>::infinity();
  if (to > from && exact < to) return std::nextafter(nearest, kFar);
  if (to < from && exact > to) return std::nextafter(nearest, -kFar);
  return nearest;
}

bool is_given_up(const Scenario& scenario, const NamedDemand& demand, const Concession& given) {
  switch (given.what) {
    case What::dropped: return true;
    case What::reservation: return *given.to <= 0;
    case What::end: {
      const Issue& issue = scenario.issues.at(at(given.issue));
      return is_low_end(scenario, demand.demand) ? *given.to <= issue.scale_low()
                                                 : *given.to >= issue.scale_high();
    }
    default: return false;
  }
}

std::string demand_name(const Scenario& scenario, const Demand& demand) {
  if (demand.kind == Demand::Kind::reservation) return "reservation";
  if (demand.kind == Demand::Kind::linked) return quoted_title(linked_of(scenario, demand));
  const std::string title = title_of(scenario.issues.at(at(demand.index)));
  switch (demand.kind) {
    case Demand::Kind::limit_low: return "lower red line on " + title;
    case Demand::Kind::limit_high: return "upper red line on " + title;
    default: return "red line on " + title;
  }
}

std::string conceded_words(const Scenario& scenario, const Problem& problem,
                           const NamedDemand& demand, const Concession& given) {
  const std::string name = demand_name(scenario, demand.demand);
  switch (given.what) {
    case What::reservation:
      return name + (demand.leaves.size() > 1
                         ? " (" + leaf_title(scenario, problem, given.leaf) + ")"
                         : std::string());
    case What::when:
      return "what sets off " + name + " on " + title_of(scenario.issues.at(at(given.issue)));
    case What::require:
      return "what " + name + " requires on " + title_of(scenario.issues.at(at(given.issue)));
    default: return name;
  }
}

std::string from_words(const Scenario& scenario, const NamedDemand& demand, const Concession& given,
                       Naming naming) {
  if (!given.from) return "";
  if (given.what == What::reservation) return stated_text(*given.from);
  const Issue& issue = scenario.issues.at(at(given.issue));
  return bound_words(scenario, demand, given) + (naming == Naming::short_names
                                                     ? place_words(issue, *given.from)
                                                     : place_with_unit(issue, *given.from));
}

std::string to_words(const Scenario& scenario, const NamedDemand& demand, const Concession& given,
                     Naming naming) {
  if (is_given_up(scenario, demand, given)) return "given up";
  if (given.what == What::reservation) return reached_text(*given.from, *given.to);
  const Issue& issue = scenario.issues.at(at(given.issue));
  const bool short_names = naming == Naming::short_names;
  if (given.what == What::options) {
    std::vector<std::string> words;
    for (const Rational& place : given.added)
      words.push_back(short_names ? place_words(issue, place) : place_with_unit(issue, place));
    return joined(words) + " as well";
  }
  if (issue.kind != IssueKind::numeric && short_names)
    return bound_words(scenario, demand, given) + place_words(issue, *given.to);
  return bound_words(scenario, demand, given) + reached_place(issue, *given.from, *given.to);
}

std::string concession_sentence(const Scenario& scenario, const Problem& problem,
                                const NamedDemand& demand, const Concession& given) {
  const std::string who = title_of(scenario.parties.at(at(demand.demand.party)));
  if (given.what == What::options) {
    const Issue& issue = scenario.issues.at(at(given.issue));
    return who + " also accepts " + joined(added_titles(issue, given)) + " on " + title_of(issue);
  }
  if (given.what == What::dropped)
    return possessive(who) + " " + held_words(scenario, problem, demand) + " is given up";
  if (is_given_up(scenario, demand, given)) {
    return possessive(who) + " " + conceded_words(scenario, problem, demand, given) + " (" +
           from_words(scenario, demand, given) + ") is given up";
  }
  const std::string what = conceded_words(scenario, problem, demand, given);
  if (given.what == What::when || given.what == What::require) {
    const std::string linked = quoted_title(linked_of(scenario, demand.demand));
    return "in " + possessive(who) + " linked demand " + linked + ", " +
           (given.what == What::when ? "what sets it off" : "what it requires") + " moves from " +
           title_of(scenario.issues.at(at(given.issue))) + " " +
           from_words(scenario, demand, given) + " to " + to_words(scenario, demand, given);
  }
  return possessive(who) + " " + what +
         (given.what == What::reservation ? " falls from " : " moves from ") +
         from_words(scenario, demand, given) + " to " + to_words(scenario, demand, given);
}

std::string concession_words(const Scenario& scenario, const NamedDemand& demand,
                             const Concession& given) {
  if (is_given_up(scenario, demand, given)) return "given up";
  if (given.what == What::reservation)
    return stated_text(*given.from) + " → " + reached_text(*given.from, *given.to);
  const Issue& issue = scenario.issues.at(at(given.issue));
  if (given.what == What::options) {
    std::vector<std::string> words;
    for (const Rational& place : given.added) words.push_back(place_words(issue, place));
    return "+ " + joined_by(words, ", ");
  }
  if (issue.kind == IssueKind::numeric)
    return stated_text(*given.from) + " → " + reached_text(*given.from, *given.to);
  return place_words(issue, *given.from) + " → " + place_words(issue, *given.to);
}

std::string distance_words(const Scenario& scenario, const Concession& given) {
  if (given.what == What::dropped) return "";
  if (given.what == What::options) {
    return given.added.size() == 1 ? "1 option" : std::to_string(given.added.size()) + " options";
  }
  if (!given.distance) return "";
  if (given.what == What::reservation)
    return reached_text(0, std::min(*given.distance, *given.from)) + " of utility";
  const std::string distance = reached_text(0, *given.distance);
  const Issue& issue = scenario.issues.at(at(given.issue));
  if (issue.kind == IssueKind::ordered) return distance + (distance == "1" ? " step" : " steps");
  return distance + (issue.unit.empty() ? "" : " " + issue.unit);
}

std::optional<Rational> share_of_scale(const Problem& problem, const Concession& given) {
  if (!given.distance) return std::nullopt;
  switch (given.what) {
    case What::end:
    case What::when:
    case What::require: return *given.distance / problem.issues.at(at(given.issue)).scale;
    case What::reservation: {
      const Leaf& leaf = problem.leaves.at(at(given.leaf));
      const Rational reservation = make_rational(leaf.reservation) / leaf.unit;
      const Rational best = make_rational(leaf.best) / leaf.unit;
      const Rational span = best > reservation ? best - reservation : reservation;
      if (span <= 0) return std::nullopt;
      return *given.distance / span;
    }
    case What::options:
    case What::dropped: break;
  }
  return std::nullopt;
}

const char* demand_kind_word(const Demand& demand) {
  switch (demand.kind) {
    case Demand::Kind::linked: return "linked";
    case Demand::Kind::reservation: return "reservation";
    default: return "limit";
  }
}

const char* concession_word(What what) {
  switch (what) {
    case What::end: return "end";
    case What::options: return "options";
    case What::reservation: return "reservation";
    case What::when: return "when";
    case What::require: return "require";
    case What::dropped: break;
  }
  return "dropped";
}

std::vector<Cell> concession_cells(const Scenario& scenario, const Concession& given) {
  if (given.what == What::dropped) return {{}, {}, {}, {}};
  if (given.what == What::reservation)
    return {{},
            to_double(*given.from),
            *given.to <= 0 ? 0.0 : reached_number(*given.from, *given.to),
            "utility"};
  const Issue& issue = scenario.issues.at(at(given.issue));
  if (given.what == What::options) {
    std::vector<std::string> ids;
    for (const Rational& place : given.added) ids.push_back(place_id(issue, place));
    return {issue.id, {}, joined_by(ids, " "), "options"};
  }
  if (issue.kind == IssueKind::numeric) {
    return {issue.id, to_double(*given.from), reached_number(*given.from, *given.to),
            text_cell(issue.unit)};
  }
  return {issue.id, place_id(issue, *given.from), place_id(issue, *given.to), "steps"};
}

}  // namespace zopa
