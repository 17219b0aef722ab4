// SPDX-License-Identifier: MIT
//
// The commands that print a document: show, schema, and what they share with every other.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "src/check.hpp"
#include "src/command.hpp"
#include "src/files.hpp"
#include "src/schema.hpp"
#include "src/table_kinds.hpp"
#include "tests/src/scratch.hpp"

namespace zopa {
namespace {

using std::string;

const string kLease = R"(zopa: 1
title: Lease
date: 2026-03-01
issues: {rent: {range: [800, 1200]}}
parties:
  tenant: {positions: {rent: {salience: 1, ideal: 800, limit: "<= 1000"}}}
  owner: {positions: {rent: {salience: 1, ideal: 1200, limit: ">= 900"}}}
timeline:
  - {date: 2026-02-10, set: {parties.owner.positions.rent.limit: ">= 880"}}
variants:
  dear: {set: {parties.owner.positions.rent.limit: ">= 950"}}
)";

std::vector<string> scenario_files() {
  std::vector<string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(ZOPA_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(Show, PrintsTheEffectiveScenario) {
  const Folder folder;
  const Ran ran = run({"show", folder.write("lease.yaml", kLease), "--set",
                       "parties.tenant.positions.rent.limit=<= 1100"});
  EXPECT_EQ(ran.status, kAnswered);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, R"(zopa: 1
title: Lease
date: 2026-03-01
issues:
  rent: {range: [800, 1200]}
parties:
  tenant:
    positions:
      rent: {salience: 1, ideal: 800, limit: "<= 1100"}
  owner:
    positions:
      rent: {salience: 1, ideal: 1200, limit: ">= 880"}
)");
}

TEST(Show, PrintsOtherDaysAndVariants) {
  const Folder folder;
  const string file = folder.write("lease.yaml", kLease);
  EXPECT_NE(run({"show", file, "--date", "2026-02-09"}).out.find("\">= 900\""), string::npos);
  EXPECT_NE(run({"show", file, "--variant", "dear"}).out.find("\">= 950\""), string::npos);
}

TEST(Show, OfEveryScenarioIsSoundAndShowsTheSameAgain) {
  const Folder folder;
  for (const string& file : scenario_files()) {
    SCOPED_TRACE(file);
    const Ran first = run({"show", file});
    ASSERT_EQ(first.status, kAnswered) << first.err;
    const string shown = folder.write("shown.yaml", first.out);
    for (const InputProblem& problem : check_file(shown)) {
      EXPECT_EQ(problem.severity, InputProblem::Severity::warning) << to_text(problem);
    }
    EXPECT_EQ(run({"show", shown}).out, first.out);
  }
}

TEST(Show, RefusesWhatIsNotSound) {
  const Folder folder;
  const string file = folder.write("lease.yaml", replaced(kLease, "ideal: 800", "ideal: 700"));
  const Ran ran = run({"show", file});
  EXPECT_EQ(ran.status, kBadInput);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, file +
                         ":6:51: parties.tenant.positions.rent.ideal: 700 lies outside the issue's "
                         "range 800 to 1200\n  Write a value between 800 and 1200.\n");
}

TEST(Show, RefusesAnEmptyAgreementSpace) {
  const Folder folder;
  const string file =
      folder.write("lease.yaml", kLease + "rules:\n  never: {sum: {rent: 1}, at_most: 700}\n");
  EXPECT_EQ(run({"show", file}).status, kBadInput);
}

TEST(Show, TellsWrongCommandLinesFromWrongScenarios) {
  const Folder folder;
  const string file = folder.write("lease.yaml", kLease);
  EXPECT_EQ(run({"show", file, "--set", "parties.onwer.power=2"}).status, kUsage);
  EXPECT_EQ(run({"show", file, "--variant", "deer"}).status, kUsage);
  EXPECT_EQ(run({"show", file, "--date", "soon"}).status, kUsage);
  EXPECT_EQ(run({"show"}).status, kUsage);
  const Ran ran = run({"show", file, "--set", "parties.owner.power=-2"});
  EXPECT_EQ(ran.status, kBadInput);
  EXPECT_EQ(ran.err,
            "--set: parties.owner.power: the power -2 is negative\n"
            "  Write a number from 0 on; 1 is usual.\n");
}

TEST(Show, WritesAFileAsAWhole) {
  const Folder folder;
  const string file = folder.write("lease.yaml", kLease);
  const string old = folder.write("old.yaml", "old");
  EXPECT_EQ(run({"show", file, "--set", "parties.owner.power=-2", "-o", old}).status, kBadInput);
  EXPECT_EQ(read_file(old), "old");
  const Ran ran = run({"show", file, "--output", old});
  EXPECT_EQ(ran.status, kAnswered);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(read_file(old), run({"show", file}).out);
  EXPECT_EQ(run({"show", file, "-o", folder.path("no/such/folder.yaml")}).status, kBadInput);
}

TEST(SchemaCommand, PrintsEitherSchema) {
  EXPECT_EQ(run({"schema"}).out, scenario_schema());
  EXPECT_EQ(run({"schema", "--output"}).out, output_schema());
}

TEST(SchemaCommand, WritesAFile) {
  const Folder folder;
  const Ran ran = run({"schema", "--output", "-o", folder.path("output.schema.json")});
  EXPECT_EQ(ran.status, kAnswered);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(read_file(folder.path("output.schema.json")), output_schema());
}

TEST(SchemaCommand, TakesNoScenario) { EXPECT_EQ(run({"schema", "lease.yaml"}).status, kUsage); }

TEST(Commands, ExplainThemselvesWithAnExample) {
  for (const Command& command : command_table()) {
    const Ran ran = run({command.name, "--help"});
    EXPECT_EQ(ran.status, kAnswered) << command.name;
    EXPECT_NE(ran.out.find("Example"), string::npos) << command.name;
    EXPECT_NE(ran.out.find("Usage: zopa " + string(command.name)), string::npos) << command.name;
    EXPECT_EQ(ran.err, "");
  }
}

}  // namespace
}  // namespace zopa
