// SPDX-License-Identifier: MIT
#include "src/check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/src/scratch.hpp"

namespace zopa {
namespace {

using std::string;

// Sound, and nothing in it is doubtful. The tests change one thing at a time.
const string kLease = R"(zopa: 1
title: Lease
date: 2026-03-01
sources:
  letter: {title: Letter, date: 2026-02-01}
issues:
  rent: {title: Rent, range: [800, 1200], step: 10, unit: EUR}
  term: {title: Term, options: [one, three, five]}
  area: {title: Area, range: [0, 100]}
parties:
  tenant:
    title: Tenant
    reservation: {value: 0.25, basis: assumed}
    positions:
      rent: {salience: 60, ideal: 800, limit: "<= 1100", basis: stated, sources: [letter]}
      term: {salience: 30, ideal: five, basis: assumed}
      area: {salience: 10, ideal: 100, limit: ">= 20", basis: assumed}
    demands:
      short-cheap: {title: Cheap if short, when: {term: "<= one"}, require: {rent: "<= 1000"}, basis: inferred}
  owner:
    title: Owner
    positions:
      rent: {salience: 50, ideal: 1200, limit: ">= 900", basis: assumed}
      term: {salience: 50, ideal: one, basis: assumed}
      area: {salience: 10, ideal: 0, basis: assumed}
rules:
  law: {title: Law, when: {term: ">= five"}, require: {rent: ">= 850"}}
drafts:
  first: {title: First, package: {rent: 1100, term: one}}
timeline:
  - {date: 2026-02-10, title: Lower, set: {parties.owner.positions.rent.limit: ">= 880"}}
variants:
  stuck: {title: No other workshop, set: {parties.tenant.reservation.value: 0.1}}
levers:
  push: {title: A friend lends a room, by: owner, cost: 2, set: {parties.tenant.reservation: {value: 0.3, basis: assumed}}}
)";

// Every problem of a text as `zopa check` prints it, without the name of the file.
string problems_of(const string& text) {
  const Folder folder;
  const string file = folder.write("lease.yaml", text);
  string all;
  for (InputProblem problem : check_file(file)) {
    EXPECT_EQ(problem.file, file);
    EXPECT_FALSE(problem.remedy.empty());
    problem.file = "lease.yaml";
    all += to_text(problem) + "\n";
  }
  return all;
}

struct Change {
  string before;
  string after;
};

struct Warning {
  const char* name;
  std::vector<Change> changes;
  string expected;  // all that `check` prints; empty: nothing
};

class Warnings : public testing::TestWithParam<Warning> {};

TEST_P(Warnings, SayWhereWhatAndWhatToDo) {
  string text = kLease;
  for (const Change& change : GetParam().changes)
    text = replaced(text, change.before, change.after);
  EXPECT_EQ(problems_of(text), GetParam().expected);
}

const string kBasisRemedy =
    "\n  Write `basis: stated`, `inferred` or `assumed` there; what stands on a position holds for "
    "all its numbers.\n";
const string kSourceRemedy =
    "\n  Name where it was said or written with `sources: [...]`, or write `basis: inferred` or "
    "`assumed`.\n";
const string kIdleRemedy =
    "\n  Leave `limit` out, or move it to where the party would rather walk away.\n";
const string kSingleRemedy =
    "\n  If the party accepts nothing else, say why in a `note` on the position; otherwise move "
    "the limit.\n";

// clang-format off
const Warning kWarnings[] = {
    {"NothingDoubtful", {}, ""},

    {"NoBasisOnAPosition",
     {{"term: {salience: 30, ideal: five, basis: assumed}", "term: {salience: 30, ideal: five}"}},
     "lease.yaml:16:13: warning: parties.tenant.positions.term: no `basis` for its salience and ideal" + kBasisRemedy},
    {"NoBasisForOneNumber",
     {{"term: {salience: 30, ideal: five, basis: assumed}",
       "term: {salience: {value: 30, basis: assumed}, value: {one: 0, three: {value: 0.5, basis: assumed}, five: 1}}"}},
     "lease.yaml:16:13: warning: parties.tenant.positions.term: no `basis` for its value" + kBasisRemedy},
    {"NoBasisForAPlainReservation",
     {{"reservation: {value: 0.25, basis: assumed}", "reservation: 0.25"},
      {"set: {parties.tenant.reservation.value: 0.1}", "set: {parties.tenant.reservation: {value: 0.1, basis: assumed}}"}},
     "lease.yaml:13:18: warning: parties.tenant.reservation: no `basis` for its number" + kBasisRemedy},
    {"NoBasisOnADemand",
     {{", basis: inferred}", "}"}},
     "lease.yaml:19:20: warning: parties.tenant.demands.short-cheap: the demand has no `basis`\n"
     "  Write `basis: stated`, `inferred` or `assumed` on the demand.\n"},
    {"BasisOnEveryNumberIsEnough",
     {{"term: {salience: 30, ideal: five, basis: assumed}",
       "term: {salience: {value: 30, basis: assumed}, value: {one: {value: 0, basis: assumed}, three: {value: 0.5, basis: assumed}, five: {value: 1, basis: inferred}}}"}},
     ""},

    {"StatedWithoutSources",
     {{"area: {salience: 10, ideal: 0, basis: assumed}", "area: {salience: 10, ideal: 0, basis: stated}"}},
     "lease.yaml:25:13: warning: parties.owner.positions.area: `basis: stated` without sources" + kSourceRemedy},
    {"StatedNumberWithoutSources",
     {{"area: {salience: 10, ideal: 0, basis: assumed}", "area: {salience: {value: 10, basis: stated}, ideal: 0, basis: assumed}"}},
     "lease.yaml:25:13: warning: parties.owner.positions.area: `basis: stated` without sources for its salience" + kSourceRemedy},
    {"StatedDemandWithoutSources",
     {{"basis: inferred", "basis: stated"}},
     "lease.yaml:19:20: warning: parties.tenant.demands.short-cheap: `basis: stated` without sources" + kSourceRemedy},
    {"StatedDateWithoutSources",
     {{"title: Lower,", "title: Lower, basis: stated,"}},
     "lease.yaml:31:5: warning: timeline.0: `basis: stated` without sources" + kSourceRemedy},

    {"ReservationNoPackageCanReach",
     {{"reservation: {value: 0.25, basis: assumed}", "reservation: {value: 0.95, basis: assumed}"},
      {"area: {salience: 10, ideal: 100, limit", "area: {salience: 10, value: [[0, 0], [100, 0.4]], limit"}},
     "lease.yaml:13:18: warning: parties.tenant.reservation: no package can reach this reservation: it is 0.95, and the best package is worth 0.865\n"
     "  Lower the reservation, or check the worths and rules that keep every package below it.\n"},
    {"ReservationEveryPackageExceeds",
     {{"term: {salience: 30, ideal: five, basis: assumed}", "term: {salience: 30, value: {one: 0.9, three: 0.95, five: 1}, basis: assumed}"}},
     "lease.yaml:13:18: warning: parties.tenant.reservation: every package exceeds this reservation: it is 0.25, and the worst package is worth 0.27\n"
     "  Raise the reservation to the worth of no agreement, or leave it out; if it is meant, say why in a `note`.\n"
     "lease.yaml:33:77: warning: parties.tenant.reservation: every package exceeds this reservation: it is 0.1, and the worst package is worth 0.27 (in variant stuck)\n"
     "  Raise the reservation to the worth of no agreement, or leave it out; if it is meant, say why in a `note`.\n"},
    {"ANoteExplainsAReservationThatAsksNothing",
     {{"term: {salience: 30, ideal: five, basis: assumed}", "term: {salience: 30, value: {one: 0.9, three: 0.95, five: 1}, basis: assumed}"},
      {"reservation: {value: 0.25, basis: assumed}", "reservation: {value: 0.25, basis: assumed, note: Where gains begin}"}},
     ""},

    {"RedLineBeyondWhichNothingLies",
     {{"\"<= 1100\"", "\"<= 1200\""}},
     "lease.yaml:15:47: warning: parties.tenant.positions.rent.limit: nothing lies beyond this red line: it refuses no settlement" + kIdleRemedy},
    {"ContinuousRedLineBeyondWhichNothingLies",
     {{"\">= 20\"", "\">= 0\""}},
     "lease.yaml:17:47: warning: parties.tenant.positions.area.limit: nothing lies beyond this red line: it refuses no settlement" + kIdleRemedy},
    {"EndBeyondWhichNothingLies",
     {{"\"<= 1100\"", "[800, 1100]"}},
     "lease.yaml:15:47: warning: parties.tenant.positions.rent.limit: nothing lies beyond the lower end of this red line, 800 EUR\n"
     "  Write the other end alone, as a test: \"<= 1100\".\n"},
    {"RedLineThatLeavesASingleSettlement",
     {{"area: {salience: 10, ideal: 0, basis: assumed}", "area: {salience: 10, ideal: 0, limit: \"<= 0\", basis: assumed}"}},
     "lease.yaml:25:45: warning: parties.owner.positions.area.limit: this red line leaves a single settlement, 0" + kSingleRemedy},
    {"RedLineThatLeavesASingleOption",
     {{"term: {salience: 30, ideal: five, basis: assumed}", "term: {salience: 30, ideal: five, limit: \"> three\", basis: assumed}"}},
     "lease.yaml:16:48: warning: parties.tenant.positions.term.limit: this red line leaves a single settlement, five" + kSingleRemedy},
    {"ANoteExplainsASingleSettlement",
     {{"area: {salience: 10, ideal: 0, basis: assumed}", "area: {salience: 10, ideal: 0, limit: \"<= 0\", basis: assumed, note: He said no}"}},
     ""},
    {"AnEqualityMeansASingleSettlement",
     {{"area: {salience: 10, ideal: 0, basis: assumed}", "area: {salience: 10, ideal: 0, limit: \"= 0\", basis: assumed}"}},
     ""},

    {"DemandWhoseWhenCanNeverHold",
     {{"when: {term: \"<= one\"}, require", "when: {term: \"<= one\", rent: \"> 1200\"}, require"}},
     "lease.yaml:19:20: warning: parties.tenant.demands.short-cheap: this demand asks nothing: no package meets its `when`\n"
     "  Check the numbers of `when` against the issues and the rules, or leave the demand out.\n"},
    {"DemandWhoseWhenTheRulesExclude",
     {{"when: {term: \"<= one\"}, require: {rent: \"<= 1000\"}", "when: {term: \">= five\", rent: \"< 850\"}, require: {area: \">= 30\"}"}},
     "lease.yaml:19:20: warning: parties.tenant.demands.short-cheap: this demand asks nothing: no package meets its `when`\n"
     "  Check the numbers of `when` against the issues and the rules, or leave the demand out.\n"},
    {"DemandThatOwnLimitsMakeImpossible",
     {{"require: {rent: \"<= 1000\"}", "require: {rent: \">= 1150\"}"}},
     "lease.yaml:19:20: warning: parties.tenant.demands.short-cheap: what this demand requires its party's own red lines refuse\n"
     "  Check `require` against the party's limits: together they refuse every package that meets `when`.\n"},
    {"DemandThatTheRulesMakeImpossible",
     {{"when: {term: \"<= one\"}, require: {rent: \"<= 1000\"}", "when: {term: \">= five\"}, require: {rent: \"<= 840\"}"}},
     "lease.yaml:19:20: warning: parties.tenant.demands.short-cheap: no package meets what this demand requires\n"
     "  Check `require` against the issues and the rules: as it stands, the party refuses every package that meets `when`.\n"},
    {"ADemandBehindItsOwnRedLineWaits",
     {{"when: {term: \"<= one\"}, require: {rent: \"<= 1000\"}", "when: {rent: \"> 1150\"}, require: {area: \">= 90\"}"}},
     ""},

    {"IssueOnWhichAllAgree",
     {{"area: {salience: 10, ideal: 0, basis: assumed}", "area: {salience: 10, ideal: [60, 100], basis: assumed}"}},
     "lease.yaml:9:9: warning: issues.area: all agree on this issue: 100 is best for every party that cares\n"
     "  Leave the issue out if nothing depends on it, or check the ideals: it adds the same to every party.\n"},
    {"ARedLineAgainstItIsNoAgreement",
     {{"area: {salience: 10, ideal: 0, basis: assumed}", "area: {salience: 10, ideal: 100, limit: \"<= 90\", basis: assumed}"}},
     ""},
    {"AnIssueTiedByARuleIsNotAgreed",
     {{"area: {salience: 10, ideal: 0, basis: assumed}", "area: {salience: 10, ideal: 100, basis: assumed}"},
      {"require: {rent: \">= 850\"}", "require: {rent: \">= 850\", area: \"<= 90\"}"}},
     ""},
    {"AVariantMayMakeAllAgree",
     {{"set: {parties.tenant.reservation.value: 0.1}", "set: {parties.owner.positions.area.ideal: 100}"}},
     ""},

    {"IssueNobodyUses",
     {{"  area: {title: Area,", "  view: {title: View, options: [yard, street]}\n  area: {title: Area,"}},
     "lease.yaml:9:9: warning: issues.view: nobody uses this issue: no position, demand or rule mentions it\n"
     "  Give a party a position on it, or leave it out.\n"},
    {"PartyThatAsksNothing",
     {{"  owner:\n", "  bank: {title: Bank}\n  owner:\n"}},
     "lease.yaml:20:9: warning: parties.bank: the party is asked to consent but accepts everything: it has no salience, no red line and no demand\n"
     "  Say what it wants or refuses, or leave it out of `consent`: then it is an observer.\n"},
    {"PartyNobodyUses",
     {{"  owner:\n", "  bank: {title: Bank}\n  owner:\n"}, {"drafts:\n", "consent: {all: [tenant, owner]}\ndrafts:\n"}},
     "lease.yaml:20:9: warning: parties.bank: nobody uses this party: the consent tree does not name it, and it has no position\n"
     "  Name it in `consent`, give it positions or a `note`, or leave it out.\n"},
    {"APartyUsedInAVariantIsUsed",
     {{"  owner:\n", "  bank: {title: Bank}\n  owner:\n"},
      {"set: {parties.tenant.reservation.value: 0.1}", "set: {parties.bank.positions.rent: {limit: \"<= 1000\", basis: assumed}}"}},
     ""},
    {"AnIssueUsedInAVariantIsUsed",
     {{"  area: {title: Area,", "  view: {title: View, options: [yard, street]}\n  area: {title: Area,"},
      {"set: {parties.tenant.reservation.value: 0.1}", "set: {parties.owner.positions.view: {limit: \">= street\", basis: assumed, note: No}}"}},
     ""},
    {"AnObserverWithANoteIsDescribed",
     {{"  owner:\n", "  bank: {title: Bank, note: Waits and sees}\n  owner:\n"}, {"drafts:\n", "consent: {all: [tenant, owner]}\ndrafts:\n"}},
     ""},

    {"SourceNeverCited",
     {{"issues:\n", "  call: {title: Call}\nissues:\n"}},
     "lease.yaml:6:3: warning: sources.call: this source is never cited\n"
     "  Cite it with `sources: [call]` where it supports something, or leave it out.\n"},
    {"ASourceCitedInAVariantIsCited",
     {{"issues:\n", "  call: {title: Call}\nissues:\n"},
      {"set: {parties.tenant.reservation.value: 0.1}", "set: {parties.tenant.positions.rent.sources: [call]}"}},
     ""},

    {"VariantThatChangesNothing",
     {{"set: {parties.tenant.reservation.value: 0.1}", "set: {parties.tenant.reservation.value: 0.25}"}},
     "lease.yaml:33:42: warning: variants.stuck.set: this variant changes nothing: all that it sets stands already\n"
     "  Check its values, or leave the variant out.\n"},
    {"LeverThatChangesNothing",
     {{"set: {parties.tenant.reservation: {value: 0.3, basis: assumed}}", "set: {parties.tenant.reservation: {value: 0.25, basis: assumed}}"}},
     "lease.yaml:35:65: warning: levers.push.set: this lever changes nothing: all that it sets stands already\n"
     "  Check its values, or leave the lever out.\n"},
    {"LeverThatCostsNothing",
     {{"cost: 2", "cost: 0"}},
     "lease.yaml:35:57: warning: levers.push.cost: this lever costs nothing, so that a choice by cost never weighs it\n"
     "  Write what pulling it costs beside the other levers; a change that is free and certain belongs to the file itself.\n"},
    {"LeverWithoutItsSource",
     {{"cost: 2", "basis: stated, cost: 2"}},
     "lease.yaml:35:3: warning: levers.push: `basis: stated` without sources" + kSourceRemedy},
    {"LeverWithADoubt",
     {{"set: {parties.tenant.reservation: {value: 0.3, basis: assumed}}", "set: {parties.tenant.reservation: {value: 0.95, basis: assumed}}"}},
     "lease.yaml:35:94: warning: parties.tenant.reservation: no package can reach this reservation: it is 0.95, and the best package is worth 0.925 (with lever push)\n"
     "  Lower the reservation, or check the worths and rules that keep every package below it.\n"},
    {"LeverThatChangesARange",
     {{"set: {parties.tenant.reservation: {value: 0.3, basis: assumed}}", "set: {issues.area.range: [0, 200]}"}},
     "lease.yaml:35:66: warning: levers.push.set.issues.area.range: the range of area changes, but the salience of tenant, owner keeps its `as_of`: a salience weighs the whole range\n"
     "  Weigh the issue anew for the new range, and date the salience with `as_of`.\n"},
    {"DatedSetThatChangesNothing",
     {{"\">= 880\"}}", "\">= 880\"}}\n  - {date: 2026-02-11, title: Again, set: {parties.owner.positions.rent.limit: \">= 880\"}}"}},
     "lease.yaml:32:43: warning: timeline.1.set: this dated change changes nothing: all that it sets stands already\n"
     "  Leave `set` out (an entry may have only a title and sources), or check its values.\n"},
    {"AnEventWithoutASetIsFine",
     {{"\">= 880\"}}", "\">= 880\"}}\n  - {date: 2026-02-11, title: A meeting}"}},
     ""},

    {"DraftOutsideTheAgreementSpace",
     {{"package: {rent: 1100, term: one}", "package: {rent: 840, term: five}"}},
     "lease.yaml:29:34: warning: drafts.first.package: outside the agreement space: rule law leaves no package with these settlements\n"
     "  Check the settlements against the rules; the draft is reported, but cannot be agreed as it stands.\n"},
    {"DraftThatNoPackageCompletes",
     {{"package: {rent: 1100, term: one}", "package: {area: 90}"},
      {"  law: {", "  sum: {title: Sum, sum: {area: 1, rent: 0.1}, at_most: 165}\n  law: {"}},
     "lease.yaml:30:34: warning: drafts.first.package: outside the agreement space: rule sum leaves no package with these settlements\n"
     "  Check the settlements against the rules; the draft is reported, but cannot be agreed as it stands.\n"},

    {"RangeThatChangesWhileTheSalienceStays",
     {{"set: {parties.tenant.reservation.value: 0.1}", "set: {issues.area.range: [0, 200]}"}},
     "lease.yaml:33:43: warning: variants.stuck.set.issues.area.range: the range of area changes, but the salience of tenant, owner keeps its `as_of`: a salience weighs the whole range\n"
     "  Weigh the issue anew for the new range, and date the salience with `as_of`.\n"},
    {"RangeThatADateChanges",
     {{"\">= 880\"}}", "\">= 880\", issues.area.range: [0, 120]}}"},
      {"area: {salience: 10, ideal: 100,", "area: {as_of: 2026-02-01, salience: {value: 10, as_of: 2026-02-01}, ideal: 100,"},
      {"area: {salience: 10, ideal: 0,", "area: {salience: 0, ideal: 0,"}},
     "lease.yaml:31:90: warning: timeline.0.set.issues.area.range: the range of area changes, but the salience of tenant keeps its `as_of`: a salience weighs the whole range\n"
     "  Weigh the issue anew for the new range, and date the salience with `as_of`.\n"},
    {"RangeThatChangesWithTheSalience",
     {{"set: {parties.tenant.reservation.value: 0.1}",
       "set: {issues.area.range: [0, 200], parties.tenant.positions.area.salience: 15, parties.owner.positions.area.as_of: 2026-03-01}"}},
     ""},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Check, Warnings, testing::ValuesIn(kWarnings),
                         [](const auto& test) { return string(test.param.name); });

TEST(Check, WarnsWhenAnExtendingFileChangesARange) {
  const Folder folder;
  folder.write("base.yaml", kLease);
  const string file = folder.write(
      "child.yaml", "extends: base.yaml\ntitle: Larger\nissues:\n  area:\n    range: [0, 200]\n");
  const std::vector<InputProblem> problems = check_file(file);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].file, file);
  EXPECT_EQ(problems[0].line, 5);
  EXPECT_EQ(problems[0].path, "issues.area.range");
  EXPECT_EQ(problems[0].severity, InputProblem::Severity::warning);
  EXPECT_EQ(problems[0].problem,
            "the range of area changes, but the salience of tenant, owner keeps its `as_of`: a "
            "salience weighs the whole range");
}

TEST(Check, ReportsOnceWhatIsWrongThroughout) {
  EXPECT_EQ(problems_of(replaced(kLease, "term: {salience: 50", "term: {salience: -50"))
                .find("lease.yaml:24:"),
            0U);
}

TEST(Check, FindsErrorsOfADateAndSaysWhen) {
  const string said = problems_of(replaced(kLease, "\">= 880\"", "\">= 2000\""));
  EXPECT_NE(said.find("lease.yaml:31:"), string::npos) << said;
  EXPECT_NE(said.find("(as of 2026-02-10"), string::npos) << said;
}

TEST(Check, FindsErrorsOfTheBodyThatADateRepairs) {
  const string said = problems_of(replaced(kLease, "\">= 900\"", "\">= 2000\""));
  EXPECT_NE(said.find("(before 2026-02-10)"), string::npos) << said;
}

TEST(Check, FindsErrorsOfAVariantAndSaysWhich) {
  const string said =
      problems_of(replaced(kLease, "reservation.value: 0.1", "reservation.value: 7"));
  EXPECT_NE(said.find("lease.yaml:33:"), string::npos) << said;
  EXPECT_NE(said.find("(in variant stuck)"), string::npos) << said;
}

TEST(Check, FindsErrorsOfExpectationsBeyondTheDateOfTheFile) {
  const string said =
      problems_of(replaced(kLease, "\">= 880\"}}",
                           "\">= 880\"}}\n  - {date: 2027-01-01, title: Later, set: "
                           "{parties.owner.positions.rent.limit: \">= 2000\"}}"));
  EXPECT_NE(said.find("lease.yaml:32:"), string::npos) << said;
  EXPECT_NE(said.find("(as of 2027-01-01)"), string::npos) << said;
}

TEST(Check, RefusesAnEmptyAgreementSpace) {
  const string said = problems_of(
      replaced(kLease, "  law: {",
               "  ban: {title: Ban, require: {rent: \"<= 840\", term: \">= five\"}}\n  law: {"));
  EXPECT_EQ(said,
            "lease.yaml:26:1: rules: the agreement space is empty: no package meets every rule\n"
            "  Loosen or remove a rule, or widen the issues; what a party refuses is a limit or a "
            "demand, not a rule.\n");
}

TEST(Check, GivesEveryErrorInTheOrderOfTheFile) {
  string text = replaced(kLease, "term: {salience: 50", "term: {salience: -50");
  text = replaced(text, "limit: \">= 20\"", "limit: \">= 2000\"");
  text = replaced(text, "options: [one, three, five]", "optoins: [one, three, five]");
  const string said = problems_of(text);
  const auto first = said.find("optoins");
  const auto last = said.find("-50");
  EXPECT_NE(first, string::npos) << said;
  EXPECT_NE(last, string::npos) << said;
  EXPECT_LT(first, last);
}

TEST(Check, GivesTheErrorsAloneOfAFileThatIsNoYaml) {
  const string said = problems_of("zopa: [1\n");
  EXPECT_EQ(said.find("lease.yaml:1:"), 0U) << said;
  EXPECT_EQ(said.find("warning"), string::npos);
  const std::vector<InputProblem> missing = check_file("no/such/file.yaml");
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_EQ(missing[0].severity, InputProblem::Severity::error);
}

}  // namespace
}  // namespace zopa
