// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "model/scenario.hpp"

namespace zopa {

/// One thing that makes a scenario unusable.
struct ScenarioProblem {
  std::string path;     // dotted ids, e.g. "parties.tenant.positions.rent.limit"
  std::string problem;  // what is wrong
  std::string remedy;   // what to do
};

constexpr int kMostParties = 64;
constexpr int kMostIssues = 256;
constexpr int kMostSettlements = 4096;  // options or steps of one issue

/// Every problem of a scenario; none means that the mathematics may rely on what the types say:
/// saliences ≥ 0 with a worth to go with them, worths and reservations on [0, 1], low ≤ likely ≤
/// high, places on their scales, packages that admit their settlements and break no rule, a consent
/// tree that names somebody and whose counts can be met. Whether the rules leave a package at all
/// is a question for the engine.
std::vector<ScenarioProblem> find_problems(const Scenario& scenario);

/// Every problem of one issue by itself.
std::vector<ScenarioProblem> find_problems(const Issue& issue);

}  // namespace zopa
