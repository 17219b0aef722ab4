// SPDX-License-Identifier: MIT
#include "model/engine/cells.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <tuple>
#include <type_traits>

#include "model/engine/selection_tree.hpp"
#include "model/engine/words.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

using Tie = Selection::Tie;

constexpr std::size_t kMostBytes = std::size_t{128} << 20;  // of the states kept

Integer to_integer(const Int128& value) { return make_integer(value); }
const Integer& to_integer(const Integer& value) { return value; }

enum class Truth : char { no, yes, open };

// Cells of one selection, with rows as integers of type T. Without `thin` continuous issues have
// segments only.
template <class T>
class Cells {
 public:
  Cells(const Problem& problem, const Selection& selection, bool thin);

  bool no_segment() const { return no_segment_; }
  std::vector<Extent> measure(int jobs, Effort& effort);

 private:
  struct PieceTerms {
    std::vector<T> from;             // R×1
    std::vector<T> rise, low, high;  // R×1, of a continuous issue; low and high: the ends in order
    Words untriggered, unmet;        // W×1
    Rational start, length;          // of a continuous issue; else 0 and 1
  };

  static const std::vector<T>& low_of(const PieceTerms& terms) {
    return terms.low.empty() ? terms.from : terms.low;
  }
  static const std::vector<T>& high_of(const PieceTerms& terms) {
    return terms.high.empty() ? terms.from : terms.high;
  }

  // What is known after some positions.
  struct Prefix {
    std::vector<T> hope, doubt;  // R×1: need − the most, − the least that the prefix brings
    Words untriggered, unmet;    // W×1: clauses whose `when`, `require` failed
  };

  // Discrete prefixes that leave the same to the issues after them.
  struct State {
    std::vector<T> need;
    Words untriggered, unmet;
    bool operator<(const State& other) const {
      return std::tie(need, untriggered, unmet) <
             std::tie(other.need, other.untriggered, other.unmet);
    }
  };

  // The common part of cells that meet in the same piece: alone, except on equations.
  struct Group {
    explicit Group(Polytope shape) : polytope(std::move(shape)) {}
    Polytope polytope;
    std::vector<int> kept;  // coordinates over which its size is measured
    Rational factor;        // from those coordinates to the issues' own units
    std::size_t dimension = 0;
    Echelon directions;
    std::vector<Truth> truth;                        // n×1
    std::vector<std::optional<HalfSpace>> row;       // n×1
    std::vector<std::vector<unsigned char>> leaves;  // a variant: n×1 outcomes but for the row
  };
  using GroupKey = std::vector<std::pair<int, Rational>>;  // piece, or −1 and the fixed place

  struct Worker {
    Worker(const Cells& cells, Effort& effort);
    std::vector<Prefix> prefix;  // by depth
    std::vector<int> chosen;     // piece by position
    std::vector<unsigned char> leaf_outcomes, node_outcomes;
    std::map<GroupKey, Group> groups;
    Effort::Share effort;
  };

  void order_issues(const Problem& problem);
  void build_pieces(const Problem& problem);
  void build_ties();

  void assign(Worker& w, int depth, int k) const;
  bool tie_open(const Prefix& prefix, int depth, std::size_t word, std::uint64_t mask,
                bool& broken) const;
  unsigned char demands_outcome(const Prefix& prefix, int depth, int leaf) const;
  unsigned char leaf_outcome(const Prefix& prefix, int depth, int leaf) const;
  Verdict status(Worker& w, int depth) const;

  using States = std::map<State, Integer>;  // and how many prefixes

  void collect(Worker& w);
  void extend(Worker& w, int depth, const Integer& count, bool deeper, States& states);
  void keep(Worker& w, int depth, const Integer& count, States& states) const;
  void resume(Worker& w, int depth, const State& state) const;
  State state_of(const Prefix& prefix, int depth) const;
  void add_cells(Worker& w, int depth, std::vector<Extent>& extents) const;
  void add_cell(Worker& w, std::vector<Extent>& extents) const;
  std::optional<HalfSpace> row_in_cell(const Worker& w, std::size_t r,
                                       const std::vector<int>& positions) const;
  Truth truth_in_cell(const Worker& w, std::size_t r) const;
  void add_group(Worker& w, const Group& group, std::vector<Extent>& extents) const;
  Rational accepted(Worker& w, const Group& group, const Polytope& polytope,
                    std::vector<Truth>& truth) const;

  int positions() const { return static_cast<int>(order_.size()); }

  const Selection& selection_;
  bool thin_;
  bool no_segment_ = false;
  std::vector<int> order_;  // position → remaining issue: discrete issues, then continuous ones
  int discrete_ = 0;        // positions of discrete issues
  std::vector<std::vector<PieceTerms>> pieces_;  // by position
  std::size_t R_ = 0;
  std::size_t must_ = 0;                                // rows that must hold come first
  std::vector<T> need_;                                 // R×1
  std::vector<std::vector<T>> rest_most_, rest_least_;  // by depth, R×1
  std::vector<Rational> rest_length_;  // by depth from discrete_ on: Π Σ length of the rest
  std::vector<int> row_of_leaf_;       // n×1, −1: none
  std::size_t W_ = 0;
  std::vector<Words> when_done_, all_done_;  // by depth, W×1: clauses whose issues lie before
  Words must_ties_, asked_ties_;
  std::vector<Words> leaf_ties_;  // n×W
  std::vector<int> asked_tie_;    // n×1, −1: always asked
  std::vector<int> tree_leaves_;
  States states_;                  // after the discrete issues
  std::vector<Integer> accepted_;  // by depth: discrete prefixes accepted whole
};

template <class T>
Cells<T>::Worker::Worker(const Cells& cells, Effort& all_effort)
    : prefix(cells.order_.size() + 1), chosen(cells.order_.size()), effort(all_effort) {
  for (Prefix& each : prefix)
    each = {std::vector<T>(cells.R_), std::vector<T>(cells.R_), Words(cells.W_), Words(cells.W_)};
  prefix[0].hope = prefix[0].doubt = cells.need_;
  leaf_outcomes.resize(index_of(cells.selection_.leaves));
  node_outcomes.resize(cells.selection_.tree.size());
}

template <class T>
Cells<T>::Cells(const Problem& problem, const Selection& selection, bool thin)
    : selection_(selection), thin_(thin) {
  order_issues(problem);
  build_pieces(problem);
  build_ties();
  accepted_.assign(index_of(discrete_) + 1, 0);
}

// Discrete issues with the widest rows first, so that bounds decide early; continuous ones as they
// come.
template <class T>
void Cells<T>::order_issues(const Problem& problem) {
  const std::size_t m = selection_.issues.size();
  std::vector<double> weight(m, 0);
  const auto weigh = [&](const auto& rows) {
    for (const auto& row : rows) {
      std::vector<double> range(m, 0);
      double sum = 0;
      for (std::size_t j = 0; j < m; ++j)
        for (const auto& term : row.term[j])
          range[j] = std::max(range[j], static_cast<double>(term));
      for (const double each : range) sum += each;
      for (std::size_t j = 0; j < m && sum > 0; ++j) weight[j] += range[j] / sum;
    }
  };
  weigh(selection_.rows);
  weigh(selection_.wide_rows);
  order_.resize(m);
  std::iota(order_.begin(), order_.end(), 0);
  const auto continuous = [&](int j) {
    return problem.issues[index_of(selection_.issues[index_of(j)])].continuous;
  };
  const auto middle =
      std::stable_partition(order_.begin(), order_.end(), [&](int j) { return !continuous(j); });
  std::stable_sort(order_.begin(), middle,
                   [&](int a, int b) { return weight[index_of(a)] > weight[index_of(b)]; });
  discrete_ = static_cast<int>(middle - order_.begin());
}

template <class T>
void Cells<T>::build_pieces(const Problem& problem) {
  R_ = selection_.rows.size() + selection_.wide_rows.size();
  W_ = (selection_.ties.size() + kWordBits - 1) / kWordBits;
  row_of_leaf_.assign(index_of(selection_.leaves), -1);
  std::vector<std::vector<int>> kept(order_.size());  // of the selection's pieces
  for (std::size_t p = 0; p < order_.size(); ++p) {
    const std::size_t j = index_of(order_[p]);
    const ProblemIssue& issue = problem.issues[index_of(selection_.issues[j])];
    for (std::size_t k = 0; k < selection_.pieces[j].size(); ++k) {
      const Piece& piece = issue.pieces[index_of(selection_.pieces[j][k])];
      if (issue.continuous && piece.point() && !thin_) continue;
      PieceTerms terms;
      terms.untriggered.assign(W_, 0);
      terms.unmet.assign(W_, 0);
      terms.start = issue.continuous ? piece.from : Rational(0);
      terms.length = issue.continuous ? Rational(piece.to - piece.from) : Rational(1);
      kept[p].push_back(static_cast<int>(k));
      if (pieces_.size() <= p) pieces_.resize(p + 1);
      pieces_[p].push_back(std::move(terms));
    }
    if (kept[p].empty()) no_segment_ = true;
  }
  pieces_.resize(order_.size());
  const auto add_rows = [&](const auto& rows, auto convert) {
    for (const auto& row : rows) {
      for (std::size_t p = 0; p < order_.size(); ++p) {
        const std::size_t j = index_of(order_[p]);
        for (std::size_t k = 0; k < kept[p].size(); ++k) {
          PieceTerms& terms = pieces_[p][k];
          const std::size_t s = index_of(kept[p][k]);
          const T from = convert(row.term[j][s]);
          terms.from.push_back(from);
          if (p < index_of(discrete_)) continue;
          const T rise = row.rise[j].empty() ? T(0) : convert(row.rise[j][s]);
          const T to = from + rise;
          terms.rise.push_back(rise);
          terms.low.push_back(std::min(from, to));
          terms.high.push_back(std::max(from, to));
        }
      }
      if (row.leaf < 0) ++must_;
      if (row.leaf >= 0) row_of_leaf_[index_of(row.leaf)] = static_cast<int>(need_.size());
      need_.push_back(convert(row.need));
    }
  };
  if constexpr (std::is_same_v<T, Integer>)
    add_rows(selection_.wide_rows, [](const Integer& value) { return value; });
  add_rows(selection_.rows, [](const Int128& value) { return to_number<T>(value); });

  rest_most_.assign(order_.size() + 1, std::vector<T>(R_, T(0)));
  rest_least_ = rest_most_;
  rest_length_.assign(order_.size() + 1, Rational(1));
  for (std::size_t p = order_.size(); p-- > 0;) {
    rest_length_[p] = 0;
    for (const PieceTerms& terms : pieces_[p]) rest_length_[p] += terms.length;
    rest_length_[p] *= rest_length_[p + 1];
    for (std::size_t r = 0; r < R_ && !pieces_[p].empty(); ++r) {
      T most = high_of(pieces_[p][0])[r], least = low_of(pieces_[p][0])[r];
      for (const PieceTerms& terms : pieces_[p]) {
        most = std::max(most, high_of(terms)[r]);
        least = std::min(least, low_of(terms)[r]);
      }
      rest_most_[p][r] = rest_most_[p + 1][r] + most;
      rest_least_[p][r] = rest_least_[p + 1][r] + least;
    }
  }
  // The flags of the clauses need the pieces kept.
  std::vector<std::size_t> position(order_.size());
  for (std::size_t p = 0; p < order_.size(); ++p) position[index_of(order_[p])] = p;
  for (std::size_t c = 0; c < selection_.ties.size(); ++c) {
    const Tie& tie = selection_.ties[c];
    for (const auto* sets : {&tie.when, &tie.require}) {
      for (const auto& [j, flags] : *sets) {
        const std::size_t p = position[index_of(j)];
        for (std::size_t k = 0; k < kept[p].size(); ++k) {
          if (flags[index_of(kept[p][k])]) continue;
          set_bit(sets == &tie.when ? pieces_[p][k].untriggered : pieces_[p][k].unmet, c);
        }
      }
    }
  }
}

template <class T>
void Cells<T>::build_ties() {
  const std::size_t m = order_.size();
  asked_tie_.assign(index_of(selection_.leaves), -1);
  leaf_ties_.assign(index_of(selection_.leaves), Words(W_));
  must_ties_.assign(W_, 0);
  asked_ties_.assign(W_, 0);
  when_done_.assign(m + 1, Words(W_));
  all_done_.assign(m + 1, Words(W_));
  std::vector<std::size_t> position(m);
  for (std::size_t p = 0; p < m; ++p) position[index_of(order_[p])] = p;
  for (std::size_t c = 0; c < selection_.ties.size(); ++c) {
    const Tie& tie = selection_.ties[c];
    std::size_t when_end = 0, all_end = 0;
    for (const auto& [j, flags] : tie.when)
      when_end = std::max(when_end, position[index_of(j)] + 1);
    for (const auto& [j, flags] : tie.require)
      all_end = std::max(all_end, position[index_of(j)] + 1);
    all_end = std::max(all_end, when_end);
    for (std::size_t depth = 0; depth <= m; ++depth) {
      if (when_end <= depth) set_bit(when_done_[depth], c);
      if (all_end <= depth) set_bit(all_done_[depth], c);
    }
    switch (tie.role) {
      case Tie::Role::must: set_bit(must_ties_, c); break;
      case Tie::Role::demand: set_bit(leaf_ties_[index_of(tie.leaf)], c); break;
      case Tie::Role::asked:
        set_bit(asked_ties_, c);
        asked_tie_[index_of(tie.leaf)] = static_cast<int>(c);
        break;
    }
  }
  for (const Selection::Node& node : selection_.tree) {
    if (node.kind == Consent::Kind::leaf &&
        std::find(tree_leaves_.begin(), tree_leaves_.end(), node.leaf) == tree_leaves_.end())
      tree_leaves_.push_back(node.leaf);
  }
}

template <class T>
void Cells<T>::assign(Worker& w, int depth, int k) const {
  const Prefix& from = w.prefix[index_of(depth)];
  Prefix& to = w.prefix[index_of(depth) + 1];
  const PieceTerms& terms = pieces_[index_of(depth)][index_of(k)];
  const std::vector<T>& high = high_of(terms);
  const std::vector<T>& low = low_of(terms);
  for (std::size_t r = 0; r < R_; ++r) {
    to.hope[r] = from.hope[r] - high[r];
    to.doubt[r] = from.doubt[r] - low[r];
  }
  for (std::size_t word = 0; word < W_; ++word) {
    to.untriggered[word] = from.untriggered[word] | terms.untriggered[word];
    to.unmet[word] = from.unmet[word] | terms.unmet[word];
  }
  w.chosen[index_of(depth)] = k;
}

// Whether some clause of `mask` is undecided; sets `broken` when one is broken for sure.
template <class T>
bool Cells<T>::tie_open(const Prefix& prefix, int depth, std::size_t word, std::uint64_t mask,
                        bool& broken) const {
  const std::uint64_t untriggered = prefix.untriggered[word];
  const std::uint64_t unmet = prefix.unmet[word];
  if (when_done_[index_of(depth)][word] & ~untriggered & unmet & mask) broken = true;
  return (~(untriggered | (all_done_[index_of(depth)][word] & ~unmet)) & mask) != 0;
}

// What the leaf may do as far as its condition, red lines and linked demands decide.
template <class T>
unsigned char Cells<T>::demands_outcome(const Prefix& prefix, int depth, int leaf) const {
  unsigned char outcomes = 0;
  if (const int asked = asked_tie_[index_of(leaf)]; asked >= 0) {
    if (has_bit(prefix.untriggered, index_of(asked))) return kAside;
    if (!has_bit(when_done_[index_of(depth)], index_of(asked))) outcomes = kAside;
  }
  bool broken = false, open = false;
  for (std::size_t word = 0; word < W_ && !broken; ++word)
    open |= tie_open(prefix, depth, word, leaf_ties_[index_of(leaf)][word], broken);
  if (broken) return outcomes | kRefuses;
  if (!open) return outcomes | kAccepts;
  return outcomes | kAccepts | kRefuses;
}

template <class T>
unsigned char Cells<T>::leaf_outcome(const Prefix& prefix, int depth, int leaf) const {
  unsigned char outcomes = demands_outcome(prefix, depth, leaf);
  const int r = row_of_leaf_[index_of(leaf)];
  if (!(outcomes & kAccepts) || r < 0) return outcomes;
  if (prefix.hope[index_of(r)] > rest_most_[index_of(depth)][index_of(r)])
    return static_cast<unsigned char>((outcomes & kAside) | kRefuses);
  if (prefix.doubt[index_of(r)] > rest_least_[index_of(depth)][index_of(r)]) outcomes |= kRefuses;
  return outcomes;
}

template <class T>
Verdict Cells<T>::status(Worker& w, int depth) const {
  const Prefix& prefix = w.prefix[index_of(depth)];
  w.effort.spend(1 + R_ / 4 + tree_leaves_.size() / 2);
  bool open = false, broken = false;
  for (std::size_t r = 0; r < must_; ++r) {
    if (prefix.hope[r] > rest_most_[index_of(depth)][r]) return Verdict::rejected;
    open |= prefix.doubt[r] > rest_least_[index_of(depth)][r];
  }
  for (std::size_t word = 0; word < W_; ++word)
    open |= tie_open(prefix, depth, word, must_ties_[word], broken);
  if (broken) return Verdict::rejected;
  if (!selection_.tree.empty()) {
    for (const int leaf : tree_leaves_)
      w.leaf_outcomes[index_of(leaf)] = leaf_outcome(prefix, depth, leaf);
    const unsigned char root = root_outcomes(selection_.tree, w.leaf_outcomes, w.node_outcomes);
    if (root == kRefuses) return Verdict::rejected;
    open |= (root & kRefuses) != 0;
  }
  return open ? Verdict::open : Verdict::accepted;
}

// Equal for prefixes that leave the same to the issues after them: what is decided is forgotten.
template <class T>
typename Cells<T>::State Cells<T>::state_of(const Prefix& prefix, int depth) const {
  State state{prefix.doubt, prefix.untriggered, prefix.unmet};
  for (std::size_t r = 0; r < R_; ++r) {
    state.need[r] = std::max(state.need[r], rest_least_[index_of(depth)][r]);
    state.need[r] = std::min(state.need[r], T(rest_most_[index_of(depth)][r] + 1));
  }
  for (std::size_t word = 0; word < W_; ++word) {
    // A clause that holds is as good as one that was never triggered; conditions are no clauses.
    state.untriggered[word] |=
        all_done_[index_of(depth)][word] & ~state.unmet[word] & ~asked_ties_[word];
    state.unmet[word] &= ~state.untriggered[word];
  }
  return state;
}

template <class T>
void Cells<T>::keep(Worker& w, int depth, const Integer& count, States& states) const {
  w.effort.spend(20);
  states[state_of(w.prefix[index_of(depth)], depth)] += count;
  if (states.size() * (R_ * sizeof(T) + 2 * W_ * sizeof(std::uint64_t) + 200) > kMostBytes)
    throw GaveWay{};
}

template <class T>
void Cells<T>::resume(Worker& w, int depth, const State& state) const {
  Prefix& prefix = w.prefix[index_of(depth)];
  prefix.hope = prefix.doubt = state.need;
  prefix.untriggered = state.untriggered;
  prefix.unmet = state.unmet;
}

// All ways to settle the discrete issue at `depth`, or, when `deeper`, all from there on. What is
// left open goes to `states`.
template <class T>
void Cells<T>::extend(Worker& w, int depth, const Integer& count, bool deeper, States& states) {
  for (int k = 0; k < static_cast<int>(pieces_[index_of(depth)].size()); ++k) {
    assign(w, depth, k);
    const Verdict now = status(w, depth + 1);
    if (now == Verdict::rejected) continue;
    if (now == Verdict::accepted && !thin_) {
      accepted_[index_of(depth) + 1] += count;
    } else if (deeper && depth + 1 < discrete_) {
      extend(w, depth + 1, count, deeper, states);
    } else {
      keep(w, depth + 1, count, states);
    }
  }
}

// The discrete issues, one by one as long as few states are left open, then each state by itself.
template <class T>
void Cells<T>::collect(Worker& w) {
  constexpr std::size_t kWidest = 1 << 15;
  states_[state_of(w.prefix[0], 0)] = 1;
  for (int depth = 0; depth < discrete_; ++depth) {
    const bool deeper = states_.size() > kWidest;
    States next;
    for (const auto& [state, count] : states_) {
      resume(w, depth, state);
      extend(w, depth, count, deeper, next);
    }
    states_ = std::move(next);
    if (deeper) return;
  }
}

template <class T>
Truth Cells<T>::truth_in_cell(const Worker& w, std::size_t r) const {
  const Prefix& prefix = w.prefix.back();
  if (prefix.hope[r] > 0) return Truth::no;
  return prefix.doubt[r] <= 0 ? Truth::yes : Truth::open;
}

// The row over the positions λ on the pieces of the cell, without a common factor.
template <class T>
std::optional<HalfSpace> Cells<T>::row_in_cell(const Worker& w, std::size_t r,
                                               const std::vector<int>& positions) const {
  HalfSpace row;
  T need = w.prefix[index_of(discrete_)].doubt[r];
  for (std::size_t p = index_of(discrete_); p < order_.size(); ++p)
    need -= pieces_[p][index_of(w.chosen[p])].from[r];
  row.bound = to_integer(need);
  Integer common = row.bound;
  for (const int p : positions) {
    row.coefficients.push_back(
        to_integer(pieces_[index_of(p)][index_of(w.chosen[index_of(p)])].rise[r]));
    common = gcd(common, row.coefficients.back());
  }
  if (common > 1) {
    for (Integer& coefficient : row.coefficients) coefficient /= common;
    row.bound /= common;
  }
  return row;
}

template <class T>
void Cells<T>::add_cell(Worker& w, std::vector<Extent>& extents) const {
  // The positions on which an open row depends span the polytope; the others have their length.
  std::vector<std::size_t> must_rows;
  for (std::size_t r = 0; r < must_; ++r)
    if (truth_in_cell(w, r) == Truth::open) must_rows.push_back(r);
  std::vector<Truth> truth(index_of(selection_.leaves), Truth::yes);
  std::vector<unsigned char> leaves(index_of(selection_.leaves), kAccepts);
  std::vector<std::size_t> open_rows = must_rows;
  for (const int leaf : tree_leaves_) {
    leaves[index_of(leaf)] = demands_outcome(w.prefix.back(), positions(), leaf);
    const int r = row_of_leaf_[index_of(leaf)];
    if (r < 0) continue;
    truth[index_of(leaf)] = truth_in_cell(w, index_of(r));
    if (truth[index_of(leaf)] == Truth::open) open_rows.push_back(index_of(r));
  }
  std::vector<int> spanned;
  for (int p = discrete_; p < positions(); ++p) {
    const PieceTerms& terms = pieces_[index_of(p)][index_of(w.chosen[index_of(p)])];
    if (std::any_of(open_rows.begin(), open_rows.end(),
                    [&](std::size_t r) { return terms.rise[r] != 0; }))
      spanned.push_back(p);
  }
  if (spanned.size() > index_of(Polytope::kMostSpace)) throw GaveWay{};
  Polytope polytope(static_cast<int>(spanned.size()));
  w.effort.spend(10 + polytope.vertices());
  for (const std::size_t r : must_rows) {
    polytope = polytope.cut(*row_in_cell(w, r, spanned), w.effort);
    if (polytope.empty()) return;
  }

  Group group(std::move(polytope));
  const auto length = [&](int p) -> const Rational& {
    return pieces_[index_of(p)][index_of(w.chosen[index_of(p)])].length;
  };
  GroupKey key;
  if (thin_) {
    const std::size_t columns = order_.size() - index_of(discrete_);
    std::vector<std::vector<Rational>> rows;
    for (const auto& direction : group.polytope.directions()) {
      auto& row = rows.emplace_back(columns, Rational(0));
      for (std::size_t s = 0; s < spanned.size(); ++s)
        row[index_of(spanned[s] - discrete_)] = direction[s] * length(spanned[s]);
    }
    for (int p = discrete_; p < positions(); ++p) {
      const auto found = std::find(spanned.begin(), spanned.end(), p);
      const PieceTerms& terms = pieces_[index_of(p)][index_of(w.chosen[index_of(p)])];
      const int coordinate = static_cast<int>(found - spanned.begin());
      if (found == spanned.end() && terms.length != 0) {
        rows.emplace_back(columns, Rational(0))[index_of(p - discrete_)] = 1;
        key.emplace_back(w.chosen[index_of(p)], 0);
      } else if (found == spanned.end()) {
        key.emplace_back(-1, terms.start);
      } else if (group.polytope.fixed(coordinate)) {
        const Rational share = group.polytope.coordinate_of_first_vertex(coordinate);
        key.emplace_back(-1, terms.start + share * terms.length);
      } else {
        key.emplace_back(w.chosen[index_of(p)], 0);
      }
    }
    const auto known = w.groups.find(key);
    if (known != w.groups.end()) {
      known->second.leaves.push_back(std::move(leaves));
      return;
    }
    group.directions = echelon(std::move(rows));
  } else {
    for (int p = discrete_; p < positions(); ++p) group.directions.leading.push_back(p - discrete_);
  }
  group.dimension = group.directions.leading.size();
  group.factor = 1;
  for (const int column : group.directions.leading) {
    const int p = column + discrete_;
    group.factor *= length(p);
    const auto found = std::find(spanned.begin(), spanned.end(), p);
    if (found != spanned.end()) group.kept.push_back(static_cast<int>(found - spanned.begin()));
  }
  group.truth = std::move(truth);
  group.row.resize(index_of(selection_.leaves));
  for (const int leaf : tree_leaves_) {
    if (group.truth[index_of(leaf)] == Truth::open)
      group.row[index_of(leaf)] = row_in_cell(w, index_of(row_of_leaf_[index_of(leaf)]), spanned);
  }
  group.leaves.push_back(std::move(leaves));
  if (thin_) {
    w.groups.emplace(std::move(key), std::move(group));
  } else {
    add_group(w, group, extents);
  }
}

// The size of the part of the polytope that the tree accepts in some variant. Where several leaves
// may say either, it is cut in two along the row of one of them.
template <class T>
Rational Cells<T>::accepted(Worker& w, const Group& group, const Polytope& polytope,
                            std::vector<Truth>& truth) const {
  if (selection_.tree.empty()) return polytope.volume(group.kept, w.effort);
  bool refused = true;
  for (const auto& leaves : group.leaves) {
    for (const int leaf : tree_leaves_) {
      unsigned char outcome = leaves[index_of(leaf)];
      if (outcome == kAccepts && truth[index_of(leaf)] == Truth::no) outcome = kRefuses;
      if (outcome == kAccepts && truth[index_of(leaf)] == Truth::open)
        outcome = kAccepts | kRefuses;
      w.leaf_outcomes[index_of(leaf)] = outcome;
    }
    const unsigned char root = root_outcomes(selection_.tree, w.leaf_outcomes, w.node_outcomes);
    if (!(root & kRefuses)) return polytope.volume(group.kept, w.effort);
    refused &= root == kRefuses;
  }
  if (refused) return 0;
  const auto open = std::find_if(tree_leaves_.begin(), tree_leaves_.end(), [&](int leaf) {
    return truth[index_of(leaf)] == Truth::open &&
           std::any_of(group.leaves.begin(), group.leaves.end(),
                       [&](const auto& leaves) { return leaves[index_of(leaf)] == kAccepts; });
  });
  const std::size_t leaf = index_of(*open);
  Rational sum = 0;
  const Polytope::Side side = polytope.side(*group.row[leaf]);
  if (side == Polytope::Side::both) {
    const Polytope::Parts parts = polytope.split(*group.row[leaf], w.effort);
    truth[leaf] = Truth::yes;
    sum = accepted(w, group, parts.inside, truth);
    truth[leaf] = Truth::no;
    sum += accepted(w, group, parts.outside, truth);
  } else {
    truth[leaf] = side == Polytope::Side::inside ? Truth::yes : Truth::no;
    sum = accepted(w, group, polytope, truth);
  }
  truth[leaf] = Truth::open;
  return sum;
}

template <class T>
void Cells<T>::add_group(Worker& w, const Group& group, std::vector<Extent>& extents) const {
  std::vector<Truth> truth = group.truth;
  const Rational size = accepted(w, group, group.polytope, truth);
  if (size == 0) return;
  Extent& extent = extents[group.dimension];
  if (thin_ && extent.size == 0) extent.directions = group.directions;
  if (thin_ && !(extent.directions == group.directions)) extent.parallel = false;
  extent.size += size * group.factor;
}

// The continuous issues from `depth` on.
template <class T>
void Cells<T>::add_cells(Worker& w, int depth, std::vector<Extent>& extents) const {
  const Verdict now = status(w, depth);
  if (now == Verdict::rejected) return;
  if (now == Verdict::accepted && !thin_) {
    Rational size = rest_length_[index_of(depth)];
    for (int p = discrete_; p < depth; ++p)
      size *= pieces_[index_of(p)][index_of(w.chosen[index_of(p)])].length;
    extents.back().size += size;
    w.effort.spend(20);
    return;
  }
  if (depth == positions()) {
    add_cell(w, extents);
    return;
  }
  for (int k = 0; k < static_cast<int>(pieces_[index_of(depth)].size()); ++k) {
    assign(w, depth, k);
    add_cells(w, depth + 1, extents);
  }
}

void add(std::vector<Extent>& extents, const std::vector<Extent>& more, const Rational& times) {
  for (std::size_t d = 0; d < extents.size(); ++d) {
    if (more[d].size == 0) continue;
    if (extents[d].size == 0) extents[d].directions = more[d].directions;
    extents[d].parallel &= more[d].parallel && extents[d].directions == more[d].directions;
    extents[d].size += more[d].size * times;
  }
}

template <class T>
std::vector<Extent> Cells<T>::measure(int jobs, Effort& effort) {
  std::vector<Extent> extents(order_.size() - index_of(discrete_) + 1);
  {
    Worker w(*this, effort);
    const Verdict root = status(w, 0);
    if (root == Verdict::rejected) return extents;
    if (root == Verdict::accepted && !thin_) {
      ++accepted_[0];
    } else {
      collect(w);
    }
    w.effort.settle();
  }
  Rational whole = 0;
  Rational below = rest_length_[index_of(discrete_)];
  for (std::size_t depth = index_of(discrete_) + 1; depth-- > 0;) {
    if (depth < index_of(discrete_)) below *= pieces_[depth].size();
    whole += below * Rational(accepted_[depth]);
  }
  extents.back().size = whole;

  std::vector<std::pair<const State*, const Integer*>> states;
  for (const auto& [state, count] : states_) states.emplace_back(&state, &count);
  constexpr std::size_t kMostTasks = 256;
  const std::size_t tasks = std::min(states.size(), kMostTasks);
  std::vector<std::vector<Extent>> found(tasks);
  std::atomic<std::size_t> done{0};
  parallel_for(jobs, tasks, [&](std::size_t task) {
    Worker w(*this, effort);
    found[task].resize(extents.size());
    const std::size_t end = (task + 1) * states.size() / tasks;
    for (std::size_t s = task * states.size() / tasks; s < end; ++s) {
      resume(w, discrete_, *states[s].first);
      std::vector<Extent> own(extents.size());
      add_cells(w, discrete_, own);
      for (const auto& [key, group] : w.groups) add_group(w, group, own);
      w.groups.clear();
      add(found[task], own, Rational(*states[s].second));
    }
    w.effort.settle();
    effort.set_fraction(static_cast<double>(++done) / static_cast<double>(tasks));
  });
  for (const auto& part : found) add(extents, part, 1);
  return extents;
}

std::vector<Extent> measure(const Problem& problem, const Selection& selection, bool thin, int jobs,
                            Effort& effort) {
  const auto use = [&](auto cells) {
    if (cells.no_segment()) return std::vector<Extent>(1);
    return cells.measure(jobs, effort);
  };
  if (selection.wide_rows.empty()) return use(Cells<Int128>(problem, selection, thin));
  return use(Cells<Integer>(problem, selection, thin));
}

}  // namespace

Rational full_size(const Problem& problem, const Selection& selection, int jobs, Effort& effort) {
  return measure(problem, selection, false, jobs, effort).back().size;
}

std::vector<Extent> thin_sizes(const Problem& problem, const Selection& selection, int jobs,
                               Effort& effort) {
  return measure(problem, selection, true, jobs, effort);
}

}  // namespace zopa
