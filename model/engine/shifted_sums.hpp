// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace zopa {

/// Whole numbers of any length as limbs of 52 bits in words of 64, so that 4,096 of them can be
/// added before a carry is due. A line of `length` numbers lies limb by limb: the lowest limbs of
/// all of them, then the next.
inline constexpr int kLimbBits = 52;
inline constexpr std::size_t kMostSummands = 4096;

/// What one line gives to another: its first number to the target's numbers [0, flat), and its
/// numbers from `first` on to [begin, end).
struct LineShift {
  const std::uint64_t* from = nullptr;
  std::size_t flat = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t first = 0;
};

/// Adds `count` ≤ kMostSummands lines of `from_length` numbers of `from_limbs` limbs to the line
/// `to`, of `length` numbers of `limbs` ≥ from_limbs limbs, which must be 0, and carries. The sums
/// must fit.
void add_shifted_lines(std::uint64_t* to, std::size_t length, int limbs, const LineShift* lines,
                       std::size_t count, std::size_t from_length, int from_limbs);

}  // namespace zopa
