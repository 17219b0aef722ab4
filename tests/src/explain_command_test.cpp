// SPDX-License-Identifier: MIT
//
// `zopa explain` as a program: the published and hand-made answers of rc24 through its tables, open
// zones, firm conflicts, time limits, and which parts are computed.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "src/command.hpp"
#include "src/files.hpp"
#include "src/table_kinds.hpp"
#include "tests/src/scratch.hpp"

namespace zopa {
namespace {

using nlohmann::json;
using std::string;

const string kTextbook = ZOPA_SOURCE_DIR "/scenarios/textbook/";
const string kLinked = kTextbook + "linked-demands.yaml";

json answer(std::vector<string> arguments, int status = kAnswered) {
  arguments.insert(arguments.begin(), "explain");
  arguments.insert(arguments.end(), {"--format", "json"});
  const Ran ran = run(arguments);
  EXPECT_EQ(ran.status, status) << ran.err;
  return json::parse(ran.out, nullptr, false);
}

// The demands of each conflict or exit.
std::set<std::set<string>> sets_of(const json& rows, const string& number) {
  std::map<int, std::set<string>> sets;
  for (const json& row : rows) sets[row.at(number)].insert(row.at("demand").get<string>());
  std::set<std::set<string>> all;
  for (auto& [k, set] : sets) all.insert(std::move(set));
  return all;
}

// The row of that demand, which must be the only one that gives way so.
json row_of(const json& rows, const string& demand, const string& gives) {
  json found;
  for (const json& row : rows) {
    if (row.at("demand") != demand || row.value("gives", "") != gives) continue;
    EXPECT_TRUE(found.is_null()) << demand << " stands twice";
    found = row;
  }
  EXPECT_FALSE(found.is_null()) << demand << " " << gives;
  return found;
}

constexpr double kExact = 1e-9;

// The five demands of the conflict; each alone opens the zone.
const std::set<string> kFive{"a.treaty-for-neutrality", "a.reservation", "b.land-for-neutrality",
                             "payer.fund.limit", "guarantor.guarantee.limit"};

TEST(ExplainCommand, FindsTheConflictOfTheLinkedDemands) {
  const json found = answer({kLinked});
  EXPECT_EQ(sets_of(found.at("conflicts"), "conflict"), (std::set<std::set<string>>{kFive}));
  std::set<std::set<string>> exits;
  for (const string& demand : kFive) exits.insert({demand});
  EXPECT_EQ(sets_of(found.at("exits"), "exit"), exits);
  const json& summary = found.at("explanation").at(0);
  EXPECT_EQ(summary.at("zone"), "empty");
  EXPECT_EQ(summary.at("conflicts"), 1);
  EXPECT_EQ(summary.at("exits"), 5);
  EXPECT_EQ(summary.at("exits_alone"), 5);
  EXPECT_EQ(summary.at("complete"), true);
}

// Under the other four demands A has at most 0.4·0.3 + 0.3·0.7 + 0.15·1 + 0.15·0.4 = 0.54, of the
// 0.55 it asks: a margin of −0.01/0.45 = −1/45.
TEST(ExplainCommand, ProvesTheConflictInNumbers) {
  const json found = answer({kLinked, "--conflicts"});
  ASSERT_EQ(found.at("conflict_proofs").size(), 1U);
  const json& proof = found.at("conflict_proofs").at(0);
  EXPECT_EQ(proof.at("boxes"), 1);
  EXPECT_EQ(proof.at("party"), "a");
  EXPECT_EQ(proof.at("multiplier"), 1);
  EXPECT_NEAR(proof.at("at_most"), -1.0 / 45, kExact);
  EXPECT_NEAR(proof.at("most"), 0.54, kExact);
  EXPECT_NEAR(proof.at("reservation"), 0.55, kExact);
  const Ran text = run({"explain", kLinked, "--conflicts"});
  EXPECT_NE(text.out.find("The utility of A is at most 0.54 on every package"), string::npos)
      << text.out;
}

// With an open status and monitoring B keeps 0.5 up to T = 5/18; A then has 0.4·5/18 + 0.36 +
// 0.0005·M: 0.5311 at M = 120, and 0.55 at M = 157.78. With a moratorium B keeps 0.5 beyond, and A
// has 0.36 + 0.4·T: 0.55 at T = 0.475.
TEST(ExplainCommand, PricesEveryDemandAlone) {
  const json found = answer({kLinked, "--exits"});
  const json& prices = found.at("prices");
  EXPECT_NEAR(row_of(prices, "payer.fund.limit", "end").at("to"), 157.7777777778, 1e-6);
  EXPECT_NEAR(row_of(prices, "payer.fund.limit", "end").at("price"), 37.7777777778, 1e-6);
  EXPECT_NEAR(row_of(prices, "a.reservation", "reservation").at("to"), 0.5311111111, 1e-6);
  EXPECT_NEAR(row_of(prices, "b.land-for-neutrality", "when").at("to"), 0.475, 1e-6);
  EXPECT_EQ(row_of(prices, "guarantor.guarantee.limit", "end").at("to"), "treaty");
  EXPECT_EQ(row_of(prices, "guarantor.guarantee.limit", "end").at("price"), 1);
  for (const char* demand : {"b.reservation", "a.territory.limit", "a.monitoring-for-land"})
    EXPECT_EQ(row_of(prices, demand, "").at("never"), true) << demand;
  const Ran text = run({"explain", kLinked, "--exits"});
  EXPECT_NE(text.out.find("Payer's red line on Reconstruction fund moves from at most 120 bn to at "
                          "most 157.8 bn"),
            string::npos)
      << text.out;
}

// The prices of the text open the zone, and those just short of them do not.
TEST(ExplainCommand, PrintsPricesThatSuffice) {
  const json found = answer({kLinked, "--exits"});
  const auto zone = [&](const string& path, double value) {
    return answer({kLinked, "--conflicts", "--set", path + "=" + json(value).dump()})
        .at("explanation")
        .at(0)
        .at("zone");
  };
  const string reservation = "parties.a.reservation.value";
  const double to = row_of(found.at("prices"), "a.reservation", "reservation").at("to");
  EXPECT_EQ(zone(reservation, to), "open");
  EXPECT_EQ(zone(reservation, to + 1e-6), "empty");
}

TEST(ExplainCommand, FindsAllConflictsOfTheVariant) {
  const json found = answer({kLinked, "--variant", "demanding-b"});
  const std::set<std::set<string>> conflicts{
      {"a.territory.limit", "a.treaty-for-neutrality", "a.monitoring-for-land", "b.reservation",
       "guarantor.guarantee.limit"},
      kFive,
      {"a.treaty-for-neutrality", "a.reservation", "b.reservation", "guarantor.guarantee.limit"},
      {"a.reservation", "b.reservation", "payer.fund.limit"}};
  EXPECT_EQ(sets_of(found.at("conflicts"), "conflict"), conflicts);
  const auto exits = sets_of(found.at("exits"), "exit");
  EXPECT_EQ(exits.size(), 11U);
  for (const auto& exit : exits) EXPECT_GE(exit.size(), 2U);
}

TEST(ExplainCommand, SaysWhatClosesAnOpenZone) {
  const json found = answer({kTextbook + "logrolling.yaml"});
  EXPECT_EQ(found.at("explanation").at(0).at("zone"), "open");
  EXPECT_TRUE(found.at("conflicts").empty());
  EXPECT_TRUE(found.at("exits").empty());
  EXPECT_FALSE(found.at("moves").empty());
  // Wages to the union and time to the firm gives each 3/4: nobody can ask for more without less
  // for the other, so either reservation closes the zone beyond 1 when the other asks for nothing.
  const Ran text = run({"explain", kTextbook + "logrolling.yaml"});
  EXPECT_EQ(text.status, kAnswered);
  EXPECT_NE(text.out.find("There is a zone of agreement"), string::npos) << text.out;
  EXPECT_EQ(text.out.find("Conflicts"), string::npos) << text.out;
}

// A seller who asks 300 and a buyer who pays 250, both firm: one conflict, and no exit.
TEST(ExplainCommand, NamesAFirmConflict) {
  const Folder folder;
  const string file = folder.write("firm.yaml", R"(zopa: 1
title: Firm
issues: {price: {title: Price, range: [150, 500], unit: EUR, step: 10}}
parties:
  seller: {title: Seller, firm: true, positions: {price: {salience: 1, ideal: 500, limit: ">= 300"}}}
  buyer: {title: Buyer, firm: true, positions: {price: {salience: 1, ideal: 150, limit: "<= 250"}}}
)");
  const json found = answer({file});
  EXPECT_EQ(sets_of(found.at("conflicts"), "conflict"),
            (std::set<std::set<string>>{{"seller.price.limit", "buyer.price.limit"}}));
  for (const json& row : found.at("conflicts")) EXPECT_EQ(row.at("firm"), true);
  EXPECT_TRUE(found.at("exits").empty());
  EXPECT_TRUE(found.at("splits").empty());
  const Ran text = run({"explain", file});
  EXPECT_EQ(text.status, kAnswered);
  EXPECT_NE(text.out.find("There is none: a conflict is firm throughout."), string::npos)
      << text.out;
  EXPECT_NE(text.out.find("No settlement of Price meets both."), string::npos) << text.out;
}

// The gap of 50 in proportion to the spans of 200 and 100: a sixth of each. 300 falls by 33.33,
// 250 rises by 16.67.
TEST(ExplainCommand, SharesAGapInProportion) {
  const json found =
      answer({kTextbook + "price.yaml", "--variant", "no-zone", "--splits"}).at("splits");
  int rows = 0;
  for (const json& row : found) {
    if (row.at("split") != "least_largest") continue;
    ++rows;
    EXPECT_NEAR(row.at("share"), 1.0 / 6, kExact);
    EXPECT_NEAR(row.at("largest"), 1.0 / 6, kExact);
  }
  EXPECT_EQ(rows, 2);
}

// A treaty in steps of 10: the leader at home signs from 40 on, the foreign government up to 60,
// but the parliament at home asks for 80. Leaders alone have 40 to 60, with the parliament there is
// none.
const string kRatified = R"(zopa: 1
title: Ratified
issues: {share: {title: Share, range: [0, 100], step: 10, unit: percent}}
parties:
  leader: {title: Leader, positions: {share: {salience: 1, ideal: 100, limit: ">= 40"}}}
  parliament: {title: Parliament, positions: {share: {limit: ">= 80"}}}
  foreign: {title: Foreign government, positions: {share: {salience: 1, ideal: 0, limit: "<= 60"}}}
consent: {all: [{title: Home, all: [leader, parliament]}, foreign]}
drafts:
  half: {title: Half, package: {share: 50}}
)";

TEST(ExplainCommand, SaysWhoWouldNotSign) {
  const Folder folder;
  const string file = folder.write("ratified.yaml", kRatified);
  const json found = answer({file, "--consents"});
  ASSERT_EQ(found.at("ratification").size(), 1U);
  const json& row = found.at("ratification").at(0);
  EXPECT_EQ(row.at("involuntary_defection"), true);
  EXPECT_EQ(row.at("ratified"), false);
  // At 50 both leaders have half of what they hope for.
  EXPECT_NEAR(row.at("leaders_depth"), 0.5, kExact);
  const Ran text = run({"explain", file, "--consents"});
  EXPECT_NE(text.out.find("involuntary defection"), string::npos) << text.out;
  EXPECT_TRUE(std::regex_search(
      text.out, std::regex("the leaders would sign;\\s+Parliament would not")))  // over two lines
      << text.out;
}

TEST(ExplainCommand, AsksWhatATextLacks) {
  const Folder folder;
  const string file = folder.write("ratified.yaml", kRatified);
  const json found = answer({file, "--draft", "half"});
  ASSERT_EQ(found.at("remedies").size(), 1U);
  const json& row = found.at("remedies").at(0);
  EXPECT_EQ(row.at("package"), "draft:half");
  EXPECT_EQ(row.at("demand"), "parliament.share.limit");
  EXPECT_EQ(row.at("from"), 80);
  EXPECT_EQ(row.at("to"), 50);
  EXPECT_EQ(row.at("price"), 30);
  EXPECT_EQ(row.at("suffices"), true);
  EXPECT_TRUE(found.at("conflicts").empty());
  const Ran text = run({"explain", file, "--draft", "half"});
  EXPECT_NE(text.out.find("Parliament refuses it; one number would do:"), string::npos) << text.out;
  EXPECT_NE(text.out.find("The red line on Share from 80 to 50 percent."), string::npos)
      << text.out;
}

// The known answers of the file: the deadline opens the zone for 3; 1/7 for 6; publicity backfires
// alone, advice beside the deadline.
TEST(ExplainCommand, PullsLevers) {
  const json found = answer({kTextbook + "levers.yaml", "--levers", "--budget", "6"});
  for (const json& row : found.at("lever_sets")) {
    if (row.at("opening") == true) {
      EXPECT_EQ(row.at("levers"), "deadline");
      EXPECT_EQ(row.at("cost"), 3);
      EXPECT_NEAR(row.at("depth"), 0, kExact);
    }
    if (row.at("cost") == 6) {
      EXPECT_EQ(row.at("levers"), "storage advice");
      EXPECT_NEAR(row.at("depth"), 1.0 / 7, kExact);
    }
  }
  std::map<string, json> levers;
  for (const json& row : found.at("levers")) levers[row.at("lever")] = row;
  EXPECT_EQ(levers.at("publicity").at("lowers_alone"), true);
  EXPECT_NEAR(levers.at("publicity").at("depth_alone"), -0.75, kExact);
  EXPECT_EQ(levers.at("advice").at("company"), "deadline");
  EXPECT_EQ(levers.at("deadline").at("backfires"), false);
  const Ran text = run({"explain", kTextbook + "levers.yaml", "--budget", "6"});
  EXPECT_NE(text.out.find("With at most 6: depth +0.14"), string::npos) << text.out;
  EXPECT_EQ(text.out.find("Conflicts"), string::npos) << text.out;
}

// The seller's 220 and the buyer's 275: the zone closes when either passes the other.
TEST(ExplainCommand, FindsTheSlackOfAPrice) {
  const json found = answer({kTextbook + "price.yaml", "--moves"});
  std::map<string, double> closes;
  for (const json& row : found.at("moves"))
    if (row.contains("closes_at")) closes[row.at("path")] = row.at("closes_at");
  EXPECT_NEAR(closes.at("parties.seller.reservation.package.price"), 275, 1e-6);
  EXPECT_NEAR(closes.at("parties.buyer.reservation.package.price"), 220, 1e-6);
}

// What --table and its key promise: no two rows of a table are named alike.
TEST(ExplainCommand, NamesEachRowOnce) {
  for (const string& name : {string("textbook/linked-demands"), string("textbook/committee"),
                             string("textbook/levers"), string("textbook/price")}) {
    const json found = answer({ZOPA_SOURCE_DIR "/scenarios/" + name + ".yaml"});
    for (const TableKind& kind : table_kinds()) {
      if (kind.command != "explain" || kind.key.empty()) continue;
      std::set<string> named;
      for (const json& row : found.at(kind.name)) {
        json key;
        for (const string& column : kind.key) key[column] = row.value(column, json());
        EXPECT_TRUE(named.insert(key.dump()).second) << name << " " << kind.name << " " << key;
      }
    }
  }
}

TEST(ExplainCommand, StopsInTime) {
  const Ran ran = run({"explain", ZOPA_SOURCE_DIR "/scenarios/ukraine-2025/talks.yaml",
                       "--time-limit", "0.000001"});
  EXPECT_EQ(ran.status, kPartly) << ran.out;
  EXPECT_NE(ran.out.find("Not decided whether there is a zone"), string::npos) << ran.out;
}

TEST(ExplainCommand, ComputesTheTablesThatAreAskedFor) {
  const Folder folder;
  const string target = folder.path("out") + "/";
  ASSERT_EQ(run({"explain", kLinked, "-o", target}).status, kAnswered);
  for (const string& table : tables_of("explain")) {
    const string whole = read_file(target + table + ".csv");
    EXPECT_EQ(run({"explain", kLinked, "--format", "csv", "--table", table}).out, whole) << table;
  }
  const json part = answer({kLinked, "--exits"});
  EXPECT_FALSE(part.at("exits").empty());
  EXPECT_TRUE(part.at("splits").empty());
  EXPECT_TRUE(part.at("moves").empty());
}

TEST(ExplainCommand, RefusesATextThatIsNotThere) {
  const string file = ZOPA_SOURCE_DIR "/scenarios/ukraine-2025/talks.yaml";
  const Ran ran = run({"explain", file, "--draft", "us-28-point"});
  EXPECT_EQ(ran.status, kUsage);
  EXPECT_NE(ran.err.find("us-28-points"), string::npos) << ran.err;
  EXPECT_EQ(run({"explain", kLinked, "--budget", "-1"}).status, kUsage);
}

}  // namespace
}  // namespace zopa
