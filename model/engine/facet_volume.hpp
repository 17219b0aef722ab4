// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/tools/exact.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// Σ_j a_j x_j ≥ b, or, as an equation, = b.
struct FacetRow {
  std::vector<Rational> a;  // d×1
  Rational b;
};

/// The volume of the points of R^d at which every row and every equation holds, by its facets:
///
///     V(d, P) = 1/d Σ_i b_i / |a_ij| · V(d − 1, P_i),
///
/// where P_i is the facet on the i-th of the different rows Σ_j a_ij x_j ≤ b_i, with a coordinate j
/// eliminated for which a_ij ≠ 0. A facet of facets is met on several ways and measured once. The
/// first coordinate that an equation, or a facet, leaves to choose is the one that it eliminates,
/// so that the volume is over the coordinates that are no linear function of the earlier ones; with
/// none of them left it is 1 at a point, 0 nowhere.
///
/// The points must be bounded: throws ModelError when a recursion shows that they are not. Exact.
/// Takes its steps (a coefficient each, about 0.3 µs) off `steps`. Nothing when they do not
/// suffice, with more than 128 rows, or when `progress` says stop.
///
/// Source: Lasserre (1983), pp. 363–377.
std::optional<Rational> facet_volume(std::vector<FacetRow> rows, std::vector<FacetRow> equations,
                                     std::uint64_t& steps, const Progress& progress);

}  // namespace zopa
