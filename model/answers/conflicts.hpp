// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/answers/demands.hpp"
#include "model/answers/overlap.hpp"
#include "model/engine/certificate.hpp"

namespace zopa {

/// Demands that cannot hold together, while any proper subset can (minimal unsatisfiable set). None
/// at all where no package is accepted whatever the parties demand: a quota that those who are
/// asked cannot reach.
struct Conflict {
  std::vector<int> demands;  // indices into Conflicts::demands, rising
  bool firm = false;         // firm throughout: no exit exists
  /// Why they cannot: multipliers λ > 0 with Σλ = 1 over leaves, such that Σ λ_i m_i(x) is at most
  /// `at_most` < 0 on every package that the other demands of the conflict allow (a leaf that is
  /// not asked counts with margin 1; a reservation equal to b_i has no margin and counts as one of
  /// the others). `at_most` is the least that multipliers can show, λ of least Σλ²
  /// (relaxed_shares). Empty, and `at_most` absent, where no multipliers do: red lines, linked
  /// demands and rules leave no package, only mixtures of packages would do, or a leaf can be
  /// outvoted.
  std::vector<std::pair<int, Rational>> multipliers;  // leaf and λ
  std::optional<Rational> at_most;
  std::size_t boxes = 0;  // of the certificate; 0: the search was stopped, or proofs are not asked
  Certificate certificate;  // of the depth, or that there is none, of the problem with only these
                            // demands (with_demands)
};

/// One number or option of a demand that gives way.
struct Concession {
  int demand = 0;  // index into Conflicts::demands
  /// What moves. `end`: a red line; `options`: options are added to those a party accepts;
  /// `reservation`: the utility of no agreement of one leaf, and of every leaf of its party with
  /// the same scope; `when`, `require`: a number or an ordered option of a linked demand (`test` is
  /// its index there); `dropped`: without magnitude, it is given up.
  enum class What { end, options, reservation, when, require, dropped };
  What what = What::end;
  int test = 0;
  int leaf = -1;   // reservation: the first of those leaves
  int issue = -1;  // all but reservation and dropped
  /// The place (end, when, require) or utility (reservation) it moves from and to. The place itself
  /// is accepted on either side: an end that refuses the settlement on which it stands ("> 600" in
  /// steps of 10) moves from the next one (610), and to 590 means ">= 590". A condition moves to a
  /// place at which it no longer holds. A number that must be met or missed exactly ("=", "!=",
  /// lists) moves onto the place of the package, or off it to the settlement next to it, the lower
  /// of two. Where a strict test ("< 37.5") bounds a continuous issue the least is not attained:
  /// the zone opens just beyond.
  std::optional<Rational> from;
  std::optional<Rational> to;
  std::vector<Rational> added;       // options: the fewest that do, first in file order
  std::optional<Rational> distance;  // |to − from|: in the issue's unit, in steps (options), or in
                                     // utility
  Proof proof = Proof::exact;  // bounded: the search was stopped, a smaller move may do
};

/// A set of demands whose removal opens the zone while no proper part does (minimal correction
/// set). Never asks a firm demand.
struct Exit {
  std::vector<int> demands;  // rising
  std::vector<int> parties;  // asked, rising
  /// The least t such that every member gives way by the share t (red lines and linked numbers: of
  /// the length of the scale; reservations: of b_i − r_i, or of r_i where b_i ≤ r_i). A linked
  /// demand moves one of its numbers, whichever asks least. Absent when no member has a magnitude:
  /// all are dropped.
  std::optional<Rational> share;
  /// One or more a demand, in order: each by the whole share; ends stop at the last settlement
  /// within it, and at the end of the scale. Dropped are lists, where they are not the only member,
  /// linked demands without a number, and as few others as possible where no number of theirs will
  /// do. Empty: the search was stopped.
  std::vector<Concession> concessions;
  Proof proof = Proof::exact;      // bounded: the search was stopped, a smaller share may do
  std::optional<Package> package;  // acceptable once the concessions are made
};

/// What one demand alone would have to give, all else fixed.
struct Price {
  int demand = 0;
  bool never = false;  // giving it up altogether leaves the zone empty
  /// Each number or option of the demand that opens the zone when it alone moves, those first that
  /// move by the least share of their scale; `dropped` where none does. Empty: never, or the search
  /// was stopped.
  std::vector<Concession> ways;
};

/// A way to share what is missing over several demands. Firm demands stay as they are.
struct Split {
  /// least_largest: the least t such that a share of at most t from each suffices; reservations
  /// give, where that is not enough red lines with an order, too, and at last numbers of linked
  /// demands and reservations without hope (b_i ≤ r_i). So t = −D of the printed depth where
  /// nothing is firm and there is a depth. Of several, with the least sum, where nobody can be
  /// outvoted and no linked demand gives; then the first package in file order.
  ///
  /// least_sum: the least sum of shares over the leaves that accept; reservations and red lines
  /// with an order give. Red lines weigh w_ij, those of a leaf without utility 1, and
  /// reservations 1. Of several, with the least largest; then the first package in file order.
  ///
  /// fewest: the exit of fewest demands, then of the least share.
  enum class Kind { least_largest, least_sum, fewest };
  Kind kind = Kind::least_largest;
  bool exists = false;  // false: demands that cannot give clash, or the search was stopped
  std::optional<Rational> largest;  // greatest share that anything gives; absent: all are dropped
  std::optional<Rational> sum;  // Σ of the weighted shares; numbers of linked demands weigh w_ij
  std::vector<Concession> concessions;
  Proof proof = Proof::exact;  // bounded: a better one was not ruled out
  std::optional<Package> package;
};

/// Why a zone is empty, and what would open it.
struct Conflicts {
  std::vector<NamedDemand> demands;
  bool open = false;                // the zone is not empty: nothing below is filled
  std::vector<Conflict> conflicts;  // by size, then lexicographically
  std::vector<Exit> exits;          // by parties asked, demands, share, then lexicographically
  std::vector<Price> prices;        // one for every demand that is not firm, in order
  std::vector<Split> splits;        // one of each kind, in the order of Split::Kind
  bool complete = true;             // false: there may be more conflicts and exits than these
};

struct ConflictSettings {
  std::size_t most = 10'000;  // conflicts and exits together; beyond, `complete` is false
  bool prices = true;
  bool splits = true;
  bool proofs = true;
  int jobs = 1;
  Progress progress = no_progress();
};

/// All conflicts and exits, with what they cost. Those of one and two demands come first, by direct
/// checks; then a map of all sets of demands is explored, each undecided set grown to an exit or
/// shrunk to a conflict, until none is left: exits are exactly the minimal sets that hit every
/// conflict. Exact throughout; what does not depend on the limits does not depend on threads.
///
/// Sources: Liffiton et al. (2016), pp. 226–230 (the map); Junker (2004), p. 169 (QuickXplain).
Conflicts find_conflicts(const Scenario& scenario, const Problem& problem,
                         const ConflictSettings& settings);

/// One conflict alone, quickly: the demands asked last to give way are kept out of it where they
/// can be (QuickXplain over order_of_asking). Nothing when the zone is not empty or the search was
/// stopped.
std::optional<std::vector<int>> one_conflict(const ZoneFinder& finder,
                                             const std::vector<int>& order);

/// At most `most` exits that together ask every demand that any exit asks, as far as that can be
/// had; the cheapest is one of them. Indices into Conflicts::exits, rising. After O'Sullivan et al.
/// (2007): conflicts do not tell which demand to drop, a small set of exits that represents all
/// does.
std::vector<std::size_t> shown_exits(const Conflicts& conflicts, std::size_t most = 5);

}  // namespace zopa
