// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>

namespace zopa {

/// Told the fraction done (in [0, 1]), answers whether to go on. The caller decides what that looks
/// like: a bar, a log line, a time limit or nothing. May be called from several threads.
using Progress = std::function<bool(double)>;

/// Goes on for ever, silently.
inline Progress no_progress() {
  return [](double) { return true; };
}

/// One progress for a computation of several stages, each with its share of the whole. A stage
/// whose length nobody knows stands still until it is done.
class Stages {
 public:
  explicit Stages(Progress whole) : whole_(std::move(whole)) {}
  Stages(const Stages&) = delete;
  Stages& operator=(const Stages&) = delete;

  /// For the stages: valid as long as this is.
  Progress progress() {
    return [this](double) { return whole_(reached_.load(std::memory_order_relaxed)); };
  }

  /// So much of the whole is done, in [0, 1].
  void reach(double share) { reached_.store(share, std::memory_order_relaxed); }

 private:
  Progress whole_;
  std::atomic<double> reached_{0};
};

}  // namespace zopa
