// SPDX-License-Identifier: MIT
#include "model/tools/parallel.hpp"

#if defined(__SANITIZE_THREAD__)
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>
#elif !defined(__EMSCRIPTEN__)
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#endif

namespace zopa {

void parallel_for(int jobs, std::size_t count, const std::function<void(std::size_t)>& body) {
#if defined(__SANITIZE_THREAD__)
  // ThreadSanitizer cannot see how oneTBB, a library built without it, keeps threads apart, and
  // would report every hand-over as a race. Plain threads let it watch the bodies.
  if (jobs > 1 && count > 1) {
    std::atomic<std::size_t> next{0};
    std::exception_ptr thrown;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (std::size_t t = std::min(count, static_cast<std::size_t>(jobs)); t > 0; --t) {
      threads.emplace_back([&] {
        try {
          for (std::size_t k = next++; k < count; k = next++) body(k);
        } catch (...) {
          next = count;
          const std::lock_guard<std::mutex> lock(mutex);
          if (!thrown) thrown = std::current_exception();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    if (thrown) std::rethrow_exception(thrown);
    return;
  }
#elif !defined(__EMSCRIPTEN__)
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
