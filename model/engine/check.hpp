// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/engine/certificate.hpp"
#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// Whether a certificate proves what it claims: that D is the greatest value of the problem's tree
/// over X in its kind, or, without a depth, that no package of X has a value. Returns nothing when
/// it does, otherwise a sentence on what is wrong. Exact throughout, and trusts nothing but the
/// problem.
///
/// With a depth D, the package has to lie in X and to be worth exactly D; D ≥ 1 needs no more, as
/// no value exceeds 1. Otherwise every box, from the root down, is narrowed by what any package of
/// a value above D (without depth: of any value) must satisfy:
///
///   1. the rules that are conditions, and of the leaves counted on: linked demands and hard red
///      lines;
///   2. in the kind `all`, soft ends of red lines of the leaves counted on must not be violated by
///      as much as −D (without depth: by any amount).
///
/// Counted on is a leaf of which a branch says so, and a leaf that is surely asked and without
/// whose consent the tree fails, whatever the others do. A box that this empties, or in which the
/// tree fails, is closed. In any other box without branches the multipliers must be ≥ 0, weigh only
/// leaves counted on, and satisfy
///
///     max over the box of Σ λ_i·m_i + Σ λ_id·s_id + Σ μ_l·(g_l − h_l) + Σ μ_i·(u_i − r_i) ≤ D, Σλ
///     = 1,
///
/// or the same with Σλ = 0 and < 0. All packages of X of a value above D that the leaves counted on
/// allow have m_i > D, s_id > D and the rest ≥ 0, so that none is in the box. Here s_id is the
/// margin of a violated soft end, and 0 where it is not violated (hence λ_id > 0 only with D < 0);
/// m_i is 0 where b_i = r_i, and then u_i ≥ r_i is required; a leaf with b_i < r_i never consents.
///
/// The bests of the leaves are taken from the problem; `find_fault` of a BestProof says whether
/// they are right. A check that `progress` stops has found a fault, too.
std::optional<std::string> find_fault(const Problem& problem, const Certificate& certificate,
                                      const Progress& progress = no_progress());

/// Whether the proof shows that a leaf's best in the problem is the greatest utility of the leaf
/// over X. Returns nothing when it does, otherwise a sentence on what is wrong. Of the other
/// leaves, and of the best itself, nothing is trusted.
///
/// The parts have to hold every issue once, their bests to add up to the best, and the boxes of
/// each part to prove, as above, that no package of X has more than the part's best on these
/// issues; the package has to lie in X and to have as much in every part. So u_i(x) = Σ_part
/// u_i,part(x) ≤ b_i on X, with equality at the package.
std::optional<std::string> find_fault(const Problem& problem, const BestProof& proof,
                                      const Progress& progress = no_progress());

/// The problem of which the boxes of a part are a certificate, in the kind `hard`: issues and rules
/// as they are, and one leaf that is always asked, demands nothing, and is worth on each issue of
/// the part what the given leaf is, elsewhere nothing. Its reservation is the sum of the least
/// worths, its best 1 more than the sum of the greatest, so that all margins lie in [0, 1):
///
///     depth = (best of the part · unit − reservation) / (best − reservation).
Problem problem_of_part(const Problem& problem, int leaf, const std::vector<char>& issues);

/// Why nothing is left of a box.
struct EmptyBox {
  int node = 0;
  std::vector<std::vector<char>> pieces;  // m×K_j: what the branches leave of the box
  int issue = -1;  // that has no settlement left; −1: the tree fails without those done without
  std::vector<int> rules;                    // indices in Scenario::rules
  std::vector<std::pair<int, int>> demands;  // leaf, and index of its demand
  std::vector<int> done_without;             // leaves whose consent the branches do without
  std::vector<int> never;                    // leaves that never consent: best < reservation
};

/// Boxes of a certificate that nothing is left of, at most `most`, in the order of the nodes, each
/// with rules and demands that together leave nothing, none of which can be left out (one such
/// choice; there may be others; in very large scenarios some more may be named). None when the
/// certificate is faulty, or the check was stopped.
std::vector<EmptyBox> empty_boxes(const Problem& problem, const Certificate& certificate,
                                  std::size_t most, const Progress& progress = no_progress());

}  // namespace zopa
