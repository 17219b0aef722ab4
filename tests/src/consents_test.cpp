// SPDX-License-Identifier: MIT
//
// Who would sign, on the textbook scenarios with published answers.

#include "model/answers/consents.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/engine/prepare.hpp"
#include "src/edits.hpp"
#include "src/scenario_file.hpp"

namespace zopa {
namespace {

Consents asked(const std::string& file, const std::string& variant = "",
               std::vector<std::string> sets = {}) {
  std::string path = ZOPA_SOURCE_DIR "/scenarios/textbook/";
  path += file;
  const Document document =
      edited(read_document(path), {.date = "", .variant = variant, .sets = std::move(sets)});
  return consents(make_problem(read_scenario(document)), {});
}

const ConsentView& at_path(const Consents& consents, const std::string& path) {
  for (const ConsentView& node : consents.nodes) {
    if (node.path == path) return node;
  }
  throw std::logic_error("no consent at " + path);
}

// Reference case rc20 (Romer and Rosenthal 1978, Putnam 1988): what the pivot R ratifies is
// [0, 2R], 2R = 1.2, 0.9, 0.6 and 0.2. The leaders (the foreign government wants 1, the leader 0.7)
// are deepest where x = (1.4 − x)/0.7, at 14/17; so the first two pivots ratify that, the others
// do not, and only the first vetoes nothing that the leaders could sign.
TEST(Ratification, HasItsPublishedAnswer) {
  struct Pivot {
    const char* variant;
    bool ratified;
    bool absorbed;
  };
  for (const Pivot& pivot : {Pivot{"pivot-60", true, true}, Pivot{"pivot-45", true, false},
                             Pivot{"", false, false}, Pivot{"pivot-10", false, false}}) {
    SCOPED_TRACE(pivot.variant);
    const Consents found = asked("ratification.yaml", pivot.variant);
    EXPECT_TRUE(found.complete);
    ASSERT_TRUE(found.nested);
    EXPECT_EQ(found.leaders->low, Rational(14, 17));
    EXPECT_EQ(found.leaders->package->places[0], Rational(14, 17));
    EXPECT_EQ(found.ratified, pivot.ratified);
    EXPECT_FALSE(found.involuntary_defection) << "some step above 0 is always ratified";
    const ConsentView& voter = at_path(found, "consent.all.1.all.1");
    EXPECT_TRUE(voter.ratifier);
    EXPECT_EQ(voter.without->low, Rational(14, 17));
    EXPECT_EQ(voter.absorbed, std::optional(pivot.absorbed));
    // What is better than nothing for the voter is so for the other two.
    EXPECT_EQ(at_path(found, "consent.all.0").absorbed, std::optional(true));
    EXPECT_EQ(at_path(found, "consent.all.1.all.0").absorbed, std::optional(true));
    EXPECT_FALSE(at_path(found, "consent.all.1.all.0").ratifier);
  }
}

// R = 0.3: the voter's margin falls from 1 at 0.3 to 0 at 0.6, so that the three are deepest where
// x = (0.6 − x)/0.3, at 6/13. Without the voter 14/17; without the foreign government x/0.7 meets
// (0.6 − x)/0.3 at 0.42, where it is 0.6; without the leader nothing changes.
TEST(Ratification, CostsWhatItCosts) {
  const Consents found = asked("ratification.yaml");
  EXPECT_EQ(found.depth.low, Rational(6, 13));
  EXPECT_EQ(at_path(found, "consent.all.1.all.1").cost, Rational(14, 17) - Rational(6, 13));
  EXPECT_EQ(at_path(found, "consent.all.0").cost, Rational(6, 10) - Rational(6, 13));
  EXPECT_EQ(at_path(found, "consent.all.1.all.0").cost, Rational(0));
  EXPECT_EQ(at_path(found, "consent.all.1").cost, Rational(1) - Rational(6, 13));
  const Rational falls_short =
      (Rational(13, 10) - Rational(14, 17) - Rational(7, 10)) / Rational(3, 10);
  EXPECT_EQ(*at_path(found, "consent.all.1.all.1").at_table, falls_short);
}

// The foreign government now needs 0.7 at least, and the voter ratifies no more than 0.6. So the
// three are deepest at 0.7, where the voter's margin is −1/3; the leaders would sign 14/17.
TEST(Ratification, FailsInvoluntarily) {
  const Consents found =
      asked("ratification.yaml", "", {"parties.foreign.positions.opening.limit=>= 0.7"});
  EXPECT_EQ(found.depth.low, Rational(-1, 3));
  EXPECT_EQ(found.leaders->low, Rational(14, 17));
  EXPECT_FALSE(found.ratified);
  EXPECT_TRUE(found.involuntary_defection);
  EXPECT_TRUE(at_path(found, "consent.all.1.all.1").alone);
  EXPECT_FALSE(at_path(found, "consent.all.1.all.0").alone);
  // Nodes: 0 the root, 1 the foreign government, 2 home, 3 the leader, 4 the voter.
  EXPECT_EQ(found.openings, (std::vector<std::vector<int>>{{1}, {4}}));
  EXPECT_EQ(found.blocks, (std::vector<std::vector<int>>{{1, 4}}));
}

// Reference case rc27: margins of a, b, c, d on four proposals
//   first 0.3, 0.2, −0.1, −0.4    second 0.1, −0.2, 0.3, 0.25
//   third −0.05, 0.4, 0.2, 0.1    fourth 0.05, 0.02, 0.01, −0.3.
TEST(Committee, HasItsPublishedAnswer) {
  const Consents found = asked("committee.yaml");
  EXPECT_EQ(found.depth.low, Rational(-1, 20));
  struct Member {
    const char* path;
    Rational without;
    bool alone;
  };
  for (const Member& member : {Member{"consent.all.0", Rational(-1, 20), false},
                               Member{"consent.all.1.all.0", Rational(1, 10), true},      // third
                               Member{"consent.all.1.all.1", Rational(1, 10), true},      // second
                               Member{"consent.all.1.all.2", Rational(-1, 20), false},    // third
                               Member{"consent.all.1.all.3", Rational(1, 100), true}}) {  // fourth
    SCOPED_TRACE(member.path);
    const ConsentView& node = at_path(found, member.path);
    EXPECT_EQ(node.without->low, member.without);
    EXPECT_EQ(node.cost, member.without + Rational(1, 20));
    EXPECT_EQ(node.alone, member.alone);
    EXPECT_FALSE(node.absorbed) << "the zone is empty";
  }
  EXPECT_EQ(*at_path(found, "consent.all.1.all.0").there, Rational(-1, 20));
  EXPECT_EQ(*at_path(found, "consent.all.1.all.1").there, Rational(-1, 5));
  EXPECT_EQ(*at_path(found, "consent.all.1.all.3").there, Rational(-3, 10));
  // Nodes: 0 the root, 1 the chair, 2 everybody, 3 to 6 the members.
  EXPECT_TRUE(found.sets_complete);
  EXPECT_EQ(found.openings, (std::vector<std::vector<int>>{{3}, {4}, {6}}));
  EXPECT_EQ(found.blocks, (std::vector<std::vector<int>>{{3, 4, 6}}));
}

// A's veto and five of eight votes, with 3, 2, 2 and 1: first (a, b), second (a, c, d) and fourth
// (a, b, c) are accepted. Without the vote the chair and a allow the same three; without a third
// (b, c, d: 5) comes in.
TEST(Committee, AbsorbsAVoteThatTheVetoMakesIdle) {
  const Consents found = asked("committee.yaml", "veto-and-votes");
  EXPECT_EQ(found.depth.low, Rational(1, 5));
  EXPECT_EQ(at_path(found, "consent.all.1.all.1").absorbed, std::optional(true));
  EXPECT_EQ(at_path(found, "consent.all.1.all.0").absorbed, std::optional(false));
}

}  // namespace
}  // namespace zopa
