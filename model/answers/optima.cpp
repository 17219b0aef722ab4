// SPDX-License-Identifier: MIT
#include "model/answers/optima.hpp"

#include <algorithm>

#include "model/engine/list.hpp"
#include "model/tools/at.hpp"

namespace zopa {
namespace {

// Stands for −∞ where a margin does not exist: below every margin of a scenario.
const Rational kLowest = Level{}.lowest;

// At most so many parts of the agreement space are asked whether they hold optima that fill a line.
constexpr std::size_t kMostLooks = 2000;

Form constant_form(const Problem& problem, const Rational& constant) {
  Form form;
  form.terms.resize(problem.issues.size());
  form.constant = constant;
  return form;
}

// Σ weight·form.
Form sum_of(const Problem& problem, const std::vector<std::pair<Rational, const Form*>>& parts) {
  Integer unit = 1;
  for (const auto& [weight, form] : parts)
    unit = common_multiple(unit, denominator(Rational(weight * form->factor)));
  Form sum;
  sum.terms.resize(problem.issues.size());
  sum.factor = Rational(1, unit);
  for (const auto& [weight, form] : parts) {
    const Rational scaled = weight * form->factor * unit;  // a whole number
    const auto times = to_int128(numerator(scaled));
    if (!times) return {};
    sum.constant += scaled * form->constant;
    for (std::size_t j = 0; j < sum.terms.size(); ++j) {
      if (form->terms[j].empty()) continue;
      sum.terms[j].resize(form->terms[j].size());
      for (std::size_t k = 0; k < sum.terms[j].size(); ++k) {
        const Integer term = make_integer(*times) * make_integer(form->terms[j][k].at_from) +
                             make_integer(sum.terms[j][k].at_from);
        if ((abs(term) >> 110) != 0) return {};  // sums of 256 such terms must fit
        sum.terms[j][k].at_from = sum.terms[j][k].at_to = *to_int128(term);
      }
    }
  }
  return sum;
}

// Additive bounds that every package has to meet which reaches the done levels. They only keep the
// listing short: each package listed is checked against the levels themselves.
class Bounds {
 public:
  Bounds(const RuleContext& context, const Search& search)
      : problem_(context.problem), search_(search) {}

  std::vector<ListRow> rows(const Search::Request& request) {
    for (const DoneLevel& done : request.done) {
      const Level& level = done.level;
      if (!additive(level)) continue;
      if (level.kind == Level::Kind::weighted) {
        add_sum(level.items, level.weights, done.value);
      } else if (level.kind == Level::Kind::product) {
        add_tangent(level, done.value);
      } else if (level.k == 1) {
        for (const Item& item : level.items) {
          if (!item.forms.empty()) add_row({{Rational(1), &form(item)}}, done.value);
        }
      } else if (level.k == static_cast<int>(level.items.size())) {
        add_sum(level.items, std::vector<Rational>(level.items.size(), Rational(1)), done.value);
      }
    }
    return std::move(rows_);
  }

 private:
  const Form& form(const Item& item) const { return search_.form(item.forms.front()); }

  // Whether every item is its one form, wherever.
  bool additive(const Level& level) const {
    return !level.broken_is_lowest &&
           std::all_of(level.items.begin(), level.items.end(), [&](const Item& item) {
             return item.forms.size() <= 1 && !item.lowest_below_reservation &&
                    (item.leaf < 0 || !problem_.leaves[at(item.leaf)].when);
           });
  }

  void add_row(const std::vector<std::pair<Rational, const Form*>>& parts, const Rational& least) {
    Form sum = sum_of(problem_, parts);
    if (!sum.terms.empty()) rows_.push_back({std::move(sum), least});
  }

  void add_sum(const std::vector<Item>& items, const std::vector<Rational>& weights,
               Rational least) {
    std::vector<std::pair<Rational, const Form*>> parts;
    for (std::size_t g = 0; g < items.size(); ++g) {
      if (items[g].forms.empty()) {
        least -= weights[g];  // counts as 1
      } else {
        parts.emplace_back(weights[g], &form(items[g]));
      }
    }
    add_row(parts, least);
  }

  // Π s_i^w_i ≥ Π a_i^w_i implies Σ w_i s_i/a_i ≥ Σ w_i (arithmetic and geometric mean); a_i are
  // the values at a package that attains the product.
  void add_tangent(const Level& level, const Rational& product) {
    if (product <= 0 || !optimum_) return;
    std::vector<std::pair<Rational, const Form*>> parts;
    Rational sum = 0;
    for (std::size_t g = 0; g < level.items.size(); ++g) {
      const Rational weight = level.weights.empty() ? Rational(1) : level.weights[g];
      parts.emplace_back(weight / value(form(level.items[g]), problem_, *optimum_),
                         &form(level.items[g]));
      sum += weight;
    }
    add_row(parts, sum);
  }

 public:
  const Package* optimum_ = nullptr;

 private:
  const Problem& problem_;
  const Search& search_;
  std::vector<ListRow> rows_;
};

// The packages that reach the floor and all done levels.
Listing list_optima(RuleContext& context, const Search::Request& request, const Package& known) {
  const Search& search = context.finder.search(DepthKind::hard);
  const Problem& problem = context.problem;
  Bounds bounds(context, search);
  bounds.optimum_ = &known;
  const Tree& tree = request.tree ? *request.tree : problem.tree;
  const auto keep = [&](const std::vector<int>& settlements) {
    const Package package = package_of(problem, settlements);
    std::vector<LeafValue<Rational>> values;
    for (int i = 0; i < problem.n(); ++i) {
      const LeafView leaf = view(problem, i, package);
      values.push_back(leaf.asked ? LeafValue<Rational>(leaf.value) : LeafValue<Rational>());
    }
    const LeafValue<Rational> reached = tree_value<Rational>(tree, values);
    if (reached && (!*reached || **reached < *request.floor)) return false;
    return std::all_of(request.done.begin(), request.done.end(), [&](const DoneLevel& done) {
      return search.value(done.level, package) >= done.value;
    });
  };
  return list_packages(problem, bounds.rows(request), keep,
                       {.progress = context.settings.progress});
}

// The greatest product over a continuum, as levels that say so in straight lines: every item at
// least as great as at a package that attains it within `gap` and cannot be improved for one
// without hurting another. Whether the search came to its end.
bool attain_product(RuleContext& context, Search::Request& request, const Level& product,
                    double& gap) {
  const Search& search = context.finder.search(DepthKind::hard);
  request.level = product;
  auto result = search.run(request);
  if (!result.finished || !result.package) return false;
  gap = result.gap;
  const auto one = [](const Item& item) {
    return Level{Level::Kind::weighted, 1, {item}, {1}, false};
  };
  Level along{Level::Kind::weighted, 1, product.items, {}, false};
  Search::Request better = request;
  for (const Item& item : product.items) {
    const Rational here = search.value(one(item), *result.package);
    along.weights.push_back(1 / here);
    better.done.push_back({one(item), here});
  }
  better.level = along;
  better.hints = {*result.package};
  result = search.run(better);
  if (!result.finished || !result.package) return false;
  for (const Item& item : product.items)
    request.done.push_back({one(item), search.value(one(item), *result.package)});
  request.level.reset();
  request.hints = {*result.package};
  return true;
}

// The optima of a request, where some issue is continuous.
class Optima {
 public:
  Optima(RuleContext& context, const Search::Request& request, const Package& first)
      : context_(context), problem_(context.problem), request_(request), first_(first) {
    for (const auto& issue : problem_.issues) everywhere_.emplace_back(issue.pieces.size(), 1);
  }

  void describe(Agreement& agreement) {
    agreement.package = first_;
    agreement.range.resize(problem_.issues.size());
    for (int j = 0; j < problem_.m(); ++j)
      agreement.range[at(j)] = problem_.issues[at(j)].continuous ? reach(j) : settlements(j);
    for (int j = 0; j < problem_.m(); ++j) {
      if (problem_.issues[at(j)].continuous && agreement.range[at(j)]) long_.push_back(j);
    }
    agreement.continuum = !long_.empty() && fill_a_line(agreement.range, everywhere_, 0);
    if (agreement.continuum) return;
    const bool several = std::any_of(agreement.range.begin(), agreement.range.end(),
                                     [](const auto& range) { return range.has_value(); });
    agreement.optima = several ? 2 : 1;
    agreement.at_least = several;
  }

 private:
  using Cell = std::vector<std::vector<char>>;  // m×K_j: some pieces of every issue

  bool any_in(const Cell& cell) const {
    Search::Request ask = request_;
    ask.any = true;
    ask.pieces = cell;
    return search().run(ask).package.has_value();
  }

  // The least (sign −1) or greatest place of a continuous issue among the optima of a cell.
  std::optional<Rational> end(int j, int sign, const Cell& cell) const {
    Search::Request ask = request_;
    ask.hints = {first_};
    ask.pieces = cell;
    const int place = context_.finder.place_form(DepthKind::hard, j, sign);
    ask.level = Level{Level::Kind::weighted, 1, {Item{{place}, -1, 1}}, {1}, false};
    const auto result = search().run(ask);
    if (!result.finished || !result.package) return std::nullopt;
    return result.package->places[at(j)];
  }

  // Nothing where the optima agree.
  std::optional<Span> reach(int j) const {
    const auto low = end(j, -1, everywhere_);
    const auto high = end(j, 1, everywhere_);
    if (!low || !high || *low == *high) return std::nullopt;
    return Span{*low, *high};
  }

  // Which other settlements do optima have? Asked from both ends inwards.
  std::optional<Span> settlements(int j) const {
    Span span{first_.places[at(j)], first_.places[at(j)]};
    const auto& pieces = problem_.issues[at(j)].pieces;
    for (const bool from_low : {true, false}) {
      for (std::size_t step = 0; step < pieces.size(); ++step) {
        const std::size_t k = from_low ? step : pieces.size() - 1 - step;
        if (from_low ? pieces[k].from >= span.low : pieces[k].from <= span.high) break;
        if (!any_in(with(everywhere_, j, k))) continue;
        (from_low ? span.low : span.high) = pieces[k].from;
        break;
      }
    }
    return span.low < span.high ? std::optional(span) : std::nullopt;
  }

  static Cell with(Cell cell, int j, std::size_t piece) {
    std::fill(cell[at(j)].begin(), cell[at(j)].end(), 0);
    cell[at(j)][piece] = 1;
    return cell;
  }

  // Whether optima of one cell differ on a continuous issue. Fixes one issue after another to each
  // piece that optima have; gives up after kMostLooks questions.
  bool fill_a_line(const std::vector<std::optional<Span>>& range, const Cell& cell, int issue) {
    if (issue == problem_.m()) {
      return std::any_of(long_.begin(), long_.end(), [&](int j) {
        const auto low = end(j, -1, cell);
        const auto high = end(j, 1, cell);
        return low && high && *low < *high;
      });
    }
    const auto& pieces = problem_.issues[at(issue)].pieces;
    const Rational& place = first_.places[at(issue)];
    const Span span = range[at(issue)].value_or(Span{place, place});
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      if (pieces[k].to < span.low || span.high < pieces[k].from) continue;
      if (++looks_ > kMostLooks) return false;
      const Cell part = with(cell, issue, k);
      if (any_in(part) && fill_a_line(range, part, issue + 1)) return true;
    }
    return false;
  }

  const Search& search() const { return context_.finder.search(DepthKind::hard); }

  RuleContext& context_;
  const Problem& problem_;
  const Search::Request& request_;
  const Package& first_;
  Cell everywhere_;
  std::vector<int> long_;  // continuous issues on which optima differ
  std::size_t looks_ = 0;
};

}  // namespace

Item surplus_item(RuleContext& context, int leaf) {
  const Leaf& of = context.problem.leaves[at(leaf)];
  const int form = context.finder.search(DepthKind::hard).add(surplus_form(of));
  return {{form}, leaf, make_rational(of.best - of.reservation) / of.unit};
}

Item margin_item(RuleContext& context, int leaf) {
  const Leaf& of = context.problem.leaves[at(leaf)];
  Search& search = context.finder.search(DepthKind::hard);
  if (of.best > of.reservation) return {{search.add(margin_form(of))}, leaf, 1};
  const Rational at_best = of.best == of.reservation ? Rational(0) : kLowest;
  Item item{{search.add(constant_form(context.problem, at_best))}, leaf, 1};
  item.lowest_below_reservation = of.best == of.reservation;
  return item;
}

std::vector<Level> leximin_of_margins(RuleContext& context) {
  std::vector<Item> items;
  for (const int leaf : context.leaves) items.push_back(margin_item(context, leaf));
  return leximin_levels(items, false);
}

Search::Request zone_request(const RuleContext& context) {
  Search::Request request = context.finder.request(DepthKind::hard, {});
  request.floor = 0;
  return request;
}

void describe_optima(const Problem& problem, Agreement& agreement,
                     const std::vector<Package>& optima) {
  agreement.package = optima.front();
  agreement.optima = optima.size();
  agreement.range.assign(problem.issues.size(), std::nullopt);
  for (std::size_t j = 0; j < problem.issues.size(); ++j) {
    const auto [low, high] = std::minmax_element(
        optima.begin(), optima.end(),
        [&](const Package& a, const Package& b) { return a.places[j] < b.places[j]; });
    if (low->places[j] < high->places[j])
      agreement.range[j] = Span{low->places[j], high->places[j]};
  }
}

Agreement best_in(RuleContext& context, Search::Request request, const std::vector<Level>& levels,
                  std::vector<Rational>* values) {
  Agreement agreement;
  std::vector<Level> straight = levels;
  bool stopped = false;
  if (!context.problem.discrete() && levels.front().kind == Level::Kind::product) {
    agreement.proof = Proof::bounded;
    stopped = !attain_product(context, request, levels.front(), agreement.gap);
    straight.erase(straight.begin());
    // One level that all of them reach, so that there is a package.
    if (straight.empty() && !stopped) straight.push_back(request.done.front().level);
  }
  const auto best =
      stopped ? std::nullopt : context.finder.maximise(DepthKind::hard, request, straight);
  if (!best) {
    agreement.note = "not found before the search was stopped";
    return agreement;
  }
  if (values != nullptr) {
    values->clear();
    for (const Level& level : levels)
      values->push_back(context.finder.search(DepthKind::hard).value(level, *best));
  }
  agreement.exists = true;
  if (context.settings.any_optimum) {
    agreement.package = best;
    agreement.optima = 1;
    agreement.at_least = true;
    agreement.range.resize(context.problem.issues.size());
    return agreement;
  }
  if (!context.problem.discrete()) {
    const Package first = context.finder.first(DepthKind::hard, request, *best);
    Optima(context, request, first).describe(agreement);
    return agreement;
  }
  const Listing listing = list_optima(context, request, *best);
  std::vector<Package> optima;
  for (const auto& settlements : listing.packages) {
    optima.push_back(package_of(context.problem, {settlements.begin(), settlements.end()}));
  }
  if (listing.complete) {
    describe_optima(context.problem, agreement, optima);
    return agreement;
  }
  const Package first = context.finder.first(DepthKind::hard, request, *best);
  if (optima.empty() || !(optima.front() == first)) optima.insert(optima.begin(), first);
  describe_optima(context.problem, agreement, optima);
  agreement.at_least = true;
  return agreement;
}

}  // namespace zopa
