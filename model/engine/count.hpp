// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// How packages were counted.
enum class CountMethod {
  product,   // nothing selects: the product of the settlements
  search,    // depth first with bounds, the last issues as sets of bits
  needs,     // by what every row still needs, in coarse units (dynamic programming)
  pairs,     // one or two rows: sorted sums of two halves of the issues
  sampling,  // an estimate
  depth,     // empty, as the search for the depth has proven
};

/// What was done for one part of X or Z that nothing ties to the rest.
struct CountStep {
  bool zone = false;  // of Z; otherwise of X
  int issues = 0;
  CountMethod method = CountMethod::product;
};

/// How much of the zone has one settlement.
struct Spread {
  std::optional<Integer> packages;  // of Z with this settlement; absent: no exact number is known,
                                    // and the share may be an estimate
  double share = 0;                 // of Z; those of an issue add up to 1
};

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
  std::vector<CountStep> steps;
  // m×K_j, when asked for: discrete issues, Z not empty. Empty, or an empty line: not given. Exact
  // where it takes little more than the count, otherwise from samples.
  std::vector<std::vector<Spread>> marginals;
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
  // Other exact methods than the search may hold so many bytes, and may be expected to take so
  // many nanoseconds of one processor. No bytes: only search and sampling.
  double most_bytes = 1e9;
  double most_cost = 5e9;
  bool zone_is_empty = false;  // proven elsewhere: Z is not sampled where it cannot be counted
  bool marginals = false;      // fill Breadth::marginals
};

/// The breadth V = measure of Z / measure of X: counted for issues with settlements, a volume with
/// continuous ones (`measure_breadth`).
///
/// Z: the packages of X that the consent tree accepts when leaf i accepts exactly A_i, the packages
/// within its red lines and linked demands with U_i ≥ R_i. When the tree asks nobody, Z = X.
///
/// |X| and |Z| are exact whenever the search stays within `settings.most_visits`, or another method
/// (`CountMethod`) within `settings.most_cost` and `settings.most_bytes`; a tie U_i = R_i counts as
/// accepted. For each part the method that is expected to take the least is chosen, by numbers of
/// steps and not by a clock. Beyond that the share is estimated by importance sampling
/// (`Kind::estimate`), with an interval that covers V in at least about 95 of 100 seeds. When no
/// sample hits, low is 0 and high is the exact bound 1 − 0.05^(1/samples) times the largest weight.
/// A stop asked for by `settings.progress` also leads to an estimate, from few samples.
///
/// The result depends on the problem, the seed and the numbers of visits and samples; not on
/// `settings.jobs`.
Breadth count_breadth(const Problem& problem, const CountSettings& settings);

}  // namespace zopa
