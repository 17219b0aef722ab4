// SPDX-License-Identifier: MIT
//
// Demands and concessions in words: what people read about a conflict and its ways out.

#include "src/report/demand_words.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "model/engine/prepare.hpp"
#include "src/document.hpp"
#include "src/scenario_file.hpp"
#include "tests/src/scratch.hpp"

namespace zopa {
namespace {

using std::string;

// Ordered, unordered and numeric issues, every kind of demand.
const string kLease = R"(zopa: 1
title: Lease
issues:
  rent: {title: Rent, range: [800, 1200], unit: EUR}
  term: {title: Term, options: {one: One year, three: Three years, five: Five years}}
  seat: {title: Seat, options: {north: North, south: South, west: West}, ordered: false}
parties:
  tenants:
    title: Tenants
    reservation: 0.55
    positions:
      rent: {salience: 1, ideal: 800, limit: "<= 1000"}
      term: {salience: 1, ideal: five, limit: ">= five"}
      seat: {limit: [north]}
    demands:
      cheap-if-short: {title: A low rent for a short lease, when: {term: "<= one"}, require: {rent: "<= 900"}}
      untitled: {require: {rent: "<= 1100"}}
  owner:
    title: Owner
    positions:
      rent: {salience: 1, ideal: 1200, limit: [900, 1100]}
)";

class DemandWords : public testing::Test {
 protected:
  DemandWords()
      : scenario_(read_scenario(read_document(folder_.write("lease.yaml", kLease)))),
        problem_(make_problem(scenario_)),
        demands_(named_demands(scenario_, problem_)) {}

  // The index of the demand of that id.
  int index(const string& id) const {
    for (std::size_t d = 0; d < demands_.size(); ++d)
      if (demand_id(scenario_, demands_[d].demand) == id) return static_cast<int>(d);
    ADD_FAILURE() << id;
    return 0;
  }

  const NamedDemand& demand(const string& id) const {
    return demands_.at(static_cast<std::size_t>(index(id)));
  }

  string sentence(const string& id, const Concession& given) const {
    return concession_sentence(scenario_, problem_, demand(id), given);
  }

  Folder folder_;
  Scenario scenario_;
  Problem problem_;
  std::vector<NamedDemand> demands_;
};

using What = Concession::What;

TEST_F(DemandWords, SayWhatIsAsked) {
  EXPECT_EQ(asked_words(scenario_, problem_, demand("tenants.rent.limit")),
            "Rent at most 1000 EUR");
  EXPECT_EQ(asked_words(scenario_, problem_, demand("owner.rent.limit_high")),
            "Rent at most 1100 EUR");
  EXPECT_EQ(asked_words(scenario_, problem_, demand("tenants.reservation")),
            "at least its reservation of 0.55");
  EXPECT_EQ(asked_words(scenario_, problem_, demand("tenants.cheap-if-short")),
            "“A low rent for a short lease”");
}

TEST_F(DemandWords, SayWhatAPartyHolds) {
  EXPECT_EQ(held_words(scenario_, problem_, demand("tenants.rent.limit")),
            "red line on Rent (at most 1000 EUR)");
  EXPECT_EQ(held_words(scenario_, problem_, demand("tenants.reservation")), "reservation (0.55)");
}

TEST_F(DemandWords, GroupByParty) {
  EXPECT_EQ(
      grouped_words(scenario_, problem_, demands_,
                    {index("tenants.rent.limit"), index("tenants.reservation"),
                     index("owner.rent.limit_low")}),
      "Tenants asks: Rent at most 1000 EUR, and at least its reservation of 0.55; Owner asks: "
      "Rent at least 900 EUR");
}

Concession moving(What what, int issue, const Rational& from, const Rational& to) {
  Concession given;
  given.what = what;
  given.issue = issue;
  given.from = from;
  given.to = to;
  given.distance = to > from ? to - from : from - to;
  return given;
}

TEST_F(DemandWords, SayHowADemandGivesWay) {
  const Concession end = moving(What::end, 0, 1000, Rational(3100, 3));
  EXPECT_EQ(sentence("tenants.rent.limit", end),
            "Tenants' red line on Rent moves from at most 1000 EUR to at most 1033.4 EUR");
  EXPECT_EQ(concession_words(scenario_, demand("tenants.rent.limit"), end), "1000 → 1033.4");
  EXPECT_EQ(distance_words(scenario_, end), "33.4 EUR");
  EXPECT_EQ(*share_of_scale(problem_, end), Rational(1, 12));

  const Concession option = moving(What::end, 1, 2, 1);
  EXPECT_EQ(sentence("tenants.term.limit", option),
            "Tenants' red line on Term moves from at least Five years to at least Three years");
  EXPECT_EQ(distance_words(scenario_, option), "1 step");

  Concession more;
  more.what = What::options;
  more.issue = 2;
  more.added = {1, 2};
  EXPECT_EQ(sentence("tenants.seat.limit", more), "Tenants also accepts South and West on Seat");
  EXPECT_EQ(distance_words(scenario_, more), "2 options");

  Concession falls = moving(What::reservation, -1, Rational(11, 20), Rational(239, 450));
  falls.leaf = 0;
  EXPECT_EQ(sentence("tenants.reservation", falls),
            "Tenants' reservation falls from 0.55 to 0.5311");
  // b = 1 and r = 0.55: the distance over 0.45.
  EXPECT_EQ(*share_of_scale(problem_, falls), Rational(17, 900) / Rational(9, 20));

  EXPECT_EQ(sentence("tenants.cheap-if-short", moving(What::require, 0, 900, 950)),
            "in Tenants' linked demand “A low rent for a short lease”, what it requires moves from "
            "Rent at most 900 EUR to at most 950 EUR");
  Concession dropped;
  dropped.what = What::dropped;
  EXPECT_EQ(sentence("tenants.cheap-if-short", dropped),
            "Tenants' linked demand “A low rent for a short lease” is given up");
}

// A red line that moves to the end of the scale, and a reservation that falls to nothing or below.
TEST_F(DemandWords, SayWhenNothingIsLeft) {
  const Concession whole = moving(What::end, 1, 2, 0);
  EXPECT_TRUE(is_given_up(scenario_, demand("tenants.term.limit"), whole));
  EXPECT_EQ(sentence("tenants.term.limit", whole),
            "Tenants' red line on Term (at least Five years) is given up");
  EXPECT_TRUE(
      is_given_up(scenario_, demand("owner.rent.limit_low"), moving(What::end, 0, 900, 800)));
  EXPECT_FALSE(
      is_given_up(scenario_, demand("owner.rent.limit_low"), moving(What::end, 0, 900, 801)));
  EXPECT_TRUE(
      is_given_up(scenario_, demand("owner.rent.limit_high"), moving(What::end, 0, 1100, 1200)));
  Concession falls = moving(What::reservation, -1, Rational(11, 20), Rational(-1, 5));
  falls.leaf = 0;
  EXPECT_EQ(sentence("tenants.reservation", falls), "Tenants' reservation (0.55) is given up");
  EXPECT_EQ(distance_words(scenario_, falls), "0.55 of utility");
  const std::vector<Cell> cells = concession_cells(scenario_, falls);
  EXPECT_EQ(std::get<double>(cells.at(2)), 0);
}

// What is printed suffices: it is never short of the value, and exceeds the distance by at most a
// 200th of it.
TEST(ReachedText, NeverFallsShort) {
  EXPECT_EQ(reached_text(120, Rational(1420, 9)), "157.8");  // 157.777…
  EXPECT_EQ(reached_text(0, Rational(1, 3)), "0.334");
  EXPECT_EQ(reached_text(1, Rational(1, 3)), "0.33");
  EXPECT_EQ(reached_text(0, Rational(-1, 3)), "−0.334");
  EXPECT_EQ(reached_text(0, 25), "25");
  EXPECT_EQ(reached_text(0, Rational(19, 40)), "0.475");  // short: as it is
  for (int n = 1; n < 400; ++n) {
    for (const int from : {-3, 0, 2}) {
      const Rational to = Rational(n * 7 - 1300, 61);
      string text = reached_text(from, to);
      if (text.starts_with("−")) text = "-" + text.substr(string("−").size());
      const Rational shown = *parse_decimal(text);
      const Rational beyond = to > from ? shown - to : to - shown;
      EXPECT_GE(beyond, 0) << from << " " << to;
      EXPECT_LE(beyond * 200, abs(to - from)) << from << " " << to;
    }
  }
}

TEST(ReachedNumber, NeverFallsShort) {
  for (int n = 1; n < 400; ++n) {
    const Rational to(n, 61);
    EXPECT_GE(Rational(reached_number(0, to)), to);
    EXPECT_LE(Rational(reached_number(10, to)), to);
    EXPECT_NEAR(reached_number(0, to), n / 61.0, 1e-15 * n);
  }
}

TEST(DecimalBetween, IsTheShortest) {
  EXPECT_EQ(decimal_between(Rational(123, 100), 2), "2");
  EXPECT_EQ(decimal_between(Rational(123, 100), Rational(19, 10)), "1.3");
  EXPECT_EQ(decimal_between(Rational(5, 4), Rational(5, 4)), "1.25");
  EXPECT_EQ(decimal_between(Rational(1, 3), Rational(1, 3)), "1/3");
  EXPECT_EQ(decimal_between(2, Rational(5, 4)), "2");
}

TEST(Possessive, TakesAnApostropheAlone) {
  EXPECT_EQ(possessive("Ukraine"), "Ukraine's");
  EXPECT_EQ(possessive("United States"), "United States'");
}

}  // namespace
}  // namespace zopa
