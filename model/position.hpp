// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/issue.hpp"

namespace zopa {

enum class Basis { stated, inferred, assumed };
enum class Confidence { high, medium, low };

struct Evidence {
  std::optional<Basis> basis;
  std::optional<Confidence> confidence;
  std::vector<std::string> sources;  // ids of Scenario::sources
  std::string as_of;                 // ISO date or empty
  std::string note;
};

/// A number of the scenario, or a place on an issue's scale (options by their position in file
/// order), with its triangular range. Plain answers use `likely`.
struct Number {
  Rational low;
  Rational likely;
  Rational high;
  Evidence evidence;

  Number() = default;
  explicit Number(const Rational& value) : low(value), likely(value), high(value) {}
  bool certain() const { return low == high; }
};

enum class Relation { at_most, less, at_least, greater, equal, not_equal, one_of };

/// A test on one issue. Order relations need a numeric or ordered issue.
struct Test {
  int issue = 0;
  Relation relation = Relation::equal;
  Number place;                  // every relation but one_of
  std::vector<Rational> places;  // one_of only, in file order

  bool holds(const Rational& x) const;  // x is a place on the issue's scale
};

/// All must hold; an empty condition always holds.
using Condition = std::vector<Test>;

bool holds(const Condition& condition,
           const std::vector<Rational>& package);  // package: m×1 places

/// One end of a red line: settlements beyond it are refused.
struct LimitEnd {
  Number place;
  bool strict = false;  // the place itself is refused as well ("> 600")
};

/// The red line of a position. Either one or two ends (numeric and ordered issues), or a list of
/// what is accepted (unordered options, and tests with !=, or with a list, on any issue without a
/// continuum).
struct Limit {
  std::optional<LimitEnd> low;   // accepts what is at least this
  std::optional<LimitEnd> high;  // accepts what is at most this
  std::optional<std::vector<Rational>> accepted;
  bool bare = false;      // written as a bare value, the side read off the ideals
  bool equality = false;  // written as a test with =: nothing else is meant to be left

  bool accepts(const Rational& x) const;
};

/// What a party wants most: every place in [low, high], or the listed options of an unordered
/// issue.
struct Ideal {
  Number low;
  Number high;
  std::vector<Rational> options;  // unordered only
};

struct Breakpoint {
  Rational place;
  Number worth;  // on [0, 1]
};

/// The range or the options that a party has shown it would discuss. Evidence, never binding.
struct Accepts {
  Rational low;
  Rational high;
  std::vector<Rational>
      options;  // when given, exactly these places; otherwise everything in [low, high]

  bool contains(const Rational& x) const;
};

/// Of one party on one issue.
struct Position {
  int issue = 0;
  Number salience;  // ≥ 0, not yet divided by the sum over the scope
  std::optional<Ideal> ideal;
  std::vector<Breakpoint>
      value;  // empty: worth follows from the ideal. Options: one breakpoint an option, in order
  std::optional<Limit> limit;
  std::optional<Accepts> accepts;
  bool firm = false;
  Evidence evidence;

  bool has_worth() const { return ideal.has_value() || !value.empty(); }
};

/// The worth v of a place to a party, on [0, 1] (mathematics: v_ij). With breakpoints: straight
/// lines between them, constant outside. With an ideal only: 1 on it, falling in a straight line to
/// 0 at each end of the scale (an ideal at an end has no slope there); unordered options: 1 on the
/// ideals, else 0. Requires position.has_worth().
Rational worth(const Issue& issue, const Position& position, const Rational& place);

/// The places strictly inside the scale at which the slope of `worth` changes on a numeric issue,
/// rising.
std::vector<Rational> kinks(const Issue& issue, const Position& position);

}  // namespace zopa
