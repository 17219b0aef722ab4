// SPDX-License-Identifier: MIT
#include "tests/bench/breadth_goals.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "model/engine/counter.hpp"
#include "tests/bench/instances.hpp"

namespace zopa::bench {
namespace {

// Seconds of processor time, over all threads: what else runs on the machine does not count.
double median_time(int runs, const std::function<void()>& work) {
  std::vector<double> times;
  for (int run = 0; run < runs; ++run) {
    const std::clock_t start = std::clock();
    work();
    times.push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

// A loop over all packages that adds up the utilities of each, as one would write it first.
template <int Parties>
double count_plainly(const Problem& problem) {
  using Vector = Eigen::Matrix<double, Parties, 1>;
  const std::size_t m = problem.issues.size();
  std::vector<std::vector<Vector>> worth(m);
  Vector reservation;
  for (int i = 0; i < Parties; ++i) {
    const Leaf& leaf = problem.leaves[static_cast<std::size_t>(i)];
    reservation[i] = static_cast<double>(leaf.reservation);
    for (std::size_t j = 0; j < m; ++j) {
      worth[j].resize(problem.issues[j].pieces.size());
      for (std::size_t k = 0; k < worth[j].size(); ++k)
        worth[j][k][i] = static_cast<double>(leaf.worth[j][k].at_from);
    }
  }
  double count = 0;
  std::vector<std::size_t> package(m, 0);
  while (true) {
    Vector utility = worth[0][package[0]];
    for (std::size_t j = 1; j < m; ++j) utility += worth[j][package[j]];
    if ((utility - reservation).minCoeff() >= 0) ++count;
    std::size_t j = m;
    while (true) {
      if (j-- == 0) return count;
      if (++package[j] < worth[j].size()) break;
      package[j] = 0;
    }
  }
}

std::string packages_text(int issues) { return "10^" + std::to_string(issues) + " packages"; }

// The loop runs over 10^8 packages of the same family; beyond, its time is scaled up by issue, with
// one more sum for each.
BreadthGoal against_plain(const std::string& goal, bool opposed, int issues, double reservation,
                          double must, double aim) {
  constexpr int kParties = 4, kPlainIssues = 8;
  const auto talks = [&](int m) {
    return opposed ? opposed_talks(2, kParties, m, 10, reservation)
                   : random_talks(1, kParties, m, 10, reservation);
  };
  const Problem small = talks(kPlainIssues);
  double plain = 0;
  const double plain_time = median_time(3, [&] { plain = count_plainly<kParties>(small); });
  const bool agrees = *count_breadth(small, {}).acceptable == Integer(plain);
  const Problem problem = talks(issues);
  Breadth breadth;
  CountSettings settings;
  settings.most_visits = 2'000'000'000;
  const double ours = median_time(5, [&] { breadth = count_breadth(problem, settings); });
  BreadthGoal line{goal, "4 parties, " + packages_text(issues), ours};
  line.reference = plain_time * std::pow(10, issues - kPlainIssues) * issues / kPlainIssues;
  line.value = line.reference / ours;
  line.unit = "x";
  line.must = must;
  line.aim = aim;
  line.agrees = agrees && breadth.kind == Breadth::Kind::exact;
  return line;
}

BreadthGoal worst_of_ten_to_the_twelfth(int parties) {
  const Problem problem = random_talks(1, parties, 12, 10, 0.55);
  CountSettings settings;
  settings.jobs = 2;
  settings.most_visits = 4'000'000'000;
  settings.most_cost = 1e11;
  Breadth breadth;
  const double ours =
      median_time(1, [&] { breadth = count_breadth(problem, settings); }) / settings.jobs;
  return {"worst count of 10^12, 2 threads",
          std::to_string(parties) + " parties, dense zone",
          ours,
          0,
          ours,
          "s",
          15,
          4,
          breadth.kind == Breadth::Kind::exact};
}

BreadthGoal ten_to_the_thirtieth() {
  const Problem problem = point_talks(1, 3, 30, 10, 100, 60);
  Breadth breadth;
  const double ours = median_time(5, [&] { breadth = count_breadth(problem, {}); });
  CountSettings other;
  other.most_bytes = 0;
  other.most_visits = 0;
  const Breadth estimate = count_breadth(problem, other);
  const bool agrees = breadth.kind == Breadth::Kind::exact && *breadth.share > 0 &&
                      std::abs(*estimate.share / *breadth.share - 1) < 0.1;
  return {"count of integer points",
          "3 parties, 100 points, 10^30",
          ours,
          0,
          ours,
          "s",
          0.3,
          0.05,
          agrees};
}

BreadthGoal rare_share() {
  const Problem problem = point_talks(1, 3, 30, 10, 100, 75);
  const Selection selection = zone(problem);
  CountSettings settings;
  MeanInterval share;
  const double ours = median_time(5, [&] { share = estimate_share(selection, settings); });
  settings.most_cost = 1e11;
  const Count count = count_packages(selection, settings);
  const double exact =
      count.exact ? to_double(Rational(*count.exact, count_combinations(selection))) : 0;
  BreadthGoal line{"rare share, standard error in 0.2 s", "", ours};
  char size[64];
  std::snprintf(size, sizeof size, "3 parties, 10^30, share %.1e", exact);
  line.size = size;
  // Of the time that is over 0.2 s the error would have to do without.
  constexpr double kNormal95 = 1.959963984540054;
  line.value = 100 * (share.high - share.low) / 2 / kNormal95 / share.mean *
               std::sqrt(std::max(1.0, ours / 0.2));
  line.unit = "%";
  line.must = 5;
  line.aim = 1;
  line.agrees = count.exact && std::abs(share.mean / exact - 1) < 4 * line.value / 100;
  return line;
}

}  // namespace

std::vector<std::function<BreadthGoal()>> breadth_goals() {
  return {[] { return against_plain("count, dense zone", false, 8, 0.55, 200, 700); },
          [] { return against_plain("count, dense zone", false, 10, 0.55, 200, 700); },
          [] { return against_plain("count, tight zone", true, 10, 0.68, 1500, 10000); },
          [] { return against_plain("count, tight zone", true, 12, 0.68, 1500, 10000); },
          [] { return worst_of_ten_to_the_twelfth(2); },
          [] { return worst_of_ten_to_the_twelfth(3); },
          [] { return worst_of_ten_to_the_twelfth(4); },
          ten_to_the_thirtieth,
          rare_share};
}

}  // namespace zopa::bench
