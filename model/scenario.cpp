// SPDX-License-Identifier: MIT
#include "model/scenario.hpp"

#include <algorithm>

namespace zopa {
namespace {

std::string condition_text(const Scenario& scenario, const Condition& condition) {
  static constexpr const char* kWords[] = {"at most ", "less than ", "at least ", "more than ",
                                           "",         "not ",       "one of "};
  std::string text;
  for (const Test& test : condition) {
    const Issue& issue = scenario.issues[static_cast<std::size_t>(test.issue)];
    if (!text.empty()) text += " and ";
    text += issue.title + " " + kWords[static_cast<int>(test.relation)];
    if (test.relation == Relation::one_of) {
      for (std::size_t k = 0; k < test.places.size(); ++k) {
        text += (k == 0 ? "" : ", ") + place_text(issue, test.places[k]);
      }
    } else {
      text += place_text(issue, test.place.likely);
    }
  }
  return text;
}

std::string end_text(const Issue& issue, const LimitEnd& end, const char* inclusive,
                     const char* strict) {
  return (end.strict ? strict : inclusive) + place_text(issue, end.place.likely);
}

}  // namespace

const Position* Party::position(int issue) const {
  const auto it = std::find_if(positions.begin(), positions.end(),
                               [&](const Position& p) { return p.issue == issue; });
  return it == positions.end() ? nullptr : &*it;
}

std::string demand_id(const Scenario& scenario, const Demand& demand) {
  const Party& party = scenario.parties.at(static_cast<std::size_t>(demand.party));
  const auto index = static_cast<std::size_t>(demand.index);
  switch (demand.kind) {
    case Demand::Kind::limit: return party.id + "." + scenario.issues.at(index).id + ".limit";
    case Demand::Kind::limit_low:
      return party.id + "." + scenario.issues.at(index).id + ".limit_low";
    case Demand::Kind::limit_high:
      return party.id + "." + scenario.issues.at(index).id + ".limit_high";
    case Demand::Kind::linked: return party.id + "." + party.demands.at(index).id;
    case Demand::Kind::reservation: break;
  }
  return party.id + ".reservation";
}

std::string demand_text(const Scenario& scenario, const Demand& demand) {
  const Party& party = scenario.parties.at(static_cast<std::size_t>(demand.party));
  const auto index = static_cast<std::size_t>(demand.index);
  const std::string who = party.title + ": ";
  if (demand.kind == Demand::Kind::reservation) return who + "at least its reservation";
  if (demand.kind == Demand::Kind::linked) {
    const LinkedDemand& linked = party.demands.at(index);
    if (!linked.title.empty()) return who + linked.title;
    const std::string require = condition_text(scenario, linked.require);
    return who + (linked.when.empty() ? require
                                      : require + " if " + condition_text(scenario, linked.when));
  }
  const Issue& issue = scenario.issues.at(index);
  const Position* position = party.position(demand.index);
  if (position == nullptr || !position->limit) return who + issue.title;
  const Limit& limit = *position->limit;
  std::string text = who + issue.title + " ";
  if (limit.accepted) {
    Condition one{Test{demand.index, Relation::one_of, {}, *limit.accepted}};
    return who + condition_text(scenario, one);
  }
  const bool low = limit.low && demand.kind != Demand::Kind::limit_high;
  const bool high = limit.high && demand.kind != Demand::Kind::limit_low;
  if (low) text += end_text(issue, *limit.low, "at least ", "more than ");
  if (low && high) text += " and ";
  if (high) text += end_text(issue, *limit.high, "at most ", "less than ");
  return text;
}

std::string place_text(const Issue& issue, const Rational& place) {
  if (issue.kind == IssueKind::numeric)
    return to_text(place) + (issue.unit.empty() ? "" : " " + issue.unit);
  const std::string id = place_id(issue, place);
  const auto it = std::find_if(issue.options.begin(), issue.options.end(),
                               [&](const Option& o) { return o.id == id; });
  return it == issue.options.end() || it->title.empty() ? id : it->title;
}

std::string place_id(const Issue& issue, const Rational& place) {
  if (issue.kind == IssueKind::numeric) return to_text(place);
  const auto k = issue.settlement_at(place);
  return k ? issue.options[static_cast<std::size_t>(*k)].id : to_text(place);
}

}  // namespace zopa
