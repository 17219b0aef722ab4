// SPDX-License-Identifier: MIT
#include "model/answers/consents.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/engine/prepare.hpp"
#include "tests/oracle/brute_force.hpp"
#include "tests/oracle/random_scenario.hpp"
#include "tests/random_cases.hpp"

namespace zopa {
namespace {

using oracle::BruteForce;
using oracle::kNever;
using oracle::kNotAsked;
using oracle::random_scenario;
using oracle::Shape;
using test::random_cases;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// Every consent of a small scenario by enumeration: packages, nodes and sets of nodes.
class ByEnumeration {
 public:
  struct Node {
    oracle::Tree tree;
    int above = -1;
    std::vector<int> members;
  };

  explicit ByEnumeration(const BruteForce& brute) : brute_(brute) {
    add(brute.reading().tree, -1);
    std::set<Rational> values = {1, 0};
    const std::size_t n = brute.reading().leaves.size();
    for (std::size_t p = 0; p < brute.packages().size(); ++p) {
      for (std::size_t i = 0; i < n; ++i) {
        const oracle::View& view = brute.view(p, i);
        if (view.hard) values.insert(*view.hard);
        if (view.all) values.insert(*view.all);
      }
    }
    levels_.assign(values.begin(), values.end());
  }

  const std::vector<Node>& nodes() const { return nodes_; }

  // The value of a node at a package when some are granted; outer absence: not asked.
  LeafValue<Rational> value(int node, std::size_t package, oracle::Kind kind,
                            const std::set<int>& granted) const {
    const std::size_t n = brute_.reading().leaves.size();
    std::vector<int> ranks;
    for (std::size_t i = 0; i < n; ++i) {
      const oracle::View& view = brute_.view(package, i);
      const auto& value = kind == oracle::Kind::hard ? view.hard : view.all;
      ranks.push_back(!view.asked ? kNotAsked : value ? rank(*value) : kNever);
    }
    for (std::size_t i = 0; i < n; ++i) {  // content twins
      ranks.push_back(brute_.view(package, i).asked ? rank(1) : kNotAsked);
    }
    const int found = oracle::tree_rank(granted_tree(node, granted), ranks);
    if (found == kNotAsked) return std::nullopt;
    return found == kNever ? LeafValue<Rational>(std::optional<Rational>())
                           : LeafValue<Rational>(levels_[at(found)]);
  }

  // Of the whole tree; nothing: −∞.
  std::optional<Rational> value(std::size_t package, oracle::Kind kind,
                                const std::set<int>& granted) const {
    return value(0, package, kind, granted).value_or(Rational(1));
  }

  std::optional<Rational> depth(oracle::Kind kind, const std::set<int>& granted) const {
    std::optional<Rational> best;
    for (std::size_t p = 0; p < brute_.packages().size(); ++p)
      best = std::max(best, value(p, kind, granted));
    return best;
  }

  std::vector<std::size_t> zone(const std::set<int>& granted) const {
    std::vector<std::size_t> zone;
    for (std::size_t p = 0; p < brute_.packages().size(); ++p) {
      if (value(p, oracle::Kind::hard, granted) >= Rational(0)) zone.push_back(p);
    }
    return zone;
  }

 private:
  int add(const oracle::Tree& tree, int above) {
    const int index = static_cast<int>(nodes_.size());
    nodes_.push_back({tree, above, {}});
    for (const oracle::Tree& member : tree.members) {
      const int inner = add(member, index);
      nodes_[at(index)].members.push_back(inner);
    }
    return index;
  }

  void twins(int node, oracle::Tree& any) const {
    const oracle::Tree& tree = nodes_[at(node)].tree;
    if (tree.kind == Consent::Kind::leaf) {
      oracle::Tree twin = tree;
      twin.leaf += static_cast<int>(brute_.reading().leaves.size());
      any.members.push_back(twin);
    }
    for (const int member : nodes_[at(node)].members) twins(member, any);
  }

  oracle::Tree granted_tree(int node, const std::set<int>& granted) const {
    oracle::Tree tree = nodes_[at(node)].tree;
    if (granted.count(node) > 0) {
      oracle::Tree any;
      any.kind = Consent::Kind::any;
      twins(node, any);
      return any;
    }
    for (std::size_t c = 0; c < tree.members.size(); ++c)
      tree.members[c] = granted_tree(nodes_[at(node)].members[c], granted);
    return tree;
  }

  int rank(const Rational& value) const {
    return static_cast<int>(std::lower_bound(levels_.begin(), levels_.end(), value) -
                            levels_.begin());
  }

  const BruteForce& brute_;
  std::vector<Node> nodes_;
  std::vector<Rational> levels_;
};

bool open(const std::optional<Rational>& depth) { return depth && *depth >= 0; }

// Which cases were met, over a whole test.
struct Seen {
  int opened_alone = 0;
  int absorbed = 0;
  int not_absorbed = 0;
  int undecided = 0;
  int defections = 0;
  int refused_in_an_open_zone = 0;
  int sets = 0;
  int large_sets = 0;
};

using NodeSet = std::vector<int>;

// The minimal members of a family that is closed upwards.
std::vector<NodeSet> minimal(const std::vector<NodeSet>& family) {
  std::vector<NodeSet> result;
  for (const NodeSet& set : family) {
    const bool has_part = std::any_of(family.begin(), family.end(), [&](const NodeSet& other) {
      return other != set && std::includes(set.begin(), set.end(), other.begin(), other.end());
    });
    if (!has_part) result.push_back(set);
  }
  std::sort(result.begin(), result.end(), [](const NodeSet& a, const NodeSet& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);
  });
  return result;
}

void expect_sets(const ByEnumeration& brute, const Consents& found, Seen& seen) {
  NodeSet elements;
  for (std::size_t n = 0; n < brute.nodes().size(); ++n) {
    const Consent::Kind kind = brute.nodes()[n].tree.kind;
    if (kind == Consent::Kind::leaf || (kind != Consent::Kind::all && n > 0))
      elements.push_back(static_cast<int>(n));
  }
  if (elements.size() > 9) return;
  std::vector<NodeSet> opening;   // granted they open
  std::vector<NodeSet> blocking;  // everything else granted, the zone is empty all the same
  for (unsigned bits = 0; bits < 1U << elements.size(); ++bits) {
    NodeSet in;
    NodeSet out;
    for (std::size_t e = 0; e < elements.size(); ++e)
      (bits >> e & 1U ? in : out).push_back(elements[e]);
    const bool opens = !brute.zone({in.begin(), in.end()}).empty();
    if (opens) opening.push_back(in);
    if (!opens) blocking.push_back(out);
  }
  EXPECT_TRUE(found.sets_complete);
  EXPECT_EQ(found.openings, minimal(opening));
  EXPECT_EQ(found.blocks, minimal(blocking));
  ++seen.sets;
  for (const NodeSet& set : found.openings) seen.large_sets += set.size() > 1;
}

void expect_as_by_enumeration(const Scenario& scenario, Seen& seen) {
  const Problem problem = make_problem(scenario);
  if (problem.rounded) return;
  const BruteForce brute_force(scenario);
  const ByEnumeration brute(brute_force);
  const Consents found = consents(problem, {});
  ASSERT_EQ(found.nodes.size(), brute.nodes().size());

  const auto hard = brute.depth(oracle::Kind::hard, {});
  const oracle::Kind kind = hard ? oracle::Kind::hard : oracle::Kind::all;
  EXPECT_EQ(found.kind == DepthKind::hard, hard.has_value());
  const auto depth = brute.depth(kind, {});
  EXPECT_EQ(found.depth.low, depth);
  const bool is_open = !brute.zone({}).empty();

  // Who ratifies: of every nested `all` all but the first member, and what is below them.
  std::set<int> at_home;
  std::vector<int> to_do = brute.nodes()[0].members;
  while (!to_do.empty()) {
    const auto& node = brute.nodes()[at(to_do.back())];
    to_do.pop_back();
    if (node.tree.kind != Consent::Kind::all) continue;
    at_home.insert(node.members.begin() + 1, node.members.end());
    to_do.push_back(node.members[0]);
  }
  EXPECT_EQ(found.nested, !at_home.empty());

  for (std::size_t n = 0; n < found.nodes.size(); ++n) {
    const ConsentView& node = found.nodes[n];
    const int number = static_cast<int>(n);
    SCOPED_TRACE(node.path);
    EXPECT_EQ(node.above, brute.nodes()[n].above);
    EXPECT_EQ(node.leaf,
              brute.nodes()[n].tree.kind == Consent::Kind::leaf ? brute.nodes()[n].tree.leaf : -1);
    const Consent& written = consent_at(scenario, node.path);
    EXPECT_EQ(written.kind, brute.nodes()[n].tree.kind);
    bool ratifier = false;
    for (int up = number; up >= 0; up = brute.nodes()[at(up)].above)
      ratifier |= at_home.count(up) > 0;
    EXPECT_EQ(node.ratifier, ratifier);
    if (n == 0) {
      EXPECT_FALSE(node.without);
      continue;
    }
    ASSERT_TRUE(node.without);
    const auto without = brute.depth(kind, {number});
    EXPECT_EQ(node.without->low, without);
    EXPECT_EQ(node.cost.has_value(), depth && without);
    if (node.cost) {
      EXPECT_EQ(*node.cost, *without - *depth);
    }
    EXPECT_EQ(node.alone, !is_open && open(without));
    seen.opened_alone += node.alone;
    if (without) {
      const auto package = brute_force.find(node.without->package->places);
      ASSERT_TRUE(package);
      EXPECT_EQ(brute.value(*package, kind, {number}), without);
      EXPECT_EQ(node.there, brute.value(number, *package, kind, {}));
    } else {
      EXPECT_FALSE(node.there);
    }
    if (!is_open) {
      EXPECT_FALSE(node.absorbed);
    } else if (node.absorbed) {
      EXPECT_EQ(*node.absorbed, brute.zone({number}) == brute.zone({}));
      ++(*node.absorbed ? seen.absorbed : seen.not_absorbed);
    } else {
      ++seen.undecided;
    }
  }

  EXPECT_EQ(found.leaders.has_value(), found.nested);
  if (found.nested) {
    const auto leaders = brute.depth(kind, at_home);
    EXPECT_EQ(found.leaders->low, leaders);
    EXPECT_EQ(found.involuntary_defection, !is_open && open(leaders));
    seen.defections += found.involuntary_defection;
    if (leaders) {
      const auto package = brute_force.find(found.leaders->package->places);
      ASSERT_TRUE(package);
      EXPECT_EQ(brute.value(*package, kind, at_home), leaders);
      EXPECT_EQ(found.ratified, open(brute.value(*package, oracle::Kind::hard, {})));
      seen.refused_in_an_open_zone += is_open && !found.ratified;
      for (std::size_t n = 0; n < found.nodes.size(); ++n) {
        EXPECT_EQ(found.nodes[n].at_table, brute.value(static_cast<int>(n), *package, kind, {}))
            << found.nodes[n].path;
      }
    }
  }

  if (is_open) {
    EXPECT_TRUE(found.openings.empty());
    EXPECT_TRUE(found.blocks.empty());
  } else {
    expect_sets(brute, found, seen);
  }
}

TEST(Consents, AreAsByEnumeration) {
  const Shape shape{.most_issues = 3, .most_settlements = 4, .most_packages = 30, .most_leaves = 6};
  Seen seen;
  const int cases = random_cases(800);
  for (int k = 0; k < cases; ++k) {
    const auto seed = static_cast<std::uint64_t>(70000 + k);
    const Scenario scenario = random_scenario(seed, shape);
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + oracle::yaml_text(scenario));
    ASSERT_NO_FATAL_FAILURE(expect_as_by_enumeration(scenario, seen));
    if (HasFailure()) return;
  }
  if (random_cases(100) < 100) return;
  for (const int times : {seen.opened_alone, seen.absorbed, seen.not_absorbed, seen.defections,
                          seen.refused_in_an_open_zone, seen.sets, seen.large_sets}) {
    EXPECT_GT(times, 6);
  }
  EXPECT_EQ(seen.undecided, 0) << "so small a zone is always counted";
}

// ------------------------------------------------------------------------------ continuous issues

Consent leaf(int party, Condition when = {}) {
  Consent consent;
  consent.kind = Consent::Kind::leaf;
  consent.party = party;
  consent.when = std::move(when);
  return consent;
}

Consent node(Consent::Kind kind, std::vector<Consent> members) {
  Consent consent;
  consent.kind = kind;
  consent.members = std::move(members);
  return consent;
}

// One continuous issue from 0 to 10; parties that only say yes, at least `low` and at most `high`.
Scenario guards(const std::vector<std::pair<int, int>>& limits) {
  Scenario scenario;
  Issue issue;
  issue.id = "x";
  issue.low = 0;
  issue.high = 10;
  scenario.issues.push_back(issue);
  for (const auto& [low, high] : limits) {
    Party party;
    party.id = "p" + std::to_string(scenario.parties.size());
    Position position;
    position.limit = Limit{};
    position.limit->low = LimitEnd{Number(low), false};
    position.limit->high = LimitEnd{Number(high), false};
    party.positions.push_back(position);
    scenario.parties.push_back(party);
    scenario.consent.members.push_back(leaf(static_cast<int>(scenario.parties.size()) - 1));
  }
  return scenario;
}

// Of p0 on [0, 5], p1 on [0, 7] and p2 on [2, 10] the second asks nothing that the first does not.
TEST(Consents, SeeThatAVetoIsAbsorbedOnAContinuum) {
  const Consents found = consents(make_problem(guards({{0, 5}, {0, 7}, {2, 10}})), {});
  ASSERT_EQ(found.nodes.size(), 4U);
  EXPECT_EQ(found.nodes[1].absorbed, std::optional(false));
  EXPECT_EQ(found.nodes[2].absorbed, std::optional(true));
  EXPECT_EQ(found.nodes[3].absorbed, std::optional(false));
}

// The end of a red line belongs to both sides of it: two guards with the same end absorb each
// other.
TEST(Consents, DoNotTakeABoundaryForARefusal) {
  const Consents found = consents(make_problem(guards({{0, 5}, {0, 5}, {5, 10}})), {});
  EXPECT_EQ(found.nodes[1].absorbed, std::optional(true));
  EXPECT_EQ(found.nodes[2].absorbed, std::optional(true));
  EXPECT_EQ(found.nodes[3].absorbed, std::optional(false)) << "without it the zone is [0, 5]";
}

// A guard asked only above 6 is never asked where the first accepts; asked only above 4 it is.
TEST(Consents, AskAConditionalVetoOnlyWhereItIsAsked) {
  for (const int from : {6, 5, 4}) {
    Scenario scenario = guards({{0, 5}, {0, 2}});
    zopa::Test test;
    test.relation = Relation::greater;
    test.place = Number(from);
    scenario.consent.members[1] = leaf(1, {test});
    const Consents found = consents(make_problem(scenario), {});
    EXPECT_EQ(found.nodes[2].absorbed, std::optional(from >= 5)) << from;
  }
}

// One of p1 and p2 is enough: [0, 7] or [2, 4]. Without either, or the node, the zone is [0, 5].
TEST(Consents, MeasureWhatOnlyACountCanTell) {
  Scenario scenario = guards({{0, 5}, {0, 7}, {2, 4}});
  auto& members = scenario.consent.members;
  members = {members[0], node(Consent::Kind::any, {members[1], members[2]})};
  const Consents found = consents(make_problem(scenario), {});
  ASSERT_EQ(found.nodes.size(), 5U);
  EXPECT_EQ(found.nodes[1].absorbed, std::optional(false));
  for (const std::size_t n : {2U, 3U, 4U})
    EXPECT_EQ(found.nodes[n].absorbed, std::optional(true)) << n;
}

// p0 on [0, 2], p1 on [4, 6], p2 on [5, 10], p3 on [8, 10]. Intervals clash in pairs; granting
// {p0, p3} leaves [5, 6], {p1, p2, p3} leaves p0, {p0, p1} leaves [8, 10].
TEST(Consents, NameWhoStandsAgainstWhom) {
  const Consents found = consents(make_problem(guards({{0, 2}, {4, 6}, {5, 10}, {8, 10}})), {});
  EXPECT_TRUE(found.sets_complete);
  const std::vector<NodeSet> openings = {{1, 2}, {1, 4}, {2, 3, 4}};
  const std::vector<NodeSet> blocks = {{1, 2}, {1, 3}, {1, 4}, {2, 4}};
  EXPECT_EQ(found.openings, openings);
  EXPECT_EQ(found.blocks, blocks);
}

TEST(Consents, AreCutShortWhereThereAreTooManySets) {
  ConsentSettings settings;
  settings.most_sets = 3;
  const Consents found =
      consents(make_problem(guards({{0, 2}, {4, 6}, {5, 10}, {8, 10}})), settings);
  EXPECT_FALSE(found.sets_complete);
  EXPECT_FALSE(found.complete);
  EXPECT_LE(found.openings.size() + found.blocks.size(), 3U);
  for (const NodeSet& set : found.openings) {
    const std::vector<NodeSet> openings = {{1, 2}, {1, 4}, {2, 3, 4}};
    EXPECT_EQ(std::count(openings.begin(), openings.end(), set), 1);
  }
}

TEST(Consents, SayWhatIsLeftOpenWhenStopped) {
  ConsentSettings settings;
  settings.progress = [](double) { return false; };
  const Consents found = consents(make_problem(guards({{0, 2}, {4, 6}})), settings);
  EXPECT_FALSE(found.complete);
  for (const ConsentView& view : found.nodes) EXPECT_FALSE(view.alone);
}

TEST(Consents, DoNotDependOnTheNumberOfThreads) {
  for (int k = 0; k < random_cases(60); ++k) {
    const Scenario scenario =
        random_scenario(static_cast<std::uint64_t>(88000 + k), {.most_packages = 60});
    const Problem problem = make_problem(scenario);
    ConsentSettings settings;
    const Consents one = consents(problem, settings);
    settings.jobs = 4;
    const Consents four = consents(problem, settings);
    ASSERT_EQ(one.nodes.size(), four.nodes.size());
    for (std::size_t n = 0; n < one.nodes.size(); ++n) {
      EXPECT_EQ(one.nodes[n].cost, four.nodes[n].cost);
      EXPECT_EQ(one.nodes[n].there, four.nodes[n].there);
      EXPECT_EQ(one.nodes[n].absorbed, four.nodes[n].absorbed);
    }
    EXPECT_EQ(one.openings, four.openings);
    EXPECT_EQ(one.blocks, four.blocks);
  }
}

}  // namespace
}  // namespace zopa
