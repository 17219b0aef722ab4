// SPDX-License-Identifier: MIT
#pragma once

namespace zopa::bench {

/// Our time against a reference's, medians of several runs in seconds.
struct FrontierGoal {
  double ours = 0;
  double reference = 0;  // 0: there is none
  bool agree = true;     // both have the same frontier
};

/// The frontier of 10^5 packages of 4 parties (5 issues with 10 settlements): against adding up the
/// utilities of all packages and comparing each with the others until one is found that is better
/// (O(N²)).
FrontierGoal frontier_against_filter();

/// The frontier of 10^30 packages (30 issues with 10 settlements) of 2 or 3 parties. Agrees when it
/// is complete and every point is checked not to be worse than another.
FrontierGoal frontier_of_many(int parties);

}  // namespace zopa::bench
