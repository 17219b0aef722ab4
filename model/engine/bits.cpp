// SPDX-License-Identifier: MIT
#include "model/engine/bits.hpp"

#include "model/tools/clones.hpp"

namespace zopa {
namespace {

struct CountSharedBits {
  [[gnu::always_inline]] static std::uint64_t run(const std::uint64_t* const* rows,
                                                  const int* sizes, int groups, int words) {
    std::uint64_t total = 0;
    for (int g = 0; g < groups; ++g) {
      const int size = sizes[g];
      const std::uint64_t* __restrict a = rows[0];
      const std::uint64_t* __restrict b = rows[size > 1 ? 1 : 0];
      const std::uint64_t* __restrict c = rows[size > 2 ? 2 : 0];
      const std::uint64_t* __restrict d = rows[size > 3 ? 3 : 0];
      std::uint64_t shared[kMostWords];
      if (size <= 2) {
        for (int w = 0; w < words; ++w) shared[w] = a[w] & b[w];
      } else {
        for (int w = 0; w < words; ++w) shared[w] = a[w] & b[w] & c[w] & d[w];
        for (int r = 4; r < size; ++r) {
          const std::uint64_t* __restrict more = rows[r];
          for (int w = 0; w < words; ++w) shared[w] &= more[w];
        }
      }
      for (int w = 0; w < words; ++w)
        total += static_cast<std::uint64_t>(__builtin_popcountll(shared[w]));
      rows += size;
    }
    return total;
  }
};

}  // namespace

std::uint64_t count_shared_bits(const std::uint64_t* const* rows, const int* sizes, int groups,
                                int words) {
  return run_cloned<CountSharedBits>(rows, sizes, groups, words);
}

}  // namespace zopa
