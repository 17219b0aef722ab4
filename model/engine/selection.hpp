// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "model/problem.hpp"

namespace zopa {

/// A set of packages in the form that counting and measuring want: pieces that can never belong to
/// it are gone, what must hold is told apart from what the tree may do without, and nothing is left
/// that always holds.
struct Selection {
  /// Σ_j (term[j][k_j] + λ_j · rise[j][k_j]) ≥ need, where λ_j ∈ [0, 1] is the position on the
  /// piece; every sum ≥ 0, and the least of each issue 0.
  template <class T>
  struct Row {
    int leaf = -1;                     // whose reservation; −1: every package must meet it
    int rule = -1;                     // index in Problem::linear_rules; −1: none
    std::vector<std::vector<T>> term;  // one a remaining issue, one a remaining piece
    std::vector<std::vector<T>> rise;  // the same; an empty line where the issue has settlements
    T need = 0;

    /// Whether the row depends on a remaining issue.
    bool matters(int issue) const {
      const auto some = [](const std::vector<T>& line) {
        return std::any_of(line.begin(), line.end(), [](const T& value) { return value != 0; });
      };
      const auto j = static_cast<std::size_t>(issue);
      return some(term[j]) || some(rise[j]);
    }
  };

  /// A clause on two issues or more, or of a leaf that the tree may do without.
  struct Tie {
    enum class Role {
      must,
      demand,
      asked
    };  // asked: the leaf is asked when every set of `when` holds
    Role role = Role::must;
    int leaf = -1;
    std::vector<std::pair<int, std::vector<char>>> when;  // remaining issue, one flag a settlement
    std::vector<std::pair<int, std::vector<char>>> require;
  };

  /// What is left of the consent tree, members before their node, the root last. A package is
  /// accepted unless the root refuses.
  struct Node {
    Consent::Kind kind = Consent::Kind::all;
    int leaf = -1;
    std::vector<int> members;
    std::vector<Integer> weights;  // at_least and quota: whole numbers in a common unit
    Integer need;
  };

  bool none = false;   // nothing is selected
  Integer factor = 1;  // settlements of the discrete issues that nothing depends on
  std::vector<std::pair<int, std::vector<int>>> loose;  // those issues, each with its settlements
  std::vector<int> issues;  // m'×1: the remaining issues, rising, as numbered in the problem
  std::vector<std::vector<int>> pieces;  // m'×K_j: the remaining pieces
  std::vector<std::vector<int>> kept;    // the same for all m issues; empty in a part
  std::vector<Row<Int128>> rows;         // those that must hold first
  std::vector<Row<Integer>> wide_rows;   // must hold, beyond 120 bits
  std::vector<Tie> ties;
  std::vector<Node> tree;  // empty: nobody is left to ask
  int leaves = 0;          // of the problem
};

/// Whether two linear rules (indices in Problem::linear_rules) together are an equation between
/// continuous issues, or of one.
bool is_equation(const Problem& problem, int rule, int other);

/// X.
Selection agreement_space(const Problem& problem);

/// Z.
Selection zone(const Problem& problem);

/// Selections of disjoint issues whose product is the given one: nothing ties an issue of one to an
/// issue of another. The first carries the factor and the loose issues. At least one, possibly
/// without issues. The issues of each rise.
std::vector<Selection> independent_parts(const Selection& selection);

}  // namespace zopa
