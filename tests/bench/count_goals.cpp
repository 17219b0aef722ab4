// SPDX-License-Identifier: MIT
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "model/answers/depth.hpp"
#include "model/engine/counter.hpp"
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

// The loop runs over 10^8 packages of the same family; beyond, its time is scaled up by the number
// of packages, and by issue, with one more sum for each.
Measurement against_loop(bool opposed, int issues, double reservation) {
  constexpr int kLoopIssues = 8;
  const auto talks = [&](int m) {
    return opposed ? opposed_talks(2, kParties, m, 10, reservation)
                   : random_talks(1, kParties, m, 10, reservation);
  };
  const Problem small = talks(kLoopIssues);
  double plain = 0;
  const double loop = median_seconds(3, [&] { plain = enumerate(small).count; });
  const Problem problem = talks(issues);
  CountSettings settings;
  settings.most_visits = 2'000'000'000;
  Breadth breadth;
  Measurement measured;
  measured.ours = median_seconds(5, [&] { breadth = count_breadth(problem, settings); });
  measured.reference = loop * std::pow(10, issues - kLoopIssues) * issues / kLoopIssues;
  measured.agree = breadth.kind == Breadth::Kind::exact &&
                   *count_breadth(small, settings).acceptable == Integer(plain);
  return measured;
}

// On two threads: half of the processor time.
Measurement ten_to_the_twelfth(int parties) {
  const Problem problem = random_talks(1, parties, 12, 10, 0.55);
  CountSettings settings;
  settings.jobs = 2;
  settings.most_visits = 4'000'000'000;
  settings.most_cost = 1e11;
  Breadth breadth;
  Measurement measured;
  measured.ours = processor_seconds([&] { breadth = count_breadth(problem, settings); }) / 2;
  measured.agree = breadth.kind == Breadth::Kind::exact;
  return measured;
}

// Agrees with an estimate, which is another method.
Measurement ten_to_the_thirtieth() {
  const Problem problem = point_talks(1, 3, 30, 10, 100, 60);
  Breadth breadth;
  Measurement measured;
  measured.ours = median_seconds(5, [&] { breadth = count_breadth(problem, {}); });
  CountSettings sampled;
  sampled.most_bytes = 0;
  sampled.most_visits = 0;
  const Breadth estimate = count_breadth(problem, sampled);
  measured.agree = breadth.kind == Breadth::Kind::exact && *breadth.share > 0 &&
                   std::abs(*estimate.share / *breadth.share - 1) < 0.1;
  return measured;
}

// The relative standard error of a share of about 1e-13. Where it took longer than 0.2 s it is what
// 0.2 s would have left.
Measurement rare_share() {
  constexpr double kNormal95 = 1.959963984540054;
  const Problem problem = point_talks(1, 3, 30, 10, 100, 75);
  const Selection selection = zone(problem);
  CountSettings settings;
  MeanInterval share;
  const double time = median_seconds(5, [&] { share = estimate_share(selection, settings); });
  settings.most_cost = 1e11;
  const Count count = count_packages(selection, settings);
  Measurement measured;
  measured.ours =
      (share.high - share.low) / 2 / kNormal95 / share.mean * std::sqrt(std::max(1.0, time / 0.2));
  if (!count.exact) {
    measured.agree = false;
    return measured;
  }
  const double exact = to_double(Rational(*count.exact, count_combinations(selection)));
  measured.agree = std::abs(share.mean / exact - 1) < 4 * measured.ours;
  return measured;
}

}  // namespace

std::vector<Goal> count_goals() {
  return {
      {"count and depth, wide zone, against a loop", "4 parties, 10^8 packages", Unit::ratio, 100,
       200, [] { return count_and_depth(random_talks(1, kParties, 8, 10, 0.55)); }},
      {"count and depth, tight zone, against a loop", "4 parties, 10^8 packages", Unit::ratio, 100,
       200, [] { return count_and_depth(opposed_talks(2, kParties, 8, 10, 0.68)); }},
      {"count, dense zone, against a loop", "4 parties, 10^8 packages", Unit::ratio, 200, 700,
       [] { return against_loop(false, 8, 0.55); }},
      {"count, dense zone, against a loop", "4 parties, 10^10 packages", Unit::ratio, 200, 700,
       [] { return against_loop(false, 10, 0.55); }},
      {"count, tight zone, against a loop", "4 parties, 10^10 packages", Unit::ratio, 1500, 10000,
       [] { return against_loop(true, 10, 0.68); }},
      {"count, tight zone, against a loop", "4 parties, 10^12 packages", Unit::ratio, 1500, 10000,
       [] { return against_loop(true, 12, 0.68); }},
      {"count of 10^12 packages, 2 threads", "2 parties, dense zone", Unit::seconds, 15, 4,
       [] { return ten_to_the_twelfth(2); }},
      {"count of 10^12 packages, 2 threads", "3 parties, dense zone", Unit::seconds, 15, 4,
       [] { return ten_to_the_twelfth(3); }},
      {"count of 10^12 packages, 2 threads", "4 parties, dense zone", Unit::seconds, 15, 4,
       [] { return ten_to_the_twelfth(4); }},
      {"count of integer points", "3 parties, 100 points, 10^30 packages", Unit::seconds, 0.3, 0.05,
       ten_to_the_thirtieth},
      {"rare share: standard error after 0.2 s", "3 parties, 10^30 packages", Unit::error, 0.05,
       0.01, rare_share},
      {"exact volume, against 10^6 plain points", "3 dimensions, 64 cells", Unit::ratio, 1, 10,
       exact_volume},
  };
}

}  // namespace zopa::bench
