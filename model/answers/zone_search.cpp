// SPDX-License-Identifier: MIT
#include "model/answers/zone_search.hpp"

#include <algorithm>

#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

using TestKind = PartyNumber::Kind;

// Steps along a continuous issue; more than any sensible scenario has.
constexpr int kMostSpans = 10'000;

// Worths on a plateau are rounded up to this many bits.
constexpr unsigned kWorthBits = 44;

// LinkedKey::what: a test of `require` left out, or never met; a test of `when` left out.
constexpr int kRequireDropped = 0;
constexpr int kRequireNever = 1;
constexpr int kWhenDropped = 2;

const Test& test_of_number(const Scenario& scenario, const PartyNumber& number) {
  const LinkedDemand& demand = scenario.parties[at(number.party)].demands[at(number.index)];
  const bool when = number.kind == TestKind::when || number.kind == TestKind::when_option;
  for (const Test& test : when ? demand.when : demand.require) {
    if (test.issue == number.issue) return test;
  }
  throw ModelError("a linked demand without a test on this issue");
}

void drop_set(std::vector<PieceSet>& sets, int issue) {
  std::erase_if(sets, [&](const PieceSet& set) { return set.issue == issue; });
}

bool is_linked_kind(TestKind kind) {
  return kind == TestKind::when || kind == TestKind::when_option || kind == TestKind::require ||
         kind == TestKind::require_option;
}

bool is_when_kind(TestKind kind) { return kind == TestKind::when || kind == TestKind::when_option; }

// Above every utility, so that only the sign of a margin says something.
Int128 above_all(const Leaf& leaf) {
  Int128 sum = 1;
  for (const auto& line : leaf.worth) {
    Int128 most = std::max(line[0].at_from, line[0].at_to);
    for (const PieceWorth& worth : line) most = std::max({most, worth.at_from, worth.at_to});
    sum += most;
  }
  return sum;
}

}  // namespace

ZoneSearch::ZoneSearch(const Scenario& scenario, const Problem& problem, const Progress& progress)
    : scenario_(scenario), problem_(problem), progress_(progress), variants_(problem) {
  for (std::size_t i = 0; i < scenario.parties.size(); ++i) {
    for (std::size_t d = 0; d < scenario.parties[i].demands.size(); ++d)
      add_linked(static_cast<int>(i), static_cast<int>(d));
  }
  search_ = std::make_unique<Search>(variants_.parts(), DepthKind::hard);
}

void ZoneSearch::add_linked(int party, int demand) {
  const Demand id{Demand::Kind::linked, party, demand};
  const LinkedDemand& linked = scenario_.parties[at(party)].demands[at(demand)];
  for (const int i : holders(problem_, id)) {
    const auto& demands = problem_.leaves[at(i)].demands;
    const LeafDemand own = *std::find_if(demands.begin(), demands.end(),
                                         [&](const LeafDemand& d) { return d.demand == id; });
    const auto add = [&](int what, int first, int second, const LeafDemand& part) {
      Linked& entry = linked_[{party, demand, what, first, second}];
      if (part.clause->require.empty()) return;  // asks for nothing
      entry.parts.emplace_back(i, variants_.add(i, part));
    };
    for (const Test& test : linked.require) {
      LeafDemand part = own;
      drop_set(part.clause->require, test.issue);
      add(kRequireDropped, test.issue, -1, part);
      for (const Test& other : linked.require) {
        if (other.issue <= test.issue) continue;
        LeafDemand both = part;
        drop_set(both.clause->require, other.issue);
        add(kRequireDropped, test.issue, other.issue, both);
      }
      part = own;
      for (PieceSet& set : part.clause->require) {
        if (set.issue == test.issue) std::fill(set.pieces.begin(), set.pieces.end(), 0);
      }
      add(kRequireNever, test.issue, -1, part);
    }
    for (const Test& test : linked.when) {
      LeafDemand part = own;
      drop_set(part.clause->when, test.issue);
      add(kWhenDropped, test.issue, -1, part);
    }
  }
}

Asking ZoneSearch::with_linked(Asking asking, const LinkedKey& key) const {
  asking = variants_.without(std::move(asking), {Demand::Kind::linked, key.party, key.demand});
  for (const auto& [leaf, part] : linked_.at(key).parts) asking[at(leaf)].push_back(part);
  return asking;
}

Search::Request ZoneSearch::request(const Asking& asking, const Box& box) const {
  Search::Request request;
  request.tree = variants_.tree(asking);
  request.floor = 0;
  request.pieces = box;
  request.progress = progress_;
  return request;
}

ZoneSearch::Found ZoneSearch::ask(const Search& search, const Search::Request& request) const {
  const Search::Result result = search.run(request);
  Found found;
  found.stopped = !result.finished;
  found.package = result.package;
  if (result.value) found.value = *result.value;
  return found;
}

ZoneSearch::Found ZoneSearch::find(const Asking& asking, const Box& box) const {
  if (box.empty()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = answers_.find(asking);
    if (known != answers_.end()) return known->second;
  }
  const bool nowhere = std::any_of(box.begin(), box.end(), [](const auto& pieces) {
    return std::find(pieces.begin(), pieces.end(), 1) == pieces.end();
  });
  if (nowhere) return {};
  Search::Request any = request(asking, box);
  any.any = true;
  const Found found = ask(*search_, any);
  if (box.empty() && !found.stopped) {
    const std::lock_guard<std::mutex> lock(mutex_);
    answers_.emplace(asking, found);
  }
  return found;
}

ZoneSearch::Found ZoneSearch::extreme(const Asking& asking, int issue, int sign,
                                      const std::vector<Package>& known) const {
  const Found some = find(asking);
  if (some.stopped || !some.package) return some;
  Search search(variants_.parts(), DepthKind::hard);
  const int f = search.add(place_form(problem_, issue, 0, sign));
  Search::Request far = request(asking, {});
  far.level = Level{Level::Kind::weighted, 1, {Item{{f}, -1, 1}}, {1}, false};
  far.hints = known;
  far.hints.push_back(*some.package);
  return ask(search, far);
}

ZoneSearch::Found ZoneSearch::most_utility(int leaf, const std::vector<int>& leaves) const {
  const Asking asking = variants_.without_reservations(variants_.all(), leaves);
  const Found some = find(asking);
  if (some.stopped || !some.package) return some;
  Search search(variants_.parts(), DepthKind::hard);
  const int f = search.add(utility_form(problem_.leaves[at(leaf)]));
  Search::Request best = request(asking, {});
  best.level = Level{Level::Kind::weighted, 1, {Item{{f}, -1, 1}}, {1}, false};
  best.hints = {*some.package};
  return ask(search, best);
}

ZoneSearch::Found ZoneSearch::greatest_least(const Asking& asking, const Box& box,
                                             const std::vector<Form>& forms) const {
  Search search(variants_.parts(), DepthKind::hard);
  Level level;
  for (const Form& form : forms) level.items.push_back({{search.add(form)}, -1, 1});
  Search::Request best = request(asking, box);
  best.level = level;
  return ask(search, best);
}

ZoneSearch::Box ZoneSearch::pieces_at(int issue, const Rational& place, bool inside) const {
  Box box;
  for (const ProblemIssue& one : problem_.issues) box.emplace_back(one.pieces.size(), 1);
  const auto& pieces = problem_.issues[at(issue)].pieces;
  for (std::size_t k = 0; k < pieces.size(); ++k)
    box[at(issue)][k] = (pieces[k].point() && pieces[k].from == place) == inside ? 1 : 0;
  return box;
}

Stretches ZoneSearch::projection(const Asking& asking, int issue, const std::vector<Package>& known,
                                 bool& bounded, bool& settled) const {
  Stretches places;
  const ProblemIssue& where = problem_.issues[at(issue)];
  if (!where.continuous) {
    Box box;
    for (const ProblemIssue& one : problem_.issues) box.emplace_back(one.pieces.size(), 1);
    auto& open = box[at(issue)];
    const auto take = [&](const Package& package) {
      open[at(package.pieces[at(issue)])] = 0;
      const Rational& place = package.places[at(issue)];
      join(places, {place, place});
    };
    for (const Package& package : known) {
      if (variants_.accepts(asking, package)) take(package);
    }
    while (std::find(open.begin(), open.end(), 1) != open.end()) {
      const Found found = find(asking, box);
      if (found.stopped) settled = false;
      if (!found.package) break;
      take(*found.package);
    }
    return places;
  }
  // From left to right: the next place that extends, and how far packages that stand like this one
  // carry: all pieces as they are, and accepted by those who accept it.
  Search search(variants_.parts(), DepthKind::hard);
  const Rational low = where.pieces.front().from;
  const int up = search.add(place_form(problem_, issue, low, 1));
  const int down = search.add(place_form(problem_, issue, low, -1));
  const auto level = [](int f) {
    return Level{Level::Kind::weighted, 1, {Item{{f}, -1, 1}}, {1}, false};
  };
  Rational from = low;
  for (int step = 0; step < kMostSpans; ++step) {
    Search::Request next = request(asking, {});
    next.level = level(down);
    next.done = {{level(up), from - low}};
    const Found first = ask(search, next);
    if (first.stopped) settled = false;
    if (!first.package || first.stopped) return places;
    Search::Request cell = request(asking, {});
    for (const ProblemIssue& one : problem_.issues) cell.pieces.emplace_back(one.pieces.size());
    for (std::size_t j = 0; j < cell.pieces.size(); ++j)
      cell.pieces[j][at(first.package->pieces[j])] = 1;
    Tree who;
    who.kind = Consent::Kind::all;
    for (int i = 0; i < problem_.n(); ++i) {
      if (!asked(problem_.leaves[at(i)], first.package->pieces)) continue;
      const auto& parts = asking[at(i)];
      const bool yes = std::all_of(parts.begin(), parts.end(), [&](int part) {
        const LeafView one = view(variants_.parts(), part, *first.package);
        return one.value && *one.value >= 0;
      });
      if (!yes) continue;
      for (const int part : parts) {
        Tree member;
        member.kind = Consent::Kind::leaf;
        member.leaf = part;
        who.members.push_back(std::move(member));
      }
    }
    if (who.members.empty()) {
      cell.tree = Tree();
      cell.tree->kind = Consent::Kind::all;
    } else {
      cell.tree = std::move(who);
    }
    cell.level = level(up);
    cell.hints = {*first.package};
    const Found last = ask(search, cell);
    if (last.stopped) settled = false;
    const Rational begin = first.package->places[at(issue)];
    const Rational end = last.package ? last.package->places[at(issue)] : begin;
    if (step > 0 && begin == from) {  // the gap before it, if there is one, is too narrow to see
      bounded = true;
      join(places, {from - kMoveBracket, begin});
    }
    join(places, {begin, end});
    from = end + kMoveBracket;
    if (from > where.pieces.back().to) return places;
  }
  settled = false;
  return places;
}

Asking ZoneSearch::lenient(Asking asking, const PartyNumber& number) const {
  switch (number.kind) {
    case TestKind::require:
    case TestKind::require_option:
      return with_linked(std::move(asking),
                         {number.party, number.index, kRequireDropped, number.issue, -1});
    default: return variants_.without(std::move(asking), *number_demand(scenario_, number));
  }
}

Asking ZoneSearch::lenient(const PartyNumber& first, const PartyNumber& second) const {
  const bool same = is_linked_kind(first.kind) && is_linked_kind(second.kind) &&
                    first.party == second.party && first.index == second.index;
  if (!same) return lenient(lenient(variants_.all(), first), second);
  if (is_when_kind(first.kind)) return lenient(variants_.all(), first);
  if (is_when_kind(second.kind)) return lenient(variants_.all(), second);
  if (first.issue == second.issue) return lenient(variants_.all(), first);
  const auto [low, high] = std::minmax(first.issue, second.issue);
  return with_linked(variants_.all(), {first.party, first.index, kRequireDropped, low, high});
}

ZoneSearch::Variant ZoneSearch::variant(const PartyNumber& number) const {
  Variant result;
  result.lenient = lenient(variants_.all(), number);
  const Demand demand = *number_demand(scenario_, number);
  const bool continuous = scenario_.issues[at(number.issue)].continuous();
  if (!is_linked_kind(number.kind)) {
    result.hopeless = variants_.refusing(variants_.all(), holders(problem_, demand));
    if (number.kind == TestKind::limit_option) return result;
    const Limit& limit = *scenario_.parties[at(number.party)].position(number.issue)->limit;
    const bool low = number.kind == TestKind::limit_low;
    result.side = low ? Side::at_least : Side::at_most;
    result.strict = (low ? limit.low : limit.high)->strict;
    return result;
  }
  const bool when = is_when_kind(number.kind);
  result.hopeless = with_linked(
      variants_.all(),
      {number.party, number.index, when ? kWhenDropped : kRequireNever, number.issue, -1});
  // A `require` allows where the test holds, a `when` where it does not; there the boundary of a
  // continuous issue is allowed as well.
  switch (test_of_number(scenario_, number).relation) {
    case Relation::at_least: result.side = when ? Side::at_most : Side::at_least; break;
    case Relation::greater: result.side = when ? Side::at_most : Side::at_least; break;
    case Relation::at_most: result.side = when ? Side::at_least : Side::at_most; break;
    case Relation::less: result.side = when ? Side::at_least : Side::at_most; break;
    case Relation::equal: result.side = when ? Side::all_but : Side::only; break;
    case Relation::not_equal: result.side = when ? Side::only : Side::all_but; break;
    case Relation::one_of: result.side = Side::option; break;
  }
  const Relation relation = test_of_number(scenario_, number).relation;
  const bool strict = relation == Relation::less || relation == Relation::greater;
  result.strict = !continuous && strict != when;
  return result;
}

ZoneSearch::Found ZoneSearch::on_plateau(const PartyNumber& number,
                                         const std::optional<Rational>& reference,
                                         const Rational& from, const Rational& to) const {
  const Party& party = scenario_.parties[at(number.party)];
  const Issue& issue = scenario_.issues[at(number.issue)];
  const auto with_ideal = [&](const Rational& low, const Rational& high) {
    Position position;
    position.ideal = party.position(number.issue)->ideal;
    if (number.kind != TestKind::ideal_high) position.ideal->low = Number(low);
    if (number.kind != TestKind::ideal_low) position.ideal->high = Number(high);
    return position;
  };
  // An ideal that runs over the whole stretch is worth at least as much everywhere. Its worths are
  // straight between the places below, and rounded up there, to keep numbers short.
  const Position widest = with_ideal(from, to);
  std::vector<Rational> places = {from, to};
  for (const Piece& piece : problem_.issues[at(number.issue)].pieces) {
    places.push_back(piece.from);
    places.push_back(piece.to);
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  Scenario changed = scenario_;
  changed.parties[at(number.party)].reservation = {};
  for (Position& position : changed.parties[at(number.party)].positions) {
    if (position.issue != number.issue) continue;
    for (const Rational& place : places) {
      const Rational scaled = worth(issue, widest, place) * (Integer(1) << kWorthBits);
      Integer up = numerator(scaled) / denominator(scaled);
      if (Rational(up) < scaled) ++up;
      position.value.push_back({place, Number(Rational(up, Integer(1) << kWorthBits))});
    }
  }
  Found found;
  Problem problem = frame_problem(changed);
  if (problem.rounded && !problem_.rounded) {
    found.stopped = true;
    return found;
  }
  // As a function of the ideal the worth of a place rises to 1 and falls: least at an end.
  Rational less = 0;
  if (reference) {
    less = worth(issue, *party.position(number.issue), *reference) -
           std::min(worth(issue, with_ideal(from, from), *reference),
                    worth(issue, with_ideal(to, to), *reference));
  }
  int holder = -1;
  for (int i = 0; i < problem.n(); ++i) {
    Leaf& leaf = problem.leaves[at(i)];
    if (!leaf.has_utility) continue;
    // Where the unit is coarse a reservation could not be told from those beside it.
    if (leaf.party == number.party && msb(leaf.unit) + kWorthBits < 118)
      set_best(leaf, Rational(1, Integer(1) << kWorthBits));
    leaf.best = above_all(leaf);
    if (leaf.party != number.party) continue;
    const Leaf& own = problem_.leaves[at(i)];
    const bool ours = leaf.in_scope[at(number.issue)] != 0;
    Rational reservation = make_rational(own.reservation) / own.unit;
    if (ours) reservation -= own.salience[at(number.issue)] * less;
    const Rational scaled = reservation * leaf.unit;
    Integer down = numerator(scaled) / denominator(scaled);
    if (Rational(down) > scaled) --down;
    leaf.reservation = *to_int128(down);
    if (ours) holder = i;
  }
  const Search search(problem, DepthKind::hard);
  Search::Request request;
  request.floor = 0;
  request.progress = progress_;
  if (holder < 0 || search.rows(holder).empty()) {
    request.any = true;
  } else {
    request.level =
        Level{Level::Kind::weighted, 1, {Item{{search.rows(holder).front()}, -1, 1}}, {1}, false};
  }
  found = ask(search, request);
  if (found.package) found.package = make_package(problem_, found.package->places);
  return found;
}

}  // namespace zopa
