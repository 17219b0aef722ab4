// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "model/answers/zone_search.hpp"

namespace zopa {

/// Whether the zone stays as it is without something: whether no package is accepted without it
/// that is not accepted with it. Safe to use from several threads.
class Redundancy {
 public:
  /// `open`: the zone is not empty. Both must outlive this.
  Redundancy(const ZoneSearch& zone, bool open) : zone_(zone), open_(open) {}

  /// Without the demand. Nothing: not decided (stopped, or continuous issues under a tree in which
  /// somebody can be outvoted).
  std::optional<bool> demand(const Demand& demand);

  /// When these leaves say yes to everything.
  std::optional<bool> consent(const std::vector<int>& leaves);

  bool stopped() const { return stopped_; }

 private:
  std::optional<bool> same(const Asking& lenient, const std::vector<int>& leaves,
                           const std::optional<Demand>& demand);

  const ZoneSearch& zone_;
  bool open_;
  std::atomic<bool> stopped_{false};
};

}  // namespace zopa
