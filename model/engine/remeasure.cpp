// SPDX-License-Identifier: MIT
#include "model/engine/remeasure.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "model/engine/facet_volume.hpp"
#include "model/tools/at.hpp"
#include "model/tools/linear_program.hpp"

namespace zopa {
namespace {

// Thrown out of a measurement that is too large for its limits, or told to stop.
struct BeyondLimits {};

constexpr std::size_t kMostTurningLeaves = 14;

// A settlement, a place or an open stretch of a scale, and the pieces that a package on it may
// count as.
struct Stratum {
  Rational from, to;
  std::vector<int> pieces;
  bool stretch() const { return from != to; }
};

// Σ_j term_j ≥ need, in whole numbers: a linear rule, or the reservation of a leaf. On a stretch a
// term rises by `rise` from one end to the other.
struct StratumRow {
  struct Term {
    Integer start, rise;
  };
  int leaf = -1;                         // −1: a rule
  const LinearRule* rule = nullptr;      // of a rule
  bool needed = true;                    // nothing that fails it is counted
  std::vector<std::vector<Term>> terms;  // by position in the order of issues and stratum
  Integer need;
  std::vector<Integer> least, most;  // by position: what the issues from there on add
};

// A clause of a rule (leaf −1) or of a leaf's demands, or, without `require`, when a leaf is asked.
struct StratumClause {
  const std::vector<PieceSet>* when = nullptr;
  const std::vector<PieceSet>* require = nullptr;
  int leaf = -1;
  int last_when = -1, last_require = -1;  // positions of their last issues in the order
};

// How a clause stands. `spared`: it holds whatever comes, or the leaf is not asked.
enum ClauseStanding : char { kUnsettled = 0, kLacking = 1, kSpared = 2, kFailed = 3, kAsked = 4 };

// What is known of a package after some issues: one flag a clause, then one a leaf, whether it
// refuses for good.
using ClauseFlags = std::vector<char>;

struct PackageState {
  std::vector<Integer> reached;  // one a row
  ClauseFlags flags;
  bool operator<(const PackageState& other) const {
    return std::tie(flags, reached) < std::tie(other.flags, other.reached);
  }
};

// What was found of one dimension.
struct PiecesOfDimension {
  bool there = false;
  Rational size;
  std::vector<std::vector<Rational>> equations;  // of the directions, in reduced echelon form
  bool parallel = true;
};

// Reduced row echelon form without rows of zeros.
std::vector<std::vector<Rational>> reduced_echelon(std::vector<std::vector<Rational>> rows) {
  std::size_t done = 0;
  const std::size_t columns = rows.empty() ? 0 : rows[0].size();
  for (std::size_t c = 0; c < columns && done < rows.size(); ++c) {
    const auto pivot = std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(done), rows.end(),
                                    [&](const std::vector<Rational>& row) { return row[c] != 0; });
    if (pivot == rows.end()) continue;
    std::swap(rows[done], *pivot);
    const Rational by = rows[done][c];
    for (Rational& each : rows[done]) each /= by;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (r == done || rows[r][c] == 0) continue;
      const Rational times = rows[r][c];
      for (std::size_t k = 0; k < columns; ++k) rows[r][k] -= times * rows[done][k];
    }
    ++done;
  }
  rows.resize(done);
  return rows;
}

// With `thin` also places and what rules leave of a stretch; otherwise stretches alone, whole.
class Remeasurer {
 public:
  Remeasurer(const Problem& problem, bool zone, bool thin, RecountLimits& limits)
      : problem_(problem), zone_(zone), thin_(thin), limits_(limits) {}

  // By dimension, 0 … the number of continuous issues: what X has of it and, with `zone`, the size
  // of Z in there. Without `thin` the last is all that is filled in.
  std::vector<PiecesOfDimension> run() {
    order_issues();
    build_strata();
    pose_rows();
    pose_clauses();
    found_.resize(at(problem_.m()) - discrete_ + 1);
    for (const auto& [state, count] : settle_discrete_issues()) {
      count_ = count;
      reached_ = state.reached;
      settle_continuous_issue(discrete_, {state.flags});
    }
    return std::move(found_);
  }

 private:
  void spend(std::size_t steps) {
    if (limits_.most_steps < steps) throw BeyondLimits{};
    limits_.most_steps -= steps;
    spent_ += steps;
    if (spent_ < 4096) return;
    spent_ = 0;
    if (!limits_.progress(1)) throw BeyondLimits{};
  }

  void order_issues() {
    for (const bool continuous : {false, true}) {
      if (continuous) discrete_ = order_.size();
      for (int j = 0; j < problem_.m(); ++j) {
        if (problem_.issues[at(j)].continuous == continuous) order_.push_back(j);
      }
    }
    position_.resize(order_.size());
    for (std::size_t t = 0; t < order_.size(); ++t) position_[at(order_[t])] = static_cast<int>(t);
  }

  void build_strata() {
    for (const int j : order_) {
      const ProblemIssue& issue = problem_.issues[at(j)];
      auto& strata = strata_.emplace_back();
      std::set<Rational> places;
      for (std::size_t k = 0; k < issue.pieces.size(); ++k) {
        const Piece& piece = issue.pieces[k];
        if (!issue.continuous || !piece.point())
          strata.push_back({piece.from, piece.to, {static_cast<int>(k)}});
        places.insert(piece.from);
        places.insert(piece.to);
      }
      if (!issue.continuous || !thin_) continue;
      for (const Rational& place : places) {
        Stratum& stratum = strata.emplace_back(Stratum{place, place, {}});
        for (std::size_t k = 0; k < issue.pieces.size(); ++k) {
          if (issue.pieces[k].from <= place && place <= issue.pieces[k].to)
            stratum.pieces.push_back(static_cast<int>(k));
        }
      }
    }
  }

  // Leaves that are always asked, and without whose consent the tree refuses whatever the others
  // say.
  std::vector<char> needed_leaves() const {
    std::vector<char> needed(at(problem_.n()), 0);
    for (int i = 0; i < problem_.n(); ++i) {
      if (problem_.leaves[at(i)].when) continue;
      std::vector<LeafValue<int>> values(at(problem_.n()), std::optional<int>(1));
      values[at(i)] = std::optional<int>();
      const LeafValue<int> root = tree_value(problem_.tree, values);
      needed[at(i)] = root && !root->has_value();
    }
    return needed;
  }

  void pose_rows() {
    for (const LinearRule& rule : problem_.linear_rules) {
      const auto ends = [&](int j, const Stratum& stratum) {
        Rational coefficient = 0;
        for (const auto& [issue, part] : rule.sum) {
          if (issue == j) coefficient += part;
        }
        return std::pair<Rational, Rational>(coefficient * stratum.from, coefficient * stratum.to);
      };
      rows_.push_back(row_of(-1, rule.bound, ends));
      rows_.back().rule = &rule;
    }
    if (!zone_) return;
    needed_ = needed_leaves();
    for (int i = 0; i < problem_.n(); ++i) {
      const Leaf& leaf = problem_.leaves[at(i)];
      if (!leaf.has_utility) continue;
      const auto ends = [&](int j, const Stratum& stratum) {
        const auto k = at(stratum.pieces[0]);
        const Piece& piece = problem_.issues[at(j)].pieces[k];
        const PieceWorth& worth = leaf.worth[at(j)][k];
        const Rational from = make_rational(worth.at_from);
        const Rational to = make_rational(worth.at_to);
        if (stratum.stretch() || piece.point()) return std::pair<Rational, Rational>(from, to);
        const Rational here = stratum.from == piece.from ? from : to;
        return std::pair<Rational, Rational>(here, here);
      };
      rows_.push_back(row_of(i, make_rational(leaf.reservation), ends));
      rows_.back().needed = needed_[at(i)] != 0;
    }
  }

  // `ends`: what an issue adds at both ends of a stratum.
  template <class Ends>
  StratumRow row_of(int leaf, const Rational& need, const Ends& ends) const {
    std::vector<std::vector<std::pair<Rational, Rational>>> values;
    Integer unit = denominator(need);
    for (std::size_t t = 0; t < order_.size(); ++t) {
      auto& line = values.emplace_back();
      for (const Stratum& stratum : strata_[t]) {
        line.push_back(ends(order_[t], stratum));
        unit = lcm(unit, denominator(line.back().first));
        unit = lcm(unit, denominator(line.back().second));
      }
    }
    const auto whole = [&](const Rational& value) { return numerator(Rational(value * unit)); };
    StratumRow row;
    row.leaf = leaf;
    row.need = whole(need);
    for (const auto& line : values) {
      auto& terms = row.terms.emplace_back();
      for (const auto& [from, to] : line) terms.push_back({whole(from), whole(to) - whole(from)});
    }
    row.least.assign(order_.size() + 1, 0);
    row.most.assign(order_.size() + 1, 0);
    for (std::size_t t = order_.size(); t-- > 0;) {
      std::optional<Integer> least, most;
      for (const StratumRow::Term& term : row.terms[t]) {
        const Integer end = term.start + term.rise;
        const Integer& low = term.rise < 0 ? end : term.start;
        const Integer& high = term.rise < 0 ? term.start : end;
        if (!least || low < *least) least = low;
        if (!most || high > *most) most = high;
      }
      row.least[t] = row.least[t + 1] + least.value_or(0);
      row.most[t] = row.most[t + 1] + most.value_or(0);
    }
    return row;
  }

  void pose_clauses() {
    for (const Clause& clause : problem_.rule_clauses)
      clauses_.push_back({&clause.when, &clause.require, -1});
    for (int i = 0; zone_ && i < problem_.n(); ++i) {
      const Leaf& leaf = problem_.leaves[at(i)];
      if (leaf.when) clauses_.push_back({&*leaf.when, nullptr, i});
      for (const LeafDemand& demand : leaf.demands) {
        if (demand.clause) clauses_.push_back({&demand.clause->when, &demand.clause->require, i});
      }
    }
    const auto last = [&](const std::vector<PieceSet>& sets) {
      int end = -1;
      for (const PieceSet& set : sets) end = std::max(end, position_[at(set.issue)]);
      return end;
    };
    for (StratumClause& clause : clauses_) {
      clause.last_when = last(*clause.when);
      if (clause.require != nullptr) clause.last_require = last(*clause.require);
    }
  }

  char& refuses(ClauseFlags& flags, int leaf) const { return flags[clauses_.size() + at(leaf)]; }
  bool refuses(const ClauseFlags& flags, int leaf) const {
    return flags[clauses_.size() + at(leaf)] != 0;
  }

  // Settles the issue at position t (−1: none yet) on a piece. False when nothing of it counts.
  bool judge(ClauseFlags& flags, int t, int piece) const {
    for (std::size_t c = 0; c < clauses_.size(); ++c) {
      char& now = flags[c];
      if (now > kLacking) continue;
      const StratumClause& clause = clauses_[c];
      for (const PieceSet& set : *clause.when) {
        if (t >= 0 && set.issue == order_[at(t)] && !contains(set, piece)) now = kSpared;
      }
      if (now == kSpared) continue;
      if (clause.require == nullptr) {
        if (clause.last_when <= t) now = kAsked;
        continue;
      }
      for (const PieceSet& set : *clause.require) {
        if (t >= 0 && set.issue == order_[at(t)] && !contains(set, piece)) now = kLacking;
      }
      if (clause.last_when > t) continue;
      if (now == kLacking) {
        now = kFailed;
        if (clause.leaf < 0) return false;
        refuses(flags, clause.leaf) = 1;
      } else if (clause.last_require <= t) {
        now = kSpared;
      }
    }
    for (int i = 0; zone_ && i < problem_.n(); ++i) {
      for (const LeafDemand& demand : problem_.leaves[at(i)].demands) {
        if (demand.limit && t >= 0 && demand.limit->issue == order_[at(t)] &&
            !contains(*demand.limit, piece))
          refuses(flags, i) = 1;
      }
      if (refuses(flags, i) && needed_[at(i)]) return false;
    }
    return true;
  }

  // Forgets what no longer matters, so that equal prospects are equal states. False when a row that
  // is needed cannot be met any more.
  bool forget(PackageState& state, std::size_t next) const {
    std::vector<char> silent(at(problem_.n()), 0);
    for (int i = 0; zone_ && i < problem_.n(); ++i) silent[at(i)] = refuses(state.flags, i) ? 1 : 0;
    for (std::size_t c = 0; c < clauses_.size(); ++c) {
      if (clauses_[c].require == nullptr && state.flags[c] == kSpared)
        silent[at(clauses_[c].leaf)] = 1;
    }
    for (std::size_t c = 0; c < clauses_.size(); ++c) {
      const int leaf = clauses_[c].leaf;
      if (leaf < 0 || !silent[at(leaf)]) continue;
      if (clauses_[c].require != nullptr) {
        state.flags[c] = kSpared;
      } else if (state.flags[c] == kSpared) {
        refuses(state.flags, leaf) = 0;
      }
    }
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const StratumRow& row = rows_[r];
      Integer& reached = state.reached[r];
      if (row.leaf >= 0 && silent[at(row.leaf)]) {
        reached = 0;
      } else if (reached + row.least[next] >= row.need) {
        reached = row.need - row.least[next];
      } else if (reached + row.most[next] < row.need) {
        if (row.needed) return false;
        reached = row.need - row.most[next] - 1;
      }
    }
    return true;
  }

  using States = std::map<PackageState, Integer>;  // and how many packages stand so

  States settle_discrete_issues() {
    States states;
    PackageState start{std::vector<Integer>(rows_.size(), 0),
                       ClauseFlags(clauses_.size() + at(zone_ ? problem_.n() : 0), kUnsettled)};
    if (!judge(start.flags, -1, -1) || !forget(start, 0)) return states;
    states.emplace(std::move(start), 1);
    const std::size_t bytes = 100 + clauses_.size() + at(problem_.n()) + 40 * rows_.size();
    for (std::size_t t = 0; t < discrete_; ++t) {
      States next;
      for (const auto& [state, count] : states) {
        for (std::size_t k = 0; k < strata_[t].size(); ++k) {
          spend(4 + rows_.size() + (clauses_.size() + at(problem_.n())) / 4);
          PackageState child = state;
          if (!judge(child.flags, static_cast<int>(t), strata_[t][k].pieces[0])) continue;
          for (std::size_t r = 0; r < rows_.size(); ++r)
            child.reached[r] += rows_[r].terms[t][k].start;
          if (!forget(child, t + 1)) continue;
          next[std::move(child)] += count;
          if (next.size() * bytes > limits_.most_bytes) throw BeyondLimits{};
        }
      }
      states = std::move(next);
    }
    return states;
  }

  // `variants`: what the pieces that a package so far may count as make of the clauses.
  void settle_continuous_issue(std::size_t t, const std::vector<ClauseFlags>& variants) {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (rows_[r].needed && most_so_far(r) + rows_[r].most[t] < rows_[r].need) return;
    }
    if (t == order_.size()) return measure(variants);
    for (std::size_t k = 0; k < strata_[t].size(); ++k) {
      std::set<ClauseFlags> next;
      for (const ClauseFlags& flags : variants) {
        for (const int piece : strata_[t][k].pieces) {
          spend(4 + rows_.size() + (clauses_.size() + at(problem_.n())) / 4);
          ClauseFlags child = flags;
          if (judge(child, static_cast<int>(t), piece)) next.insert(std::move(child));
        }
      }
      if (next.empty()) continue;
      chosen_.push_back(k);
      settle_continuous_issue(t + 1, {next.begin(), next.end()});
      chosen_.pop_back();
    }
  }

  const StratumRow::Term& term(std::size_t row, std::size_t line) const {
    return rows_[row].terms[discrete_ + line][chosen_[line]];
  }

  Integer most_so_far(std::size_t row) const {
    Integer sum = reached_[row];
    for (std::size_t l = 0; l < chosen_.size(); ++l) {
      sum += term(row, l).start;
      if (term(row, l).rise > 0) sum += term(row, l).rise;
    }
    return sum;
  }

  // One combination: a stratum is chosen on every continuous issue ("line").
  void measure(const std::vector<ClauseFlags>& variants) {
    stretches_.clear();
    for (std::size_t l = 0; l < chosen_.size(); ++l) {
      if (strata_[discrete_ + l][chosen_[l]].stretch()) stretches_.push_back(l);
    }
    std::vector<std::size_t> rules;    // that may be broken somewhere
    std::vector<std::size_t> turning;  // rows of leaves that may be met, or not
    std::vector<std::optional<int>> meets(at(problem_.n()), 1);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      Integer least = reached_[r];
      for (std::size_t l = 0; l < chosen_.size(); ++l) {
        least += term(r, l).start;
        if (term(r, l).rise < 0) least += term(r, l).rise;
      }
      if (least >= rows_[r].need) continue;
      const bool never = most_so_far(r) < rows_[r].need;
      if (rows_[r].leaf < 0) {
        if (never) return;
        rules.push_back(r);
      } else if (never) {
        meets[at(rows_[r].leaf)] = std::nullopt;
      } else {
        turning.push_back(r);
      }
    }
    std::vector<std::size_t> equations;
    if (thin_) {
      spend(100 + 50 * (rules.size() + stretches_.size()) * (stretches_.size() + 1));
      if (!meets_the_inside(rules)) return;
      for (const std::size_t r : rules) {
        if (holds_with_equality(r, rules)) equations.push_back(r);
      }
      std::erase_if(rules, [&](std::size_t r) {
        return std::find(equations.begin(), equations.end(), r) != equations.end();
      });
    }
    const auto directions = directions_of(equations);
    PiecesOfDimension& found = found_[chosen_.size() - directions.size()];
    found.parallel = found.parallel && (!found.there || found.equations == directions);
    if (!found.there) found.equations = directions;
    found.there = true;
    found.size +=
        Rational(count_) * length_of_kept(directions) *
        (zone_ ? accepted(variants, meets, turning, rules, equations) : share(rules, equations));
  }

  // Σ_j a_j λ_j ≥ b over the positions λ on the stretches.
  FacetRow in_stretches(std::size_t r) const {
    FacetRow row;
    Integer bound = rows_[r].need - reached_[r];
    for (std::size_t l = 0; l < chosen_.size(); ++l) bound -= term(r, l).start;
    row.b = Rational(bound);
    for (const std::size_t l : stretches_) row.a.emplace_back(term(r, l).rise);
    return row;
  }

  // maximise c·λ + d·t subject to 0 ≤ λ ≤ 1, the rules and, with d = 1, t ≤ λ ≤ 1 − t.
  LinearSolution optimum(const std::vector<std::size_t>& rules, std::vector<Rational> objective,
                         bool inside) const {
    const std::size_t d = stretches_.size();
    LinearProgram program;
    program.objective = std::move(objective);
    program.objective.emplace_back(inside ? 1 : 0);
    const auto add = [&](const std::vector<std::pair<std::size_t, int>>& coefficients, int bound) {
      LinearProgram::Row row{std::vector<Rational>(d + 1, 0), bound};
      for (const auto& [variable, coefficient] : coefficients)
        row.coefficients[variable] = coefficient;
      program.rows.push_back(std::move(row));
    };
    for (std::size_t v = 0; v < d; ++v) {
      add({{v, 1}, {d, inside ? 1 : 0}}, 1);
      if (inside) add({{v, -1}, {d, 1}}, 0);
    }
    for (const std::size_t r : rules) {
      const FacetRow row = in_stretches(r);
      LinearProgram::Row negated{std::vector<Rational>(d + 1, 0), -row.b};
      for (std::size_t v = 0; v < d; ++v) negated.coefficients[v] = -row.a[v];
      program.rows.push_back(std::move(negated));
    }
    if (!inside) add({{d, 1}}, 0);
    LinearSolution solution = solve(program, [&] { return limits_.progress(1); });
    if (solution.status == LinearSolution::Status::stopped) throw BeyondLimits{};
    return solution;
  }

  // Whether the rules leave something that lies inside every stretch.
  bool meets_the_inside(const std::vector<std::size_t>& rules) const {
    if (rules.empty()) return true;
    const auto solution =
        optimum(rules, std::vector<Rational>(stretches_.size(), Rational(0)), true);
    return solution.status == LinearSolution::Status::optimal && solution.value > 0;
  }

  bool holds_with_equality(std::size_t r, const std::vector<std::size_t>& rules) const {
    const FacetRow row = in_stretches(r);
    return optimum(rules, row.a, false).value == row.b;
  }

  // The equations that hold of the directions of the piece, in the issues' own units.
  std::vector<std::vector<Rational>> directions_of(
      const std::vector<std::size_t>& equations) const {
    std::vector<std::vector<Rational>> rows;
    for (std::size_t l = 0; l < chosen_.size(); ++l) {
      if (strata_[discrete_ + l][chosen_[l]].stretch()) continue;
      rows.emplace_back(chosen_.size(), Rational(0))[l] = 1;
    }
    for (const std::size_t r : equations) {
      auto& row = rows.emplace_back(chosen_.size(), Rational(0));
      for (const auto& [j, coefficient] : rows_[r].rule->sum) {
        if (problem_.issues[at(j)].continuous) row[at(position_[at(j)]) - discrete_] += coefficient;
      }
    }
    return reduced_echelon(std::move(rows));
  }

  // From the positions on the stretches that no equation eliminates to the issues' own units.
  Rational length_of_kept(const std::vector<std::vector<Rational>>& directions) const {
    std::vector<char> kept(chosen_.size(), 1);
    for (const auto& row : directions) {
      const auto pivot =
          std::find_if(row.begin(), row.end(), [](const Rational& each) { return each != 0; });
      kept[static_cast<std::size_t>(pivot - row.begin())] = 0;
    }
    Rational length = 1;
    for (const std::size_t l : stretches_) {
      const Stratum& stratum = strata_[discrete_ + l][chosen_[l]];
      if (kept[l]) length *= stratum.to - stratum.from;
    }
    return length;
  }

  // The size, over the positions that no equation eliminates, of what keeps all of these rows.
  Rational share(const std::vector<std::size_t>& rows, const std::vector<std::size_t>& equations) {
    std::vector<FacetRow> inequalities, equalities;
    // All of them turn somewhere on the stretches, so that each depends on one.
    for (const std::size_t r : rows) inequalities.push_back(in_stretches(r));
    for (const std::size_t r : equations) equalities.push_back(in_stretches(r));
    spend(20);
    // Stretches that no row ties together are measured apart: one that nothing depends on is whole.
    Rational product = 1;
    for (const std::vector<std::size_t>& together : tied(inequalities, equalities)) {
      const auto own = [&](const std::vector<FacetRow>& all) {
        std::vector<FacetRow> left;
        for (const FacetRow& row : all) {
          FacetRow one{{}, row.b};
          for (const std::size_t v : together) one.a.push_back(row.a[v]);
          if (std::any_of(one.a.begin(), one.a.end(), [](const Rational& x) { return x != 0; }))
            left.push_back(std::move(one));
        }
        return left;
      };
      std::vector<FacetRow> bounds = own(inequalities);
      for (std::size_t v = 0; v < together.size(); ++v) {
        std::vector<Rational> unit(together.size(), Rational(0));
        unit[v] = 1;
        bounds.push_back({unit, 0});
        unit[v] = -1;
        bounds.push_back({std::move(unit), -1});
      }
      const auto volume =
          facet_volume(std::move(bounds), own(equalities), limits_.most_steps, limits_.progress);
      if (!volume) throw BeyondLimits{};
      product *= *volume;
      if (product == 0) return 0;
    }
    return product;
  }

  // The stretches in groups, so that no row depends on two of them; but for those that no row
  // depends on.
  std::vector<std::vector<std::size_t>> tied(const std::vector<FacetRow>& inequalities,
                                             const std::vector<FacetRow>& equalities) const {
    std::vector<std::size_t> group(stretches_.size());
    std::iota(group.begin(), group.end(), std::size_t{0});
    std::vector<char> used(stretches_.size(), 0);
    for (const auto* rows : {&inequalities, &equalities}) {
      for (const FacetRow& row : *rows) {
        std::optional<std::size_t> first;
        for (std::size_t v = 0; v < row.a.size(); ++v) {
          if (row.a[v] == 0) continue;
          used[v] = 1;
          if (!first) first = v;
          std::replace(group.begin(), group.end(), std::size_t{group[v]},
                       std::size_t{group[*first]});
        }
      }
    }
    std::map<std::size_t, std::vector<std::size_t>> members;
    for (std::size_t v = 0; v < group.size(); ++v) {
      if (used[v]) members[group[v]].push_back(v);
    }
    std::vector<std::vector<std::size_t>> groups;
    for (auto& [number, stretches] : members) groups.push_back(std::move(stretches));
    return groups;
  }

  // Whether the tree accepts in some variant when these leaves have what they need.
  bool accepts(const std::vector<ClauseFlags>& variants,
               const std::vector<std::optional<int>>& meets) const {
    return std::any_of(variants.begin(), variants.end(), [&](const ClauseFlags& flags) {
      std::vector<LeafValue<int>> values;
      for (int i = 0; i < problem_.n(); ++i)
        values.emplace_back(refuses(flags, i) ? std::optional<int>() : meets[at(i)]);
      for (std::size_t c = 0; c < clauses_.size(); ++c) {
        if (clauses_[c].require == nullptr && flags[c] == kSpared)
          values[at(clauses_[c].leaf)] = std::nullopt;
      }
      const LeafValue<int> root = tree_value(problem_.tree, values);
      return !root || root->has_value();
    });
  }

  Rational accepted(const std::vector<ClauseFlags>& variants, std::vector<std::optional<int>> meets,
                    const std::vector<std::size_t>& turning, const std::vector<std::size_t>& rules,
                    const std::vector<std::size_t>& equations) {
    if (turning.size() > kMostTurningLeaves) throw BeyondLimits{};
    const std::size_t sets = std::size_t{1} << turning.size();
    spend(sets * variants.size() * (1 + at(problem_.n())));
    std::vector<std::int64_t> terms(sets);  // F(S), then m(S)
    for (std::size_t set = 0; set < sets; ++set) {
      for (std::size_t k = 0; k < turning.size(); ++k)
        meets[at(rows_[turning[k]].leaf)] = (set >> k & 1) != 0 ? std::optional(1) : std::nullopt;
      terms[set] = accepts(variants, meets) ? 1 : 0;
    }
    for (std::size_t k = 0; k < turning.size(); ++k) {
      for (std::size_t set = 0; set < sets; ++set) {
        if ((set >> k & 1) != 0) terms[set] -= terms[set ^ (std::size_t{1} << k)];
      }
    }
    Rational size = 0;
    for (std::size_t set = 0; set < sets; ++set) {
      if (terms[set] == 0) continue;
      std::vector<std::size_t> rows = rules;
      for (std::size_t k = 0; k < turning.size(); ++k) {
        if ((set >> k & 1) != 0) rows.push_back(turning[k]);
      }
      size += terms[set] * share(rows, equations);
    }
    return size;
  }

  const Problem& problem_;
  bool zone_;
  bool thin_;
  RecountLimits& limits_;
  std::size_t spent_ = 0;      // since the progress was last asked
  std::vector<int> order_;     // of the issues: the discrete ones, then the continuous ones
  std::size_t discrete_ = 0;   // how many
  std::vector<int> position_;  // of an issue in the order
  std::vector<std::vector<Stratum>> strata_;  // by position
  std::vector<StratumRow> rows_;              // rules, then leaves
  std::vector<StratumClause> clauses_;
  std::vector<char> needed_;  // n×1
  std::vector<PiecesOfDimension> found_;
  // Of the combination at hand:
  Integer count_;                       // packages of the discrete issues that stand so
  std::vector<Integer> reached_;        // one a row, by the discrete issues
  std::vector<std::size_t> chosen_;     // strata of the continuous issues, in order
  std::vector<std::size_t> stretches_;  // continuous issues of which a stretch is chosen
};

}  // namespace

std::optional<Measures> remeasure(const Problem& problem, RecountLimits& limits) {
  if (problem.discrete()) return std::nullopt;
  const auto run = [&](bool zone, bool thin) {
    return Remeasurer(problem, zone, thin, limits).run();
  };
  try {
    Measures measures;
    auto space = run(false, false);
    const bool thin = space.back().size == 0;
    if (thin) space = run(false, true);
    while (!space.empty() && space.back().size == 0) space.pop_back();
    measures.dimension = static_cast<int>(space.size()) - 1;
    if (space.empty()) return measures;
    measures.parallel = space.back().parallel;
    if (!measures.parallel) return measures;
    measures.space = space.back().size;
    measures.zone = run(true, thin)[space.size() - 1].size;
    return measures;
  } catch (const BeyondLimits&) {
    return std::nullopt;
  }
}

}  // namespace zopa
