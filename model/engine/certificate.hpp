// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/problem.hpp"

namespace zopa {

/// One node of a proof that no package has a greater value: a box of packages, described by the
/// branches that lead to it from the root (everything). A box restricts each issue to some of its
/// pieces, and says of some leaves that their consent is counted on, of others that it is done
/// without.
///
/// An inner node names how its box is split, so that its two children cover it by construction. A
/// node without children is closed in one of two ways. Either nothing is left of the box once the
/// rules and what the leaves counted on insist upon have been applied to it, or the multipliers
/// bound it: over its packages
///
///     Σ_i λ_i·m_i(x) + Σ_id λ_id·s_id(x) + Σ_l μ_l·(g_l(x) − h_l) + Σ_i μ_i·(u_i(x) − r_i) ≤ D,
///
/// the maximum taken issue by issue, with Σλ = 1; or the same sum with Σλ = 0 is below 0, and then
/// no package of the box satisfies all these demands. model/engine/check.hpp says what exactly
/// makes a proof.
struct CertificateNode {
  enum class Kind { closed, by_issue, by_leaf };
  Kind kind = Kind::closed;

  // by_issue: the first child keeps the pieces `in` of the issue, the second the others.
  // by_leaf: the first child counts on the consent of the leaf, the second does without.
  int issue = -1;
  int leaf = -1;
  std::vector<char> in;  // K_j×1
  int children[2] = {-1, -1};

  // closed; all empty: nothing is left of the box
  std::vector<Rational> margins;            // λ_i ≥ 0, n×1
  std::vector<std::vector<Rational>> ends;  // λ_id ≥ 0, n × demands of the leaf: soft ends of red
                                            // lines, in the kind `all`
  std::vector<Rational> rules;         // μ_l ≥ 0, one a linear rule
  std::vector<Rational> reservations;  // μ_i ≥ 0, n×1; in utilities
};

/// The proof of a depth: a package that attains it, and a tree of boxes none of which holds a
/// package of greater value. Without depth: the proof that there is none, every box being empty.
struct Certificate {
  DepthKind kind = DepthKind::hard;
  std::optional<Rational> depth;
  std::optional<Package> package;
  std::vector<CertificateNode> nodes;  // the root first; empty: there is no certificate

  /// The number of boxes, which together cover the agreement space.
  std::size_t boxes() const {
    return static_cast<std::size_t>(std::count_if(
        nodes.begin(), nodes.end(),
        [](const CertificateNode& node) { return node.kind == CertificateNode::Kind::closed; }));
  }
};

/// The proof of b_i, the greatest utility of a leaf over the agreement space: a package of that
/// utility, and parts of the issues, each on its own proven to give the leaf no more than it has
/// there. Issues that no rule ties together may stand in different parts, so that no proof has to
/// combine what does not belong together.
struct BestProof {
  struct Part {
    std::vector<char> issues;            // m×1; each issue belongs to one part
    Rational best;                       // what these issues add to the utility, at most
    std::vector<CertificateNode> nodes;  // of `problem_of_part` (model/engine/check.hpp)
  };
  int leaf = 0;
  Rational best;  // the sum over the parts
  Package package;
  std::vector<Part> parts;
};

/// What is said of the breadth of a problem, so that it can be counted a second time. A count
/// comes with the counts of its parts, one a settlement of one issue, as far as they are known.
struct BreadthClaim {
  enum class Method {
    count,     // packages and acceptable, both exact
    volume,    // share, exact, with continuous issues
    estimate,  // share with its interval, by drawing
  };
  Method method = Method::count;

  // count; packages also of an estimate, where the agreement space could be counted
  std::optional<Integer> packages;
  std::optional<Integer> acceptable;
  int split = -1;                            // issue; −1: not split
  std::vector<Integer> packages_of_piece;    // K_j×1 of the split issue
  std::vector<Integer> acceptable_of_piece;  // K_j×1

  std::optional<Rational> exact_share;  // volume

  // estimate: the share with its 95 % interval, and what it takes to draw the same again
  double share = 0, low = 0, high = 0;
  std::uint64_t seed = 0;
  std::uint64_t samples = 0;
  std::uint64_t most_visits = 0;
};

/// Everything that proves an answer: the depth, the bests that margins are measured by, and what
/// is said of the breadth.
struct Proofs {
  Certificate depth;
  std::vector<BestProof> bests;  // one a leaf with utility, in the order of the tree
  std::optional<BreadthClaim> breadth;
};

}  // namespace zopa
