// SPDX-License-Identifier: MIT
#include "model/answers/moves.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <numeric>
#include <tuple>

#include "model/answers/headroom.hpp"
#include "model/answers/move_pairs.hpp"
#include "model/answers/redundancy.hpp"
#include "model/answers/zone_search.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

using MoveKind = PartyNumber::Kind;

// Newton steps towards one crossing; a finite problem needs far fewer.
constexpr int kMostNewtonSteps = 10'000;

// Stretches of an ideal on a continuous issue that are looked into, a move.
constexpr int kMostPlateaus = 4'000;

// Their least width. Some of them stay open beside a crossing.
const Rational kFinest = kMoveBracket / 256;

bool is_option(MoveKind kind) {
  return kind == MoveKind::ideal_option || kind == MoveKind::limit_option ||
         kind == MoveKind::when_option || kind == MoveKind::require_option;
}

bool is_worth(MoveKind kind) {  // acts on utilities alone
  switch (kind) {
    case MoveKind::salience:
    case MoveKind::ideal:
    case MoveKind::ideal_low:
    case MoveKind::ideal_high:
    case MoveKind::ideal_option:
    case MoveKind::worth: return true;
    default: return false;
  }
}

Stretch whole_range(const NumberRange& range) { return {range.low, range.high}; }

// The values of a finite range that pass, as runs.
template <class Test>
Stretches runs(const std::vector<Rational>& values, const Test& test) {
  Stretches result;
  bool goes_on = false;
  for (const Rational& value : values) {
    const bool open = test(value);
    if (open && goes_on) {
      result.back().to = value;
    } else if (open) {
      result.push_back({value, value});
    }
    goes_on = open;
  }
  return result;
}

// A multiple of 2⁻³⁴ in (x, x + kMoveBracket].
Rational just_above(const Rational& x) {
  const Integer scale = Integer(1) << 34U;
  const Rational scaled = (x + kMoveBracket) * scale;
  Integer below = numerator(scaled) / denominator(scaled);
  if (Rational(below) > scaled) --below;
  return Rational(below, scale);
}

// A multiple of 2⁻³⁴ in [x − kMoveBracket, x).
Rational just_below(const Rational& x) { return -just_above(-x); }

// A number that moves T along a line (see Headroom): T(p) = base(p) + θ·slope(p).
struct LinearNumber {
  Headroom::Line base;
  Headroom::Line slope;
  NumberRange range;

  Headroom::Line at(const Rational& value) const {
    Headroom::Line line = base;
    for (std::size_t k = 0; k < line.size(); ++k) {
      line[k].first += value * slope[k].first;
      line[k].second += value * slope[k].second;
    }
    return line;
  }
};

// What is known of a move so far.
struct Outcome {
  Stretches open;
  bool bounded = false;
  bool settled = true;
};

// Where g(θ) = max over packages of rest(x) + base(x_j) + θ·slope(x_j) is at least 0. As a greatest
// of lines g is convex, so that it is below 0 on one open interval at most. From both ends of the
// range Newton's method follows the line of the package found last to its zero, asks for the best
// package there, and is done when that has nothing left: g(t) = 0. Source: Dinkelbach (1967),
// pp. 492–498.
class LinearMove {
 public:
  LinearMove(Headroom& headroom, const LinearNumber& number, std::vector<Package>& known)
      : headroom_(headroom), number_(number), known_(known) {}

  Outcome find() {
    Outcome outcome;
    for (const Package& package : known_) add(package);
    std::optional<Rational> left;
    std::optional<Rational> right;
    if (!everything_) left = from_low();
    if (!everything_) right = from_high();
    if (!everything_ && left && right && (*left >= *right || !parted(*left, *right)))
      everything_ = true;
    outcome.settled = !stopped_;
    outcome.bounded = bounded_;
    if (everything_) {
      outcome.open = {whole_range(number_.range)};
      return outcome;
    }
    if (left) join(outcome.open, {number_.range.low, *left});
    if (right) join(outcome.open, {*right, number_.range.high});
    return outcome;
  }

 private:
  // Notes what the package opens: c + a·θ ≥ 0. All is open when that of known packages covers the
  // range.
  void add(const Package& package) {
    const Rational c = headroom_.rest(package) + headroom_.at_package(number_.base, package);
    const Rational a = headroom_.at_package(number_.slope, package);
    const bool at_low = c + a * number_.range.low >= 0;
    if (a >= 0 && at_low) everything_ = true;
    if (a < 0 && at_low) {
      const Rational end = -c / a;
      if (!best_left_ || end > *best_left_) best_left_ = end;
      if (number_.range.high && end >= *number_.range.high) everything_ = true;
    }
    if (a > 0 && !at_low) {
      const Rational end = -c / a;
      if ((!number_.range.high || end <= *number_.range.high) &&
          (!best_right_ || end < *best_right_)) {
        best_right_ = end;
      }
    }
    if (best_left_ && best_right_ && *best_left_ >= *best_right_) everything_ = true;
  }

  enum class Sign { negative, zero, positive, unknown };

  // The sign of g, and what the best package there opens.
  Sign look(const Rational& value) {
    const Headroom::Best best = headroom_.greatest(number_.at(value), {.at_least = Rational(0)});
    if (best.stopped) {
      stopped_ = true;
      return Sign::unknown;
    }
    if (!best.package) return Sign::negative;
    add(*best.package);
    known_.push_back(*best.package);
    if (best.value > 0) return Sign::positive;
    if (best.value == 0 && best.bound == 0) return Sign::zero;
    if (best.value == 0) return Sign::unknown;
    return best.bound < 0 ? Sign::negative : Sign::unknown;
  }

  // How far the open values go on from the low end; nothing: they do not.
  std::optional<Rational> from_low() {
    if (!best_left_) {
      const Sign sign = look(number_.range.low);
      if (sign == Sign::unknown && !best_left_) stopped_ = true;
      if (stopped_ || everything_ || !best_left_) return best_left_;
    }
    return follow(best_left_, just_above);
  }

  std::optional<Rational> from_high() {
    if (!best_right_) {
      if (number_.range.high) {
        const Sign sign = look(*number_.range.high);
        if (sign == Sign::unknown && !best_right_) stopped_ = true;
      } else {
        look_far();
      }
      if (stopped_ || everything_ || !best_right_) return best_right_;
    }
    return follow(best_right_, just_below);
  }

  // For θ → ∞ packages with the greatest slope win.
  void look_far() {
    const Headroom::Best steepest = headroom_.steepest(number_.slope);
    stopped_ = stopped_ || steepest.stopped;
    if (stopped_ || !steepest.package) return;
    if (steepest.value > 0) {
      add(*steepest.package);
      known_.push_back(*steepest.package);
      return;
    }
    if (steepest.bound < 0) return;
    // No slope is above 0. Where it is 0 the base decides, and whatever opens anything at all with
    // it opens everything.
    const Headroom::Best flat = headroom_.greatest(
        number_.base, {.at_least = Rational(0), .any = true, .not_below_zero = number_.slope});
    stopped_ = stopped_ || flat.stopped;
    if (stopped_ || !flat.package) return;
    add(*flat.package);
    if (!everything_) stopped_ = true;  // numbers too long to tell
  }

  // Newton's steps; `end` is where the open values are known to go.
  template <class Beyond>
  std::optional<Rational> follow(std::optional<Rational>& end, const Beyond& beyond) {
    for (int step = 0; step < kMostNewtonSteps; ++step) {
      const Rational here = *end;
      const Sign sign = look(here);
      if (everything_ || stopped_ || sign == Sign::zero) return end;
      if (*end != here) continue;
      if (sign == Sign::positive) {  // a flat line: everything further on is open
        everything_ = true;
        return end;
      }
      // The line of the end is 0 here, but whether another is above could not be told: numbers are
      // too long. Just beyond, a bound on all of them can be below 0.
      bounded_ = true;
      Rational next = std::max(number_.range.low, beyond(here));
      if (number_.range.high) next = std::min(*number_.range.high, next);
      const Sign after = look(next);
      if (everything_ || stopped_ || after == Sign::negative) return end;
      if (*end != here) continue;
      const bool met = best_left_ && best_right_ && *best_right_ - *best_left_ <= kMoveBracket;
      stopped_ = !met && next != here;
      return end;
    }
    stopped_ = true;
    return end;
  }

  // Whether g is below 0 between two places where it is not above: then it is everywhere between.
  bool parted(const Rational& left, const Rational& right) {
    const Sign sign = look((left + right) / 2);
    if (sign == Sign::unknown && right - left > kMoveBracket) stopped_ = true;
    if (sign == Sign::unknown) bounded_ = true;
    return sign == Sign::negative || sign == Sign::unknown;
  }

  Headroom& headroom_;
  const LinearNumber& number_;
  std::vector<Package>& known_;
  std::optional<Rational> best_left_;   // [low, this] is open
  std::optional<Rational> best_right_;  // [this, high] is open
  bool everything_ = false;
  bool bounded_ = false;
  bool stopped_ = false;
};

// ------------------------------------------------------------------------------------------------

class MoveFinder {
 public:
  MoveFinder(const Scenario& scenario, const Problem& problem, const MoveSettings& settings)
      : scenario_(scenario),
        problem_(problem),
        settings_(settings),
        stages_(settings.progress),
        progress_(stages_.progress()),
        zone_(scenario, problem, progress_) {}

  Moves find() {
    result_.demands = named_demands(scenario_, problem_);
    const auto first = zone_.find(zone_.variants().all());
    if (first.stopped) result_.complete = false;
    result_.open = first.package.has_value();
    if (first.package) known_ = {*first.package};
    list();
    if (first.stopped) {
      result_.pairs_complete = false;
      result_.redundant.resize(result_.demands.size());
      for (Move& move : result_.moves) move.settled = false;
      return std::move(result_);
    }
    if (settings_.moves) find_moves();
    if (settings_.redundant) {
      stages_.reach(0.7);
      find_redundant();
    } else {
      result_.redundant.resize(result_.demands.size());
    }
    result_.pairs_complete = settings_.pairs && settings_.moves && result_.complete;
    if (result_.pairs_complete && !result_.open) {
      stages_.reach(0.8);
      result_.pairs_complete = find_pairs(zone_, settings_.jobs, progress_, result_);
    }
    return std::move(result_);
  }

 private:
  // The numbers asked about, and a part of the problem for each that needs one.
  void list() {
    for (const PartyNumber& number : party_numbers(scenario_)) {
      const Rational from = number_value(scenario_, number);
      if (is_option(number.kind) && number.kind != MoveKind::ideal_option) {
        // Of lists that only one side of the question is about: in a closed zone what would ask for
        // less, in an open one what would ask for more.
        const bool asks_less = (from == 0) != (number.kind == MoveKind::when_option);
        if (asks_less == result_.open) continue;
      }
      Move move;
      move.number = number;
      move.from = from;
      move.range = number_range(scenario_, number);
      if (const auto demand = number_demand(scenario_, number)) {
        const auto same =
            std::find_if(result_.demands.begin(), result_.demands.end(),
                         [&](const NamedDemand& named) { return named.demand == *demand; });
        if (same == result_.demands.end()) continue;  // of leaves without a utility
        move.demand = static_cast<int>(same - result_.demands.begin());
        move.firm = same->firm;
      } else {
        const Party& party = scenario_.parties[at(number.party)];
        move.firm = party.firm || party.position(number.issue)->firm;
      }
      result_.moves.push_back(std::move(move));
    }
  }

  void find_moves() {
    // One job a demand's number, one for all numbers of a party's worths on an issue.
    std::vector<std::vector<std::size_t>> jobs;
    std::map<std::tuple<int, int>, std::size_t> of_worth;
    for (std::size_t k = 0; k < result_.moves.size(); ++k) {
      const PartyNumber& number = result_.moves[k].number;
      const bool shared = is_worth(number.kind) || number.kind == MoveKind::reservation_place;
      if (shared) {
        const auto [place, fresh] = of_worth.try_emplace({number.party, number.issue}, jobs.size());
        if (!fresh) {
          jobs[place->second].push_back(k);
          continue;
        }
      }
      jobs.push_back({k});
    }
    std::atomic<std::size_t> done{0};
    parallel_for(settings_.jobs, jobs.size(), [&](std::size_t each) {
      const auto& job = jobs[each];
      const PartyNumber& number = result_.moves[job[0]].number;
      if (is_worth(number.kind) || number.kind == MoveKind::reservation_place) {
        find_worths(job);
      } else {
        Move& move = result_.moves[job[0]];
        finish(move, number.kind == MoveKind::reservation ? reservation(move) : of_demand(move));
      }
      stages_.reach(0.7 * static_cast<double>(++done) / static_cast<double>(jobs.size()));
    });
    for (const Move& move : result_.moves) result_.complete = result_.complete && move.settled;
  }

  // ------------------------------------------------------------------------------- what comes out

  void finish(Move& move, Outcome outcome) const {
    move.open = std::move(outcome.open);
    move.settled = outcome.settled;
    const NumberRange& range = move.range;
    for (const Stretch& stretch : move.open) {
      if (stretch.from > range.low) move.crossings.push_back(stretch.from);
      if (stretch.to && (!range.high || *stretch.to < *range.high) &&
          (move.crossings.empty() || move.crossings.back() != *stretch.to)) {
        move.crossings.push_back(*stretch.to);
      }
    }
    const bool bracketed = outcome.bounded && !move.crossings.empty();
    if (bracketed || problem_.rounded) move.proof = Proof::bounded;
    std::optional<Rational>& at = result_.open ? move.closes_at : move.opens_at;
    const auto offer = [&](const Rational& value) {
      if (!at || abs(value - move.from) < abs(*at - move.from)) at = value;
    };
    for (const Stretch& stretch : move.open) {
      if (!result_.open) {
        offer(stretch.to ? std::clamp(move.from, stretch.from, *stretch.to)
                         : std::max(move.from, stretch.from));
      } else if (holds({stretch}, move.from)) {
        if (stretch.from > range.low) offer(stretch.from);
        if (stretch.to && (!range.high || *stretch.to < *range.high)) offer(*stretch.to);
      }
    }
    if (at) move.share = share(move.number, move.from, *at);
  }

  Rational share(const PartyNumber& number, const Rational& from, const Rational& to) const {
    if (is_option(number.kind) || number.kind == MoveKind::worth ||
        number.kind == MoveKind::reservation)
      return abs(to - from);
    if (number.kind != MoveKind::salience)
      return abs(to - from) / problem_.issues[at(number.issue)].scale;
    Rational others = -from;
    for (const Position& position : scenario_.parties[at(number.party)].positions)
      others += position.salience.likely;
    const auto weight = [&](const Rational& salience) {
      return others + salience == 0 ? Rational(0) : Rational(salience / (others + salience));
    };
    return abs(weight(to) - weight(from));
  }

  static Outcome stopped() {
    Outcome outcome;
    outcome.settled = false;
    return outcome;
  }

  Outcome everything(const Move& move) const { return {{whole_range(move.range)}, false, true}; }

  // ------------------------------------------------------------------------------------ demands

  // Limits and tests: the zone is that where nothing meets the demand, together with the packages
  // of that where it asks for less that have a place which the number allows.
  Outcome of_demand(const Move& move) {
    const ZoneSearch::Variant variant = zone_.variant(move.number);
    if (result_.open) {
      const auto hopeless = zone_.find(variant.hopeless);
      if (hopeless.stopped) return stopped();
      if (hopeless.package) return everything(move);
    }
    switch (variant.side) {
      case ZoneSearch::Side::at_least:
      case ZoneSearch::Side::at_most: return of_end(move, variant);
      default: return of_places(move, variant);
    }
  }

  // Places at least, or at most, θ are allowed: the farthest place that extends decides.
  Outcome of_end(const Move& move, const ZoneSearch::Variant& variant) {
    const bool at_least = variant.side == ZoneSearch::Side::at_least;
    const auto extreme =
        zone_.extreme(variant.lenient, move.number.issue, at_least ? 1 : -1, known_);
    if (extreme.stopped) return stopped();
    Outcome outcome;
    if (!extreme.package) return outcome;
    const Rational& place = extreme.package->places[at(move.number.issue)];
    const auto open = [&](const Rational& value) {
      if (variant.strict ? place == value : false) return false;
      return at_least ? value <= place : value >= place;
    };
    if (!move.range.values.empty()) {
      outcome.open = runs(move.range.values, open);
    } else if (at_least) {
      outcome.open = {{move.range.low, place}};
    } else {
      outcome.open = {{place, move.range.high}};
    }
    return outcome;
  }

  // The place θ alone is allowed (or all but it), or an option is listed: the places that extend
  // decide.
  Outcome of_places(const Move& move, const ZoneSearch::Variant& variant) {
    const int j = move.number.issue;
    if (is_option(move.number.kind)) {
      // One side of the question is settled: see `list`.
      const Rational other = 1 - move.from;
      const auto& asking = result_.open ? zone_.variants().all() : variant.lenient;
      const auto found =
          zone_.find(asking, zone_.pieces_at(j, move.number.option, /*inside=*/!result_.open));
      if (found.stopped) return stopped();
      Outcome outcome;
      outcome.open = runs(move.range.values, [&](const Rational& value) {
        return value == other ? found.package.has_value() : result_.open;
      });
      return outcome;
    }
    Outcome outcome;
    Stretches places =
        zone_.projection(variant.lenient, j, known_, outcome.bounded, outcome.settled);
    const bool all_but = variant.side == ZoneSearch::Side::all_but;
    if (!move.range.values.empty()) {
      outcome.open = runs(move.range.values, [&](const Rational& value) {
        if (!all_but) return holds(places, value);
        return places.size() > 1 || (places.size() == 1 && places[0] != Stretch{value, value});
      });
    } else {
      outcome.open = std::move(places);
    }
    return outcome;
  }

  // The reservation as a number: the greatest utility of packages acceptable but for it.
  Outcome reservation(const Move& move) {
    const std::vector<int> leaves =
        holders(problem_, {Demand::Kind::reservation, move.number.party, 0});
    if (result_.open) {
      const auto hopeless = zone_.find(zone_.variants().refusing(zone_.variants().all(), leaves));
      if (hopeless.stopped) return stopped();
      if (hopeless.package) return everything(move);
    }
    const auto best = zone_.most_utility(leaves[0], leaves);
    if (best.stopped) return stopped();
    Outcome outcome;
    if (best.package) outcome.open = {{0, std::min(Rational(1), best.value)}};
    return outcome;
  }

  // ------------------------------------------------------------------------------------- worths

  void find_worths(const std::vector<std::size_t>& job) {
    const PartyNumber& first = result_.moves[job[0]].number;
    const std::vector<int> leaves = Headroom::leaves(problem_, first.party, first.issue);
    const auto settle = [&](const auto& outcome_of) {
      for (const std::size_t k : job) finish(result_.moves[k], outcome_of(result_.moves[k]));
    };
    const Variants& variants = zone_.variants();
    std::vector<Package> known = known_;
    if (result_.open) {
      const auto hopeless = zone_.find(variants.refusing(variants.all(), leaves));
      if (hopeless.stopped) return settle([](const Move&) { return stopped(); });
      if (hopeless.package) return settle([&](const Move& move) { return everything(move); });
    } else {
      const auto lenient = zone_.find(variants.without_reservations(variants.all(), leaves));
      if (lenient.stopped) return settle([](const Move&) { return stopped(); });
      if (!lenient.package) return settle([](const Move&) { return Outcome(); });
      known = {*lenient.package};
    }
    Headroom headroom(scenario_, variants, first.party, first.issue, progress_);
    Worths worths(*this, headroom, first, known);
    settle([&](const Move& move) { return worths.find(move); });
  }

  // The numbers of a party's worths on one issue. See Headroom.
  class Worths {
   public:
    Worths(const MoveFinder& finder, Headroom& headroom, const PartyNumber& number,
           std::vector<Package>& known)
        : finder_(finder),
          headroom_(headroom),
          issue_(finder.scenario_.issues[at(number.issue)]),
          party_(finder.scenario_.parties[at(number.party)]),
          position_(*party_.position(number.issue)),
          known_(known) {
      for (const auto& [j, place] : party_.reservation.package) {
        if (j == number.issue) reference_ = place.likely;
      }
      if (party_.reservation.utility) reservation_ = party_.reservation.utility->likely;
    }

    Outcome find(const Move& move) {
      switch (move.number.kind) {
        case MoveKind::salience:
        case MoveKind::worth: return LinearMove(headroom_, linear(move), known_).find();
        case MoveKind::reservation_place: return of_reservation_place(move);
        default: break;
      }
      if (!move.range.values.empty()) return of_values(move);
      return issue_.continuous() ? of_plateaus(move) : of_profile(move);
    }

   private:
    const Rational& salience() const { return position_.salience.likely; }

    // T for a changed position: s_j (v_j(p) − ref_j).
    Headroom::Line line(const Position& position) const {
      const Rational reference = reference_ ? worth(issue_, position, *reference_) : reservation_;
      return headroom_.line([&](const Rational& place) {
        return Rational(salience() * (worth(issue_, position, place) - reference));
      });
    }

    LinearNumber linear(const Move& move) const {
      LinearNumber number;
      number.range = move.range;
      Position alone = position_;  // worths as they grow with the number
      Rational by = salience();
      if (move.number.kind == MoveKind::worth) {
        for (Breakpoint& point : alone.value) point.worth = Number(Rational(0));
        alone.value[at(move.number.index)].worth = Number(Rational(1));
      } else {
        by = 1;
      }
      Rational reference = reference_ ? worth(issue_, alone, *reference_) : Rational(0);
      if (move.number.kind == MoveKind::salience && !reference_) reference = reservation_;
      number.slope = headroom_.line([&](const Rational& place) {
        return Rational(by * (worth(issue_, alone, place) - reference));
      });
      number.base = line(position_);
      for (std::size_t k = 0; k < number.base.size(); ++k) {
        number.base[k].first -= move.from * number.slope[k].first;
        number.base[k].second -= move.from * number.slope[k].second;
      }
      return number;
    }

    // s_j (v_j(x_j) − v_j(θ)) + rest(x) ≥ 0 for some x: the worth of the place must not exceed what
    // the best of the others leaves.
    Outcome of_reservation_place(const Move& move) {
      if (!most_worth_) {
        const Headroom::Line full = headroom_.line([&](const Rational& place) {
          return Rational(salience() * worth(issue_, position_, place));
        });
        most_worth_ = headroom_.greatest(full, {});
      }
      if (most_worth_->stopped) return stopped();
      Outcome outcome;
      if (!most_worth_->package) return outcome;
      const Rational most = most_worth_->value / salience();
      outcome.bounded = most_worth_->bound != most_worth_->value;
      const auto open = [&](const Rational& place) {
        return worth(issue_, position_, place) <= most;
      };
      if (!move.range.values.empty()) {
        outcome.open = runs(move.range.values, open);
        return outcome;
      }
      std::vector<Rational> ends = kinks(issue_, position_);
      ends.insert(ends.begin(), issue_.low);
      ends.push_back(issue_.high);
      for (std::size_t e = 0; e + 1 < ends.size(); ++e) {
        const Rational from = worth(issue_, position_, ends[e]);
        const Rational to = worth(issue_, position_, ends[e + 1]);
        if (from > most && to > most) continue;
        Stretch part{ends[e], ends[e + 1]};
        if (from > most || to > most) {
          const Rational turn = ends[e] + (ends[e + 1] - ends[e]) * (most - from) / (to - from);
          (from > most ? part.from : *part.to) = turn;
        }
        join(outcome.open, part);
      }
      return outcome;
    }

    // One question a value.
    Outcome of_values(const Move& move) {
      Outcome outcome;
      outcome.open = runs(move.range.values, [&](const Rational& value) {
        if (value == move.from) return finder_.result_.open;
        if (!outcome.settled) return false;
        const Scenario changed = with_number(finder_.scenario_, move.number, value);
        const Headroom::Line there =
            line(*changed.parties[at(move.number.party)].position(move.number.issue));
        for (const Package& package : known_) {
          if (headroom_.rest(package) + headroom_.at_package(there, package) >= 0) return true;
        }
        const Headroom::Best best =
            headroom_.greatest(there, {.at_least = Rational(0), .any = true});
        if (best.stopped) outcome.settled = false;
        if (!best.package) return false;
        known_.push_back(*best.package);
        // Just below 0, and the bound, where numbers are too long, just above: not to be told.
        if (best.value < 0) outcome.settled = false;
        return best.value >= 0;
      });
      return outcome;
    }

    // ---- ideals on issues with steps: the best rest of every settlement, as far as it matters

    struct Box {
      int from = 0;
      int to = 0;
      Headroom::Best best;
    };

    const Headroom::Best& best_of(int from, int to) {
      const auto known = profile_.find({from, to});
      if (known != profile_.end()) return known->second;
      if (nothing_.empty()) nothing_ = headroom_.line([](const Rational&) { return Rational(0); });
      std::vector<char> pieces(at(issue_.settlements()), 0);
      for (int k = from; k <= to; ++k) pieces[at(k)] = 1;
      return profile_[{from, to}] = headroom_.greatest(nothing_, {.pieces = pieces});
    }

    Outcome of_profile(const Move& move) {
      const IdealReach reach(issue_, position_, move.number.kind, reference_, move.range);
      const auto values = [&](const Rational& place, const Rational& rest) {
        const Rational need = (reference_ ? Rational(0) : reservation_) - rest / salience();
        return reach.values(place, need);
      };
      Outcome outcome;
      IdealReach::Set open;
      for (const Package& package : known_) {
        IdealReach::join(open,
                         values(package.places[at(move.number.issue)], headroom_.rest(package)));
      }
      std::vector<std::pair<int, int>> boxes = {{0, issue_.settlements() - 1}};
      while (!boxes.empty()) {
        const auto [from, to] = boxes.back();
        boxes.pop_back();
        const Headroom::Best best = best_of(from, to);
        if (best.stopped) return stopped();
        if (!best.package) continue;
        // What the box could open if every settlement had its best rest.
        IdealReach::Set hoped;
        for (int k = from; k <= to; ++k)
          IdealReach::join(hoped, values(issue_.place(k), best.bound));
        if (IdealReach::holds(open, hoped)) continue;
        const Rational& place = best.package->places[at(move.number.issue)];
        IdealReach::join(open, values(place, best.value));
        outcome.bounded = outcome.bounded || best.value != best.bound;
        if (from == to) continue;
        const int middle = from + (to - from) / 2;
        const int at_best = *issue_.settlement_at(place);
        (at_best <= middle ? profile_[{from, middle}] : profile_[{middle + 1, to}]) = best;
        boxes.emplace_back(middle + 1, to);
        boxes.emplace_back(from, middle);
      }
      outcome.open = reach.stretches(open, outcome.bounded);
      return outcome;
    }

    // ---- ideals on continuous issues: proof stretch by stretch

    // A value at which a package is acceptable.
    struct OpenPoint {
      Rational value;
      Package package;
    };

    Outcome of_plateaus(const Move& move) {
      const IdealReach reach(issue_, position_, move.number.kind, reference_, move.range);
      const int j = move.number.issue;
      IdealReach::Set open;
      Outcome outcome;
      const auto take = [&](const Package& package) {
        const Rational need =
            (reference_ ? Rational(0) : reservation_) - headroom_.rest(package) / salience();
        const IdealReach::Set more = reach.values(package.places[at(j)], need);
        IdealReach::join(open, more);
        return more;
      };
      for (const Package& package : known_) take(package);
      // The best package at one value, if it is acceptable there.
      const auto look_at = [&](const Rational& value) -> std::optional<OpenPoint> {
        const auto found = finder_.zone_.on_plateau(move.number, reference_, value, value);
        outcome.settled = outcome.settled && !found.stopped;
        if (!found.package) return std::nullopt;
        bool ignored = false;
        if (!holds(reach.stretches(take(*found.package), ignored), value)) return std::nullopt;
        return OpenPoint{value, *found.package};
      };
      struct Part {
        Rational from;
        Rational to;
        std::optional<OpenPoint> at_from;
        std::optional<OpenPoint> at_to;
      };
      std::vector<Part> parts;
      if (!covers(reach, open, {move.range.low, *move.range.high})) {
        parts.push_back(
            {move.range.low, *move.range.high, look_at(move.range.low), look_at(*move.range.high)});
      }
      Stretches undecided;
      for (int count = 0; !parts.empty() && outcome.settled; ++count) {
        const Part part = std::move(parts.back());
        parts.pop_back();
        const Stretch stretch{part.from, part.to};
        if (covers(reach, open, stretch)) continue;
        if (part.at_from && part.at_to && linked(move, reach, *part.at_from, *part.at_to)) {
          join(open.inside, stretch);
          continue;
        }
        if (!part.at_from && !part.at_to) {
          const auto found = finder_.zone_.on_plateau(move.number, reference_, part.from, part.to);
          outcome.settled = outcome.settled && !found.stopped;
          if (!found.package) continue;
        }
        if (part.to - part.from <= kFinest) {
          undecided.push_back(stretch);
          continue;
        }
        if (count == kMostPlateaus) outcome.settled = false;
        const Rational middle = (part.from + part.to) / 2;
        const std::optional<OpenPoint> point = look_at(middle);
        parts.push_back({middle, part.to, point, part.at_to});
        parts.push_back({part.from, middle, part.at_from, point});
      }
      outcome.open = reach.stretches(open, outcome.bounded);
      for (const Stretch& stretch : undecided) {
        if (holds(outcome.open, stretch)) continue;
        outcome.bounded = true;
        const bool beside =
            std::any_of(outcome.open.begin(), outcome.open.end(), [&](const Stretch& one) {
              return *stretch.to - kMoveBracket <= *one.to &&
                     one.from <= stretch.from + kMoveBracket;
            });
        outcome.settled = outcome.settled && beside;
      }
      return outcome;
    }

    static bool covers(const IdealReach& reach, const IdealReach::Set& open, const Stretch& part) {
      bool ignored = false;
      return holds(reach.stretches(open, ignored), part);
    }

    // Whether the zone is not empty at any value between two points, because a package on the
    // straight way between theirs is acceptable. Both stand alike: on the same pieces, and accepted
    // by the same leaves, so that everybody else's conditions hold between as well. The party's
    // own, rest(x) + s (v(p; θ) − ref) ≥ 0, becomes a polynomial on the way when multiplied with
    // the positive denominators of the worths; it is not negative where its Bernstein coefficients
    // are not. Source of the last step: Farouki (2012), pp. 379–419.
    bool linked(const Move& move, const IdealReach& reach, const OpenPoint& a,
                const OpenPoint& b) const {
      if (!headroom_.one_class() || a.package.pieces != b.package.pieces) return false;
      const Problem& problem = finder_.problem_;
      const std::vector<int> ours = Headroom::leaves(problem, move.number.party, move.number.issue);
      std::vector<LeafValue<int>> values(problem.leaves.size());
      for (int i = 0; i < problem.n(); ++i) {
        const LeafView first = view(problem, i, a.package);
        const LeafView second = view(problem, i, b.package);
        if (!first.asked) continue;
        const bool own = std::find(ours.begin(), ours.end(), i) != ours.end();
        const auto yes = [&](const LeafView& leaf) {
          return leaf.within && (own || !leaf.surplus || *leaf.surplus >= 0);
        };
        values[at(i)] = yes(first) && yes(second) ? std::optional<int>(1) : std::optional<int>();
      }
      const LeafValue<int> value = tree_value<int>(problem.tree, values);
      if (value && !*value) return false;
      const int j = move.number.issue;
      return reach.holds_between({a.value, a.package.places[at(j)], headroom_.rest(a.package)},
                                 {b.value, b.package.places[at(j)], headroom_.rest(b.package)},
                                 salience(), reservation_);
    }

    const MoveFinder& finder_;
    Headroom& headroom_;
    const Issue& issue_;
    const Party& party_;
    const Position& position_;
    std::vector<Package>& known_;
    std::optional<Rational> reference_;  // y_j
    Rational reservation_;               // as a number
    std::optional<Headroom::Best> most_worth_;
    Headroom::Line nothing_;
    std::map<std::pair<int, int>, Headroom::Best> profile_;
  };

  void find_redundant() {
    Redundancy redundancy(zone_, result_.open);
    result_.redundant.resize(result_.demands.size());
    parallel_for(settings_.jobs, result_.demands.size(), [&](std::size_t d) {
      result_.redundant[d] = redundancy.demand(result_.demands[d].demand);
    });
    for (int party = 0; party < problem_.parties; ++party) {
      std::vector<int> leaves;
      for (int i = 0; i < problem_.n(); ++i) {
        if (problem_.leaves[at(i)].party == party) leaves.push_back(i);
      }
      if (leaves.empty()) continue;
      result_.consents.push_back({party, -1, std::nullopt});
      if (leaves.size() == 1) continue;
      for (const int leaf : leaves) result_.consents.push_back({party, leaf, std::nullopt});
    }
    parallel_for(settings_.jobs, result_.consents.size(), [&](std::size_t c) {
      ConsentCost& cost = result_.consents[c];
      std::vector<int> leaves;
      for (int i = 0; i < problem_.n(); ++i) {
        if (cost.leaf < 0 ? problem_.leaves[at(i)].party == cost.party : i == cost.leaf)
          leaves.push_back(i);
      }
      cost.absorbed = redundancy.consent(leaves);
    });
    if (redundancy.stopped()) result_.complete = false;
  }

  const Scenario& scenario_;
  const Problem& problem_;
  const MoveSettings& settings_;
  Stages stages_;
  Progress progress_;
  ZoneSearch zone_;
  std::vector<Package> known_;  // of an open zone
  Moves result_;
};

}  // namespace

Moves find_moves(const Scenario& scenario, const Problem& problem, const MoveSettings& settings) {
  return MoveFinder(scenario, problem, settings).find();
}

std::vector<std::size_t> ranked(const Moves& moves) {
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < moves.moves.size(); ++k) {
    if (moves.moves[k].share) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return *moves.moves[a].share < *moves.moves[b].share;
  });
  return order;
}

}  // namespace zopa
