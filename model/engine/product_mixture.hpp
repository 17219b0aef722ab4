// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace zopa {

/// The mixture of points with the greatest weighted product,
///
///     maximise Σ_g w_g log Σ_c α_c f_g(c)   over α ≥ 0, Σ α_c = 1,
///
/// a concave function of few variables, by Newton steps on the points with a positive weight;
/// points whose weight falls to 0 are set aside, and come back where the slope asks for it. In
/// double precision, to about 1e-13 in the logarithm.
class ProductMixture {
 public:
  /// `weights`: w, G×1, > 0. `points`: C×G, at least one; every value ≥ 0.
  ProductMixture(std::vector<double> weights, std::vector<std::vector<double>> points);

  /// Whether some mixture has a positive product.
  bool positive() const;

  void add(const std::vector<double>& point);

  /// Finds the best mixture of the points so far. Requires positive().
  void maximise();

  const std::vector<double>& weights() const { return alpha_; }  // α, C×1
  const std::vector<double>& mean() const { return mean_; }      // Σ_c α_c f_g(c), G×1

 private:
  void update_mean();
  bool newton_step(const std::vector<std::size_t>& used);
  bool exchange(std::size_t from, std::size_t to);
  double slope_along(const std::vector<double>& direction, double t) const;
  double rise_along(const std::vector<double>& direction, double whole) const;

  std::vector<double> exponents_;
  std::vector<std::vector<double>> points_;
  std::vector<double> alpha_;
  std::vector<double> mean_;
};

}  // namespace zopa
