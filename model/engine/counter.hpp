// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "model/engine/count.hpp"
#include "model/engine/sampling.hpp"
#include "model/engine/selection.hpp"

namespace zopa {

/// What became of a count.
struct Count {
  std::optional<Integer> exact;  // absent: too many visits, or told to stop
  bool stopped = false;          // told to stop
  std::uint64_t visits = 0;
  CountMethod method = CountMethod::search;
};

/// How many packages a selection holds, by the method that is expected to take the least: search,
/// needs or pairs. The search gives way to the others, and at last to nothing, when it would take
/// longer than they, or more visits than `settings` allow.
Count count_packages(const Selection& selection, const CountSettings& settings);

/// The same by depth-first search alone. A prefix fixes the first issues; the
/// bounds of the rest decide it where they can. The last issues, about a thousand packages, are
/// looked up together: for every row, bitsets of the packages whose sum reaches each level
/// ("four Russians").
/// Exact on ties, and the same for any number of jobs. Does not begin when it is expected to take
/// longer than `most_cost` nanoseconds of one processor.
Count count_by_search(const Selection& selection, const CountSettings& settings,
                      double most_cost = std::numeric_limits<double>::infinity());

/// How the packages of a selection spread over the settlements: for every remaining issue and
/// piece, how many packages use it, without the factor of the selection. Nothing: it would take
/// more than `most_visits`, or `settings.progress` said stop.
std::optional<std::vector<std::vector<Integer>>> spread_by_search(const Selection& selection,
                                                                  const CountSettings& settings,
                                                                  std::uint64_t most_visits);

/// The same as shares of the packages, by importance sampling; the shares of an issue add up to 1.
/// Nothing: no sample hit.
std::optional<std::vector<std::vector<double>>> estimate_spread(const Selection& selection,
                                                                const CountSettings& settings);

/// The product of the settlements that the selection leaves, with its factor: an upper bound of its
/// count.
Integer count_combinations(const Selection& selection);

/// The share of the combinations (`count_combinations`) that the selection holds, by importance
/// sampling of prefixes, each finished by an exact count of the last issues.
/// With `progress` saying stop: from fewer samples, but at least some hundred.
MeanInterval estimate_share(const Selection& selection, const CountSettings& settings);

}  // namespace zopa
