// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/engine/form.hpp"
#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// form(x) ≥ at_least.
struct ListRow {
  Form form;
  Rational at_least;
};

struct ListSettings {
  std::size_t most_packages = 200'000;
  std::uint64_t most_visits = 20'000'000;  // of prefixes
  Progress progress = no_progress();
};

struct Listing {
  std::vector<std::vector<std::uint16_t>> packages;  // settlements, m×1 each; in file order
  bool complete = true;  // false: one of the limits was reached, or told to stop
};

/// The packages of the agreement space that meet every row and then pass `keep` (called with the
/// settlements, m×1), in file order. Depth-first over the issues; a prefix is given up where the
/// greatest that is left cannot lift a row to its bound. Exact.
///
/// Requires a problem without continuous issues (ModelError).
Listing list_packages(const Problem& problem, const std::vector<ListRow>& rows,
                      const std::function<bool(const std::vector<int>&)>& keep,
                      const ListSettings& settings);

/// The package with these settlements.
Package package_of(const Problem& problem, const std::vector<int>& settlements);

}  // namespace zopa
