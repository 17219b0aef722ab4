// SPDX-License-Identifier: MIT
#include "tests/model/random_problem.hpp"

#include <algorithm>
#include <random>

namespace zopa::test {
namespace {

class Maker {
 public:
  Maker(std::uint64_t seed, const ProblemShape& shape) : random_(seed), shape_(shape) {}

  Problem make() {
    const int m = number(1, shape_.most_issues);
    for (int j = 0; j < m; ++j) add_issue(j < shape_.continuous);
    const int n = number(1, shape_.most_leaves);
    for (int i = 0; i < n; ++i) add_leaf(i);
    problem_.parties = n;
    std::vector<int> members(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) members[static_cast<std::size_t>(i)] = i;
    if (shape_.pure_all) {
      problem_.tree.kind = Consent::Kind::all;
      for (const int i : members) problem_.tree.members.push_back(leaf_node(i));
    } else {
      problem_.tree = tree_of(members, 0);
    }
    if (shape_.rules) add_rules();
    return problem_;
  }

 private:
  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
  int issue() { return number(0, problem_.m() - 1); }

  void add_issue(bool continuous) {
    ProblemIssue issue;
    issue.continuous = continuous;
    if (continuous) {
      Rational at = number(0, 2);
      const int segments = number(1, 3);
      for (int s = 0; s < segments; ++s) {
        if (chance(0.3)) issue.pieces.push_back({at, at});
        const Rational next = at + Rational(number(1, 4), number(1, 2));
        issue.pieces.push_back({at, next});
        at = next;
      }
    } else {
      const int settlements = number(1, shape_.most_settlements);
      const Rational step(number(1, 3), number(1, 2));
      const Rational low = number(-2, 2);
      for (int k = 0; k < settlements; ++k)
        issue.pieces.push_back({low + step * k, low + step * k});
    }
    problem_.issues.push_back(issue);
  }

  PieceSet set_on(int j, double density) {
    PieceSet set{j, {}};
    for (std::size_t k = 0; k < problem_.issues[static_cast<std::size_t>(j)].pieces.size(); ++k)
      set.pieces.push_back(chance(density));
    return set;
  }

  std::vector<PieceSet> sets(int most, double density) {
    std::vector<PieceSet> result;
    const int count = number(0, most);
    for (int s = 0; s < count; ++s) {
      const int j = issue();
      if (std::none_of(result.begin(), result.end(),
                       [&](const auto& set) { return set.issue == j; }))
        result.push_back(set_on(j, density));
    }
    return result;
  }

  Clause clause() {
    Clause result{sets(2, 0.5), sets(2, 0.6)};
    if (result.require.empty()) result.require.push_back(set_on(issue(), 0.7));
    return result;
  }

  void add_leaf(int party) {
    Leaf leaf;
    leaf.party = party;
    leaf.in_scope.assign(static_cast<std::size_t>(problem_.m()), 1);
    leaf.has_utility = chance(0.85);
    if (!shape_.pure_all && chance(0.25)) leaf.when = sets(2, 0.6);
    if (leaf.has_utility) {
      Int128 scale = 1;
      if (shape_.huge_units) scale = (Int128{1} << 100) / 7 + party;
      Int128 most = 0, least = 0;
      for (const ProblemIssue& from : problem_.issues) {
        const int weight = number(0, 4);
        auto& row = leaf.worth.emplace_back();
        Int128 high = 0, low = Int128{1} << 120, last = number(0, shape_.worth_steps);
        for (const Piece& piece : from.pieces) {
          Int128 worth = number(0, shape_.worth_steps);
          if (from.continuous) {
            const Int128 before = last;
            if (!piece.point()) last = worth;
            row.push_back({before * weight * scale, last * weight * scale});
          } else {
            row.push_back({worth * weight * scale, worth * weight * scale});
          }
          high = std::max({high, row.back().at_from, row.back().at_to});
          low = std::min({low, row.back().at_from, row.back().at_to});
        }
        most += high;
        least += low;
      }
      // On the grid of the worths, so that ties are common; now and then just beyond the ends.
      leaf.reservation = least + (most - least) / scale * number(-5, 105) / 100 * scale;
      leaf.unit = make_integer(most > 0 ? most : 1);
      leaf.best = most;
    }
    if (shape_.demands) {
      for (int d = number(-1, 2); d > 0; --d) {
        LeafDemand demand;
        demand.demand = {Demand::Kind::limit, party, issue()};
        demand.limit = set_on(demand.demand.index, 0.7);
        leaf.demands.push_back(demand);
      }
      for (int d = number(-1, 2); d > 0; --d) {
        LeafDemand demand;
        demand.demand = {Demand::Kind::linked, party, 0};
        demand.clause = clause();
        leaf.demands.push_back(demand);
      }
    }
    problem_.leaves.push_back(std::move(leaf));
  }

  static Tree leaf_node(int i) {
    Tree tree;
    tree.kind = Consent::Kind::leaf;
    tree.leaf = i;
    return tree;
  }

  Tree tree_of(const std::vector<int>& members, int depth) {
    if (members.size() == 1 && chance(0.8)) return leaf_node(members[0]);
    Tree tree;
    tree.kind = static_cast<Consent::Kind>(number(1, 4));
    const int groups =
        depth > 2 ? static_cast<int>(members.size()) : number(1, static_cast<int>(members.size()));
    std::vector<std::vector<int>> dealt(static_cast<std::size_t>(groups));
    for (std::size_t k = 0; k < members.size(); ++k) {
      const std::size_t g = k < dealt.size() ? k : static_cast<std::size_t>(number(0, groups - 1));
      dealt[g].push_back(members[k]);
      if (chance(0.1)) dealt[static_cast<std::size_t>(number(0, groups - 1))].push_back(members[k]);
    }
    for (const auto& group : dealt)
      tree.members.push_back(depth > 2 ? leaf_node(group[0]) : tree_of(group, depth + 1));
    tree.count = number(1, groups);
    Rational sum = 0;
    for (int g = 0; g < groups; ++g) {
      tree.weights.emplace_back(number(0, 6), number(1, 3));
      sum += tree.weights.back();
    }
    if (sum == 0) tree.weights[0] = sum = 1;
    tree.need = sum * Rational(number(1, 4), 4);
    return tree;
  }

  void add_rules() {
    for (int r = number(-2, 2); r > 0; --r) {
      problem_.rule_clauses.push_back(clause());
      problem_.rule_of_clause.push_back(0);
    }
    for (int r = number(-3, 2); r > 0; --r) {
      LinearRule rule;
      Rational least = 0, most = 0;
      for (int j = 0; j < problem_.m(); ++j) {
        if (!chance(0.6)) continue;
        const Rational coefficient(number(-3, 3), number(1, 2));
        const auto& pieces = problem_.issues[static_cast<std::size_t>(j)].pieces;
        const Rational a = coefficient * pieces.front().from, b = coefficient * pieces.back().to;
        least += std::min(a, b);
        most += std::max(a, b);
        rule.sum.emplace_back(j, coefficient);
      }
      rule.bound = least + (most - least) * Rational(number(0, 16), 16);
      problem_.linear_rules.push_back(rule);
      if (!shape_.equations || chance(0.3)) continue;
      rule.bound = -rule.bound;
      for (auto& [j, coefficient] : rule.sum) coefficient = -coefficient;
      problem_.linear_rules.push_back(std::move(rule));
    }
  }

  std::mt19937_64 random_;
  ProblemShape shape_;
  Problem problem_;
};

bool in(const std::vector<PieceSet>& sets, const std::vector<int>& piece) {
  return std::all_of(sets.begin(), sets.end(), [&](const PieceSet& set) {
    return set.pieces[static_cast<std::size_t>(piece[static_cast<std::size_t>(set.issue)])] != 0;
  });
}

bool met(const Clause& clause, const std::vector<int>& piece) {
  return !in(clause.when, piece) || in(clause.require, piece);
}

bool accepts(const Problem& problem, const Leaf& leaf, const std::vector<int>& piece,
             const std::vector<Rational>& place) {
  for (const LeafDemand& demand : leaf.demands) {
    if (demand.limit && !in({*demand.limit}, piece)) return false;
    if (demand.clause && !met(*demand.clause, piece)) return false;
  }
  if (!leaf.has_utility) return true;
  Rational utility = 0;
  for (std::size_t j = 0; j < piece.size(); ++j) {
    const Piece& at = problem.issues[j].pieces[static_cast<std::size_t>(piece[j])];
    const PieceWorth& worth = leaf.worth[j][static_cast<std::size_t>(piece[j])];
    utility += make_integer(worth.at_from);
    if (!at.point()) {
      utility += Rational(make_integer(worth.at_to - worth.at_from)) * (place[j] - at.from) /
                 (at.to - at.from);
    }
  }
  return utility >= make_integer(leaf.reservation);
}

enum class Said { nothing, yes, no };

Said said(const Problem& problem, const Tree& tree, const std::vector<int>& piece,
          const std::vector<Rational>& place) {
  if (tree.kind == Consent::Kind::leaf) {
    const Leaf& leaf = problem.leaves[static_cast<std::size_t>(tree.leaf)];
    if (leaf.when && !in(*leaf.when, piece)) return Said::nothing;
    return accepts(problem, leaf, piece, place) ? Said::yes : Said::no;
  }
  int asked = 0, yes = 0;
  Rational weight = 0;
  for (std::size_t c = 0; c < tree.members.size(); ++c) {
    const Said answer = said(problem, tree.members[c], piece, place);
    if (answer != Said::nothing) ++asked;
    if (answer != Said::yes) continue;
    ++yes;
    if (tree.kind == Consent::Kind::quota) weight += tree.weights[c];
  }
  if (asked == 0) return Said::nothing;
  bool met = false;
  switch (tree.kind) {
    case Consent::Kind::all: met = yes == asked; break;
    case Consent::Kind::any: met = yes > 0; break;
    case Consent::Kind::at_least: met = yes >= tree.count; break;
    default: met = weight >= tree.need;
  }
  return met ? Said::yes : Said::no;
}

}  // namespace

Problem random_problem(std::uint64_t seed, const ProblemShape& shape) {
  return Maker(seed, shape).make();
}

bool plainly_accepted(const Problem& problem, const std::vector<int>& piece,
                      const std::vector<Rational>& place) {
  return said(problem, problem.tree, piece, place) != Said::no;
}

bool plainly_possible(const Problem& problem, const std::vector<int>& piece,
                      const std::vector<Rational>& place) {
  for (const Clause& clause : problem.rule_clauses)
    if (!met(clause, piece)) return false;
  for (const LinearRule& rule : problem.linear_rules) {
    Rational sum = 0;
    for (const auto& [j, coefficient] : rule.sum)
      sum += coefficient * place[static_cast<std::size_t>(j)];
    if (sum < rule.bound) return false;
  }
  return true;
}

PlainCount count_plainly(const Problem& problem) {
  const std::size_t m = problem.issues.size();
  std::vector<int> piece(m, 0);
  std::vector<Rational> place(m);
  PlainCount count;
  while (true) {
    for (std::size_t j = 0; j < m; ++j)
      place[j] = problem.issues[j].pieces[static_cast<std::size_t>(piece[j])].from;
    if (plainly_possible(problem, piece, place)) {
      ++count.packages;
      if (plainly_accepted(problem, piece, place)) ++count.acceptable;
    }
    std::size_t j = m;
    while (j-- > 0) {
      if (++piece[j] < static_cast<int>(problem.issues[j].pieces.size())) break;
      piece[j] = 0;
      if (j == 0) return count;
    }
  }
}

}  // namespace zopa::test
