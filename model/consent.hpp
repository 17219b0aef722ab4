// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/position.hpp"

namespace zopa {

/// Who must accept: a tree. A leaf asks one party, over its scope, when its condition holds.
struct Consent {
  enum class Kind { leaf, all, any, at_least, quota };

  Kind kind = Kind::all;
  std::string title;

  // leaf
  int party = -1;
  std::optional<std::vector<int>> issues;  // the scope; absent: every issue
  Condition when;                          // empty: always asked

  // every other kind
  std::vector<Consent> members;
  int count = 0;                  // at_least
  Rational need;                  // quota, in the unit of the weights
  std::vector<Rational> weights;  // quota, one a member
};

}  // namespace zopa
