// SPDX-License-Identifier: MIT
#include "model/answers/overlap.hpp"

#include <algorithm>

#include "model/answers/depth.hpp"
#include "model/answers/ranges.hpp"
#include "model/answers/shares.hpp"
#include "model/tools/at.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

const Rational kNearMiss(-1, 10);

Tree leaf_tree(int leaf) {
  Tree tree;
  tree.kind = Consent::Kind::leaf;
  tree.leaf = leaf;
  return tree;
}

// Whether the leaf accepts any package at all, asked or not: A_i is not empty. Nothing: stopped.
std::optional<bool> accepts_something(const Problem& problem, int leaf, const Progress& progress) {
  Problem alone = problem;
  alone.leaves = {problem.leaves[at(leaf)]};
  alone.leaves[0].when.reset();
  alone.tree = leaf_tree(0);
  const Search search(alone, DepthKind::hard);
  Search::Request request;
  request.floor = 0;
  request.any = true;
  request.progress = progress;
  const auto result = search.run(request);
  if (!result.finished) return std::nullopt;
  return result.package.has_value();
}

// Whether the tree fails everywhere even when every leaf that accepts anything accepts everything.
// Nothing: stopped.
std::optional<bool> impossible(const Problem& problem, const Progress& progress) {
  Problem hopeful = problem;
  for (int i = 0; i < problem.n(); ++i) {
    Leaf& leaf = hopeful.leaves[at(i)];
    leaf.has_utility = false;
    leaf.demands.clear();
    const auto accepts = accepts_something(problem, i, progress);
    if (!accepts) return std::nullopt;
    if (*accepts) continue;
    LeafDemand never;
    never.limit = PieceSet{0, std::vector<char>(problem.issues[0].pieces.size(), 0)};
    leaf.demands = {never};
  }
  const Search search(hopeful, DepthKind::hard);
  Search::Request request;
  request.any = true;
  request.progress = progress;
  const auto result = search.run(request);
  if (!result.finished) return std::nullopt;
  return !result.package;
}

Status status_of(const std::optional<Rational>& depth, const Rational& tau) {
  if (!depth) return Status::closed;
  if (*depth > tau) return Status::open;
  if (abs(*depth) <= tau) return Status::knife_edge;
  return *depth > kNearMiss ? Status::near_miss : Status::closed;
}

// Nothing while a bounded depth, or a search that was stopped, leaves several.
std::optional<Status> status_of(const Problem& problem, const Depth& depth, const Rational& tau,
                                const Progress& progress) {
  const Status status = status_of(depth.low, tau);
  const bool zone = depth.low && *depth.low >= 0;
  if (!zone) {
    const auto cannot_be = impossible(problem, progress);
    if (!cannot_be) return std::nullopt;
    if (*cannot_be) return Status::impossible;
  }
  if (depth.proof == Proof::bounded && status_of(depth.high, tau) != status) return std::nullopt;
  return status;
}

Tree pair_tree(const Problem& problem, int party, int other) {
  Tree tree;
  tree.kind = Consent::Kind::all;
  for (int i = 0; i < problem.n(); ++i) {
    const int whose = problem.leaves[at(i)].party;
    if (whose == party || whose == other) tree.members.push_back(leaf_tree(i));
  }
  return tree;
}

std::vector<int> asked_parties(const Problem& problem) {
  std::vector<int> parties;
  for (const Leaf& leaf : problem.leaves) parties.push_back(leaf.party);
  std::sort(parties.begin(), parties.end());
  parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
  return parties;
}

class Finder {
 public:
  Finder(const Scenario& scenario, const Problem& problem, const SolveSettings& settings)
      : scenario_(scenario),
        problem_(problem),
        settings_(settings),
        stages_(settings.progress),
        finder_(problem, stages_.progress()),
        parties_(asked_parties(problem)) {}

  Overlap find() {
    Overlap overlap;
    overlap.tau = settings_.tau;
    overlap.depth = printed_depth();
    stages_.reach(0.2);
    finder_.deepen(overlap.depth, {});
    stages_.reach(0.3);
    if (settings_.certificate) finder_.prove(overlap.depth);
    stages_.reach(0.4);
    overlap.status = status_of(problem_, overlap.depth, settings_.tau, stages_.progress());
    describe_leaves(overlap);
    stages_.reach(0.5);
    overlap.issues = issue_overlaps(scenario_, finder_, overlap.depth, settings_.jobs);
    stages_.reach(0.65);
    compare(overlap);
    stages_.reach(0.8);
    CountSettings count{.jobs = settings_.jobs, .progress = stages_.progress()};
    count.zone_is_empty =
        overlap.depth.proof == Proof::exact && !(overlap.depth.low && *overlap.depth.low >= 0);
    count.marginals = true;
    overlap.breadth = count_breadth(problem_, count);
    overlap.complete = complete(overlap);
    return overlap;
  }

 private:
  Depth printed_depth() const {
    Depth hard = finder_.find(DepthKind::hard, {});
    return hard.exists ? hard : finder_.find(DepthKind::all, {});
  }

  // Values at the deepest package, who binds, and the shares of the gap.
  void describe_leaves(Overlap& overlap) const {
    const Depth& depth = overlap.depth;
    bool anybody = false;
    std::vector<int> accepting;
    for (int i = 0; i < problem_.n(); ++i) {
      const Leaf& leaf = problem_.leaves[at(i)];
      LeafSummary& summary = overlap.leaves.emplace_back();
      if (leaf.has_utility) {
        summary.reservation = make_rational(leaf.reservation) / leaf.unit;
        summary.best = make_rational(leaf.best) / leaf.unit;
      }
      if (!depth.package) continue;
      summary.at_deepest = view(problem_, i, *depth.package, depth.kind);
      const LeafView& here = summary.at_deepest;
      anybody = anybody || here.asked;
      if (!here.asked || !here.value) continue;
      summary.binding = here.value == depth.low;
      if (*here.value >= *depth.low) accepting.push_back(i);
    }
    overlap.nobody_asked = depth.package && !anybody;
    if (depth.proof == Proof::bounded || !depth.package) return;
    const bool outvoted = can_be_outvoted(problem_.tree);
    const auto shares =
        relaxed_shares(finder_, depth, outvoted ? accepting : leaves_of(problem_.tree));
    if (!shares) return;
    overlap.relaxed_depth = shares->relaxed_depth;
    overlap.shares_of_relaxed = shares->relaxed_depth > *depth.low;
    if (overlap.nobody_asked) return;
    for (std::size_t i = 0; i < overlap.leaves.size(); ++i) {
      overlap.leaves[i].share = shares->share[i];
    }
  }

  // Pairs and leave-one-out: red lines hard if every depth exists so, otherwise soft for all.
  void compare(Overlap& overlap) const {
    for (std::size_t a = 0; a < parties_.size(); ++a) {
      for (std::size_t b = a + 1; b < parties_.size(); ++b)
        overlap.pairs.push_back({parties_[a], parties_[b], {}});
    }
    overlap.parties.resize(scenario_.parties.size());
    overlap.comparison_kind = overlap.depth.kind;
    if (overlap.comparison_kind == DepthKind::hard && !depths(overlap, DepthKind::hard)) {
      overlap.comparison_kind = DepthKind::all;
    }
    if (overlap.comparison_kind == DepthKind::all) depths(overlap, DepthKind::all);
    const Depth together = overlap.comparison_kind == overlap.depth.kind
                               ? overlap.depth
                               : finder_.find(DepthKind::all, {});
    for (const int party : parties_) {
      PartySummary& summary = overlap.parties[at(party)];
      if (!summary.without->low || !together.low) continue;
      summary.criticality = *summary.without->low - *together.low;
      summary.criticality_bounded =
          summary.without->proof == Proof::bounded || together.proof == Proof::bounded;
      // Two bounded searches may have stopped at different distances from their depths.
      if (*summary.criticality < 0) summary.criticality = 0;
    }
    const bool no_zone =
        overlap.depth.proof == Proof::exact && (!overlap.depth.low || *overlap.depth.low < 0);
    overlap.every_pair_but_not_all =
        no_zone && !overlap.pairs.empty() &&
        std::all_of(overlap.pairs.begin(), overlap.pairs.end(),
                    [](const PairDepth& pair) { return pair.depth.low && *pair.depth.low >= 0; });
  }

  // Every depth that is compared, in one kind. Whether all of them exist.
  bool depths(Overlap& overlap, DepthKind kind) const {
    const std::size_t pairs = overlap.pairs.size();
    parallel_for(settings_.jobs, pairs + parties_.size(), [&](std::size_t task) {
      DepthFinder::Where where;
      if (task < pairs) {
        PairDepth& pair = overlap.pairs[task];
        where.tree = pair_tree(problem_, pair.party, pair.other);
        pair.depth = finder_.find(kind, where);
        return;
      }
      const int party = parties_[task - pairs];
      for (const Leaf& leaf : problem_.leaves) where.content.push_back(leaf.party == party);
      overlap.parties[at(party)].without = finder_.find(kind, where);
    });
    const bool pairs_exist = std::all_of(overlap.pairs.begin(), overlap.pairs.end(),
                                         [](const PairDepth& pair) { return pair.depth.exists; });
    return pairs_exist && std::all_of(parties_.begin(), parties_.end(), [&](int party) {
             return overlap.parties[at(party)].without->exists;
           });
  }

  static bool complete(const Overlap& overlap) {
    const auto exact = [](const Depth& depth) { return depth.proof == Proof::exact; };
    return exact(overlap.depth) && (!overlap.depth.low || overlap.relaxed_depth) &&
           std::all_of(overlap.pairs.begin(), overlap.pairs.end(),
                       [&](const PairDepth& pair) { return exact(pair.depth); }) &&
           std::all_of(overlap.parties.begin(), overlap.parties.end(),
                       [&](const PartySummary& party) {
                         return !party.without || exact(*party.without);
                       }) &&
           std::none_of(overlap.issues.begin(), overlap.issues.end(),
                        [](const IssueOverlap& issue) { return issue.bounded; });
  }

  const Scenario& scenario_;
  const Problem& problem_;
  const SolveSettings& settings_;
  mutable Stages stages_;
  DepthFinder finder_;
  std::vector<int> parties_;
};

}  // namespace

Overlap overlap(const Scenario& scenario, const Problem& problem, const SolveSettings& settings) {
  return Finder(scenario, problem, settings).find();
}

}  // namespace zopa
