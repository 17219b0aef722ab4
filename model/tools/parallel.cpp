// SPDX-License-Identifier: MIT
#include "model/tools/parallel.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

namespace zopa {

void parallel_for(int count, int jobs, const std::function<void(int)>& body) {
  if (jobs <= 1 || count <= 1) {
    for (int k = 0; k < count; ++k) body(k);
    return;
  }
  tbb::task_arena arena(jobs);
  arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<int>(0, count, 1),
                      [&](const tbb::blocked_range<int>& range) {
                        for (int k = range.begin(); k < range.end(); ++k) body(k);
                      });
  });
}

}  // namespace zopa
