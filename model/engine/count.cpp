// SPDX-License-Identifier: MIT
#include "model/engine/count.hpp"

#include <algorithm>

#include "model/engine/count_needs.hpp"
#include "model/engine/counter.hpp"
#include "model/engine/selection.hpp"
#include "model/engine/sums.hpp"
#include "model/engine/volume.hpp"
#include "model/tools/at.hpp"

namespace zopa {
namespace {

// The number of packages of a selection: `scale` times a share that is 1 when all was counted, and
// otherwise estimated. Kept apart because `scale` may lie far beyond the doubles.
struct PackageCount {
  Integer scale = 1;
  bool exact = true;
  MeanInterval share = {1, 1, 1};
};

// How the packages of a part spread over its settlements, without its factor: exact numbers, or
// shares. Neither: not affordable, or told to stop.
struct PartSpread {
  std::vector<std::vector<Integer>> packages;
  std::vector<std::vector<double>> shares;
};

// So much work is little beside everything else that is asked of a scenario.
constexpr std::uint64_t kSpreadVisits = 150'000;
constexpr double kSpreadCost = 1e8;  // nanoseconds
constexpr std::size_t kSpreadSamples = 20'000;

PartSpread spread_of(const Selection& part, const Count& count, const CountSettings& settings) {
  PartSpread spread;
  if (part.issues.empty()) return spread;
  if (count.exact && count.method == CountMethod::search && count.visits <= kSpreadVisits) {
    if (auto packages = spread_by_search(part, settings, kSpreadVisits)) {
      spread.packages = std::move(*packages);
      return spread;
    }
  }
  if (const std::optional<Sums> sums = as_sums(part); sums && settings.most_bytes > 0) {
    const NeedsCounter needs(*sums);
    if (needs.marginals_cost() <= kSpreadCost && needs.marginals_bytes() <= settings.most_bytes) {
      const auto columns = needs.marginals(settings.jobs, settings.progress);
      if (!columns) return spread;
      for (const std::vector<int>& pieces : part.pieces)
        spread.packages.emplace_back(pieces.size(), Integer(0));
      for (std::size_t c = 0; c < columns->size(); ++c) {
        const Sums::Column& column = sums->columns[c];
        for (std::size_t k = 0; k < column.joint.size(); ++k)
          for (std::size_t g = 0; g < column.issues.size(); ++g)
            spread.packages[at(column.issues[g])][at(column.joint[k][g])] += (*columns)[c][k];
      }
      return spread;
    }
  }
  CountSettings few = settings;
  few.samples = std::min(settings.samples, kSpreadSamples);
  if (auto shares = estimate_spread(part, few)) spread.shares = std::move(*shares);
  return spread;
}

// Marginals of Z, whose parts were counted so.
void add_marginals(const std::vector<Selection>& parts, const std::vector<Count>& counts,
                   const PackageCount& size, const Problem& problem, const CountSettings& settings,
                   Breadth& breadth) {
  for (const ProblemIssue& issue : problem.issues)
    breadth.marginals.emplace_back(issue.pieces.size(), Spread{Integer(0), 0});
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (const auto& [j, pieces] : parts[p].loose) {
      for (const int k : pieces) {
        Spread& spread = breadth.marginals[at(j)][at(k)];
        spread.share = 1 / static_cast<double>(pieces.size());
        spread.packages.reset();
        if (size.exact) spread.packages = Integer(size.scale / pieces.size());
      }
    }
    const PartSpread part = spread_of(parts[p], counts[p], settings);
    for (std::size_t i = 0; i < parts[p].issues.size(); ++i) {
      std::vector<Spread>& line = breadth.marginals[at(parts[p].issues[i])];
      if (part.packages.empty() && part.shares.empty()) {
        line.clear();
        continue;
      }
      Integer all = 0;
      if (!part.packages.empty()) {
        for (const Integer& packages : part.packages[i]) all += packages;
      }
      for (std::size_t k = 0; k < parts[p].pieces[i].size(); ++k) {
        Spread& spread = line[at(parts[p].pieces[i][k])];
        spread.packages.reset();
        if (part.packages.empty()) {
          spread.share = part.shares[i][k];
          continue;
        }
        spread.share = to_double(Rational(part.packages[i][k], all));
        if (size.exact) spread.packages = Integer(size.scale * part.packages[i][k] / all);
      }
    }
  }
}

// X, or Z when the problem is given with it.
PackageCount size_of(const Selection& selection, const Problem* of_zone,
                     const CountSettings& settings, Breadth& breadth) {
  PackageCount size;
  const std::vector<Selection> parts = independent_parts(selection);
  std::vector<Count> counts;
  for (const Selection& part : parts) {
    CountStep step{of_zone != nullptr, static_cast<int>(part.issues.size()), CountMethod::product};
    counts.push_back(count_packages(part, settings));
    const Count& count = counts.back();
    step.method = count.method;
    if (!count.exact && of_zone != nullptr && settings.zone_is_empty) {
      step.method = CountMethod::depth;
      breadth.steps.push_back(step);
      return {Integer(0), true, {1, 1, 1}};
    }
    if (!count.exact) step.method = CountMethod::sampling;
    breadth.steps.push_back(step);
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
  if (of_zone != nullptr && settings.marginals)
    add_marginals(parts, counts, size, *of_zone, settings, breadth);
  return size;
}

}  // namespace

Breadth count_breadth(const Problem& problem, const CountSettings& settings) {
  if (!problem.discrete()) return measure_breadth(problem, settings);
  Breadth breadth;
  const PackageCount all = size_of(agreement_space(problem), nullptr, settings, breadth);
  const PackageCount acceptable = size_of(zone(problem), &problem, settings, breadth);
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
