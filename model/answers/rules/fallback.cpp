// SPDX-License-Identifier: MIT
#include <algorithm>

#include "model/answers/optima.hpp"
#include "model/engine/list.hpp"
#include "model/tools/at.hpp"

namespace zopa {
namespace {

constexpr std::size_t kMostPackages = 1'000'000;
constexpr std::size_t kPackagesBetweenQuestions = 4096;

// Leaves that every package of the zone satisfies, with their reservations as rows.
void collect_required(const Problem& problem, const Tree& tree, std::vector<ListRow>& rows) {
  if (tree.kind == Consent::Kind::leaf) {
    const Leaf& leaf = problem.leaves[at(tree.leaf)];
    if (leaf.has_utility && !leaf.when) rows.push_back({surplus_form(leaf), 0});
  }
  if (tree.kind != Consent::Kind::all) return;
  for (const Tree& member : tree.members) collect_required(problem, member, rows);
}

// The utility in the leaf's own unit; its best where it is not asked.
Int128 utility_at(const Leaf& leaf, const std::vector<int>& settlements) {
  if (!asked(leaf, settlements)) return leaf.best;
  Int128 sum = 0;
  for (std::size_t j = 0; j < settlements.size(); ++j)
    sum += leaf.worth[j][at(settlements[j])].at_from;
  return sum;
}

// The greatest margins first: −∞ (no margin) last.
std::vector<std::optional<Rational>> sorted_margins(const RuleContext& context,
                                                    const Package& package) {
  std::vector<std::optional<Rational>> margins;
  for (const int i : context.leaves) {
    const LeafView here = view(context.problem, i, package);
    if (!here.asked) {
      margins.emplace_back(1);
    } else if (here.margin || *here.surplus != 0) {
      margins.push_back(here.margin);
    } else {
      const Leaf& leaf = context.problem.leaves[at(i)];
      margins.push_back(leaf.best == leaf.reservation ? std::optional<Rational>(0) : std::nullopt);
    }
  }
  std::sort(margins.begin(), margins.end());
  return margins;
}

// Whether the count says that the zone has more packages than can be ranked, so that listing them
// would be in vain: the least that its interval allows where it was not counted.
bool too_many_to_rank(const Breadth& breadth) {
  if (breadth.acceptable) return *breadth.acceptable > kMostPackages;
  if (breadth.kind != Breadth::Kind::estimate) return false;
  const double packages = breadth.packages && breadth.packages_exact
                              ? breadth.packages->convert_to<double>()
                              : breadth.packages_estimate;
  return breadth.low * packages > 2 * static_cast<double>(kMostPackages);
}

constexpr const char* kTooManyToRank =
    "left out: the zone has too many packages to rank them one by one";
constexpr const char* kStoppedRanking = "not found before the search was stopped";

}  // namespace

Agreement fallback(RuleContext& context) {
  const Problem& problem = context.problem;
  Agreement agreement;
  if (!problem.discrete()) {
    agreement.note =
        "left out: the zone is a continuum, and its packages cannot be ranked one by one";
    return agreement;
  }
  if (too_many_to_rank(context.overlap.breadth)) {
    agreement.note = kTooManyToRank;
    return agreement;
  }
  const Progress& progress = context.settings.progress;
  std::vector<ListRow> rows;
  collect_required(problem, problem.tree, rows);
  const Listing zone = list_packages(problem, rows,
                                     [&](const std::vector<int>& settlements) {
                                       const auto value =
                                           tree_value(problem, package_of(problem, settlements));
                                       return value && *value >= 0;
                                     },
                                     {.most_packages = kMostPackages, .progress = progress});
  if (!zone.complete) {
    agreement.note = progress(1) ? kTooManyToRank : kStoppedRanking;
    return agreement;
  }

  // F_i as a number of packages: how many of the zone i strictly prefers; the largest first.
  std::vector<std::vector<std::uint32_t>> preferred(zone.packages.size());
  for (const int i : context.leaves) {
    std::vector<Int128> utilities;
    for (const auto& package : zone.packages) {
      if (utilities.size() % kPackagesBetweenQuestions == 0 && !progress(1)) {
        agreement.note = kStoppedRanking;
        return agreement;
      }
      utilities.push_back(utility_at(problem.leaves[at(i)], {package.begin(), package.end()}));
    }
    std::vector<Int128> rising = utilities;
    std::sort(rising.begin(), rising.end());
    for (std::size_t p = 0; p < utilities.size(); ++p) {
      preferred[p].push_back(static_cast<std::uint32_t>(
          rising.end() - std::upper_bound(rising.begin(), rising.end(), utilities[p])));
    }
  }
  for (auto& counts : preferred) std::sort(counts.rbegin(), counts.rend());
  const auto least = *std::min_element(preferred.begin(), preferred.end());
  std::vector<Package> best;
  std::vector<std::optional<Rational>> greatest;
  for (std::size_t p = 0; p < preferred.size(); ++p) {
    if (preferred[p] != least) continue;
    const Package package = package_of(problem, {zone.packages[p].begin(), zone.packages[p].end()});
    const auto margins = sorted_margins(context, package);
    if (!best.empty() && margins < greatest) continue;
    if (best.empty() || greatest < margins) {
      best.clear();
      greatest = margins;
    }
    best.push_back(package);
  }
  agreement.exists = true;
  describe_optima(problem, agreement, best);
  return agreement;
}

}  // namespace zopa
