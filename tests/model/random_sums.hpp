// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "model/engine/sums.hpp"

namespace zopa::test {

/// How random sums look.
struct SumsShape {
  int most_columns = 5;
  int most_settlements = 6;
  int most_rows = 4;
  int most_term = 12;
  int bits = 0;  // terms and needs times a number of that many bits
};

/// Zero terms, single settlements and settlements that bring the same are common; needs stand
/// anywhere from 1 to just beyond what all columns bring.
Sums random_sums(std::uint64_t seed, const SumsShape& shape);

}  // namespace zopa::test
