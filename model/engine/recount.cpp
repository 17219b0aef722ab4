// SPDX-License-Identifier: MIT
#include "model/engine/recount.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "model/tools/at.hpp"

namespace zopa {
namespace {

// How something that is asked of a package stands.
enum BoxStanding : char { kOpen = 0, kYes = 1, kNo = 2 };

// Σ_j term_j(x_j) ≥ need: a linear rule, or the reservation of a leaf.
struct SumNeed {
  std::vector<std::vector<Int128>> term;  // m×K_j
  Int128 need = 0;
  int leaf = -1;                    // −1: a rule
  std::size_t slot = 0;             // its flag in the state
  std::size_t reached = 0;          // where the state holds the sum so far
  std::vector<Int128> least, most;  // (m+1)×1: what the issues from the t-th on add
};

// A clause of a rule (leaf −1) or of a leaf's demands, or, without `require`, when a leaf is asked.
struct ClauseNeed {
  const std::vector<PieceSet>* when = nullptr;
  const std::vector<PieceSet>* require = nullptr;  // null: `when` says whether the leaf is asked
  int leaf = -1;
  std::size_t slot = 0;  // its flag in the state; the next: whether some `require` is broken
  std::size_t last_when = 0, last_require = 0;  // positions of their last issues in the order
};

// How many numbers hold so many flags.
std::size_t words_for(std::size_t flags) { return (flags + sizeof(Int128) - 1) / sizeof(Int128); }

// A state, as a row of numbers; equal rows are alike. The first numbers hold flags, one a byte.
using State = std::vector<Int128>;

char& flag(State& state, std::size_t index) { return reinterpret_cast<char*>(state.data())[index]; }
char flag(const State& state, std::size_t index) {
  return reinterpret_cast<const char*>(state.data())[index];
}

struct StateHash {
  std::size_t operator()(const State& state) const {
    std::uint64_t hash = 0x9E3779B97F4A7C15u;
    for (const Int128 value : state) {
      for (const auto part :
           {static_cast<std::uint64_t>(value),
            static_cast<std::uint64_t>(static_cast<unsigned __int128>(value) >> 64)}) {
        hash ^= part;
        hash *= 0xBF58476D1CE4E5B9u;
        hash ^= hash >> 31;
      }
    }
    return hash;
  }
};

using States = std::unordered_map<State, Integer, StateHash>;

class Recounter {
 public:
  Recounter(const Problem& problem, bool zone, RecountLimits& limits,
            const std::vector<std::vector<char>>& pieces)
      : problem_(problem), zone_(zone), limits_(limits), pieces_(pieces) {
    if (pieces_.empty()) {
      for (const ProblemIssue& issue : problem.issues) pieces_.emplace_back(issue.pieces.size(), 1);
    }
  }

  std::optional<Integer> run() {
    if (!pose()) return std::nullopt;
    most_states_ = limits_.most_bytes / (sizeof(Int128) * width_ + 128);
    States states;
    states.emplace(start(), 1);
    live_ = 1;
    return count_from(0, std::move(states));
  }

 private:
  // The packages that some states stand for, once the first t issues are settled. Where more states
  // come up than may be held at a time, those that are there are counted to the end first.
  std::optional<Integer> count_from(std::size_t t, States states) {
    Integer total = 0;
    if (t == order_.size()) {
      for (const auto& [state, number] : states) total += number;
      return total;
    }
    const auto& allowed = pieces_[at(order_[t])];
    const auto go_down = [&](States& next) {
      const std::size_t held = next.size();
      live_ += held;
      const auto counted = count_from(t + 1, std::exchange(next, {}));
      live_ -= held;
      if (counted) total += *counted;
      return counted.has_value();
    };
    States next;
    State child;
    for (const auto& [state, number] : states) {
      for (std::size_t k = 0; k < allowed.size(); ++k) {
        if (!allowed[k]) continue;
        if (limits_.most_steps == 0) return std::nullopt;
        if (--limits_.most_steps % 4096 == 0 && !limits_.progress(1)) return std::nullopt;
        child = state;
        if (!settle(child, t, static_cast<int>(k))) continue;
        const auto found = next.find(child);
        if (found != next.end()) {
          found->second += number;
          continue;
        }
        next.emplace(child, number);
        if (next.size() >= kFewestStates && live_ + next.size() >= most_states_ && !go_down(next))
          return std::nullopt;
      }
    }
    live_ -= states.size();
    const std::size_t before = states.size();
    states = {};
    const bool done = go_down(next);
    live_ += before;  // the caller takes them off
    return done ? std::optional(total) : std::nullopt;
  }

  // What is asked, and the order of the issues. False when a sum does not fit.
  bool pose() {
    for (const LinearRule& rule : problem_.linear_rules) {
      if (!pose_rule(rule)) return false;
    }
    for (const Clause& clause : problem_.rule_clauses)
      clauses_.push_back({&clause.when, &clause.require, -1, 0});
    if (zone_) {
      for (int i = 0; i < problem_.n(); ++i) pose_leaf(i);
    }
    if (zone_) find_needed();
    choose_order();
    find_ends();
    for (SumNeed& sum : sums_) bound(sum);
    std::size_t slot = at(zone_ ? 2 * problem_.n() : 0);
    for (SumNeed& sum : sums_) sum.slot = slot++;
    for (ClauseNeed& clause : clauses_) {
      clause.slot = slot;
      slot += 2;
    }
    width_ = words_for(slot);
    for (SumNeed& sum : sums_) sum.reached = width_++;
    waits_.assign(at(problem_.n()), 0);
    return true;
  }

  // Coefficients and places are brought to one denominator.
  bool pose_rule(const LinearRule& rule) {
    Integer unit = boost::multiprecision::denominator(rule.bound);
    for (const auto& [j, coefficient] : rule.sum) {
      for (const Piece& piece : problem_.issues[at(j)].pieces) {
        const Rational term = coefficient * piece.from;
        unit = boost::multiprecision::lcm(unit, boost::multiprecision::denominator(term));
      }
    }
    constexpr int kMostBits = 110;  // sums of 2^16 terms fit
    const auto whole = [&](const Rational& value) -> std::optional<Int128> {
      const Integer scaled = boost::multiprecision::numerator(Rational(value * unit));
      if (scaled != 0 && msb(Integer(abs(scaled))) >= kMostBits) return std::nullopt;
      return to_int128(scaled);
    };
    SumNeed sum;
    const auto need = whole(rule.bound);
    if (!need) return false;
    sum.need = *need;
    for (const ProblemIssue& issue : problem_.issues) sum.term.emplace_back(issue.pieces.size(), 0);
    for (const auto& [j, coefficient] : rule.sum) {
      for (std::size_t k = 0; k < problem_.issues[at(j)].pieces.size(); ++k) {
        const auto term = whole(coefficient * problem_.issues[at(j)].pieces[k].from);
        if (!term) return false;
        sum.term[at(j)][k] += *term;
      }
    }
    sums_.push_back(std::move(sum));
    return true;
  }

  void pose_leaf(int i) {
    const Leaf& leaf = problem_.leaves[at(i)];
    if (leaf.has_utility) {
      SumNeed sum;
      sum.leaf = i;
      sum.need = leaf.reservation;
      for (const auto& line : leaf.worth) {
        auto& terms = sum.term.emplace_back();
        for (const PieceWorth& worth : line) terms.push_back(worth.at_from);
      }
      sums_.push_back(std::move(sum));
    }
    if (leaf.when) clauses_.push_back({&*leaf.when, nullptr, i, 0});
    for (const LeafDemand& demand : leaf.demands) {
      if (demand.clause) clauses_.push_back({&demand.clause->when, &demand.clause->require, i, 0});
    }
  }

  // The leaves that are always asked and without whose consent the tree refuses. What they refuse
  // is never acceptable, and so a weighted sum of what they want must be reached as well: with the
  // weights 1 / (range of the sum), in whole numbers.
  void find_needed() {
    for (int i = 0; i < problem_.n(); ++i) {
      const Leaf& leaf = problem_.leaves[at(i)];
      if (leaf.when) continue;
      State state(words_for(at(2 * problem_.n())));
      for (int k = 0; k < problem_.n(); ++k)
        flag(state, asked_slot(k)) = flag(state, accepts_slot(k)) = kYes;
      flag(state, accepts_slot(i)) = kNo;
      const Hope root = hope_of(problem_.tree, state);
      if (root.accepts || root.left_out) continue;
      for (const LeafDemand& demand : leaf.demands) {
        if (!demand.limit) continue;
        auto& pieces = pieces_[at(demand.limit->issue)];
        for (std::size_t k = 0; k < pieces.size(); ++k)
          pieces[k] = static_cast<char>(pieces[k] && demand.limit->pieces[k]);
      }
      for (std::size_t s = 0; s < sums_.size(); ++s) {
        if (sums_[s].leaf == i && needed_.size() < kMostNeeded) needed_.push_back({s, 0});
      }
    }
    std::vector<Int128> ranges;
    for (const Needed& needed : needed_) {
      Int128 range = 0;
      for (const auto& line : sums_[needed.sum].term) {
        const auto [low, high] = std::minmax_element(line.begin(), line.end());
        range += *high - *low;
      }
      ranges.push_back(range);
    }
    const Int128 widest = ranges.empty() ? 0 : *std::max_element(ranges.begin(), ranges.end());
    constexpr int kWeightBits = 20;
    for (std::size_t s = 0; s < needed_.size(); ++s) {
      const SumNeed& sum = sums_[needed_[s].sum];
      Int128 largest = std::max(sum.need, -sum.need);
      for (const auto& line : sum.term) {
        for (const Int128 term : line) largest = std::max({largest, term, -term});
      }
      // No weighted sum comes near the end of the integers; a sum that might has no weight.
      if (ranges[s] == 0 || widest >> (100 - kWeightBits) != 0) continue;
      const Int128 weight = (widest << kWeightBits) / ranges[s];
      if (largest <= (Int128(1) << 110) / weight) needed_[s].weight = weight;
    }
  }

  // Whether the needed leaves whose sums are open can still reach what they want together.
  bool together(const State& state, std::size_t t) {
    std::size_t open = 0;
    Int128 reached = 0;
    for (std::size_t s = 0; s < needed_.size(); ++s) {
      const SumNeed& sum = sums_[needed_[s].sum];
      if (flag(state, sum.slot) != kOpen || needed_[s].weight == 0) continue;
      open |= std::size_t{1} << s;
      reached += needed_[s].weight * (state[sum.reached] - sum.need);
    }
    if ((open & (open - 1)) == 0) return true;  // none, or one that has been looked at
    return reached + most_together(open)[t + 1] >= 0;
  }

  // (m+1)×1: what the issues from the t-th on add at most to the weighted sum of some leaves.
  const std::vector<Int128>& most_together(std::size_t leaves) {
    std::vector<Int128>& most = together_[leaves];
    if (!most.empty()) return most;
    most.assign(order_.size() + 1, 0);
    for (std::size_t t = order_.size(); t-- > 0;) {
      const auto& allowed = pieces_[at(order_[t])];
      std::optional<Int128> best;
      for (std::size_t k = 0; k < allowed.size(); ++k) {
        if (!allowed[k]) continue;
        Int128 here = 0;
        for (std::size_t s = 0; s < needed_.size(); ++s) {
          if ((leaves >> s & 1) != 0)
            here += needed_[s].weight * sums_[needed_[s].sum].term[at(order_[t])][k];
        }
        best = best ? std::max(*best, here) : here;
      }
      most[t] = most[t + 1] + best.value_or(0);
    }
    return most;
  }

  // What ties issues first, then issues by what they matter, so that sums are soon settled. The
  // order changes the effort and nothing else.
  void choose_order() {
    order_.resize(at(problem_.m()));
    std::iota(order_.begin(), order_.end(), 0);
    std::vector<double> weight(order_.size(), 0);
    for (const SumNeed& sum : sums_) {
      std::vector<double> ranges;
      for (std::size_t j = 0; j < order_.size(); ++j) {
        const auto [low, high] = std::minmax_element(sum.term[j].begin(), sum.term[j].end());
        ranges.push_back(static_cast<double>(*high) - static_cast<double>(*low));
      }
      const double whole = std::accumulate(ranges.begin(), ranges.end(), 0.0);
      if (whole <= 0) continue;
      for (std::size_t j = 0; j < order_.size(); ++j) weight[j] += ranges[j] / whole;
    }
    for (const ClauseNeed& clause : clauses_) {
      for (const auto* sets : {clause.when, clause.require}) {
        if (sets == nullptr) continue;
        for (const PieceSet& set : *sets) weight[at(set.issue)] += 10;
      }
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [&](int a, int b) { return weight[at(a)] > weight[at(b)]; });
  }

  // Where in the order each clause, and each leaf's limits, are settled.
  void find_ends() {
    std::vector<std::size_t> position(order_.size());
    for (std::size_t t = 0; t < order_.size(); ++t) position[at(order_[t])] = t;
    const auto last = [&](const std::vector<PieceSet>& sets) {
      std::size_t end = 0;
      for (const PieceSet& set : sets) end = std::max(end, position[at(set.issue)]);
      return end;
    };
    for (ClauseNeed& clause : clauses_) {
      clause.last_when = last(*clause.when);
      if (clause.require != nullptr) clause.last_require = last(*clause.require);
    }
    last_limit_.assign(at(problem_.n()), 0);
    for (int i = 0; i < problem_.n(); ++i) {
      for (const LeafDemand& demand : problem_.leaves[at(i)].demands) {
        if (!demand.limit) continue;
        const auto& left = pieces_[at(demand.limit->issue)];
        for (std::size_t k = 0; k < left.size(); ++k) {
          if (left[k] && !demand.limit->pieces[k])
            last_limit_[at(i)] = std::max(last_limit_[at(i)], position[at(demand.limit->issue)]);
        }
      }
    }
  }

  void bound(SumNeed& sum) const {
    sum.least.assign(order_.size() + 1, 0);
    sum.most.assign(order_.size() + 1, 0);
    for (std::size_t t = order_.size(); t-- > 0;) {
      std::optional<Int128> least;
      std::optional<Int128> most;
      for (std::size_t k = 0; k < pieces_[at(order_[t])].size(); ++k) {
        if (!pieces_[at(order_[t])][k]) continue;
        const Int128 term = sum.term[at(order_[t])][k];
        least = least ? std::min(*least, term) : term;
        most = most ? std::max(*most, term) : term;
      }
      sum.least[t] = sum.least[t + 1] + least.value_or(0);
      sum.most[t] = sum.most[t + 1] + most.value_or(0);
    }
  }

  State start() const {
    State state(width_, 0);
    if (zone_) {
      for (int i = 0; i < problem_.n(); ++i) {
        if (!problem_.leaves[at(i)].when) flag(state, asked_slot(i)) = kYes;
      }
    }
    return state;
  }

  // Of every leaf: whether it is asked, then whether it accepts.
  static std::size_t asked_slot(int leaf) { return 2 * at(leaf); }
  static std::size_t accepts_slot(int leaf) { return 2 * at(leaf) + 1; }

  // Settles the t-th issue. False when no package of the state belongs to the set any more.
  bool settle(State& state, std::size_t t, int piece) {
    const int j = order_[t];
    for (const ClauseNeed& clause : clauses_) {
      if (flag(state, clause.slot) != kOpen) continue;
      judge(state, clause, t, j, piece);
      if (flag(state, clause.slot) != kNo) continue;
      if (clause.leaf < 0) return false;
    }
    for (const SumNeed& sum : sums_) {
      if (flag(state, sum.slot) != kOpen) continue;
      Int128& reached = state[sum.reached];
      reached += sum.term[at(j)][at(piece)];
      if (reached + sum.least[t + 1] >= sum.need) {
        flag(state, sum.slot) = kYes;
        reached = 0;
      } else if (reached + sum.most[t + 1] < sum.need) {
        if (sum.leaf < 0) return false;
        flag(state, sum.slot) = kNo;
        reached = 0;
      }
    }
    return !zone_ || (together(state, t) && ask(state, t, piece));
  }

  void judge(State& state, const ClauseNeed& clause, std::size_t t, int j, int piece) const {
    const bool asks = clause.require == nullptr;
    for (const PieceSet& set : *clause.when) {
      if (set.issue != j || contains(set, piece)) continue;
      flag(state, clause.slot) = asks ? kNo : kYes;  // the leaf is not asked; the clause holds
      flag(state, clause.slot + 1) = 0;
      return;
    }
    const bool when_open = clause.last_when > t;
    if (asks) {
      if (!when_open) flag(state, clause.slot) = kYes;
      return;
    }
    for (const PieceSet& set : *clause.require) {
      if (set.issue == j && !contains(set, piece)) flag(state, clause.slot + 1) = 1;
    }
    if (flag(state, clause.slot + 1) != 0) {
      if (when_open) return;
      flag(state, clause.slot) = kNo;
      flag(state, clause.slot + 1) = 0;
    } else if (clause.last_require <= t) {
      flag(state, clause.slot) = kYes;
    }
  }

  // Settles the leaves as far as their sums and clauses are, and forgets what no longer matters.
  // False when the tree surely refuses.
  bool ask(State& state, std::size_t t, int piece) {
    for (int i = 0; i < problem_.n(); ++i) {
      char& accepts = flag(state, accepts_slot(i));
      if (accepts != kOpen) continue;
      for (const LeafDemand& demand : problem_.leaves[at(i)].demands) {
        if (demand.limit && demand.limit->issue == order_[t] && !contains(*demand.limit, piece))
          accepts = kNo;
      }
    }
    std::fill(waits_.begin(), waits_.end(), 0);
    for (const SumNeed& sum : sums_) {
      if (sum.leaf >= 0) hear(state, sum.leaf, sum.slot);
    }
    for (const ClauseNeed& clause : clauses_) {
      if (clause.leaf < 0) continue;
      if (clause.require != nullptr) {
        hear(state, clause.leaf, clause.slot);
      } else if (flag(state, asked_slot(clause.leaf)) == kOpen) {
        flag(state, asked_slot(clause.leaf)) = flag(state, clause.slot);
      }
    }
    for (int i = 0; i < problem_.n(); ++i) {
      char& accepts = flag(state, accepts_slot(i));
      if (accepts == kOpen && !waits_[at(i)] && last_limit_[at(i)] <= t) accepts = kYes;
    }
    const Hope root = hope_of(problem_.tree, state);
    if (!root.accepts && !root.left_out) return false;
    // Once the tree accepts whatever comes, or a leaf is settled, its own standing is all that
    // counts.
    for (int i = 0; i < problem_.n(); ++i) {
      if (!root.refuses) {
        flag(state, asked_slot(i)) = kNo;
        flag(state, accepts_slot(i)) = kYes;
      } else if (flag(state, asked_slot(i)) == kNo) {
        flag(state, accepts_slot(i)) = kYes;
      }
    }
    for (const SumNeed& sum : sums_) {
      if (sum.leaf < 0 || flag(state, accepts_slot(sum.leaf)) == kOpen) continue;
      flag(state, sum.slot) = kYes;
      state[sum.reached] = 0;
    }
    for (const ClauseNeed& clause : clauses_) {
      if (clause.leaf < 0) continue;
      const bool asks = clause.require == nullptr;
      if (flag(state, asks ? asked_slot(clause.leaf) : accepts_slot(clause.leaf)) == kOpen)
        continue;
      flag(state, clause.slot) = kYes;
      flag(state, clause.slot + 1) = 0;
    }
    return true;
  }

  void hear(State& state, int leaf, std::size_t slot) {
    char& accepts = flag(state, accepts_slot(leaf));
    if (accepts == kOpen && flag(state, slot) == kNo) accepts = kNo;
    if (flag(state, slot) == kOpen) waits_[at(leaf)] = 1;
  }

  // What a node of the tree may still turn out to be; once all is settled, one of the three.
  struct Hope {
    bool left_out = false;
    bool accepts = false;
    bool refuses = false;
  };

  Hope hope_of(const Tree& tree, const State& state) const {
    if (tree.kind == Consent::Kind::leaf) {
      const char asked = flag(state, asked_slot(tree.leaf));
      const char accepts = flag(state, accepts_slot(tree.leaf));
      return {asked != kYes, asked != kNo && accepts != kNo, asked != kNo && accepts != kYes};
    }
    bool all_left_out = true;
    bool some_asked = false;
    bool some_accepts = false;
    bool some_refuses = false;
    bool none_must_refuse = true;
    bool none_must_accept = true;
    const bool weighs = tree.kind != Consent::Kind::all && tree.kind != Consent::Kind::any;
    std::vector<std::size_t> may_accept;   // members
    std::vector<std::size_t> must_accept;  // members
    for (std::size_t c = 0; c < tree.members.size(); ++c) {
      const Hope member = hope_of(tree.members[c], state);
      all_left_out &= member.left_out;
      some_asked |= member.accepts || member.refuses;
      some_accepts |= member.accepts;
      some_refuses |= member.refuses;
      none_must_refuse &= member.left_out || member.accepts;
      none_must_accept &= member.left_out || member.refuses;
      if (!weighs || !member.accepts) continue;
      may_accept.push_back(c);
      if (!member.refuses && !member.left_out) must_accept.push_back(c);
    }
    if (tree.kind == Consent::Kind::all)
      return {all_left_out, some_accepts && none_must_refuse, some_refuses};
    if (tree.kind == Consent::Kind::any)
      return {all_left_out, some_accepts, some_refuses && none_must_accept};
    const auto suffice = [&](const std::vector<std::size_t>& members) {
      if (tree.kind == Consent::Kind::at_least)
        return static_cast<int>(members.size()) >= tree.count;
      Rational weight = 0;
      for (const std::size_t c : members) weight += tree.weights[c];
      return weight >= tree.need;
    };
    return {all_left_out, suffice(may_accept), some_asked && !suffice(must_accept)};
  }

  const Problem& problem_;
  bool zone_;
  RecountLimits& limits_;
  std::vector<std::vector<char>> pieces_;
  std::vector<SumNeed> sums_;
  std::vector<ClauseNeed> clauses_;
  std::vector<int> order_;               // of the issues
  std::vector<std::size_t> last_limit_;  // n×1: position of the last issue with a red line
  std::size_t width_ = 0;                // of a state
  static constexpr std::size_t kFewestStates = 256;  // that are counted to the end together
  std::size_t most_states_ = 0;
  std::size_t live_ = 0;                          // states held
  static constexpr std::size_t kMostNeeded = 12;  // so that there are few sets of them
  struct Needed {
    std::size_t sum;  // in sums_
    Int128 weight;    // 0: none
  };
  std::vector<Needed> needed_;
  std::unordered_map<std::size_t, std::vector<Int128>> together_;  // by the set of leaves
  std::vector<char> waits_;  // n×1: leaves with something open
};

}  // namespace

std::optional<Integer> recount(const Problem& problem, bool zone, RecountLimits& limits,
                               const std::vector<std::vector<char>>& pieces) {
  if (!problem.discrete()) return std::nullopt;
  return Recounter(problem, zone, limits, pieces).run();
}

}  // namespace zopa
