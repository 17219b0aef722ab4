// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include "model/engine/fold.hpp"
#include "tests/bench/goals.hpp"
#include "tests/bench/instances.hpp"

namespace zopa::bench {
namespace {

constexpr std::size_t kFilterParties = 4;

using Utilities = std::array<double, kFilterParties>;

// Worths are whole numbers, so that these sums are exact.
std::vector<Utilities> enumerate_utilities(const Problem& problem) {
  std::vector<Utilities> all{Utilities{}};
  for (std::size_t j = 0; j < problem.issues.size(); ++j) {
    std::vector<Utilities> next;
    for (const Utilities& so_far : all) {
      for (std::size_t k = 0; k < problem.issues[j].pieces.size(); ++k) {
        Utilities sum = so_far;
        for (std::size_t i = 0; i < kFilterParties; ++i)
          sum[i] += static_cast<double>(problem.leaves[i].worth[j][k].at_from);
        next.push_back(sum);
      }
    }
    all = std::move(next);
  }
  return all;
}

bool beats(const Utilities& a, const Utilities& b) {
  bool better = false;
  for (std::size_t i = 0; i < kFilterParties; ++i) {
    if (a[i] < b[i]) return false;
    better |= a[i] > b[i];
  }
  return better;
}

std::vector<Utilities> filter(const Problem& problem) {
  const std::vector<Utilities> all = enumerate_utilities(problem);
  std::vector<Utilities> best;
  for (const Utilities& one : all) {
    if (std::none_of(all.begin(), all.end(),
                     [&](const Utilities& other) { return beats(other, one); }))
      best.push_back(one);
  }
  std::sort(best.begin(), best.end(), std::greater<>());
  best.erase(std::unique(best.begin(), best.end()), best.end());
  return best;
}

// Five hundred points, spread evenly, compared with all.
bool none_beaten(const Fold& fold) {
  const std::size_t n = fold.leaves.size();
  const std::size_t step = fold.size() / 500 + 1;
  for (std::size_t p = 0; p < fold.size(); p += step) {
    for (std::size_t q = 0; q < fold.size(); ++q) {
      if (p == q) continue;
      bool reached = true;
      for (std::size_t i = 0; i < n; ++i)
        reached &= fold.utilities[q * n + i] >= fold.utilities[p * n + i];
      if (reached) return false;
    }
  }
  return true;
}

// All packages against all, until one is found that is better (O(N²)).
Measurement against_filter() {
  const Problem problem = random_talks(4, static_cast<int>(kFilterParties), 5, 10, 0);
  Measurement measured;
  Fold fold;
  measured.ours = median_seconds(5, [&] { fold = fold_frontier(problem, {}); });
  std::vector<Utilities> best;
  measured.reference = median_seconds(3, [&] { best = filter(problem); });
  measured.agree = fold.end == Fold::End::complete && fold.size() == best.size();
  for (std::size_t p = 0; p < best.size() && measured.agree; ++p) {
    for (std::size_t i = 0; i < kFilterParties; ++i)
      measured.agree &= static_cast<double>(fold.utilities[p * kFilterParties + i]) == best[p][i];
  }
  return measured;
}

// Agrees when it is complete and no point that is looked at is worse than another.
Measurement of_many(int parties) {
  const Problem problem = random_talks(1, parties, 30, 10, 0);
  Measurement measured;
  Fold fold;
  measured.ours = median_seconds(5, [&] { fold = fold_frontier(problem, {}); });
  measured.agree = fold.end == Fold::End::complete && none_beaten(fold);
  return measured;
}

}  // namespace

std::vector<Goal> frontier_goals() {
  return {
      {"frontier, against a filter over all", "4 parties, 10^5 packages", Unit::ratio, 50, 200,
       against_filter},
      {"frontier", "2 parties, 10^30 packages", Unit::seconds, 0.05, 0.005,
       [] { return of_many(2); }},
      {"frontier", "3 parties, 10^30 packages", Unit::seconds, 5, 1, [] { return of_many(3); }},
  };
}

}  // namespace zopa::bench
