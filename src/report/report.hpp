// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/answers/clashes.hpp"
#include "model/answers/drafts.hpp"
#include "model/answers/overlap.hpp"
#include "model/answers/rules.hpp"
#include "src/page.hpp"
#include "src/table_kinds.hpp"
#include "src/writers/writers.hpp"

namespace zopa {

/// What `solve` found out.
struct Answer {
  Overlap overlap;
  std::vector<Agreement> agreements;
  std::vector<DraftScore> drafts;
  std::optional<Clashes> clashes;  // of an empty zone, for the page; absent: not looked for
};

/// An answer with what it is about: all that a report needs.
struct Solved {
  const Scenario& scenario;
  const Problem& problem;
  const Answer& answer;
  Origin origin;
};

/// The tables of `solve` (those of table_kinds) and its page.
Result report(const Solved& solved);

// One table each, in the order of table_kinds.
Table overlap_table(const Solved& solved);
Table parties_table(const Solved& solved);
Table issues_table(const Solved& solved);
Table pairs_table(const Solved& solved);
Table agreements_table(const Solved& solved);
Table margins_table(const Solved& solved);
Table packages_table(const Solved& solved);
Table drafts_table(const Solved& solved);
Table marginals_table(const Solved& solved);

/// "rule:NAME", as the tables of packages name it.
std::string package_name(const Agreement& agreement);

/// What every leaf makes of the package, red lines hard.
std::vector<LeafView> views_of(const Problem& problem, const Package& package);

/// What people read, in the order an analyst would say it.
Page solve_page(const Solved& solved);

}  // namespace zopa
