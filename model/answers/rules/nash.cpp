// SPDX-License-Identifier: MIT
#include <algorithm>

#include "model/answers/optima.hpp"

namespace zopa {
namespace {

const Integer kGreatestExponent = 1000;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// The packages of the zone at which no asked leaf's value is negative, whether it can be outvoted
// or not.
Search::Request candidates(const RuleContext& context) {
  Search::Request request = zone_request(context);
  Tree everybody;
  everybody.kind = Consent::Kind::all;
  everybody.members.push_back(context.problem.tree);
  for (const int i : leaves_of(context.problem.tree)) {
    Tree leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.leaf = i;
    everybody.members.push_back(leaf);
  }
  request.tree = std::move(everybody);
  return request;
}

Level product_of(std::vector<Item> items, std::vector<Rational> exponents) {
  return {Level::Kind::product, 1, std::move(items), std::move(exponents), false};
}

// Whole exponents in the proportions of the parties' power; nothing when they would be too large.
std::optional<std::vector<Rational>> exponents(const RuleContext& context) {
  std::vector<Rational> powers;
  Integer unit = 1;
  for (const int i : context.leaves) {
    const int party = context.problem.leaves[at(i)].party;
    powers.push_back(context.settings.power ? context.scenario.parties[at(party)].power
                                            : Rational(1));
    unit = common_multiple(unit, denominator(powers.back()));
  }
  Integer common = 0;
  for (Rational& power : powers) {
    power *= unit;
    common = gcd(common, numerator(power));
  }
  if (common == 0) return std::nullopt;
  for (Rational& power : powers) {
    power /= common;
    if (numerator(power) > kGreatestExponent) return std::nullopt;
  }
  return powers;
}

// The greatest value of a level over the request; absent: nothing there, or stopped.
struct Greatest {
  bool stopped = false;
  std::optional<Rational> value;
};

Greatest greatest(RuleContext& context, Search::Request request, Level level) {
  request.level = std::move(level);
  const auto result = context.finder.search(DepthKind::hard).run(request);
  return {!result.finished, result.value};
}

// The greatest product is 0: whoever can gain at all is to gain. Tries the sets of leaves that
// gain, larger ones first, and keeps the best product of their margins, then leximin of all
// margins.
class Degenerate {
 public:
  explicit Degenerate(RuleContext& context) : context_(context) {
    for (const int leaf : context.leaves) surpluses_.push_back(surplus_item(context, leaf));
  }

  Agreement pick() {
    std::vector<std::size_t> able;  // who can gain somewhere
    for (std::size_t g = 0; g < surpluses_.size(); ++g) {
      if (can_gain({g})) able.push_back(g);
    }
    for (std::size_t size = able.size(); size > 0 && sets_.empty() && !stopped_; --size)
      collect(able, size, 0, {});
    if (sets_.empty()) sets_.push_back({});
    if (!stopped_) return best_of_sets();
    Agreement none;
    none.note = "not found before the search was stopped";
    return none;
  }

 private:
  // Whether some candidate gives all of them more than their reservation.
  bool can_gain(const std::vector<std::size_t>& who) {
    Level least{Level::Kind::least_sum, 1, {}, {}, false};
    for (const std::size_t g : who) least.items.push_back(surpluses_[g]);
    const Greatest found = greatest(context_, candidates(context_), least);
    stopped_ = stopped_ || found.stopped;
    return found.value && *found.value > 0;
  }

  void collect(const std::vector<std::size_t>& able, std::size_t size, std::size_t from,
               std::vector<std::size_t> who) {
    if (stopped_) return;
    if (who.size() == size) {
      sets_.push_back(std::move(who));
      return;
    }
    for (std::size_t next = from; next + (size - who.size()) <= able.size(); ++next) {
      std::vector<std::size_t> more = who;
      more.push_back(able[next]);
      if (can_gain(more)) collect(able, size, next + 1, more);
    }
  }

  std::vector<Level> levels(const std::vector<std::size_t>& who) {
    std::vector<Level> all;
    if (!who.empty()) {
      std::vector<Item> margins;
      for (const std::size_t g : who) margins.push_back(margin_item(context_, context_.leaves[g]));
      all.push_back(product_of(std::move(margins), {}));
    }
    for (Level& level : leximin_of_margins(context_)) all.push_back(std::move(level));
    return all;
  }

  // Each set picks its own; the best values win, and sets that tie join their optima.
  Agreement best_of_sets() {
    std::vector<Rational> best_values;
    Agreement best;
    for (const auto& who : sets_) {
      std::vector<Rational> values;
      Agreement here = best_in(context_, candidates(context_), levels(who), &values);
      if (!here.exists) return here;
      if (!best_values.empty() && values < best_values) continue;
      const bool better = best_values.empty() || best_values < values;
      best = better ? std::move(here) : joined(std::move(best), std::move(here));
      best_values = values;
    }
    return best;
  }

  static Agreement joined(Agreement a, Agreement b) {
    if (before(*b.package, *a.package)) std::swap(a, b);
    for (std::size_t j = 0; j < a.package->places.size(); ++j) {
      const auto span = [&](const Agreement& x) {
        return x.range[j] ? *x.range[j] : Span{x.package->places[j], x.package->places[j]};
      };
      const Span both{std::min(span(a).low, span(b).low), std::max(span(a).high, span(b).high)};
      if (both.low < both.high) a.range[j] = both;
    }
    a.continuum = a.continuum || b.continuum;
    a.at_least = a.at_least || b.at_least;
    if (a.continuum) {
      a.optima.reset();
    } else {
      *a.optima += *b.optima;
    }
    return a;
  }

  RuleContext& context_;
  std::vector<Item> surpluses_;
  std::vector<std::vector<std::size_t>> sets_;
  bool stopped_ = false;
};

}  // namespace

Agreement nash(RuleContext& context) {
  Agreement agreement;
  const auto powers = exponents(context);
  if (!powers) {
    agreement.note =
        "left out: the powers of the parties are not in proportions of whole numbers "
        "up to 1000";
    return agreement;
  }
  Level least{Level::Kind::least_sum, 1, {}, {}, false};
  std::vector<Item> items;
  std::vector<Rational> used;
  for (std::size_t g = 0; g < context.leaves.size(); ++g) {
    if ((*powers)[g] == 0) continue;
    items.push_back(surplus_item(context, context.leaves[g]));
    used.push_back((*powers)[g]);
  }
  least.items = items;
  const Greatest worst_off = greatest(context, candidates(context), least);
  if (worst_off.stopped) {
    agreement.note = "not found before the search was stopped";
    return agreement;
  }
  if (!worst_off.value) {
    agreement.note = "none: at every package of the zone somebody who is outvoted refuses";
    return agreement;
  }
  if (*worst_off.value > 0) {
    agreement = best_in(context, candidates(context), {product_of(items, used)});
  } else {
    agreement = Degenerate(context).pick();
    agreement.degenerate =
        "the greatest product is 0: most parties with a gain, then the product of their margins, "
        "then leximin of margins";
  }
  return agreement;
}

}  // namespace zopa
