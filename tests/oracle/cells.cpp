// SPDX-License-Identifier: MIT
#include "tests/oracle/cells.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace zopa::oracle {
namespace {

using Places = std::vector<Rational>;

void sort_unique(Places& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

void add_tests(const Condition& condition, std::vector<Places>& turns) {
  for (const zopa::Test& test : condition) {
    Places& on = turns[static_cast<std::size_t>(test.issue)];
    if (test.relation == Relation::one_of)
      on.insert(on.end(), test.places.begin(), test.places.end());
    else
      on.push_back(test.place.likely);
  }
}

void add_tests(const Consent& node, std::vector<Places>& turns) {
  add_tests(node.when, turns);
  for (const Consent& member : node.members) add_tests(member, turns);
}

enum class Role { require, when };

// The answer of a test on a piece of a continuous issue.
bool holds_on(const zopa::Test& test, const Rational& from, const Rational& to, Role role) {
  if (from != to) return test.holds((from + to) / 2);
  const Rational& place = test.place.likely;
  const bool closed = role == Role::require;
  switch (test.relation) {
    case Relation::less:
    case Relation::at_most: return closed ? from <= place : from < place;
    case Relation::greater:
    case Relation::at_least: return closed ? from >= place : from > place;
    default: return test.holds(from);
  }
}

LpRow negated(const LpRow& row) {
  LpRow result{row.coefficients, -row.bound};
  for (Rational& c : result.coefficients) c = -c;
  return result;
}

}  // namespace

Cells::Cells(const Scenario& scenario) : scenario_(scenario), reading_(read_leaves(scenario)) {
  const std::size_t m = scenario.issues.size();
  std::vector<Places> turns(m);
  std::vector<Places> cuts(m);
  for (const Rule& rule : scenario.rules)
    add_tests(rule.when, turns), add_tests(rule.require, turns);
  add_tests(scenario.consent, turns);
  for (const Party& party : scenario.parties) {
    for (const LinkedDemand& demand : party.demands)
      add_tests(demand.when, turns), add_tests(demand.require, turns);
    for (const Position& position : party.positions) {
      const auto j = static_cast<std::size_t>(position.issue);
      if (!scenario.issues[j].continuous()) continue;
      for (const Rational& kink : kinks(scenario.issues[j], position)) cuts[j].push_back(kink);
      if (position.limit && position.limit->low)
        turns[j].push_back(position.limit->low->place.likely);
      if (position.limit && position.limit->high)
        turns[j].push_back(position.limit->high->place.likely);
    }
  }
  std::vector<std::vector<Piece>> pieces(m);
  for (std::size_t j = 0; j < m; ++j) {
    const Issue& issue = scenario.issues[j];
    for (int k = 0; k < issue.settlements(); ++k)
      pieces[j].push_back({issue.place(k), issue.place(k)});
    if (!issue.continuous()) continue;
    Places& ends = cuts[j];
    sort_unique(turns[j]);
    std::erase_if(turns[j], [&](const Rational& x) { return !issue.admits(x); });
    ends.insert(ends.end(), turns[j].begin(), turns[j].end());
    ends.push_back(issue.low);
    ends.push_back(issue.high);
    sort_unique(ends);
    for (std::size_t e = 0; e + 1 < ends.size(); ++e) pieces[j].push_back({ends[e], ends[e + 1]});
    for (const Rational& x : turns[j]) pieces[j].push_back({x, x});
  }
  cut(pieces);

  best_.resize(reading_.leaves.size());
  for (const Cell& cell : cells_)
    for (std::size_t i = 0; i < reading_.leaves.size(); ++i) {
      if (!cell.leaves[i].utility) continue;
      const auto highest = maximise(cell.leaves[i].utility->slope, cell.rows);
      const Rational u = highest->value + cell.leaves[i].utility->constant;
      if (!best_[i] || u > *best_[i]) best_[i] = u;
    }
}

void Cells::cut(const std::vector<std::vector<Piece>>& pieces) {
  std::vector<Piece> chosen;
  const std::function<void()> extend = [&] {
    if (chosen.size() == pieces.size()) {
      if (auto cell = make_cell(chosen)) cells_.push_back(std::move(*cell));
      return;
    }
    for (const Piece& piece : pieces[chosen.size()]) {
      chosen.push_back(piece);
      extend();
      chosen.pop_back();
    }
  };
  extend();
}

Cells::Linear Cells::along(const std::vector<Piece>& pieces, std::size_t issue,
                           const Rational& at_from, const Rational& at_to) const {
  Linear result{at_from, Places(pieces.size(), 0)};
  result.slope[issue] = at_to - at_from;
  return result;
}

std::optional<Cells::Cell> Cells::make_cell(const std::vector<Piece>& pieces) const {
  const std::size_t m = pieces.size();
  const auto holds_in = [&](const Condition& condition, Role role) {
    return std::all_of(condition.begin(), condition.end(), [&](const zopa::Test& test) {
      const auto j = static_cast<std::size_t>(test.issue);
      if (!scenario_.issues[j].continuous()) return test.holds(pieces[j].from);
      return holds_on(test, pieces[j].from, pieces[j].to, role);
    });
  };
  Cell cell;
  cell.pieces = pieces;
  for (std::size_t j = 0; j < m; ++j) {
    LpRow row{Places(m, 0), pieces[j].from == pieces[j].to ? 0 : 1};
    row.coefficients[j] = 1;
    cell.rows.push_back(row);
  }
  for (const Rule& rule : scenario_.rules) {
    if (rule.sum.empty()) {
      if (holds_in(rule.when, Role::when) && !holds_in(rule.require, Role::require))
        return std::nullopt;
      continue;
    }
    LpRow at_most{Places(m, 0), 0};
    Rational constant = 0;
    for (const auto& [index, coefficient] : rule.sum) {
      const auto j = static_cast<std::size_t>(index);
      constant += coefficient * pieces[j].from;
      at_most.coefficients[j] += coefficient * (pieces[j].to - pieces[j].from);
    }
    const auto upper = [&](const Rational& bound) {
      at_most.bound = bound - constant;
      cell.rows.push_back(at_most);
    };
    const auto lower = [&](const Rational& bound) {
      at_most.bound = bound - constant;
      cell.rows.push_back(negated(at_most));
    };
    if (rule.at_least) lower(*rule.at_least);
    if (rule.at_most) upper(*rule.at_most);
    if (rule.equals) lower(*rule.equals), upper(*rule.equals);
  }
  if (!maximise(Places(m, 0), cell.rows)) return std::nullopt;

  for (const Leaf& leaf : reading_.leaves) {
    const Party& party = scenario_.parties[static_cast<std::size_t>(leaf.party)];
    CellLeaf made;
    made.asked = holds_in(leaf.when, Role::when);
    for (const LeafDemand& demand : leaf.demands) {
      const auto index = static_cast<std::size_t>(demand.demand.index);
      if (demand.demand.kind == Demand::Kind::linked) {
        const LinkedDemand& linked = party.demands[index];
        if (holds_in(linked.when, Role::when) && !holds_in(linked.require, Role::require))
          made.within = false, made.hard_broken = true;
        continue;
      }
      const Issue& issue = scenario_.issues[index];
      const Limit& limit = *party.position(demand.demand.index)->limit;
      const Piece& piece = pieces[index];
      if (limit.accepted) {
        if (!limit.accepts(piece.from)) made.within = false, made.hard_broken = true;
        continue;
      }
      const LimitEnd& end = demand.low_end ? *limit.low : *limit.high;
      Limit one;
      (demand.low_end ? one.low : one.high) = end;
      const Rational middle = (piece.from + piece.to) / 2;
      if (one.accepts(issue.continuous() ? middle : piece.from)) continue;
      made.within = false;
      const Rational measured_from = soft_end(issue, end, demand.low_end);
      const Rational sign = demand.low_end ? 1 : -1;
      Rational length = issue.scale_high() - issue.scale_low();
      if (length == 0) length = 1;
      made.soft.push_back(along(pieces, index, sign * (piece.from - measured_from) / length,
                                sign * (piece.to - measured_from) / length));
    }
    if (leaf.has_utility) {
      Linear sum{0, Places(m, 0)};
      for (std::size_t j = 0; j < m; ++j) {
        if (leaf.salience[j] == 0) continue;
        const Position& position = *party.position(static_cast<int>(j));
        const Issue& issue = scenario_.issues[j];
        const Rational from = leaf.salience[j] * worth(issue, position, pieces[j].from);
        const Rational to = leaf.salience[j] * worth(issue, position, pieces[j].to);
        sum.constant += from;
        sum.slope[j] = to - from;
      }
      made.utility = sum;
    }
    cell.leaves.push_back(made);
  }
  return cell;
}

// The minimal sets of asked leaves whose consent suffices. The empty set: nobody is asked.
std::vector<Cells::Coalition> Cells::winning(const Tree& tree, const Cell& cell) const {
  const std::size_t n = cell.leaves.size();
  std::vector<unsigned> minimal;
  for (unsigned size = 0; size <= n; ++size)
    for (unsigned set = 0; set < (1U << n); ++set) {
      if (static_cast<unsigned>(__builtin_popcount(set)) != size) continue;
      if (std::any_of(minimal.begin(), minimal.end(),
                      [&](unsigned smaller) { return (smaller & set) == smaller; }))
        continue;
      std::vector<int> ranks(n, kNever);
      bool asked = true;
      for (std::size_t i = 0; i < n; ++i) {
        const bool member = ((set >> i) & 1U) != 0;
        asked = asked && (!member || cell.leaves[i].asked);
        if (member) ranks[i] = 0;
        if (!cell.leaves[i].asked) ranks[i] = kNotAsked;
      }
      if (asked && tree_rank(tree, ranks) != kNever) minimal.push_back(set);
    }
  std::vector<Coalition> coalitions;
  for (const unsigned set : minimal) {
    coalitions.emplace_back();
    for (std::size_t i = 0; i < n; ++i)
      if (((set >> i) & 1U) != 0) coalitions.back().push_back(i);
  }
  return coalitions;
}

// Rows over (λ, t⁺, t⁻) that say t ≤ the value of every leaf of the coalition; with `at_least`,
// rows over λ alone with that number in place of t. Nothing when a value is −∞ (or below
// `at_least`) on the whole cell.
std::optional<std::vector<LpRow>> Cells::rows_of_value(
    const Cell& cell, const Coalition& coalition, Kind kind, int without_party,
    const std::optional<Rational>& at_least) const {
  const std::size_t m = cell.pieces.size();
  std::vector<LpRow> rows = cell.rows;
  if (!at_least)
    for (LpRow& row : rows) row.coefficients.resize(m + 2, 0);
  // scale · t ≤ linear + constant
  const auto below = [&](const Linear& linear, const Rational& shift, const Rational& scale) {
    LpRow row{linear.slope, linear.constant - shift};
    for (Rational& c : row.coefficients) c = -c;
    if (at_least) {
      row.bound -= scale * *at_least;
    } else {
      row.coefficients.push_back(scale);
      row.coefficients.push_back(-scale);
    }
    rows.push_back(row);
  };
  const Linear zero{0, Places(m, 0)};
  const Linear one{1, Places(m, 0)};
  below(one, 0, 1);
  for (const std::size_t i : coalition) {
    const CellLeaf& leaf = cell.leaves[i];
    if (reading_.leaves[i].party == without_party) continue;
    if (kind == Kind::hard ? !leaf.within : leaf.hard_broken) return std::nullopt;
    for (const Linear& soft : leaf.soft) below(soft, 0, 1);
    if (!leaf.utility) continue;
    const Rational& r = reading_.leaves[i].reservation;
    if (*best_[i] < r) return std::nullopt;
    below(*leaf.utility, r, *best_[i] - r);
    if (*best_[i] == r) below(zero, 0, 1);
  }
  return rows;
}

Value Cells::depth_in(const Cell& cell, const Tree& tree, Kind kind, int without_party,
                      const std::vector<LpRow>& more) const {
  const std::size_t m = cell.pieces.size();
  Value greatest;
  for (const Coalition& coalition : winning(tree, cell)) {
    auto rows = rows_of_value(cell, coalition, kind, without_party, std::nullopt);
    if (!rows) continue;
    for (const LpRow& row : more) {
      rows->push_back(row);
      rows->back().coefficients.resize(m + 2, 0);
    }
    Places objective(m + 2, 0);
    objective[m] = 1;
    objective[m + 1] = -1;
    const auto optimum = maximise(objective, *rows);
    if (optimum && (!greatest || optimum->value > *greatest)) greatest = optimum->value;
  }
  return greatest;
}

Value Cells::depth(const Tree& tree, Kind kind, int without_party) const {
  Value greatest;
  for (const Cell& cell : cells_) {
    const Value value = depth_in(cell, tree, kind, without_party, {});
    if (value && (!greatest || *value > *greatest)) greatest = value;
  }
  return greatest;
}

Value Cells::pair_depth(int i, int j, Kind kind) const {
  Tree both;
  for (std::size_t l = 0; l < reading_.leaves.size(); ++l) {
    if (reading_.leaves[l].party != i && reading_.leaves[l].party != j) continue;
    Tree leaf;
    leaf.kind = Consent::Kind::leaf;
    leaf.leaf = static_cast<int>(l);
    both.members.push_back(leaf);
  }
  return depth(both, kind, -1);
}

std::vector<Range> Cells::projection(std::size_t j, Kind kind, const Rational& value) const {
  std::vector<Range> found;
  const std::size_t m = scenario_.issues.size();
  for (const Cell& cell : cells_)
    for (const Coalition& coalition : winning(reading_.tree, cell)) {
      const auto rows = rows_of_value(cell, coalition, kind, -1, value);
      if (!rows) continue;
      Places objective(m, 0);
      objective[j] = 1;
      const auto high = maximise(objective, *rows);
      if (!high) continue;
      objective[j] = -1;
      const auto low = maximise(objective, *rows);
      const Piece& piece = cell.pieces[j];
      found.push_back({piece.from - low->value * (piece.to - piece.from),
                       piece.from + high->value * (piece.to - piece.from)});
    }
  std::sort(found.begin(), found.end(),
            [](const Range& a, const Range& b) { return a.low < b.low; });
  const Issue& issue = scenario_.issues[j];
  std::vector<Range> runs;
  for (const Range& range : found) {
    const bool joined =
        !runs.empty() && (range.low <= runs.back().high ||
                          (!issue.continuous() && *issue.settlement_at(range.low) ==
                                                      *issue.settlement_at(runs.back().high) + 1));
    if (!joined) runs.push_back(range);
    if (range.high > runs.back().high) runs.back().high = range.high;
  }
  return runs;
}

bool Cells::contains(const Cell& cell, const Places& places) const {
  for (std::size_t j = 0; j < places.size(); ++j)
    if (places[j] < cell.pieces[j].from || places[j] > cell.pieces[j].to) return false;
  return true;
}

// λ fixed at the package.
std::vector<LpRow> Cells::rows_at(const Cell& cell, const Places& places) const {
  std::vector<LpRow> rows;
  for (std::size_t j = 0; j < places.size(); ++j) {
    const Piece& piece = cell.pieces[j];
    LpRow row{Places(places.size(), 0), 0};
    row.coefficients[j] = 1;
    if (piece.from != piece.to) row.bound = (places[j] - piece.from) / (piece.to - piece.from);
    rows.push_back(row);
    rows.push_back(negated(row));
  }
  return rows;
}

Value Cells::tree_value(const Places& places, Kind kind) const {
  Value greatest;
  for (const Cell& cell : cells_) {
    if (!contains(cell, places)) continue;
    const Value value = depth_in(cell, reading_.tree, kind, -1, rows_at(cell, places));
    if (value && (!greatest || *value > *greatest)) greatest = value;
  }
  return greatest;
}

bool Cells::in_space(const Places& places) const {
  return std::any_of(cells_.begin(), cells_.end(), [&](const Cell& cell) {
    if (!contains(cell, places)) return false;
    std::vector<LpRow> rows = cell.rows;
    for (const LpRow& row : rows_at(cell, places)) rows.push_back(row);
    return maximise(Places(places.size(), 0), rows).has_value();
  });
}

// Length or area of {λ : rows}, in the units of the continuous issues: a polygon is cut row by row.
Rational Cells::area(const Cell& cell, const std::vector<LpRow>& rows) const {
  std::vector<std::size_t> axes;
  Rational scale = 1;
  for (std::size_t j = 0; j < cell.pieces.size(); ++j) {
    if (!scenario_.issues[j].continuous()) continue;
    axes.push_back(j);
    scale *= cell.pieces[j].to - cell.pieces[j].from;
  }
  if (axes.empty() || axes.size() > 2) throw std::logic_error("one or two continuous issues");
  if (scale == 0) return 0;
  using Point = std::pair<Rational, Rational>;
  std::vector<Point> polygon = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  for (const LpRow& row : rows) {
    const auto room = [&](const Point& p) {
      Rational result = row.bound - row.coefficients[axes[0]] * p.first;
      if (axes.size() == 2) result -= row.coefficients[axes[1]] * p.second;
      return result;
    };
    std::vector<Point> kept;
    for (std::size_t k = 0; k < polygon.size(); ++k) {
      const Point& a = polygon[k];
      const Point& b = polygon[(k + 1) % polygon.size()];
      const Rational room_a = room(a);
      const Rational room_b = room(b);
      if (room_a >= 0) kept.push_back(a);
      if ((room_a > 0 && room_b < 0) || (room_a < 0 && room_b > 0)) {
        const Rational share = room_a / (room_a - room_b);
        kept.emplace_back(a.first + share * (b.first - a.first),
                          a.second + share * (b.second - a.second));
      }
    }
    polygon = kept;
  }
  Rational twice = 0;
  for (std::size_t k = 0; k < polygon.size(); ++k) {
    const Point& a = polygon[k];
    const Point& b = polygon[(k + 1) % polygon.size()];
    twice += a.first * b.second - a.second * b.first;
  }
  return scale * twice / 2;
}

Rational Cells::measure_of_space() const {
  Rational sum = 0;
  for (const Cell& cell : cells_) sum += area(cell, cell.rows);
  return sum;
}

// One set of rows over λ for each way the tree can accept in the cell.
std::vector<std::vector<LpRow>> Cells::zone_parts(const Cell& cell) const {
  std::vector<std::vector<LpRow>> parts;
  for (const Coalition& coalition : winning(reading_.tree, cell)) {
    auto rows = rows_of_value(cell, coalition, Kind::hard, -1, Rational(0));
    if (rows && maximise(Places(cell.pieces.size(), 0), *rows)) parts.push_back(std::move(*rows));
  }
  return parts;
}

// By inclusion and exclusion over the ways the tree can accept.
Rational Cells::measure_of_zone() const {
  Rational sum = 0;
  for (const Cell& cell : cells_) {
    const auto parts = zone_parts(cell);
    for (unsigned set = 1; set < (1U << parts.size()); ++set) {
      std::vector<LpRow> rows;
      for (std::size_t k = 0; k < parts.size(); ++k)
        if (((set >> k) & 1U) != 0) rows.insert(rows.end(), parts[k].begin(), parts[k].end());
      const Rational part = area(cell, rows);
      sum += __builtin_popcount(set) % 2 == 1 ? part : Rational(-part);
    }
  }
  return sum;
}

const std::vector<Rational>& Cells::best_in_zone() const {
  if (best_in_zone_) return *best_in_zone_;
  std::vector<Value> best(reading_.leaves.size());
  for (const Cell& cell : cells_)
    for (const auto& rows : zone_parts(cell))
      for (std::size_t i = 0; i < best.size(); ++i) {
        const CellLeaf& leaf = cell.leaves[i];
        if (!leaf.utility) continue;
        const Rational u =
            leaf.asked
                ? Rational(leaf.utility->constant + maximise(leaf.utility->slope, rows)->value)
                : *best_[i];
        if (!best[i] || u > *best[i]) best[i] = u;
      }
  best_in_zone_.emplace();
  for (const Value& value : best) best_in_zone_->push_back(value.value_or(0));
  return *best_in_zone_;
}

// One linear function a leaf with a utility; nothing for a leaf whose margin is not a number.
std::vector<std::optional<Cells::Linear>> Cells::measured(const Cell& cell, Measure measure) const {
  std::vector<std::optional<Linear>> functions;
  for (std::size_t i = 0; i < cell.leaves.size(); ++i) {
    const CellLeaf& leaf = cell.leaves[i];
    if (!leaf.utility) continue;
    const Rational& r = reading_.leaves[i].reservation;
    Linear u = *leaf.utility;
    if (!leaf.asked) u = {*best_[i], Places(cell.pieces.size(), 0)};
    u.constant -= r;
    Rational by = 1;
    if (measure == Measure::margin) by = *best_[i] - r;
    if (measure == Measure::hope) by = best_in_zone()[i] - r;
    if (by <= 0 && measure == Measure::hope) {
      u = {1, Places(cell.pieces.size(), 0)};
      by = 1;
    }
    if (by <= 0) {
      functions.emplace_back();
      continue;
    }
    u.constant /= by;
    for (Rational& slope : u.slope) slope /= by;
    functions.emplace_back(u);
  }
  return functions;
}

// Within one convex part, in turn: the greatest least value, then the leaves that cannot rise above
// it are fixed.
std::optional<std::vector<Rational>> Cells::leximin_in(const Cell& cell, Measure measure,
                                                       const std::vector<LpRow>& more) const {
  const std::size_t m = cell.pieces.size();
  const auto functions = measured(cell, measure);
  if (std::any_of(functions.begin(), functions.end(), [](const auto& f) { return !f; }))
    return std::nullopt;
  std::optional<std::vector<Rational>> greatest;
  for (std::vector<LpRow> rows : zone_parts(cell)) {
    rows.insert(rows.end(), more.begin(), more.end());
    std::vector<Rational> vector;
    std::vector<char> fixed(functions.size(), 0);
    // f(λ) ≥ bound, or with t: f(λ) ≥ t
    const auto at_least = [&](const Linear& f, const Rational& bound) {
      LpRow row{f.slope, f.constant - bound};
      for (Rational& c : row.coefficients) c = -c;
      return row;
    };
    if (!maximise(Places(m, 0), rows)) continue;
    while (vector.size() < functions.size()) {
      std::vector<LpRow> with_t = rows;
      for (LpRow& row : with_t) row.coefficients.resize(m + 2, 0);
      for (std::size_t k = 0; k < functions.size(); ++k) {
        if (fixed[k]) continue;
        LpRow row = at_least(*functions[k], 0);
        row.coefficients.push_back(1);
        row.coefficients.push_back(-1);
        with_t.push_back(row);
      }
      Places objective(m + 2, 0);
      objective[m] = 1;
      objective[m + 1] = -1;
      const Rational t = maximise(objective, with_t)->value;
      std::vector<LpRow> level = rows;
      for (std::size_t k = 0; k < functions.size(); ++k)
        if (!fixed[k]) level.push_back(at_least(*functions[k], t));
      for (std::size_t k = 0; k < functions.size(); ++k) {
        if (fixed[k]) continue;
        if (maximise(functions[k]->slope, level)->value + functions[k]->constant > t) continue;
        fixed[k] = 1;
        vector.push_back(t);
      }
      rows = level;
    }
    if (!greatest || vector > *greatest) greatest = vector;
  }
  return greatest;
}

std::optional<std::vector<Rational>> Cells::leximin(Measure measure) const {
  std::optional<std::vector<Rational>> greatest;
  for (const Cell& cell : cells_) {
    const auto vector = leximin_in(cell, measure, {});
    if (vector && (!greatest || *vector > *greatest)) greatest = vector;
  }
  return greatest;
}

std::optional<std::vector<Rational>> Cells::vector_at(const Places& places, Measure measure) const {
  std::optional<std::vector<Rational>> greatest;
  for (const Cell& cell : cells_) {
    if (!contains(cell, places)) continue;
    const auto vector = leximin_in(cell, measure, rows_at(cell, places));
    if (vector && (!greatest || *vector > *greatest)) greatest = vector;
  }
  return greatest;
}

std::optional<Rational> Cells::sum_in(const Cell& cell, const std::vector<LpRow>& more) const {
  Linear sum{0, Places(cell.pieces.size(), 0)};
  for (const auto& f : measured(cell, Measure::surplus)) {
    sum.constant += f->constant;
    for (std::size_t j = 0; j < sum.slope.size(); ++j) sum.slope[j] += f->slope[j];
  }
  std::optional<Rational> greatest;
  for (std::vector<LpRow> rows : zone_parts(cell)) {
    rows.insert(rows.end(), more.begin(), more.end());
    const auto optimum = maximise(sum.slope, rows);
    if (optimum && (!greatest || optimum->value + sum.constant > *greatest))
      greatest = optimum->value + sum.constant;
  }
  return greatest;
}

std::optional<Rational> Cells::greatest_sum_of_surpluses() const {
  std::optional<Rational> greatest;
  for (const Cell& cell : cells_) {
    const auto sum = sum_in(cell, {});
    if (sum && (!greatest || *sum > *greatest)) greatest = sum;
  }
  return greatest;
}

std::optional<Rational> Cells::sum_of_surpluses_at(const Places& places) const {
  std::optional<Rational> greatest;
  for (const Cell& cell : cells_) {
    if (!contains(cell, places)) continue;
    const auto sum = sum_in(cell, rows_at(cell, places));
    if (sum && (!greatest || *sum > *greatest)) greatest = sum;
  }
  return greatest;
}

}  // namespace zopa::oracle
