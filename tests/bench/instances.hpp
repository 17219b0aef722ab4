// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "model/problem.hpp"

namespace zopa::bench {

/// A problem of `parties` whole parties under `all`, without red lines and rules: saliences drawn
/// from the simplex and worths from [0, 1], all on a grid of 1e-6 in whole numbers, so that their
/// sums are exact in double precision too. Every party has the reservation `reservation`, a share
/// of its best.
Problem random_talks(std::uint64_t seed, int parties, int issues, int settlements,
                     double reservation);

/// The same with opposed interests: worths rise or fall with the settlement.
Problem opposed_talks(std::uint64_t seed, int parties, int issues, int settlements,
                      double reservation);

/// Talks in which every party deals `points` points to the issues, as negotiators do by hand, and
/// gives each settlement a whole number of them, up to what its issue has. Every party has the
/// reservation `reservation`, in points.
Problem point_talks(std::uint64_t seed, int parties, int issues, int settlements, int points,
                    int reservation);

/// Talks on continuous issues of `segments` segments each.
Problem continuous_talks(std::uint64_t seed, int parties, int issues, int segments,
                         double reservation);

/// Issues of `settlements` settlements that all weigh the same to every party, with worths from
/// [0, 1]: many packages are nearly as deep as the deepest, the hardest to tell apart.
Problem equal_talks(std::uint64_t seed, int parties, int issues, int settlements,
                    double reservation);

/// Continuous issues of 9 segments, worths rising and falling, then discrete issues of 10
/// settlements; reservations of 0.4 of the best.
Problem mixed_talks(std::uint64_t seed, int parties, int continuous, int discrete);

/// As scoring exercises are written: every party shares out 100 points over the issues in whole
/// numbers; on every issue the settlements are in an order in which some parties want more and the
/// others less, with whole points between 0 and the issue's. `reservation` is in points.
Problem point_talks(std::uint64_t seed, int parties, int issues, int settlements, int reservation);

}  // namespace zopa::bench
