// SPDX-License-Identifier: MIT
#include "model/answers/clashes.hpp"

#include "model/answers/conflicts.hpp"
#include "model/tools/at.hpp"

namespace zopa {

Clashes find_clashes(const Scenario& scenario, const Problem& problem, const Progress& progress) {
  Clashes clashes;
  clashes.demands = named_demands(scenario, problem);
  const int size = static_cast<int>(clashes.demands.size());
  const ZoneFinder finder(problem, clashes.demands, progress);
  if (finder.find(DemandSet(at(size), 1))) {
    clashes.open = true;
    return clashes;
  }
  const auto clash = [&](const std::vector<int>& members) {
    DemandSet kept(at(size), 0);
    for (const int d : members) kept[at(d)] = 1;
    if (finder.find(kept) || finder.stopped()) return false;
    clashes.small.push_back(members);
    return true;
  };
  std::vector<int> possible;  // alone
  for (int d = 0; d < size; ++d) {
    if (!clash({d})) possible.push_back(d);
  }
  for (std::size_t a = 0; a < possible.size() && !finder.stopped(); ++a) {
    for (std::size_t b = a + 1; b < possible.size() && !finder.stopped(); ++b)
      clash({possible[a], possible[b]});
  }
  if (!clashes.small.empty()) {
    clashes.one = clashes.small.front();
  } else if (auto one = one_conflict(finder, order_of_asking(scenario, clashes.demands))) {
    clashes.one = std::move(*one);
  }
  clashes.complete = !finder.stopped();
  return clashes;
}

}  // namespace zopa
