// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/scenario.hpp"
#include "tests/oracle/leaves.hpp"

namespace zopa::oracle {

enum class Kind { hard, all };

/// One leaf at one package.
struct View {
  bool asked = true;
  std::optional<Rational> utility;
  Value margin;  // with a utility; best = reservation: 0 or −∞; best < reservation: −∞
  bool within = true;   // red lines and linked demands
  bool accepts = true;  // the package is in A_i
  Value hard;           // value of the leaf, whether asked or not
  Value all;
  std::vector<Demand> broken;  // limits, linked demands, reservation
};

/// A depth: its value (nothing: it does not exist) and the first deepest package.
struct Depth {
  Value value;
  std::optional<std::size_t> package;
};

enum class Status { open, knife_edge, near_miss, closed, impossible };

struct Range {
  Rational low;
  Rational high;
  friend bool operator==(const Range&, const Range&) = default;
};

struct IssueAnswer {
  std::optional<Rational>
      stated;  // share; nothing: none in common, or no settlement allowed at all
  std::optional<Range> stated_range;
  std::vector<int> blocked_by;
  std::optional<Rational> effective;
  std::optional<Range> effective_range;
  std::vector<Range> effective_runs;
  bool near_zone = false;
};

struct RuleAnswer {
  bool exists = false;
  std::vector<std::size_t> optima;  // rising: the first is the representative
  bool fallback_used = false;       // nash: the greatest product is 0
};

struct DraftAnswer {
  bool complete = false;
  bool inside = true;
  std::optional<int> broken_rule;      // complete drafts only: the first rule broken
  std::optional<std::size_t> package;  // the text with its best completion
  Kind kind = Kind::hard;
  Value depth;
  std::vector<int> accepted_by;
  std::optional<Demand> first_broken;
};

struct Answer {
  std::vector<Value> best;  // n×1, leaves with a utility
  Depth hard, all;
  Kind kind = Kind::hard;  // of the printed depth
  Depth depth;             // the printed one
  Status status = Status::closed;
  std::vector<char> binding;      // n×1
  std::vector<std::size_t> zone;  // rising
  Kind comparison_kind = Kind::hard;
  std::map<std::pair<int, int>, Depth> pairs;  // asked parties i < j
  std::map<int, Depth> without;                // asked parties
  std::map<int, Rational> criticality;
  bool every_pair_but_not_all = false;
  std::vector<IssueAnswer> issues;
  std::map<std::string, RuleAnswer> rules;
  std::vector<DraftAnswer> drafts;
};

/// Everything about a scenario without continuous issues, by enumeration of its agreement space in
/// file order. Meant for at most some ten thousand packages.
class BruteForce {
 public:
  explicit BruteForce(const Scenario& scenario);

  const Reading& reading() const { return reading_; }
  const std::vector<std::vector<Rational>>& packages() const { return packages_; }
  const View& view(std::size_t package, std::size_t leaf) const { return views_[package][leaf]; }

  /// The value of the tree at a package; nothing: −∞. 1 when nobody is asked.
  Value tree_value(std::size_t package, Kind kind) const;

  /// The position of a package in packages(), or nothing when it is outside.
  std::optional<std::size_t> find(const std::vector<Rational>& places) const;

  /// With status at threshold tau. The agreement space must not be empty.
  Answer answer(const Rational& tau = Rational(1, 50)) const;

 private:
  View make_view(const std::vector<Rational>& places, std::size_t leaf) const;
  void rank_values();
  int value_rank(const Tree& tree, std::size_t package, Kind kind, int without_party) const;
  Depth depth(const Tree& tree, Kind kind, int without_party = -1,
              const std::vector<std::size_t>* among = nullptr) const;
  IssueAnswer issue_answer(std::size_t issue, const Answer& so_far) const;
  void pick_rules(Answer& so_far) const;
  DraftAnswer score(const Draft& draft) const;
  bool possible() const;

  const Scenario& scenario_;
  Reading reading_;
  std::vector<std::vector<Rational>> packages_;
  std::vector<Value> best_;
  std::vector<std::vector<View>> views_;    // package × leaf
  std::vector<Rational> levels_;            // every value that occurs, rising
  std::vector<std::vector<int>> ranks_[2];  // by kind: package × leaf; kNotAsked, kNever or index
  int rank_of_one_ = 0;
};

/// Adjusted winner between two parties: each issue a mixture of one best settlement of each,
/// leximin of the utilities; found by point transfer.
struct AdjustedWinner {
  Rational first_utility;
  Rational second_utility;
};

/// Nothing unless the tree is `all` of exactly two whole parties with a utility, without rules.
std::optional<AdjustedWinner> adjusted_winner(const Scenario& scenario);

/// The packages of a scenario without continuous issues that satisfy its rules, in file order.
std::vector<std::vector<Rational>> agreement_space(const Scenario& scenario);

/// The first rule the package breaks.
std::optional<int> broken_rule(const Scenario& scenario, const std::vector<Rational>& places);

}  // namespace zopa::oracle
