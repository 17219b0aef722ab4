// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "src/number_text.hpp"
#include "src/report/demand_words.hpp"
#include "src/report/report.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

constexpr std::size_t kMatrixParties = 8;  // beyond that pairs are listed
constexpr std::size_t kPairsListed = 12;   // the shallowest of them
constexpr std::size_t kMarginColumns = 8;  // parties shown across a grid of drafts
constexpr std::size_t kPartsListed = 3;    // runs of an effective overlap
constexpr int kShortName = 14;             // longer titles give way to ids at the top of columns
constexpr int kLineWidth = 100;

const char* const kNothing = "·";  // in place of a number that is not there

// A margin with a sign that does not need colour.
Grid::Cell margin_cell(const std::optional<Rational>& value) {
  if (!value) return {kNothing, Tone::faint};
  const bool negative = *value < 0;
  return {(negative ? "▼ " : "▲ ") + margin_text(to_double(*value)),
          negative ? Tone::bad : Tone::good};
}

Grid::Cell verdict_cell(const std::optional<bool>& yes) {
  if (!yes) return {"not asked", Tone::faint};
  return *yes ? Grid::Cell{"▲ accepts", Tone::good} : Grid::Cell{"▼ refuses", Tone::bad};
}

class Writer {
 public:
  explicit Writer(const Solved& solved)
      : scenario_(solved.scenario),
        problem_(solved.problem),
        answer_(solved.answer),
        overlap_(solved.answer.overlap),
        origin_(solved.origin) {}

  Page page() {
    head();
    issues();
    parties();
    pairs();
    agreements();
    drafts();
    clashes();
    remarks();
    return std::move(page_);
  }

 private:
  void say(std::string text, int indent = 2, Tone tone = Tone::plain) {
    page_.push_back(Sentence{std::move(text), tone, indent});
  }

  std::string party_title(int party) const { return title_of(scenario_.parties.at(at(party))); }

  std::string leaf_column(int leaf) const {
    const std::string title = leaf_title(scenario_, problem_, leaf);
    if (display_width(title) <= kShortName) return title;
    const std::string path = leaf_path(problem_, leaf);
    const std::string& id = scenario_.parties.at(at(problem_.leaves[at(leaf)].party)).id;
    return path.empty() ? id : id + " " + path;
  }

  // ---- the first lines -------------------------------------------------------------------------

  void head() {
    std::string left = scenario_.title;
    if (!origin_.date.empty()) left += ", as of " + long_date(origin_.date);
    page_.push_back(Headline{left, origin_.scenario});
    if (!origin_.variant.empty()) say("with " + origin_.variant, 0, Tone::faint);
    const Tone tone = zone_exists().value_or(false) ? Tone::good : Tone::bad;
    page_.push_back(Sentence{status_sentence(), tone});
    if (overlap_.nobody_asked) {
      say("Nobody is asked for consent, so every package is accepted and the depth is 1.");
    }
    const std::string who = binding();
    const std::string how_broad = breadth();
    const std::string both = who + (who.empty() || how_broad.empty() ? "" : "    ") + how_broad;
    if (display_width(both) + 2 <= kLineWidth) {
      if (!both.empty()) say(both);
    } else {
      say(who);
      say(how_broad);
    }
    if (overlap_.shares_of_relaxed && overlap_.relaxed_depth) {
      const double relaxed = to_double(*overlap_.relaxed_depth);
      const double depth = to_double(*overlap_.depth.low);
      // As many digits as tell the two apart.
      const bool alike = margin_text(relaxed) == margin_text(depth);
      say("If packages could be mixed by lot the depth would be " +
          (alike ? value_text(relaxed) + " instead of " + value_text(depth)
                 : margin_text(relaxed)) +
          "; the shares are those of that relaxed problem.");
    }
    if (!overlap_.complete) bounded();
  }

  // Whether there is a zone; nothing when a stopped search left it open.
  std::optional<bool> zone_exists() const {
    const Depth& depth = overlap_.depth;
    if (depth.low && *depth.low >= 0) return true;
    if (depth.proof == Proof::exact || (depth.high && *depth.high < 0)) return false;
    return std::nullopt;
  }

  std::string depth_words() const {
    const Depth& depth = overlap_.depth;
    if (depth.proof == Proof::exact) {
      return depth.low ? "depth " + margin_text(to_double(*depth.low)) : "without a depth";
    }
    const std::string most =
        depth.high ? "at most " + margin_text(to_double(*depth.high)) : "not bounded from above";
    return (depth.low ? "depth at least " + margin_text(to_double(*depth.low)) + " and "
                      : std::string("depth ")) +
           most + " (bounded)";
  }

  std::string status_sentence() const {
    const Depth& depth = overlap_.depth;
    const std::optional<bool> zone = zone_exists();
    std::string text = !zone   ? "Not decided whether there is a zone of agreement: "
                       : *zone ? "There is a zone of agreement: "
                               : "No zone of agreement: ";
    if (zone && overlap_.status) text += std::string(status_word(*overlap_.status)) + ", ";
    text += depth_words();
    if (overlap_.status == Status::knife_edge) {
      text += " (within " + unit_text(to_double(overlap_.tau)) + " of zero)";
    }
    if (overlap_.status == Status::impossible) {
      text += " (somebody whose consent is needed accepts no package at all)";
    }
    if (depth.kind == DepthKind::all && depth.low && !(zone && *zone)) {
      text += " (red lines clash; depth with numeric and ordered red lines soft)";
    }
    if (!depth.low && depth.proof == Proof::exact && overlap_.status != Status::impossible) {
      text += " (linked demands or red lines on unordered options clash)";
    }
    return text;
  }

  // Who binds at the deepest package, and who carries which share; in one list where these are the
  // same leaves.
  std::string binding() const {
    std::vector<std::string> binding;
    std::vector<std::string> sharing;
    bool same = true;
    for (int l = 0; l < problem_.n(); ++l) {
      const LeafSummary& leaf = overlap_.leaves.at(at(l));
      const bool shared = leaf.share && *leaf.share > 0;
      const std::string title = leaf_title(scenario_, problem_, l);
      if (leaf.binding) binding.push_back(title);
      if (shared) sharing.push_back(title + " " + share_text(to_double(*leaf.share)));
      same = same && leaf.binding == shared;
    }
    const bool gap = overlap_.depth.low && *overlap_.depth.low < 0;
    const std::string of = gap ? "of the gap" : "of what limits the depth";
    if (same && !binding.empty()) return "binding: " + joined(sharing, ", ") + " " + of;
    std::string text = binding.empty() ? "" : "binding: " + joined(binding, ", ");
    if (!sharing.empty()) {
      text += std::string(text.empty() ? "" : "; ") + "shares " + of + ": " + joined(sharing, ", ");
    }
    return text;
  }

  std::string breadth() const {
    const Breadth& breadth = overlap_.breadth;
    if (breadth.kind == Breadth::Kind::none || !breadth.share) {
      return overlap_.complete ? "breadth not given" : "";
    }
    std::string of = " of the agreement space";
    if (breadth.packages) {
      of = " of " + std::string(breadth.packages_exact ? "" : "about ") +
           count_text(*breadth.packages) + " packages";
    } else if (!breadth.packages_exact && breadth.packages_estimate > 0) {
      of = " of about " + count_text(breadth.packages_estimate) + " packages";
    }
    if (breadth.kind == Breadth::Kind::estimate) {
      return "breadth " + share_text(*breadth.share) + of + " (estimate, 95 % between " +
             share_text(breadth.low) + " and " + share_text(breadth.high) + ")";
    }
    const bool none = breadth.exact_share ? *breadth.exact_share == 0 : *breadth.share == 0;
    if (none && zone_exists().value_or(false)) return "a zone without breadth (exact)";
    if (none) return "breadth 0" + of + " (exact)";
    if (breadth.acceptable) {
      return "breadth " + share_text(*breadth.share) + ", " + count_text(*breadth.acceptable) + of +
             " (exact)";
    }
    return "breadth " + share_text(*breadth.share) + of + " (exact)";
  }

  void bounded() {
    const Depth& depth = overlap_.depth;
    if (depth.proof == Proof::exact) {
      say("The search was stopped before everything below was proven; what is not says so.");
      return;
    }
    std::string text = "The search was stopped. ";
    text += depth.low ? "Best package found: depth " + margin_text(to_double(*depth.low)) + ". "
                      : "No package with a depth was found yet. ";
    if (depth.high) {
      text += "Proven: no package is deeper than " + margin_text(raised(to_double(*depth.high)));
      if (depth.low)
        text += ", a gap of at most " + unit_text(raised(to_double(*depth.high - *depth.low)));
      text += ".";
    }
    say(text);
  }

  // ---- issues ----------------------------------------------------------------------------------

  // The options of an unordered issue that every leaf in scope allows: its limit, else what it
  // accepts, else all.
  std::string common_options(int j) const {
    const Issue& issue = scenario_.issues[at(j)];
    std::vector<std::string> names;
    for (int k = 0; k < issue.settlements(); ++k) {
      const Rational place = issue.place(k);
      const bool common =
          std::all_of(problem_.leaves.begin(), problem_.leaves.end(), [&](const Leaf& leaf) {
            const Position* position = scenario_.parties.at(at(leaf.party)).position(j);
            if (position == nullptr || leaf.in_scope.at(at(j)) == 0) return true;
            if (position->limit) return position->limit->accepts(place);
            return !position->accepts || position->accepts->contains(place);
          });
      if (common) names.push_back(place_words(issue, place));
    }
    return joined_by(names, ", ");
  }

  std::string stated_words(int j) const {
    const IssueOverlap& overlap = overlap_.issues[at(j)];
    if (!overlap.stated || !overlap.stated_span) return "none";
    const Issue& issue = scenario_.issues[at(j)];
    const std::string where = issue.kind == IssueKind::unordered
                                  ? common_options(j)
                                  : span_words(issue, *overlap.stated_span);
    return where + " (" + share_text(*overlap.stated) + ")";
  }

  std::string effective_words(int j) const {
    const IssueOverlap& overlap = overlap_.issues[at(j)];
    if (!overlap.effective || !overlap.effective_span)
      return overlap.bounded ? "not known" : "none";
    const Issue& issue = scenario_.issues[at(j)];
    std::vector<std::string> runs;
    if (issue.kind == IssueKind::unordered) {
      for (const Span& part : overlap.effective_parts) {
        for (Rational place = part.low; place <= part.high; place += 1) {
          runs.push_back(place_words(issue, place));
        }
      }
    } else {
      for (const Span& part : overlap.effective_parts) runs.push_back(span_words(issue, part));
    }
    std::string where = joined_by(runs, ", ");
    if (issue.kind != IssueKind::unordered && (runs.empty() || runs.size() > kPartsListed)) {
      where = span_words(issue, *overlap.effective_span);
      if (runs.size() > 1) where += " with " + std::to_string(runs.size() - 1) + " gaps";
    }
    return where + " (" + share_text(*overlap.effective) + ")" +
           (overlap.bounded ? " at least" : "");
  }

  Grid::Cell blocked_cell(int j) const {
    const IssueOverlap& overlap = overlap_.issues[at(j)];
    std::vector<std::string> names;
    for (const int party : overlap.blocked_by) names.push_back(party_title(party));
    if (overlap.linkage) names.push_back("linkage");
    if (names.empty() && !overlap.stated) names.push_back("no one alone");
    return {joined_by(names, ", "), Tone::plain};
  }

  void issues() {
    const bool near_zone = std::any_of(overlap_.issues.begin(), overlap_.issues.end(),
                                       [](const IssueOverlap& o) { return o.near_zone; });
    const bool linkage = std::any_of(overlap_.issues.begin(), overlap_.issues.end(),
                                     [](const IssueOverlap& o) { return o.linkage; });
    std::string remark =
        "Stated: what all allow, over what any allows. Effective: what extends to a ";
    remark += near_zone ? "package within 0.05 of the depth, because the zone is empty."
                        : "whole package of the zone.";
    if (!overlap_.breadth.marginals.empty())
      remark += " Commonest: the settlement that the most packages of the zone have.";
    page_.push_back(Section{"Issues", remark});
    Grid grid;
    grid.columns = {{"issue", Align::left, 20},
                    {"stated overlap", Align::left, 12},
                    {near_zone ? "near the zone" : "effective overlap", Align::left, 12},
                    {"who blocks", Align::left, 10}};
    if (overlap_.depth.package) grid.columns.push_back({"deepest package", Align::left, 10});
    const bool spread = !overlap_.breadth.marginals.empty();
    if (spread) grid.columns.push_back({"commonest", Align::left, 10});
    for (int j = 0; j < problem_.m(); ++j) {
      const Issue& issue = scenario_.issues[at(j)];
      Grid::Row row;
      row.group = issue.group;
      const std::string stated = stated_words(j);
      const std::string effective = effective_words(j);
      const auto tone = [](const std::string& words) {
        return words == "none" ? Tone::bad : Tone::plain;
      };
      row.cells = {{(issue.group.empty() ? "" : "  ") + title_with_unit(issue)},
                   {stated, tone(stated)},
                   {effective, tone(effective)},
                   blocked_cell(j)};
      if (overlap_.depth.package) {
        row.cells.push_back({place_words(issue, overlap_.depth.package->places.at(at(j)))});
      }
      if (spread) row.cells.push_back(commonest_cell(j));
      grid.rows.push_back(std::move(row));
    }
    page_.push_back(std::move(grid));
    if (linkage) say("linkage: the ranges meet, but trade-offs or linked demands do not.");
  }

  // The settlement that the most packages of the zone have, or those that share this place, with
  // their share of the zone each.
  Grid::Cell commonest_cell(int j) const {
    const auto& shares = overlap_.breadth.marginals.at(at(j));
    if (shares.empty()) return {kNothing, Tone::faint};
    const auto less = [](const Spread& a, const Spread& b) { return a.share < b.share; };
    const auto [least, most] = std::minmax_element(shares.begin(), shares.end(), less);
    constexpr double kAlike = 1e-12;  // shares that differ by less are the same
    if (shares.size() > 1 && most->share - least->share < kAlike)
      return {"evenly spread", Tone::faint};
    std::vector<std::string> first;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      if (most->share - shares[k].share >= kAlike) continue;
      first.push_back(place_words(scenario_.issues[at(j)], problem_.issues[at(j)].pieces[k].from));
    }
    const std::string names = first.size() <= kPartsListed
                                  ? joined_by(first, ", ")
                                  : std::to_string(first.size()) + " settlements";
    const std::string about = most->packages ? "" : "about ";
    return {names + " (" + about + share_text(most->share) + (first.size() > 1 ? " each)" : ")")};
  }

  // ---- parties ---------------------------------------------------------------------------------

  std::string objection(const LeafView& view) const {
    if (!view.asked || view.broken.empty()) return "";
    std::string text = bare_demand(scenario_, view.broken.front());
    if (view.broken.size() > 1) text += " (+" + std::to_string(view.broken.size() - 1) + " more)";
    return text;
  }

  void parties() {
    if (scenario_.parties.empty()) return;
    const bool deepest = overlap_.depth.package.has_value();
    page_.push_back(
        Section{"Parties",
                std::string("Margin: the share of its best hope, 0 at its reservation and 1 at its "
                            "best. ") +
                    "Criticality: how much the depth would rise without the party" +
                    (overlap_.comparison_kind == DepthKind::all ? ", red lines soft." : ".")});
    Grid grid;
    grid.columns = {{"party", Align::left, 14},
                    {"reservation", Align::right},
                    {"best", Align::right},
                    {"criticality", Align::right}};
    if (deepest) {
      grid.columns.insert(grid.columns.begin() + 3, {"margin", Align::right, 7});
      grid.columns.push_back({"at the deepest package", Align::left, 10});
      grid.columns.push_back({"first demand it breaks", Align::left, 16});
    }
    std::vector<std::string> observers;
    for (std::size_t p = 0; p < scenario_.parties.size(); ++p) {
      bool asked = false;
      for (int l = 0; l < problem_.n(); ++l) {
        if (problem_.leaves[at(l)].party != static_cast<int>(p)) continue;
        grid.rows.push_back(party_row(l, deepest, asked));
        asked = true;
      }
      if (!asked) observers.push_back(title_of(scenario_.parties[p]));
    }
    if (!grid.rows.empty()) page_.push_back(std::move(grid));
    if (!observers.empty()) {
      say((observers.size() == 1 ? "Observer, never asked: " : "Observers, never asked: ") +
          joined(observers) + ".");
    }
  }

  Grid::Row party_row(int l, bool deepest, bool again) const {
    const LeafSummary& leaf = overlap_.leaves.at(at(l));
    const int party = problem_.leaves[at(l)].party;
    const auto number = [](const std::optional<Rational>& value) {
      return value ? Grid::Cell{unit_text(to_double(*value))} : Grid::Cell{kNothing, Tone::faint};
    };
    Grid::Row row;
    row.cells = {{leaf_title(scenario_, problem_, l)}, number(leaf.reservation), number(leaf.best)};
    if (deepest) row.cells.push_back(margin_cell(leaf.at_deepest.margin));
    const PartySummary& summary = overlap_.parties.at(at(party));
    Grid::Cell criticality{kNothing, Tone::faint};
    if (summary.criticality && !again) {
      criticality = {margin_text(to_double(*summary.criticality)) +
                     (summary.criticality_bounded ? " or so" : "")};
    }
    row.cells.push_back(criticality);
    if (deepest) {
      Grid::Cell verdict = verdict_cell(accepts(leaf.at_deepest));
      if (leaf.binding) verdict.text += ", binding";
      row.cells.push_back(verdict);
      row.cells.push_back({objection(leaf.at_deepest)});
    }
    return row;
  }

  // ---- pairs -----------------------------------------------------------------------------------

  Grid::Cell pair_cell(const PairDepth& pair) const {
    const std::optional<Rational> depth = value_of(pair.depth);
    if (!depth) {
      return pair.depth.proof == Proof::exact ? Grid::Cell{"▼ none", Tone::bad}
                                              : Grid::Cell{"not known", Tone::faint};
    }
    Grid::Cell cell = margin_cell(depth);
    if (pair.depth.proof == Proof::bounded) cell.text += " at least";
    return cell;
  }

  void pairs() {
    if (overlap_.pairs.empty()) return;
    std::vector<int> asked;
    for (const PairDepth& pair : overlap_.pairs) {
      for (const int party : {pair.party, pair.other}) {
        if (std::find(asked.begin(), asked.end(), party) == asked.end()) asked.push_back(party);
      }
    }
    std::sort(asked.begin(), asked.end());
    std::string remark = "Depth of an agreement between two parties alone";
    remark += overlap_.comparison_kind == DepthKind::all ? ", red lines soft." : ".";
    page_.push_back(Section{"Pairs", remark});
    if (overlap_.every_pair_but_not_all) {
      say("Every pair could agree, the group cannot.", 2, Tone::strong);
    }
    if (asked.size() <= kMatrixParties) {
      pair_matrix(asked);
    } else {
      pair_list();
    }
  }

  void pair_matrix(const std::vector<int>& asked) {
    Grid grid;
    grid.columns = {{"", Align::left, 10}};
    for (const int party : asked) {
      const std::string title = party_title(party);
      grid.columns.push_back(
          {display_width(title) <= kShortName ? title : scenario_.parties[at(party)].id,
           Align::right, 7});
    }
    for (const int party : asked) {
      Grid::Row row;
      row.cells.push_back({party_title(party)});
      for (const int other : asked) {
        const auto it =
            std::find_if(overlap_.pairs.begin(), overlap_.pairs.end(), [&](const PairDepth& pair) {
              return (pair.party == party && pair.other == other) ||
                     (pair.party == other && pair.other == party);
            });
        row.cells.push_back(it == overlap_.pairs.end() ? Grid::Cell{kNothing, Tone::faint}
                                                       : pair_cell(*it));
      }
      grid.rows.push_back(std::move(row));
    }
    page_.push_back(std::move(grid));
  }

  void pair_list() {
    std::vector<PairDepth> shallow;
    for (const PairDepth& pair : overlap_.pairs) {
      const std::optional<Rational> depth = value_of(pair.depth);
      if (!depth || *depth < 0) shallow.push_back(pair);
    }
    std::stable_sort(shallow.begin(), shallow.end(), [](const PairDepth& a, const PairDepth& b) {
      return value_of(a.depth) < value_of(b.depth);  // no depth comes first
    });
    const std::size_t others = overlap_.pairs.size() - shallow.size();
    if (shallow.empty()) {
      say("All " + std::to_string(others) + " pairs could agree.");
      return;
    }
    Grid grid;
    grid.columns = {
        {"party", Align::left, 12}, {"other", Align::left, 12}, {"depth", Align::right}};
    for (std::size_t k = 0; k < std::min(shallow.size(), kPairsListed); ++k) {
      grid.rows.push_back({{{party_title(shallow[k].party)},
                            {party_title(shallow[k].other)},
                            pair_cell(shallow[k])}});
    }
    page_.push_back(std::move(grid));
    std::string rest = others == 0 ? "No other pair could agree."
                                   : "The other " + std::to_string(others) + " pairs could agree.";
    if (shallow.size() > kPairsListed) {
      rest = "Of " + std::to_string(overlap_.pairs.size()) + " pairs, " +
             std::to_string(shallow.size()) + " cannot agree; the " + std::to_string(kPairsListed) +
             " furthest apart are shown.";
    }
    say(rest);
  }

  // ---- agreements ------------------------------------------------------------------------------

  struct Picked {
    std::string label;  // A, B, …
    const Package* package;
  };

  static std::string label_of(std::size_t index) {
    return index < 26 ? std::string(1, static_cast<char>('A' + index))
                      : "P" + std::to_string(index + 1);
  }

  static std::string optima_words(const Agreement& agreement) {
    if (agreement.continuum) return "continuum";
    if (!agreement.optima) return kNothing;
    return (agreement.at_least ? "at least " : "") + count_text(*agreement.optima);
  }

  void agreements() {
    if (answer_.agreements.empty()) return;
    const bool any = std::any_of(answer_.agreements.begin(), answer_.agreements.end(),
                                 [](const Agreement& a) { return a.exists; });
    const std::optional<bool> zone = zone_exists();
    if (!any) {
      page_.push_back(Section{"Agreements", zone && !*zone
                                                ? "The zone is empty, so no rule picks a package."
                                                : "No rule picks a package."});
      if (!zone || *zone) notes();
      return;
    }
    page_.push_back(Section{"Agreements", "What each rule picks from the zone."});
    std::vector<Picked> picked;
    Grid rules;
    rules.columns = {{"rule", Align::left, 18},
                     {"picks", Align::left, 20},
                     {"package", Align::center, 7},
                     {"equally good", Align::right, 8}};
    const std::span<const RuleRow> table = rule_table();
    for (const Agreement& agreement : answer_.agreements) {
      if (!agreement.exists || !agreement.package) continue;
      const auto row = std::find_if(table.begin(), table.end(),
                                    [&](const RuleRow& r) { return agreement.rule == r.name; });
      rules.rows.push_back({{{agreement.rule},
                             {row == table.end() ? "" : row->formula},
                             {label_for(picked, *agreement.package)},
                             {optima_words(agreement)}}});
    }
    if (!rules.rows.empty()) page_.push_back(std::move(rules));
    notes();
    if (overlap_.depth.package && !picked.empty()) {
      const auto same = std::find_if(picked.begin(), picked.end(), [&](const Picked& p) {
        return p.package->places == overlap_.depth.package->places;
      });
      if (same != picked.end()) say(same->label + " is the deepest package.");
    }
    if (!picked.empty()) compare(picked);
  }

  static std::string label_for(std::vector<Picked>& picked, const Package& package) {
    for (const Picked& one : picked) {
      if (one.package->places == package.places) return one.label;
    }
    picked.push_back({label_of(picked.size()), &package});
    return picked.back().label;
  }

  void notes() {
    for (const Agreement& agreement : answer_.agreements) {
      if (!agreement.exists) {
        if (!agreement.note.empty()) say(agreement.rule + ": " + agreement.note);
        continue;
      }
      if (!agreement.package) mixture(agreement);
      std::vector<std::string> remarks;
      if (!agreement.degenerate.empty()) remarks.push_back(agreement.degenerate);
      if (!agreement.note.empty()) remarks.push_back(agreement.note);
      if (agreement.proof == Proof::bounded) {
        remarks.push_back(agreement.gap > 0 ? "bounded: its objective is within " +
                                                  unit_text(raised(agreement.gap)) + " of the best"
                                            : "bounded");
      }
      std::vector<std::string> differs;
      for (std::size_t j = 0; j < agreement.range.size(); ++j) {
        if (!agreement.range[j]) continue;
        const Issue& issue = scenario_.issues.at(j);
        differs.push_back(issue.title + " " + span_words(issue, *agreement.range[j]));
      }
      if (!differs.empty()) {
        remarks.push_back("its equally good packages differ in " + joined_by(differs, ", "));
      }
      if (!remarks.empty()) say(agreement.rule + ": " + joined_by(remarks, "; "));
    }
  }

  void mixture(const Agreement& agreement) {
    if (agreement.mixed_parties.size() != 2) return;
    std::vector<std::string> won[2];
    std::string split;
    for (std::size_t j = 0; j < agreement.first_party_share.size(); ++j) {
      const Rational& share = agreement.first_party_share[j];
      const std::string& title = scenario_.issues.at(j).title;
      if (share == 1) {
        won[0].push_back(title);
      } else if (share == 0) {
        won[1].push_back(title);
      } else {
        split = title + " is split, " + share_text(to_double(share)) + " to " +
                party_title(agreement.mixed_parties[0]);
      }
    }
    std::string text = agreement.rule + " (no package, but a mixture): ";
    for (std::size_t k = 0; k < 2; ++k) {
      text += party_title(agreement.mixed_parties[k]) + " wins " +
              (won[k].empty() ? "nothing" : joined(won[k])) + " (utility " +
              unit_text(to_double(agreement.mixed_utility.at(k))) + ")" + (k == 0 ? "; " : "");
    }
    say(text + (split.empty() ? "" : "; " + split));
  }

  void compare(const std::vector<Picked>& picked) {
    Grid packages;
    packages.columns = {{"issue", Align::left, 20}};
    for (const Picked& one : picked) packages.columns.push_back({one.label, Align::left, 8});
    std::vector<std::string> same;
    for (std::size_t j = 0; j < scenario_.issues.size(); ++j) {
      const Issue& issue = scenario_.issues[j];
      const bool differs = std::any_of(picked.begin(), picked.end(), [&](const Picked& one) {
        return one.package->places[j] != picked.front().package->places[j];
      });
      if (!differs && picked.size() > 1) {
        same.push_back(issue.title + ": " + place_text(issue, picked.front().package->places[j]));
        continue;
      }
      Grid::Row row{{{title_with_unit(issue)}}};
      for (const Picked& one : picked) {
        row.cells.push_back({place_words(issue, one.package->places[j])});
      }
      packages.rows.push_back(std::move(row));
    }
    if (!packages.rows.empty()) page_.push_back(std::move(packages));
    if (!same.empty()) say("The same in all: " + joined_by(same, "; ") + ".");

    Grid margins;
    margins.columns = {{"margin of", Align::left, 14}};
    for (const Picked& one : picked) margins.columns.push_back({one.label, Align::right, 8});
    std::vector<std::vector<LeafView>> views;
    for (const Picked& one : picked) views.push_back(views_of(problem_, *one.package));
    for (int l = 0; l < problem_.n(); ++l) {
      Grid::Row row{{{leaf_title(scenario_, problem_, l)}}};
      for (const std::vector<LeafView>& view : views) {
        const LeafView& leaf = view[at(l)];
        row.cells.push_back(leaf.margin ? margin_cell(leaf.margin) : verdict_cell(accepts(leaf)));
      }
      margins.rows.push_back(std::move(row));
    }
    page_.push_back(std::move(margins));
  }

  // ---- drafts ----------------------------------------------------------------------------------

  void drafts() {
    if (answer_.drafts.empty()) return;
    page_.push_back(
        Section{"Drafts", "The margin of each party, and the first demand the text breaks."});
    std::vector<int> columns;
    for (int l = 0; l < problem_.n(); ++l) {
      if (problem_.leaves[at(l)].has_utility) columns.push_back(l);
    }
    if (columns.size() > kMarginColumns) columns.clear();
    Grid grid;
    grid.columns = {{"draft", Align::left, 16}, {"depth", Align::right, 7}};
    for (const int l : columns) grid.columns.push_back({leaf_column(l), Align::right, 7});
    grid.columns.push_back({"accepted by", Align::left, 10});
    std::vector<std::string> sentences;
    for (const DraftScore& score : answer_.drafts) {
      const Draft& draft = scenario_.drafts.at(at(score.draft));
      const std::string name = draft.title.empty() ? draft.id : draft.title;
      Grid::Row row{{{name}, margin_cell(score.depth)}};
      for (const int l : columns) {
        row.cells.push_back(score.package ? margin_cell(score.leaves.at(at(l)).margin)
                                          : Grid::Cell{kNothing, Tone::faint});
      }
      std::vector<std::string> accepted;
      for (const int party : score.accepted_by) accepted.push_back(party_title(party));
      row.cells.push_back({!score.inside      ? "outside the agreement space"
                           : accepted.empty() ? "nobody"
                                              : joined_by(accepted, ", ")});
      grid.rows.push_back(std::move(row));
      sentences.push_back(draft_sentence(score, name));
    }
    page_.push_back(std::move(grid));
    for (std::string& sentence : sentences) say(std::move(sentence));
  }

  std::string draft_sentence(const DraftScore& score, const std::string& name) const {
    std::string text = name + ": ";
    if (!score.inside) {
      text += "outside the agreement space";
      if (score.broken_rule) {
        const Rule& rule = scenario_.rules.at(at(*score.broken_rule));
        text += ": rule " + (rule.title.empty() ? rule.id : rule.title);
      }
      return text + ".";
    }
    if (score.first_broken) {
      text += party_title(score.first_broken->party) + " refuses it, asking " +
              bare_demand(scenario_, *score.first_broken);
      if (score.first_broken->kind != Demand::Kind::reservation &&
          score.first_broken->kind != Demand::Kind::linked && score.package) {
        const auto j = at(score.first_broken->index);
        text += "; the text has " + place_text(scenario_.issues.at(j), score.package->places.at(j));
      }
    } else {
      text += "breaks nobody's demands";
    }
    if (!score.complete && score.package)
      text += ". It leaves open, and here is chosen best: " + chosen(score);
    return text + ".";
  }

  std::string chosen(const DraftScore& score) const {
    std::vector<std::string> words;
    for (std::size_t j = 0; j < score.chosen.size(); ++j) {
      if (score.chosen[j] == 0) continue;
      words.push_back(scenario_.issues.at(j).title + " " +
                      place_text(scenario_.issues[j], score.package->places.at(j)));
    }
    return joined_by(words, ", ");
  }

  // ---- conflicts -------------------------------------------------------------------------------

  void clashes() {
    if (!answer_.clashes || answer_.clashes->one.empty()) return;
    const Clashes& clashes = *answer_.clashes;
    page_.push_back(Section{"Conflicts"});
    const bool alone = clashes.one.size() == 1;
    say((alone ? "Cannot be met at all: " : "Cannot hold together: ") +
        grouped_words(scenario_, problem_, clashes.demands, clashes.one) + ".");
    say(how_many(clashes));
    say("`zopa explain` names every conflict, and what would open the zone at which price.");
  }

  static std::string how_many(const Clashes& clashes) {
    const auto alone = static_cast<std::size_t>(
        std::count_if(clashes.small.begin(), clashes.small.end(),
                      [](const std::vector<int>& members) { return members.size() == 1; }));
    const std::size_t pairs = clashes.small.size() - alone;
    std::string text;
    if (clashes.small.empty()) {
      text = "Every demand could be met, and every two of them together; it takes " +
             std::to_string(clashes.one.size()) + " to clash";
      if (!clashes.complete) text = "No two demands were found that clash by themselves";
    } else if (alone == 0) {
      text = "Every demand could be met alone; " + std::to_string(pairs) +
             (pairs == 1 ? " pair clashes" : " pairs clash");
    } else {
      text = std::to_string(alone) + (alone == 1 ? " demand" : " demands") +
             " cannot be met at all; of the others " + std::to_string(pairs) +
             (pairs == 1 ? " pair clashes" : " pairs clash");
    }
    if (!clashes.complete) text += " (the search was stopped; there may be more)";
    return text + ".";
  }

  // ---- the last lines --------------------------------------------------------------------------

  void remarks() {
    if (!problem_.rounded) return;
    page_.push_back(Section{"Remark"});
    say("The worths need fractions beyond 126 bits; they were rounded to 1e-9 once, so that exact "
        "means exact for the rounded worths.");
  }

  const Scenario& scenario_;
  const Problem& problem_;
  const Answer& answer_;
  const Overlap& overlap_;
  const Origin& origin_;
  Page page_;
};

}  // namespace

Page solve_page(const Solved& solved) { return Writer(solved).page(); }

Result report(const Solved& solved) {
  return {.command = "solve",
          .tables = {overlap_table(solved), parties_table(solved), issues_table(solved),
                     pairs_table(solved), agreements_table(solved), margins_table(solved),
                     packages_table(solved), drafts_table(solved), marginals_table(solved)},
          .page = solve_page(solved)};
}

}  // namespace zopa
