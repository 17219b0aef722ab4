// SPDX-License-Identifier: MIT
#include "model/engine/count.hpp"

#include <algorithm>

#include "model/engine/counter.hpp"
#include "model/engine/selection.hpp"
#include "model/engine/volume.hpp"

namespace zopa {
namespace {

// The number of packages of a selection: `scale` times a share that is 1 when all was counted, and
// otherwise estimated. Kept apart because `scale` may lie far beyond the doubles.
struct PackageCount {
  Integer scale = 1;
  bool exact = true;
  MeanInterval share = {1, 1, 1};
};

PackageCount size_of(const Selection& selection, const CountSettings& settings) {
  PackageCount size;
  for (const Selection& part : independent_parts(selection)) {
    const Count count = count_packages(part, settings);
    if (count.exact) {
      size.scale *= *count.exact;
      if (*count.exact == 0) return {Integer(0), true, {1, 1, 1}};
      continue;
    }
    size.exact = false;
    size.scale *= count_combinations(part);
    const MeanInterval share = estimate_share(part, settings);
    size.share.mean *= share.mean;
    size.share.low *= share.low;
    size.share.high *= share.high;
  }
  return size;
}

}  // namespace

Breadth count_breadth(const Problem& problem, const CountSettings& settings) {
  if (!problem.discrete()) return measure_breadth(problem, settings);
  const PackageCount all = size_of(agreement_space(problem), settings);
  const PackageCount acceptable = size_of(zone(problem), settings);
  Breadth breadth;
  if (all.exact) {
    breadth.packages = all.scale;
  } else {
    breadth.packages_exact = false;
    breadth.packages_estimate = to_double(Rational(all.scale)) * all.share.mean;
  }
  if (acceptable.exact) breadth.acceptable = acceptable.scale;
  // An agreement space that cannot be counted is not empty: `make_problem` has found a package.
  const bool no_zone = acceptable.exact && acceptable.scale == 0;
  if (all.scale == 0 || (all.share.mean <= 0 && !no_zone)) return breadth;
  const Rational scale(acceptable.scale, all.scale);
  if (no_zone || (acceptable.exact && all.exact)) {
    breadth.kind = Breadth::Kind::exact;
    breadth.exact_share = scale;
    breadth.share = to_double(scale);
    breadth.low = breadth.high = *breadth.share;
  } else {
    breadth.kind = Breadth::Kind::estimate;
    const double factor = to_double(scale);
    breadth.share = std::min(1.0, factor * acceptable.share.mean / all.share.mean);
    breadth.low = std::min(1.0, factor * acceptable.share.low / all.share.high);
    breadth.high =
        all.share.low > 0 ? std::min(1.0, factor * acceptable.share.high / all.share.low) : 1.0;
  }
  return breadth;
}

}  // namespace zopa
