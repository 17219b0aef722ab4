// SPDX-License-Identifier: MIT
//
// `zopa frontier` as a program: exit codes, tables, and what it says where the frontier is not
// whole.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "src/command.hpp"
#include "src/files.hpp"
#include "src/table_kinds.hpp"
#include "tests/src/scratch.hpp"

namespace zopa {
namespace {

using std::string;

const string kTextbook = ZOPA_SOURCE_DIR "/scenarios/textbook/";

// Two parties and a dollar: every division is on the frontier.
const string kDollar = R"(zopa: 1
title: A dollar
issues: {share: {range: [0, 1]}}
parties:
  one: {positions: {share: {salience: 1, ideal: 1}}}
  two: {positions: {share: {salience: 1, ideal: 0}}}
)";

std::vector<std::vector<string>> csv_rows(const string& text) {
  std::vector<std::vector<string>> rows;
  std::istringstream lines(text);
  for (string line; std::getline(lines, line);) {
    auto& row = rows.emplace_back();
    std::istringstream cells(line + ",");
    for (string cell; std::getline(cells, cell, ',');) row.push_back(cell);
  }
  return rows;
}

// The cell of the only row of the table `frontier_summary`.
string summary_cell(std::vector<string> arguments, const string& column, int status) {
  arguments.insert(arguments.end(), {"--format", "csv", "--table", "frontier_summary"});
  const Ran ran = run(arguments);
  EXPECT_EQ(ran.status, status) << ran.err;
  const auto rows = csv_rows(ran.out);
  EXPECT_EQ(rows.size(), 2U) << ran.out;
  for (std::size_t c = 0; rows.size() == 2 && c < rows[0].size(); ++c)
    if (rows[0][c] == column) return rows[1].at(c);
  ADD_FAILURE() << "no column " << column;
  return "";
}

// Ten coins, worth the same to both: k of them in 10 over k ways.
TEST(FrontierCommand, CountsThePackagesOfEveryPoint) {
  const Ran ran = run({"frontier", kTextbook + "ten-coins.yaml", "--format", "csv"});
  ASSERT_EQ(ran.status, kAnswered) << ran.err;
  const auto rows = csv_rows(ran.out);
  ASSERT_EQ(rows.size(), 1U + 11 * 2);
  const char* const ways[] = {"1", "10", "45", "120", "210", "252", "210", "120", "45", "10", "1"};
  for (std::size_t point = 0; point < 11; ++point) {
    EXPECT_EQ(rows[1 + 2 * point].at(3), std::to_string(point + 1));
    EXPECT_EQ(rows[1 + 2 * point].at(4), ways[point]);
  }
}

TEST(FrontierCommand, AnswersForAnEmptyZoneToo) {
  const string file = kTextbook + "pairs-agree.yaml";
  const Ran ran = run({"frontier", file});
  EXPECT_EQ(ran.status, kAnswered);
  EXPECT_NE(ran.out.find("no package is in the zone"), string::npos) << ran.out;
  EXPECT_EQ(summary_cell({"frontier", file}, "points", kAnswered), "0");
  EXPECT_EQ(summary_cell({"frontier", file, "--of", "all"}, "points", kAnswered), "3");
}

// Twelve coins worth 1, 2, 4, … to both: each of the 4096 ways to deal them is a point. The 2 bests
// and 64 points between them, each in the middle of the widest gap, are never further apart than a
// 32nd of the line and a coin.
TEST(FrontierCommand, SaysWhatIsProvenWhereThereAreTooManyPoints) {
  string issues, one, two;
  for (int coin = 0; coin < 12; ++coin) {
    const string id = "coin" + std::to_string(coin);
    const string salience = ": {salience: " + std::to_string(1 << coin) + ", value: ";
    issues += "  " + id + ": {options: [first, second], ordered: false}\n";
    one += "      " + id + salience + "{first: 1, second: 0}}\n";
    two += "      " + id + salience + "{first: 0, second: 1}}\n";
  }
  const Folder folder;
  const string file = folder.write("coins.yaml", "zopa: 1\ntitle: Coins\nissues:\n" + issues +
                                                     "parties:\n  one:\n    positions:\n" + one +
                                                     "  two:\n    positions:\n" + two);
  const std::vector<string> all{"frontier", file, "--of", "all"};
  EXPECT_EQ(summary_cell(all, "points", kAnswered), "4096");
  EXPECT_EQ(summary_cell(all, "packages", kAnswered), "4096");
  std::vector<string> few = all;
  few.insert(few.end(), {"--points", "4095"});
  const Ran ran = run(few);
  EXPECT_EQ(ran.status, kPartly);
  EXPECT_NE(ran.out.find("more than 4095 points"), string::npos) << ran.out;
  EXPECT_EQ(summary_cell(few, "complete", kPartly), "false");
  EXPECT_EQ(summary_cell(few, "points", kPartly), "66");
  const double gap = std::stod(summary_cell(few, "gap", kPartly));
  EXPECT_GT(gap, 0);
  EXPECT_LE(gap, 1.0 / 64 + 1.0 / 4095);
}

// The division in halves, the halves in halves and so on: 2 bests and 63 points between them leave
// gaps of 1/64 between neighbours, of which a package in the middle is better by half for each.
TEST(FrontierCommand, BoundsWhatIsMissingOnAContinuum) {
  const Folder folder;
  const string file = folder.write("dollar.yaml", kDollar);
  const std::vector<string> arguments{"frontier", file, "--of", "all"};
  EXPECT_EQ(summary_cell(arguments, "gap", kPartly), plain_text(1.0 / 128));
  EXPECT_EQ(summary_cell(arguments, "points", kPartly), "66");
  EXPECT_EQ(summary_cell(arguments, "reason", kPartly), "an issue has no steps");
}

TEST(FrontierCommand, StopsInTime) {
  const Ran ran = run({"frontier", kTextbook + "logrolling.yaml", "--time-limit", "0.000001"});
  EXPECT_EQ(ran.status, kPartly) << ran.out;
  EXPECT_NE(ran.out.find("no point was found"), string::npos) << ran.out;
}

TEST(FrontierCommand, SaysWhichPointsALotteryBeats) {
  const Ran ran = run({"frontier", kTextbook + "leximin-ties.yaml", "--hull", "--format", "csv"});
  ASSERT_EQ(ran.status, kAnswered) << ran.err;
  // In tenths: c 8 4 4, g 6 6 4, b 5 6 6, a 5 5 9, f 4 8 4, d 2 9 9. Half c and half d is
  // 5, 6.5, 6.5, better than b. Half c and half f is g itself, and more of the second and third
  // can only come from d, at too high a price for the first; likewise a and f.
  const char* const on_hull[] = {"true", "true", "false", "true", "true", "true"};
  const auto rows = csv_rows(ran.out);
  ASSERT_EQ(rows.size(), 1U + 6 * 3);
  ASSERT_EQ(rows[0].at(9), "on_hull");
  for (std::size_t point = 0; point < 6; ++point)
    EXPECT_EQ(rows[1 + 3 * point].at(9), on_hull[point]) << point;
  const Ran many = run({"frontier", kTextbook + "council-1958.yaml", "--hull"});
  EXPECT_NE(many.out.find("No hull"), string::npos) << many.out;
}

TEST(FrontierCommand, FillsTheTablesThatAreAskedFor) {
  const Folder folder;
  const string file = kTextbook + "logrolling.yaml";
  const string target = folder.path("out") + "/";
  ASSERT_EQ(run({"frontier", file, "-o", target}).status, kAnswered);
  EXPECT_EQ(csv_rows(read_file(target + "frontier.csv")).size(), 1U + 21 * 2);
  EXPECT_EQ(csv_rows(read_file(target + "frontier_packages.csv")).size(), 1U + 21 * 2);
  EXPECT_EQ(csv_rows(read_file(target + "frontier_summary.csv")).size(), 2U);
  for (const string& table : tables_of("frontier")) {
    const string whole = read_file(target + table + ".csv");
    EXPECT_EQ(run({"frontier", file, "--format", "csv", "--table", table}).out, whole);
    EXPECT_NE(run({"frontier", file, "--table", table}).out.find("21 "), string::npos) << table;
    EXPECT_NE(run({"frontier", file, "--format", "json"}).out.find("\"" + table + "\": [\n    {"),
              string::npos)
        << table;
  }
}

TEST(FrontierCommand, RefusesWhatItDoesNotKnow) {
  const string file = kTextbook + "logrolling.yaml";
  EXPECT_EQ(run({"frontier", file, "--of", "everything"}).status, kUsage);
  for (const char* points : {"0", "2000001", "1.5", "many"})
    EXPECT_EQ(run({"frontier", file, "--points", points}).status, kUsage) << points;
  EXPECT_EQ(run({"frontier"}).status, kUsage);
}

}  // namespace
}  // namespace zopa
