// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "model/answers/rules.hpp"
#include "model/engine/search.hpp"

namespace zopa {

/// The surplus s_i of a leaf as an item of a level; where it is not asked, as if its margin were 1.
Item surplus_item(RuleContext& context, int leaf);

/// The margin m_i; −∞ where b_i ≤ r_i and u_i ≠ r_i (only where the leaf can be outvoted).
Item margin_item(RuleContext& context, int leaf);

/// The margins of `context.leaves`, each a level of leximin.
std::vector<Level> leximin_of_margins(RuleContext& context);

/// The packages of the zone, as a request without levels.
Search::Request zone_request(const RuleContext& context);

/// The packages of a request that are best in all levels in turn: representative (the first in
/// file order), number, and range of each issue. Where counting would visit too many packages, the
/// number is "at least". A search that was stopped leaves `exists` false, with a note. A product
/// must be the first level. `values`, when given, gets the value reached in each level.
Agreement best_in(RuleContext& context, Search::Request request, const std::vector<Level>& levels,
                  std::vector<Rational>* values = nullptr);

/// Fills representative, number and ranges from packages in file order, all of them optima.
void describe_optima(const Problem& problem, Agreement& agreement,
                     const std::vector<Package>& optima);

}  // namespace zopa
