// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "model/answers/moves.hpp"
#include "model/engine/prepare.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

Scenario textbook(const std::string& file, const std::string& variant = "",
                  const std::vector<std::string>& sets = {}) {
  Edits edits;
  edits.variant = variant;
  edits.sets = sets;
  const std::string path = ZOPA_SOURCE_DIR "/scenarios/textbook/" + file;
  return read_scenario(edited(read_document(path), edits));
}

// The move at a path; of a limit with two ends or of options the first.
const Move& move_at(const Scenario& scenario, const Moves& moves, const std::string& path) {
  const auto found = std::find_if(moves.moves.begin(), moves.moves.end(), [&](const Move& move) {
    return number_path(scenario, move.number) == path;
  });
  if (found == moves.moves.end()) throw std::out_of_range(path);
  return *found;
}

Moves moves_of(const Scenario& scenario) {
  return find_moves(scenario, make_problem(scenario), {});
}

bool is_open(const Scenario& scenario) { return moves_of(scenario).open; }

// By hand. B needs 0.45 (1 − T) ≥ 0.325 with a monitored guarantee, A left open and early
// elections, so T ≤ 5/18. There A has 0.4·5/18 + 0.21 + 0.15 + 0.15·M/300 = 0.531111… with M = 120
// and needs 0.55, which M = 157.777… gives. With T ≤ 0.475 and a neutral A … the other prices
// likewise.
TEST(TextbookMoves, OfLinkedDemandsAreAsPublished) {
  const Scenario scenario = textbook("linked-demands.yaml");
  const Moves moves = moves_of(scenario);
  ASSERT_FALSE(moves.open);
  ASSERT_TRUE(moves.complete);
  const auto opens_at = [&](const std::string& path) {
    const Move& move = move_at(scenario, moves, path);
    EXPECT_TRUE(move.settled) << path;
    return move.opens_at;
  };
  EXPECT_EQ(opens_at("parties.payer.positions.fund.limit"), Rational(1420, 9));
  EXPECT_EQ(opens_at("parties.a.reservation"), Rational(239, 450));
  EXPECT_EQ(opens_at("parties.b.demands.land-for-neutrality.when.territory"), Rational(19, 40));
  EXPECT_EQ(opens_at("parties.guarantor.positions.guarantee.limit"), Rational(3));
  EXPECT_EQ(opens_at("parties.b.reservation"), std::nullopt);
  EXPECT_TRUE(move_at(scenario, moves, "parties.b.reservation").never());
  // With a monitored guarantee a neutral A gets 0.4 T + 0.27, B 0.925 − 0.45 T: any T from 0.7 to
  // 17/18 will do.
  EXPECT_EQ(opens_at("parties.a.demands.treaty-for-neutrality.require.guarantee"), Rational(2));
  // The demand that no conflict holds.
  EXPECT_EQ(opens_at("parties.a.positions.territory.limit"), std::nullopt);
}

// A variant with a reservation of 0.7 has no exit of one demand.
TEST(TextbookMoves, OfTheVariantWithADemandingBOpenNothingAlone) {
  const Scenario scenario = textbook("linked-demands.yaml", "demanding-b");
  const Moves moves = moves_of(scenario);
  ASSERT_FALSE(moves.open);
  for (const Move& move : moves.moves) {
    if (move.demand >= 0) {
      EXPECT_TRUE(move.never()) << number_path(scenario, move.number);
    }
  }
  // Its smallest exits have two demands.
  EXPECT_TRUE(moves.pairs_complete);
  EXPECT_FALSE(moves.pairs.empty());
}

// Raiffa (1982), chapter 4: the zone lies between the two reservations.
TEST(TextbookMoves, OfAPriceAreTheOtherPartysReservation) {
  const Scenario open = textbook("price.yaml");
  const Moves slack = moves_of(open);
  ASSERT_TRUE(slack.open);
  const std::string seller = "parties.seller.reservation.package.price";
  const std::string buyer = "parties.buyer.reservation.package.price";
  EXPECT_EQ(move_at(open, slack, seller).closes_at, Rational(275));
  EXPECT_EQ(move_at(open, slack, buyer).closes_at, Rational(220));

  const Scenario closed = textbook("price.yaml", "no-zone");
  const Moves moves = moves_of(closed);
  ASSERT_FALSE(moves.open);
  EXPECT_EQ(move_at(closed, moves, seller).opens_at, Rational(250));
  EXPECT_EQ(move_at(closed, moves, buyer).opens_at, Rational(300));
  // A hope below the price that the other side can pay opens it as well: (250 − 150)/(i − 150) of
  // an ideal i ≤ 250 is 1, and the reservation 300 is worth less.
  const Move& ideal = move_at(closed, moves, "parties.seller.positions.price.ideal");
  ASSERT_TRUE(ideal.opens_at);
  EXPECT_LT(*ideal.opens_at, 300);
}

// What a move says can be set on the command line, and does what it says.
TEST(TextbookMoves, CanBeSetByPath) {
  for (const char* file : {"linked-demands.yaml", "scoped-payer.yaml", "ratification.yaml",
                           "camp-david-1978.yaml", "council-1958.yaml", "committee.yaml"}) {
    const Scenario scenario = textbook(file);
    const Moves moves = moves_of(scenario);
    for (const Move& move : moves.moves) {
      for (const auto& value : {move.opens_at, move.closes_at}) {
        if (!value) continue;
        const std::string text = number_text(scenario, move.number, *value);
        if (text.find('/') != std::string::npos) continue;  // no decimal
        const std::string set = number_path(scenario, move.number) + "=" + text;
        EXPECT_TRUE(is_open(textbook(file, "", {set}))) << file << " " << set;
      }
    }
  }
}

}  // namespace
}  // namespace zopa
