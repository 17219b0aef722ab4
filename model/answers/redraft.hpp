// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/answers/overlap.hpp"
#include "model/problem.hpp"
#include "model/scenario.hpp"

namespace zopa {

/// One number of a leaf's party that would mend one demand at a package, all else fixed: the least
/// change that does.
struct Remedy {
  /// What moves. `end`: the end of a red line; `option`: one more option is accepted;
  /// `reservation`: the utility of no agreement; `when`, `require`: a number or an ordered option
  /// of a linked demand; `salience`: of one issue, the others as they are; `worth`: of one
  /// settlement; `dropped`: no number mends it, the demand is given up.
  enum class What { end, option, reservation, when, require, salience, worth, dropped };
  What what = What::end;
  int issue = -1;                      // all but reservation and dropped
  int test = 0;                        // when, require: its index in the linked demand
  std::optional<Rational> settlement;  // worth: the place whose worth changes, of the package or of
                                       // the reservation's package; option: the place accepted
  std::optional<Rational> from;        // place, utility, salience as the file writes it, or worth
  std::optional<Rational> to;
  std::optional<Rational> distance;  // |to − from|
};

/// A demand that a package breaks, and each single number that would mend it.
struct BrokenDemand {
  Demand demand;
  std::vector<Remedy> remedies;  // in the order of Remedy::What, then of the issues; never empty:
                                 // `dropped` alone where no number does
};

/// A leaf that refuses a package. It accepts once every broken demand is mended, so that one number
/// suffices exactly where one demand is broken and that has a remedy other than `dropped`.
struct LeafRefusal {
  int leaf = 0;
  std::vector<BrokenDemand> broken;  // limits, linked demands, reservation
  bool one_number_suffices = false;
};

/// A package of the agreement space that differs in one issue and hurts nobody: no leaf's margin
/// falls (its utility, where b_i ≤ r_i), none of its demands is broken that was not, or by more
/// than it was, and the value of the tree does not fall. A leaf that is not asked counts as
/// content: at its best, with no demand broken. Something rises: a margin, that of a violated end
/// of a red line, or the value of the tree; or a demand is mended.
struct DraftEdit {
  int issue = 0;
  Rational from;
  Rational to;
  Package package;                // after the edit
  std::optional<Rational> depth;  // value of the tree after it, in Redraft::kind; absent: −∞
  int mended = 0;  // demands of asked leaves that were broken and no longer are, those
                   // without a soft margin
  Rational gain;   // Σ of what margins and the margins of soft ends of red lines have gained
  struct LeafGain {
    int leaf = 0;
    Rational margin;  // gained ≥ 0; 0: only demands are mended
  };
  std::vector<LeafGain> gainers;  // in the order of the leaves
};

/// What becomes of a text: what would have to be otherwise for it to be accepted, and the next
/// text.
struct Redraft {
  DepthKind kind = DepthKind::hard;
  Package package;
  std::optional<Rational> depth;      // value of the tree at the package, in `kind`; absent: −∞
  std::vector<LeafRefusal> refusals;  // of asked leaves, in order
  /// Single edits, best first: by depth, then demands mended, then gain, then file order (issue,
  /// then place). Of a continuous issue the best place alone; of several the lowest.
  std::vector<DraftEdit> edits;
  /// The best edit, then the best edit of what that gives, and so on until none is left: the
  /// one-text procedure with every reader's veto.
  std::vector<DraftEdit> path;
  bool complete = true;  // false: the search was stopped, or the path was cut at `most_steps`
};

struct RedraftSettings {
  std::size_t most_steps = 1000;
  Progress progress = no_progress();
};

/// `package` must lie in the agreement space: throws ModelError otherwise. A partial draft is asked
/// about with its completion (DraftScore::package and its kind).
///
/// Source: the single negotiating text: Raiffa (1982), ch. 14.
Redraft redraft(const Scenario& scenario, const Problem& problem, const Package& package,
                DepthKind kind, const RedraftSettings& settings);

}  // namespace zopa
