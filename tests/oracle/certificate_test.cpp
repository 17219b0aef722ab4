// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/answers/depth.hpp"
#include "model/answers/proofs.hpp"
#include "model/engine/check.hpp"
#include "model/engine/prepare.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/cells.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

using oracle::Dice;
using oracle::random_scenario;
using oracle::Shape;
using test::random_cases;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// The depth of a kind by the oracles.
using TrueDepth = std::function<oracle::Value(DepthKind)>;

std::string text_of(std::uint64_t seed, const Scenario& scenario) {
  return "seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario);
}

Certificate prove(const Problem& problem, DepthKind kind) {
  const DepthFinder finder(problem, no_progress());
  Depth depth = finder.find(kind, {});
  finder.prove(depth);
  return depth.certificate;
}

// A change of a certificate; returns whether there was something to change.
struct Forgery {
  const char* name;
  bool (*apply)(Certificate&, const Problem&, Dice&);
  bool always_refused;  // else: accepted only where the claim is true
};

CertificateNode* any_node(Certificate& certificate, Dice& dice,
                          const std::function<bool(const CertificateNode&)>& fits) {
  std::vector<CertificateNode*> found;
  for (CertificateNode& node : certificate.nodes) {
    if (fits(node)) found.push_back(&node);
  }
  return found.empty() ? nullptr : found[at(dice.pick(0, static_cast<int>(found.size()) - 1))];
}

bool bounded(const CertificateNode& node) {
  return node.kind == CertificateNode::Kind::closed && !node.margins.empty();
}

bool branched(const CertificateNode& node) { return node.kind != CertificateNode::Kind::closed; }

// Every multiplier of a box, λ first.
std::vector<Rational*> multipliers(CertificateNode& node) {
  std::vector<Rational*> all;
  for (Rational& x : node.margins) all.push_back(&x);
  for (auto& ends : node.ends) {
    for (Rational& x : ends) all.push_back(&x);
  }
  for (Rational& x : node.rules) all.push_back(&x);
  for (Rational& x : node.reservations) all.push_back(&x);
  return all;
}

Rational* some_multiplier(Certificate& certificate, Dice& dice, bool positive) {
  CertificateNode* node = any_node(certificate, dice, bounded);
  if (node == nullptr) return nullptr;
  auto all = multipliers(*node);
  if (positive) std::erase_if(all, [](const Rational* x) { return *x == 0; });
  return all.empty() ? nullptr : all[at(dice.pick(0, static_cast<int>(all.size()) - 1))];
}

Package any_package(const Problem& problem, Dice& dice) {
  std::vector<Rational> places;
  for (const ProblemIssue& issue : problem.issues) {
    const Piece& piece = issue.pieces[at(dice.pick(0, static_cast<int>(issue.pieces.size()) - 1))];
    places.push_back(dice.chance(50) ? piece.from : piece.to);
  }
  return make_package(problem, places);
}

const Rational kHair(1, 1000000000);

// clang-format off
const Forgery kForgeries[] = {
    {"depth_raised", [](Certificate& c, const Problem&, Dice&) {
       if (c.depth) *c.depth += kHair;
       return c.depth.has_value();
     }, true},
    {"depth_lowered", [](Certificate& c, const Problem&, Dice&) {
       if (c.depth) *c.depth -= kHair;
       return c.depth.has_value();
     }, true},
    {"depth_of_another_package", [](Certificate& c, const Problem& problem, Dice& dice) {
       const Package other = any_package(problem, dice);
       const auto value = tree_value(problem, other, c.kind);
       if (!c.depth || !value || *value == *c.depth || broken_rule(problem, other)) return false;
       c.depth = value;
       c.package = other;
       return true;
     }, true},
    {"another_package", [](Certificate& c, const Problem& problem, Dice& dice) {
       if (!c.package) return false;
       c.package = any_package(problem, dice);
       return true;
     }, false},
    {"depth_denied", [](Certificate& c, const Problem&, Dice&) {
       if (!c.depth) return false;
       c.depth.reset();
       c.package.reset();
       return true;
     }, true},
    {"package_forgotten", [](Certificate& c, const Problem&, Dice&) {
       if (!c.package) return false;
       c.package.reset();
       return true;
     }, true},
    {"box_dropped", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, branched);
       if (node == nullptr) return false;
       node->children[dice.pick(0, 1)] = -1;
       return true;
     }, false},
    {"box_repeated", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, branched);
       if (node == nullptr) return false;
       node->children[0] = node->children[1];
       return true;
     }, false},
    {"boxes_in_a_circle", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, branched);
       if (node == nullptr) return false;
       node->children[dice.pick(0, 1)] = 0;
       return true;
     }, false},
    {"no_boxes", [](Certificate& c, const Problem&, Dice&) {
       c.nodes.clear();
       return true;
     }, true},
    {"box_closed_too_early", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, branched);
       if (node == nullptr) return false;
       *node = CertificateNode();
       return true;
     }, false},
    {"box_without_multipliers", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, bounded);
       if (node == nullptr) return false;
       *node = CertificateNode();
       return true;
     }, false},
    {"pieces_moved", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, [](const CertificateNode& n) {
         return n.kind == CertificateNode::Kind::by_issue;
       });
       if (node == nullptr) return false;
       char& bit = node->in[at(dice.pick(0, static_cast<int>(node->in.size()) - 1))];
       bit = bit ? 0 : 1;
       return true;
     }, false},
    {"consents_swapped", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, [](const CertificateNode& n) {
         return n.kind == CertificateNode::Kind::by_leaf;
       });
       if (node == nullptr) return false;
       std::swap(node->children[0], node->children[1]);
       return true;
     }, false},
    {"another_leaf_split", [](Certificate& c, const Problem& problem, Dice& dice) {
       CertificateNode* node = any_node(c, dice, [](const CertificateNode& n) {
         return n.kind == CertificateNode::Kind::by_leaf;
       });
       if (node == nullptr) return false;
       node->leaf = dice.pick(0, problem.n() - 1);
       return true;
     }, false},
    {"multiplier_changed", [](Certificate& c, const Problem&, Dice& dice) {
       Rational* x = some_multiplier(c, dice, false);
       if (x == nullptr) return false;
       *x += dice.chance(50) ? kHair : Rational(1, 3);
       return true;
     }, false},
    {"multiplier_dropped", [](Certificate& c, const Problem&, Dice& dice) {
       Rational* x = some_multiplier(c, dice, true);
       if (x == nullptr) return false;
       *x = 0;
       return true;
     }, false},
    {"multiplier_negated", [](Certificate& c, const Problem&, Dice& dice) {
       Rational* x = some_multiplier(c, dice, true);
       if (x == nullptr) return false;
       *x = -*x;
       return true;
     }, false},
    {"multiplier_moved", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, bounded);
       if (node == nullptr) return false;
       const auto all = multipliers(*node);
       Rational* from = all[at(dice.pick(0, static_cast<int>(all.size()) - 1))];
       Rational* to = all[at(dice.pick(0, static_cast<int>(all.size()) - 1))];
       if (from == to || *from == 0) return false;
       *to += *from;
       *from = 0;
       return true;
     }, false},
    {"multipliers_cut_short", [](Certificate& c, const Problem&, Dice& dice) {
       CertificateNode* node = any_node(c, dice, bounded);
       if (node == nullptr) return false;
       node->margins.pop_back();
       return true;
     }, false},
    {"wrong_kind", [](Certificate& c, const Problem&, Dice&) {
       c.kind = c.kind == DepthKind::hard ? DepthKind::all : DepthKind::hard;
       return true;
     }, false},
};
// clang-format on

// A best that is off by a hair, whoever believes it, and by a package that has less.
void expect_best_proofs(const Problem& problem, Dice& dice) {
  const auto proofs = prove_bests(problem, no_progress());
  ASSERT_TRUE(proofs);
  std::size_t utilities = 0;
  for (const Leaf& leaf : problem.leaves) utilities += leaf.has_utility ? 1 : 0;
  ASSERT_EQ(proofs->size(), utilities);
  for (const BestProof& proof : *proofs) {
    SCOPED_TRACE("best of leaf " + std::to_string(proof.leaf));
    const auto fault = find_fault(problem, proof);
    ASSERT_FALSE(fault) << *fault;
    for (const Rational& by : {kHair, Rational(-kHair)}) {
      Problem misled = problem;
      BestProof forged = proof;
      forged.best += by;
      forged.parts[at(dice.pick(0, static_cast<int>(forged.parts.size()) - 1))].best += by;
      set_best(misled.leaves[at(proof.leaf)], forged.best);
      ASSERT_TRUE(find_fault(misled, forged));
      ASSERT_TRUE(find_fault(problem, forged));
    }
    BestProof other = proof;
    other.package = any_package(problem, dice);
    const bool as_good = !broken_rule(problem, other.package) &&
                         view(problem, proof.leaf, other.package).utility == proof.best;
    ASSERT_EQ(!find_fault(problem, other), as_good);
    BestProof closed = proof;
    closed.parts.back().nodes = {CertificateNode()};
    ASSERT_TRUE(find_fault(problem, closed));
    BestProof gap = proof;
    gap.parts.back().issues.assign(problem.issues.size(), 0);
    ASSERT_TRUE(find_fault(problem, gap));
  }
}

// Whether the package breaks a demand so far that it cannot be deeper than the certificate says.
bool excludes(const Problem& problem, const Certificate& certificate, const LeafDemand& demand,
              const Package& package) {
  if (demand.clause) return !holds(*demand.clause, package.pieces);
  const auto j = at(demand.demand.index);
  if (contains(*demand.limit, package.pieces[j])) return false;
  if (certificate.kind == DepthKind::hard || !demand.soft || !certificate.depth)
    return certificate.kind == DepthKind::hard || !demand.soft;
  return soft_margin(demand, problem, package.places[j]) <= *certificate.depth;
}

// Every package of an empty box breaks one of the rules or demands that are said to empty it.
void expect_reasons(const Problem& problem, const Certificate& certificate) {
  if (!problem.discrete()) return;
  for (const EmptyBox& box : empty_boxes(problem, certificate, 20)) {
    if (box.issue < 0) continue;
    std::vector<int> piece(problem.issues.size(), 0);
    for (bool more = true; more;) {
      Package package{piece, {}};
      bool inside = true;
      for (std::size_t j = 0; j < piece.size(); ++j) {
        package.places.push_back(problem.issues[j].pieces[at(piece[j])].from);
        inside &= box.pieces[j][at(piece[j])] != 0;
      }
      if (inside) {
        bool excluded = false;
        for (std::size_t c = 0; c < problem.rule_clauses.size(); ++c) {
          const bool named =
              std::count(box.rules.begin(), box.rules.end(), problem.rule_of_clause[c]) > 0;
          excluded |= named && !holds(problem.rule_clauses[c], package.pieces);
        }
        for (const auto& [leaf, index] : box.demands) {
          excluded |=
              excludes(problem, certificate, problem.leaves[at(leaf)].demands[at(index)], package);
        }
        ASSERT_TRUE(excluded) << "box " << box.node;
      }
      more = false;
      for (std::size_t j = piece.size(); j-- > 0 && !more;) {
        more = ++piece[j] < static_cast<int>(problem.issues[j].pieces.size());
        if (!more) piece[j] = 0;
      }
    }
  }
}

struct Tally {
  int tried = 0;
  int refused = 0;
};

void expect_proofs(std::uint64_t seed, const Scenario& scenario, const TrueDepth& true_depth,
                   std::map<std::string, Tally>& tallies) {
  SCOPED_TRACE(text_of(seed, scenario));
  const Problem problem = make_problem(scenario);
  Dice dice(seed);
  expect_best_proofs(problem, dice);
  if (testing::Test::HasFatalFailure()) return;
  for (const DepthKind kind : {DepthKind::hard, DepthKind::all}) {
    const Certificate certificate = prove(problem, kind);
    ASSERT_EQ(certificate.depth, true_depth(kind));
    const auto fault = find_fault(problem, certificate);
    ASSERT_FALSE(fault) << *fault << " Boxes: " << certificate.boxes();
    expect_reasons(problem, certificate);
    if (testing::Test::HasFatalFailure()) return;
    for (const Forgery& forgery : kForgeries) {
      SCOPED_TRACE(forgery.name);
      Certificate forged = certificate;
      if (!forgery.apply(forged, problem, dice)) continue;
      const auto found = find_fault(problem, forged);
      Tally& tally = tallies[forgery.name];
      ++tally.tried;
      if (found) {
        ++tally.refused;
        continue;
      }
      ASSERT_FALSE(forgery.always_refused);
      // Accepted, so it has to be true all the same.
      ASSERT_EQ(forged.depth, true_depth(forged.kind));
      if (!forged.package) continue;
      ASSERT_EQ(tree_value(problem, *forged.package, forged.kind), forged.depth);
    }
  }
}

struct Family {
  const char* name;
  Shape shape;
  int cases;
};

void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }

class CertificateOfRandomScenarios : public testing::TestWithParam<Family> {};

TEST_P(CertificateOfRandomScenarios, IsAcceptedAndItsForgeriesOnlyWhereTheyAreTrue) {
  const Shape& shape = GetParam().shape;
  std::map<std::string, Tally> tallies;
  for (int seed = 0; seed < random_cases(GetParam().cases); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    const Scenario scenario = random_scenario(s, shape);
    if (shape.continuous_issues > 0) {
      const oracle::Cells cells(scenario);
      expect_proofs(
          s, scenario,
          [&](DepthKind kind) {
            return cells.depth(kind == DepthKind::hard ? oracle::Kind::hard : oracle::Kind::all);
          },
          tallies);
    } else {
      const oracle::BruteForce brute(scenario);
      const oracle::Answer answer = brute.answer();
      expect_proofs(
          s, scenario,
          [&](DepthKind kind) {
            return kind == DepthKind::hard ? answer.hard.value : answer.all.value;
          },
          tallies);
    }
    if (HasFatalFailure()) return;
  }
  // Forgeries are told from proofs: each kind that could be tried often was refused.
  for (const auto& [name, tally] : tallies) {
    if (tally.tried < 50) continue;
    EXPECT_GT(tally.refused, 0) << name;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, CertificateOfRandomScenarios, testing::Values(
    Family{"whole_parties", {.trees = false}, 600},
    Family{"every_tree",    {}, 1000},
    Family{"many_leaves",   {.most_parties = 6, .most_leaves = 9}, 300},
    Family{"many_issues",   {.least_issues = 5, .most_issues = 8, .most_settlements = 3, .most_packages = 600}, 100},
    Family{"continuous",    {.most_issues = 3, .most_packages = 12, .most_parties = 3, .most_leaves = 4, .continuous_issues = 1}, 300},
    Family{"two_continuous", {.most_issues = 3, .most_packages = 6, .most_parties = 3, .most_leaves = 4, .continuous_issues = 2}, 100}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

}  // namespace
}  // namespace zopa
