// SPDX-License-Identifier: MIT
#include "model/answers/rules.hpp"

#include <algorithm>
#include <array>

namespace zopa {
namespace {

constexpr std::array kRules{
    RuleRow{"nash", "max Π s_i", "Nash 1950", &nash},
    RuleRow{"kalai_smorodinsky", "leximin s_i / (b_i^Z − r_i)", "Kalai and Smorodinsky 1975",
            &kalai_smorodinsky},
    RuleRow{"egalitarian", "leximin s_i (comparable utilities)", "Kalai 1977", &egalitarian},
    RuleRow{"leximin", "leximin m_i", "Thiessen 1996; Imai 1983", &leximin},
    RuleRow{"utilitarian", "max Σ s_i (comparable utilities)", "Harsanyi 1955", &utilitarian},
    RuleRow{"fallback", "least largest F_i, then the next", "Brams and Kilgour 2001", &fallback},
    RuleRow{"adjusted_winner", "leximin u_i over mixtures of the two best", "Brams and Taylor 1996",
            &adjusted_winner},
};

// Why no rule can be asked; empty: it can.
std::string obstacle(const Overlap& overlap, const std::vector<int>& leaves) {
  const Depth& depth = overlap.depth;
  if (!depth.low || *depth.low < 0) {
    return depth.proof == Proof::exact || (depth.high && *depth.high < 0)
               ? "the zone is empty"
               : "it is not decided whether there is a zone";
  }
  return leaves.empty() ? "nobody who is asked has a utility" : "";
}

}  // namespace

std::span<const RuleRow> rule_table() { return kRules; }

std::vector<Agreement> agreements(const Scenario& scenario, const Problem& problem,
                                  const Overlap& overlap, const SolveSettings& settings) {
  std::vector<int> leaves;
  for (int i = 0; i < problem.n(); ++i) {
    if (problem.leaves[static_cast<std::size_t>(i)].has_utility) leaves.push_back(i);
  }
  const std::string why_not = obstacle(overlap, leaves);
  std::vector<Agreement> result;
  std::optional<DepthFinder> finder;
  for (const RuleRow& row : kRules) {
    const auto& wanted = settings.rules;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), row.name) == wanted.end())
      continue;
    if (!why_not.empty()) {
      result.emplace_back().note = why_not;
    } else {
      if (!finder) finder.emplace(problem, settings.progress);
      RuleContext context{scenario, problem, overlap, settings, *finder, leaves};
      result.push_back(row.pick(context));
    }
    result.back().rule = row.name;
  }
  return result;
}

}  // namespace zopa
