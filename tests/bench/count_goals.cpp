// SPDX-License-Identifier: MIT
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <random>

#include "model/answers/depth.hpp"
#include "model/engine/count.hpp"
#include "tests/bench/goals.hpp"
#include "tests/bench/instances.hpp"

namespace zopa::bench {
namespace {

constexpr int kParties = 4;
using Vector = Eigen::Matrix<double, kParties, 1>;

struct Outcome {
  double count = 0;
  double depth = 0;
};

// A loop over all packages that adds up the utilities of each: what one would write first.
Outcome enumerate(const Problem& problem) {
  const std::size_t m = problem.issues.size();
  std::vector<std::vector<Vector>> worth(m);
  Vector reservation, span;
  for (int i = 0; i < kParties; ++i) {
    const Leaf& leaf = problem.leaves[static_cast<std::size_t>(i)];
    reservation[i] = static_cast<double>(leaf.reservation);
    span[i] = static_cast<double>(leaf.best - leaf.reservation);
    for (std::size_t j = 0; j < m; ++j) {
      worth[j].resize(problem.issues[j].pieces.size());
      for (std::size_t k = 0; k < worth[j].size(); ++k)
        worth[j][k][i] = static_cast<double>(leaf.worth[j][k].at_from);
    }
  }
  const Vector scale = span.cwiseInverse();
  Outcome outcome{0, -1e300};
  std::vector<std::size_t> package(m, 0);
  while (true) {
    Vector utility = worth[0][package[0]];
    for (std::size_t j = 1; j < m; ++j) utility += worth[j][package[j]];
    const Vector surplus = utility - reservation;
    if (surplus.minCoeff() >= 0) ++outcome.count;
    outcome.depth = std::max(outcome.depth, surplus.cwiseProduct(scale).minCoeff());
    std::size_t j = m;
    while (j-- > 0) {
      if (++package[j] < worth[j].size()) break;
      package[j] = 0;
      if (j == 0) return outcome;
    }
  }
}

// Count and depth of 10^8 packages, by us and by the loop.
Measurement count_and_depth(const Problem& problem) {
  Measurement measured;
  Outcome naive, ours;
  measured.reference = median_seconds(3, [&] { naive = enumerate(problem); });
  measured.ours = median_seconds(5, [&] {
    const Breadth breadth = count_breadth(problem, {});
    const DepthFinder finder(problem, no_progress());
    const Depth depth = finder.find(DepthKind::hard, {});
    ours = {breadth.acceptable ? breadth.acceptable->convert_to<double>() : -1,
            to_double(*depth.low)};
  });
  measured.agree = ours.count == naive.count && std::abs(ours.depth - naive.depth) <= 1e-12;
  return measured;
}

struct Plain {
  double share = 0;
  double error = 0;  // standard error
};

// Plain Monte Carlo over the points of a problem with continuous issues.
Plain sample(const Problem& problem, int points) {
  std::mt19937_64 engine(1);
  int hits = 0;
  for (int p = 0; p < points; ++p) {
    std::vector<double> utility(problem.leaves.size(), 0);
    for (std::size_t j = 0; j < problem.issues.size(); ++j) {
      const double place = static_cast<double>(engine() >> 11) * 0x1p-53 *
                           static_cast<double>(problem.issues[j].pieces.size());
      const auto k = static_cast<std::size_t>(place);
      for (std::size_t i = 0; i < utility.size(); ++i) {
        const PieceWorth& worth = problem.leaves[i].worth[j][k];
        utility[i] +=
            static_cast<double>(worth.at_from) +
            (place - static_cast<double>(k)) * static_cast<double>(worth.at_to - worth.at_from);
      }
    }
    bool all = true;
    for (std::size_t i = 0; i < utility.size(); ++i)
      all &= utility[i] >= static_cast<double>(problem.leaves[i].reservation);
    hits += all ? 1 : 0;
  }
  const double share = hits / static_cast<double>(points);
  return {share, std::sqrt(share * (1 - share) / points)};
}

Measurement exact_volume() {
  const Problem problem = continuous_talks(3, kParties, 3, 4, 0.6);
  Measurement measured;
  Plain plain;
  Breadth breadth;
  measured.reference = median_seconds(3, [&] { plain = sample(problem, 1'000'000); });
  measured.ours = median_seconds(5, [&] { breadth = count_breadth(problem, {}); });
  measured.agree = breadth.kind == Breadth::Kind::exact &&
                   std::abs(*breadth.share - plain.share) <= 5 * plain.error;
  return measured;
}

}  // namespace

std::vector<Goal> count_goals() {
  return {
      {"count and depth, wide zone, naive", "4 parties, 10^8 packages", Unit::ratio, 100, 200,
       [] { return count_and_depth(random_talks(1, kParties, 8, 10, 0.55)); }},
      {"count and depth, tight zone, naive", "4 parties, 10^8 packages", Unit::ratio, 100, 200,
       [] { return count_and_depth(opposed_talks(2, kParties, 8, 10, 0.68)); }},
      {"exact volume, against 10^6 plain points", "3 dimensions, 64 cells", Unit::ratio, 1, 10,
       exact_volume},
  };
}

}  // namespace zopa::bench
