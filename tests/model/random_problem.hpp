// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "model/problem.hpp"
#include "tests/random_cases.hpp"

namespace zopa::test {

/// What a random problem may hold.
struct ProblemShape {
  int most_issues = 5;
  int most_settlements = 6;
  int most_leaves = 5;
  bool pure_all = false;    // the tree is one `all` of leaves without conditions
  bool rules = true;        // clauses and linear rules
  bool demands = true;      // red lines and linked demands
  int continuous = 0;       // that many issues are continuous
  bool equations = false;   // some linear rules hold with equality
  int worth_steps = 10;     // worths are multiples of 1/worth_steps: few steps make many ties
  bool huge_units = false;  // units of about 100 bits
};

/// A random problem with issues of options or numbers, leaves, a consent tree of every kind, rules.
/// Its agreement space may be empty.
Problem random_problem(std::uint64_t seed, const ProblemShape& shape);

/// Whether the tree accepts when leaf i accepts exactly A_i, straight from the definition. `x` has
/// one place an issue, `piece` the piece it lies on.
bool plainly_accepted(const Problem& problem, const std::vector<int>& piece,
                      const std::vector<Rational>& place);

/// Whether no rule is broken, straight from the definition.
bool plainly_possible(const Problem& problem, const std::vector<int>& piece,
                      const std::vector<Rational>& place);

struct PlainCount {
  std::uint64_t packages = 0;    // of X
  std::uint64_t acceptable = 0;  // of Z
};

/// Every package, one by one, straight from the definitions. Issues without a continuum only.
PlainCount count_plainly(const Problem& problem);

}  // namespace zopa::test
