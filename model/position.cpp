// SPDX-License-Identifier: MIT
#include "model/position.hpp"

#include <algorithm>

#include "model/tools/error.hpp"

namespace zopa {
namespace {

bool among(const std::vector<Rational>& places, const Rational& x) {
  return std::find(places.begin(), places.end(), x) != places.end();
}

// Straight line through (x0, y0) and (x1, y1), x0 < x1, at x.
Rational line(const Rational& x0, const Rational& y0, const Rational& x1, const Rational& y1,
              const Rational& x) {
  return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

}  // namespace

bool Test::holds(const Rational& x) const {
  switch (relation) {
    case Relation::at_most: return x <= place.likely;
    case Relation::less: return x < place.likely;
    case Relation::at_least: return x >= place.likely;
    case Relation::greater: return x > place.likely;
    case Relation::equal: return x == place.likely;
    case Relation::not_equal: return x != place.likely;
    case Relation::one_of: return among(places, x);
  }
  throw ModelError("unknown relation");
}

bool holds(const Condition& condition, const std::vector<Rational>& package) {
  return std::all_of(condition.begin(), condition.end(), [&](const Test& test) {
    return test.holds(package.at(static_cast<std::size_t>(test.issue)));
  });
}

bool Limit::accepts(const Rational& x) const {
  if (accepted) return among(*accepted, x);
  if (low && (low->strict ? x <= low->place.likely : x < low->place.likely)) return false;
  if (high && (high->strict ? x >= high->place.likely : x > high->place.likely)) return false;
  return true;
}

bool Accepts::contains(const Rational& x) const {
  return options.empty() ? low <= x && x <= high : among(options, x);
}

Rational worth(const Issue& issue, const Position& position, const Rational& place) {
  if (!position.value.empty()) {
    const auto& points = position.value;
    if (place <= points.front().place) return points.front().worth.likely;
    if (place >= points.back().place) return points.back().worth.likely;
    const auto after =
        std::find_if(points.begin(), points.end(), [&](const auto& p) { return p.place >= place; });
    const auto& b = *after;
    if (b.place == place) return b.worth.likely;
    const auto& a = *std::prev(after);
    return line(a.place, a.worth.likely, b.place, b.worth.likely, place);
  }
  if (!position.ideal) throw ModelError("worth of a position without ideal and value");
  const Ideal& ideal = *position.ideal;
  if (issue.kind == IssueKind::unordered) return among(ideal.options, place) ? 1 : 0;
  const Rational& low = ideal.low.likely;
  const Rational& high = ideal.high.likely;
  if (place < low) return line(issue.scale_low(), 0, low, 1, place);
  if (place > high) return line(high, 1, issue.scale_high(), 0, place);
  return 1;
}

std::vector<Rational> kinks(const Issue& issue, const Position& position) {
  std::vector<Rational> places;
  if (!position.value.empty()) {
    for (const Breakpoint& point : position.value) places.push_back(point.place);
  } else if (position.ideal && issue.kind == IssueKind::numeric) {
    places = {position.ideal->low.likely, position.ideal->high.likely};
  }
  std::erase_if(
      places, [&](const Rational& x) { return x <= issue.scale_low() || x >= issue.scale_high(); });
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

}  // namespace zopa
