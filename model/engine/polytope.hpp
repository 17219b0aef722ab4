// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstddef>
#include <vector>

#include "model/engine/effort.hpp"
#include "model/tools/exact.hpp"

namespace zopa {

/// Σ_j coefficient_j · x_j ≥ bound.
struct HalfSpace {
  std::vector<Integer> coefficients;
  Integer bound;
};

/// A bounded convex polytope of any dimension, by its vertices, in exact fractions. Rows that touch
/// it, repeat each other or flatten it do no harm.
///
/// A cut keeps the vertices on one side and adds one on every edge that it crosses; two vertices
/// share an edge when no third one lies on all facets that both lie on (double description:
/// Motzkin, Raiffa, Thompson, Thrall 1953). The volume is summed over the simplices of a pulling
/// triangulation (Cohen and Hickey 1979, Two algorithms for determining volumes of convex
/// polyhedra, Journal of the ACM 26, pp. 401–414).
class Polytope {
 public:
  /// The cube [0, 1]^space, 0 ≤ space ≤ kMostSpace.
  explicit Polytope(int space);

  static constexpr int kMostSpace = 12;
  static constexpr int kMostFacets = 192;  // of the cube and of all cuts together

  bool empty() const { return vertices_.empty(); }
  std::size_t vertices() const { return vertices_.size(); }

  /// Where the polytope lies: nowhere strictly outside the half-space, nowhere strictly inside, or
  /// on both sides. A polytope within the bounding plane counts as inside.
  enum class Side { inside, outside, both };
  Side side(const HalfSpace& row) const;

  /// The parts where the row holds, and where the row or its bounding plane does not: both are
  /// closed and share a face. One may be empty. Throws GaveWay when it takes too long, or beyond
  /// kMostFacets.
  struct Parts;
  Parts split(const HalfSpace& row, Effort::Share& effort) const;

  /// The part where the row holds.
  Polytope cut(const HalfSpace& row, Effort::Share& effort) const;

  /// A basis of the directions of the affine hull, as vectors over the space; as many as the
  /// dimension. None when empty.
  std::vector<std::vector<Rational>> directions() const;

  /// Whether the coordinate is the same everywhere; the polytope must not be empty.
  bool fixed(int coordinate) const;
  Rational coordinate_of_first_vertex(int coordinate) const;

  /// The volume of the image under projection to the given coordinates, as many as the dimension;
  /// 0 when the dimension of the image is smaller. With no coordinates: 1.
  Rational volume(const std::vector<int>& coordinates, Effort::Share& effort) const;

 private:
  using Facets = std::bitset<kMostFacets>;
  struct Vertex {
    std::vector<Integer> x;  // homogeneous: x_0 > 0, coordinates x_j / x_0, no common factor
    Facets on;
  };

  std::vector<Integer> heights(const HalfSpace& row) const;
  bool adjacent(const Vertex& a, const Vertex& b) const;
  void add_simplices(const std::vector<int>& face, std::size_t dimension, std::vector<int>& chain,
                     const std::vector<int>& coordinates, Rational& sum,
                     Effort::Share& effort) const;
  Rational simplex(const std::vector<int>& corners, const std::vector<int>& coordinates) const;

  int space_ = 0;
  int facets_ = 0;
  std::vector<Vertex> vertices_;
};

struct Polytope::Parts {
  Polytope inside;
  Polytope outside;
};

/// Reduced row echelon form: the canonical basis of the space that the rows span, and the columns
/// of its leading ones.
struct Echelon {
  std::vector<std::vector<Rational>> rows;
  std::vector<int> leading;
  friend bool operator==(const Echelon&, const Echelon&) = default;
};
Echelon echelon(std::vector<std::vector<Rational>> rows);

}  // namespace zopa
