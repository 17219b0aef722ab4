// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "model/problem.hpp"

namespace zopa::bench {

/// Whether this build has CBC. Without it nothing is compared with it.
extern const bool kHasCbc;

/// What CBC makes of a problem.
struct CbcDepth {
  std::optional<double> low;  // the deepest it has found, if any
  bool proven = false;        // nothing is deeper
};

/// The depth of a problem of whole parties under `all`, without demands and rules, as a
/// mixed-integer program in double precision, to CBC's usual 1e-7: a binary a settlement;
/// on continuous issues a weight a breakpoint and a binary a segment. Gives up after `seconds`.
CbcDepth cbc_depth(const Problem& problem, double seconds);

}  // namespace zopa::bench
