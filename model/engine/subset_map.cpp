// SPDX-License-Identifier: MIT
#include "model/engine/subset_map.hpp"

#include <bit>

#include "model/tools/at.hpp"

namespace zopa {
namespace {

enum class Left { several, one, none };

// What of a set is neither among `excluded` nor, unless it meets `wanted`, decided: the members
// that could still settle it. `member` is set when there is one.
Left left_of(const Words& set, const Words& excluded, std::size_t& member) {
  int count = 0;
  for (std::size_t w = 0; w < set.size(); ++w) {
    const std::uint64_t left = set[w] & ~excluded[w];
    if (left == 0) continue;
    count += std::popcount(left);
    if (count > 1) return Left::several;
    member = w * kWordBits + static_cast<std::size_t>(std::countr_zero(left));
  }
  return count == 0 ? Left::none : Left::one;
}

bool meets(const Words& a, const Words& b) {
  for (std::size_t w = 0; w < a.size(); ++w) {
    if (a[w] & b[w]) return true;
  }
  return false;
}

}  // namespace

SubsetMap::SubsetMap(std::size_t size, const std::vector<int>& left_out_first)
    : size_(size), rank_(size, 0), in_(words_for(size), 0), out_(words_for(size), 0) {
  for (std::size_t r = 0; r < left_out_first.size(); ++r)
    rank_[at(left_out_first[r])] = static_cast<int>(r);
}

void SubsetMap::add_bad(const Words& set) { bad_.push_back(set); }

void SubsetMap::add_good(const Words& set) {
  Words missing(set.size(), 0);
  for (std::size_t d = 0; d < size_; ++d) {
    if (!has_bit(set, d)) set_bit(missing, d);
  }
  missing_.push_back(std::move(missing));
}

// Of every bad set a member must be out, of the complement of every good set a member must be in.
bool SubsetMap::propagate() {
  std::size_t member = 0;
  for (bool again = true; again;) {
    again = false;
    for (const Words& bad : bad_) {
      if (meets(bad, out_)) continue;
      const Left left = left_of(bad, in_, member);
      if (left == Left::none) return false;
      if (left == Left::several) continue;
      set_bit(out_, member);
      again = true;
    }
    for (const Words& missing : missing_) {
      if (meets(missing, in_)) continue;
      const Left left = left_of(missing, out_, member);
      if (left == Left::none) return false;
      if (left == Left::several) continue;
      set_bit(in_, member);
      again = true;
    }
  }
  return true;
}

// The undecided member of most bad sets that are not hit yet; nothing: all are hit.
std::optional<std::size_t> SubsetMap::choose() const {
  std::vector<int> count(size_, 0);
  bool any = false;
  for (const Words& bad : bad_) {
    if (meets(bad, out_)) continue;
    any = true;
    for (std::size_t w = 0; w < bad.size(); ++w) {
      for (std::uint64_t left = bad[w] & ~in_[w]; left != 0; left &= left - 1)
        ++count[w * kWordBits + static_cast<std::size_t>(std::countr_zero(left))];
    }
  }
  if (!any) return std::nullopt;
  std::size_t best = 0;
  for (std::size_t d = 1; d < size_; ++d) {
    if (count[d] > count[best] || (count[d] == count[best] && rank_[d] < rank_[best])) best = d;
  }
  return best;
}

bool SubsetMap::back() {
  if (levels_.empty()) return false;
  in_ = std::move(levels_.back().in);
  out_ = std::move(levels_.back().out);
  set_bit(in_, levels_.back().member);
  levels_.pop_back();
  return true;
}

std::optional<Words> SubsetMap::next() {
  while (!finished_) {
    if (!propagate()) {
      finished_ = !back();
      continue;
    }
    const auto member = choose();
    if (!member) {
      Words seed(words_for(size_), 0);
      for (std::size_t d = 0; d < size_; ++d) {
        if (!has_bit(out_, d)) set_bit(seed, d);
      }
      return seed;
    }
    levels_.push_back({in_, out_, *member});
    set_bit(out_, *member);
  }
  return std::nullopt;
}

}  // namespace zopa
