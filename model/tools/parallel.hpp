// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace zopa {

/// Calls `body(k)` once for every k in [0, count), on at most `jobs` threads. Each k must write
/// only to its own place, so that results do not depend on the number of threads. An exception of
/// any call is thrown again.
void parallel_for(int count, int jobs, const std::function<void(int)>& body);

}  // namespace zopa
