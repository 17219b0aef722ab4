// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/answers/overlap.hpp"
#include "model/answers/rules.hpp"
#include "model/problem.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

// Laws of the field on random scenarios: what must hold between the answers to two scenarios, or
// between the parts of one answer, whatever the scenario is.
namespace zopa::laws {

using oracle::Dice;
using oracle::Shape;
using Value = std::optional<Rational>;  // nothing: −∞

inline std::size_t at(int i) { return static_cast<std::size_t>(i); }

/// Trees of `all` over whole parties, always asked.
inline Shape unanimous(Shape shape) {
  shape.trees = false;
  return shape;
}

/// One or two continuous issues among few settlements.
inline Shape continuous(int issues) {
  return {.most_issues = issues + 1,
          .most_settlements = 3,
          .most_packages = 6,
          .most_parties = 3,
          .most_leaves = 4,
          .continuous_issues = issues};
}

/// The first seed of the running test: each law has random scenarios of its own.
std::uint64_t first_seed();

/// Fewer telling cases than this are not asked for: a small share of the random cases may have
/// none.
constexpr int kFewestTelling = 5;

/// Checks a law on random scenarios of a shape, until one breaks it. `check(scenario, dice)`
/// returns whether the case could have told a wrong program from a right one (the premises are met
/// and the change is felt); at least `telling` percent of the cases must, about half of what they
/// do.
template <class Check>
void expect_law(const Shape& shape, int cases, int telling, const Check& check) {
  const int count = test::random_cases(cases);
  int told = 0;
  for (int k = 0; k < count; ++k) {
    const std::uint64_t seed = first_seed() + static_cast<std::uint64_t>(k);
    const Scenario scenario = oracle::random_scenario(seed, shape);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    Dice dice(seed);
    told += check(scenario, dice) ? 1 : 0;
    if (testing::Test::HasFailure()) return;
  }
  testing::Test::RecordProperty("telling", 100 * told / count);
  const int wanted = telling * count / 100;
  if (wanted < kFewestTelling) return;
  EXPECT_GE(told, wanted) << told << " of " << count << " cases could tell";
}

/// What a law does not promise, and what random cases, if all of them are run, do show.
inline void expect_seen(int times, const std::string& what) {
  if (test::random_cases(100) < 100) return;
  EXPECT_GT(times, 0) << what;
}

/// A scenario with everything the answers say about it.
struct Answers {
  Scenario scenario;
  Problem problem;
  Overlap overlap;
  std::vector<Agreement> agreements;

  const Agreement& rule(const std::string& name) const;
};

/// The scenario must be valid: a failure otherwise.
Problem problem_of(const Scenario& scenario);

/// With the agreements of these rules; none given: of all.
Answers ask(const Scenario& scenario, const std::vector<std::string>& rules = {});
Answers ask(const Scenario& scenario, const SolveSettings& settings);

/// Without agreements.
Answers look(const Scenario& scenario);

/// The depths of both kinds.
struct Depths {
  Value hard;
  Value all;
};
Depths depths(const Problem& problem);
Depths depths(const Scenario& scenario);
inline bool open(const Depths& depths) { return depths.hard && *depths.hard >= 0; }

/// The packages of X, and those of them in Z, in file order; no continuous issues.
std::vector<Package> space(const Problem& problem);
std::vector<Package> zone(const Problem& problem);

/// Whether every package of the first is in the second.
bool subset(const std::vector<Package>& part, const std::vector<Package>& whole);

/// What the rules weigh at a package: one row a leaf with a utility. A leaf that is not asked
/// counts as at its best.
struct Weighed {
  std::vector<Rational> utility;
  std::vector<Rational> surplus;
  std::vector<Value> margin;
};
Weighed weighed(const Problem& problem, const Package& package);

/// A zone without continuous issues, as the rules see it.
class Bargain {
 public:
  explicit Bargain(const Problem& problem);

  const std::vector<Package>& packages() const { return packages_; }
  const Weighed& at(std::size_t package) const { return weighed_[package]; }
  std::size_t index(const Package& package) const;  // must be in the zone

  /// b_i^Z − r_i, one a leaf with a utility.
  const std::vector<Rational>& hopes() const { return hopes_; }

  /// What a rule makes greatest, compared entry by entry: nash, kalai_smorodinsky, egalitarian,
  /// leximin, utilitarian or fallback.
  std::vector<Value> objective(const std::string& rule, std::size_t package) const;

 private:
  std::vector<Value> shares_of_hope(std::size_t package) const;
  std::vector<Value> preferred(std::size_t package) const;

  std::vector<Package> packages_;
  std::vector<Weighed> weighed_;
  std::vector<Rational> hopes_;
  std::vector<std::vector<Rational>> rising_;  // utilities over the zone, one line a leaf
};

inline const std::vector<std::string> kRulesOverZone = {
    "nash", "kalai_smorodinsky", "egalitarian", "leximin", "utilitarian", "fallback"};

/// Which facts of two answers can be equal.
struct Compared {
  bool packages = true;   // which of several packages stands for all, and what is read off there
  bool utilities = true;  // what needs the scale of the utilities
  bool order = true;      // what follows the order of parties and options in the file
  bool notes = true;      // words, which may name places
  /// The place on the scale of the scenario compared with.
  std::function<Rational(int issue, const Rational& place)> place = {};
};

/// Every fact of the answers, one a line, sorted; parties, issues and options by their ids, so that
/// a scenario written in another order has the same facts.
std::string facts(const Answers& answers, const Compared& compared = {});

}  // namespace zopa::laws
