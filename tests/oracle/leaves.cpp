// SPDX-License-Identifier: MIT
#include "tests/oracle/leaves.hpp"

#include <algorithm>
#include <functional>

namespace zopa::oracle {
namespace {

// Whether both conditions name the same issues and allow the same places there. On a continuous
// issue the tests themselves are compared.
bool same_condition(const Scenario& scenario, const Condition& a, const Condition& b) {
  const auto same_test = [&](const Test& s, const Test& t) {
    const Issue& issue = scenario.issues[static_cast<std::size_t>(s.issue)];
    if (s.issue != t.issue) return false;
    if (issue.continuous()) return s.relation == t.relation && s.place.likely == t.place.likely;
    for (int k = 0; k < issue.settlements(); ++k)
      if (s.holds(issue.place(k)) != t.holds(issue.place(k))) return false;
    return true;
  };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_test);
}

std::vector<LeafDemand> demands_of(const Scenario& scenario, const Leaf& leaf) {
  std::vector<LeafDemand> demands;
  const Party& party = scenario.parties[static_cast<std::size_t>(leaf.party)];
  for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
    const Position* position = party.position(static_cast<int>(j));
    if (!leaf.in_scope[j] || position == nullptr || !position->limit) continue;
    const Limit& limit = *position->limit;
    const int issue = static_cast<int>(j);
    const bool both = limit.low && limit.high;
    if (limit.accepted) demands.push_back({{Demand::Kind::limit, leaf.party, issue}});
    if (limit.low && !limit.accepted)
      demands.push_back(
          {{both ? Demand::Kind::limit_low : Demand::Kind::limit, leaf.party, issue}, true, false});
    if (limit.high && !limit.accepted)
      demands.push_back({{both ? Demand::Kind::limit_high : Demand::Kind::limit, leaf.party, issue},
                         false,
                         true});
  }
  for (std::size_t d = 0; d < party.demands.size(); ++d) {
    const Condition& require = party.demands[d].require;
    const bool belongs = std::all_of(require.begin(), require.end(), [&](const Test& test) {
      return leaf.in_scope[static_cast<std::size_t>(test.issue)] != 0;
    });
    if (belongs) demands.push_back({{Demand::Kind::linked, leaf.party, static_cast<int>(d)}});
  }
  return demands;
}

void read_utility(const Scenario& scenario, Leaf& leaf) {
  const Party& party = scenario.parties[static_cast<std::size_t>(leaf.party)];
  leaf.salience.assign(scenario.issues.size(), 0);
  Rational sum = 0;
  for (const Position& position : party.positions) {
    const auto j = static_cast<std::size_t>(position.issue);
    if (!leaf.in_scope[j]) continue;
    leaf.salience[j] = position.salience.likely;
    sum += position.salience.likely;
  }
  leaf.has_utility = sum > 0;
  if (!leaf.has_utility) return;
  for (Rational& w : leaf.salience) w /= sum;
  const Reservation& reservation = party.reservation;
  if (reservation.utility) {
    leaf.reservation = reservation.utility->likely;
  } else if (!reservation.package.empty()) {
    std::vector<Rational> places(scenario.issues.size(), 0);
    for (const auto& [j, place] : reservation.package)
      places[static_cast<std::size_t>(j)] = place.likely;
    leaf.reservation = utility(scenario, leaf, places);
  }
}

}  // namespace

Reading read_leaves(const Scenario& scenario) {
  Reading reading;
  const std::function<Tree(const Consent&)> read = [&](const Consent& node) {
    Tree tree;
    tree.kind = node.kind;
    if (node.kind == Consent::Kind::leaf) {
      Leaf leaf;
      leaf.party = node.party;
      leaf.in_scope.assign(scenario.issues.size(), node.issues ? 0 : 1);
      if (node.issues)
        for (const int j : *node.issues) leaf.in_scope[static_cast<std::size_t>(j)] = 1;
      leaf.when = node.when;
      const auto equal =
          std::find_if(reading.leaves.begin(), reading.leaves.end(), [&](const Leaf& other) {
            return other.party == leaf.party && other.in_scope == leaf.in_scope &&
                   same_condition(scenario, other.when, leaf.when);
          });
      tree.leaf = static_cast<int>(equal - reading.leaves.begin());
      if (equal == reading.leaves.end()) {
        leaf.demands = demands_of(scenario, leaf);
        read_utility(scenario, leaf);
        reading.leaves.push_back(leaf);
      }
      return tree;
    }
    for (const Consent& member : node.members) tree.members.push_back(read(member));
    tree.count = node.count;
    tree.need = node.need;
    tree.weights = node.weights;
    return tree;
  };
  reading.tree = read(scenario.consent);
  return reading;
}

Rational utility(const Scenario& scenario, const Leaf& leaf, const std::vector<Rational>& places) {
  const Party& party = scenario.parties[static_cast<std::size_t>(leaf.party)];
  Rational sum = 0;
  for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
    if (leaf.salience[j] == 0) continue;
    sum += leaf.salience[j] *
           worth(scenario.issues[j], *party.position(static_cast<int>(j)), places[j]);
  }
  return sum;
}

Rational soft_end(const Issue& issue, const LimitEnd& end, bool low) {
  const Rational& place = end.place.likely;
  if (!end.strict || !issue.settlement_at(place)) return place;
  const Rational step = issue.kind == IssueKind::numeric ? *issue.step : Rational(1);
  return low ? Rational(place + step) : Rational(place - step);
}

int tree_rank(const Tree& tree, const std::vector<int>& leaf_ranks) {
  if (tree.kind == Consent::Kind::leaf) return leaf_ranks[static_cast<std::size_t>(tree.leaf)];
  std::vector<std::pair<int, Rational>> asked;  // value and weight of members that are asked
  for (std::size_t k = 0; k < tree.members.size(); ++k) {
    const int value = tree_rank(tree.members[k], leaf_ranks);
    const Rational weight = tree.kind == Consent::Kind::quota ? tree.weights[k] : Rational(1);
    if (value != kNotAsked) asked.emplace_back(value, weight);
  }
  if (asked.empty()) return kNotAsked;
  std::stable_sort(asked.begin(), asked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  switch (tree.kind) {
    case Consent::Kind::all: return asked.back().first;
    case Consent::Kind::any: return asked.front().first;
    case Consent::Kind::at_least:
      return asked.size() < static_cast<std::size_t>(tree.count)
                 ? kNever
                 : asked[static_cast<std::size_t>(tree.count) - 1].first;
    default: break;
  }
  Rational reached = 0;
  for (const auto& [value, weight] : asked) {
    reached += weight;
    if (reached >= tree.need) return value;
  }
  return kNever;
}

}  // namespace zopa::oracle
