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
  // `reasons`: where the first `most` empty boxes go; none wanted: null.
  Checker(const Problem& problem, const Certificate& certificate,
          std::vector<EmptyBox>* reasons = nullptr, std::size_t most = 0)
      : problem_(problem), certificate_(certificate), reasons_(reasons), most_reasons_(most) {
    for (std::size_t c = 0; c < problem.rule_clauses.size(); ++c)
      conditions_.push_back({-1, static_cast<int>(c)});
    for (int i = 0; i < problem.n(); ++i) {
      for (std::size_t d = 0; d < problem.leaves[at(i)].demands.size(); ++d)
        conditions_.push_back({i, static_cast<int>(d)});
    }
    for (const ProblemIssue& issue : problem.issues) box_.emplace_back(issue.pieces.size(), 1);
    consents_.assign(at(problem.n()), Consents::open);
  }

  Fault run(const Progress& progress) {
    if (certificate_.nodes.empty()) return "The certificate has no boxes.";
    if (certificate_.depth.has_value() != certificate_.package.has_value())
      return "A depth comes with a package that attains it, and only then.";
    if (certificate_.depth) {
      if (Fault fault = check_package()) return fault;
      if (*certificate_.depth >= 1) return std::nullopt;
    }
    visited_.assign(certificate_.nodes.size(), 0);
    // The tree is walked with one box, and what a branch takes from it is given back on the way up,
    // so that even a long chain of boxes needs little memory.
    struct Open {
      int node;
      int parent;
      bool first;
      std::size_t taken;  // before the branch
    };
    std::vector<Open> open{{0, -1, false, 0}};
    std::size_t steps = 0;
    while (!open.empty()) {
      if (++steps % 64 == 0 && !progress(std::min(1.0, static_cast<double>(steps) /
                                                           static_cast<double>(visited_.size()))))
        return "The check was stopped.";
      const Open here = open.back();
      open.pop_back();
      give_back(here.taken);
      if (here.node < 0 || at(here.node) >= visited_.size())
        return "A branch leads to a box that is not there.";
      if (visited_[at(here.node)]) return name(here.node) + " is reached twice.";
      visited_[at(here.node)] = 1;
      if (here.parent >= 0) take(certificate_.nodes[at(here.parent)], here.first);
      const CertificateNode& node = certificate_.nodes[at(here.node)];
      if (node.kind == CertificateNode::Kind::closed) {
        if (Fault fault = check_closed(here.node)) return fault;
        continue;
      }
      if (Fault fault = check_branch(here.node)) return fault;
      for (const bool first : {true, false})
        open.push_back({node.children[first ? 0 : 1], here.node, first, taken_.size()});
    }
    return std::nullopt;
  }

 private:
  // A rule that is a clause, or a demand of a leaf.
  struct Condition {
    int leaf;   // −1: a rule
    int index;  // in Problem::rule_clauses, or in the demands of the leaf
  };

  // What a branch changed: a piece that was there, or what was said of a leaf.
  struct Taken {
    int issue;  // −1: a leaf
    std::size_t which;
    Consents was;
  };

  void take(const CertificateNode& branch, bool first) {
    if (branch.kind == CertificateNode::Kind::by_leaf) {
      Consents& consents = consents_[at(branch.leaf)];
      taken_.push_back({-1, at(branch.leaf), consents});
      consents = first ? Consents::counted_on : Consents::done_without;
      return;
    }
    auto& pieces = box_[at(branch.issue)];
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      if (!pieces[k] || (branch.in[k] != 0) == first) continue;
      pieces[k] = 0;
      taken_.push_back({branch.issue, k, Consents::open});
    }
  }

  void give_back(std::size_t until) {
    while (taken_.size() > until) {
      const Taken& last = taken_.back();
      if (last.issue < 0) {
        consents_[last.which] = last.was;
      } else {
        box_[at(last.issue)][last.which] = 1;
      }
      taken_.pop_back();
    }
  }

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

  bool apply_demand(Box& box, const LeafDemand& demand) const {
    if (demand.clause) return apply(box, *demand.clause);
    return keep(box, demand.limit->issue, soft(demand) ? tolerable(demand) : demand.limit->pieces);
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

  // What narrows a box: conditions in the order of `conditions_`, without those that are left out.
  struct Narrowing {
    std::vector<char> without;   // conditions×1
    std::vector<char> used;      // conditions×1: those that took something away
    std::optional<int> emptied;  // the issue that has nothing left, or kConsent
  };
  static constexpr int kConsent = -1;

  // Applies the rules and what the leaves counted on insist upon until nothing changes.
  void narrow(Box& box, std::vector<Consents>& consents, Narrowing& how) const {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t j = 0; j < box.size(); ++j) {
        if (std::find(box[j].begin(), box[j].end(), 1) != box[j].end()) continue;
        how.emptied = static_cast<int>(j);
        return;
      }
      if (!count_on(box, consents, changed)) {
        how.emptied = kConsent;
        return;
      }
      for (std::size_t c = 0; c < conditions_.size(); ++c) {
        const Condition& condition = conditions_[c];
        if (how.without[c]) continue;
        const bool rule = condition.leaf < 0;
        if (!rule && consents[at(condition.leaf)] != Consents::counted_on) continue;
        const bool took =
            rule ? apply(box, problem_.rule_clauses[at(condition.index)])
                 : apply_demand(box,
                                problem_.leaves[at(condition.leaf)].demands[at(condition.index)]);
        how.used[c] = static_cast<char>(how.used[c] || took);
        changed |= took;
      }
    }
  }

  Narrowing narrowing() const {
    return {std::vector<char>(conditions_.size(), 0), std::vector<char>(conditions_.size(), 0),
            std::nullopt};
  }

  Fault check_closed(int index) {
    Box box = box_;
    std::vector<Consents> consents = consents_;
    Narrowing full = narrowing();
    narrow(box, consents, full);
    if (!full.emptied) return check_multipliers(index, box, consents);
    if (reasons_ != nullptr && reasons_->size() < most_reasons_) explain(index, full);
    return std::nullopt;
  }

  // Of the conditions that empty a box, as many are left out, the last first, as still leave
  // nothing.
  void explain(int index, const Narrowing& full) {
    EmptyBox why;
    why.node = index;
    why.pieces = box_;
    Narrowing last = full;
    std::vector<char> without(conditions_.size(), 1);
    for (std::size_t c = 0; c < conditions_.size(); ++c) without[c] = full.used[c] ? 0 : 1;
    for (std::size_t c = conditions_.size(); c-- > 0;) {
      if (without[c]) continue;
      if (most_tests_ < conditions_.size()) break;
      most_tests_ -= conditions_.size();
      without[c] = 1;
      Box box = box_;
      std::vector<Consents> consents = consents_;
      Narrowing fewer = narrowing();
      fewer.without = without;
      narrow(box, consents, fewer);
      if (fewer.emptied) {
        last = fewer;
      } else {
        without[c] = 0;
      }
    }
    if (*last.emptied != kConsent) why.issue = *last.emptied;
    for (std::size_t c = 0; c < conditions_.size(); ++c) {
      if (without[c]) continue;
      const Condition& condition = conditions_[c];
      if (condition.leaf < 0) {
        why.rules.push_back(problem_.rule_of_clause[at(condition.index)]);
      } else {
        why.demands.emplace_back(condition.leaf, condition.index);
      }
    }
    for (int i = 0; i < problem_.n(); ++i) {
      if (consents_[at(i)] == Consents::done_without) why.done_without.push_back(i);
      if (never(problem_.leaves[at(i)])) why.never.push_back(i);
    }
    reasons_->push_back(std::move(why));
  }

  // A weighted sum of functions that are straight on every piece: weights per leaf on its
  // integers, and all that is easily written in fractions.
  struct Sum {
    std::vector<std::pair<const Leaf*, Rational>> utilities;  // weights of U_i
    std::vector<std::pair<const LeafDemand*, Rational>> ends;
    std::vector<Rational> places;  // m×1: coefficients of x_j
    Rational constant;
  };

  // The greatest value of the sum over the box. The weights are brought to one denominator first,
  // so that long fractions are not brought to one again at every settlement.
  Rational greatest(const Box& box, const Sum& fractions) const {
    Sum sum = fractions;
    Integer unit = 1;
    const auto count_in = [&](const Rational& weight) {
      unit = boost::multiprecision::lcm(unit, boost::multiprecision::denominator(weight));
    };
    for (const auto& [leaf, weight] : sum.utilities) count_in(weight);
    for (const auto& [demand, weight] : sum.ends) count_in(weight);
    for (const Rational& weight : sum.places) count_in(weight);
    for (auto& [leaf, weight] : sum.utilities) weight *= unit;
    for (auto& [demand, weight] : sum.ends) weight *= unit;
    for (Rational& weight : sum.places) weight *= unit;
    Rational total = sum.constant * unit;
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
    return total / unit;
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
  std::vector<EmptyBox>* reasons_;
  std::size_t most_reasons_;
  std::size_t most_tests_ = 20'000'000;  // of conditions, for reasons that cannot do with fewer
  std::vector<Condition> conditions_;
  std::vector<char> visited_;
  Box box_;                         // where the walk is
  std::vector<Consents> consents_;  // n×1
  std::vector<Taken> taken_;        // on the way there
};

}  // namespace

std::optional<std::string> find_fault(const Problem& problem, const Certificate& certificate,
                                      const Progress& progress) {
  return Checker(problem, certificate).run(progress);
}

Problem problem_of_part(const Problem& problem, int leaf, const std::vector<char>& issues) {
  Problem part;
  part.issues = problem.issues;
  part.rule_clauses = problem.rule_clauses;
  part.rule_of_clause = problem.rule_of_clause;
  part.linear_rules = problem.linear_rules;
  part.parties = problem.parties;
  part.tree.kind = Consent::Kind::leaf;
  part.tree.leaf = 0;
  Leaf alone = problem.leaves[at(leaf)];
  alone.when.reset();
  alone.demands.clear();
  alone.reservation = 0;
  alone.best = 1;
  for (std::size_t j = 0; j < alone.worth.size(); ++j) {
    auto& line = alone.worth[j];
    if (line.empty()) continue;
    if (!issues[j]) std::fill(line.begin(), line.end(), PieceWorth());
    Int128 least = line[0].at_from;
    Int128 most = line[0].at_from;
    for (const PieceWorth& worth : line) {
      least = std::min({least, worth.at_from, worth.at_to});
      most = std::max({most, worth.at_from, worth.at_to});
    }
    alone.reservation += least;
    alone.best += most;
  }
  part.leaves.push_back(std::move(alone));
  return part;
}

std::optional<std::string> find_fault(const Problem& problem, const BestProof& proof,
                                      const Progress& progress) {
  if (proof.leaf < 0 || proof.leaf >= problem.n() || !problem.leaves[at(proof.leaf)].has_utility)
    return "There is no such leaf with a utility.";
  const Leaf& leaf = problem.leaves[at(proof.leaf)];
  std::vector<int> parts(at(problem.m()), 0);
  Rational sum = 0;
  for (const BestProof::Part& part : proof.parts) {
    if (part.issues.size() != parts.size()) return "A part names issues that are not there.";
    for (std::size_t j = 0; j < parts.size(); ++j) parts[j] += part.issues[j] != 0 ? 1 : 0;
    sum += part.best;
  }
  if (std::any_of(parts.begin(), parts.end(), [](int times) { return times != 1; }))
    return "The parts do not hold every issue once.";
  if (sum != proof.best)
    return "The parts add up to " + to_text(sum) + ", not to " + to_text(proof.best) + ".";
  for (std::size_t p = 0; p < proof.parts.size(); ++p) {
    const BestProof::Part& part = proof.parts[p];
    const Problem alone = problem_of_part(problem, proof.leaf, part.issues);
    const Leaf& scale = alone.leaves[0];
    const Rational margin = (part.best * leaf.unit - make_integer(scale.reservation)) /
                            make_integer(scale.best - scale.reservation);
    // No margin of such a part reaches 1; a depth of 1 would need no boxes.
    if (margin >= 1) return "Part " + std::to_string(p) + " gives more than there is.";
    const Certificate certificate{DepthKind::hard, margin, proof.package, part.nodes};
    if (auto fault = find_fault(alone, certificate, progress))
      return "Part " + std::to_string(p) + ": " + *fault;
  }
  if (proof.best * leaf.unit != make_integer(leaf.best))
    return "It is not what the margins are measured by.";
  return std::nullopt;
}

std::vector<EmptyBox> empty_boxes(const Problem& problem, const Certificate& certificate,
                                  std::size_t most, const Progress& progress) {
  std::vector<EmptyBox> found;
  if (Checker(problem, certificate, &found, most).run(progress)) found.clear();
  std::sort(found.begin(), found.end(),
            [](const EmptyBox& a, const EmptyBox& b) { return a.node < b.node; });
  return found;
}

}  // namespace zopa
