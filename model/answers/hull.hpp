// SPDX-License-Identifier: MIT
#pragma once

#include "model/answers/frontier.hpp"

namespace zopa {

/// Fills `on_hull`: a point is on the hull unless some mixture of the listed points (a lottery)
/// gives no leaf less and some leaf more. Exact. For two leaves, and for three with at most 2,000
/// points; otherwise, and when told to stop, `hull_note` says why it is not given.
void find_hull(const Problem& problem, const Progress& progress, Frontier& frontier);

}  // namespace zopa
