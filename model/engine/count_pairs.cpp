// SPDX-License-Identifier: MIT
#include "model/engine/count_pairs.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <numeric>

#include "model/engine/words.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

constexpr int kNarrowSumBits = 62;
constexpr std::size_t kLook = std::size_t{1} << 16;  // sums between two looks at the clock
// Measured, in nanoseconds a sum.
constexpr double kSortCost = 60;
constexpr double kSweepCost = 40;

// The sums of the columns of a half in one row, rising, and which package of the half has each.
template <class T>
struct SortedSums {
  std::vector<T> sums;
  std::vector<std::uint32_t> packages;
};

// Merges [first, middle) and [middle, end) of `from` into `to`. False: told to stop.
template <class T>
bool merge_runs(const SortedSums<T>& from, std::size_t first, std::size_t middle, std::size_t end,
                SortedSums<T>& to, const Progress& progress) {
  const T* sums = from.sums.data();
  const std::uint32_t* packages = from.packages.data();
  std::size_t a = first, b = middle, out = first;
  while (a < middle && b < end) {
    if (!progress(0)) return false;
    // As many as cannot exhaust either run.
    const std::size_t stop = out + std::min({kLook, middle - a, end - b});
    while (out < stop) {
      const bool left = sums[a] <= sums[b];
      const std::size_t next = left ? a : b;
      to.sums[out] = sums[next];
      to.packages[out] = packages[next];
      a += left ? 1 : 0;
      b += left ? 0 : 1;
      ++out;
    }
  }
  const auto copy = [&](std::size_t begin, std::size_t until) {
    std::copy(sums + begin, sums + until, to.sums.data() + out);
    std::copy(packages + begin, packages + until, to.packages.data() + out);
    out += until - begin;
  };
  copy(a, middle);
  copy(b, end);
  return true;
}

// Column by column: one shifted copy of the sums so far a settlement, merged in pairs. Packages are
// numbered with the first column turning fastest. False: told to stop.
template <class T>
bool sorted_sums(const Sums& system, const std::vector<std::size_t>& columns, std::size_t row,
                 SortedSums<T>& result, const Progress& progress) {
  result.sums = {T(0)};
  result.packages = {0};
  SortedSums<T> copies;
  for (const std::size_t column : columns) {
    const std::vector<Int128>& term = system.columns[column].term[row];
    const std::size_t settlements = term.size();
    const std::size_t before = result.sums.size();
    // Settlements that bring the same make one run in no time.
    std::vector<std::size_t> order(settlements);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return term[a] < term[b]; });
    copies.sums.resize(before * settlements);
    copies.packages.resize(before * settlements);
    for (std::size_t run = 0; run < settlements; ++run) {
      if (!progress(0)) return false;
      const auto brings = static_cast<T>(term[order[run]]);
      const auto first = static_cast<std::uint32_t>(order[run] * before);
      T* sums = copies.sums.data() + run * before;
      std::uint32_t* packages = copies.packages.data() + run * before;
      for (std::size_t n = 0; n < before; ++n) sums[n] = result.sums[n] + brings;
      for (std::size_t n = 0; n < before; ++n) packages[n] = result.packages[n] + first;
    }
    result.sums.resize(copies.sums.size());
    result.packages.resize(copies.sums.size());
    const std::size_t size = copies.sums.size();
    for (std::size_t run = before; run < size; run *= 2) {
      for (std::size_t first = 0; first < size; first += 2 * run) {
        const std::size_t middle = std::min(size, first + run);
        if (!merge_runs(copies, first, middle, std::min(size, middle + run), result, progress))
          return false;
      }
      std::swap(copies, result);
    }
    std::swap(copies, result);
  }
  return true;
}

// A set of ranks that grows: how many of its members lie below a rank.
class RankSet {
 public:
  explicit RankSet(std::size_t size)
      : bits_((size / kLine + 1) * kLineWords, 0), tree_(size / kLine + 2, 0) {}

  void insert(std::size_t rank) {
    set_bit(bits_.data(), rank);
    for (std::size_t node = rank / kLine + 1; node < tree_.size(); node += node & (~node + 1))
      ++tree_[node];
  }

  std::uint64_t below(std::size_t rank) const {
    std::uint64_t count = 0;
    for (std::size_t node = rank / kLine; node > 0; node &= node - 1) count += tree_[node];
    const std::uint64_t* line = &bits_[rank / kLine * kLineWords];
    const std::size_t word = rank % kLine / kWordBits;
    for (std::size_t w = 0; w < word; ++w) count += ones(line[w]);
    return count + ones(line[word] & ((std::uint64_t{1} << (rank % kWordBits)) - 1));
  }

 private:
  static std::uint64_t ones(std::uint64_t word) {
    return static_cast<std::uint64_t>(__builtin_popcountll(word));
  }
  static constexpr std::size_t kLineWords = 8;  // a cache line
  static constexpr std::size_t kLine = kLineWords * kWordBits;
  Words bits_;
  std::vector<std::uint32_t> tree_;  // Fenwick tree over the lines, from 1
};

double combinations(const Sums& sums, const std::vector<std::size_t>& columns) {
  double product = 1;
  for (const std::size_t column : columns)
    product *= static_cast<double>(sums.columns[column].joint.size());
  return product;
}

}  // namespace

PairsCounter::PairsCounter(const Sums& sums) : sums_(sums) {
  if (sums.none) return;
  cost_ = bytes_ = std::numeric_limits<double>::infinity();
  if (sums.rows() > 2) return;
  // The largest columns first, each to the half with fewer combinations.
  std::vector<std::size_t> order(sums.columns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sums.columns[a].joint.size() > sums.columns[b].joint.size();
  });
  double sizes[2] = {1, 1};
  for (const std::size_t column : order) {
    const int half = sizes[0] <= sizes[1] ? 0 : 1;
    halves_[half].push_back(column);
    sizes[half] = combinations(sums, halves_[half]);
  }
  const double larger = std::max(sizes[0], sizes[1]);
  if (larger > kMostHalf) return;
  for (std::size_t r = 0; r < sums.rows(); ++r) {
    Int128 most = sums.need[r];
    for (const Sums::Column& column : sums.columns)
      most += *std::max_element(column.term[r].begin(), column.term[r].end());
    narrow_ &= most >> kNarrowSumBits == 0;
  }
  const auto rows = static_cast<double>(sums.rows());
  const double wide = narrow_ ? 1 : 1.5;
  cost_ = (sizes[0] + sizes[1]) * (rows * kSortCost * wide + kSweepCost);
  bytes_ = larger * (narrow_ ? 60 : 90);
}

std::optional<Integer> PairsCounter::count(int jobs, const Progress& progress) const {
  if (sums_.none) return Integer(0);
  return narrow_ ? count_in<std::int64_t>(jobs, progress) : count_in<Int128>(jobs, progress);
}

template <class T>
std::optional<Integer> PairsCounter::count_in(int jobs, const Progress& progress) const {
  const auto both_sorted = [&](std::size_t row, std::array<SortedSums<T>, 2>& sorted) {
    std::atomic<bool> done{true};
    parallel_for(jobs, 2, [&](std::size_t half) {
      if (!sorted_sums(sums_, halves_[half], row, sorted[half], progress)) done = false;
    });
    return done.load();
  };
  Integer sizes[2];
  for (int half = 0; half < 2; ++half) {
    sizes[half] = 1;
    for (const std::size_t column : halves_[half])
      sizes[half] *= sums_.columns[column].joint.size();
  }
  if (sums_.rows() == 0) return Integer(sizes[0] * sizes[1]);

  // By the second row: where the sums of the second half stand, and where those stand that suffice
  // with each of the first.
  std::vector<std::uint32_t> rank, enough;
  if (sums_.rows() == 2) {
    std::array<SortedSums<T>, 2> sorted;
    if (!both_sorted(1, sorted)) return std::nullopt;
    const auto need = static_cast<T>(sums_.need[1]);
    const auto& [first, second] = sorted;
    rank.resize(second.sums.size());
    for (std::size_t n = 0; n < rank.size(); ++n)
      rank[second.packages[n]] = static_cast<std::uint32_t>(n);
    enough.resize(first.sums.size());
    std::size_t at = second.sums.size();
    for (std::size_t n = 0; n < enough.size(); ++n) {
      while (at > 0 && second.sums[at - 1] >= need - first.sums[n]) --at;
      enough[first.packages[n]] = static_cast<std::uint32_t>(at);
    }
  }
  std::array<SortedSums<T>, 2> sorted;
  if (!both_sorted(0, sorted)) return std::nullopt;
  const auto& [first, second] = sorted;
  const auto need = static_cast<T>(sums_.need[0]);
  RankSet ranks(rank.size());
  std::uint64_t count = 0;  // at most 4·10^14
  std::size_t at = second.sums.size();
  for (std::size_t n = 0; n < first.sums.size(); ++n) {
    if (n % kLook == 0 && !progress(0)) return std::nullopt;
    for (; at > 0 && second.sums[at - 1] >= need - first.sums[n]; --at) {
      if (at % kLook == 0 && !progress(0)) return std::nullopt;
      if (!rank.empty()) ranks.insert(rank[second.packages[at - 1]]);
    }
    count += second.sums.size() - at;
    if (!rank.empty()) count -= ranks.below(enough[first.packages[n]]);
  }
  return Integer(count);
}

}  // namespace zopa
