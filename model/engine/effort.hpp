// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include "model/tools/progress.hpp"

namespace zopa {

/// Thrown out of a computation that gives way: it would take too long, or was told to stop.
struct GaveWay {
  bool stopped = false;  // told to stop
};

/// How much an exact computation may do, in units of roughly 50 ns. Whether it ends depends on the
/// sum of all units alone: not on time, and not on the number of threads that spend them.
class Effort {
 public:
  Effort(std::uint64_t most, const Progress& progress) : most_(most), progress_(progress) {}

  /// The part of one thread. Call `settle` at the end, so that nothing stays uncounted.
  class Share {
   public:
    explicit Share(Effort& effort) : effort_(effort) {}

    /// Throws GaveWay when the effort is exhausted, or when told to stop.
    void spend(std::uint64_t units) {
      spent_ += units;
      if (spent_ >= kLookEvery) settle();
    }
    void settle() {
      effort_.add(spent_);
      spent_ = 0;
    }

   private:
    static constexpr std::uint64_t kLookEvery = 1 << 16;  // some milliseconds
    Effort& effort_;
    std::uint64_t spent_ = 0;
  };

  void set_fraction(double fraction) { fraction_ = fraction; }

 private:
  void add(std::uint64_t units) {
    const std::uint64_t sum = spent_ += units;
    if (!progress_(fraction_)) throw GaveWay{true};
    if (sum > most_) throw GaveWay{false};
  }

  std::uint64_t most_;
  const Progress& progress_;
  std::atomic<std::uint64_t> spent_{0};
  std::atomic<double> fraction_{0};
};

}  // namespace zopa
