// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "model/problem.hpp"
#include "src/document.hpp"
#include "src/input_error.hpp"

namespace zopa {

/// The numeric form of a scenario read from `document`. Throws InputError for the faults that
/// reading cannot see: rules that leave no package at all, and numbers that need more than 126 bits
/// once they have a unit in common.
Problem pose(const Document& document, const Scenario& scenario);

/// Everything that is wrong or doubtful in a scenario file and the files it extends, in the order
/// in which it stands there. Looked at are the body (before the first entry of the timeline), the
/// state at every date of the timeline, and every variant and every lever as of the file's own
/// date. What is seen in several of these is reported once; what is not seen throughout the
/// timeline says where it is seen. Warnings are looked for in the states that are free of errors.
/// Whether all agree on an issue is asked of the dates: it counts when it holds at every one, and
/// what-ifs do not count. Whether an issue or a party is used is asked of the file: one date,
/// variant or lever that uses it is enough.
///
/// A file that is no plain YAML, or is not there, gives its errors alone.
std::vector<InputProblem> check_file(const std::string& file);

}  // namespace zopa
