// SPDX-License-Identifier: MIT
#include "model/engine/archive.hpp"

#include <algorithm>
#include <numeric>

#include "model/tools/at.hpp"
#include "model/tools/clones.hpp"

namespace zopa {
namespace {

constexpr int kLanes = 64;

// ok[e]: all bits set where entry e of the block is ≥ the point in every column, else 0. Whether
// there is one.
template <class A>
struct CompareBlock {
  [[gnu::always_inline]] static bool run(const A* __restrict block, int columns,
                                         const A* __restrict point, A* __restrict ok) {
    for (int e = 0; e < kLanes; ++e) ok[e] = block[e] >= point[0] ? A(-1) : A(0);
    for (int c = 1; c < columns; ++c) {
      const A* column = block + kLanes * c;
      const A least = point[c];
      for (int e = 0; e < kLanes; ++e) ok[e] &= column[e] >= least ? A(-1) : A(0);
    }
    A any = 0;
    for (int e = 0; e < kLanes; ++e) any |= ok[e];
    return any != 0;
  }
};

template <class A>
bool compare(const A* block, int columns, const A* point, A* ok) {
  // Vectors have no 128-bit lanes.
  if constexpr (sizeof(A) > sizeof(std::int64_t)) {
    return CompareBlock<A>::run(block, columns, point, ok);
  } else {
    return run_cloned<CompareBlock<A>>(block, columns, point, ok);
  }
}

// Orders the points of [from, to) so that blocks of 64 neighbours are alike: halves at the median
// of one column after another.
template <class A>
void order_alike(const std::vector<A>& points, int columns, std::uint32_t* from, std::uint32_t* to,
                 int column) {
  const auto size = to - from;
  if (size <= kLanes) return;
  const auto middle = from + (size / 2 + kLanes - 1) / kLanes * kLanes;
  std::nth_element(from, middle, to, [&](std::uint32_t p, std::uint32_t q) {
    return points[p * at(columns) + at(column)] > points[q * at(columns) + at(column)];
  });
  const int next = column + 1 == columns ? 0 : column + 1;
  order_alike(points, columns, from, middle, next);
  order_alike(points, columns, middle, to, next);
}

}  // namespace

template <class A>
Archive<A>::Archive(int columns, bool standing)
    : columns_(columns),
      standing_(standing),
      block_(kBlock * at(columns), A(-1)),
      block_standings_(kBlock) {}

template <class A>
bool Archive<A>::search(const Tree& tree, std::size_t level, std::size_t block, const A* point,
                        const Standing& standing) {
  A ok[kBlock];
  if (!compare(&tree.levels[level][block * kBlock * at(columns_)], columns_, point, ok))
    return false;
  if (level == 0 && !standing_) return true;
  for (std::size_t e = 0; e < kBlock; ++e) {
    if (ok[e] == 0) continue;
    if (level == 0 ? tree.standings[block * kBlock + e].covers(standing)
                   : search(tree, level - 1, block * kBlock + e, point, standing))
      return true;
  }
  return false;
}

template <class A>
bool Archive<A>::reaches(const A* point, const Standing& standing) {
  if (columns_ == 0) return false;
  for (const Tree& tree : trees_)
    if (search(tree, tree.levels.size() - 1, 0, point, standing)) return true;
  if (filled_ == 0) return false;
  A ok[kBlock];
  if (!compare(block_.data(), columns_, point, ok)) return false;
  if (!standing_) return true;
  for (std::size_t e = 0; e < filled_; ++e)
    if (ok[e] != 0 && block_standings_[e].covers(standing)) return true;
  return false;
}

template <class A>
typename Archive<A>::Tree Archive<A>::make_tree(const std::vector<A>& points,
                                                const std::vector<Standing>& standings) {
  const std::size_t width = at(columns_);
  Tree tree;
  tree.size = standings.size();
  std::vector<std::uint32_t> order(tree.size);
  std::iota(order.begin(), order.end(), 0U);
  order_alike(points, columns_, order.data(), order.data() + order.size(), 0);
  std::size_t blocks = (tree.size + kBlock - 1) / kBlock;
  auto& leaves = tree.levels.emplace_back(blocks * kBlock * width, A(-1));
  tree.standings.resize(blocks * kBlock);
  for (std::size_t p = 0; p < tree.size; ++p) {
    for (std::size_t c = 0; c < width; ++c)
      leaves[(p / kBlock * width + c) * kBlock + p % kBlock] = points[order[p] * width + c];
    tree.standings[p] = standings[order[p]];
  }
  while (blocks > 1) {
    const std::size_t entries = blocks;
    blocks = (entries + kBlock - 1) / kBlock;
    std::vector<A> level(blocks * kBlock * width, A(-1));
    const std::vector<A>& below = tree.levels.back();
    for (std::size_t p = 0; p < entries; ++p) {
      for (std::size_t c = 0; c < width; ++c) {
        const A* column = &below[(p * width + c) * kBlock];
        level[(p / kBlock * width + c) * kBlock + p % kBlock] =
            *std::max_element(column, column + kBlock);
      }
    }
    tree.levels.push_back(std::move(level));
  }
  return tree;
}

template <class A>
void Archive<A>::merge_last() {
  const std::size_t width = at(columns_);
  std::vector<A> points;
  std::vector<Standing> standings;
  for (std::size_t t = trees_.size() - kTogether; t < trees_.size(); ++t) {
    const Tree& tree = trees_[t];
    for (std::size_t p = 0; p < tree.size; ++p) {
      for (std::size_t c = 0; c < width; ++c)
        points.push_back(tree.levels[0][(p / kBlock * width + c) * kBlock + p % kBlock]);
      standings.push_back(tree.standings[p]);
    }
  }
  trees_.resize(trees_.size() - kTogether);
  trees_.push_back(make_tree(points, standings));
}

template <class A>
void Archive<A>::insert(const A* point, const Standing& standing) {
  if (columns_ == 0) return;
  for (std::size_t c = 0; c < at(columns_); ++c) block_[c * kBlock + filled_] = point[c];
  block_standings_[filled_] = standing;
  if (++filled_ < kBlock) return;
  Tree tree;
  tree.size = kBlock;
  tree.levels.push_back(block_);
  tree.standings = block_standings_;
  trees_.push_back(std::move(tree));
  std::fill(block_.begin(), block_.end(), A(-1));
  filled_ = 0;
  // Sizes of the trees fall, so that the last ones are the smallest.
  while (trees_.size() >= kTogether) {
    const std::size_t size = trees_.back().size;
    if (size * kTogether > kMostTogether || trees_[trees_.size() - kTogether].size != size) break;
    merge_last();
  }
}

template class Archive<std::int32_t>;
template class Archive<std::int64_t>;
template class Archive<Int128>;

}  // namespace zopa
