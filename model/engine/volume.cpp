// SPDX-License-Identifier: MIT
#include "model/engine/volume.hpp"

#include <algorithm>
#include <optional>

#include "model/engine/cells.hpp"
#include "model/engine/counter.hpp"
#include "model/engine/selection.hpp"
#include "model/engine/volume_sampling.hpp"

namespace zopa {
namespace {

// The pieces of highest dimension of a selection, or of one dimension: `scale` times a share that
// is 1 when all was measured, and otherwise estimated.
struct MeasuredSize {
  Rational scale = 1;
  MeanInterval share = {1, 1, 1};
  bool exact = true;
  int dimension = 0;  // −1: nothing is there
  bool parallel = true;
  bool known = true;  // false: not even an estimate could be had
};

bool has_continuum(const Problem& problem, const Selection& part) {
  return std::any_of(part.issues.begin(), part.issues.end(),
                     [&](int j) { return problem.issues[static_cast<std::size_t>(j)].continuous; });
}

int continuous_issues(const Problem& problem) {
  return static_cast<int>(
      std::count_if(problem.issues.begin(), problem.issues.end(),
                    [](const ProblemIssue& issue) { return issue.continuous; }));
}

// A continuous issue bound by an equation: a selection with it has no piece of full dimension.
std::vector<char> bound_issues(const Problem& problem) {
  std::vector<char> bound(problem.issues.size(), 0);
  const int rules = static_cast<int>(problem.linear_rules.size());
  for (int rule = 0; rule < rules; ++rule) {
    for (int other = rule + 1; other < rules; ++other) {
      if (!is_equation(problem, rule, other)) continue;
      for (const auto& [j, coefficient] : problem.linear_rules[static_cast<std::size_t>(rule)].sum)
        if (coefficient != 0) bound[static_cast<std::size_t>(j)] = 1;
    }
  }
  return bound;
}

class Measurer {
 public:
  Measurer(const Problem& problem, const CountSettings& settings)
      : problem_(problem), settings_(settings), bound_(bound_issues(problem)) {}

  // With `full`, only pieces in which no equation binds count.
  MeasuredSize size_of(const Selection& selection, bool full) const {
    if (selection.none) return MeasuredSize{0, {1, 1, 1}, true, -1, true};
    Effort effort(settings_.most_visits, settings_.progress);
    MeasuredSize size;
    size.scale = selection.factor;
    for (Selection& part : independent_parts(selection)) {
      part.factor = 1;
      const MeasuredSize own =
          has_continuum(problem_, part) ? measured(part, full, effort) : counted(part);
      if (own.known && own.exact && own.scale == 0) return own;  // whatever the other parts are
      size.known &= own.known;
      size.scale *= own.scale;
      size.exact &= own.exact;
      size.dimension += own.dimension;
      size.parallel &= own.parallel;
      size.share.mean *= own.share.mean;
      size.share.low *= own.share.low;
      size.share.high *= own.share.high;
    }
    return size;
  }

 private:
  MeasuredSize counted(const Selection& part) const {
    const Count count = count_packages(part, settings_);
    MeasuredSize size;
    if (count.exact) {
      size.scale = *count.exact;
      if (size.scale == 0) size.dimension = -1;
    } else {
      size.exact = false;
      size.scale = count_combinations(part);
      size.share = estimate_share(part, settings_);
    }
    return size;
  }

  MeasuredSize measured(const Selection& part, bool full, Effort& effort) const {
    MeasuredSize size;
    const auto continuous = [&](int j) {
      return problem_.issues[static_cast<std::size_t>(j)].continuous;
    };
    size.dimension =
        static_cast<int>(std::count_if(part.issues.begin(), part.issues.end(), continuous));
    const bool bound = std::any_of(part.issues.begin(), part.issues.end(), [&](int j) {
      return continuous(j) && bound_[static_cast<std::size_t>(j)];
    });
    if (bound && full) return MeasuredSize{0, {1, 1, 1}, true, -1, true};
    try {
      if (!bound) {
        size.scale = full_size(problem_, part, settings_.jobs, effort);
        if (size.scale != 0 || full) return size;
      }
      const std::vector<Extent> extents = thin_sizes(problem_, part, settings_.jobs, effort);
      for (std::size_t d = extents.size(); d-- > 0;) {
        if (extents[d].size == 0) continue;
        return MeasuredSize{
            extents[d].size, {1, 1, 1}, true, static_cast<int>(d), extents[d].parallel};
      }
      return MeasuredSize{0, {1, 1, 1}, true, -1, true};
    } catch (const GaveWay&) {
      const std::optional<SizeEstimate> estimate = estimate_size(problem_, part, settings_);
      size.known = estimate.has_value();
      if (!estimate) return size;
      size.dimension = estimate->dimension;
      size.exact = false;
      size.scale = estimate->scale;
      size.share = estimate->share;
      return size;
    }
  }

  const Problem& problem_;
  const CountSettings& settings_;
  std::vector<char> bound_;
};

}  // namespace

Breadth measure_breadth(const Problem& problem, const CountSettings& settings) {
  Breadth breadth;
  const Measurer measurer(problem, settings);
  const MeasuredSize all = measurer.size_of(agreement_space(problem), false);
  if (!all.known || all.dimension < 0 || !all.parallel || all.share.mean <= 0) return breadth;
  const bool full = all.dimension == continuous_issues(problem);
  MeasuredSize zone_size = measurer.size_of(zone(problem), full);
  if (!zone_size.known) return breadth;
  if (!zone_size.exact && zone_size.dimension != all.dimension) return breadth;
  if (zone_size.dimension < all.dimension) zone_size = MeasuredSize{0, {1, 1, 1}, true, 0, true};
  const Rational scale = zone_size.scale / all.scale;
  if (zone_size.exact && (all.exact || scale == 0)) {
    breadth.kind = Breadth::Kind::exact;
    breadth.exact_share = scale;
    breadth.share = to_double(scale);
    breadth.low = breadth.high = *breadth.share;
  } else {
    const double factor = to_double(scale);
    breadth.kind = Breadth::Kind::estimate;
    breadth.share = std::min(1.0, factor * zone_size.share.mean / all.share.mean);
    breadth.low = std::min(1.0, factor * zone_size.share.low / all.share.high);
    breadth.high =
        all.share.low > 0 ? std::min(1.0, factor * zone_size.share.high / all.share.low) : 1.0;
  }
  return breadth;
}

}  // namespace zopa
