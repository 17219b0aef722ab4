// SPDX-License-Identifier: MIT
#include "model/answers/move_pairs.hpp"

#include <algorithm>
#include <atomic>
#include <tuple>

#include "model/tools/at.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

using PairKind = PartyNumber::Kind;

// So many conflicts without a common member rule out every pair.
constexpr std::size_t kTooManyConflicts = 3;

// So many pairs are looked into at most, the first ones.
constexpr std::size_t kMostCandidates = 20'000;

// How a number of a demand gives way.
struct Giving {
  std::size_t move = 0;
  int demand = 0;
  ZoneSearch::Box box;        // the places it can be brought to allow; empty: all
  std::optional<Form> given;  // the share that it gives at a package, negated; nothing: an option
};

class PairFinder {
 public:
  PairFinder(const ZoneSearch& zone, Moves& moves, const Progress& progress)
      : zone_(zone), problem_(zone.problem()), moves_(moves), progress_(progress) {}

  bool find(int jobs) {
    for (std::size_t k = 0; k < moves_.moves.size(); ++k) {
      const Move& move = moves_.moves[k];
      if (move.demand < 0 || move.firm || !move.never()) continue;
      if (auto one = giving(k)) givings_.push_back(std::move(*one));
    }
    const ZoneFinder finder(problem_, moves_.demands, progress_);
    const auto conflicts = apart_conflicts(finder);
    if (!conflicts) return false;
    if (conflicts->size() == kTooManyConflicts) return true;
    std::vector<std::pair<std::size_t, std::size_t>> candidates;
    for (std::size_t a = 0; a < givings_.size(); ++a) {
      for (std::size_t b = a + 1; b < givings_.size(); ++b) {
        if (may_open(givings_[a], givings_[b], *conflicts)) candidates.emplace_back(a, b);
      }
    }
    const bool cut_off = candidates.size() > kMostCandidates;
    candidates.resize(std::min(candidates.size(), kMostCandidates));
    std::vector<std::optional<MovePair>> found(candidates.size());
    std::atomic<bool> told{false};
    parallel_for(jobs, candidates.size(), [&](std::size_t c) {
      if (told || !progress_(0)) {
        told = true;
        return;
      }
      const Giving& first = givings_[candidates[c].first];
      const Giving& second = givings_[candidates[c].second];
      if (first.demand != second.demand) {
        DemandSet kept(moves_.demands.size(), 1);
        kept[at(first.demand)] = kept[at(second.demand)] = 0;
        if (!finder.find(kept)) return;
      }
      bool cut = false;
      found[c] = pair(first, second, cut);
      if (cut) told = true;
    });
    for (auto& one : found) {
      if (one) moves_.pairs.push_back(std::move(*one));
    }
    std::sort(moves_.pairs.begin(), moves_.pairs.end(), [](const MovePair& a, const MovePair& b) {
      return std::tie(a.share, a.first, a.second) < std::tie(b.share, b.first, b.second);
    });
    return !cut_off && !told && !finder.stopped();
  }

 private:
  const PartyNumber& number(const Giving& giving) const { return moves_.moves[giving.move].number; }

  // The value nearest to the present one that allows a place; nothing: none of the range does.
  std::optional<Rational> value_for(const Move& move, ZoneSearch::Side side, bool strict,
                                    const Rational& place) const {
    const auto allows = [&](const Rational& value) {
      switch (side) {
        case ZoneSearch::Side::at_least: return strict ? value < place : value <= place;
        case ZoneSearch::Side::at_most: return strict ? value > place : value >= place;
        case ZoneSearch::Side::only: return value == place;
        default: return value != place;
      }
    };
    if (allows(move.from)) return move.from;
    if (move.range.values.empty()) return allows(place) ? std::optional(place) : std::nullopt;
    std::optional<Rational> nearest;
    for (const Rational& value : move.range.values) {
      if (allows(value) && (!nearest || abs(value - move.from) < abs(*nearest - move.from)))
        nearest = value;
    }
    return nearest;
  }

  std::optional<Giving> giving(std::size_t k) const {
    const Move& move = moves_.moves[k];
    Giving result;
    result.move = k;
    result.demand = move.demand;
    switch (move.number.kind) {
      case PairKind::reservation: {
        const int leaf = holders(problem_, moves_.demands[at(move.demand)].demand).front();
        const Leaf& holder = problem_.leaves[at(leaf)];
        if (holder.reservation <= 0) return std::nullopt;
        Form form = surplus_form(holder);
        const Int128 span = holder.best > holder.reservation ? holder.best - holder.reservation
                                                             : holder.reservation;
        form.factor = make_rational(1, span);
        result.given = std::move(form);
        return result;
      }
      case PairKind::limit_option:
      case PairKind::when_option:
      case PairKind::require_option:
        result.box = zone_.pieces_at(move.number.issue, move.number.option, true);
        return result;
      case PairKind::reservation_place: return std::nullopt;
      default: break;
    }
    const ZoneSearch::Variant variant = zone_.variant(move.number);
    const int j = move.number.issue;
    for (const ProblemIssue& issue : problem_.issues)
      result.box.emplace_back(issue.pieces.size(), 1);
    std::vector<std::vector<std::pair<Rational, Rational>>> terms(problem_.issues.size());
    const ProblemIssue& issue = problem_.issues[at(j)];
    for (std::size_t p = 0; p < issue.pieces.size(); ++p) {
      const auto share_at = [&](const Rational& place) -> std::optional<Rational> {
        const auto value = value_for(move, variant.side, variant.strict, place);
        if (!value) return std::nullopt;
        return -abs(*value - move.from) / issue.scale;
      };
      const auto from = share_at(issue.pieces[p].from);
      const auto to = share_at(issue.pieces[p].to);
      if (!from || !to) result.box[at(j)][p] = 0;
      terms[at(j)].emplace_back(from.value_or(0), to.value_or(0));
    }
    result.given = fraction_form(terms);
    return result;
  }

  // Conflicts no two of which have a demand in common; at most kTooManyConflicts. Nothing: stopped.
  std::optional<std::vector<DemandSet>> apart_conflicts(const ZoneFinder& finder) const {
    std::vector<DemandSet> conflicts;
    DemandSet rest(moves_.demands.size(), 1);
    while (conflicts.size() < kTooManyConflicts) {
      if (finder.find(rest)) break;
      if (finder.stopped()) return std::nullopt;
      DemandSet conflict = rest;
      for (std::size_t d = 0; d < conflict.size(); ++d) {
        if (!conflict[d]) continue;
        conflict[d] = 0;
        if (finder.find(conflict)) conflict[d] = 1;
        if (finder.stopped()) return std::nullopt;
      }
      for (std::size_t d = 0; d < conflict.size(); ++d) {
        if (conflict[d]) rest[d] = 0;
      }
      conflicts.push_back(std::move(conflict));
    }
    return conflicts;
  }

  // Every conflict has to lose a demand.
  bool may_open(const Giving& a, const Giving& b, const std::vector<DemandSet>& conflicts) const {
    // One settlement is not two options.
    const bool options =
        !a.given && !b.given && a.demand == b.demand && number(a).issue == number(b).issue;
    return !options && std::all_of(conflicts.begin(), conflicts.end(), [&](const DemandSet& one) {
      return one[at(a.demand)] || one[at(b.demand)];
    });
  }

  // Neither opens the zone alone, so that every package that both together could open needs both to
  // give way: the least of what they do not give is what they have in common.
  std::optional<MovePair> pair(const Giving& a, const Giving& b, bool& cut) const {
    const Asking asking = zone_.lenient(number(a), number(b));
    ZoneSearch::Box box = a.box.empty() ? b.box : a.box;
    if (!a.box.empty() && !b.box.empty()) {
      for (std::size_t j = 0; j < box.size(); ++j) {
        for (std::size_t p = 0; p < box[j].size(); ++p) box[j][p] &= b.box[j][p];
      }
    }
    for (const auto& pieces : box) {
      if (std::find(pieces.begin(), pieces.end(), 1) == pieces.end()) return std::nullopt;
    }
    ZoneSearch::Found found = zone_.find(asking, box);
    if (found.package && (a.given || b.given)) {
      std::vector<Form> forms;
      if (a.given) forms.push_back(*a.given);
      if (b.given) forms.push_back(*b.given);
      found = zone_.greatest_least(asking, box, forms);
    } else {
      found.value = 0;
    }
    cut = found.stopped;
    if (found.stopped || !found.package) return std::nullopt;
    MovePair pair;
    pair.first = a.move;
    pair.second = b.move;
    pair.share = -found.value;
    pair.package = *found.package;
    pair.first_to = brought_to(a, pair);
    pair.second_to = brought_to(b, pair);
    return pair;
  }

  // The number when it gives the share.
  Rational brought_to(const Giving& giving, const MovePair& pair) const {
    const Move& move = moves_.moves[giving.move];
    if (!giving.given) return 1 - move.from;
    const Rational& share = pair.share;
    if (move.number.kind == PairKind::reservation) {
      const int leaf = holders(problem_, moves_.demands[at(giving.demand)].demand).front();
      const Leaf& holder = problem_.leaves[at(leaf)];
      const Int128 span =
          holder.best > holder.reservation ? holder.best - holder.reservation : holder.reservation;
      return std::max(Rational(0), Rational(move.from - share * make_rational(span) / holder.unit));
    }
    const ZoneSearch::Variant variant = zone_.variant(move.number);
    if (variant.side == ZoneSearch::Side::only || variant.side == ZoneSearch::Side::all_but) {
      return *value_for(move, variant.side, variant.strict,
                        pair.package.places[at(move.number.issue)]);
    }
    const Rational reach = share * problem_.issues[at(move.number.issue)].scale;
    const bool down = variant.side == ZoneSearch::Side::at_least;
    Rational to = down ? Rational(move.from - reach) : Rational(move.from + reach);
    to = std::clamp(to, move.range.low, *move.range.high);
    if (move.range.values.empty()) return to;
    // The farthest value within reach.
    Rational best = move.from;
    for (const Rational& value : move.range.values) {
      if (down ? value < best && value >= to : value > best && value <= to) best = value;
    }
    return best;
  }

  const ZoneSearch& zone_;
  const Problem& problem_;
  Moves& moves_;
  const Progress& progress_;
  std::vector<Giving> givings_;
};

}  // namespace

bool find_pairs(const ZoneSearch& zone, int jobs, const Progress& progress, Moves& moves) {
  return PairFinder(zone, moves, progress).find(jobs);
}

}  // namespace zopa
