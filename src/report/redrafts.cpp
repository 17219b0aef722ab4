// SPDX-License-Identifier: MIT
#include <algorithm>

#include "model/answers/redraft.hpp"
#include "src/number_text.hpp"
#include "src/report/demand_words.hpp"
#include "src/report/explanation.hpp"
#include "src/report/words.hpp"

namespace zopa {
namespace {

using Remedies = Remedy::What;

constexpr std::size_t kRemediesShown = 4;  // of one broken demand
constexpr std::size_t kEditsShown = 8;
constexpr std::size_t kStepsShown = 12;

const char* remedy_word(Remedies what) {
  switch (what) {
    case Remedies::end: return "end";
    case Remedies::option: return "option";
    case Remedies::reservation: return "reservation";
    case Remedies::when: return "when";
    case Remedies::require: return "require";
    case Remedies::salience: return "salience";
    case Remedies::worth: return "worth";
    case Remedies::dropped: break;
  }
  return "dropped";
}

// "10 to 25 percent" on the issue's scale.
std::string moved(const Issue& issue, const Remedy& remedy) {
  if (issue.kind != IssueKind::numeric)
    return place_text(issue, *remedy.from) + " to " + place_text(issue, *remedy.to);
  return stated_text(*remedy.from) + " to " + reached_text(*remedy.from, *remedy.to) +
         (issue.unit.empty() ? "" : " " + issue.unit);
}

// "the red line on Rent from 800 to 850 EUR".
std::string remedy_words(const Scenario& scenario, const Demand& demand, const Remedy& remedy) {
  const auto issue = [&]() -> const Issue& { return scenario.issues.at(at(remedy.issue)); };
  const auto number = [&] {
    return " from " + stated_text(*remedy.from) + " to " + reached_text(*remedy.from, *remedy.to);
  };
  const auto linked = [&] {
    const LinkedDemand& asked = scenario.parties.at(at(demand.party)).demands.at(at(demand.index));
    return "“" + (asked.title.empty() ? asked.id : asked.title) + "”";
  };
  switch (remedy.what) {
    case Remedies::end:
      return "the red line on " + title_of(issue()) + " from " + moved(issue(), remedy);
    case Remedies::option:
      return place_text(issue(), *remedy.settlement) + " accepted as well on " + title_of(issue());
    case Remedies::reservation: return "the reservation" + number();
    case Remedies::when:
      return "what sets off " + linked() + " on " + title_of(issue()) + " from " +
             moved(issue(), remedy);
    case Remedies::require:
      return "what " + linked() + " requires on " + title_of(issue()) + " from " +
             moved(issue(), remedy);
    case Remedies::salience: return "the salience of " + title_of(issue()) + number();
    case Remedies::worth:
      return "the worth of " + place_text(issue(), *remedy.settlement) + " on " +
             title_of(issue()) + number();
    case Remedies::dropped: break;
  }
  return bare_demand(scenario, demand) + ": no number mends it, the demand would have to go";
}

std::string broken_words(const Explained& explained, const BrokenDemand& broken) {
  std::vector<std::string> words;
  for (const Remedy& remedy : broken.remedies) {
    if (words.size() == kRemediesShown) break;
    words.push_back(remedy_words(explained.scenario, broken.demand, remedy));
  }
  std::string text = capital(joined_by(words, "; or "));
  if (broken.remedies.size() > kRemediesShown) {
    const std::size_t left = broken.remedies.size() - kRemediesShown;
    text += left == 1 ? "; or another number" : "; or one of " + std::to_string(left) + " others";
  }
  return text + ".";
}

std::string gainers(const Explained& explained, const DraftEdit& edit, bool ids) {
  std::vector<std::string> names;
  for (const DraftEdit::LeafGain& gain : edit.gainers) {
    const Party& party =
        explained.scenario.parties.at(at(explained.problem.leaves.at(at(gain.leaf)).party));
    const std::string name =
        ids ? party.id : leaf_title(explained.scenario, explained.problem, gain.leaf);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return joined_by(names, ids ? " " : ", ");
}

Grid edit_grid(const Explained& explained, const std::vector<DraftEdit>& edits, std::size_t most) {
  const bool mends = std::any_of(edits.begin(), edits.end(),
                                 [](const DraftEdit& edit) { return edit.mended > 0; });
  Grid grid;
  grid.columns = {{"", Align::right, 2},          {"issue", Align::left, 20},
                  {"from", Align::left, 8},       {"to", Align::left, 8},
                  {"who gains", Align::left, 10}, {"depth", Align::right, 7}};
  if (mends) grid.columns.push_back({"demands met", Align::right, 6});
  for (std::size_t k = 0; k < std::min(edits.size(), most); ++k) {
    const DraftEdit& edit = edits[k];
    const Issue& issue = explained.scenario.issues.at(at(edit.issue));
    const bool negative = !edit.depth || *edit.depth < 0;
    Grid::Row row{{{std::to_string(k + 1)},
                   {title_with_unit(issue)},
                   {place_words(issue, edit.from)},
                   {place_words(issue, edit.to)},
                   {gainers(explained, edit, false)},
                   edit.depth
                       ? Grid::Cell{(negative ? "▼ " : "▲ ") + margin_text(to_double(*edit.depth)),
                                    negative ? Tone::bad : Tone::good}
                       : Grid::Cell{"none", Tone::faint}}};
    if (mends) row.cells.push_back({std::to_string(edit.mended)});
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

void add_edits(const Explained& explained, Page& page) {
  const Redraft& found = explained.answer.redraft->answer;
  const auto say = [&](std::string text) {
    page.push_back(Sentence{std::move(text), Tone::plain, 2});
  };
  if (found.edits.empty()) {
    say(found.complete ? "No change of one issue is better for somebody and worse for nobody."
                       : "The search was stopped before a change was found that hurts nobody.");
    return;
  }
  say(std::to_string(found.edits.size()) +
      (found.edits.size() == 1 ? " change of one issue hurts nobody and helps somebody"
                               : " changes of one issue hurt nobody and help somebody") +
      (found.edits.size() > kEditsShown ? "; the best:" : ":"));
  page.push_back(edit_grid(explained, found.edits, kEditsShown));
  if (found.path.size() < 2) return;
  say("One after the other, each the best of its kind, " + std::to_string(found.path.size()) +
      " such changes lead to a text of which none is left" +
      (found.path.size() > kStepsShown ? "; the first " + std::to_string(kStepsShown) : "") + ":");
  page.push_back(edit_grid(explained, found.path, kStepsShown));
}

Cell place_cell(const Issue& issue, const std::optional<Rational>& place) {
  return place ? settlement_cell(issue, *place) : Cell{};
}

}  // namespace

Table remedies_table(const Explained& explained) {
  Table table = make_table("remedies");
  if (!explained.answer.redraft) return table;
  const Scenario& scenario = explained.scenario;
  for (const LeafRefusal& refusal : explained.answer.redraft->answer.refusals) {
    for (const BrokenDemand& broken : refusal.broken) {
      for (const Remedy& remedy : broken.remedies) {
        const bool placed = remedy.what == Remedies::end || remedy.what == Remedies::when ||
                            remedy.what == Remedies::require;
        const Issue* issue = remedy.issue >= 0 ? &scenario.issues.at(at(remedy.issue)) : nullptr;
        Cell from, to, settlement;
        std::string unit;
        if (placed) {
          from = settlement_cell(*issue, *remedy.from);
          to = issue->kind == IssueKind::numeric ? Cell{reached_number(*remedy.from, *remedy.to)}
                                                 : settlement_cell(*issue, *remedy.to);
          unit = issue->kind == IssueKind::numeric ? issue->unit : "steps";
        } else if (remedy.from && remedy.to) {
          from = to_double(*remedy.from);
          to = reached_number(*remedy.from, *remedy.to);
          unit = remedy.what == Remedies::salience ? "" : "utility";
        }
        if (issue != nullptr) settlement = place_cell(*issue, remedy.settlement);
        add_row(table, explained.origin,
                {explained.answer.redraft->package, scenario.parties.at(at(broken.demand.party)).id,
                 text_cell(leaf_path(explained.problem, refusal.leaf)),
                 demand_id(scenario, broken.demand), remedy_word(remedy.what),
                 issue != nullptr ? Cell{issue->id} : Cell{}, settlement, from, to, text_cell(unit),
                 remedy.distance ? Cell{reached_number(0, *remedy.distance)} : Cell{},
                 refusal.one_number_suffices});
      }
    }
  }
  return table;
}

Table redraft_table(const Explained& explained) {
  Table table = make_table("redraft");
  if (!explained.answer.redraft) return table;
  const Redraft& found = explained.answer.redraft->answer;
  const auto add = [&](const std::vector<DraftEdit>& edits, const char* list) {
    std::size_t step = 0;
    for (const DraftEdit& edit : edits) {
      const Issue& issue = explained.scenario.issues.at(at(edit.issue));
      add_row(
          table, explained.origin,
          {explained.answer.redraft->package, list, Integer(++step), issue.id,
           settlement_cell(issue, edit.from), settlement_cell(issue, edit.to),
           number_cell(edit.depth), edit.depth ? Cell{kind_word(found.kind)} : Cell{},
           Integer(edit.mended), to_double(edit.gain), text_cell(gainers(explained, edit, true))});
    }
  };
  add(found.edits, "edit");
  add(found.path, "path");
  return table;
}

void add_redraft(const Explained& explained, Page& page) {
  const Redraft& found = explained.answer.redraft->answer;
  const auto say = [&](std::string text, int indent = 2) {
    page.push_back(Sentence{std::move(text), Tone::plain, indent});
  };
  page.push_back(Section{"The text: " + explained.answer.redraft->title,
                         "What would have to be otherwise for each party that refuses it, one "
                         "number at a time, all else as it is; and the next text."});
  if (!explained.answer.redraft->chosen.empty())
    say("It leaves open, and here is chosen best: " + explained.answer.redraft->chosen + ".");
  if (found.refusals.empty()) say("Nobody who is asked refuses it.");
  for (const LeafRefusal& refusal : found.refusals) {
    const std::string whom = leaf_title(explained.scenario, explained.problem, refusal.leaf);
    const std::size_t count = refusal.broken.size();
    say(whom + (count > 1
                    ? " refuses it; all of these " + std::to_string(count) + " would have to move:"
                : refusal.one_number_suffices ? " refuses it; one number would do:"
                                              : " refuses it:"));
    for (const BrokenDemand& broken : refusal.broken) say(broken_words(explained, broken), 5);
  }
  add_edits(explained, page);
  if (!found.complete) say("The search was stopped before all changes were looked at.");
}

}  // namespace zopa
