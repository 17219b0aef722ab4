// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace zopa::test {

/// The share of random tests to run (environment ZOPA_RANDOM_SHARE, 1 without), times `cases`; at
/// least one.
inline int random_cases(int cases) {
  const char* share = std::getenv("ZOPA_RANDOM_SHARE");
  return share == nullptr ? cases
                          : std::max(1, static_cast<int>(std::lround(cases * std::atof(share))));
}

}  // namespace zopa::test
