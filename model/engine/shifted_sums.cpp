// SPDX-License-Identifier: MIT
#include "model/engine/shifted_sums.hpp"

#include "model/tools/clones.hpp"

namespace zopa {
namespace {

struct AddShiftedLines {
  [[gnu::always_inline]] static void run(std::uint64_t* to, std::size_t length, int limbs,
                                         const LineShift* lines, std::size_t count,
                                         std::size_t from_length, int from_limbs) {
    for (int limb = 0; limb < from_limbs; ++limb) {
      std::uint64_t* __restrict sums = to + static_cast<std::size_t>(limb) * length;
      for (std::size_t l = 0; l < count; ++l) {
        const LineShift& line = lines[l];
        const std::uint64_t* from = line.from + static_cast<std::size_t>(limb) * from_length;
        const std::uint64_t least = from[0];
        for (std::size_t n = 0; n < line.flat; ++n) sums[n] += least;
        const std::uint64_t* __restrict shifted = from + line.first;
        std::uint64_t* __restrict range = sums + line.begin;
        const std::size_t size = line.end - line.begin;
        for (std::size_t n = 0; n < size; ++n) range[n] += shifted[n];
      }
    }
    constexpr std::uint64_t kMask = (std::uint64_t{1} << kLimbBits) - 1;
    for (int limb = 0; limb + 1 < limbs; ++limb) {
      std::uint64_t* __restrict low = to + static_cast<std::size_t>(limb) * length;
      std::uint64_t* __restrict high = low + length;
      for (std::size_t n = 0; n < length; ++n) {
        high[n] += low[n] >> kLimbBits;
        low[n] &= kMask;
      }
    }
  }
};

}  // namespace

void add_shifted_lines(std::uint64_t* to, std::size_t length, int limbs, const LineShift* lines,
                       std::size_t count, std::size_t from_length, int from_limbs) {
  run_cloned<AddShiftedLines>(to, length, limbs, lines, count, from_length, from_limbs);
}

}  // namespace zopa
