// SPDX-License-Identifier: MIT
#include "model/engine/selection.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace zopa {
namespace {

using Flags = std::vector<char>;
using Sets = std::vector<std::pair<int, Flags>>;
using Tie = Selection::Tie;

constexpr int kNarrowRowBits = 120;

bool within(const Flags& allowed, const Flags& set) {
  for (std::size_t k = 0; k < allowed.size(); ++k)
    if (allowed[k] && !set[k]) return false;
  return true;
}

bool apart(const Flags& allowed, const Flags& set) {
  for (std::size_t k = 0; k < allowed.size(); ++k)
    if (allowed[k] && set[k]) return false;
  return true;
}

Sets to_sets(const std::vector<PieceSet>& sets) {
  Sets out;
  for (const PieceSet& set : sets) out.emplace_back(set.issue, set.pieces);
  return out;
}

/// Collects what selects the packages, with issues and settlements as the problem numbers them, and
/// reduces it at the end.
class Builder {
 public:
  explicit Builder(const Problem& problem) : problem_(problem), allowed_(problem.m()) {
    for (int j = 0; j < problem.m(); ++j) allowed_[j].assign(problem.issues[j].pieces.size(), 1);
  }

  void add_rules() {
    for (const Clause& clause : problem_.rule_clauses) add_clause(clause);
    for (const LinearRule& rule : problem_.linear_rules) rules_.push_back(&rule);
  }

  void add_consent() {
    std::vector<const Tree*> rest;
    split(problem_.tree, rest);
    if (rest.empty()) return;
    Selection::Node root;
    for (const Tree* member : rest) root.members.push_back(add_node(*member));
    out_.tree.push_back(std::move(root));
  }

  Selection finish() {
    reduce_ties();
    for (int j = 0; j < problem_.m(); ++j)
      if (std::none_of(allowed_[j].begin(), allowed_[j].end(), [](char a) { return a; }))
        out_.none = true;
    out_.leaves = problem_.n();
    if (out_.none) return std::move(out_);
    for (const int i : row_leaves_) add_leaf_row(i, -1);
    for (int i = 0; i < problem_.n(); ++i)
      if (!in_tree_.empty() && in_tree_[i] && problem_.leaves[i].has_utility) add_leaf_row(i, i);
    for (const LinearRule* rule : rules_) add_rule_row(*rule);
    renumber();
    return std::move(out_);
  }

 private:
  void add_clause(const Clause& clause) {
    ties_.push_back({Tie::Role::must, -1, to_sets(clause.when), to_sets(clause.require)});
  }

  // Leaves that are always asked and whose consent is always needed; everything else goes to
  // `rest`.
  void split(const Tree& tree, std::vector<const Tree*>& rest) {
    if (tree.kind == Consent::Kind::leaf) {
      const Leaf& leaf = problem_.leaves[tree.leaf];
      if (leaf.when && !leaf.when->empty()) {
        rest.push_back(&tree);
        return;
      }
      for (const LeafDemand& demand : leaf.demands) {
        if (demand.limit) add_clause({{}, {*demand.limit}});
        if (demand.clause) add_clause(*demand.clause);
      }
      if (leaf.has_utility) row_leaves_.push_back(tree.leaf);
    } else if (tree.kind == Consent::Kind::all) {
      for (const Tree& member : tree.members) split(member, rest);
    } else {
      rest.push_back(&tree);
    }
  }

  int add_node(const Tree& tree) {
    Selection::Node node;
    node.kind = tree.kind;
    if (tree.kind == Consent::Kind::leaf) {
      node.leaf = tree.leaf;
      if (in_tree_.empty()) in_tree_.assign(problem_.n(), 0);
      if (!in_tree_[tree.leaf]) add_leaf_ties(tree.leaf);
      in_tree_[tree.leaf] = 1;
    }
    for (const Tree& member : tree.members) node.members.push_back(add_node(member));
    if (tree.kind == Consent::Kind::at_least) {
      node.weights.assign(tree.members.size(), Integer(1));
      node.need = tree.count;
    } else if (tree.kind == Consent::Kind::quota) {
      Integer unit = denominator(tree.need);
      for (const Rational& weight : tree.weights) unit = common_multiple(unit, denominator(weight));
      for (const Rational& weight : tree.weights)
        node.weights.push_back(numerator(Rational(weight * unit)));
      node.need = numerator(Rational(tree.need * unit));
    }
    out_.tree.push_back(std::move(node));
    return static_cast<int>(out_.tree.size()) - 1;
  }

  void add_leaf_ties(int i) {
    const Leaf& leaf = problem_.leaves[i];
    if (leaf.when && !leaf.when->empty())
      ties_.push_back({Tie::Role::asked, i, to_sets(*leaf.when), {}});
    for (const LeafDemand& demand : leaf.demands) {
      if (demand.limit)
        ties_.push_back({Tie::Role::demand, i, {}, {{demand.limit->issue, demand.limit->pieces}}});
      if (demand.clause)
        ties_.push_back(
            {Tie::Role::demand, i, to_sets(demand.clause->when), to_sets(demand.clause->require)});
    }
  }

  void restrict_issue(int j, const Flags& set, bool& changed) {
    for (std::size_t k = 0; k < set.size(); ++k) {
      if (allowed_[j][k] && !set[k]) {
        allowed_[j][k] = 0;
        changed = true;
      }
    }
  }

  // Drops what always holds, and turns clauses that speak of one issue into fewer settlements.
  void reduce_ties() {
    bool changed = true;
    while (changed) {
      changed = false;
      std::vector<Tie> kept;
      for (Tie& tie : ties_) {
        std::erase_if(tie.when,
                      [&](const auto& set) { return within(allowed_[set.first], set.second); });
        const bool never = std::any_of(tie.when.begin(), tie.when.end(), [&](const auto& set) {
          return apart(allowed_[set.first], set.second);
        });
        if (tie.role == Tie::Role::asked) {
          if (!tie.when.empty()) kept.push_back(std::move(tie));
          continue;
        }
        std::erase_if(tie.require,
                      [&](const auto& set) { return within(allowed_[set.first], set.second); });
        if (never || tie.require.empty()) continue;
        if (tie.role == Tie::Role::must && restrict_by(tie, changed)) continue;
        kept.push_back(std::move(tie));
      }
      ties_ = std::move(kept);
    }
  }

  // Whether the clause was spent on restricting issues.
  bool restrict_by(const Tie& tie, bool& changed) {
    if (tie.when.empty()) {
      for (const auto& [j, set] : tie.require) restrict_issue(j, set, changed);
      return true;
    }
    const int j = tie.when.front().first;
    if (std::any_of(tie.when.begin(), tie.when.end(),
                    [&](const auto& set) { return set.first != j; }))
      return false;
    const bool hopeless = std::any_of(tie.require.begin(), tie.require.end(), [&](const auto& set) {
      return apart(allowed_[set.first], set.second);
    });
    const bool alone = std::all_of(tie.require.begin(), tie.require.end(),
                                   [&](const auto& set) { return set.first == j; });
    if (!hopeless && !alone) return false;
    Flags keep(allowed_[j].size());
    for (std::size_t k = 0; k < keep.size(); ++k) {
      const bool asks = std::all_of(tie.when.begin(), tie.when.end(),
                                    [&](const auto& set) { return set.second[k]; });
      const bool met = !hopeless && std::all_of(tie.require.begin(), tie.require.end(),
                                                [&](const auto& set) { return set.second[k]; });
      keep[k] = !asks || met;
    }
    restrict_issue(j, keep, changed);
    return true;
  }

  // Shifts the sums of every issue to a least one of 0 and divides by the common factor. Returns
  // nothing when the row always holds.
  template <class T, class Gcd>
  std::optional<Selection::Row<T>> normalised(Selection::Row<T> row, Gcd gcd) {
    T common = 0;
    T most = 0;
    bool whole = true;  // only whole sums occur
    for (std::size_t j = 0; j < row.term.size(); ++j) {
      std::vector<T>& term = row.term[j];
      const std::vector<T>& rise = row.rise[j];
      if (term.empty()) continue;
      T least = *std::min_element(term.begin(), term.end());
      for (std::size_t k = 0; k < rise.size(); ++k) least = std::min(least, T(term[k] + rise[k]));
      row.need -= least;
      T largest = 0;
      for (std::size_t k = 0; k < term.size(); ++k) {
        term[k] -= least;
        common = gcd(common, term[k]);
        largest = std::max(largest, term[k]);
        if (rise.empty() || rise[k] == 0) continue;
        const T end = term[k] + rise[k];
        common = gcd(common, end);
        largest = std::max(largest, end);
        whole = false;
      }
      most += largest;
    }
    if (row.need <= 0) return std::nullopt;
    if (most < row.need && row.leaf < 0) out_.none = true;
    if (!whole) common = gcd(common, row.need);
    if (common > 1) {
      for (auto* lines : {&row.term, &row.rise})
        for (std::vector<T>& line : *lines)
          for (T& value : line) value /= common;
      row.need = (row.need + common - 1) / common;
    }
    return row;
  }

  std::vector<int> kept_pieces(int j) const {
    std::vector<int> kept;
    for (std::size_t k = 0; k < allowed_[j].size(); ++k)
      if (allowed_[j][k]) kept.push_back(static_cast<int>(k));
    return kept;
  }

  void add_leaf_row(int i, int leaf) {
    const Leaf& from = problem_.leaves[i];
    Selection::Row<Int128> row;
    row.leaf = leaf;
    row.need = from.reservation;
    row.term.resize(problem_.m());
    row.rise.resize(problem_.m());
    for (int j = 0; j < problem_.m(); ++j) {
      for (const int k : kept_pieces(j)) {
        const PieceWorth& worth = from.worth[j][k];
        row.term[j].push_back(worth.at_from);
        if (problem_.issues[j].continuous) row.rise[j].push_back(worth.at_to - worth.at_from);
      }
    }
    const auto gcd = [](Int128 a, Int128 b) {
      while (b != 0) {
        const Int128 rest = a % b;
        a = b;
        b = rest;
      }
      return a;
    };
    if (auto kept = normalised(std::move(row), gcd)) out_.rows.push_back(std::move(*kept));
  }

  void add_rule_row(const LinearRule& rule) {
    Integer unit = denominator(rule.bound);
    // Both ends of every piece: they are the same on settlements and points.
    std::vector<std::vector<std::pair<Rational, Rational>>> exact(problem_.m());
    for (int j = 0; j < problem_.m(); ++j) exact[j].resize(kept_pieces(j).size());
    for (const auto& [j, coefficient] : rule.sum) {
      const std::vector<int> kept = kept_pieces(j);
      for (std::size_t k = 0; k < kept.size(); ++k) {
        const Piece& piece = problem_.issues[j].pieces[kept[k]];
        auto& [from, to] = exact[j][k];
        from += coefficient * piece.from;
        to += coefficient * piece.to;
        unit = common_multiple(unit, denominator(from));
        unit = common_multiple(unit, denominator(to));
      }
    }
    Selection::Row<Integer> row;
    row.rule = static_cast<int>(&rule - problem_.linear_rules.data());
    row.need = numerator(Rational(rule.bound * unit));
    row.term.resize(problem_.m());
    row.rise.resize(problem_.m());
    for (int j = 0; j < problem_.m(); ++j) {
      for (const auto& [from, to] : exact[j]) {
        row.term[j].push_back(numerator(Rational(from * unit)));
        if (problem_.issues[j].continuous)
          row.rise[j].push_back(numerator(Rational((to - from) * unit)));
      }
    }
    const auto gcd = [](const Integer& a, const Integer& b) {
      return Integer(boost::multiprecision::gcd(a, b));
    };
    auto kept = normalised(std::move(row), gcd);
    if (!kept) return;
    Integer most = kept->need;
    for (std::size_t j = 0; j < kept->term.size(); ++j) {
      Integer largest = 0;
      for (std::size_t k = 0; k < kept->term[j].size(); ++k) {
        largest = std::max(largest, kept->term[j][k]);
        if (!kept->rise[j].empty())
          largest = std::max(largest, Integer(kept->term[j][k] + kept->rise[j][k]));
      }
      most += largest;
    }
    if (most == 0 || msb(most) < kNarrowRowBits) {
      Selection::Row<Int128> narrow;
      narrow.rule = kept->rule;
      narrow.need = *to_int128(kept->need);
      const auto narrowed = [](const std::vector<std::vector<Integer>>& lines) {
        std::vector<std::vector<Int128>> result;
        for (const std::vector<Integer>& line : lines) {
          result.emplace_back();
          for (const Integer& value : line) result.back().push_back(*to_int128(value));
        }
        return result;
      };
      narrow.term = narrowed(kept->term);
      narrow.rise = narrowed(kept->rise);
      out_.rows.push_back(std::move(narrow));
    } else {
      out_.wide_rows.push_back(std::move(*kept));
    }
  }

  void renumber() {
    std::vector<char> used(problem_.m(), 0);
    const auto mark = [&](const auto& rows) {
      for (const auto& row : rows)
        for (int j = 0; j < problem_.m(); ++j)
          if (row.matters(j)) used[j] = 1;
    };
    mark(out_.rows);
    mark(out_.wide_rows);
    for (const Tie& tie : ties_) {
      for (const auto& [j, set] : tie.when) used[j] = 1;
      for (const auto& [j, set] : tie.require) used[j] = 1;
    }
    for (int j = 0; j < problem_.m(); ++j)
      if (problem_.issues[j].continuous) used[j] = 1;  // its length is not a whole factor
    std::vector<int> number(problem_.m(), -1);
    for (int j = 0; j < problem_.m(); ++j) {
      std::vector<int> kept = kept_pieces(j);
      out_.kept.push_back(kept);
      if (!used[j]) {
        out_.factor *= static_cast<unsigned>(kept.size());
        out_.loose.emplace_back(j, std::move(kept));
        continue;
      }
      number[j] = static_cast<int>(out_.issues.size());
      out_.issues.push_back(j);
      out_.pieces.push_back(std::move(kept));
    }
    const auto shorten = [&](auto& rows) {
      for (auto& row : rows) {
        for (auto* lines : {&row.term, &row.rise}) {
          auto all = std::move(*lines);
          lines->clear();
          for (const int j : out_.issues) lines->push_back(std::move(all[j]));
        }
      }
      std::stable_partition(rows.begin(), rows.end(), [](const auto& row) { return row.leaf < 0; });
    };
    shorten(out_.rows);
    shorten(out_.wide_rows);
    for (Tie& tie : ties_) {
      for (Sets* sets : {&tie.when, &tie.require}) {
        for (auto& [j, set] : *sets) {
          Flags kept;
          for (const int k : out_.pieces[number[j]]) kept.push_back(set[k]);
          set = std::move(kept);
          j = number[j];
        }
      }
    }
    out_.ties = std::move(ties_);
  }

  const Problem& problem_;
  std::vector<Flags> allowed_;
  std::vector<Tie> ties_;
  std::vector<const LinearRule*> rules_;
  std::vector<int> row_leaves_;
  std::vector<char> in_tree_;
  Selection out_;
};

}  // namespace

bool is_equation(const Problem& problem, int rule, int other) {
  const LinearRule& a = problem.linear_rules[rule];
  const LinearRule& b = problem.linear_rules[other];
  if (a.bound != -b.bound) return false;
  std::vector<Rational> sum(problem.issues.size()), first(problem.issues.size());
  for (const auto& [j, coefficient] : a.sum) {
    sum[j] += coefficient;
    first[j] += coefficient;
  }
  for (const auto& [j, coefficient] : b.sum) sum[j] += coefficient;
  bool binds = false;
  for (int j = 0; j < problem.m(); ++j) {
    if (sum[j] != 0) return false;
    binds |= problem.issues[j].continuous && first[j] != 0;
  }
  return binds;
}

Selection agreement_space(const Problem& problem) {
  Builder builder(problem);
  builder.add_rules();
  return builder.finish();
}

Selection zone(const Problem& problem) {
  Builder builder(problem);
  builder.add_rules();
  builder.add_consent();
  return builder.finish();
}

std::vector<Selection> independent_parts(const Selection& selection) {
  const int m = static_cast<int>(selection.issues.size());
  // One more node stands for the tree: everything of its leaves hangs together.
  std::vector<int> head(m + 1);
  std::iota(head.begin(), head.end(), 0);
  const auto find = [&](int j) {
    while (head[j] != j) j = head[j] = head[head[j]];
    return j;
  };
  const auto join = [&](int a, int b) { head[find(a)] = find(b); };
  const auto join_rows = [&](const auto& rows) {
    for (const auto& row : rows) {
      int first = row.leaf >= 0 ? m : -1;
      for (int j = 0; j < m; ++j) {
        if (!row.matters(j)) continue;
        if (first < 0) first = j;
        join(j, first);
      }
    }
  };
  join_rows(selection.rows);
  join_rows(selection.wide_rows);
  for (const Tie& tie : selection.ties) {
    int first = tie.leaf >= 0 ? m : -1;
    for (const auto* sets : {&tie.when, &tie.require}) {
      for (const auto& [j, flags] : *sets) {
        if (first < 0) first = j;
        join(j, first);
      }
    }
  }

  std::vector<Selection> parts;
  std::vector<int> part_of(m + 1, -1), number(m, 0);
  const auto part_with = [&](int node) -> Selection& {
    int& part = part_of[find(node)];
    if (part < 0) {
      part = static_cast<int>(parts.size());
      parts.emplace_back();
      parts.back().leaves = selection.leaves;
    }
    return parts[part];
  };
  for (int j = 0; j < m; ++j) {
    Selection& part = part_with(j);
    number[j] = static_cast<int>(part.issues.size());
    part.issues.push_back(selection.issues[j]);
    part.pieces.push_back(selection.pieces[j]);
  }
  if (!selection.tree.empty()) part_with(m).tree = selection.tree;
  if (parts.empty()) parts.emplace_back();
  const auto deal_rows = [&](const auto& rows, auto member) {
    for (const auto& row : rows) {
      // A row without a term cannot be met (what always holds is gone): any part may refuse for it.
      int home = row.leaf >= 0 ? m : -1;
      for (int j = 0; j < m && home < 0; ++j)
        if (row.matters(j)) home = j;
      Selection& part = home < 0 ? parts.front() : part_with(home);
      auto copy = row;
      copy.term.clear();
      copy.term.resize(part.issues.size());
      copy.rise.clear();
      copy.rise.resize(part.issues.size());
      for (std::size_t p = 0; p < part.issues.size(); ++p)
        copy.term[p].assign(part.pieces[p].size(), 0);
      for (int j = 0; j < m; ++j) {
        if (home < 0 || find(j) != find(home)) continue;
        copy.term[number[j]] = row.term[j];
        copy.rise[number[j]] = row.rise[j];
      }
      (part.*member).push_back(std::move(copy));
    }
  };
  deal_rows(selection.rows, &Selection::rows);
  deal_rows(selection.wide_rows, &Selection::wide_rows);
  for (Tie tie : selection.ties) {
    int home = tie.leaf >= 0 ? m : -1;
    for (Sets* sets : {&tie.when, &tie.require}) {
      for (auto& [j, flags] : *sets) {
        if (home < 0) home = j;
        j = number[j];
      }
    }
    part_with(home).ties.push_back(std::move(tie));
  }
  parts.front().factor = selection.factor;
  parts.front().loose = selection.loose;
  for (Selection& part : parts) part.none = selection.none;
  return parts;
}

}  // namespace zopa
