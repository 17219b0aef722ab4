// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/tools/progress.hpp"

namespace zopa {

/// Random numbers by position, not by history: the same for any number of threads.
class Randoms {
 public:
  /// The stream of one sample.
  Randoms(std::uint64_t seed, std::uint64_t sample) : state_(mixed(mixed(seed) ^ sample)) {}

  std::uint64_t bits() { return mixed(state_ += 0x9E3779B97F4A7C15u); }

  /// Uniform on [0, 1).
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

 private:
  static std::uint64_t mixed(std::uint64_t x) {  // splitmix64's finaliser
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }
  std::uint64_t state_;
};

/// Power sums of samples in [0, 1].
struct Moments {
  double samples = 0;
  double hits = 0;  // samples above 0
  double sum = 0, squares = 0, cubes = 0;

  void add(double x) {
    samples += 1;
    if (x > 0) hits += 1;
    sum += x;
    squares += x * x;
    cubes += x * x * x;
  }
  void add(const Moments& other);
};

struct MeanInterval {
  double mean = 0, low = 0, high = 0;
};

/// The mean of independent samples in [0, 1], with an interval that holds the true mean with a
/// probability of at least about 95 %. The normal interval where the skewness of the samples allows
/// it; otherwise {μ : n·KL(mean ‖ μ) ≤ ln 40}, which holds for any variable on [0, 1] (Chernoff).
/// Without a hit: [0, 1 − 0.05^(1/n)], the rule of three.
MeanInterval mean_interval(const Moments& moments);

/// The tilt λ ≥ 0 that makes packages with Σ_j term_rj ≥ need_r for every row r likely,
///
///     λ* = argmin F(λ),   F(λ) = Σ_j log Σ_k base_jk·exp(Σ_r λ_r·term_rjk) − Σ_r λ_r·need_r,
///
/// approximately; any λ ≥ 0 is valid. exp F(λ) bounds the share of the packages that meet all rows,
/// and the weight of each when issue j is drawn with probability ∝ base_jk·exp(Σ_r λ_r·term_rjk).
struct Tilt {
  std::vector<double> multipliers;                   // λ, in the units of the rows as given
  std::vector<std::vector<double>> log_probability;  // m×K_j, log q_j(k)
  double log_bound = 0;                              // F(λ)
};

/// `term` is rows×m×K_j, `need` rows×1; `settlements` is m×1. `base`, m×K_j, is what each
/// settlement weighs among those of its issue, with sum 1; empty: all the same. A stop asked for by
/// `progress` ends the descent early.
Tilt find_tilt(const std::vector<std::vector<std::vector<double>>>& term,
               const std::vector<double>& need, const std::vector<int>& settlements,
               const Progress& progress, const std::vector<std::vector<double>>& base = {});

}  // namespace zopa
