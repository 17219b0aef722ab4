// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "model/answers/variants.hpp"
#include "model/engine/search.hpp"
#include "model/scenario.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// What one party makes of packages but for one issue j. Its leaf i, with saliences s as the file
/// gives them, accepts within its red lines and demands exactly where
///
///     rest_i(x) + T(x_j) ≥ 0,    rest_i(x) = Σ_{l in scope, l ≠ j} s_l (v_l(x_l) − ref_l),
///                                T(x_j)    = s_j (v_j(x_j) − ref_j),
///
/// ref_l = v_l(y_l) for a reservation package y, otherwise the reservation r. The salience, the
/// ideal and the worths of issue j, and y_j, change T alone, the same T for all leaves with j in
/// scope. So with
///
///     rest(x) = the largest R such that the tree accepts x when exactly those of them accept
///               that are within their demands and have rest_i(x) ≥ R,
///
/// the zone is not empty exactly when rest(x) + T(x_j) ≥ 0 for some x, or some x is accepted though
/// all of them refuse. Not for several threads at once.
class Headroom {
 public:
  /// All must outlive this. Requires a zone that is empty when the party's leaves with the issue in
  /// scope refuse.
  Headroom(const Scenario& scenario, const Variants& variants, int party, int issue,
           const Progress& progress);
  ~Headroom();

  /// The leaves of a party with the issue in scope.
  static std::vector<int> leaves(const Problem& problem, int party, int issue);

  /// Whether all these leaves weigh the other issues alike, so that rest(x) is straight on a piece.
  bool one_class() const;

  /// T at the two ends of every piece of the issue.
  using Line = std::vector<std::pair<Rational, Rational>>;

  /// The line of a function of the place that is straight on every piece.
  Line line(const std::function<Rational(const Rational&)>& of_place) const;

  /// rest(x) of a package that the tree accepts when these leaves need no utility.
  Rational rest(const Package& package) const;

  /// The line at the package's place.
  Rational at_package(const Line& line, const Package& package) const;

  struct Best {
    std::optional<Package> package;
    Rational value;        // rest(x) + T(x_j) of the package
    Rational bound;        // no package has more; equal to `value` but where numbers are too long
    bool stopped = false;  // then nothing is proven
  };

  /// Where to look: pieces of the issue (empty: all), and what the package has to reach.
  struct Where {
    std::vector<char> pieces = {};
    std::optional<Rational> at_least =
        std::nullopt;  // nothing below is looked for: no package then
    bool any = false;  // the first that reaches it will do
    std::optional<Line> not_below_zero = std::nullopt;  // only where this line is at least 0
  };

  /// max of rest(x) + T(x_j) over the packages that the tree accepts when these leaves need no
  /// utility; no package: there is none (proven unless stopped).
  Best greatest(const Line& line, const Where& where);

  /// max of the line alone.
  Best steepest(const Line& line);

 private:
  Best walk(const Line& line, const std::vector<Form>& forms, const Where& where);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace zopa
