// SPDX-License-Identifier: MIT
#include "model/engine/fold.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <tuple>
#include <type_traits>

#include "model/engine/archive.hpp"
#include "model/engine/selection.hpp"
#include "model/engine/selection_tree.hpp"
#include "model/tools/at.hpp"

namespace zopa {
namespace {

constexpr int kSlots = 64;
constexpr std::size_t kMostCompared = 512;  // settlements of an issue that are compared in pairs
constexpr std::uint64_t kSumsBetweenQuestions = 1 << 8;

std::uint64_t slot_bit(int slot) { return std::uint64_t{1} << slot; }

// Leaves whose consent every package of the zone has, wherever.
void collect_must(const Problem& problem, const Tree& tree, std::vector<char>& must) {
  if (tree.kind == Consent::Kind::leaf) {
    const auto& when = problem.leaves[at(tree.leaf)].when;
    if (!when || when->empty()) must[at(tree.leaf)] = 1;
  } else if (tree.kind == Consent::Kind::all) {
    for (const Tree& member : tree.members) collect_must(problem, member, must);
  }
}

// What a settlement adds, apart from utilities.
struct Effect {
  std::uint64_t excused = 0;  // clauses whose `when` it fails: they hold
  std::uint64_t failed = 0;   // clauses of whose `require` it fails a part
  std::uint64_t aside = 0;    // leaves that are not asked because of it (their slots)
  friend bool operator==(const Effect&, const Effect&) = default;
};

// One issue of the fold. Clauses have a slot while they are under way: bit a says that the clause
// holds, bit b that nothing of its `require` has failed (or that it holds). A leaf with a condition
// has a slot of its own: a says that it is not asked, b that it may still be asked: neither covers
// the other. A leaf with demands has one whose b says that none of them is broken. With every bit
// of another, a standing leaves open whatever that one leaves open.
struct Step {
  int issue = 0;
  std::vector<int> pieces;
  std::vector<Effect> effects;  // one a piece
  std::uint64_t opened = 0;     // clauses that begin here
  std::uint64_t asks_done = 0;  // under way, every issue of their `when` is settled
  std::uint64_t done = 0;       // … and every issue of their `require`
  std::uint64_t needs_done = 0;
  std::uint64_t must = 0;        // under way: clauses that every package must keep
  std::vector<int> leaf_of;      // kSlots×1: whose demand the clause under way is; −1
  std::vector<int> live_rows;    // linear rules under way afterwards
  std::uint64_t live_after = 0;  // slots of clauses under way afterwards
};

// A leaf of the tree that can be outvoted, or need not be asked.
struct FreeLeaf {
  int leaf = 0;
  int asked_slot = -1;   // −1: always asked
  int demand_slot = -1;  // −1: no demands
};

// Everything about the set but the numbers.
struct Plan {
  Selection selection;
  std::vector<int> leaves;  // with a utility
  std::vector<char> must;   // n×1
  std::vector<Step> steps;
  std::vector<FreeLeaf> free_leaves;
  Standing start;
  std::vector<const Selection::Row<Int128>*> rules;
  std::string obstacle;
};

using Tie = Selection::Tie;

class Planner {
 public:
  Planner(const Problem& problem, bool all) : problem_(problem) {
    plan_.selection = all ? agreement_space(problem) : zone(problem);
    plan_.must.assign(at(problem.n()), 0);
    if (!all) collect_must(problem, problem.tree, plan_.must);
    for (int i = 0; i < problem.n(); ++i)
      if (problem.leaves[at(i)].has_utility) plan_.leaves.push_back(i);
  }

  Plan plan() {
    const Selection& set = plan_.selection;
    if (set.none) return std::move(plan_);
    if (!set.wide_rows.empty()) {
      plan_.obstacle = "a linear rule needs numbers beyond 120 bits";
      return std::move(plan_);
    }
    for (const auto& row : set.rows)
      if (row.rule >= 0) plan_.rules.push_back(&row);
    number_issues();
    choose_order();
    give_slots();
    return std::move(plan_);
  }

 private:
  // Issues of the problem that a tie speaks of.
  void number_issues() {
    const Selection& set = plan_.selection;
    for (const Tie& tie : set.ties) {
      std::vector<int> when, require;
      for (const auto& [j, flags] : tie.when) when.push_back(set.issues[at(j)]);
      for (const auto& [j, flags] : tie.require) require.push_back(set.issues[at(j)]);
      when_.push_back(std::move(when));
      require_.push_back(std::move(require));
    }
    for (const auto* row : plan_.rules) {
      std::vector<int> issues;
      for (std::size_t j = 0; j < set.issues.size(); ++j)
        if (row->matters(static_cast<int>(j))) issues.push_back(set.issues[j]);
      row_issues_.push_back(std::move(issues));
    }
  }

  // The next issue is one after which the fewest clauses and rules are under way; among those the
  // first in file order.
  void choose_order() {
    std::vector<char> settled(at(problem_.m()), 0);
    const auto under_way = [&](const std::vector<int>& issues) {
      const auto count =
          std::count_if(issues.begin(), issues.end(), [&](int j) { return settled[at(j)] != 0; });
      return count > 0 && count < static_cast<std::ptrdiff_t>(issues.size());
    };
    std::vector<std::vector<int>> groups = row_issues_;
    for (std::size_t t = 0; t < when_.size(); ++t) {
      groups.push_back(when_[t]);
      groups.back().insert(groups.back().end(), require_[t].begin(), require_[t].end());
    }
    for (int step = 0; step < problem_.m(); ++step) {
      int best = -1;
      std::ptrdiff_t fewest = 0;
      for (int j = 0; j < problem_.m(); ++j) {
        if (settled[at(j)]) continue;
        settled[at(j)] = 1;
        const auto open = std::count_if(groups.begin(), groups.end(), under_way);
        settled[at(j)] = 0;
        if (best >= 0 && open >= fewest) continue;
        best = j;
        fewest = open;
      }
      settled[at(best)] = 1;
      order_.push_back(best);
    }
  }

  void give_slots() {
    const Selection& set = plan_.selection;
    const int m = problem_.m();
    std::vector<int> step_of(at(m));
    for (int s = 0; s < m; ++s) step_of[at(order_[at(s)])] = s;
    std::vector<char> taken(kSlots, 0);
    const auto take = [&] {
      const auto free = std::find(taken.begin(), taken.end(), 0);
      if (free == taken.end()) return -1;
      *free = 1;
      return static_cast<int>(free - taken.begin());
    };
    const auto last_step = [&](const std::vector<int>& issues) {
      int last = -1;
      for (const int j : issues) last = std::max(last, step_of[at(j)]);
      return last;
    };
    const auto first_step = [&](const std::vector<int>& issues) {
      int first = m;
      for (const int j : issues) first = std::min(first, step_of[at(j)]);
      return first;
    };
    const auto give_up = [&] {
      plan_.obstacle = "more than 64 rules and demands are under way at once";
    };

    std::vector<int> free_of(at(problem_.n()), -1);
    for (const auto& node : set.tree) {
      if (node.kind != Consent::Kind::leaf || free_of[at(node.leaf)] >= 0) continue;
      free_of[at(node.leaf)] = static_cast<int>(plan_.free_leaves.size());
      plan_.free_leaves.push_back({node.leaf});
    }
    for (const Tie& tie : set.ties) {
      if (tie.leaf < 0) continue;
      FreeLeaf& free = plan_.free_leaves[at(free_of[at(tie.leaf)])];
      int& slot = tie.role == Tie::Role::asked ? free.asked_slot : free.demand_slot;
      if (slot >= 0) continue;
      slot = take();
      if (slot < 0) return give_up();
      plan_.start.b |= slot_bit(slot);
    }

    std::vector<int> slot_of(set.ties.size(), -1);
    std::vector<int> first(set.ties.size()), asks(set.ties.size()), needs(set.ties.size());
    for (std::size_t t = 0; t < set.ties.size(); ++t) {
      asks[t] = last_step(when_[t]);
      needs[t] = last_step(require_[t]);
      first[t] = std::min(first_step(when_[t]), first_step(require_[t]));
    }
    for (int s = 0; s < m; ++s) {
      Step step;
      step.issue = order_[at(s)];
      step.pieces = set.kept[at(step.issue)];
      step.effects.resize(step.pieces.size());
      step.leaf_of.assign(kSlots, -1);
      const auto number = std::find(set.issues.begin(), set.issues.end(), step.issue);
      const auto j = static_cast<int>(number - set.issues.begin());
      for (std::size_t t = 0; t < set.ties.size(); ++t) {
        const Tie& tie = set.ties[t];
        if (tie.role == Tie::Role::asked) {
          const int slot = plan_.free_leaves[at(free_of[at(tie.leaf)])].asked_slot;
          for (const auto& [issue, flags] : tie.when) {
            if (issue != j) continue;
            for (std::size_t k = 0; k < step.pieces.size(); ++k)
              if (!flags[k]) step.effects[k].aside |= slot_bit(slot);
          }
          continue;
        }
        const int last = std::max(asks[t], needs[t]);
        if (s < first[t] || s > last) continue;
        if (s == first[t]) {
          slot_of[t] = take();
          if (slot_of[t] < 0) return give_up();
          step.opened |= slot_bit(slot_of[t]);
        }
        const std::uint64_t mine = slot_bit(slot_of[t]);
        for (const auto& [issue, flags] : tie.when) {
          if (issue != j) continue;
          for (std::size_t k = 0; k < step.pieces.size(); ++k)
            if (!flags[k]) step.effects[k].excused |= mine;
        }
        for (const auto& [issue, flags] : tie.require) {
          if (issue != j) continue;
          for (std::size_t k = 0; k < step.pieces.size(); ++k)
            if (!flags[k]) step.effects[k].failed |= mine;
        }
        if (s >= asks[t]) step.asks_done |= mine;
        if (s >= needs[t]) step.needs_done |= mine;
        if (tie.role == Tie::Role::must) {
          step.must |= mine;
        } else {
          step.leaf_of[at(slot_of[t])] = free_of[at(tie.leaf)];
        }
        if (s == last) {
          step.done |= mine;
        } else {
          step.live_after |= mine;
        }
      }
      for (std::size_t t = 0; t < set.ties.size(); ++t)
        if (slot_of[t] >= 0 && std::max(asks[t], needs[t]) == s) taken[at(slot_of[t])] = 0;
      for (std::size_t r = 0; r < row_issues_.size(); ++r)
        if (first_step(row_issues_[r]) <= s && s < last_step(row_issues_[r]))
          step.live_rows.push_back(static_cast<int>(r));
      plan_.steps.push_back(std::move(step));
    }
  }

  const Problem& problem_;
  Plan plan_;
  std::vector<std::vector<int>> when_, require_;  // of each tie
  std::vector<std::vector<int>> row_issues_;      // of each linear rule
  std::vector<int> order_;
};

// The standing after a settlement; false: the package breaks a rule, or a demand that none may
// break. Growing in the standing: with more bits before, more bits after.
bool advance(const Step& step, const Plan& plan, const Effect& effect, Standing& standing) {
  standing.b |= step.opened;
  standing.a |= effect.excused;
  standing.b |= effect.excused;
  standing.b &= ~(effect.failed & ~standing.a);
  standing.a |= step.needs_done & standing.b;
  const std::uint64_t broken = step.asks_done & ~standing.b;
  if ((broken & step.must) != 0) return false;
  for (std::uint64_t rest = broken; rest != 0; rest &= rest - 1) {
    const FreeLeaf& leaf = plan.free_leaves[at(step.leaf_of[at(std::countr_zero(rest))])];
    standing.b &= ~slot_bit(leaf.demand_slot);
  }
  standing.a &= ~step.done;
  standing.b &= ~step.done;
  standing.a |= effect.aside;
  standing.b &= ~effect.aside;
  // A leaf that is not asked, or refuses anyway: what becomes of its demands makes no difference.
  for (const FreeLeaf& leaf : plan.free_leaves) {
    if (leaf.demand_slot < 0) continue;
    const bool aside = leaf.asked_slot >= 0 && (standing.a & slot_bit(leaf.asked_slot)) != 0;
    if (aside) standing.b &= ~slot_bit(leaf.demand_slot);
    if ((standing.b & slot_bit(leaf.demand_slot)) != 0) continue;
    for (std::uint64_t rest = step.live_after & ~step.must; rest != 0; rest &= rest - 1) {
      const int slot = std::countr_zero(rest);
      if (&plan.free_leaves[at(step.leaf_of[at(slot)])] != &leaf) continue;
      standing.a &= ~slot_bit(slot);
      standing.b &= ~slot_bit(slot);
    }
  }
  return true;
}

// For up to three leaves, without anything under way: points come with the first leaf's utility
// falling, and the others' best so far are a descending staircase.
template <class T>
class Stairs {
 public:
  explicit Stairs(std::size_t leaves) : leaves_(leaves) {}

  bool reaches(const T* u) const {
    if (leaves_ == 0) return false;
    if (leaves_ == 1) return some_;
    if (leaves_ == 2) return some_ && best_ >= u[1];
    const auto step = std::lower_bound(second_.begin(), second_.end(), u[1]);
    return step != second_.end() &&
           third_[static_cast<std::size_t>(step - second_.begin())] >= u[2];
  }

  void insert(const T* u) {
    if (leaves_ == 2) best_ = some_ ? std::max(best_, u[1]) : u[1];
    some_ = true;
    if (leaves_ < 3) return;
    // second_ rises, third_ falls: the new step covers a run that ends where second_ exceeds it.
    const auto end = std::upper_bound(second_.begin(), second_.end(), u[1]) - second_.begin();
    auto begin = end;
    while (begin > 0 && third_[static_cast<std::size_t>(begin - 1)] <= u[2]) --begin;
    if (begin == end) {
      second_.insert(second_.begin() + end, u[1]);
      third_.insert(third_.begin() + end, u[2]);
      return;
    }
    second_[static_cast<std::size_t>(begin)] = u[1];
    third_[static_cast<std::size_t>(begin)] = u[2];
    second_.erase(second_.begin() + begin + 1, second_.begin() + end);
    third_.erase(third_.begin() + begin + 1, third_.begin() + end);
  }

 private:
  std::size_t leaves_;
  bool some_ = false;
  T best_ = 0;
  std::vector<T> second_, third_;
};

template <class T>
T narrow_to(const Int128& value) {
  return static_cast<T>(value);
}

// Utilities are T, columns of the archive A, numbers of packages C.
template <class T, class A, class C>
class Folder {
 public:
  Folder(const Problem& problem, const Plan& plan, const FoldSettings& settings, Fold& fold)
      : problem_(problem),
        plan_(plan),
        settings_(settings),
        fold_(fold),
        leaves_(plan.leaves.size()),
        rows_(plan.rules.size()),
        width_(leaves_ + rows_),
        words_(fold.words) {
    prepare();
  }

  void run() {
    std::size_t count = sizeof(C);
    if constexpr (std::is_same_v<C, Integer>) {  // beyond 128 bits elsewhere
      Integer most = 1;
      for (const auto& kept : plan_.selection.kept) most *= kept.size();
      count += msb(most) / 8 + 16;
    }
    const std::size_t layer = sizeof(T) * (width_ + 1) + sizeof(Standing) + count + 8 * words_;
    const std::size_t kept = sizeof(A) * width_ + sizeof(Standing) + 4;
    // Two layers whose vectors may be twice as long as they need, and an archive that is merged.
    limit_ = std::min(settings_.most_points, settings_.most_bytes / (4 * layer + 3 * kept));
    layer_ = start();
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
      step_number_ = s;
      if (!settings_.progress(static_cast<double>(s) / static_cast<double>(plan_.steps.size())))
        return stop();
      if (!fold_step(plan_.steps[s])) return;
      fold_.widest = std::max(fold_.widest, layer_.size());
    }
    if (!finish()) return;
    write();
  }

 private:
  struct Layer {
    std::vector<T> keys;               // the order: falling, then the utilities, falling
    std::vector<T> values;             // width_ a point: utilities, then linear rules
    std::vector<Standing> standings;   // of clauses and leaves
    std::vector<C> counts;             // packages
    std::vector<std::uint64_t> first;  // words_ a point: the first of them in file order
    bool by_sum = true;                // keys are sums; else the utility of the first leaf

    std::size_t size() const { return keys.size(); }
  };

  // Settlements of one issue that have the same effect.
  struct Choice {
    std::vector<T> values;
    T sum = 0;
    Effect effect;
    int piece = 0;  // the first of them
    unsigned times = 1;
  };

  void prepare() {
    base_.assign(leaves_, 0);
    Int128 widest = 1;
    std::vector<Int128> range(leaves_, 0);
    rest_.assign((plan_.steps.size() + 1) * width_, 0);
    choices_.resize(plan_.steps.size());
    for (std::size_t s = plan_.steps.size(); s-- > 0;) {
      const Step& step = plan_.steps[s];
      const auto& set = plan_.selection;
      const auto number = std::find(set.issues.begin(), set.issues.end(), step.issue);
      const auto j = static_cast<std::size_t>(number - set.issues.begin());
      std::vector<Choice> choices(step.pieces.size());
      for (std::size_t k = 0; k < choices.size(); ++k) {
        choices[k].values.assign(width_, 0);
        choices[k].effect = step.effects[k];
        choices[k].piece = step.pieces[k];
      }
      for (std::size_t i = 0; i < width_; ++i) {
        const auto term = [&](std::size_t k) {
          if (i >= leaves_)
            return j == set.issues.size() ? Int128(0) : plan_.rules[i - leaves_]->term[j][k];
          const Leaf& leaf = problem_.leaves[at(plan_.leaves[i])];
          return leaf.worth[at(step.issue)][at(step.pieces[k])].at_from;
        };
        Int128 least = term(0);
        Int128 greatest = least;
        for (std::size_t k = 1; k < choices.size(); ++k) {
          least = std::min(least, term(k));
          greatest = std::max(greatest, term(k));
        }
        if (i >= leaves_) least = 0;  // rules are shifted already
        for (std::size_t k = 0; k < choices.size(); ++k)
          choices[k].values[i] = narrow_to<T>(term(k) - least);
        rest_[s * width_ + i] = rest_[(s + 1) * width_ + i] + narrow_to<T>(greatest - least);
        if (i >= leaves_) continue;
        base_[i] += least;
        range[i] += greatest - least;
        widest = std::max(widest, range[i]);
      }
      choices_[s] = std::move(choices);
    }
    // Sums in which every leaf weighs about the same: any positive weights would do.
    weights_.resize(leaves_);
    for (std::size_t i = 0; i < leaves_; ++i)
      weights_[i] = range[i] > 0 ? narrow_to<T>(widest / range[i]) : T(1);
    least_.assign(width_, 0);
    for (std::size_t i = 0; i < leaves_; ++i) {
      const Leaf& leaf = problem_.leaves[at(plan_.leaves[i])];
      if (!plan_.must[at(plan_.leaves[i])]) continue;
      const Int128 need = leaf.reservation - base_[i];
      // Nobody reaches more than the range, which T holds.
      if (need > range[i]) possible_ = false;
      least_[i] = need > 0 && possible_ ? narrow_to<T>(need) : T(0);
    }
    for (std::size_t r = 0; r < rows_; ++r) {
      if (plan_.rules[r]->need > rest_[leaves_ + r]) {
        possible_ = false;
      } else {
        least_[leaves_ + r] = narrow_to<T>(plan_.rules[r]->need);
      }
    }
    for (auto& choices : choices_) reduce(choices);
  }

  // Settlements of the same effect become one; one that is worse for somebody and better for none,
  // and leaves no more open, can go: with the other in its place every package stays in the set,
  // and is better.
  void reduce(std::vector<Choice>& choices) {
    for (Choice& choice : choices) {
      for (std::size_t i = 0; i < leaves_; ++i) choice.sum += weights_[i] * choice.values[i];
    }
    std::stable_sort(choices.begin(), choices.end(), [](const Choice& a, const Choice& b) {
      return a.values != b.values ? a.values > b.values
                                  : std::tie(a.effect.excused, a.effect.failed, a.effect.aside) <
                                        std::tie(b.effect.excused, b.effect.failed, b.effect.aside);
    });
    std::size_t kept = 0;
    for (std::size_t k = 0; k < choices.size(); ++k) {
      if (kept > 0 && choices[k].values == choices[kept - 1].values &&
          choices[k].effect == choices[kept - 1].effect) {
        ++choices[kept - 1].times;
      } else {
        if (kept != k) choices[kept] = std::move(choices[k]);
        ++kept;
      }
    }
    choices.resize(kept);
    if (kept > kMostCompared) return;
    const auto beats = [&](const Choice& a, const Choice& b) {
      for (std::size_t i = 0; i < width_; ++i)
        if (a.values[i] < b.values[i]) return false;
      return a.effect.aside == b.effect.aside && (b.effect.excused & ~a.effect.excused) == 0 &&
             (a.effect.failed & ~b.effect.failed) == 0 &&
             !std::equal(a.values.begin(), a.values.begin() + static_cast<std::ptrdiff_t>(leaves_),
                         b.values.begin());
    };
    std::vector<Choice> best;
    for (const Choice& choice : choices) {
      if (std::none_of(choices.begin(), choices.end(),
                       [&](const Choice& other) { return beats(other, choice); }))
        best.push_back(choice);
    }
    choices = std::move(best);
  }

  Layer start() const {
    Layer layer;
    if (!possible_) return layer;
    layer.keys.push_back(0);
    layer.values.assign(width_, 0);
    layer.standings.push_back(plan_.start);
    layer.counts.push_back(C(1));
    layer.first.assign(words_, 0);
    return layer;
  }

  const T* values(const Layer& layer, std::size_t point) const {
    return layer.values.data() + point * width_;
  }

  // Puts the points into the order of sums, or of the first leaf's utility.
  void order_layer(bool by_sum) {
    if (layer_.by_sum == by_sum) return;
    std::vector<std::uint32_t> order(layer_.size());
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t p = 0; p < layer_.size(); ++p) layer_.keys[p] = key(values(layer_, p), by_sum);
    std::sort(order.begin(), order.end(), [&](std::uint32_t p, std::uint32_t q) {
      if (layer_.keys[p] != layer_.keys[q]) return layer_.keys[p] > layer_.keys[q];
      const int first = compare(values(layer_, p), values(layer_, q));
      return first != 0 ? first > 0 : p < q;
    });
    Layer sorted;
    sorted.by_sum = by_sum;
    for (const std::uint32_t p : order) {
      sorted.keys.push_back(layer_.keys[p]);
      sorted.values.insert(sorted.values.end(), values(layer_, p), values(layer_, p) + width_);
      sorted.standings.push_back(layer_.standings[p]);
      sorted.counts.push_back(std::move(layer_.counts[p]));
      sorted.first.insert(sorted.first.end(), &layer_.first[p * words_],
                          &layer_.first[p * words_] + words_);
    }
    layer_ = std::move(sorted);
  }

  T key(const T* u, bool by_sum) const {
    if (!by_sum) return leaves_ > 0 ? u[0] : T(0);
    T sum = 0;
    for (std::size_t i = 0; i < leaves_; ++i) sum += weights_[i] * u[i];
    return sum;
  }

  // Of utilities, lexicographically.
  int compare(const T* u, const T* v) const { return order_of(u, v, leaves_); }

  // Sums with equal utilities that wait for their group to be complete.
  struct Waiting {
    std::vector<T> values;
    std::vector<Standing> standings;
    std::vector<C> counts;
    std::vector<std::uint64_t> first;
    std::size_t size = 0;
    std::size_t merged = 0;  // the entries that differ, when they were last merged
    std::vector<std::uint32_t> order;
  };

  // Whether to go on. The sums of the points and each choice are runs in the order of keys; they
  // are merged, so that a sum is compared only with sums before it: whatever is at least as good
  // for all and better for one has a greater key.
  bool fold_step(const Step& step) {
    const std::vector<Choice>& choices = choices_[step_number_];
    const bool plain = step.live_rows.empty() && step.live_after == 0 && plan_.free_leaves.empty();
    const bool by_sum = !plain || leaves_ > 3;
    order_layer(by_sum);
    const Layer& from = layer_;
    Layer to;
    to.by_sum = by_sum;
    Stairs<T> stairs(leaves_);
    columns_.clear();
    for (std::size_t i = 0; i < leaves_; ++i) columns_.push_back(i);
    if (leaves_ > 0)
      for (const int r : step.live_rows) columns_.push_back(leaves_ + at(r));
    Archive<A> archive(static_cast<int>(columns_.size()), !plain);

    struct Run {
      T key;
      std::uint32_t choice;
      std::uint32_t point;
    };
    std::vector<Run> heap;
    const auto choice_key = [&](const Choice& c) {
      return by_sum ? c.sum : (leaves_ > 0 ? c.values[0] : T(0));
    };
    const auto later = [&](const Run& a, const Run& b) {  // whether a comes after b
      if (a.key != b.key) return a.key < b.key;
      const T* p = values(from, a.point);
      const T* q = values(from, b.point);
      const std::vector<T>& v = choices[a.choice].values;
      const std::vector<T>& w = choices[b.choice].values;
      for (std::size_t i = 0; i < leaves_; ++i) {
        const T x = p[i] + v[i];
        const T y = q[i] + w[i];
        if (x != y) return x < y;
      }
      return a.choice > b.choice;
    };
    if (from.size() > 0) {
      for (std::size_t c = 0; c < choices.size(); ++c)
        heap.push_back({static_cast<T>(from.keys[0] + choice_key(choices[c])),
                        static_cast<std::uint32_t>(c), 0});
    }
    std::make_heap(heap.begin(), heap.end(), later);

    const T* rest = rest_.data() + (step_number_ + 1) * width_;
    Waiting group;
    std::vector<T> sum(width_);
    std::vector<std::uint64_t> first(words_);
    const Fold::Place& place = fold_.places[at(step.issue)];
    while (!heap.empty()) {
      if (++fold_.candidates % kSumsBetweenQuestions == 0 &&
          !settings_.progress(static_cast<double>(step_number_) /
                              static_cast<double>(plan_.steps.size()))) {
        stop();
        return false;
      }
      const Run run = heap.front();
      const Choice& choice = choices[run.choice];
      const T* u = values(from, run.point);
      bool reachable = true;
      for (std::size_t i = 0; i < width_; ++i) {
        sum[i] = u[i] + choice.values[i];
        reachable &= sum[i] + rest[i] >= least_[i];
      }
      // The next sum of this choice takes its place.
      if (run.point + 1 < from.size()) {
        replace_top(heap,
                    Run{static_cast<T>(from.keys[run.point + 1] + choice_key(choice)), run.choice,
                        run.point + 1},
                    later);
      } else {
        std::pop_heap(heap.begin(), heap.end(), later);
        heap.pop_back();
      }
      if (!reachable) continue;
      Standing standing = from.standings[run.point];
      if (!(plain && step.done == 0) && !advance(step, plan_, choice.effect, standing)) continue;
      // A rule that holds whatever comes is as good as one that holds by far.
      for (std::size_t i = leaves_; i < width_; ++i) sum[i] = std::min(sum[i], least_[i]);
      if (group.size > 0 && compare(sum.data(), group.values.data()) != 0 &&
          !take(group, to, stairs, archive, plain))
        return false;
      std::copy_n(&from.first[run.point * words_], words_, first.begin());
      first[at(place.word)] |= static_cast<std::uint64_t>(choice.piece) << place.shift;
      if (!add(group, sum, standing, from.counts[run.point], choice.times, first)) return false;
    }
    if (group.size > 0 && !take(group, to, stairs, archive, plain)) return false;
    layer_ = std::move(to);
    return true;
  }

  template <class Heap, class Run, class Later>
  static void replace_top(Heap& heap, Run run, const Later& later) {
    std::size_t hole = 0;
    while (true) {
      std::size_t child = 2 * hole + 1;
      if (child >= heap.size()) break;
      if (child + 1 < heap.size() && later(heap[child], heap[child + 1])) ++child;
      if (!later(run, heap[child])) break;
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = run;
  }

  // Whether the group stays within the limit.
  bool add(Waiting& group, const std::vector<T>& sum, const Standing& standing, const C& count,
           unsigned times, const std::vector<std::uint64_t>& first) {
    if (group.size >= 2 * group.merged + kFewWaiting) {
      merge(group);
      if (group.size > limit_) return too_many();
    }
    const std::size_t e = group.size++;
    if (group.standings.size() < group.size) {
      group.standings.resize(group.size);
      group.counts.resize(group.size);
      group.values.resize(group.size * width_ + 1);
      group.first.resize(group.size * words_);
    }
    group.standings[e] = standing;
    group.counts[e] = times == 1 ? count : C(count * times);
    std::copy(sum.begin(), sum.end(), group.values.data() + e * width_);
    std::copy(first.begin(), first.end(), &group.first[e * words_]);
    return true;
  }

  // Sums with equal utilities, rules and standing stand for packages that end alike: they become
  // one. Their numbers add up, and of their first packages the first in file order does for both,
  // whatever follows: where two packages differ only in settled issues, those decide.
  void merge(Waiting& group) {
    if (group.size > 1) {
      const auto tied = [&](std::uint32_t p, std::uint32_t q) {
        const T* u = group.values.data() + p * width_;
        const T* v = group.values.data() + q * width_;
        if (const int rules = order_of(u + leaves_, v + leaves_, rows_); rules != 0) return rules;
        const auto standing = group.standings[p] <=> group.standings[q];
        return standing < 0 ? -1 : (standing > 0 ? 1 : 0);
      };
      const auto before = [&](std::uint32_t p, std::uint32_t q) {
        if (const int first = tied(p, q); first != 0) return first < 0;
        return order_of(&group.first[p * words_], &group.first[q * words_], words_) < 0;
      };
      group.order.resize(group.size);
      std::iota(group.order.begin(), group.order.end(), 0U);
      std::sort(group.order.begin(), group.order.end(), before);
      spare_.size = 0;
      spare_.standings.clear();
      spare_.counts.clear();
      spare_.values.clear();
      spare_.first.clear();
      std::uint32_t last = 0;
      for (const std::uint32_t p : group.order) {
        if (spare_.size > 0 && tied(last, p) == 0) {
          spare_.counts.back() += group.counts[p];
          continue;
        }
        last = p;
        ++spare_.size;
        spare_.standings.push_back(group.standings[p]);
        spare_.counts.push_back(group.counts[p]);
        spare_.values.insert(spare_.values.end(), group.values.data() + p * width_,
                             group.values.data() + p * width_ + width_);
        spare_.first.insert(spare_.first.end(), &group.first[p * words_],
                            &group.first[p * words_] + words_);
      }
      std::swap(group, spare_);
    }
    group.merged = group.size;
  }

  template <class Number>
  static int order_of(const Number* a, const Number* b, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
  }

  // Moves what nothing before it dominates to the next layer. Dropping the rest, numbers and all,
  // is right: let p, kept or itself dominated by a kept one, be at least as good as q for all and
  // better for one, with rules and standing that leave open whatever those of q do. Then p with any
  // settlements of the later issues is in the set where q with them is, and dominates it, so that
  // no vector on the frontier has a package that begins with q. Entries of one group do not
  // dominate each other.
  bool take(Waiting& group, Layer& to, Stairs<T>& stairs, Archive<A>& archive, bool plain) {
    merge(group);
    const bool sweep = plain && leaves_ <= 3;
    const std::size_t before = to.size();
    query_.resize(columns_.size());
    A* const columns = query_.data();
    const auto fill = [&](const T* from) {
      for (std::size_t c = 0; c < columns_.size(); ++c)
        columns[c] = static_cast<A>(from[columns_[c]]);
    };
    for (std::size_t e = 0; e < group.size; ++e) {
      const T* u = group.values.data() + e * width_;
      if (sweep) {
        if (stairs.reaches(u)) continue;
      } else {
        fill(u);
        if (archive.reaches(columns, group.standings[e])) continue;
      }
      to.keys.push_back(key(u, to.by_sum));
      to.values.insert(to.values.end(), u, u + width_);
      to.standings.push_back(group.standings[e]);
      to.counts.push_back(group.counts[e]);
      to.first.insert(to.first.end(), &group.first[e * words_], &group.first[e * words_] + words_);
    }
    group.size = group.merged = 0;
    if (to.size() > limit_) return too_many();
    for (std::size_t p = before; p < to.size(); ++p) {
      if (sweep) {
        stairs.insert(values(to, p));
      } else {
        fill(values(to, p));
        archive.insert(columns, to.standings[p]);
      }
    }
    return true;
  }

  bool too_many() {
    fold_.end = Fold::End::too_many;
    fold_.reason = "it, or a step towards it, has more than " + std::to_string(limit_) + " points";
    return false;
  }

  void stop() {
    fold_.end = Fold::End::stopped;
    fold_.reason = "the search was stopped";
  }

  // Whom the tree asks, and who accepts, is known now: whoever refuses goes, and the rest compare
  // by their utilities alone.
  bool finish() {
    if (plan_.free_leaves.empty()) return true;
    const auto& tree = plan_.selection.tree;
    std::vector<unsigned char> outcome(at(problem_.n()), kAccepts), scratch(tree.size());
    order_layer(leaves_ > 3);
    Layer to;
    to.by_sum = leaves_ > 3;
    Stairs<T> stairs(leaves_);
    columns_.resize(leaves_);
    std::iota(columns_.begin(), columns_.end(), std::size_t{0});
    Archive<A> archive(static_cast<int>(leaves_), false);
    Waiting group;
    std::vector<T> sum(width_);
    std::vector<std::uint64_t> first(words_);
    for (std::size_t p = 0; p < layer_.size(); ++p) {
      if (p % kSumsBetweenQuestions == 0 && !settings_.progress(1)) {
        stop();
        return false;
      }
      const Standing& standing = layer_.standings[p];
      const T* u = values(layer_, p);
      for (const FreeLeaf& free : plan_.free_leaves) {
        const auto reaches = [&] {
          const auto i = std::find(plan_.leaves.begin(), plan_.leaves.end(), free.leaf);
          if (i == plan_.leaves.end()) return true;
          const auto n = static_cast<std::size_t>(i - plan_.leaves.begin());
          return base_[n] + u[n] >= problem_.leaves[at(free.leaf)].reservation;
        };
        const bool aside = free.asked_slot >= 0 && (standing.a & slot_bit(free.asked_slot)) != 0;
        const bool kept = free.demand_slot < 0 || (standing.b & slot_bit(free.demand_slot)) != 0;
        outcome[at(free.leaf)] = aside ? kAside : (kept && reaches() ? kAccepts : kRefuses);
      }
      if (root_outcomes(tree, outcome, scratch) == kRefuses) continue;
      std::copy_n(u, leaves_, sum.begin());
      if (group.size > 0 && compare(sum.data(), group.values.data()) != 0 &&
          !take(group, to, stairs, archive, true))
        return false;
      std::copy_n(&layer_.first[p * words_], words_, first.begin());
      if (!add(group, sum, {}, layer_.counts[p], 1, first)) return false;
    }
    if (group.size > 0 && !take(group, to, stairs, archive, true)) return false;
    layer_ = std::move(to);
    return true;
  }

  void write() {
    std::vector<std::uint32_t> order(layer_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t p, std::uint32_t q) {
      return compare(values(layer_, p), values(layer_, q)) > 0;
    });
    for (const std::uint32_t p : order) {
      for (std::size_t i = 0; i < leaves_; ++i)
        fold_.utilities.push_back(base_[i] + Int128(values(layer_, p)[i]));
      if constexpr (std::is_same_v<C, Integer>) {
        fold_.packages.push_back(layer_.counts[p]);
      } else {
        const auto half = static_cast<std::uint64_t>(layer_.counts[p] >> 64);
        fold_.packages.push_back((Integer(half) << 64) +
                                 Integer(static_cast<std::uint64_t>(layer_.counts[p])));
      }
      fold_.first.insert(fold_.first.end(), &layer_.first[p * words_],
                         &layer_.first[p * words_] + words_);
    }
  }

  static constexpr std::size_t kFewWaiting = 64;  // entries that are not worth merging

  const Problem& problem_;
  const Plan& plan_;
  const FoldSettings& settings_;
  Fold& fold_;
  std::size_t leaves_, rows_, width_, words_;
  std::size_t limit_ = 0;
  std::size_t step_number_ = 0;
  bool possible_ = true;
  std::vector<Int128> base_;                  // leaves_×1: what every package has at least
  std::vector<T> weights_;                    // leaves_×1
  std::vector<T> least_;                      // width_×1: what the whole sum must reach
  std::vector<T> rest_;                       // [step][width_]: the greatest sum from there on
  std::vector<std::vector<Choice>> choices_;  // one list a step
  std::vector<std::size_t> columns_;          // of the archive
  std::vector<A> query_;                      // a point in those columns
  Layer layer_;
  Waiting spare_;  // of `merge`
};

// The packed form of a package: the first issue in the highest bits, so that packages compare in
// file order as words do.
void lay_out(const Problem& problem, Fold& fold) {
  int word = 0;
  int free = 64;
  for (const ProblemIssue& issue : problem.issues) {
    const int bits = std::bit_width(issue.pieces.size() - 1);
    if (bits > free) {
      ++word;
      free = 64;
    }
    free -= bits;
    fold.places.push_back({word, std::min(free, 63), bits});  // without bits any shift serves
  }
  fold.words = at(word) + 1;
}

struct Size {
  Int128 widest = 0;  // of the utilities of the leaves and the needs of the rules
  bool many = false;  // the packages may need more than 127 bits
};

Size measure_sums(const Problem& problem, const Plan& plan) {
  Size size;
  Integer packages = 1;
  for (const auto& kept : plan.selection.kept) packages *= kept.size();
  size.many = msb(packages) >= 127;
  for (const int i : plan.leaves) {
    Int128 range = 0;
    for (std::size_t j = 0; j < plan.selection.kept.size(); ++j) {
      const auto& line = problem.leaves[at(i)].worth[j];
      Int128 least = line[at(plan.selection.kept[j].front())].at_from;
      Int128 greatest = least;
      for (const int k : plan.selection.kept[j]) {
        least = std::min(least, line[at(k)].at_from);
        greatest = std::max(greatest, line[at(k)].at_from);
      }
      range += greatest - least;
    }
    size.widest = std::max(size.widest, range);
  }
  for (const auto* row : plan.rules) {
    Int128 most = row->need;
    for (const auto& line : row->term)
      if (!line.empty()) most += *std::max_element(line.begin(), line.end());
    size.widest = std::max(size.widest, most);
  }
  return size;
}

}  // namespace

std::vector<int> Fold::settlements(std::size_t point) const {
  std::vector<int> result;
  for (const Place& place : places) {
    const std::uint64_t value = first[point * words + at(place.word)] >> place.shift;
    result.push_back(static_cast<int>(value & ((std::uint64_t{1} << place.bits) - 1)));
  }
  return result;
}

Fold fold_frontier(const Problem& problem, const FoldSettings& settings) {
  Fold fold;
  if (!problem.discrete()) {
    fold.end = Fold::End::unsupported;
    fold.reason = "an issue has no steps";
    return fold;
  }
  const Plan plan = Planner(problem, settings.all).plan();
  fold.leaves = plan.leaves;
  lay_out(problem, fold);
  if (plan.selection.none) return fold;
  Size size;
  if (plan.obstacle.empty()) size = measure_sums(problem, plan);
  const auto fits = [&](int bits) {
    const Int128 room = (Int128(1) << bits) / static_cast<Int128>(plan.leaves.size() + 1);
    return size.widest < room;
  };
  if (!plan.obstacle.empty() || !fits(124)) {
    fold.end = Fold::End::unsupported;
    fold.reason =
        plan.obstacle.empty() ? "the utilities need numbers beyond 118 bits" : plan.obstacle;
    return fold;
  }
  if (!fits(62)) {
    Folder<Int128, Int128, Integer>(problem, plan, settings, fold).run();
  } else if (size.many) {
    Folder<std::int64_t, std::int64_t, Integer>(problem, plan, settings, fold).run();
  } else if (size.widest > std::numeric_limits<std::int32_t>::max()) {
    Folder<std::int64_t, std::int64_t, Uint128>(problem, plan, settings, fold).run();
  } else {
    Folder<std::int64_t, std::int32_t, Uint128>(problem, plan, settings, fold).run();
  }
  return fold;
}

}  // namespace zopa
