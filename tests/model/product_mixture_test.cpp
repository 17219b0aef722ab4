// SPDX-License-Identifier: MIT
#include "model/engine/product_mixture.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/random_cases.hpp"

namespace zopa {
namespace {

// Two corners (1, 0) and (0, 1): the product α(1 − α) is greatest in the middle; with exponents 2
// and 1, α²(1 − α) at 2/3.
TEST(ProductMixture, FindsTheClosedFormOfTwoCorners) {
  ProductMixture even({1, 1}, {{1, 0}, {0, 1}});
  even.maximise();
  EXPECT_NEAR(even.weights()[0], 1.0 / 2, 1e-9);
  ProductMixture uneven({2, 1}, {{1, 0}, {0, 1}});
  uneven.maximise();
  EXPECT_NEAR(uneven.weights()[0], 2.0 / 3, 1e-9);
}

TEST(ProductMixture, KeepsToOnePointThatIsBestForAll) {
  ProductMixture mixture({1, 1}, {{0.2, 0.9}, {1, 1}, {0.9, 0.3}});
  mixture.maximise();
  EXPECT_NEAR(mixture.weights()[1], 1, 1e-12);
}

TEST(ProductMixture, IsNotPositiveWhenSomebodyGetsNothingAnywhere) {
  EXPECT_FALSE(ProductMixture({1, 1}, {{1, 0}, {0.5, 0}}).positive());
}

// At the best mixture no point has a positive slope (first-order condition of a concave function).
TEST(ProductMixture, LeavesNoPointWithAPositiveSlope) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int round = 0; round < test::random_cases(3000); ++round) {
    const auto groups = static_cast<std::size_t>(1 + round % 5);
    std::vector<double> weights(groups, 1.0);
    if (round % 3 == 0) weights[0] = 3;
    std::vector<std::vector<double>> points(static_cast<std::size_t>(1 + round % 7));
    for (auto& point : points) {
      for (std::size_t g = 0; g < groups; ++g)
        point.push_back(uniform(random) < 0.2 ? 0 : uniform(random));
    }
    ProductMixture mixture(weights, points);
    if (!mixture.positive()) continue;
    mixture.maximise();
    for (const auto& point : points) {
      double slope = 0;
      for (std::size_t g = 0; g < groups; ++g)
        slope += weights[g] * (point[g] - mixture.mean()[g]) / mixture.mean()[g];
      ASSERT_LE(slope, 1e-10) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace zopa
