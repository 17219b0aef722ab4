// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/answers/conflicts.hpp"
#include "src/table.hpp"

namespace zopa {

// Demands and concessions in words made from the titles in the file, and as cells of tables.

/// "Ukraine's", "United States'".
std::string possessive(const std::string& name);

/// What the demand asks, to follow "asks: ": "Rent at most 800 EUR", "at least its reservation of
/// 0.55", "“Neutral only with a treaty”".
std::string asked_words(const Scenario& scenario, const Problem& problem,
                        const NamedDemand& demand);

/// The demand as something a party has: "red line on Rent (at most 800 EUR)", "reservation (0.55)",
/// "linked demand “Neutral only with a treaty”".
std::string held_words(const Scenario& scenario, const Problem& problem, const NamedDemand& demand);

/// The demands (indices into `all`, in the order of their parties) grouped by party: "Ukraine asks:
/// A; and B. Russia asks: C". Without a full stop at the end.
std::string grouped_words(const Scenario& scenario, const Problem& problem,
                          const std::vector<NamedDemand>& all, const std::vector<int>& demands);

/// "red line on Rent", "lower red line on Rent", "reservation", "“Neutral only with a treaty”".
std::string demand_name(const Scenario& scenario, const Demand& demand);

/// The same by name: "Ukraine: red line on A and reservation; Russia: …".
std::string grouped_names(const Scenario& scenario, const std::vector<NamedDemand>& all,
                          const std::vector<int>& demands);

/// The shortest decimal between `from` and `to`, ends included, the nearest to `from` of that
/// length; a fraction where eighteen digits do not suffice.
std::string decimal_between(const Rational& from, const Rational& to);

/// Where a number ends up that had to move: as it is where seven characters say it, otherwise the
/// shortest decimal that suffices and exceeds the distance by at most 0.5 %.
std::string reached_text(const Rational& from, const Rational& to);

/// A value as it stands: exact where seven characters say it, otherwise to four decimals.
std::string stated_text(const Rational& value);

/// The double next to `to` that is not short of it, coming from `from`: what csv and json carry.
double reached_number(const Rational& from, const Rational& to);

/// A whole sentence without the full stop: "Ukraine's red line on Rent moves from at most 800 EUR
/// to at most 850 EUR".
std::string concession_sentence(const Scenario& scenario, const Problem& problem,
                                const NamedDemand& demand, const Concession& concession);

/// Whether nothing is left of what gives way: it is dropped, a red line ends where the scale does,
/// or a reservation at a utility that nothing falls below.
bool is_given_up(const Scenario& scenario, const NamedDemand& demand, const Concession& concession);

/// What gives way, to follow the name of the party: "red line on Rent", "reservation", "what
/// “Neutral only with a treaty” requires on Guarantee".
std::string conceded_words(const Scenario& scenario, const Problem& problem,
                           const NamedDemand& demand, const Concession& concession);

/// How options are named: by their titles, or, for grids, by their ids where titles are long.
enum class Naming { titles, short_names };

/// Where it comes from and where it goes, with unit: "at most 800 EUR" and "at most 850 EUR", ""
/// and "Geneva as well", "0.55" and "given up".
std::string from_words(const Scenario& scenario, const NamedDemand& demand,
                       const Concession& concession, Naming naming = Naming::titles);
std::string to_words(const Scenario& scenario, const NamedDemand& demand,
                     const Concession& concession, Naming naming = Naming::titles);

/// Both in one cell of a grid: "800 → 850", "+ Geneva", "given up".
std::string concession_words(const Scenario& scenario, const NamedDemand& demand,
                             const Concession& concession);

/// How far it gives way, in natural units: "50 EUR", "2 steps", "0.02 of utility"; empty without a
/// magnitude.
std::string distance_words(const Scenario& scenario, const Concession& concession);

/// How much of its scale the concession gives: red lines and linked numbers of the length of the
/// scale, reservations of b_i − r_i, or of r_i where b_i ≤ r_i. Absent without a magnitude.
std::optional<Rational> share_of_scale(const Problem& problem, const Concession& concession);

// ---- cells -----------------------------------------------------------------------------------

/// limit, linked or reservation.
const char* demand_kind_word(const Demand& demand);

/// end, options, reservation, when, require or dropped.
const char* concession_word(Concession::What what);

/// The issue that moves, from, to and unit, as the tables of concessions hold them.
std::vector<Cell> concession_cells(const Scenario& scenario, const Concession& concession);

}  // namespace zopa
