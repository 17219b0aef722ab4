// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/engine/sums.hpp"
#include "model/tools/exact.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// Counts packages by what the rows still need. With f_0(0) = 1, f_0(n) = 0 otherwise, and n the
/// vector of needs,
///
///     f_S∪{j}(n) = Σ_k f_S(max(0, n − term_jk)),
///
/// column by column, over the box of needs that can still occur: what the columns ahead cannot
/// bring, at least, and what those behind can, at most. f of all columns at the needs of the rows
/// is the count. Numbers of any length, packed in limbs (`shifted_sums`). The rows' units must be
/// coarse: points on a scale of a hundred, say.
///
/// Exact, and the same for any number of jobs.
class NeedsCounter {
 public:
  /// `sums` must outlive the counter.
  explicit NeedsCounter(const Sums& sums);

  /// Predicted time in nanoseconds of one processor, and bytes held at a time; both as infinity
  /// where the method is out of the question.
  double cost() const { return cost_; }
  double bytes() const { return bytes_; }
  double marginals_cost() const { return marginals_cost_; }
  double marginals_bytes() const { return marginals_bytes_; }

  /// The number of packages. Nothing: told to stop. Precondition: cost() is finite.
  std::optional<Integer> count(int jobs, const Progress& progress) const;

  /// For every column and settlement, how many packages use it. Nothing: told to stop.
  /// Precondition: marginals_cost() is finite.
  ///
  /// All columns but one are folded, for each in turn: halves of the columns are folded together,
  /// log₂ m times as much work as a count.
  std::optional<std::vector<std::vector<Integer>>> marginals(int jobs,
                                                             const Progress& progress) const;

 private:
  // f over a box of needs: lines along the last row, one for each choice of the other rows.
  struct Layer {
    std::vector<std::int64_t> low, high;  // rows×1, both included
    std::vector<std::size_t> stride;      // rows−1×1, in lines
    std::size_t lines = 1;
    std::size_t length = 1;
    int limbs = 1;
    std::vector<std::int64_t> reach;   // lines×1, the largest need with f > 0; −1: none
    std::vector<std::uint64_t> cells;  // lines×limbs×length
  };
  struct Shape {
    double cells = 1;
    double lines = 1;
    int limbs = 1;
  };
  struct Folded {  // a set of columns
    std::vector<char> in;
    std::vector<std::int64_t> most;  // rows×1, what they bring at most
    Integer combinations = 1;

    void add(const NeedsCounter& counter, std::size_t column);
  };

  Folded nothing() const;
  Shape shape(const Folded& folded) const;
  Layer box(const Folded& folded) const;
  Layer start() const;
  std::optional<Layer> fold(const Layer& from, std::size_t column, const Folded& folded, int jobs,
                            const Progress& progress) const;
  Integer value(const Layer& layer, const std::vector<std::int64_t>& need) const;
  double fold_cost(const Shape& from, const Shape& to, std::size_t column) const;
  void predict();
  double predict_marginals(const Folded& folded, const std::vector<std::size_t>& open, double held);
  bool add_marginals(const Layer& layer, const Folded& folded, const std::vector<std::size_t>& open,
                     std::vector<std::vector<Integer>>& counts, int jobs,
                     const Progress& progress) const;

  const Sums& sums_;
  std::size_t rows_ = 1;
  std::vector<std::int64_t> need_;                  // the largest last
  std::vector<std::int64_t> most_;                  // rows×1, what all columns bring at most
  std::vector<std::vector<std::int64_t>> term_;     // columns×(settlements×rows)
  std::vector<std::vector<std::int64_t>> most_of_;  // columns×rows
  std::vector<std::size_t> order_;                  // of folding
  double cost_ = 0, bytes_ = 0;
  double marginals_cost_ = 0, marginals_bytes_ = 0;
};

}  // namespace zopa
