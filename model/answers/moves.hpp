// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/answers/demands.hpp"
#include "model/answers/overlap.hpp"
#include "model/answers/stretches.hpp"
#include "model/party_number.hpp"

namespace zopa {

/// What one number alone can do, all else fixed.
struct Move {
  PartyNumber number;
  int demand = -1;    // index into Moves::demands; −1: saliences, ideals and worths
  bool firm = false;  // never asked to move: the demand, the position or the party says so
  Rational from;      // present value
  NumberRange range;
  /// The values of the range at which the zone is not empty: disjoint and rising. Where only some
  /// values exist (options, settlements) a stretch runs over neighbours among them. At every value
  /// in it the zone is not empty (there is a package); outside it is empty (proven), except, where
  /// `proof` is bounded, nearer than kMoveBracket to the end of a stretch, or to an end of the
  /// range beside which the zone is not empty.
  Stretches open;
  std::vector<Rational> crossings;    // ends of stretches within the range, rising: the last values
                                      // at which the zone is not empty
  std::optional<Rational> opens_at;   // closed zone: the value of `open` nearest to `from` (of two,
                                      // the lower); absent: never
  std::optional<Rational> closes_at;  // open zone: the nearest end of the stretch that holds `from`
                                      // beyond which the zone is empty; absent: never
  /// From `from` to opens_at or closes_at, as a share: of the scale (limits, tests, ideals,
  /// reservation places; options: of one), of 1 (reservation, worths), of the party's whole
  /// salience (saliences: the change in s_j/Σs). What moves are ranked by.
  std::optional<Rational> share;
  Proof proof = Proof::exact;
  bool settled = true;  // false: the search was stopped or too long; `open` holds what is known to
                        // be open, and beside it nothing is proven

  bool never() const { return settled && !opens_at && !closes_at; }
};

/// Two numbers, not firm, of which neither opens the zone alone: the least t such that the zone is
/// not empty when both give way by the share t (limits and tests: of the scale; reservations: of
/// b_i − r_i, or of r_i where b_i ≤ r_i; options: by being accepted, with share 0).
struct MovePair {
  std::size_t first = 0;  // indices into Moves::moves, first < second
  std::size_t second = 0;
  Rational share;
  Rational first_to;  // at that share, on the range
  Rational second_to;
  Package package;  // acceptable then
};

/// What a consent costs: whether the zone stays as it is when the leaf, or all leaves of the party,
/// say yes to everything (an absorbed veto).
struct ConsentCost {
  int party = 0;
  int leaf = -1;                 // −1: the party as a whole
  std::optional<bool> absorbed;  // absent: not decided
};

/// Every single move, slack, and what is pointless.
struct Moves {
  std::vector<NamedDemand> demands;
  bool open = false;            // the zone is not empty
  std::vector<Move> moves;      // in the order of party_numbers
  std::vector<MovePair> pairs;  // closed zone: by share, then first and second
  /// Whether dropping the demand leaves the zone as it is, one a demand; absent: not decided. In a
  /// closed zone: whether it leaves it empty.
  std::vector<std::optional<bool>> redundant;
  std::vector<ConsentCost> consents;  // parties in order, each followed by its leaves if several
  bool complete = true;               // false: stopped; some moves are not settled
  bool pairs_complete = true;         // false: there may be more pairs, or they were not asked for
};

struct MoveSettings {
  bool moves = true;
  bool pairs = true;
  bool redundant = true;  // and consents
  int jobs = 1;
  Progress progress = no_progress();
};

/// The moves of a scenario, whose problem is made by make_problem. Exact except where a move says
/// so: ideals on continuous issues, roots that are no fractions, and where the problem itself is
/// rounded.
Moves find_moves(const Scenario& scenario, const Problem& problem, const MoveSettings& settings);

/// The moves that open the zone, or close an open one, by share; then their order. Indices.
std::vector<std::size_t> ranked(const Moves& moves);

}  // namespace zopa
