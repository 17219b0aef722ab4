// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace zopa::bench {

/// One measured goal of counting. Times are medians of several runs, in seconds of processor time
/// a thread.
struct BreadthGoal {
  std::string goal;
  std::string size;
  double ours = 0;
  double reference = 0;   // of a plain loop over all packages; 0: there is none
  double value = 0;       // what is compared: the ratio, or the seconds, or the error
  std::string unit = "";  // "x": value ≥ must; "s" and "%": value ≤ must
  double must = 0;
  double aim = 0;
  bool agrees = true;  // with the reference, or with another method
};

/// The goals of counting, each measured when it is called, on instances with fixed seeds.
std::vector<std::function<BreadthGoal()>> breadth_goals();

}  // namespace zopa::bench
