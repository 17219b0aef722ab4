// SPDX-License-Identifier: MIT
#include "model/answers/headroom.hpp"

#include <algorithm>

#include "model/answers/depth.hpp"
#include "model/tools/at.hpp"
#include "model/tools/error.hpp"

namespace zopa {
namespace {

// Terms of a form stay below this many bits, so that sums over 256 issues fit in 126.
constexpr unsigned kTermBits = 115;

// Where exact terms do not fit they are rounded up to multiples of 2 to the power −this.
constexpr unsigned kRoundedBits = 64;

// Above whatever a rest can be.
const Rational kAlways = Rational(Integer(1) << 200U);

// Halvings of the way to the bound between two questions whether anything is better at all.
constexpr int kHalvings = 3;

// Of thresholds on continuous issues: nearer than this the walk stops.
const Rational kWalkEnds = Rational(1, 1000000000000);

Integer whole_above(const Rational& x) {
  const Integer n = numerator(x);
  const Integer d = denominator(x);
  Integer quotient = n / d;
  if (quotient * d < n) ++quotient;
  return quotient;
}

Integer whole_below(const Rational& x) { return -whole_above(-x); }

// The places under nothing but `all`.
void mark_required(const Tree& tree, std::vector<char>& required) {
  if (tree.kind == Consent::Kind::leaf) required[at(tree.leaf)] = 1;
  if (tree.kind == Consent::Kind::all) {
    for (const Tree& member : tree.members) mark_required(member, required);
  }
}

}  // namespace

struct Headroom::State {
  // Leaves that weigh the other issues alike.
  struct Class {
    std::vector<int> leaves;
    Rational factor;  // s_l v_l(x_l) = factor · (worth of the leaf's table); 0: nothing else counts
    Rational constant;  // Σ_{l ≠ j} s_l ref_l
  };

  const Scenario& scenario;
  const Variants& variants;
  const Problem& problem;
  const Progress& progress;
  const int party;
  const int issue;
  std::vector<Class> classes;
  bool required = true;  // all leaves of all classes
  Asking asking;         // without their reservations
  std::unique_ptr<Search> search;

  State(const Scenario& s, const Variants& v, int p, int j, const Progress& g)
      : scenario(s), variants(v), problem(v.problem()), progress(g), party(p), issue(j) {
    const std::vector<int> all = Headroom::leaves(problem, party, issue);
    asking = variants.without_reservations(variants.all(), all);
    std::vector<char> under_all(problem.leaves.size(), 0);
    mark_required(problem.tree, under_all);
    std::vector<std::vector<char>> scopes;  // of the classes: the other issues that count
    for (const int i : all) {
      required = required && under_all[at(i)];
      const Leaf& leaf = problem.leaves[at(i)];
      std::vector<char> scope;
      for (int l = 0; l < problem.m(); ++l)
        scope.push_back(l != issue && leaf.in_scope[at(l)] && salience(l) > 0 ? 1 : 0);
      const auto known = std::find(scopes.begin(), scopes.end(), scope);
      if (known != scopes.end()) {
        classes[static_cast<std::size_t>(known - scopes.begin())].leaves.push_back(i);
        continue;
      }
      scopes.push_back(scope);
      classes.push_back(make_class(i, scope));
    }
  }

  Rational salience(int l) const {
    const Position* position = scenario.parties[at(party)].position(l);
    return position == nullptr ? Rational(0) : position->salience.likely;
  }

  Class make_class(int i, const std::vector<char>& scope) const {
    const Leaf& leaf = problem.leaves[at(i)];
    Class result;
    result.leaves = {i};
    const Party& who = scenario.parties[at(party)];
    Rational sum = leaf.in_scope[at(issue)] ? salience(issue) : Rational(0);
    Rational others = 0;
    for (int l = 0; l < problem.m(); ++l) {
      if (scope[at(l)]) others += salience(l);
    }
    sum += others;
    if (others == 0) return result;
    result.factor = sum / leaf.unit;
    if (who.reservation.package.empty()) {
      if (who.reservation.utility) result.constant = others * who.reservation.utility->likely;
      return result;
    }
    for (const auto& [l, place] : who.reservation.package) {
      if (scope[at(l)])
        result.constant +=
            salience(l) * worth(scenario.issues[at(l)], *who.position(l), place.likely);
    }
    return result;
  }

  Rational rest_of(const Class& one, const Package& package) const {
    if (one.factor == 0) return 0;
    const Leaf& leaf = problem.leaves[at(one.leaves[0])];
    Rational sum = 0;
    for (int l = 0; l < problem.m(); ++l) {
      if (l != issue) sum += worth_at(leaf, problem, package, l);
    }
    return one.factor * sum - one.constant;
  }

  // factor·(worth on the other issues) + line, with integer terms; nothing when they do not fit.
  std::optional<Form> exact_form(const Class& one, const Line& line) const {
    const Leaf& leaf = problem.leaves[at(one.leaves[0])];
    Integer unit = one.factor == 0 ? Integer(1) : denominator(one.factor);
    for (const auto& [from, to] : line) {
      unit = common_multiple(common_multiple(unit, denominator(from)), denominator(to));
      if (msb(unit) > 2 * kTermBits) return std::nullopt;
    }
    return form_in(one, leaf, line, unit, [](const Rational& x) { return numerator(x); });
  }

  // The same, every term rounded up.
  Form rounded_form(const Class& one, const Line& line) const {
    const Leaf& leaf = problem.leaves[at(one.leaves[0])];
    const auto form = form_in(one, leaf, line, Integer(1) << kRoundedBits, whole_above);
    if (!form) throw ModelError("saliences of more than 50 bits");
    return *form;
  }

  template <class Whole>
  std::optional<Form> form_in(const Class& one, const Leaf& leaf, const Line& line,
                              const Integer& unit, const Whole& whole) const {
    Form form;
    form.factor = Rational(1, unit);
    form.constant = -one.constant * unit;
    bool fits = true;
    const auto scaled = [&](const Rational& x) -> Int128 {
      const Integer term = whole(Rational(x * unit));
      if (term != 0 && msb(Integer(abs(term))) > kTermBits) {
        fits = false;
        return 0;
      }
      return *to_int128(term);
    };
    for (int l = 0; l < problem.m() && fits; ++l) {
      auto& terms = form.terms.emplace_back();
      if (l == issue) {
        for (const auto& [from, to] : line) terms.push_back({scaled(from), scaled(to)});
      } else if (one.factor != 0) {
        for (const PieceWorth& worth : leaf.worth[at(l)]) {
          const Rational from = one.factor * make_rational(worth.at_from);
          terms.push_back({scaled(from), worth.at_to == worth.at_from
                                             ? scaled(from)
                                             : scaled(one.factor * make_rational(worth.at_to))});
        }
        if (std::all_of(terms.begin(), terms.end(),
                        [](const PieceWorth& w) { return w.at_from == 0 && w.at_to == 0; })) {
          terms.clear();
        }
      }
    }
    return fits ? std::optional(std::move(form)) : std::nullopt;
  }

  // The line alone.
  Form form_of_line(const Line& line) const {
    Class nothing;
    nothing.leaves = {classes[0].leaves[0]};
    const auto exact = exact_form(nothing, line);
    return exact ? *exact : rounded_form(nothing, line);
  }

  Search& searching() {
    if (!search) search = std::make_unique<Search>(variants.parts(), DepthKind::hard);
    return *search;
  }

  Search::Request request(const std::vector<char>& pieces) const {
    Search::Request request;
    request.tree = variants.tree(asking);
    request.floor = 0;
    request.progress = progress;
    if (!pieces.empty()) {
      for (const ProblemIssue& one : problem.issues)
        request.pieces.emplace_back(one.pieces.size(), 1);
      request.pieces[at(issue)] = pieces;
    }
    return request;
  }

  static Rational most(const Form& form) {
    Integer sum = 0;
    for (const auto& line : form.terms) {
      if (line.empty()) continue;
      Int128 greatest = line[0].at_from;
      for (const PieceWorth& w : line) greatest = std::max({greatest, w.at_from, w.at_to});
      sum += make_integer(greatest);
    }
    return form.factor * (form.constant + sum);
  }

  std::vector<Form> forms(const Line& line) const {
    std::vector<Form> result;
    for (const Class& one : classes) {
      const auto exact = exact_form(one, line);
      result.push_back(exact ? *exact : rounded_form(one, line));
    }
    return result;
  }

  // The least of the classes' forms at the leaves that are asked, as a level.
  Level level(const std::vector<Form>& forms) {
    if (forms.size() == 1)
      return {Level::Kind::weighted, 1, {Item{{searching().add(forms[0])}, -1, 1}}, {1}, false};
    Rational unasked = most(forms[0]);
    for (const Form& form : forms) unasked = std::max(unasked, most(form));
    Level level;
    for (std::size_t c = 0; c < forms.size(); ++c) {
      const int f = searching().add(forms[c]);
      for (const int i : classes[c].leaves) level.items.push_back({{f}, i, unasked});
    }
    return level;
  }
};

Headroom::Headroom(const Scenario& scenario, const Variants& variants, int party, int issue,
                   const Progress& progress)
    : state_(std::make_unique<State>(scenario, variants, party, issue, progress)) {}

Headroom::~Headroom() = default;

std::vector<int> Headroom::leaves(const Problem& problem, int party, int issue) {
  std::vector<int> result;
  for (int i = 0; i < problem.n(); ++i) {
    if (problem.leaves[at(i)].party == party && problem.leaves[at(i)].in_scope[at(issue)])
      result.push_back(i);
  }
  return result;
}

bool Headroom::one_class() const { return state_->classes.size() == 1; }

Headroom::Line Headroom::line(const std::function<Rational(const Rational&)>& of_place) const {
  Line result;
  for (const Piece& piece : state_->problem.issues[at(state_->issue)].pieces) {
    const Rational from = of_place(piece.from);
    result.emplace_back(from, piece.point() ? from : of_place(piece.to));
  }
  return result;
}

Rational Headroom::at_package(const Line& line, const Package& package) const {
  const auto k = at(package.pieces[at(state_->issue)]);
  const auto& [from, to] = line[k];
  const Piece& piece = state_->problem.issues[at(state_->issue)].pieces[k];
  if (piece.point() || from == to) return from;
  return from +
         (to - from) * (package.places[at(state_->issue)] - piece.from) / (piece.to - piece.from);
}

Rational Headroom::rest(const Package& package) const {
  const State& s = *state_;
  if (s.classes.size() == 1) return s.rest_of(s.classes[0], package);
  std::vector<Rational> rests(s.problem.leaves.size());
  std::vector<char> ours(s.problem.leaves.size(), 0);
  for (const State::Class& one : s.classes) {
    const Rational rest = s.rest_of(one, package);
    for (const int i : one.leaves) {
      rests[at(i)] = rest;
      ours[at(i)] = 1;
    }
  }
  std::vector<LeafValue<Rational>> values(s.problem.leaves.size());
  for (int i = 0; i < s.problem.n(); ++i) {
    const LeafView leaf = view(s.problem, i, package);
    if (!leaf.asked) continue;
    const bool yes = leaf.within && (ours[at(i)] || !leaf.surplus || *leaf.surplus >= 0);
    values[at(i)] =
        yes ? std::optional(ours[at(i)] ? rests[at(i)] : kAlways) : std::optional<Rational>();
  }
  const LeafValue<Rational> value = tree_value<Rational>(s.problem.tree, values);
  if (!value || !*value || **value >= kAlways)
    throw ModelError("a package that does not rest on the party");
  return **value;
}

Headroom::Best Headroom::greatest(const Line& line, const Where& where) {
  State& s = *state_;
  Best best;
  const std::vector<Form> forms = s.forms(line);
  if (forms.size() > 1 && !s.required) return walk(line, forms, where);
  Search::Request request = s.request(where.pieces);
  request.level = s.level(forms);
  if (where.not_below_zero)
    request.needs = {s.searching().add(s.form_of_line(*where.not_below_zero))};
  if (where.at_least) {
    if (where.any) {
      request.enough = *where.at_least;
    } else {
      request.done = {{*request.level, *where.at_least}};
    }
  }
  const Search::Result result = s.searching().run(request);
  best.stopped = !result.finished;
  if (!result.package) return best;
  best.package = result.package;
  best.bound = *result.value;
  best.value = rest(*result.package) + at_package(line, *result.package);
  return best;
}

// Where a leaf of one class can be outvoted and one of another class not, no level says what the
// tree makes of them together. So packages that reach a threshold are asked for, one after another,
// until none is better.
Headroom::Best Headroom::walk(const Line& line, const std::vector<Form>& forms,
                              const Where& where) {
  State& s = *state_;
  Best best;
  const bool discrete = s.problem.discrete();
  Rational high;
  Rational low;
  Rational resolution;  // of thresholds
  for (std::size_t c = 0; c < forms.size(); ++c) {
    const Rational most = State::most(forms[c]);
    const Rational least = least_term_sum(forms[c]);
    high = c == 0 ? most : std::max(high, most);
    low = c == 0 ? least : std::min(low, least);
    resolution = c == 0 ? forms[c].factor : std::max(resolution, forms[c].factor);
  }
  enum class Side { from, beyond };
  // A package whose forms reach the threshold. Their sums are whole numbers on discrete issues, so
  // that "beyond" can be said; elsewhere thresholds are rounded down.
  const auto reaching = [&](const Rational& threshold, Side side) {
    Problem thresholds = s.variants.parts();
    Asking asking = s.asking;
    for (std::size_t c = 0; c < forms.size(); ++c) {
      const Form& form = forms[c];
      const Rational wanted = threshold / form.factor - form.constant;
      Integer reservation =
          discrete && side == Side::from ? whole_above(wanted) : whole_below(wanted);
      if (side == Side::beyond) ++reservation;
      const Integer most =
          whole_below(Rational(State::most(form) / form.factor - form.constant)) + 1;
      const Integer least =
          whole_below(Rational(least_term_sum(form) / form.factor - form.constant));
      for (const int i : s.classes[c].leaves) {
        Leaf part = thresholds.leaves[at(i)];
        part.has_utility = true;
        part.worth = form.terms;
        for (std::size_t l = 0; l < part.worth.size(); ++l) {
          if (part.worth[l].empty())
            part.worth[l].assign(s.problem.issues[l].pieces.size(), PieceWorth{});
        }
        part.unit = 1;
        part.best = *to_int128(most);  // above everything: only the sign of margins counts
        part.reservation = *to_int128(std::clamp(reservation, least, Integer(most + 1)));
        thresholds.leaves.push_back(std::move(part));
        asking[at(i)].push_back(thresholds.n() - 1);
      }
    }
    Search search(thresholds, DepthKind::hard);
    Search::Request request = s.request(where.pieces);
    request.tree = s.variants.tree(asking);
    request.any = true;
    if (where.not_below_zero) request.needs = {search.add(s.form_of_line(*where.not_below_zero))};
    const Search::Result result = search.run(request);
    best.stopped = best.stopped || !result.finished;
    return result.package;
  };
  enum class Found { none, worse, better };
  const auto take = [&](const std::optional<Package>& package) {
    if (!package) return Found::none;
    Rational value = rest(*package) + at_package(line, *package);
    if (best.package && value <= best.value) return Found::worse;
    best.package = package;
    best.value = std::move(value);
    return Found::better;
  };
  if (take(reaching(where.at_least ? *where.at_least : low, Side::from)) == Found::none)
    return best;
  while (!where.any && !best.stopped && best.value < high) {
    for (int h = 0; h < kHalvings && !best.stopped && best.value < high; ++h) {
      const Rational middle = (best.value + high) / 2;
      const Found found = take(reaching(middle, Side::from));
      if (found == Found::none) high = middle;
      if (found == Found::worse) break;  // nearer than thresholds can tell
    }
    if (best.stopped) break;
    if (discrete) {
      const Found found = take(reaching(best.value, Side::beyond));
      if (found == Found::none) high = best.value;
      if (found == Found::worse) high = best.value + resolution;
      if (found != Found::better) break;
    } else if (high - best.value <= std::max(resolution, kWalkEnds)) {
      break;
    }
  }
  best.bound = std::max(high, best.value);
  return best;
}

Headroom::Best Headroom::steepest(const Line& line) {
  State& s = *state_;
  const Form form = s.form_of_line(line);
  Search::Request request = s.request({});
  request.level =
      Level{Level::Kind::weighted, 1, {Item{{s.searching().add(form)}, -1, 1}}, {1}, false};
  const Search::Result result = s.searching().run(request);
  Best best;
  best.stopped = !result.finished;
  if (!result.package) return best;
  best.package = result.package;
  best.value = at_package(line, *result.package);
  best.bound = *result.value;
  return best;
}

}  // namespace zopa
