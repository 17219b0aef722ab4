// SPDX-License-Identifier: MIT
#include "model/answers/stretches.hpp"

#include <algorithm>

namespace zopa {
namespace {

std::optional<Integer> whole_root(const Integer& square) {
  if (square < 0) return std::nullopt;
  const Integer root = sqrt(square);
  return root * root == square ? std::optional(root) : std::nullopt;
}

std::optional<Rational> exact_root(const Rational& square) {
  const auto n = whole_root(numerator(square));
  const auto d = whole_root(denominator(square));
  return n && d ? std::optional(Rational(*n, *d)) : std::nullopt;
}

// To ten decimals.
Rational rounded_down(const Rational& x) {
  const Integer scale = 10'000'000'000;
  const Rational scaled = x * scale;
  Integer down = numerator(scaled) / denominator(scaled);
  if (Rational(down) > scaled) --down;
  return Rational(down, scale);
}

// Coefficients of 1, λ, λ², …
using Polynomial = std::vector<Rational>;

Polynomial product(const Polynomial& a, const Polynomial& b) {
  Polynomial result(a.size() + b.size() - 1);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < b.size(); ++k) result[i + k] += a[i] * b[k];
  }
  return result;
}

// On [0, 1], by its Bernstein coefficients Σ_{k ≤ i} a_k·C(i, k)/C(n, k), whose least is at most
// the least of the polynomial.
bool surely_not_negative(const Polynomial& polynomial) {
  const std::size_t n = polynomial.size() - 1;
  const auto choose = [](std::size_t of, std::size_t k) {
    Rational result = 1;
    for (std::size_t i = 0; i < k; ++i) result *= Rational(Integer(of - i), Integer(i + 1));
    return result;
  };
  for (std::size_t i = 0; i <= n; ++i) {
    Rational coefficient = 0;
    for (std::size_t k = 0; k <= i; ++k) coefficient += polynomial[k] * choose(i, k) / choose(n, k);
    if (coefficient < 0) return false;
  }
  return true;
}

}  // namespace

void join(Stretches& set, const Stretch& more) {
  Stretch whole = more;
  Stretches result;
  for (const Stretch& one : set) {
    const bool before = one.to && *one.to < whole.from;
    const bool behind = whole.to && *whole.to < one.from;
    if (before || behind) {
      result.push_back(one);
      continue;
    }
    whole.from = std::min(whole.from, one.from);
    if (!one.to || !whole.to) {
      whole.to.reset();
    } else {
      whole.to = std::max(*whole.to, *one.to);
    }
  }
  const auto behind = std::find_if(result.begin(), result.end(),
                                   [&](const Stretch& one) { return one.from > whole.from; });
  result.insert(behind, whole);
  set = std::move(result);
}

bool holds(const Stretches& set, const Rational& value) {
  return std::any_of(set.begin(), set.end(), [&](const Stretch& one) {
    return one.from <= value && (!one.to || value <= *one.to);
  });
}

bool holds(const Stretches& set, const Stretch& part) {
  return std::any_of(set.begin(), set.end(), [&](const Stretch& one) {
    return one.from <= part.from && (!one.to || (part.to && *part.to <= *one.to));
  });
}

IdealReach::IdealReach(const Issue& issue, const Position& position, PartyNumber::Kind kind,
                       std::optional<Rational> reference, const NumberRange& range)
    : issue_(issue),
      position_(position),
      kind_(kind),
      reference_(std::move(reference)),
      low_(issue.scale_low()),
      high_(issue.scale_high()),
      least_(range.low),
      most_(*range.high) {}

Rational IdealReach::worth_at(const Rational& place, const Rational& value) const {
  Position changed;
  changed.ideal = position_.ideal;
  if (kind_ != PartyNumber::Kind::ideal_high) changed.ideal->low = Number(value);
  if (kind_ != PartyNumber::Kind::ideal_low) changed.ideal->high = Number(value);
  return worth(issue_, changed, place);
}

// v(p; θ) around θ = middle, an inner point.
IdealReach::Branch IdealReach::branch(const Rational& place, const Rational& middle) const {
  const bool low_moves = kind_ != PartyNumber::Kind::ideal_high;
  const bool high_moves = kind_ != PartyNumber::Kind::ideal_low;
  if (low_moves && place < middle) return {0, place - low_, 0};
  if (high_moves && place > middle) return {0, 0, high_ - place};
  return {worth_at(place, middle), 0, 0};  // beside the end that stands, or among the ideals
}

std::optional<Stretch> IdealReach::solve(const Branch& b, const Rational& need,
                                         const Rational& from, const Rational& to,
                                         bool& bounded) const {
  const auto enough = [&](const Rational& value) {
    Rational sum = b.constant;
    if (b.from_low != 0) sum += b.from_low / (value - low_);
    if (b.from_high != 0) sum += b.from_high / (high_ - value);
    return sum >= need;
  };
  const bool at_from = enough(from);
  const bool at_to = enough(to);
  if (at_from && at_to) return Stretch{from, to};
  if (!at_from && !at_to) return std::nullopt;
  const Rational lacks = need - b.constant;
  std::optional<Rational> root;
  const auto take = [&](const Rational& value) {
    if (from <= value && value <= to) root = value;
  };
  if (b.from_high == 0) {
    take(low_ + b.from_low / lacks);
  } else if (b.from_low == 0) {
    take(high_ - b.from_high / lacks);
  } else {
    // With X = θ − low and W = high − low: lacks·X² + (ν' − ν − lacks·W)·X + ν·W = 0.
    const Rational width = high_ - low_;
    const Rational linear = b.from_high - b.from_low - lacks * width;
    const Rational constant = b.from_low * width;
    if (lacks == 0) {
      take(low_ - constant / linear);
    } else if (const auto r = exact_root(linear * linear - 4 * lacks * constant)) {
      take(low_ + (-linear + *r) / (2 * lacks));
      take(low_ + (-linear - *r) / (2 * lacks));
    }
  }
  if (!root) {
    bounded = true;
    Rational good = at_from ? from : to;
    Rational bad = at_from ? to : from;
    while (abs(good - bad) > kMoveBracket / 2) {
      const Rational middle = (good + bad) / 2;
      (enough(middle) ? good : bad) = middle;
    }
    // A short number on the good side, still within the bracket.
    const Rational short_one = rounded_down(at_from ? good : Rational(-good));
    good = at_from ? std::max(from, short_one) : std::min(to, Rational(-short_one));
    root = good;
  }
  return at_from ? Stretch{from, *root} : Stretch{*root, to};
}

IdealReach::Set IdealReach::values(const Rational& place, const Rational& need) const {
  Set set;
  const auto enough = [&](const Rational& value) {
    Rational worth = worth_at(place, value);
    if (reference_) worth -= worth_at(*reference_, value);
    return worth >= need;
  };
  set.at_low = enough(least_);
  set.at_high = enough(most_);
  std::vector<Rational> turns = {least_, most_, place};
  if (reference_) turns.push_back(*reference_);
  std::erase_if(turns, [&](const Rational& turn) { return turn < least_ || turn > most_; });
  std::sort(turns.begin(), turns.end());
  turns.erase(std::unique(turns.begin(), turns.end()), turns.end());
  for (std::size_t t = 0; t + 1 < turns.size(); ++t) {
    const Rational middle = (turns[t] + turns[t + 1]) / 2;
    Branch difference = branch(place, middle);
    if (reference_) {
      const Branch minus = branch(*reference_, middle);
      difference.constant -= minus.constant;
      difference.from_low -= minus.from_low;
      difference.from_high -= minus.from_high;
    }
    const auto part = solve(difference, need, turns[t], turns[t + 1], set.bounded);
    if (part) zopa::join(set.inside, *part);
  }
  return set;
}

// On which side of a moving end a place stays along a way; nothing: it crosses it.
std::optional<IdealReach::Side> IdealReach::side(const Rational& place, const Rational& value,
                                                 const Rational& place_b,
                                                 const Rational& value_b) const {
  const bool below = place <= value && place_b <= value_b;
  const bool above = place >= value && place_b >= value_b;
  if (!below && !above) return std::nullopt;
  if (below && kind_ != PartyNumber::Kind::ideal_high) return Side::low;
  if (above && kind_ != PartyNumber::Kind::ideal_low) return Side::high;
  return Side::standing;
}

bool IdealReach::holds_between(const Point& a, const Point& b, const Rational& salience,
                               const Rational& reservation) const {
  const auto straight = [](const Rational& from, const Rational& to) {
    return Polynomial{from, to - from};
  };
  const Polynomial to_low = straight(a.value - low_, b.value - low_);
  const Polynomial to_high = straight(high_ - a.value, high_ - b.value);
  // A worth as a quotient: numerator, and which denominators it has.
  struct Quotient {
    Polynomial numerator;
    bool low = false;
    bool high = false;
  };
  const auto quotient = [&](const Rational& place_a,
                            const Rational& place_b) -> std::optional<Quotient> {
    const auto where = side(place_a, a.value, place_b, b.value);
    if (!where) return std::nullopt;
    switch (*where) {
      case Side::low: return Quotient{straight(place_a - low_, place_b - low_), true, false};
      case Side::high: return Quotient{straight(high_ - place_a, high_ - place_b), false, true};
      default: break;
    }
    return Quotient{straight(worth_at(place_a, a.value), worth_at(place_b, b.value)), false, false};
  };
  const auto own = quotient(a.place, b.place);
  if (!own) return false;
  std::vector<std::pair<Rational, Quotient>> terms = {{salience, *own}};
  Polynomial rest = straight(a.rest, b.rest);
  if (reference_) {
    const auto other = quotient(*reference_, *reference_);
    if (!other) return false;
    terms.emplace_back(-salience, *other);
  } else {
    rest[0] -= salience * reservation;
  }
  bool low = false;
  bool high = false;
  for (const auto& [weight, term] : terms) {
    low = low || term.low;
    high = high || term.high;
  }
  const auto times = [&](Polynomial polynomial, bool with_low, bool with_high) {
    if (with_low) polynomial = product(polynomial, to_low);
    if (with_high) polynomial = product(polynomial, to_high);
    return polynomial;
  };
  Polynomial sum = times(rest, low, high);
  for (const auto& [weight, term] : terms) {
    const Polynomial more = times(term.numerator, low && !term.low, high && !term.high);
    sum.resize(std::max(sum.size(), more.size()));
    for (std::size_t k = 0; k < more.size(); ++k) sum[k] += weight * more[k];
  }
  return surely_not_negative(sum);
}

void IdealReach::join(Set& set, const Set& more) {
  for (const Stretch& part : more.inside) zopa::join(set.inside, part);
  set.at_low = set.at_low || more.at_low;
  set.at_high = set.at_high || more.at_high;
  set.bounded = set.bounded || more.bounded;
}

bool IdealReach::holds(const Set& set, const Set& part) {
  return (set.at_low || !part.at_low) && (set.at_high || !part.at_high) &&
         std::all_of(part.inside.begin(), part.inside.end(),
                     [&](const Stretch& one) { return zopa::holds(set.inside, one); });
}

Stretches IdealReach::stretches(const Set& set, bool& bounded) const {
  Stretches result;
  bounded = bounded || set.bounded;
  for (Stretch one : set.inside) {
    if (one.from == least_ && !set.at_low) {
      if (*one.to == least_) continue;
      one.from = std::min(*one.to, Rational(least_ + kMoveBracket));
      bounded = true;
    }
    if (*one.to == most_ && !set.at_high) {
      if (one.from == most_) continue;
      one.to = std::max(one.from, Rational(most_ - kMoveBracket));
      bounded = true;
    }
    zopa::join(result, one);
  }
  if (set.at_low) zopa::join(result, {least_, least_});
  if (set.at_high) zopa::join(result, {most_, most_});
  return result;
}

}  // namespace zopa
