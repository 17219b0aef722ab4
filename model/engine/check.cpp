// SPDX-License-Identifier: MIT
#include "model/engine/check.hpp"

#include <algorithm>

#include "model/tools/at.hpp"

namespace zopa {
namespace {

using Fault = std::optional<std::string>;
using Box = std::vector<std::vector<char>>;  // m×K_j: the pieces left
enum class Consents { open, counted_on, done_without };

bool never(const Leaf& leaf) { return leaf.has_utility && leaf.best < leaf.reservation; }
bool has_margin(const Leaf& leaf) { return leaf.has_utility && leaf.best > leaf.reservation; }
bool on_the_edge(const Leaf& leaf) { return leaf.has_utility && leaf.best == leaf.reservation; }

// What a node of the tree may still be, given who may be left out and who may accept.
struct Hope {
  bool left_out = false;
  bool accepts = false;
};

Hope hope_of(const Tree& tree, const std::vector<Hope>& leaves) {
  if (tree.kind == Consent::Kind::leaf) return leaves[at(tree.leaf)];
  bool all_left_out = true;
  bool none_fails = true;
  bool some_accepts = false;
  Rational reached = 0;  // by all who may accept: more asked members never hurt these kinds
  for (std::size_t c = 0; c < tree.members.size(); ++c) {
    const Hope member = hope_of(tree.members[c], leaves);
    all_left_out &= member.left_out;
    none_fails &= member.left_out || member.accepts;
    some_accepts |= member.accepts;
    if (member.accepts)
      reached += tree.kind == Consent::Kind::quota ? tree.weights[c] : Rational(1);
  }
  switch (tree.kind) {
    case Consent::Kind::all: return {all_left_out, some_accepts && none_fails};
    case Consent::Kind::any: return {all_left_out, some_accepts};
    case Consent::Kind::at_least: return {all_left_out, reached >= tree.count};
    default: return {all_left_out, reached >= tree.need};
  }
}

class Checker {
 public:
  Checker(const Problem& problem, const Certificate& certificate)
      : problem_(problem), certificate_(certificate) {}

  Fault run() {
    if (certificate_.nodes.empty()) return "The certificate has no boxes.";
    if (certificate_.depth.has_value() != certificate_.package.has_value())
      return "A depth comes with a package that attains it, and only then.";
    if (certificate_.depth) {
      if (Fault fault = check_package()) return fault;
      if (*certificate_.depth >= 1) return std::nullopt;
    }
    visited_.assign(certificate_.nodes.size(), 0);
    struct Open {
      int node;
      Box box;
      std::vector<Consents> consents;
    };
    Box everything;
    for (const ProblemIssue& issue : problem_.issues)
      everything.emplace_back(issue.pieces.size(), 1);
    std::vector<Open> open;
    open.push_back({0, everything, std::vector<Consents>(at(problem_.n()), Consents::open)});
    while (!open.empty()) {
      Open here = std::move(open.back());
      open.pop_back();
      if (here.node < 0 || at(here.node) >= visited_.size())
        return "A branch leads to a box that is not there.";
      if (visited_[at(here.node)]) return name(here.node) + " is reached twice.";
      visited_[at(here.node)] = 1;
      const CertificateNode& node = certificate_.nodes[at(here.node)];
      if (node.kind == CertificateNode::Kind::closed) {
        if (Fault fault = check_closed(here.node, here.box, here.consents)) return fault;
        continue;
      }
      if (Fault fault = check_branch(here.node)) return fault;
      for (const bool first : {true, false}) {
        Open child = {node.children[first ? 0 : 1], here.box, here.consents};
        if (node.kind == CertificateNode::Kind::by_leaf) {
          child.consents[at(node.leaf)] = first ? Consents::counted_on : Consents::done_without;
        } else {
          auto& pieces = child.box[at(node.issue)];
          for (std::size_t k = 0; k < pieces.size(); ++k)
            pieces[k] = pieces[k] && (node.in[k] != 0) == first;
        }
        open.push_back(std::move(child));
      }
    }
    return std::nullopt;
  }

 private:
  static std::string name(int node) { return "Box " + std::to_string(node); }

  Fault check_package() const {
    const Package& package = *certificate_.package;
    if (package.pieces.size() != at(problem_.m()) || package.places.size() != at(problem_.m()))
      return "The package does not name every issue once.";
    for (int j = 0; j < problem_.m(); ++j) {
      const auto& pieces = problem_.issues[at(j)].pieces;
      const int k = package.pieces[at(j)];
      if (k < 0 || at(k) >= pieces.size() || package.places[at(j)] < pieces[at(k)].from ||
          package.places[at(j)] > pieces[at(k)].to)
        return "The package has no settlement of issue " + std::to_string(j) + ".";
    }
    if (broken_rule(problem_, package)) return "The package breaks a rule.";
    const auto value = tree_value(problem_, package, certificate_.kind);
    if (!value) return "The package is refused.";
    if (*value != *certificate_.depth)
      return "The package is worth " + to_text(*value) + ", not " + to_text(*certificate_.depth) +
             ".";
    return std::nullopt;
  }

  // That the children of a node cover it needs no test: both halves are visited.
  Fault check_branch(int index) const {
    const CertificateNode& node = certificate_.nodes[at(index)];
    if (node.kind == CertificateNode::Kind::by_leaf) {
      if (node.leaf < 0 || node.leaf >= problem_.n())
        return name(index) + " is split by a leaf that is not there.";
      return std::nullopt;
    }
    if (node.issue < 0 || node.issue >= problem_.m() ||
        node.in.size() != problem_.issues[at(node.issue)].pieces.size())
      return name(index) + " is split by an issue or pieces that are not there.";
    return std::nullopt;
  }

  static bool meets(const Box& box, const PieceSet& set) {
    const auto& left = box[at(set.issue)];
    for (std::size_t k = 0; k < left.size(); ++k) {
      if (left[k] && set.pieces[k]) return true;
    }
    return false;
  }

  static bool within(const Box& box, const PieceSet& set) {
    const auto& left = box[at(set.issue)];
    for (std::size_t k = 0; k < left.size(); ++k) {
      if (left[k] && !set.pieces[k]) return false;
    }
    return true;
  }

  static bool keep(Box& box, int issue, const std::vector<char>& pieces, bool wanted = true) {
    bool changed = false;
    auto& left = box[at(issue)];
    for (std::size_t k = 0; k < left.size(); ++k) {
      if (!left[k] || (pieces[k] != 0) == wanted) continue;
      left[k] = 0;
      changed = true;
    }
    return changed;
  }

  // A clause whose every `when` surely holds makes its `require` hold; one whose `require` cannot
  // hold refuses the last `when` that is open.
  static bool apply(Box& box, const Clause& clause) {
    const PieceSet* open = nullptr;
    for (const PieceSet& set : clause.when) {
      if (!meets(box, set)) return false;
      if (within(box, set)) continue;
      if (open != nullptr) return false;
      open = &set;
    }
    bool changed = false;
    if (open == nullptr) {
      for (const PieceSet& set : clause.require) changed |= keep(box, set.issue, set.pieces);
      return changed;
    }
    const bool possible = std::all_of(clause.require.begin(), clause.require.end(),
                                      [&](const PieceSet& set) { return meets(box, set); });
    return !possible && keep(box, open->issue, open->pieces, false);
  }

  // The pieces on which a violated soft end leaves more than D.
  std::vector<char> tolerable(const LeafDemand& demand) const {
    std::vector<char> pieces = demand.limit->pieces;
    const auto& all = problem_.issues[at(demand.demand.index)].pieces;
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      pieces[k] = pieces[k] || !certificate_.depth ||
                  soft_margin(demand, problem_, all[k].from) > *certificate_.depth ||
                  soft_margin(demand, problem_, all[k].to) > *certificate_.depth;
    }
    return pieces;
  }

  bool soft(const LeafDemand& demand) const {
    return certificate_.kind == DepthKind::all && demand.soft && demand.limit;
  }

  bool apply_demands(Box& box, const Leaf& leaf) const {
    bool changed = false;
    for (const LeafDemand& demand : leaf.demands) {
      if (demand.clause) {
        changed |= apply(box, *demand.clause);
      } else {
        changed |=
            keep(box, demand.limit->issue, soft(demand) ? tolerable(demand) : demand.limit->pieces);
      }
    }
    return changed;
  }

  // Counts on the leaves without which the tree fails. Returns false when it fails anyway.
  bool count_on(const Box& box, std::vector<Consents>& consents, bool& changed) const {
    std::vector<Hope> hopes;
    for (int i = 0; i < problem_.n(); ++i) {
      const Leaf& leaf = problem_.leaves[at(i)];
      bool surely = true;
      bool maybe = true;
      if (leaf.when) {
        for (const PieceSet& set : *leaf.when) {
          surely &= within(box, set);
          maybe &= meets(box, set);
        }
      }
      const bool willing = consents[at(i)] != Consents::done_without && !never(leaf);
      hopes.push_back({!surely, maybe && willing});
    }
    const auto fails = [&] {
      const Hope root = hope_of(problem_.tree, hopes);
      return !root.left_out && !root.accepts;
    };
    if (fails()) return false;
    for (int i = 0; i < problem_.n(); ++i) {
      if (consents[at(i)] != Consents::open || hopes[at(i)].left_out || !hopes[at(i)].accepts)
        continue;
      hopes[at(i)].accepts = false;
      if (fails()) {
        consents[at(i)] = Consents::counted_on;
        changed = true;
      }
      hopes[at(i)].accepts = true;
    }
    return true;
  }

  Fault check_closed(int index, Box& box, std::vector<Consents>& consents) const {
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& left : box) {
        if (std::find(left.begin(), left.end(), 1) == left.end()) return std::nullopt;
      }
      if (!count_on(box, consents, changed)) return std::nullopt;
      for (const Clause& clause : problem_.rule_clauses) changed |= apply(box, clause);
      for (int i = 0; i < problem_.n(); ++i) {
        if (consents[at(i)] == Consents::counted_on)
          changed |= apply_demands(box, problem_.leaves[at(i)]);
      }
    }
    return check_multipliers(index, box, consents);
  }

  // A weighted sum of functions that are straight on every piece: weights per leaf on its
  // integers, and all that is easily written in fractions.
  struct Sum {
    std::vector<std::pair<const Leaf*, Rational>> utilities;  // weights of U_i
    std::vector<std::pair<const LeafDemand*, Rational>> ends;
    std::vector<Rational> places;  // m×1: coefficients of x_j
    Rational constant;
  };

  Rational greatest(const Box& box, const Sum& sum) const {
    Rational total = sum.constant;
    for (int j = 0; j < problem_.m(); ++j) {
      std::optional<Rational> most;
      for (std::size_t k = 0; k < box[at(j)].size(); ++k) {
        if (!box[at(j)][k]) continue;
        const Piece& piece = problem_.issues[at(j)].pieces[k];
        for (const bool start : {true, false}) {
          if (!start && piece.point()) continue;
          const Rational& place = start ? piece.from : piece.to;
          Rational here = sum.places[at(j)] * place;
          for (const auto& [leaf, weight] : sum.utilities) {
            const PieceWorth& worth = leaf->worth[at(j)][k];
            here += weight * make_integer(start ? worth.at_from : worth.at_to);
          }
          for (const auto& [demand, weight] : sum.ends) {
            if (demand->demand.index == j && !demand->limit->pieces[k])
              here += weight * soft_margin(*demand, problem_, place);
          }
          if (!most || here > *most) most = std::move(here);
        }
      }
      total += *most;
    }
    return total;
  }

  Fault check_multipliers(int index, const Box& box, const std::vector<Consents>& consents) const {
    const CertificateNode& node = certificate_.nodes[at(index)];
    const std::size_t n = at(problem_.n());
    if (node.margins.empty() && node.rules.empty())
      return name(index) + " is not empty, and nothing bounds it.";
    if (node.margins.size() != n || node.ends.size() != n || node.reservations.size() != n ||
        node.rules.size() != problem_.linear_rules.size())
      return name(index) + " has multipliers of something that is not there.";
    Sum sum;
    sum.places.assign(at(problem_.m()), 0);
    Rational lambda = 0;
    bool negative = false;
    for (std::size_t i = 0; i < n; ++i) {
      const Leaf& leaf = problem_.leaves[i];
      if (node.ends[i].size() != leaf.demands.size())
        return name(index) + " has multipliers of demands that are not there.";
      const auto weigh = [&](const Rational& weight, bool allowed) {
        negative |= weight < 0;
        return weight == 0 || (allowed && consents[i] == Consents::counted_on);
      };
      bool fine = weigh(node.margins[i], has_margin(leaf) || on_the_edge(leaf)) &&
                  weigh(node.reservations[i], on_the_edge(leaf));
      lambda += node.margins[i];
      for (std::size_t d = 0; d < leaf.demands.size(); ++d) {
        fine &= weigh(node.ends[i][d],
                      soft(leaf.demands[d]) && certificate_.depth && *certificate_.depth < 0);
        lambda += node.ends[i][d];
        if (node.ends[i][d] != 0) sum.ends.emplace_back(&leaf.demands[d], node.ends[i][d]);
      }
      if (!fine) return name(index) + " weighs a leaf whose consent it does not count on.";
      Rational weight = node.reservations[i] / leaf.unit;
      if (has_margin(leaf)) weight = node.margins[i] / make_integer(leaf.best - leaf.reservation);
      if (weight == 0) continue;
      sum.utilities.emplace_back(&leaf, weight);
      sum.constant -= weight * make_integer(leaf.reservation);
    }
    for (std::size_t l = 0; l < node.rules.size(); ++l) {
      const LinearRule& rule = problem_.linear_rules[l];
      negative |= node.rules[l] < 0;
      for (const auto& [j, coefficient] : rule.sum)
        sum.places[at(j)] += node.rules[l] * coefficient;
      sum.constant -= node.rules[l] * rule.bound;
    }
    if (negative) return name(index) + " has a negative multiplier.";
    const Rational bound = greatest(box, sum);
    if (lambda == 0 && bound < 0) return std::nullopt;
    if (lambda == 0 || !certificate_.depth)
      return name(index) + " may hold a package: its multipliers only show " + to_text(bound) +
             " ≥ 0.";
    if (lambda != 1) return "The multipliers of box " + std::to_string(index) + " do not sum to 1.";
    if (bound > *certificate_.depth)
      return name(index) + " may hold a better package: its multipliers bound it by " +
             to_text(bound) + ", not by " + to_text(*certificate_.depth) + ".";
    return std::nullopt;
  }

  const Problem& problem_;
  const Certificate& certificate_;
  std::vector<char> visited_;
};

}  // namespace

std::optional<std::string> find_fault(const Problem& problem, const Certificate& certificate) {
  return Checker(problem, certificate).run();
}

}  // namespace zopa
