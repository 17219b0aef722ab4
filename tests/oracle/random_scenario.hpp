// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "model/scenario.hpp"

namespace zopa::oracle {

/// What a random scenario may hold.
struct Shape {
  int least_issues = 1;
  int most_issues = 4;
  int most_settlements = 5;    // an issue
  double most_packages = 300;  // before rules; continuous issues count as one
  int least_parties = 1;
  int most_parties = 4;
  int most_leaves = 6;
  int continuous_issues = 0;  // the first ones in a random order
  bool rules = true;
  bool trees = true;    // else the default: all parties, whole
  bool scopes = true;   // leaves with a scope; needs trees
  bool whens = true;    // leaves with a condition; needs trees
  bool demands = true;  // linked demands
  bool limits = true;
  bool drafts = true;
  bool strict = true;  // strict ends, lists and "!=" as red lines of issues with an order
};

/// A stream of random choices that is the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  /// Uniform on low … high, both included.
  int pick(int low, int high);
  /// True with the chance given in percent.
  bool chance(int percent) { return pick(0, 99) < percent; }

 private:
  std::mt19937_64 engine_;
};

/// A valid small scenario: the same for the same seed and shape. Its agreement space is not empty.
/// Numbers come from one of two families: tie-prone (worths on a grid of 0.1, saliences in
/// multiples of 5) and ugly (seven digits, odd steps).
Scenario random_scenario(std::uint64_t seed, const Shape& shape);

/// The scenario as a file of format 1.
std::string yaml_text(const Scenario& scenario);

}  // namespace zopa::oracle
