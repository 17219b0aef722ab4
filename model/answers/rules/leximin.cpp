// SPDX-License-Identifier: MIT
#include "model/answers/optima.hpp"

namespace zopa {

Agreement leximin(RuleContext& context) {
  return best_in(context, zone_request(context), leximin_of_margins(context));
}

}  // namespace zopa
