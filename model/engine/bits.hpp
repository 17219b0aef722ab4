// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace zopa {

/// Σ over the groups of the number of bits that all rows of a group share. Groups stand one after
/// another in `rows`; group g has sizes[g] ≥ 1 rows of `words` words each, words ≤ kMostWords.
std::uint64_t count_shared_bits(const std::uint64_t* const* rows, const int* sizes, int groups,
                                int words);

inline constexpr int kMostWords = 64;

}  // namespace zopa
