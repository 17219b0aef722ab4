// SPDX-License-Identifier: MIT
#include "src/report/frontier.hpp"

#include <algorithm>

#include "src/number_text.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

constexpr std::size_t kPointsShown = 24;   // of a longer frontier: spread evenly over it
constexpr std::size_t kPackagesShown = 6;  // packages across the grid of issues
constexpr std::size_t kLeavesAcross = 8;   // leaves across the grid of points
constexpr int kShortTitleOfLeaf = 14;      // longer titles give way to ids at the top of columns
const char* const kNoNumber = "·";

void add_point(Table& table, const Framed& framed, std::size_t index, const FrontierPoint& point) {
  const Frontier& frontier = framed.frontier;
  for (std::size_t i = 0; i < frontier.leaves.size(); ++i) {
    const int leaf = frontier.leaves[i];
    const Party& party = framed.scenario.parties.at(at(framed.problem.leaves[at(leaf)].party));
    add_row(table, framed.origin,
            {Integer(index + 1), integer_cell(point.packages), party.id,
             text_cell(leaf_path(framed.problem, leaf)),
             number_cell(std::optional(point.utility[i])), number_cell(point.margin[i]),
             frontier.on_hull.empty() ? Cell{} : Cell{frontier.on_hull[index] != 0},
             text_cell(joined_by(point.found_as, "; "))});
  }
}

void add_package(Table& table, const Framed& framed, std::size_t index, const Package& package) {
  for (std::size_t j = 0; j < framed.scenario.issues.size(); ++j) {
    const Issue& issue = framed.scenario.issues[j];
    const Cell settlement = settlement_cell(issue, package.places.at(j));
    add_row(table, framed.origin,
            {Integer(index + 1), issue.id, plain_text(settlement),
             issue.kind == IssueKind::numeric ? settlement : Cell{}});
  }
}

Table summary(const Framed& framed) {
  const Frontier& frontier = framed.frontier;
  Table table = make_table("frontier_summary");
  add_row(
      table, framed.origin,
      {framed.all ? "all" : "zone", frontier.complete, Integer(frontier.size()),
       integer_cell(frontier.packages()), number_cell(frontier.gap), text_cell(frontier.reason)});
  return table;
}

// About `most` of `count` positions, spread evenly, with both ends.
std::vector<std::size_t> spread(std::size_t count, std::size_t most) {
  std::vector<std::size_t> shown;
  if (count <= most) {
    for (std::size_t p = 0; p < count; ++p) shown.push_back(p);
    return shown;
  }
  for (std::size_t s = 0; s < most; ++s) shown.push_back(s * (count - 1) / (most - 1));
  return shown;
}

class FrontierWriter {
 public:
  explicit FrontierWriter(const Framed& framed)
      : framed_(framed),
        scenario_(framed.scenario),
        problem_(framed.problem),
        frontier_(framed.frontier) {}

  Page page() {
    head();
    if (frontier_.size() > 0 && !frontier_.leaves.empty()) {
      ranges();
      points();
    }
    if (frontier_.size() > 0) packages();
    return std::move(page_);
  }

 private:
  void say(std::string text, int indent = 2, Tone tone = Tone::plain) {
    page_.push_back(Sentence{std::move(text), tone, indent});
  }

  std::string set_words() const { return framed_.all ? "the agreement space" : "the zone"; }

  std::string leaf_head(int leaf) const {
    const std::string title = leaf_title(scenario_, problem_, leaf);
    if (display_width(title) <= kShortTitleOfLeaf) return title;
    const std::string path = leaf_path(problem_, leaf);
    const std::string& id = scenario_.parties.at(at(problem_.leaves[at(leaf)].party)).id;
    return path.empty() ? id : id + " " + path;
  }

  static std::string points_words(std::size_t count) {
    return count == 1 ? "1 point" : count_text(Integer(count)) + " points";
  }

  void head() {
    std::string left = scenario_.title;
    if (!framed_.origin.date.empty()) left += ", as of " + long_date(framed_.origin.date);
    page_.push_back(Headline{left, framed_.origin.scenario});
    if (!framed_.origin.variant.empty()) say("with " + framed_.origin.variant, 0, Tone::faint);
    const std::string of = "Pareto frontier of " + set_words() + ": ";
    if (frontier_.empty) {
      page_.push_back(
          Sentence{"No Pareto frontier: no package is in " + set_words() + ".", Tone::bad});
      return;
    }
    if (frontier_.leaves.empty()) {
      say("Nobody who is asked has a utility: every package of " + set_words() +
              " is as good as any other.",
          0);
      return;
    }
    if (frontier_.complete) {
      std::string text = of + points_words(frontier_.size());
      if (const auto packages = frontier_.packages())
        text += *packages == 1 ? ", 1 package" : ", " + count_text(*packages) + " packages";
      page_.push_back(Sentence{text + " (exact).", Tone::good});
    } else if (frontier_.size() == 0) {
      page_.push_back(Sentence{of + "no point was found (" + frontier_.reason + ").", Tone::bad});
      return;
    } else {
      page_.push_back(Sentence{of + "in part, " + points_words(frontier_.size()) + ".", Tone::bad});
      say("Not all of it: " + frontier_.reason + ".");
      say("Proven: no package of " + set_words() +
          " is better than one of these for somebody and not worse for anybody.");
      say(frontier_.gap ? "Proven: whatever the package, some point listed gives every party as "
                          "much, less a margin of at most " +
                              unit_text(raised(to_double(*frontier_.gap))) + "."
                        : "How much is missing between them is not known.");
    }
    if (!frontier_.on_hull.empty()) {
      const auto on = static_cast<std::size_t>(
          std::count(frontier_.on_hull.begin(), frontier_.on_hull.end(), 1));
      say(on == frontier_.size()
              ? "Lotteries add nothing: no mixture of points is better than one of them."
              : "Lotteries help: " + points_words(frontier_.size() - on) + " of " +
                    count_text(Integer(frontier_.size())) +
                    (frontier_.size() - on == 1 ? " falls" : " fall") +
                    " short of some mixture of other points.");
    }
    if (!frontier_.hull_note.empty()) say("No hull: " + frontier_.hull_note + ".");
    if (problem_.rounded) {
      say("The worths need fractions beyond 126 bits; they were rounded to 1e-9 once, so that "
          "exact "
          "means exact for the rounded worths.");
    }
  }

  void ranges() {
    page_.push_back(
        Section{"Parties", "What the frontier leaves each party, at worst and at best."});
    Grid grid;
    grid.columns = {{"party", Align::left, 14},       {"reservation", Align::right, 8},
                    {"lowest", Align::right, 8},      {"highest", Align::right, 8},
                    {"margin from", Align::right, 8}, {"to", Align::right, 8}};
    for (std::size_t i = 0; i < frontier_.leaves.size(); ++i) {
      std::size_t lowest = 0;
      std::size_t highest = 0;
      for (std::size_t p = 1; p < frontier_.size(); ++p) {
        if (less(p, lowest, i)) lowest = p;
        if (less(highest, p, i)) highest = p;
      }
      const FrontierPoint low = frontier_.point(problem_, lowest);
      const FrontierPoint high = frontier_.point(problem_, highest);
      const int leaf = frontier_.leaves[i];
      const Leaf& of = problem_.leaves[at(leaf)];
      grid.rows.push_back({{{leaf_title(scenario_, problem_, leaf)},
                            {unit_text(to_double(make_rational(of.reservation) / of.unit))},
                            {unit_text(to_double(low.utility[i]))},
                            {unit_text(to_double(high.utility[i]))},
                            margin_words(low.margin[i]),
                            margin_words(high.margin[i])}});
    }
    page_.push_back(std::move(grid));
  }

  // Whether leaf i of the frontier has less at p than at q.
  bool less(std::size_t p, std::size_t q, std::size_t i) const {
    if (!frontier_.found.empty())
      return frontier_.found[p].utility[i] < frontier_.found[q].utility[i];
    const std::size_t n = frontier_.leaves.size();
    return frontier_.fold.utilities[p * n + i] < frontier_.fold.utilities[q * n + i];
  }

  static Grid::Cell margin_words(const std::optional<Rational>& margin) {
    if (!margin) return {kNoNumber, Tone::faint};
    const bool negative = *margin < 0;
    return {(negative ? "▼ " : "▲ ") + margin_text(to_double(*margin)),
            negative ? Tone::bad : Tone::good};
  }

  void points() {
    const std::vector<std::size_t> shown = spread(frontier_.size(), kPointsShown);
    std::string remark = "The margin of each party";
    remark += frontier_.complete ? ", and how many packages give exactly that." : ".";
    page_.push_back(Section{"Points", remark});
    const std::size_t across = std::min(frontier_.leaves.size(), kLeavesAcross);
    const bool counted = frontier_.packages().has_value();
    const bool named = std::any_of(frontier_.found.begin(), frontier_.found.end(),
                                   [](const FrontierPoint& p) { return !p.found_as.empty(); });
    Grid grid;
    grid.columns = {{"point", Align::right, 5}};
    if (counted) grid.columns.push_back({"packages", Align::right, 8});
    for (std::size_t i = 0; i < across; ++i)
      grid.columns.push_back({leaf_head(frontier_.leaves[i]), Align::right, 8});
    if (!frontier_.on_hull.empty()) grid.columns.push_back({"lottery", Align::left, 7});
    if (named) grid.columns.push_back({"found as", Align::left, 10});
    for (const std::size_t p : shown) {
      const FrontierPoint point = frontier_.point(problem_, p);
      Grid::Row row{{{std::to_string(p + 1)}}};
      if (counted) row.cells.push_back({count_text(*point.packages)});
      for (std::size_t i = 0; i < across; ++i) {
        row.cells.push_back(point.margin[i] ? margin_words(point.margin[i])
                                            : Grid::Cell{unit_text(to_double(point.utility[i]))});
      }
      if (!frontier_.on_hull.empty())
        row.cells.push_back({frontier_.on_hull[p] != 0 ? "" : "beats it"});
      if (named) row.cells.push_back({joined_by(point.found_as, ", ")});
      grid.rows.push_back(std::move(row));
    }
    page_.push_back(std::move(grid));
    if (across < frontier_.leaves.size()) {
      say(std::to_string(frontier_.leaves.size() - across) +
          " more parties are in the tables of --format csv and json.");
    }
    if (shown.size() < frontier_.size()) {
      say(count_text(Integer(frontier_.size() - shown.size())) +
          " more points lie between these; --format csv and json list them all.");
    }
  }

  void packages() {
    const std::vector<std::size_t> shown = spread(frontier_.size(), kPackagesShown);
    page_.push_back(Section{"Packages", frontier_.complete && frontier_.found.empty()
                                            ? "The first package of each of these points."
                                            : "A package of each of these points."});
    std::vector<Package> packages;
    Grid grid;
    grid.columns = {{"issue", Align::left, 20}};
    for (const std::size_t p : shown) {
      packages.push_back(frontier_.point(problem_, p).package);
      grid.columns.push_back({std::to_string(p + 1), Align::left, 6});
    }
    std::vector<std::string> same;
    for (std::size_t j = 0; j < scenario_.issues.size(); ++j) {
      const Issue& issue = scenario_.issues[j];
      const std::string title = issue.title.empty() ? issue.id : issue.title;
      const bool differs = std::any_of(packages.begin(), packages.end(), [&](const Package& one) {
        return one.places[j] != packages.front().places[j];
      });
      if (!differs && packages.size() > 1) {
        same.push_back(title + ": " + place_text(issue, packages.front().places[j]));
        continue;
      }
      Grid::Row row{{{title}}};
      for (const Package& package : packages)
        row.cells.push_back({place_words(issue, package.places[j])});
      grid.rows.push_back(std::move(row));
    }
    if (!grid.rows.empty()) page_.push_back(std::move(grid));
    if (!same.empty()) say("The same in all: " + joined_by(same, "; ") + ".");
  }

  const Framed& framed_;
  const Scenario& scenario_;
  const Problem& problem_;
  const Frontier& frontier_;
  Page page_;
};

}  // namespace

Result report(const Framed& framed, const std::function<bool(const std::string&)>& wanted) {
  Table points = make_table("frontier");
  Table packages = make_table("frontier_packages");
  const bool with_points = wanted(points.name);
  const bool with_packages = wanted(packages.name);
  for (std::size_t p = 0; p < framed.frontier.size() && (with_points || with_packages); ++p) {
    const FrontierPoint point = framed.frontier.point(framed.problem, p);
    if (with_points) add_point(points, framed, p, point);
    if (with_packages) add_package(packages, framed, p, point.package);
  }
  return {.command = "frontier",
          .tables = {std::move(points), std::move(packages), summary(framed)},
          .page = wanted("page") ? FrontierWriter(framed).page() : Page{}};
}

}  // namespace zopa
