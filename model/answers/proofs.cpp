// SPDX-License-Identifier: MIT
#include "model/answers/proofs.hpp"

#include <algorithm>
#include <set>

#include "model/answers/depth.hpp"
#include "model/engine/check.hpp"
#include "model/engine/prepare.hpp"
#include "model/tools/at.hpp"

namespace zopa {
namespace {

constexpr std::size_t kMostSplits = 256;

// One part of a proof: the boxes, and a package that attains the part's best, of which only the
// settlements of the part's issues matter.
struct ProvenPart {
  BestProof::Part part;
  Package package;
};

// `group`: the issues of the part are those of this number in `ties`. Rules about other issues are
// left out of the search; any package that keeps them all is within the bound that is found without
// them.
std::optional<ProvenPart> prove_part(const Problem& problem, int leaf, const std::vector<int>& ties,
                                     int group, const Progress& progress) {
  ProvenPart proven;
  for (const int tie : ties) proven.part.issues.push_back(tie == group ? 1 : 0);
  const auto& issues = proven.part.issues;
  Problem alone = problem_of_part(problem, leaf, issues);
  alone.rule_clauses.clear();
  alone.rule_of_clause.clear();
  for (std::size_t c = 0; c < problem.rule_clauses.size(); ++c) {
    const Clause& clause = problem.rule_clauses[c];
    const PieceSet& some = clause.when.empty() ? clause.require.front() : clause.when.front();
    if (!issues[at(some.issue)]) continue;
    alone.rule_clauses.push_back(clause);
    alone.rule_of_clause.push_back(problem.rule_of_clause[c]);
  }
  alone.linear_rules.clear();
  std::vector<std::size_t> lines;  // where they stand in the problem
  for (std::size_t l = 0; l < problem.linear_rules.size(); ++l) {
    if (!issues[at(problem.linear_rules[l].sum.front().first)]) continue;
    alone.linear_rules.push_back(problem.linear_rules[l]);
    lines.push_back(l);
  }
  const DepthFinder finder(alone, progress);
  Depth depth = finder.find(DepthKind::hard, {});
  if (depth.proof != Proof::exact || !depth.low) return std::nullopt;
  finder.prove(depth);
  if (depth.certificate.nodes.empty()) return std::nullopt;
  const Leaf& scale = alone.leaves[0];
  proven.part.best = (*depth.low * make_integer(scale.best - scale.reservation) +
                      make_integer(scale.reservation)) /
                     scale.unit;
  proven.part.nodes = std::move(depth.certificate.nodes);
  for (CertificateNode& node : proven.part.nodes) {
    if (node.margins.empty()) continue;
    std::vector<Rational> rules(problem.linear_rules.size());
    for (std::size_t l = 0; l < node.rules.size(); ++l) rules[lines[l]] = node.rules[l];
    node.rules = std::move(rules);
  }
  proven.package = std::move(*depth.package);
  return proven;
}

// The problem with one issue settled.
Problem with_settlement(const Problem& problem, int issue, std::size_t piece) {
  Problem part = problem;
  PieceSet only{issue, std::vector<char>(problem.issues[at(issue)].pieces.size(), 0)};
  only.pieces[piece] = 1;
  part.rule_clauses.push_back({{}, {std::move(only)}});
  part.rule_of_clause.push_back(0);  // counting does not ask whose it is
  return part;
}

void split_count(const Problem& problem, const CountSettings& settings, BreadthClaim& claim) {
  int issue = -1;
  std::size_t most = 1;
  for (int j = 0; j < problem.m(); ++j) {
    const std::size_t settlements = problem.issues[at(j)].pieces.size();
    if (settlements <= most || settlements > kMostSplits) continue;
    most = settlements;
    issue = j;
  }
  if (issue < 0) return;
  // The parts take about as long as the whole; one that takes much longer is given up.
  CountSettings each = settings;
  each.most_visits = 4 * settings.most_visits / most + 1;
  each.samples = 100;
  std::vector<Integer> packages;
  std::vector<Integer> acceptable;
  for (std::size_t k = 0; k < most; ++k) {
    if (!settings.progress(1)) return;
    const Breadth part = count_breadth(with_settlement(problem, issue, k), each);
    if (!part.packages || !part.acceptable || !part.packages_exact) return;
    packages.push_back(*part.packages);
    acceptable.push_back(*part.acceptable);
  }
  claim.split = issue;
  claim.packages_of_piece = std::move(packages);
  claim.acceptable_of_piece = std::move(acceptable);
}

}  // namespace

std::optional<std::vector<BestProof>> prove_bests(const Problem& problem,
                                                  const Progress& progress) {
  const std::vector<int> ties = tied_issues(problem);
  const std::set<int> groups(ties.begin(), ties.end());
  std::vector<BestProof> proofs;
  for (int i = 0; i < problem.n(); ++i) {
    if (!problem.leaves[at(i)].has_utility) continue;
    BestProof proof;
    proof.leaf = i;
    proof.package.pieces.assign(at(problem.m()), 0);
    proof.package.places.assign(at(problem.m()), 0);
    for (const int group : groups) {
      auto proven = prove_part(problem, i, ties, group, progress);
      if (!proven) return std::nullopt;
      proof.best += proven->part.best;
      for (std::size_t j = 0; j < ties.size(); ++j) {
        if (ties[j] != group) continue;
        proof.package.pieces[j] = proven->package.pieces[j];
        proof.package.places[j] = proven->package.places[j];
      }
      proof.parts.push_back(std::move(proven->part));
    }
    proofs.push_back(std::move(proof));
  }
  return proofs;
}

std::optional<BreadthClaim> claim_breadth(const Problem& problem, const Breadth& breadth,
                                          const CountSettings& settings) {
  if (breadth.kind == Breadth::Kind::none || !breadth.share) return std::nullopt;
  BreadthClaim claim;
  if (breadth.packages_exact) claim.packages = breadth.packages;
  if (breadth.kind == Breadth::Kind::estimate) {
    claim.method = BreadthClaim::Method::estimate;
    claim.share = *breadth.share;
    claim.low = breadth.low;
    claim.high = breadth.high;
    claim.seed = settings.seed;
    claim.samples = settings.samples;
    claim.most_visits = settings.most_visits;
    return claim;
  }
  if (!problem.discrete()) {
    claim.method = BreadthClaim::Method::volume;
    claim.exact_share = breadth.exact_share;
    return claim;
  }
  claim.acceptable = breadth.acceptable;
  if (claim.packages && claim.acceptable) split_count(problem, settings, claim);
  return claim;
}

}  // namespace zopa
