// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace zopa {

/// Told the fraction done (in [0, 1]), answers whether to go on. The caller decides what that looks
/// like: a bar, a log line, a time limit or nothing. May be called from several threads.
using Progress = std::function<bool(double)>;

/// Goes on for ever, silently.
inline Progress no_progress() {
  return [](double) { return true; };
}

}  // namespace zopa
