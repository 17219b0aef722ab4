// SPDX-License-Identifier: MIT
#include "model/answers/concessions.hpp"

#include <algorithm>
#include <functional>
#include <mutex>

#include "model/answers/depth.hpp"
#include "model/engine/search.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

// With more sets of leaves whose consent suffices, the least sum is that over some of them.
constexpr std::size_t kMostCoalitions = 256;

Tree single_leaf(int leaf) {
  Tree tree;
  tree.kind = Consent::Kind::leaf;
  tree.leaf = leaf;
  return tree;
}

Tree node(Consent::Kind kind, std::vector<Tree> members) {
  if (members.size() == 1) return std::move(members[0]);
  Tree tree;
  tree.kind = kind;
  tree.members = std::move(members);
  return tree;
}

bool is_limit(Demand::Kind kind) {
  return kind != Demand::Kind::linked && kind != Demand::Kind::reservation;
}

// The complement of a set on one issue.
PieceSet others(PieceSet set) {
  for (char& piece : set.pieces) piece = piece ? 0 : 1;
  return set;
}

// The settlement next to one, the lower of two as near; nothing when it is the only one.
std::optional<Rational> neighbour(const Issue& issue, const Rational& place) {
  const auto k = issue.settlement_at(place);
  if (!k) return std::nullopt;
  if (*k > 0) return issue.place(*k - 1);
  return *k + 1 < issue.settlements() ? std::optional<Rational>(issue.place(*k + 1)) : std::nullopt;
}

void keep_minimal(std::vector<std::vector<int>>& sets) {
  std::sort(sets.begin(), sets.end(), [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  std::vector<std::vector<int>> result;
  for (auto& set : sets) {
    const bool covered = std::any_of(result.begin(), result.end(), [&](const auto& other) {
      return std::includes(set.begin(), set.end(), other.begin(), other.end());
    });
    if (!covered) result.push_back(std::move(set));
  }
  sets = std::move(result);
}

// The minimal sets of leaves whose consent suffices when all are asked; some of them, and
// `complete` is set to false, where a node has more than kMostCoalitions.
std::vector<std::vector<int>> sufficient_sets(const Tree& tree, bool& complete) {
  if (tree.kind == Consent::Kind::leaf) return {{tree.leaf}};
  const std::size_t size = tree.members.size();
  std::vector<std::vector<std::vector<int>>> of;
  for (const Tree& member : tree.members) of.push_back(sufficient_sets(member, complete));
  // What every kind of node asks: members of so much weight.
  std::vector<Rational> weights(size, Rational(1));
  if (tree.kind == Consent::Kind::quota) weights = tree.weights;
  const Rational need = tree.kind == Consent::Kind::all     ? Rational(size)
                        : tree.kind == Consent::Kind::any   ? Rational(1)
                        : tree.kind == Consent::Kind::quota ? tree.need
                                                            : Rational(tree.count);
  std::vector<Rational> left(size + 1);  // the weight of the members from one on
  for (std::size_t c = size; c-- > 0;) left[c] = left[c + 1] + weights[c];
  std::vector<std::vector<int>> result;
  // Members are taken or left one by one until they suffice.
  const std::function<void(std::size_t, const std::vector<int>&, const Rational&)> take =
      [&](std::size_t c, const std::vector<int>& so_far, const Rational& weight) {
        if (weight >= need) {
          result.push_back(so_far);
          return;
        }
        if (weight + left[c] < need) return;
        if (result.size() >= kMostCoalitions) {
          complete = false;
          return;
        }
        for (const auto& set : of[c]) {
          std::vector<int> both;
          std::set_union(so_far.begin(), so_far.end(), set.begin(), set.end(),
                         std::back_inserter(both));
          take(c + 1, both, weight + weights[c]);
        }
        take(c + 1, so_far, weight);
      };
  take(0, {}, 0);
  keep_minimal(result);
  return result;
}

}  // namespace

struct ConcessionFinder::State {
  // One number of a demand that can move, or the elements of a list one of which can.
  struct Mover {
    enum class Motion {
      end,     // an end moves outwards, as far as it has to
      onto,    // a number moves onto the place of the package
      beside,  // the number on the place of the package moves to the settlement next to it
    };
    Concession::What what = Concession::What::end;
    int test = 0;
    int issue = -1;
    Motion motion = Motion::end;
    std::vector<Rational> from;  // one number, or those of a list
    std::vector<Rational> next;  // beside: where each goes
    bool upper = false;          // end: it bounds from above
    std::vector<Tree> trees;     // for each leaf that holds the demand; over `parts`
  };
  struct Holder {  // a demand as one leaf holds it
    int leaf = 0;
    int kept = 0;         // leaf of `parts`: the demand as it is made
    int gives = -1;       // reservations: the leaf whose value is minus the share, where it has one
    Rational span;        // reservations: the utility of a whole share
    Rational weight = 1;  // of its share in a sum
    int moves = -1;       // leaf of `parts` whose value is minus the share; firm demands, lists and
                          // linked demands have none
  };
  struct Standing {
    std::vector<Holder> holders;
    std::vector<Mover> movers;  // ends and linked demands
    bool list = false;          // a red line that is a list: options are added
  };
  using Choice = std::function<std::optional<Tree>(std::size_t demand, std::size_t holder)>;

  const Scenario& scenario;
  const Problem& problem;
  const std::vector<NamedDemand>& demands;
  const bool outvoted;
  Problem parts;
  std::vector<char> keepers;                                           // of `parts`
  std::vector<int> refusal;                                            // n×1: never accepts
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> held;  // n×1: demand and holder
  std::vector<Standing> standings;                                     // one a demand
  const Progress progress;
  std::unique_ptr<Search> search;  // over `parts`

  State(const Scenario& s, const Problem& p, const std::vector<NamedDemand>& d, const Progress& g)
      : scenario(s), problem(p), demands(d), outvoted(can_be_outvoted(p.tree)), progress(g) {
    parts = problem;
    held.resize(problem.leaves.size());
    for (Leaf& leaf : parts.leaves) {  // only say yes where they are asked
      leaf.demands.clear();
      leaf.has_utility = false;
      leaf.worth.clear();
    }
    keepers.resize(parts.leaves.size(), 0);
    for (std::size_t k = 0; k < demands.size(); ++k) add_demand(k);
    for (int i = 0; i < problem.n(); ++i) {
      Leaf never = parts.leaves[at(i)];
      never.has_utility = true;
      for (const ProblemIssue& issue : problem.issues)
        never.worth.emplace_back(issue.pieces.size());
      never.unit = never.reservation = 1;
      never.best = 0;
      refusal.push_back(add_leaf(std::move(never)));
    }
    search = std::make_unique<Search>(parts, DepthKind::all);
  }

  // ---- the parts --------------------------------------------------------------------------------

  int add_leaf(Leaf leaf) {
    parts.leaves.push_back(std::move(leaf));
    keepers.push_back(0);
    return parts.n() - 1;
  }

  // A leaf that says yes where the original leaf is asked and the demand is kept.
  int add_part(int leaf, LeafDemand demand) {
    Leaf part = parts.leaves[at(leaf)];
    part.demands.push_back(std::move(demand));
    return add_leaf(std::move(part));
  }

  int add_soft(int leaf, int issue, PieceSet accepted, bool upper, const Rational& end) {
    LeafDemand demand;
    demand.demand = {Demand::Kind::limit, problem.leaves[at(leaf)].party, issue};
    demand.limit = std::move(accepted);
    demand.soft = true;
    demand.upper = upper;
    demand.end = end;
    return add_part(leaf, std::move(demand));
  }

  void add_demand(std::size_t k) {
    const NamedDemand& named = demands[k];
    Standing& standing = standings.emplace_back();
    for (const int i : named.leaves) {
      Holder holder;
      holder.leaf = i;
      held[at(i)].emplace_back(k, standing.holders.size());
      if (named.demand.kind == Demand::Kind::reservation) {
        add_reservation(holder);
      } else {
        const Leaf& leaf = problem.leaves[at(i)];
        const auto own =
            std::find_if(leaf.demands.begin(), leaf.demands.end(),
                         [&](const LeafDemand& x) { return x.demand == named.demand; });
        LeafDemand kept = *own;
        kept.soft = false;
        holder.kept = add_part(i, kept);
        if (is_limit(named.demand.kind)) {
          if (leaf.has_utility) holder.weight = leaf.salience[at(named.demand.index)];
          standing.list = !own->soft;
          if (own->soft) {
            if (standing.movers.empty()) {
              standing.movers.push_back({Concession::What::end,
                                         0,
                                         named.demand.index,
                                         Mover::Motion::end,
                                         {own->end},
                                         {},
                                         own->upper,
                                         {}});
            }
            standing.movers[0].trees.push_back(
                single_leaf(add_soft(i, named.demand.index, *own->limit, own->upper, own->end)));
          }
        }
      }
      standing.holders.push_back(std::move(holder));
    }
    if (named.demand.kind == Demand::Kind::linked) add_linked(named, standing);
    if (named.firm || standing.list || named.demand.kind == Demand::Kind::linked) return;
    for (std::size_t h = 0; h < standing.holders.size(); ++h) {
      Holder& holder = standing.holders[h];
      holder.moves = named.demand.kind == Demand::Kind::reservation
                         ? holder.gives
                         : standing.movers[0].trees[h].leaf;
    }
  }

  void add_reservation(Holder& holder) {
    const Leaf& leaf = problem.leaves[at(holder.leaf)];
    const Leaf& base = parts.leaves[at(holder.leaf)];
    Leaf part = leaf;
    part.demands.clear();
    part.when = base.when;
    holder.kept = add_leaf(part);
    keepers[at(holder.kept)] = 1;
    // Of b_i − r_i, or of r_i where that is not positive.
    if (part.best <= part.reservation) part.best = 2 * part.reservation;
    const Int128 span = part.best - part.reservation;
    if (span <= 0) return;  // u_i ≥ 0 = r_i: never broken
    holder.span = make_rational(span) / part.unit;
    holder.gives = add_leaf(std::move(part));
  }

  // The numbers of a linked demand, first of `when`, then of `require`.
  void add_linked(const NamedDemand& named, Standing& standing) {
    const LinkedDemand& linked =
        scenario.parties[at(named.demand.party)].demands[at(named.demand.index)];
    for (std::size_t t = 0; t < linked.when.size(); ++t)
      add_test(named, standing, linked.when[t], static_cast<int>(t), Concession::What::when, {});
    for (std::size_t t = 0; t < linked.require.size(); ++t) {
      Clause rest;  // what else the demand asks
      for (const Test& test : linked.when)
        rest.when.push_back(piece_set(test, problem.issues, false));
      for (std::size_t o = 0; o < linked.require.size(); ++o) {
        if (o != t) rest.require.push_back(piece_set(linked.require[o], problem.issues, true));
      }
      add_test(named, standing, linked.require[t], static_cast<int>(t), Concession::What::require,
               rest.require.empty() ? std::nullopt : std::optional<Clause>(std::move(rest)));
    }
  }

  // A test that should hold (require) or fail (when), if one of its numbers moves.
  void add_test(const NamedDemand& named, Standing& standing, const Test& test, int index,
                Concession::What what, const std::optional<Clause>& rest) {
    const Issue& issue = scenario.issues[at(test.issue)];
    if (issue.kind == IssueKind::unordered) return;
    const bool holds = what == Concession::What::require;
    Mover mover{what, index, test.issue, Mover::Motion::end, {}, {}, false, {}};
    PieceSet good = piece_set(test, problem.issues, holds);
    if (!holds) good = others(std::move(good));
    const bool points = test.relation == Relation::equal || test.relation == Relation::not_equal ||
                        test.relation == Relation::one_of;
    if (!points) {
      const bool below = test.relation == Relation::at_most || test.relation == Relation::less;
      const bool strict = test.relation == Relation::less || test.relation == Relation::greater;
      mover.upper = below == holds;
      // Where the test has to fail, its place is accepted exactly where the test refuses it.
      const LimitEnd end{test.place, !issue.continuous() && strict == holds};
      mover.from = {soft_end(issue, end, mover.upper)};
    } else {
      const bool onto = (test.relation == Relation::not_equal) != holds;
      mover.motion = onto ? Mover::Motion::onto : Mover::Motion::beside;
      std::vector<Rational> places{test.place.likely};
      if (test.relation == Relation::one_of) places = test.places;
      for (const Rational& place : places) {
        const auto next = neighbour(issue, place);
        if (!onto && !next) continue;
        mover.from.push_back(place);
        if (!onto) mover.next.push_back(*next);
      }
      if (mover.from.empty()) return;
    }
    for (const int i : named.leaves) {
      std::vector<Tree> ways;
      for (std::size_t k = 0; k < mover.from.size(); ++k)
        ways.push_back(motion_tree(i, mover, k, good));
      Tree tree =
          node(mover.motion == Mover::Motion::beside ? Consent::Kind::all : Consent::Kind::any,
               std::move(ways));
      if (rest) {
        LeafDemand clause;
        clause.demand = named.demand;
        clause.clause = rest;
        tree = node(Consent::Kind::all, {std::move(tree), single_leaf(add_part(i, clause))});
      }
      mover.trees.push_back(std::move(tree));
    }
    standing.movers.push_back(std::move(mover));
  }

  Tree motion_tree(int leaf, const Mover& mover, std::size_t k, const PieceSet& good) {
    const Rational& from = mover.from[k];
    const auto& pieces = problem.issues[at(mover.issue)].pieces;
    const auto where = [&](const auto& accepts) {
      PieceSet set{mover.issue, {}};
      for (const Piece& piece : pieces) set.pieces.push_back(accepts(piece) ? 1 : 0);
      return set;
    };
    switch (mover.motion) {
      case Mover::Motion::end:
        return single_leaf(add_soft(leaf, mover.issue, good, mover.upper, from));
      case Mover::Motion::onto: {  // the distance to either side
        const int low = add_soft(
            leaf, mover.issue, where([&](const Piece& p) { return p.from >= from; }), false, from);
        const int high = add_soft(leaf, mover.issue,
                                  where([&](const Piece& p) { return p.to <= from; }), true, from);
        return node(Consent::Kind::all, {single_leaf(low), single_leaf(high)});
      }
      default:  // only the place itself is refused, and the step beside it is what it costs
        return single_leaf(add_soft(leaf, mover.issue,
                                    where([&](const Piece& p) { return p.from != from; }),
                                    mover.next[k] < from, mover.next[k]));
    }
  }

  // Shares as additive functions.
  struct Sums {
    DepthFinder finder;  // over `parts`
    int zero = -1;
    struct Forms {
      int share = -1;     // minus the share
      int weighted = -1;  // that times its weight, where it is not 0
    };
    std::vector<std::vector<Forms>> forms;  // of each demand and holder

    explicit Sums(const State& s) : finder(s.parts, s.progress) {
      Search& all = finder.search(DepthKind::all);
      Form none;
      none.terms.resize(s.problem.issues.size());
      zero = all.add(none);
      for (const Standing& standing : s.standings) {
        auto& of_holders = forms.emplace_back();
        for (const Holder& holder : standing.holders) {
          Forms& own = of_holders.emplace_back();
          if (holder.moves < 0) continue;
          own.share = all.rows(holder.moves).at(0);
          if (holder.weight == 0) continue;
          Form form = all.form(own.share);
          form.factor *= holder.weight;
          own.weighted = all.add(form);
        }
      }
    }
  };

  // Built when first asked for: only the fair splits need it.
  const Sums& sums() const {
    std::call_once(sums_once, [this] { built_sums = std::make_unique<Sums>(*this); });
    return *built_sums;
  }
  mutable std::once_flag sums_once;
  mutable std::unique_ptr<Sums> built_sums;

  // ---- trees ------------------------------------------------------------------------------------

  // The consent tree with the demands of each leaf as `choice` has them; nothing: not made. Leaves
  // that are not among `givers` (n×1; empty: all are) refuse where they are asked.
  Tree tree_of(const Tree& tree, const Choice& choice, const std::vector<char>& givers = {}) const {
    if (tree.kind != Consent::Kind::leaf) {
      Tree result = tree;
      for (Tree& member : result.members) member = tree_of(member, choice, givers);
      return result;
    }
    if (!givers.empty() && !givers[at(tree.leaf)]) return single_leaf(refusal[at(tree.leaf)]);
    std::vector<Tree> members;
    for (const auto& [k, h] : held[at(tree.leaf)]) {
      if (auto member = choice(k, h)) members.push_back(std::move(*member));
    }
    return members.empty() ? tree : node(Consent::Kind::all, std::move(members));
  }
  Tree tree_of(const Choice& choice) const { return tree_of(problem.tree, choice); }

  Tree kept(std::size_t k, std::size_t h) const {
    return single_leaf(standings[k].holders[h].kept);
  }

  Search::Request request(Tree tree) const {
    Search::Request result;
    result.progress = progress;
    result.tree = std::move(tree);
    result.keepers = keepers;
    return result;
  }

  // The value of a tree over the parts at a package; outer absence: nobody is asked.
  LeafValue<Rational> value_of(const Tree& tree, const Package& package) const {
    std::vector<LeafValue<Rational>> values(at(parts.n()));
    for (const int l : leaves_of(tree)) {
      const LeafView leaf = view(parts, l, package, DepthKind::all);
      if (leaf.asked) values[at(l)] = leaf.value;
    }
    return tree_value<Rational>(tree, values);
  }

  // ---- concessions ------------------------------------------------------------------------------

  Concession dropped(std::size_t k) const {
    Concession result;
    result.demand = static_cast<int>(k);
    result.what = Concession::What::dropped;
    return result;
  }

  static void set_move(Concession& concession, const Rational& from, const Rational& to) {
    concession.from = from;
    concession.to = to;
    concession.distance = abs(Rational(to - from));
  }

  // A mover that gives way by a share of the scale, as far as the package needs it where that does
  // not say where it goes. Ends stop at the last settlement within the share.
  Concession move_by(std::size_t k, const Mover& mover, const Rational& share,
                     const Package& package) const {
    Concession result;
    result.demand = static_cast<int>(k);
    result.what = mover.what;
    result.test = mover.test;
    result.issue = mover.issue;
    const Issue& issue = scenario.issues[at(mover.issue)];
    const Rational& place = package.places[at(mover.issue)];
    if (mover.motion == Mover::Motion::end) {
      const Rational length = share * problem.issues[at(mover.issue)].scale;
      const Rational& from = mover.from[0];
      Rational to = mover.upper ? Rational(from + length) : Rational(from - length);
      to = std::clamp(to, issue.scale_low(), issue.scale_high());
      if (!issue.continuous()) {
        const Rational step = issue.kind == IssueKind::numeric ? *issue.step : Rational(1);
        const Rational steps = (to - issue.scale_low()) / step;
        Integer whole = numerator(steps) / denominator(steps);
        if (!mover.upper && whole != steps) ++whole;
        to = issue.scale_low() + whole * step;
      }
      set_move(result, from, to);
      return result;
    }
    std::size_t nearest = 0;
    for (std::size_t m = 1; m < mover.from.size(); ++m) {
      if (abs(Rational(mover.from[m] - place)) < abs(Rational(mover.from[nearest] - place)))
        nearest = m;
    }
    set_move(result, mover.from[nearest],
             mover.motion == Mover::Motion::onto ? place : mover.next[nearest]);
    return result;
  }

  Concession lower(std::size_t k, const Holder& holder, const Rational& share) const {
    Concession result;
    result.demand = static_cast<int>(k);
    result.what = Concession::What::reservation;
    result.leaf = holder.leaf;
    const Leaf& leaf = problem.leaves[at(holder.leaf)];
    const Rational from = make_rational(leaf.reservation) / leaf.unit;
    set_move(result, from, from - share * holder.span);
    return result;
  }

  // Holders of a reservation whose number is the same: leaves of one scope. The first stands for
  // all.
  std::vector<std::vector<std::size_t>> numbers_of(std::size_t k) const {
    std::vector<std::vector<std::size_t>> groups;
    const auto& holders = standings[k].holders;
    const auto scope = [&](std::size_t h) { return problem.leaves[at(holders[h].leaf)].in_scope; };
    for (std::size_t h = 0; h < holders.size(); ++h) {
      if (holders[h].gives < 0) continue;
      const auto group = std::find_if(groups.begin(), groups.end(),
                                      [&](const auto& g) { return scope(g[0]) == scope(h); });
      if (group == groups.end()) {
        groups.push_back({h});
      } else {
        group->push_back(h);
      }
    }
    return groups;
  }

  // The first of the movers of a demand that gives least at the package.
  const Mover& best_mover(std::size_t k, const Package& package) const {
    // All leaves that hold the demand and are asked see the same.
    const auto least = [&](const Mover& mover) {
      for (const Tree& tree : mover.trees) {
        if (auto value = value_of(tree, package)) return std::move(*value);
      }
      return std::optional<Rational>();
    };
    const auto& movers = standings[k].movers;
    std::size_t best = 0;
    auto best_value = least(movers[0]);
    for (std::size_t m = 1; m < movers.size(); ++m) {
      auto value = least(movers[m]);
      if (value > best_value) {
        best = m;
        best_value = std::move(value);
      }
    }
    return movers[best];
  }

  // What a holder's share is at a package; 0 where it is not asked or its demand is kept.
  Rational share_at(const Holder& holder, const Package& package) const {
    if (holder.moves < 0 || !asked(problem.leaves[at(holder.leaf)], package.pieces)) return 0;
    const Rational value =
        zopa::value(search->form(search->rows(holder.moves).at(0)), parts, package);
    return value < 0 ? Rational(-value) : Rational(0);
  }

  // The leaves asked whose consent a package needs: of those that reach `least` in the trees of
  // `choice`, none that can be done without, those that give most let go first.
  std::vector<char> needed(const Package& package, const Choice& choice,
                           const Rational& least) const {
    std::vector<LeafValue<Rational>> values(at(problem.n()));
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = value_of(tree_of(single_leaf(static_cast<int>(i)), choice), package);
      if (values[i] && (!*values[i] || **values[i] < least)) values[i] = std::optional<Rational>();
      if (values[i] && *values[i]) order.push_back(i);
    }
    if (outvoted) {
      std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return *values[a] != *values[b] ? *values[a] < *values[b] : a > b;
      });
      for (const std::size_t i : order) {
        const LeafValue<Rational> before = values[i];
        values[i] = std::optional<Rational>();
        const auto without = tree_value<Rational>(problem.tree, values);
        if (!without || !*without) values[i] = before;
      }
    }
    std::vector<char> result;
    for (const auto& value : values) result.push_back(value && *value);
    return result;
  }

  // Who gives what at a package, of the leaves `givers`. `linked`: linked demands give way, too.
  void fill(Split& split, const Package& package, const std::vector<char>& givers,
            bool linked) const {
    split.package = package;
    Rational largest = 0;
    Rational sum = 0;
    const auto give = [&](const Rational& share, const Rational& weight) {
      largest = std::max(largest, share);
      sum += weight * share;
    };
    for (std::size_t k = 0; k < demands.size(); ++k) {
      if (demands[k].firm) continue;
      const Standing& standing = standings[k];
      if (demands[k].demand.kind == Demand::Kind::linked) {
        if (!linked || standing.movers.empty()) continue;
        std::optional<Rational> share;
        for (const Holder& holder : standing.holders) {
          if (!givers[at(holder.leaf)]) continue;
          const auto value = value_of(single_leaf(holder.kept), package);
          if (!value || *value) continue;
          const Mover& mover = best_mover(k, package);
          const auto here = value_of(
              mover.trees[static_cast<std::size_t>(&holder - &standing.holders[0])], package);
          share = -**here;
          give(*share, weight_of(holder, mover.issue));
        }
        if (share) split.concessions.push_back(move_by(k, best_mover(k, package), *share, package));
        continue;
      }
      std::vector<Rational> shares;
      for (const Holder& holder : standing.holders) {
        shares.push_back(givers[at(holder.leaf)] ? share_at(holder, package) : Rational(0));
        give(shares.back(), holder.weight);
      }
      if (demands[k].demand.kind == Demand::Kind::reservation) {
        for (const auto& group : numbers_of(k)) {
          std::size_t most = group[0];
          for (const std::size_t h : group) {
            if (shares[h] > shares[most]) most = h;
          }
          if (shares[most] > 0)
            split.concessions.push_back(lower(k, standing.holders[group[0]], shares[most]));
        }
      } else if (!standing.list) {
        const Rational share = *std::max_element(shares.begin(), shares.end());
        if (share > 0) split.concessions.push_back(move_by(k, standing.movers[0], share, package));
      }
    }
    split.largest = largest;
    split.sum = sum;
  }

  Rational weight_of(const Holder& holder, int issue) const {
    const Leaf& leaf = problem.leaves[at(holder.leaf)];
    return leaf.has_utility ? leaf.salience[at(issue)] : Rational(1);
  }

  // Shares of the leaves in `givers`: each an item, at most 0.
  std::vector<Item> share_items(const std::vector<char>& givers, bool weighted) const {
    std::vector<Item> items;
    for (std::size_t k = 0; k < standings.size(); ++k) {
      for (std::size_t h = 0; h < standings[k].holders.size(); ++h) {
        const int leaf = standings[k].holders[h].leaf;
        const Sums::Forms& forms = sums().forms[k][h];
        const int form = weighted ? forms.weighted : forms.share;
        if (form >= 0 && givers[at(leaf)]) items.push_back({{form, sums().zero}, leaf, 0});
      }
    }
    return items;
  }

  static Level sum_of(std::vector<Item> items, bool all) {
    Level level;
    level.kind = Level::Kind::least_sum;
    level.k = all ? static_cast<int>(items.size()) : 1;
    level.items = std::move(items);
    return level;
  }

  // The first package, in file order, of those that reach the levels in turn; starts from `known`.
  // Nothing when the search was stopped.
  std::optional<Package> settle(Search::Request request, const std::vector<Level>& levels,
                                const Package& known) const {
    request.hints = {known};
    std::optional<Package> best = known;
    if (!levels.empty()) {
      best = sums().finder.maximise(DepthKind::all, request, levels);
      if (!best) return std::nullopt;
    }
    return sums().finder.first(DepthKind::all, std::move(request), *best);
  }

  // The option whose addition alone opens the zone, first in file order, and a package with it.
  std::optional<std::pair<Rational, Package>> option(std::size_t k) const {
    const int j = demands[k].demand.index;
    const PieceSet& accepted = *parts.leaves[at(standings[k].holders[0].kept)].demands[0].limit;
    Search::Request wanted = request(tree_of(
        [&](std::size_t d, std::size_t h) { return d == k ? std::optional<Tree>() : kept(d, h); }));
    wanted.any = true;
    for (const ProblemIssue& issue : problem.issues)
      wanted.pieces.emplace_back(issue.pieces.size(), 1);
    for (std::size_t p = 0; p < accepted.pieces.size(); ++p) {
      if (accepted.pieces[p]) continue;
      auto& pieces = wanted.pieces[at(j)];
      std::fill(pieces.begin(), pieces.end(), 0);
      pieces[p] = 1;
      const auto result = search->run(wanted);
      if (result.package) return std::pair(problem.issues[at(j)].pieces[p].from, *result.package);
      if (!result.finished) return std::nullopt;
    }
    return std::nullopt;
  }
};

ConcessionFinder::ConcessionFinder(const Scenario& scenario, const Problem& problem,
                                   const std::vector<NamedDemand>& demands,
                                   const Progress& progress)
    : state_(std::make_unique<State>(scenario, problem, demands, progress)) {}

ConcessionFinder::~ConcessionFinder() = default;

Price ConcessionFinder::price(int demand) const {
  const State& s = *state_;
  const auto k = at(demand);
  const State::Standing& standing = s.standings[k];
  Price price;
  price.demand = demand;
  if (!s.progress(0.0)) return price;
  std::vector<std::pair<Rational, Concession>> ways;
  bool stopped = false;
  // What is given where `moved` says how each holder stands.
  const auto add = [&](const auto& moved, const auto& concession) {
    const auto result = s.search->run(s.request(
        s.tree_of([&](std::size_t d, std::size_t h) { return d == k ? moved(h) : s.kept(d, h); })));
    stopped |= !result.finished;
    if (!result.package) return;
    const Rational share = -*result.value;
    ways.emplace_back(share, concession(share, *result.package));
    if (!result.finished) ways.back().second.proof = Proof::bounded;
  };
  if (standing.list) {
    if (const auto option = s.option(k)) {
      Concession added = s.dropped(k);
      added.what = Concession::What::options;
      added.issue = s.demands[k].demand.index;
      added.added = {option->first};
      price.ways.push_back(std::move(added));
    }
    return price;
  }
  for (const State::Mover& mover : standing.movers) {
    add([&](std::size_t h) { return std::optional<Tree>(mover.trees[h]); },
        [&](const Rational& share, const Package& package) {
          return s.move_by(k, mover, share, package);
        });
  }
  if (s.demands[k].demand.kind == Demand::Kind::reservation) {
    for (const auto& group : s.numbers_of(k)) {
      add(
          [&](std::size_t h) -> std::optional<Tree> {
            const bool moves = std::find(group.begin(), group.end(), h) != group.end();
            return moves ? single_leaf(standing.holders[h].gives) : s.kept(k, h);
          },
          [&](const Rational& share, const Package&) {
            return s.lower(k, standing.holders[group[0]], share);
          });
    }
  }
  std::stable_sort(ways.begin(), ways.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [share, way] : ways) price.ways.push_back(std::move(way));
  if (price.ways.empty() && !stopped) price.ways.push_back(s.dropped(k));
  return price;
}

void ConcessionFinder::price(Exit& exit) const {
  const State& s = *state_;
  exit.share.reset();
  exit.concessions.clear();
  exit.package.reset();
  exit.proof = Proof::bounded;
  if (!s.progress(0.0)) return;
  exit.proof = Proof::exact;
  if (exit.demands.size() == 1 && s.standings[at(exit.demands[0])].list) {
    if (auto option = s.option(at(exit.demands[0]))) {
      Concession added = s.dropped(at(exit.demands[0]));
      added.what = Concession::What::options;
      added.issue = s.demands[at(added.demand)].demand.index;
      added.added = {option->first};
      exit.concessions.push_back(std::move(added));
      exit.package = std::move(option->second);
    } else {
      exit.proof = Proof::bounded;
    }
    return;
  }
  enum class Gives : signed char { nothing, some, all };
  std::vector<Gives> gives(s.demands.size(), Gives::nothing);
  std::vector<std::size_t> linked;  // with numbers that can move
  for (const int d : exit.demands) {
    const bool magnitude = s.demands[at(d)].demand.kind == Demand::Kind::reservation ||
                           !s.standings[at(d)].movers.empty();
    gives[at(d)] = magnitude ? Gives::some : Gives::all;
    if (magnitude && s.demands[at(d)].demand.kind == Demand::Kind::linked) linked.push_back(at(d));
  }
  const auto choice = [&](std::size_t k, std::size_t h) -> std::optional<Tree> {
    if (gives[k] == Gives::nothing) return s.kept(k, h);
    if (gives[k] == Gives::all) return std::nullopt;
    const State::Standing& standing = s.standings[k];
    if (s.demands[k].demand.kind == Demand::Kind::reservation) {
      const int part = standing.holders[h].gives;
      return part < 0 ? std::nullopt : std::optional<Tree>(single_leaf(part));
    }
    std::vector<Tree> ways;
    for (const State::Mover& mover : standing.movers) ways.push_back(mover.trees[h]);
    return node(Consent::Kind::any, std::move(ways));
  };
  // Where no number of a linked demand can give what it takes, it is dropped: as few as possible,
  // the first in order.
  std::vector<char> drop(linked.size(), 0);
  for (std::size_t count = 0; count <= linked.size(); ++count) {
    std::fill(drop.begin(), drop.end(), 0);
    std::fill(drop.begin(), drop.begin() + static_cast<std::ptrdiff_t>(count), 1);
    do {
      for (std::size_t l = 0; l < linked.size(); ++l)
        gives[linked[l]] = drop[l] ? Gives::all : Gives::some;
      const bool moves = std::any_of(exit.demands.begin(), exit.demands.end(),
                                     [&](int d) { return gives[at(d)] == Gives::some; });
      Search::Request request = s.request(s.tree_of(choice));
      request.any = !moves;
      const auto result = s.search->run(request);
      if (!result.finished) exit.proof = Proof::bounded;
      if (!result.package) {
        if (!result.finished) return;
        continue;
      }
      exit.package = result.package;
      if (moves) exit.share = -*result.value;
      for (const int d : exit.demands) {
        if (gives[at(d)] == Gives::all) {
          exit.concessions.push_back(s.dropped(at(d)));
        } else if (s.demands[at(d)].demand.kind == Demand::Kind::reservation) {
          for (const auto& group : s.numbers_of(at(d)))
            exit.concessions.push_back(
                s.lower(at(d), s.standings[at(d)].holders[group[0]], *exit.share));
        } else {
          exit.concessions.push_back(
              s.move_by(at(d), s.best_mover(at(d), *exit.package), *exit.share, *exit.package));
        }
      }
      return;
    } while (std::prev_permutation(drop.begin(), drop.end()));
  }
  throw ModelError("an exit does not open the zone");
}

Split ConcessionFinder::least_largest() const {
  const State& s = *state_;
  Split split;
  split.kind = Split::Kind::least_largest;
  // As in the depth: reservations; then red lines, too; then whatever has a magnitude.
  enum class Stage { reservations, limits, everything };
  for (const Stage stage : {Stage::reservations, Stage::limits, Stage::everything}) {
    const State::Choice choice = [&](std::size_t k, std::size_t h) -> std::optional<Tree> {
      const State::Standing& standing = s.standings[k];
      const State::Holder& holder = standing.holders[h];
      if (s.demands[k].firm) return s.kept(k, h);
      const Demand::Kind kind = s.demands[k].demand.kind;
      if (kind == Demand::Kind::reservation) {
        const Leaf& leaf = s.problem.leaves[at(holder.leaf)];
        const bool hopeless = leaf.best <= leaf.reservation && stage != Stage::everything;
        return holder.gives < 0 || hopeless ? s.kept(k, h) : single_leaf(holder.gives);
      }
      if (kind == Demand::Kind::linked) {
        if (stage != Stage::everything) return s.kept(k, h);
        std::vector<Tree> ways{s.kept(k, h)};
        for (const State::Mover& mover : standing.movers) ways.push_back(mover.trees[h]);
        return node(Consent::Kind::any, std::move(ways));
      }
      if (stage == Stage::reservations || standing.list) return s.kept(k, h);
      return standing.movers[0].trees[h];
    };
    Search::Request request = s.request(s.tree_of(choice));
    const auto result = s.search->run(request);
    if (!result.finished) split.proof = Proof::bounded;
    if (!result.package) {
      if (!result.finished) return split;
      continue;
    }
    split.exists = true;
    request.floor = result.value;
    std::vector<Level> levels;
    if (!s.outvoted && stage != Stage::everything) {
      // Of those with the least largest share, one with the least sum.
      std::vector<Item> items = s.share_items(std::vector<char>(at(s.problem.n()), 1), true);
      if (!items.empty()) levels.push_back(State::sum_of(std::move(items), true));
    }
    Package package = *result.package;
    if (result.finished) {
      if (const auto settled = s.settle(std::move(request), levels, package)) {
        package = *settled;
      } else {
        split.proof = Proof::bounded;
      }
    }
    s.fill(split, package, s.needed(package, choice, *result.value), stage == Stage::everything);
    return split;
  }
  return split;
}

Split ConcessionFinder::least_sum() const {
  const State& s = *state_;
  Split split;
  split.kind = Split::Kind::least_sum;
  bool complete = true;
  const auto coalitions = sufficient_sets(s.problem.tree, complete);
  if (!complete) split.proof = Proof::bounded;
  struct Best {
    Rational value;
    Package package;
    std::vector<char> givers;
    Search::Request request;
    std::optional<Level> level;
  };
  std::optional<Best> best;
  for (const std::vector<int>& coalition : coalitions) {
    std::vector<char> givers(at(s.problem.n()), 0);
    for (const int i : coalition) givers[at(i)] = 1;
    const State::Choice choice = [&](std::size_t k, std::size_t h) -> std::optional<Tree> {
      if (s.standings[k].holders[h].moves >= 0) return std::nullopt;
      return s.kept(k, h);
    };
    Search::Request request = s.request(s.tree_of(s.problem.tree, choice, givers));
    request.floor = 0;
    std::vector<Item> items = s.share_items(givers, true);
    std::optional<Level> level;
    if (!items.empty()) level = State::sum_of(std::move(items), true);
    request.level = level;
    request.any = !level;
    const auto result = s.sums().finder.search(DepthKind::all).run(request);
    if (!result.finished) split.proof = Proof::bounded;
    if (!result.package) continue;
    const Rational value = level ? *result.value : Rational(0);
    if (best && best->value >= value) continue;
    request.any = false;
    request.level.reset();
    best = Best{value, *result.package, std::move(givers), std::move(request), std::move(level)};
  }
  if (!best) return split;
  split.exists = true;
  Package package = best->package;
  if (split.proof == Proof::exact) {
    if (best->level) best->request.done.push_back({*best->level, best->value});
    std::vector<Level> levels;  // of those with the least sum, one with the least largest share
    std::vector<Item> items = s.share_items(best->givers, false);
    if (!items.empty()) levels.push_back(State::sum_of(std::move(items), false));
    if (const auto settled = s.settle(std::move(best->request), levels, package)) {
      package = *settled;
    } else {
      split.proof = Proof::bounded;
    }
  }
  std::vector<char> givers = best->givers;
  for (std::size_t i = 0; i < givers.size(); ++i)
    givers[i] = givers[i] && asked(s.problem.leaves[i], package.pieces);
  s.fill(split, package, givers, false);
  return split;
}

Split ConcessionFinder::fewest(const Exit& exit) const {
  const State& s = *state_;
  Split split;
  split.kind = Split::Kind::fewest;
  split.exists = true;
  split.concessions = exit.concessions;
  split.proof = exit.proof;
  split.package = exit.package;
  split.largest = exit.share;
  if (!exit.share) return split;
  split.sum = 0;
  for (const Concession& concession : exit.concessions) {
    for (const State::Holder& holder : s.standings[at(concession.demand)].holders) {
      if (concession.what == Concession::What::reservation) {
        const auto scope = [&](int leaf) { return s.problem.leaves[at(leaf)].in_scope; };
        if (scope(holder.leaf) == scope(concession.leaf)) *split.sum += *exit.share;
      } else if (concession.what != Concession::What::dropped) {
        *split.sum += *exit.share * s.weight_of(holder, concession.issue);
      }
    }
  }
  return split;
}

}  // namespace zopa
