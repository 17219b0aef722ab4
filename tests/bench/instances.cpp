// SPDX-License-Identifier: MIT
#include "tests/bench/instances.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace zopa::bench {
namespace {

constexpr double kGrid = 1e6;

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : engine_(seed) {}

  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  // Positive numbers with sum 1.
  std::vector<double> saliences(int issues) {
    std::vector<double> result;
    double sum = 0;
    for (int j = 0; j < issues; ++j) {
      result.push_back(0.2 - std::log(1 - uniform()));
      sum += result.back();
    }
    for (double& each : result) each /= sum;
    return result;
  }

 private:
  std::mt19937_64 engine_;
};

Problem empty_talks(int parties) {
  Problem problem;
  problem.parties = parties;
  for (int i = 0; i < parties; ++i) {
    Tree leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.leaf = i;
    problem.tree.members.push_back(leaf);
  }
  return problem;
}

void add_discrete(Problem& problem, int settlements) {
  ProblemIssue& issue = problem.issues.emplace_back();
  for (int k = 0; k < settlements; ++k) issue.pieces.push_back({k, k});
}

void add_continuous(Problem& problem, int segments) {
  ProblemIssue& issue = problem.issues.emplace_back();
  issue.continuous = true;
  issue.scale = segments;
  for (int k = 0; k < segments; ++k) issue.pieces.push_back({k, k + 1});
}

// Worths at the ends of segments that meet, each drawn from [0, weight].
std::vector<std::pair<double, double>> broken_line(Maker& maker, double weight, int segments) {
  std::vector<std::pair<double, double>> row;
  double last = maker.uniform();
  for (int k = 0; k < segments; ++k) {
    const double next = maker.uniform();
    row.emplace_back(weight * last, weight * next);
    last = next;
  }
  return row;
}

// Adds a party with the given worths at the ends of all pieces.
void add_leaf(Problem& problem, const std::vector<std::vector<std::pair<double, double>>>& worths,
              double reservation) {
  Leaf leaf;
  leaf.party = problem.n();
  leaf.in_scope.assign(problem.issues.size(), 1);
  leaf.has_utility = true;
  for (const auto& issue : worths) {
    auto& row = leaf.worth.emplace_back();
    Int128 most = 0;
    for (const auto& [from, to] : issue) {
      row.push_back({std::llround(from * kGrid), std::llround(to * kGrid)});
      most = std::max({most, row.back().at_from, row.back().at_to});
    }
    leaf.best += most;
  }
  leaf.unit = make_integer(leaf.best);
  leaf.reservation = std::llround(static_cast<double>(leaf.best) * reservation);
  problem.leaves.push_back(std::move(leaf));
}

Problem discrete_talks(std::uint64_t seed, int parties, int issues, int settlements,
                       double reservation, bool opposed) {
  Maker maker(seed);
  Problem problem = empty_talks(parties);
  for (int j = 0; j < issues; ++j) add_discrete(problem, settlements);
  for (int i = 0; i < parties; ++i) {
    const std::vector<double> salience = maker.saliences(issues);
    std::vector<std::vector<std::pair<double, double>>> worths;
    for (const double weight : salience) {
      std::vector<double> values;
      for (int k = 0; k < settlements; ++k) values.push_back(maker.uniform());
      if (opposed) {
        std::sort(values.begin(), values.end());
        if (maker.uniform() < 0.5) std::reverse(values.begin(), values.end());
      }
      auto& row = worths.emplace_back();
      for (const double value : values) row.emplace_back(weight * value, weight * value);
    }
    add_leaf(problem, worths, reservation);
  }
  return problem;
}

}  // namespace

Problem random_talks(std::uint64_t seed, int parties, int issues, int settlements,
                     double reservation) {
  return discrete_talks(seed, parties, issues, settlements, reservation, false);
}

Problem opposed_talks(std::uint64_t seed, int parties, int issues, int settlements,
                      double reservation) {
  return discrete_talks(seed, parties, issues, settlements, reservation, true);
}

Problem point_talks(std::uint64_t seed, int parties, int issues, int settlements, int points,
                    int reservation) {
  Maker maker(seed);
  Problem problem = empty_talks(parties);
  for (int j = 0; j < issues; ++j) {
    ProblemIssue& issue = problem.issues.emplace_back();
    for (int k = 0; k < settlements; ++k) issue.pieces.push_back({k, k});
  }
  for (int i = 0; i < parties; ++i) {
    // Whole numbers with the sum of all points: differences of rounded partial sums.
    double sum = 0;
    int dealt = 0;
    std::vector<std::vector<std::pair<double, double>>> worths;
    for (const double weight : maker.saliences(issues)) {
      sum += weight;
      const int next = static_cast<int>(std::lround(sum * points));
      auto& row = worths.emplace_back();
      for (int k = 0; k < settlements; ++k) {
        const double value = std::floor(maker.uniform() * (next - dealt + 1)) / kGrid;
        row.emplace_back(value, value);
      }
      dealt = next;
    }
    add_leaf(problem, worths, 0);
    problem.leaves.back().reservation = reservation;
  }
  return problem;
}

Problem continuous_talks(std::uint64_t seed, int parties, int issues, int segments,
                         double reservation) {
  Maker maker(seed);
  Problem problem = empty_talks(parties);
  for (int j = 0; j < issues; ++j) add_continuous(problem, segments);
  for (int i = 0; i < parties; ++i) {
    std::vector<std::vector<std::pair<double, double>>> worths;
    for (const double weight : maker.saliences(issues))
      worths.push_back(broken_line(maker, weight, segments));
    add_leaf(problem, worths, reservation);
  }
  return problem;
}

Problem equal_talks(std::uint64_t seed, int parties, int issues, int settlements,
                    double reservation) {
  Maker maker(seed);
  Problem problem = empty_talks(parties);
  for (int j = 0; j < issues; ++j) add_discrete(problem, settlements);
  for (int i = 0; i < parties; ++i) {
    std::vector<std::vector<std::pair<double, double>>> worths;
    for (int j = 0; j < issues; ++j) {
      auto& row = worths.emplace_back();
      for (int k = 0; k < settlements; ++k) {
        const double value = maker.uniform() / issues;
        row.emplace_back(value, value);
      }
    }
    add_leaf(problem, worths, reservation);
  }
  return problem;
}

Problem mixed_talks(std::uint64_t seed, int parties, int continuous, int discrete) {
  constexpr int kSegments = 9;
  constexpr int kSettlements = 10;
  Maker maker(seed);
  Problem problem = empty_talks(parties);
  for (int j = 0; j < continuous; ++j) add_continuous(problem, kSegments);
  for (int j = 0; j < discrete; ++j) add_discrete(problem, kSettlements);
  for (int i = 0; i < parties; ++i) {
    const std::vector<double> salience = maker.saliences(continuous + discrete);
    std::vector<std::vector<std::pair<double, double>>> worths;
    for (int j = 0; j < continuous + discrete; ++j) {
      const double weight = salience[static_cast<std::size_t>(j)];
      if (j < continuous) {
        worths.push_back(broken_line(maker, weight, kSegments));
        continue;
      }
      auto& row = worths.emplace_back();
      for (int k = 0; k < kSettlements; ++k) {
        const double value = weight * maker.uniform();
        row.emplace_back(value, value);
      }
    }
    add_leaf(problem, worths, 0.4);
  }
  return problem;
}

Problem point_talks(std::uint64_t seed, int parties, int issues, int settlements, int reservation) {
  constexpr int kPoints = 100;
  Maker maker(seed);
  Problem problem = empty_talks(parties);
  for (int j = 0; j < issues; ++j) add_discrete(problem, settlements);
  for (int i = 0; i < parties; ++i) {
    // Cuts of a line of 100 points.
    std::vector<int> cuts{0, kPoints};
    for (int j = 1; j < issues; ++j) cuts.push_back(static_cast<int>(maker.uniform() * kPoints));
    std::sort(cuts.begin(), cuts.end());
    Leaf leaf;
    leaf.party = i;
    leaf.in_scope.assign(problem.issues.size(), 1);
    leaf.has_utility = true;
    leaf.unit = kPoints;
    leaf.reservation = reservation;
    for (std::size_t j = 0; j < problem.issues.size(); ++j) {
      const int most = cuts[j + 1] - cuts[j];
      std::vector<int> values{0, most};
      for (int k = 2; k < settlements; ++k)
        values.push_back(static_cast<int>(maker.uniform() * (most + 1)));
      std::sort(values.begin(), values.end());
      if (maker.uniform() < 0.5) std::reverse(values.begin(), values.end());
      auto& row = leaf.worth.emplace_back();
      for (const int value : values) row.push_back({value, value});
      leaf.best += most;
    }
    problem.leaves.push_back(std::move(leaf));
  }
  return problem;
}

}  // namespace zopa::bench
