// SPDX-License-Identifier: MIT
#include "model/answers/redundancy.hpp"

#include <algorithm>
#include <set>

#include "model/engine/search.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

// On continuous issues what is strictly below a bound is below it by this share of a whole number.
constexpr unsigned kStrictBits = 20;

// Questions until a hunt is given up.
constexpr std::size_t kMostHunts = 1000;

// Packages on some pieces, at which forms are strictly above 0. On a continuous issue a set of
// pieces shares its ends with others, and what stands there may count as being elsewhere: only
// inside is it surely in the set.
struct Region {
  ZoneSearch::Box box;
  std::vector<Form> above;
};

class Regions {
 public:
  explicit Regions(const Problem& problem) : problem_(problem) {}

  Region everything() const {
    Region region;
    for (const ProblemIssue& issue : problem_.issues)
      region.box.emplace_back(issue.pieces.size(), 1);
    return region;
  }

  // Where the leaf is asked.
  std::vector<Region> asked(const Leaf& leaf) const {
    std::vector<Region> regions = {everything()};
    if (leaf.when) regions = within(std::move(regions), *leaf.when);
    return regions;
  }

  // Where it is asked and breaks the demand (nothing: any of its demands, or its reservation).
  std::vector<Region> refused(const Leaf& leaf, const std::optional<Demand>& demand) const {
    std::vector<Region> result;
    const std::vector<Region> base = asked(leaf);
    const auto add = [&](const std::vector<Region>& more) {
      result.insert(result.end(), more.begin(), more.end());
    };
    for (const LeafDemand& own : leaf.demands) {
      if (demand && !(own.demand == *demand)) continue;
      if (own.limit) {
        add(within(base, {complement(*own.limit)}));
        continue;
      }
      const std::vector<Region> triggered = within(base, own.clause->when);
      for (const PieceSet& set : own.clause->require) add(within(triggered, {complement(set)}));
    }
    if (leaf.has_utility && (!demand || demand->kind == Demand::Kind::reservation)) {
      Form missing = surplus_form(leaf);
      missing.constant = -missing.constant;
      for (auto& line : missing.terms) {
        for (PieceWorth& worth : line) worth = {-worth.at_from, -worth.at_to};
      }
      for (Region region : base) {
        region.above.push_back(missing);
        result.push_back(std::move(region));
      }
    }
    return result;
  }

  // Where it is not asked. The border counts as not asked, so that nothing needs to be strict.
  std::vector<Region> unasked(const Leaf& leaf) const {
    std::vector<Region> result;
    if (!leaf.when) return result;
    for (const PieceSet& set : *leaf.when) {
      Region region = everything();
      region.box[at(set.issue)] = complement(set).pieces;
      result.push_back(std::move(region));
    }
    return result;
  }

  static PieceSet complement(PieceSet set) {
    for (char& piece : set.pieces) piece = piece ? 0 : 1;
    return set;
  }

 private:
  std::vector<Region> within(std::vector<Region> regions, const std::vector<PieceSet>& sets) const {
    for (const PieceSet& set : sets) {
      std::vector<Region> next;
      for (const Region& region : regions) cut(region, set, next);
      regions = std::move(next);
    }
    return regions;
  }

  void cut(const Region& region, const PieceSet& set, std::vector<Region>& next) const {
    const ProblemIssue& issue = problem_.issues[at(set.issue)];
    const std::size_t count = set.pieces.size();
    std::size_t k = 0;
    while (k < count) {
      if (!set.pieces[k]) {
        ++k;
        continue;
      }
      std::size_t end = k + 1;  // of the run; without a continuum everything is one run
      while (end < count && (set.pieces[end] || !issue.continuous)) ++end;
      Region part = region;
      auto& pieces = part.box[at(set.issue)];
      for (std::size_t p = 0; p < count; ++p) {
        if (p < k || p >= end || !set.pieces[p]) pieces[p] = 0;
      }
      if (issue.continuous) {
        if (k > 0) part.above.push_back(place_form(problem_, set.issue, issue.pieces[k].from, 1));
        if (end < count)
          part.above.push_back(place_form(problem_, set.issue, issue.pieces[end - 1].to, -1));
      }
      if (std::find(pieces.begin(), pieces.end(), 1) != pieces.end()) next.push_back(part);
      k = end;
    }
  }

  const Problem& problem_;
};

// A statement about a package as a tree over leaves, or true or false by itself.
struct Statement {
  enum class Kind { no, yes, tree };
  Kind kind = Kind::no;
  Tree tree;
};

Statement combined(Consent::Kind kind, std::vector<Statement> parts) {
  const auto absorbing = kind == Consent::Kind::all ? Statement::Kind::no : Statement::Kind::yes;
  Statement result;
  result.kind = Statement::Kind::tree;
  result.tree.kind = kind;
  for (Statement& part : parts) {
    if (part.kind == absorbing) return {absorbing, {}};
    if (part.kind == Statement::Kind::tree) result.tree.members.push_back(std::move(part.tree));
  }
  if (result.tree.members.empty())
    return {kind == Consent::Kind::all ? Statement::Kind::yes : Statement::Kind::no, {}};
  return result;
}

// Adds leaves to a problem that say yes on regions. All of them are asked everywhere; who is asked
// in the tree is spelt out.
class RegionLeaves {
 public:
  // `strictly`: on continuous issues only what is surely inside; otherwise the closure of that.
  RegionLeaves(const Problem& problem, Problem& parts, bool strictly)
      : problem_(problem), parts_(parts), strictly_(strictly) {}

  Statement any(const std::vector<Region>& regions) {
    std::vector<Statement> parts;
    for (const Region& region : regions) parts.push_back(in(region));
    return combined(Consent::Kind::any, std::move(parts));
  }

 private:
  Statement in(const Region& region) {
    std::vector<Statement> parts;
    Leaf inside;
    for (std::size_t j = 0; j < region.box.size(); ++j) {
      const auto& pieces = region.box[j];
      if (std::find(pieces.begin(), pieces.end(), 0) == pieces.end()) continue;
      if (std::find(pieces.begin(), pieces.end(), 1) == pieces.end()) return {};
      LeafDemand limit;
      limit.demand = {Demand::Kind::limit, 0, static_cast<int>(j)};
      limit.limit = PieceSet{static_cast<int>(j), pieces};
      inside.demands.push_back(std::move(limit));
    }
    if (!inside.demands.empty()) parts.push_back(leaf(std::move(inside)));
    for (const Form& form : region.above) parts.push_back(leaf(above_zero(form)));
    return combined(Consent::Kind::all, std::move(parts));
  }

  Statement leaf(Leaf leaf) {
    leaf.in_scope.assign(problem_.issues.size(), 1);
    parts_.leaves.push_back(std::move(leaf));
    Statement result;
    result.kind = Statement::Kind::tree;
    result.tree.kind = Consent::Kind::leaf;
    result.tree.leaf = parts_.n() - 1;
    return result;
  }

  // Says yes where the form is above 0, or at least 0 unless strictly.
  Leaf above_zero(const Form& form) const {
    Leaf leaf;
    leaf.has_utility = true;
    const Int128 finer = problem_.discrete() ? 1 : Int128(1) << spare_bits(form);
    Int128 most = 1;
    for (std::size_t j = 0; j < form.terms.size(); ++j) {
      auto& line = leaf.worth.emplace_back(form.terms[j]);
      if (line.empty()) line.assign(problem_.issues[j].pieces.size(), PieceWorth{});
      Int128 here = line[0].at_from * finer;
      for (PieceWorth& worth : line) {
        worth = {worth.at_from * finer, worth.at_to * finer};
        here = std::max({here, worth.at_from, worth.at_to});
      }
      most += here;
    }
    const Rational wanted = -form.constant * make_integer(finer);
    Integer least = numerator(wanted) / denominator(wanted);
    if (Rational(least) > wanted) --least;  // rounded down
    if (problem_.discrete() || strictly_) ++least;
    leaf.best = most;
    leaf.reservation = *to_int128(std::min(least, make_integer(most + 1)));
    return leaf;
  }

  // By how many bits sums of the form's terms can grow, up to kStrictBits.
  static unsigned spare_bits(const Form& form) {
    Integer sum = 1;
    for (const auto& line : form.terms) {
      Integer most = 0;
      for (const PieceWorth& worth : line)
        most = std::max({most, Integer(abs(make_integer(worth.at_from))),
                         Integer(abs(make_integer(worth.at_to)))});
      sum += most;
    }
    const unsigned used = msb(sum) + 1;
    return used >= 120 ? 0 : std::min(kStrictBits, 120 - used);
  }

  const Problem& problem_;
  Problem& parts_;
  bool strictly_;
};

// What a leaf makes of a package, or does not.
enum class Stand { refuses, unasked, accepts, asked };

struct Fact {
  int leaf = 0;
  Stand stand = Stand::accepts;
  friend auto operator<=>(const Fact&, const Fact&) = default;
};

// What can become of a node.
struct Fate {
  bool absent = false;
  bool refused = false;
  bool accepted = false;
};

// What can become of a tree when some leaves stand as told and the others in any way.
Fate fate(const Tree& tree, const std::vector<Fate>& leaves) {
  if (tree.kind == Consent::Kind::leaf) return leaves[at(tree.leaf)];
  Fate result;
  result.absent = true;
  bool some_refused = false;
  bool some_accepted = false;
  bool all_accepted = true;                // or absent, at best
  Rational sure = 0;                       // weight that accepts whatever happens
  Rational most = 0;                       // weight that may accept
  std::optional<Rational> least_accepted;  // of those that are absent or accept
  for (std::size_t c = 0; c < tree.members.size(); ++c) {
    const Fate member = fate(tree.members[c], leaves);
    const Rational weight = tree.kind == Consent::Kind::quota ? tree.weights[c] : Rational(1);
    const bool surely = member.accepted && !member.absent && !member.refused;
    result.absent = result.absent && member.absent;
    some_refused = some_refused || member.refused;
    some_accepted = some_accepted || member.accepted;
    all_accepted = all_accepted && (member.accepted || member.absent);
    if (surely) sure += weight;
    if (member.accepted) most += weight;
    if (member.accepted && !surely && (!least_accepted || weight < *least_accepted))
      least_accepted = weight;
  }
  if (tree.kind == Consent::Kind::all) {
    result.refused = some_refused;
    result.accepted = all_accepted && some_accepted;
    return result;
  }
  Rational need = tree.need;
  if (tree.kind == Consent::Kind::any) need = 1;
  if (tree.kind == Consent::Kind::at_least) need = tree.count;
  result.accepted = some_accepted && most >= need;
  // The least weight with somebody asked.
  Rational least = sure;
  if (sure == 0 && !some_refused && least_accepted) least = *least_accepted;
  result.refused = (some_refused || some_accepted) && least < need;
  return result;
}

// Looks for a package that the tree refuses now and accepts leniently. A package that it accepts
// now shows some facts that suffice for that: of a package that it refuses one of them is not so.
// So facts are denied one after another, until the tree refuses or no package is left.
class Hunt {
 public:
  enum class Result { none, found, open, stopped };

  Hunt(const ZoneSearch& zone, const Asking& lenient, const std::vector<int>& leaves,
       const std::optional<Demand>& demand, bool strictly)
      : zone_(zone),
        problem_(zone.problem()),
        regions_(problem_),
        lenient_(lenient),
        leaves_(leaves),
        demand_(demand),
        strictly_(strictly) {}

  Result run() {
    Result all = Result::none;
    for (const int i :
         leaves_) {  // one of them refuses what is new, because of what is missing then
      first_ = i;
      seen_.clear();
      const Result result = look({{i, Stand::refuses}});
      if (result == Result::found || result == Result::stopped) return result;
      if (result == Result::open) all = result;
    }
    return all;
  }

 private:
  // `stands`, sorted: what leaves of the package wanted make of it.
  Result look(const std::vector<Fact>& stands) {
    if (!seen_.insert(stands).second) return Result::none;  // answered there
    if (seen_.size() > kMostHunts) return Result::open;
    Problem parts = zone_.variants().parts();
    RegionLeaves added(problem_, parts, strictly_);
    std::vector<Statement> statements;
    statements.push_back({Statement::Kind::tree, zone_.variants().tree(lenient_)});
    for (const Fact& fact : stands) statements.push_back(statement(fact, added));
    Statement whole = combined(Consent::Kind::all, std::move(statements));
    if (whole.kind == Statement::Kind::no) return Result::none;
    const Search search(parts, DepthKind::hard);
    Search::Request request;
    request.tree = std::move(whole.tree);
    request.floor = 0;
    request.any = true;
    request.progress = zone_.progress();
    const Search::Result result = search.run(request);
    if (!result.package) return result.finished ? Result::none : Result::stopped;
    if (!zone_.variants().accepts(zone_.variants().all(), *result.package)) return Result::found;
    Result all = Result::none;
    for (const Fact& fact : reasons(*result.package)) {
      for (const Stand stand : {Stand::refuses, Stand::unasked, Stand::asked}) {
        if (fact.stand == Stand::accepts ? stand == Stand::asked : stand != Stand::asked) continue;
        std::vector<Fact> more = stands;
        const Fact denied{fact.leaf, stand};
        const auto place = std::lower_bound(more.begin(), more.end(), denied);
        if (place != more.end() && *place == denied) {  // on the border of what was asked for
          all = Result::open;
          continue;
        }
        more.insert(place, denied);
        const Result deeper = look(more);
        if (deeper == Result::found || deeper == Result::stopped) return deeper;
        if (deeper == Result::open) all = deeper;
      }
    }
    return all;
  }

  Statement statement(const Fact& fact, RegionLeaves& added) const {
    const Leaf& leaf = problem_.leaves[at(fact.leaf)];
    switch (fact.stand) {
      case Stand::refuses:
        return added.any(
            regions_.refused(leaf, fact.leaf == first_ ? demand_ : std::optional<Demand>()));
      case Stand::asked: return added.any(regions_.asked(leaf));
      default: return added.any(regions_.unasked(leaf));
    }
  }

  // Facts about leaves, at a package that the tree accepts, that suffice for that.
  std::vector<Fact> reasons(const Package& package) const {
    const Asking asking = zone_.variants().all();
    std::vector<Fate> fates(problem_.leaves.size());
    std::vector<Fact> facts;
    for (int i = 0; i < problem_.n(); ++i) {
      const LeafView leaf = view(problem_, i, package);
      Fate& known = fates[at(i)];
      if (!leaf.asked) {
        known.absent = true;
        facts.push_back({i, Stand::unasked});
      } else if (leaf.within && (!leaf.surplus || *leaf.surplus >= 0)) {
        known.accepted = true;
        facts.push_back({i, Stand::accepts});
      } else {  // who refuses is no reason to accept
        known = any_fate(i);
      }
    }
    std::vector<Fact> needed;
    for (const Fact& fact : facts) {
      Fate& known = fates[at(fact.leaf)];
      const Fate before = known;
      known = any_fate(fact.leaf);
      if (!fate(problem_.tree, fates).refused) continue;
      known = before;
      needed.push_back(fact);
    }
    return needed;
  }

  Fate any_fate(int leaf) const { return {problem_.leaves[at(leaf)].when.has_value(), true, true}; }

  const ZoneSearch& zone_;
  const Problem& problem_;
  Regions regions_;
  const Asking& lenient_;
  const std::vector<int>& leaves_;
  const std::optional<Demand>& demand_;
  bool strictly_;
  int first_ = -1;
  std::set<std::vector<Fact>> seen_;
};

bool under_all_alone(const Tree& tree, int leaf) {
  if (tree.kind == Consent::Kind::leaf) return tree.leaf == leaf;
  return tree.kind == Consent::Kind::all &&
         std::any_of(tree.members.begin(), tree.members.end(),
                     [&](const Tree& member) { return under_all_alone(member, leaf); });
}

}  // namespace

std::optional<bool> Redundancy::demand(const Demand& demand) {
  const Asking lenient = zone_.variants().without(zone_.variants().all(), demand);
  return same(lenient, holders(zone_.problem(), demand), demand);
}

std::optional<bool> Redundancy::consent(const std::vector<int>& leaves) {
  const Asking lenient = zone_.variants().accepting(zone_.variants().all(), leaves);
  return same(lenient, leaves, std::nullopt);
}

std::optional<bool> Redundancy::same(const Asking& lenient, const std::vector<int>& leaves,
                                     const std::optional<Demand>& demand) {
  const Problem& problem = zone_.problem();
  if (!open_) {
    const auto found = zone_.find(lenient);
    if (found.stopped) stopped_ = true;
    return found.stopped ? std::optional<bool>() : !found.package;
  }
  // Packages at which one of the leaves refuses are those that may be new.
  const Regions regions(problem);
  bool open_question = false;
  for (const int i : leaves) {
    const bool decides = under_all_alone(problem.tree, i);
    for (const Region& region : regions.refused(problem.leaves[at(i)], demand)) {
      ZoneSearch::Found found;
      if (region.above.empty()) {
        found = zone_.find(lenient, region.box);
      } else {
        found = zone_.greatest_least(lenient, region.box, region.above);
        if (found.package && found.value <= 0) found.package.reset();
      }
      if (found.stopped) {
        stopped_ = true;
        return std::nullopt;
      }
      if (!found.package) continue;
      if (decides || !zone_.variants().accepts(zone_.variants().all(), *found.package))
        return false;
      open_question = true;
    }
  }
  if (!open_question) return true;
  // They can be outvoted. Is there a package that the tree refuses now, and accepts then?
  for (const bool strictly : {false, true}) {
    if (strictly && problem.discrete()) break;
    Hunt hunt(zone_, lenient, leaves, demand, strictly);
    switch (hunt.run()) {
      case Hunt::Result::stopped: stopped_ = true; return std::nullopt;
      case Hunt::Result::found: return false;
      case Hunt::Result::none:
        if (!strictly) return true;
        break;
      case Hunt::Result::open: break;
    }
  }
  return std::nullopt;
}

}  // namespace zopa
