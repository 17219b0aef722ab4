// SPDX-License-Identifier: MIT
#include "model/engine/volume_sampling.hpp"

#include <algorithm>
#include <atomic>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <numeric>
#include <type_traits>

#include "model/engine/selection_tree.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

using Tie = Selection::Tie;
using Words = std::vector<std::uint64_t>;

constexpr int kWordBits = 64;
constexpr std::size_t kScramblings = 32;
constexpr std::size_t kLeastScramblings = 8;  // after a stop
constexpr std::size_t kBins = 16;             // of a continuous issue, for tilting
constexpr double kStudent31 = 2.0395;         // 97.5 % points of Student's distribution
constexpr double kStudent7 = 2.3647;
// Effective draws a scrambling, below which the means of the scramblings need not be normal.
constexpr double kLeastEffective = 30;
constexpr double kRounding = 1e-11;  // of the share: what floating point may cost

std::size_t at(int i) { return static_cast<std::size_t>(i); }
bool get(const Words& words, std::size_t bit) {
  return (words[bit / kWordBits] >> (bit % kWordBits)) & 1;
}
void set(Words& words, std::size_t bit) {
  words[bit / kWordBits] |= std::uint64_t{1} << (bit % kWordBits);
}

template <class T>
double as_double(const T& value) {
  if constexpr (std::is_same_v<T, Integer>) {
    return value.template convert_to<double>();
  } else {
    return static_cast<double>(value);
  }
}

template <class T>
T to_number(const Int128& value) {
  if constexpr (std::is_same_v<T, Integer>) {
    return make_integer(value);
  } else {
    return value;
  }
}

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

  bool no_segment() const { return no_segment_; }
  SizeEstimate estimate(const CountSettings& settings, bool& stopped) const;

 private:
  struct PieceTerms {
    std::vector<T> from;       // R×1
    std::vector<double> rise;  // R×1
    std::vector<double> high;  // R×1, the larger end
    Words untriggered, unmet;  // W×1
    double length = 1;
  };
  // A part of a piece that is drawn as one.
  struct Bin {
    int piece = 0;
    double from = 0, to = 1;  // λ
    double base = 1;          // its share of the issue
  };
  struct Worker {
    std::vector<T> need;
    std::vector<double> rise;
    Words untriggered, unmet;
    std::vector<unsigned char> demands, leaf_outcomes, node_outcomes;
    std::vector<double> breaks, from, to;  // the part of a segment where each leaf's row holds
  };

  void choose_line(const Problem& problem);
  Tilt tilt(const CountSettings& settings) const;
  double along_line(Worker& w) const;
  double length_in(Worker& w, const PieceTerms& piece) const;
  bool accepts(Worker& w, double lambda) const;

  const Selection& selection_;
  bool no_segment_ = false;
  std::size_t line_ = 0;                         // the issue along which lengths are computed
  std::vector<std::vector<PieceTerms>> pieces_;  // m'×K_j, without points of continuous issues
  std::vector<std::vector<Bin>> bins_;           // m'; the line has none
  std::vector<std::size_t> drawn_;               // the issues but the line
  Rational scale_ = 1;
  std::size_t R_ = 0, must_ = 0, W_ = 0;
  std::vector<T> need_;
  std::vector<int> row_of_leaf_, asked_tie_, tree_leaves_;
  Words must_ties_;
  std::vector<Words> leaf_ties_;
};

template <class T>
Lines<T>::Lines(const Problem& problem, const Selection& selection) : selection_(selection) {
  const std::size_t m = selection.issues.size();
  R_ = selection.rows.size() + selection.wide_rows.size();
  W_ = (selection.ties.size() + kWordBits - 1) / kWordBits;
  row_of_leaf_.assign(at(selection.leaves), -1);
  asked_tie_.assign(at(selection.leaves), -1);
  leaf_ties_.assign(at(selection.leaves), Words(W_));
  must_ties_.assign(W_, 0);
  pieces_.resize(m);
  std::vector<std::vector<std::size_t>> kept(m);
  for (std::size_t j = 0; j < m; ++j) {
    const ProblemIssue& issue = problem.issues[at(selection.issues[j])];
    Rational sum = 0;
    for (std::size_t k = 0; k < selection.pieces[j].size(); ++k) {
      const Piece& piece = issue.pieces[at(selection.pieces[j][k])];
      if (issue.continuous && piece.point()) continue;
      const Rational length = issue.continuous ? Rational(piece.to - piece.from) : Rational(1);
      kept[j].push_back(k);
      PieceTerms terms;
      terms.untriggered.assign(W_, 0);
      terms.unmet.assign(W_, 0);
      terms.length = to_double(length);
      pieces_[j].push_back(std::move(terms));
      sum += length;
    }
    if (pieces_[j].empty()) no_segment_ = true;
    scale_ *= sum;
    for (PieceTerms& terms : pieces_[j]) terms.length /= to_double(sum);
  }
  const auto add_rows = [&](const auto& rows, auto convert) {
    for (const auto& row : rows) {
      for (std::size_t j = 0; j < m; ++j) {
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
      if (row.leaf >= 0) row_of_leaf_[at(row.leaf)] = static_cast<int>(need_.size());
      need_.push_back(convert(row.need));
    }
  };
  if constexpr (std::is_same_v<T, Integer>)
    add_rows(selection.wide_rows, [](const Integer& value) { return value; });
  add_rows(selection.rows, [](const Int128& value) { return to_number<T>(value); });

  for (std::size_t c = 0; c < selection.ties.size(); ++c) {
    const Tie& tie = selection.ties[c];
    for (const auto* sets : {&tie.when, &tie.require}) {
      for (const auto& [j, flags] : *sets) {
        for (std::size_t k = 0; k < kept[at(j)].size(); ++k) {
          if (flags[kept[at(j)][k]]) continue;
          PieceTerms& terms = pieces_[at(j)][k];
          set(sets == &tie.when ? terms.untriggered : terms.unmet, c);
        }
      }
    }
    switch (tie.role) {
      case Tie::Role::must: set(must_ties_, c); break;
      case Tie::Role::demand: set(leaf_ties_[at(tie.leaf)], c); break;
      case Tie::Role::asked: asked_tie_[at(tie.leaf)] = static_cast<int>(c); break;
    }
  }
  for (const Selection::Node& node : selection.tree) {
    if (node.kind == Consent::Kind::leaf &&
        std::find(tree_leaves_.begin(), tree_leaves_.end(), node.leaf) == tree_leaves_.end())
      tree_leaves_.push_back(node.leaf);
  }
  if (!no_segment_) choose_line(problem);
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
    if (!problem.issues[at(selection_.issues[j])].continuous || weight[j] <= most) continue;
    most = weight[j];
    line_ = j;
  }
  bins_.resize(m);
  for (std::size_t j = 0; j < m; ++j) {
    if (j == line_) continue;
    drawn_.push_back(j);
    const bool continuous = problem.issues[at(selection_.issues[j])].continuous;
    for (std::size_t k = 0; k < pieces_[j].size(); ++k) {
      const double length =
          continuous ? pieces_[j][k].length : 1 / static_cast<double>(pieces_[j].size());
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
    double most = 0;
    for (const PieceTerms& terms : pieces_[line_]) most = std::max(most, terms.high[r]);
    need[r] -= most;
    for (const std::size_t j : drawn_) {
      auto& row = term[r].emplace_back();
      for (const Bin& bin : bins_[j]) {
        const PieceTerms& terms = pieces_[j][at(bin.piece)];
        row.push_back(as_double(terms.from[r]) +
                      std::max(bin.from * terms.rise[r], bin.to * terms.rise[r]));
      }
    }
  }
  return find_tilt(term, need, bins, settings.progress, base);
}

// Whether the tree accepts at one position on the segment.
template <class T>
bool Lines<T>::accepts(Worker& w, double lambda) const {
  for (std::size_t l = 0; l < tree_leaves_.size(); ++l) {
    unsigned char outcome = w.demands[l];
    if (outcome == kAccepts && (lambda < w.from[l] || lambda > w.to[l])) outcome = kRefuses;
    w.leaf_outcomes[at(tree_leaves_[l])] = outcome;
  }
  return root_outcomes(selection_.tree, w.leaf_outcomes, w.node_outcomes) != kRefuses;
}

// The share of the segment that belongs to the selection; all other issues are fixed in `w`.
template <class T>
double Lines<T>::length_in(Worker& w, const PieceTerms& piece) const {
  for (std::size_t word = 0; word < W_; ++word) {
    const std::uint64_t broken =
        ~(w.untriggered[word] | piece.untriggered[word]) & (w.unmet[word] | piece.unmet[word]);
    if (broken & must_ties_[word]) return 0;
  }
  // [from, to]: where Σ rise + λ · piece.rise ≥ need.
  const auto narrow = [&](std::size_t r, double& from, double& to) {
    const T rest = w.need[r] - piece.from[r];
    if (piece.rise[r] == 0 && w.rise[r] == 0) {  // settlements alone decide, exactly
      if (rest > 0) to = -1;
      return;
    }
    const double missing = as_double(rest) - w.rise[r];
    if (piece.rise[r] > 0) {
      from = std::max(from, missing / piece.rise[r]);
    } else if (piece.rise[r] < 0) {
      to = std::min(to, missing / piece.rise[r]);
    } else if (missing > 0) {
      to = -1;
    }
  };
  double from = 0, to = 1;
  for (std::size_t r = 0; r < must_ && from < to; ++r) narrow(r, from, to);
  if (from >= to) return 0;
  if (selection_.tree.empty()) return to - from;
  w.breaks.assign({from, to});
  for (std::size_t l = 0; l < tree_leaves_.size(); ++l) {
    const std::size_t leaf = at(tree_leaves_[l]);
    w.demands[l] = kAccepts;
    w.from[l] = 0;
    w.to[l] = 1;
    if (const int c = asked_tie_[leaf];
        c >= 0 && (get(w.untriggered, at(c)) || get(piece.untriggered, at(c)))) {
      w.demands[l] = kAside;
      continue;
    }
    for (std::size_t word = 0; word < W_; ++word) {
      if (~(w.untriggered[word] | piece.untriggered[word]) & (w.unmet[word] | piece.unmet[word]) &
          leaf_ties_[leaf][word])
        w.demands[l] = kRefuses;
    }
    if (row_of_leaf_[leaf] < 0 || w.demands[l] == kRefuses) continue;
    narrow(at(row_of_leaf_[leaf]), w.from[l], w.to[l]);
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
  double sum = 0;
  for (const PieceTerms& piece : pieces_[line_]) sum += piece.length * length_in(w, piece);
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
    w.leaf_outcomes.resize(at(selection_.leaves));
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
      const PieceTerms& terms = pieces_[drawn_[d]][at(bin.piece)];
      const double lambda = bin.from + share * (bin.to - bin.from);
      for (std::size_t r = 0; r < R_; ++r) {
        w.need[r] -= terms.from[r];
        w.rise[r] += lambda * terms.rise[r];
      }
      for (std::size_t word = 0; word < W_; ++word) {
        w.untriggered[word] |= terms.untriggered[word];
        w.unmet[word] |= terms.unmet[word];
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
  constexpr std::size_t kLookEvery = 256;
  parallel_for(settings.jobs, kScramblings, [&](std::size_t scrambling) {
    Worker w = make_worker();
    std::vector<std::uint32_t> seeds(dimensions);
    Randoms randoms(settings.seed, scrambling | (std::uint64_t{1} << 61));
    for (std::uint32_t& seed : seeds) seed = static_cast<std::uint32_t>(randoms.bits() >> 32);
    Moments own;
    for (std::size_t n = 0; n < points; ++n) {
      if (n % kLookEvery == 0 &&
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
  if (stopped) return {scale_, interval};
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
        if (s % kLookEvery == 0 && (stop || !settings.progress(1.0))) {
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
  return {scale_, interval};
}

}  // namespace

std::optional<SizeEstimate> estimate_size(const Problem& problem, const Selection& selection,
                                          const CountSettings& settings) {
  const auto use = [&](const auto& lines) -> std::optional<SizeEstimate> {
    if (lines.no_segment()) return std::nullopt;
    bool stopped = false;
    const SizeEstimate estimate = lines.estimate(settings, stopped);
    if (stopped) return std::nullopt;
    return estimate;
  };
  if (selection.wide_rows.empty()) return use(Lines<Int128>(problem, selection));
  return use(Lines<Integer>(problem, selection));
}

}  // namespace zopa
