// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/leaves.hpp"
#include "tests/oracle/rational_lp.hpp"

namespace zopa::oracle {

/// Scenarios with continuous issues, exactly: the agreement space is cut into cells on which every
/// worth is a straight line and every test has one answer, and each cell becomes linear programs.
/// Cells are closed; a package belongs to every cell that contains it and counts as the best of
/// them. Besides the segments between cuts there is a cell for each place at which a test turns:
/// there limits and requirements hold with their boundary, and a `when` does not trigger.
class Cells {
 public:
  explicit Cells(const Scenario& scenario);

  const Reading& reading() const { return reading_; }
  std::size_t count() const { return cells_.size(); }  // not empty ones
  const std::vector<Value>& best() const { return best_; }

  /// The greatest value of the tree; nothing: −∞ on all of X.
  Value depth(Kind kind) const { return depth(reading_.tree, kind, -1); }
  Value pair_depth(int i, int j, Kind kind) const;
  Value depth_without(int party, Kind kind) const { return depth(reading_.tree, kind, party); }

  /// The places of an issue that extend to a package of X whose tree value is at least `value`:
  /// maximal closed runs, rising. Runs of an issue without a continuum hold neighbouring
  /// settlements.
  std::vector<Range> projection(std::size_t issue, Kind kind, const Rational& value) const;

  /// The value of the tree at a package of X: the best of its cells.
  Value tree_value(const std::vector<Rational>& places, Kind kind) const;
  bool in_space(const std::vector<Rational>& places) const;

  /// Measure of X and of Z: number of packages of the discrete issues times length or area of the
  /// continuous ones, of which there are one or two.
  Rational measure_of_space() const;
  Rational measure_of_zone() const;

  /// Over the zone: the leximin greatest sorted vector, over the leaves with a utility, of surplus,
  /// margin, or surplus over the best hope in the zone. Nothing when the zone is empty.
  enum class Measure { surplus, margin, hope };
  std::optional<std::vector<Rational>> leximin(Measure measure) const;
  std::optional<Rational> greatest_sum_of_surpluses() const;

  /// The same vector at one package of the zone, the best of its cells.
  std::optional<std::vector<Rational>> vector_at(const std::vector<Rational>& places,
                                                 Measure measure) const;
  std::optional<Rational> sum_of_surpluses_at(const std::vector<Rational>& places) const;

 private:
  struct Piece {
    Rational from;
    Rational to;
  };
  // A linear function of the positions λ ∈ [0, 1] on the pieces.
  struct Linear {
    Rational constant;
    std::vector<Rational> slope;  // m×1
  };
  struct CellLeaf {
    bool asked = true;
    bool within = true;
    bool hard_broken = false;  // in kind `all`
    std::vector<Linear> soft;  // margins of the violated soft ends
    std::optional<Linear> utility;
  };
  struct Cell {
    std::vector<Piece> pieces;  // m×1
    std::vector<LpRow> rows;    // over λ: bounds and linear rules
    std::vector<CellLeaf> leaves;
  };
  using Coalition = std::vector<std::size_t>;

  void cut(const std::vector<std::vector<Piece>>& pieces);
  std::optional<Cell> make_cell(const std::vector<Piece>& pieces) const;
  Linear along(const std::vector<Piece>& pieces, std::size_t issue, const Rational& at_from,
               const Rational& at_to) const;
  std::vector<Coalition> winning(const Tree& tree, const Cell& cell) const;
  std::optional<std::vector<LpRow>> rows_of_value(const Cell& cell, const Coalition& coalition,
                                                  Kind kind, int without_party,
                                                  const std::optional<Rational>& at_least) const;
  Value depth(const Tree& tree, Kind kind, int without_party) const;
  Value depth_in(const Cell& cell, const Tree& tree, Kind kind, int without_party,
                 const std::vector<LpRow>& more) const;
  std::vector<LpRow> rows_at(const Cell& cell, const std::vector<Rational>& places) const;
  bool contains(const Cell& cell, const std::vector<Rational>& places) const;
  Rational area(const Cell& cell, const std::vector<LpRow>& rows) const;
  std::vector<std::optional<Linear>> measured(const Cell& cell, Measure measure) const;
  std::optional<std::vector<Rational>> leximin_in(const Cell& cell, Measure measure,
                                                  const std::vector<LpRow>& more) const;
  std::optional<Rational> sum_in(const Cell& cell, const std::vector<LpRow>& more) const;
  std::vector<std::vector<LpRow>> zone_parts(const Cell& cell) const;
  const std::vector<Rational>& best_in_zone() const;

  const Scenario& scenario_;
  Reading reading_;
  std::vector<Cell> cells_;
  std::vector<Value> best_;
  mutable std::optional<std::vector<Rational>> best_in_zone_;
};

}  // namespace zopa::oracle
