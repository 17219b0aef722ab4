// SPDX-License-Identifier: MIT
#pragma once

#include "src/report/explanation.hpp"
#include "src/report/report.hpp"

namespace zopa {

/// What a brief rests on: the answers of `solve` and of `explain` to the same scenario.
struct Briefed {
  const Solved& solved;
  const Explained& explained;
};

/// A note of one page in plain language, every sentence followed by the rows of the tables that it
/// rests on, `[table row, row; other row: column]`; and these tables.
Result brief(const Briefed& briefed);

}  // namespace zopa
