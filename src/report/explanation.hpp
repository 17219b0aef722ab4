// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "src/explain.hpp"
#include "src/page.hpp"
#include "src/table_kinds.hpp"
#include "src/writers/writers.hpp"

namespace zopa {

/// An explanation with what it is about: all that a report needs.
struct Explained {
  const Scenario& scenario;
  const Problem& problem;
  const Explanation& answer;
  ExplainParts parts;
  Origin origin;
};

/// The tables of `explain` (those of table_kinds, empty where a part is absent) and its page.
Result report(const Explained& explained);

// ---- one part each: its tables, and what people read of it

Table explanation_table(const Explained& explained);

Table conflicts_table(const Explained& explained);
Table conflict_proofs_table(const Explained& explained);
void add_conflicts(const Explained& explained, Page& page);

Table exits_table(const Explained& explained);
Table prices_table(const Explained& explained);
void add_exits(const Explained& explained, Page& page);
void add_pointless(const Explained& explained, Page& page);

Table splits_table(const Explained& explained);
void add_splits(const Explained& explained, Page& page);

Table moves_table(const Explained& explained);
Table move_pairs_table(const Explained& explained);
Table vetoes_table(const Explained& explained);
void add_moves(const Explained& explained, Page& page);
void add_redundant(const Explained& explained, Page& page);

Table consents_table(const Explained& explained);
Table consent_sets_table(const Explained& explained);
Table ratification_table(const Explained& explained);
void add_consents(const Explained& explained, Page& page);

Table levers_table(const Explained& explained);
Table lever_sets_table(const Explained& explained);
void add_levers(const Explained& explained, Page& page);

Table remedies_table(const Explained& explained);
Table redraft_table(const Explained& explained);
void add_redraft(const Explained& explained, Page& page);

/// "The zone closes when A's red line on Rent passes 850 EUR (now 800)": of an open zone, of a move
/// that closes it. Without a full stop.
std::string move_sentence(const Explained& explained, const Move& move);

/// A conflict in a sentence: "Ukraine asks: A; Russia asks: B". Without a full stop.
std::string conflict_words(const Explained& explained, const Conflict& conflict);

/// Why its demands cannot hold together, in a sentence with numbers that can be checked by hand
/// where multipliers suffice; empty where no proof was made. `terms`: with the numbers that are not
/// in the table conflict_proofs.
std::string proof_words(const Explained& explained, const Conflict& conflict, bool terms);

}  // namespace zopa
