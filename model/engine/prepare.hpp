// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/engine/form.hpp"
#include "model/problem.hpp"

namespace zopa {

/// The numeric form of a scenario with b_i, the best of each leaf over the agreement space, filled
/// in. Where b_i does not lie on the leaf's unit (continuous issues under linear rules) the unit is
/// refined until it does. The scenario must be valid. Throws ModelError when the agreement space is
/// empty.
Problem make_problem(const Scenario& scenario);

/// The same, and nothing when the agreement space is empty.
std::optional<Problem> try_make_problem(const Scenario& scenario);

/// Which issues the rules tie together, m×1: issues with the same number belong together, and the
/// number is the first of them; kFreeIssue: no rule asks about the issue.
constexpr int kFreeIssue = -1;
std::vector<int> tied_issues(const Problem& problem);

/// Whether no package satisfies the rules.
bool agreement_space_empty(const Problem& problem);

/// max of the form over the agreement space, exactly; nothing when the space is empty.
std::optional<Rational> greatest(const Problem& problem, const Form& form);

/// min of the form over the agreement space, exactly; nothing when the space is empty.
std::optional<Rational> least(const Problem& problem, const Form& form);

}  // namespace zopa
