// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/engine/certificate.hpp"
#include "model/engine/form.hpp"
#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

/// One entry of a vector to be maximised: the least of its forms, or a constant where its leaf is
/// not asked.
struct Item {
  std::vector<int> forms;                 // of the search, see Search::add
  int leaf = -1;                          // −1: always asked
  Rational unasked = 1;                   // at least as great as the forms ever are
  bool lowest_below_reservation = false;  // counts as −∞ where the leaf's utility is below that
};

/// One level of a lexicographic objective.
struct Level {
  enum class Kind {
    least_sum,  // the sum of the k smallest items; levels k = 1, 2, …, n in turn are leximin
    weighted,   // Σ weight·item; every item has one form
    product,    // Π item^weight; every item has one form and must be ≥ 0 on the region. With
                // continuous issues see Result::gap
  };
  Kind kind = Kind::least_sum;
  int k = 1;
  std::vector<Item> items;
  std::vector<Rational> weights;  // weighted; product: whole exponents > 0, empty: 1 each
  // Where a leaf's hard demands are broken its item counts as −∞, for which `lowest` serves: a
  // number below whatever an item takes. Only with trees in which a leaf can be outvoted.
  bool broken_is_lowest = false;
  Rational lowest = -1000000000000000000;
};

/// A level whose best value is known: only packages that reach it count.
struct DoneLevel {
  Level level;
  Rational value;
};

/// Exact search over the packages of a problem: branch and bound with the linear program of a node
/// as bound (matrix_game), propagation of rules and demands, and exact evaluation of whatever is
/// found. Boxes of packages are split by issue, by whether a leaf is asked, and by whose consent is
/// counted on.
///
/// Floating point only orders the work and discards boxes whose bound, widened by a bound on its
/// rounding error, stays below the incumbent; closer calls are decided in exact fractions. Values
/// are exact rationals.
///
/// Source: Dakin (1965), pp. 250–255 (branch and bound); the node bound is Dantzig and Wolfe
/// (1960).
class Search {
 public:
  /// Forms of every leaf's rows in the given kind, of the linear rules, and tables for the oracle.
  /// `problem` must outlive the search; `best` must be filled for leaves with utility.
  Search(const Problem& problem, DepthKind kind);
  ~Search();
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  /// Adds a form for use in levels and needs; returns its number. Not while a search runs.
  int add(const Form& form);

  /// The forms whose least is the leaf's value within its hard demands; empty: the value is 1.
  const std::vector<int>& rows(int leaf) const;
  const Form& form(int f) const;

  struct Request {
    std::optional<Tree> tree;   // instead of the problem's
    std::vector<char> content;  // n×1: leaves that take value 1 where they are asked; empty: none
    // n×1: leaves whose reservation only has to be kept, however closely: within their demands the
    // value is −∞ where u_i < r_i, otherwise 1 (or the least of the soft ends violated); empty:
    // none
    std::vector<char> keepers;
    std::vector<std::vector<char>> pieces;  // m×K_j start box; empty: everything
    std::vector<int> needs;                 // forms that must be ≥ 0
    std::optional<Rational> floor;  // only packages of at least this tree value; absent: above −∞
    std::vector<DoneLevel> done;    // only packages that reach these
    std::optional<Level> level;     // maximised; absent: the value of the tree
    std::optional<Rational>
        enough;                  // stop as soon as this is reached; nothing below it is looked for
    bool any = false;            // the first package found will do
    std::vector<Package> hints;  // tried first
    Progress progress = no_progress();
    // Certificate: find boxes that prove that no package exceeds this value (of the tree), or that
    // no package has a value at all. Of the rest of the request only the progress counts.
    std::optional<Rational> prove;
    bool prove_none = false;
    std::uint64_t most_nodes = UINT64_MAX;
  };

  struct Result {
    bool finished = true;            // false: stopped by progress or most_nodes
    std::optional<Package> package;  // attains `value`
    std::optional<Rational> value;   // absent: nothing found (proven when finished)
    double bound = 0;                // when not finished: nothing exceeds this (or `value`)
    double gap = 0;                  // products over a continuum: the best may be greater by this
                                     // share of itself
    std::uint64_t nodes = 0;
    std::vector<CertificateNode> tree;  // of a finished proof
  };

  Result run(const Request& request) const;

  /// The exact value of a level at a package, its leaves asked or not as the package says.
  Rational value(const Level& level, const Package& package) const;

  const Problem& problem() const;
  DepthKind kind() const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
  friend class Run;
};

}  // namespace zopa
