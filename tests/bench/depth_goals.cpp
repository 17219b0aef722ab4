// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <ctime>

#include "model/answers/depth.hpp"
#include "tests/bench/cbc.hpp"
#include "tests/bench/goals.hpp"
#include "tests/bench/instances.hpp"

namespace zopa::bench {
namespace {

constexpr int kRuns = 5;       // of ours, an instance
constexpr int kInstances = 5;  // a family and size
constexpr double kTolerance = 1e-6;

using Make = std::function<Problem(std::uint64_t seed)>;

double depth_of(const Problem& problem) {
  const DepthFinder finder(problem, no_progress());
  return to_double(*finder.find(DepthKind::hard, {}).low);
}

// The medians over instances of several families; each must be the same depth. CBC is stopped where
// it has needed half as long again as the aim allows: its time is then at least that.
Measurement against_cbc(double aim, const std::vector<Make>& families) {
  constexpr double kLeastSeconds = 2, kMostSeconds = 120;
  Measurement measured;
  std::vector<double> ours, reference;
  for (const Make& make : families) {
    for (std::uint64_t seed = 1; seed <= kInstances; ++seed) {
      const Problem problem = make(seed);
      double depth = 0;
      ours.push_back(median_seconds(kRuns, [&] { depth = depth_of(problem); }));
      if (!kHasCbc) continue;
      const double patience = std::clamp(1.5 * aim * ours.back(), kLeastSeconds, kMostSeconds);
      CbcDepth expected;
      reference.push_back(processor_seconds([&] { expected = cbc_depth(problem, patience); }));
      measured.at_least |= !expected.proven;
      // What a stopped search has found cannot be deeper than the deepest.
      measured.agree &= (!expected.low || *expected.low <= depth + kTolerance) &&
                        (!expected.proven || *expected.low >= depth - kTolerance);
    }
  }
  measured.ours = median(ours);
  if (kHasCbc) measured.reference = median(reference);
  return measured;
}

// What a second leaves open, the widest gap of several instances.
Measurement gap_after_a_second(const Make& make) {
  Measurement measured;
  for (std::uint64_t seed = 1; seed <= kInstances; ++seed) {
    const Problem problem = make(seed);
    const std::clock_t start = std::clock();
    const Progress second = [start](double) { return std::clock() - start < CLOCKS_PER_SEC; };
    const DepthFinder finder(problem, second);
    const Depth depth = finder.find(DepthKind::hard, {});
    measured.ours = std::max(measured.ours, to_double(*depth.high) - to_double(*depth.low));
  }
  return measured;
}

// The greatest product of the surpluses, proven; exact, so within any tolerance.
double greatest_product(const Problem& problem) {
  DepthFinder finder(problem, no_progress());
  Search& search = finder.search(DepthKind::hard);
  Level product{Level::Kind::product, 1, {}, {}, false};
  for (int i = 0; i < problem.n(); ++i)
    product.items.push_back(
        {{search.add(surplus_form(problem.leaves[static_cast<std::size_t>(i)]))}, i});
  Search::Request request = finder.request(DepthKind::hard, {});
  request.floor = 0;
  request.level = product;
  const Search::Result result = search.run(request);
  return result.finished && result.value ? to_double(*result.value) : -1;
}

Measurement nash(const std::vector<Make>& families) {
  Measurement measured;
  std::vector<double> times;
  for (const Make& make : families) {
    for (std::uint64_t seed = 1; seed <= kInstances; ++seed) {
      const Problem problem = make(seed);
      double product = 0;
      times.push_back(median_seconds(kRuns, [&] { product = greatest_product(problem); }));
      measured.agree &= product > 0;
    }
  }
  measured.ours = median(times);
  return measured;
}

Make random_values(int parties, int issues, double reservation) {
  return [=](std::uint64_t seed) { return random_talks(seed, parties, issues, 10, reservation); };
}

Make opposed_values(int parties, int issues, double reservation) {
  return [=](std::uint64_t seed) { return opposed_talks(seed, parties, issues, 10, reservation); };
}

Goal cbc_goal(const std::string& kind, const std::string& size, double must, double aim,
              const std::vector<Make>& families) {
  return {"depth" + kind + ", against CBC",          size, Unit::ratio, must, aim,
          [=] { return against_cbc(aim, families); }};
}

}  // namespace

std::vector<Goal> depth_goals() {
  const auto equal = [](std::uint64_t seed) { return equal_talks(seed, 15, 30, 10, 0); };
  const auto scored = [](std::uint64_t seed) { return scored_talks(seed, 4, 30, 10, 40); };
  const auto mixed = [](int parties, int continuous, int discrete) -> Make {
    return [=](std::uint64_t seed) { return mixed_talks(seed, parties, continuous, discrete); };
  };
  return {
      cbc_goal("", "4 parties, 30 issues of 10", 30, 100,
               {random_values(4, 30, 0.4), opposed_values(4, 30, 0.4)}),
      cbc_goal(", many parties", "10 parties, 20 issues of 10", 3, 15,
               {random_values(10, 20, 0.4), opposed_values(10, 20, 0.4)}),
      cbc_goal(", many parties", "10 parties, 30 issues of 10", 3, 15,
               {random_values(10, 30, 0.4), opposed_values(10, 30, 0.4)}),
      cbc_goal(", bargaining-like", "4 parties, 30 issues, 100 points", 30, 100, {scored}),
      cbc_goal(", not concave", "6 parties, 5 continuous, 15 discrete", 50, 300, {mixed(6, 5, 15)}),
      cbc_goal(", not concave", "4 parties, 20 continuous", 50, 300, {mixed(4, 20, 0)}),
      cbc_goal(", not concave", "10 parties, 5 continuous, 10 discrete", 50, 300,
               {mixed(10, 5, 10)}),
      {"depth, hardest: gap after a second", "15 parties, 30 issues, equal saliences", Unit::gap,
       1e-2, 1e-3, [equal] { return gap_after_a_second(equal); }},
      {"nash, proven", "10 parties, 30 issues of 10", Unit::seconds, 0.1, 0.01,
       [] {
         return nash({random_values(10, 30, 0.3), opposed_values(10, 30, 0.3)});
       }},
      {"nash, proven", "10 parties, 6 issues of 10", Unit::seconds, 0.1, 0.01,
       [] {
         return nash({random_values(10, 6, 0.2), opposed_values(10, 6, 0.2)});
       }},
  };
}

}  // namespace zopa::bench
