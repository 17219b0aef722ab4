// SPDX-License-Identifier: MIT
//
// A hundred thousand to a million packages, one by one in exact fractions, straight from the
// definitions: depth, deepest package, counts, frontiers and what the rules pick.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "model/answers/overlap.hpp"
#include "model/answers/rules.hpp"
#include "model/engine/check.hpp"
#include "model/engine/fold.hpp"
#include "model/engine/prepare.hpp"
#include "model/engine/recount.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

using oracle::Reading;
using oracle::Shape;
using oracle::Value;
using Vector = std::vector<Rational>;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// −∞ first.
bool less(const Value& a, const Value& b) { return b && (!a || *a < *b); }

// The greatest of a stream of vectors, how often it comes, and where first.
struct Greatest {
  std::vector<Value> value;
  Integer number = 0;
  Vector first;  // places

  void offer(std::vector<Value> offered, const Vector& places) {
    const bool better =
        number == 0 || std::lexicographical_compare(value.begin(), value.end(), offered.begin(),
                                                    offered.end(), less);
    if (better) {
      value = std::move(offered);
      number = 1;
      first = places;
    } else if (offered == value) {
      ++number;
    }
  }
};

std::vector<Value> sorted(std::vector<Value> values) {
  std::sort(values.begin(), values.end(), less);
  return values;
}

// What one leaf makes of a package.
struct Said {
  bool asked = true;
  bool within = true;
  Rational utility;
  bool accepts = true;
};

// Enumerates the agreement space in file order, every sum built up issue by issue.
class Packages {
 public:
  explicit Packages(const Scenario& scenario)
      : scenario_(scenario), reading_(oracle::read_leaves(scenario)) {
    for (const oracle::Leaf& leaf : reading_.leaves) {
      const Party& party = scenario.parties[at(leaf.party)];
      auto& worths = worth_.emplace_back();
      auto& allows = allows_.emplace_back();
      for (int j = 0; j < m(); ++j) {
        const Issue& issue = scenario.issues[at(j)];
        const Position* position = party.position(j);
        worths.emplace_back();
        allows.emplace_back();
        for (int k = 0; k < issue.settlements(); ++k) {
          const bool matters = leaf.has_utility && leaf.salience[at(j)] != 0;
          worths.back().push_back(
              matters ? Rational(leaf.salience[at(j)] * worth(issue, *position, issue.place(k)))
                      : Rational(0));
          allows.back().push_back(!leaf.in_scope[at(j)] || position == nullptr ||
                                  !position->limit || position->limit->accepts(issue.place(k)));
        }
      }
    }
  }

  int m() const { return static_cast<int>(scenario_.issues.size()); }
  int n() const { return static_cast<int>(reading_.leaves.size()); }
  const Reading& reading() const { return reading_; }

  using See = std::function<void(const Vector& places, const std::vector<Said>& said)>;
  void each(const See& see) const {
    Vector places;
    extend(places, std::vector<Said>(at(n())), see);
  }

 private:
  void extend(Vector& places, const std::vector<Said>& said, const See& see) const {
    const std::size_t j = places.size();
    if (j == scenario_.issues.size()) return look(places, said, see);
    const Issue& issue = scenario_.issues[j];
    std::vector<Said> more = said;
    for (int k = 0; k < issue.settlements(); ++k) {
      for (std::size_t i = 0; i < said.size(); ++i) {
        more[i].utility = said[i].utility + worth_[i][j][at(k)];
        more[i].within = said[i].within && allows_[i][j][at(k)];
      }
      places.push_back(issue.place(k));
      extend(places, more, see);
      places.pop_back();
    }
  }

  void look(const Vector& places, std::vector<Said> said, const See& see) const {
    if (oracle::broken_rule(scenario_, places)) return;
    for (std::size_t i = 0; i < said.size(); ++i) {
      const oracle::Leaf& leaf = reading_.leaves[i];
      said[i].asked = holds(leaf.when, places);
      for (const oracle::LeafDemand& demand : leaf.demands) {
        if (demand.demand.kind != Demand::Kind::linked) continue;
        const LinkedDemand& linked =
            scenario_.parties[at(leaf.party)].demands[at(demand.demand.index)];
        if (holds(linked.when, places) && !holds(linked.require, places)) said[i].within = false;
      }
      said[i].accepts =
          said[i].within && (!leaf.has_utility || said[i].utility >= leaf.reservation);
    }
    see(places, said);
  }

  const Scenario& scenario_;
  Reading reading_;
  std::vector<std::vector<Vector>> worth_;              // n×m×K_j: w_ij v_ij
  std::vector<std::vector<std::vector<char>>> allows_;  // the same: red lines
};

// The value of the tree from those of the leaves: nothing, −∞ or a number. 1 where nobody is asked.
Value value_of(const oracle::Tree& tree, const std::vector<Said>& said,
               const std::vector<Value>& values) {
  std::vector<Value> levels = sorted(values);
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  if (!levels.empty() && !levels[0]) levels.erase(levels.begin());
  std::vector<int> ranks;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto level = std::find(levels.begin(), levels.end(), values[i]);
    ranks.push_back(!said[i].asked ? oracle::kNotAsked
                    : !values[i]   ? oracle::kNever
                                   : static_cast<int>(level - levels.begin()));
  }
  const int rank = oracle::tree_rank(tree, ranks);
  if (rank == oracle::kNotAsked) return Rational(1);
  return rank == oracle::kNever ? Value() : levels[at(rank)];
}

bool accepted(const oracle::Tree& tree, const std::vector<Said>& said) {
  std::vector<int> ranks;
  for (const Said& leaf : said)
    ranks.push_back(!leaf.asked ? oracle::kNotAsked : leaf.accepts ? 0 : oracle::kNever);
  return oracle::tree_rank(tree, ranks) != oracle::kNever;
}

// Utility vectors that no other exceeds for one leaf without falling short for another.
using Points = std::map<Vector, Integer, std::greater<>>;
Points undominated(const Points& all) {
  Points best;
  std::vector<const Vector*> kept;            // one that beat another lately stands in front
  for (const auto& [vector, number] : all) {  // what beats a vector comes before it
    const auto beats =
        std::find_if(kept.begin(), kept.end(), [&mine = vector](const Vector* other) {
          for (std::size_t i = 0; i < mine.size(); ++i)
            if ((*other)[i] < mine[i]) return false;
          return true;
        });
    if (beats != kept.end()) {
      std::rotate(kept.begin(), beats, beats + 1);
      continue;
    }
    best.emplace(vector, number);
    kept.push_back(&vector);
  }
  return best;
}

class Comparison {
 public:
  explicit Comparison(const Scenario& scenario)
      : scenario_(scenario), packages_(scenario), problem_(make_problem(scenario)) {}

  void run(bool rules) {
    find_bests();
    look();
    compare_overlap();
    compare_frontiers();
    if (rules && acceptable_ > 0) compare_rules();
  }

 private:
  const oracle::Leaf& leaf(std::size_t i) const { return packages_.reading().leaves[i]; }

  void find_bests() {
    best_.resize(at(packages_.n()));
    packages_.each([&](const Vector&, const std::vector<Said>& said) {
      ++number_;
      for (std::size_t i = 0; i < said.size(); ++i)
        if (!best_[i] || said[i].utility > *best_[i]) best_[i] = said[i].utility;
    });
  }

  Value margin(std::size_t i, const Said& said) const {
    const Rational hope = *best_[i] - leaf(i).reservation;
    const Rational surplus = said.utility - leaf(i).reservation;
    if (hope > 0) return surplus / hope;
    return hope == 0 && surplus == 0 ? Value(0) : Value();
  }

  void look() {
    zone_best_.resize(at(packages_.n()));
    packages_.each([&](const Vector& places, const std::vector<Said>& said) {
      std::vector<Value> values, as_one;
      Vector utilities;
      for (std::size_t i = 0; i < said.size(); ++i) {
        const Value inside = leaf(i).has_utility ? margin(i, said[i]) : Value(1);
        values.push_back(said[i].within ? inside : Value());
        as_one.push_back(said[i].asked ? values.back() : Value(1));
        if (leaf(i).has_utility) utilities.push_back(said[i].utility);
      }
      const Value value = value_of(packages_.reading().tree, said, values);
      if (value) {
        std::vector<Value> order{value};
        for (Value& each : sorted(std::move(as_one))) order.push_back(std::move(each));
        deepest_.offer(std::move(order), places);
      }
      ++all_[utilities];
      if (!accepted(packages_.reading().tree, said)) return;
      ++acceptable_;
      ++zone_[utilities];
      for (std::size_t i = 0; i < said.size(); ++i)
        if (!zone_best_[i] || said[i].utility > *zone_best_[i]) zone_best_[i] = said[i].utility;
    });
  }

  void compare_overlap() {
    for (std::size_t i = 0; i < best_.size(); ++i) {
      if (!leaf(i).has_utility) continue;
      ASSERT_EQ(make_rational(problem_.leaves[i].best) / problem_.leaves[i].unit, *best_[i]);
    }
    const DepthFinder finder(problem_, no_progress());
    Depth depth = finder.find(DepthKind::hard, {});
    ASSERT_EQ(depth.exists, deepest_.number > 0);
    if (depth.exists) {
      ASSERT_EQ(depth.low, deepest_.value[0]);
      finder.deepen(depth, {});
      ASSERT_EQ(depth.package->places, deepest_.first);
    }
    finder.prove(depth);
    const auto fault = find_fault(problem_, depth.certificate);
    ASSERT_FALSE(fault) << *fault;
    const Breadth breadth = count_breadth(problem_, {});
    EXPECT_EQ(breadth.packages, number_);
    EXPECT_EQ(breadth.acceptable, acceptable_);
    for (const bool zone : {false, true}) {
      RecountLimits limits;
      EXPECT_EQ(recount(problem_, zone, limits), zone ? acceptable_ : number_);
    }
  }

  void compare_frontiers() const {
    for (const bool all : {false, true}) {
      const Points points = undominated(all ? all_ : zone_);
      const Fold fold = fold_frontier(problem_, {.all = all});
      ASSERT_EQ(fold.end, Fold::End::complete);
      ASSERT_EQ(fold.size(), points.size());
      std::size_t p = 0;
      for (const auto& [vector, number] : points) {
        for (std::size_t i = 0; i < vector.size(); ++i) {
          const zopa::Leaf& of = problem_.leaves[at(fold.leaves[i])];
          ASSERT_EQ(make_rational(fold.utilities[p * vector.size() + i]) / of.unit, vector[i]);
        }
        ASSERT_EQ(fold.packages[p++], number);
      }
    }
  }

  // Under unanimity of leaves that are always asked.
  void compare_rules() {
    std::map<std::string, Greatest> picked;
    packages_.each([&](const Vector& places, const std::vector<Said>& said) {
      if (!accepted(packages_.reading().tree, said)) return;
      std::vector<Value> surplus, margins, shares;
      Rational sum = 0, product = 1;
      for (std::size_t i = 0; i < said.size(); ++i) {
        if (!leaf(i).has_utility) continue;
        const Rational more = said[i].utility - leaf(i).reservation;
        const Rational hope = *zone_best_[i] - leaf(i).reservation;
        surplus.emplace_back(more);
        margins.push_back(margin(i, said[i]));
        shares.emplace_back(hope <= 0 ? Rational(1) : Rational(more / hope));
        sum += more;
        product *= more;
      }
      margins = sorted(std::move(margins));
      shares = sorted(std::move(shares));
      shares.insert(shares.end(), margins.begin(), margins.end());
      picked["nash"].offer({product}, places);
      picked["utilitarian"].offer({sum}, places);
      picked["egalitarian"].offer(sorted(std::move(surplus)), places);
      picked["leximin"].offer(std::move(margins), places);
      picked["kalai_smorodinsky"].offer(std::move(shares), places);
    });
    SolveSettings settings;
    const Overlap around = overlap(scenario_, problem_, settings);
    for (const auto& [rule, wanted] : picked) settings.rules.push_back(rule);
    for (const Agreement& agreement : agreements(scenario_, problem_, around, settings)) {
      SCOPED_TRACE(agreement.rule);
      const Greatest& wanted = picked.at(agreement.rule);
      // A greatest product of 0 asks for another rule.
      if (agreement.rule == "nash" && *wanted.value[0] == 0) continue;
      ASSERT_TRUE(agreement.exists);
      EXPECT_EQ(agreement.proof, Proof::exact);
      EXPECT_EQ(agreement.package->places, wanted.first);
      EXPECT_EQ(agreement.optima, wanted.number);
    }
  }

  const Scenario& scenario_;
  Packages packages_;
  Problem problem_;
  Integer number_ = 0, acceptable_ = 0;
  std::vector<std::optional<Rational>> best_, zone_best_;
  Greatest deepest_;  // the value of the tree, then leximin
  Points all_, zone_;
};

void compare_all(const Shape& shape, double least, int cases) {
  int compared = 0;
  for (std::uint64_t seed = 1; compared < test::random_cases(cases); ++seed) {
    const Scenario scenario = oracle::random_scenario(seed, shape);
    double packages = 1;
    for (const Issue& issue : scenario.issues) packages *= issue.settlements();
    if (packages < least) continue;
    ++compared;
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    Comparison(scenario).run(!shape.trees);
    if (testing::Test::HasFailure()) return;
  }
}

Shape shape_of(double most, bool trees) {
  return {.least_issues = 4,
          .most_issues = 8,
          .most_settlements = 12,
          .most_packages = most,
          .least_parties = 2,
          .most_parties = 4,
          .most_leaves = 5,
          .trees = trees,
          .drafts = false};
}

TEST(Packages, OfThousandsAgreeWithTheEngine) {
  compare_all(shape_of(5e3, true), 1e3, 10);
  compare_all(shape_of(5e3, false), 1e3, 10);
}

TEST(PackagesHeavy, OfAMillionAgreeWithTheEngine) {
  compare_all(shape_of(1e6, true), 1e5, 10);
  compare_all(shape_of(1e6, false), 1e5, 10);
}

}  // namespace
}  // namespace zopa
