// SPDX-License-Identifier: MIT
#include "model/answers/shares.hpp"

#include <algorithm>
#include <cmath>

#include "model/engine/matrix_game.hpp"
#include "model/tools/error.hpp"
#include "model/tools/linear_program.hpp"

namespace zopa {
namespace {

constexpr double kActive = 1e-9;  // multipliers and weights below this are not in the basis

std::size_t at(int i) { return static_cast<std::size_t>(i); }

using Vector = std::vector<Rational>;

Rational dot(const Vector& a, const Vector& b) {
  Rational sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k] != 0 && b[k] != 0) sum += a[k] * b[k];
  }
  return sum;
}

class Relaxation {
 public:
  Relaxation(const DepthFinder& finder, DepthKind kind, const std::vector<int>& who)
      : search_(finder.search(kind)),
        progress_(finder.progress()),
        go_on_([this] { return progress_(0.0); }) {
    tree_.kind = Consent::Kind::all;
    for (const int i : who) {
      Tree leaf;
      leaf.kind = Consent::Kind::leaf;
      leaf.leaf = i;
      tree_.members.push_back(leaf);
      for (const int f : search_.rows(i)) {
        forms_.push_back(f);
        leaf_.push_back(i);
      }
    }
  }

  std::size_t rows() const { return forms_.size(); }

  std::optional<Shares> solve(const Package& start) {
    Shares shares;
    shares.share.resize(at(search_.problem().n()));
    shares.relaxed_depth = 1;
    if (forms_.empty()) return shares;
    add_column(start);
    if (!find_value()) return std::nullopt;
    shares.relaxed_depth = value_;
    const std::optional<Vector> least = least_norm();
    if (!least) return std::nullopt;
    for (const int i : leaf_) shares.share[at(i)] = 0;
    for (std::size_t r = 0; r < rows(); ++r) *shares.share[at(leaf_[r])] += (*least)[r];
    return shares;
  }

 private:
  // ---- columns: packages, as the values of the rows ---------------------------------------------

  std::size_t add_column(const Package& package) {
    const Problem& problem = search_.problem();
    Vector column;
    for (std::size_t r = 0; r < rows(); ++r) {
      column.push_back(asked(problem.leaves[at(leaf_[r])], package.pieces)
                           ? zopa::value(search_.form(forms_[r]), problem, package)
                           : Rational(1));
    }
    const auto same = std::find(columns_.begin(), columns_.end(), column);
    if (same != columns_.end()) return static_cast<std::size_t>(same - columns_.begin());
    columns_.push_back(std::move(column));
    packages_.push_back(package);
    return columns_.size() - 1;
  }

  // The package with the greatest Σ λ_r f_r, as a column; nothing when the search was stopped.
  std::optional<std::size_t> price(const Vector& lambda) {
    Search::Request request;
    request.tree = tree_;
    request.progress = progress_;
    Level level{Level::Kind::weighted, 1, {}, {}, false};
    for (std::size_t r = 0; r < rows(); ++r) {
      if (lambda[r] == 0) continue;
      level.items.push_back({{forms_[r]}, leaf_[r], 1});
      level.weights.push_back(lambda[r]);
    }
    request.level = std::move(level);
    std::size_t best = 0;
    for (std::size_t c = 1; c < columns_.size(); ++c) {
      if (dot(lambda, columns_[c]) > dot(lambda, columns_[best])) best = c;
    }
    request.hints = {packages_[best]};
    const Search::Result result = search_.run(request);
    if (!result.finished || !result.package) return std::nullopt;
    return add_column(*result.package);
  }

  // ---- the value of the game --------------------------------------------------------------------

  // Sets value_, lambda_ and mixture_ (weights of columns), all exact and proven optimal.
  bool find_value() {
    const std::vector<int> support = guess();
    if (!stopped_ && solve_basis(support)) return true;
    return !stopped_ && solve_program();
  }

  // Column generation in double precision; the columns of the last mixture.
  std::vector<int> guess() {
    double floor = 0;
    for (const int f : forms_) floor = std::min(floor, least_of(search_.form(f)));
    MatrixGame game(std::vector<int>(rows(), 0), 0, 1, floor - 1);
    const auto priced = [&](std::size_t c, const std::vector<double>& multipliers) {
      MatrixGame::Priced result{{}, 0, static_cast<int>(c)};
      for (std::size_t r = 0; r < rows(); ++r) {
        result.column.rows.push_back(to_double(columns_[c][r]));
        if (!multipliers.empty()) result.value += multipliers[r] * result.column.rows.back();
      }
      return result;
    };
    const auto result = game.run(
        priced(0, {}), {},
        [&](const std::vector<double>& multipliers) {
          Vector lambda;
          for (const double m : multipliers) {
            lambda.push_back(Rational(Integer(std::round(m * 0x1p40)), Integer(1) << 40));
          }
          const auto column = price(lambda);
          stopped_ = stopped_ || !column;
          return priced(column.value_or(0), multipliers);
        },
        -1e300, go_on_);
    active_.clear();
    for (std::size_t r = 0; r < result.multipliers.size(); ++r) {
      if (result.multipliers[r] > kActive) active_.push_back(r);
    }
    std::vector<int> support;
    for (const auto& [tag, weight] : result.mixture) {
      if (weight > kActive) support.push_back(tag);
    }
    return support;
  }

  double least_of(const Form& form) const {
    Rational least = form.constant;
    for (const auto& line : form.terms) {
      if (line.empty()) continue;
      Int128 lowest = line.front().at_from;
      for (const PieceWorth& w : line) lowest = std::min({lowest, w.at_from, w.at_to});
      least += make_rational(lowest);
    }
    return to_double(form.factor * least);
  }

  // At the optimum every package of the mixture is worth the same under λ, and every row with a
  // multiplier is worth the same under the mixture. Solves both in fractions and proves the result.
  bool solve_basis(const std::vector<int>& support) {
    if (support.empty() || active_.empty()) return false;
    const auto equations = [](std::size_t unknowns, std::size_t count, const auto& entry) {
      std::vector<Vector> a;
      Vector b;
      for (std::size_t k = 0; k < count; ++k) {
        Vector line;
        for (std::size_t u = 0; u < unknowns; ++u) line.push_back(entry(k, u));
        line.emplace_back(-1);
        a.push_back(std::move(line));
        b.emplace_back(0);
      }
      Vector sum(unknowns, Rational(1));
      sum.emplace_back(0);
      a.push_back(std::move(sum));
      b.emplace_back(1);
      return solve_equations(std::move(a), std::move(b));
    };
    const auto lambda = equations(
        active_.size(), support.size(),
        [&](std::size_t k, std::size_t u) { return columns_[at(support[k])][active_[u]]; });
    const auto weight = equations(
        support.size(), active_.size(),
        [&](std::size_t k, std::size_t u) { return columns_[at(support[u])][active_[k]]; });
    if (!lambda || !weight || lambda->back() != weight->back()) return false;
    const auto negative = [](const Rational& x) { return x < 0; };
    if (std::any_of(lambda->begin(), lambda->end() - 1, negative) ||
        std::any_of(weight->begin(), weight->end() - 1, negative)) {
      return false;
    }
    lambda_.assign(rows(), 0);
    for (std::size_t u = 0; u < active_.size(); ++u) lambda_[active_[u]] = (*lambda)[u];
    mixture_.clear();
    for (std::size_t u = 0; u < support.size(); ++u) {
      if ((*weight)[u] > 0) mixture_.emplace_back(at(support[u]), (*weight)[u]);
    }
    value_ = lambda->back();
    for (std::size_t r = 0; r < rows(); ++r) {
      if (mixed(r) < value_) return false;
    }
    const auto best = price(lambda_);
    stopped_ = stopped_ || !best;
    return best && dot(lambda_, columns_[*best]) <= value_;
  }

  Rational mixed(std::size_t r) const {
    Rational sum = 0;
    for (const auto& [c, weight] : mixture_) sum += weight * columns_[c][r];
    return sum;
  }

  // The same in fractions from the columns known, which it extends until nothing better is priced.
  bool solve_program() {
    while (true) {
      // maximise t⁺ − t⁻ subject to t ≤ Σ_c α_c f_r(c) for every row, Σ α = 1
      const std::size_t columns = columns_.size();
      LinearProgram program;
      program.objective.assign(columns + 2, 0);
      program.objective[columns] = 1;
      program.objective[columns + 1] = -1;
      for (std::size_t r = 0; r < rows(); ++r) {
        LinearProgram::Row row{Vector(columns + 2), 0};
        for (std::size_t c = 0; c < columns; ++c) row.coefficients[c] = -columns_[c][r];
        row.coefficients[columns] = 1;
        row.coefficients[columns + 1] = -1;
        program.rows.push_back(std::move(row));
      }
      for (const int sign : {1, -1}) {
        LinearProgram::Row row{Vector(columns + 2), sign};
        for (std::size_t c = 0; c < columns; ++c) row.coefficients[c] = sign;
        program.rows.push_back(std::move(row));
      }
      const LinearSolution solution = zopa::solve(program, go_on_);
      if (solution.status != LinearSolution::Status::optimal) return false;
      value_ = solution.value;
      lambda_.assign(solution.duals.begin(),
                     solution.duals.begin() + static_cast<std::ptrdiff_t>(rows()));
      mixture_.clear();
      for (std::size_t c = 0; c < columns; ++c) {
        if (solution.point[c] > 0) mixture_.emplace_back(c, solution.point[c]);
      }
      const auto best = price(lambda_);
      if (!best) return false;
      if (dot(lambda_, columns_[*best]) <= value_) return true;
    }
  }

  // ---- of all optimal multipliers, the least norm -----------------------------------------------

  // The optimal multipliers with the least Σ over leaves of (Σ of the leaf's λ_r)².
  std::optional<Vector> least_norm() {
    // Rows that the mixture leaves slack have no multiplier in any optimum.
    tight_.clear();
    for (std::size_t r = 0; r < rows(); ++r) {
      if (mixed(r) == value_) tight_.push_back(r);
    }
    std::vector<Vector> corners = {lambda_};
    Vector weights = {Rational(1)};
    Vector point = lambda_;
    while (true) {
      const auto corner = corner_towards(point);
      if (!corner) return std::nullopt;
      if (squared(point, point) <= squared(point, *corner)) return point;
      corners.push_back(*corner);
      weights.emplace_back(0);
      while (!move_to_affine_least(corners, weights)) {
      }
      point.assign(rows(), 0);
      for (std::size_t c = 0; c < corners.size(); ++c) {
        for (std::size_t r = 0; r < rows(); ++r) point[r] += weights[c] * corners[c][r];
      }
    }
  }

  Vector of_leaves(const Vector& lambda) const {
    Vector sums(at(search_.problem().n()));
    for (std::size_t r = 0; r < rows(); ++r) sums[at(leaf_[r])] += lambda[r];
    return sums;
  }

  Rational squared(const Vector& a, const Vector& b) const {
    return dot(of_leaves(a), of_leaves(b));
  }

  // Wolfe's minor cycle: towards the least norm of the affine hull of the corners, as far as the
  // weights stay ≥ 0; drops a corner whose weight gets 0. Whether the least was reached.
  bool move_to_affine_least(std::vector<Vector>& corners, Vector& weights) const {
    const std::size_t n = corners.size();
    std::vector<Vector> a;
    Vector b;
    for (std::size_t k = 0; k < n; ++k) {
      Vector line;
      for (std::size_t c = 0; c < n; ++c) line.push_back(squared(corners[k], corners[c]));
      line.emplace_back(-1);
      a.push_back(std::move(line));
      b.emplace_back(0);
    }
    Vector sum(n, Rational(1));
    sum.emplace_back(0);
    a.push_back(std::move(sum));
    b.emplace_back(1);
    const auto target = solve_equations(std::move(a), std::move(b));
    // A corner that lies nearer to the origin than the plane of the others is independent of them.
    if (!target) throw ModelError("corners of optimal multipliers depend on each other");
    Rational step = 1;
    for (std::size_t c = 0; c < n; ++c) {
      if ((*target)[c] < 0)
        step = std::min(step, Rational(weights[c] / (weights[c] - (*target)[c])));
    }
    for (std::size_t c = 0; c < n; ++c) weights[c] += step * ((*target)[c] - weights[c]);
    for (std::size_t c = n; c-- > 0;) {
      if (weights[c] != 0) continue;
      corners.erase(corners.begin() + static_cast<std::ptrdiff_t>(c));
      weights.erase(weights.begin() + static_cast<std::ptrdiff_t>(c));
    }
    return step == 1;
  }

  // An optimal multiplier with the least product with `direction`: a linear program whose rows, one
  // a package, are priced in until none is violated.
  std::optional<Vector> corner_towards(const Vector& direction) {
    const Vector cost = of_leaves(direction);
    while (true) {
      LinearProgram program;
      for (const std::size_t r : tight_) program.objective.push_back(-cost[at(leaf_[r])]);
      for (const int sign : {1, -1}) {
        program.rows.push_back({Vector(tight_.size(), Rational(sign)), sign});
      }
      for (const Vector& column : columns_) {
        LinearProgram::Row row{{}, value_};
        for (const std::size_t r : tight_) row.coefficients.push_back(column[r]);
        program.rows.push_back(std::move(row));
      }
      const LinearSolution solution = zopa::solve(program, go_on_);
      if (solution.status != LinearSolution::Status::optimal) return std::nullopt;
      Vector lambda(rows());
      for (std::size_t k = 0; k < tight_.size(); ++k) lambda[tight_[k]] = solution.point[k];
      const auto worst = price(lambda);
      if (!worst) return std::nullopt;
      if (dot(lambda, columns_[*worst]) <= value_) return lambda;
    }
  }

  const Search& search_;
  const Progress& progress_;
  std::function<bool()> go_on_;
  Tree tree_;
  std::vector<int> forms_;  // of the search, one a row
  std::vector<int> leaf_;   // of each row
  std::vector<Vector> columns_;
  std::vector<Package> packages_;
  std::vector<std::size_t> active_;
  std::vector<std::size_t> tight_;
  Rational value_;
  Vector lambda_;
  std::vector<std::pair<std::size_t, Rational>> mixture_;
  bool stopped_ = false;
};

}  // namespace

std::optional<Shares> relaxed_shares(const DepthFinder& finder, const Depth& depth,
                                     const std::vector<int>& who) {
  Relaxation relaxation(finder, depth.kind, who);
  return relaxation.solve(*depth.package);
}

}  // namespace zopa
