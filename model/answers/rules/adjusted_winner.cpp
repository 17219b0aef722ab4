// SPDX-License-Identifier: MIT
#include <algorithm>
#include <tuple>

#include "model/answers/rules.hpp"

namespace zopa {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// An issue that goes over from the first party to the second: what the one loses and the other
// gains.
struct Transfer {
  int issue = 0;
  Rational lost;
  Rational gained;
};

// Why the method does not apply; empty: it does.
std::string obstacle(const RuleContext& context) {
  const Problem& problem = context.problem;
  const auto whole = [](const Leaf& leaf) {
    return leaf.has_utility && !leaf.when &&
           std::all_of(leaf.in_scope.begin(), leaf.in_scope.end(), [](char in) { return in != 0; });
  };
  if (problem.n() != 2 || problem.leaves[0].party == problem.leaves[1].party)
    return "left out: it is defined for two parties";
  if (problem.tree.kind != Consent::Kind::all ||
      !std::all_of(problem.leaves.begin(), problem.leaves.end(), whole))
    return "left out: it is defined for two whole parties that must both accept";
  if (!context.scenario.rules.empty()) return "left out: it is not defined under rules";
  return "";
}

// A place on an issue with its worth w_ij v_ij to both.
struct Choice {
  Rational place;
  Rational worth[2];
};

std::vector<Choice> choices(const Problem& problem, int j) {
  std::vector<Choice> all;
  const auto& pieces = problem.issues[at(j)].pieces;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    Choice from{pieces[k].from, {}};
    Choice to{pieces[k].to, {}};
    for (std::size_t i = 0; i < 2; ++i) {
      const Leaf& leaf = problem.leaves[i];
      from.worth[i] = make_rational(leaf.worth[at(j)][k].at_from) / leaf.unit;
      to.worth[i] = make_rational(leaf.worth[at(j)][k].at_to) / leaf.unit;
    }
    all.push_back(std::move(from));
    if (!pieces[k].point()) all.push_back(std::move(to));
  }
  return all;
}

// What the leaf wants most; of several, what the other wants most among them; then the first.
const Choice& best_for(const std::vector<Choice>& all, std::size_t i) {
  return *std::max_element(all.begin(), all.end(), [&](const Choice& a, const Choice& b) {
    return std::tie(a.worth[i], a.worth[1 - i]) < std::tie(b.worth[i], b.worth[1 - i]);
  });
}

// The demands that the mixture breaks: red lines beyond which any part of it lies, linked demands
// that break with the split issue on one side or the other, and reservations.
std::string broken_demands(const RuleContext& context, const Agreement& agreement) {
  const Problem& problem = context.problem;
  std::vector<Demand> broken;
  for (const std::vector<Rational>* side : {&agreement.first_best, &agreement.second_best}) {
    std::vector<Rational> places;
    for (std::size_t j = 0; j < side->size(); ++j) {
      const Rational& share = agreement.first_party_share[j];
      places.push_back(share == 1   ? agreement.first_best[j]
                       : share == 0 ? agreement.second_best[j]
                                    : (*side)[j]);
    }
    const Package package = make_package(problem, places);
    for (int i = 0; i < problem.n(); ++i) {
      for (const Demand& demand : view(problem, i, package).broken) {
        if (demand.kind != Demand::Kind::reservation &&
            std::find(broken.begin(), broken.end(), demand) == broken.end()) {
          broken.push_back(demand);
        }
      }
    }
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const Leaf& leaf = problem.leaves[i];
    if (agreement.mixed_utility[i] * leaf.unit < make_rational(leaf.reservation))
      broken.push_back({Demand::Kind::reservation, leaf.party, 0});
  }
  std::string text;
  for (const Demand& demand : broken)
    text += (text.empty() ? "breaks " : "; ") + demand_text(context.scenario, demand);
  return text;
}

}  // namespace

Agreement adjusted_winner(RuleContext& context) {
  const Problem& problem = context.problem;
  Agreement agreement;
  agreement.note = obstacle(context);
  if (!agreement.note.empty()) return agreement;
  agreement.exists = true;
  Rational utility[2];
  std::vector<Transfer> transfers;
  for (int j = 0; j < problem.m(); ++j) {
    const std::vector<Choice> all = choices(problem, j);
    const Choice& first = best_for(all, 0);
    const Choice& second = best_for(all, 1);
    for (std::size_t i = 0; i < 2; ++i) utility[i] += first.worth[i];
    const Transfer transfer{j, first.worth[0] - second.worth[0], second.worth[1] - first.worth[1]};
    const bool agreed = transfer.lost == 0;  // then nothing is gained either
    agreement.first_best.push_back(first.place);
    agreement.second_best.push_back(agreed ? first.place : second.place);
    agreement.first_party_share.emplace_back(1);
    if (!agreed) transfers.push_back(transfer);
  }
  std::stable_sort(transfers.begin(), transfers.end(), [](const Transfer& a, const Transfer& b) {
    return a.lost * b.gained < b.lost * a.gained;
  });
  for (const Transfer& transfer : transfers) {
    if (utility[0] <= utility[1]) break;
    const Rational share = std::min(
        Rational(1), Rational((utility[0] - utility[1]) / (transfer.lost + transfer.gained)));
    utility[0] -= share * transfer.lost;
    utility[1] += share * transfer.gained;
    agreement.first_party_share[at(transfer.issue)] = 1 - share;
    if (share < 1) agreement.split_issue = transfer.issue;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    agreement.mixed_parties.push_back(problem.leaves[i].party);
    agreement.mixed_utility.push_back(utility[i]);
  }
  agreement.note = broken_demands(context, agreement);
  return agreement;
}

}  // namespace zopa
