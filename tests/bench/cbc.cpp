// SPDX-License-Identifier: MIT
#include "tests/bench/cbc.hpp"

#include <coin/CbcModel.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <coin/CoinPackedVector.hpp>
#include <coin/OsiClpSolverInterface.hpp>
#include <vector>

namespace zopa::bench {

const bool kHasCbc = true;

CbcDepth cbc_depth(const Problem& problem, double seconds) {
  // Columns: the depth t; for every issue its weights (one a settlement or breakpoint) and, where
  // continuous, a binary a segment.
  std::vector<CoinPackedVector> rows;
  std::vector<double> least, most;
  std::vector<char> whole{0};
  const auto add_row = [&](CoinPackedVector row, double low, double high) {
    rows.push_back(std::move(row));
    least.push_back(low);
    most.push_back(high);
  };
  const auto n = static_cast<std::size_t>(problem.n());
  std::vector<CoinPackedVector> margins(n);
  std::vector<double> constants(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Leaf& leaf = problem.leaves[i];
    const double span = static_cast<double>(leaf.best - leaf.reservation);
    margins[i].insert(0, -1);
    constants[i] = static_cast<double>(leaf.reservation) / span;
  }
  for (std::size_t j = 0; j < problem.issues.size(); ++j) {
    const ProblemIssue& issue = problem.issues[j];
    const std::size_t pieces = issue.pieces.size();
    const std::size_t points = pieces + (issue.continuous ? 1 : 0);
    CoinPackedVector one;
    const int first = static_cast<int>(whole.size());
    for (std::size_t k = 0; k < points; ++k) {
      const int column = static_cast<int>(whole.size());
      whole.push_back(!issue.continuous);
      one.insert(column, 1);
      for (std::size_t i = 0; i < n; ++i) {
        const Leaf& leaf = problem.leaves[i];
        const PieceWorth& worth = leaf.worth[j][k < pieces ? k : k - 1];
        const double value = static_cast<double>(k < pieces ? worth.at_from : worth.at_to);
        if (value != 0)
          margins[i].insert(column, value / static_cast<double>(leaf.best - leaf.reservation));
      }
    }
    add_row(one, 1, 1);
    if (!issue.continuous) continue;
    const int segment = static_cast<int>(whole.size());
    CoinPackedVector chosen;
    for (std::size_t k = 0; k < pieces; ++k) {
      chosen.insert(static_cast<int>(whole.size()), 1);
      whole.push_back(1);
    }
    add_row(chosen, 1, 1);
    for (std::size_t k = 0; k < points; ++k) {  // a weight only beside the chosen segment
      CoinPackedVector beside;
      beside.insert(first + static_cast<int>(k), 1);
      if (k > 0) beside.insert(segment + static_cast<int>(k) - 1, -1);
      if (k < pieces) beside.insert(segment + static_cast<int>(k), -1);
      add_row(beside, -COIN_DBL_MAX, 0);
    }
  }
  for (std::size_t i = 0; i < n; ++i) add_row(margins[i], constants[i], COIN_DBL_MAX);

  const std::size_t columns = whole.size();
  std::vector<double> low(columns, 0), high(columns, 1), objective(columns, 0);
  low[0] = -COIN_DBL_MAX;
  objective[0] = -1;  // CBC minimises
  CoinPackedMatrix matrix(false, 0, 0);
  matrix.setDimensions(0, static_cast<int>(columns));
  for (const CoinPackedVector& row : rows) matrix.appendRow(row);

  OsiClpSolverInterface solver;
  solver.messageHandler()->setLogLevel(0);
  solver.getModelPtr()->setLogLevel(0);
  solver.loadProblem(matrix, low.data(), high.data(), objective.data(), least.data(), most.data());
  for (std::size_t c = 0; c < columns; ++c) {
    if (whole[c]) solver.setInteger(static_cast<int>(c));
  }
  CbcModel model(solver);
  model.setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  model.setAllowableGap(1e-7);
  model.setMaximumSeconds(seconds);
  model.branchAndBound();
  CbcDepth found;
  found.proven = model.isProvenOptimal();
  if (model.bestSolution() != nullptr) found.low = -model.getObjValue();
  return found;
}

}  // namespace zopa::bench
