// SPDX-License-Identifier: MIT
#include "model/engine/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zopa {
namespace {

constexpr double kNormal95 = 1.959963984540054;
constexpr double kMostSkewness = 0.07;  // of the mean: about 200 hits of a rare event
const double kLog40 = std::log(40.0);   // two sides of 2.5 % each

double divergence(double p, double q) {  // KL(p ‖ q) of two coins
  double sum = 0;
  if (p > 0) sum += p * std::log(p / q);
  if (p < 1) sum += (1 - p) * std::log((1 - p) / (1 - q));
  return sum;
}

// The point between `inside` (= p) and `outside` where n·KL(p ‖ ·) = ln 40.
double chernoff_end(double p, double n, double outside) {
  double inside = p;
  for (int k = 0; k < 200; ++k) {
    const double middle = (inside + outside) / 2;
    (n * divergence(p, middle) <= kLog40 ? inside : outside) = middle;
  }
  return outside;
}

}  // namespace

void Moments::add(const Moments& other) {
  samples += other.samples;
  hits += other.hits;
  sum += other.sum;
  squares += other.squares;
  cubes += other.cubes;
}

MeanInterval mean_interval(const Moments& moments) {
  const double n = moments.samples;
  if (n <= 0) return {0, 0, 1};
  if (moments.hits == 0) return {0, 0, 1 - std::pow(0.05, 1 / n)};
  const double mean = std::min(moments.sum / n, 1.0);
  const double second = moments.squares / n;
  const double variance = second - mean * mean;
  const double third = moments.cubes / n - 3 * mean * second + 2 * mean * mean * mean;
  // Rounding leaves a variance of about 1e-16 of the square to equal samples.
  if (variance > 1e-12 * second &&
      std::abs(third) <= kMostSkewness * std::sqrt(n) * std::pow(variance, 1.5)) {
    const double half = kNormal95 * std::sqrt(variance / (n - 1));
    return {mean, std::max(0.0, mean - half), std::min(1.0, mean + half)};
  }
  return {mean, chernoff_end(mean, n, 0), mean < 1 ? chernoff_end(mean, n, 1) : 1.0};
}

Tilt find_tilt(const std::vector<std::vector<std::vector<double>>>& term,
               const std::vector<double>& need, const std::vector<int>& settlements,
               const Progress& progress, const std::vector<std::vector<double>>& base) {
  const std::size_t rows = need.size();
  const std::size_t m = settlements.size();

  // Each row in units of its own range, so that one step length serves all.
  std::vector<double> range(rows, 0);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < m; ++j) {
      const auto [low, high] = std::minmax_element(term[r][j].begin(), term[r][j].end());
      range[r] += *high - *low;
    }
    if (!(range[r] > 0)) range[r] = 1;
  }

  Tilt tilt;
  tilt.log_probability.resize(m);
  for (std::size_t j = 0; j < m; ++j)
    tilt.log_probability[j].resize(static_cast<std::size_t>(settlements[j]));

  std::vector<std::vector<double>> log_base(m);
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t k = 0; k < tilt.log_probability[j].size(); ++k)
      log_base[j].push_back(
          std::log(base.empty() ? 1.0 / static_cast<double>(settlements[j]) : base[j][k]));
  }

  // F, its gradient, and the probabilities at λ (in units of the ranges).
  const auto value = [&](const std::vector<double>& lambda, std::vector<double>* slope) {
    double f = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      f -= lambda[r] * need[r] / range[r];
      if (slope != nullptr) (*slope)[r] = -need[r] / range[r];
    }
    for (std::size_t j = 0; j < m; ++j) {
      std::vector<double>& score = tilt.log_probability[j];
      score = log_base[j];
      for (std::size_t r = 0; r < rows; ++r) {
        if (lambda[r] == 0) continue;
        for (std::size_t k = 0; k < score.size(); ++k)
          score[k] += lambda[r] * term[r][j][k] / range[r];
      }
      const double most = *std::max_element(score.begin(), score.end());
      double sum = 0;
      for (const double s : score) sum += std::exp(s - most);
      const double log_sum = most + std::log(sum);
      f += log_sum;
      for (double& s : score) s -= log_sum;
      if (slope == nullptr) continue;
      for (std::size_t k = 0; k < score.size(); ++k) {
        const double q = std::exp(score[k]);
        for (std::size_t r = 0; r < rows; ++r) (*slope)[r] += q * term[r][j][k] / range[r];
      }
    }
    return f;
  };

  // Projected gradient with backtracking: cheap, and any λ will do.
  constexpr double kMostSteps = 300;
  constexpr double kMostWork = 3e8;  // terms read: about half a second
  constexpr double kMostMultiplier = 1e4;
  std::vector<double> lambda(rows, 0.0), slope(rows), next(rows);
  double f = value(lambda, &slope);
  double step = 8;
  const double size =
      std::accumulate(settlements.begin(), settlements.end(), 1.0) * static_cast<double>(rows + 1);
  const int steps = static_cast<int>(std::clamp(kMostWork / size, 10.0, kMostSteps));
  for (int s = 0; s < steps && progress(0); ++s) {
    double fall = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      next[r] = std::clamp(lambda[r] - step * slope[r], 0.0, kMostMultiplier);
      fall += slope[r] * (lambda[r] - next[r]);
    }
    if (fall <= 1e-9) break;
    const double next_f = value(next, nullptr);
    if (next_f <= f - 0.25 * fall) {
      lambda.swap(next);
      f = value(lambda, &slope);
      step *= 1.6;
    } else {
      step *= 0.4;
    }
  }
  tilt.log_bound = value(lambda, nullptr);
  tilt.multipliers.resize(rows);
  for (std::size_t r = 0; r < rows; ++r) tilt.multipliers[r] = lambda[r] / range[r];
  return tilt;
}

}  // namespace zopa
