// SPDX-License-Identifier: MIT
#include "model/engine/polytope.hpp"

#include <algorithm>
#include <numeric>

#include "model/engine/words.hpp"

namespace zopa {
namespace {

// Bareiss (1968): every division is exact.
Integer determinant(std::vector<std::vector<Integer>> a) {
  const std::size_t n = a.size();
  Integer last = 1;
  bool negative = false;
  for (std::size_t k = 0; k + 1 < n; ++k) {
    std::size_t pivot = k;
    while (pivot < n && a[pivot][k] == 0) ++pivot;
    if (pivot == n) return 0;
    if (pivot != k) {
      std::swap(a[pivot], a[k]);
      negative = !negative;
    }
    for (std::size_t r = k + 1; r < n; ++r) {
      for (std::size_t c = k + 1; c < n; ++c)
        a[r][c] = (a[r][c] * a[k][k] - a[r][k] * a[k][c]) / last;
    }
    last = a[k][k];
  }
  return negative ? Integer(-a[n - 1][n - 1]) : a[n - 1][n - 1];
}

}  // namespace

Echelon echelon(std::vector<std::vector<Rational>> rows) {
  Echelon result;
  const std::size_t columns = rows.empty() ? 0 : rows.front().size();
  std::size_t rank = 0;
  for (std::size_t c = 0; c < columns && rank < rows.size(); ++c) {
    std::size_t pivot = rank;
    while (pivot < rows.size() && rows[pivot][c] == 0) ++pivot;
    if (pivot == rows.size()) continue;
    std::swap(rows[pivot], rows[rank]);
    const Rational lead = rows[rank][c];
    for (Rational& value : rows[rank]) value /= lead;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (r == rank || rows[r][c] == 0) continue;
      const Rational factor = rows[r][c];
      for (std::size_t k = c; k < columns; ++k) rows[r][k] -= factor * rows[rank][k];
    }
    result.leading.push_back(static_cast<int>(c));
    ++rank;
  }
  rows.resize(rank);
  result.rows = std::move(rows);
  return result;
}

Polytope::Polytope(int space) : space_(space), facets_(2 * space) {
  for (unsigned corner = 0; corner < (1U << space); ++corner) {
    Vertex vertex;
    vertex.x.emplace_back(1);
    for (int j = 0; j < space; ++j) {
      const unsigned high = (corner >> j) & 1U;
      vertex.x.emplace_back(high);
      vertex.on.set(index_of(2 * j) + high);
    }
    vertices_.push_back(std::move(vertex));
  }
}

// The side of every vertex: above 0 strictly inside, 0 on the plane.
std::vector<Integer> Polytope::heights(const HalfSpace& row) const {
  std::vector<Integer> result;
  result.reserve(vertices_.size());
  for (const Vertex& vertex : vertices_) {
    Integer height = -row.bound * vertex.x[0];
    for (int j = 0; j < space_; ++j)
      if (row.coefficients[index_of(j)] != 0 && vertex.x[index_of(j) + 1] != 0)
        height += row.coefficients[index_of(j)] * vertex.x[index_of(j) + 1];
    result.push_back(std::move(height));
  }
  return result;
}

Polytope::Side Polytope::side(const HalfSpace& row) const {
  bool above = false, below = false;
  for (const Integer& height : heights(row)) {
    above |= height > 0;
    below |= height < 0;
  }
  if (!below) return Side::inside;
  return above ? Side::both : Side::outside;
}

bool Polytope::adjacent(const Vertex& a, const Vertex& b) const {
  const Facets shared = a.on & b.on;
  if (shared.count() + 1 < index_of(space_)) return false;
  return std::none_of(vertices_.begin(), vertices_.end(), [&](const Vertex& other) {
    return &other != &a && &other != &b && (shared & ~other.on).none();
  });
}

Polytope::Parts Polytope::split(const HalfSpace& row, Effort::Share& effort) const {
  if (facets_ == kMostFacets) throw GaveWay{};
  Parts parts{Polytope(0), Polytope(0)};
  for (Polytope* part : {&parts.inside, &parts.outside}) {
    part->vertices_.clear();
    part->space_ = space_;
    part->facets_ = facets_ + 1;
  }
  const std::vector<Integer> height = heights(row);
  effort.spend(vertices_.size() * index_of(2 + space_));
  std::vector<std::size_t> above, below;
  for (std::size_t v = 0; v < vertices_.size(); ++v) {
    Vertex vertex = vertices_[v];
    if (height[v] == 0) vertex.on.set(index_of(facets_));
    if (height[v] > 0) above.push_back(v);
    if (height[v] < 0) below.push_back(v);
    if (height[v] >= 0) parts.inside.vertices_.push_back(vertex);
    if (height[v] <= 0) parts.outside.vertices_.push_back(std::move(vertex));
  }
  for (const std::size_t a : above) {
    effort.spend(below.size());
    for (const std::size_t b : below) {
      const Facets shared = vertices_[a].on & vertices_[b].on;
      if (shared.count() + 1 < index_of(space_)) continue;
      effort.spend(vertices_.size() / 8 + 10);
      if (!adjacent(vertices_[a], vertices_[b])) continue;
      Vertex crossing;
      Integer common = 0;
      for (std::size_t j = 0; j <= index_of(space_); ++j) {
        crossing.x.push_back(height[a] * vertices_[b].x[j] - height[b] * vertices_[a].x[j]);
        common = gcd(common, crossing.x.back());
      }
      if (common > 1)
        for (Integer& x : crossing.x) x /= common;
      crossing.on = shared;
      crossing.on.set(index_of(facets_));
      parts.inside.vertices_.push_back(crossing);
      parts.outside.vertices_.push_back(std::move(crossing));
    }
  }
  return parts;
}

Polytope Polytope::cut(const HalfSpace& row, Effort::Share& effort) const {
  if (side(row) == Side::inside) return *this;
  return split(row, effort).inside;
}

std::vector<std::vector<Rational>> Polytope::directions() const {
  std::vector<std::vector<Rational>> differences;
  for (std::size_t v = 1; v < vertices_.size(); ++v) {
    auto& row = differences.emplace_back();
    for (std::size_t j = 1; j <= index_of(space_); ++j)
      row.push_back(Rational(vertices_[v].x[j], vertices_[v].x[0]) -
                    Rational(vertices_[0].x[j], vertices_[0].x[0]));
  }
  return echelon(std::move(differences)).rows;
}

bool Polytope::fixed(int coordinate) const {
  const Rational first = coordinate_of_first_vertex(coordinate);
  return std::all_of(vertices_.begin(), vertices_.end(), [&](const Vertex& vertex) {
    return Rational(vertex.x[index_of(coordinate) + 1], vertex.x[0]) == first;
  });
}

Rational Polytope::coordinate_of_first_vertex(int coordinate) const {
  return Rational(vertices_.front().x[index_of(coordinate) + 1], vertices_.front().x[0]);
}

// |det| / (d! Π x_0) of the corners' projections.
Rational Polytope::simplex(const std::vector<int>& corners,
                           const std::vector<int>& coordinates) const {
  std::vector<std::vector<Integer>> matrix;
  Integer below = 1;
  for (const int corner : corners) {
    const Vertex& vertex = vertices_[index_of(corner)];
    auto& row = matrix.emplace_back();
    row.push_back(vertex.x[0]);
    for (const int j : coordinates) row.push_back(vertex.x[index_of(j) + 1]);
    below *= vertex.x[0];
  }
  for (unsigned k = 2; k < corners.size(); ++k) below *= k;
  return Rational(abs(determinant(std::move(matrix))), below);
}

// The simplices of a face, each the chain of apexes so far and a simplex of the rest.
void Polytope::add_simplices(const std::vector<int>& face, std::size_t dimension,
                             std::vector<int>& chain, const std::vector<int>& coordinates,
                             Rational& sum, Effort::Share& effort) const {
  if (face.size() <= dimension) return;
  if (face.size() == dimension + 1) {
    std::vector<int> corners = chain;
    corners.insert(corners.end(), face.begin(), face.end());
    effort.spend(20 + 4 * corners.size() * corners.size() * corners.size());
    sum += simplex(corners, coordinates);
    return;
  }
  if (dimension == 0) return;
  const int apex = face.front();
  chain.push_back(apex);
  effort.spend(index_of(facets_) + face.size());
  std::vector<std::vector<int>> seen;
  for (int f = 0; f < facets_; ++f) {
    if (vertices_[index_of(apex)].on[index_of(f)]) continue;
    std::vector<int> facet;
    for (const int v : face)
      if (vertices_[index_of(v)].on[index_of(f)]) facet.push_back(v);
    if (facet.size() < dimension || std::find(seen.begin(), seen.end(), facet) != seen.end())
      continue;
    add_simplices(facet, dimension - 1, chain, coordinates, sum, effort);
    seen.push_back(std::move(facet));
  }
  chain.pop_back();
}

Rational Polytope::volume(const std::vector<int>& coordinates, Effort::Share& effort) const {
  if (empty()) return 0;
  if (coordinates.empty()) return 1;
  std::vector<int> all(vertices_.size()), chain;
  std::iota(all.begin(), all.end(), 0);
  Rational sum = 0;
  add_simplices(all, coordinates.size(), chain, coordinates, sum, effort);
  return sum;
}

}  // namespace zopa
