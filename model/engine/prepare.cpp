// SPDX-License-Identifier: MIT
#include "model/engine/prepare.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include "model/engine/search.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

std::vector<int> issues_of(const Clause& clause) {
  std::vector<int> issues;
  for (const auto* sets : {&clause.when, &clause.require}) {
    for (const PieceSet& set : *sets) issues.push_back(set.issue);
  }
  return issues;
}

std::vector<int> issues_of(const LinearRule& rule) {
  std::vector<int> issues;
  for (const auto& [j, coefficient] : rule.sum) issues.push_back(j);
  return issues;
}

// The agreement space as a product: issues that some rule ties together make a part, every other
// issue is free. What is additive is then greatest part by part, and a search never has to combine
// what does not belong together.
class AgreementSpace {
 public:
  explicit AgreementSpace(const Problem& problem)
      : problem_(problem), group_(tied_issues(problem)) {
    for (int j = 0; j < problem.m(); ++j) {
      if (group_[at(j)] == j) add_part(j);
    }
  }

  bool empty() const {
    return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) {
      Search::Request request;
      request.pieces = part.pieces;
      request.any = true;
      return !part.search->run(request).package;
    });
  }

  // Nothing when the space is empty.
  std::optional<Rational> greatest(const Form& form) {
    Integer free = 0;
    for (int j = 0; j < problem_.m(); ++j) {
      if (group_[at(j)] != kFreeIssue || form.terms[at(j)].empty()) continue;
      Int128 most = form.terms[at(j)][0].at_from;
      for (const PieceWorth& w : form.terms[at(j)]) most = std::max({most, w.at_from, w.at_to});
      free += make_integer(most);
    }
    Rational sum = form.factor * (form.constant + free);
    for (Part& part : parts_) {
      Form own = form;
      own.constant = 0;
      for (int j = 0; j < problem_.m(); ++j) {
        if (group_[at(j)] != part.group) own.terms[at(j)].clear();
      }
      Search::Request request;
      request.pieces = part.pieces;
      request.level =
          Level{Level::Kind::weighted, 1, {Item{{part.search->add(own)}, -1, 1}}, {1}, false};
      const auto value = part.search->run(request).value;
      if (!value) return std::nullopt;
      sum += *value;
    }
    return sum;
  }

 private:
  // The rules of one group of issues; the others stand still.
  struct Part {
    int group = 0;
    std::unique_ptr<Problem> problem;
    std::unique_ptr<Search> search;
    std::vector<std::vector<char>> pieces;
  };

  void add_part(int group) {
    Part part;
    part.group = group;
    part.problem = std::make_unique<Problem>();
    part.problem->issues = problem_.issues;  // without leaves: nobody is asked
    const auto ours = [&](const auto& rule) { return group_[at(issues_of(rule)[0])] == group; };
    for (std::size_t c = 0; c < problem_.rule_clauses.size(); ++c) {
      if (!ours(problem_.rule_clauses[c])) continue;
      part.problem->rule_clauses.push_back(problem_.rule_clauses[c]);
      part.problem->rule_of_clause.push_back(problem_.rule_of_clause[c]);
    }
    for (const LinearRule& rule : problem_.linear_rules) {
      if (ours(rule)) part.problem->linear_rules.push_back(rule);
    }
    for (int j = 0; j < problem_.m(); ++j) {
      auto& pieces = part.pieces.emplace_back(problem_.issues[at(j)].pieces.size(), 1);
      if (group_[at(j)] != group) std::fill(pieces.begin() + 1, pieces.end(), 0);
    }
    part.search = std::make_unique<Search>(*part.problem, DepthKind::hard);
    parts_.push_back(std::move(part));
  }

  const Problem& problem_;
  std::vector<int> group_;  // see tied_issues
  std::vector<Part> parts_;
};

}  // namespace

std::vector<int> tied_issues(const Problem& problem) {
  std::vector<int> group(at(problem.m()));
  std::iota(group.begin(), group.end(), 0);
  std::vector<char> tied(at(problem.m()), 0);
  const auto tie = [&](const std::vector<int>& issues) {
    for (const int j : issues) {
      tied[at(j)] = 1;
      const int from = group[at(j)];
      const int to = group[at(issues[0])];
      std::replace(group.begin(), group.end(), std::max(from, to), std::min(from, to));
    }
  };
  for (const Clause& clause : problem.rule_clauses) tie(issues_of(clause));
  for (const LinearRule& rule : problem.linear_rules) tie(issues_of(rule));
  for (std::size_t j = 0; j < group.size(); ++j) {
    if (!tied[j]) group[j] = kFreeIssue;
  }
  return group;
}

std::optional<Rational> greatest(const Problem& problem, const Form& form) {
  return AgreementSpace(problem).greatest(form);
}

std::optional<Rational> least(const Problem& problem, const Form& form) {
  Form negated = form;
  for (auto& line : negated.terms) {
    for (PieceWorth& worth : line) worth = {-worth.at_from, -worth.at_to};
  }
  negated.constant = -form.constant;
  const auto value = greatest(problem, negated);
  return value ? std::optional<Rational>(-*value) : std::nullopt;
}

bool agreement_space_empty(const Problem& problem) { return AgreementSpace(problem).empty(); }

std::optional<Problem> try_make_problem(const Scenario& scenario) {
  Problem problem = frame_problem(scenario);
  AgreementSpace space(problem);
  if (space.empty()) return std::nullopt;
  for (Leaf& leaf : problem.leaves) {
    if (leaf.has_utility) set_best(leaf, *space.greatest(utility_form(leaf)));
  }
  return problem;
}

Problem make_problem(const Scenario& scenario) {
  std::optional<Problem> problem = try_make_problem(scenario);
  if (!problem) throw ModelError("the agreement space is empty: no package satisfies the rules");
  return std::move(*problem);
}

}  // namespace zopa
