// SPDX-License-Identifier: MIT
#include "model/engine/volume_sampling.hpp"

#include <algorithm>
#include <atomic>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <numeric>
#include <type_traits>

#include "model/engine/polytope.hpp"
#include "model/engine/selection_tree.hpp"
#include "model/engine/words.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

using Tie = Selection::Tie;

constexpr std::size_t kScramblings = 32;
constexpr std::size_t kLeastScramblings = 8;  // after a stop
constexpr std::size_t kBins = 16;             // of a continuous issue, for tilting
constexpr double kStudent31 = 2.0395;         // 97.5 % points of Student's distribution
constexpr double kStudent7 = 2.3647;
// Effective draws a scrambling, below which the means of the scramblings need not be normal.
constexpr double kLeastEffective = 30;
constexpr double kRounding = 1e-11;  // of the share: what floating point may cost

std::uint32_t reversed(std::uint32_t x) {
  x = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
  x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
  x = ((x >> 4) & 0x0F0F0F0Fu) | ((x & 0x0F0F0F0Fu) << 4);
  return __builtin_bswap32(x);
}

// A nested uniform scrambling of the bits of x (Burley 2020, with the constants of listing 2).
std::uint32_t scrambled(std::uint32_t x, std::uint32_t seed) {
  x = reversed(x);
  x += seed;
  x ^= x * 0x6C50B47Cu;
  x ^= x * 0xB82F1E52u;
  x ^= x * 0xC7AFE638u;
  x ^= x * 0x8D22F6E6u;
  return reversed(x);
}

// The first points of the Sobol' sequence, point by point.
std::vector<std::uint32_t> sobol_points(std::size_t points, std::size_t dimensions) {
  std::vector<std::uint32_t> result(points * dimensions, 0);  // the first point is the origin
  if (dimensions == 0) return result;
  boost::random::sobol engine(dimensions);  // begins with the second
  for (std::size_t x = dimensions; x < result.size(); ++x)
    result[x] = static_cast<std::uint32_t>(engine() >> 32);
  return result;
}

template <class T>
class Lines {
 public:
  Lines(const Problem& problem, const Selection& selection);

  bool possible() const { return possible_; }
  SizeEstimate estimate(const CountSettings& settings, bool& stopped) const;

 private:
  struct PieceTerms {
    std::vector<T> from;         // R×1
    std::vector<double> rise;    // R×1
    std::vector<double> high;    // R×1, the larger end
    Words untriggered, unmet;    // W×1
    double length = 1;           // its share of the issue
    double start = 0, span = 0;  // places, of a continuous issue
  };
  // An issue that the equations settle once the others are: its place is linear in theirs.
  struct Pivot {
    std::size_t issue = 0;
    double constant = 0;
    std::vector<double> slope;                 // m'×1, on continuous issues
    std::vector<std::vector<double>> settled;  // m'×K_j, on discrete issues
  };
  // A part of a piece that is drawn as one.
  struct Bin {
    int piece = 0;
    double from = 0, to = 1;  // λ
    double base = 1;          // its share of the issue
  };
  // A stretch of one piece, from one λ to another.
  struct Stretch {
    const PieceTerms* piece = nullptr;
    double from = 0, to = 1;
  };
  struct Worker {
    std::vector<T> need;        // R×1, what is missing after the settlements drawn
    std::vector<double> rise;   // R×1, what the positions on the pieces drawn bring
    std::vector<double> place;  // of the pivots
    Words untriggered, unmet;
    std::vector<Stretch> stretches;
    std::vector<unsigned char> demands, leaf_outcomes, node_outcomes;
    std::vector<double> turns, breaks;
    std::vector<double> from, to;  // where on the stretch each leaf's row holds
  };

  void read_pieces(const Problem& problem, std::vector<std::vector<std::size_t>>& kept);
  void read_rows(const Problem& problem, const std::vector<std::vector<std::size_t>>& kept);
  void read_ties(const std::vector<std::vector<std::size_t>>& kept);
  void solve_equations(const Problem& problem, const std::vector<std::vector<Rational>>& equations,
                       const std::vector<std::vector<std::size_t>>& kept);
  void choose_line(const Problem& problem);
  Tilt tilt(const CountSettings& settings) const;
  double along_line(Worker& w) const;
  double along_bound_line(Worker& w) const;
  double length_in(Worker& w) const;
  bool accepts(Worker& w, double position) const;

  const Selection& selection_;
  bool possible_ = true;
  int dimension_ = 0;
  std::size_t line_ = 0;                         // the issue along which lengths are computed
  std::vector<std::vector<PieceTerms>> pieces_;  // m'×K_j, without points of continuous issues
  std::vector<std::vector<Bin>> bins_;           // m'; only of the issues drawn
  std::vector<std::size_t> drawn_;               // all but the line and the pivots
  std::vector<Pivot> pivots_;
  std::vector<char> is_pivot_;   // m'×1
  std::vector<Rational> total_;  // m'×1, what each issue measures by itself
  std::size_t R_ = 0, must_ = 0, W_ = 0;
  std::vector<T> need_;
  std::vector<int> row_of_leaf_, asked_tie_, tree_leaves_;
  Words must_ties_;
  std::vector<Words> leaf_ties_;
};

template <class T>
Lines<T>::Lines(const Problem& problem, const Selection& selection) : selection_(selection) {
  std::vector<std::vector<std::size_t>> kept(selection.issues.size());
  W_ = (selection.ties.size() + kWordBits - 1) / kWordBits;
  read_pieces(problem, kept);
  if (possible_) read_rows(problem, kept);
  if (!possible_) return;
  read_ties(kept);
  choose_line(problem);
}

template <class T>
void Lines<T>::read_pieces(const Problem& problem, std::vector<std::vector<std::size_t>>& kept) {
  pieces_.resize(kept.size());
  for (std::size_t j = 0; j < kept.size(); ++j) {
    const ProblemIssue& issue = problem.issues[index_of(selection_.issues[j])];
    Rational& sum = total_.emplace_back(0);
    for (std::size_t k = 0; k < selection_.pieces[j].size(); ++k) {
      const Piece& piece = issue.pieces[index_of(selection_.pieces[j][k])];
      if (issue.continuous && piece.point()) continue;
      const Rational length = issue.continuous ? Rational(piece.to - piece.from) : Rational(1);
      kept[j].push_back(k);
      PieceTerms terms;
      terms.untriggered.assign(W_, 0);
      terms.unmet.assign(W_, 0);
      terms.length = terms.span = to_double(length);
      terms.start = to_double(piece.from);
      pieces_[j].push_back(std::move(terms));
      sum += length;
    }
    if (pieces_[j].empty()) possible_ = false;
    for (PieceTerms& terms : pieces_[j]) terms.length /= to_double(sum);
  }
}

template <class T>
void Lines<T>::read_rows(const Problem& problem,
                         const std::vector<std::vector<std::size_t>>& kept) {
  row_of_leaf_.assign(index_of(selection_.leaves), -1);
  // Two opposite rules are an equation, which settles an issue, and no row.
  std::vector<int> rules;
  for (const auto& row : selection_.rows) rules.push_back(row.rule);
  for (const auto& row : selection_.wide_rows) rules.push_back(row.rule);
  std::vector<std::vector<Rational>> equations;
  // The row as Σ a_j·x_j over continuous issues, a constant, and a column a settlement.
  const auto equation = [&](const auto& row, auto convert) {
    std::vector<Rational> coefficients, settled;
    Rational constant = -Rational(convert(row.need));
    for (std::size_t j = kept.size(); j-- > 0;) {
      const ProblemIssue& issue = problem.issues[index_of(selection_.issues[j])];
      if (!issue.continuous) continue;
      const std::size_t k = kept[j].front();
      const Piece& piece = issue.pieces[index_of(selection_.pieces[j][k])];
      const Rational slope = Rational(convert(row.rise[j][k])) / (piece.to - piece.from);
      coefficients.push_back(slope);
      constant += Rational(convert(row.term[j][k])) - slope * piece.from;
    }
    for (std::size_t j = 0; j < kept.size(); ++j) {
      if (problem.issues[index_of(selection_.issues[j])].continuous) continue;
      for (const std::size_t k : kept[j]) settled.emplace_back(convert(row.term[j][k]));
    }
    coefficients.push_back(std::move(constant));
    coefficients.insert(coefficients.end(), settled.begin(), settled.end());
    equations.push_back(std::move(coefficients));
  };
  const auto add_rows = [&](const auto& rows, auto convert, auto to_integer) {
    for (const auto& row : rows) {
      const auto opposite = std::find_if(rules.begin(), rules.end(), [&](int other) {
        return row.rule >= 0 && other >= 0 && other != row.rule &&
               is_equation(problem, row.rule, other);
      });
      if (opposite != rules.end()) {
        if (row.rule < *opposite) equation(row, to_integer);
        continue;
      }
      for (std::size_t j = 0; j < kept.size(); ++j) {
        for (std::size_t k = 0; k < kept[j].size(); ++k) {
          PieceTerms& terms = pieces_[j][k];
          const T from = convert(row.term[j][kept[j][k]]);
          const T rise = row.rise[j].empty() ? T(0) : convert(row.rise[j][kept[j][k]]);
          terms.from.push_back(from);
          terms.rise.push_back(as_double(rise));
          terms.high.push_back(as_double(std::max(from, T(from + rise))));
        }
      }
      if (row.leaf < 0) ++must_;
      if (row.leaf >= 0) row_of_leaf_[index_of(row.leaf)] = static_cast<int>(need_.size());
      need_.push_back(convert(row.need));
    }
  };
  const auto same = [](const Integer& value) { return value; };
  if constexpr (std::is_same_v<T, Integer>) add_rows(selection_.wide_rows, same, same);
  add_rows(
      selection_.rows, [](const Int128& value) { return to_number<T>(value); },
      [](const Int128& value) { return make_integer(value); });
  R_ = need_.size();
  solve_equations(problem, equations, kept);
}

// Which issues the equations settle, and how. The columns stand in reverse, so that the last issues
// are settled.
template <class T>
void Lines<T>::solve_equations(const Problem& problem,
                               const std::vector<std::vector<Rational>>& equations,
                               const std::vector<std::vector<std::size_t>>& kept) {
  std::vector<std::size_t> continuous;  // the columns
  for (std::size_t j = kept.size(); j-- > 0;)
    if (problem.issues[index_of(selection_.issues[j])].continuous) continuous.push_back(j);
  is_pivot_.assign(kept.size(), 0);
  const Echelon solved = echelon(equations);
  dimension_ = static_cast<int>(continuous.size()) - static_cast<int>(equations.size());
  if (solved.rows.size() < equations.size() || dimension_ <= 0) possible_ = false;
  for (std::size_t e = 0; e < solved.rows.size() && possible_; ++e) {
    const std::vector<Rational>& row = solved.rows[e];
    if (index_of(solved.leading[e]) >= continuous.size()) {
      possible_ = false;  // an equation between settlements
      return;
    }
    Pivot pivot;
    pivot.issue = continuous[index_of(solved.leading[e])];
    is_pivot_[pivot.issue] = 1;
    pivot.slope.assign(kept.size(), 0);
    bool moves = false;
    for (std::size_t c = 0; c < continuous.size(); ++c) {
      if (continuous[c] == pivot.issue) continue;
      pivot.slope[continuous[c]] = -to_double(row[c]);
      moves |= row[c] != 0;
    }
    if (!moves) possible_ = false;  // a single place: cells may meet there
    std::size_t column = continuous.size();
    pivot.constant = -to_double(row[column++]);
    pivot.settled.resize(kept.size());
    for (std::size_t j = 0; j < kept.size(); ++j) {
      if (problem.issues[index_of(selection_.issues[j])].continuous) continue;
      for (std::size_t k = 0; k < kept[j].size(); ++k)
        pivot.settled[j].push_back(-to_double(row[column++]));
    }
    pivots_.push_back(std::move(pivot));
  }
}

template <class T>
void Lines<T>::read_ties(const std::vector<std::vector<std::size_t>>& kept) {
  asked_tie_.assign(index_of(selection_.leaves), -1);
  leaf_ties_.assign(index_of(selection_.leaves), Words(W_));
  must_ties_.assign(W_, 0);
  for (std::size_t c = 0; c < selection_.ties.size(); ++c) {
    const Tie& tie = selection_.ties[c];
    for (const auto* sets : {&tie.when, &tie.require}) {
      for (const auto& [j, flags] : *sets) {
        for (std::size_t k = 0; k < kept[index_of(j)].size(); ++k) {
          if (flags[kept[index_of(j)][k]]) continue;
          PieceTerms& terms = pieces_[index_of(j)][k];
          set_bit(sets == &tie.when ? terms.untriggered : terms.unmet, c);
        }
      }
    }
    switch (tie.role) {
      case Tie::Role::must: set_bit(must_ties_, c); break;
      case Tie::Role::demand: set_bit(leaf_ties_[index_of(tie.leaf)], c); break;
      case Tie::Role::asked: asked_tie_[index_of(tie.leaf)] = static_cast<int>(c); break;
    }
  }
  for (const Selection::Node& node : selection_.tree) {
    if (node.kind == Consent::Kind::leaf &&
        std::find(tree_leaves_.begin(), tree_leaves_.end(), node.leaf) == tree_leaves_.end())
      tree_leaves_.push_back(node.leaf);
  }
}

// The continuous issue that moves the rows most: what is computed need not be drawn.
template <class T>
void Lines<T>::choose_line(const Problem& problem) {
  const std::size_t m = pieces_.size();
  std::vector<double> weight(m, 0);
  for (std::size_t r = 0; r < R_; ++r) {
    std::vector<double> range(m, 0);
    for (std::size_t j = 0; j < m; ++j)
      for (const PieceTerms& terms : pieces_[j]) range[j] = std::max(range[j], terms.high[r]);
    const double sum = std::accumulate(range.begin(), range.end(), 0.0);
    for (std::size_t j = 0; j < m && sum > 0; ++j) weight[j] += range[j] / sum;
  }
  double most = -1;
  for (std::size_t j = 0; j < m; ++j) {
    const bool continuous = problem.issues[index_of(selection_.issues[j])].continuous;
    if (!continuous || is_pivot_[j] || weight[j] <= most) continue;
    most = weight[j];
    line_ = j;
  }
  bins_.resize(m);
  for (std::size_t j = 0; j < m; ++j) {
    if (j == line_ || is_pivot_[j]) continue;
    drawn_.push_back(j);
    const bool continuous = problem.issues[index_of(selection_.issues[j])].continuous;
    for (std::size_t k = 0; k < pieces_[j].size(); ++k) {
      const double length = pieces_[j][k].length;
      const auto parts = continuous ? static_cast<int>(std::ceil(length * kBins)) : 1;
      for (int b = 0; b < parts; ++b)
        bins_[j].push_back({static_cast<int>(k), static_cast<double>(b) / parts,
                            static_cast<double>(b + 1) / parts, length / parts});
    }
  }
  // Issues that matter most take the first coordinates, which are spread most evenly.
  std::stable_sort(drawn_.begin(), drawn_.end(),
                   [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
}

template <class T>
Tilt Lines<T>::tilt(const CountSettings& settings) const {
  std::vector<std::vector<std::vector<double>>> term(must_);
  std::vector<double> need(must_);
  std::vector<std::vector<double>> base;
  std::vector<int> bins;
  for (const std::size_t j : drawn_) {
    bins.push_back(static_cast<int>(bins_[j].size()));
    auto& row = base.emplace_back();
    for (const Bin& bin : bins_[j]) row.push_back(bin.base);
  }
  for (std::size_t r = 0; r < must_; ++r) {
    need[r] = as_double(need_[r]);
    for (std::size_t j = 0; j < pieces_.size(); ++j) {  // at best, where nothing is drawn
      if (j != line_ && !is_pivot_[j]) continue;
      double most = 0;
      for (const PieceTerms& terms : pieces_[j]) most = std::max(most, terms.high[r]);
      need[r] -= most;
    }
    for (const std::size_t j : drawn_) {
      auto& row = term[r].emplace_back();
      for (const Bin& bin : bins_[j]) {
        const PieceTerms& terms = pieces_[j][index_of(bin.piece)];
        row.push_back(as_double(terms.from[r]) +
                      std::max(bin.from * terms.rise[r], bin.to * terms.rise[r]));
      }
    }
  }
  return find_tilt(term, need, bins, settings.progress, base);
}

// Whether the tree accepts at one position in the stretches.
template <class T>
bool Lines<T>::accepts(Worker& w, double position) const {
  for (std::size_t l = 0; l < tree_leaves_.size(); ++l) {
    unsigned char outcome = w.demands[l];
    if (outcome == kAccepts && (position < w.from[l] || position > w.to[l])) outcome = kRefuses;
    w.leaf_outcomes[index_of(tree_leaves_[l])] = outcome;
  }
  return root_outcomes(selection_.tree, w.leaf_outcomes, w.node_outcomes) != kRefuses;
}

// The share of the stretches in `w`, passed through together, that belongs to the selection. All
// other issues are drawn.
template <class T>
double Lines<T>::length_in(Worker& w) const {
  const auto broken = [&](std::size_t word) {
    std::uint64_t untriggered = w.untriggered[word], unmet = w.unmet[word];
    for (const Stretch& stretch : w.stretches) {
      untriggered |= stretch.piece->untriggered[word];
      unmet |= stretch.piece->unmet[word];
    }
    return ~untriggered & unmet;
  };
  for (std::size_t word = 0; word < W_; ++word)
    if (broken(word) & must_ties_[word]) return 0;
  // Narrows [from, to] to where the row holds. Where settlements alone decide, exactly.
  const auto narrow = [&](std::size_t r, double& from, double& to) {
    T rest = w.need[r];
    double first = 0, last = 0;
    for (const Stretch& stretch : w.stretches) {
      rest -= stretch.piece->from[r];
      first += stretch.from * stretch.piece->rise[r];
      last += stretch.to * stretch.piece->rise[r];
    }
    const double missing = as_double(rest) - w.rise[r];
    const double at_from = missing - first, at_to = missing - last;
    if (at_from <= 0 && at_to <= 0) return;
    if (at_from > 0 && at_to > 0) {
      to = -1;
    } else if (at_from > 0) {
      from = std::max(from, at_from / (at_from - at_to));
    } else {
      to = std::min(to, at_from / (at_from - at_to));
    }
  };
  double from = 0, to = 1;
  for (std::size_t r = 0; r < must_ && from < to; ++r) narrow(r, from, to);
  if (from >= to) return 0;
  if (selection_.tree.empty()) return to - from;
  w.breaks.assign({from, to});
  for (std::size_t l = 0; l < tree_leaves_.size(); ++l) {
    const std::size_t leaf = index_of(tree_leaves_[l]);
    w.demands[l] = kAccepts;
    w.from[l] = 0;
    w.to[l] = 1;
    if (const int c = asked_tie_[leaf]; c >= 0) {
      bool aside = has_bit(w.untriggered, index_of(c));
      for (const Stretch& stretch : w.stretches)
        aside |= has_bit(stretch.piece->untriggered, index_of(c));
      if (aside) {
        w.demands[l] = kAside;
        continue;
      }
    }
    for (std::size_t word = 0; word < W_; ++word)
      if (broken(word) & leaf_ties_[leaf][word]) w.demands[l] = kRefuses;
    if (row_of_leaf_[leaf] < 0 || w.demands[l] == kRefuses) continue;
    narrow(index_of(row_of_leaf_[leaf]), w.from[l], w.to[l]);
    for (const double end : {w.from[l], w.to[l]})
      if (end > from && end < to) w.breaks.push_back(end);
  }
  std::sort(w.breaks.begin(), w.breaks.end());
  double sum = 0;
  for (std::size_t b = 0; b + 1 < w.breaks.size(); ++b) {
    if (w.breaks[b] == w.breaks[b + 1]) continue;
    if (accepts(w, (w.breaks[b] + w.breaks[b + 1]) / 2)) sum += w.breaks[b + 1] - w.breaks[b];
  }
  return sum;
}

template <class T>
double Lines<T>::along_line(Worker& w) const {
  if (!pivots_.empty()) return along_bound_line(w);
  double sum = 0;
  for (const PieceTerms& piece : pieces_[line_]) {
    w.stretches.assign({{&piece, 0, 1}});
    sum += piece.length * length_in(w);
  }
  return sum;
}

// The pivots move with the place on the line: it is cut wherever one of them enters another piece.
template <class T>
double Lines<T>::along_bound_line(Worker& w) const {
  w.turns.clear();
  for (const PieceTerms& piece : pieces_[line_]) {
    w.turns.push_back(piece.start);
    w.turns.push_back(piece.start + piece.span);
  }
  for (std::size_t p = 0; p < pivots_.size(); ++p) {
    const double slope = pivots_[p].slope[line_];
    if (slope == 0) continue;
    for (const PieceTerms& piece : pieces_[pivots_[p].issue]) {
      w.turns.push_back((piece.start - w.place[p]) / slope);
      w.turns.push_back((piece.start + piece.span - w.place[p]) / slope);
    }
  }
  std::sort(w.turns.begin(), w.turns.end());
  const auto piece_at = [&](std::size_t issue, double place) -> const PieceTerms* {
    for (const PieceTerms& piece : pieces_[issue])
      if (piece.start <= place && place <= piece.start + piece.span) return &piece;
    return nullptr;
  };
  double sum = 0;
  for (std::size_t t = 0; t + 1 < w.turns.size(); ++t) {
    const double start = w.turns[t], end = w.turns[t + 1], middle = (start + end) / 2;
    if (!(start < end)) continue;
    const PieceTerms* own = piece_at(line_, middle);
    if (own == nullptr) continue;
    w.stretches.assign({{own, (start - own->start) / own->span, (end - own->start) / own->span}});
    for (std::size_t p = 0; p < pivots_.size(); ++p) {
      const double slope = pivots_[p].slope[line_];
      const PieceTerms* piece = piece_at(pivots_[p].issue, w.place[p] + slope * middle);
      if (piece == nullptr) break;
      w.stretches.push_back({piece, (w.place[p] + slope * start - piece->start) / piece->span,
                             (w.place[p] + slope * end - piece->start) / piece->span});
    }
    if (w.stretches.size() == pivots_.size() + 1)
      sum += (end - start) / own->span * own->length * length_in(w);
  }
  return sum;
}

template <class T>
SizeEstimate Lines<T>::estimate(const CountSettings& settings, bool& stopped) const {
  const Tilt tilted = tilt(settings);
  const double log_bound = tilted.log_bound + 1e-9;  // rounding of F
  const std::size_t dimensions = drawn_.size();
  std::vector<std::vector<double>> cumulative(dimensions), log_weight(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) {
    double sum = 0;
    for (std::size_t b = 0; b < bins_[drawn_[d]].size(); ++b) {
      cumulative[d].push_back(sum += std::exp(tilted.log_probability[d][b]));
      log_weight[d].push_back(std::log(bins_[drawn_[d]][b].base) - tilted.log_probability[d][b]);
    }
    for (double& end : cumulative[d]) end /= sum;
  }
  const auto make_worker = [&] {
    Worker w;
    w.leaf_outcomes.resize(index_of(selection_.leaves));
    w.node_outcomes.resize(selection_.tree.size());
    w.demands.resize(tree_leaves_.size());
    w.from.resize(tree_leaves_.size());
    w.to.resize(tree_leaves_.size());
    return w;
  };
  // The weighted share of one line, over exp(log_bound): in [0, 1]. `next` gives numbers on [0, 1).
  const auto draw = [&](Worker& w, auto next) {
    w.need = need_;
    w.rise.assign(R_, 0);
    w.place.clear();
    for (const Pivot& pivot : pivots_) w.place.push_back(pivot.constant);
    w.untriggered.assign(W_, 0);
    w.unmet.assign(W_, 0);
    double log_sum = -log_bound;
    for (std::size_t d = 0; d < dimensions; ++d) {
      const double u = next(d);
      const std::vector<double>& ends = cumulative[d];
      const std::size_t b = std::min<std::size_t>(
          static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), u) - ends.begin()),
          ends.size() - 1);
      const double start = b == 0 ? 0.0 : ends[b - 1];
      const double width = ends[b] - start;
      const double share = width > 0 ? std::clamp((u - start) / width, 0.0, 1.0) : 0.5;
      const Bin& bin = bins_[drawn_[d]][b];
      const PieceTerms& terms = pieces_[drawn_[d]][index_of(bin.piece)];
      const double lambda = bin.from + share * (bin.to - bin.from);
      for (std::size_t r = 0; r < R_; ++r) {
        w.need[r] -= terms.from[r];
        w.rise[r] += lambda * terms.rise[r];
      }
      for (std::size_t word = 0; word < W_; ++word) {
        w.untriggered[word] |= terms.untriggered[word];
        w.unmet[word] |= terms.unmet[word];
      }
      for (std::size_t p = 0; p < pivots_.size(); ++p) {
        const std::vector<double>& settled = pivots_[p].settled[drawn_[d]];
        w.place[p] += settled.empty()
                          ? pivots_[p].slope[drawn_[d]] * (terms.start + lambda * terms.span)
                          : settled[index_of(bin.piece)];
      }
      log_sum += log_weight[d][b];
    }
    const double length = along_line(w);
    return length > 0 ? std::min(1.0, length * std::exp(log_sum)) : 0.0;
  };

  std::size_t points = 64;
  while (2 * points * kScramblings <= settings.samples) points *= 2;
  const std::vector<std::uint32_t> sobol = sobol_points(points, dimensions);
  std::vector<Moments> moments(kScramblings);
  std::atomic<bool> stop{false};
  std::atomic<std::size_t> done{0};
  constexpr std::size_t kDrawsALook = 256;
  parallel_for(settings.jobs, kScramblings, [&](std::size_t scrambling) {
    Worker w = make_worker();
    std::vector<std::uint32_t> seeds(dimensions);
    Randoms randoms(settings.seed, scrambling | (std::uint64_t{1} << 61));
    for (std::uint32_t& seed : seeds) seed = static_cast<std::uint32_t>(randoms.bits() >> 32);
    Moments own;
    for (std::size_t n = 0; n < points; ++n) {
      if (n % kDrawsALook == 0 &&
          (stop || !settings.progress(static_cast<double>(done) / kScramblings))) {
        stop = true;
        return;
      }
      const std::uint32_t* point = sobol.data() + n * dimensions;
      own.add(draw(w, [&](std::size_t d) {
        return (static_cast<double>(scrambled(point[d], seeds[d])) + 0.5) * 0x1p-32;
      }));
    }
    moments[scrambling] = own;
    ++done;
  });

  Moments all;
  std::vector<double> means;
  for (const Moments& part : moments) {
    if (part.samples == 0) continue;
    all.add(part);
    means.push_back(part.sum / part.samples);
  }
  stopped = means.size() < kLeastScramblings;
  MeanInterval interval{0, 0, 1};
  const double effective = all.squares > 0 ? all.sum * all.sum / all.squares : 0;
  Rational scale = 1;
  for (std::size_t j = 0; j < total_.size(); ++j)
    if (!is_pivot_[j]) scale *= total_[j];
  if (stopped) return {dimension_, scale, interval};
  if (effective >= kLeastEffective * static_cast<double>(means.size())) {
    const double count = static_cast<double>(means.size());
    const double mean = std::accumulate(means.begin(), means.end(), 0.0) / count;
    double squares = 0;
    for (const double each : means) squares += (each - mean) * (each - mean);
    const double t = means.size() == kScramblings ? kStudent31 : kStudent7;
    const double half = t * std::sqrt(squares / (count - 1) / count) + kRounding * mean;
    interval = {mean, std::max(0.0, mean - half), std::min(1.0, mean + half)};
  } else {
    constexpr std::size_t kChunk = 1024;
    const std::size_t chunks = std::max<std::size_t>(1, settings.samples / kChunk);
    std::vector<Moments> drawn(chunks);
    parallel_for(settings.jobs, chunks, [&](std::size_t chunk) {
      Worker w = make_worker();
      for (std::size_t s = 0; s < kChunk; ++s) {
        if (s % kDrawsALook == 0 && (stop || !settings.progress(1.0))) {
          stop = true;
          return;
        }
        Randoms randoms(settings.seed, (chunk * kChunk + s) | (std::uint64_t{1} << 60));
        drawn[chunk].add(draw(w, [&](std::size_t) { return randoms.uniform(); }));
      }
    });
    Moments sum;
    for (const Moments& part : drawn) sum.add(part);
    interval = mean_interval(sum);
  }
  const double bound = std::exp(log_bound);
  interval.mean = std::min(1.0, interval.mean * bound);
  interval.low = std::min(interval.mean, interval.low * bound);
  interval.high = std::min(1.0, interval.high * bound);
  return {dimension_, scale, interval};
}

}  // namespace

std::optional<SizeEstimate> estimate_size(const Problem& problem, const Selection& selection,
                                          const CountSettings& settings) {
  const auto use = [&](const auto& lines) -> std::optional<SizeEstimate> {
    if (!lines.possible()) return std::nullopt;
    bool stopped = false;
    const SizeEstimate estimate = lines.estimate(settings, stopped);
    if (stopped) return std::nullopt;
    return estimate;
  };
  if (selection.wide_rows.empty()) return use(Lines<Int128>(problem, selection));
  return use(Lines<Integer>(problem, selection));
}

}  // namespace zopa
