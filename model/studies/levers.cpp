// SPDX-License-Identifier: MIT
#include "model/studies/levers.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <tuple>

#include "model/answers/depth.hpp"
#include "model/engine/prepare.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

// A party is looked at with every combination of at most so many levers at once: 64 of them.
constexpr std::size_t kMostTogether = 6;

// Beyond so many levers tried in all combinations the others are left alone.
constexpr std::size_t kMostTried = 20;

// A bound asks so many leaves more than the tree has, and fewer where leaves can be outvoted: there
// every combination of those who consent may have to be looked at.
constexpr std::size_t kMostExtraLeaves = 24;
constexpr std::size_t kMostExtraVoters = 6;

// So many worlds are kept; others are set up again when they are asked about.
constexpr std::size_t kMostWorldsKept = 16;

// ------------------------------------------------------------------------------------- dominance

// Whether every package in the first set is in the second.
bool inside_of(const PieceSet& inner, const PieceSet& outer) {
  if (inner.issue != outer.issue) return false;
  for (std::size_t k = 0; k < inner.pieces.size(); ++k) {
    if (inner.pieces[k] && !outer.pieces[k]) return false;
  }
  return true;
}

bool inside_some(const std::vector<PieceSet>& inner, const PieceSet& outer) {
  return std::any_of(inner.begin(), inner.end(),
                     [&](const PieceSet& set) { return inside_of(set, outer); });
}

// Whether whatever meets `demand` meets `other`, and violates it by no more.
bool implies(const LeafDemand& demand, const LeafDemand& other, DepthKind kind) {
  if (demand.limit && other.limit) {
    if (!inside_of(*demand.limit, *other.limit)) return false;
    if (kind == DepthKind::hard || !demand.soft) return true;
    if (!other.soft || demand.upper != other.upper) return false;
    return demand.upper ? demand.end <= other.end : demand.end >= other.end;
  }
  if (!demand.clause || !other.clause) return false;
  // It applies wherever the other does, and asks for at least as much there.
  const Clause& own = *demand.clause;
  return std::all_of(own.when.begin(), own.when.end(),
                     [&](const PieceSet& when) { return inside_some(other.clause->when, when); }) &&
         std::all_of(other.clause->require.begin(), other.clause->require.end(),
                     [&](const PieceSet& require) { return inside_some(own.require, require); });
}

Rational margin_share(const Leaf& leaf, Int128 worth) {
  return make_rational(worth, leaf.best - leaf.reservation);
}

// Whether the second leaf's value is at no package below the first's, as far as that can be seen
// issue by issue. Both belong to the same problem.
bool never_below(const Problem& problem, const Leaf& leaf, const Leaf& other, DepthKind kind) {
  for (const LeafDemand& demand : other.demands) {
    const bool implied =
        std::any_of(leaf.demands.begin(), leaf.demands.end(),
                    [&](const LeafDemand& own) { return implies(own, demand, kind); });
    if (!implied) return false;
  }
  if (!other.has_utility) return true;
  if (!leaf.has_utility || other.best <= other.reservation) return false;
  if (leaf.best < leaf.reservation) return true;
  if (leaf.best == leaf.reservation) return false;
  Rational least = margin_share(leaf, leaf.reservation) - margin_share(other, other.reservation);
  for (int j = 0; j < problem.m(); ++j) {
    std::optional<Rational> of_issue;
    for (std::size_t k = 0; k < problem.issues[at(j)].pieces.size(); ++k) {
      const PieceWorth& own = leaf.worth[at(j)][k];
      const PieceWorth& its = other.worth[at(j)][k];
      const Rational difference =
          std::min(Rational(margin_share(other, its.at_from) - margin_share(leaf, own.at_from)),
                   Rational(margin_share(other, its.at_to) - margin_share(leaf, own.at_to)));
      if (!of_issue || difference < *of_issue) of_issue = difference;
    }
    least += *of_issue;
  }
  return least >= 0;
}

bool same_set(const PieceSet& a, const PieceSet& b) {
  return a.issue == b.issue && a.pieces == b.pieces;
}

bool same_sets_in_order(const std::vector<PieceSet>& a, const std::vector<PieceSet>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_set);
}

bool same_demand(const LeafDemand& a, const LeafDemand& b) {
  if (a.limit.has_value() != b.limit.has_value() || a.soft != b.soft || a.upper != b.upper ||
      a.end != b.end)
    return false;
  if (a.limit) return same_set(*a.limit, *b.limit);
  return same_sets_in_order(a.clause->when, b.clause->when) &&
         same_sets_in_order(a.clause->require, b.clause->require);
}

// Whether two leaves make the same of every package, as far as their tables are equal.
bool alike(const Leaf& a, const Leaf& b) {
  const auto same_worth = [](const PieceWorth& x, const PieceWorth& y) {
    return x.at_from == y.at_from && x.at_to == y.at_to;
  };
  const auto same_line = [&](const auto& x, const auto& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), same_worth);
  };
  return a.has_utility == b.has_utility && a.reservation == b.reservation && a.best == b.best &&
         a.unit == b.unit &&
         std::equal(a.worth.begin(), a.worth.end(), b.worth.begin(), b.worth.end(), same_line) &&
         std::equal(a.demands.begin(), a.demands.end(), b.demands.begin(), b.demands.end(),
                    same_demand);
}

// ----------------------------------------------------------------------------------------- worlds

// The party of that id; a lever that changes more than parties may have removed it.
std::optional<int> party_of(const Scenario& scenario, const std::string& id) {
  for (std::size_t p = 0; p < scenario.parties.size(); ++p) {
    if (scenario.parties[p].id == id) return static_cast<int>(p);
  }
  return std::nullopt;
}

// Those of the levers that change more than parties.
LeverSet elsewhere(const LeverStudy& study, LeverSet levers) {
  for (std::size_t l = 0; l < levers.size(); ++l)
    levers[l] = levers[l] && study.levers[l].elsewhere ? 1 : 0;
  return levers;
}

// A party with some of its levers pulled: the bits of `pulled` follow Fork::levers.
struct PartyVersion {
  unsigned pulled = 0;
  int party = 0;  // of the world's scenario
};

// A party of which levers change something.
struct Fork {
  int party = 0;            // of the world's scenario
  int in_base = 0;          // the same, of the scenario without levers
  std::vector<int> levers;  // that are left open in a world, rising
  bool changed = false;     // levers that are decided change it
  std::vector<PartyVersion> versions;
  PartyVersion content;  // a party that is content with everything
};

// The problem with every version that a party can have, the levers tried in combinations decided.
class World {
 public:
  World(const LeverStudy& study, const std::vector<std::string>& names, const LeverSet& decided,
        const std::vector<int>& open, DepthKind kind, const Progress& progress)
      : kind_(kind), progress_(progress) {
    auto scenario = study.apply(elsewhere(study, decided));
    if (!scenario) return;
    scenario_ = std::move(*scenario);
    scenario_.drafts.clear();
    for (std::size_t l = 0; l < decided.size(); ++l) {
      const bool is_open = std::find(open.begin(), open.end(), static_cast<int>(l)) != open.end();
      if (study.levers[l].elsewhere || (!is_open && !decided[l])) continue;
      for (const int party : study.levers[l].parties) {
        const auto here = party_of(scenario_, names[at(party)]);
        if (!here) {
          homeless_.push_back(static_cast<int>(l));
          continue;
        }
        Fork& own = fork(*here);
        own.in_base = party;
        if (is_open) own.levers.push_back(static_cast<int>(l));
        own.changed |= decided[l] != 0;
      }
    }
    for (Fork& fork : forks_) {
      add_versions(study, decided, fork);
      fork.content = {0, static_cast<int>(scenario_.parties.size())};
      scenario_.parties.emplace_back();
    }
    // The tree as the file has it, and beside it the other versions, so that they have leaves.
    Consent carrier;
    carrier.members.push_back(scenario_.consent);
    for (const Fork& fork : forks_) {
      for (const PartyVersion& version : fork.versions) {
        if (version.party != fork.party)
          add_leaves(scenario_.consent, fork.party, version.party, carrier.members);
      }
      add_leaves(scenario_.consent, fork.party, fork.content.party, carrier.members);
    }
    scenario_.consent = std::move(carrier);
    problem_ = std::make_unique<Problem>(make_problem(scenario_));
    leaves_of_.resize(scenario_.parties.size());
    for (int i = 0; i < problem_->n(); ++i)
      leaves_of_[at(problem_->leaves[at(i)].party)].push_back(i);
    for (Fork& fork : forks_) join_alike(fork);
  }

  bool exists() const { return problem_ != nullptr; }

  /// The depth with these levers; nothing when they cannot be applied together.
  std::optional<Depth> depth(const LeverSet& levers) const {
    if (std::any_of(homeless_.begin(), homeless_.end(), [&](int l) { return levers[at(l)] != 0; }))
      return std::nullopt;
    return solved([&](const Fork& fork, const PartyVersion& version) {
      return version.pulled == pulled(fork, levers);
    });
  }

  /// At least the depth of every set that contains `in` and of the other levers only such as are in
  /// `left`; nothing when there is no such set.
  std::optional<Depth> bound(const LeverSet& in, const LeverSet& left) const {
    return solved([&](const Fork& fork, const PartyVersion& version) {
      return possible(fork, version, in, left);
    });
  }

  /// A set that contains `in` and of the others only such as are in `left`, under which the package
  /// is likely to be worth as much as the bound says. Of a party's versions the cheapest that
  /// reaches it.
  LeverSet likely(const LeverStudy& study, const LeverSet& in, const LeverSet& left,
                  const Depth& bound) const {
    LeverSet set = in;
    for (const Fork& fork : forks_) {
      const unsigned now = pulled(fork, set);
      std::optional<unsigned> best;
      std::tuple<bool, std::optional<Rational>, Rational> best_key;  // reached, value, −cost
      for (const PartyVersion& version : fork.versions) {
        if (!possible(fork, version, set, left)) continue;
        auto value = value_of(version, *bound.package);
        const bool reached = value >= bound.low;
        Rational cost = 0;
        for (std::size_t b = 0; b < fork.levers.size(); ++b) {
          if ((version.pulled >> b & 1U) != 0) cost += study.levers[at(fork.levers[b])].cost;
        }
        // Among those that reach the bound only the cost counts.
        std::tuple<bool, std::optional<Rational>, Rational> key(
            reached, reached ? std::nullopt : value, -cost);
        if (best && key <= best_key) continue;
        best = version.pulled;
        best_key = key;
      }
      const unsigned chosen = best.value_or(now);
      for (std::size_t b = 0; b < fork.levers.size(); ++b) {
        if ((chosen >> b & 1U) != 0) set[at(fork.levers[b])] = 1;
      }
    }
    return set;
  }

  /// Whether the lever changes anybody whom the tree asks; otherwise it gives nothing.
  bool matters(int lever) const {
    const bool homeless = std::find(homeless_.begin(), homeless_.end(), lever) != homeless_.end();
    return !homeless && std::any_of(forks_.begin(), forks_.end(), [&](const Fork& fork) {
      return !leaves_of_[at(fork.party)].empty() &&
             std::find(fork.levers.begin(), fork.levers.end(), lever) != fork.levers.end();
    });
  }

  /// Whether pulling the lever makes no leaf's value smaller at any package, whatever else is
  /// pulled in this world; false also where that cannot be seen.
  bool harmless(int lever) const {
    for (const Fork& fork : forks_) {
      const auto own = std::find(fork.levers.begin(), fork.levers.end(), lever);
      if (own == fork.levers.end()) continue;
      const unsigned bit = 1U << (own - fork.levers.begin());
      for (const PartyVersion& with : fork.versions) {
        if ((with.pulled & bit) == 0) continue;
        for (const PartyVersion& without : fork.versions) {
          if (without.pulled != (with.pulled & ~bit)) continue;
          if (!never_below(without, with)) return false;
        }
      }
    }
    return true;
  }

 private:
  Fork& fork(int party) {
    const auto known = std::find_if(forks_.begin(), forks_.end(),
                                    [&](const Fork& fork) { return fork.party == party; });
    if (known != forks_.end()) return *known;
    forks_.emplace_back().party = party;
    return forks_.back();
  }

  // The bits of the fork's levers in a set.
  static unsigned pulled(const Fork& fork, const LeverSet& levers) {
    unsigned bits = 0;
    for (std::size_t b = 0; b < fork.levers.size(); ++b) {
      if (levers[at(fork.levers[b])]) bits |= 1U << b;
    }
    return bits;
  }

  static bool possible(const Fork& fork, const PartyVersion& version, const LeverSet& in,
                       const LeverSet& left) {
    for (std::size_t b = 0; b < fork.levers.size(); ++b) {
      const int lever = fork.levers[b];
      const bool pulled = (version.pulled >> b & 1U) != 0;
      if (pulled ? !in[at(lever)] && !left[at(lever)] : in[at(lever)] != 0) return false;
    }
    return true;
  }

  void add_versions(const LeverStudy& study, const LeverSet& decided, Fork& fork) {
    for (unsigned bits = 0; bits < 1U << fork.levers.size(); ++bits) {
      if (bits == 0 && !fork.changed) {
        fork.versions.push_back({0, fork.party});
        continue;
      }
      LeverSet levers = decided;
      for (std::size_t b = 0; b < fork.levers.size(); ++b) {
        if ((bits >> b & 1U) != 0) levers[at(fork.levers[b])] = 1;
      }
      const auto scenario = study.apply_to(levers, fork.in_base);
      if (!scenario) continue;
      fork.versions.push_back({bits, static_cast<int>(scenario_.parties.size())});
      const std::string& id = scenario_.parties[at(fork.party)].id;
      scenario_.parties.push_back(scenario->parties[at(*party_of(*scenario, id))]);
    }
  }

  // Versions that make the same of everything share the leaves of the first of them.
  void join_alike(Fork& fork) const {
    const auto are_alike = [&](const PartyVersion& a, const PartyVersion& b) {
      const auto& own = leaves_of_[at(a.party)];
      const auto& its = leaves_of_[at(b.party)];
      return std::equal(own.begin(), own.end(), its.begin(), its.end(), [&](int i, int k) {
        return alike(problem_->leaves[at(i)], problem_->leaves[at(k)]);
      });
    };
    for (auto version = fork.versions.begin(); version != fork.versions.end(); ++version) {
      const auto same = std::find_if(fork.versions.begin(), version,
                                     [&](const auto& other) { return are_alike(other, *version); });
      if (same != version) version->party = same->party;
    }
  }

  // The leaves of a party once more, for another version of it.
  static void add_leaves(const Consent& consent, int party, int version,
                         std::vector<Consent>& into) {
    for (const Consent& member : consent.members) add_leaves(member, party, version, into);
    if (consent.kind != Consent::Kind::leaf || consent.party != party) return;
    into.push_back(consent);
    into.back().party = version;
  }

  // The depth when each party may be any of the versions that are kept; nothing when one has none.
  template <class Keep>
  std::optional<Depth> solved(const Keep& keep) const {
    std::vector<std::vector<PartyVersion>> kept;
    for (const Fork& fork : forks_) {
      auto& versions = kept.emplace_back();
      for (const PartyVersion& version : fork.versions) {
        if (keep(fork, version)) versions.push_back(version);
      }
      if (versions.empty()) return std::nullopt;
      drop_useless(versions);
    }
    const Tree& tree = problem_->tree.members[0];
    limit(kept, can_be_outvoted(tree) ? kMostExtraVoters : kMostExtraLeaves);
    const Problem problem = with_tree(*problem_, forked(tree, kept));
    return DepthFinder(problem, progress_).find(kind_, {});
  }

  // Where the versions would ask too many leaves, the parties with most of them count as content.
  void limit(std::vector<std::vector<PartyVersion>>& kept, std::size_t most) const {
    const auto extra = [&](std::size_t f) {
      return (kept[f].size() - 1) * leaves_of_[at(forks_[f].party)].size();
    };
    while (true) {
      std::size_t sum = 0;
      std::size_t largest = 0;
      for (std::size_t f = 0; f < kept.size(); ++f) {
        sum += extra(f);
        if (extra(f) > extra(largest)) largest = f;
      }
      if (sum <= most) return;
      kept[largest] = {forks_[largest].content};
    }
  }

  // The tree with a node `any` over the versions that are kept in the place of each leaf.
  Tree forked(const Tree& tree, const std::vector<std::vector<PartyVersion>>& kept) const {
    Tree result = tree;
    if (tree.kind != Consent::Kind::leaf) {
      for (Tree& member : result.members) member = forked(member, kept);
      return result;
    }
    const int party = problem_->leaves[at(tree.leaf)].party;
    const auto fork =
        std::find_if(forks_.begin(), forks_.end(), [&](const Fork& f) { return f.party == party; });
    if (fork == forks_.end()) return result;
    // The leaves of a version come in the same order as those of the party itself.
    const auto& own = leaves_of_[at(party)];
    const auto number = std::find(own.begin(), own.end(), tree.leaf) - own.begin();
    Tree any;
    any.kind = Consent::Kind::any;
    for (const PartyVersion& version : kept[at(static_cast<int>(fork - forks_.begin()))]) {
      result.leaf = leaves_of_[at(version.party)][at(static_cast<int>(number))];
      any.members.push_back(result);
    }
    return any.members.size() == 1 ? any.members[0] : any;
  }

  // Versions that another one is never below.
  void drop_useless(std::vector<PartyVersion>& versions) const {
    std::sort(versions.begin(), versions.end(),
              [](const auto& a, const auto& b) { return a.party < b.party; });
    versions.erase(std::unique(versions.begin(), versions.end(),
                               [](const auto& a, const auto& b) { return a.party == b.party; }),
                   versions.end());
    for (std::size_t v = versions.size(); v-- > 0;) {
      const bool useless =
          std::any_of(versions.begin(), versions.end(), [&](const PartyVersion& other) {
            return other.party != versions[v].party && never_below(versions[v], other);
          });
      if (useless) versions.erase(versions.begin() + static_cast<std::ptrdiff_t>(v));
    }
  }

  bool never_below(const PartyVersion& version, const PartyVersion& other) const {
    if (version.party == other.party) return true;
    const std::pair key(version.party, other.party);
    const std::lock_guard lock(mutex_);
    const auto known = never_below_.find(key);
    if (known != never_below_.end()) return known->second;
    bool answer = true;
    const auto& own = leaves_of_[at(version.party)];
    const auto& its = leaves_of_[at(other.party)];
    for (std::size_t k = 0; k < own.size() && answer; ++k) {
      answer = zopa::never_below(*problem_, problem_->leaves[at(own[k])],
                                 problem_->leaves[at(its[k])], kind_);
    }
    never_below_.emplace(key, answer);
    return answer;
  }

  // The least value of the version's leaves that are asked; 1 when none is.
  std::optional<Rational> value_of(const PartyVersion& version, const Package& package) const {
    std::optional<Rational> least = 1;
    for (const int i : leaves_of_[at(version.party)]) {
      const LeafView leaf = view(*problem_, i, package, kind_);
      if (leaf.asked) least = std::min(least, leaf.value);
    }
    return least;
  }

  DepthKind kind_;
  Progress progress_;
  Scenario scenario_;
  std::vector<Fork> forks_;
  std::vector<int> homeless_;
  std::unique_ptr<Problem> problem_;
  std::vector<std::vector<int>> leaves_of_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<int, int>, bool> never_below_;
};

// ---------------------------------------------------------------------------------- the study

Rational cost_of(const LeverStudy& study, const LeverSet& set) {
  Rational cost = 0;
  for (std::size_t l = 0; l < set.size(); ++l) {
    if (set[l]) cost += study.levers[l].cost;
  }
  return cost;
}

// Fewest levers first, then file order.
auto simplicity(const LeverSet& set) {
  std::vector<std::size_t> members;
  for (std::size_t l = 0; l < set.size(); ++l) {
    if (set[l]) members.push_back(l);
  }
  return std::pair(members.size(), members);
}

// The sets of `size` of `count` levers, in file order.
std::vector<LeverSet> sets_of(std::size_t count, std::size_t size) {
  std::vector<LeverSet> sets;
  LeverSet set(count, 0);
  std::fill(set.begin(), set.begin() + static_cast<std::ptrdiff_t>(size), 1);
  do {
    sets.push_back(set);
  } while (std::prev_permutation(set.begin(), set.end()));
  return sets;
}

class Study {
 public:
  Study(const LeverStudy& study, const LeverSettings& settings)
      : study_(study),
        settings_(settings),
        stages_(settings.progress),
        progress_(stages_.progress()) {}

  LeverAnswer find() {
    find_base();
    choose_tried();
    search();
    stages_.reach(0.5);
    find_effects();
    stages_.reach(0.9);
    report_frontier();
    answer_.solved = solved_;
    return std::move(answer_);
  }

 private:
  struct Candidate {
    LeverSet levers;
    Rational cost;
    Rational depth;
  };

  LeverSet nothing() const { return LeverSet(study_.levers.size(), 0); }

  // In the scenario itself, without any versions. Nothing: the levers do not go together.
  std::optional<Depth> plain(const LeverSet& levers, DepthKind kind, bool deepest) const {
    const LeverSet first = elsewhere(study_, levers);
    if (first != levers && !study_.apply(first)) return std::nullopt;
    const auto scenario = study_.apply(levers);
    if (!scenario) return std::nullopt;
    const Problem problem = make_problem(*scenario);
    const DepthFinder finder(problem, progress_);
    Depth depth = finder.find(kind, {});
    if (deepest) finder.deepen(depth, {});
    return depth;
  }

  void find_base() {
    const auto scenario = study_.apply(nothing());
    if (!scenario) throw ModelError("the scenario cannot be read without levers");
    for (const Party& party : scenario->parties) names_.push_back(party.id);
    answer_.kind = DepthKind::hard;
    auto base = plain(nothing(), DepthKind::hard, true);
    ++solved_;
    if (!base->exists) {
      answer_.kind = DepthKind::all;
      base = plain(nothing(), DepthKind::all, true);
      ++solved_;
    }
    answer_.base = *base;
    note(nothing(), *base);
  }

  // The levers tried in all combinations: those that change more than parties, and as many others
  // as leave each party with few.
  void choose_tried() {
    const std::size_t count = study_.levers.size();
    std::vector<char> tried(count, 0);
    for (std::size_t l = 0; l < count; ++l) tried[l] = study_.levers[l].elsewhere ? 1 : 0;
    std::map<int, std::size_t> levers_of;
    for (std::size_t l = 0; l < count; ++l) {
      if (tried[l]) continue;
      const auto& parties = study_.levers[l].parties;
      const bool crowded = std::any_of(parties.begin(), parties.end(), [&](int party) {
        return levers_of[party] >= kMostTogether;
      });
      tried[l] = crowded ? 1 : 0;
      if (crowded) continue;
      for (const int party : parties) ++levers_of[party];
    }
    for (std::size_t l = 0; l < count; ++l)
      (tried[l] ? tried_ : open_).push_back(static_cast<int>(l));
    if (tried_.size() > kMostTried) {
      answer_.proof = Proof::bounded;
      tried_.resize(kMostTried);
    }
  }

  // Whether a depth was searched to its end; notes that the study was stopped otherwise.
  bool settled(const Depth& depth) {
    if (depth.proof == Proof::exact) return true;
    stopped_ = true;
    return false;
  }

  // --- the frontier

  // Cheapest first, so that what comes later is more often covered.
  void search() {
    std::vector<LeverSet> worlds;
    for (std::size_t size = 0; size <= tried_.size(); ++size) {
      for (const LeverSet& chosen : sets_of(tried_.size(), size)) {
        LeverSet decided = nothing();
        for (std::size_t t = 0; t < chosen.size(); ++t) decided[at(tried_[t])] = chosen[t];
        worlds.push_back(std::move(decided));
      }
    }
    std::stable_sort(worlds.begin(), worlds.end(), [&](const LeverSet& a, const LeverSet& b) {
      return cost_of(study_, a) < cost_of(study_, b);
    });
    keeps_worlds_ = worlds.size() <= kMostWorldsKept;
    for (const LeverSet& decided : worlds) {
      if (stopped_ || !progress_(0)) {
        stopped_ = true;
        break;
      }
      if (covered(decided, 1)) {
        keeps_worlds_ = false;
        continue;
      }
      auto world = std::make_unique<World>(study_, names_, decided, open_, answer_.kind, progress_);
      if (world->exists()) {
        LeverSet left = nothing();
        for (const int lever : open_) left[at(lever)] = world->matters(lever) ? 1 : 0;
        explore(*world, decided, left);
      }
      if (keeps_worlds_) worlds_[decided] = std::move(world);
    }
    if (stopped_) answer_.proof = Proof::bounded;
  }

  // Every set that contains `in` and of the others only such as are in `left`.
  void explore(const World& world, const LeverSet& in, const LeverSet& left) {
    if (!evaluate(world, in)) return;
    if (std::none_of(left.begin(), left.end(), [](char bit) { return bit; })) return;
    const auto bound = world.bound(in, left);
    ++solved_;
    if (!bound || !settled(*bound) || !bound->low || covered(in, *bound->low)) return;
    const LeverSet likely = world.likely(study_, in, left, *bound);
    if (!evaluate(world, likely) || covered(in, *bound->low)) return;
    std::optional<std::size_t> lever;
    for (std::size_t l = 0; l < left.size(); ++l) {
      if (!left[l]) continue;
      if (!lever) lever = l;
      if (likely[l]) {
        lever = l;
        break;
      }
    }
    LeverSet rest = left;
    rest[*lever] = 0;
    explore(world, in, rest);
    if (stopped_) return;
    LeverSet more = in;
    more[*lever] = 1;
    explore(world, more, rest);
  }

  // Whether no set that contains `in` and is worth at most `bound` belongs to the frontier beside
  // those that are known.
  bool covered(const LeverSet& in, const Rational& bound) const {
    const Rational cost = cost_of(study_, in);
    return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& known) {
      if (known.cost > cost || known.depth < bound) return false;
      return known.cost < cost || known.depth > bound || simplicity(known.levers) <= simplicity(in);
    });
  }

  // False: stopped.
  bool evaluate(const World& world, const LeverSet& levers) {
    if (depths_.count(levers) > 0) return true;
    const auto depth = world.depth(levers);
    ++solved_;
    if (depth && !settled(*depth)) return false;
    note(levers, depth);
    return true;
  }

  void note(const LeverSet& levers, const std::optional<Depth>& depth) {
    if (depth && depth->proof == Proof::bounded) {
      stopped_ = true;
      return;
    }
    Known known;
    known.possible = depth.has_value();
    if (depth) known.depth = depth->low;
    depths_[levers] = known;
    if (known.depth) candidates_.push_back({levers, cost_of(study_, levers), *known.depth});
  }

  void report_frontier() {
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      if (a.cost != b.cost) return a.cost < b.cost;
      if (a.depth != b.depth) return a.depth > b.depth;
      return simplicity(a.levers) < simplicity(b.levers);
    });
    std::optional<Rational> deepest;
    const auto add = [&](const LeverSet& levers, const Rational& cost,
                         const std::optional<Rational>& value) {
      auto depth =
          levers == nothing() ? std::optional(answer_.base) : plain(levers, answer_.kind, true);
      if (!depth) throw std::logic_error("levers that were read apart cannot be read together");
      if (depth->proof == Proof::exact && depth->low != value)
        throw std::logic_error("levers change parties that they do not name");
      if (depth->proof == Proof::bounded && value) {  // stopped: what was found before stands
        *depth = {answer_.kind, Proof::exact, true, value, value, std::nullopt, {}};
      }
      answer_.frontier.push_back({levers, cost, std::move(*depth)});
    };
    // A base without a depth is no candidate, and still what no levers give.
    if (!answer_.base.low && (candidates_.empty() || candidates_.front().cost > 0))
      add(nothing(), 0, std::nullopt);
    for (const Candidate& candidate : candidates_) {
      if (deepest && candidate.depth <= *deepest) continue;
      deepest = candidate.depth;
      add(candidate.levers, candidate.cost, candidate.depth);
    }
    const auto opening =
        std::find_if(answer_.frontier.begin(), answer_.frontier.end(),
                     [](const LeverPoint& p) { return p.depth.low && *p.depth.low >= 0; });
    if (opening != answer_.frontier.end()) answer_.opening = *opening;
  }

  // --- levers alone and in company

  struct Known {
    bool possible = false;
    std::optional<Rational> depth;
  };

  void find_effects() {
    const std::size_t count = study_.levers.size();
    answer_.effects.resize(count);
    std::vector<int> unsettled;
    for (std::size_t l = 0; l < count; ++l) {
      if (!harmless(static_cast<int>(l))) unsettled.push_back(static_cast<int>(l));
    }
    look_alone();
    for (std::size_t size = 0; size < count && !unsettled.empty(); ++size) {
      if (!look_at(size + 1)) break;
      std::vector<int> still;
      for (const int lever : unsettled) {
        LeverEffect& effect = answer_.effects[at(lever)];
        effect.company = company(lever, size);
        effect.looked_at = static_cast<int>(size) + 1;
        if (!effect.company) still.push_back(lever);
      }
      unsettled = std::move(still);
      if (size + 1 == count) unsettled.clear();
    }
    for (const int lever : unsettled) answer_.effects[at(lever)].proof = Proof::bounded;
  }

  void look_alone() {
    for (std::size_t l = 0; l < study_.levers.size() && !stopped_; ++l) {
      LeverSet one = nothing();
      one[l] = 1;
      LeverEffect& effect = answer_.effects[l];
      effect.alone = plain(one, answer_.kind, false);
      ++solved_;
      if (!effect.alone || !settled(*effect.alone)) continue;
      const auto& alone = effect.alone->low;
      const auto& base = answer_.base.low;
      if (alone && base) effect.change = *alone - *base;
      effect.lowers_alone = alone < base;
    }
  }

  // Whether the lever lowers no leaf's value, whatever else is pulled.
  bool harmless(int lever) const {
    if (!keeps_worlds_ || stopped_ || worlds_.empty()) return false;
    if (std::find(open_.begin(), open_.end(), lever) == open_.end()) return false;
    return std::all_of(worlds_.begin(), worlds_.end(), [&](const auto& world) {
      return !world.second->exists() || world.second->harmless(lever);
    });
  }

  // Makes the depths of all sets of a size known. False: there are too many, or it was stopped.
  bool look_at(std::size_t size) {
    const std::size_t count = study_.levers.size();
    double sets = 1;  // the number of sets of that size
    for (std::size_t k = 0; k < size; ++k)
      sets = sets * static_cast<double>(count - k) / static_cast<double>(k + 1);
    if (static_cast<double>(looked_at_) + sets > static_cast<double>(settings_.most_depths))
      return false;
    std::vector<LeverSet> wanted = sets_of(count, size);
    looked_at_ += wanted.size();
    std::erase_if(wanted, [&](const LeverSet& set) { return depths_.count(set) > 0; });
    std::vector<std::optional<Depth>> found(wanted.size());
    parallel_for(settings_.jobs, wanted.size(),
                 [&](std::size_t k) { found[k] = depth_of(wanted[k]); });
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      ++solved_;
      note(wanted[k], found[k]);
    }
    return !stopped_;
  }

  std::optional<Depth> depth_of(const LeverSet& levers) const {
    LeverSet decided = nothing();
    for (const int lever : tried_) decided[at(lever)] = levers[at(lever)];
    const auto world = worlds_.find(decided);
    if (world == worlds_.end()) return plain(levers, answer_.kind, false);
    return world->second->exists() ? world->second->depth(levers) : std::nullopt;
  }

  // The first set of that size in which the lever lowers the depth.
  std::optional<LeverSet> company(int lever, std::size_t size) const {
    for (const LeverSet& others : sets_of(study_.levers.size(), size)) {
      if (others[at(lever)]) continue;
      LeverSet with = others;
      with[at(lever)] = 1;
      const Known& before = depths_.at(others);
      const Known& after = depths_.at(with);
      if (before.possible && after.possible && after.depth < before.depth) return others;
    }
    return std::nullopt;
  }

  const LeverStudy& study_;
  const LeverSettings& settings_;
  Stages stages_;
  Progress progress_;
  LeverAnswer answer_;
  std::vector<std::string> names_;  // ids of the parties, in the order of the base
  std::vector<int> tried_;          // in all combinations
  std::vector<int> open_;           // the others
  bool keeps_worlds_ = false;
  std::map<LeverSet, std::unique_ptr<World>> worlds_;
  std::map<LeverSet, Known> depths_;
  std::vector<Candidate> candidates_;
  std::size_t looked_at_ = 1;  // sets whose depth companies needed: the empty one
  std::size_t solved_ = 0;
  bool stopped_ = false;
};

}  // namespace

LeverAnswer study_levers(const LeverStudy& study, const LeverSettings& settings) {
  return Study(study, settings).find();
}

const LeverPoint* best_for(const LeverAnswer& answer, const Rational& budget) {
  const LeverPoint* best = nullptr;
  for (const LeverPoint& point : answer.frontier) {
    if (point.cost <= budget) best = &point;
  }
  return best;
}

}  // namespace zopa
