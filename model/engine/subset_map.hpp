// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/engine/words.hpp"

namespace zopa {

/// Keeps account of which subsets of {0, …, size − 1} are known to be bad (they contain a bad set)
/// or good (they are part of a good set), where badness is monotone: the map of Liffiton et al.
/// (2016), pp. 226–230. Together with a test it finds all minimal bad and all maximal good sets:
///
///     while (auto seed = map.next())
///       test(*seed) ? map.add_good(grow(*seed)) : map.add_bad(shrink(*seed));
///
/// The complements of the maximal good sets are exactly the minimal sets that hit every minimal bad
/// set, so that with all bad sets given beforehand this is the enumeration of minimal hitting sets.
///
/// The search for an undecided set is a depth-first search over the members of bad sets not yet
/// hit, the member of most of them first, with unit propagation in both kinds of sets. It goes on
/// where it stopped: what is added later only decides more.
class SubsetMap {
 public:
  /// `left_out_first`: the members, those first that are to be missing from seeds where it matters.
  SubsetMap(std::size_t size, const std::vector<int>& left_out_first);

  void add_bad(const Words& set);   // whatever contains it is bad
  void add_good(const Words& set);  // every part of it is good

  /// A set that is neither; nothing: all sets are decided. The seed must be decided, by one of the
  /// sets added, before the next call.
  std::optional<Words> next();

 private:
  struct Level {
    Words in;
    Words out;
    std::size_t member = 0;  // left out first
  };
  bool propagate();
  std::optional<std::size_t> choose() const;
  bool back();

  std::size_t size_;
  std::vector<int> rank_;  // of each member in left_out_first
  std::vector<Words> bad_;
  std::vector<Words> missing_;  // complements of the good sets: an undecided set has one of each
  Words in_;
  Words out_;
  std::vector<Level> levels_;
  bool finished_ = false;
};

}  // namespace zopa
