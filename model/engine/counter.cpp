// SPDX-License-Identifier: MIT
#include "model/engine/counter.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <type_traits>

#include "model/engine/bits.hpp"
#include "model/engine/selection_tree.hpp"
#include "model/engine/words.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

using Tie = Selection::Tie;

constexpr std::size_t kMostBlock = kMostWords * kWordBits;
constexpr int kNarrowBits = 62;             // sums of rows in 64 bits
constexpr int kGroups = 64;                 // blocks looked up in one go
constexpr std::uint64_t kLookEvery = 4096;  // visits between two looks at the clock
// A search that may take more visits asks first whether it can end at all. With blocks of some
// hundred packages this is beyond 10^9 packages, which are counted whatever the forecast says.
constexpr std::uint64_t kAlwaysVisits = 8'000'000;
constexpr double kHopeless = 20;  // forecasts seldom err by more
constexpr int kLutBits = 12;
constexpr std::uint64_t kUsualBlock = 1024;

// The sums of one row over a block: which packages of the block reach a level.
template <class T>
class Levels {
 public:
  Levels(const std::vector<T>& sums, std::size_t words) : words_(words) {
    std::vector<std::size_t> order(sums.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return sums[a] < sums[b]; });
    for (const std::size_t b : order)
      if (values_.empty() || values_.back() < sums[b]) values_.push_back(sums[b]);
    bits_.assign(values_.size() * words, 0);
    std::size_t level = values_.size();
    for (std::size_t o = order.size(); o-- > 0;) {
      const std::size_t b = order[o];
      if (level == values_.size() || sums[b] != values_[level]) {
        --level;
        if (level + 1 < values_.size())
          std::copy_n(&bits_[(level + 1) * words], words, &bits_[level * words]);
      }
      set_bit(&bits_[level * words], b);
    }
    build_lut();
  }

  const T& most() const { return values_.back(); }

  /// The packages whose sum is at least `need`; need ≤ most().
  const std::uint64_t* reaching(const T& need) const { return &bits_[level(need) * words_]; }

 private:
  void build_lut() {
    if constexpr (!std::is_same_v<T, Integer>) {
      const T range = values_.back();  // the least sum is 0
      while ((range >> shift_) >= (T{1} << kLutBits)) ++shift_;
      const std::size_t slots = static_cast<std::size_t>(range >> shift_) + 1;
      lut_.resize(slots);
      std::size_t at = 0;
      for (std::size_t s = 0; s < slots; ++s) {
        while (values_[at] < (static_cast<T>(s) << shift_)) ++at;
        lut_[s] = static_cast<std::uint16_t>(at);
      }
    }
  }

  std::size_t level(const T& need) const {
    if constexpr (std::is_same_v<T, Integer>) {
      return index_of(std::lower_bound(values_.begin(), values_.end(), need) - values_.begin());
    } else {
      if (need <= 0) return 0;
      std::size_t at = lut_[static_cast<std::size_t>(need >> shift_)];
      while (values_[at] < need) ++at;
      return at;
    }
  }

  std::size_t words_;
  std::vector<T> values_;  // rising
  Words bits_;             // one row of words a value
  std::vector<std::uint16_t> lut_;
  int shift_ = 0;
};

// Search over one selection, with rows as integers of type T.
template <class T>
class PackageCounter {
 public:
  PackageCounter(const Selection& selection, std::size_t block);

  // The state of one thread of search.
  struct Worker {
    explicit Worker(const PackageCounter& search);

    std::vector<T> need;                  // (outer + 1)×R, what the rest still has to bring
    Words untriggered;                    // (outer + 1)×W, clauses whose `when` failed
    Words unmet;                          // (outer + 1)×W, clauses whose `require` failed
    std::vector<int> digits;              // outer, the settlements of the prefix
    std::vector<std::uint64_t> accepted;  // (outer + 1), prefixes accepted whole
    std::uint64_t counted = 0;            // packages counted in blocks
    std::uint64_t visits = 0;
    std::uint64_t reported = 0;
    std::uint64_t next_look = kLookEvery;
    bool stop = false;
    // blocks waiting to be looked up
    std::vector<const std::uint64_t*> rows;  // the first `filled` are in use
    std::size_t filled = 0;
    int sizes[kGroups];
    int groups = 0;
    // the tree
    std::vector<unsigned char> leaf_outcomes, node_outcomes;
    std::unique_ptr<BitTree> bits;
    Words shared;
  };

  Count count(const CountSettings& settings, double most_cost) const;
  MeanInterval estimate(const CountSettings& settings) const;

  std::optional<std::vector<std::vector<Integer>>> spread(const CountSettings& settings,
                                                          std::uint64_t most_visits) const;
  std::optional<std::vector<std::vector<double>>> estimated_spread(
      const CountSettings& settings) const;

 private:
  // Rows beyond 126 bits take longer.
  static constexpr std::uint64_t kVisit = std::is_same_v<T, Integer> ? 4 : 1;

  struct Shared {
    std::atomic<std::uint64_t> visits{0};
    std::atomic<bool> stop{false};
    std::atomic<bool> told_to_stop{false};
    std::atomic<std::size_t> done{0};
    std::size_t tasks = 1;
    const CountSettings* settings = nullptr;
  };

  void order_issues(std::size_t block);
  void build_rows();
  void build_ties();
  void build_block();

  void assign(Worker& w, int depth, int k) const;
  Verdict status(Worker& w, int depth) const;
  unsigned char leaf_outcome(const Worker& w, int depth, int leaf) const;
  bool tie_open(const Worker& w, int depth, std::size_t word, std::uint64_t mask,
                bool& broken) const;
  void descend(Worker& w, int depth, Shared& shared) const;
  void visit_block(Worker& w) const;
  void visit_blocks(Worker& w, Shared& shared) const;
  void end_group(Worker& w, std::size_t before) const;
  void flush(Worker& w) const;
  std::uint64_t mark_block(Worker& w) const;
  void tally_block(const std::uint64_t* bits, std::vector<std::uint64_t>& tally) const;
  struct Tally;
  bool descend_for_spread(Worker& w, int depth, Tally& tally, const CountSettings& settings,
                          std::uint64_t most_visits) const;
  struct Draws;
  Draws draws(const CountSettings& settings) const;
  template <class Number>
  std::vector<std::vector<Number>> by_issue(const std::vector<Number>& by_settlement) const;
  std::uint64_t count_block_now(Worker& w) const;
  const std::uint64_t* tie_row(const Worker& w, std::size_t c) const;
  void look(Worker& w, Shared& shared) const;
  double predicted_visits(const CountSettings& settings) const;
  double visit_cost() const;
  void open_prefixes(Worker& w, int depth, int until, std::vector<int>& digits,
                     std::vector<int>& out, Shared& shared) const;

  const T* need_at(const Worker& w, int depth) const {
    return w.need.data() + index_of(depth) * R_;
  }

  const Selection& selection_;
  std::vector<int> order_;          // position in the search → remaining issue
  std::vector<int> settlements_;    // by position
  int outer_ = 0;                   // positions before the block
  std::size_t block_ = 1;           // packages in the block
  std::size_t words_ = 1;           // of a bitset over the block
  std::size_t R_ = 0;               // rows
  std::size_t must_ = 0;            // rows that must hold come first
  std::vector<std::size_t> first_;  // position → index of its first settlement
  std::vector<T> term_;             // settlements×R
  std::vector<T> root_need_;        // R
  std::vector<T> most_;             // (outer + 1)×R, the most that the rest can bring
  std::vector<int> row_of_leaf_;    // n, −1: none
  std::vector<std::unique_ptr<Levels<T>>> levels_;  // R

  std::size_t W_ = 0;                // words of a set of clauses
  Words untriggered_by_, unmet_by_;  // settlements×W
  Words when_done_, all_done_;       // (outer + 1)×W, clauses whose issues lie before
  Words must_ties_;                  // W
  std::vector<Words> leaf_ties_;     // n×W, demands
  std::vector<int> asked_tie_;       // n, −1: always asked
  Words not_when_, fine_;            // clause×words: `when` fails inside, or `require` holds there
  Words filter_;                     // words: clauses that lie in the block and must hold
  bool filtered_ = false;
  std::uint64_t block_holds_ = 1;  // packages in the block that pass the filter
  static constexpr std::size_t kMostMasks = 64;
  Words masks_;                        // packages of the block, a settlement of its smaller issues
  std::vector<std::size_t> masks_at_;  // position → where its masks begin
  std::vector<int> tree_leaves_;
  std::uint64_t tree_visits_ = 0;  // what a tree on a block costs, in visits
};

template <class T>
PackageCounter<T>::Worker::Worker(const PackageCounter& search)
    : need((index_of(search.outer_) + 1) * search.R_),
      untriggered((index_of(search.outer_) + 1) * search.W_),
      unmet((index_of(search.outer_) + 1) * search.W_),
      digits(index_of(search.outer_)),
      accepted(index_of(search.outer_) + 1),
      shared(search.words_) {
  std::copy(search.root_need_.begin(), search.root_need_.end(), need.begin());
  const std::size_t most_rows = search.R_ + search.selection_.ties.size() + 1;
  rows.resize(kGroups * most_rows);
  if (!search.selection_.tree.empty()) {
    leaf_outcomes.resize(index_of(search.selection_.leaves));
    node_outcomes.resize(search.selection_.tree.size());
    bits = std::make_unique<BitTree>(search.selection_.tree, search.selection_.leaves,
                                     static_cast<int>(search.words_));
  }
}

template <class T>
PackageCounter<T>::PackageCounter(const Selection& selection, std::size_t block)
    : selection_(selection) {
  order_issues(std::min(block, kMostBlock));
  build_rows();
  build_ties();
  build_block();
}

// The block takes the issues that matter least, the search starts with those that matter most: the
// bounds decide early. Issues of clauses go early as well.
template <class T>
void PackageCounter<T>::order_issues(std::size_t block) {
  const std::size_t m = selection_.issues.size();
  std::vector<double> weight(m, 0);
  const auto weigh = [&](const auto& rows) {
    for (const auto& row : rows) {
      std::vector<double> range(m, 0);
      double sum = 0;
      for (std::size_t j = 0; j < m; ++j)
        sum += range[j] = as_double(*std::max_element(row.term[j].begin(), row.term[j].end()));
      if (sum > 0)
        for (std::size_t j = 0; j < m; ++j) weight[j] += range[j] / sum;
    }
  };
  weigh(selection_.rows);
  weigh(selection_.wide_rows);
  for (const Tie& tie : selection_.ties) {
    for (const auto* sets : {&tie.when, &tie.require})
      for (const auto& [j, flags] : *sets) weight[index_of(j)] += 0.5;
  }
  order_.resize(m);
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(),
                   [&](int a, int b) { return weight[index_of(a)] > weight[index_of(b)]; });
  std::vector<char> inner(m, 0);
  block_ = 1;
  const auto fill = [&](std::size_t most) {
    for (std::size_t p = m; p-- > 0;) {
      const std::size_t j = index_of(order_[p]);
      const std::size_t size = selection_.pieces[j].size();
      if (!inner[j] && block_ * size <= most) {
        inner[j] = 1;
        block_ *= size;
      }
    }
  };
  fill(block);
  constexpr std::size_t kSlack = 4;
  if (block_ * kSlack < block) fill(std::min(block * kSlack, kMostBlock));
  std::stable_partition(order_.begin(), order_.end(), [&](int j) { return !inner[index_of(j)]; });
  outer_ = static_cast<int>(std::count(inner.begin(), inner.end(), 0));
  words_ = words_for(block_);
  std::size_t settlements = 0;
  for (const int j : order_) {
    settlements_.push_back(static_cast<int>(selection_.pieces[index_of(j)].size()));
    first_.push_back(settlements);
    settlements += selection_.pieces[index_of(j)].size();
  }
}

template <class T>
void PackageCounter<T>::build_rows() {
  must_ = 0;
  R_ = selection_.rows.size() + selection_.wide_rows.size();
  row_of_leaf_.assign(index_of(selection_.leaves), -1);
  const std::size_t settlements =
      order_.empty() ? 0 : first_.back() + index_of(settlements_.back());
  term_.resize(settlements * R_);
  root_need_.resize(R_);
  std::size_t r = 0;
  if constexpr (std::is_same_v<T, Integer>) {
    for (const auto& row : selection_.wide_rows) {
      for (std::size_t p = 0; p < order_.size(); ++p)
        for (std::size_t k = 0; k < index_of(settlements_[p]); ++k)
          term_[(first_[p] + k) * R_ + r] = row.term[index_of(order_[p])][k];
      root_need_[r++] = row.need;
      ++must_;
    }
  }
  for (const auto& row : selection_.rows) {
    for (std::size_t p = 0; p < order_.size(); ++p)
      for (std::size_t k = 0; k < index_of(settlements_[p]); ++k)
        term_[(first_[p] + k) * R_ + r] = to_number<T>(row.term[index_of(order_[p])][k]);
    root_need_[r] = to_number<T>(row.need);
    if (row.leaf < 0) ++must_;
    if (row.leaf >= 0) row_of_leaf_[index_of(row.leaf)] = static_cast<int>(r);
    ++r;
  }
  most_.resize((index_of(outer_) + 1) * R_);
  std::vector<T> rest(R_, T(0));
  for (std::size_t p = order_.size(); p-- > 0;) {
    for (std::size_t row = 0; row < R_; ++row) {
      T largest = 0;
      for (std::size_t k = 0; k < index_of(settlements_[p]); ++k)
        largest = std::max(largest, term_[(first_[p] + k) * R_ + row]);
      rest[row] += largest;
    }
    if (p <= index_of(outer_))
      std::copy(rest.begin(), rest.end(), most_.begin() + static_cast<std::ptrdiff_t>(p * R_));
  }
}

template <class T>
void PackageCounter<T>::build_ties() {
  const std::vector<Tie>& ties = selection_.ties;
  const std::size_t m = order_.size();
  W_ = words_for(ties.size());
  asked_tie_.assign(index_of(selection_.leaves), -1);
  leaf_ties_.assign(index_of(selection_.leaves), Words(W_));
  must_ties_.assign(W_, 0);
  std::vector<std::size_t> position(m);
  for (std::size_t p = 0; p < m; ++p) position[index_of(order_[p])] = p;
  const std::size_t settlements = m == 0 ? 0 : first_.back() + index_of(settlements_.back());
  untriggered_by_.assign(settlements * W_, 0);
  unmet_by_.assign(settlements * W_, 0);
  when_done_.assign((index_of(outer_) + 1) * W_, 0);
  all_done_.assign((index_of(outer_) + 1) * W_, 0);
  not_when_.assign(ties.size() * words_, 0);
  fine_.assign(ties.size() * words_, 0);
  filter_.assign(words_, 0);
  for (std::size_t b = 0; b < block_; ++b) set_bit(filter_.data(), b);

  for (std::size_t c = 0; c < ties.size(); ++c) {
    const Tie& tie = ties[c];
    std::size_t when_end = 0, all_end = 0;  // positions
    for (const auto* sets : {&tie.when, &tie.require}) {
      Words& by = sets == &tie.when ? untriggered_by_ : unmet_by_;
      for (const auto& [j, flags] : *sets) {
        const std::size_t p = position[index_of(j)];
        if (sets == &tie.when) when_end = std::max(when_end, p + 1);
        all_end = std::max(all_end, p + 1);
        for (std::size_t k = 0; k < flags.size(); ++k)
          if (!flags[k]) set_bit(&by[(first_[p] + k) * W_], c);
      }
    }
    for (std::size_t depth = 0; depth <= index_of(outer_); ++depth) {
      if (when_end <= depth) set_bit(&when_done_[depth * W_], c);
      if (all_end <= depth) set_bit(&all_done_[depth * W_], c);
    }
    // Inside the block: the first issue of the block turns slowest.
    bool touches_outer = false;
    for (const auto* sets : {&tie.when, &tie.require})
      for (const auto& [j, flags] : *sets)
        touches_outer |= position[index_of(j)] < index_of(outer_);
    for (std::size_t b = 0; b < block_; ++b) {
      bool when = true, require = true;
      std::size_t rest = b;
      for (std::size_t p = m; p-- > index_of(outer_);) {
        const std::size_t k = rest % index_of(settlements_[p]);
        rest /= index_of(settlements_[p]);
        when &= !has_bit(&untriggered_by_[(first_[p] + k) * W_], c);
        require &= !has_bit(&unmet_by_[(first_[p] + k) * W_], c);
      }
      if (!when) set_bit(&not_when_[c * words_], b);
      if (!when || require) set_bit(&fine_[c * words_], b);
    }
    switch (tie.role) {
      case Tie::Role::must:
        if (touches_outer) {
          set_bit(must_ties_.data(), c);
        } else {
          filtered_ = true;
          for (std::size_t w = 0; w < words_; ++w) filter_[w] &= fine_[c * words_ + w];
        }
        break;
      case Tie::Role::demand: set_bit(leaf_ties_[index_of(tie.leaf)].data(), c); break;
      case Tie::Role::asked: asked_tie_[index_of(tie.leaf)] = static_cast<int>(c); break;
    }
  }
  block_holds_ = 0;
  for (const std::uint64_t word : filter_)
    block_holds_ += static_cast<std::uint64_t>(__builtin_popcountll(word));
  std::vector<char> seen(index_of(selection_.leaves), 0);
  for (const Selection::Node& node : selection_.tree) {
    if (node.kind != Consent::Kind::leaf || seen[index_of(node.leaf)]) continue;
    seen[index_of(node.leaf)] = 1;
    tree_leaves_.push_back(node.leaf);
  }
  // At most so much that 10^9 packages are always within reach.
  constexpr std::uint64_t kMostTreeVisits = 40;
  tree_visits_ =
      std::min(words_ * selection_.tree.size() / 4, kMostTreeVisits * block_ / kUsualBlock);
}

template <class T>
void PackageCounter<T>::build_block() {
  std::vector<T> sums(block_);
  for (std::size_t r = 0; r < R_; ++r) {
    std::fill(sums.begin(), sums.end(), T(0));
    std::size_t repeat = block_;
    for (std::size_t p = index_of(outer_); p < order_.size(); ++p) {
      const std::size_t size = index_of(settlements_[p]);
      repeat /= size;
      for (std::size_t b = 0; b < block_; ++b)
        sums[b] += term_[(first_[p] + b / repeat % size) * R_ + r];
    }
    levels_.push_back(std::make_unique<Levels<T>>(sums, words_));
  }
  masks_at_.assign(order_.size(), 0);
  std::size_t repeat = block_;
  for (std::size_t p = index_of(outer_); p < order_.size(); ++p) {
    const std::size_t size = index_of(settlements_[p]);
    repeat /= size;
    masks_at_[p] = masks_.size();
    if (size > kMostMasks) continue;
    masks_.resize(masks_.size() + size * words_, 0);
    for (std::size_t b = 0; b < block_; ++b)
      set_bit(&masks_[masks_at_[p] + b / repeat % size * words_], b);
  }
}

template <class T>
void PackageCounter<T>::assign(Worker& w, int depth, int k) const {
  const std::size_t at = first_[index_of(depth)] + index_of(k);
  // Without rows the vectors are empty.
  const T* from = w.need.data() + index_of(depth) * R_;
  T* to = w.need.data() + (index_of(depth) + 1) * R_;
  const T* term = term_.data() + at * R_;
  for (std::size_t r = 0; r < R_; ++r) to[r] = from[r] - term[r];
  for (std::size_t c = 0; c < W_; ++c) {
    w.untriggered[(index_of(depth) + 1) * W_ + c] =
        w.untriggered[index_of(depth) * W_ + c] | untriggered_by_[at * W_ + c];
    w.unmet[(index_of(depth) + 1) * W_ + c] =
        w.unmet[index_of(depth) * W_ + c] | unmet_by_[at * W_ + c];
  }
}

// Whether some clause of `mask` is undecided; sets `broken` when one is broken for sure.
template <class T>
bool PackageCounter<T>::tie_open(const Worker& w, int depth, std::size_t word, std::uint64_t mask,
                                 bool& broken) const {
  const std::size_t at = index_of(depth) * W_ + word;
  const std::uint64_t untriggered = w.untriggered[at];
  const std::uint64_t unmet = w.unmet[at];
  if (when_done_[at] & ~untriggered & unmet & mask) broken = true;
  return (~(untriggered | (all_done_[at] & ~unmet)) & mask) != 0;
}

template <class T>
unsigned char PackageCounter<T>::leaf_outcome(const Worker& w, int depth, int leaf) const {
  unsigned char outcomes = 0;
  const int asked = asked_tie_[index_of(leaf)];
  if (asked >= 0) {
    const std::size_t c = index_of(asked);
    if (has_bit(&w.untriggered[index_of(depth) * W_], c)) return kAside;
    if (!has_bit(&when_done_[index_of(depth) * W_], c)) outcomes = kAside;
  }
  bool broken = false, open = false;
  if (const int r = row_of_leaf_[index_of(leaf)]; r >= 0) {
    const T& need = need_at(w, depth)[r];
    broken |= need > most_[index_of(depth) * R_ + index_of(r)];
    open |= need > 0;
  }
  for (std::size_t word = 0; word < W_ && !broken; ++word)
    open |= tie_open(w, depth, word, leaf_ties_[index_of(leaf)][word], broken);
  if (broken) return outcomes | kRefuses;
  if (!open) return outcomes | kAccepts;
  return outcomes | kAccepts | kRefuses;
}

template <class T>
Verdict PackageCounter<T>::status(Worker& w, int depth) const {
  const T* need = need_at(w, depth);
  const T* most = most_.data() + index_of(depth) * R_;
  bool open = false, broken = false;
  for (std::size_t r = 0; r < must_; ++r) {
    broken |= need[r] > most[r];
    open |= need[r] > 0;
  }
  if (broken) return Verdict::rejected;
  for (std::size_t word = 0; word < W_; ++word) {
    open |= tie_open(w, depth, word, must_ties_[word], broken);
    if (broken) return Verdict::rejected;
  }
  if (!selection_.tree.empty()) {
    for (const int leaf : tree_leaves_)
      w.leaf_outcomes[index_of(leaf)] = leaf_outcome(w, depth, leaf);
    const unsigned char root = root_outcomes(selection_.tree, w.leaf_outcomes, w.node_outcomes);
    if (root == kRefuses) return Verdict::rejected;
    open |= (root & kRefuses) != 0;
  }
  return open ? Verdict::open : Verdict::accepted;
}

// The packages of the block on which an undecided clause holds.
template <class T>
const std::uint64_t* PackageCounter<T>::tie_row(const Worker& w, std::size_t c) const {
  const bool unmet = has_bit(&w.unmet[index_of(outer_) * W_], c);
  return unmet ? &not_when_[c * words_] : &fine_[c * words_];
}

template <class T>
void PackageCounter<T>::visit_block(Worker& w) const {
  if (!selection_.tree.empty()) {
    w.counted += mark_block(w);
    w.visits += tree_visits_;
    return;
  }
  const T* need = need_at(w, outer_);
  const std::size_t before = w.filled;
  for (std::size_t r = 0; r < must_; ++r)
    if (need[r] > 0) w.rows[w.filled++] = levels_[r]->reaching(need[r]);
  for (std::size_t word = 0; word < W_; ++word) {
    const std::size_t at = index_of(outer_) * W_ + word;
    std::uint64_t open = ~(w.untriggered[at] | (all_done_[at] & ~w.unmet[at])) & must_ties_[word];
    for (; open != 0; open &= open - 1)
      w.rows[w.filled++] = tie_row(w, word * kWordBits + index_of(__builtin_ctzll(open)));
  }
  end_group(w, before);
}

// Ends the list of rows of one block, which began at `before` and is not empty.
template <class T>
void PackageCounter<T>::end_group(Worker& w, std::size_t before) const {
  if (filtered_) w.rows[w.filled++] = filter_.data();
  w.sizes[w.groups++] = static_cast<int>(w.filled - before);
  if (w.groups == kGroups) flush(w);
}

// The last issue before the block, when nothing but rows matters: assign, status and visit_block in
// one pass, since this is where the time goes.
template <class T>
void PackageCounter<T>::visit_blocks(Worker& w, Shared& shared) const {
  const int depth = outer_ - 1;
  const T* need = need_at(w, depth);
  const T* most = most_.data() + index_of(outer_) * R_;
  const int settlements = settlements_[index_of(depth)];
  const T* term = term_.data() + first_[index_of(depth)] * R_;
  for (int k = 0; k < settlements; ++k, term += R_) {
    if ((w.visits += kVisit) >= w.next_look) look(w, shared);
    if (w.stop) return;
    const std::size_t before = w.filled;
    std::size_t r = 0;
    for (; r < must_; ++r) {
      const T rest = need[r] - term[r];
      if (rest > most[r]) break;
      if (rest > 0) w.rows[w.filled++] = levels_[r]->reaching(rest);
    }
    if (r < must_) {
      w.filled = before;
    } else if (w.filled == before) {
      ++w.accepted[index_of(outer_)];
    } else {
      end_group(w, before);
    }
  }
}

template <class T>
void PackageCounter<T>::flush(Worker& w) const {
  if (w.groups > 0)
    w.counted += count_shared_bits(w.rows.data(), w.sizes, w.groups, static_cast<int>(words_));
  w.filled = 0;
  w.groups = 0;
}

// Leaves in `shared` the packages of the block that belong to the selection; how many they are.
template <class T>
std::uint64_t PackageCounter<T>::mark_block(Worker& w) const {
  const T* need = need_at(w, outer_);
  std::copy(filter_.begin(), filter_.end(), w.shared.begin());
  const auto keep = [&](const std::uint64_t* row) {
    for (std::size_t x = 0; x < words_; ++x) w.shared[x] &= row[x];
  };
  for (std::size_t r = 0; r < must_; ++r)
    if (need[r] > 0) keep(levels_[r]->reaching(need[r]));
  for (std::size_t c = 0; c < selection_.ties.size(); ++c) {
    const Tie& tie = selection_.ties[c];
    if (tie.role == Tie::Role::must && has_bit(must_ties_.data(), c) &&
        !has_bit(&w.untriggered[index_of(outer_) * W_], c))
      keep(tie_row(w, c));
  }
  const auto count = [&] {
    std::uint64_t ones = 0;
    for (const std::uint64_t word : w.shared)
      ones += static_cast<std::uint64_t>(__builtin_popcountll(word));
    return ones;
  };
  if (selection_.tree.empty()) return count();
  for (const int leaf : tree_leaves_) {
    std::uint64_t* asked = w.bits->asked(leaf);
    std::uint64_t* accepts = w.bits->accepts(leaf);
    std::copy(w.shared.begin(), w.shared.end(), asked);
    if (const int c = asked_tie_[index_of(leaf)]; c >= 0) {
      if (has_bit(&w.untriggered[index_of(outer_) * W_], index_of(c))) {
        std::fill(asked, asked + words_, 0);
      } else {
        for (std::size_t x = 0; x < words_; ++x) asked[x] &= ~not_when_[index_of(c) * words_ + x];
      }
    }
    std::copy(asked, asked + words_, accepts);
    if (const int r = row_of_leaf_[index_of(leaf)]; r >= 0 && need[r] > 0) {
      if (need[r] > levels_[index_of(r)]->most()) {
        std::fill(accepts, accepts + words_, 0);
      } else {
        const std::uint64_t* row = levels_[index_of(r)]->reaching(need[r]);
        for (std::size_t x = 0; x < words_; ++x) accepts[x] &= row[x];
      }
    }
    for (std::size_t word = 0; word < W_; ++word) {
      std::uint64_t asks =
          leaf_ties_[index_of(leaf)][word] & ~w.untriggered[index_of(outer_) * W_ + word];
      for (; asks != 0; asks &= asks - 1) {
        const std::uint64_t* row = tie_row(w, word * kWordBits + index_of(__builtin_ctzll(asks)));
        for (std::size_t x = 0; x < words_; ++x) accepts[x] &= row[x];
      }
    }
  }
  const std::uint64_t* refused = w.bits->refused();
  for (std::size_t x = 0; x < words_; ++x) w.shared[x] &= ~refused[x];
  return count();
}

// The packages of the block that belong to the selection, for the prefix of the worker.
template <class T>
std::uint64_t PackageCounter<T>::count_block_now(Worker& w) const {
  w.counted = 0;
  visit_block(w);
  flush(w);
  return w.counted;
}

template <class T>
void PackageCounter<T>::look(Worker& w, Shared& shared) const {
  const std::uint64_t sum = shared.visits += w.visits - w.reported;
  w.reported = w.visits;
  w.next_look = w.visits + kLookEvery;
  if (sum > shared.settings->most_visits) shared.stop = true;
  const double fraction = static_cast<double>(shared.done) / static_cast<double>(shared.tasks);
  if (!shared.settings->progress(fraction)) {
    shared.told_to_stop = true;
    shared.stop = true;
  }
  w.stop = shared.stop;
}

template <class T>
void PackageCounter<T>::descend(Worker& w, int depth, Shared& shared) const {
  if (depth == outer_) {
    visit_block(w);
    return;
  }
  if (depth + 1 == outer_ && W_ == 0 && selection_.tree.empty()) {
    visit_blocks(w, shared);
    return;
  }
  const int settlements = settlements_[index_of(depth)];
  for (int k = 0; k < settlements; ++k) {
    if ((w.visits += kVisit) >= w.next_look) look(w, shared);
    if (w.stop) return;
    assign(w, depth, k);
    switch (status(w, depth + 1)) {
      case Verdict::rejected: break;
      case Verdict::accepted: ++w.accepted[index_of(depth) + 1]; break;
      case Verdict::open: descend(w, depth + 1, shared);
    }
  }
}

// Appends the digits of every open prefix of length `until`, and counts those decided before.
template <class T>
void PackageCounter<T>::open_prefixes(Worker& w, int depth, int until, std::vector<int>& digits,
                                      std::vector<int>& out, Shared& shared) const {
  if (depth == until) {
    out.insert(out.end(), digits.begin(), digits.end());
    return;
  }
  for (int k = 0; k < settlements_[index_of(depth)]; ++k) {
    if ((w.visits += kVisit) >= w.next_look) look(w, shared);
    if (w.stop) return;
    assign(w, depth, k);
    switch (status(w, depth + 1)) {
      case Verdict::rejected: break;
      case Verdict::accepted: ++w.accepted[index_of(depth) + 1]; break;
      case Verdict::open:
        digits.push_back(k);
        open_prefixes(w, depth + 1, until, digits, out, shared);
        digits.pop_back();
    }
  }
}

// What a visit takes in nanoseconds, about: rows to look up and to share bits, or a tree.
template <class T>
double PackageCounter<T>::visit_cost() const {
  const double rows = static_cast<double>(R_);
  const double words = static_cast<double>(words_);
  constexpr double kRow = 2, kWord = 0.1, kNode = 4;
  const double plain = static_cast<double>(kVisit) * (4 + rows * (kRow + kWord * words));
  return plain + kNode * static_cast<double>(selection_.tree.size()) * words / 4;
}

// The expected number of visits by random descents; 0 when told to stop. Source: Knuth (1975),
// Estimating the efficiency of backtrack programs, Mathematics of Computation 29, pp. 122–136.
template <class T>
double PackageCounter<T>::predicted_visits(const CountSettings& settings) const {
  constexpr int kProbes = 400;
  Worker w(*this);
  double sum = 0;
  std::vector<int> open;
  for (int probe = 0; probe < kProbes; ++probe) {
    Randoms randoms(settings.seed, static_cast<std::uint64_t>(probe) | (std::uint64_t{1} << 62));
    double weight = 1;
    for (int depth = 0; depth < outer_; ++depth) {
      open.clear();
      for (int k = 0; k < settlements_[index_of(depth)]; ++k) {
        if (++w.visits % kLookEvery == 0 && !settings.progress(0)) return 0;
        assign(w, depth, k);
        if (status(w, depth + 1) == Verdict::open) open.push_back(k);
      }
      sum += weight * settlements_[index_of(depth)];
      if (open.empty()) break;
      weight *= static_cast<double>(open.size());
      const std::size_t pick = index_of(randoms.uniform() * static_cast<double>(open.size()));
      assign(w, depth, open[pick]);
    }
  }
  return sum / kProbes;
}

template <class T>
Count PackageCounter<T>::count(const CountSettings& settings, double most_cost) const {
  Count result;
  Shared shared;
  shared.settings = &settings;
  Worker root(*this);
  std::vector<std::uint64_t> accepted(index_of(outer_) + 1);
  std::uint64_t counted = 0;
  switch (status(root, 0)) {
    case Verdict::rejected: result.exact = 0; return result;
    case Verdict::accepted: accepted[0] = 1; break;
    case Verdict::open: {
      double combinations = 1;
      for (int p = 0; p < outer_; ++p) combinations *= settlements_[index_of(p)];
      if (combinations > kAlwaysVisits || combinations * visit_cost() > most_cost) {
        const double visits = predicted_visits(settings);
        const bool hopeless = combinations > kAlwaysVisits &&
                              visits > kHopeless * static_cast<double>(settings.most_visits);
        if (hopeless || visits * visit_cost() > most_cost) return result;
      }
      constexpr double kTasks = 256;
      constexpr std::size_t kMostTasks = 512;
      int split = 0;
      for (double tasks = 1; split < outer_ && tasks < kTasks && combinations > 4096; ++split)
        tasks *= settlements_[index_of(split)];
      std::vector<int> digits, prefixes;
      open_prefixes(root, 0, split, digits, prefixes, shared);
      const std::size_t prefix_count = split == 0 ? 1 : prefixes.size() / index_of(split);
      shared.tasks = std::min(prefix_count, kMostTasks);
      struct Part {
        std::uint64_t counted = 0;
        std::vector<std::uint64_t> accepted;
      };
      std::vector<Part> parts(shared.tasks);
      parallel_for(settings.jobs, shared.tasks, [&](std::size_t task) {
        if (shared.stop) return;
        Worker worker(*this);
        const std::size_t end = (task + 1) * prefix_count / shared.tasks;
        for (std::size_t prefix = task * prefix_count / shared.tasks; prefix < end; ++prefix) {
          for (int p = 0; p < split; ++p)
            assign(worker, p, prefixes[prefix * index_of(split) + index_of(p)]);
          descend(worker, split, shared);
        }
        flush(worker);
        ++shared.done;
        look(worker, shared);
        parts[task] = {worker.counted, std::move(worker.accepted)};
      });
      look(root, shared);
      result.visits = shared.visits;
      result.stopped = shared.told_to_stop;
      if (shared.stop) return result;
      for (std::size_t depth = 0; depth < accepted.size(); ++depth)
        accepted[depth] += root.accepted[depth];
      for (const Part& part : parts) {
        counted += part.counted;
        for (std::size_t depth = 0; depth < accepted.size(); ++depth)
          accepted[depth] += part.accepted[depth];
      }
    }
  }
  Integer total = counted;
  Integer below = block_holds_;
  for (std::size_t depth = accepted.size(); depth-- > 0;) {
    if (depth < index_of(outer_)) below *= settlements_[depth];
    total += below * accepted[depth];
  }
  result.exact = total * selection_.factor;
  return result;
}

// How packages are drawn: each issue before the block for itself, tilted towards what is needed.
template <class T>
struct PackageCounter<T>::Draws {
  Tilt tilt;
  double log_bound = 0;
  std::vector<std::vector<double>> cumulative;  // probabilities of every issue before the block

  std::size_t pick(std::size_t depth, double u) const {
    const std::vector<double>& ends = cumulative[depth];
    return std::min<std::size_t>(
        index_of(std::upper_bound(ends.begin(), ends.end(), u) - ends.begin()), ends.size() - 1);
  }
  double log_weight(std::size_t depth, std::size_t k) const {
    return -tilt.log_probability[depth][k] -
           std::log(static_cast<double>(cumulative[depth].size()));
  }
};

template <class T>
typename PackageCounter<T>::Draws PackageCounter<T>::draws(const CountSettings& settings) const {
  std::vector<std::vector<std::vector<double>>> term(must_);
  std::vector<double> need(must_);
  for (std::size_t r = 0; r < must_; ++r) {
    need[r] = as_double(root_need_[r]);
    for (std::size_t p = 0; p < order_.size(); ++p) {
      auto& row = term[r].emplace_back();
      for (std::size_t k = 0; k < index_of(settlements_[p]); ++k)
        row.push_back(as_double(term_[(first_[p] + k) * R_ + r]));
    }
  }
  Draws draws;
  draws.tilt = find_tilt(term, need, settlements_, settings.progress);
  draws.log_bound = draws.tilt.log_bound + 1e-9;  // rounding of F
  draws.cumulative.resize(index_of(outer_));
  for (std::size_t p = 0; p < index_of(outer_); ++p) {
    double sum = 0;
    for (const double log_q : draws.tilt.log_probability[p])
      draws.cumulative[p].push_back(sum += std::exp(log_q));
    for (double& value : draws.cumulative[p]) value /= sum;
  }
  return draws;
}

constexpr std::size_t kSampleChunk = 256;  // samples; the first are drawn whatever `progress` says

template <class T>
MeanInterval PackageCounter<T>::estimate(const CountSettings& settings) const {
  const Draws draws = this->draws(settings);
  const std::size_t chunks =
      std::max<std::size_t>(1, (settings.samples + kSampleChunk - 1) / kSampleChunk);
  std::vector<Moments> moments(chunks);
  std::atomic<std::size_t> done{0};
  parallel_for(settings.jobs, chunks, [&](std::size_t chunk) {
    if (chunk > 0 && !settings.progress(static_cast<double>(done) / static_cast<double>(chunks)))
      return;
    Worker w(*this);
    for (std::size_t s = 0; s < kSampleChunk; ++s) {
      Randoms randoms(settings.seed, chunk * kSampleChunk + s);
      double log_weight = 0;
      Verdict state = status(w, 0);
      int depth = 0;
      for (; depth < outer_ && state == Verdict::open; ++depth) {
        const std::size_t k = draws.pick(index_of(depth), randoms.uniform());
        log_weight += draws.log_weight(index_of(depth), k);
        assign(w, depth, static_cast<int>(k));
        state = status(w, depth + 1);
      }
      double share = 0;
      if (state == Verdict::accepted) {
        share = static_cast<double>(block_holds_) / static_cast<double>(block_);
      } else if (state == Verdict::open) {
        share = static_cast<double>(count_block_now(w)) / static_cast<double>(block_);
      }
      moments[chunk].add(std::min(1.0, share * std::exp(log_weight - draws.log_bound)));
    }
    ++done;
  });
  Moments sum;
  for (const Moments& part : moments) sum.add(part);
  MeanInterval interval = mean_interval(sum);
  const double bound = std::exp(draws.log_bound);
  interval.mean *= bound;
  interval.low *= bound;
  // Below the doubles the share is still not known to be 0.
  interval.high = std::clamp(interval.high * bound, std::numeric_limits<double>::denorm_min(), 1.0);
  return interval;
}

// ---- how the packages spread over the settlements ----------------------------------------------

// Adds, for every settlement of the issues in the block, how many of the packages in `bits` use it.
template <class T>
void PackageCounter<T>::tally_block(const std::uint64_t* bits,
                                    std::vector<std::uint64_t>& tally) const {
  std::size_t repeat = block_;  // packages in a row with the same settlement
  for (std::size_t p = index_of(outer_); p < order_.size(); ++p) {
    const std::size_t size = index_of(settlements_[p]);
    repeat /= size;
    if (size <= kMostMasks) {
      for (std::size_t k = 0; k < size; ++k) {
        const std::uint64_t* rows[] = {bits, &masks_[masks_at_[p] + k * words_]};
        const int two = 2;
        tally[first_[p] + k] += count_shared_bits(rows, &two, 1, static_cast<int>(words_));
      }
      continue;
    }
    for (std::size_t x = 0; x < words_; ++x) {
      for (std::uint64_t word = bits[x]; word != 0; word &= word - 1)
        ++tally[first_[p] + (x * kWordBits + index_of(__builtin_ctzll(word))) / repeat % size];
    }
  }
}

// From one number a settlement, in the order of the search, to one an issue and settlement.
template <class T>
template <class Number>
std::vector<std::vector<Number>> PackageCounter<T>::by_issue(
    const std::vector<Number>& by_settlement) const {
  std::vector<std::vector<Number>> result(order_.size());
  for (std::size_t p = 0; p < order_.size(); ++p) {
    for (std::size_t k = 0; k < index_of(settlements_[p]); ++k)
      result[index_of(order_[p])].push_back(by_settlement[first_[p] + k]);
  }
  return result;
}

template <class T>
struct PackageCounter<T>::Tally {
  std::vector<std::uint64_t> accepted;  // (outer + 1), prefixes accepted whole
  std::vector<std::uint64_t> prefixes;  // (outer + 1)×settlements, those of them that use it
  std::vector<std::uint64_t> packages;  // settlements, packages counted in blocks that use it
  std::size_t settlements = 0;
};

// False: beyond the visits, or told to stop.
template <class T>
bool PackageCounter<T>::descend_for_spread(Worker& w, int depth, Tally& tally,
                                           const CountSettings& settings,
                                           std::uint64_t most_visits) const {
  if (depth == outer_) {
    w.visits += tree_visits_;
    const std::uint64_t count = mark_block(w);
    tally_block(w.shared.data(), tally.packages);
    for (int p = 0; p < outer_; ++p)
      tally.packages[first_[index_of(p)] + index_of(w.digits[index_of(p)])] += count;
    return true;
  }
  const std::size_t next = index_of(depth) + 1;
  for (int k = 0; k < settlements_[index_of(depth)]; ++k) {
    if (++w.visits > most_visits) return false;
    if (w.visits >= w.next_look) {
      w.next_look = w.visits + kLookEvery / 16;
      if (!settings.progress(0)) return false;
    }
    w.digits[index_of(depth)] = k;
    assign(w, depth, k);
    switch (status(w, depth + 1)) {
      case Verdict::rejected: break;
      case Verdict::accepted:
        ++tally.accepted[next];
        for (std::size_t p = 0; p < next; ++p)
          ++tally.prefixes[next * tally.settlements + first_[p] + index_of(w.digits[p])];
        break;
      case Verdict::open:
        if (!descend_for_spread(w, depth + 1, tally, settings, most_visits)) return false;
    }
  }
  return true;
}

template <class T>
std::optional<std::vector<std::vector<Integer>>> PackageCounter<T>::spread(
    const CountSettings& settings, std::uint64_t most_visits) const {
  const std::size_t outer = index_of(outer_);
  Tally tally;
  for (const int size : settlements_) tally.settlements += index_of(size);
  constexpr std::size_t kMostNumbers = std::size_t{1} << 22;  // 32 MB
  if ((outer + 1) * tally.settlements > kMostNumbers) return std::nullopt;
  tally.accepted.resize(outer + 1);
  tally.prefixes.resize((outer + 1) * tally.settlements);
  tally.packages.resize(tally.settlements);
  Worker w(*this);
  switch (status(w, 0)) {
    case Verdict::rejected: break;
    case Verdict::accepted: tally.accepted[0] = 1; break;
    case Verdict::open:
      if (!descend_for_spread(w, 0, tally, settings, most_visits)) return std::nullopt;
  }
  std::vector<std::uint64_t> in_block(tally.settlements, 0);
  tally_block(filter_.data(), in_block);
  std::vector<Integer> sums(tally.packages.begin(), tally.packages.end());
  Integer prefixes = 1;  // that complete one of the depth at hand
  for (std::size_t depth = outer + 1; depth-- > 0;) {
    if (depth < outer) prefixes *= settlements_[depth];
    const Integer below = prefixes * block_holds_;
    for (std::size_t p = 0; p < order_.size(); ++p) {
      for (std::size_t k = 0; k < index_of(settlements_[p]); ++k) {
        const std::size_t at = first_[p] + k;
        if (p < depth) {
          sums[at] += below * tally.prefixes[depth * tally.settlements + at];
        } else if (p < outer) {
          sums[at] += below / settlements_[p] * tally.accepted[depth];
        } else {
          sums[at] += prefixes * in_block[at] * tally.accepted[depth];
        }
      }
    }
  }
  return by_issue(sums);
}

template <class T>
std::optional<std::vector<std::vector<double>>> PackageCounter<T>::estimated_spread(
    const CountSettings& settings) const {
  const Draws draws = this->draws(settings);
  std::size_t settlements = 0;
  for (const int size : settlements_) settlements += index_of(size);
  std::vector<std::uint64_t> all(settlements, 0), some(settlements, 0);
  tally_block(filter_.data(), all);
  std::vector<double> sums(settlements, 0.0);
  double hits = 0;
  Worker w(*this);
  for (std::size_t s = 0; s < settings.samples; ++s) {
    if (s % kSampleChunk == 0 && s > 0 && !settings.progress(0)) break;
    // Other samples than those of the estimate.
    Randoms randoms(settings.seed, s | (std::uint64_t{1} << 61));
    double log_weight = -draws.log_bound;
    Verdict state = status(w, 0);
    std::size_t depth = 0;
    for (; depth < index_of(outer_) && state == Verdict::open; ++depth) {
      const std::size_t k = draws.pick(depth, randoms.uniform());
      log_weight += draws.log_weight(depth, k);
      w.digits[depth] = static_cast<int>(k);
      assign(w, static_cast<int>(depth), static_cast<int>(k));
      state = status(w, static_cast<int>(depth) + 1);
    }
    if (state == Verdict::rejected) continue;
    double count = static_cast<double>(block_holds_);
    const std::vector<std::uint64_t>* in_block = &all;
    if (state == Verdict::open) {
      count = static_cast<double>(mark_block(w));
      if (count == 0) continue;
      std::fill(some.begin(), some.end(), 0);
      tally_block(w.shared.data(), some);
      in_block = &some;
    }
    const double weight = std::exp(log_weight);
    hits += weight * count;
    for (std::size_t p = 0; p < order_.size(); ++p) {
      const std::size_t size = index_of(settlements_[p]);
      if (p < depth) {
        sums[first_[p] + index_of(w.digits[p])] += weight * count;
        continue;
      }
      for (std::size_t k = 0; k < size; ++k) {
        const std::size_t at = first_[p] + k;
        sums[at] += weight * (p < index_of(outer_) ? count / static_cast<double>(size)
                                                   : static_cast<double>((*in_block)[at]));
      }
    }
  }
  if (!(hits > 0)) return std::nullopt;
  for (double& sum : sums) sum /= hits;
  return by_issue(sums);
}

bool narrow(const Selection& selection) {
  for (const auto& row : selection.rows) {
    Int128 sum = row.need;
    for (const std::vector<Int128>& term : row.term) {
      sum += *std::max_element(term.begin(), term.end());
      if (sum >> kNarrowBits != 0) return false;
    }
  }
  return true;
}

// Calls `use` with the search in the narrowest integers that hold every sum.
template <class Use>
auto with_search(const Selection& selection, std::size_t block, const Use& use) {
  if (!selection.wide_rows.empty()) return use(PackageCounter<Integer>(selection, block));
  if (narrow(selection)) return use(PackageCounter<std::int64_t>(selection, block));
  return use(PackageCounter<Int128>(selection, block));
}

}  // namespace

Count count_by_search(const Selection& selection, const CountSettings& settings, double most_cost) {
  if (selection.none) return {Integer(0), false, 0, CountMethod::search};
  return with_search(selection, settings.block,
                     [&](const auto& search) { return search.count(settings, most_cost); });
}

std::optional<std::vector<std::vector<Integer>>> spread_by_search(const Selection& selection,
                                                                  const CountSettings& settings,
                                                                  std::uint64_t most_visits) {
  if (selection.none) return std::nullopt;
  return with_search(selection, settings.block,
                     [&](const auto& search) { return search.spread(settings, most_visits); });
}

std::optional<std::vector<std::vector<double>>> estimate_spread(const Selection& selection,
                                                                const CountSettings& settings) {
  if (selection.none) return std::nullopt;
  return with_search(selection, settings.block,
                     [&](const auto& search) { return search.estimated_spread(settings); });
}

Integer count_combinations(const Selection& selection) {
  if (selection.none) return 0;
  Integer product = selection.factor;
  for (const std::vector<int>& pieces : selection.pieces) product *= pieces.size();
  return product;
}

MeanInterval estimate_share(const Selection& selection, const CountSettings& settings) {
  if (selection.none) return {0, 0, 0};
  return with_search(selection, settings.block,
                     [&](const auto& search) { return search.estimate(settings); });
}

}  // namespace zopa
