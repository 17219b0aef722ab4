// SPDX-License-Identifier: MIT
#include "tests/oracle/brute_force.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

namespace zopa::oracle {
namespace {

bool breaks(const Rule& rule, const std::vector<Rational>& places) {
  if (rule.sum.empty()) return holds(rule.when, places) && !holds(rule.require, places);
  Rational sum = 0;
  for (const auto& [j, coefficient] : rule.sum)
    sum += coefficient * places[static_cast<std::size_t>(j)];
  return (rule.at_least && sum < *rule.at_least) || (rule.at_most && sum > *rule.at_most) ||
         (rule.equals && sum != *rule.equals);
}

// −∞ first.
bool less(const Value& a, const Value& b) {
  if (!b) return false;
  return !a || *a < *b;
}

// The candidates at which the sorted vectors are leximin greatest.
using Vectors = std::function<std::vector<Value>(std::size_t)>;

std::vector<std::size_t> leximin(const std::vector<std::size_t>& candidates,
                                 const Vectors& vector) {
  std::vector<std::size_t> kept;
  std::vector<Value> greatest;
  for (const std::size_t p : candidates) {
    std::vector<Value> values = vector(p);
    std::sort(values.begin(), values.end(), less);
    const bool better =
        kept.empty() || std::lexicographical_compare(greatest.begin(), greatest.end(),
                                                     values.begin(), values.end(), less);
    if (better) {
      greatest = values;
      kept = {p};
    } else if (values == greatest) {
      kept.push_back(p);
    }
  }
  return kept;
}

std::vector<std::size_t> greatest(const std::vector<std::size_t>& candidates,
                                  const std::function<Rational(std::size_t)>& score) {
  return leximin(candidates, [&](std::size_t p) { return std::vector<Value>{score(p)}; });
}

std::vector<int> asked_parties(const Reading& reading) {
  std::set<int> parties;
  for (const Leaf& leaf : reading.leaves) parties.insert(leaf.party);
  return {parties.begin(), parties.end()};
}

bool allows(const Scenario& scenario, const Leaf& leaf, std::size_t issue, const Rational& place) {
  const Position* position =
      scenario.parties[static_cast<std::size_t>(leaf.party)].position(static_cast<int>(issue));
  if (position != nullptr && position->limit) return position->limit->accepts(place);
  if (position != nullptr && position->accepts) return position->accepts->contains(place);
  return true;
}

}  // namespace

std::optional<int> broken_rule(const Scenario& scenario, const std::vector<Rational>& places) {
  for (std::size_t l = 0; l < scenario.rules.size(); ++l)
    if (breaks(scenario.rules[l], places)) return static_cast<int>(l);
  return std::nullopt;
}

std::vector<std::vector<Rational>> agreement_space(const Scenario& scenario) {
  std::vector<std::vector<Rational>> packages;
  std::vector<Rational> places;
  const std::function<void()> extend = [&] {
    if (places.size() == scenario.issues.size()) {
      if (!broken_rule(scenario, places)) packages.push_back(places);
      return;
    }
    const Issue& issue = scenario.issues[places.size()];
    for (int k = 0; k < issue.settlements(); ++k) {
      places.push_back(issue.place(k));
      extend();
      places.pop_back();
    }
  };
  extend();
  return packages;
}

BruteForce::BruteForce(const Scenario& scenario)
    : scenario_(scenario), reading_(read_leaves(scenario)), packages_(agreement_space(scenario)) {
  const std::size_t n = reading_.leaves.size();
  best_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (!reading_.leaves[i].has_utility) continue;
    for (const auto& places : packages_) {
      const Rational u = utility(scenario_, reading_.leaves[i], places);
      if (!best_[i] || u > *best_[i]) best_[i] = u;
    }
  }
  views_.resize(packages_.size());
  for (std::size_t p = 0; p < packages_.size(); ++p)
    for (std::size_t i = 0; i < n; ++i) views_[p].push_back(make_view(packages_[p], i));
  rank_values();
}

View BruteForce::make_view(const std::vector<Rational>& places, std::size_t i) const {
  const Leaf& leaf = reading_.leaves[i];
  const Party& party = scenario_.parties[static_cast<std::size_t>(leaf.party)];
  View view;
  view.asked = holds(leaf.when, places);
  Value soft = Rational(1);  // the least soft margin; −∞ when a hard demand is broken
  for (const LeafDemand& demand : leaf.demands) {
    const auto index = static_cast<std::size_t>(demand.demand.index);
    if (demand.demand.kind == Demand::Kind::linked) {
      const LinkedDemand& linked = party.demands[index];
      if (!holds(linked.when, places) || holds(linked.require, places)) continue;
      view.broken.push_back(demand.demand);
      soft.reset();
      continue;
    }
    const Issue& issue = scenario_.issues[index];
    const Limit& limit = *party.position(demand.demand.index)->limit;
    const Rational& x = places[index];
    if (limit.accepted) {
      if (limit.accepts(x)) continue;
      view.broken.push_back(demand.demand);
      soft.reset();
      continue;
    }
    Limit one;
    if (demand.low_end) one.low = limit.low;
    if (demand.high_end) one.high = limit.high;
    if (one.accepts(x)) continue;
    view.broken.push_back(demand.demand);
    const Rational end = soft_end(issue, demand.low_end ? *limit.low : *limit.high, demand.low_end);
    const Rational beyond = demand.low_end ? Rational(end - x) : Rational(x - end);
    const Rational length = issue.scale_high() - issue.scale_low();
    const Rational margin = length == 0 ? Rational(-1) : Rational(-beyond / length);
    if (soft && margin < *soft) soft = margin;
  }
  view.within = view.broken.empty();
  view.accepts = view.within;
  Value own = Rational(1);
  if (leaf.has_utility) {
    const Rational u = utility(scenario_, leaf, places);
    const Rational& r = leaf.reservation;
    const Rational& b = *best_[i];
    view.utility = u;
    if (u < r) {
      view.accepts = false;
      view.broken.push_back({Demand::Kind::reservation, leaf.party, 0});
    }
    if (b > r) {
      view.margin = (u - r) / (b - r);
    } else if (b == r && u == r) {
      view.margin = Rational(0);
    }
    own = view.margin;
  }
  if (view.within) view.hard = own;
  if (own && soft) view.all = std::min(*own, *soft);
  return view;
}

void BruteForce::rank_values() {
  levels_ = {Rational(1)};
  for (const auto& row : views_)
    for (const View& view : row) {
      if (view.hard) levels_.push_back(*view.hard);
      if (view.all) levels_.push_back(*view.all);
    }
  std::sort(levels_.begin(), levels_.end());
  levels_.erase(std::unique(levels_.begin(), levels_.end()), levels_.end());
  const auto rank = [&](const Value& value) {
    if (!value) return kNever;
    return static_cast<int>(std::lower_bound(levels_.begin(), levels_.end(), *value) -
                            levels_.begin());
  };
  rank_of_one_ = rank(Rational(1));
  for (const Kind kind : {Kind::hard, Kind::all}) {
    auto& ranks = ranks_[static_cast<int>(kind)];
    ranks.resize(packages_.size());
    for (std::size_t p = 0; p < packages_.size(); ++p)
      for (const View& view : views_[p])
        ranks[p].push_back(!view.asked ? kNotAsked
                                       : rank(kind == Kind::hard ? view.hard : view.all));
  }
}

// kNever or an index into levels_. The leaves of `without_party` count as fully content.
int BruteForce::value_rank(const Tree& tree, std::size_t p, Kind kind, int without_party) const {
  std::vector<int> ranks = ranks_[static_cast<int>(kind)][p];
  for (std::size_t i = 0; i < ranks.size(); ++i)
    if (reading_.leaves[i].party == without_party && ranks[i] != kNotAsked) ranks[i] = rank_of_one_;
  const int value = tree_rank(tree, ranks);
  return value == kNotAsked ? rank_of_one_ : value;
}

Value BruteForce::tree_value(std::size_t package, Kind kind) const {
  const int rank = value_rank(reading_.tree, package, kind, -1);
  return rank == kNever ? Value() : levels_[static_cast<std::size_t>(rank)];
}

// The greatest value; among its packages the one with the leximin greatest leaf values (not asked
// counts as 1), then the first.
Depth BruteForce::depth(const Tree& tree, Kind kind, int without_party,
                        const std::vector<std::size_t>* among) const {
  int best_value = kNever;
  std::vector<int> best_vector;
  Depth result;
  const auto consider = [&](std::size_t p) {
    const int value = value_rank(tree, p, kind, without_party);
    if (value == kNever || value < best_value) return;
    std::vector<int> vector = ranks_[static_cast<int>(kind)][p];
    for (int& rank : vector)
      if (rank == kNotAsked) rank = rank_of_one_;
    std::sort(vector.begin(), vector.end());
    if (value == best_value && vector <= best_vector) return;
    best_value = value;
    best_vector = vector;
    result.package = p;
  };
  if (among != nullptr) {
    for (const std::size_t p : *among) consider(p);
  } else {
    for (std::size_t p = 0; p < packages_.size(); ++p) consider(p);
  }
  if (best_value != kNever) result.value = levels_[static_cast<std::size_t>(best_value)];
  return result;
}

std::optional<std::size_t> BruteForce::find(const std::vector<Rational>& places) const {
  const auto it = std::lower_bound(packages_.begin(), packages_.end(), places);
  if (it == packages_.end() || *it != places) return std::nullopt;
  return static_cast<std::size_t>(it - packages_.begin());
}

// Whether the tree accepts some package when every leaf that accepts any package at all consents
// everywhere.
bool BruteForce::possible() const {
  const std::size_t n = reading_.leaves.size();
  std::vector<int> hopeful(n, kNever);
  for (std::size_t i = 0; i < n; ++i)
    for (const auto& row : views_)
      if (row[i].accepts) hopeful[i] = 0;
  return std::any_of(views_.begin(), views_.end(), [&](const std::vector<View>& row) {
    std::vector<int> ranks = hopeful;
    for (std::size_t i = 0; i < n; ++i)
      if (!row[i].asked) ranks[i] = kNotAsked;
    return tree_rank(reading_.tree, ranks) != kNever;
  });
}

Answer BruteForce::answer(const Rational& tau) const {
  Answer answer;
  answer.best = best_;
  answer.hard = depth(reading_.tree, Kind::hard);
  answer.all = depth(reading_.tree, Kind::all);
  answer.kind = answer.hard.value ? Kind::hard : Kind::all;
  answer.depth = answer.hard.value ? answer.hard : answer.all;

  const Value& d = answer.depth.value;
  if (!possible()) {
    answer.status = Status::impossible;
  } else if (d && *d > tau) {
    answer.status = Status::open;
  } else if (d && abs(*d) <= tau) {
    answer.status = Status::knife_edge;
  } else if (d && *d > Rational(-1, 10) && *d < -tau) {
    answer.status = Status::near_miss;
  }

  for (std::size_t p = 0; p < packages_.size(); ++p) {
    std::vector<int> consent;
    for (const View& view : views_[p])
      consent.push_back(!view.asked ? kNotAsked : view.accepts ? 0 : kNever);
    if (tree_rank(reading_.tree, consent) != kNever) answer.zone.push_back(p);
  }

  answer.binding.assign(reading_.leaves.size(), 0);
  if (answer.depth.package)
    for (std::size_t i = 0; i < reading_.leaves.size(); ++i) {
      const View& at = view(*answer.depth.package, i);
      answer.binding[i] = at.asked && (answer.kind == Kind::hard ? at.hard : at.all) == d;
    }

  const std::vector<int> parties = asked_parties(reading_);
  bool all_hard = answer.hard.value.has_value();
  for (const Kind kind : {Kind::hard, Kind::all}) {
    if (kind == Kind::all && all_hard) break;
    answer.comparison_kind = kind;
    for (const int i : parties) {
      answer.without[i] = depth(reading_.tree, kind, i);
      all_hard = all_hard && answer.without[i].value;
      for (const int j : parties) {
        if (i >= j) continue;
        Tree both;
        for (std::size_t l = 0; l < reading_.leaves.size(); ++l)
          if (reading_.leaves[l].party == i || reading_.leaves[l].party == j) {
            Tree leaf;
            leaf.kind = Consent::Kind::leaf;
            leaf.leaf = static_cast<int>(l);
            both.members.push_back(leaf);
          }
        answer.pairs[{i, j}] = depth(both, kind);
        all_hard = all_hard && answer.pairs[{i, j}].value;
      }
    }
  }
  const Depth& together = answer.comparison_kind == Kind::hard ? answer.hard : answer.all;
  for (const auto& [i, without] : answer.without)
    if (without.value && together.value) answer.criticality[i] = *without.value - *together.value;
  answer.every_pair_but_not_all =
      answer.zone.empty() && !answer.pairs.empty() &&
      std::all_of(answer.pairs.begin(), answer.pairs.end(),
                  [](const auto& pair) { return pair.second.value && *pair.second.value >= 0; });

  for (std::size_t j = 0; j < scenario_.issues.size(); ++j)
    answer.issues.push_back(issue_answer(j, answer));
  pick_rules(answer);
  for (const Draft& draft : scenario_.drafts) answer.drafts.push_back(score(draft));
  return answer;
}

IssueAnswer BruteForce::issue_answer(std::size_t j, const Answer& so_far) const {
  IssueAnswer answer;
  const Issue& issue = scenario_.issues[j];
  std::vector<Rational> in_common;
  int in_any = 0;
  const auto common_to = [&](const Rational& x, int without_party) {
    return std::all_of(reading_.leaves.begin(), reading_.leaves.end(), [&](const Leaf& leaf) {
      return !leaf.in_scope[j] || leaf.party == without_party || allows(scenario_, leaf, j, x);
    });
  };
  const bool nobody = std::none_of(reading_.leaves.begin(), reading_.leaves.end(),
                                   [&](const Leaf& leaf) { return leaf.in_scope[j] != 0; });
  for (int k = 0; k < issue.settlements(); ++k) {
    const Rational x = issue.place(k);
    if (common_to(x, -1)) in_common.push_back(x);
    in_any += nobody ||
              std::any_of(reading_.leaves.begin(), reading_.leaves.end(), [&](const Leaf& leaf) {
                return leaf.in_scope[j] && allows(scenario_, leaf, j, x);
              });
  }
  if (!in_common.empty()) {
    answer.stated = Rational(static_cast<int>(in_common.size()), in_any);
    answer.stated_range = {in_common.front(), in_common.back()};
  } else {
    for (const int party : asked_parties(reading_))
      for (int k = 0; k < issue.settlements(); ++k)
        if (common_to(issue.place(k), party)) {
          answer.blocked_by.push_back(party);
          break;
        }
  }

  std::vector<std::size_t> packages = so_far.zone;
  int scale = in_any;
  if (packages.empty()) {
    answer.near_zone = true;
    scale = issue.settlements();
    if (so_far.depth.value)
      for (std::size_t p = 0; p < packages_.size(); ++p) {
        const Value value = tree_value(p, so_far.kind);
        if (value && *value >= *so_far.depth.value - Rational(1, 20)) packages.push_back(p);
      }
  }
  std::set<int> reached;
  for (const std::size_t p : packages) reached.insert(*issue.settlement_at(packages_[p][j]));
  if (reached.empty()) return answer;
  if (!answer.near_zone) {  // the zone may go beyond what anybody has shown to discuss
    for (const int k : reached) {
      const bool allowed =
          nobody ||
          std::any_of(reading_.leaves.begin(), reading_.leaves.end(), [&](const Leaf& leaf) {
            return leaf.in_scope[j] && allows(scenario_, leaf, j, issue.place(k));
          });
      scale += !allowed;
    }
  }
  if (scale > 0) answer.effective = Rational(static_cast<int>(reached.size()), scale);
  answer.effective_range = {issue.place(*reached.begin()), issue.place(*reached.rbegin())};
  for (const int k : reached) {
    if (reached.count(k - 1) == 0) answer.effective_runs.push_back({issue.place(k), {}});
    answer.effective_runs.back().high = issue.place(k);
  }
  return answer;
}

void BruteForce::pick_rules(Answer& so_far) const {
  for (const char* name :
       {"nash", "kalai_smorodinsky", "egalitarian", "leximin", "utilitarian", "fallback"})
    so_far.rules[name] = {};
  std::vector<std::size_t> leaves;
  for (std::size_t i = 0; i < reading_.leaves.size(); ++i)
    if (reading_.leaves[i].has_utility) leaves.push_back(i);
  const std::vector<std::size_t>& zone = so_far.zone;
  if (leaves.empty() || zone.empty()) return;

  // A leaf that is not asked enters with margin 1: as if it got its best.
  const auto u = [&](std::size_t p, std::size_t i) {
    return view(p, i).asked ? *view(p, i).utility : *best_[i];
  };
  const auto s = [&](std::size_t p, std::size_t i) {
    return Rational(u(p, i) - reading_.leaves[i].reservation);
  };
  const auto m = [&](std::size_t p, std::size_t i) -> Value {
    return view(p, i).asked ? view(p, i).margin : Value(Rational(1));
  };
  const auto each = [&](const auto& value) {
    return [&leaves, value](std::size_t p) {
      std::vector<Value> values;
      for (const std::size_t i : leaves) values.push_back(value(p, i));
      return values;
    };
  };
  const Vectors margins = each(m);
  const auto set = [&](const char* name, const std::vector<std::size_t>& optima,
                       bool fallback_used = false) {
    so_far.rules[name] = {!optima.empty(), optima, fallback_used};
  };

  set("egalitarian",
      leximin(zone, each([&](std::size_t p, std::size_t i) { return Value(s(p, i)); })));
  set("leximin", leximin(zone, margins));
  set("utilitarian", greatest(zone, [&](std::size_t p) {
        Rational sum = 0;
        for (const std::size_t i : leaves) sum += s(p, i);
        return sum;
      }));

  std::map<std::size_t, Rational> best_in_zone;
  for (const std::size_t i : leaves) {
    best_in_zone[i] = u(zone.front(), i);
    for (const std::size_t p : zone) best_in_zone[i] = std::max(best_in_zone[i], u(p, i));
  }
  set("kalai_smorodinsky",
      leximin(leximin(zone, each([&](std::size_t p, std::size_t i) -> Value {
                        const Rational hope = best_in_zone[i] - reading_.leaves[i].reservation;
                        return hope <= 0 ? Rational(1) : Rational(s(p, i) / hope);
                      })),
              margins));

  std::map<std::size_t, std::vector<Rational>> sorted;  // utilities over the zone, rising
  for (const std::size_t i : leaves) {
    for (const std::size_t p : zone) sorted[i].push_back(u(p, i));
    std::sort(sorted[i].begin(), sorted[i].end());
  }
  set("fallback",
      leximin(leximin(zone, each([&](std::size_t p, std::size_t i) -> Value {
                        const auto& all = sorted[i];
                        return Rational(
                            -(all.end() - std::upper_bound(all.begin(), all.end(), u(p, i))));
                      })),
              margins));

  std::vector<std::size_t> candidates;
  for (const std::size_t p : zone) {
    const bool outvoted = std::any_of(views_[p].begin(), views_[p].end(), [](const View& v) {
      return v.asked && (!v.hard || *v.hard < 0);
    });
    if (!outvoted) candidates.push_back(p);
  }
  if (candidates.empty()) return;
  const auto product = [&](std::size_t p) {
    Rational result = 1;
    for (const std::size_t i : leaves) result *= s(p, i);
    return result;
  };
  std::vector<std::size_t> optima = greatest(candidates, product);
  const bool degenerate = product(optima.front()) <= 0;
  if (degenerate) {
    const auto winners = [&](std::size_t p) {
      return Rational(
          std::count_if(leaves.begin(), leaves.end(), [&](std::size_t i) { return s(p, i) > 0; }));
    };
    const auto product_of_margins = [&](std::size_t p) {
      Rational result = 1;
      for (const std::size_t i : leaves)
        if (s(p, i) > 0) result *= *m(p, i);
      return result;
    };
    optima = leximin(greatest(greatest(candidates, winners), product_of_margins), margins);
  }
  set("nash", optima, degenerate);
}

DraftAnswer BruteForce::score(const Draft& draft) const {
  DraftAnswer answer;
  answer.complete = std::all_of(draft.package.begin(), draft.package.end(),
                                [](const auto& place) { return place.has_value(); });
  std::vector<std::size_t> completions;
  for (std::size_t p = 0; p < packages_.size(); ++p) {
    bool fits = true;
    for (std::size_t j = 0; j < draft.package.size(); ++j)
      fits = fits && (!draft.package[j] || *draft.package[j] == packages_[p][j]);
    if (fits) completions.push_back(p);
  }
  answer.inside = !completions.empty();
  if (!answer.inside) {
    if (answer.complete) {
      std::vector<Rational> places;
      for (const auto& place : draft.package) places.push_back(*place);
      answer.broken_rule = broken_rule(scenario_, places);
    }
    return answer;
  }
  Depth best = depth(reading_.tree, Kind::hard, -1, &completions);
  if (!best.value) {
    answer.kind = Kind::all;
    best = depth(reading_.tree, Kind::all, -1, &completions);
  }
  answer.depth = best.value;
  answer.package = best.package;
  if (!answer.package && completions.size() == 1) answer.package = completions.front();
  if (!answer.package) return answer;

  for (const int party : asked_parties(reading_)) {
    bool asked = false;
    bool accepts = true;
    for (std::size_t i = 0; i < reading_.leaves.size(); ++i) {
      const View& at = view(*answer.package, i);
      if (reading_.leaves[i].party != party || !at.asked) continue;
      asked = true;
      accepts = accepts && at.accepts;
      if (!at.broken.empty() && !answer.first_broken) answer.first_broken = at.broken.front();
    }
    if (asked && accepts) answer.accepted_by.push_back(party);
  }
  return answer;
}

std::optional<AdjustedWinner> adjusted_winner(const Scenario& scenario) {
  const Reading reading = read_leaves(scenario);
  if (reading.leaves.size() != 2 || reading.tree.kind != Consent::Kind::all ||
      !scenario.rules.empty())
    return std::nullopt;
  for (const Leaf& leaf : reading.leaves) {
    const bool whole =
        std::all_of(leaf.in_scope.begin(), leaf.in_scope.end(), [](char in) { return in != 0; });
    if (!whole || !leaf.when.empty() || !leaf.has_utility) return std::nullopt;
  }
  if (reading.leaves[0].party == reading.leaves[1].party) return std::nullopt;

  // Everything starts with the first party's best settlement (of several, the other's best among
  // them); issues then go over to the second's, the cheapest for the first per point gained first.
  struct Transfer {
    Rational lost;    // by the first party
    Rational gained;  // by the second
  };
  Rational first = 0;
  Rational second = 0;
  std::vector<Transfer> transfers;
  for (std::size_t j = 0; j < scenario.issues.size(); ++j) {
    const Issue& issue = scenario.issues[j];
    std::vector<Rational> places;
    if (issue.continuous()) {
      places = {issue.low, issue.high};
      for (const Leaf& leaf : reading.leaves) {
        const Position* position =
            scenario.parties[static_cast<std::size_t>(leaf.party)].position(static_cast<int>(j));
        if (position == nullptr || !position->has_worth()) continue;
        for (const Rational& kink : kinks(issue, *position)) places.push_back(kink);
      }
    }
    for (int k = 0; k < issue.settlements(); ++k) places.push_back(issue.place(k));
    const auto part = [&](std::size_t i, const Rational& x) {
      const Leaf& leaf = reading.leaves[i];
      if (leaf.salience[j] == 0) return Rational(0);
      return Rational(leaf.salience[j] *
                      worth(issue,
                            *scenario.parties[static_cast<std::size_t>(leaf.party)].position(
                                static_cast<int>(j)),
                            x));
    };
    const auto best_for = [&](std::size_t i) {
      Rational best = places.front();
      for (const Rational& x : places)
        if (std::pair(part(i, x), part(1 - i, x)) > std::pair(part(i, best), part(1 - i, best)))
          best = x;
      return best;
    };
    const Rational p = best_for(0);
    const Rational q = best_for(1);
    first += part(0, p);
    second += part(1, p);
    const Transfer t{part(0, p) - part(0, q), part(1, q) - part(1, p)};
    if (t.lost > 0) transfers.push_back(t);  // else both have their best there
  }
  std::sort(transfers.begin(), transfers.end(), [](const Transfer& a, const Transfer& b) {
    return a.lost * b.gained < b.lost * a.gained;
  });
  for (const Transfer& t : transfers) {
    if (first <= second) break;
    const Rational share = std::min(Rational(1), Rational((first - second) / (t.lost + t.gained)));
    first -= share * t.lost;
    second += share * t.gained;
  }
  return AdjustedWinner{first, second};
}

}  // namespace zopa::oracle
