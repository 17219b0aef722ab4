// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/scenario.hpp"

namespace zopa {

/// A number of the scenario that a party could change, or an option that it could accept or refuse.
/// Its value is a place (limits, tests, ideals, places of a reservation package), a utility or
/// worth on [0, 1], a salience ≥ 0, or 1 where the option is listed and 0 where it is not.
struct PartyNumber {
  enum class Kind {
    salience,
    ideal,      // the one place, both ends of an ideal of one point
    ideal_low,  // an end of a range of ideals
    ideal_high,
    ideal_option,  // an option of an unordered issue: among the ideals?
    worth,         // of breakpoint `index`
    limit_low,     // accepts what is at least this
    limit_high,    // accepts what is at most this
    limit_option,  // a settlement: among those accepted?
    when,          // the place of a test of linked demand `index`, on `issue`
    when_option,   // a settlement: among those listed by the test?
    require,
    require_option,
    reservation,       // a utility; also where none is written, which is 0
    reservation_place  // of the reservation package
  };
  Kind kind = Kind::salience;
  int party = 0;
  int issue = -1;   // −1: reservation
  int index = 0;    // worth: the breakpoint; when, require (and their options): the linked demand
  Rational option;  // ideal_option, limit_option, when_option, require_option: its place

  friend bool operator==(const PartyNumber&, const PartyNumber&) = default;
};

/// Values that a number can take, all else fixed: every real number of [low, high], or only
/// `values`. The file stays valid, except where the ends of a limit pass each other or a list loses
/// its last entry (nothing is accepted then), and where a rule forbids the reservation package.
struct NumberRange {
  Rational low;
  std::optional<Rational> high;  // absent: no upper end (saliences)
  std::vector<Rational> values;  // rising; empty: every number of the range
};

/// Every number that the parties of the consent tree could change, in file order: by party; by
/// issue the salience, the ideal, the worths and the limit (low end first); the linked demands,
/// `when` before `require`; the reservation. Left out is what could not matter: an ideal where
/// worths are given, ideals, worths and reservation places of issues without salience, the salience
/// of a party that has none at all, and what the format does not let one change alone: a salience
/// where there is no worth or the reservation package does not name the issue, a reservation number
/// of a party that is asked over several scopes.
std::vector<PartyNumber> party_numbers(const Scenario& scenario);

/// The present (`likely`) value.
Rational number_value(const Scenario& scenario, const PartyNumber& number);

/// The range: limits and tests of order the scale (the settlements, on an issue with steps, where
/// the end itself is not among what is allowed, because there is no last value between two of them;
/// and for options); other tests the settlements; ideals the scale or the options, as far as a
/// range keeps low ≤ high; reservation places the settlements, or the scale where it is continuous;
/// reservations and worths [0, 1], worths beside an ideal as far as the ideal keeps the greatest;
/// saliences [0, ∞); options 0 and 1, of a list of ideals as far as it keeps one.
NumberRange number_range(const Scenario& scenario, const PartyNumber& number);

/// The scenario with the number at another value of its range; no longer a triangle.
Scenario with_number(Scenario scenario, const PartyNumber& number, const Rational& value);

/// The demand that the number belongs to; nothing for saliences, ideals and worths.
std::optional<Demand> number_demand(const Scenario& scenario, const PartyNumber& number);

/// Where the number stands, as `--set` takes it: "parties.ukraine.positions.army.limit".
std::string number_path(const Scenario& scenario, const PartyNumber& number);

/// What `--set` would write there for this value, as YAML: `10`, `">= 800"`, `[0, 10]`,
/// `[geneva, vienna]`.
std::string number_text(const Scenario& scenario, const PartyNumber& number, const Rational& value);

}  // namespace zopa
