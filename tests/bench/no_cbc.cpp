// SPDX-License-Identifier: MIT
#include "tests/bench/cbc.hpp"

namespace zopa::bench {

const bool kHasCbc = false;

CbcDepth cbc_depth(const Problem&, double) { return {}; }

}  // namespace zopa::bench
