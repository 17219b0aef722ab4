// SPDX-License-Identifier: MIT
#include "model/answers/frontier.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "model/answers/depth.hpp"
#include "model/answers/hull.hpp"
#include "model/answers/rules.hpp"
#include "model/engine/list.hpp"
#include "model/tools/at.hpp"

namespace zopa {
namespace {

// Boxes that listed points leave open; beyond so many no further point is looked for.
constexpr std::size_t kMostBoxes = 4000;

// The rules whose points are on the frontier, or beside a point that is.
const std::vector<std::string> kRulesOfZone{"nash", "kalai_smorodinsky", "egalitarian", "leximin",
                                            "utilitarian"};

FrontierPoint point_at(const Problem& problem, const std::vector<int>& leaves, Package package) {
  FrontierPoint point;
  for (const int i : leaves) {
    const Leaf& leaf = problem.leaves[at(i)];
    const Rational utility = value(utility_form(leaf), problem, package);
    point.utility.push_back(utility);
    point.margin.push_back(leaf.best > leaf.reservation
                               ? std::optional(value(margin_form(leaf), problem, package))
                               : std::nullopt);
  }
  point.package = std::move(package);
  return point;
}

// Points of the frontier, one by one, and a bound on what is missing. A merit is a margin, or a
// utility where there is no margin.
class CertifiedPoints {
 public:
  CertifiedPoints(const Scenario& scenario, const Problem& problem,
                  const FrontierSettings& settings, Frontier& frontier)
      : scenario_(scenario),
        problem_(problem),
        settings_(settings),
        frontier_(frontier),
        finder_(problem, settings.progress),
        search_(finder_.search(DepthKind::hard)) {
    for (const int i : frontier.leaves) {
      const Leaf& leaf = problem.leaves[at(i)];
      const bool has_margin = leaf.best > leaf.reservation;
      merits_.push_back(has_margin ? margin_form(leaf) : utility_form(leaf));
      tops_.push_back(has_margin ? Rational(1) : make_rational(leaf.best) / leaf.unit);
      items_.push_back({{search_.add(merits_.back())}, -1, 1});
    }
    base_.progress = settings.progress;
    if (settings.all) {
      base_.tree = Tree{};  // nobody is asked
    } else {
      base_.floor = 0;
    }
  }

  void find() {
    if (!add_bests()) return;
    add_rules();
    fill_gaps();
    std::sort(points_.begin(), points_.end(),
              [](const Point& a, const Point& b) { return a.merit > b.merit; });
    for (Point& point : points_) {
      frontier_.found.push_back(point_at(problem_, frontier_.leaves, std::move(point.package)));
      frontier_.found.back().found_as = std::move(point.found_as);
    }
  }

 private:
  using Merit = std::vector<Rational>;

  struct Point {
    Merit merit;
    Package package;
    std::vector<std::string> found_as;
  };

  // Packages better than a corner for every leaf; no corner for a leaf: whatever it gets. Nothing
  // in the box exceeds the corner by more than `most` for all leaves at once.
  struct Box {
    std::vector<std::optional<Rational>> corner;
    std::optional<Rational> most;    // absent: no bound is known
    std::optional<Package> at_most;  // attains `most`
  };

  Merit merit_of(const Package& package) const {
    Merit merit;
    for (const Form& form : merits_) merit.push_back(value(form, problem_, package));
    return merit;
  }

  Level single(const Item& item) const { return {Level::Kind::weighted, 1, {item}, {1}, false}; }

  Level sum() const {
    return {Level::Kind::weighted, 1, items_, std::vector<Rational>(items_.size(), 1), false};
  }

  // The package with the greatest sum of merits among those that give no leaf less: nothing is
  // better than it for one and not worse for the others.
  std::optional<Package> efficient(const Package& package) {
    Search::Request better = base_;
    const Merit merit = merit_of(package);
    for (std::size_t i = 0; i < items_.size(); ++i)
      better.done.push_back({single(items_[i]), merit[i]});
    better.level = sum();
    better.hints = {package};
    const auto result = search_.run(better);
    if (!result.finished) return std::nullopt;
    return result.package;
  }

  // Whether it is new. Boxes that hold the point are split.
  bool add(const Package& package, const std::string& found_as) {
    Merit merit = merit_of(package);
    const auto known = std::find_if(points_.begin(), points_.end(),
                                    [&](const Point& p) { return p.merit == merit; });
    if (known != points_.end()) {
      if (!found_as.empty()) known->found_as.push_back(found_as);
      return false;
    }
    split_boxes(merit);
    points_.push_back({std::move(merit), package, {}});
    if (!found_as.empty()) points_.back().found_as.push_back(found_as);
    return true;
  }

  // Whether there is a point at all.
  bool add_bests() {
    boxes_.assign(1, {std::vector<std::optional<Rational>>(items_.size()), {}, {}});
    for (std::size_t i = 0; i < items_.size(); ++i) {
      Search::Request request = base_;
      const auto best = finder_.maximise(DepthKind::hard, request, {single(items_[i]), sum()});
      if (!best) {
        if (i == 0 && !settings_.progress(0)) return false;
        if (i == 0) frontier_.empty = true;
        return i > 0;
      }
      const int leaf = frontier_.leaves[i];
      const Leaf& of = problem_.leaves[at(leaf)];
      const bool one = std::count_if(problem_.leaves.begin(), problem_.leaves.end(),
                                     [&](const Leaf& l) { return l.party == of.party; }) == 1;
      add(*best, "best:" + scenario_.parties[at(of.party)].id + (one ? "" : " " + of.path));
    }
    return true;
  }

  // A package that a rule picks may tie with a better one for a leaf that the rule does not look
  // at; then that one is added, without the rule's name.
  void add_rules() {
    if (settings_.all) return;
    Overlap overlap;
    overlap.depth.low = 0;
    overlap.depth.exists = true;
    SolveSettings settings;
    settings.progress = settings_.progress;
    settings.rules = kRulesOfZone;
    settings.any_optimum = true;
    for (const Agreement& agreement : agreements(scenario_, problem_, overlap, settings)) {
      if (!agreement.exists || !agreement.package) continue;
      const auto best = efficient(*agreement.package);
      if (!best) continue;
      const bool same = merit_of(*best) == merit_of(*agreement.package);
      add(same ? *agreement.package : *best, same ? "rule:" + agreement.rule : "");
    }
  }

  void split_boxes(const Merit& merit) {
    std::vector<Box> kept;
    std::vector<Box> parts;
    for (Box& box : boxes_) {
      bool inside = true;
      for (std::size_t i = 0; i < merit.size(); ++i)
        inside &= !box.corner[i] || merit[i] > *box.corner[i];
      if (!inside) {
        kept.push_back(std::move(box));
        continue;
      }
      for (std::size_t i = 0; i < merit.size(); ++i) {
        Box part{box.corner, box.most, {}};
        part.corner[i] = merit[i];
        const Rational most = tops_[i] - merit[i];
        if (!part.most || most < *part.most) part.most = most;
        parts.push_back(std::move(part));
      }
    }
    const auto covers = [](const Box& a, const Box& b) {  // b lies in a
      for (std::size_t i = 0; i < a.corner.size(); ++i)
        if (a.corner[i] && (!b.corner[i] || *b.corner[i] < *a.corner[i])) return false;
      return true;
    };
    // Only a part can lie in another box: what was kept lay in none.
    for (std::size_t p = 0; p < parts.size(); ++p) {
      bool needed = std::none_of(kept.begin(), kept.end(),
                                 [&](const Box& box) { return covers(box, parts[p]); });
      for (std::size_t q = 0; q < parts.size() && needed; ++q) {
        if (q == p || !covers(parts[q], parts[p])) continue;
        needed = covers(parts[p], parts[q]) && p < q;  // the same box: the first stays
      }
      if (needed) kept.push_back(parts[p]);
    }
    boxes_ = std::move(kept);
  }

  // Whether the search came to its end: then `most` is exact.
  bool solve(Box& box) {
    Search::Request request = base_;
    Level level{Level::Kind::least_sum, 1, {}, {}, false};
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (box.corner[i]) level.items.push_back({{above(i, *box.corner[i])}, -1, 1});
    }
    request.level = level;
    const auto result = search_.run(request);
    if (!result.finished || !result.value) {
      // Neither the bound nor what was found is exceeded.
      if (std::isfinite(result.bound)) {
        Rational bound(result.bound);
        if (result.value) bound = std::max(bound, *result.value);
        box.most = std::min(*box.most, bound);
      }
      return false;
    }
    box.most = result.value;
    box.at_most = result.package;
    return true;
  }

  // merit_i − from, as a form of the search.
  int above(std::size_t i, const Rational& from) {
    const auto key = std::pair(i, from);
    const auto known = shifted_.find(key);
    if (known != shifted_.end()) return known->second;
    Form form = merits_[i];
    form.constant -= from / form.factor;
    return shifted_[key] = search_.add(form);
  }

  std::vector<Box>::iterator widest_box() {
    return std::max_element(boxes_.begin(), boxes_.end(),
                            [](const Box& a, const Box& b) { return *a.most < *b.most; });
  }

  void fill_gaps() {
    std::size_t added = 0;
    while (true) {
      // The box that may miss most. There is a point, so that every box has a bound.
      const auto widest = widest_box();
      if (widest == boxes_.end() || *widest->most <= 0) {
        frontier_.complete = true;
        frontier_.gap = 0;
        frontier_.reason.clear();
        return;
      }
      frontier_.gap = widest->most;
      if (!settings_.progress(static_cast<double>(added) /
                              static_cast<double>(settings_.certified_points + 1)))
        return;
      if (!widest->at_most) {
        if (!solve(*widest)) {
          frontier_.gap = widest_box()->most;
          return;
        }
        continue;
      }
      if (added >= settings_.certified_points || boxes_.size() > kMostBoxes) return;
      const auto best = efficient(*widest->at_most);
      if (!best) return;
      add(*best, "");
      ++added;
    }
  }

  const Scenario& scenario_;
  const Problem& problem_;
  const FrontierSettings& settings_;
  Frontier& frontier_;
  DepthFinder finder_;
  Search& search_;
  Search::Request base_;
  std::vector<Form> merits_;
  std::vector<Rational> tops_;  // of the merits, over the agreement space
  std::vector<Item> items_;
  std::map<std::pair<std::size_t, Rational>, int> shifted_;
  std::vector<Point> points_;
  std::vector<Box> boxes_;
};

}  // namespace

FrontierPoint Frontier::point(const Problem& problem, std::size_t index) const {
  if (!found.empty()) return found.at(index);
  FrontierPoint point = point_at(problem, leaves, package_of(problem, fold.settlements(index)));
  point.packages = fold.packages.at(index);
  return point;
}

std::optional<Integer> Frontier::packages() const {
  if (!complete || !found.empty()) return std::nullopt;
  Integer sum = 0;
  for (const Integer& packages : fold.packages) sum += packages;
  return sum;
}

Frontier find_frontier(const Scenario& scenario, const Problem& problem,
                       const FrontierSettings& settings) {
  Frontier frontier;
  for (int i = 0; i < problem.n(); ++i)
    if (problem.leaves[at(i)].has_utility) frontier.leaves.push_back(i);
  FoldSettings fold;
  fold.all = settings.all;
  fold.most_points = settings.most_points;
  fold.progress = [&](double done) {
    return settings.progress(done) && settings.fold_progress(done);
  };
  frontier.fold = fold_frontier(problem, fold);
  frontier.reason = frontier.fold.reason;
  frontier.complete = frontier.fold.end == Fold::End::complete;
  if (frontier.complete) {
    frontier.gap = 0;
    frontier.empty = frontier.fold.size() == 0;
  } else if (!frontier.leaves.empty()) {
    CertifiedPoints(scenario, problem, settings, frontier).find();
  }
  if (settings.hull) find_hull(problem, settings.progress, frontier);
  return frontier;
}

}  // namespace zopa
