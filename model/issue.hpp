// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/tools/exact.hpp"

namespace zopa {

enum class IssueKind {
  numeric,    // a range of numbers, in steps or continuous
  ordered,    // named options from first to last
  unordered,  // named options; distances between them mean nothing
};

struct Option {
  std::string id;
  std::string title;
};

/// One thing to settle. A settlement is named by its *place* on the issue's scale: a number in the
/// issue's unit for numeric issues, the position 0, 1, … K−1 in file order for options.
struct Issue {
  std::string id;
  std::string title;
  std::string group;
  std::string unit;
  IssueKind kind = IssueKind::numeric;
  Rational low;                  // numeric only
  Rational high;                 // numeric only
  std::optional<Rational> step;  // numeric only; without it the issue is continuous
  std::vector<Option> options;   // ordered and unordered only

  bool continuous() const { return kind == IssueKind::numeric && !step; }

  /// The number of settlements K; 0 when the issue is continuous.
  int settlements() const;

  /// The place of settlement k, 0 ≤ k < settlements().
  Rational place(int k) const;

  /// The ends of the scale: low and high, or 0 and K−1.
  Rational scale_low() const;
  Rational scale_high() const;

  /// The settlement at that place, or nothing when none is there (off the steps, outside the scale,
  /// continuous).
  std::optional<int> settlement_at(const Rational& place) const;

  /// Whether a package may hold this place.
  bool admits(const Rational& place) const;
};

}  // namespace zopa
