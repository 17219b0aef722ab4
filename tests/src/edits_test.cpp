// SPDX-License-Identifier: MIT
#include "src/edits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/scenario_file.hpp"
#include "tests/src/scratch.hpp"

namespace zopa {
namespace {

using std::string;

const string kLease = R"(zopa: 1
title: Lease
date: 2026-03-01
issues:
  rent: {title: Rent, range: [800, 1200]}
  term: {title: Term, options: [one, three, five]}
parties:
  tenant:
    reservation: {low: 0.1, likely: 0.2, high: 0.3}
    positions:
      rent: {salience: {value: 60, basis: assumed}, ideal: 800, limit: 1000, accepts: [800, 900]}
      term: {salience: 30, ideal: five}
  owner:
    positions:
      rent: {salience: 50, ideal: 1200, limit: ">= 900"}
  bank:
    positions:
      rent: {limit: {test: "<=", low: 1000, likely: 1050, high: 1100}}
consent:
  all: [tenant, owner, bank]
timeline:
  - {date: 2026-02-10, set: {parties.owner.positions.rent.limit: ">= 880", title: Third}}
  - {date: 2026-02-10, set: {title: Fourth}}
  - {date: 2026-02-20, title: A meeting}
  - {date: 2026-04-01, set: {title: Expected}}
variants:
  cheap: {set: {parties.owner.positions.rent.limit: ">= 850", title: Cheap}}
  no-bank: {set: {parties.bank: null, consent.all.2: null}}
levers:
  grant: {cost: 2, set: {parties.owner.positions.rent.limit: ">= 800", title: Granted}}
  fee: {by: tenant, cost: 1, set: {parties.owner.positions.rent.limit: ">= 860", parties.bank: null, consent.all.2: null}}
)";

Edits as_of(const string& date) { return {.date = date, .variant = {}, .sets = {}}; }
Edits variant(const string& name, std::vector<string> sets = {}) {
  return {.date = {}, .variant = name, .sets = std::move(sets)};
}
Edits sets(std::vector<string> edits) {
  return {.date = {}, .variant = {}, .sets = std::move(edits)};
}

// The lease after the edits.
Document after(const Edits& edits) { return edited(parse_document(kLease, "lease.yaml"), edits); }

string on_one_line(const Node& node) {
  if (node.children.empty()) {
    const string text = to_yaml({node, {}});
    return text.substr(0, text.size() - 1);
  }
  string all;
  for (const Node& child : node.children) {
    all += (all.empty() ? "" : ", ") + (node.is_mapping() ? child.key + ": " : "") +
           on_one_line(child);
  }
  return node.is_mapping() ? "{" + all + "}" : "[" + all + "]";
}

// What stands at a path, as YAML on one line; empty: nothing.
string at(const Document& document, const string& path) {
  const Node* node = &document.root;
  for (std::size_t begin = 0; begin <= path.size() && node != nullptr;) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const string key = path.substr(begin, end - begin);
    if (node->is_sequence()) {
      const std::size_t k = std::stoul(key);
      node = k < node->children.size() ? &node->children[k] : nullptr;
    } else {
      node = node->find(key);
    }
    begin = end + 1;
  }
  if (node == nullptr) return "";
  return on_one_line(*node);
}

// What the command line is told.
string usage_error(const Edits& edits) {
  try {
    after(edits);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}
string usage_error(const string& set) { return usage_error(sets({set})); }

// What is wrong with the scenario after the edits.
string input_error_of(const std::vector<string>& edits) {
  try {
    read_scenario(after(sets(edits)));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

// ---------------------------------------------------------------------- timeline, variants, order

TEST(Timeline, AppliesTheEntriesUpToTheFilesDate) {
  const Document document = after(Edits{});
  EXPECT_EQ(at(document, "title"), "Fourth");
  EXPECT_EQ(at(document, "parties.owner.positions.rent.limit"), "\">= 880\"");
  EXPECT_EQ(at(document, "date"), "2026-03-01");
}

TEST(Timeline, AppliesNothingBeforeTheFirstEntry) {
  const Document document = after(as_of("2026-02-09"));
  EXPECT_EQ(at(document, "title"), "Lease");
  EXPECT_EQ(at(document, "parties.owner.positions.rent.limit"), "\">= 900\"");
  EXPECT_EQ(at(document, "date"), "2026-02-09");
}

TEST(Timeline, AppliesEntriesOfOneDayInTheirOrder) {
  EXPECT_EQ(at(after(as_of("2026-02-10")), "title"), "Fourth");
}

TEST(Timeline, AppliesExpectationsOnlyWhenAskedFor) {
  EXPECT_EQ(at(after(as_of("2026-03-31")), "title"), "Fourth");
  EXPECT_EQ(at(after(as_of("2026-04-01")), "title"), "Expected");
}

TEST(Timeline, NamesItsDatesOnce) {
  EXPECT_EQ(timeline_dates(parse_document(kLease, "lease.yaml")),
            (std::vector<string>{"2026-02-10", "2026-02-20", "2026-04-01"}));
}

TEST(Timeline, RefusesWhatIsNoDate) {
  EXPECT_EQ(usage_error(as_of("2026-2-10")),
            "--date: `2026-2-10` is not a date\n  Write it as 2025-12-02. Did you mean "
            "`2026-02-10`? Known: 2026-02-10, 2026-02-20, 2026-04-01.");
}

TEST(Timeline, IsNeededForAnotherDay) {
  const string text = kLease.substr(0, kLease.find("timeline:"));
  const Document document = parse_document(text, "lease.yaml");
  EXPECT_EQ(at(edited(document, as_of("2026-03-01")), "date"), "2026-03-01");
  EXPECT_THROW(edited(document, as_of("2026-02-10")), UsageError);
}

TEST(Variant, IsAppliedAfterTheTimelineAndBeforeTheCommandLine) {
  const Document alone = after(variant("cheap"));
  EXPECT_EQ(at(alone, "title"), "Cheap");
  EXPECT_EQ(at(alone, "parties.owner.positions.rent.limit"), "\">= 850\"");
  const Document both = after(variant("cheap", {"title=Mine"}));
  EXPECT_EQ(at(both, "title"), "Mine");
  EXPECT_EQ(at(both, "parties.owner.positions.rent.limit"), "\">= 850\"");
}

TEST(Variant, RemovesWithNull) {
  const Document document = after(variant("no-bank"));
  EXPECT_EQ(at(document, "parties.bank"), "");
  EXPECT_EQ(at(document, "consent.all"), "[tenant, owner]");
}

TEST(Variant, NamesTheNearestWhenUnknown) {
  EXPECT_EQ(usage_error(variant("chaep")),
            "--variant: there is no variant `chaep`\n  Did you mean `cheap`? Known: cheap, "
            "no-bank.");
}

// -------------------------------------------------------------------------------------------
// --lever

Edits pulled(std::vector<string> names, const string& variant = "", std::vector<string> sets = {}) {
  return {.date = {}, .variant = variant, .sets = std::move(sets), .levers = std::move(names)};
}

TEST(Levers, AreAppliedAfterTheVariantAndBeforeTheCommandLine) {
  const Document document = after(pulled({"grant"}, "cheap"));
  EXPECT_EQ(at(document, "title"), "Granted");
  EXPECT_EQ(at(document, "parties.owner.positions.rent.limit"), "\">= 800\"");
  EXPECT_EQ(at(after(pulled({"grant"}, "cheap", {"title=Mine"})), "title"), "Mine");
}

TEST(Levers, AreAppliedInTheOrderOfTheFile) {
  for (const auto& names : {std::vector<string>{"grant", "fee"}, {"fee", "grant"}}) {
    const Document document = after(pulled(names));
    EXPECT_EQ(at(document, "title"), "Granted");
    EXPECT_EQ(at(document, "parties.owner.positions.rent.limit"), "\">= 860\"");
    EXPECT_EQ(at(document, "parties.bank"), "");
    EXPECT_EQ(at(document, "consent.all"), "[tenant, owner]");
  }
}

TEST(Levers, NameTheNearestWhenUnknown) {
  EXPECT_EQ(usage_error(pulled({"grant", "fees"})),
            "--lever: there is no lever `fees`\n  Did you mean `fee`? Known: fee, grant.");
}

TEST(Levers, AreNamedWithTheOtherEdits) {
  EXPECT_EQ(edits_text(pulled({"grant", "fee"}, "cheap", {"title=Mine"})),
            "cheap lever:grant lever:fee title=Mine");
  EXPECT_EQ(lever_names(after(Edits{})), (std::vector<string>{"grant", "fee"}));
}

TEST(Levers, StandByWhatTheyChangeOfEachOther) {
  const string text = R"(zopa: 1
title: A
issues: {x: {range: [0, 1]}}
parties: {a: {positions: {x: {salience: 1, ideal: 0}}}}
levers:
  one: {cost: 1, set: {levers.two.set: {title: C}}}
  two: {cost: 1, set: {title: B}}
)";
  const Document document = edited(parse_document(text, "x.yaml"), pulled({"one", "two"}));
  EXPECT_EQ(at(document, "title"), "B");
}

TEST(WithoutWhatIfs, LeavesTheEffectiveScenario) {
  const Document document = without_what_ifs(after(Edits{}));
  EXPECT_EQ(at(document, "timeline"), "");
  EXPECT_EQ(at(document, "variants"), "");
  EXPECT_EQ(at(document, "title"), "Fourth");
}

// ------------------------------------------------------------------------------------------- --set

TEST(Set, ReplacesWhateverStoodThere) {
  EXPECT_EQ(at(after(sets({"parties.tenant.reservation=0.5"})), "parties.tenant.reservation"),
            "0.5");
  EXPECT_EQ(at(after(sets({"parties.tenant.positions.rent.ideal=[800, 850]"})),
               "parties.tenant.positions.rent.ideal"),
            "[800, 850]");
  EXPECT_EQ(at(after(sets({"parties.tenant.positions.rent.limit={test: \"<=\", value: 1100}"})),
               "parties.tenant.positions.rent.limit"),
            "{test: \"<=\", value: 1100}");
}

TEST(Set, TakesTestsWithoutQuotes) {
  const string limit = "parties.owner.positions.rent.limit";
  EXPECT_EQ(at(after(sets({limit + "=>= 850"})), limit), "\">= 850\"");
  EXPECT_EQ(at(after(sets({limit + "== 850"})), limit), "\"= 850\"");
  EXPECT_EQ(at(after(sets({limit + "=!= 850"})), limit), "\"!= 850\"");
}

TEST(Set, WorksFromLeftToRight) {
  EXPECT_EQ(at(after(sets({"parties.tenant.positions.term.salience=10",
                           "parties.tenant.positions.term.salience*=3",
                           "parties.tenant.positions.term.salience+=-1"})),
               "parties.tenant.positions.term.salience"),
            "29");
}

TEST(Set, MakesWhatCouldStandThere) {
  EXPECT_EQ(at(after(sets({"parties.bank.positions.term.limit=>= three"})),
               "parties.bank.positions.term"),
            "{limit: \">= three\"}");
  EXPECT_EQ(at(after(sets({"parties.owner.demands.short={require: {term: \"<= three\"}}"})),
               "parties.owner.demands"),
            "{short: {require: {term: \"<= three\"}}}");
}

TEST(Set, MakesNewNamesOnlyWhole) {
  EXPECT_EQ(usage_error("parties.owner.demands.short.require.term=<= three"),
            "--set: parties.owner.demands.short.require.term: there is no `short` in "
            "`parties.owner.demands`\n  Set `parties.owner.demands.short` as a whole.");
}

TEST(Set, ReachesElementsOfLists) {
  EXPECT_EQ(at(after(sets({"consent.all.2={party: bank, issues: [rent, term]}",
                           "consent.all.2.issues.1=term", "~consent.all.2.issues.0"})),
               "consent.all.2"),
            "{party: bank, issues: [term]}");
}

TEST(Set, AddsTheNextElementOfAList) {
  EXPECT_EQ(at(after(sets({"~consent.all.2", "consent.all.2=bank"})), "consent.all"),
            "[tenant, owner, bank]");
}

TEST(Set, RemovesWithNullAndWithATilde) {
  EXPECT_EQ(at(after(sets({"parties.tenant.positions.rent.limit=null"})),
               "parties.tenant.positions.rent.limit"),
            "");
  EXPECT_EQ(at(after(sets({"~parties.tenant.positions.rent"})), "parties.tenant.positions"),
            "{term: {salience: 30, ideal: five}}");
  EXPECT_EQ(at(after(sets({"~consent.all.0"})), "consent.all"), "[owner, bank]");
}

TEST(Set, RefusesToRemoveWhatIsNotThere) {
  EXPECT_EQ(usage_error("~parties.tenant.positions.term.limit"),
            "--set: parties.tenant.positions.term.limit: there is nothing to remove\n"
            "  Leave the edit out.");
}

struct Change {
  const char* name;
  string set;
  string path;
  string expected;
};

class Arithmetic : public testing::TestWithParam<Change> {};

TEST_P(Arithmetic, ChangesEveryNumberOfAValue) {
  const Change& change = GetParam();
  EXPECT_EQ(at(after(sets({change.path + change.set})), change.path), change.expected);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Set, Arithmetic, testing::Values(
    Change{"Number", "+=5", "parties.tenant.positions.term.salience", "35"},
    Change{"NumberScaled", "*=1.1", "parties.tenant.positions.term.salience", "33"},
    Change{"NumberTakenAway", "+=-0.5", "parties.tenant.positions.term.salience", "29.5"},
    Change{"LowLikelyAndHigh", "+=0.1", "parties.tenant.reservation", "{low: 0.2, likely: 0.3, high: 0.4}"},
    Change{"LowLikelyAndHighScaled", "*=0.5", "parties.tenant.reservation", "{low: 0.05, likely: 0.1, high: 0.15}"},
    Change{"OnlyLikely", "+=0.05", "parties.tenant.reservation.likely", "0.25"},
    Change{"ValueWithEvidence", "+=1", "parties.tenant.positions.rent.salience", "{value: 61, basis: assumed}"},
    Change{"BareLimit", "+=50", "parties.tenant.positions.rent.limit", "1050"},
    Change{"NumberOfATest", "+=50", "parties.owner.positions.rent.limit", "\">= 930\""},
    Change{"LimitOfThreeNumbers", "*=1.01", "parties.bank.positions.rent.limit",
           "{test: \"<=\", low: 1010, likely: 1060.5, high: 1111}"},
    Change{"BothEndsOfARange", "+=10", "parties.tenant.positions.rent.accepts", "[810, 910]"}),
    [](const auto& test) { return string(test.param.name); });
// clang-format on

TEST(Arithmetic, DoesNotChangeOptions) {
  EXPECT_EQ(usage_error("parties.tenant.positions.term.ideal+=1"),
            "--set: parties.tenant.positions.term.ideal: what stands there is not a number\n"
            "  `+=` and `*=` change numbers, tests and ranges of numbers; not options.");
  EXPECT_NE(usage_error("title*=2"), "");
  EXPECT_NE(usage_error("parties.tenant.positions.term*=2"), "");
}

TEST(Arithmetic, NeedsANumberOnBothSides) {
  EXPECT_EQ(usage_error("parties.tenant.positions.term.salience*=ten"),
            "--set: parties.tenant.positions.term.salience: `ten` is not a number\n"
            "  Write for example parties.tenant.positions.term.salience*=1.1.");
  EXPECT_EQ(usage_error("parties.owner.reservation+=0.1"),
            "--set: parties.owner.reservation: there is no number to change\n"
            "  Set it with `parties.owner.reservation=…`.");
}

TEST(Set, NamesTheNearestPath) {
  EXPECT_EQ(usage_error("parties.onwer.positions.rent.limit=5"),
            "--set: parties.onwer.positions.rent.limit: there is no `onwer` in `parties`\n"
            "  The nearest path is `parties.owner.positions.rent.limit`. Known: owner, tenant, "
            "bank.");
  EXPECT_EQ(usage_error("parties.owner.positions.rnet.limit=5"),
            "--set: parties.owner.positions.rnet.limit: there is no `rnet` in "
            "`parties.owner.positions`\n"
            "  The nearest path is `parties.owner.positions.rent.limit`. Known: rent, term.");
  EXPECT_EQ(usage_error("parties.owner.positions.rent.salience.lowest=5"),
            "--set: parties.owner.positions.rent.salience.lowest: "
            "`parties.owner.positions.rent.salience` is `50`, which has no parts\n"
            "  Set `parties.owner.positions.rent.salience` as a whole.");
  EXPECT_NE(usage_error("partis.owner.power=2").find("The nearest path is `parties.owner.power`."),
            string::npos);
  EXPECT_EQ(usage_error("consent.all.5=owner"),
            "--set: consent.all.5: `consent.all` is a list and has no element `5`\n"
            "  Its elements are 0 to 2; 3 adds one.");
  EXPECT_NE(usage_error("consent.all.first=owner"), "");
  EXPECT_NE(usage_error("parties..power=2"), "");
  EXPECT_NE(usage_error("parties.Owner.power=2"), "");
}

TEST(Set, SaysWhatAnEditLooksLike) {
  EXPECT_EQ(usage_error("title"),
            "--set: `title` is no edit\n  Write PATH=VALUE, PATH+=NUMBER, PATH*=NUMBER or ~PATH.");
  EXPECT_EQ(
      usage_error("title="),
      "--set: title: no value is given\n  Write a value after `=`, or `~title` to remove it.");
  EXPECT_EQ(usage_error("title=[a"),
            "--set: title: a `[` is not closed, or a comma is missing in it\n"
            "  Close it with `]` and put commas between its entries.");
}

TEST(Set, PlacesProblemsAtTheCommandLine) {
  EXPECT_EQ(input_error_of({"parties.tenant.reservation=1.5"}),
            "--set: parties.tenant.reservation: the reservation 1.5 lies outside 0 to 1\n"
            "  Write 0 for the worst and 1 for the best, or a number between.");
  EXPECT_EQ(input_error_of({"parties.tenant.reservation.high=0.15"}),
            "--set: parties.tenant.reservation: low, likely and high are not in rising order\n"
            "  Write low ≤ likely ≤ high.");
  EXPECT_EQ(input_error_of({"~parties.tenant.positions.term.ideal"}),
            "--set: parties.tenant.positions.term: a salience without an `ideal` or a `value`\n"
            "  Write what the party wants (`ideal`) or what each settlement is worth to it "
            "(`value`).");
  EXPECT_EQ(input_error_of({"parties.owner.positions.rent.limit*=2"}),
            "--set: parties.owner.positions.rent.limit: 1760 lies outside the issue's range 800 to "
            "1200\n  Write a value between 800 and 1200, or leave `limit` out if the party has no "
            "red line here.");
}

TEST(Set, DoesNotTurnABareLimitRound) {
  EXPECT_EQ(input_error_of({"parties.tenant.positions.rent.ideal=1100"}),
            "--set: parties.tenant.positions.rent.ideal: the edit turns the limit round; so far it "
            "accepted what lies below it\n"
            "  Write the limit as a test, such as \"<= …\", so that its side is plain.");
  EXPECT_EQ(input_error_of({"parties.tenant.positions.rent.ideal=1100",
                            "parties.tenant.positions.rent.limit=<= 1000"}),
            "");
  EXPECT_EQ(input_error_of({"parties.tenant.positions.rent.limit=900"}), "");
}

// ----------------------------------------------------------------------------------------- extends

TEST(Extends, MergesMappingsAndReplacesEverythingElse) {
  const Folder folder;
  folder.write("base.yaml", kLease);
  const string file = folder.write("new.yaml", R"(extends: base.yaml
title: New
parties:
  tenant:
    reservation: {likely: 0.25}
    positions: {rent: {limit: null}, term: {ideal: three}}
  guest: {positions: {rent: {limit: "<= 1100"}}}
  bank: null
consent: {all: [guest]}
variants:
  cheap: {set: {parties.bank: null}}
)");
  const Document document = read_document(file);
  EXPECT_EQ(at(document, "extends"), "");
  EXPECT_EQ(at(document, "title"), "New");
  EXPECT_EQ(at(document, "date"), "2026-03-01");
  EXPECT_EQ(at(document, "parties.tenant.reservation"), "{low: 0.1, likely: 0.25, high: 0.3}");
  EXPECT_EQ(at(document, "parties.tenant.positions.rent.limit"), "");
  EXPECT_EQ(at(document, "parties.tenant.positions.rent.ideal"), "800");
  EXPECT_EQ(at(document, "parties.tenant.positions.term"), "{salience: 30, ideal: three}");
  EXPECT_EQ(at(document, "parties.bank"), "");
  EXPECT_EQ(at(document, "parties.guest.positions.rent.limit"), "\"<= 1100\"");
  EXPECT_EQ(at(document, "consent.all"), "[guest]") << "lists replace";
  EXPECT_EQ(at(document, "variants.cheap.set"),
            "{parties.owner.positions.rent.limit: \">= 850\", title: Cheap, parties.bank: null}")
      << "null inside set removes when the variant is applied";
  ASSERT_EQ(document.files.size(), 2U);
  EXPECT_EQ(document.files[0].name, file);
}

TEST(Extends, MayGoThroughSeveralFiles) {
  const Folder folder;
  folder.write("a/base.yaml", kLease);
  folder.write("b/middle.yaml", "extends: ../a/base.yaml\ntitle: Middle\nabout: From the middle\n");
  const Document document =
      read_document(folder.write("new.yaml", "extends: b/middle.yaml\ntitle: New\n"));
  EXPECT_EQ(at(document, "title"), "New");
  EXPECT_EQ(at(document, "about"), "From the middle");
  EXPECT_EQ(at(document, "issues.rent.range"), "[800, 1200]");
  EXPECT_EQ(document.files.size(), 3U);
}

}  // namespace
}  // namespace zopa
