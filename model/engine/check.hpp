// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "model/engine/certificate.hpp"
#include "model/problem.hpp"

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
std::optional<std::string> find_fault(const Problem& problem, const Certificate& certificate);

}  // namespace zopa
