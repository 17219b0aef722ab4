// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/engine/sums.hpp"
#include "model/tools/exact.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// Counts packages under one or two rows by halves: the columns are split in two, and the pairs of
/// a sum of one half and a sum of the other that reach both needs are counted. Both halves are
/// sorted by the first row; going through one of them, the sums of the other that suffice with it
/// grow in number, and a set of ranks answers how many of them suffice in the second row too: bits,
/// with a Fenwick tree over their words.
///
/// Time n log n, memory up to about 60 bytes times the number n of sums of the larger half (90 with
/// rows beyond 62 bits). Exact for rows of up to 120 bits, and the same for any number of jobs.
///
/// Source: Horowitz and Sahni (1974), pp. 277–292 (halves); Fenwick (1994), pp. 327–336.
class PairsCounter {
 public:
  /// `sums` must outlive the counter.
  explicit PairsCounter(const Sums& sums);

  /// Predicted time in nanoseconds of one processor, and bytes held at a time; both as infinity
  /// where the method is out of the question: three rows or more, or a half beyond kMostHalf.
  double cost() const { return cost_; }
  double bytes() const { return bytes_; }

  /// The number of packages. Nothing: told to stop. Precondition: cost() is finite.
  std::optional<Integer> count(int jobs, const Progress& progress) const;

  static constexpr double kMostHalf = 20'000'000;

 private:
  template <class T>
  std::optional<Integer> count_in(int jobs, const Progress& progress) const;

  const Sums& sums_;
  std::vector<std::size_t> halves_[2];  // columns
  bool narrow_ = true;                  // sums fit 62 bits
  double cost_ = 0, bytes_ = 0;
};

}  // namespace zopa
