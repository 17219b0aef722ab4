// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "model/issue.hpp"
#include "model/party_number.hpp"
#include "model/position.hpp"
#include "model/tools/exact.hpp"

namespace zopa {

/// How far beyond a stretch of a bounded move the zone is proven empty.
inline const Rational kMoveBracket = Rational(1, 1000000000);

/// Values of a number, ends included.
struct Stretch {
  Rational from;
  std::optional<Rational> to;  // absent: without end (saliences)
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// Disjoint, rising; what touches is one.
using Stretches = std::vector<Stretch>;

/// Adds values to a set.
void join(Stretches& set, const Stretch& more);

bool holds(const Stretches& set, const Rational& value);
bool holds(const Stretches& set, const Stretch& part);

/// The values θ of one end of an ideal, or of an ideal of one point, at which a place is worth
/// enough,
///
///     v(p; θ) − v(y; θ) ≥ need,
///
/// on a numeric issue; without y its worth counts as 0. As a function of θ the difference is
/// monotone between p, y and the ends, and there κ + ν/(θ − low) + ν'/(high − θ), so that the
/// values are found in closed form; a root that is no fraction is bracketed within kMoveBracket,
/// and the end of the stretch lies on the side that is worth enough.
class IdealReach {
 public:
  /// `kind`: ideal, ideal_low or ideal_high. `reference`: y.
  IdealReach(const Issue& issue, const Position& position, PartyNumber::Kind kind,
             std::optional<Rational> reference, const NumberRange& range);

  /// Worths jump where the ideal reaches an end of the scale. So the values inside the range are
  /// kept as limits from inside, and its ends by themselves.
  struct Set {
    Stretches inside;
    bool at_low = false;
    bool at_high = false;
    bool bounded = false;  // some end is a bracket
  };

  Set values(const Rational& place, const Rational& need) const;

  /// A value of the ideal, a place on one piece of the issue, and rest(x) of a package there.
  struct Point {
    Rational value;
    Rational place;
    Rational rest;
  };

  /// Whether rest + salience·(v(p; θ) − v(y; θ)) ≥ 0 on the whole straight way between two points
  /// at which it holds, `reservation` in place of v(y; θ) where there is no y. False also where
  /// that was not found out.
  bool holds_between(const Point& a, const Point& b, const Rational& salience,
                     const Rational& reservation) const;

  static void join(Set& set, const Set& more);
  static bool holds(const Set& set, const Set& part);

  /// The set as values of the range; sets `bounded` where the first or last value of a stretch does
  /// not exist.
  Stretches stretches(const Set& set, bool& bounded) const;

  /// v(p; θ).
  Rational worth_at(const Rational& place, const Rational& value) const;

 private:
  // κ + from_low/(θ − low) + from_high/(high − θ)
  struct Branch {
    Rational constant;
    Rational from_low;
    Rational from_high;
  };
  Branch branch(const Rational& place, const Rational& middle) const;
  enum class Side { low, high, standing };
  std::optional<Side> side(const Rational& place, const Rational& value, const Rational& place_b,
                           const Rational& value_b) const;
  std::optional<Stretch> solve(const Branch& branch, const Rational& need, const Rational& from,
                               const Rational& to, bool& bounded) const;

  const Issue& issue_;
  const Position& position_;
  PartyNumber::Kind kind_;
  std::optional<Rational> reference_;
  Rational low_, high_;    // of the scale
  Rational least_, most_;  // of the range
};

}  // namespace zopa
