// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// The measure of the zone over the measure of the agreement space.
struct Breadth {
  enum class Kind { exact, estimate, none };
  Kind kind = Kind::none;       // none: not given (see mathematics, Breadth)
  std::optional<double> share;  // V in [0, 1]
  double low = 0, high = 0;     // 95 % interval of an estimate; equal to the share when exact
  std::optional<Rational> exact_share;
  std::optional<Integer> packages;  // |X|, discrete issues only
  bool packages_exact = true;
  std::optional<Integer> acceptable;  // |Z|, discrete issues only, exact only
  double packages_estimate = 0;       // when |X| could not be counted exactly
};

struct CountSettings {
  int jobs = 1;
  Progress progress = no_progress();
  // Exact counting gives way to an estimate when it would visit more prefixes than this. A prefix
  // is a part of a package that the bounds left undecided; the last issues are counted together,
  // about a thousand packages a visit. With a tree of more than `all` such a visit counts for up to
  // 40. So 10^9 packages that survive the bounds are always counted, in seconds at most.
  std::uint64_t most_visits = 50'000'000;
  std::size_t block = 1024;       // packages counted together: at most, as a rule
  std::uint64_t seed = 1;         // of the estimate
  std::size_t samples = 200'000;  // of the estimate
};

/// The breadth V = measure of Z / measure of X: counted for issues with settlements, a volume with
/// continuous ones (`measure_breadth`).
///
/// Z: the packages of X that the consent tree accepts when leaf i accepts exactly A_i, the packages
/// within its red lines and linked demands with U_i ≥ R_i. When the tree asks nobody, Z = X.
///
/// |X| and |Z| are exact whenever the search stays within `settings.most_visits`; a tie U_i = R_i
/// counts as accepted. Beyond that the share is estimated by importance sampling
/// (`Kind::estimate`), with an interval that covers V in at least about 95 of 100 seeds. When no
/// sample hits, low is 0 and high is the exact bound 1 − 0.05^(1/samples) times the largest weight.
/// A stop asked for by `settings.progress` also leads to an estimate, from few samples.
///
/// The result depends on the problem, the seed and the numbers of visits and samples; not on
/// `settings.jobs`.
Breadth count_breadth(const Problem& problem, const CountSettings& settings);

}  // namespace zopa
