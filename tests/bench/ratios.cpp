// SPDX-License-Identifier: MIT
//
// The goals for speed, as ratios to a plain loop over all packages or points. Prints one line a
// goal; the exit status is 1 when a ratio is missed, or when the two do not agree.
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

#include "model/answers/depth.hpp"
#include "model/engine/count.hpp"
#include "tests/bench/instances.hpp"

namespace zopa::bench {
namespace {

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median_seconds(int runs, const std::function<void()>& work) {
  std::vector<double> times;
  for (int run = 0; run < runs; ++run) times.push_back(seconds(work));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

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

Outcome solve(const Problem& problem, int jobs) {
  CountSettings settings;
  settings.jobs = jobs;
  const Breadth breadth = count_breadth(problem, settings);
  const DepthFinder finder(problem, no_progress());
  const Depth depth = finder.find(DepthKind::hard, {});
  if (!breadth.acceptable || !depth.low) return {-1, 0};
  return {breadth.acceptable->convert_to<double>(), to_double(*depth.low)};
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

bool all_well = true;

void line(const char* task, const char* size, double ours, double plain, double required,
          bool agree) {
  const double ratio = plain / ours;
  const bool reached = ratio >= required;
  all_well &= reached && agree;
  std::printf("%-38s %-30s %10.3f ms %10.3f ms %9.0fx %7.0fx  %s\n", task, size, ours * 1e3,
              plain * 1e3, ratio, required, !agree ? "DISAGREE" : (reached ? "ok" : "MISSED"));
  std::fflush(stdout);
}

void count_and_depth(const char* task, const char* size, const Problem& problem, double required) {
  Outcome naive;
  const double plain = median_seconds(3, [&] { naive = enumerate(problem); });
  for (const int jobs : {1, 2}) {
    Outcome ours;
    const double time = median_seconds(9, [&] { ours = solve(problem, jobs); });
    const bool agree = ours.count == naive.count && std::abs(ours.depth - naive.depth) <= 1e-12;
    char title[64];
    std::snprintf(title, sizeof title, "%s, %d thread%s", task, jobs, jobs == 1 ? "" : "s");
    line(title, size, time, plain, jobs == 1 ? required : 0, agree);
  }
}

int run() {
  std::printf("%-38s %-30s %13s %13s %10s %8s\n", "task", "size", "ours", "plain", "ratio", "goal");
  count_and_depth("count and depth, wide zone", "4 parties, 10^8 packages",
                  random_talks(1, kParties, 8, 10, 0.55), 100);
  count_and_depth("count and depth, tight zone", "4 parties, 10^8 packages",
                  opposed_talks(2, kParties, 8, 10, 0.68), 100);

  const Problem volume = continuous_talks(3, kParties, 3, 4, 0.6);
  constexpr int kPoints = 1'000'000;
  Plain plain;
  const double plain_time = median_seconds(3, [&] { plain = sample(volume, kPoints); });
  Breadth breadth;
  const double time = median_seconds(9, [&] { breadth = count_breadth(volume, {}); });
  line("exact volume, 10^6 points for the plain", "3 dimensions, 64 cells", time, plain_time, 1,
       breadth.kind == Breadth::Kind::exact &&
           std::abs(*breadth.share - plain.share) <= 5 * plain.error);
  return all_well ? 0 : 1;
}

}  // namespace
}  // namespace zopa::bench

int main() { return zopa::bench::run(); }
