// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "model/problem.hpp"
#include "model/scenario.hpp"

namespace zopa {

/// Something that a valid scenario says but probably does not mean.
struct Doubt {
  enum class Kind {
    no_basis,              // a number, or a demand, of which nobody says how it is known
    no_source,             // `basis: stated` without the source that states it
    reservation_too_high,  // a leaf's best lies below its reservation
    reservation_idle,      // every package exceeds the reservation, and no note says why
    red_line_idle,         // an end of a red line beyond which no settlement lies
    red_line_single,       // a red line that leaves a single settlement, and no note says why
    demand_idle,           // a linked demand whose `when` holds at no package
    demand_impossible,     // a linked demand that asks for what its party's red lines refuse
    issue_agreed,          // one settlement is the best there is for every party
    issue_unused,          // no party, rule or consent looks at the issue
    party_unused,          // the party asks nothing, or is neither asked nor described
    draft_outside,         // no package of the agreement space completes the draft
  };

  Kind kind = Kind::no_basis;
  std::string path;     // dotted ids, as in the file: "parties.tenant.positions.rent.limit"
  std::string problem;  // what is doubtful
  std::string remedy;   // what to do
};

/// Every doubt about a scenario, in the order of the file: parties (positions in issue order,
/// reservation, demands), issues, rules, drafts. `problem` is `make_problem(scenario)`; numbers
/// count with their `likely`. Observers are looked at for evidence and red lines only.
std::vector<Doubt> find_doubts(const Scenario& scenario, const Problem& problem);

}  // namespace zopa
