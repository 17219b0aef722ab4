// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "model/engine/effort.hpp"
#include "model/engine/polytope.hpp"
#include "model/engine/selection.hpp"

namespace zopa {

/// What pieces of one dimension measure together: number of packages of the discrete issues ×
/// length of the continuous ones.
struct Extent {
  Rational size;
  // The directions in which the pieces extend, one column a continuous issue of the selection. The
  // length is measured over the leading columns: one issue is eliminated for every equation.
  Echelon directions;
  bool parallel = true;  // all pieces extend in the same directions
};

/// The size of the part of a selection in which no equation and no single point binds a continuous
/// issue; 0 when there is no such part. The selection must be one of `independent_parts` or whole,
/// and not `none`.
///
/// The selection is cut into cells: one settlement of every discrete issue, one segment of every
/// continuous one. Bounds decide most of them, many at once; settlements that leave the same needs
/// are taken together; the others are polytopes. Exact; throws GaveWay.
Rational full_size(const Problem& problem, const Selection& selection, int jobs, Effort& effort);

/// The sizes of the pieces of every dimension, 0 … the number of continuous issues; size 0: none.
/// On an equation cells share whole pieces: each is measured once, and it belongs to the selection
/// when one of its cells says so. Exact; throws GaveWay.
std::vector<Extent> thin_sizes(const Problem& problem, const Selection& selection, int jobs,
                               Effort& effort);

}  // namespace zopa
