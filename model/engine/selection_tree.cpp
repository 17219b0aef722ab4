// SPDX-License-Identifier: MIT
#include "model/engine/selection_tree.hpp"

#include <algorithm>
#include <numeric>

namespace zopa {

unsigned char root_outcomes(const std::vector<Selection::Node>& tree,
                            const std::vector<unsigned char>& leaf,
                            std::vector<unsigned char>& scratch) {
  for (std::size_t t = 0; t < tree.size(); ++t) {
    const Selection::Node& node = tree[t];
    if (node.kind == Consent::Kind::leaf) {
      scratch[t] = leaf[static_cast<std::size_t>(node.leaf)];
      continue;
    }
    bool all_aside = true, some_accept = false, some_refuse = false;
    bool all_accept_or_aside = true, all_refuse_or_aside = true;
    for (const int member : node.members) {
      const unsigned char out = scratch[static_cast<std::size_t>(member)];
      all_aside &= (out & kAside) != 0;
      some_accept |= (out & kAccepts) != 0;
      some_refuse |= (out & kRefuses) != 0;
      all_accept_or_aside &= (out & (kAccepts | kAside)) != 0;
      all_refuse_or_aside &= (out & (kRefuses | kAside)) != 0;
    }
    bool accept = false, refuse = false;
    switch (node.kind) {
      case Consent::Kind::all:
        accept = all_accept_or_aside && some_accept;
        refuse = some_refuse;
        break;
      case Consent::Kind::any:
        accept = some_accept;
        refuse = all_refuse_or_aside && some_refuse;
        break;
      default: {
        Integer most = 0, least = 0;
        for (std::size_t c = 0; c < node.members.size(); ++c) {
          const unsigned char out = scratch[static_cast<std::size_t>(node.members[c])];
          if (out & kAccepts) most += node.weights[c];
          if (out == kAccepts) least += node.weights[c];
        }
        accept = most >= node.need;
        refuse = least < node.need && (some_accept || some_refuse);
      }
    }
    scratch[t] = static_cast<unsigned char>((all_aside ? kAside : 0) | (accept ? kAccepts : 0) |
                                            (refuse ? kRefuses : 0));
  }
  return scratch.back();
}

BitTree::BitTree(const std::vector<Selection::Node>& tree, int leaves, int words)
    : tree_(tree),
      leaves_(static_cast<std::size_t>(leaves)),
      words_(static_cast<std::size_t>(words)),
      bits_(2 * (leaves_ + tree.size()) * words_),
      refused_(words_) {
  std::size_t planes = 0;
  for (const Selection::Node& node : tree) {
    const Integer sum =
        std::accumulate(node.weights.begin(), node.weights.end(), Integer(node.need));
    if (sum > 0) planes = std::max<std::size_t>(planes, msb(sum) + 1);
  }
  planes_.resize((planes + 1) * words_);
}

// accepted = Σ of the weights of accepting members ≥ need, for every package.
void BitTree::weigh(const Selection::Node& node, std::uint64_t* accepted) {
  const std::size_t planes = planes_.size() / words_ - 1;
  std::fill(planes_.begin(), planes_.end(), 0);
  std::uint64_t* carry = &planes_[planes * words_];
  for (std::size_t c = 0; c < node.members.size(); ++c) {
    const std::uint64_t* accepts = asked_of_node(node.members[c]) + words_;
    std::fill(carry, carry + words_, 0);
    for (std::size_t p = 0; p < planes; ++p) {
      const bool weighs = bit_test(node.weights[c], static_cast<unsigned>(p));
      std::uint64_t* plane = &planes_[p * words_];
      for (std::size_t w = 0; w < words_; ++w) {
        const std::uint64_t add = weighs ? accepts[w] : 0;
        const std::uint64_t half = plane[w] ^ add;
        const std::uint64_t over = (plane[w] & add) | (half & carry[w]);
        plane[w] = half ^ carry[w];
        carry[w] = over;
      }
    }
  }
  // Compare with `need` from the highest bit down; `carry` holds where all bits were equal so far.
  std::fill(carry, carry + words_, ~std::uint64_t{0});
  std::fill(accepted, accepted + words_, 0);
  for (std::size_t p = planes; p-- > 0;) {
    const std::uint64_t* plane = &planes_[p * words_];
    const bool needed = bit_test(node.need, static_cast<unsigned>(p));
    for (std::size_t w = 0; w < words_; ++w) {
      if (needed) {
        carry[w] &= plane[w];
      } else {
        accepted[w] |= carry[w] & plane[w];
        carry[w] &= ~plane[w];
      }
    }
  }
  for (std::size_t w = 0; w < words_; ++w) accepted[w] |= carry[w];
}

const std::uint64_t* BitTree::refused() {
  for (std::size_t t = 0; t < tree_.size(); ++t) {
    const Selection::Node& node = tree_[t];
    std::uint64_t* asked = asked_of_node(static_cast<int>(t));
    std::uint64_t* accepted = asked + words_;
    if (node.kind == Consent::Kind::leaf) {
      std::copy_n(this->asked(node.leaf), 2 * words_, asked);
      continue;
    }
    std::fill(asked, asked + 2 * words_, 0);
    for (const int member : node.members) {
      const std::uint64_t* from = asked_of_node(member);
      for (std::size_t w = 0; w < words_; ++w) asked[w] |= from[w];
    }
    if (node.kind == Consent::Kind::all) {
      std::copy_n(asked, words_, accepted);
      for (const int member : node.members) {
        const std::uint64_t* from = asked_of_node(member);
        for (std::size_t w = 0; w < words_; ++w) accepted[w] &= ~(from[w] & ~from[words_ + w]);
      }
    } else if (node.kind == Consent::Kind::any) {
      for (const int member : node.members) {
        const std::uint64_t* from = asked_of_node(member);
        for (std::size_t w = 0; w < words_; ++w) accepted[w] |= from[words_ + w];
      }
    } else {
      weigh(node, accepted);
    }
  }
  const std::uint64_t* asked = asked_of_node(static_cast<int>(tree_.size()) - 1);
  for (std::size_t w = 0; w < words_; ++w) refused_[w] = asked[w] & ~asked[words_ + w];
  return refused_.data();
}

}  // namespace zopa
