// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/consent.hpp"
#include "model/issue.hpp"
#include "model/position.hpp"

namespace zopa {

struct Source {
  std::string id;
  std::string title;
  std::string date;
  std::string url;
};

/// Linked demand: when the first condition holds, the party accepts only if the second holds too.
struct LinkedDemand {
  std::string id;
  std::string title;
  Condition when;
  Condition require;
  bool firm = false;
  Evidence evidence;
};

/// The utility of no agreement: a number, or the deal the party would only just sign.
struct Reservation {
  std::optional<Number> utility;                // on [0, 1]
  std::vector<std::pair<int, Number>> package;  // issue and place
  bool firm = false;
  Evidence evidence;
};

struct Party {
  std::string id;
  std::string title;
  std::vector<Position> positions;  // in the order of the issues
  std::vector<LinkedDemand> demands;
  Reservation reservation;  // neither number nor package: 0
  bool firm = false;
  Rational power = 1;
  Evidence evidence;

  const Position* position(int issue) const;
};

/// Physics, law, arithmetic: shapes what is possible at all. Either when/require, or a linear sum.
struct Rule {
  std::string id;
  std::string title;
  Condition when;
  Condition require;
  std::vector<std::pair<int, Rational>> sum;  // issue and coefficient; numeric issues only
  std::optional<Rational> at_least;
  std::optional<Rational> at_most;
  std::optional<Rational> equals;
  Evidence evidence;
};

/// A text on the table, whole or partial.
struct Draft {
  std::string id;
  std::string title;
  std::string date;
  std::vector<std::optional<Rational>> package;  // m×1; empty where the text is silent
  std::vector<std::string> sources;
};

/// What the file says for one date and variant, in natural units. Indices refer to the order in the
/// file.
struct Scenario {
  std::string title;
  std::string about;
  std::string date;  // the day it answers for; may be empty
  std::vector<Source> sources;
  std::vector<Issue> issues;
  std::vector<Party> parties;
  std::vector<Rule> rules;
  Consent consent;  // the default, all parties, is written out
  std::vector<Draft> drafts;
};

/// A demand: what a party asks of a package, the unit of every explanation.
struct Demand {
  enum class Kind { limit, limit_low, limit_high, linked, reservation };
  Kind kind = Kind::limit;
  int party = 0;
  int index = 0;  // the issue of a limit, the position in Party::demands of a linked demand, else 0

  friend bool operator==(const Demand&, const Demand&) = default;
};

/// `<party>.<issue>.limit` (`.limit_low`, `.limit_high` when the red line has two ends),
/// `<party>.reservation`,
/// `<party>.<demand>`.
std::string demand_id(const Scenario& scenario, const Demand& demand);

/// The demand in words made from the titles in the file, e.g. "Ukraine: Elections at least 0 days".
std::string demand_text(const Scenario& scenario, const Demand& demand);

/// A place as people read it: the number with its unit, or the title of the option.
std::string place_text(const Issue& issue, const Rational& place);

/// A place as the file writes it: the number, or the id of the option.
std::string place_id(const Issue& issue, const Rational& place);

}  // namespace zopa
