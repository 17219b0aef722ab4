// SPDX-License-Identifier: MIT
#include "model/engine/facet_volume.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "model/tools/error.hpp"

namespace zopa {
namespace {

using RowSet = Uint128;  // a bit a row
constexpr std::size_t kMostFacetRows = 128;

// Thrown out of a recursion that runs out of steps, or is told to stop.
struct OutOfSteps {};

// The part of an affine subspace, over the coordinates that are left, between pairs of parallel
// hyperplanes.
struct Face {
  struct Bound {
    Rational at;
    std::size_t row = 0;
  };
  struct Slab {
    std::optional<Bound> lower, upper;  // lower ≤ u·x ≤ upper
  };
  bool empty = false;
  std::size_t dimensions = 0;
  RowSet tight = 0;                             // rows that hold with equality everywhere on it
  std::map<std::vector<Rational>, Slab> slabs;  // by u, whose first coefficient but 0 is 1
};

struct NumberedRow {
  FacetRow row;
  std::size_t number = 0;
};

// x_j = (b − Σ_{l ≠ j} a_l x_l) / a_j in the row, j the pivot, whose column goes.
void substitute(FacetRow& row, const FacetRow& equation, std::size_t pivot) {
  const Rational times = row.a[pivot] / equation.a[pivot];
  if (times != 0) {
    for (std::size_t l = 0; l < row.a.size(); ++l) {
      if (l != pivot && equation.a[l] != 0) row.a[l] -= times * equation.a[l];
    }
    row.b -= times * equation.b;
  }
  row.a.erase(row.a.begin() + static_cast<std::ptrdiff_t>(pivot));
}

std::size_t first_coefficient(const FacetRow& row) {
  const auto found =
      std::find_if(row.a.begin(), row.a.end(), [](const Rational& each) { return each != 0; });
  return static_cast<std::size_t>(found - row.a.begin());
}

class FacetRecursion {
 public:
  FacetRecursion(std::uint64_t& steps, const Progress& progress)
      : steps_(steps), progress_(progress) {}

  Rational volume(std::vector<FacetRow> rows, std::vector<FacetRow> equations) {
    std::size_t dimensions = rows.empty() ? 0 : rows[0].a.size();
    if (!equations.empty()) dimensions = equations[0].a.size();
    while (!equations.empty()) {
      const FacetRow equation = std::move(equations.back());
      equations.pop_back();
      const std::size_t pivot = first_coefficient(equation);
      if (pivot == equation.a.size()) {
        if (equation.b != 0) return 0;
        continue;
      }
      spend((rows.size() + equations.size()) * dimensions);
      for (FacetRow& row : rows) substitute(row, equation, pivot);
      for (FacetRow& other : equations) substitute(other, equation, pivot);
      --dimensions;
    }
    std::vector<NumberedRow> numbered;
    for (std::size_t r = 0; r < rows.size(); ++r) numbered.push_back({std::move(rows[r]), r});
    return volume_of(face_of(std::move(numbered), dimensions, 0));
  }

 private:
  void spend(std::size_t steps) {
    if (steps_ < steps || (++looks_ % 64 == 0 && !progress_(1))) throw OutOfSteps{};
    steps_ -= steps;
  }

  static Face face_of(std::vector<NumberedRow> rows, std::size_t dimensions, RowSet tight) {
    Face face;
    face.dimensions = dimensions;
    face.tight = tight;
    for (auto& [row, number] : rows) {
      const std::size_t first = first_coefficient(row);
      if (first == row.a.size()) {
        if (row.b > 0) face.empty = true;
        if (row.b == 0) face.tight |= RowSet{1} << number;
        continue;
      }
      const Rational by = row.a[first];
      for (Rational& each : row.a) each /= by;
      Face::Slab& slab = face.slabs[std::move(row.a)];
      const Rational at = row.b / by;
      std::optional<Face::Bound>& bound = by > 0 ? slab.lower : slab.upper;
      if (!bound || (by > 0 ? at > bound->at : at < bound->at)) bound = Face::Bound{at, number};
    }
    for (const auto& [direction, slab] : face.slabs) {
      if (slab.lower && slab.upper && slab.lower->at > slab.upper->at) face.empty = true;
    }
    if (!face.empty && dimensions > 1) use_box(face);
    return face;
  }

  // Puts the origin at the lower corner of the box that bounds of single coordinates form, so that
  // their facets weigh nothing, and leaves out what no point of the box can exceed: a hyperplane of
  // several coordinates that only touches the box has no facet.
  static void use_box(Face& face) {
    std::vector<Face::Slab> box(face.dimensions);
    std::vector<Rational> corner(face.dimensions, Rational(0));
    for (auto& [direction, slab] : face.slabs) {
      const auto single = single_coordinate(direction);
      if (!single) continue;
      if (slab.lower) corner[*single] = slab.lower->at;
      move(slab, corner[*single]);
      box[*single] = slab;
    }
    for (auto& [direction, slab] : face.slabs) {
      if (single_coordinate(direction)) continue;
      Rational shift = 0, least = 0, most = 0;
      bool least_known = true, most_known = true;
      for (std::size_t j = 0; j < direction.size(); ++j) {
        if (direction[j] == 0) continue;
        shift += direction[j] * corner[j];
        const bool rises = direction[j] > 0;
        const auto& low = rises ? box[j].lower : box[j].upper;
        const auto& high = rises ? box[j].upper : box[j].lower;
        least_known = least_known && low;
        most_known = most_known && high;
        if (low) least += direction[j] * low->at;
        if (high) most += direction[j] * high->at;
      }
      move(slab, shift);
      if (most_known && slab.lower && most < slab.lower->at) face.empty = true;
      if (least_known && slab.upper && least > slab.upper->at) face.empty = true;
      if (least_known && slab.lower && least >= slab.lower->at) slab.lower.reset();
      if (most_known && slab.upper && most <= slab.upper->at) slab.upper.reset();
    }
    std::erase_if(face.slabs,
                  [](const auto& each) { return !each.second.lower && !each.second.upper; });
  }

  static std::optional<std::size_t> single_coordinate(const std::vector<Rational>& direction) {
    std::optional<std::size_t> single;
    for (std::size_t j = 0; j < direction.size(); ++j) {
      if (direction[j] == 0) continue;
      if (single) return std::nullopt;
      single = j;
    }
    return single;
  }

  static void move(Face::Slab& slab, const Rational& by) {
    if (slab.lower) slab.lower->at -= by;
    if (slab.upper) slab.upper->at -= by;
  }

  // The facet on one of the bounding hyperplanes u·x = b.
  Face facet_of(const Face& face, const std::vector<Rational>& direction,
                const Face::Bound& bound) {
    spend(2 * face.slabs.size() * face.dimensions);
    const FacetRow equation{direction, bound.at};
    const std::size_t pivot = first_coefficient(equation);
    std::vector<NumberedRow> rows;
    for (const auto& [other, slab] : face.slabs) {
      if (&other == &direction) continue;
      for (const auto* side : {&slab.lower, &slab.upper}) {
        if (!*side) continue;
        FacetRow row{other, (*side)->at};
        if (side == &slab.upper) {
          for (Rational& each : row.a) each = -each;
          row.b = -row.b;
        }
        substitute(row, equation, pivot);
        rows.push_back({std::move(row), (*side)->row});
      }
    }
    return face_of(std::move(rows), face.dimensions - 1, face.tight | RowSet{1} << bound.row);
  }

  Rational volume_of(const Face& face) {
    if (face.empty) return 0;
    if (face.dimensions == 0) return 1;
    for (const auto& [direction, slab] : face.slabs) {
      if (slab.lower && slab.upper && slab.lower->at == slab.upper->at) return 0;
    }
    if (face.dimensions == 1) {
      const auto only = face.slabs.find({Rational(1)});
      if (only == face.slabs.end() || !only->second.lower || !only->second.upper)
        throw ModelError("the volume of what has no bounds");
      return only->second.upper->at - only->second.lower->at;
    }
    const auto known = known_.find(face.tight);
    if (known != known_.end()) return known->second;
    Rational sum = 0;
    for (const auto& [direction, slab] : face.slabs) {
      // u·x ≥ lower is −u·x ≤ −lower; the coefficient of the coordinate that is eliminated is 1.
      if (slab.lower && slab.lower->at != 0)
        sum -= slab.lower->at * volume_of(facet_of(face, direction, *slab.lower));
      if (slab.upper && slab.upper->at != 0)
        sum += slab.upper->at * volume_of(facet_of(face, direction, *slab.upper));
    }
    sum /= face.dimensions;
    known_.emplace(face.tight, sum);
    return sum;
  }

  std::uint64_t& steps_;
  const Progress& progress_;
  std::uint64_t looks_ = 0;
  // By the rows that are tight. They determine the subspace, and so the coordinates left on it: a
  // facet eliminates the first coordinate that the tight rows before it leave free.
  std::map<RowSet, Rational> known_;
};

}  // namespace

std::optional<Rational> facet_volume(std::vector<FacetRow> rows, std::vector<FacetRow> equations,
                                     std::uint64_t& steps, const Progress& progress) {
  if (rows.size() > kMostFacetRows) return std::nullopt;
  try {
    return FacetRecursion(steps, progress).volume(std::move(rows), std::move(equations));
  } catch (const OutOfSteps&) {
    return std::nullopt;
  }
}

}  // namespace zopa
