// SPDX-License-Identifier: MIT
#include "model/tools/parallel.hpp"

#ifndef __EMSCRIPTEN__
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#endif

namespace zopa {

void parallel_for(int jobs, std::size_t count, const std::function<void(std::size_t)>& body) {
#ifndef __EMSCRIPTEN__
  if (jobs > 1 && count > 1) {
    tbb::task_arena arena(jobs);
    arena.execute([&] {
      tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 1),
                        [&](const tbb::blocked_range<std::size_t>& range) {
                          for (std::size_t k = range.begin(); k != range.end(); ++k) body(k);
                        });
    });
    return;
  }
#endif
  for (std::size_t k = 0; k < count; ++k) body(k);
}

}  // namespace zopa
