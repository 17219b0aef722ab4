// SPDX-License-Identifier: MIT
#include <limits>

#include "model/engine/count_needs.hpp"
#include "model/engine/count_pairs.hpp"
#include "model/engine/counter.hpp"
#include "model/engine/sums.hpp"

namespace zopa {
namespace {

// The search counts so many packages before another method has written down its sums.
constexpr unsigned kFewPackages = 1'000'000;

Count counted(std::optional<Integer> number, const Selection& selection, CountMethod method) {
  Count count;
  count.method = method;
  count.stopped = !number;
  if (number) count.exact = *number * selection.factor;
  return count;
}

}  // namespace

Count count_packages(const Selection& selection, const CountSettings& settings) {
  if (selection.none) return counted(Integer(0), selection, CountMethod::product);
  const Integer combinations = count_combinations(selection);
  if (selection.issues.empty() && selection.rows.empty() && selection.wide_rows.empty() &&
      selection.ties.empty() && selection.tree.empty())
    return counted(Integer(1), selection, CountMethod::product);
  if (settings.most_bytes <= 0 || combinations <= kFewPackages * selection.factor)
    return count_by_search(selection, settings);
  const std::optional<Sums> sums = as_sums(selection);
  if (!sums) return count_by_search(selection, settings);
  if (sums->none) return counted(Integer(0), selection, CountMethod::product);

  const NeedsCounter needs(*sums);
  const PairsCounter pairs(*sums);
  constexpr double never = std::numeric_limits<double>::infinity();
  const auto within = [&](const auto& counter) {
    const bool can = counter.bytes() <= settings.most_bytes && counter.cost() <= settings.most_cost;
    return can ? counter.cost() : never;
  };
  const double needs_cost = within(needs), pairs_cost = within(pairs);
  const Count searched = count_by_search(selection, settings, std::min(needs_cost, pairs_cost));
  if (searched.exact || searched.stopped) return searched;
  if (needs_cost < never && needs_cost <= pairs_cost) {
    return counted(needs.count(settings.jobs, settings.progress), selection, CountMethod::needs);
  }
  if (pairs_cost < never) {
    return counted(pairs.count(settings.jobs, settings.progress), selection, CountMethod::pairs);
  }
  return searched;
}

}  // namespace zopa
