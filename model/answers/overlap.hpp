// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/engine/certificate.hpp"
#include "model/engine/count.hpp"
#include "model/problem.hpp"
#include "model/tools/progress.hpp"

namespace zopa {

enum class Status { open, knife_edge, near_miss, closed, impossible };
enum class Proof { exact, bounded };

/// A depth with its proof. Exact: low == high. Bounded (a search that was stopped): low is attained
/// when `package` is there, high is proven.
struct Depth {
  DepthKind kind = DepthKind::hard;
  Proof proof = Proof::exact;
  bool exists = false;  // false: the tree is −∞ on all of X (proven when proof is exact)
  std::optional<Rational> low;   // absent: nothing found yet
  std::optional<Rational> high;  // absent when the depth does not exist
  std::optional<Package>
      package;  // attains `low`: the deepest package (leximin among those, then file order)
  Certificate certificate;  // filled when asked for
};

struct LeafSummary {
  std::optional<Rational> reservation;
  std::optional<Rational> best;
  LeafView at_deepest;  // in the printed kind; meaningless without a deepest package
  bool binding = false;
  std::optional<Rational> share;  // of the gap
};

struct PartySummary {
  std::optional<Depth> without;         // leave-one-out depth D_−i in the common kind
  std::optional<Rational> criticality;  // D_−i − D ≥ 0; absent where either depth is
  bool criticality_bounded = false;
};

/// A closed range of places.
struct Span {
  Rational low;
  Rational high;
};

struct IssueOverlap {
  std::optional<double> stated;  // share in [0, 1]; absent: none in common
  std::optional<Span> stated_span;
  std::optional<double> effective;     // absent: none
  std::optional<Span> effective_span;  // hull
  std::vector<Span> effective_parts;  // maximal runs, in scale order; more than one: there are gaps
  bool near_zone = false;       // over packages of value ≥ D − 0.05, because the zone is empty
  std::vector<int> blocked_by;  // parties whose removal makes the stated overlap non-empty
  bool linkage = false;         // stated but not effective
  bool bounded = false;  // a time limit left some settlements undecided (counted as not effective)
};

struct PairDepth {
  int party = 0;
  int other = 0;
  Depth depth;
};

struct Overlap {
  std::optional<Status> status;           // absent: a stopped search leaves several
  Depth depth;                            // the printed one
  std::optional<Rational> relaxed_depth;  // D̄ ≥ D, packages mixed
  bool shares_of_relaxed = false;         // D̄ > D
  bool nobody_asked = false;
  Breadth breadth;
  std::vector<LeafSummary> leaves;              // n×1
  std::vector<PartySummary> parties;            // one a party; observers empty
  std::vector<IssueOverlap> issues;             // m×1
  std::vector<PairDepth> pairs;                 // asked parties, in file order
  DepthKind comparison_kind = DepthKind::hard;  // of pairs and criticality
  bool every_pair_but_not_all = false;          // every pair could agree, the group cannot
  Rational tau;
  bool complete = true;  // false: something above is bounded
};

struct SolveSettings {
  Rational tau = Rational(1, 50);
  int jobs = 1;
  Progress progress = no_progress();
  bool certificate = false;        // fill Depth::certificate
  bool power = false;              // party power as exponents of the Nash rule
  std::vector<std::string> rules;  // empty: all
  bool any_optimum = false;        // of the rules: one of the best packages will do, uncounted
};

Overlap overlap(const Scenario& scenario, const Problem& problem, const SolveSettings& settings);

}  // namespace zopa
