// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace zopa::bench {

/// What a goal is about, and which way is better.
enum class Unit {
  ratio,    // `reference` time over `ours`: the greater the better
  seconds,  // of processor time: the less the better
  gap,      // what may be missing to the optimum, in margins: the less the better
  error,    // relative standard error: the less the better
};

/// What was measured for one goal.
struct Measurement {
  double ours = 0;                  // seconds with Unit::ratio, otherwise in the unit itself
  std::optional<double> reference;  // seconds; absent: nothing to compare with
  bool at_least = false;            // the reference was stopped: it would have needed longer
  bool agree = true;                // ours and the reference found the same
};

/// One line of the table of goals.
struct Goal {
  std::string goal;
  std::string size;
  Unit unit;
  double must;
  double aim;
  std::function<Measurement()> measure;
};

std::vector<Goal> conflict_goals();
std::vector<Goal> count_goals();
std::vector<Goal> depth_goals();
std::vector<Goal> frontier_goals();
std::vector<Goal> solve_goals();

/// Processor seconds of this process, all threads.
double processor_seconds(const std::function<void()>& work);

/// Seconds of the clock on the wall.
double wall_seconds(const std::function<void()>& work);

/// The middle one; of an even number the greater of the two in the middle. `values` not empty.
double median(std::vector<double> values);

/// The median of the processor seconds of some runs.
double median_seconds(int runs, const std::function<void()>& work);

}  // namespace zopa::bench
