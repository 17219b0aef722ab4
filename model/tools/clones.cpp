// SPDX-License-Identifier: MIT
#include "model/tools/clones.hpp"

#include <algorithm>

#include "model/tools/error.hpp"

namespace zopa {

std::vector<Clone> clones_of_this_machine() {
  std::vector<Clone> clones{Clone::baseline};
#if ZOPA_HAS_CLONES
  if (__builtin_cpu_supports("x86-64-v3")) clones.push_back(Clone::v3);
  if (__builtin_cpu_supports("x86-64-v4")) clones.push_back(Clone::v4);
#endif
  return clones;
}

std::atomic<Clone> running_clone{clones_of_this_machine().back()};

void run_clone(Clone clone) {
  const std::vector<Clone> clones = clones_of_this_machine();
  if (std::find(clones.begin(), clones.end(), clone) == clones.end())
    throw ModelError("a clone for another machine");
  running_clone.store(clone);
}

}  // namespace zopa
