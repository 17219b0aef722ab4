// SPDX-License-Identifier: MIT
//
// Results do not depend on which clone of the hot functions runs.

#include "model/tools/clones.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "model/engine/archive.hpp"
#include "model/engine/bits.hpp"
#include "model/engine/count.hpp"
#include "model/engine/count_needs.hpp"
#include "model/engine/fold.hpp"
#include "model/engine/prepare.hpp"
#include "model/engine/shifted_sums.hpp"
#include "model/engine/sums.hpp"
#include "model/tools/error.hpp"
#include "tests/laws/laws.hpp"

namespace zopa {
namespace {

using laws::ask;
using laws::continuous;
using laws::expect_law;
using laws::facts;
using oracle::Dice;
using oracle::Shape;
using test::random_cases;

class Clones : public testing::Test {
 protected:
  ~Clones() override { run_clone(clones_of_this_machine().back()); }

  /// What `make` returns has to be the same under every clone; it is returned.
  template <class Make>
  static auto the_same(const Make& make) {
    run_clone(Clone::baseline);
    auto baseline = make();
    for (const Clone clone : clones_of_this_machine()) {
      run_clone(clone);
      EXPECT_EQ(make(), baseline) << "clone " << static_cast<int>(clone);
    }
    return baseline;
  }
};

TEST_F(Clones, AreThoseOfThisMachine) {
  const std::vector<Clone> clones = clones_of_this_machine();
  EXPECT_EQ(running_clone, clones.back());
  EXPECT_EQ(clones.front(), Clone::baseline);
  for (const Clone clone : {Clone::baseline, Clone::v3, Clone::v4}) {
    if (std::find(clones.begin(), clones.end(), clone) != clones.end()) {
      run_clone(clone);
      EXPECT_EQ(running_clone, clone);
    } else {
      EXPECT_THROW(run_clone(clone), ModelError);
    }
  }
}

TEST_F(Clones, CountTheBitsThatRowsShare) {
  for (int seed = 1; seed <= random_cases(300); ++seed) {
    std::mt19937_64 engine(static_cast<std::uint64_t>(seed));
    const auto number = [&](int low, int high) {
      return std::uniform_int_distribution<int>(low, high)(engine);
    };
    const int words = number(1, kMostWords);
    std::vector<std::vector<std::uint64_t>> rows;
    std::vector<const std::uint64_t*> pointers;
    std::vector<int> sizes;
    std::uint64_t expected = 0;
    for (int groups = number(0, 9); groups > 0; --groups) {
      sizes.push_back(number(1, 9));
      std::vector<std::uint64_t> shared(static_cast<std::size_t>(words), ~std::uint64_t{0});
      for (int r = 0; r < sizes.back(); ++r) {
        auto& row = rows.emplace_back();
        for (std::uint64_t& word : shared) {
          row.push_back(engine() | engine());
          word &= row.back();
        }
      }
      for (const std::uint64_t word : shared)
        expected += static_cast<std::uint64_t>(std::popcount(word));
    }
    for (const auto& row : rows) pointers.push_back(row.data());
    const auto counted = the_same([&] {
      return count_shared_bits(pointers.data(), sizes.data(), static_cast<int>(sizes.size()),
                               words);
    });
    ASSERT_EQ(counted, expected) << "seed " << seed;
  }
}

// Numbers of one or two limbs, against sums of 128 bits.
TEST_F(Clones, AddTheSameLines) {
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kLimbBits) - 1;
  for (int seed = 1; seed <= random_cases(300); ++seed) {
    std::mt19937_64 engine(static_cast<std::uint64_t>(seed));
    const auto number = [&](std::size_t low, std::size_t high) {
      return std::uniform_int_distribution<std::size_t>(low, high)(engine);
    };
    const std::size_t length = number(1, 70), from_length = number(1, 70);
    const int from_limbs = static_cast<int>(number(1, 2));
    std::vector<std::vector<std::uint64_t>> lines(number(1, 20));
    std::vector<LineShift> shifts;
    std::vector<Uint128> expected(length, 0);
    for (auto& line : lines) {
      for (std::size_t n = 0; n < static_cast<std::size_t>(from_limbs) * from_length; ++n)
        line.push_back(engine() & kMask);
      const auto value = [&](std::size_t n) {
        Uint128 sum = line[n];
        if (from_limbs == 2) sum += Uint128{line[from_length + n]} << kLimbBits;
        return sum;
      };
      LineShift shift;
      shift.from = line.data();
      shift.flat = number(0, length);
      shift.begin = shift.flat;
      shift.first = number(0, from_length);
      shift.end = number(shift.begin, std::min(length, shift.begin + from_length - shift.first));
      for (std::size_t n = 0; n < shift.flat; ++n) expected[n] += value(0);
      for (std::size_t n = shift.begin; n < shift.end; ++n)
        expected[n] += value(shift.first + n - shift.begin);
      shifts.push_back(shift);
    }
    const auto sums = the_same([&] {
      std::vector<std::uint64_t> to(3 * length, 0);
      add_shifted_lines(to.data(), length, 3, shifts.data(), shifts.size(), from_length,
                        from_limbs);
      return to;
    });
    for (std::size_t n = 0; n < length; ++n) {
      const Uint128 sum = sums[n] + (Uint128{sums[length + n]} << kLimbBits) +
                          (Uint128{sums[2 * length + n]} << 2 * kLimbBits);
      ASSERT_TRUE(sum == expected[n]) << "seed " << seed << ", number " << n;
    }
  }
}

template <class A>
std::vector<char> reached(std::uint64_t seed, const A& unit) {
  std::mt19937_64 engine(seed);
  const auto number = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(engine);
  };
  const int columns = number(1, 6);
  const int high = number(2, 12);
  Archive<A> archive(columns, false);
  std::vector<std::vector<A>> points;
  std::vector<char> answers;
  for (int p = 0; p < 600; ++p) {
    std::vector<A> point;
    for (int c = 0; c < columns; ++c) point.push_back(number(0, high) * unit);
    const bool answer = archive.reaches(point.data(), {});
    answers.push_back(answer);
    const bool plain = std::any_of(points.begin(), points.end(), [&](const std::vector<A>& other) {
      for (std::size_t c = 0; c < point.size(); ++c)
        if (other[c] < point[c]) return false;
      return true;
    });
    EXPECT_EQ(answer, plain) << "seed " << seed << ", point " << p;
    if (answer) continue;
    archive.insert(point.data(), {});
    points.push_back(std::move(point));
  }
  return answers;
}

TEST_F(Clones, CompareTheSamePoints) {
  for (int seed = 1; seed <= random_cases(40); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    the_same([&] { return reached<std::int32_t>(s, 100'000'000); });
    the_same([&] { return reached<std::int64_t>(s, std::int64_t{1} << 58); });
    if (HasFailure()) return;
  }
}

// Depths with their proofs, counts, rules: everything that is said of a scenario.
TEST_F(Clones, GiveTheSameAnswers) {
  const auto check = [](const Scenario& scenario, Dice&) {
    SolveSettings settings;
    settings.certificate = true;
    return !the_same([&] { return facts(ask(scenario, settings)); }).empty();
  };
  expect_law({.least_issues = 2, .most_packages = 600}, 40, 100, check);
  expect_law(continuous(1), 10, 100, check);
}

// Whole parties under `all` with worths from 0 to `most_worth`, times `unit`, which want `reserved`
// percent of the most that there is.
Problem talks(std::uint64_t seed, int leaves, int issues, int settlements, int most_worth,
              Int128 unit, int reserved) {
  std::mt19937_64 engine(seed);
  Problem problem;
  ProblemIssue issue;
  for (int k = 0; k < settlements; ++k) issue.pieces.push_back({k, k});
  problem.issues.assign(laws::at(issues), issue);
  for (int i = 0; i < leaves; ++i) {
    Leaf leaf;
    leaf.has_utility = true;
    leaf.party = i;
    leaf.in_scope.assign(laws::at(issues), 1);
    for (int j = 0; j < issues; ++j) {
      auto& line = leaf.worth.emplace_back();
      Int128 high = 0;
      for (int k = 0; k < settlements; ++k) {
        const Int128 worth =
            unit * static_cast<int>(engine() % static_cast<std::uint64_t>(most_worth + 1));
        line.push_back({worth, worth});
        high = std::max(high, worth);
      }
      leaf.best += high;
    }
    leaf.unit = make_integer(leaf.best);
    leaf.reservation = leaf.best / unit * reserved / 100 * unit;
    problem.leaves.push_back(std::move(leaf));
    Tree node;
    node.kind = Consent::Kind::leaf;
    node.leaf = i;
    problem.tree.members.push_back(node);
  }
  problem.parties = leaves;
  return problem;
}

// By search with blocks of bits, by needs, and as an estimate.
TEST_F(Clones, CountTheSamePackages) {
  for (int seed = 1; seed <= random_cases(10); ++seed) {
    const auto s = static_cast<std::uint64_t>(seed);
    for (const Problem& problem :
         {talks(s, 4, 7, 8, 1'000'000, 1, 55), talks(s, 3, 12, 8, 10, 1, 60)}) {
      const auto kind = the_same([&] {
        const Breadth breadth = count_breadth(problem, {});
        return std::make_tuple(breadth.kind, breadth.packages, breadth.acceptable);
      });
      EXPECT_EQ(std::get<0>(kind), Breadth::Kind::exact);
      the_same([&] {
        const Breadth breadth =
            count_breadth(problem, {.most_visits = 0, .samples = 2000, .most_bytes = 0});
        return std::make_tuple(breadth.kind, breadth.share, breadth.low, breadth.high);
      });
    }
    const Problem coarse = talks(s, 3, 12, 8, 10, 1, 60);
    const auto sums = as_sums(zone(coarse));
    ASSERT_TRUE(sums);
    const NeedsCounter needs(*sums);
    const auto counted = the_same([&] { return needs.count(1, no_progress()); });
    EXPECT_EQ(counted, count_breadth(coarse, {}).acceptable);
  }
}

// In units of 32, 64 and 128 bits.
TEST_F(Clones, FoldTheSameFrontiers) {
  for (int seed = 1; seed <= random_cases(6); ++seed) {
    for (const int bits : {0, 40, 90}) {
      const Problem problem =
          talks(static_cast<std::uint64_t>(seed), 4, 6, 6, 50, Int128{1} << bits, 30);
      const auto points = the_same([&] {
        const Fold fold = fold_frontier(problem, {.all = true});
        EXPECT_EQ(fold.end, Fold::End::complete);
        return std::make_tuple(fold.utilities, fold.packages);
      });
      EXPECT_GT(std::get<1>(points).size(), 64);
    }
  }
}

}  // namespace
}  // namespace zopa
