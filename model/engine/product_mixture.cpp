// SPDX-License-Identifier: MIT
#include "model/engine/product_mixture.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace zopa {
namespace {

constexpr double kFlat = 1e-14;  // slopes of the logarithm below this are none
constexpr int kMostSteps = 1000;

}  // namespace

ProductMixture::ProductMixture(std::vector<double> weights, std::vector<std::vector<double>> points)
    : exponents_(std::move(weights)),
      points_(std::move(points)),
      alpha_(points_.size(), 1.0 / static_cast<double>(points_.size())) {
  update_mean();
}

void ProductMixture::update_mean() {
  mean_.assign(exponents_.size(), 0.0);
  for (std::size_t c = 0; c < points_.size(); ++c) {
    for (std::size_t g = 0; g < mean_.size(); ++g) mean_[g] += alpha_[c] * points_[c][g];
  }
}

bool ProductMixture::positive() const {
  return std::all_of(mean_.begin(), mean_.end(), [](double m) { return m > 0; });
}

void ProductMixture::add(const std::vector<double>& point) {
  points_.push_back(point);
  alpha_.push_back(0);
}

// The derivative of the logarithm of the product along a direction of the mean, at t.
double ProductMixture::slope_along(const std::vector<double>& direction, double t) const {
  double slope = 0;
  for (std::size_t g = 0; g < mean_.size(); ++g)
    slope += exponents_[g] * direction[g] / (mean_[g] + t * direction[g]);
  return slope;
}

void ProductMixture::maximise() {
  for (int s = 0; s < kMostSteps; ++s) {
    // The slope towards each point; the best one joins those in use.
    std::vector<std::size_t> used;
    std::size_t best = 0;
    std::size_t worst = 0;
    double best_slope = -1e300;
    double worst_slope = 1e300;
    for (std::size_t c = 0; c < points_.size(); ++c) {
      double slope = 0;
      for (std::size_t g = 0; g < mean_.size(); ++g)
        slope += exponents_[g] * (points_[c][g] - mean_[g]) / mean_[g];
      if (slope > best_slope) {
        best_slope = slope;
        best = c;
      }
      if (alpha_[c] <= 0) continue;
      used.push_back(c);
      if (slope < worst_slope) {
        worst_slope = slope;
        worst = c;
      }
    }
    if (best_slope <= kFlat) return;
    if (alpha_[best] <= 0) used.push_back(best);
    if (!newton_step(used) && !exchange(worst, best)) return;
  }
}

// How far along the direction of the mean the logarithm rises: where its slope falls to 0, or the
// whole way.
double ProductMixture::rise_along(const std::vector<double>& direction, double whole) const {
  if (slope_along(direction, whole) >= 0) return whole;
  double low = 0;
  double high = whole;
  for (int k = 0; k < 80; ++k) {
    const double middle = (low + high) / 2;
    (slope_along(direction, middle) > 0 ? low : high) = middle;
  }
  return low;
}

// Moves weight from one point to another, as much as is best. Whether anything moved.
bool ProductMixture::exchange(std::size_t from, std::size_t to) {
  std::vector<double> direction(mean_.size());
  for (std::size_t g = 0; g < mean_.size(); ++g) direction[g] = points_[to][g] - points_[from][g];
  if (from == to || !(slope_along(direction, 0) > 0)) return false;
  const double t = rise_along(direction, alpha_[from]);
  if (t <= 0) return false;
  alpha_[to] += t;
  alpha_[from] = t == alpha_[from] ? 0 : alpha_[from] - t;
  update_mean();
  return true;
}

// A Newton step over the points in use, as far as no weight gets negative and the product grows.
bool ProductMixture::newton_step(const std::vector<std::size_t>& used) {
  const auto n = static_cast<Eigen::Index>(used.size());
  const auto groups = static_cast<Eigen::Index>(mean_.size());
  Eigen::MatrixXd scaled(groups, n);  // √w·f/mean
  Eigen::VectorXd gradient(n);
  for (Eigen::Index c = 0; c < n; ++c) {
    double sum = 0;
    for (Eigen::Index g = 0; g < groups; ++g) {
      const auto at = static_cast<std::size_t>(g);
      const double ratio = points_[used[static_cast<std::size_t>(c)]][at] / mean_[at];
      scaled(g, c) = std::sqrt(exponents_[at]) * ratio;
      sum += exponents_[at] * ratio;
    }
    gradient(c) = sum;
  }
  // maximise gᵀd − dᵀHd/2 subject to Σ d = 0, with a ridge where points depend on each other
  Eigen::MatrixXd system = Eigen::MatrixXd::Zero(n + 1, n + 1);
  system.topLeftCorner(n, n) = scaled.transpose() * scaled;
  system.topLeftCorner(n, n).diagonal().array() += 1e-13 * (1 + system.trace());
  system.col(n).head(n).setOnes();
  system.row(n).head(n).setOnes();
  Eigen::VectorXd right(n + 1);
  right.head(n) = gradient;
  right(n) = 0;
  const Eigen::VectorXd solution = system.fullPivLu().solve(right);
  std::vector<double> direction(mean_.size(), 0.0);
  double longest = 1;
  std::size_t blocking = used.size();
  for (std::size_t c = 0; c < used.size(); ++c) {
    const double d = solution(static_cast<Eigen::Index>(c));
    for (std::size_t g = 0; g < mean_.size(); ++g) direction[g] += d * points_[used[c]][g];
    if (d < 0 && alpha_[used[c]] + longest * d < 0) {
      longest = -alpha_[used[c]] / d;
      blocking = c;
    }
  }
  if (!(slope_along(direction, 0) > 0)) return false;
  const double t = rise_along(direction, longest);
  if (t < longest) blocking = used.size();
  if (t <= 0) return false;
  double sum = 0;
  for (std::size_t c = 0; c < used.size(); ++c) {
    double& weight = alpha_[used[c]];
    weight =
        c == blocking ? 0.0 : std::max(0.0, weight + t * solution(static_cast<Eigen::Index>(c)));
    sum += weight;
  }
  for (double& weight : alpha_) weight /= sum;
  update_mean();
  return true;
}

}  // namespace zopa
