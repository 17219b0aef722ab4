// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <coin/CbcModel.hpp>
#include <coin/CoinPackedVector.hpp>
#include <coin/OsiClpSolverInterface.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/answers/depth.hpp"
#include "model/engine/check.hpp"
#include "model/engine/prepare.hpp"
#include "tests/oracle/leaves.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

// A second opinion on scenarios too large to enumerate: the depth as a mixed-integer program,
// solved by CBC in double precision.
namespace zopa::oracle {
namespace {

// Σ coefficient·column between two bounds.
struct Line {
  std::vector<std::pair<int, double>> sum;
  double least = -COIN_DBL_MAX;
  double most = COIN_DBL_MAX;
};

class Program {
 public:
  explicit Program(const Scenario& scenario)
      : scenario_(scenario), reading_(read_leaves(scenario)) {
    for (const Issue& issue : scenario.issues) {
      settlement_.emplace_back();
      Line one{{}, 1, 1};
      for (int k = 0; k < issue.settlements(); ++k) {
        settlement_.back().push_back(binary());
        one.sum.emplace_back(settlement_.back().back(), 1);
      }
      lines_.push_back(one);
    }
    for (const Rule& rule : scenario.rules) add_rule(rule);
  }

  const Reading& reading() const { return reading_; }

  // The best of a leaf over the agreement space.
  double best(const Leaf& leaf) const { return maximise(utility_of(leaf)).value(); }

  // The greatest value of the tree with hard demands; nothing when there is none. Every leaf with a
  // utility needs a best well above its reservation.
  std::optional<double> depth() {
    const std::vector<double> best = bests();
    const int t = column(-COIN_DBL_MAX, 1);
    std::vector<int> accepts;
    for (std::size_t i = 0; i < reading_.leaves.size(); ++i) {
      accepts.push_back(binary());
      add_leaf(reading_.leaves[i], best[i], accepts.back(), t);
    }
    const int root = node(reading_.tree, accepts);
    lines_.push_back({{{root, 1}}, 1, 1});
    return maximise({{t, 1}});
  }

  std::vector<double> bests() const {
    std::vector<double> result;
    for (const Leaf& leaf : reading_.leaves) result.push_back(leaf.has_utility ? best(leaf) : 1);
    return result;
  }

 private:
  using Sum = std::vector<std::pair<int, double>>;

  int column(double least, double most) {
    least_.push_back(least);
    most_.push_back(most);
    whole_.push_back(0);
    return static_cast<int>(least_.size()) - 1;
  }

  int binary() {
    const int made = column(0, 1);
    whole_.back() = 1;
    return made;
  }

  Sum utility_of(const Leaf& leaf) const {
    Sum sum;
    for (std::size_t j = 0; j < scenario_.issues.size(); ++j) {
      if (leaf.salience[j] == 0) continue;
      const Issue& issue = scenario_.issues[j];
      const Position& position =
          *scenario_.parties[static_cast<std::size_t>(leaf.party)].position(static_cast<int>(j));
      for (int k = 0; k < issue.settlements(); ++k)
        sum.emplace_back(settlement_[j][static_cast<std::size_t>(k)],
                         to_double(leaf.salience[j] * worth(issue, position, issue.place(k))));
    }
    return sum;
  }

  // The settlements of an issue on which a test says `holds`.
  Sum where(const zopa::Test& test, bool holds) const {
    Sum sum;
    const auto j = static_cast<std::size_t>(test.issue);
    for (int k = 0; k < scenario_.issues[j].settlements(); ++k) {
      if (test.holds(scenario_.issues[j].place(k)) == holds)
        sum.emplace_back(settlement_[j][static_cast<std::size_t>(k)], 1);
    }
    return sum;
  }

  // Not every `when` together with a broken `require`, where `also` (a binary; −1: always) is 1.
  void add_condition(const Condition& when, const Condition& require, int also) {
    for (const zopa::Test& test : require) {
      Line line;
      line.most = static_cast<double>(when.size());
      for (const zopa::Test& trigger : when) {
        const Sum sum = where(trigger, true);
        line.sum.insert(line.sum.end(), sum.begin(), sum.end());
      }
      const Sum broken = where(test, false);
      line.sum.insert(line.sum.end(), broken.begin(), broken.end());
      if (also >= 0) {
        line.sum.emplace_back(also, 1);
        line.most += 1;
      }
      lines_.push_back(line);
    }
  }

  void add_rule(const Rule& rule) {
    if (rule.sum.empty()) {
      add_condition(rule.when, rule.require, -1);
      return;
    }
    Line line;
    for (const auto& [j, coefficient] : rule.sum) {
      const Issue& issue = scenario_.issues[static_cast<std::size_t>(j)];
      for (int k = 0; k < issue.settlements(); ++k)
        line.sum.emplace_back(settlement_[static_cast<std::size_t>(j)][static_cast<std::size_t>(k)],
                              to_double(coefficient * issue.place(k)));
    }
    if (rule.at_least) line.least = to_double(*rule.at_least);
    if (rule.at_most) line.most = to_double(*rule.at_most);
    if (rule.equals) line.least = line.most = to_double(*rule.equals);
    lines_.push_back(line);
  }

  // Where `accepts` is 1: t ≤ margin, and the demands hold.
  void add_leaf(const Leaf& leaf, double best, int accepts, int t) {
    const Party& party = scenario_.parties[static_cast<std::size_t>(leaf.party)];
    for (const LeafDemand& demand : leaf.demands) {
      const auto index = static_cast<std::size_t>(demand.demand.index);
      if (demand.demand.kind == Demand::Kind::linked) {
        add_condition(party.demands[index].when, party.demands[index].require, accepts);
        continue;
      }
      const Limit& limit = *party.position(demand.demand.index)->limit;
      Line refused{{{accepts, 1}}, -COIN_DBL_MAX, 1};
      for (int k = 0; k < scenario_.issues[index].settlements(); ++k) {
        if (!limit.accepts(scenario_.issues[index].place(k)))
          refused.sum.emplace_back(settlement_[index][static_cast<std::size_t>(k)], 1);
      }
      lines_.push_back(refused);
    }
    if (!leaf.has_utility) return;
    const double r = to_double(leaf.reservation);
    const double span = best - r;
    const double lowest = -r / span;  // no margin is below
    // t + (1 − lowest)·accepts ≤ margin + (1 − lowest)
    Line line{{{t, 1}, {accepts, 1 - lowest}}, -COIN_DBL_MAX, 1 - lowest - r / span};
    for (const auto& [c, w] : utility_of(leaf)) line.sum.emplace_back(c, -w / span);
    lines_.push_back(line);
  }

  // A binary that can be 1 only where the tree accepts.
  int node(const Tree& tree, const std::vector<int>& accepts) {
    if (tree.kind == Consent::Kind::leaf) return accepts[static_cast<std::size_t>(tree.leaf)];
    const int made = binary();
    Sum members;
    for (std::size_t c = 0; c < tree.members.size(); ++c) {
      const int member = node(tree.members[c], accepts);
      if (tree.kind == Consent::Kind::all)
        lines_.push_back({{{member, 1}, {made, -1}}, 0, COIN_DBL_MAX});
      members.emplace_back(member,
                           tree.kind == Consent::Kind::quota ? to_double(tree.weights[c]) : 1);
    }
    if (tree.kind == Consent::Kind::all) return made;
    double need = 1;
    if (tree.kind == Consent::Kind::at_least) need = tree.count;
    if (tree.kind == Consent::Kind::quota) need = to_double(tree.need);
    members.emplace_back(made, -need);
    lines_.push_back({members, -1e-9, COIN_DBL_MAX});
    return made;
  }

  std::optional<double> maximise(const Sum& objective) const {
    OsiClpSolverInterface solver;
    solver.messageHandler()->setLogLevel(0);
    solver.getModelPtr()->setLogLevel(0);
    for (std::size_t c = 0; c < least_.size(); ++c)
      solver.addCol(CoinPackedVector(), least_[c], most_[c], 0);
    for (const Line& line : lines_) {
      std::vector<double> dense(least_.size(), 0.0);
      for (const auto& [c, w] : line.sum) dense[static_cast<std::size_t>(c)] += w;
      CoinPackedVector row;
      for (std::size_t c = 0; c < dense.size(); ++c) {
        if (dense[c] != 0) row.insert(static_cast<int>(c), dense[c]);
      }
      solver.addRow(row, line.least, line.most);
    }
    for (std::size_t c = 0; c < whole_.size(); ++c) {
      if (whole_[c]) solver.setInteger(static_cast<int>(c));
    }
    for (const auto& [c, w] : objective)
      solver.setObjCoeff(c, solver.getObjCoefficients()[c] - w);  // CBC minimises
    CbcModel model(solver);
    model.setLogLevel(0);
    model.solver()->messageHandler()->setLogLevel(0);
    model.setCutoffIncrement(1e-9);  // by default it passes by what is better by 1e-5 only
    model.setAllowableGap(1e-9);
    model.setAllowableFractionGap(0);
    model.setMaximumSeconds(120);
    model.branchAndBound();
    if (model.isProvenInfeasible()) return std::nullopt;
    EXPECT_TRUE(model.isProvenOptimal()) << "CBC did not finish";
    return -model.getObjValue();
  }

  const Scenario& scenario_;
  Reading reading_;
  std::vector<std::vector<int>> settlement_;  // the binary of each settlement
  std::vector<double> least_, most_;
  std::vector<char> whole_;
  std::vector<Line> lines_;
};

struct Family {
  const char* name;
  Shape shape;
  int cases;
};

void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }

class DepthAgainstCbc : public testing::TestWithParam<Family> {};

TEST_P(DepthAgainstCbc, Agrees) {
  int compared = 0;
  int existing = 0;
  const int cases = test::random_cases(GetParam().cases);
  for (std::uint64_t seed = 0; compared < cases; ++seed) {
    const Scenario scenario = random_scenario(seed, GetParam().shape);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + yaml_text(scenario));
    Program program(scenario);
    const auto best = program.bests();
    const auto& leaves = program.reading().leaves;
    bool clear = true;  // a margin of a leaf that can hardly gain is beyond double precision
    for (std::size_t i = 0; i < leaves.size(); ++i)
      clear &= !leaves[i].has_utility || best[i] - to_double(leaves[i].reservation) > 0.02;
    if (!clear) continue;
    ++compared;
    const auto expected = program.depth();

    const Problem problem = make_problem(scenario);
    for (std::size_t i = 0; i < best.size(); ++i) {
      const zopa::Leaf& leaf = problem.leaves[i];
      if (!leaf.has_utility) continue;
      ASSERT_NEAR(to_double(make_rational(leaf.best) / leaf.unit), best[i], 1e-6);
    }
    const DepthFinder finder(problem, no_progress());
    zopa::Depth depth = finder.find(DepthKind::hard, {});
    ASSERT_EQ(depth.exists, expected.has_value());
    if (expected) {
      ++existing;
      ASSERT_NEAR(to_double(*depth.low), *expected, 1e-6);
    }
    finder.prove(depth);
    const auto fault = find_fault(problem, depth.certificate);
    ASSERT_FALSE(fault) << *fault;
  }
  RecordProperty("existing", existing);
  EXPECT_GT(existing, 0);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, DepthAgainstCbc, testing::Values(
    Family{"whole_parties", {.least_issues = 20, .most_issues = 20, .most_settlements = 10, .most_packages = 1e20, .least_parties = 4, .most_parties = 6, .rules = false, .trees = false, .demands = false, .limits = false}, 15},
    Family{"red_lines",     {.least_issues = 20, .most_issues = 20, .most_settlements = 10, .most_packages = 1e20, .least_parties = 4, .most_parties = 5, .trees = false}, 30},
    Family{"every_tree",    {.least_issues = 15, .most_issues = 20, .most_settlements = 10, .most_packages = 1e20, .least_parties = 4, .most_parties = 6, .most_leaves = 9, .whens = false}, 60}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(Heavy, DepthAgainstCbc, testing::Values(
    Family{"whole_parties", {.least_issues = 30, .most_issues = 30, .most_settlements = 10, .most_packages = 1e31, .least_parties = 4, .most_parties = 8, .rules = false, .trees = false, .demands = false, .limits = false}, 40},
    Family{"demands",       {.least_issues = 25, .most_issues = 25, .most_settlements = 10, .most_packages = 1e31, .least_parties = 3, .most_parties = 5, .trees = false, .limits = false}, 40},
    Family{"every_tree",    {.least_issues = 20, .most_issues = 25, .most_settlements = 10, .most_packages = 1e31, .least_parties = 4, .most_parties = 7, .most_leaves = 10, .whens = false}, 80}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

}  // namespace
}  // namespace zopa::oracle
