// SPDX-License-Identifier: MIT
//
// Every way of getting a scenario wrong that the format names: where the message points, what it
// says, and what to do.

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "src/check.hpp"
#include "tests/src/scratch.hpp"

namespace zopa {
namespace {

using std::string;

// Sound. The tests change one thing at a time.
const string kLease = R"(zopa: 1
title: Lease
date: 2026-03-01
sources:
  letter: {title: Letter, date: 2026-02-01}
issues:
  rent: {title: Rent, range: [800, 1200], step: 10}
  area: {title: Area, range: [0, 100]}
  term: {title: Term, options: [one, three, five]}
  seat: {title: Seat, options: [here, there, yonder], ordered: false}
parties:
  tenant:
    reservation: 0.25
    positions:
      rent: {salience: 60, ideal: 800, limit: 1100}
      area: {salience: 10, ideal: 50, limit: ">= 20"}
      term: {salience: 30, ideal: five}
      seat: {salience: 5, value: {here: 1, there: 0.5, yonder: 0}}
    demands:
      cheap: {when: {term: "<= one"}, require: {rent: "<= 1000"}}
  owner:
    reservation: {package: {rent: 900, area: 60}}
    positions:
      rent: {salience: 50, ideal: 1200, limit: ">= 850"}
      area: {salience: 10, value: [[0, 0], [50, 0.5], [100, 1]]}
rules:
  law: {when: {term: ">= five"}, require: {rent: ">= 850"}}
  sum: {sum: {rent: 1, area: -1}, at_most: 1190}
consent: {all: [tenant, owner]}
drafts:
  first: {package: {rent: 1000, term: one}}
timeline:
  - {date: 2026-02-10, set: {parties.owner.positions.rent.limit: ">= 880"}}
variants:
  stuck: {set: {parties.tenant.reservation: 0.1}}
levers:
  push: {by: owner, cost: 2, set: {parties.tenant.reservation: 0.2}}
)";

// Every error in a text as it is printed; doubts do not count here.
string errors_of(const string& text) {
  const Folder folder;
  const string file = folder.write("lease.yaml", text);
  string all;
  for (InputProblem problem : check_file(file)) {
    if (problem.severity == InputProblem::Severity::warning) continue;
    EXPECT_EQ(problem.file, file);
    problem.file = "lease.yaml";
    all += to_text(problem) + "\n";
  }
  return all;
}

struct Refusal {
  const char* name;
  std::vector<std::pair<string, string>> changes;
  string expected;  // the whole of what is said
};

class Refusals : public testing::TestWithParam<Refusal> {};

TEST_P(Refusals, SayWhereWhatAndWhatToDo) {
  string text = kLease;
  for (const auto& [before, after] : GetParam().changes) text = replaced(text, before, after);
  EXPECT_EQ(errors_of(text), GetParam().expected);
}

// clang-format off
const Refusal kRefusals[] = {
    // keys
    {"UnknownKeyAtTheTop", {{"title: Lease", "titel: Lease\ntitle: Lease"}},
     "lease.yaml:2:1: titel: unknown key `titel`\n"
     "  Did you mean `title`? Known: title, date, rules, timeline, zopa, extends, about, issues, …\n"},
    {"UnknownKeyOfAPosition", {{"term: {salience: 30, ideal: five}", "term: {salience: 30, ideal: five, limt: one}"}},
     "lease.yaml:17:41: parties.tenant.positions.term.limt: unknown key `limt`\n"
     "  Did you mean `limit`? Known: limit, firm, note, ideal, value, basis, as_of, salience, …\n"},
    {"TextCutByAComma", {{"{title: Rent, range", "{title: Rent, a month, range"}},
     "lease.yaml:7:23: issues.rent.a month: unknown key `a month`\n"
     "  If it belongs to the text before the comma, put that text in quotes.\n"},
    {"MissingVersion", {{"zopa: 1\n", ""}},
     "lease.yaml:1:1: zopa: `zopa` is missing\n"
     "  Add `zopa`: the number 1.\n"},
    {"MissingTitle", {{"title: Lease\n", ""}},
     "lease.yaml:1:1: title: `title` is missing\n"
     "  Add `title`: text.\n"},
    {"MissingRequire", {{"cheap: {when: {term: \"<= one\"}, require: {rent: \"<= 1000\"}}", "cheap: {when: {term: \"<= one\"}}"}},
     "lease.yaml:20:14: parties.tenant.demands.cheap.require: `require` is missing\n"
     "  Add `require`: a mapping from issue to test.\n"},
    {"MissingPackageOfADraft", {{"{package: {rent: 1000, term: one}}", "{title: First}"}},
     "lease.yaml:31:10: drafts.first.package: `package` is missing\n"
     "  Add `package`: a mapping from issue to value.\n"},
    {"KeyTwice", {{"date: 2026-03-01", "date: 2026-03-01\ntitle: Again"}},
     "lease.yaml:4:1: title: the key `title` is given twice, first on line 2\n"
     "  Delete one of the two.\n"},
    {"EmptyValue", {{"title: Lease", "title:"}},
     "lease.yaml:2:1: title: expected text, found nothing\n"
     "  Write text, or leave the key out.\n"},
    {"UnknownVersion", {{"zopa: 1", "zopa: 2"}},
     "lease.yaml:1:7: zopa: format version `2` is not known\n"
     "  Write `zopa: 1`.\n"},

    // kinds of values
    {"AListForAMapping", {{"issues:\n", "issues: []\nnothing:\n"}},
     "lease.yaml:6:9: issues: expected a mapping from id to issue, found a list\n"
     "  Write a mapping from id to issue.\n"
     "lease.yaml:7:1: nothing: unknown key `nothing`\n"
     "  Known: consent, zopa, extends, title, date, sources, parties, timeline, …\n"},
    {"ANumberForAMapping", {{"{title: Area, range: [0, 100]}", "100"}},
     "lease.yaml:8:9: issues.area: expected an issue, found `100`\n"
     "  Write a mapping with keys such as `title`, `group` and `range`.\n"},
    {"AMappingForAList", {{"consent: {all: [tenant, owner]}", "consent: {all: {tenant: owner}}"}},
     "lease.yaml:29:16: consent.all: expected a list of parties and nodes, found a mapping\n"
     "  Write a list of parties and nodes.\n"},
    {"AMappingForText", {{"title: Lease", "title: {a: b}"}},
     "lease.yaml:2:8: title: expected text, found a mapping\n"
     "  Write text.\n"},
    {"AWordForANumber", {{"salience: 60", "salience: much"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: `much` is not a number\n"
     "  Write a number such as 20 or 0.25.\n"},
    {"AListForANumber", {{"salience: 60", "salience: [1, 2]"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: expected a number, found a list\n"
     "  Write a number.\n"},
    {"ANumberWithItsUnit", {{"salience: 60", "salience: 60%"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: `60%` is not a number\n"
     "  Write digits with a decimal point and nothing else, such as 1200.5.\n"},
    {"ANumberInQuotes", {{"salience: 60", "salience: \"60\""}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: \"60\" stands in quotes, so it is text and not a number\n"
     "  Write 60 without quotes.\n"},
    {"NotANumber", {{"salience: 60", "salience: .nan"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: `.nan` is not a number that a scenario can hold\n"
     "  Write a finite number, or leave the key out where nothing is known.\n"},
    {"Infinity", {{"salience: 60", "salience: -.inf"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: `-.inf` is not a number that a scenario can hold\n"
     "  Write a finite number, or leave the key out where nothing is known.\n"},
    {"ALeadingZero", {{"salience: 60", "salience: 060"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: `060` has a leading zero\n"
     "  Write 60.\n"},
    {"Hexadecimal", {{"salience: 60", "salience: 0x3C"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: `0x3C` is not a decimal number\n"
     "  Write it in decimal digits.\n"},
    {"NoDigitBeforeThePoint", {{"salience: 60", "salience: .5"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: `.5` has no digit on one side of its point\n"
     "  Write it as 0.5 or 5.\n"},
    {"TooLargeAnExponent", {{"salience: 60", "salience: 1e99"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: `1e99` has too many digits, or too large an exponent\n"
     "  Write at most 40 digits and an exponent from -40 to 40; choose a larger unit.\n"},
    {"AWordForABoolean", {{"ordered: false", "ordered: no"}},
     "lease.yaml:10:64: issues.seat.ordered: expected true or false, found `no`\n"
     "  Write true or false.\n"},
    {"AWordForADate", {{"date: 2026-03-01", "date: tomorrow"}},
     "lease.yaml:3:7: date: `tomorrow` is not a date\n"
     "  Write year, month and day, such as 2025-12-02.\n"},
    {"ADayThatIsNone", {{"date: 2026-03-01", "date: 2026-02-30"}},
     "lease.yaml:3:7: date: `2026-02-30` is not a date\n"
     "  Write year, month and day, such as 2025-12-02.\n"},

    // ids
    {"AnIdWithACapital", {{"  term: {title", "  Term: {title"}, {"term: {salience: 30, ideal: five}", "Term: {salience: 30, ideal: five}"}, {"when: {term: \"<= one\"}", "when: {Term: \"<= one\"}"}, {"when: {term: \">= five\"}", "when: {Term: \">= five\"}"}, {"rent: 1000, term: one", "rent: 1000, Term: one"}},
     "lease.yaml:9:3: issues.Term: `Term` is not an id\n"
     "  Use small letters, digits and _, beginning with a letter: `term`.\n"},
    {"APartyWithADash", {{"  owner:\n", "  the-owner: {}\n  owner:\n"}},
     "lease.yaml:21:3: parties.the-owner: `the-owner` is not an id\n"
     "  Use small letters, digits and _, beginning with a letter: `the_owner`.\n"},
    {"UnknownIssueOfAPosition", {{"term: {salience: 30, ideal: five}", "trem: {salience: 30, ideal: five}"}},
     "lease.yaml:17:7: parties.tenant.positions.trem: unknown issue `trem`\n"
     "  Did you mean `term`? Known: term, area, rent, seat.\n"},
    {"UnknownIssueOfACondition", {{"when: {term: \"<= one\"}", "when: {trem: \"<= one\"}"}},
     "lease.yaml:20:22: parties.tenant.demands.cheap.when.trem: unknown issue `trem`\n"
     "  Did you mean `term`? Known: term, area, rent, seat.\n"},
    {"UnknownIssueOfADraft", {{"rent: 1000, term: one", "rent: 1000, lease: one"}},
     "lease.yaml:31:33: drafts.first.package.lease: unknown issue `lease`\n"
     "  Known: seat, rent, area, term.\n"},
    {"UnknownIssueOfASum", {{"area: -1}, at_most", "aera: -1}, at_most"}},
     "lease.yaml:28:24: rules.sum.sum.aera: unknown issue `aera`\n"
     "  Did you mean `area`? Known: area, term, rent, seat.\n"},
    {"UnknownParty", {{"[tenant, owner]", "[tenant, onwer]"}},
     "lease.yaml:29:25: consent.all.1: unknown party `onwer`\n"
     "  Did you mean `owner`? Known: owner, tenant.\n"},
    {"UnknownOption", {{"ideal: five", "ideal: fife"}},
     "lease.yaml:17:35: parties.tenant.positions.term.ideal: unknown option `fife` of `term`\n"
     "  Did you mean `five`? Known: five, one, three.\n"},
    {"UnknownOptionOfATest", {{"\"<= one\"", "\"<= two\""}},
     "lease.yaml:20:28: parties.tenant.demands.cheap.when.term: unknown option `two` of `term`\n"
     "  Known: one, three, five.\n"},
    {"UnknownOptionOfAWorth", {{"yonder: 0}", "yonder: 0, nowhere: 0}"}},
     "lease.yaml:18:76: parties.tenant.positions.seat.value.nowhere: unknown option `nowhere` of `seat`\n"
     "  Known: here, there, yonder.\n"},
    {"UnknownSource", {{"ideal: five", "ideal: five, sources: [lettre]"}},
     "lease.yaml:17:51: parties.tenant.positions.term.sources.0: unknown source `lettre`\n"
     "  Did you mean `letter`? Known: letter.\n"},
    {"UnknownBasis", {{"ideal: five", "ideal: five, basis: guessed"}},
     "lease.yaml:17:48: parties.tenant.positions.term.basis: unknown basis `guessed`\n"
     "  Known: stated, inferred, assumed.\n"},
    {"UnknownConfidence", {{"ideal: five", "ideal: five, confidence: hihg"}},
     "lease.yaml:17:53: parties.tenant.positions.term.confidence: unknown confidence `hihg`\n"
     "  Did you mean `high`? Known: high, low, medium.\n"},

    // issues
    {"RangeAndOptions", {{"options: [one, three, five]", "options: [one, three, five], range: [0, 5]"}},
     "lease.yaml:9:59: issues.term.range: `range` stands beside `options`\n"
     "  Write either `range`, or `options`.\n"},
    {"NeitherRangeNorOptions", {{", options: [one, three, five]", ""}},
     "lease.yaml:9:9: issues.term: an issue needs `range`, or `options`\n"
     "  Add one of them.\n"},
    {"RangeOfThree", {{"range: [0, 100]", "range: [0, 50, 100]"}},
     "lease.yaml:8:30: issues.area.range: expected a range [low, high], found a list of 3\n"
     "  Write two numbers, such as [0, 100].\n"},
    {"RangeThatFalls", {{"range: [0, 100]", "range: [100, 0]"}},
     "lease.yaml:8:30: issues.area.range: the range runs from 100 to 0\n"
     "  Write [low, high] with low < high.\n"},
    {"StepThatMissesTheEnd", {{"step: 10", "step: 30"}},
     "lease.yaml:7:49: issues.rent.step: steps of 30 from 800 miss the end 1200\n"
     "  Choose a step that divides the range, or move an end of the range.\n"},
    {"StepOfZero", {{"step: 10", "step: 0"}},
     "lease.yaml:7:49: issues.rent.step: the step 0 is not above 0\n"
     "  Write a positive step, or leave it out for a continuous issue.\n"},
    {"TooManySteps", {{"step: 10", "step: 0.01"}},
     "lease.yaml:7:49: issues.rent.step: steps of 0.01 make 40001 values, more than the 4,096 that fit\n"
     "  Write a larger step, or leave it out for a continuous issue.\n"},
    {"StepOfOptions", {{"options: [one, three, five]", "options: [one, three, five], step: 1"}},
     "lease.yaml:9:58: issues.term.step: `step` belongs to an issue with `range`\n"
     "  Delete it, or give the issue `range`.\n"},
    {"OrderOfNumbers", {{"range: [0, 100]", "range: [0, 100], ordered: false"}},
     "lease.yaml:8:49: issues.area.ordered: `ordered` belongs to an issue with `options`\n"
     "  Delete it, or give the issue `options`.\n"},
    {"NoOptions", {{"options: [one, three, five]", "options: []"}},
     "lease.yaml:9:32: issues.term.options: there are no options\n"
     "  Write at least one.\n"},
    {"OptionTwice", {{"[one, three, five]", "[one, three, one, five]"}},
     "lease.yaml:9:45: issues.term.options.2: the option `one` is given twice\n"
     "  Delete one of the two.\n"},
    {"OptionWithoutTitle", {{"[one, three, five]", "{one: One year, three: , five: Five years}"}},
     "lease.yaml:9:48: issues.term.options.three: the option `three` has no title\n"
     "  Write a title, or write the options as a list of ids: [a, b].\n"},

    // positions
    {"NegativeSalience", {{"salience: 60", "salience: -60"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: the salience -60 is negative\n"
     "  Write a number from 0 on; only ratios within the party count.\n"},
    {"SalienceWithoutIdealOrValue", {{"term: {salience: 30, ideal: five}", "term: {salience: 30}"}},
     "lease.yaml:17:13: parties.tenant.positions.term: a salience without an `ideal` or a `value`\n"
     "  Write what the party wants (`ideal`) or what each settlement is worth to it (`value`).\n"},
    {"SalienceOutOfOrder", {{"salience: 60", "salience: {low: 3, likely: 2, high: 4}"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: low, likely and high are not in rising order\n"
     "  Write low ≤ likely ≤ high.\n"},
    {"SalienceWithoutHigh", {{"salience: 60", "salience: {low: 1, likely: 2}"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience.high: `high` is missing\n"
     "  Write `low`, `likely` and `high`.\n"},
    {"SalienceInTwoForms", {{"salience: 60", "salience: {value: 2, low: 1}"}},
     "lease.yaml:15:40: parties.tenant.positions.rent.salience.low: `low` stands beside `value`\n"
     "  Write either `value`, or `low`, `likely` and `high`.\n"},
    {"IdealOutsideTheRange", {{"ideal: 800", "ideal: 700"}},
     "lease.yaml:15:35: parties.tenant.positions.rent.ideal: 700 lies outside the issue's range 800 to 1200\n"
     "  Write a value between 800 and 1200.\n"},
    {"IdealOutOfOrder", {{"term: {salience: 30, ideal: five}", "term: {salience: 30, ideal: {low: five, likely: three, high: five}}"}},
     "lease.yaml:17:35: parties.tenant.positions.term.ideal: low, likely and high are not in rising order\n"
     "  Write the options in their order in the file: one first.\n"},
    {"IdealThatFalls", {{"ideal: 50", "ideal: [60, 50]"}},
     "lease.yaml:16:35: parties.tenant.positions.area.ideal: the ideal runs from 60 down to 50\n"
     "  Write the lower end first.\n"},
    {"IdealsThatAreNoNeighbours", {{"ideal: five", "ideal: [one, five]"}},
     "lease.yaml:17:35: parties.tenant.positions.term.ideal: the ideals are not neighbours in the order of the options\n"
     "  Name every option between them, or write `value` with a worth for each.\n"},
    {"IdealTwice", {{"ideal: five", "ideal: [one, three, one]"}},
     "lease.yaml:17:48: parties.tenant.positions.term.ideal.2: `one` is given twice\n"
     "  Delete one of the two.\n"},
    {"IdealsWithAGap", {{"[one, three, five]", "[one, two, three, five]"}, {"ideal: five", "ideal: [one, two, five]"}},
     "lease.yaml:17:35: parties.tenant.positions.term.ideal: the ideals are not neighbours in the order of the options\n"
     "  Name every option between them, or write `value` with a worth for each.\n"},
    {"IdealsOfNumbersListed", {{"ideal: 50", "ideal: [40, 50, 60]"}},
     "lease.yaml:16:35: parties.tenant.positions.area.ideal: expected a value or [low, high], found a list of 3\n"
     "  Write the least and the greatest of the ideals.\n"},
    {"SpreadWithoutOrder", {{"seat: {salience: 5, value: {here: 1, there: 0.5, yonder: 0}}", "seat: {salience: 5, ideal: {low: here, likely: here, high: there}}"}},
     "lease.yaml:18:34: parties.tenant.positions.seat.ideal: low, likely and high need an order, and the options of `seat` have none\n"
     "  Name one option; put doubts in `note`, or write a variant.\n"},
    {"OptionWithoutAWorth", {{"there: 0.5, ", ""}},
     "lease.yaml:18:34: parties.tenant.positions.seat.value: no worth for `there`\n"
     "  Give every option a worth on [0, 1].\n"},
    {"WorthAboveOne", {{"there: 0.5", "there: 1.5"}},
     "lease.yaml:18:51: parties.tenant.positions.seat.value.there: the worth 1.5 lies outside 0 to 1\n"
     "  Write 0 for the worst and 1 for the best, or a number between.\n"},
    {"BreakpointWorthBelowZero", {{"[50, 0.5]", "[50, -0.5]"}},
     "lease.yaml:25:44: parties.owner.positions.area.value.1: the worth -0.5 lies outside 0 to 1\n"
     "  Write 0 for the worst and 1 for the best, or a number between.\n"},
    {"BreakpointsThatDoNotRise", {{"[50, 0.5], [100, 1]", "[50, 0.5], [50, 1]"}},
     "lease.yaml:25:55: parties.owner.positions.area.value.2: x does not rise from 50 to 50\n"
     "  Write the breakpoints in strictly rising order of x.\n"},
    {"BreakpointOutsideTheRange", {{"[100, 1]", "[200, 1]"}},
     "lease.yaml:25:55: parties.owner.positions.area.value.2: 200 lies outside the issue's range 0 to 100\n"
     "  Write a value between 0 and 100.\n"},
    {"BreakpointOfThree", {{"[50, 0.5]", "[50, 0.5, 1]"}},
     "lease.yaml:25:44: parties.owner.positions.area.value.1: expected a breakpoint [x, worth], found a list of 3\n"
     "  Write two numbers in brackets.\n"},
    {"BreakpointsForOptions", {{"{here: 1, there: 0.5, yonder: 0}", "[[0, 1], [1, 0]]"}},
     "lease.yaml:18:34: parties.tenant.positions.seat.value: expected a mapping from option to worth, found a list of 2\n"
     "  Write for example {here: 1}, every option named.\n"},
    {"WorthsForNumbers", {{"[[0, 0], [50, 0.5], [100, 1]]", "{low: 0, high: 1}"}},
     "lease.yaml:25:35: parties.owner.positions.area.value: expected a list of [x, worth] breakpoints, found a mapping\n"
     "  Write for example [[0, 0], [100, 1]].\n"},
    {"IdealOfLesserWorth", {{"yonder: 0}", "yonder: 0}, ideal: there"}},
     "lease.yaml:18:75: parties.tenant.positions.seat.ideal: the ideal there is worth 0.5, less than the best worth 1\n"
     "  Name a settlement of the greatest worth, or leave `ideal` out.\n"},
    {"RangeOfIdealsOfLesserWorth", {{"[[0, 0], [50, 0.5], [100, 1]]", "[[0, 0], [50, 1], [100, 0]], ideal: [50, 60]"}},
     "lease.yaml:25:71: parties.owner.positions.area.ideal: the ideal 60 is worth 0.8, less than the best worth 1\n"
     "  Name a settlement of the greatest worth, or leave `ideal` out.\n"},

    // limits
    {"BareLimitWithoutIdeal", {{"area: {salience: 10, ideal: 50, limit: \">= 20\"}", "area: {limit: 20}"}},
     "lease.yaml:16:21: parties.tenant.positions.area.limit: which side of 20 is accepted cannot be told: the position has no `ideal`\n"
     "  Write a test: \"<= 20\" or \">= 20\".\n"},
    {"BareLimitBetweenIdeals", {{"area: {salience: 10, ideal: 50, limit: \">= 20\"}", "area: {salience: 10, ideal: [40, 60], limit: 50}"}},
     "lease.yaml:16:52: parties.tenant.positions.area.limit: which side of 50 is accepted cannot be told: the ideals run from 40 to 60\n"
     "  Write a test: \"<= 50\" or \">= 50\".\n"},
    {"BareLimitOnTheIdeal", {{"area: {salience: 10, ideal: 50, limit: \">= 20\"}", "area: {salience: 10, ideal: 50, limit: 50}"}},
     "lease.yaml:16:46: parties.tenant.positions.area.limit: which side of 50 is accepted cannot be told: the ideal is 50 itself\n"
     "  Write a test: \"<= 50\" or \">= 50\".\n"},
    {"BareLimitOnTheIdealOption", {{"term: {salience: 30, ideal: five}", "term: {salience: 30, ideal: three, limit: three}"}},
     "lease.yaml:17:49: parties.tenant.positions.term.limit: which side of three is accepted cannot be told: the ideal is three itself\n"
     "  Write a test: \"<= three\" or \">= three\".\n"},
    {"BareLimitWithValueOnly", {{"yonder: 0}", "yonder: 0}"}, {"[[0, 0], [50, 0.5], [100, 1]]", "[[0, 0], [50, 0.5], [100, 1]], limit: 20"}},
     "lease.yaml:25:73: parties.owner.positions.area.limit: which side of 20 is accepted cannot be told: the position has no `ideal`\n"
     "  Write a test: \"<= 20\" or \">= 20\".\n"},
    {"LimitOutsideTheRange", {{"limit: 1100", "limit: 1300"}},
     "lease.yaml:15:47: parties.tenant.positions.rent.limit: 1300 lies outside the issue's range 800 to 1200\n"
     "  Write a value between 800 and 1200, or leave `limit` out if the party has no red line here.\n"},
    {"LimitThatFalls", {{"limit: \">= 20\"", "limit: [60, 20]"}},
     "lease.yaml:16:46: parties.tenant.positions.area.limit: the limit runs from 60 down to 20\n"
     "  Write the lower end first.\n"},
    {"LimitOfThreeOnAContinuum", {{"limit: \">= 20\"", "limit: [20, 40, 60]"}},
     "lease.yaml:16:46: parties.tenant.positions.area.limit: expected [low, high], found a list of 3\n"
     "  Write the two ends of what is accepted, or a test such as \"<= 10\".\n"},
    {"StrictLimitOnAContinuum", {{"limit: \">= 20\"", "limit: \"> 20\""}},
     "lease.yaml:16:46: parties.tenant.positions.area.limit: <, > and != cannot be a limit on `area`, which is continuous\n"
     "  Write <= or >=, or give the issue a step.\n"},
    {"UnequalLimitOnAContinuum", {{"limit: \">= 20\"", "limit: \"!= 20\""}},
     "lease.yaml:16:46: parties.tenant.positions.area.limit: <, > and != cannot be a limit on `area`, which is continuous\n"
     "  Write <= or >=, or give the issue a step.\n"},
    {"OrderOfUnorderedOptions", {{"yonder: 0}", "yonder: 0}, limit: \"<= there\""}},
     "lease.yaml:18:75: parties.tenant.positions.seat.limit: the options of `seat` have no order\n"
     "  Write = or !=, or list the accepted options.\n"},
    {"UnknownSignOfACondition", {{"require: {rent: \"<= 1000\"}", "require: {rent: \"≤ 1000\"}"}},
     "lease.yaml:20:55: parties.tenant.demands.cheap.require.rent: `≤ 1000` is not a test\n"
     "  Begin it with <=, <, >=, >, = or !=, and write the value behind.\n"},
    {"UnknownSignOfATest", {{"limit: \">= 20\"", "limit: \"=> 20\""}},
     "lease.yaml:16:46: parties.tenant.positions.area.limit: `=> 20` is not a test\n"
     "  Begin it with <=, <, >=, >, = or !=, and write the value behind.\n"},
    {"LimitTestTwice", {{"limit: \">= 20\"", "limit: {test: \">=\", value: \">= 20\"}"}},
     "lease.yaml:16:66: parties.tenant.positions.area.limit.value: a test stands beside `test`\n"
     "  Write the value alone, or leave `test` out.\n"},
    {"LimitTestBesideAList", {{"limit: \">= 20\"", "limit: {test: \">=\", value: [20, 30]}"}},
     "lease.yaml:16:66: parties.tenant.positions.area.limit.value: a list stands beside `test`\n"
     "  Write the value alone, or leave `test` out.\n"},
    {"LimitOutOfOrder", {{"limit: \">= 20\"", "limit: {test: \">=\", low: 30, likely: 20, high: 40}"}},
     "lease.yaml:16:46: parties.tenant.positions.area.limit: low, likely and high are not in rising order\n"
     "  Write low ≤ likely ≤ high.\n"},
    {"LimitNotASettlement", {{"limit: 1100", "limit: [900, 905, 910]"}},
     "lease.yaml:15:47: parties.tenant.positions.rent.limit: 905 is not on the issue's steps of 10\n"
     "  Write 900 or 910.\n"},
    {"EmptyLimit", {{"limit: 1100", "limit: []"}},
     "lease.yaml:15:47: parties.tenant.positions.rent.limit: the list is empty\n"
     "  Name at least one value, or leave the key out.\n"},
    {"DoubtfulUnequal", {{"term: {salience: 30, ideal: five}", "term: {salience: 30, ideal: five, limit: {test: \"!=\", low: one, likely: one, high: three}}"}},
     "lease.yaml:17:48: parties.tenant.positions.term.limit: != cannot stand with low, likely and high\n"
     "  Name one settlement.\n"},
    {"AcceptsOutsideTheRange", {{"ideal: 50", "ideal: 50, accepts: [0, 200]"}},
     "lease.yaml:16:48: parties.tenant.positions.area.accepts: 200 lies outside the issue's range 0 to 100\n"
     "  Write a value between 0 and 100.\n"},
    {"AcceptsThatFall", {{"ideal: 50", "ideal: 50, accepts: [60, 40]"}},
     "lease.yaml:16:48: parties.tenant.positions.area.accepts: the range runs from 60 down to 40\n"
     "  Write the lower end first.\n"},
    {"AcceptsTwice", {{"yonder: 0}", "yonder: 0}, accepts: [here, here]"}},
     "lease.yaml:18:84: parties.tenant.positions.seat.accepts.1: `here` is given twice\n"
     "  Delete one of the two.\n"},

    // reservations
    {"ReservationAboveOne", {{"reservation: 0.25", "reservation: 25"}},
     "lease.yaml:13:18: parties.tenant.reservation: the reservation 25 lies outside 0 to 1\n"
     "  Write 0 for the worst and 1 for the best, or a number between.\n"},
    {"ReservationOutOfOrder", {{"reservation: 0.25", "reservation: {low: 0.3, likely: 0.2, high: 0.4}"}},
     "lease.yaml:13:18: parties.tenant.reservation: low, likely and high are not in rising order\n"
     "  Write low ≤ likely ≤ high.\n"},
    {"ReservationInTwoForms", {{"{package: {rent: 900, area: 60}}", "{package: {rent: 900, area: 60}, value: 0.3}"}},
     "lease.yaml:22:58: parties.owner.reservation.value: `value` stands beside `package`\n"
     "  Write either `value`, or `low`, `likely` and `high`, or `package`.\n"},
    {"ReservationPackageWithoutASalientIssue", {{"rent: 900, area: 60", "rent: 900"}},
     "lease.yaml:22:28: parties.owner.reservation.package: the package does not name `area`, on which the party has salience\n"
     "  Add `area`: its value in the deal the party would only just sign.\n"},
    {"ReservationPackageThatBreaksARule", {{"rent: 900, area: 60", "rent: 840, area: 60, term: five"}},
     "lease.yaml:22:28: parties.owner.reservation.package: the package breaks the rule `law`\n"
     "  Choose a package that the rules allow, or correct the rule.\n"},
    {"ReservationPackageThatBreaksASum", {{"rent: 900, area: 60", "rent: 1200, area: 0"}},
     "lease.yaml:22:28: parties.owner.reservation.package: the package breaks the rule `sum`\n"
     "  Choose a package that the rules allow, or correct the rule.\n"},
    {"ReservationPackageOffTheSteps", {{"rent: 900, area: 60", "rent: 905, area: 60"}},
     "lease.yaml:22:35: parties.owner.reservation.package.rent: 905 is not on the issue's steps of 10\n"
     "  Write 900 or 910.\n"},
    {"ReservationPackageOutsideTheRange", {{"rent: 900, area: 60", "rent: 900, area: 200"}},
     "lease.yaml:22:46: parties.owner.reservation.package.area: 200 lies outside the issue's range 0 to 100\n"
     "  Write a value between 0 and 100.\n"},
    {"EmptyReservationPackage", {{"rent: 900, area: 60", ""}},
     "lease.yaml:22:28: parties.owner.reservation.package: the package is empty\n"
     "  Name every issue on which the party has salience.\n"},
    {"ReservationNumberForTwoScopes", {{"[tenant, owner]", "[tenant, {party: tenant, issues: [rent]}, owner]"}},
     "lease.yaml:13:18: parties.tenant.reservation: a number, but the consent tree asks the party over different issues\n"
     "  Give a package: its utility can be computed over each scope.\n"},
    {"NegativePower", {{"reservation: 0.25", "reservation: 0.25\n    power: -1"}},
     "lease.yaml:14:12: parties.tenant.power: the power -1 is negative\n"
     "  Write a number from 0 on; 1 is usual.\n"},

    // conditions and demands
    {"StrictRequireOnAContinuum", {{"require: {rent: \"<= 1000\"}", "require: {area: \"> 50\"}"}},
     "lease.yaml:20:55: parties.tenant.demands.cheap.require.area: <, > and != cannot be required on `area`, which is continuous\n"
     "  Write <= or >=, or give the issue a step.\n"},
    {"StrictRequireOfARule", {{"require: {rent: \">= 850\"}", "require: {area: \"< 50\"}"}},
     "lease.yaml:27:50: rules.law.require.area: <, > and != cannot be required on `area`, which is continuous\n"
     "  Write <= or >=, or give the issue a step.\n"},
    {"WhenThatNeverTriggers", {{"when: {term: \"<= one\"}", "when: {area: \"= 50\"}"}},
     "lease.yaml:20:28: parties.tenant.demands.cheap.when.area: this never triggers: `area` is continuous, and a boundary counts as not triggering\n"
     "  Give the issue a step, or write <= or >=.\n"},
    {"OrderTestOfUnorderedOptions", {{"when: {term: \"<= one\"}", "when: {seat: \"<= there\"}"}},
     "lease.yaml:20:28: parties.tenant.demands.cheap.when.seat: the options of `seat` have no order\n"
     "  Write = or !=, or list the options.\n"},
    {"ABareTest", {{"require: {rent: \"<= 1000\"}", "require: {rent: 1000}"}},
     "lease.yaml:20:55: parties.tenant.demands.cheap.require.rent: expected a test such as \"<= 10\", or a list, found `1000`\n"
     "  Write \"= 1000\", or another of <=, <, >=, >, != before the value.\n"},
    {"ATestOffTheSteps", {{"require: {rent: \"<= 1000\"}", "require: {rent: \"= 1005\"}"}},
     "lease.yaml:20:55: parties.tenant.demands.cheap.require.rent: 1005 is not on the issue's steps of 10\n"
     "  Write 1000 or 1010.\n"},
    {"ATestOutsideTheRange", {{"require: {rent: \"<= 1000\"}", "require: {rent: \"<= 2000\"}"}},
     "lease.yaml:20:55: parties.tenant.demands.cheap.require.rent: 2000 lies outside the issue's range 800 to 1200\n"
     "  Write a value between 800 and 1200.\n"},
    {"AnEmptyCondition", {{"when: {term: \"<= one\"}", "when: {}"}},
     "lease.yaml:20:21: parties.tenant.demands.cheap.when: the condition is empty\n"
     "  Name an issue and a test, or leave it out.\n"},
    {"AnEmptyListOfValues", {{"when: {term: \"<= one\"}", "when: {term: []}"}},
     "lease.yaml:20:28: parties.tenant.demands.cheap.when.term: the list is empty\n"
     "  Name at least one settlement.\n"},
    {"AValueTwice", {{"when: {term: \"<= one\"}", "when: {term: [one, one]}"}},
     "lease.yaml:20:34: parties.tenant.demands.cheap.when.term.1: `one` is given twice\n"
     "  Delete one of the two.\n"},
    {"ADemandCalledReservation", {{"      cheap: {", "      reservation: {"}},
     "lease.yaml:20:20: parties.tenant.demands.reservation: a demand cannot be called `reservation`\n"
     "  Choose another id; `tenant.reservation` already means the party's reservation in reports.\n"},

    // rules
    {"RuleThatRequiresNothing", {{"law: {when: {term: \">= five\"}, require: {rent: \">= 850\"}}", "law: {when: {term: \">= five\"}}"}},
     "lease.yaml:27:8: rules.law: a rule needs `require`, or `sum`\n"
     "  Add one of them.\n"},
    {"RuleOfBothKinds", {{"sum: {sum:", "sum: {require: {area: \"<= 50\"}, sum:"}},
     "lease.yaml:28:40: rules.sum.sum: `sum` stands beside `require`\n"
     "  Write either `require`, or `sum`.\n"},
    {"WhenBesideASum", {{"at_most: 1190}", "at_most: 1190, when: {term: \"= one\"}}"}},
     "lease.yaml:28:56: rules.sum.when: `when` stands beside `sum`\n"
     "  A sum always holds: delete `when`, or write `require` in place of `sum`.\n"},
    {"SumWithoutABound", {{", at_most: 1190}", "}"}},
     "lease.yaml:28:8: rules.sum: the sum has no bound\n"
     "  Write `at_least`, `at_most` or `equals`.\n"},
    {"SumOfOptions", {{"area: -1}, at_most", "term: -1}, at_most"}},
     "lease.yaml:28:30: rules.sum.sum.term: `term` is not numeric\n"
     "  Only numeric issues can be added up; use `when` and `require` for options.\n"},
    {"BoundsOutOfOrder", {{"at_most: 1190}", "at_most: 1190, at_least: 2000}"}},
     "lease.yaml:28:8: rules.sum: `at_least` 2000 exceeds `at_most` 1190\n"
     "  Write at_least ≤ at_most.\n"},
    {"EqualsBesideABound", {{"at_most: 1190}", "at_most: 1190, equals: 1000}"}},
     "lease.yaml:28:58: rules.sum.equals: `equals` stands beside another bound\n"
     "  Keep one of them.\n"},
    {"BoundWithoutASum", {{"require: {rent: \">= 850\"}}", "require: {rent: \">= 850\"}, at_least: 5}"}},
     "lease.yaml:27:8: rules.law: a bound without a `sum`\n"
     "  Write the `sum` it bounds.\n"},
    {"EmptyAgreementSpace", {{"at_most: 1190}", "at_most: 600}"}, {"{package: {rent: 900, area: 60}}", "0.1"}},
     "lease.yaml:26:1: rules: the agreement space is empty: no package meets every rule\n"
     "  Loosen or remove a rule, or widen the issues; what a party refuses is a limit or a demand, not a rule.\n"},
    {"RuleOfHugeNumbers", {{"area: -1}, at_most: 1190}", "area: -1e38}, at_most: 1190}"}},
     "lease.yaml:28:8: rules.sum: what this rule adds up needs more than 126 bits as whole numbers of one unit\n"
     "  Write numbers with fewer digits, or in a larger unit.\n"},
    {"ScaleOfTooManyDigits", {{"limit: \">= 20\"", "limit: \">= 20.00000000000000000000000000000000000001\""}},
     "lease.yaml:8:9: issues.area: the scale of this issue with the numbers that stand on it needs more than 126 bits "
     "as whole numbers of one unit\n"
     "  Write numbers with fewer digits, or in a larger unit.\n"},

    // consent
    {"ConsentThatNamesNobody", {{"{all: [tenant, owner]}", "{all: []}"}},
     "lease.yaml:29:16: consent.all: this names nobody\n"
     "  Name at least one party.\n"},
    {"ConsentNodeWithoutKind", {{"{all: [tenant, owner]}", "{title: Nobody}"}},
     "lease.yaml:29:10: consent: a node of the consent tree needs `party`, or `all`, or `any`, or `at_least`, or `quota`\n"
     "  Add one of them.\n"},
    {"ConsentOfTwoKinds", {{"{all: [tenant, owner]}", "{all: [tenant], any: [owner]}"}},
     "lease.yaml:29:31: consent.any: `any` stands beside `all`\n"
     "  Write either `party`, or `all`, or `any`, or `at_least`, or `quota`.\n"},
    {"ConsentWhenOfANode", {{"{all: [tenant, owner]}", "{all: [tenant, owner], when: {term: \"= one\"}}"}},
     "lease.yaml:29:39: consent.when: `when` belongs to a leaf, a node with `party`\n"
     "  Write {party: …, when: …} among the members.\n"},
    {"EmptyScope", {{"{all: [tenant, owner]}", "{all: [owner, {party: tenant, issues: []}]}"}},
     "lease.yaml:29:48: consent.all.1.issues: the scope is empty\n"
     "  Name an issue, or leave `issues` out to ask about all.\n"},
    {"IssueTwiceInAScope", {{"{all: [tenant, owner]}", "{all: [{party: tenant, issues: [rent, rent]}, owner]}"}},
     "lease.yaml:29:48: consent.all.0.issues.1: `rent` is given twice\n"
     "  Delete one of the two.\n"},
    {"CountBeyondTheMembers", {{"{all: [tenant, owner]}", "{at_least: {count: 3, of: [tenant, owner]}}"}},
     "lease.yaml:29:29: consent.at_least.count: the count 3 lies outside 1 to 2, the number of members\n"
     "  Write how many of the members must accept.\n"},
    {"UnknownPartyOfACount", {{"{all: [tenant, owner]}", "{at_least: {count: 2, of: [tenant, onwer]}}"}},
     "lease.yaml:29:45: consent.at_least.of.1: unknown party `onwer`\n"
     "  Did you mean `owner`? Known: owner, tenant.\n"},
    {"CountOfZero", {{"{all: [tenant, owner]}", "{at_least: {count: 0, of: [tenant, owner]}}"}},
     "lease.yaml:29:29: consent.at_least.count: the count 0 lies outside 1 to 2, the number of members\n"
     "  Write how many of the members must accept.\n"},
    {"CountOfAHalf", {{"{all: [tenant, owner]}", "{at_least: {count: 1.5, of: [tenant, owner]}}"}},
     "lease.yaml:29:29: consent.at_least.count: expected a whole number from 1, found `1.5`\n"
     "  Write a whole number from 1.\n"},
    {"QuotaBeyondTheSum", {{"{all: [tenant, owner]}", "{quota: {need: 3, weights: {tenant: 1, owner: 1.9}}}"}},
     "lease.yaml:29:25: consent.quota.need: the need 3 is not above 0 and at most 2.9, the sum of the weights\n"
     "  Write the weight that those who accept must reach.\n"},
    {"QuotaOfZero", {{"{all: [tenant, owner]}", "{quota: {need: 0, weights: {tenant: 1, owner: 1}}}"}},
     "lease.yaml:29:25: consent.quota.need: the need 0 is not above 0 and at most 2, the sum of the weights\n"
     "  Write the weight that those who accept must reach.\n"},
    {"NegativeWeight", {{"{all: [tenant, owner]}", "{quota: {need: 1, weights: {tenant: 3, owner: -1}}}"}},
     "lease.yaml:29:37: consent.quota.weights: the weight -1 is negative\n"
     "  Write a number from 0 on.\n"},
    {"MemberWithoutAWeight", {{"{all: [tenant, owner]}", "{quota: {need: 1, of: [tenant, owner], weights: {tenant: 1}}}"}},
     "lease.yaml:29:41: consent.quota.of.1: this member of the quota has no weight\n"
     "  Add the party to `weights`; only parties can have one.\n"},
    {"WeightOfNoMember", {{"{all: [tenant, owner]}", "{quota: {need: 1, of: [tenant], weights: {tenant: 1, owner: 1}}}"}},
     "lease.yaml:29:70: consent.quota.weights.owner: `owner` has a weight but is not among `of`\n"
     "  Add the party to `of`, or delete its weight.\n"},

    // drafts, dates and variants
    {"DraftOffTheSteps", {{"rent: 1000, term: one", "rent: 1005, term: one"}},
     "lease.yaml:31:27: drafts.first.package.rent: 1005 is not on the issue's steps of 10\n"
     "  Write 1000 or 1010.\n"},
    {"DraftOutsideTheRange", {{"rent: 1000, term: one", "rent: 1300, term: one"}},
     "lease.yaml:31:27: drafts.first.package.rent: 1300 lies outside the issue's range 800 to 1200\n"
     "  Write a value between 800 and 1200.\n"},
    {"TimelineWithoutADate", {{"date: 2026-03-01\n", ""}},
     "lease.yaml:31:1: date: `date` is missing; a timeline needs it\n"
     "  Add `date`: the day the scenario answers for, such as 2025-12-02.\n"},
    {"EntryWithoutADate", {{"date: 2026-02-10, set", "title: Lower, set"}},
     "lease.yaml:33:5: timeline.0.date: `date` is missing\n"
     "  Add `date`: a date such as 2025-12-02.\n"},
    {"EntriesOutOfOrder", {{"\">= 880\"}}", "\">= 880\"}}\n  - {date: 2026-02-01, title: Before}"}},
     "lease.yaml:34:12: timeline.1.date: 2026-02-01 comes after 2026-02-10\n"
     "  Write the entries in order of date.\n"},
    {"PathThatLeadsNowhere", {{"parties.tenant.reservation: 0.1", "parties.tenant.reservatoin: 0.1"}},
     "lease.yaml:35:17: variants.stuck.set: `parties.tenant.reservatoin` cannot be set: there is no `reservatoin` in `parties.tenant`\n"
     "  The nearest path is `parties.tenant.reservation`. Known: reservation, positions, power, demands, title, firm, sources, note.\n"},
    {"PathOfADateThatLeadsNowhere", {{"parties.owner.positions.rent.limit:", "parties.onwer.positions.rent.limit:"}},
     "lease.yaml:33:30: timeline.0.set: `parties.onwer.positions.rent.limit` cannot be set: there is no `onwer` in `parties`\n"
     "  The nearest path is `parties.owner.positions.rent.limit`. Known: owner, tenant.\n"},
    {"PathIntoANumber", {{"parties.tenant.reservation: 0.1", "parties.tenant.reservation.value.low: 0.1"}},
     "lease.yaml:35:17: variants.stuck.set: `parties.tenant.reservation.value.low` cannot be set: `parties.tenant.reservation` is `0.25`, which has no parts\n"
     "  Set `parties.tenant.reservation` as a whole.\n"},
    {"PathBeyondAList", {{"parties.tenant.reservation: 0.1", "consent.all.7: owner"}},
     "lease.yaml:35:17: variants.stuck.set: `consent.all.7` cannot be set: `consent.all` is a list and has no element `7`\n"
     "  Its elements are 0 to 1; 2 adds one.\n"},
    {"VariantWithoutASet", {{"{set: {parties.tenant.reservation: 0.1}}", "{title: Stuck}"}},
     "lease.yaml:35:10: variants.stuck.set: `set` is missing\n"
     "  Add `set`: a mapping from path to new value.\n"},
    {"VariantThatBreaksARange", {{"parties.tenant.reservation: 0.1", "parties.tenant.reservation: 1.1"}},
     "lease.yaml:35:45: parties.tenant.reservation: the reservation 1.1 lies outside 0 to 1 (in variant stuck)\n"
     "  Write 0 for the worst and 1 for the best, or a number between.\n"},
    {"DateThatBreaksARange", {{"\">= 880\"", "\">= 2000\""}},
     "lease.yaml:33:66: parties.owner.positions.rent.limit: 2000 lies outside the issue's range 800 to 1200 (as of 2026-02-10)\n"
     "  Write a value between 800 and 1200, or leave `limit` out if the party has no red line here.\n"},
    {"VariantThatRemovesTheIdeal", {{"parties.tenant.reservation: 0.1", "parties.tenant.positions.term.ideal: null"}},
     "lease.yaml:35:17: parties.tenant.positions.term: a salience without an `ideal` or a `value` (in variant stuck)\n"
     "  Write what the party wants (`ideal`) or what each settlement is worth to it (`value`).\n"},
    {"VariantThatTurnsALimitRound", {{"parties.tenant.reservation: 0.1", "parties.tenant.positions.rent.ideal: 1200"}},
     "lease.yaml:35:54: parties.tenant.positions.rent.ideal: the edit turns the limit round; so far it accepted what lies below it (in variant stuck)\n"
     "  Write the limit as a test, such as \"<= …\", so that its side is plain.\n"},
    {"DateThatTurnsALimitRound", {{"parties.owner.positions.rent.limit: \">= 880\"", "parties.tenant.positions.rent: {salience: 60, ideal: 1190, limit: 1100}"}},
     "lease.yaml:33:83: parties.tenant.positions.rent.ideal: the edit turns the limit round; so far it accepted what lies below it (as of 2026-02-10)\n"
     "  Write the limit as a test, such as \"<= …\", so that its side is plain.\n"},
    {"VariantThatEmptiesTheSpace", {{"parties.tenant.reservation: 0.1", "rules.sum.at_most: 600"}, {"{package: {rent: 900, area: 60}}", "0.1"}},
     "lease.yaml:35:36: rules: the agreement space is empty: no package meets every rule (in variant stuck)\n"
     "  Loosen or remove a rule, or widen the issues; what a party refuses is a limit or a demand, not a rule.\n"},

    // levers
    {"LeverWithoutACost", {{"{by: owner, cost: 2, set", "{by: owner, set"}},
     "lease.yaml:37:9: levers.push.cost: `cost` is missing\n"
     "  Add `cost`: a number.\n"},
    {"LeverWithANegativeCost", {{"cost: 2", "cost: -2"}},
     "lease.yaml:37:27: levers.push.cost: the cost -2 is negative\n"
     "  Write what pulling the lever costs: a number ≥ 0.\n"},
    {"LeverOfNobody", {{"by: owner", "by: onwer"}},
     "lease.yaml:37:14: levers.push.by: unknown party `onwer`\n"
     "  Did you mean `owner`? Known: owner, tenant.\n"},
    {"LeverOfSeveral", {{"by: owner", "by: [owner]"}},
     "lease.yaml:37:14: levers.push.by: expected the id of a party, found a list\n"
     "  Write the id of a party.\n"},
    {"LeverThatLeadsNowhere", {{"set: {parties.tenant.reservation: 0.2}", "set: {parties.tenant.reservatoin: 0.2}"}},
     "lease.yaml:37:36: levers.push.set: `parties.tenant.reservatoin` cannot be set: there is no `reservatoin` in `parties.tenant`\n"
     "  The nearest path is `parties.tenant.reservation`. Known: reservation, positions, power, demands, title, firm, sources, note.\n"},
    {"LeverThatBreaksARange", {{"parties.tenant.reservation: 0.2", "parties.tenant.reservation: 1.2"}},
     "lease.yaml:37:64: parties.tenant.reservation: the reservation 1.2 lies outside 0 to 1 (with lever push)\n"
     "  Write 0 for the worst and 1 for the best, or a number between.\n"},
    {"LeverThatTurnsALimitRound", {{"parties.tenant.reservation: 0.2", "parties.tenant.positions.rent.ideal: 1200"}},
     "lease.yaml:37:73: parties.tenant.positions.rent.ideal: the edit turns the limit round; so far it accepted what lies below it (with lever push)\n"
     "  Write the limit as a test, such as \"<= …\", so that its side is plain.\n"},
    {"NameOfALever", {{"  push: {", "  Push: {"}},
     "lease.yaml:37:3: levers.Push: `Push` is not an id\n"
     "  Use small letters, digits, _ and -, beginning with a letter: `push`.\n"},

    // text
    {"ATab", {{"  area: {title: Area", "\tarea: {title: Area"}},
     "lease.yaml:8:1: a tab stands in the indentation\n"
     "  Indent with spaces.\n"},
    {"ControlCharacter", {{"title: Lease", "title: \"Le\aase\""}},
     "lease.yaml:2:11: control character U+0007\n"
     "  Delete it; it cannot be seen, and no scenario needs it.\n"},
    {"TwoDocuments", {{"title: Lease", "title: Lease\n---\nzopa: 1"}},
     "lease.yaml:3:1: a second document begins here\n"
     "  Write one scenario a file: delete `---` or `...` and what follows.\n"},
    {"MergeKey", {{"title: Rent,", "<<: {title: Rent},"}},
     "lease.yaml:7:10: issues.rent: a merge key (`<<`) stands here\n"
     "  Write the values out, or start from another file with `extends`.\n"},
    {"Anchor", {{"salience: 60", "salience: &a 60"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: an anchor (`&name`) stands here\n"
     "  Delete it; scenarios share values by `extends` and `variants`.\n"},
    {"Alias", {{"salience: 60", "salience: *a"}},
     "lease.yaml:15:24: an alias (`*name`) stands here\n"
     "  Write the value out; scenarios share values by `extends` and `variants`.\n"},
    {"Tag", {{"salience: 60", "salience: !!int 60"}},
     "lease.yaml:15:24: parties.tenant.positions.rent.salience: a tag (`tag:yaml.org,2002:int`) stands here\n"
     "  Delete it; put the value in quotes if it is text.\n"},
    {"UnquotedTestWithATag", {{"limit: \">= 20\"", "limit: != 20"}},
     "lease.yaml:16:46: parties.tenant.positions.area.limit: a test that begins with `!` is not in quotes\n"
     "  Write it in quotes: \"!= …\".\n"
     "lease.yaml:16:46: parties.tenant.positions.area.limit: <, > and != cannot be a limit on `area`, which is continuous\n"
     "  Write <= or >=, or give the issue a step.\n"},
    {"UnquotedTestThatBeginsABlock", {{"  law: {when", "  other:\n    require:\n      rent: >= 850\n  law: {when"}},
     "lease.yaml:29:14: `>` or `|` begins a block of text here\n"
     "  Write a test in quotes, as in \"> 600\"; begin the text of a block on the next line.\n"},
    {"OpenQuote", {{"title: Lease", "title: \"Lease"}},
     "lease.yaml:2:8: the text in quotes that begins here runs on to line 16, where the file makes no sense\n"
     "  Close the quote where the text ends.\n"},
    {"OpenSingleQuote", {{"rent: 1000, term: one", "rent: 1000, term: 'one"}},
     "lease.yaml:31:39: this quote is never closed\n"
     "  Close it with the same quote; \\\" or '' stands for a quote inside.\n"},
    {"OpenBracket", {{"[tenant, owner]", "[tenant, owner"}},
     "lease.yaml:29:30: this bracket closes what is not open\n"
     "  Close the bracket that was opened last, or delete this one.\n"},
    {"OpenNestedBracket", {{"[100, 1]]}", "[100, 1}"}},
     "lease.yaml:25:62: this bracket closes what is not open\n"
     "  Close the bracket that was opened last, or delete this one.\n"},
    {"ALineThatIsNoKey", {{"title: Lease", "title: Lease\nnot-a-key"}},
     "lease.yaml:4:5: `:` does not fit here\n"
     "  Put the value in quotes if it contains `: `; indent the keys of one mapping alike; look at the line above as well.\n"},
    {"NullKey", {{"title: Lease", "title: Lease\n~: 1"}},
     "lease.yaml:3:1: this key is null\n"
     "  Write the key as text, in quotes if it is the word null.\n"},
    {"AListAsKey", {{"title: Lease", "title: Lease\n[a, b]: 1"}},
     "lease.yaml:3:1: a list or mapping stands where a key is expected\n"
     "  Write the key as text.\n"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Reader, Refusals, testing::ValuesIn(kRefusals),
                         [](const auto& test) { return string(test.param.name); });

TEST(Reader, TakesTheSoundScenario) { EXPECT_EQ(errors_of(kLease), ""); }

TEST(Reader, NamesEveryMissingKey) {
  EXPECT_EQ(errors_of("about: Nothing\n"),
            "lease.yaml:1:1: zopa: `zopa` is missing\n  Add `zopa`: the number 1.\n"
            "lease.yaml:1:1: title: `title` is missing\n  Add `title`: text.\n"
            "lease.yaml:1:1: issues: `issues` is missing\n"
            "  Add `issues`: a mapping from id to issue.\n"
            "lease.yaml:1:1: parties: `parties` is missing\n"
            "  Add `parties`: a mapping from id to party.\n");
}

TEST(Reader, ReportsOnceThatThereAreNoParties) {
  EXPECT_EQ(errors_of("zopa: 1\ntitle: T\nissues: {a: {range: [0, 1]}}\nparties: {}\n"
                      "consent: {all: [tenant, {party: owner, issues: [a]}]}\n"),
            "lease.yaml:4:10: parties: there are no parties\n  Write at least one.\n");
}

TEST(Reader, ReportsEveryProblemInTheOrderOfTheFile) {
  string text = replaced(kLease, "salience: 60", "salience: -60");
  text = replaced(text, "range: [0, 100]", "range: [100, 0]");
  text = replaced(text, "rent: 1000, term: one", "rent: 1005, term: two");
  EXPECT_EQ(
      errors_of(text),
      "lease.yaml:8:30: issues.area.range: the range runs from 100 to 0\n"
      "  Write [low, high] with low < high.\n"
      "lease.yaml:15:24: parties.tenant.positions.rent.salience: the salience -60 is negative\n"
      "  Write a number from 0 on; only ratios within the party count.\n"
      "lease.yaml:31:27: drafts.first.package.rent: 1005 is not on the issue's steps of 10\n"
      "  Write 1000 or 1010.\n"
      "lease.yaml:31:39: drafts.first.package.term: unknown option `two` of `term`\n"
      "  Known: one, three, five.\n");
}

TEST(Reader, CountsColumnsInCharacters) {
  EXPECT_EQ(errors_of(replaced(kLease, "area: {title: Area, range: [0, 100]}",
                               "area: {title: Fl\u00E4che \u2192, range: [0, x]}")),
            "lease.yaml:8:38: issues.area.range.1: `x` is not a number\n"
            "  Write a number such as 20 or 0.25.\n");
}

TEST(Reader, RefusesInvalidUtf8) {
  EXPECT_EQ(errors_of(replaced(kLease, "title: Lease", "title: Caf\xE9")),
            "lease.yaml:2:11: the text is not valid UTF-8 here\n"
            "  Save the file as UTF-8, or write the character again.\n");
}

// no, yes, on and off are text like any other, and so are dates until a date is expected.
TEST(Reader, TakesWordsOfOtherToolsForText) {
  string text = replaced(kLease, "  owner:\n", "  no: {title: off}\n  owner:\n");
  text = replaced(text, "[tenant, owner]", "[tenant, owner, no]");
  text = replaced(text, "title: Area", "title: 2026-03-01");
  text =
      replaced(text, "options: [one, three, five]", "options: {one: yes, three: true, five: on}");
  EXPECT_EQ(errors_of(text), "");
}

// ------------------------------------------------------------------------------------------ sizes

string times(int count, const std::function<string(int)>& part) {
  string all;
  for (int k = 0; k < count; ++k) all += part(k);
  return all;
}

// A sound scenario of so many issues and parties, the first of which has so many options.
string sized(int issues, int parties, int options = 2) {
  return "zopa: 1\ntitle: T\nissues:\n" +
         times(issues,
               [&](int j) {
                 return "  i" + std::to_string(j) + ": {options: [" +
                        times(j == 0 ? options : 2,
                              [](int k) { return (k == 0 ? "o" : ", o") + std::to_string(k); }) +
                        "]}\n";
               }) +
         "parties:\n" + times(parties, [](int i) { return "  p" + std::to_string(i) + ": {}\n"; });
}

TEST(Limits, Are256Issues) {
  EXPECT_EQ(errors_of(sized(256, 1)), "");
  EXPECT_EQ(errors_of(sized(257, 1)),
            "lease.yaml:3:1: issues: 257 issues are more than the 256 that fit\n"
            "  Join or leave out some of them.\n");
}

TEST(Limits, Are64Parties) {
  EXPECT_EQ(errors_of(sized(1, 64)), "");
  EXPECT_EQ(errors_of(sized(1, 65)),
            "lease.yaml:5:1: parties: 65 parties are more than the 64 that fit\n"
            "  Join or leave out some of them.\n");
}

TEST(Limits, Are4096Options) {
  EXPECT_EQ(errors_of(sized(1, 1, 4096)), "");
  EXPECT_EQ(errors_of(sized(1, 1, 4097)),
            "lease.yaml:4:17: issues.i0.options: 4097 options are more than the 4,096 that fit\n"
            "  Use a numeric issue, or join options.\n");
}

TEST(Limits, Are4096Steps) {
  const auto steps = [](const string& range) {
    return "zopa: 1\ntitle: T\nissues:\n  i: {range: " + range + ", step: 1}\nparties:\n  p: {}\n";
  };
  EXPECT_EQ(errors_of(steps("[1, 4096]")), "");
  EXPECT_EQ(errors_of(steps("[1, 4097]")),
            "lease.yaml:4:31: issues.i.step: steps of 1 make 4097 values, more than the 4,096 that "
            "fit\n  Write a larger step, or leave it out for a continuous issue.\n");
}

TEST(Limits, Are64Levels) {
  const auto nested = [](int levels) {
    return "zopa: 1\ntitle: " + string(static_cast<std::size_t>(levels - 1), '[') +
           string(static_cast<std::size_t>(levels - 1), ']') + "\n";
  };
  EXPECT_EQ(errors_of(nested(64)).find("levels"), string::npos);
  EXPECT_EQ(errors_of(nested(65)),
            "lease.yaml:2:71: lists and mappings nest deeper than 64 levels\n"
            "  Write a scenario with fewer levels.\n");
}

TEST(Limits, Are200000Nodes) {
  // The mapping, `about`, the list and its elements.
  const auto listing = [](int nodes) {
    return "about: [" + times(nodes - 3, [](int k) { return k == 0 ? "a" : ", a"; }) + "]\n";
  };
  EXPECT_EQ(errors_of(listing(200'000)).find("nodes"), string::npos);
  EXPECT_NE(errors_of(listing(200'001))
                .find(": the file has more than 200,000 nodes\n"
                      "  Split it, or leave out what no computation needs.\n"),
            string::npos);
}

TEST(Limits, Are8MebibytesAFile) {
  const auto filled = [](std::size_t size) {
    return kLease + "#" + string(size - kLease.size() - 2, 'c') + "\n";
  };
  EXPECT_EQ(errors_of(filled(8u << 20)), "");
  EXPECT_EQ(errors_of(filled((8u << 20) + 1)),
            "lease.yaml: the file is larger than 8 MiB\n"
            "  Leave out what no computation needs, or split it over several files.\n");
}

// ---------------------------------------------------------------------------------------- extends

struct File {
  string name;
  string text;
};

// As above, of the first of several files; their folder is left out of the messages.
string errors_of(const std::vector<File>& files) {
  const Folder folder;
  for (const File& file : files) folder.write(file.name, file.text);
  string all;
  for (const InputProblem& problem : check_file(folder.path(files[0].name))) {
    if (problem.severity == InputProblem::Severity::error) all += to_text(problem) + "\n";
  }
  const string prefix = folder.path("");
  for (auto at = all.find(prefix); at != string::npos; at = all.find(prefix)) {
    all.erase(at, prefix.size());
  }
  return all;
}

TEST(Extends, IsRelativeToTheFile) {
  EXPECT_EQ(errors_of({{"in/new.yaml", "extends: ../base.yaml\n"}, {"base.yaml", kLease}}), "");
}

TEST(Extends, PlacesAProblemInTheFileThatHasIt) {
  EXPECT_EQ(
      errors_of({{"new.yaml", "extends: base.yaml\nparties: {owner: {power: -1}}\n"},
                 {"base.yaml", replaced(kLease, "salience: 60", "salience: -60")}}),
      "new.yaml:2:26: parties.owner.power: the power -1 is negative\n"
      "  Write a number from 0 on; 1 is usual.\n"
      "base.yaml:15:24: parties.tenant.positions.rent.salience: the salience -60 is negative\n"
      "  Write a number from 0 on; only ratios within the party count.\n");
}

TEST(Extends, NamesTheNearestFileWhenItsBaseIsMissing) {
  EXPECT_EQ(errors_of({{"new.yaml", "extends: bsae.yaml\n"}, {"base.yaml", kLease}}),
            "new.yaml:1:10: extends: bsae.yaml: there is no such file\n"
            "  Did you mean `base.yaml`? Known: base.yaml, new.yaml.\n");
}

TEST(Extends, RefusesACircle) {
  EXPECT_EQ(
      errors_of({{"a.yaml", "extends: b.yaml\n"}, {"b.yaml", "title: B\nextends: in/../a.yaml\n"}}),
      "b.yaml:2:10: extends: a.yaml: the files extend each other in a circle: "
      "a.yaml \u2192 b.yaml \u2192 a.yaml\n  Let one of them stand by itself.\n");
}

TEST(Extends, RefusesAnAbsolutePath) {
  EXPECT_EQ(errors_of({{"new.yaml", "extends: /srv/base.yaml\n"}}),
            "new.yaml:1:10: extends: /srv/base.yaml: the path is not relative\n"
            "  Write it relative to this file, so that both can move together.\n");
}

TEST(Extends, RefusesAFolder) {
  EXPECT_EQ(errors_of({{"new.yaml", "extends: in\n"}, {"in/base.yaml", kLease}}),
            "new.yaml:1:10: extends: in: this is a folder\n  Name a file in it.\n");
}

TEST(Extends, RefusesAList) {
  EXPECT_EQ(errors_of({{"new.yaml", "extends: [base.yaml]\n"}, {"base.yaml", kLease}}),
            "new.yaml:1:10: extends: expected the path of a file\n"
            "  Write the path of the base, relative to this file.\n");
}

TEST(Extends, RefusesToRemoveWhatIsNotThere) {
  EXPECT_EQ(errors_of({{"new.yaml", "extends: base.yaml\nparties: {onwer: null}\n"},
                       {"base.yaml", kLease}}),
            "new.yaml:2:11: parties.onwer: null removes a key, but the base has no `onwer`\n"
            "  Delete this line. Did you mean `owner`? Known: owner, tenant.\n");
}

TEST(Extends, MayChain64Files) {
  const auto chain = [](int files) {
    std::vector<File> all;
    for (int k = 0; k + 1 < files; ++k) {
      all.push_back({std::to_string(k) + ".yaml", "extends: " + std::to_string(k + 1) + ".yaml\n"});
    }
    all.push_back({std::to_string(files - 1) + ".yaml", kLease});
    return all;
  };
  EXPECT_EQ(errors_of(chain(64)), "");
  EXPECT_EQ(errors_of(chain(65)),
            "63.yaml:1:10: extends: 64.yaml: a chain of more than 64 files\n"
            "  Join some of the files.\n");
}

}  // namespace
}  // namespace zopa
