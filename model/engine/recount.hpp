// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// How much a recount may take: some ten seconds with every step of the default.
struct RecountLimits {
  std::size_t most_bytes = std::size_t{512} << 20;  // of the states held at a time, about; with
                                                    // fewer there is less to merge
  std::uint64_t most_steps = 30'000'000;            // states times settlements, over all issues
  Progress progress = no_progress();
};

/// |X|, or |Z| with `zone`, of a problem without continuous issues, counted by another method than
/// `count_breadth`, with which it shares no code: issue by issue, packages that stand alike are
/// merged and only their number is kept. Alike are those with the same sums so far for every linear
/// rule and every leaf, and the same standing of every clause; a sum or a clause that is settled
/// whatever comes counts as such, and a leaf that is settled stands for itself.
///
/// `pieces`, m×K_j, restricts the packages; empty: all. Exact: sums are integers or fractions, and
/// a tie U_i = R_i counts as accepted. The steps taken are taken off `limits`. Nothing when it is
/// too large for the limits, or `progress` says stop.
std::optional<Integer> recount(const Problem& problem, bool zone, RecountLimits& limits,
                               const std::vector<std::vector<char>>& pieces = {});

}  // namespace zopa
