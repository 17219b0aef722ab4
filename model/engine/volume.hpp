// SPDX-License-Identifier: MIT
#pragma once

#include "model/engine/count.hpp"

namespace zopa {

/// The breadth with continuous issues: the measure of Z over the measure of X, where a measure is
/// the number of packages of the discrete issues times the length of the continuous ones.
///
/// Taken on the pieces of X of highest dimension. Where equations bind continuous issues (a linear
/// rule with `equals`, a rule that fixes a number, a bound that can only just be met) one issue is
/// eliminated for every equation, and the share does not depend on which. Kind::none when pieces of
/// highest dimension extend in different directions: then no length is common to them.
///
/// Exact, in fractions, as long as `settings.most_visits` units of work suffice for X and for Z,
/// and no more than Polytope::kMostSpace continuous issues depend on each other in one cell. Beyond
/// that an estimate by randomised quasi-Monte-Carlo (`estimate_size`), with a 95 % interval;
/// Kind::none when even that cannot be had: on pieces bound by equations beyond the exact reach.
///
/// The result depends on the problem, the seed and the limits; not on `settings.jobs`.
Breadth measure_breadth(const Problem& problem, const CountSettings& settings);

}  // namespace zopa
