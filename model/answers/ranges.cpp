// SPDX-License-Identifier: MIT
#include "model/answers/ranges.hpp"

#include <algorithm>

#include "model/tools/at.hpp"
#include "model/tools/parallel.hpp"

namespace zopa {
namespace {

// Steps along a continuous issue; more than any sensible scenario has.
constexpr int kMostSteps = 10000;

// ---- sets of places: disjoint closed spans, rising
// ------------------------------------------------

using Spans = std::vector<Span>;

bool before(const Span& a, const Span& b) { return a.low < b.low; }

// Neighbouring settlements of a discrete issue lie `step` apart and join; on a continuous one
// (step 0) only what touches joins.
Spans joined(Spans spans, const Rational& step) {
  std::sort(spans.begin(), spans.end(), before);
  Spans result;
  for (const Span& span : spans) {
    if (!result.empty() && span.low <= result.back().high + step) {
      result.back().high = std::max(result.back().high, span.high);
    } else {
      result.push_back(span);
    }
  }
  return result;
}

Spans common(const Spans& a, const Spans& b) {
  Spans result;
  for (const Span& x : a) {
    for (const Span& y : b) {
      const Span both{std::max(x.low, y.low), std::min(x.high, y.high)};
      if (both.low <= both.high) result.push_back(both);
    }
  }
  return result;
}

Rational step_of(const Issue& issue) {
  if (issue.kind != IssueKind::numeric) return 1;
  return issue.step ? *issue.step : Rational(0);
}

// Number of settlements, or length.
Rational measure(const Issue& issue, const Spans& spans) {
  Rational sum = 0;
  for (const Span& span : spans) {
    const Rational length = span.high - span.low;
    sum += issue.continuous() ? length : Rational(length / step_of(issue) + 1);
  }
  return sum;
}

Rational points(const Spans& spans) { return Rational(static_cast<long>(spans.size())); }

// Of `part` in `whole`; where the whole has no length, points are counted.
double share(const Issue& issue, const Spans& part, const Spans& whole) {
  const Rational all = measure(issue, whole);
  if (all > 0) return to_double(measure(issue, part) / all);
  return to_double(points(part) / points(whole));
}

Spans whole_scale(const Issue& issue) { return {{issue.scale_low(), issue.scale_high()}}; }

template <class Test>
Spans settlements_with(const Issue& issue, const Test& test) {
  Spans spans;
  for (int k = 0; k < issue.settlements(); ++k) {
    const Rational place = issue.place(k);
    if (test(place)) spans.push_back({place, place});
  }
  return joined(spans, step_of(issue));
}

Spans listed(const std::vector<Rational>& places) {
  Spans spans;
  for (const Rational& place : places) spans.push_back({place, place});
  return joined(spans, 0);
}

// What a party allows on an issue: its red line, else what it has shown it would discuss, else all.
Spans allowed(const Issue& issue, const Position* position) {
  if (position == nullptr || (!position->limit && !position->accepts)) return whole_scale(issue);
  if (!issue.continuous()) {
    return settlements_with(issue, [&](const Rational& place) {
      return position->limit ? position->limit->accepts(place) : position->accepts->contains(place);
    });
  }
  if (position->limit) {
    const Limit& limit = *position->limit;
    if (limit.accepted) return listed(*limit.accepted);
    return {{limit.low ? limit.low->place.likely : issue.low,
             limit.high ? limit.high->place.likely : issue.high}};
  }
  if (!position->accepts->options.empty()) return listed(position->accepts->options);
  return {{position->accepts->low, position->accepts->high}};
}

// ---- stated
// ---------------------------------------------------------------------------------------

struct Allowances {
  Spans common;
  Spans any;
};

Allowances stated(const Scenario& scenario, const Problem& problem, int j, int without_party) {
  const Issue& issue = scenario.issues[at(j)];
  Allowances result{whole_scale(issue), {}};
  bool anybody = false;
  for (const Leaf& leaf : problem.leaves) {
    if (!leaf.in_scope[at(j)] || leaf.party == without_party) continue;
    anybody = true;
    const Spans here = allowed(issue, scenario.parties[at(leaf.party)].position(j));
    result.common = common(result.common, here);
    result.any.insert(result.any.end(), here.begin(), here.end());
  }
  result.any = anybody ? joined(result.any, step_of(issue)) : whole_scale(issue);
  return result;
}

// ---- effective
// ------------------------------------------------------------------------------------

// The places of one issue that extend to packages of value ≥ floor.
class Projection {
 public:
  Projection(const Issue& issue, const DepthFinder& finder, DepthKind kind, const Rational& floor,
             int j)
      : issue_(issue), finder_(finder), kind_(kind), floor_(floor), j_(j) {}

  Spans find(const Package& known) {
    return issue_.continuous() ? find_continuous(known) : find_settlements(known);
  }
  bool stopped() const { return stopped_; }

 private:
  const Problem& problem() const { return finder_.problem(); }
  std::size_t pieces() const { return problem().issues[at(j_)].pieces.size(); }

  Search::Request request() const {
    Search::Request request = finder_.request(kind_, {});
    request.floor = floor_;
    return request;
  }

  std::vector<std::vector<char>> every_piece() const {
    std::vector<std::vector<char>> all;
    for (const ProblemIssue& issue : problem().issues) all.emplace_back(issue.pieces.size(), 1);
    return all;
  }

  bool reaches(const Package& package) const {
    if (broken_rule(problem(), package)) return false;
    const auto value = tree_value(problem(), package, kind_);
    return value && *value >= floor_;
  }

  // Asks for a package with any of the settlements not yet seen, until there is none.
  Spans find_settlements(const Package& known) {
    std::vector<char> open(pieces(), 1);
    std::optional<Package> package = known;
    while (package) {
      for (std::size_t k = 0; k < pieces() && !stopped_; ++k) {
        if (!open[k]) continue;
        stopped_ = !finder_.progress()(0);
        Package moved = *package;
        moved.pieces[at(j_)] = static_cast<int>(k);
        moved.places[at(j_)] = issue_.place(static_cast<int>(k));
        if (moved == *package || reaches(moved)) open[k] = 0;
      }
      if (stopped_ || std::find(open.begin(), open.end(), 1) == open.end()) break;
      Search::Request next = request();
      next.any = true;
      next.pieces = every_piece();
      next.pieces[at(j_)] = open;
      const auto result = finder_.search(kind_).run(next);
      stopped_ = stopped_ || !result.finished;
      package = result.package;
    }
    return settlements_with(
        issue_, [&](const Rational& place) { return open[at(*issue_.settlement_at(place))] == 0; });
  }

  // The end of the issue among the packages of a request, with a package that reaches it.
  std::optional<Package> extreme(Search::Request request, int sign, const Package* hint) {
    request.level = Level{
        Level::Kind::weighted, 1, {Item{{finder_.place_form(kind_, j_, sign)}, -1, 1}}, {1}, false};
    if (hint != nullptr) request.hints = {*hint};
    const auto result = finder_.search(kind_).run(request);
    stopped_ = stopped_ || !result.finished;
    return result.finished ? result.package : std::nullopt;
  }

  Search::Request from(const Rational& least) const {
    Search::Request result = request();
    const Rational low = problem().issues[at(j_)].pieces.front().from;
    const Level above{
        Level::Kind::weighted, 1, {Item{{finder_.place_form(kind_, j_, 1)}, -1, 1}}, {1}, false};
    result.done.push_back({above, least - low});
    return result;
  }

  // The span of the issue within the package's own cell: all pieces as they are, and accepted by
  // those who accept the package. What lies between two packages of a cell belongs to it.
  Span cell_span(const Package& package) {
    Search::Request cell = request();
    for (const ProblemIssue& issue : problem().issues)
      cell.pieces.emplace_back(issue.pieces.size());
    for (std::size_t j = 0; j < cell.pieces.size(); ++j) cell.pieces[j][at(package.pieces[j])] = 1;
    Tree who;
    who.kind = Consent::Kind::all;
    for (int i = 0; i < problem().n(); ++i) {
      const LeafView leaf = view(problem(), i, package, kind_);
      if (!leaf.asked || !leaf.value || *leaf.value < floor_) continue;
      Tree member;
      member.kind = Consent::Kind::leaf;
      member.leaf = i;
      who.members.push_back(member);
    }
    cell.tree = std::move(who);
    const auto low = extreme(cell, -1, &package);
    const auto high = extreme(cell, 1, &package);
    const Rational& here = package.places[at(j_)];
    return {low ? low->places[at(j_)] : here, high ? high->places[at(j_)] : here};
  }

  // From left to right: the next place that extends, and how far its cell carries.
  Spans find_continuous(const Package& known) {
    const Rational skip = kNarrowestGap * (issue_.high - issue_.low);
    Spans spans;
    std::optional<Package> package = extreme(request(), -1, &known);
    for (int step = 0; package && !stopped_ && step < kMostSteps; ++step) {
      const Span span = cell_span(*package);
      const bool goes_on = !spans.empty() && package->places[at(j_)] <= spans.back().high + skip;
      if (goes_on) {
        spans.back().high = std::max(spans.back().high, span.high);
      } else {
        spans.push_back({package->places[at(j_)], span.high});
      }
      const Rational next = spans.back().high + skip;
      if (next > issue_.high) return spans;
      package = extreme(from(next), -1, nullptr);
    }
    stopped_ = stopped_ || package.has_value();
    return spans;
  }

  const Issue& issue_;
  const DepthFinder& finder_;
  DepthKind kind_;
  Rational floor_;
  int j_;
  bool stopped_ = false;
};

Span hull(const Spans& spans) { return {spans.front().low, spans.back().high}; }

}  // namespace

std::vector<IssueOverlap> issue_overlaps(const Scenario& scenario, const DepthFinder& finder,
                                         const Depth& depth, int jobs) {
  const Problem& problem = finder.problem();
  std::vector<int> parties;
  for (const Leaf& leaf : problem.leaves) parties.push_back(leaf.party);
  std::sort(parties.begin(), parties.end());
  parties.erase(std::unique(parties.begin(), parties.end()), parties.end());

  const bool zone = depth.low && *depth.low >= 0;
  const bool decided = zone || depth.proof == Proof::exact;
  std::vector<IssueOverlap> result(scenario.issues.size());
  parallel_for(jobs, result.size(), [&](std::size_t each) {
    const int j = static_cast<int>(each);
    const Issue& issue = scenario.issues[each];
    IssueOverlap& overlap = result[each];
    const Allowances together = stated(scenario, problem, j, -1);
    if (!together.common.empty()) {
      overlap.stated = share(issue, together.common, together.any);
      overlap.stated_span = hull(together.common);
    } else {
      for (const int party : parties) {
        if (!stated(scenario, problem, j, party).common.empty())
          overlap.blocked_by.push_back(party);
      }
    }
    overlap.near_zone = decided && !zone;
    overlap.bounded = !decided;
    if (!decided || !depth.package) {
      overlap.linkage = decided && overlap.stated;
      return;
    }
    Projection projection(issue, finder, zone ? DepthKind::hard : depth.kind,
                          zone ? Rational(0) : Rational(*depth.low - kNearZone), j);
    overlap.effective_parts = projection.find(*depth.package);
    overlap.bounded = projection.stopped();
    if (overlap.effective_parts.empty()) return;
    Spans whole = whole_scale(issue);
    if (zone) {
      whole = together.any;
      whole.insert(whole.end(), overlap.effective_parts.begin(), overlap.effective_parts.end());
      whole = joined(whole, step_of(issue));
    }
    overlap.effective = share(issue, overlap.effective_parts, whole);
    overlap.effective_span = hull(overlap.effective_parts);
  });
  return result;
}

}  // namespace zopa
