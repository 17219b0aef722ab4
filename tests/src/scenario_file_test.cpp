// SPDX-License-Identifier: MIT
#include "src/scenario_file.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/edits.hpp"
#include "src/files.hpp"

namespace zopa {
namespace {

using std::string;
using Strings = std::vector<string>;

// Every key of the format.
const string kEveryKey = R"(zopa: 1
title: Lease of a workshop
date: 2026-03-01
about: Two parties and a bank
sources:
  letter: {title: Letter, date: 2026-02-01, url: https://example.org/1, note: By post}
  call: {title: Call}
issues:
  rent: {title: Monthly rent, group: money, range: [800, 1200], step: 10, unit: EUR, note: N}
  area: {range: [-0.5, 1e2]}
  term: {title: Term, options: {one: One year, three: Three years, five: Five years}}
  seat: {options: [here, there, yonder], ordered: false}
parties:
  tenant:
    title: Tenant
    power: 2
    firm: true
    sources: [letter]
    note: Looks for a workshop
    reservation: {value: 0.25, basis: assumed, firm: true}
    positions:
      term:
        salience: {low: 20, likely: 30, high: 35, basis: assumed, sources: [call]}
        value: {five: 1, one: 0, three: {low: 0.3, likely: 0.5, high: 0.6}}
        limit: [one, three]
        basis: stated
        confidence: medium
        sources: [letter]
        as_of: 2026-02-01
        note: From the letter
      rent:
        salience: 60
        ideal: [800, 850]
        limit: {test: "<=", low: 1000, likely: 1100, high: 1150, confidence: low}
        accepts: [800, 1000]
        firm: true
        basis: inferred
      seat: {salience: 1.5, ideal: [here, yonder], limit: "!= there", accepts: [here]}
    demands:
      cheap-if-short:
        title: Cheap if short
        when: {term: "<= one", seat: [here, there]}
        require: {rent: "<= 1000"}
        firm: true
        basis: inferred
        sources: [call]
        as_of: 2026-02-02
  owner:
    reservation:
      package: {rent: {low: 850, likely: 900, high: 950, note: Guess}, area: 20}
      basis: stated
      sources: [letter]
    positions:
      rent: {salience: 50, ideal: 1200, limit: 900}
      area: {salience: 10, value: [[0, 0], [50, 0.75], [100, 1]], limit: "<= 60"}
      term: {limit: "> one", ideal: five}
  bank: {title: Bank}
rules:
  law: {title: Law, when: {term: ">= five"}, require: {rent: ">= 850", seat: [here, there]}, basis: stated, sources: [letter]}
  sum: {sum: {rent: 1, area: -2.5}, at_least: 500, at_most: 1250}
  fixed: {sum: {rent: 0}, equals: 0}
consent:
  title: Everybody
  all:
    - tenant
    - {title: The owner on money, party: owner, issues: [rent, area], when: {term: ">= three"}}
    - any: [owner, {at_least: {count: 1, of: [tenant, bank]}}]
    - quota: {need: 2.5, weights: {owner: 1, tenant: 1.5}}
    - quota: {need: 1, of: [tenant, owner], weights: {owner: 1, tenant: 2}}
drafts:
  offer: {title: First offer, date: 2026-02-01, package: {rent: 1100, term: five}, sources: [letter], note: N}
  silent: {package: {}}
timeline:
  - {date: 2026-02-10, title: Lower, set: {parties.owner.power: 3}, basis: stated, sources: [call]}
variants:
  stuck: {title: Stuck, set: {parties.tenant.power: 4}, note: N}
levers:
  push: {title: Push, by: owner, cost: 1.5, set: {parties.tenant.power: 4}, basis: assumed, note: N}
)";

class EveryKey : public testing::Test {
 protected:
  static Scenario read(const string& text) {
    return read_scenario(edited(parse_document(text, "lease.yaml"), {}));
  }

  const Scenario scenario_ = read(kEveryKey);
  const Party& tenant_ = scenario_.parties.at(0);
  const Party& owner_ = scenario_.parties.at(1);
};

void expect_number(const Number& number, const Rational& low, const Rational& likely,
                   const Rational& high) {
  EXPECT_EQ(number.low, low);
  EXPECT_EQ(number.likely, likely);
  EXPECT_EQ(number.high, high);
}

TEST_F(EveryKey, HeadsTheScenario) {
  EXPECT_EQ(scenario_.title, "Lease of a workshop");
  EXPECT_EQ(scenario_.about, "Two parties and a bank");
  EXPECT_EQ(scenario_.date, "2026-03-01");
  ASSERT_EQ(scenario_.sources.size(), 2U);
  EXPECT_EQ(scenario_.sources[0].id, "letter");
  EXPECT_EQ(scenario_.sources[0].title, "Letter");
  EXPECT_EQ(scenario_.sources[0].date, "2026-02-01");
  EXPECT_EQ(scenario_.sources[0].url, "https://example.org/1");
}

TEST_F(EveryKey, DescribesIssuesInFileOrder) {
  ASSERT_EQ(scenario_.issues.size(), 4U);
  const Issue& rent = scenario_.issues[0];
  EXPECT_EQ(rent.id, "rent");
  EXPECT_EQ(rent.title, "Monthly rent");
  EXPECT_EQ(rent.group, "money");
  EXPECT_EQ(rent.unit, "EUR");
  EXPECT_EQ(rent.kind, IssueKind::numeric);
  EXPECT_EQ(rent.step, Rational(10));
  const Issue& area = scenario_.issues[1];
  EXPECT_EQ(area.title, "area") << "the id, when there is no title";
  EXPECT_TRUE(area.continuous());
  EXPECT_EQ(area.low, Rational(-1, 2));
  EXPECT_EQ(area.high, Rational(100));
  const Issue& term = scenario_.issues[2];
  EXPECT_EQ(term.kind, IssueKind::ordered);
  ASSERT_EQ(term.options.size(), 3U);
  EXPECT_EQ(term.options[1].id, "three");
  EXPECT_EQ(term.options[1].title, "Three years");
  const Issue& seat = scenario_.issues[3];
  EXPECT_EQ(seat.kind, IssueKind::unordered);
  EXPECT_EQ(seat.options[2].title, "yonder");
}

TEST_F(EveryKey, DescribesParties) {
  ASSERT_EQ(scenario_.parties.size(), 3U);
  EXPECT_EQ(tenant_.title, "Tenant");
  EXPECT_EQ(tenant_.power, Rational(2));
  EXPECT_TRUE(tenant_.firm);
  EXPECT_EQ(tenant_.evidence.sources, Strings{"letter"});
  EXPECT_EQ(tenant_.evidence.note, "Looks for a workshop");
  EXPECT_EQ(owner_.title, "owner");
  EXPECT_EQ(owner_.power, Rational(3)) << "the timeline says so";
  EXPECT_FALSE(owner_.firm);
  EXPECT_TRUE(scenario_.parties[2].positions.empty());
  EXPECT_EQ(scenario_.parties[2].power, Rational(1));
}

TEST_F(EveryKey, PutsPositionsIntoTheOrderOfTheIssues) {
  ASSERT_EQ(tenant_.positions.size(), 3U);
  EXPECT_EQ(tenant_.positions[0].issue, 0);
  EXPECT_EQ(tenant_.positions[1].issue, 2);
  EXPECT_EQ(tenant_.positions[2].issue, 3);
  EXPECT_EQ(tenant_.position(1), nullptr) << "no position on the area";
}

TEST_F(EveryKey, ReadsNumbersAndTheirRanges) {
  const Position& rent = *tenant_.position(0);
  expect_number(rent.salience, 60, 60, 60);
  expect_number(rent.ideal->low, 800, 800, 800);
  expect_number(rent.ideal->high, 850, 850, 850);
  const Position& term = *tenant_.position(2);
  expect_number(term.salience, 20, 30, 35);
  EXPECT_FALSE(term.ideal);
  ASSERT_EQ(term.value.size(), 3U) << "one worth an option, in the order of the options";
  expect_number(term.value[0].worth, 0, 0, 0);
  expect_number(term.value[1].worth, Rational(3, 10), Rational(1, 2), Rational(6, 10));
  expect_number(term.value[2].worth, 1, 1, 1);
  const Position& area = *owner_.position(1);
  ASSERT_EQ(area.value.size(), 3U);
  EXPECT_EQ(area.value[1].place, Rational(50));
  EXPECT_EQ(area.value[1].worth.likely, Rational(3, 4));
}

TEST_F(EveryKey, ReadsIdealsOfOptions) {
  const std::vector<Rational> here_and_yonder{0, 2};
  EXPECT_EQ(tenant_.position(3)->ideal->options, here_and_yonder);
  EXPECT_EQ(owner_.position(2)->ideal->low.likely, Rational(2));
}

TEST_F(EveryKey, ReadsLimitsInEveryForm) {
  const Limit& three_numbers = *tenant_.position(0)->limit;
  EXPECT_FALSE(three_numbers.low);
  expect_number(three_numbers.high->place, 1000, 1100, 1150);
  const Limit& range = *tenant_.position(2)->limit;
  EXPECT_EQ(range.low->place.likely, Rational(0));
  EXPECT_EQ(range.high->place.likely, Rational(1));
  const std::vector<Rational> here_and_yonder{0, 2};
  EXPECT_EQ(tenant_.position(3)->limit->accepted, here_and_yonder) << "all but one option";
  const Limit& bare = *owner_.position(0)->limit;
  EXPECT_TRUE(bare.bare);
  EXPECT_EQ(bare.low->place.likely, Rational(900)) << "the side of the ideal";
  EXPECT_FALSE(bare.high);
  const Limit& test = *owner_.position(1)->limit;
  EXPECT_EQ(test.high->place.likely, Rational(60));
  EXPECT_FALSE(test.high->strict);
  const Limit& strict = *owner_.position(2)->limit;
  EXPECT_EQ(strict.low->place.likely, Rational(0));
  EXPECT_TRUE(strict.low->strict);
}

TEST_F(EveryKey, ReadsWhatAPartyHasShownItWouldDiscuss) {
  EXPECT_EQ(tenant_.position(0)->accepts->low, Rational(800));
  EXPECT_EQ(tenant_.position(0)->accepts->high, Rational(1000));
  EXPECT_EQ(tenant_.position(3)->accepts->options, std::vector<Rational>{0});
  EXPECT_FALSE(tenant_.position(2)->accepts);
}

TEST_F(EveryKey, ReadsWhatIsNeverAskedToMove) {
  EXPECT_TRUE(tenant_.position(0)->firm);
  EXPECT_FALSE(tenant_.position(2)->firm);
  EXPECT_TRUE(tenant_.reservation.firm);
  EXPECT_FALSE(owner_.reservation.firm);
  EXPECT_TRUE(tenant_.demands[0].firm);
}

TEST_F(EveryKey, LetsNumbersTakeFromTheirPositionWhatTheyDoNotSay) {
  const Position& term = *tenant_.position(2);
  EXPECT_EQ(term.evidence.basis, Basis::stated);
  EXPECT_EQ(term.evidence.confidence, Confidence::medium);
  EXPECT_EQ(term.evidence.sources, Strings{"letter"});
  EXPECT_EQ(term.evidence.as_of, "2026-02-01");
  EXPECT_EQ(term.evidence.note, "From the letter");
  const Evidence& salience = term.salience.evidence;  // says its basis and sources itself
  EXPECT_EQ(salience.basis, Basis::assumed);
  EXPECT_EQ(salience.sources, Strings{"call"});
  EXPECT_EQ(salience.confidence, Confidence::medium);
  EXPECT_EQ(salience.as_of, "2026-02-01");
  EXPECT_EQ(salience.note, "From the letter");
  const Evidence& worth = term.value[1].worth.evidence;  // says nothing
  EXPECT_EQ(worth.basis, Basis::stated);
  EXPECT_EQ(worth.sources, Strings{"letter"});
  EXPECT_EQ(term.limit->high->place.evidence.basis, Basis::stated);
  const Position& rent = *tenant_.position(0);
  EXPECT_EQ(rent.limit->high->place.evidence.basis, Basis::inferred);
  EXPECT_EQ(rent.limit->high->place.evidence.confidence, Confidence::low);
  EXPECT_FALSE(tenant_.position(3)->salience.evidence.basis) << "nobody says it";
}

TEST_F(EveryKey, ReadsReservations) {
  expect_number(*tenant_.reservation.utility, Rational(1, 4), Rational(1, 4), Rational(1, 4));
  EXPECT_EQ(tenant_.reservation.evidence.basis, Basis::assumed);
  EXPECT_FALSE(owner_.reservation.utility);
  ASSERT_EQ(owner_.reservation.package.size(), 2U);
  const auto& [rent, place] = owner_.reservation.package[0];
  EXPECT_EQ(rent, 0);
  expect_number(place, 850, 900, 950);
  EXPECT_EQ(place.evidence.note, "Guess");
  EXPECT_EQ(place.evidence.basis, Basis::stated) << "of the reservation";
  EXPECT_FALSE(scenario_.parties[2].reservation.utility) << "not written: 0";
  EXPECT_TRUE(scenario_.parties[2].reservation.package.empty());
}

TEST_F(EveryKey, ReadsDemands) {
  ASSERT_EQ(tenant_.demands.size(), 1U);
  const LinkedDemand& demand = tenant_.demands[0];
  EXPECT_EQ(demand.id, "cheap-if-short");
  EXPECT_EQ(demand.title, "Cheap if short");
  ASSERT_EQ(demand.when.size(), 2U);
  EXPECT_EQ(demand.when[0].issue, 2);
  EXPECT_EQ(demand.when[0].relation, Relation::at_most);
  EXPECT_EQ(demand.when[0].place.likely, Rational(0));
  EXPECT_EQ(demand.when[1].relation, Relation::one_of);
  EXPECT_EQ(demand.when[1].places, (std::vector<Rational>{0, 1}));
  ASSERT_EQ(demand.require.size(), 1U);
  EXPECT_EQ(demand.require[0].place.likely, Rational(1000));
  EXPECT_EQ(demand.evidence.basis, Basis::inferred);
  EXPECT_EQ(demand.evidence.sources, Strings{"call"});
  EXPECT_EQ(demand.evidence.as_of, "2026-02-02");
}

TEST_F(EveryKey, ReadsRules) {
  ASSERT_EQ(scenario_.rules.size(), 3U);
  const Rule& law = scenario_.rules[0];
  EXPECT_EQ(law.title, "Law");
  EXPECT_EQ(law.when[0].relation, Relation::at_least);
  EXPECT_EQ(law.require.size(), 2U);
  EXPECT_EQ(law.evidence.basis, Basis::stated);
  const Rule& sum = scenario_.rules[1];
  ASSERT_EQ(sum.sum.size(), 2U);
  EXPECT_EQ(sum.sum[1].first, 1);
  EXPECT_EQ(sum.sum[1].second, Rational(-5, 2));
  EXPECT_EQ(sum.at_least, Rational(500));
  EXPECT_EQ(sum.at_most, Rational(1250));
  EXPECT_FALSE(sum.equals);
  EXPECT_EQ(scenario_.rules[2].equals, Rational(0));
}

TEST_F(EveryKey, ReadsTheConsentTree) {
  const Consent& all = scenario_.consent;
  EXPECT_EQ(all.kind, Consent::Kind::all);
  EXPECT_EQ(all.title, "Everybody");
  ASSERT_EQ(all.members.size(), 5U);
  EXPECT_EQ(all.members[0].kind, Consent::Kind::leaf);
  EXPECT_EQ(all.members[0].party, 0);
  EXPECT_FALSE(all.members[0].issues) << "asked about every issue";
  const Consent& scoped = all.members[1];
  EXPECT_EQ(scoped.title, "The owner on money");
  EXPECT_EQ(scoped.party, 1);
  EXPECT_EQ(scoped.issues, (std::vector<int>{0, 1}));
  ASSERT_EQ(scoped.when.size(), 1U);
  EXPECT_EQ(scoped.when[0].issue, 2);
  const Consent& any = all.members[2];
  EXPECT_EQ(any.kind, Consent::Kind::any);
  EXPECT_EQ(any.members[1].kind, Consent::Kind::at_least);
  EXPECT_EQ(any.members[1].count, 1);
  EXPECT_EQ(any.members[1].members.size(), 2U);
  const Consent& weighted = all.members[3];
  EXPECT_EQ(weighted.kind, Consent::Kind::quota);
  EXPECT_EQ(weighted.need, Rational(5, 2));
  ASSERT_EQ(weighted.members.size(), 2U) << "the weighted parties";
  EXPECT_EQ(weighted.members[0].party, 1);
  EXPECT_EQ(weighted.weights, (std::vector<Rational>{1, Rational(3, 2)}));
  EXPECT_EQ(all.members[4].weights, (std::vector<Rational>{2, 1})) << "in the order of `of`";
}

TEST_F(EveryKey, AsksAllPartiesWithoutAConsentTree) {
  const auto begin = kEveryKey.find("consent:");
  string text = kEveryKey;
  text.erase(begin, text.find("drafts:") - begin);
  const Consent consent = read(text).consent;
  EXPECT_EQ(consent.kind, Consent::Kind::all);
  ASSERT_EQ(consent.members.size(), 3U);
  EXPECT_EQ(consent.members[2].party, 2);
}

TEST_F(EveryKey, ReadsDrafts) {
  ASSERT_EQ(scenario_.drafts.size(), 2U);
  const Draft& offer = scenario_.drafts[0];
  EXPECT_EQ(offer.title, "First offer");
  EXPECT_EQ(offer.date, "2026-02-01");
  EXPECT_EQ(offer.sources, Strings{"letter"});
  ASSERT_EQ(offer.package.size(), 4U);
  EXPECT_EQ(offer.package[0], Rational(1100));
  EXPECT_FALSE(offer.package[1]) << "the text is silent";
  EXPECT_EQ(offer.package[2], Rational(2));
  EXPECT_EQ(scenario_.drafts[1].title, "silent");
}

// The first example of scenarios/README.md.
TEST(TheSmallestScenario, IsSound) {
  const string page = read_file(ZOPA_SOURCE_DIR "/scenarios/README.md");
  const string fence = "```yaml\n";
  const auto begin = page.find(fence) + fence.size();
  const string text = page.substr(begin, page.find("```", begin) - begin);
  const Scenario scenario = read_scenario(parse_document(text, "README.md"));
  EXPECT_EQ(scenario.title, "Lease of a workshop");
  EXPECT_EQ(scenario.parties.size(), 2U);
}

}  // namespace
}  // namespace zopa
