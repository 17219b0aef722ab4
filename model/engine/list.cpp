// SPDX-License-Identifier: MIT
#include "model/engine/list.hpp"

#include <algorithm>

#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

constexpr std::uint64_t kVisitsBetweenQuestions = 1 << 14;
constexpr std::uint64_t kTakesBetweenQuestions = 8;  // `keep` looks at every leaf and issue

class Lister {
 public:
  Lister(const Problem& problem, const std::vector<ListRow>& rows,
         const std::function<bool(const std::vector<int>&)>& keep, const ListSettings& settings)
      : problem_(problem), keep_(keep), settings_(settings), chosen_(at(problem.m())) {
    for (const ListRow& row : rows) add(row.form, row.at_least);
    for (const LinearRule& rule : problem.linear_rules) add(rule_form(problem, rule), 0);
    for (const Clause& clause : problem.rule_clauses) {
      int last = 0;
      for (const auto* sets : {&clause.when, &clause.require}) {
        for (const PieceSet& set : *sets) last = std::max(last, set.issue);
      }
      clauses_.resize(at(problem.m()));
      clauses_[at(last)].push_back(&clause);
    }
    clauses_.resize(at(problem.m()));
  }

  Listing list() {
    if (possible_) visit(0);
    return std::move(listing_);
  }

 private:
  struct Row {
    std::vector<std::vector<PieceWorth>> terms;  // m×K_j; an empty line: 0
    std::vector<Int128> most;  // most[j]: the greatest sum over issues j, j+1, …
    Int128 need = 0;
  };

  // factor·(Σ + constant) ≥ least  ⇔  Σ ≥ least/factor − constant, rounded up to an integer.
  void add(const Form& form, const Rational& least) {
    const Rational exact = least / form.factor - form.constant;
    Integer need = numerator(exact) / denominator(exact);
    if (need * denominator(exact) < numerator(exact)) ++need;
    Row row{form.terms, std::vector<Int128>(at(problem_.m()) + 1, 0), 0};
    for (int j = problem_.m(); j-- > 0;) {
      Int128 greatest = 0;
      if (!row.terms[at(j)].empty()) {
        greatest = row.terms[at(j)].front().at_from;
        for (const PieceWorth& w : row.terms[at(j)]) greatest = std::max(greatest, w.at_from);
      }
      row.most[at(j)] = row.most[at(j) + 1] + greatest;
    }
    if (make_integer(row.most[0]) < need) {
      possible_ = false;
      return;
    }
    Int128 least_sum = 0;
    for (const auto& line : row.terms) {
      if (line.empty()) continue;
      Int128 lowest = line.front().at_from;
      for (const PieceWorth& w : line) lowest = std::min(lowest, w.at_from);
      least_sum += lowest;
    }
    if (make_integer(least_sum) >= need) return;  // always met
    row.need = *to_int128(need);
    rows_.push_back(std::move(row));
    sums_.emplace_back(at(problem_.m()) + 1, Int128(0));
  }

  // Whether to go on.
  bool visit(int j) {
    if (j == problem_.m()) return take();
    const auto settlements = static_cast<int>(problem_.issues[at(j)].pieces.size());
    for (int k = 0; k < settlements; ++k) {
      if (++visits_ > settings_.most_visits ||
          (visits_ % kVisitsBetweenQuestions == 0 && !settings_.progress(0))) {
        listing_.complete = false;
        return false;
      }
      chosen_[at(j)] = k;
      if (fits(j) && !visit(j + 1)) return false;
    }
    return true;
  }

  bool fits(int j) {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const auto& line = rows_[r].terms[at(j)];
      const Int128 sum = sums_[r][at(j)] + (line.empty() ? 0 : line[at(chosen_[at(j)])].at_from);
      if (sum + rows_[r].most[at(j) + 1] < rows_[r].need) return false;
      sums_[r][at(j) + 1] = sum;
    }
    return std::all_of(clauses_[at(j)].begin(), clauses_[at(j)].end(),
                       [&](const Clause* clause) { return holds(*clause, chosen_); });
  }

  bool take() {
    if (++takes_ % kTakesBetweenQuestions == 0 && !settings_.progress(0)) {
      listing_.complete = false;
      return false;
    }
    if (!keep_(chosen_)) return true;
    if (listing_.packages.size() == settings_.most_packages) {
      listing_.complete = false;
      return false;
    }
    listing_.packages.emplace_back(chosen_.begin(), chosen_.end());
    return true;
  }

  const Problem& problem_;
  const std::function<bool(const std::vector<int>&)>& keep_;
  const ListSettings& settings_;
  std::vector<Row> rows_;
  std::vector<std::vector<Int128>> sums_;            // [row][j]: over the issues before j
  std::vector<std::vector<const Clause*>> clauses_;  // by the last issue they speak of
  std::vector<int> chosen_;
  std::uint64_t visits_ = 0;
  std::uint64_t takes_ = 0;
  bool possible_ = true;
  Listing listing_;
};

}  // namespace

Listing list_packages(const Problem& problem, const std::vector<ListRow>& rows,
                      const std::function<bool(const std::vector<int>&)>& keep,
                      const ListSettings& settings) {
  if (!problem.discrete()) throw ModelError("a continuum cannot be listed");
  return Lister(problem, rows, keep, settings).list();
}

Package package_of(const Problem& problem, const std::vector<int>& settlements) {
  Package package{settlements, {}};
  for (std::size_t j = 0; j < settlements.size(); ++j)
    package.places.push_back(problem.issues[j].pieces[at(settlements[j])].from);
  return package;
}

}  // namespace zopa
