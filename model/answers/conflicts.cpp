// SPDX-License-Identifier: MIT
#include "model/answers/conflicts.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "model/answers/concessions.hpp"
#include "model/answers/depth.hpp"
#include "model/answers/shares.hpp"
#include "model/engine/search.hpp"
#include "model/engine/subset_map.hpp"
#include "model/tools/at.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

// So many exits or conflicts are found before their prices or proofs are worked out side by side.
constexpr std::size_t kBatch = 32;

// With so many steps the choice of exits to show gives up looking for a better one.
constexpr int kMostChoices = 100'000;

DemandSet set_of(std::size_t size, const std::vector<int>& members) {
  DemandSet set(size, 0);
  for (const int d : members) set[at(d)] = 1;
  return set;
}

Words words_of(const DemandSet& set) {
  Words words(words_for(set.size()), 0);
  for (std::size_t d = 0; d < set.size(); ++d) {
    if (set[d]) set_bit(words, d);
  }
  return words;
}

// QuickXplain (Junker 2004, p. 169): of `order` the members that `base` cannot do without to be in
// conflict, the later ones left out where they can be. Requires base ∪ order in conflict.
class QuickXplain {
 public:
  QuickXplain(const ZoneFinder& finder, std::size_t size) : finder_(finder), base_(size, 0) {}

  std::vector<int> explain(const std::vector<int>& order) {
    if (order.empty() || clash()) return {};
    return split(order, false);
  }

 private:
  bool clash() const { return !finder_.find(base_); }

  std::vector<int> split(const std::vector<int>& part, bool grown) {
    if (finder_.stopped()) return {};
    if (grown && clash()) return {};
    if (part.size() == 1) return part;
    const auto middle = part.begin() + static_cast<std::ptrdiff_t>((part.size() + 1) / 2);
    const std::vector<int> first(part.begin(), middle);
    const std::vector<int> second(middle, part.end());
    const auto with = [&](const std::vector<int>& members, char made) {
      for (const int d : members) base_[at(d)] = made;
    };
    with(first, 1);
    std::vector<int> of_second = split(second, true);
    with(first, 0);
    with(of_second, 1);
    std::vector<int> of_first = split(first, !of_second.empty());
    with(of_second, 0);
    of_first.insert(of_first.end(), of_second.begin(), of_second.end());
    return of_first;
  }

  const ZoneFinder& finder_;
  DemandSet base_;
};

// All conflicts and exits, the small conflicts first.
class Explorer {
 public:
  Explorer(const std::vector<NamedDemand>& demands, const ZoneFinder& finder,
           const std::vector<int>& order)
      : demands_(demands), finder_(finder), order_(order), map_(demands.size(), order) {}

  std::vector<std::vector<int>> conflicts;
  std::vector<std::vector<int>> exits;

  std::size_t found() const { return conflicts.size() + exits.size(); }

  // Conflicts of none, of one and of two demands.
  void check_small() {
    const int size = static_cast<int>(demands_.size());
    if (clash({}) || finder_.stopped()) return;
    std::vector<char> alone(demands_.size(), 0);
    for (int d = 0; d < size && !finder_.stopped(); ++d) {
      if (clash({d})) alone[at(d)] = 1;
    }
    for (int a = 0; a < size; ++a) {
      for (int b = a + 1; b < size && !finder_.stopped(); ++b) {
        if (!alone[at(a)] && !alone[at(b)]) clash({a, b});
      }
    }
  }

  // An exit for each party, or pair of parties, that can open the zone. Exits that ask few parties
  // come first, and there may be too many to find them all.
  void check_parties() {
    std::vector<int> parties;
    for (const NamedDemand& named : demands_) {
      if (!named.firm && (parties.empty() || parties.back() != named.demand.party))
        parties.push_back(named.demand.party);
    }
    const auto opens = [&](int a, int b) {
      DemandSet kept(demands_.size(), 1);
      for (std::size_t d = 0; d < demands_.size(); ++d) {
        const int party = demands_[d].demand.party;
        if (!demands_[d].firm && (party == a || party == b)) kept[d] = 0;
      }
      return !finder_.stopped() && finder_.find(kept) && grow(std::move(kept));
    };
    std::set<int> alone;
    for (const int a : parties) {
      if (opens(a, a)) alone.insert(a);
    }
    for (std::size_t a = 0; a < parties.size(); ++a) {
      for (std::size_t b = a + 1; b < parties.size(); ++b) {
        if (!alone.count(parties[a]) && !alone.count(parties[b])) opens(parties[a], parties[b]);
      }
    }
  }

  // Adds a conflict unless it is known.
  void add_conflict(std::vector<int> conflict) {
    std::sort(conflict.begin(), conflict.end());
    if (!known_.insert(conflict).second) return;
    map_.add_bad(words_of(set_of(demands_.size(), conflict)));
    conflicts.push_back(std::move(conflict));
  }

  // Decides one more set; false: all are decided, or the search was stopped.
  bool step() {
    const auto seed = map_.next();
    if (!seed) {
      complete_ = true;
      return false;
    }
    DemandSet kept(demands_.size(), 0);
    std::vector<int> members;
    for (const int d : order_) {
      if (!has_bit(*seed, at(d))) continue;
      kept[at(d)] = 1;
      members.push_back(d);
    }
    if (finder_.find(kept)) return grow(std::move(kept));
    if (finder_.stopped()) return false;
    QuickXplain shrink(finder_, demands_.size());
    std::vector<int> conflict = shrink.explain(members);
    if (finder_.stopped()) return false;
    add_conflict(std::move(conflict));
    return true;
  }

  bool complete() const { return complete_; }

 private:
  bool clash(const std::vector<int>& members) {
    if (finder_.find(set_of(demands_.size(), members)) || finder_.stopped()) return false;
    add_conflict(members);
    return true;
  }

  // Adds demands as long as the zone is open, those asked last to give way first.
  bool grow(DemandSet kept) {
    for (auto d = order_.rbegin(); d != order_.rend(); ++d) {
      if (kept[at(*d)]) continue;
      kept[at(*d)] = 1;
      if (!finder_.find(kept)) kept[at(*d)] = 0;
      if (finder_.stopped()) return false;
    }
    map_.add_good(words_of(kept));
    std::vector<int> exit;
    bool firm = false;
    for (std::size_t d = 0; d < kept.size(); ++d) {
      if (kept[d]) continue;
      exit.push_back(static_cast<int>(d));
      firm |= demands_[d].firm;
    }
    if (!firm) exits.push_back(std::move(exit));
    return true;
  }

  const std::vector<NamedDemand>& demands_;
  const ZoneFinder& finder_;
  const std::vector<int>& order_;
  SubsetMap map_;
  std::set<std::vector<int>> known_;
  bool complete_ = false;
};

// Why the demands of a conflict cannot hold together.
void prove(Conflict& conflict, const Problem& problem, const std::vector<NamedDemand>& demands,
           const Progress& progress) {
  if (!progress(0.0)) return;
  Problem alone = with_demands(problem, demands, set_of(demands.size(), conflict.demands));
  // Reservations that are not among them are kept by every package: they cannot make a value
  // negative, and weigh nothing in a proof that no value is greater than one below 0.
  std::vector<char> asks(alone.leaves.size(), 0);
  for (const int d : conflict.demands) {
    if (demands[at(d)].demand.kind != Demand::Kind::reservation) continue;
    for (const int i : demands[at(d)].leaves) asks[at(i)] = 1;
  }
  std::vector<int> weighed;  // leaves with a margin
  for (std::size_t i = 0; i < asks.size(); ++i) {
    Leaf& leaf = alone.leaves[i];
    leaf.has_utility &= asks[i] != 0;
    if (leaf.has_utility && leaf.best > leaf.reservation) weighed.push_back(static_cast<int>(i));
  }
  const Search search(alone, DepthKind::hard);
  Search::Request request;
  request.progress = progress;
  const Search::Result greatest = search.run(request);
  if (!greatest.finished) return;
  request.prove = greatest.value;
  request.prove_none = !greatest.value;
  Search::Result proof = search.run(request);
  if (!proof.finished) return;
  conflict.certificate = {DepthKind::hard, greatest.value, greatest.package, std::move(proof.tree)};
  conflict.boxes = conflict.certificate.boxes();
  if (!greatest.value || can_be_outvoted(alone.tree)) return;
  if (weighed.size() == 1) {  // its margin is the value
    conflict.at_most = greatest.value;
    conflict.multipliers = {{weighed[0], Rational(1)}};
    return;
  }
  const DepthFinder finder(alone, progress);
  Depth depth;
  depth.exists = true;
  depth.low = depth.high = greatest.value;
  depth.package = greatest.package;
  const auto shares = relaxed_shares(finder, depth, leaves_of(alone.tree));
  if (!shares || shares->relaxed_depth >= 0) return;
  conflict.at_most = shares->relaxed_depth;
  for (std::size_t i = 0; i < shares->share.size(); ++i) {
    if (shares->share[i] && *shares->share[i] > 0)
      conflict.multipliers.emplace_back(static_cast<int>(i), *shares->share[i]);
  }
}

Exit exit_of(const std::vector<int>& members, const std::vector<NamedDemand>& demands) {
  Exit exit;
  exit.demands = members;
  for (const int d : members) exit.parties.push_back(demands[at(d)].demand.party);
  std::sort(exit.parties.begin(), exit.parties.end());
  exit.parties.erase(std::unique(exit.parties.begin(), exit.parties.end()), exit.parties.end());
  return exit;
}

// An absent share comes after every other: its members are given up altogether.
bool less_share(const Exit& a, const Exit& b) {
  return a.share && (!b.share || *a.share < *b.share);
}

bool cheaper(const Exit& a, const Exit& b) {
  if (a.parties.size() != b.parties.size()) return a.parties.size() < b.parties.size();
  if (a.demands.size() != b.demands.size()) return a.demands.size() < b.demands.size();
  if (a.share != b.share) return less_share(a, b);
  return a.demands < b.demands;
}

// Whether few exits ask all that are asked: a search that takes the cheapest first.
class Cover {
 public:
  Cover(const std::vector<Exit>& exits, std::size_t most) : exits_(exits), most_(most) {}

  std::vector<std::size_t> greedy(std::set<int> open) const {
    std::vector<std::size_t> chosen;
    for (std::size_t first = 0; chosen.size() < most_ && !open.empty(); ++first) {
      std::size_t best = 0;
      std::size_t covered = 0;
      for (std::size_t e = 0; e < exits_.size(); ++e) {
        const std::size_t here = asks(e, open);
        if (here > covered) {
          covered = here;
          best = e;
        }
        if (first == 0) break;  // the cheapest is always among them
      }
      if (covered == 0) break;
      take(best, open);
      chosen.push_back(best);
    }
    return chosen;
  }

  // Covers everything, the first exit included; empty: none was found.
  std::vector<std::size_t> exact(std::set<int> open) {
    take(0, open);
    chosen_ = {0};
    return search(open) ? chosen_ : std::vector<std::size_t>();
  }

 private:
  std::size_t asks(std::size_t e, const std::set<int>& open) const {
    return static_cast<std::size_t>(std::count_if(exits_[e].demands.begin(),
                                                  exits_[e].demands.end(),
                                                  [&](int d) { return open.count(d) > 0; }));
  }
  void take(std::size_t e, std::set<int>& open) const {
    for (const int d : exits_[e].demands) open.erase(d);
  }
  bool search(const std::set<int>& open) {
    if (open.empty()) return true;
    if (chosen_.size() == most_ || ++steps_ > kMostChoices) return false;
    // The demand that fewest exits ask leaves the least choice.
    int rarest = -1;
    std::size_t fewest = exits_.size() + 1;
    for (const int d : open) {
      const auto asked = static_cast<std::size_t>(
          std::count_if(exits_.begin(), exits_.end(), [&](const Exit& exit) {
            return std::binary_search(exit.demands.begin(), exit.demands.end(), d);
          }));
      if (asked < fewest) {
        fewest = asked;
        rarest = d;
      }
    }
    for (std::size_t e = 0; e < exits_.size(); ++e) {
      const auto& asked = exits_[e].demands;
      if (!std::binary_search(asked.begin(), asked.end(), rarest)) continue;
      std::set<int> left = open;
      take(e, left);
      chosen_.push_back(e);
      if (search(left)) return true;
      chosen_.pop_back();
    }
    return false;
  }

  const std::vector<Exit>& exits_;
  const std::size_t most_;
  std::vector<std::size_t> chosen_;
  int steps_ = 0;
};

}  // namespace

std::optional<std::vector<int>> one_conflict(const ZoneFinder& finder,
                                             const std::vector<int>& order) {
  if (finder.find(DemandSet(order.size(), 1)) || finder.stopped()) return std::nullopt;
  QuickXplain quick(finder, order.size());
  std::vector<int> conflict = quick.explain(order);
  if (finder.stopped()) return std::nullopt;
  std::sort(conflict.begin(), conflict.end());
  return conflict;
}

Conflicts find_conflicts(const Scenario& scenario, const Problem& problem,
                         const ConflictSettings& settings) {
  Conflicts result;
  result.demands = named_demands(scenario, problem);
  const std::size_t size = result.demands.size();
  Stages stages(settings.progress);
  const ZoneFinder finder(problem, result.demands, stages.progress());
  if (finder.find(DemandSet(size, 1))) {
    result.open = true;
    return result;
  }
  result.complete = false;
  if (finder.stopped()) return result;
  const std::vector<int> order = order_of_asking(scenario, result.demands);
  const ConcessionFinder concessions(scenario, problem, result.demands, stages.progress());

  if (settings.prices) {
    for (std::size_t d = 0; d < size; ++d) {
      if (result.demands[d].firm) continue;
      Price& price = result.prices.emplace_back();
      price.demand = static_cast<int>(d);
      DemandSet others(size, 1);
      others[d] = 0;
      price.never = !finder.find(others) && !finder.stopped();
    }
    parallel_for(settings.jobs, result.prices.size(), [&](std::size_t p) {
      if (!result.prices[p].never) result.prices[p] = concessions.price(result.prices[p].demand);
    });
    stages.reach(0.2);
  }
  if (settings.splits) {
    result.splits.resize(3);
    parallel_for(settings.jobs, 2, [&](std::size_t s) {
      result.splits[s] = s == 0 ? concessions.least_largest() : concessions.least_sum();
    });
    result.splits[2].kind = Split::Kind::fewest;
    stages.reach(0.3);
  }

  Explorer explorer(result.demands, finder, order);
  explorer.check_small();
  explorer.check_parties();
  if (auto one = one_conflict(finder, order)) explorer.add_conflict(std::move(*one));
  const auto work_out = [&] {  // whatever was found since
    const std::size_t conflicts = result.conflicts.size();
    for (std::size_t c = conflicts; c < explorer.conflicts.size(); ++c) {
      Conflict& conflict = result.conflicts.emplace_back();
      conflict.demands = explorer.conflicts[c];
      conflict.firm = std::all_of(conflict.demands.begin(), conflict.demands.end(),
                                  [&](int d) { return result.demands[at(d)].firm; });
    }
    const std::size_t exits = result.exits.size();
    for (std::size_t e = exits; e < explorer.exits.size(); ++e)
      result.exits.push_back(exit_of(explorer.exits[e], result.demands));
    const std::size_t proofs = settings.proofs ? result.conflicts.size() - conflicts : 0;
    parallel_for(settings.jobs, proofs + result.exits.size() - exits, [&](std::size_t k) {
      if (k < proofs) {
        prove(result.conflicts[conflicts + k], problem, result.demands, stages.progress());
      } else {
        concessions.price(result.exits[exits + k - proofs]);
      }
    });
  };
  std::size_t done = 0;
  while (explorer.found() < settings.most && explorer.step()) {
    if (explorer.found() < done + kBatch) continue;
    work_out();
    done = explorer.found();
  }
  work_out();
  result.complete = explorer.complete();

  std::sort(result.conflicts.begin(), result.conflicts.end(),
            [](const Conflict& a, const Conflict& b) {
              return a.demands.size() != b.demands.size() ? a.demands.size() < b.demands.size()
                                                          : a.demands < b.demands;
            });
  std::sort(result.exits.begin(), result.exits.end(), cheaper);
  if (settings.splits && !result.exits.empty()) {
    const Exit& fewest = *std::min_element(
        result.exits.begin(), result.exits.end(), [](const Exit& a, const Exit& b) {
          if (a.demands.size() != b.demands.size()) return a.demands.size() < b.demands.size();
          return a.share != b.share ? less_share(a, b) : a.demands < b.demands;
        });
    result.splits[2] = concessions.fewest(fewest);
    if (!result.complete) result.splits[2].proof = Proof::bounded;
  }
  return result;
}

std::vector<std::size_t> shown_exits(const Conflicts& conflicts, std::size_t most) {
  std::set<int> asked;
  for (const Exit& exit : conflicts.exits) asked.insert(exit.demands.begin(), exit.demands.end());
  if (asked.empty() || most == 0) return {};
  Cover cover(conflicts.exits, most);
  std::vector<std::size_t> chosen = cover.greedy(asked);
  std::set<int> open = asked;
  for (const std::size_t e : chosen) {
    for (const int d : conflicts.exits[e].demands) open.erase(d);
  }
  if (!open.empty()) {
    if (auto better = cover.exact(asked); !better.empty()) chosen = std::move(better);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace zopa
