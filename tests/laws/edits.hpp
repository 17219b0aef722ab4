// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/scenario.hpp"
#include "tests/oracle/random_scenario.hpp"

// Changes of a scenario of which the laws say what they do to the answers. Those that may find
// nothing to change return nothing then. The result is valid.
namespace zopa::laws {

/// 0 … count−1 in a random order.
std::vector<int> random_order(int count, oracle::Dice& dice);

// ---- the same in other words

/// Party k of the result is party order[k] of the scenario.
Scenario reorder_parties(const Scenario& scenario, const std::vector<int>& order);

/// Issue k of the result is issue order[k] of the scenario.
Scenario reorder_issues(const Scenario& scenario, const std::vector<int>& order);

/// Option k of the unordered issue is option order[k] of the scenario.
Scenario reorder_options(const Scenario& scenario, int issue, const std::vector<int>& order);

/// The members of every node of the consent tree in a random order.
Scenario shuffle_members(const Scenario& scenario, oracle::Dice& dice);

/// The place x of a numeric issue becomes factor·x + shift, factor ≠ 0: other units, or the scale
/// read from its other end.
Scenario change_unit(const Scenario& scenario, int issue, const Rational& factor,
                     const Rational& shift);

/// The options of an ordered issue, last to first.
Scenario reverse_options(const Scenario& scenario, int issue);

/// The saliences of a party times a factor > 0.
Scenario scale_saliences(const Scenario& scenario, int party, const Rational& factor);

/// The utility u of a party becomes base + factor·u, factor > 0, on [0, 1]: the worth of every
/// settlement, and the reservation with it.
Scenario rescale_utility(const Scenario& scenario, int party, const Rational& base,
                         const Rational& factor);

/// Scopes that name every issue are left out: an issue more would not be in them.
Scenario without_full_scopes(const Scenario& scenario);

/// Breakpoints for the worth a position has: every settlement, or the ends and kinks of a
/// continuous issue.
std::vector<Breakpoint> breakpoints(const Issue& issue, const Position& position);

// ---- harder and easier

/// Up to three more demands of parties that the tree asks: a new end of a red line, an end moved
/// inwards, fewer accepted options, or a linked demand.
std::optional<Scenario> add_demand(const Scenario& scenario, oracle::Dice& dice);

/// Without up to three of the ends and lists of red lines and the linked demands.
std::optional<Scenario> remove_demand(const Scenario& scenario, oracle::Dice& dice);

/// A party's reservation lowered, where it is above 0 and the party is asked over one scope.
std::optional<Scenario> lower_reservation(const Scenario& scenario, oracle::Dice& dice);

/// One more rule of two tests, of a requirement, or a sum, that leaves something of the agreement
/// space (without continuous issues).
std::optional<Scenario> add_rule(const Scenario& scenario, oracle::Dice& dice);

/// The rule that issue j is settled at a place.
Scenario fix(const Scenario& scenario, int issue, const Rational& place);

/// The rule that forbids one package; no continuous issues, at least two issues or one with another
/// settlement.
Scenario forbid(const Scenario& scenario, const std::vector<Rational>& places);

/// A new party without utility and the demand that `require` holds where `when` does, whose consent
/// is needed beside that of the tree.
Scenario add_guardian(const Scenario& scenario, const Condition& when, const Condition& require);

/// A random test on an issue that some settlement passes.
Test random_test(const Scenario& scenario, int issue, bool required, oracle::Dice& dice);

// ---- who is asked

Consent leaf_of(int party);
Consent node_of(Consent::Kind kind, std::vector<Consent> members);

/// Whether every node of the tree is `all`; whether a leaf has a condition.
bool only_all(const Consent& consent);
bool has_condition(const Consent& consent);

/// Whether the consent always counts, whatever the package: some leaf that is always asked.
bool surely_asked(const Consent& consent);

/// Every leaf of a party with a twin beside it under `all`, which belongs to a new, equal party.
Scenario duplicate_party(const Scenario& scenario, int party);

/// Two scenarios on issues and between parties of their own, both of which must come about.
Scenario side_by_side(const Scenario& first, const Scenario& second);

}  // namespace zopa::laws
