// SPDX-License-Identifier: MIT
#include "model/answers/depth.hpp"

#include <algorithm>

#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

void collect(const Tree& tree, std::vector<int>& leaves) {
  if (tree.kind == Consent::Kind::leaf) leaves.push_back(tree.leaf);
  for (const Tree& member : tree.members) collect(member, leaves);
}

void renumber(Tree& tree, const std::vector<int>& number) {
  if (tree.kind == Consent::Kind::leaf) tree.leaf = number[at(tree.leaf)];
  for (Tree& member : tree.members) renumber(member, number);
}

}  // namespace

std::vector<int> leaves_of(const Tree& tree) {
  std::vector<int> leaves;
  collect(tree, leaves);
  std::sort(leaves.begin(), leaves.end());
  leaves.erase(std::unique(leaves.begin(), leaves.end()), leaves.end());
  return leaves;
}

Problem with_tree(const Problem& problem, const Tree& tree) {
  Problem result;
  result.issues = problem.issues;
  result.rule_clauses = problem.rule_clauses;
  result.rule_of_clause = problem.rule_of_clause;
  result.linear_rules = problem.linear_rules;
  result.rounded = problem.rounded;
  result.parties = problem.parties;
  std::vector<int> number(problem.leaves.size(), -1);
  for (const int leaf : leaves_of(tree)) {
    number[at(leaf)] = result.n();
    result.leaves.push_back(problem.leaves[at(leaf)]);
  }
  result.tree = tree;
  renumber(result.tree, number);
  return result;
}

bool can_be_outvoted(const Tree& tree) {
  if (tree.kind == Consent::Kind::leaf) return false;
  if (tree.kind != Consent::Kind::all && tree.members.size() > 1) return true;
  return std::any_of(tree.members.begin(), tree.members.end(), can_be_outvoted);
}

std::vector<Level> leximin_levels(const std::vector<Item>& items, bool broken_is_lowest,
                                  const Rational& lowest) {
  std::vector<Level> levels;
  for (int k = 1; k <= static_cast<int>(items.size()); ++k) {
    levels.push_back({Level::Kind::least_sum, k, items, {}, broken_is_lowest, lowest});
  }
  return levels;
}

DepthFinder::DepthFinder(const Problem& problem, const Progress& progress)
    : problem_(problem), progress_(progress) {
  for (const DepthKind kind : {DepthKind::hard, DepthKind::all}) {
    Kind& k = kind == DepthKind::hard ? hard_ : all_;
    k.search = std::make_unique<Search>(problem, kind);
    for (int i = 0; i < problem.n(); ++i) {
      const Leaf& leaf = problem.leaves[at(i)];
      auto& forms = k.value_forms.emplace_back();
      const auto& rows = k.search->rows(i);
      if (leaf.has_utility && !rows.empty() && leaf.best >= leaf.reservation)
        forms.push_back(rows.front());
      if (kind == DepthKind::hard) continue;
      for (const LeafDemand& demand : leaf.demands) {
        if (demand.soft && !demand.clause)
          forms.push_back(k.search->add(soft_form(problem, demand, 1)));
      }
    }
    for (int i = 0; i < problem.n(); ++i) {
      for (int f : k.search->rows(i))
        k.lowest = std::min(k.lowest, least_term_sum(k.search->form(f)));
    }
    // A small whole number below.
    k.lowest = Rational(boost::multiprecision::numerator(k.lowest) /
                        boost::multiprecision::denominator(k.lowest)) -
               2;
    for (int i = 0; i < problem.n(); ++i) {
      const Leaf& leaf = problem.leaves[at(i)];
      auto& forms = k.set_forms.emplace_back();
      if (!can_be_outvoted(problem.tree)) continue;
      if (leaf.has_utility && leaf.best < leaf.reservation) {
        const PieceSet nothing{0, std::vector<char>(problem.issues[0].pieces.size(), 0)};
        forms.push_back(k.search->add(set_form(problem, nothing, k.lowest)));
      }
      for (const LeafDemand& demand : leaf.demands) {
        if (demand.limit && !(kind == DepthKind::all && demand.soft))
          forms.push_back(k.search->add(set_form(problem, *demand.limit, k.lowest)));
      }
    }
    for (int j = 0; j < problem.m(); ++j) {
      const ProblemIssue& issue = problem.issues[at(j)];
      const Rational low = issue.pieces.front().from;
      k.up.push_back(issue.continuous ? k.search->add(zopa::place_form(problem, j, low, 1)) : -1);
      k.down.push_back(issue.continuous ? k.search->add(zopa::place_form(problem, j, low, -1))
                                        : -1);
    }
  }
}

const Search& DepthFinder::search(DepthKind kind) const { return *of(kind).search; }
Search& DepthFinder::search(DepthKind kind) { return *of(kind).search; }

int DepthFinder::place_form(DepthKind kind, int issue, int sign) const {
  return sign > 0 ? of(kind).up[at(issue)] : of(kind).down[at(issue)];
}

Item DepthFinder::value_item(DepthKind kind, int leaf) const {
  return {of(kind).value_forms[at(leaf)], leaf, 1};
}

Search::Request DepthFinder::request(DepthKind kind, const Where& where) const {
  Search::Request request;
  request.tree = where.tree;
  request.content = where.content;
  request.pieces = where.pieces;
  request.progress = progress_;
  for (std::size_t j = 0; j < where.places.size(); ++j) {
    if (!where.places[j] || !problem_.issues[j].continuous) continue;
    const int issue = static_cast<int>(j);
    const Rational above = *where.places[j] - problem_.issues[j].pieces.front().from;
    // Two levels that only the place itself reaches: x_j − low ≥ above and −(x_j − low) ≥ −above.
    for (const int sign : {1, -1}) {
      Level level{
          Level::Kind::weighted, 1, {Item{{place_form(kind, issue, sign)}, -1, 1}}, {1}, false};
      request.done.push_back({level, sign * above});
    }
  }
  return request;
}

Depth DepthFinder::run(DepthKind kind, const Where& where) const {
  const auto result = search(kind).run(request(kind, where));
  Depth depth;
  depth.kind = kind;
  depth.proof = result.finished ? Proof::exact : Proof::bounded;
  depth.exists = result.package.has_value();
  depth.package = result.package;
  depth.low = result.value;
  if (result.finished) {
    depth.high = result.value;
  } else {
    depth.high = Rational(result.bound < 1 ? result.bound : 1.0);
    if (depth.low) depth.high = std::max(*depth.high, *depth.low);
    depth.exists = true;  // not ruled out
  }
  return depth;
}

Depth DepthFinder::find(DepthKind kind, const Where& where) const {
  Depth hard = run(DepthKind::hard, where);
  if (kind == DepthKind::hard) return hard;
  if (hard.low && *hard.low >= 0) {  // D_all ≥ 0 ⇔ D_hard ≥ 0, and then red lines are kept
    hard.kind = DepthKind::all;
    return hard;
  }
  if (hard.proof == Proof::bounded) {
    hard.kind = DepthKind::all;
    hard.low.reset();
    hard.package.reset();
    hard.high = std::max(*hard.high, Rational(0));  // below 0 the kinds differ
    return hard;
  }
  return run(DepthKind::all, where);
}

std::optional<Package> DepthFinder::maximise(DepthKind kind, Search::Request& request,
                                             const std::vector<Level>& levels) const {
  std::optional<Package> best;
  for (const Level& level : levels) {
    request.level = level;
    if (best) request.hints = {*best};
    const auto result = search(kind).run(request);
    if (!result.finished || !result.package) return std::nullopt;
    best = result.package;
    request.done.push_back({level, *result.value});
  }
  request.level.reset();
  request.hints.clear();
  return best;
}

Package DepthFinder::first(DepthKind kind, Search::Request request, Package known) const {
  request.level.reset();
  request.enough.reset();
  request.any = true;
  if (request.pieces.empty()) {
    for (const auto& issue : problem_.issues) request.pieces.emplace_back(issue.pieces.size(), 1);
  }
  for (int j = 0; j < problem_.m(); ++j) {
    auto& pieces = request.pieces[at(j)];
    if (problem_.issues[at(j)].continuous) {
      Level level{Level::Kind::weighted, 1, {Item{{place_form(kind, j, -1)}, -1, 1}}, {1}, false};
      Search::Request lowest = request;
      lowest.any = false;
      lowest.level = level;
      lowest.hints = {known};
      const auto result = search(kind).run(lowest);
      if (!result.finished || !result.package) return known;
      known = *result.package;
      request.done.push_back({level, *result.value});
      continue;
    }
    while (true) {  // is there one with an earlier settlement of this issue?
      Search::Request earlier = request;
      if (!earlier.done.empty()) {  // the last level leads the search to packages that reach it
        earlier.level = earlier.done.back().level;
        earlier.enough = earlier.done.back().value;
        earlier.done.pop_back();
      }
      bool any = false;
      for (std::size_t k = 0; k < pieces.size(); ++k) {
        if (static_cast<int>(k) >= known.pieces[at(j)]) earlier.pieces[at(j)][k] = 0;
        any |= earlier.pieces[at(j)][k] != 0;
      }
      if (!any) break;
      const auto result = search(kind).run(earlier);
      if (!result.finished) return known;
      if (!result.package) break;
      known = *result.package;
    }
    std::fill(pieces.begin(), pieces.end(), 0);
    pieces[at(known.pieces[at(j)])] = 1;
  }
  return known;
}

void DepthFinder::deepen(Depth& depth, const Where& where) const {
  if (depth.proof != Proof::exact || !depth.package) return;
  const Tree& tree = where.tree ? *where.tree : problem_.tree;
  const bool outvoted = can_be_outvoted(tree);
  // D_all ≥ 0 keeps red lines: then the hard search serves.
  const DepthKind kind = *depth.low >= 0 ? DepthKind::hard : depth.kind;
  std::vector<Item> items;
  for (int i : leaves_of(tree)) {
    if (!where.content.empty() && where.content[at(i)]) continue;
    Item item = value_item(kind, i);
    // Where somebody can be outvoted hard red lines may be broken.
    if (outvoted) {
      const auto& sets = of(kind).set_forms[at(i)];
      item.forms.insert(item.forms.end(), sets.begin(), sets.end());
    }
    if (outvoted || !item.forms.empty()) items.push_back(item);
  }
  Search::Request wanted = request(kind, where);
  wanted.floor = depth.low;
  wanted.hints = {*depth.package};
  std::optional<Package> best = depth.package;
  if (items.size() > 1) {
    best = maximise(kind, wanted, leximin_levels(items, outvoted, of(kind).lowest));
    if (!best) return;
  }
  depth.package = first(kind, wanted, *best);
}

void DepthFinder::prove(Depth& depth) const {
  if (depth.proof != Proof::exact || (depth.exists && !depth.low)) return;
  Search::Request proof;
  proof.progress = progress_;
  proof.prove = depth.low;
  proof.prove_none = !depth.exists;
  // D_all ≥ 0 is D_hard, and red lines are kept.
  const DepthKind kind = depth.low && *depth.low >= 0 ? DepthKind::hard : depth.kind;
  auto result = search(kind).run(proof);
  if (!result.finished) return;
  depth.certificate = {kind, depth.low, depth.package, std::move(result.tree)};
}

}  // namespace zopa
