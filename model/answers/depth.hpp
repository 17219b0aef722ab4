// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "model/answers/overlap.hpp"
#include "model/engine/search.hpp"

namespace zopa {

/// Depths of one problem in both kinds, over the whole agreement space or parts of it. Safe to use
/// from several threads once built.
class DepthFinder {
 public:
  DepthFinder(const Problem& problem, const Progress& progress);

  /// Which packages, and who is asked.
  struct Where {
    std::optional<Tree> tree = std::nullopt;     // instead of the problem's
    std::vector<char> content = {};              // n×1: leaves that take the value 1 where asked
    std::vector<std::vector<char>> pieces = {};  // m×K_j
    std::vector<std::optional<Rational>> places = {};  // m×1: fixed places on continuous issues
  };

  /// The largest value of the tree. `package` is one that attains it.
  Depth find(DepthKind kind, const Where& where) const;

  /// Replaces the package by the deepest one: among those of the depth's value the leximin one over
  /// the values of the leaves of the tree (a leaf that is not asked counts as 1), then the first in
  /// file order.
  void deepen(Depth& depth, const Where& where) const;

  /// Boxes that prove the depth, or that there is none, over the whole agreement space; requires an
  /// exact one. Leaves the certificate without nodes when the search was stopped.
  void prove(Depth& depth) const;

  /// The search of a kind, with the forms of all leaves, and forms ±(x_j − low_j) of every
  /// continuous issue.
  const Search& search(DepthKind kind) const;
  Search& search(DepthKind kind);
  int place_form(DepthKind kind, int issue, int sign) const;

  /// The leaf's value as an item: its rows, red lines asking nothing where they are kept.
  Item value_item(DepthKind kind, int leaf) const;

  /// Settings of a search over the packages of tree value ≥ floor in the given kind.
  Search::Request request(DepthKind kind, const Where& where) const;

  /// The first package in file order of those a request admits (its floor and done levels); starts
  /// from one.
  Package first(DepthKind kind, Search::Request request, Package known) const;

  /// The packages that reach all levels in turn: done levels with their best values, appended to
  /// the request. Nothing when the search was stopped; otherwise a package that attains them all.
  std::optional<Package> maximise(DepthKind kind, Search::Request& request,
                                  const std::vector<Level>& levels) const;

  const Problem& problem() const { return problem_; }
  const Progress& progress() const { return progress_; }

 private:
  struct Kind {
    std::unique_ptr<Search> search;
    std::vector<std::vector<int>> value_forms;  // per leaf
    std::vector<std::vector<int>> set_forms;    // per leaf: its hard red lines, 1 or `lowest`
    Rational lowest;                            // below every value of a leaf
    std::vector<int> up, down;                  // m×1: place forms, −1 on discrete issues
  };
  const Kind& of(DepthKind kind) const { return kind == DepthKind::hard ? hard_ : all_; }
  Depth run(DepthKind kind, const Where& where) const;

  const Problem& problem_;
  Progress progress_;
  Kind hard_;
  Kind all_;
};

/// Leximin as levels: the sum of the k smallest items for k = 1, …, n. See Level for the rest.
std::vector<Level> leximin_levels(const std::vector<Item>& items, bool broken_is_lowest,
                                  const Rational& lowest = -1000000000000000000);

/// Whether some leaf can be outvoted: the tree has a node other than `all` (or `quota`/`at_least`
/// asking for every member).
bool can_be_outvoted(const Tree& tree);

/// The leaves of a tree, without repetition, in order.
std::vector<int> leaves_of(const Tree& tree);

/// The problem with another tree over its leaves, and without the leaves that this does not name.
Problem with_tree(const Problem& problem, const Tree& tree);

}  // namespace zopa
