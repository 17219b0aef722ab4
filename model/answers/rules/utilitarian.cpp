// SPDX-License-Identifier: MIT
#include "model/answers/optima.hpp"

namespace zopa {

Agreement utilitarian(RuleContext& context) {
  Level sum{Level::Kind::weighted, 1, {}, {}, false};
  for (const int leaf : context.leaves) {
    sum.items.push_back(surplus_item(context, leaf));
    sum.weights.emplace_back(1);
  }
  return best_in(context, zone_request(context), {sum});
}

}  // namespace zopa
