// SPDX-License-Identifier: MIT
//
// Results do not depend on the number of threads.

#include <gtest/gtest.h>

#include "tests/laws/laws.hpp"

namespace zopa {
namespace {

using laws::ask;
using laws::continuous;
using laws::expect_law;
using laws::facts;
using oracle::Dice;
using oracle::Shape;

void expect_equal_with_two_jobs(const Shape& shape, int cases) {
  expect_law(shape, cases, 20, [](const Scenario& scenario, Dice&) {
    SolveSettings settings;
    settings.certificate = true;
    const laws::Answers one = ask(scenario, settings);
    settings.jobs = 2;
    const laws::Answers two = ask(scenario, settings);
    EXPECT_EQ(facts(two), facts(one));
    return one.overlap.parties.size() > 2;
  });
}

TEST(AnswersThreads, AreTheSameWithOneJobAndWithTwo) {
  expect_equal_with_two_jobs({.least_issues = 2, .most_packages = 600}, 60);
}

TEST(AnswersThreads, AreTheSameWithOneJobAndWithTwoOnContinuousIssues) {
  expect_equal_with_two_jobs(continuous(1), 20);
  expect_equal_with_two_jobs(continuous(2), 15);
}

}  // namespace
}  // namespace zopa
