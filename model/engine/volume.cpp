// SPDX-License-Identifier: MIT
#include "model/engine/volume.hpp"

namespace zopa {

Breadth measure_breadth(const Problem&, const CountSettings&) { return {}; }

}  // namespace zopa
