// SPDX-License-Identifier: MIT
#include "model/engine/volume.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "model/engine/prepare.hpp"
#include "model/engine/selection.hpp"
#include "model/engine/volume_sampling.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"
#include "tests/model/random_problem.hpp"
#include "tests/oracle/cells.hpp"
#include "tests/oracle/random_scenario.hpp"

namespace zopa {
namespace {

using oracle::random_scenario;
using oracle::yaml_text;
using test::random_cases;

struct VolumeFamily {
  const char* name;
  oracle::Shape shape;
  int cases;
};

class VolumeAgainstCells : public testing::TestWithParam<VolumeFamily> {};

// Where X has a piece of full dimension, which is what the cells of the oracle measure.
TEST_P(VolumeAgainstCells, Agrees) {
  int full = 0;
  const int cases = random_cases(GetParam().cases);
  for (int seed = 0; seed < cases; ++seed) {
    const Scenario scenario = random_scenario(static_cast<std::uint64_t>(seed), GetParam().shape);
    const oracle::Cells cells(scenario);
    const Rational space = cells.measure_of_space();
    if (space == 0) continue;
    ++full;
    const Breadth breadth = measure_breadth(make_problem(scenario), {});
    ASSERT_EQ(breadth.kind, Breadth::Kind::exact) << "seed " << seed << "\n" << yaml_text(scenario);
    ASSERT_EQ(*breadth.exact_share, cells.measure_of_zone() / space) << "seed " << seed << "\n"
                                                                     << yaml_text(scenario);
    ASSERT_FALSE(breadth.packages || breadth.acceptable);
  }
  EXPECT_GT(full, cases / 2);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Random, VolumeAgainstCells, testing::Values(
    VolumeFamily{"one_issue",      {.most_issues = 1, .continuous_issues = 1}, 600},
    VolumeFamily{"one_and_others", {.most_issues = 3, .most_packages = 30, .continuous_issues = 1}, 400},
    VolumeFamily{"two_issues",     {.least_issues = 2, .most_issues = 2, .continuous_issues = 2}, 400},
    VolumeFamily{"two_and_others", {.least_issues = 3, .most_issues = 4, .most_packages = 12, .continuous_issues = 2}, 150},
    VolumeFamily{"whole_parties",  {.least_issues = 2, .most_issues = 3, .most_packages = 12, .continuous_issues = 2, .trees = false}, 200}),
    [](const auto& test) { return std::string(test.param.name); });
// clang-format on

}  // namespace
}  // namespace zopa
