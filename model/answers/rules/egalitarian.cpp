// SPDX-License-Identifier: MIT
#include "model/answers/optima.hpp"

namespace zopa {

Agreement egalitarian(RuleContext& context) {
  std::vector<Item> surpluses;
  for (const int leaf : context.leaves) surpluses.push_back(surplus_item(context, leaf));
  return best_in(context, zone_request(context), leximin_levels(surpluses, false));
}

}  // namespace zopa
