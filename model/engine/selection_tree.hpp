// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "model/engine/selection.hpp"

namespace zopa {

/// What may become of a leaf or a node over all packages of a box: a set of these.
enum Outcome : unsigned char { kAside = 1, kAccepts = 2, kRefuses = 4 };

/// What is known of all packages of a box together.
enum class Verdict { rejected, accepted, open };

/// The outcomes that the root may have when each leaf has one of its own; `leaf` is n×1, `scratch`
/// as long as the tree. Never too few; exact when every leaf has one outcome.
unsigned char root_outcomes(const std::vector<Selection::Node>& tree,
                            const std::vector<unsigned char>& leaf,
                            std::vector<unsigned char>& scratch);

/// Evaluates a tree for many packages at once, one a bit.
class BitTree {
 public:
  BitTree(const std::vector<Selection::Node>& tree, int leaves, int words);

  /// The rows to fill for each leaf of the tree before `refused`: where it is asked, and where it
  /// accepts (only where it is asked).
  std::uint64_t* asked(int leaf) { return &bits_[(leaf_slot(leaf)) * words_]; }
  std::uint64_t* accepts(int leaf) { return &bits_[(leaf_slot(leaf) + 1) * words_]; }

  /// One bit a package: the root is asked and refuses.
  const std::uint64_t* refused();

 private:
  std::size_t leaf_slot(int leaf) const { return 2 * static_cast<std::size_t>(leaf); }
  void weigh(const Selection::Node& node, std::uint64_t* accepted);
  std::uint64_t* asked_of_node(int node) {
    return &bits_[2 * (leaves_ + static_cast<std::size_t>(node)) * words_];
  }

  const std::vector<Selection::Node>& tree_;
  std::size_t leaves_;
  std::size_t words_;
  std::vector<std::uint64_t> bits_;    // leaves, then nodes: asked and accepts of each
  std::vector<std::uint64_t> planes_;  // bit-sliced sums of weights
  std::vector<std::uint64_t> refused_;
};

}  // namespace zopa
