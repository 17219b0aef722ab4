// SPDX-License-Identifier: MIT
#include "model/answers/demands.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <tuple>

#include "model/answers/depth.hpp"
#include "model/engine/search.hpp"
#include "model/engine/words.hpp"
#include "model/tools/at.hpp"

namespace zopa {
namespace {

// Limits in the order of the issues (low end first), linked demands, the reservation.
auto place_in_file(const Demand& demand) {
  const int group = demand.kind == Demand::Kind::linked        ? 1
                    : demand.kind == Demand::Kind::reservation ? 2
                                                               : 0;
  return std::tuple(demand.party, group, demand.index, static_cast<int>(demand.kind));
}

bool is_firm(const Scenario& scenario, const Demand& demand) {
  const Party& party = scenario.parties[at(demand.party)];
  if (party.firm) return true;
  switch (demand.kind) {
    case Demand::Kind::linked: return party.demands[at(demand.index)].firm;
    case Demand::Kind::reservation: return party.reservation.firm;
    default: return party.position(demand.index)->firm;
  }
}

Confidence confidence_of(const Scenario& scenario, const Demand& demand) {
  const Party& party = scenario.parties[at(demand.party)];
  std::optional<Confidence> confidence;
  if (demand.kind == Demand::Kind::linked) {
    confidence = party.demands[at(demand.index)].evidence.confidence;
  } else if (demand.kind == Demand::Kind::reservation) {
    const Reservation& reservation = party.reservation;
    if (reservation.utility) confidence = reservation.utility->evidence.confidence;
    if (!confidence) confidence = reservation.evidence.confidence;
  } else {
    const Position& position = *party.position(demand.index);
    const bool upper = demand.kind == Demand::Kind::limit_high || !position.limit->low;
    const auto& end = upper ? position.limit->high : position.limit->low;
    if (end) confidence = end->place.evidence.confidence;
    if (!confidence) confidence = position.evidence.confidence;
  }
  return confidence.value_or(Confidence::medium);
}

// No package gives the leaf less, in its unit.
Int128 least_utility(const Leaf& leaf) {
  Int128 sum = 0;
  for (const auto& line : leaf.worth) {
    Int128 least = std::min(line[0].at_from, line[0].at_to);
    for (const PieceWorth& worth : line) least = std::min({least, worth.at_from, worth.at_to});
    sum += least;
  }
  return sum;
}

bool shares_a_bit(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  for (std::size_t w = 0; w < words; ++w) {
    if (a[w] & b[w]) return true;
  }
  return false;
}

bool is_part_of(const std::uint64_t* part, const std::uint64_t* whole, std::size_t words) {
  for (std::size_t w = 0; w < words; ++w) {
    if (part[w] & ~whole[w]) return false;
  }
  return true;
}

}  // namespace

std::vector<NamedDemand> named_demands(const Scenario& scenario, const Problem& problem) {
  std::vector<NamedDemand> demands;
  const auto add = [&](const Demand& demand, int leaf) {
    const auto known = std::find_if(demands.begin(), demands.end(),
                                    [&](const NamedDemand& d) { return d.demand == demand; });
    if (known == demands.end()) {
      demands.push_back({demand, {leaf}, is_firm(scenario, demand)});
    } else {
      known->leaves.push_back(leaf);
    }
  };
  for (int i = 0; i < problem.n(); ++i) {
    const Leaf& leaf = problem.leaves[at(i)];
    for (const LeafDemand& demand : leaf.demands) add(demand.demand, i);
    if (leaf.has_utility) add({Demand::Kind::reservation, leaf.party, 0}, i);
  }
  std::sort(demands.begin(), demands.end(), [](const NamedDemand& a, const NamedDemand& b) {
    return place_in_file(a.demand) < place_in_file(b.demand);
  });
  return demands;
}

std::vector<int> order_of_asking(const Scenario& scenario,
                                 const std::vector<NamedDemand>& demands) {
  std::vector<std::pair<bool, int>> keys;  // firm, and how sure
  for (const NamedDemand& demand : demands)
    keys.emplace_back(demand.firm, -static_cast<int>(confidence_of(scenario, demand.demand)));
  std::vector<int> order(demands.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return keys[at(a)] < keys[at(b)]; });
  return order;
}

Problem with_demands(const Problem& problem, const std::vector<NamedDemand>& demands,
                     const DemandSet& kept) {
  Problem result = problem;
  for (std::size_t d = 0; d < demands.size(); ++d) {
    if (kept[d]) continue;
    for (const int i : demands[d].leaves) {
      Leaf& leaf = result.leaves[at(i)];
      if (demands[d].demand.kind == Demand::Kind::reservation) {
        leaf.reservation = least_utility(leaf);
      } else {
        std::erase_if(leaf.demands,
                      [&](const LeafDemand& own) { return own.demand == demands[d].demand; });
      }
    }
  }
  return result;
}

// Every demand of a leaf is made a leaf of its own, so that one search answers for all sets of
// demands: its tree asks only for those that are made.
struct ZoneFinder::State {
  // What a package found earlier breaks.
  struct Witness {
    Package package;
    std::vector<char> asked;    // n×1
    std::vector<Words> broken;  // n×1: demands that the leaf, asked or not, does not get
    Words in_all;               // broken where the leaf is asked
  };
  struct Part {
    int demand = 0;
    int leaf = 0;  // of `parts`
  };

  const Problem& problem;
  const std::vector<NamedDemand> demands;
  const Progress progress;
  const bool outvoted;
  Problem parts;
  std::vector<std::vector<Part>> parts_of;  // n×1
  std::unique_ptr<Search> search;

  std::mutex mutex;
  std::vector<Witness> witnesses;
  Words in_all;  // of the witnesses, one after another
  Words empty;   // sets of demands that leave nothing, none part of another, one after another
  std::atomic<bool> stopped{false};
  std::atomic<std::uint64_t> searches{0};

  State(const Problem& p, const std::vector<NamedDemand>& d, const Progress& g)
      : problem(p), demands(d), progress(g), outvoted(can_be_outvoted(p.tree)) {
    parts = problem;
    parts_of.resize(problem.leaves.size());
    for (Leaf& leaf : parts.leaves) {  // that only say yes where they are asked
      leaf.demands.clear();
      leaf.has_utility = false;
    }
    for (std::size_t k = 0; k < demands.size(); ++k) {
      for (const int i : demands[k].leaves) {
        const Leaf& whole = problem.leaves[at(i)];
        Leaf part = whole;
        part.demands.clear();
        part.has_utility = demands[k].demand.kind == Demand::Kind::reservation;
        if (!part.has_utility) part.worth.clear();
        for (const LeafDemand& own : whole.demands) {
          if (own.demand == demands[k].demand) part.demands.push_back(own);
        }
        parts_of[at(i)].push_back({static_cast<int>(k), parts.n()});
        parts.leaves.push_back(std::move(part));
      }
    }
    search = std::make_unique<Search>(parts, DepthKind::hard);
  }

  Tree tree_of(const Tree& tree, const DemandSet& kept) const {
    Tree result = tree;
    if (tree.kind != Consent::Kind::leaf) {
      for (Tree& member : result.members) member = tree_of(member, kept);
      return result;
    }
    for (const Part& part : parts_of[at(tree.leaf)]) {
      if (!kept[at(part.demand)]) continue;
      Tree leaf;
      leaf.kind = Consent::Kind::leaf;
      leaf.leaf = part.leaf;
      result.members.push_back(std::move(leaf));
    }
    if (result.members.empty()) return result;
    if (result.members.size() == 1) return Tree(result.members[0]);
    result.kind = Consent::Kind::all;
    return result;
  }

  std::size_t words() const { return words_for(demands.size()); }

  Words bits(const DemandSet& set) const {
    Words words(words_for(demands.size()), 0);
    for (std::size_t d = 0; d < demands.size(); ++d) {
      if (set[d]) set_bit(words, d);
    }
    return words;
  }

  Witness witness(const Package& package) const {
    Witness result{package, {}, {}, bits(DemandSet(demands.size(), 0))};
    for (int i = 0; i < problem.n(); ++i) {
      const LeafView leaf = view(problem, i, package);
      result.asked.push_back(leaf.asked);
      DemandSet broken(demands.size(), 0);
      for (const Part& part : parts_of[at(i)]) {
        broken[at(part.demand)] = std::find(leaf.broken.begin(), leaf.broken.end(),
                                            demands[at(part.demand)].demand) != leaf.broken.end();
      }
      result.broken.push_back(bits(broken));
      if (!leaf.asked) continue;
      for (std::size_t w = 0; w < result.in_all.size(); ++w)
        result.in_all[w] |= result.broken.back()[w];
    }
    return result;
  }

  // A package found earlier that is acceptable.
  const Package* known(const Words& kept) const {
    if (!outvoted) {
      for (std::size_t k = 0; k < witnesses.size(); ++k) {
        if (!shares_a_bit(in_all.data() + k * words(), kept.data(), words()))
          return &witnesses[k].package;
      }
      return nullptr;
    }
    const auto found = std::find_if(witnesses.begin(), witnesses.end(),
                                    [&](const Witness& witness) { return accepts(witness, kept); });
    return found == witnesses.end() ? nullptr : &found->package;
  }

  bool known_empty(const Words& kept) const {
    for (std::size_t k = 0; k < empty.size(); k += words()) {
      if (is_part_of(empty.data() + k, kept.data(), words())) return true;
    }
    return false;
  }

  // Others that contain it say no more.
  void add_empty(const Words& kept) {
    std::size_t left = 0;
    for (std::size_t k = 0; k < empty.size(); k += words()) {
      if (is_part_of(kept.data(), empty.data() + k, words())) continue;
      std::copy_n(empty.begin() + static_cast<std::ptrdiff_t>(k), words(),
                  empty.begin() + static_cast<std::ptrdiff_t>(left));
      left += words();
    }
    empty.resize(left);
    empty.insert(empty.end(), kept.begin(), kept.end());
  }

  // Where nobody can be outvoted, others that break more are of no use any more.
  void add_witness(Witness witness) {
    if (!outvoted) {
      std::size_t left = 0;
      for (std::size_t k = 0; k < witnesses.size(); ++k) {
        if (is_part_of(witness.in_all.data(), in_all.data() + k * words(), words())) continue;
        if (left != k) {
          witnesses[left] = std::move(witnesses[k]);
          std::copy_n(in_all.begin() + static_cast<std::ptrdiff_t>(k * words()), words(),
                      in_all.begin() + static_cast<std::ptrdiff_t>(left * words()));
        }
        ++left;
      }
      witnesses.erase(witnesses.begin() + static_cast<std::ptrdiff_t>(left), witnesses.end());
      in_all.resize(left * words());
    }
    in_all.insert(in_all.end(), witness.in_all.begin(), witness.in_all.end());
    witnesses.push_back(std::move(witness));
  }

  bool accepts(const Witness& witness, const Words& kept) const {
    std::vector<LeafValue<int>> values(witness.asked.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!witness.asked[i]) continue;
      values[i] =
          shares_a_bit(witness.broken[i].data(), kept.data(), words()) ? std::optional<int>() : 1;
    }
    const LeafValue<int> value = tree_value<int>(problem.tree, values);
    return !value || value->has_value();
  }
};

ZoneFinder::ZoneFinder(const Problem& problem, const std::vector<NamedDemand>& demands,
                       const Progress& progress)
    : state_(std::make_unique<State>(problem, demands, progress)) {}

ZoneFinder::~ZoneFinder() = default;

std::optional<Package> ZoneFinder::find(const DemandSet& kept) const {
  State& s = *state_;
  const Words wanted = s.bits(kept);
  {
    const std::lock_guard<std::mutex> lock(s.mutex);
    if (const Package* package = s.known(wanted)) return *package;
    if (s.known_empty(wanted)) return std::nullopt;
  }
  Search::Request request;
  request.tree = s.tree_of(s.problem.tree, kept);
  request.floor = 0;
  request.any = true;
  request.progress = s.progress;
  const Search::Result result = s.search->run(request);
  ++s.searches;
  if (!result.package) {
    if (!result.finished) {
      s.stopped = true;
      return std::nullopt;
    }
    const std::lock_guard<std::mutex> lock(s.mutex);
    s.add_empty(wanted);
    return std::nullopt;
  }
  State::Witness witness = s.witness(*result.package);
  const std::lock_guard<std::mutex> lock(s.mutex);
  s.add_witness(std::move(witness));
  return result.package;
}

DemandSet ZoneFinder::broken(const Package& package) const {
  DemandSet result(state_->demands.size(), 0);
  const State::Witness witness = state_->witness(package);
  for (std::size_t d = 0; d < result.size(); ++d) {
    for (const Words& broken : witness.broken) {
      if (has_bit(broken, d)) result[d] = 1;
    }
  }
  return result;
}

bool ZoneFinder::stopped() const { return state_->stopped; }
std::uint64_t ZoneFinder::searches() const { return state_->searches; }

}  // namespace zopa
