// SPDX-License-Identifier: MIT
#include "model/answers/drafts.hpp"

#include <algorithm>
#include <set>

#include "model/answers/depth.hpp"
#include "model/engine/form.hpp"

namespace zopa {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// The packages that complete a text.
DepthFinder::Where completions(const Problem& problem, const Draft& draft) {
  DepthFinder::Where where;
  where.places = draft.package;
  for (std::size_t j = 0; j < problem.issues.size(); ++j) {
    auto& pieces = where.pieces.emplace_back();
    for (const Piece& piece : problem.issues[j].pieces) {
      const auto& place = draft.package[j];
      pieces.push_back(!place || (piece.from <= *place && *place <= piece.to));
    }
  }
  return where;
}

class Scorer {
 public:
  Scorer(const Scenario& scenario, const Problem& problem, const SolveSettings& settings)
      : scenario_(scenario), problem_(problem), finder_(problem, settings.progress) {}

  DraftScore score(int index) {
    const Draft& draft = scenario_.drafts[at(index)];
    DraftScore score;
    score.draft = index;
    score.complete = std::all_of(draft.package.begin(), draft.package.end(),
                                 [](const auto& place) { return place.has_value(); });
    for (const auto& place : draft.package) score.chosen.push_back(place ? 0 : 1);
    const DepthFinder::Where where = completions(problem_, draft);
    const auto inside = possible(problem_, where, nullptr);
    score.inside = inside.value_or(true);
    if (!inside) score.proof = Proof::bounded;
    if (inside.has_value() && !*inside) {
      score.broken_rule = rule_to_blame(draft, where);
      return score;
    }
    find_depth(score, where);
    if (!score.package && score.complete) score.package = make_package(problem_, places(draft));
    if (score.package) {
      describe(score);
    } else if (score.proof == Proof::exact) {
      score.first_broken = surely_broken(where);
    }
    return score;
  }

 private:
  static std::vector<Rational> places(const Draft& draft) {
    std::vector<Rational> result;
    for (const auto& place : draft.package) result.push_back(*place);
    return result;
  }

  // The best completion in the kind hard, or else all.
  void find_depth(DraftScore& score, const DepthFinder::Where& where) const {
    Depth depth = finder_.find(DepthKind::hard, where);
    if (!depth.exists) depth = finder_.find(DepthKind::all, where);
    finder_.deepen(depth, where);
    score.kind = depth.kind;
    score.depth = depth.low;
    score.package = depth.package;
    if (depth.proof == Proof::bounded) score.proof = Proof::bounded;
  }

  void describe(DraftScore& score) const {
    std::set<int> asked;
    std::set<int> refusing;
    for (int i = 0; i < problem_.n(); ++i) {
      score.leaves.push_back(view(problem_, i, *score.package, score.kind));
      const LeafView& leaf = score.leaves.back();
      if (!leaf.asked) continue;
      const int party = problem_.leaves[at(i)].party;
      asked.insert(party);
      if (leaf.broken.empty()) continue;
      refusing.insert(party);
      if (!score.first_broken || party < score.first_broken->party)
        score.first_broken = leaf.broken.front();
    }
    std::set_difference(asked.begin(), asked.end(), refusing.begin(), refusing.end(),
                        std::back_inserter(score.accepted_by));
  }

  // Whether some package of the agreement space completes the text (and meets the need). Nothing:
  // the search was stopped.
  std::optional<bool> possible(const Problem& problem, const DepthFinder::Where& where,
                               const Form* need) const {
    Search search(problem, DepthKind::hard);
    Search::Request request;
    request.tree = Tree{};
    request.any = true;
    request.pieces = where.pieces;
    request.progress = finder_.progress();
    for (std::size_t j = 0; j < where.places.size(); ++j) {
      if (!where.places[j] || !problem.issues[j].continuous) continue;
      for (const int sign : {1, -1}) {
        const int issue = static_cast<int>(j);
        request.needs.push_back(search.add(place_form(problem, issue, *where.places[j], sign)));
      }
    }
    if (need != nullptr) request.needs.push_back(search.add(*need));
    const auto result = search.run(request);
    if (!result.finished) return std::nullopt;
    return result.package.has_value();
  }

  // The first rule that alone leaves no completion.
  std::optional<int> rule_to_blame(const Draft& draft, const DepthFinder::Where& where) const {
    if (std::all_of(draft.package.begin(), draft.package.end(),
                    [](const auto& place) { return place.has_value(); })) {
      return broken_rule(problem_, make_package(problem_, places(draft)));
    }
    for (std::size_t r = 0; r < scenario_.rules.size(); ++r) {
      const auto other = [&](int rule) { return rule != static_cast<int>(r); };
      Problem one = problem_;
      std::erase_if(one.linear_rules, [&](const LinearRule& rule) { return other(rule.rule); });
      one.rule_clauses.clear();
      for (std::size_t c = 0; c < problem_.rule_clauses.size(); ++c) {
        if (!other(problem_.rule_of_clause[c]))
          one.rule_clauses.push_back(problem_.rule_clauses[c]);
      }
      if (possible(one, where, nullptr) == std::optional(false)) return static_cast<int>(r);
    }
    return std::nullopt;
  }

  // The first demand that no completion keeps, where none has a depth.
  std::optional<Demand> surely_broken(const DepthFinder::Where& where) const {
    std::optional<Demand> first;
    const auto note = [&](const Demand& demand) {
      if (!first || demand.party < first->party) first = demand;
    };
    for (const Leaf& leaf : problem_.leaves) {
      if (first && first->party <= leaf.party) continue;
      if (leaf.when && !always(*leaf.when, where)) continue;
      const auto broken =
          std::find_if(leaf.demands.begin(), leaf.demands.end(),
                       [&](const LeafDemand& demand) { return !keepable(demand, where); });
      if (broken != leaf.demands.end()) {
        note(broken->demand);
      } else if (leaf.has_utility) {
        const Form surplus = surplus_form(leaf);
        if (possible(problem_, where, &surplus) == std::optional(false))
          note({Demand::Kind::reservation, leaf.party, 0});
      }
    }
    return first;
  }

  static bool always(const std::vector<PieceSet>& sets, const DepthFinder::Where& where) {
    return std::all_of(sets.begin(), sets.end(), [&](const PieceSet& set) {
      const auto& pieces = where.pieces[at(set.issue)];
      for (std::size_t k = 0; k < pieces.size(); ++k) {
        if (pieces[k] && !set.pieces[k]) return false;
      }
      return true;
    });
  }

  // Whether a completion keeps the demand.
  bool keepable(const LeafDemand& demand, const DepthFinder::Where& where) const {
    Problem asking = problem_;
    asking.rule_clauses.push_back(demand.clause ? *demand.clause : Clause{{}, {*demand.limit}});
    asking.rule_of_clause.push_back(-1);
    return possible(asking, where, nullptr) != std::optional(false);
  }

  const Scenario& scenario_;
  const Problem& problem_;
  DepthFinder finder_;
};

}  // namespace

std::vector<DraftScore> score_drafts(const Scenario& scenario, const Problem& problem,
                                     const SolveSettings& settings) {
  std::vector<DraftScore> scores;
  if (scenario.drafts.empty()) return scores;
  Scorer scorer(scenario, problem, settings);
  for (std::size_t d = 0; d < scenario.drafts.size(); ++d)
    scores.push_back(scorer.score(static_cast<int>(d)));
  return scores;
}

}  // namespace zopa
