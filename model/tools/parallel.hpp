// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>

namespace zopa {

/// Runs body(0) … body(count − 1) on up to `jobs` threads, in no particular order. With jobs ≤ 1 a
/// plain loop in this thread. Results must not depend on the order: each call writes its own slot,
/// or adds integers. The first exception thrown by a call is thrown on.
void parallel_for(int jobs, std::size_t count, const std::function<void(std::size_t)>& body);

}  // namespace zopa
