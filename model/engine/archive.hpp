// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/tools/exact.hpp"

namespace zopa {

/// What a partial package has done for the constraints that later issues still decide: more bits
/// never leave less open.
struct Standing {
  std::uint64_t a = 0;
  std::uint64_t b = 0;

  /// Whether this leaves everything open that the other does.
  bool covers(const Standing& other) const { return (other.a & ~a) == 0 && (other.b & ~b) == 0; }
  friend auto operator<=>(const Standing&, const Standing&) = default;
};

/// A growing set of points, asked again and again whether one of them is at least as good as a
/// given one: in every column, and in its standing.
///
/// Points lie in blocks of 64, column by column, and blocks in trees whose nodes hold the greatest
/// of every column below them (a k-d order makes neighbours alike), so that one vectorised kernel
/// serves every level. Trees of equal size are merged four at a time: an insertion costs
/// O(log² size) on average, and none reorders more than kMostTogether points.
///
/// A is int32_t, int64_t or Int128. Memory: about (columns · sizeof(A) + 24) bytes a point, and for
/// a moment twice that of the points that are merged.
template <class A>
class Archive {
 public:
  static constexpr std::size_t kMostTogether = std::size_t{1} << 18;

  /// Values of every column are ≥ 0. With `standing` false all standings count as equal.
  Archive(int columns, bool standing);

  /// Whether some point is ≥ the given one in all columns and covers its standing.
  bool reaches(const A* point, const Standing& standing);

  void insert(const A* point, const Standing& standing);

 private:
  static constexpr std::size_t kBlock = 64;
  static constexpr std::size_t kTogether = 4;  // trees that become one

  struct Tree {
    std::size_t size = 0;
    std::vector<std::vector<A>> levels;  // points, then the greatest of each block, and so on
    std::vector<Standing> standings;     // of the points
  };

  bool search(const Tree& tree, std::size_t level, std::size_t block, const A* point,
              const Standing& standing);
  Tree make_tree(const std::vector<A>& points, const std::vector<Standing>& standings);
  void merge_last();

  int columns_;
  bool standing_;
  std::size_t filled_ = 0;  // of the youngest block
  std::vector<A> block_;
  std::vector<Standing> block_standings_;
  std::vector<Tree> trees_;
};

extern template class Archive<std::int32_t>;
extern template class Archive<std::int64_t>;
extern template class Archive<Int128>;

}  // namespace zopa
