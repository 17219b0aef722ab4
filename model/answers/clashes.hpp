// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "model/answers/demands.hpp"

namespace zopa {

/// The conflicts that are found at once: those of one and of two demands, and one more where these
/// are not all there is. For a summary; `find_conflicts` gives all.
struct Clashes {
  std::vector<NamedDemand> demands;
  bool open = false;                    // the zone is not empty: there is no conflict
  std::vector<std::vector<int>> small;  // of one and two demands, by size, then lexicographically
  std::vector<int> one;                 // a conflict, rising: of the small ones the first, else
                                        // that of `one_conflict`; empty when none was found
  bool complete = true;                 // false: stopped; `small` may lack some
};

/// Direct checks of every demand and of every pair whose members are possible alone.
Clashes find_clashes(const Scenario& scenario, const Problem& problem, const Progress& progress);

}  // namespace zopa
