// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "model/answers/conflicts.hpp"
#include "model/answers/depth.hpp"
#include "model/engine/prepare.hpp"
#include "src/document.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"
#include "tests/bench/goals.hpp"
#include "tests/bench/instances.hpp"

namespace zopa::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kInstances = 5;
constexpr int kParties = 6;
constexpr int kIssues = 30;
constexpr int kSettlements = 10;
constexpr int kLimits = 9;  // of a party; with its reservation ten demands

struct Demanding {
  Problem problem;
  std::vector<NamedDemand> demands;
};

// Opposed talks in which every party asks for 0.75 of its best and refuses the worst settlements of
// some issues: closed, by reservations and red lines together.
Demanding demanding_talks(std::uint64_t seed) {
  Demanding talks{opposed_talks(seed, kParties, kIssues, kSettlements, 0.75), {}};
  for (int i = 0; i < kParties; ++i) {
    Leaf& leaf = talks.problem.leaves[static_cast<std::size_t>(i)];
    for (int l = 0; l < kLimits; ++l) {
      const int j = (i * 5 + l) % kIssues;
      const auto& worth = leaf.worth[static_cast<std::size_t>(j)];
      LeafDemand demand;
      demand.demand = {Demand::Kind::limit, i, j};
      demand.limit = PieceSet{j, std::vector<char>(worth.size(), 1)};
      demand.soft = true;
      demand.upper = worth.front().at_from > worth.back().at_from;
      for (std::size_t k = 0; k < 3; ++k)
        demand.limit->pieces[demand.upper ? worth.size() - 1 - k : k] = 0;
      demand.end = talks.problem.issues[static_cast<std::size_t>(j)]
                       .pieces[demand.upper ? worth.size() - 4 : 3]
                       .from;
      leaf.demands.push_back(demand);
      talks.demands.push_back({demand.demand, {i}, false});
    }
    talks.demands.push_back({{Demand::Kind::reservation, i, 0}, {i}, false});
  }
  return talks;
}

bool is_closed(const Demanding& talks, const DemandSet& kept) {
  const Problem alone = with_demands(talks.problem, talks.demands, kept);
  const DepthFinder finder(alone, no_progress());
  const auto depth = finder.find(DepthKind::hard, {});
  return !depth.low || *depth.low < 0;
}

bool is_conflict(const Demanding& talks, const std::vector<int>& members) {
  DemandSet kept(talks.demands.size(), 0);
  for (const int d : members) kept[static_cast<std::size_t>(d)] = 1;
  if (!is_closed(talks, kept)) return false;
  return std::all_of(members.begin(), members.end(), [&](int d) {
    DemandSet less = kept;
    less[static_cast<std::size_t>(d)] = 0;
    return !is_closed(talks, less);
  });
}

// Demands left out one by one as long as the zone stays empty, each time with a depth of its own.
std::vector<int> by_deletion(const Demanding& talks) {
  DemandSet kept(talks.demands.size(), 1);
  for (char& made : kept) {
    made = 0;
    if (!is_closed(talks, kept)) made = 1;
  }
  std::vector<int> members;
  for (std::size_t d = 0; d < kept.size(); ++d) {
    if (kept[d]) members.push_back(static_cast<int>(d));
  }
  return members;
}

Measurement one_conflict_of_sixty() {
  Measurement measured;
  std::vector<double> ours, reference;
  for (std::uint64_t seed = 1; seed <= kInstances; ++seed) {
    const Demanding talks = demanding_talks(seed);
    std::vector<int> order;
    for (std::size_t d = 0; d < talks.demands.size(); ++d) order.push_back(static_cast<int>(d));
    std::optional<std::vector<int>> conflict;
    ours.push_back(median_seconds(kRuns, [&] {
      const ZoneFinder finder(talks.problem, talks.demands, no_progress());
      conflict = one_conflict(finder, order);
    }));
    std::vector<int> plain;
    reference.push_back(processor_seconds([&] { plain = by_deletion(talks); }));
    measured.agree &= conflict && is_conflict(talks, *conflict) && is_conflict(talks, plain);
  }
  measured.ours = median(ours);
  measured.reference = median(reference);
  return measured;
}

struct Flagship {
  Scenario scenario = read_scenario(
      edited(read_document(ZOPA_SOURCE_DIR "/scenarios/ukraine-2025/talks.yaml"), {}));
  Problem problem = make_problem(scenario);
};

// The prices of all demands of the flagship one by one, with everything that takes.
Measurement prices_of_the_flagship() {
  const Flagship talks;
  Measurement measured;
  ConflictSettings settings;
  settings.most = 0;  // no conflicts and exits beyond the smallest
  settings.splits = settings.proofs = false;
  measured.ours = median_seconds(kRuns, [&] {
    measured.agree &= !find_conflicts(talks.scenario, talks.problem, settings).prices.empty();
  });
  return measured;
}

Measurement everything_of_the_flagship() {
  const Flagship talks;
  Measurement measured;
  measured.ours = median_seconds(
      kRuns, [&] { measured.agree &= !find_conflicts(talks.scenario, talks.problem, {}).open; });
  return measured;
}

}  // namespace

std::vector<Goal> conflict_goals() {
  return {
      {"one conflict", "60 demands, 6 parties, 30 issues", Unit::seconds, 0.1, 0.01,
       one_conflict_of_sixty},
      {"one conflict against deletion", "60 demands, 6 parties, 30 issues", Unit::ratio, 3, 10,
       one_conflict_of_sixty},
      {"prices of all demands", "flagship", Unit::seconds, 1, 0.2, prices_of_the_flagship},
      {"conflicts, exits, prices, proofs", "flagship", Unit::seconds, 4, 1,
       everything_of_the_flagship},
  };
}

}  // namespace zopa::bench
