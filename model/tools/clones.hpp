// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <vector>

namespace zopa {

/// Generations of x86-64 for which hot functions are compiled; elsewhere there is the first alone.
enum class Clone {
  baseline,
  v3,  // x86-64-v3: AVX2
  v4,  // x86-64-v4: AVX-512
};

/// The clones that this machine can run, the least first.
std::vector<Clone> clones_of_this_machine();

/// From now on hot functions run this clone; at start it is the last of `clones_of_this_machine`.
/// For tests: every clone gives the same results. Throws ModelError when the machine cannot run it.
void run_clone(Clone clone);

/// The clone that hot functions run now.
extern std::atomic<Clone> running_clone;

#if defined(__x86_64__) && defined(__GNUC__)
#define ZOPA_HAS_CLONES 1
template <class Kernel, class... Arguments>
[[gnu::target("arch=x86-64-v3"), gnu::noinline]] auto run_v3(Arguments... arguments) {
  return Kernel::run(arguments...);
}
template <class Kernel, class... Arguments>
[[gnu::target("arch=x86-64-v4"), gnu::noinline]] auto run_v4(Arguments... arguments) {
  return Kernel::run(arguments...);
}
#else
#define ZOPA_HAS_CLONES 0
#endif

/// Kernel::run(arguments…), as it is compiled for the clone that is to run:
///
///     struct CountOnes {
///       [[gnu::always_inline]] static std::uint64_t run(const std::uint64_t* words, int size) { …
///       }
///     };
///     std::uint64_t count_ones(…) { return run_cloned<CountOnes>(words, size); }
///
/// Only for functions of integers, so that all clones return the same. These have clones:
/// `count_shared_bits` (engine/bits), `add_shifted_lines` (engine/shifted_sums), and the comparison
/// of a block of `Archive` in 32 and in 64 bits (engine/archive). A call costs a load and a branch
/// that is always predicted; the loader has no part in it, so that sanitizers do not mind.
template <class Kernel, class... Arguments>
auto run_cloned(Arguments... arguments) {
#if ZOPA_HAS_CLONES
  switch (running_clone.load(std::memory_order_relaxed)) {
    case Clone::v4: return run_v4<Kernel>(arguments...);
    case Clone::v3: return run_v3<Kernel>(arguments...);
    case Clone::baseline: break;
  }
#endif
  return Kernel::run(arguments...);
}

}  // namespace zopa
