// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/engine/certificate.hpp"
#include "model/engine/count.hpp"
#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// Proofs of the bests of all leaves with a utility, in the order of the tree, for `find_fault`
/// (model/engine/check.hpp): a part for each group of issues that rules tie together, and one for
/// all others. Nothing when `progress` said stop.
std::optional<std::vector<BestProof>> prove_bests(const Problem& problem, const Progress& progress);

/// What can be said of the breadth so that somebody else can count again. `breadth` is what
/// `count_breadth(problem, settings)` gave without being stopped. A count is split by the issue
/// with the most settlements, at most 256, the first of several: the packages of X and of Z with
/// each of its settlements are counted one by one. It stays unsplit where these cannot all be
/// counted exactly, or where `settings.progress` says stop. Nothing where no breadth is given.
std::optional<BreadthClaim> claim_breadth(const Problem& problem, const Breadth& breadth,
                                          const CountSettings& settings);

}  // namespace zopa
