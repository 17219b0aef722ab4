// SPDX-License-Identifier: MIT
#include "model/answers/hull.hpp"

#include <algorithm>
#include <cmath>

#include "model/tools/linear_program.hpp"

namespace zopa {
namespace {

using UtilityVector = std::vector<Rational>;

constexpr std::size_t kMostPointsOfThree = 2000;

// Sums of three products of numbers in [−1, 1] in double precision are off by less than this.
constexpr double kDoubt = 1e-12;

// Points with the first utility falling and the second rising: those from which the next ones lie
// to the same side, or straight on.
std::vector<char> hull_of_two(const std::vector<UtilityVector>& points) {
  std::vector<std::size_t> chain;
  const auto above = [&](std::size_t a, std::size_t b, std::size_t c) {  // b above the line a to c
    const UtilityVector& p = points[a];
    const UtilityVector& q = points[b];
    const UtilityVector& r = points[c];
    return (q[1] - p[1]) * (p[0] - r[0]) >= (r[1] - p[1]) * (p[0] - q[0]);
  };
  for (std::size_t next = 0; next < points.size(); ++next) {
    while (chain.size() >= 2 && !above(chain[chain.size() - 2], chain.back(), next))
      chain.pop_back();
    chain.push_back(next);
  }
  std::vector<char> on(points.size(), 0);
  for (const std::size_t p : chain) on[p] = 1;
  return on;
}

// A point is on the hull just when it has the greatest weighted sum for weights that are all above
// 0 (a point of a polytope is efficient just when it is so for such weights). The weights are those
// of a linear program with the rivals found so far; its least weight is made greatest.
class HullOfThree {
 public:
  explicit HullOfThree(const std::vector<UtilityVector>& points) : points_(points) {
    for (const UtilityVector& point : points)
      for (const Rational& u : point) doubles_.push_back(to_double(u));
  }

  // Nothing: stopped.
  std::optional<bool> holds(std::size_t p, const Progress& progress) const {
    LinearProgram program;
    program.objective = {0, 0, 0, 1};
    program.rows.push_back({{1, 1, 1, 0}, 1});
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<Rational> row{0, 0, 0, 1};
      row[i] = -1;
      program.rows.push_back({row, 0});
    }
    while (true) {
      const LinearSolution solution = solve(program, [&] { return progress(0); });
      if (solution.status == LinearSolution::Status::stopped) return std::nullopt;
      if (solution.value == 0) return false;
      const auto rival = find_rival(p, solution.point);
      if (!rival) return true;
      std::vector<Rational> row;
      for (std::size_t i = 0; i < 3; ++i) row.push_back(points_[*rival][i] - points_[p][i]);
      row.emplace_back(0);
      program.rows.push_back({row, 0});
    }
  }

 private:
  // A point with a greater weighted sum; about the greatest one.
  std::optional<std::size_t> find_rival(std::size_t p, const UtilityVector& weights) const {
    double w[3];
    for (std::size_t i = 0; i < 3; ++i) w[i] = to_double(weights[i]);
    const auto lead = [&](std::size_t q) {
      double sum = 0;
      for (std::size_t i = 0; i < 3; ++i) sum += w[i] * (doubles_[3 * q + i] - doubles_[3 * p + i]);
      return sum;
    };
    std::size_t best = p;
    double most = kDoubt;
    std::vector<std::size_t> close;
    for (std::size_t q = 0; q < points_.size(); ++q) {
      const double ahead = lead(q);
      if (ahead > most) {
        most = ahead;
        best = q;
      } else if (std::fabs(ahead) <= kDoubt && q != p) {
        close.push_back(q);
      }
    }
    if (best != p) return best;
    for (const std::size_t q : close) {
      Rational sum = 0;
      for (std::size_t i = 0; i < 3; ++i) sum += weights[i] * (points_[q][i] - points_[p][i]);
      if (sum > 0) return q;
    }
    return std::nullopt;
  }

  const std::vector<UtilityVector>& points_;
  std::vector<double> doubles_;
};

}  // namespace

void find_hull(const Problem& problem, const Progress& progress, Frontier& frontier) {
  const std::size_t leaves = frontier.leaves.size();
  if (leaves != 2 && leaves != 3) {
    frontier.hull_note = "the hull is given for two parties with a utility, or three";
    return;
  }
  if (leaves == 3 && frontier.size() > kMostPointsOfThree) {
    frontier.hull_note = "the hull of three parties is given for at most " +
                         std::to_string(kMostPointsOfThree) + " points";
    return;
  }
  std::vector<UtilityVector> points;
  for (std::size_t p = 0; p < frontier.size(); ++p) {
    if (p % 256 == 0 && !progress(0)) {
      frontier.hull_note = "the search was stopped before the hull was known";
      frontier.hull_stopped = true;
      return;
    }
    points.push_back(frontier.point(problem, p).utility);
  }
  if (leaves == 2) {
    frontier.on_hull = hull_of_two(points);
    return;
  }
  const HullOfThree hull(points);
  std::vector<char> on;
  for (std::size_t p = 0; p < points.size(); ++p) {
    const auto holds = hull.holds(p, progress);
    if (!holds || !progress(0)) {
      frontier.hull_note = "the search was stopped before the hull was known";
      frontier.hull_stopped = true;
      return;
    }
    on.push_back(*holds ? 1 : 0);
  }
  frontier.on_hull = std::move(on);
}

}  // namespace zopa
